//! Checks of targets: what one comes to, and when the next one changes something.
//!
//! Check `k` runs `k` intervals after the target was registered; the phase of the first one is SIM, and a check takes
//! no time. A new target needs one pass, one that was found unhealthy needs so many in a row. Every node of a load
//! balancer checks on its own in AWS; here one speaks for all. [ALBUG target-group-health-checks; semantics/ecs.md
//! 13.2]

use crate::aws::probing::{self, Line, Mode};
use crate::model::id::{ContainerId, TargetId, TaskId};
use crate::model::load_balancing::{CheckPort, Protocol, Reason, TargetCheck, TargetState};
use crate::model::probing::{Progress, Rules};
use crate::model::time::{Millis, Moment};
use crate::world::World;
use crate::world::elb::Place;
use crate::world::timer::{Due, Timer};

/// How a target group counts.
pub fn rules(check: &TargetCheck) -> Rules {
    Rules { every: check.interval, failures: check.unhealthy, passes: check.healthy, blind: Millis::ZERO }
}

/// What a check of a target at a moment of its past or present comes to.
///
/// # Errors
/// Why it fails.
pub fn outcome(world: &World, id: TargetId, at: Moment) -> Result<(), Reason> {
    let target = &world.elb.targets[id];
    let group = &world.elb.target_groups[target.group];
    let answer = answer(world, id, at);
    // Network load balancers know one reason only. [semantics/around.md 3.1]
    if group.protocol.is_http() { answer } else { answer.map_err(|_| Reason::FailedHealthChecks) }
}

fn answer(world: &World, id: TargetId, at: Moment) -> Result<(), Reason> {
    let target = &world.elb.targets[id];
    let check = &world.elb.target_groups[target.group].check;
    let Some((task, _)) = target.behind else {
        // An address that nobody has answers nothing; an instance refuses what no program of it listens for.
        return Err(match target.place {
            Place::Address(_) => Reason::Timeout,
            Place::Interface(_) | Place::Instance(_) => Reason::FailedHealthChecks,
        });
    };
    let is_over = world.ecs.tasks[task].times.stopped.is_some_and(|stopped| stopped <= at);
    if is_over && matches!(target.place, Place::Interface(_)) {
        return Err(Reason::Timeout);
    }
    let Some((container, started)) = running(world, id, at) else { return Err(Reason::FailedHealthChecks) };
    let profile = world.images.profile(world.ecs.containers[container].image);
    let age = at.since(started);
    if age < profile.boot {
        return Err(Reason::FailedHealthChecks);
    }
    if check.protocol == Protocol::Tcp {
        return Ok(());
    }
    if profile.latency(age) > check.timeout {
        return Err(Reason::Timeout);
    }
    let code = profile.answer(age, &check.path);
    if check.matcher.accepts(code) { Ok(()) } else { Err(Reason::ResponseCodeMismatch(code)) }
}

/// The container that listens where the checks knock, and since when, if it runs at this moment.
fn running(world: &World, id: TargetId, at: Moment) -> Option<(ContainerId, Moment)> {
    let container = listener(world, id)?;
    let record = &world.ecs.containers[container];
    let started = record.started_at.filter(|&started| started <= at)?;
    let ended = record.exit.is_some_and(|exit| exit.at <= at);
    (!ended).then_some((container, started))
}

/// The container that listens where the checks of a target knock.
fn listener(world: &World, id: TargetId) -> Option<ContainerId> {
    let target = &world.elb.targets[id];
    let (task, port) = target.behind?;
    let port = match world.elb.target_groups[target.group].check.port {
        CheckPort::Traffic => port,
        CheckPort::Number(port) => port,
    };
    listener_on(world, task, port)
}

