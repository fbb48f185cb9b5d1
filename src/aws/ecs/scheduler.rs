//! The service scheduler: keeps the desired count, and drives deployments to their steady state.
//!
//! It decides, then acts. [`plan`] only reads the world; [`look`] and [`pass`] apply what it says. A look follows at
//! once whenever the tasks of a service have changed, and stops what may go; tasks are started by a pass, which comes
//! [`Tuning::scheduler_delay`](crate::world::tuning::Tuning::scheduler_delay) after the change that calls for it.
//! That is what published traces show (calibration, traces A to D): starts come some 15 s after their reason, stops
//! at once.

use crate::aws::ecs::{capacity_split, circuit_breaker, launch, launch_throttle, lifecycle, rolling_update, scale_in};
use crate::model::id::{DeploymentId, FactId, ServiceId, TaskId};
use crate::model::status::{RolloutState, ServiceStatus, StopCode};
use crate::model::time::Millis;
use crate::world::World;
use crate::world::ecs::{Ailment, Complaint, StopReason};
use crate::world::says::{Says, Shortage};
use crate::world::timer::Timer;

/// What the scheduler would do with a service now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Tasks to stop, in this order.
    pub stop: Vec<TaskId>,
    /// How many tasks of which deployments to start, rates and room aside.
    pub start: Vec<(DeploymentId, u32)>,
    /// How many of those take the place of unhealthy ones.
    pub replaced: u32,
    /// Older deployments whose last task is gone.
    pub retire: Vec<DeploymentId>,
    /// Whether everything is as it should be.
    pub steady: bool,
    /// Whether the percentages leave no move.
    pub deadlocked: bool,
}

/// Decides what to do with a service.
pub fn plan(world: &World, id: ServiceId) -> Plan {
    let service = &world.ecs.services[id];
    let deployment = |id: &DeploymentId| &world.ecs.deployments[*id];
    let Some((primary_id, older)) = service.deployments.split_first() else { return Plan::default() };
    let primary = deployment(primary_id);
    // An old deployment that has lost tasks is still needed as long as the new one does not carry the service.
    let needed = |id: &DeploymentId| deployment(id).to_refill() > 0 && primary.healthy < service.desired;
    let is_done = |id: &DeploymentId| deployment(id).is_over() && !needed(id);
    let retire: Vec<DeploymentId> = older.iter().copied().filter(is_done).collect();

    let mut stop = scale_in::victims(world, primary, service.desired);
    stop.extend(rolling_update::displaced(world, service, primary, older));

    let missing = match primary.rollout {
        RolloutState::Failed => 0,
        RolloutState::InProgress | RolloutState::Completed => capacity_split::missing(primary, service.desired),
    };
    let total: u32 = service.deployments.iter().map(|id| deployment(id).counted()).sum();
    let most = rolling_update::upper_bound(service.desired, service.maximum_percent).max(service.desired);
    let room = most.saturating_sub(total - stop.len() as u32);
    let own = missing.min(room);
    let mut start = rolling_update::refills(world, service, primary, room - own);
    if own > 0 {
        start.insert(0, (*primary_id, own));
    }
    if start.is_empty() && missing > 0 && stop.is_empty() {
        // maximumPercent blocks the replacement: one unhealthy task makes room for it, at once, though it may drain for
        // long: what is stopping does not count against maximumPercent. [DG service scheduler concepts; API
        // DeploymentConfiguration.maximumPercent]
        stop.extend(primary.unhealthy.first());
        if stop.is_empty() && older.len() == retire.len() {
            match capacity_split::lacking(primary, service.desired) {
                Some(provider) if world.ecs.has_capacity(provider) => {
                    stop.extend(scale_in::misplaced(world, service, primary));
                }
                // It would not help; that the provider has no capacity is found, and said, when tasks are started.
                Some(_) => start.push((*primary_id, missing)),
                None => {}
            }
        }
    }
    let waiting = service.deployments.iter().any(|id| {
        let deployment = deployment(id);
        deployment.starting + deployment.stopping > 0 || deployment.healthy < deployment.running
    });
    Plan {
        steady: start.is_empty()
            && stop.is_empty()
            && older.len() == retire.len()
            && primary.starting == 0
            && primary.running == service.desired
            && primary.healthy == service.desired,
        deadlocked: missing > 0 && start.is_empty() && stop.is_empty() && !waiting && !older.is_empty(),
        replaced: own.min(primary.unhealthy.len() as u32),
        stop,
        start,
        retire,
    }
}

