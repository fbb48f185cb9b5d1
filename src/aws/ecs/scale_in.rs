//! Which tasks a service gives up when it has too many.
//!
//! Unhealthy tasks first, then from the capacity provider that has too many, those that do not run yet, then the
//! oldest, always from the zone with the most. [API UpdateService; which task of a zone is UNSOURCED. On EC2 AWS also
//! looks at the instance with the most tasks of the service; here the zone alone decides]

use std::collections::BTreeSet;

use crate::aws::ecs::capacity_split;
use crate::aws::ecs::rolling_update::lower_bound;
use crate::model::capacity::CapacityProvider;
use crate::model::id::TaskId;
use crate::model::status::HealthStatus;
use crate::world::World;
use crate::world::ecs::{Ailment, Deployment, Service, Zone};

/// Tasks to give up, so that `desired` are left: unhealthy ones, then good ones beyond the number.
///
/// A task that failed its container checks goes as soon as its replacement has started (calibration, trace C); one
/// that a target group finds unhealthy stays until the replacement is known to be healthy, or unhealthy too. [DG
/// service scheduler concepts; the trace of a hung target in semantics/around.md 3.4]
pub(super) fn victims(world: &World, deployment: &Deployment, desired: u32) -> Vec<TaskId> {
    let unhealthy = deployment.unhealthy.len() as u32;
    let excess = deployment.counted().saturating_sub(desired);
    let settled = (deployment.healthy + unhealthy).saturating_sub(desired);
    let goes_at_once = |task: &TaskId| world.ecs.tasks[*task].ailment == Some(Ailment::ContainerChecks);
    let (at_once, later): (Vec<TaskId>, Vec<TaskId>) = deployment.unhealthy.iter().partition(|task| goes_at_once(task));
    let mut stop: Vec<TaskId> = at_once.into_iter().take(excess as usize).collect();
    let left = settled.saturating_sub(stop.len() as u32);
    stop.extend(later.into_iter().take(left as usize));
    stop.extend(good_victims(world, deployment, desired));
    stop
}

/// Good tasks beyond the number. Where a strategy says which ones, those may be the healthy ones, while others that
/// stay still start: then they wait until enough are healthy.
fn good_victims(world: &World, deployment: &Deployment, desired: u32) -> Vec<TaskId> {
    let excess = deployment.good().saturating_sub(desired);
    if excess == 0 {
        return Vec::new();
    }
    let young_first = |zone| good_tasks(zone, &deployment.unhealthy);
    let strategy = &deployment.strategy;
    if strategy.is_empty() {
        return in_turn(deployment.zones.values(), young_first).take(excess as usize).collect();
    }
    // Tasks from before the strategy belong to none of its providers, and go first.
    let belongs =
        |provider: &Option<CapacityProvider>| strategy.iter().any(|item| Some(item.capacity_provider) == *provider);
    let strays = deployment.zones.iter().filter(|((provider, _), _)| !belongs(provider)).map(|(_, zone)| zone);
    let mut stop: Vec<TaskId> = in_turn(strays, young_first).take(excess as usize).collect();
    let counts = deployment.by_provider();
    let kept = counts.iter().sum::<u32>() - (excess - stop.len() as u32);
    for (item, surplus) in strategy.iter().zip(capacity_split::surplus(strategy, &counts, kept)) {
        let zones = deployment.zones_of(Some(item.capacity_provider));
        stop.extend(in_turn(zones, young_first).take(surplus as usize));
    }
    let mut spare = deployment.healthy.saturating_sub(desired);
    stop.retain(|&task| {
        let healthy = world.ecs.tasks[task].verdict == HealthStatus::Healthy;
        let goes = !healthy || spare > 0;
        spare -= u32::from(healthy && goes);
        goes
    });
    stop
}

/// A task that is one too many on its provider, while maximumPercent leaves no room for the one that is missing on
/// another: it may go if it is one too many at all, or if enough others are healthy. [SIM: as an unhealthy task does]
pub(super) fn misplaced(world: &World, service: &Service, deployment: &Deployment) -> Option<TaskId> {
    let wanted = capacity_split::wanted(deployment, service.desired)?;
    let counts = deployment.by_provider();
    let too_many = (0..counts.len()).find(|&item| counts[item] > wanted[item])?;
    let zones = deployment.zones_of(Some(deployment.strategy[too_many].capacity_provider));
    let task = in_turn(zones, |zone| good_tasks(zone, &deployment.unhealthy)).next()?;
    let lower = lower_bound(service.desired, service.minimum_healthy_percent);
    let is_spare = deployment.counted() > service.desired
        || deployment.healthy > lower
        || world.ecs.tasks[task].verdict != HealthStatus::Healthy;
    is_spare.then_some(task)
}

/// The tasks of a zone that are not unhealthy: first those that do not run yet, then the oldest.
fn good_tasks<'a>(zone: &'a Zone, unhealthy: &'a BTreeSet<TaskId>) -> impl Iterator<Item = TaskId> + use<'a> {
    zone.starting.iter().chain(&zone.running).copied().filter(|task| !unhealthy.contains(task))
}

/// The tasks that `of` lists for each zone, one at a time from the zone that has the most left; the first wins ties.
pub(super) fn in_turn<'a, I: Iterator<Item = TaskId>>(
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
