//! Rolling updates: how far a deployment may go below and above the desired count, and which old tasks may go when.

use crate::aws::ecs::scale_in::in_turn;
use crate::model::id::{DeploymentId, TaskId};
use crate::model::status::HealthStatus;
use crate::world::World;
use crate::world::ecs::{Deployment, Service};

/// Healthy RUNNING tasks that must remain: minimumHealthyPercent of the desired count, rounded up.
/// [API DeploymentConfiguration.minimumHealthyPercent]
pub fn lower_bound(desired: u32, minimum_healthy_percent: u32) -> u32 {
    (u64::from(desired) * u64::from(minimum_healthy_percent)).div_ceil(100) as u32
}

/// RUNNING and PENDING tasks allowed during a deployment: maximumPercent of the desired count, rounded down.
/// [API DeploymentConfiguration.maximumPercent]
pub fn upper_bound(desired: u32, maximum_percent: u32) -> u32 {
    (u64::from(desired) * u64::from(maximum_percent) / 100) as u32
}

/// Tasks of older deployments that may go: what has not started yet, then what does not count as healthy as long as
/// enough others do, then healthy ones down to the lower bound. Oldest deployment first.
///
/// While the PRIMARY deployment is FAILED its tasks replace nothing, and the old ones stay.
pub(super) fn displaced(world: &World, service: &Service, primary: &Deployment, older: &[DeploymentId]) -> Vec<TaskId> {
    let lower = lower_bound(service.desired, service.minimum_healthy_percent);
    let older: Vec<&Deployment> = older.iter().rev().map(|&id| &world.ecs.deployments[id]).collect();
    let healthy = primary.healthy + older.iter().map(|deployment| deployment.healthy).sum::<u32>();
    let good = |task: &TaskId| world.ecs.tasks[*task].verdict == HealthStatus::Healthy;
    let mut spare = healthy.saturating_sub(lower);
    let mut stop = Vec::new();
    for deployment in older {
        if healthy >= lower {
            let zones = || deployment.zones.values();
            stop.extend(zones().flat_map(|zone| zone.starting.iter().copied()));
            if deployment.healthy < deployment.running {
                stop.extend(zones().flat_map(|zone| zone.running.iter().copied()).filter(|task| !good(task)));
            }
        }
        if healthy < lower {
            // An unhealthy task is no loss.
            stop.extend(&deployment.unhealthy);
        }
        let take = spare.min(deployment.healthy);
        spare -= take;
        if take > 0 {
            let healthy = in_turn(deployment.zones.values(), |zone| zone.running.iter().copied().filter(good));
            stop.extend(healthy.take(take as usize));
        }
    }
    stop
}

/// Tasks to start again for older deployments: an old task that is lost in the middle of a rollout is replaced by one
/// of the same revision, as long as the new ones are not there to take over, and unless its deployment is FAILED. [DG
/// rolling update; DG service scheduler concepts]
pub(super) fn refills(world: &World, service: &Service, primary: &Deployment, room: u32) -> Vec<(DeploymentId, u32)> {
    let older = &service.deployments[1..];
    let counted: u32 = older.iter().map(|&id| world.ecs.deployments[id].good()).sum();
    let mut wanted = service.desired.saturating_sub(primary.healthy + counted).min(room);
    let mut refills = Vec::new();
    for &id in older {
        let lost = world.ecs.deployments[id].to_refill().min(wanted);
        wanted -= lost;
        if lost > 0 {
            refills.push((id, lost));
        }
    }
    refills
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rounding rows of [DG23 rolling update], and the edges beside them.
    #[test]
    fn bounds_round_as_documented() {
        for (desired, minimum, lower) in
            [(4, 50, 2), (2, 75, 2), (3, 50, 2), (4, 100, 4), (1, 50, 1), (0, 100, 0), (5, 0, 0)]
        {
            assert_eq!(lower_bound(desired, minimum), lower, "{minimum}% of {desired}");
        }
        for (desired, maximum, upper) in [(3, 125, 3), (4, 200, 8), (4, 100, 4), (4, 125, 5), (1, 150, 1), (0, 200, 0)]
        {
            assert_eq!(upper_bound(desired, maximum), upper, "{maximum}% of {desired}");
        }
    }
}
