//! How clusters and node groups of Amazon EKS come and go. A cluster has a Kubernetes API from the moment it is ACTIVE;
//! the nodes of a group have joined when the group is. [semantics/eks.md 5.1, 5.3]

use crate::kubernetes::{kubelet, namespaces};
use crate::model::eks::{EksClusterStatus, NodegroupStatus};
use crate::model::id::{EksClusterId, FactId, NodegroupId};
use crate::model::instance_type;
use crate::world::World;
use crate::world::eks::{Cluster, Nodegroup};
use crate::world::kubernetes::Node;
use crate::world::kubernetes::room::Standing;
use crate::world::timer::Timer;

/// Who assumes the role of a cluster. [semantics/eks.md 6.5]
pub const CLUSTER_SERVICE: &str = "eks.amazonaws.com";
/// Who assumes the role of a node group's nodes. [semantics/eks.md 6.5]
pub const NODE_SERVICE: &str = "ec2.amazonaws.com";

/// Creates a cluster and sets it on its way.
pub fn create_cluster(world: &mut World, cluster: Cluster, cause: FactId) -> EksClusterId {
    let id = world.add_eks_cluster(cluster, cause);
    world.set_timer(world.tuning.eks_cluster_create, Timer::EksCluster(id));
    id
}

/// Deletes a cluster, which has no node groups.
pub fn delete_cluster(world: &mut World, id: EksClusterId, cause: FactId) {
    world.move_eks_cluster(id, EksClusterStatus::Deleting, cause);
    world.set_timer(world.tuning.eks_cluster_delete, Timer::EksCluster(id));
}

/// A cluster has been made, or is gone.
pub fn advance_cluster(world: &mut World, id: EksClusterId) {
    let cause = world.eks.clusters[id].last_fact;
    match world.eks.clusters[id].status {
        EksClusterStatus::Creating => {
            let fact = world.move_eks_cluster(id, EksClusterStatus::Active, cause);
            world.open_control_plane(id);
            namespaces::begin(world, id, fact);
        }
        EksClusterStatus::Deleting => {
            world.close_control_plane(id);
            world.remove_eks_cluster(id);
        }
        EksClusterStatus::Active => {}
    }
}

/// Creates a node group and sets it on its way.
pub fn create_nodegroup(world: &mut World, group: Nodegroup, cause: FactId) -> NodegroupId {
    let id = world.add_nodegroup(group, cause);
    world.set_timer(world.tuning.nodegroup_create, Timer::Nodegroup(id, NodegroupStatus::Creating));
    id
}

/// Deletes a node group: its nodes are drained, then terminated.
pub fn delete_nodegroup(world: &mut World, id: NodegroupId, cause: FactId) {
    let fact = world.move_nodegroup(id, NodegroupStatus::Deleting, cause);
    for node in world.eks.nodegroups[id].nodes.clone() {
        world.cordon_node(node);
        let pods: Vec<_> = world.kubernetes.nodes[node].pods.iter().copied().collect();
        for pod in pods {
            kubelet::delete(world, pod, None, fact);
        }
    }
    world.set_timer(world.tuning.nodegroup_delete, Timer::Nodegroup(id, NodegroupStatus::Deleting));
}

/// The nodes of a group have joined, or are gone.
pub fn advance_nodegroup(world: &mut World, id: NodegroupId, from: NodegroupStatus) {
    let group = &world.eks.nodegroups[id];
    if group.status != from {
        return;
    }
    let cause = group.last_fact;
    match from {
        NodegroupStatus::Creating => {
            let fact = world.move_nodegroup(id, NodegroupStatus::Active, cause);
            join(world, id, fact);
        }
        NodegroupStatus::Deleting => {
            for node in world.eks.nodegroups[id].nodes.clone() {
                kubelet::lose(world, node);
                world.remove_node(node, cause);
            }
            world.remove_nodegroup(id);
        }
        NodegroupStatus::Active => {}
    }
}

/// As many nodes as the group wants, its subnets in turn.
fn join(world: &mut World, id: NodegroupId, cause: FactId) {
    let group = &world.eks.nodegroups[id];
    let (cluster, subnets) = (group.cluster, group.subnets.clone());
    let kind = instance_type::named(&group.instance_type).expect("a node group has an instance type that there is");
    for nth in 0..group.scaling.desired as usize {
        let node = Node {
            cluster,
            nodegroup: id,
            subnet: subnets[nth % subnets.len()],
            created_at: world.now,
            gone: false,
            cordoned: false,
            standing: Standing::new(kind),
            pods: Default::default(),
            images: Default::default(),
            last_fact: cause,
        };
        world.add_node(node, cause);
    }
}
