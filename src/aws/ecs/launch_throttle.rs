//! The launch throttle: a deployment whose tasks fail to start again and again is tried less and less often.
//!
//! Only failures before RUNNING count; a task that runs sets everything back. Attempts are counted, not tasks:
//! whatever was started before the last failure was seen belongs to the same attempt. AWS publishes the cap of 27
//! minutes, not the steps. [DG service throttle logic; semantics/ecs.md 4.4]

use crate::model::id::{DeploymentId, FactId, TaskId};
use crate::model::time::Millis;
use crate::world::World;
use crate::world::ecs::Attempts;
use crate::world::says::Says;

/// A task of a deployment has become RUNNING.
pub(super) fn started(world: &mut World, id: DeploymentId) {
    let deployment = &mut world.ecs.deployments[id];
    deployment.has_run = true;
    deployment.attempts = Attempts::default();
}

/// A task of a deployment has failed to start.
pub(super) fn failed(world: &mut World, task: TaskId, id: DeploymentId, cause: FactId) {
    let now = world.now;
    let created = world.ecs.tasks[task].times.created;
    let attempts = &mut world.ecs.deployments[id].attempts;
    if attempts.last_failure.is_some_and(|last| created < last) {
        return;
    }
    attempts.failed += 1;
    attempts.last_failure = Some(now);
    let Some(delay) = delay(world, world.ecs.deployments[id].attempts.failed) else { return };
    let attempts = &mut world.ecs.deployments[id].attempts;
    attempts.not_before = Some(now + world.tuning.scheduler_delay + delay);
    if attempts.failed == world.tuning.free_launches + 1 {
        let service = world.ecs.deployments[id].service;
        world.say(service, Says::CannotStart, cause);
    }
}

/// How long a deployment still has to wait.
pub(super) fn rest(world: &World, id: DeploymentId) -> Millis {
    let until = world.ecs.deployments[id].attempts.not_before;
    until.map_or(Millis::ZERO, |until| until.since(world.now))
}

/// The additional delay after this many failed attempts.
fn delay(world: &World, failed: u32) -> Option<Millis> {
    let beyond = failed.checked_sub(world.tuning.free_launches + 1)?;
    let delay = world.tuning.throttle_first.0.saturating_mul(1_u64.checked_shl(beyond).unwrap_or(u64::MAX));
    Some(Millis(delay).min(world.tuning.throttle_cap))
}
