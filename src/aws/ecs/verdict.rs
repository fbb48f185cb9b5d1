//! What the service scheduler takes a task for: healthy, unhealthy, or not known yet.
//!
//! A task without checks is healthy 40 s after RUNNING; one with container checks when they say so. Bad health is
//! overlooked during the grace period. [API DeploymentConfiguration; API CreateService]

use crate::aws::ecs::{circuit_breaker, health, launch_throttle};
use crate::aws::probing::{self, Mode};
use crate::model::id::{ContainerId, FactId, TaskId};
use crate::model::probing::Progress;
use crate::model::status::{ContainerStatus, HealthStatus, StopCode, TaskStatus};
use crate::model::time::Moment;
use crate::world::World;
use crate::world::timer::{Due, Timer};

/// A task of a service has become RUNNING.
pub(super) fn started(world: &mut World, task: TaskId) {
    let Some(deployment) = world.ecs.tasks[task].deployment else { return };
    launch_throttle::started(world, deployment);
    if checked_containers(world, task).next().is_none() {
        world.set_timer(world.tuning.healthy_without_checks, Timer::TaskHealthy(task));
    }
}

/// A task that nobody checks is healthy if it still runs.
pub fn ripen(world: &mut World, task: TaskId) {
    if world.ecs.tasks[task].last_status == TaskStatus::Running {
        let cause = world.ecs.tasks[task].last_fact;
        judge(world, task, HealthStatus::Healthy, cause);
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
    world.agenda.put(Due::Judge(world.ecs.containers[container].task));
}

/// When the next probe of a container has to be simulated, and what it comes to.
fn next_probe(world: &World, container: ContainerId) -> Option<(Moment, Progress)> {
    let record = &world.ecs.containers[container];
    let check = world.ecs.container_definition(container).health_check.as_ref()?;
    let line = health::line(world.images.profile(record.image));
    let (age, next) = probing::next(Mode::of(world), &health::rules(check), &line, record.health)?;
    Some((record.started_at? + age, next))
}

/// Judges a RUNNING task of a service by its container checks.
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
    let statuses: Vec<HealthStatus> =
        checked_containers(world, task).map(|id| world.ecs.containers[id].health.status).collect();
    let worst = [HealthStatus::Unhealthy, HealthStatus::Unknown];
    let verdict = worst.into_iter().find(|status| statuses.contains(status)).unwrap_or(HealthStatus::Healthy);
    let cause = record.last_fact;
    let grace_until = started + world.ecs.services[world.ecs.deployments[deployment].service].grace;
    if verdict == HealthStatus::Unhealthy && world.now < grace_until {
        world.timers.set(grace_until, Timer::GraceEnds(task));
        judge(world, task, HealthStatus::Unknown, cause);
    } else {
        judge(world, task, verdict, cause);
    }
}

/// The essential containers whose definition has a health check: those that decide.
fn checked_containers(world: &World, task: TaskId) -> impl Iterator<Item = ContainerId> {
    world.ecs.tasks[task].containers().filter(|&id| {
        let definition = world.ecs.container_definition(id);
        definition.essential && definition.health_check.is_some()
    })
}

/// Sets the verdict, and lets the circuit breaker know of a task that has become healthy.
fn judge(world: &mut World, task: TaskId, verdict: HealthStatus, cause: FactId) {
    world.judge(task, verdict, cause);
    if let (HealthStatus::Healthy, Some(deployment)) = (verdict, world.ecs.tasks[task].deployment) {
        circuit_breaker::healthy(world, deployment);
    }
}

/// A task was told to stop: lets the throttle and the breaker see whether that is a failure of its deployment.
pub(super) fn failed(world: &mut World, task: TaskId, code: StopCode, cause: FactId) {
    let Some(deployment) = world.ecs.tasks[task].deployment else { return };
    if code == StopCode::TaskFailedToStart {
        launch_throttle::failed(world, task, deployment, cause);
    }
    circuit_breaker::failed(world, task, deployment, code, cause);
}
