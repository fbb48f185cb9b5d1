//! Tasks of a service come into its target groups when they run, and leave them before they stop.
//!
//! Leaving takes the deregistration delay: the task is DEACTIVATING as long, and SIGTERM comes after. [DG task
//! lifecycle; semantics/around.md 9] What happens to several tasks in one moment is one event.

use std::collections::BTreeMap;

use crate::aws::elb::membership::{self, Newcomer};
use crate::model::id::{DeploymentId, ServiceId, TargetGroupId, TargetId, TaskId};
use crate::model::status::{StopCode, TaskStatus};
use crate::model::task_definition::NetworkMode;
use crate::world::World;
use crate::world::ecs::LoadBalancing;
use crate::world::elb::Place;
use crate::world::says::Says;
use crate::world::timer::Due;

/// A task of a service has become RUNNING.
pub(super) fn running(world: &mut World, task: TaskId) {
    let Some(deployment) = world.ecs.tasks[task].deployment else { return };
    if world.ecs.deployments[deployment].load_balancers.is_empty() {
        return;
    }
    let service = world.ecs.deployments[deployment].service;
    world.ecs.services[service].arrivals.push(task);
    world.agenda.put(Due::EnterTargetGroups(service));
}

/// Registers the tasks that have become RUNNING.
pub fn enter(world: &mut World, service: ServiceId) {
    let mut counts: BTreeMap<TargetGroupId, (u32, TaskId)> = BTreeMap::new();
    for task in std::mem::take(&mut world.ecs.services[service].arrivals) {
        let Some(deployment) = world.ecs.tasks[task].deployment else { continue };
        if world.ecs.tasks[task].last_status != TaskStatus::Running {
            continue;
        }
        for entry in world.ecs.deployments[deployment].load_balancers.clone() {
            if !world.elb.group_exists(entry.group) {
                world.agenda.put(Due::Judge(task));
                continue;
            }
            let new = newcomer(world, task, service, &entry);
            let cause = world.ecs.tasks[task].last_fact;
            membership::register(world, entry.group, new, cause);
            counts.entry(entry.group).or_insert((0, task)).0 += 1;
        }
    }
    for (group, (count, task)) in counts {
        let cause = world.ecs.tasks[task].last_fact;
        world.say(service, Says::Registered(count, group), cause);
    }
}

/// The target that a task is for a target group.
fn newcomer(world: &mut World, task: TaskId, service: ServiceId, entry: &LoadBalancing) -> Newcomer {
    let record = &world.ecs.tasks[task];
    let zone = record.subnet;
    let behind = Some((task, entry.container_port));
    let content = &world.ecs.definitions[record.definition].content;
    let (place, port) = match (record.instance, content.network_mode) {
        (Some(instance), NetworkMode::Bridge | NetworkMode::Host | NetworkMode::None) => {
            let containers = content.container_definitions.iter();
            let container = containers.filter(|container| *container.name == *entry.container_name);
            let mut mappings = container.flat_map(|container| &container.port_mappings);
            let mapping = mappings.find(|mapping| mapping.container_port == u32::from(entry.container_port));
            let fixed = mapping.and_then(|mapping| mapping.host_port).filter(|&port| port != 0);
            let port = match (content.network_mode, fixed) {
                (NetworkMode::Host, _) => entry.container_port,
                (_, Some(port)) => port as u16,
                (_, None) => {
                    let tuning = &world.tuning;
                    let given = &mut world.ecs.instances[instance].dynamic_ports;
                    let port = tuning.first_dynamic_port + (*given % u32::from(tuning.dynamic_ports)) as u16;
                    *given += 1;
                    port
                }
            };
            (Place::Instance(instance), port)
        }
        _ => (Place::Interface(task), entry.container_port),
    };
    Newcomer { place, port, behind, service: Some(service), zone }
}

/// A task that was RUNNING is to stop. Its targets are deregistered; whether its containers wait for that is told by
/// the answer.
///
/// A program that has ended, or whose capacity is taken back, does not wait: the agent tells the others at once.
/// INFERRED from the agent, which stops a task as soon as an essential container has ended; for Spot see
/// [semantics/around.md 9].
pub(super) fn stopping(world: &mut World, task: TaskId, code: StopCode) -> Wait {
    let Some(deployment) = world.ecs.tasks[task].deployment else { return Wait::No };
    let service = world.ecs.deployments[deployment].service;
    if own_targets(world, task).next().is_none() {
        return Wait::No;
    }
    world.ecs.services[service].departures.push(task);
    world.agenda.put(Due::LeaveTargetGroups(service));
    match code {
        StopCode::UserInitiated | StopCode::ServiceSchedulerInitiated => Wait::ForDraining,
        StopCode::TaskFailedToStart
        | StopCode::EssentialContainerExited
        | StopCode::SpotInterruption
        | StopCode::TerminationNotice => Wait::No,
    }
}

/// Whether the containers of a stopping task wait until its targets have drained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// They do.
    ForDraining,
    /// They do not.
    No,
}

/// Deregisters the tasks that are to stop.
pub fn leave(world: &mut World, service: ServiceId) {
    let mut targets: BTreeMap<TargetGroupId, u32> = BTreeMap::new();
    let mut tasks: BTreeMap<DeploymentId, u32> = BTreeMap::new();
    let mut last = world.ecs.services[service].trigger;
    for task in std::mem::take(&mut world.ecs.services[service].departures) {
        last = world.ecs.tasks[task].last_fact;
        for id in own_targets(world, task).collect::<Vec<TargetId>>() {
            *targets.entry(world.elb.targets[id].group).or_default() += 1;
            membership::deregister(world, id, last);
        }
        if let Some(deployment) = world.ecs.tasks[task].deployment {
            *tasks.entry(deployment).or_default() += 1;
        }
    }
    for (group, count) in targets {
        world.say(service, Says::Deregistered(count, group), last);
    }
    for (deployment, count) in tasks {
        world.say(service, Says::Draining(deployment, count), last);
    }
}

/// The targets that the service of a task registered for it.
pub(super) fn own_targets(world: &World, task: TaskId) -> impl Iterator<Item = TargetId> {
    world.elb.targets_of(task).filter(|&id| world.elb.targets[id].service.is_some())
}
