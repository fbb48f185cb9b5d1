//! Services that cannot start what they should: no room, no role, no move, or tasks that fail again and again.

use super::{Stall, balancing, task};
use crate::aws::ecs::roles;
use crate::model::id::{DeploymentId, ServiceId, TaskId};
use crate::model::status::{RolloutState, ServiceStatus};
use crate::world::World;
use crate::world::ecs::{Complaint, StopReason};
use crate::world::names::SHORT;
use crate::world::says::Shortage;

/// What keeps a service from its steady state.
pub(super) fn stall(world: &World, id: ServiceId) -> Option<Stall> {
    let service = &world.ecs.services[id];
    if service.status == ServiceStatus::Inactive {
        return None;
    }
    let name = &service.name;
    let cluster = &world.ecs.clusters[service.cluster].name;
    let update =
        |change: &str| format!("ecs.update_service(#{{ cluster: \"{cluster}\", service: \"{name}\", {change} }})");
    match service.complaint {
        Some(Complaint::NoRoom(shortage)) => return Some(Stall::told(no_room(cluster, shortage, &update))),
        Some(Complaint::Deadlocked) => {
            let (least, most) = (service.minimum_healthy_percent, service.maximum_percent);
            let because =
                format!("of {} tasks it may stop none below {least} % and start none above {most} %", service.desired);
            let change = "deploymentConfiguration: #{ minimumHealthyPercent: 50, maximumPercent: 200 }";
            return Some(Stall::new(because, update(change)));
        }
        Some(Complaint::CannotAssume(definition, _)) => {
            let unassumable = roles::check(world, definition).err()?;
            return Some(Stall::new(unassumable.because, unassumable.way_out));
        }
        None => {}
    }
    if let Some(stall) = balancing::of_service(world, id) {
        return Some(stall);
    }
    let latest = service.deployments.first().filter(|_| service.steady_since.is_none());
    failing(world, *latest?, name, &update)
}

/// What makes room.
fn no_room(cluster: &str, shortage: Shortage, update: &dyn Fn(&str) -> String) -> String {
    match shortage {
        Shortage::Location(_) => format!(
            "register an instance in a zone of its subnets, or name subnets of zones that have instances: {}",
            update("networkConfiguration: #{ … }")
        ),
        Shortage::NoInstances | Shortage::Cpu(_) | Shortage::Memory(_) | Shortage::Ports(_) => format!(
            "register an instance with room: ecs.register_container_instance(#{{ cluster: \"{cluster}\", totalResources: [… \
             ] }}), or ask for fewer tasks: {}",
            update("desiredCount: …")
        ),
        Shortage::FargateCapacity => {
            "wait until there is capacity again; fault.spot_capacity takes back what a fault took; a strategy with another \
             provider does not wait"
                .to_owned()
        }
        Shortage::LabFull => "start a new lab".to_owned(),
    }
}

/// Tasks of the newest deployment fail again and again, before they run or afterwards.
fn failing(world: &World, id: DeploymentId, name: &str, update: &dyn Fn(&str) -> String) -> Option<Stall> {
    let deployment = &world.ecs.deployments[id];
    let lost = lost(world, id);
    let mut because = match lost {
        _ if deployment.failed > 0 => {
            let count =
                if deployment.failed == 1 { "1 task".to_owned() } else { format!("{} tasks", deployment.failed) };
            format!("{count} of {} failed", world.definition_name(deployment.definition))
        }
        Some(task) => {
            let stop = world.ecs.tasks[task].stop.as_ref().map(|stop| world.stopped_reason(&stop.reason));
            format!(
                "it loses its tasks: task {} stopped, {}",
                &world.task_name(task)[..SHORT],
                stop.unwrap_or_default()
            )
        }
        None => return None,
    };
    if let Some(next) = deployment.attempts.not_before.filter(|next| *next > world.now) {
        because.push_str(&format!("; launches are throttled, the next one comes at {next}"));
    }
    if deployment.rollout == RolloutState::Failed && deployment.rolled_back_to.is_none() {
        because.push_str("; its deployment FAILED, and there is none to roll back to");
    }
    let slow = || format!("a slow start needs other health settings: advise(\"{name}\")");
    let mend = lost.and_then(|task| task::stall(world, task));
    let mut mend = mend.unwrap_or_else(|| Stall::told(slow()).and_revision());
    if mend.revision {
        mend.way_out.push_str(&format!("; then a better revision: {}", update("taskDefinition: …")));
    }
    mend.because.insert(0, because);
    Some(mend)
}

/// The newest of a deployment's tasks that stopped, unless people or the service itself wanted that, or what it ran on
/// went away: there is nothing to mend about it.
fn lost(world: &World, id: DeploymentId) -> Option<TaskId> {
    use StopReason::{InstanceDeregistered, Scaling, SpotInterruption, User};
    let cluster = world.ecs.services[world.ecs.deployments[id].service].cluster;
    let stopped = world.ecs.clusters[cluster].stopped.iter().rev().take(LATELY).copied();
    let mut stopped = stopped.filter(|&task| world.ecs.tasks[task].deployment == Some(id));
    let faultless =
        |reason: &StopReason| matches!(reason, Scaling(_) | User(_) | SpotInterruption | InstanceDeregistered);
    stopped.find(|&task| world.ecs.tasks[task].stop.as_ref().is_some_and(|stop| !faultless(&stop.reason)))
}

/// Stopped tasks of a cluster that are looked through for one of a service.
const LATELY: usize = 200;
