//! Targets as people name them: an address or an instance, and a port.

use std::net::Ipv4Addr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::aws::elb::health;
use crate::aws::elb::membership::Newcomer;
use crate::model::id::{InstanceId, TargetGroupId, TaskId};
use crate::model::load_balancing::TargetType;
use crate::model::status::InstanceStatus;
use crate::world::World;
use crate::world::elb::Place;

/// [ELBAPI TargetDescription]
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct TargetDescription {
    /// An address of the VPC for a group of the type ip, `i-…` for one of the type instance.
    pub(super) id: String,
    /// The port: the group's where nothing is said.
    pub(super) port: Option<u16>,
    /// The zone of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) availability_zone: Option<String>,
}

/// What a description stands for in a group.
pub(super) fn resolve(world: &World, group: TargetGroupId, said: &TargetDescription) -> Result<Newcomer, Refusal> {
    let record = &world.elb.target_groups[group];
    let port = said.port.unwrap_or(record.port);
    if port == 0 {
        return Err(invalid(
            "Port '0' must be between 1 and 65535".to_owned(),
            "nothing listens on port 0",
            "Port: 80",
        ));
    }
    match record.target_type {
        TargetType::Ip => address(world, &said.id, port),
        TargetType::Instance | TargetType::Lambda | TargetType::Alb => instance(world, &said.id, port),
    }
}

fn address(world: &World, id: &str, port: u16) -> Result<Newcomer, Refusal> {
    let Ok(address) = id.parse::<Ipv4Addr>() else {
        return Err(invalid(
            format!("The IP address '{id}' is not a valid IPv4 address"),
            "the target group has TargetType ip",
            "name a task's privateIPv4Address, which ecs.describe_tasks shows among its attachments",
        ));
    };
    let Some(zone) = world.vpc.subnet_of(address) else {
        return Err(invalid(
            format!("The IP address '{id}' is not within the VPC '{}'", world.vpc.id),
            "it lies in none of the VPC's subnets",
            "list their blocks: ec2.describe_subnets().Subnets",
        ));
    };
    match world.vpc.interfaces.get(&address) {
        Some(&task) => {
            Ok(Newcomer { place: Place::Interface(task), port, behind: Some((task, port)), service: None, zone })
        }
        None => Ok(Newcomer { place: Place::Address(address), port, behind: None, service: None, zone }),
    }
}

fn instance(world: &World, id: &str, port: u16) -> Result<Newcomer, Refusal> {
    let mut live = world.ecs.instances.iter().filter(|(_, instance)| instance.status != InstanceStatus::Inactive);
    let Some((found, instance)) = live.find(|&(known, _)| world.ec2_instance_id(known) == id) else {
        return Err(invalid(
            format!("The following targets are not in a running state and cannot be registered: '{id}'"),
            "the lab has no such instance; those it has are registered as container instances",
            "list them: ecs.describe_container_instances(#{ … }).containerInstances",
        ));
    };
    let behind = task_on(world, found, port);
    Ok(Newcomer { place: Place::Instance(found), port, behind, service: None, zone: instance.subnet })
}

/// The task that has this host port of an instance, and the port of its container.
fn task_on(world: &World, instance: InstanceId, port: u16) -> Option<(TaskId, u16)> {
    world.ecs.instances[instance].tasks.iter().find_map(|&task| {
        let content = &world.ecs.definitions[world.ecs.tasks[task].definition].content;
        let mappings = content.container_definitions.iter().flat_map(|container| &container.port_mappings);
        let mut fixed = mappings.filter(|mapping| mapping.host_port == Some(u32::from(port)));
        let container_port = fixed.find_map(|mapping| u16::try_from(mapping.container_port).ok())?;
        health::listener_on(world, task, container_port).map(|_| (task, container_port))
    })
}

/// `InvalidTarget`. The rules are documented, the literal sentences are UNSOURCED. [ELBAPI RegisterTargets]
fn invalid(message: String, because: &str, way_out: &str) -> Refusal {
    Refusal::new("InvalidTarget", message).because(because).way_out(way_out).at(["Targets"])
}
