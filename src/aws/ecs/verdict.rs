//! What the service scheduler takes a task for: healthy, unhealthy, or not known yet.
//!
//! A task without checks is healthy 40 s after RUNNING; one with container checks when they say so, one behind a load
//! balancer when its target groups do, one with both when both do. Bad health of either kind is overlooked during the
//! grace period. [API DeploymentConfiguration; API CreateService]

use crate::aws::ecs::{circuit_breaker, health, launch_throttle, target_groups};
use crate::aws::elb;
use crate::aws::probing::{self, Mode};
use crate::model::id::{ContainerId, DeploymentId, FactId, ServiceId, TaskId};
use crate::model::load_balancing::TargetState;
use crate::model::probing::Progress;
use crate::model::status::{ContainerStatus, HealthStatus, StopCode, TaskStatus};
use crate::model::time::Moment;
use crate::world::World;
use crate::world::ecs::Ailment;
use crate::world::timer::{Due, Timer};

/// A task of a service has become RUNNING.
pub(super) fn started(world: &mut World, task: TaskId) {
    let Some(deployment) = world.ecs.tasks[task].deployment else { return };
    launch_throttle::started(world, deployment);
    if checks(world, task) == 0 {
        world.set_timer(world.tuning.healthy_without_checks, Timer::TaskHealthy(task));
    }
}

/// A task that nobody checks is healthy if it still runs.
pub fn ripen(world: &mut World, task: TaskId) {
    if world.ecs.tasks[task].last_status == TaskStatus::Running {
        let cause = world.ecs.tasks[task].last_fact;
        judge(world, task, HealthStatus::Healthy, None, cause);
    }
}

/// Sets the timer of the next probe that changes a container's health.
pub(super) fn await_next_change(world: &mut World, container: ContainerId) {
    if let Some((at, _)) = next_probe(world, container) {
        world.timers.set(at, Timer::HealthTurns(container));
    }
}

/// A probe has changed a container's health, or, where every probe is fired, has run.
pub fn turn(world: &mut World, container: ContainerId) {
    if world.ecs.containers[container].status != ContainerStatus::Running {
        return;
    }
    let Some((_, health)) = next_probe(world, container) else { return };
    world.set_health(container, health);
    await_next_change(world, container);
    let task = world.ecs.containers[container].task;
    world.agenda.put(match world.ecs.tasks[task].last_status {
        TaskStatus::Activating => Due::StartContainers(task),
        _ => Due::Judge(task),
    });
}

/// When the next probe of a container has to be simulated, and what it comes to.
fn next_probe(world: &World, container: ContainerId) -> Option<(Moment, Progress)> {
    let record = &world.ecs.containers[container];
    let check = world.ecs.container_definition(container).health_check.as_ref()?;
    let line = health::line(world.images.profile(record.image), check);
    let (age, next) = probing::next(Mode::of(world), &health::rules(check), &line, record.health)?;
    Some((record.started_at? + age, next))
}

/// Judges a RUNNING task of a service by its container checks and its target groups.
pub fn assess(world: &mut World, task: TaskId) {
    let record = &world.ecs.tasks[task];
    let (Some(deployment), Some(started), TaskStatus::Running) =
        (record.deployment, record.times.started, record.last_status)
    else {
        return;
    };
    // Once found unhealthy, a task is to be replaced, even if it recovers before the scheduler comes by. (13.1)
    if record.verdict == HealthStatus::Unhealthy {
        return;
    }
    let findings = findings(world, task, deployment);
    let ill = findings.iter().find_map(|finding| finding.err());
    let known = findings.iter().all(|finding| *finding == Ok(HealthStatus::Healthy));
    let cause = record.last_fact;
    let grace_until = started + world.ecs.services[world.ecs.deployments[deployment].service].grace;
    match ill {
        Some(_) if world.now < grace_until => {
            world.timers.set(grace_until, Timer::GraceEnds(task));
            judge(world, task, HealthStatus::Unknown, None, cause);
        }
        Some(ailment) => judge(world, task, HealthStatus::Unhealthy, Some(ailment), cause),
        None if known && !findings.is_empty() => judge(world, task, HealthStatus::Healthy, None, cause),
        None if !findings.is_empty() => judge(world, task, HealthStatus::Unknown, None, cause),
        None => {}
    }
}

