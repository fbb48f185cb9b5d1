//! Starting the tasks of a service: where each one goes, and how many may start now.
//!
//! What the rates do not allow now starts in a later wave; what finds no room, or names a role that ECS cannot assume,
//! is said once, and waits.

use crate::aws::ecs::lifecycle;
use crate::aws::ecs::scheduler::Plan;
use crate::aws::ecs::{capacity_split, launch_rates, placement, roles, scheduler};
use crate::model::capacity::CapacityProvider;
use crate::model::id::{DeploymentId, FactId, InstanceId, ServiceId, SubnetId, TaskId};
use crate::model::status::{DeploymentStatus, LaunchType};
use crate::world::World;
use crate::world::ecs::{Complaint, Deployment, Service, Task, Vacancy};
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
    RateLimited,
    /// Something is missing, room or a role; it waits for it.
    Missing(Complaint),
}

fn no_room(shortage: Shortage) -> Obstacle {
    Obstacle::Missing(Complaint::NoRoom(shortage))
}

/// Starts what a plan asks for, as far as rates and room allow, and comes back for the rest. Returns how many it
/// started.
pub(super) fn launch(world: &mut World, id: ServiceId, plan: &Plan, cause: FactId) -> u32 {
    let mut started = Vec::new();
    let mut missing = None;
    let mut rate_limited = false;
    for &(deployment, wanted) in &plan.start {
        match launch_deployment(world, deployment, wanted, cause, &mut started) {
            Ok(()) => {}
            Err(Obstacle::Missing(complaint)) => missing = Some(complaint),
            Err(Obstacle::RateLimited) => rate_limited = true,
        }
    }
    let count = started.len() as u32;
    if count > 0 {
        world.say(id, Says::Started(started.into(), plan.replaced.min(count)), cause);
    }
    match missing {
        Some(complaint) => scheduler::complain(world, id, complaint),
        None if !rate_limited => world.set_complaint(id, None),
        None => {}
    }
    if rate_limited {
        let delay = launch_rates::next_wave(world, id);
        scheduler::arrange(world, id, delay, cause);
    }
    count
}

/// Starts tasks of one deployment until something is in the way.
fn launch_deployment(
    world: &mut World,
    id: DeploymentId,
    wanted: u32,
    cause: FactId,
    started: &mut Vec<TaskId>,
) -> Result<(), Obstacle> {
    let definition = world.ecs.deployments[id].definition;
    if let Err(unassumable) = roles::check(world, definition) {
        return Err(Obstacle::Missing(Complaint::CannotAssume(definition, unassumable.usage)));
    }
    // Tasks that belong on a provider without capacity: they wait there, and do not move to another one.
    let mut held = vec![0; world.ecs.deployments[id].strategy.len()];
    for _ in 0..wanted {
        started.extend(start_one(world, id, cause, &mut held)?);
    }
    match held.iter().any(|&held| held > 0) {
        true => Err(no_room(Shortage::FargateCapacity)),
        false => Ok(()),
    }
}

/// Starts one task, or holds it back for want of Fargate capacity.
///
/// Its cause is the loss that it makes up for, the oldest on its provider before others, or else what called for the
/// pass.
fn start_one(world: &mut World, id: DeploymentId, cause: FactId, held: &mut [u32]) -> Result<Option<TaskId>, Obstacle> {
    if world.ecs.tasks.len() >= world.tuning.tasks_ever {
        return Err(no_room(Shortage::LabFull));
    }
    let Some(spot) = find_spot(world, id, held)? else { return Ok(None) };
    if !launch_rates::take_launch(world, id, spot.provider) {
        return Err(Obstacle::RateLimited);
    }
    let definition = world.ecs.deployments[id].definition;
    if world.ecs.deployments[id].images.is_empty() {
        world.ecs.deployments[id].images = lifecycle::resolve_images(world, definition);
    }
    let deployment = &mut world.ecs.deployments[id];
    let vacancies = &mut deployment.vacancies;
    let its_own = vacancies.iter().position(|lost| lost.provider == spot.provider).unwrap_or(0);
    let cause = vacancies.remove(its_own).map_or(cause, |lost| lost.cause);
    let cluster = world.ecs.services[deployment.service].cluster;
    let new = Task {
        deployment: Some(id),
        provider: spot.provider,
        instance: spot.instance,
        ..Task::new(cluster, definition, deployment.launch, spot.subnet, world.now)
    };
    let images = deployment.images.clone();
    Ok(Some(lifecycle::start(world, new, &images, cause)))
}

/// Where the next task of a deployment goes; nowhere, and one more is held, if its provider has no capacity.
fn find_spot(world: &World, id: DeploymentId, held: &mut [u32]) -> Result<Option<Spot>, Obstacle> {
    let deployment = &world.ecs.deployments[id];
    let service = &world.ecs.services[deployment.service];
    if deployment.launch == LaunchType::Ec2 {
        let kin = service.deployments.iter().map(|&id| &world.ecs.deployments[id].spread).collect::<Vec<_>>();
        let instance = placement::place(world, service.cluster, deployment.definition, &deployment.subnets, &kin)
            .map_err(no_room)?;
        let subnet = world.ecs.instances[instance].subnet;
        return Ok(Some(Spot { provider: None, instance: Some(instance), subnet }));
    }
    let provider = if deployment.strategy.is_empty() {
        None
    } else {
        let item = next_item(deployment, service.desired, held);
        let provider = deployment.strategy[item].capacity_provider;
        if !world.ecs.has_capacity(provider) {
            held[item] += 1;
            return Ok(None);
        }
        Some(provider)
    };
    let subnet = emptiest_subnet(world, service, &deployment.subnets, provider);
    Ok(Some(Spot { provider, instance: None, subnet }))
}

/// The item of a deployment's strategy that its next task belongs on. An older deployment only makes up for losses,
/// each where it was.
fn next_item(deployment: &Deployment, desired: u32, held: &[u32]) -> usize {
    let strategy = &deployment.strategy;
    let item_of = |lost: &Vacancy| strategy.iter().position(|item| Some(item.capacity_provider) == lost.provider);
    let lost = deployment.vacancies.get(held.iter().sum::<u32>() as usize).and_then(item_of);
    match lost.filter(|_| deployment.status != DeploymentStatus::Primary) {
        Some(item) => item,
        None => {
            let counts = capacity_split::in_place(deployment, desired);
            let counts: Vec<u32> = counts.iter().zip(held).map(|(count, held)| count + held).collect();
            capacity_split::next(strategy, &counts)
        }
    }
}

/// The subnet with the fewest tasks of the service on the same provider: Fargate and Fargate Spot are spread apart.
fn emptiest_subnet(
    world: &World,
    service: &Service,
    subnets: &[SubnetId],
    provider: Option<CapacityProvider>,
) -> SubnetId {
    let deployments = || service.deployments.iter().map(|&id| &world.ecs.deployments[id]);
    let count = |subnet: SubnetId| {
        deployments().filter_map(|deployment| deployment.zones.get(&(provider, subnet))).map(|zone| zone.len()).sum()
    };
    placement::emptiest(&world.vpc, subnets, count)
        .expect("a deployment on Fargate has subnets: the world's invariants say so")
}
