//! Tasks whose containers wait for one another, and tasks that were stopped for a reason that a learner can mend.

use super::{Stall, address, balancing};
use crate::aws::ecs::{dependencies, roles};
use crate::model::id::{ContainerId, TaskId};
use crate::model::status::{ContainerStatus, HealthStatus};
use crate::model::task_definition::DependencyCondition;
use crate::world::World;
use crate::world::ecs::StopReason;
use crate::world::names::SHORT;

/// What keeps a task, or has ended it.
pub(super) fn stall(world: &World, id: TaskId) -> Option<Stall> {
    if let Some(stop) = &world.ecs.tasks[id].stop {
        return stopped(world, id, &stop.reason);
    }
    let waiting = world.ecs.containers_of(id).filter(|(_, record)| record.status == ContainerStatus::Pending);
    let waiting: Vec<Wait> = waiting.filter_map(|(container, _)| wait(world, container)).collect();
    let first = waiting.first()?;
    let way_out = way_out(world, id, first);
    let because = waiting.iter().map(|wait| sentence(world, id, wait)).collect();
    Some(Stall { because, ..Stall::told(way_out) })
}

/// A container that waits for another one.
struct Wait {
    container: ContainerId,
    awaited: ContainerId,
    condition: DependencyCondition,
}

fn wait(world: &World, container: ContainerId) -> Option<Wait> {
    let (awaited, condition) = dependencies::awaited(world, container)?;
    Some(Wait { container, awaited, condition })
}

/// Which container waits for what about which other one, since when, and until when.
fn sentence(world: &World, task: TaskId, wait: &Wait) -> String {
    let name = |id| &world.ecs.container_definition(id).name;
    let (container, awaited, condition) = (name(wait.container), name(wait.awaited), wait.condition);
    let record = &world.ecs.containers[wait.awaited];
    let head = format!("container {container} waits for {awaited} {condition}");
    match (record.started_at, record.exit) {
        (_, Some(exit)) => format!(
            "{head}, but {awaited} ended with code {} at {}, and what has ended becomes that no more",
            exit.code, exit.at
        ),
        (None, None) => format!("{head}, and {awaited} has not started yet"),
        (Some(since), None) => {
            let doing = match (condition, record.health.status) {
                (DependencyCondition::Healthy, health) => format!("is {health}"),
                _ => "runs on".to_owned(),
            };
            let until = match dependencies::deadline(world, wait.awaited) {
                Some(deadline) => format!("{container} gives up at {deadline}, by {awaited}'s startTimeout"),
                None => {
                    let end = dependencies::overdue(world, task).map(|end| format!(" at {end}")).unwrap_or_default();
                    format!("{awaited} has no startTimeout, so nothing ends the wait before ECS stops the task{end}")
                }
            };
            format!("{head} since {since}: {awaited} {doing}; {until}")
        }
    }
}

/// What would let the first waiting container go on.
fn way_out(world: &World, id: TaskId, wait: &Wait) -> String {
    let (task, definition) = (&world.ecs.tasks[id], world.ecs.container_definition(wait.awaited));
    let (awaited, image) = (&definition.name, &definition.image);
    let ended = world.ecs.containers[wait.awaited].exit.is_some();
    let not_started = world.ecs.containers[wait.awaited].started_at.is_none();
    if not_started && !ended {
        return "wait until it has: settle()".to_owned();
    }
    let cluster = &world.ecs.clusters[task.cluster].name;
    let short = &world.task_name(id)[..SHORT];
    let end = format!("this task ends by ecs.stop_task(#{{ cluster: \"{cluster}\", task: \"{short}\" }})");
    match wait.condition {
        DependencyCondition::Healthy
            if !ended && world.ecs.containers[wait.awaited].health.status == HealthStatus::Unknown =>
        {
            format!(
                "give its checks time: wait(\"1m\"); if it never gets HEALTHY, mend {awaited}'s healthCheck in a new revision"
            )
        }
        DependencyCondition::Healthy => {
            format!("in a new revision, mend {awaited} or its healthCheck, or write condition: \"START\"; {end}")
        }
        DependencyCondition::Complete | DependencyCondition::Success => format!(
            "let {awaited} end: image.define(\"{image}\", #{{ exit: #{{ code: 0, after: \"5s\" }} }}) before a new task; \
             or write condition: \"START\" in a new revision; {end}"
        ),
        DependencyCondition::Start => "wait until it has: settle()".to_owned(),
    }
}

/// What to do about the reason for which a task was stopped, where anything is to be done.
fn stopped(world: &World, id: TaskId, reason: &StopReason) -> Option<Stall> {
    let task = &world.ecs.tasks[id];
    let service = task.deployment.map(|id| &world.ecs.services[world.ecs.deployments[id].service].name);
    let advise = |service: &str| {
        Stall::told(format!("advise(\"{service}\") reckons the health settings that its boot needs")).and_revision()
    };
    Some(match reason {
        StopReason::NoFreeAddress(subnet, _) => address::stall(world, id, *subnet),
        StopReason::CannotPull => Stall::told(
            "register a revision with an image that exists; image.define(…) puts one into the lab's registry",
        )
        .and_revision(),
        StopReason::MayNotPull | StopReason::CannotInitialize(_) => {
            let unassumable = roles::check(world, task.definition).err().map(|unassumable| unassumable.way_out);
            Stall::told(unassumable.unwrap_or_else(|| {
                "allow it to the execution role: AmazonECSTaskExecutionRolePolicy has what pulling and logging need, secrets \
                 need a policy of their own"
                    .to_owned()
            }))
        }
        StopReason::FailedToStart => Stall::told(
            "in a new revision, let the awaited container come as far as dependsOn asks, or give it a longer startTimeout",
        )
        .and_revision(),
        StopReason::FailedContainerChecks => advise(service?),
        StopReason::FailedElbChecks(_) => {
            let service = service?;
            balancing::of_task(world, id).unwrap_or_else(|| advise(service))
        }
        StopReason::EssentialContainerExited => {
            let mut containers = world.ecs.containers_of(id);
            let failed = containers.find(|(_, record)| record.exit.is_some_and(|exit| exit.code != 0));
            let (container, _) = failed?;
            let image = &world.ecs.container_definition(container).image;
            Stall::told(format!(
                "mend the program, or its definition: image.define(\"{image}\", #{{ … }}) says how it behaves"
            ))
            .and_revision()
        }
        StopReason::Scaling(_)
        | StopReason::User(_)
        | StopReason::SpotInterruption
        | StopReason::InstanceDeregistered => return None,
    })
}
