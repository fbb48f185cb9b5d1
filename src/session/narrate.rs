//! Facts in words.

use crate::aws::elb;
use crate::kubernetes::scheduler::failed_scheduling;
use crate::model::id::{ContainerId, PodId, TargetId, TaskId};
use crate::model::kubernetes::PodPhase;
use crate::model::load_balancing::TargetState;
use crate::model::profile::Ending;
use crate::model::status::{HealthStatus, TaskStatus};
use crate::model::subject::Subject;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::fact::{Fact, What};
use crate::world::names::SHORT;

/// The sentence of a fact.
pub fn sentence(world: &World, fact: &Fact) -> String {
    let pod = |id: PodId| format!("pod {}", world.pod_name(id));
    let pod_container =
        |id: PodId, nth: u8| format!("container {}", world.kubernetes.pods[id].spec.containers[usize::from(nth)].name);
    match fact.what {
        What::Asked { service, operation } => {
            format!("you called {service}.{}", crate::api::snake_case(operation))
        }
        What::TaskCreated(task) => match owner(world, task) {
            Some(service) => format!("service {service} started {}", task_name(world, task)),
            None => format!("{} was started", task_name(world, task)),
        },
        What::TaskMoved(task, status) => format!("{} is {status}", task_name(world, task)),
        What::TaskStopRequested(task) => {
            format!("{} was told to stop: {}", task_name(world, task), stop_text(world, task))
        }
        What::SpotWarning(task) => {
            format!("Fargate Spot takes the capacity of {} back in two minutes", task_name(world, task))
        }
        What::TaskVerdict(task, verdict) => format!("the scheduler takes {} for {verdict}", task_name(world, task)),
        What::ContainerHealth(container, status) => {
            let task = world.ecs.containers[container].task;
            let name = &world.ecs.container_definition(container).name;
            let because = health_text(world, container, status, fact.at);
            format!("container {name} of {} is {status}{because}", task_name(world, task))
        }
        What::ContainerStarted(container) => {
            let task = world.ecs.containers[container].task;
            let name = &world.ecs.container_definition(container).name;
            format!("container {name} of {} started{}", task_name(world, task), order_text(world, container))
        }
        What::ContainerExited { container, ending: Ending::DependencyFailed(awaited), .. } => {
            let code = world.ecs.containers[awaited].exit.map_or(0, |exit| exit.code);
            format!("{}, which exited with code {code}", gave_up(world, container, awaited))
        }
        What::ContainerExited { container, ending: Ending::DependencyTimedOut(awaited), .. } => {
            let timeout = world.ecs.container_definition(awaited).start_timeout.unwrap_or_default();
            format!("{}: its startTimeout of {timeout} s has run out", gave_up(world, container, awaited))
        }
        What::ContainerExited { container, code, ending } => {
            let task = world.ecs.containers[container].task;
            let name = &world.ecs.container_definition(container).name;
            format!("container {name} of {} exited with code {code}{}", task_name(world, task), ending_text(ending))
        }
        What::TargetRegistered(target) => {
            format!("{} was registered with {}", target_name(world, target), group_of(world, target))
        }
        What::TargetMoved(target, state) => {
            let name = target_name(world, target);
            let why = match state {
                TargetState::Unhealthy => elb::health::outcome(world, target, fact.at).err(),
                _ => None,
            };
            let why = why.map(|reason| format!(" ({}: {})", reason.code(), reason.description())).unwrap_or_default();
            format!("{name} is {state} in {}{why}", group_of(world, target))
        }
        What::TargetGone(target) => {
            format!("{} is registered with {} no more", target_name(world, target), group_of(world, target))
        }
        What::FailsOpen(group) => format!(
            "{} has no healthy target: it fails open, and requests go to all that are registered",
            name(world, Subject::TargetGroup(group))
        ),
        What::ListenerCreated(id) | What::ListenerDeleted(id) => {
            let listener = &world.elb.listeners[id];
            let balancer = &world.elb.load_balancers[listener.load_balancer].name;
            match fact.what {
                What::ListenerCreated(_) => format!("load balancer {balancer} listens on port {}", listener.port),
                _ => format!("load balancer {balancer} listens on port {} no more", listener.port),
            }
        }
        What::DeploymentCreated(deployment) => {
            let record = &world.ecs.deployments[deployment];
            format!(
                "service {} has a new deployment {} of {}",
                world.ecs.services[record.service].name,
                world.deployment_name(deployment),
                world.definition_name(record.definition)
            )
        }
        What::DeploymentMoved(deployment, state) => {
            format!("deployment {} is {state}", world.deployment_name(deployment))
        }
        What::ServiceMoved(service, status) => format!("{} is {status}", name(world, Subject::Service(service))),
        What::ClusterMoved(cluster, status) => format!("{} is {status}", name(world, Subject::Cluster(cluster))),
        What::DefinitionMoved(definition, status) => {
            format!("task definition {} is {status}", world.definition_name(definition))
        }
        What::InstanceMoved(instance, status) => {
            format!("{} is {status}", name(world, Subject::Instance(instance)))
        }
        What::ServiceEvent(service, number) => {
            let service = &world.ecs.services[service];
            world.event_text(&service.name, &service.events[number as usize].says)
        }
        What::EksClusterMoved(id, status) => format!("{} is {status}", name(world, Subject::EksCluster(id))),
        What::EksClusterGone(id) => format!("{} is gone", name(world, Subject::EksCluster(id))),
        What::NodegroupMoved(id, status) => format!("{} is {status}", name(world, Subject::Nodegroup(id))),
        What::NodegroupGone(id) => format!("{} is gone", name(world, Subject::Nodegroup(id))),
        What::NodeJoined(id) => format!("{} joined the cluster", name(world, Subject::Node(id))),
        What::NodeLeft(id) => format!("{} left the cluster", name(world, Subject::Node(id))),
        What::NamespaceMoved(id, phase) => {
            format!("{} is {phase}", name(world, Subject::Namespace(id)))
        }
        What::NamespaceGone(id) => format!("{} is gone", name(world, Subject::Namespace(id))),
        What::AccountWritten(id) | What::AccountGone(id) => {
            let became = if matches!(fact.what, What::AccountGone(_)) { "gone" } else { "written" };
            format!("{} is {became}", name(world, Subject::ServiceAccount(id)))
        }
        What::PodCreated(id) => format!("{} was created", pod(id)),
        What::PodInjected(id) => {
            let account = &world.kubernetes.accounts[world.kubernetes.pods[id].account].meta.name;
            format!("the webhook gave {} the role of service account {account}", pod(id))
        }
        What::PodScheduled(id) => {
            let node = world.kubernetes.pods[id].node.map(|node| world.node_name(node)).unwrap_or_default();
            format!("Successfully assigned {} to {node}", world.pod_name(id))
        }
        What::PodUnschedulable(id) => {
            let record = &world.kubernetes.pods[id];
            let why = record.misfit.as_deref().copied().unwrap_or_default();
            format!("{} has no node: {}", pod(id), failed_scheduling(&why, &record.spec.requests_foreign()))
        }
        What::PodMoved(id, phase) => format!("{} is {phase}", pod(id)),
        What::PodContainerStarted(id, nth, 0) => format!("{} of {} started", pod_container(id, nth), pod(id)),
        What::PodContainerStarted(id, nth, times) => {
            format!("{} of {} started again (restart {times})", pod_container(id, nth), pod(id))
        }
        What::PodContainerWaits(id, nth, reason) => {
            format!("{} of {} waits: {reason}", pod_container(id, nth), pod(id))
        }
        What::PodContainerExited { pod: id, container: nth, code, ending } => {
            let how = match ending {
                Ending::OutOfMemory => ": OOMKilled, it used more memory than its limit",
                ending => ending_text(ending),
            };
            format!("{} of {} exited with code {code}{how}", pod_container(id, nth), pod(id))
        }
        What::PodDeleting(id) => format!("{} was told to stop", pod(id)),
        What::PodGone(id) => format!("{} is gone", pod(id)),
        What::PodAssumed(id, session) => format!("{} took on {}", pod(id), world.session_arn(session)),
    }
}

