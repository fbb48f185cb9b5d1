//! Starting the tasks of a service: where each one goes, and how many may start now.
//!
//! Rates are token buckets: one of each service, one of the account for Fargate and one for Fargate Spot. What is not
//! allowed now starts in a later wave; what finds no room is said once, and waits for room.

use crate::aws::ecs::lifecycle::{self, NewTask};
use crate::aws::ecs::{capacity, placement, scheduler};
use crate::kernel::bucket::Bucket;
use crate::model::capacity::CapacityProvider;
use crate::model::id::{DeploymentId, InstanceId, ServiceId, SubnetId, TaskId};
use crate::model::status::LaunchType;
use crate::model::time::Millis;
use crate::world::World;
use crate::world::ecs::{Complaint, Service};
use crate::world::says::{Says, Shortage};

/// Where a task goes.
struct Spot {
    provider: Option<CapacityProvider>,
    instance: Option<InstanceId>,
    subnet: SubnetId,
}

/// Why a task cannot start now.
enum Obstacle {
    /// A rate is used up; a later wave may.
    Throttled,
    /// There is no room; it waits for some.
    NoRoom(Shortage),
}

/// Starts tasks of the PRIMARY deployment, as many as rates and room allow, and comes back for the rest.
pub(super) fn launch(world: &mut World, id: ServiceId, wanted: u32) {
    let mut started = Vec::new();
    // Tasks that belong on a provider without capacity: they wait there, and do not move to another one.
    let mut held = vec![0; world.ecs.services[id].strategy.len()];
    let mut obstacle = None;
    while (started.len() as u32) + held.iter().sum::<u32>() < wanted {
        match start_one(world, id, &mut held) {
            Ok(task) => started.extend(task),
            Err(found) => {
                obstacle = Some(found);
                break;
            }
        }
    }
    if !started.is_empty() {
        let cause = world.ecs.services[id].trigger;
        world.say(id, Says::Started(started.into()), cause);
    }
    if held.iter().any(|&held| held > 0) {
        scheduler::complain(world, id, Complaint::NoRoom(Shortage::FargateCapacity));
    }
    match obstacle {
        Some(Obstacle::NoRoom(shortage)) => scheduler::complain(world, id, Complaint::NoRoom(shortage)),
        Some(Obstacle::Throttled) => {
            let delay = next_wave(world, id);
            scheduler::arrange(world, id, delay);
        }
        None => {}
    }
}

/// Starts one task, or holds it back for want of Fargate capacity.
///
/// Its cause is the oldest loss that it makes up for, or else what called for the pass.
fn start_one(world: &mut World, id: ServiceId, held: &mut [u32]) -> Result<Option<TaskId>, Obstacle> {
    let service = &world.ecs.services[id];
    let (cluster, launch, primary) = (service.cluster, service.launch, service.deployments[0]);
    if world.ecs.tasks.len() >= world.tuning.tasks_ever {
        return Err(Obstacle::NoRoom(Shortage::LabFull));
    }
    let Some(spot) = find_spot(world, service, held)? else { return Ok(None) };
    take_tokens(world, id, spot.provider)?;
    let definition = world.ecs.deployments[primary].definition;
    if world.ecs.deployments[primary].images.is_empty() {
        world.ecs.deployments[primary].images = lifecycle::resolve_images(world, definition);
    }
    let deployment = &mut world.ecs.deployments[primary];
    let images = deployment.images.clone();
    let cause = match deployment.vacancies.is_empty() {
        true => world.ecs.services[id].trigger,
        false => deployment.vacancies.remove(0),
    };
    let new = NewTask {
        cluster,
        definition,
        deployment: Some(primary),
        standalone: None,
        launch,
        provider: spot.provider,
        instance: spot.instance,
        subnet: spot.subnet,
        images,
    };
    Ok(Some(lifecycle::start(world, new, cause)))
}

/// Where the next task of a service goes; nowhere, and one more is held, if its provider has no capacity.
fn find_spot(world: &World, service: &Service, held: &mut [u32]) -> Result<Option<Spot>, Obstacle> {
    if service.launch == LaunchType::Ec2 {
        let of_service = |deployment: DeploymentId| service.deployments.contains(&deployment);
        let definition = world.ecs.deployments[service.deployments[0]].definition;
        let kin = |task: &crate::world::ecs::Task| task.deployment.is_some_and(of_service);
        let instance = placement::place(world, service.cluster, definition, kin).map_err(Obstacle::NoRoom)?;
        let subnet = world.ecs.instances[instance].subnet;
        return Ok(Some(Spot { provider: None, instance: Some(instance), subnet }));
    }
    let provider = if service.strategy.is_empty() {
        None
    } else {
        let counts = world.ecs.deployments[service.deployments[0]].by_provider(&service.strategy);
        let counts: Vec<u32> = counts.iter().zip(&*held).map(|(count, held)| count + held).collect();
        let item = capacity::next(&service.strategy, &counts);
        let provider = service.strategy[item].capacity_provider;
        if !world.ecs.has_capacity(provider) {
            held[item] += 1;
            return Ok(None);
        }
        Some(provider)
    };
    Ok(Some(Spot { provider, instance: None, subnet: emptiest_subnet(world, service, provider) }))
}

/// The subnet with the fewest tasks of the service on the same provider: Fargate and Fargate Spot are spread apart.
fn emptiest_subnet(world: &World, service: &Service, provider: Option<CapacityProvider>) -> SubnetId {
    let deployments = || service.deployments.iter().map(|&id| &world.ecs.deployments[id]);
    let count = |subnet: SubnetId| {
        deployments().filter_map(|deployment| deployment.zones.get(&(provider, subnet))).map(|zone| zone.len()).sum()
    };
    let subnets = &world.ecs.deployments[service.deployments[0]].subnets;
    placement::emptiest(subnets, count).expect("a Fargate service has subnets")
}

/// Takes one launch from the rates that apply.
fn take_tokens(world: &mut World, id: ServiceId, provider: Option<CapacityProvider>) -> Result<(), Obstacle> {
    let now = world.now;
    let on_fargate = world.ecs.services[id].launch == LaunchType::Fargate;
    let own = world.ecs.services[id].launches.available(now);
    if own == 0 || on_fargate && account_bucket(world, provider).available(now) == 0 {
        return Err(Obstacle::Throttled);
    }
    world.ecs.services[id].launches.take(1, now);
    if on_fargate {
        account_bucket(world, provider).take(1, now);
    }
    Ok(())
}

fn account_bucket(world: &mut World, provider: Option<CapacityProvider>) -> &mut Bucket {
    match provider {
        Some(CapacityProvider::FargateSpot) => &mut world.ecs.spot_launches,
        Some(CapacityProvider::Fargate) | None => &mut world.ecs.fargate_launches,
    }
}

/// When the next launch is allowed, in waves rather than one by one.
fn next_wave(world: &World, id: ServiceId) -> Millis {
    let own = world.ecs.services[id].launches.wait_for(1, world.now);
    let account = [&world.ecs.fargate_launches, &world.ecs.spot_launches].map(|bucket| bucket.wait_for(1, world.now));
    account.into_iter().fold(world.tuning.launch_wave.max(own), Millis::max)
}
