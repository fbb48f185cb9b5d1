//! What the service scheduler takes a task for: healthy, unhealthy, or not known yet; and what it makes of failures.
//!
//! A task without checks is healthy 40 s after RUNNING; one with container checks when they say so. Bad health is
//! overlooked during the grace period. Failed tasks slow launches down, and trip the deployment circuit breaker. [API
//! DeploymentConfiguration; DG service throttle logic; DG deployment circuit breaker]

use crate::aws::ecs::health;
use crate::model::id::{ContainerId, DeploymentId, FactId, TaskId};
use crate::model::status::{ContainerStatus, HealthStatus, RolloutState, StopCode, TaskStatus};
use crate::model::time::Millis;
use crate::world::World;
use crate::world::ecs::{Breaker, StopReason};
use crate::world::says::Says;
use crate::world::timer::Timer;

/// A task of a service has become RUNNING.
pub(super) fn started(world: &mut World, task: TaskId) {
    let Some(deployment) = world.ecs.tasks[task].deployment else { return };
    world.ecs.deployments[deployment].has_run = true;
    world.ecs.deployments[deployment].failed_launches = 0;
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
    let record = &world.ecs.containers[container];
    let Some(check) = &world.ecs.container_definition(container).health_check else { return };
    let Some(started) = record.started_at else { return };
    let profile = world.images.profile(record.image);
    let at = match world.tuning.every_probe {
        true => Some(Millis::seconds(u64::from(check.interval) * (record.health.probes + 1))),
        false => health::next_change(check, profile, record.health).map(|(age, _)| age),
    };
    if let Some(age) = at {
        world.timers.set(started + age, Timer::HealthTurns(container));
    }
}

/// A probe has changed a container's health, or, where every probe is fired, has run.
pub fn turn(world: &mut World, container: ContainerId) {
    let record = &world.ecs.containers[container];
    if record.status != ContainerStatus::Running {
        return;
    }
    let Some(check) = &world.ecs.container_definition(container).health_check else { return };
    let profile = world.images.profile(record.image);
    let next = match world.tuning.every_probe {
        true => Some(health::probe(check, profile, record.health)),
        false => health::next_change(check, profile, record.health).map(|(_, next)| next),
    };
    let (Some(next), task) = (next, record.task) else { return };
    let fact = world.set_health(container, next);
    // The next probe first: one that passes in the very moment in which the grace period ends still saves the task.
    await_next_change(world, container);
    assess(world, task, fact);
}

/// The grace period of a task is over: what was overlooked counts now.
pub fn grace_ends(world: &mut World, task: TaskId) {
    let cause = world.ecs.tasks[task].last_fact;
    assess(world, task, cause);
}

/// Judges a RUNNING task of a service by its container checks.
fn assess(world: &mut World, task: TaskId, cause: FactId) {
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

/// Sets the verdict; a task that becomes healthy may set the circuit breaker's count back.
fn judge(world: &mut World, task: TaskId, verdict: HealthStatus, cause: FactId) {
    world.judge(task, verdict, cause);
    let Some(deployment) = world.ecs.tasks[task].deployment else { return };
    let breaker = world.ecs.services[world.ecs.deployments[deployment].service].breaker;
    if verdict == HealthStatus::Healthy && breaker.is_some_and(|breaker| breaker.reset_on_healthy) {
        world.ecs.deployments[deployment].breaker_count = 0;
    }
}

/// A task was told to stop: if it is a failure of its deployment, counts it.
pub(super) fn failed(world: &mut World, task: TaskId, code: StopCode, cause: FactId) {
    let record = &world.ecs.tasks[task];
    let Some(deployment) = record.deployment else { return };
    let never_ran = record.times.started.is_none();
    let by_checks = record.stop.as_ref().is_some_and(|stop| stop.reason == StopReason::FailedContainerChecks);
    let early_exit =
        code == StopCode::EssentialContainerExited && world.tuning.breaker_counts_early_exits && !record.was_healthy;
    if code == StopCode::TaskFailedToStart && never_ran {
        world.ecs.deployments[deployment].failed += 1;
        world.ecs.deployments[deployment].failed_launches += 1;
        // Once a task has been RUNNING the first stage is over. [DG deployment circuit breaker]
        if !world.ecs.deployments[deployment].has_run {
            count_failure(world, deployment, cause);
        }
    } else if by_checks || early_exit {
        count_failure(world, deployment, cause);
    }
}

/// One more failure of a deployment that is in progress; the last one that the circuit breaker allows ends it.
fn count_failure(world: &mut World, id: DeploymentId, cause: FactId) {
    let deployment = &mut world.ecs.deployments[id];
    let service = deployment.service;
    let Some(breaker) = world.ecs.services[service].breaker else { return };
    let in_charge = world.ecs.services[service].deployments.first() == Some(&id);
    if deployment.rollout != RolloutState::InProgress || !in_charge {
        return;
    }
    deployment.breaker_count += 1;
    if deployment.breaker_count >= breaker.threshold.failures(world.ecs.services[service].desired) {
        trip(world, id, breaker, cause);
    }
}

/// The circuit breaker ends a deployment, and goes back to the newest completed one if it may and there is one.
fn trip(world: &mut World, id: DeploymentId, breaker: Breaker, cause: FactId) {
    let service = world.ecs.deployments[id].service;
    let fact = world.move_rollout(id, RolloutState::Failed, cause);
    world.say(service, Says::DeploymentFailed(id), fact);
    let completed = world.ecs.deployments.iter().rev().find(|(other, deployment)| {
        deployment.service == service && *other != id && deployment.rollout == RolloutState::Completed
    });
    if let (true, Some((target, _))) = (breaker.rollback, completed) {
        world.say(service, Says::RollingBack(target), fact);
        world.promote_deployment(target, fact);
    }
}

/// The additional delay before the next launch of a deployment whose tasks fail to start. [DG service throttle logic]
pub(super) fn launch_throttle(world: &World, id: DeploymentId) -> Option<Millis> {
    let failures = world.ecs.deployments[id].failed_launches;
    let beyond = failures.checked_sub(world.tuning.free_launches + 1)?;
    let delay = world.tuning.throttle_first.0.saturating_mul(1_u64.checked_shl(beyond).unwrap_or(u64::MAX));
    Some(Millis(delay).min(world.tuning.throttle_cap))
}
