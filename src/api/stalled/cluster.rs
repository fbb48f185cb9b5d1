//! Clusters and node groups of EKS that are on their way or have no nodes; target groups that nobody can reach.

use super::Stall;
use crate::aws::eks::NODE_SERVICE;
use crate::aws::iam::{authorize, mend};
use crate::model::eks::{EksClusterStatus, NodegroupStatus};
use crate::model::id::{EksClusterId, NodegroupId, TargetGroupId};
use crate::model::instance_type::InstanceType;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::names::ACCOUNT;

/// Why pods would not run in a cluster.
pub(super) fn stall(world: &World, id: EksClusterId) -> Option<Stall> {
    let cluster = &world.eks.clusters[id];
    match cluster.status {
        EksClusterStatus::Creating => {
            let due = cluster.created_at + world.tuning.eks_cluster_create;
            Some(Stall::new(format!("a control plane takes its time: it is ACTIVE at {due}"), wait(world, due)))
        }
        EksClusterStatus::Active => no_nodes(world, id),
        EksClusterStatus::Deleting => None,
    }
}

/// What a node group waits for.
pub(super) fn of_nodegroup(world: &World, id: NodegroupId) -> Option<Stall> {
    let group = &world.eks.nodegroups[id];
    let due = group.created_at + world.tuning.nodegroup_create;
    let on_its_way = group.status == NodegroupStatus::Creating;
    on_its_way.then(|| Stall::new(format!("its instances start and join the cluster until {due}"), wait(world, due)))
}

/// What a cluster without nodes needs.
pub(super) fn no_nodes(world: &World, id: EksClusterId) -> Option<Stall> {
    let cluster = &world.eks.clusters[id];
    let there = world.kubernetes.control_planes.get(&id).is_some_and(|plane| !plane.nodes.is_empty());
    if there {
        return None;
    }
    let coming = cluster.nodegroups.values().find(|&&id| world.eks.nodegroups[id].status == NodegroupStatus::Creating);
    if let Some(&group) = coming {
        let record = &world.eks.nodegroups[group];
        let due = record.created_at + world.tuning.nodegroup_create;
        let because = format!("node group {} is CREATING: its nodes are there at {due}", record.name);
        return Some(Stall::new(because, wait(world, due)));
    }
    Some(Stall::new(
        format!("cluster {} has no nodes, and pods run on nodes: node groups bring them", cluster.name),
        more_nodes(world, id, None),
    ))
}

/// How a cluster gets more nodes, of the usual instance type or of another, as it can be typed.
pub(super) fn more_nodes(world: &World, id: EksClusterId, kind: Option<&InstanceType>) -> String {
    let cluster = &world.eks.clusters[id];
    let names = ["main".to_owned()].into_iter().chain((2..).map(|n| format!("main-{n}")));
    let name = names.into_iter().find(|name| !cluster.nodegroups.contains_key(name.as_str())).unwrap_or_default();
    let trusting = world
        .iam
        .role_by_name
        .values()
        .find(|&&role| authorize::trusts_service(world, role, NODE_SERVICE).is_allowed());
    let (first, role) = match trusting {
        Some(&role) => (String::new(), world.iam.roles[role].arn()),
        None => (
            format!("{}; ", mend::creation("node", "/", Some(NODE_SERVICE))),
            format!("arn:aws:iam::{ACCOUNT}:role/node"),
        ),
    };
    format!(
        "{first}eks.create_nodegroup(#{{ clusterName: \"{}\", nodegroupName: \"{name}\", nodeRole: \"{role}\", subnets: \
         ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId){} }}); settle()",
        cluster.name,
        kind.map(|kind| format!(", instanceTypes: [\"{}\"]", kind.name)).unwrap_or_default()
    )
}

/// Why nobody gets an answer from a target group.
pub(super) fn of_target_group(world: &World, id: TargetGroupId) -> Option<Stall> {
    let group = &world.elb.target_groups[id];
    if !world.elb.group_exists(id) {
        return None;
    }
    if group.listeners.is_empty() {
        return Some(Stall::new(
            "no listener leads to it: its targets are `unused`, and nobody checks them",
            "lead one to it: elbv2.create_listener(#{ … DefaultActions: [#{ Type: \"forward\", TargetGroupArn: … }] })",
        ));
    }
    if group.targets.is_empty() {
        return Some(Stall::new(
            "no target is registered with it",
            "name it in a service's loadBalancers, or register one: elbv2.register_targets(#{ … })",
        ));
    }
    group.fails_open().then(|| {
        Stall::new(
            "all of its targets are unhealthy, so requests go to them all the same",
            "see what fails: elbv2.describe_target_health(#{ TargetGroupArn: … }).TargetHealthDescriptions; advise(service) \
             reckons the settings that a slow start needs",
        )
    })
}

/// As long as it takes, as it can be typed.
pub(super) fn wait(world: &World, due: Moment) -> String {
    format!("wait for it: wait(\"{}\")", due.since(world.now))
}