/// The tasks of a service have changed: stops what may go now, and arranges a pass where tasks are missing.
pub(crate) fn look(world: &mut World, id: ServiceId) {
    if world.ecs.services[id].status == ServiceStatus::Inactive {
        return;
    }
    let plan = apply(world, id);
    let rests = plan.start.iter().map(|&(deployment, _)| launch_throttle::rest(world, deployment));
    if let Some(rest) = rests.min() {
        let delay = world.tuning.scheduler_delay.max(rest);
        let cause = world.ecs.services[id].trigger;
        arrange(world, id, delay, cause);
    }
}

/// The scheduler gets to a service: stops what may go, then starts what is missing.
pub(crate) fn pass(world: &mut World, id: ServiceId) {
    let service = &world.ecs.services[id];
    let Some((at, cause)) = service.pass else { return };
    if at != world.now || service.status == ServiceStatus::Inactive {
        return;
    }
    world.set_pass(id, None);
    let mut plan = apply(world, id);
    if let Some(rest) = put_off(world, &mut plan) {
        arrange(world, id, rest, cause);
    }
    if plan.start.is_empty() {
        return;
    }
    let started = launch::launch(world, id, &plan, cause);
    if started == 0 {
        make_room(world, id, cause);
    }
    // What has been replaced goes in the same breath: started, failed its checks, stopped. (calibration, trace C; the
    // guide says that the replacement must be healthy first, which no trace of a container check shows)
    apply(world, id);
}

/// Takes the deployments that the launch throttle lets rest out of a plan. Returns when the first of them may be tried.
fn put_off(world: &World, plan: &mut Plan) -> Option<Millis> {
    let rest = |start: &(DeploymentId, u32)| launch_throttle::rest(world, start.0);
    let first = plan.start.first().copied();
    let (ready, resting): (Vec<_>, Vec<_>) = plan.start.drain(..).partition(|start| rest(start) == Millis::ZERO);
    plan.start = ready;
    if plan.start.first().copied() != first {
        // It was the PRIMARY one that would have replaced them.
        plan.replaced = 0;
    }
    resting.iter().map(rest).min()
}

/// Nothing could be started for want of room: an unhealthy task makes some. It comes first only "if maximumPercent and
/// capacity allow". [DG service scheduler concepts]
fn make_room(world: &mut World, id: ServiceId, cause: FactId) {
    let primary = &world.ecs.deployments[world.ecs.services[id].deployments[0]];
    // On Fargate nothing is freed by it.
    let blocked = matches!(world.ecs.services[id].complaint, Some(Complaint::NoRoom(shortage))
        if shortage != Shortage::FargateCapacity);
    let first = primary.unhealthy.first().copied().filter(|_| blocked && primary.stopping == 0);
    stop(world, id, first.as_slice(), cause);
}

/// Makes sure that the scheduler gets to a service after this delay at the latest. The first cause stays.
pub(super) fn arrange(world: &mut World, id: ServiceId, delay: Millis, cause: FactId) {
    let at = world.now + delay;
    match world.ecs.services[id].pass {
        Some((arranged, _)) if arranged <= at => return,
        Some((_, first)) => world.set_pass(id, Some((at, first))),
        None => world.set_pass(id, Some((at, cause))),
    }
    world.set_timer(delay, Timer::SchedulerPass(id));
}

