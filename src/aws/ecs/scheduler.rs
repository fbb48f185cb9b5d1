//! The service scheduler: keeps the desired count, and rolls a new revision out between minimumHealthyPercent and
//! maximumPercent.
//!
//! It decides, then acts. [`plan`] only reads the world, so `why` can run it too; [`look`] and [`pass`] apply what it
//! says. A look follows at once whenever the tasks of a service have changed, and stops what is in excess; tasks are
//! started by a pass, which comes [`Tuning::scheduler_delay`](crate::world::tuning::Tuning::scheduler_delay) after the
//! change that calls for it, as published traces show.

use crate::aws::ecs::{capacity, launch, lifecycle};
use crate::model::capacity::CapacityProvider;
use crate::model::id::{DeploymentId, FactId, ServiceId, TaskId};
use crate::model::status::{RolloutState, ServiceStatus, StopCode};
use crate::model::time::Millis;
use crate::world::World;
use crate::world::ecs::{Complaint, Deployment, Service, StopReason, Zone};
use crate::world::says::Says;
use crate::world::timer::Timer;

/// What the scheduler would do with a service now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Tasks to stop, in this order.
    pub stop: Vec<TaskId>,
    /// How many tasks of the PRIMARY deployment to start, rates and room on instances aside.
    pub start: u32,
    /// Older deployments whose last task is gone.
    pub retire: Vec<DeploymentId>,
    /// Whether everything is as it should be.
    pub steady: bool,
    /// Whether the percentages leave no move.
    pub deadlocked: bool,
}

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

/// Decides what to do with a service.
pub fn plan(world: &World, id: ServiceId) -> Plan {
    let service = &world.ecs.services[id];
    let deployment = |id: &DeploymentId| &world.ecs.deployments[*id];
    let Some((primary_id, older)) = service.deployments.split_first() else { return Plan::default() };
    let primary = deployment(primary_id);
    let retire: Vec<DeploymentId> =
        older.iter().copied().filter(|id| deployment(id).counted() + deployment(id).stopping == 0).collect();

    let mut stop = victims(service, primary);
    stop.extend(displaced(world, service, primary, older));

    let missing = service.desired.saturating_sub(primary.counted());
    let start = if older.is_empty() {
        missing
    } else {
        let total: u32 = service.deployments.iter().map(|id| deployment(id).counted()).sum();
        let room = upper_bound(service.desired, service.maximum_percent).saturating_sub(total - stop.len() as u32);
        missing.min(room)
    };
    let waiting = service.deployments.iter().any(|id| {
        let deployment = deployment(id);
        deployment.starting + deployment.stopping > 0 || deployment.healthy < deployment.running
    });
    Plan {
        steady: older.len() == retire.len()
            && primary.starting == 0
            && primary.running == service.desired
            && primary.healthy == service.desired,
        deadlocked: missing > 0 && start == 0 && stop.is_empty() && !waiting && !older.is_empty(),
        stop,
        start,
        retire,
    }
}

/// Tasks of older deployments that may go: what has not started yet, then what does not count as healthy as long as
/// enough others do, then healthy ones down to the lower bound. Oldest deployment first.
fn displaced(world: &World, service: &Service, primary: &Deployment, older: &[DeploymentId]) -> Vec<TaskId> {
    let lower = lower_bound(service.desired, service.minimum_healthy_percent);
    let older: Vec<&Deployment> = older.iter().rev().map(|&id| &world.ecs.deployments[id]).collect();
    let healthy = primary.healthy + older.iter().map(|deployment| deployment.healthy).sum::<u32>();
    let mut spare = healthy.saturating_sub(lower);
    let mut stop = Vec::new();
    for deployment in older {
        let starting = deployment.zones.values().flat_map(|zone| zone.starting.iter().copied());
        stop.extend(starting);
        if deployment.healthy < deployment.running && healthy >= lower {
            let running = deployment.zones.values().flat_map(|zone| zone.running.iter().copied());
            stop.extend(running.filter(|&task| !world.ecs.tasks[task].healthy));
        }
        let take = spare.min(deployment.healthy);
        spare -= take;
        if take > 0 {
            let healthy = |task: &TaskId| world.ecs.tasks[*task].healthy;
            let running = |zone: &'_ Zone| zone.running.iter().copied().filter(healthy).collect::<Vec<_>>().into_iter();
            stop.extend(in_turn(deployment.zones.values(), running).take(take as usize));
        }
    }
    stop
}