/// A service has another grace period: its running tasks are judged by it, those that have failed their checks already
/// included.
pub fn grace_changed(world: &mut World, service: ServiceId) {
    let deployments = world.ecs.services[service].deployments.iter().map(|&id| &world.ecs.deployments[id]);
    let running = deployments.flat_map(|deployment| deployment.zones.values()).flat_map(|zone| &zone.running);
    for &task in running {
        world.agenda.put(Due::Judge(task));
    }
}

/// What a task's containers and target groups say of it: HEALTHY, UNKNOWN, or what is wrong.
fn findings(world: &World, task: TaskId, deployment: DeploymentId) -> Vec<Result<HealthStatus, Ailment>> {
    let containers = checked_containers(world, task).map(|id| match world.ecs.containers[id].health.status {
        HealthStatus::Unhealthy => Err(Ailment::ContainerChecks),
        status => Ok(status),
    });
    let groups = world.ecs.deployments[deployment].load_balancers.iter().map(|entry| {
        if !world.elb.group_exists(entry.group) {
            return Err(Ailment::GroupMissing(entry.group));
        }
        let own = target_groups::own_targets(world, task);
        let target = own.into_iter().find(|&id| {
            let target = &world.elb.targets[id];
            target.group == entry.group && target.behind == Some((task, entry.container_port))
        });
        let target = target.ok_or(Ailment::TargetMissing(entry.group))?;
        match (world.elb.targets[target].state, elb::health::reason(world, target)) {
            (TargetState::Healthy, _) => Ok(HealthStatus::Healthy),
            (TargetState::Initial, _) | (_, None) => Ok(HealthStatus::Unknown),
            (TargetState::Unhealthy | TargetState::Unused | TargetState::Draining, Some(reason)) => {
                Err(Ailment::Target(target, reason))
            }
        }
    });
    containers.chain(groups).collect()
}

/// How many checks decide about a task: those of its essential containers, and its deployment's target groups.
pub fn checks(world: &World, task: TaskId) -> usize {
    let balancers = |deployment: DeploymentId| -> usize { world.ecs.deployments[deployment].load_balancers.len() };
    checked_containers(world, task).count() + world.ecs.tasks[task].deployment.map_or(0, balancers)
}

/// The essential containers whose definition has a health check: those that decide.
fn checked_containers(world: &World, task: TaskId) -> impl Iterator<Item = ContainerId> {
    world.ecs.tasks[task].containers().filter(|&id| {
        let definition = world.ecs.container_definition(id);
        definition.essential && definition.health_check.is_some()
    })
}

/// Sets the verdict, and lets the circuit breaker know if it is another one than before.
fn judge(world: &mut World, task: TaskId, verdict: HealthStatus, ailment: Option<Ailment>, cause: FactId) {
    if world.ecs.tasks[task].verdict == verdict {
        return;
    }
    let fact = world.judge(task, verdict, ailment, cause);
    if let Some(deployment) = world.ecs.tasks[task].deployment {
        circuit_breaker::judged(world, deployment, verdict, fact);
    }
}

/// A task was told to stop: lets the throttle and the breaker see whether that is a failure of its deployment.
pub(super) fn stopped(world: &mut World, task: TaskId, code: StopCode, cause: FactId) {
    let Some(deployment) = world.ecs.tasks[task].deployment else { return };
    if code == StopCode::TaskFailedToStart {
        launch_throttle::failed(world, task, deployment, cause);
    }
    circuit_breaker::stopped(world, task, deployment, code, cause);
}
