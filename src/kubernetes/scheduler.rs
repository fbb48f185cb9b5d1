//! Which node takes a pod: one with room, the one with the fewest pods first.
//!
//! Room is the number of pods that an instance type has addresses for; requests for CPU and memory are not modelled,
//! and where they are given a notice says so. [semantics/eks.md 4.2, 5.6]

use crate::kubernetes::kubelet;
use crate::model::id::{EksClusterId, NodeId, PodId};
use crate::world::World;
use crate::world::timer::Due;

/// Pods that every node has already: aws-node and kube-proxy. [semantics/eks.md 5.6]
const DAEMONS: usize = 2;

/// The instance types that longshore knows, with the most pods that a node of it takes. [semantics/eks.md 5.6]
const MAX_PODS: &[(&str, usize)] = &[
    ("t3.nano", 4),
    ("t3.micro", 4),
    ("t3.small", 11),
    ("t3.medium", 17),
    ("t3.large", 35),
    ("t3.xlarge", 58),
    ("t3.2xlarge", 58),
    ("t4g.medium", 17),
    ("m5.large", 29),
    ("m5.xlarge", 58),
    ("m5.2xlarge", 58),
    ("m5.4xlarge", 234),
    ("m6i.large", 29),
    ("m6i.xlarge", 58),
    ("m7i.large", 29),
    ("m7g.medium", 8),
    ("m7g.large", 29),
    ("c5.large", 29),
    ("c5.xlarge", 58),
    ("c5.2xlarge", 58),
    ("r5.large", 29),
    ("r5.xlarge", 58),
];

/// The instance types that longshore knows.
pub fn instance_types() -> impl Iterator<Item = &'static str> {
    MAX_PODS.iter().map(|(name, _)| *name)
}

/// The most pods that a node of this instance type takes.
pub fn max_pods(instance_type: &str) -> usize {
    MAX_PODS.iter().find(|(name, _)| *name == instance_type).map_or(110, |(_, most)| *most)
}

/// Finds a node for a pod that has none.
pub fn look(world: &mut World, pod: PodId) {
    let record = &world.kubernetes.pods[pod];
    if record.gone || record.node.is_some() || record.deletion.is_some() {
        return;
    }
    let cause = record.meta.last_fact;
    match place(world, world.kubernetes.cluster_of(pod)) {
        Some(node) => {
            world.bind_pod(pod, node, cause);
            kubelet::take(world, pod);
        }
        None => world.leave_unscheduled(pod, cause),
    }
}

/// The node that the next pod goes to, if one has room.
pub fn place(world: &World, cluster: EksClusterId) -> Option<NodeId> {
    let plane = world.kubernetes.control_planes.get(&cluster)?;
    let with_room = plane.nodes.iter().copied().filter(|&node| has_room(world, node));
    with_room.min_by_key(|&node| (world.kubernetes.nodes[node].pods.len(), node))
}

fn has_room(world: &World, node: NodeId) -> bool {
    let record = &world.kubernetes.nodes[node];
    let group = &world.eks.nodegroups[record.nodegroup];
    let leaving = group.status == crate::model::eks::NodegroupStatus::Deleting;
    !leaving && record.pods.len() + DAEMONS < max_pods(&group.instance_type)
}

/// There is room again: every pod that waits for some is looked at.
pub fn retry(world: &mut World, cluster: EksClusterId) {
    let Some(plane) = world.kubernetes.control_planes.get(&cluster) else { return };
    let waiting: Vec<PodId> = plane.unscheduled.iter().copied().collect();
    for pod in waiting {
        world.agenda.put(Due::SchedulePod(pod));
    }
}

/// What the scheduler says of a pod that it has no node for. [semantics/eks.md 4.3]
pub fn complaint(world: &World, cluster: EksClusterId) -> String {
    let nodes = world.kubernetes.control_planes.get(&cluster).map_or(0, |plane| plane.nodes.len());
    match nodes {
        0 => "no nodes available to schedule pods".to_owned(),
        n => format!(
            "0/{n} nodes are available: {n} Too many pods. preemption: 0/{n} nodes are available: {n} No preemption \
             victims found for incoming pod."
        ),
    }
}
