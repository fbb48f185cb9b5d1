//! The deployment circuit breaker: ends a deployment whose tasks keep failing, and goes back to the one before.
//!
//! Stage 1 counts tasks that fail to start, as long as none has been RUNNING; stage 2 counts tasks that turn unhealthy,
//! whenever they are stopped for it: behind a load balancer that takes until their replacements are judged. [DG
//! deployment circuit breaker; semantics/ecs.md 5.4, 13.3]

use crate::model::id::{DeploymentId, FactId, ServiceId, TaskId};
use crate::model::status::{HealthStatus, RolloutState, StopCode};
use crate::world::World;
use crate::world::ecs::{Breaker, Deployment, StopReason};
use crate::world::says::Says;

/// A task of a deployment was told to stop: counts it if it has failed to start, or ended before it was ever judged.
///
/// `failedTasks` is another count: of tasks that failed and are stopped. [API Deployment.failedTasks]
pub(super) fn stopped(world: &mut World, task: TaskId, id: DeploymentId, code: StopCode, cause: FactId) {
    let record = &world.ecs.tasks[task];
    let by_checks = record
        .stop
        .as_ref()
        .is_some_and(|stop| matches!(stop.reason, StopReason::FailedContainerChecks | StopReason::FailedElbChecks(_)));
    let early_exit = code == StopCode::EssentialContainerExited
        && world.tuning.breaker_counts_early_exits
        && !record.was_healthy
        && record.ailment.is_none();
    let to_start = code == StopCode::TaskFailedToStart;
    if to_start || by_checks {
        world.ecs.deployments[id].failed += 1;
    }
    // Once a task has been RUNNING the first stage is over.
    if early_exit || to_start && !world.ecs.deployments[id].has_run {
        count(world, id, cause);
    }
}

/// The scheduler takes a task of a deployment for healthy, or, once at most, for unhealthy.
pub(super) fn judged(world: &mut World, id: DeploymentId, verdict: HealthStatus, cause: FactId) {
    let breaker = world.ecs.services[world.ecs.deployments[id].service].breaker;
    match verdict {
        HealthStatus::Healthy if breaker.is_some_and(|breaker| breaker.reset_on_healthy) => {
            world.ecs.deployments[id].breaker_count = 0;
        }
        HealthStatus::Unhealthy => count(world, id, cause),
        HealthStatus::Healthy | HealthStatus::Unknown => {}
    }
}

/// One more failure of a deployment that is in progress; the last one that is allowed ends it.
fn count(world: &mut World, id: DeploymentId, cause: FactId) {
    let deployment = &mut world.ecs.deployments[id];
    let service = deployment.service;
    let Some(breaker) = world.ecs.services[service].breaker else { return };
    let in_charge = world.ecs.services[service].deployments.first() == Some(&id);
    if deployment.rollout != RolloutState::InProgress || !in_charge {
        return;
    }
    deployment.breaker_count += 1;
    compare(world, id, breaker, cause);
}

/// A person changed a service: its threshold follows the desired count and the settings, and what has been counted by
/// now is held against it at once. [DG deployment circuit breaker; that AWS does not wait for the next failure is SIM]
pub(super) fn changed(world: &mut World, service: ServiceId, cause: FactId) {
    let primary = world.ecs.services[service].deployments[0];
    let Deployment { rollout, breaker_count, .. } = world.ecs.deployments[primary];
    if let Some(breaker) = world.ecs.services[service].breaker
        && rollout == RolloutState::InProgress
        && breaker_count > 0
    {
        compare(world, primary, breaker, cause);
    }
}

/// Ends a deployment if as many of its tasks have failed as are too many.
fn compare(world: &mut World, id: DeploymentId, breaker: Breaker, cause: FactId) {
    let deployment = &world.ecs.deployments[id];
    if deployment.breaker_count >= breaker.threshold.failures(world.ecs.services[deployment.service].desired) {
        trip(world, id, breaker, cause);
    }
}

/// Ends a deployment, and goes back to the newest completed one if it may and there is one.
fn trip(world: &mut World, id: DeploymentId, breaker: Breaker, cause: FactId) {
    let service = world.ecs.deployments[id].service;
    let fact = world.move_rollout(id, RolloutState::Failed, cause);
    world.say(service, Says::DeploymentFailed(id), fact);
    if let (true, Some(&target)) = (breaker.rollback, world.ecs.services[service].completed.last()) {
        world.ecs.deployments[id].rolled_back_to = Some(target);
        world.say(service, Says::RollingBack(target), fact);
        world.promote_deployment(target, fact);
    }
}
