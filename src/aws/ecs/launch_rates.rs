//! How many tasks may be launched: token buckets, one of each service, and two of the account for Fargate, on demand
//! and Spot, that services and RunTask draw on alike; and how often RunTask may be called. [DG Fargate throttling
//! quotas]
//!
//! A service that finds its bucket empty comes again in a later wave; RunTask is refused, and it is for the caller to
//! come again.

use crate::kernel::bucket::Bucket;
use crate::model::capacity::CapacityProvider;
use crate::model::id::{DeploymentId, ServiceId};
use crate::model::status::LaunchType;
use crate::model::time::Millis;
use crate::world::World;

/// What stands in the way of a RunTask call on Fargate, and how long it takes until it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttled {
    /// Too many calls in this second.
    Calls(Millis),
    /// More tasks than may be launched now on this provider, on demand where there is none.
    Launches(Option<CapacityProvider>, Millis),
}

/// The launches of the account on a provider; without one they are on demand.
fn account(world: &mut World, provider: Option<CapacityProvider>) -> &mut Bucket {
    match provider {
        Some(CapacityProvider::FargateSpot) => &mut world.ecs.spot_launches,
        Some(CapacityProvider::Fargate) | None => &mut world.ecs.fargate_launches,
    }
}

/// Takes one call of RunTask and a launch for each of its tasks, which go to these providers: all of them or none.
pub fn take_call(world: &mut World, tasks: &[Option<CapacityProvider>]) -> Result<(), Throttled> {
    let now = world.now;
    let rest = world.ecs.run_task_calls.wait_for(1, now);
    if rest > Millis::ZERO {
        return Err(Throttled::Calls(rest));
    }
    for &provider in tasks {
        let spot = |provider: &Option<CapacityProvider>| *provider == Some(CapacityProvider::FargateSpot);
        let alike = tasks.iter().filter(|other| spot(other) == spot(&provider)).count() as u32;
        let rest = account(world, provider).wait_for(alike, now);
        if rest > Millis::ZERO {
            return Err(Throttled::Launches(provider, rest));
        }
    }
    world.ecs.run_task_calls.take(1, now);
    for &provider in tasks {
        account(world, provider).take(1, now);
    }
    Ok(())
}

/// Takes one launch of a service's task, which goes to this provider, from the rates that apply: whether all of them
/// allow it.
pub(super) fn take_launch(world: &mut World, id: DeploymentId, provider: Option<CapacityProvider>) -> bool {
    let now = world.now;
    let (service, launch) = (world.ecs.deployments[id].service, world.ecs.deployments[id].launch);
    let on_fargate = launch == LaunchType::Fargate;
    let own = world.ecs.services[service].launches.wait_for(1, now);
    if own > Millis::ZERO || on_fargate && account(world, provider).wait_for(1, now) > Millis::ZERO {
        return false;
    }
    world.ecs.services[service].launches.take(1, now);
    if on_fargate {
        account(world, provider).take(1, now);
    }
    true
}

/// How long until a service is allowed its next launch, in waves rather than one by one.
pub(super) fn next_wave(world: &World, id: ServiceId) -> Millis {
    let own = world.ecs.services[id].launches.wait_for(1, world.now);
    let account = [&world.ecs.fargate_launches, &world.ecs.spot_launches].map(|bucket| bucket.wait_for(1, world.now));
    account.into_iter().fold(world.tuning.launch_wave.max(own), Millis::max)
}
