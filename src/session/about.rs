//! What a fact is about: the thing itself, and whatever that belongs to. `facts`, `timeline` and `why` read it here.

use std::iter::successors;

use crate::model::id::TaskId;
use crate::model::subject::Subject;
use crate::world::World;
use crate::world::fact::What;

/// Everything that a fact is about: what it happened to, then what that belongs to.
pub(super) fn subjects(world: &World, what: What) -> impl Iterator<Item = Subject> {
    let (first, second) = itself(world, what);
    let chain = move |subject| successors(Some(subject), move |&subject| belongs_to(world, subject));
    first.into_iter().chain(second).flat_map(chain)
}

/// What a fact happened to; some happen between two things.
pub(super) fn itself(world: &World, what: What) -> (Option<Subject>, Option<Subject>) {
    let one = |subject| (Some(subject), None);
    match what {
        What::Asked { .. } | What::DefinitionMoved(..) => (None, None),
        What::TaskCreated(id)
        | What::TaskMoved(id, _)
        | What::TaskStopRequested(id)
        | What::SpotWarning(id)
        | What::TaskVerdict(id, _) => one(Subject::Task(id)),
        What::ContainerHealth(container, _)
        | What::ContainerStarted(container)
        | What::ContainerExited { container, .. } => one(Subject::Task(world.ecs.containers[container].task)),
        What::TargetRegistered(id) | What::TargetMoved(id, _) | What::TargetGone(id) => {
            let target = &world.elb.targets[id];
            let task = target.behind.map(|(task, _)| Subject::Task(task));
            (task, Some(Subject::TargetGroup(target.group)))
        }
        What::FailsOpen(id) => one(Subject::TargetGroup(id)),
        What::ListenerCreated(id) | What::ListenerDeleted(id) => {
            one(Subject::LoadBalancer(world.elb.listeners[id].load_balancer))
        }
        What::DeploymentCreated(id) | What::DeploymentMoved(id, _) => {
            one(Subject::Service(world.ecs.deployments[id].service))
        }
        What::ServiceMoved(id, _) | What::ServiceEvent(id, _) => one(Subject::Service(id)),
        What::ClusterMoved(id, _) => one(Subject::Cluster(id)),
        What::InstanceMoved(id, _) => one(Subject::Instance(id)),
        What::EksClusterMoved(id, _) | What::EksClusterGone(id) => one(Subject::EksCluster(id)),
        What::NodegroupMoved(id, _) | What::NodegroupGone(id) => one(Subject::Nodegroup(id)),
        What::NodeJoined(id) | What::NodeLeft(id) => one(Subject::Node(id)),
        What::NamespaceMoved(id, _) | What::NamespaceGone(id) => one(Subject::Namespace(id)),
        What::AccountWritten(id) | What::AccountGone(id) => one(Subject::ServiceAccount(id)),
        What::PodInjected(id) | What::PodAssumed(id, _) => {
            (Some(Subject::Pod(id)), Some(Subject::ServiceAccount(world.kubernetes.pods[id].account)))
        }
        What::PodScheduled(id) => (Some(Subject::Pod(id)), world.kubernetes.pods[id].node.map(Subject::Node)),
        What::PodCreated(id)
        | What::PodUnschedulable(id)
        | What::PodMoved(id, _)
        | What::PodContainerStarted(id, ..)
        | What::PodContainerWaits(id, ..)
        | What::PodContainerExited { pod: id, .. }
        | What::PodDeleting(id)
        | What::PodGone(id) => one(Subject::Pod(id)),
    }
}

/// What a thing is a part of.
pub(super) fn belongs_to(world: &World, subject: Subject) -> Option<Subject> {
    match subject {
        Subject::Task(id) => {
            let task = &world.ecs.tasks[id];
            let service = task.deployment.map(|id| Subject::Service(world.ecs.deployments[id].service));
            service.or(Some(Subject::Cluster(task.cluster)))
        }
        Subject::Service(id) => Some(Subject::Cluster(world.ecs.services[id].cluster)),
        Subject::Instance(id) => Some(Subject::Cluster(world.ecs.instances[id].cluster)),
        Subject::Nodegroup(id) => Some(Subject::EksCluster(world.eks.nodegroups[id].cluster)),
        Subject::Node(id) => Some(Subject::Nodegroup(world.kubernetes.nodes[id].nodegroup)),
        Subject::Namespace(id) => Some(Subject::EksCluster(world.kubernetes.namespaces[id].cluster)),
        Subject::ServiceAccount(id) => Some(Subject::Namespace(world.kubernetes.accounts[id].namespace)),
        Subject::Pod(id) => Some(Subject::Namespace(world.kubernetes.pods[id].namespace)),
        Subject::Cluster(_) | Subject::LoadBalancer(_) | Subject::TargetGroup(_) | Subject::EksCluster(_) => None,
    }
}

/// Whether a thing is another one, or a part of it.
pub(super) fn is_part_of(world: &World, part: Subject, whole: Subject) -> bool {
    successors(Some(part), |&subject| belongs_to(world, subject)).any(|subject| subject == whole)
}

/// The task that a fact happened to.
pub(super) fn task_of(world: &World, what: What) -> Option<TaskId> {
    match itself(world, what).0 {
        Some(Subject::Task(task)) => Some(task),
        _ => None,
    }
}