/// Whether a fact is worth showing to somebody who did not ask for facts.
pub fn is_headline(world: &World, fact: &Fact) -> bool {
    match fact.what {
        What::ServiceEvent(..)
        | What::ContainerStarted(_)
        | What::ContainerExited { .. }
        | What::ServiceMoved(..)
        | What::SpotWarning(_)
        | What::EksClusterMoved(..)
        | What::EksClusterGone(_)
        | What::NodegroupMoved(..)
        | What::NodegroupGone(_)
        | What::NamespaceGone(_)
        | What::PodInjected(_)
        | What::PodUnschedulable(_)
        | What::PodContainerWaits(..)
        | What::PodContainerExited { .. }
        | What::PodGone(_)
        | What::FailsOpen(_)
        | What::ContainerHealth(..) => true,
        What::TargetMoved(_, state) => matches!(state, TargetState::Healthy | TargetState::Unhealthy),
        What::TargetRegistered(target) => world.elb.targets[target].service.is_none(),
        What::TaskMoved(_, status) => matches!(status, TaskStatus::Running | TaskStatus::Stopped),
        What::PodMoved(_, phase) => phase != PodPhase::Pending,
        What::TaskCreated(task) => world.ecs.tasks[task].deployment.is_none(),
        What::TaskStopRequested(task) => owner(world, task).is_none(),
        What::TargetGone(_)
        | What::ListenerCreated(_)
        | What::ListenerDeleted(_)
        | What::Asked { .. }
        | What::TaskVerdict(..)
        | What::DeploymentCreated(_)
        | What::DeploymentMoved(..)
        | What::ClusterMoved(..)
        | What::DefinitionMoved(..)
        | What::InstanceMoved(..)
        | What::NodeJoined(_)
        | What::NodeLeft(_)
        | What::NamespaceMoved(..)
        | What::AccountWritten(_)
        | What::AccountGone(_)
        | What::PodCreated(_)
        | What::PodScheduled(_)
        | What::PodContainerStarted(..)
        | What::PodDeleting(_)
        | What::PodAssumed(..) => false,
    }
}

