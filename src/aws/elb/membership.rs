//! Registered or not: how targets come, how they drain, and when they are checked at all.
//!
//! A target is checked while a listener leads to its group and its zone is one of the load balancer's; otherwise it is
//! unused. A deregistered one keeps the connections it has until its group's deregistration delay is over.
//! [semantics/around.md 3.1, 3.2]

use super::health;
use crate::model::id::{FactId, ServiceId, SubnetId, TargetGroupId, TargetId, TaskId};
use crate::model::load_balancing::{Reason, TargetState};
use crate::model::probing::Progress;
use crate::model::status::TaskStatus;
use crate::model::time::Millis;
use crate::world::World;
use crate::world::elb::{Place, Target};
use crate::world::timer::{Due, Timer};

/// What is registered.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer {
    /// Where it is.
    pub place: Place,
    /// The port.
    pub port: u16,
    /// The task that answers there, and on which port of its containers.
    pub behind: Option<(TaskId, u16)>,
    /// The service that registers it.
    pub service: Option<ServiceId>,
    /// The subnet that it is in.
    pub zone: SubnetId,
}

/// Why a target in this subnet is not checked, if it is not.
pub fn unused(world: &World, group: TargetGroupId, zone: SubnetId) -> Option<Reason> {
    let Some(balancer) = world.elb.load_balancer_of(group) else { return Some(Reason::NotInUse) };
    let enabled = world.elb.load_balancers[balancer].subnets.contains(&zone);
    (!enabled).then_some(Reason::ZoneNotEnabled)
}

/// Registers a target. One that is there already stays as it is; one that drains comes back; where another program
/// has taken the place of one that drains, that one is forgotten.
pub fn register(world: &mut World, group: TargetGroupId, new: Newcomer, cause: FactId) -> TargetId {
    let known = world.elb.target_groups[group].targets.get(&(new.place, new.port)).copied();
    let same = known.filter(|&id| world.elb.targets[id].behind == new.behind);
    if same.is_none() {
        known.into_iter().for_each(|id| leave(world, id, cause));
    }
    match same {
        Some(id) => {
            world.elb.targets[id].service = world.elb.targets[id].service.or(new.service);
            if world.elb.targets[id].state == TargetState::Draining {
                world.elb.targets[id].drained_at = None;
                begin(world, id, cause);
            }
            id
        }
        None => {
            let checked = unused(world, group, new.zone).is_none();
            let target = Target {
                group,
                place: new.place,
                port: new.port,
                behind: new.behind,
                service: new.service,
                zone: new.zone,
                state: if checked { TargetState::Initial } else { TargetState::Unused },
                health: Progress::STARTING,
                since: world.now,
                drained_at: None,
                gone: false,
                last_fact: cause,
            };
            let id = world.add_target(target, cause);
            health::await_next_change(world, id);
            judge(world, id);
            id
        }
    }
}

/// Deregisters a target. It drains, unless nobody has sent it anything.
pub fn deregister(world: &mut World, id: TargetId, cause: FactId) {
    let target = &world.elb.targets[id];
    let delay = world.elb.target_groups[target.group].deregistration_delay;
    match target.state {
        TargetState::Draining => {}
        TargetState::Unused => leave(world, id, cause),
        TargetState::Initial | TargetState::Healthy | TargetState::Unhealthy => {
            let fact = world.move_target(id, TargetState::Draining, cause);
            judge(world, id);
            if delay == Millis::ZERO {
                leave(world, id, fact);
            } else {
                world.elb.targets[id].drained_at = Some(world.now + delay);
                world.set_timer(delay, Timer::Drained(id));
            }
        }
    }
}

/// The deregistration delay of a target is over. Nothing happens if it has been registered again.
pub fn drained(world: &mut World, id: TargetId) {
    if !world.elb.targets[id].gone && world.elb.targets[id].drained_at == Some(world.now) {
        let cause = world.elb.targets[id].last_fact;
        leave(world, id, cause);
    }
}

/// A target group is deleted: its targets are in no group any more.
pub fn dissolve(world: &mut World, group: TargetGroupId, cause: FactId) {
    for id in members(world, group) {
        leave(world, id, cause);
    }
}

/// A listener came or went: targets of a group are checked from now on, or no more.
pub fn listeners_changed(world: &mut World, group: TargetGroupId, cause: FactId) {
    for id in members(world, group) {
        let (state, zone) = (world.elb.targets[id].state, world.elb.targets[id].zone);
        match (unused(world, group, zone), state) {
            (_, TargetState::Draining) | (Some(_), TargetState::Unused) => {}
            (None, TargetState::Unused) => begin(world, id, cause),
            (None, _) => {}
            (Some(_), _) => {
                world.move_target(id, TargetState::Unused, cause);
                judge(world, id);
            }
        }
    }
}

/// The health check of a group was changed: its targets keep their states, and are checked at the new interval from
/// now on. SIM: what had been counted is forgotten.
pub fn check_changed(world: &mut World, group: TargetGroupId) {
    for id in members(world, group) {
        let now = world.now;
        let target = &mut world.elb.targets[id];
        target.since = now;
        target.health = Progress { streak: 0, probes: 0, ..target.health };
        health::await_next_change(world, id);
    }
}

fn members(world: &World, group: TargetGroupId) -> Vec<TargetId> {
    world.elb.target_groups[group].targets.values().copied().collect()
}

/// Checks of a target begin.
fn begin(world: &mut World, id: TargetId, cause: FactId) {
    world.elb.targets[id].health = Progress::STARTING;
    world.elb.targets[id].since = world.now;
    world.move_target(id, TargetState::Initial, cause);
    health::await_next_change(world, id);
    judge(world, id);
}

/// A target leaves its group. Its task has waited for that, if it is to stop.
fn leave(world: &mut World, id: TargetId, cause: FactId) {
    let fact = world.remove_target(id, cause);
    judge(world, id);
    let Some((task, _)) = world.elb.targets[id].behind else { return };
    let waits = world.ecs.tasks[task].last_status == TaskStatus::Deactivating;
    let remains = world.elb.targets_of(task).any(|other| world.elb.targets[other].service.is_some());
    if waits && !remains && world.elb.targets[id].service.is_some() {
        world.ecs.tasks[task].last_fact = fact;
        world.agenda.put(Due::StopContainers(task));
    }
}

/// The task behind a target has to be judged anew, if a service registered it.
fn judge(world: &mut World, id: TargetId) {
    let target = &world.elb.targets[id];
    if let (Some((task, _)), Some(_)) = (target.behind, target.service) {
        world.agenda.put(Due::Judge(task));
    }
}
