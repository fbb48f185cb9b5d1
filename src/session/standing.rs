//! How things stand: a sentence about each, with which an answer to `why` begins, and the word for its state.

use crate::kubernetes::webhook;
use crate::model::id::ServiceId;
use crate::model::status::{ClusterStatus, InstanceStatus, ServiceStatus, TaskStatus};
use crate::model::subject::Subject;
use crate::session::narrate;
use crate::world::World;
use crate::world::ecs::Deployment;

/// How something stands, in a sentence.
pub fn sentence(world: &World, subject: Subject) -> String {
    let name = narrate::name(world, subject);
    match subject {
        Subject::Task(id) => {
            let of = narrate::owner(world, id).map(|name| format!(" of service {name}")).unwrap_or_default();
            let task = &world.ecs.tasks[id];
            let stop = task.stop.as_ref().map(|_| format!(": {}", narrate::stop_text(world, id))).unwrap_or_default();
            format!("{name}{of} is {}{stop}", task.last_status)
        }
        Subject::Service(id) => service(world, id),
        Subject::Cluster(id) => {
            let cluster = &world.ecs.clusters[id];
            let (running, pending) = (cluster.running, cluster.pending);
            format!("{name} is {}: tasks running: {running}, starting: {pending}", cluster.status)
        }
        Subject::Instance(id) => {
            let instance = &world.ecs.instances[id];
            let (cpu, memory) = (instance.remaining.cpu, instance.remaining.memory);
            format!(
                "{name} is {}: tasks: {}, left: {cpu} CPU units and {memory} MiB",
                instance.status,
                instance.tasks.len()
            )
        }
        Subject::LoadBalancer(id) => {
            let ports: Vec<String> = world.elb.load_balancers[id].listeners.keys().map(u16::to_string).collect();
            match ports.as_slice() {
                [] => format!("{name} has no listener"),
                ports => format!("{name} listens on port {}", ports.join(", ")),
            }
        }
        Subject::TargetGroup(id) => {
            let group = &world.elb.target_groups[id];
            let (all, healthy, unhealthy) = (group.targets.len(), group.healthy, group.unhealthy);
            format!("{name} has targets: {all}, healthy: {healthy}, unhealthy: {unhealthy}")
        }
        Subject::EksCluster(_) | Subject::Nodegroup(_) | Subject::Namespace(_) | Subject::Pod(_) => {
            format!("{name} is {}", state(world, subject))
        }
        Subject::Node(id) => {
            let node = &world.kubernetes.nodes[id];
            let group = &world.eks.nodegroups[node.nodegroup].name;
            let gone = if node.gone { " has left" } else { "" };
            format!("{name} of node group {group}{gone}: pods: {}", node.pods.len())
        }
        Subject::ServiceAccount(id) => {
            let account = &world.kubernetes.accounts[id];
            match account.meta.annotations.get(webhook::ROLE_ARN) {
                Some(role) => format!("{name} gives new pods the role {role}"),
                None => format!("{name} gives pods no role: it has no annotation {}", webhook::ROLE_ARN),
            }
        }
    }
}

/// The state of something that has one, in AWS's or Kubernetes's word.
pub fn state(world: &World, subject: Subject) -> String {
    let gone = || "gone".to_owned();
    match subject {
        _ if !exists(world, subject) && !matches!(subject, Subject::Task(_)) => gone(),
        Subject::Task(id) => world.ecs.tasks[id].last_status.to_string(),
        Subject::Service(id) => world.ecs.services[id].status.to_string(),
        Subject::Cluster(id) => world.ecs.clusters[id].status.to_string(),
        Subject::Instance(id) => world.ecs.instances[id].status.to_string(),
        Subject::EksCluster(id) => world.eks.clusters[id].status.to_string(),
        Subject::Nodegroup(id) => world.eks.nodegroups[id].status.to_string(),
        Subject::Namespace(id) => world.kubernetes.namespaces[id].phase.to_string(),
        Subject::Pod(id) => match world.kubernetes.pods[id].deletion {
            Some(_) => "Terminating".to_owned(),
            None => world.kubernetes.pods[id].phase.to_string(),
        },
        Subject::LoadBalancer(_) | Subject::TargetGroup(_) | Subject::Node(_) | Subject::ServiceAccount(_) => {
            "there".to_owned()
        }
    }
}

/// Whether something is still there, and not only remembered.
pub fn exists(world: &World, subject: Subject) -> bool {
    let (ecs, elb, eks, kubernetes) = (&world.ecs, &world.elb, &world.eks, &world.kubernetes);
    match subject {
        Subject::Task(id) => ecs.tasks[id].last_status != TaskStatus::Stopped,
        Subject::Service(id) => ecs.services[id].status != ServiceStatus::Inactive,
        Subject::Cluster(id) => ecs.clusters[id].status == ClusterStatus::Active,
        Subject::Instance(id) => ecs.instances[id].status != InstanceStatus::Inactive,
        Subject::LoadBalancer(id) => elb.load_balancer_by_name.get(&elb.load_balancers[id].name) == Some(&id),
        Subject::TargetGroup(id) => elb.group_exists(id),
        Subject::EksCluster(id) => eks.cluster(&eks.clusters[id].name) == Some(id),
        Subject::Nodegroup(id) => {
            let group = &eks.nodegroups[id];
            eks.clusters[group.cluster].nodegroups.get(&group.name) == Some(&id)
        }
        Subject::Node(id) => !kubernetes.nodes[id].gone,
        Subject::Namespace(id) => {
            let namespace = &kubernetes.namespaces[id];
            kubernetes.namespace(namespace.cluster, &namespace.meta.name) == Some(id)
        }
        Subject::ServiceAccount(id) => {
            let account = &kubernetes.accounts[id];
            exists(world, Subject::Namespace(account.namespace))
                && kubernetes.account(account.namespace, &account.meta.name) == Some(id)
        }
        Subject::Pod(id) => !kubernetes.pods[id].gone,
    }
}

fn service(world: &World, id: ServiceId) -> String {
    let service = &world.ecs.services[id];
    let count = |of: fn(&Deployment) -> u32| -> u32 {
        service.deployments.iter().map(|&d| of(&world.ecs.deployments[d])).sum()
    };
    let mut sentence = format!(
        "service {} is {}: it wants {} tasks, {} are running ({} of them count as healthy), {} are starting, {} are stopping",
        service.name,
        service.status,
        service.desired,
        count(|d| d.running),
        count(|d| d.healthy),
        count(|d| d.starting),
        count(|d| d.stopping)
    );
    match (service.steady_since, service.pass.map(|(at, _)| at)) {
        (Some(since), _) => sentence.push_str(&format!("; steady since {since}")),
        (None, Some(at)) => sentence.push_str(&format!("; the scheduler gets to it at {at}")),
        (None, None) => {}
    }
    if let Some(complaint) = service.complaint {
        sentence.push_str(&format!("; blocked: {}", world.event_text(&service.name, &complaint.says())));
    }
    sentence
}