/// What something is called: `pod default/web`.
pub fn name(world: &World, subject: Subject) -> String {
    let kubernetes = &world.kubernetes;
    match subject {
        Subject::Task(id) => task_name(world, id),
        Subject::Service(id) => format!("service {}", world.ecs.services[id].name),
        Subject::Cluster(id) => format!("cluster {}", world.ecs.clusters[id].name),
        Subject::Instance(id) => format!("container instance {}", &world.instance_name(id)[..SHORT]),
        Subject::LoadBalancer(id) => format!("load balancer {}", world.elb.load_balancers[id].name),
        Subject::TargetGroup(id) => format!("target group {}", world.elb.target_groups[id].name),
        Subject::EksCluster(id) => format!("EKS cluster {}", world.eks.clusters[id].name),
        Subject::Nodegroup(id) => format!("node group {}", world.eks.nodegroups[id].name),
        Subject::Node(id) => format!("node {}", world.node_name(id)),
        Subject::Namespace(id) => format!("namespace {}", kubernetes.namespaces[id].meta.name),
        Subject::ServiceAccount(id) => {
            let account = &kubernetes.accounts[id];
            format!("service account {}/{}", kubernetes.namespaces[account.namespace].meta.name, account.meta.name)
        }
        Subject::Pod(id) => format!("pod {}", world.pod_name(id)),
    }
}

/// `task 1a2b3c4d`.
pub fn task_name(world: &World, task: TaskId) -> String {
    format!("task {}", &world.task_name(task)[..SHORT])
}

/// `target 172.31.0.4:80 (task 1a2b3c4d)`.
fn target_name(world: &World, id: TargetId) -> String {
    let target = &world.elb.targets[id];
    let name = format!("target {}:{}", world.target_name(target.place), target.port);
    match target.behind {
        Some((task, _)) => format!("{name} ({})", task_name(world, task)),
        None => name,
    }
}

/// `target group web`.
fn group_of(world: &World, id: TargetId) -> String {
    name(world, Subject::TargetGroup(world.elb.targets[id].group))
}

/// The service that a task belongs to.
pub fn owner(world: &World, task: TaskId) -> Option<&str> {
    let deployment = world.ecs.tasks[task].deployment?;
    Some(&world.ecs.services[world.ecs.deployments[deployment].service].name)
}

/// Stop code and reason in one.
pub fn stop_text(world: &World, task: TaskId) -> String {
    match &world.ecs.tasks[task].stop {
        Some(stop) => format!("{} ({})", stop.code, world.stopped_reason(&stop.reason)),
        None => "no reason yet".to_owned(),
    }
}

/// Which check turned a container's health, and at which age, in seconds as the settings are.
fn health_text(world: &World, container: ContainerId, status: HealthStatus, at: Moment) -> String {
    let check = &world.ecs.container_definition(container).health_check;
    let (Some(check), Some(started)) = (check, world.ecs.containers[container].started_at) else {
        return String::new();
    };
    let age = at.since(started).0 / 1000;
    match (status, check.retries) {
        (HealthStatus::Healthy, _) => format!(": the check {age} s after its start has passed"),
        (HealthStatus::Unhealthy, 1) => format!(": the check {age} s after its start has failed"),
        (HealthStatus::Unhealthy, retries) => {
            format!(": {retries} checks in a row have failed, the last one {age} s after its start")
        }
        (HealthStatus::Unknown, _) => String::new(),
    }
}

/// `, after migrate COMPLETE and db HEALTHY`: what a container has waited for.
fn order_text(world: &World, container: ContainerId) -> String {
    let awaited = &world.ecs.container_definition(container).depends_on;
    let awaited: Vec<String> =
        awaited.iter().map(|wait| format!("{} {}", wait.container_name, wait.condition)).collect();
    if awaited.is_empty() { String::new() } else { format!(", after {}", awaited.join(" and ")) }
}

/// `container app of task 1a2b3c4d gave up waiting for migrate`.
fn gave_up(world: &World, container: ContainerId, awaited: ContainerId) -> String {
    let name = |id| &world.ecs.container_definition(id).name;
    let task = task_name(world, world.ecs.containers[container].task);
    format!("container {} of {task} gave up waiting for {}", name(container), name(awaited))
}

fn ending_text(ending: Ending) -> &'static str {
    match ending {
        Ending::ByItself => "",
        Ending::Sigterm => " after SIGTERM",
        Ending::Sigkill => ": SIGKILL, because it had not left within its stop timeout",
        Ending::OutOfMemory => ": OutOfMemoryError, killed due to memory usage",
        Ending::Crash => ": a fault made it crash",
        Ending::DependencyFailed(_) | Ending::DependencyTimedOut(_) => ": it never started",
    }
}
