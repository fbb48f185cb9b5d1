//! Load balancers, listeners and target groups.

use super::Known;
use crate::model::id::{LoadBalancerId, TargetGroupId};
use crate::world::World;

fn about_balancer(world: &World, id: LoadBalancerId) -> String {
    let balancer = &world.elb.load_balancers[id];
    let ports: Vec<String> = balancer.listeners.keys().map(u16::to_string).collect();
    let ports = if ports.is_empty() { "no listener".to_owned() } else { format!("port {}", ports.join(", ")) };
    format!("{} load balancer {}, {ports}", balancer.kind, balancer.name)
}

fn about_group(world: &World, id: TargetGroupId) -> String {
    let group = &world.elb.target_groups[id];
    format!(
        "target group {}: {} {}, {} of {} healthy",
        group.name,
        group.protocol,
        group.port,
        group.healthy,
        group.targets.len()
    )
}

/// Load balancers by name.
pub(super) fn load_balancer_names(world: &World) -> impl Iterator<Item = Known> {
    world.elb.load_balancer_by_name.iter().map(|(name, &id)| Known::new(&**name, about_balancer(world, id)))
}

/// Load balancers by ARN.
pub(super) fn load_balancers(world: &World) -> impl Iterator<Item = Known> {
    let ids = world.elb.load_balancer_by_name.values();
    ids.map(|&id| Known::new(world.load_balancer_arn(id), about_balancer(world, id)))
}

/// Listeners by ARN, by load balancer and port.
pub(super) fn listeners(world: &World) -> impl Iterator<Item = Known> {
    let balancers = world.elb.load_balancer_by_name.values().map(|&id| &world.elb.load_balancers[id]);
    balancers.flat_map(move |balancer| {
        balancer.listeners.iter().map(move |(port, &id)| {
            let protocol = world.elb.listeners[id].protocol;
            Known::new(world.listener_arn(id), format!("{protocol} {port} of load balancer {}", balancer.name))
        })
    })
}

/// Target groups by name.
pub(super) fn target_group_names(world: &World) -> impl Iterator<Item = Known> {
    world.elb.target_group_by_name.iter().map(|(name, &id)| Known::new(&**name, about_group(world, id)))
}

/// Target groups by ARN.
pub(super) fn target_groups(world: &World) -> impl Iterator<Item = Known> {
    let ids = world.elb.target_group_by_name.values();
    ids.map(|&id| Known::new(world.target_group_arn(id), about_group(world, id)))
}