/// Tasks to give up in a scale-in: from the capacity provider that has too many, those that do not run yet, then the
/// oldest, always from the zone with the most. [API UpdateService; which task of a zone is UNSOURCED]
fn victims(service: &Service, deployment: &Deployment) -> Vec<TaskId> {
    let excess = deployment.counted().saturating_sub(service.desired);
    if excess == 0 {
        return Vec::new();
    }
    let young_first = |zone: &Zone| zone.starting.iter().chain(&zone.running).copied().collect::<Vec<_>>().into_iter();
    if service.strategy.is_empty() {
        return in_turn(deployment.zones.values(), young_first).take(excess as usize).collect();
    }
    // Tasks from before the strategy belong to none of its providers, and go first.
    let belongs = |provider: &Option<CapacityProvider>| {
        service.strategy.iter().any(|item| Some(item.capacity_provider) == *provider)
    };
    let strays = deployment.zones.iter().filter(|((provider, _), _)| !belongs(provider)).map(|(_, zone)| zone);
    let mut stop: Vec<TaskId> = in_turn(strays, young_first).take(excess as usize).collect();
    let counts = deployment.by_provider(&service.strategy);
    let kept = counts.iter().sum::<u32>() - (excess - stop.len() as u32);
    for (item, surplus) in service.strategy.iter().zip(capacity::surplus(&service.strategy, &counts, kept)) {
        let zones = deployment.zones_of(Some(item.capacity_provider));
        stop.extend(in_turn(zones, young_first).take(surplus as usize));
    }
    stop
}

/// The tasks that `of` lists for each zone, one at a time from the zone that has the most left; the first wins ties.
fn in_turn<'a, I: Iterator<Item = TaskId>>(
    zones: impl Iterator<Item = &'a Zone>,
    of: impl Fn(&'a Zone) -> I,
) -> impl Iterator<Item = TaskId> {
    let mut zones: Vec<_> = zones.map(|zone| (zone.len(), of(zone))).collect();
    std::iter::from_fn(move || {
        loop {
            let fullest = zones.iter_mut().rev().max_by_key(|(left, _)| *left).filter(|(left, _)| *left > 0)?;
            fullest.0 -= 1;
            match fullest.1.next() {
                Some(task) => return Some(task),
                None => fullest.0 = 0,
            }
        }
    })
}

/// The tasks of a service have changed: stops what is in excess now, and arranges a pass where tasks are missing.
pub fn look(world: &mut World, id: ServiceId) {
    if world.ecs.services[id].status == ServiceStatus::Inactive {
        return;
    }
    let plan = apply(world, id);
    if plan.start > 0 {
        arrange(world, id, world.tuning.scheduler_delay);
    }
}

/// The scheduler gets to a service: stops what is in excess, then starts what is missing.
pub fn pass(world: &mut World, id: ServiceId) {
    let service = &mut world.ecs.services[id];
    if service.pass_at != Some(world.now) || service.status == ServiceStatus::Inactive {
        return;
    }
    service.pass_at = None;
    let plan = apply(world, id);
    if plan.start > 0 {
        launch::launch(world, id, plan.start);
    }
}

