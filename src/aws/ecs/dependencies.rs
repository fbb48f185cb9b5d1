//! In which order the containers of a task start and stop: what `dependsOn` asks of them.
//!
//! Only reads: [`lifecycle`](crate::aws::ecs::lifecycle) asks here and acts. A container starts when everything that it
//! depends on has come as far as it asks, and is told to stop only when nothing that depends on it runs any more.
//! [API ContainerDefinition.dependsOn; AGENT dependencygraph]

use crate::model::id::{ContainerId, TaskId};
use crate::model::profile::Ending;
use crate::model::status::{ContainerStatus, HealthStatus};
use crate::model::task_definition::{ContainerDependency, DependencyCondition};
use crate::model::time::{Millis, Moment};
use crate::world::World;

/// Whether a container that has not started may do so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It may now.
    Now,
    /// Something that it depends on has still some way to go.
    Wait,
    /// It cannot any more: how it ends, with the container that it waited for.
    Never(Ending),
}

/// Whether any container of a task depends on another one.
pub fn has_order(world: &World, task: TaskId) -> bool {
    let content = &world.ecs.definitions[world.ecs.tasks[task].definition].content;
    content.container_definitions.iter().any(|container| !container.depends_on.is_empty())
}

/// Whether a container may start at this moment.
///
/// What it depends on is looked at in the order of the definition, and the first that is not there yet decides, as in
/// the agent. [AGENT dependencygraph]
pub fn start(world: &World, container: ContainerId) -> Start {
    let awaited = world.ecs.container_definition(container).depends_on.iter();
    let answers = awaited.map(|dependency| come_so_far(world, container, dependency));
    answers.into_iter().find(|answer| *answer != Start::Now).unwrap_or(Start::Now)
}

/// The first of those that a container still waits for, and what about it.
pub fn awaited(world: &World, container: ContainerId) -> Option<(ContainerId, DependencyCondition)> {
    let mut depends_on = world.ecs.container_definition(container).depends_on.iter();
    let waits = depends_on.find(|dependency| come_so_far(world, container, dependency) != Start::Now)?;
    Some((named(world, container, waits), waits.condition))
}

/// Whether nothing that depends on a container runs any more, so that it may be told to stop.
pub fn may_stop(world: &World, container: ContainerId) -> bool {
    dependants(world, container).all(|(id, _)| world.ecs.containers[id].status != ContainerStatus::Running)
}

/// Whether one container depends on the other.
pub fn depends(world: &World, container: ContainerId, awaited: ContainerId) -> bool {
    dependants(world, awaited).any(|(id, _)| id == container)
}

/// When those that wait for the end or the health of a started container give up. [API
/// ContainerDefinition.startTimeout]
pub fn deadline(world: &World, awaited: ContainerId) -> Option<Moment> {
    let timeout = world.ecs.container_definition(awaited).start_timeout?;
    let is_bound = |condition| condition != DependencyCondition::Start;
    let bound = dependants(world, awaited).any(|(_, condition)| is_bound(condition));
    let started = world.ecs.containers[awaited].started_at.filter(|_| bound)?;
    Some(started + Millis::seconds(u64::from(timeout)))
}

/// When ECS stops a task whose containers have not all started. [RM 1532]
pub fn overdue(world: &World, task: TaskId) -> Option<Moment> {
    Some(world.ecs.tasks[task].times.pull_stopped? + world.tuning.start_overdue)
}

/// Whether a container that another one depends on has come as far as it is to.
///
/// A container that gave up counts as STOPPED, with its code. One that has ended is waited for without a deadline: one
/// that ends before it was HEALTHY blocks those that wait for its health until ECS stops the task. In the agent the
/// deadline also strikes a condition that is met, as long as another one is not; here, as the API says, it is over with
/// the condition. [AGENT dependencygraph; API ContainerDefinition.startTimeout]
fn come_so_far(world: &World, container: ContainerId, dependency: &ContainerDependency) -> Start {
    let awaited = named(world, container, dependency);
    let record = &world.ecs.containers[awaited];
    let code = record.exit.map(|exit| exit.code);
    let met = match dependency.condition {
        DependencyCondition::Start => record.status != ContainerStatus::Pending,
        DependencyCondition::Complete => code.is_some(),
        DependencyCondition::Success if code.is_some_and(|code| code != 0) => {
            return Start::Never(Ending::DependencyFailed(awaited));
        }
        DependencyCondition::Success => code == Some(0),
        DependencyCondition::Healthy => record.health.status == HealthStatus::Healthy,
    };
    let bound = dependency.condition != DependencyCondition::Start && code.is_none();
    match deadline(world, awaited) {
        _ if met => Start::Now,
        Some(deadline) if bound && deadline <= world.now => Start::Never(Ending::DependencyTimedOut(awaited)),
        _ => Start::Wait,
    }
}

/// The container of the same task that a dependency names.
fn named(world: &World, container: ContainerId, dependency: &ContainerDependency) -> ContainerId {
    let task = world.ecs.containers[container].task;
    let named = |id: &ContainerId| world.ecs.container_definition(*id).name == dependency.container_name;
    world.ecs.tasks[task].containers().find(named).expect("registration asks for it to exist")
}

/// The containers that depend on this one, and on what about it.
fn dependants(world: &World, awaited: ContainerId) -> impl Iterator<Item = (ContainerId, DependencyCondition)> {
    let name = &world.ecs.container_definition(awaited).name;
    let siblings = world.ecs.tasks[world.ecs.containers[awaited].task].containers();
    siblings.flat_map(move |id| {
        let depends_on = &world.ecs.container_definition(id).depends_on;
        let concerned = depends_on.iter().filter(move |dependency| dependency.container_name == *name);
        concerned.map(move |dependency| (id, dependency.condition))
    })
}