/// A person changed the service: the scheduler gets to it after its usual delay, and whatever it does is their doing.
pub(crate) fn changed(world: &mut World, id: ServiceId, cause: FactId) {
    world.ecs.services[id].trigger = cause;
    world.set_complaint(id, None);
    circuit_breaker::changed(world, id, cause);
    arrange(world, id, world.tuning.scheduler_delay, cause);
    let arranged = world.ecs.services[id].pass.map(|(at, _)| (at, cause));
    world.set_pass(id, arranged);
}

/// A service that has been steady ever since says so again.
pub(crate) fn say_steady_again(world: &mut World, id: ServiceId) {
    let Some(since) = world.ecs.services[id].steady_since else { return };
    let steady = world.now.since(since);
    let due = steady > Millis::ZERO && steady.0.is_multiple_of(world.tuning.steady_again.0);
    if due && world.ecs.services[id].status == ServiceStatus::Active {
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
        complain(world, id, Complaint::Deadlocked);
    } else if plan.start.is_empty() {
        world.set_complaint(id, None);
        let primary = world.ecs.services[id].deployments[0];
        world.ecs.deployments[primary].vacancies.clear();
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
        let reason = match world.ecs.tasks[task].ailment {
            Some(ailment) => {
                let (says, reason) = complaint(world, task, ailment);
                world.say(id, says, cause);
                reason
            }
            None => scaling.clone(),
        };
        lifecycle::stop(world, task, StopCode::ServiceSchedulerInitiated, reason, cause);
    }
    world.say(id, Says::Stopped(tasks.into()), cause);
}

/// What is said about a task that is stopped for its bad health.
fn complaint(world: &World, task: TaskId, ailment: Ailment) -> (Says, StopReason) {
    match ailment {
        Ailment::ContainerChecks => (Says::FailedContainerChecks(task), StopReason::FailedContainerChecks),
        Ailment::Target(target, reason) => {
            let group = world.elb.targets[target].group;
            (Says::UnhealthyTarget(task, target, reason), StopReason::FailedElbChecks(group))
        }
        Ailment::TargetMissing(group) => (Says::TargetMissing(task, group), StopReason::FailedElbChecks(group)),
        Ailment::GroupMissing(group) => (Says::GroupMissing(task, group), StopReason::FailedElbChecks(group)),
    }
}

/// A deleted service is INACTIVE once every task of it is STOPPING or beyond. [API DeleteService]
fn finish_draining(world: &mut World, id: ServiceId, cause: FactId) {
    let counted = |&id: &DeploymentId| world.ecs.deployments[id].counted() + world.ecs.deployments[id].deactivating;
    if world.ecs.services[id].deployments.iter().map(counted).sum::<u32>() == 0 {
        world.move_service(id, ServiceStatus::Inactive, cause);
        for older in world.ecs.services[id].deployments.split_off(1) {
            world.retire_deployment(older);
        }
    }
}

/// Notes the beginning or the end of a steady state, and completes the deployment that led to it.
fn settle_down(world: &mut World, id: ServiceId, steady: bool, cause: FactId) {
    if !steady {
        world.set_steady(id, None);
        return;
    }
    let primary = world.ecs.services[id].deployments[0];
    if world.ecs.deployments[primary].rollout == RolloutState::InProgress {
        let fact = world.move_rollout(primary, RolloutState::Completed, cause);
        world.say(id, Says::DeploymentCompleted(primary), fact);
    }
    if world.ecs.services[id].steady_since.is_none() {
        world.set_steady(id, Some(world.now));
        world.say(id, Says::SteadyState, cause);
        world.set_timer(world.tuning.steady_again, Timer::SteadyAgain(id));
    }
}

/// Says once what keeps the scheduler from its work.
pub(super) fn complain(world: &mut World, id: ServiceId, complaint: Complaint) {
    if world.ecs.services[id].complaint != Some(complaint) {
        let cause = world.ecs.services[id].trigger;
        world.say(id, complaint.says(), cause);
        world.set_complaint(id, Some(complaint));
    }
}