/// The container of a task that listens on a port: one whose program says so, or, where a program says nothing about
/// ports, one that its definition maps.
pub fn listener_on(world: &World, task: TaskId, port: u16) -> Option<ContainerId> {
    world.ecs.tasks[task].containers().find(|&id| {
        let listens = &world.images.profile(world.ecs.containers[id].image).ports;
        let mapped = || world.ecs.container_definition(id).port_mappings.iter().map(|mapping| mapping.container_port);
        listens.contains(&port) || listens.is_empty() && mapped().any(|mapped| mapped == u32::from(port))
    })
}

/// What a check would come to, by the time since the checks began.
fn line(world: &World, id: TargetId) -> Line {
    let since = world.elb.targets[id].since;
    let container = listener(world, id).map(|container| &world.ecs.containers[container]);
    let started = container.and_then(|container| container.started_at);
    let ended = container.and_then(|container| container.exit).map(|exit| exit.at);
    let program = container
        .zip(started)
        .map(|(container, started)| world.images.profile(container.image).edges().map(move |age| started + age));
    let edges = program.into_iter().flatten().chain(started).chain(ended).map(|at| at.since(since));
    Line::new(edges, |age| outcome(world, id, since + age).is_ok())
}

/// When the next check of a target has to be simulated, and what it comes to.
fn next_check(world: &World, id: TargetId) -> Option<(Moment, Progress)> {
    let target = &world.elb.targets[id];
    let checked = !target.gone && !matches!(target.state, TargetState::Unused | TargetState::Draining);
    let rules = rules(&world.elb.target_groups[target.group].check);
    let (age, next) = probing::next(Mode::of(world), &rules, &line(world, id), target.health).filter(|_| checked)?;
    Some((target.since + age, next))
}

/// Sets the timer of the next check that changes a target's health.
pub(super) fn await_next_change(world: &mut World, id: TargetId) {
    if let Some((at, _)) = next_check(world, id) {
        world.timers.set(at, Timer::TargetTurns(id));
    }
}

/// A check has changed a target's health, or, where every check is fired, has run. Nothing happens if something has
/// come between since the timer was set.
pub fn turn(world: &mut World, id: TargetId) {
    let Some((at, health)) = next_check(world, id) else { return };
    if at != world.now {
        return;
    }
    if world.set_target_health(id, health)
        && let Some((task, _)) = world.elb.targets[id].behind
    {
        world.agenda.put(Due::Judge(task));
    }
    await_next_change(world, id);
}

/// A container of a task has started or ended: checks of its targets come to something else from now on.
pub fn program_changed(world: &mut World, task: TaskId) {
    for id in world.elb.targets_of(task).collect::<Vec<TargetId>>() {
        await_next_change(world, id);
    }
}

/// Why a target is in its present state; a healthy one needs no reason.
pub fn reason(world: &World, id: TargetId) -> Option<Reason> {
    let target = &world.elb.targets[id];
    let every = world.elb.target_groups[target.group].check.interval.0;
    let checks = world.now.since(target.since).0 / every;
    match target.state {
        TargetState::Healthy => None,
        TargetState::Initial if checks == 0 => Some(Reason::RegistrationInProgress),
        TargetState::Initial => Some(Reason::InitialHealthChecking),
        TargetState::Unhealthy => Some(last_failure(world, id, checks)),
        TargetState::Unused => {
            Some(super::membership::unused(world, target.group, target.zone).unwrap_or(Reason::NotInUse))
        }
        TargetState::Draining => Some(Reason::DeregistrationInProgress),
    }
}

/// Why the latest check that failed has failed: an unhealthy target on its way back has passed some since.
fn last_failure(world: &World, id: TargetId, checks: u64) -> Reason {
    let target = &world.elb.targets[id];
    let check = &world.elb.target_groups[target.group].check;
    let at = |nth: u64| target.since + Millis(check.interval.0 * nth);
    let recent = (0..=checks).rev().take(check.healthy as usize + 1);
    recent.filter_map(|nth| outcome(world, id, at(nth)).err()).next().unwrap_or(Reason::FailedHealthChecks)
}
