//! Tasks that got no address, because their subnets were full.

use super::Stall;
use crate::model::id::{SubnetId, TaskId};
use crate::model::task_definition::{AssignPublicIp, AwsVpcConfiguration};
use crate::world::World;

/// Which subnets were full, and where there is room.
pub(super) fn stall(world: &World, id: TaskId, subnet: SubnetId) -> Stall {
    let deployment = world.ecs.tasks[id].deployment.map(|id| &world.ecs.deployments[id]);
    let network = world.ecs.network_of(id);
    let named = network.map(|network| network.subnets.iter().filter_map(|id| world.vpc.subnet_named(id)).collect());
    let named: Vec<SubnetId> = named.unwrap_or_else(|| vec![subnet]);
    let free: u32 = named.iter().map(|&id| world.vpc.subnets[id].free()).sum();
    let more = || Some(configuration(world, network, &named, elsewhere(world, &named)?));
    let way_out = match deployment {
        _ if free > 0 && deployment.is_none() => "run it again".to_owned(),
        _ if free > 0 => "the service tries again by itself: settle()".to_owned(),
        None => {
            let fewer = "stop tasks that nobody needs: ecs.stop_task(#{ … })";
            more().map_or_else(
                || fewer.to_owned(),
                |more| format!("name a subnet that has room, too: {more}; or {fewer}"),
            )
        }
        Some(deployment) => {
            let service = &world.ecs.services[deployment.service];
            let (name, cluster) = (&service.name, &world.ecs.clusters[service.cluster].name);
            let update = |change: &str| {
                format!("ecs.update_service(#{{ cluster: \"{cluster}\", service: \"{name}\", {change} }})")
            };
            let running = service.deployments.iter().map(|&id| world.ecs.deployments[id].running).sum::<u32>();
            let fewer = format!("keep as many tasks as run: {}", update(&format!("desiredCount: {running}")));
            let more = more().map(|more| format!("name a subnet that has room, too: {}; or ", update(&more)));
            format!("{}{fewer}", more.unwrap_or_default())
        }
    };
    Stall::new(full(world, subnet, &named, free), way_out)
}

/// That all addresses are taken, or were.
fn full(world: &World, subnet: SubnetId, named: &[SubnetId], free: u32) -> String {
    let usable: u32 = named.iter().map(|&id| world.vpc.subnets[id].usable()).sum();
    let (whose, have) = match named.len() {
        0 | 1 => {
            let subnet = &world.vpc.subnets[subnet];
            (format!("subnet {} ({})", subnet.id, subnet.cidr), "has")
        }
        several => (format!("its {several} subnets together"), "have"),
    };
    match free {
        0 => format!(
            "{whose} {have} {usable} addresses, and all of them are taken: each task under awsvpc holds one until it is \
             STOPPED, and so does each instance"
        ),
        free => format!(
            "{whose} {have} {usable} addresses: all were taken when the task asked for one, {free} are free now"
        ),
    }
}

/// A subnet with room that is not named yet: the one that has most.
fn elsewhere(world: &World, named: &[SubnetId]) -> Option<SubnetId> {
    let others = world.vpc.subnets.iter().filter(|(id, subnet)| !named.contains(id) && subnet.free() > 0);
    others.max_by_key(|(_, subnet)| subnet.free()).map(|(id, _)| id)
}

/// The network configuration with one more subnet, as it can be typed.
fn configuration(world: &World, network: Option<&AwsVpcConfiguration>, named: &[SubnetId], more: SubnetId) -> String {
    let subnets = named.iter().chain([&more]).map(|&id| format!("\"{}\"", world.vpc.subnets[id].id));
    let subnets = subnets.collect::<Vec<_>>().join(", ");
    let public = match network.map(|network| network.assign_public_ip) {
        Some(AssignPublicIp::Enabled) => ", assignPublicIp: \"ENABLED\"",
        Some(AssignPublicIp::Disabled) | None => "",
    };
    format!("networkConfiguration: #{{ awsvpcConfiguration: #{{ subnets: [{subnets}]{public} }} }}")
}