/// Makes sure that the scheduler gets to a service after this delay at the latest.
pub fn arrange(world: &mut World, id: ServiceId, delay: Millis) {
    let at = world.now + delay;
    let service = &mut world.ecs.services[id];
    if service.pass_at.is_none_or(|arranged| arranged > at) {
        service.pass_at = Some(at);
        world.set_timer(delay, Timer::SchedulerPass(id));
    }
}

/// A person changed the service: the scheduler gets to it after its usual delay.
pub fn changed(world: &mut World, id: ServiceId, cause: FactId) {
    world.ecs.services[id].trigger = cause;
    world.ecs.services[id].complaint = None;
    arrange(world, id, world.tuning.scheduler_delay);
}

/// A service that has been steady ever since says so again.
pub fn say_steady_again(world: &mut World, id: ServiceId) {
    let Some(since) = world.ecs.services[id].steady_since else { return };
    let period = world.tuning.steady_again.0;
    if world.now.since(since).0.is_multiple_of(period) && world.ecs.services[id].status == ServiceStatus::Active {
        let cause = world.ecs.services[id].trigger;
        world.say(id, Says::SteadyState, cause);
        world.set_timer(world.tuning.steady_again, Timer::SteadyAgain(id));
    }
}

/// Applies all of a plan but the starts.
fn apply(world: &mut World, id: ServiceId) -> Plan {
    let plan = plan(world, id);
    let cause = world.ecs.services[id].trigger;
    for &deployment in &plan.retire {
        world.retire_deployment(deployment);
    }
    stop(world, id, &plan.stop, cause);
    if plan.deadlocked {
        complain(world, id, Complaint::Deadlocked(world.ecs.services[id].deployments[0]));
    }
    match world.ecs.services[id].status {
        ServiceStatus::Draining => finish_draining(world, id, cause),
        _ => settle_down(world, id, plan.steady, cause),
    }
    plan
}

fn stop(world: &mut World, id: ServiceId, tasks: &[TaskId], cause: FactId) {
    if tasks.is_empty() {
        return;
    }
    let scaling = StopReason::Scaling(world.ecs.services[id].deployments[0]);
    for &task in tasks {
        lifecycle::stop(world, task, StopCode::ServiceSchedulerInitiated, scaling.clone(), cause);
    }
    world.say(id, Says::Stopped(tasks.into()), cause);
}

/// A deleted service is INACTIVE once every task of it is STOPPING or beyond. [API DeleteService]
fn finish_draining(world: &mut World, id: ServiceId, cause: FactId) {
    let counted = |&id: &DeploymentId| world.ecs.deployments[id].counted();
    if world.ecs.services[id].deployments.iter().map(counted).sum::<u32>() == 0 {
        world.move_service(id, ServiceStatus::Inactive, cause);
    }
}

/// Notes the beginning or the end of a steady state, and completes the deployment that led to it.
fn settle_down(world: &mut World, id: ServiceId, steady: bool, cause: FactId) {
    if !steady {
        world.ecs.services[id].steady_since = None;
        return;
    }
    let primary = world.ecs.services[id].deployments[0];
    if world.ecs.deployments[primary].rollout == RolloutState::InProgress {
        let fact = world.move_rollout(primary, RolloutState::Completed, cause);
        world.say(id, Says::DeploymentCompleted(primary), fact);
    }
    let now = world.now;
    let service = &mut world.ecs.services[id];
    service.complaint = None;
    if service.steady_since.is_none() {
        service.steady_since = Some(now);
        world.say(id, Says::SteadyState, cause);
        world.set_timer(world.tuning.steady_again, Timer::SteadyAgain(id));
    }
    world.ecs.deployments[primary].vacancies.clear();
}

/// Says once what keeps the scheduler from its work.
pub(super) fn complain(world: &mut World, id: ServiceId, complaint: Complaint) {
    if world.ecs.services[id].complaint != Some(complaint) {
        let cause = world.ecs.services[id].trigger;
        world.say(id, complaint.says(), cause);
        world.ecs.services[id].complaint = Some(complaint);
    }
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
