//! The life of one task, from PROVISIONING to STOPPED, and of the programs in its containers.
//!
//! Each status lasts as long as its work takes; the work is a timer, and the timer's end moves the task on.
//! [DG task lifecycle]

use crate::aws::ecs::dependencies::{self, Start};
use crate::aws::ecs::roles;
use crate::aws::ecs::target_groups::{self, Wait};
use crate::aws::ecs::verdict;
use crate::aws::elb;
use crate::model::id::{ContainerId, DefinitionId, FactId, ImageId, TaskId};
use crate::model::probing::Progress;
use crate::model::profile::{self, End, Ending};
use crate::model::status::{ContainerStatus, DesiredStatus, LaunchType, StopCode, TaskStatus};
use crate::model::task_definition::{AssignPublicIp, ContainerDefinition, NetworkMode};
use crate::model::time::Millis;
use crate::workload;
use crate::world::World;
use crate::world::ecs::{Container, Stop, StopReason, Task};
use crate::world::fact::What;
use crate::world::timer::{Due, Timer};

/// Exit code of a container that gave up waiting for another one: 128 + 15, though nobody sent it a SIGTERM. [AGENT
/// pull 3218]
const GAVE_UP: u8 = 143;

/// Resolves the image of each container of a definition, as the first task of a deployment does.
pub fn resolve_images(world: &mut World, definition: DefinitionId) -> Vec<ImageId> {
    let containers = &world.ecs.definitions[definition].content.container_definitions;
    let images = &mut world.images;
    containers
        .iter()
        .map(|container| workload::resolve(images, &container.image, [&container.entry_point, &container.command]))
        .collect()
}

/// Creates a task with a container for each of these images, and sets it on its way.
pub fn start(world: &mut World, task: Task, images: &[ImageId], cause: FactId) -> TaskId {
    let first = if has_interface(world, task.definition) { TaskStatus::Provisioning } else { TaskStatus::Pending };
    let id = world.ecs.tasks.next_id();
    let first_container = world.ecs.containers.next_id();
    for (position, &image) in images.iter().enumerate() {
        world.ecs.containers.add(Container {
            task: id,
            position: position as u8,
            status: ContainerStatus::Pending,
            health: Progress::STARTING,
            image,
            started_at: None,
            exit: None,
        });
    }
    let container_count = images.len() as u8;
    world.add_task(Task { last_status: first, first_container, container_count, ..task }, cause);
    await_next_step(world, id);
    id
}

/// A task has done what its status is about: the next one follows. Nothing happens if it has left that status
/// meanwhile.
pub fn step(world: &mut World, task: TaskId, from: TaskStatus) {
    if world.ecs.tasks[task].last_status != from {
        return;
    }
    let to = match from {
        TaskStatus::Provisioning => TaskStatus::Pending,
        TaskStatus::Pending => TaskStatus::Activating,
        TaskStatus::Activating => TaskStatus::Running,
        TaskStatus::Deprovisioning => TaskStatus::Stopped,
        TaskStatus::Running | TaskStatus::Deactivating | TaskStatus::Stopping | TaskStatus::Stopped => return,
    };
    let cause = world.ecs.tasks[task].last_fact;
    if from == TaskStatus::Provisioning && world.ecs.tasks[task].address.is_none() {
        let reason = StopReason::NoFreeAddress(world.ecs.tasks[task].subnet, public_address(world, task));
        stop(world, task, StopCode::TaskFailedToStart, reason, cause);
        return;
    }
    if to == TaskStatus::Running && misses_image(world, task) {
        stop(world, task, StopCode::TaskFailedToStart, StopReason::CannotPull, cause);
        return;
    }
    if to == TaskStatus::Activating
        && let Err(reason) = roles::prepare(world, task)
    {
        stop(world, task, StopCode::TaskFailedToStart, reason, cause);
        return;
    }
    if to == TaskStatus::Running && dependencies::has_order(world, task) {
        world.finish_pull(task);
        start_unblocked(world, task);
        if world.ecs.tasks[task].last_status == TaskStatus::Activating {
            world.set_timer(world.tuning.start_overdue, Timer::StartOverdue(task));
        }
        return;
    }
    world.move_task(task, to, cause);
    match to {
        TaskStatus::Running => start_containers(world, task),
        _ => await_next_step(world, task),
    }
}

/// Starts those containers of an ACTIVATING task that wait for nothing more; the task is RUNNING when none waits.
///
/// Whatever a container may wait for comes by here: another one's start, end, health or start timeout. Pulls do not
/// wait: all images are there before the first container starts. SIM.
pub fn start_unblocked(world: &mut World, task: TaskId) {
    let record = &world.ecs.tasks[task];
    if record.last_status != TaskStatus::Activating || record.times.pull_stopped.is_none() {
        return;
    }
    let mut waiting: Vec<ContainerId> = record.containers().filter(|&id| is_pending(world, id)).collect();
    loop {
        let before = waiting.len();
        for &container in &waiting {
            let cause = world.ecs.tasks[task].last_fact;
            match dependencies::start(world, container) {
                Start::Wait => {}
                Start::Now => {
                    world.start_container_apart(container, cause);
                    start_program(world, container);
                }
                Start::Never(ending) => {
                    let fact = world.end_container(container, GAVE_UP, ending, cause);
                    if world.ecs.container_definition(container).essential {
                        stop(world, task, StopCode::TaskFailedToStart, StopReason::FailedToStart, fact);
                        return;
                    }
                }
            }
        }
        waiting.retain(|&id| is_pending(world, id));
        if waiting.is_empty() {
            break;
        }
        if waiting.len() == before {
            elb::health::program_changed(world, task);
            return;
        }
    }
    let cause = world.ecs.tasks[task].last_fact;
    world.move_task(task, TaskStatus::Running, cause);
    started(world, task);
    // What its checks said before counts from now on.
    world.agenda.put(Due::Judge(task));
}

/// Containers of a task have waited for each other for as long as ECS allows.
pub fn overdue(world: &mut World, task: TaskId) {
    if world.ecs.tasks[task].last_status == TaskStatus::Activating {
        let cause = world.ecs.tasks[task].last_fact;
        stop(world, task, StopCode::TaskFailedToStart, StopReason::FailedToStart, cause);
    }
}

/// Wants a task stopped for this reason. A task that is to stop already keeps its first reason.
///
/// Containers that have not started by then never do: each is STOPPED at once and has no exit code. Only one that gave
/// up waiting has one, 143. [AGENT engine/task_manager.go containerNextState, handleTerminalDependencyError; that it is
/// so on Fargate is UNSOURCED]
pub fn stop(world: &mut World, task: TaskId, code: StopCode, reason: StopReason, cause: FactId) {
    if world.ecs.tasks[task].desired_status == DesiredStatus::Stopped {
        return;
    }
    let fact = world.want_stopped(task, Stop { code, reason }, cause);
    let unborn: Vec<ContainerId> = world.ecs.tasks[task].containers().filter(|&id| is_pending(world, id)).collect();
    for container in unborn {
        world.skip_container(container);
    }
    if world.ecs.tasks[task].last_status == TaskStatus::Running {
        world.move_task(task, TaskStatus::Deactivating, fact);
        if target_groups::stopping(world, task, code) == Wait::No {
            world.agenda.put(Due::StopContainers(task));
        }
    } else if running_containers(world, task).next().is_some() {
        signal_containers(world, task);
    } else {
        leave(world, task);
    }
    verdict::stopped(world, task, code, fact);
}

/// The task has left its target groups, or has none: SIGTERM to every container that still runs.
pub fn stop_containers(world: &mut World, task: TaskId) {
    if world.ecs.tasks[task].last_status == TaskStatus::Deactivating {
        signal_containers(world, task);
    }
}

/// A task is STOPPING: SIGTERM to each container on which no other running one depends.
fn signal_containers(world: &mut World, task: TaskId) {
    let cause = world.ecs.tasks[task].last_fact;
    world.move_task(task, TaskStatus::Stopping, cause);
    let running: Vec<ContainerId> = running_containers(world, task).collect();
    if running.is_empty() {
        leave(world, task);
        return;
    }
    let spot = world.ecs.tasks[task].stop.as_ref().is_some_and(|stop| stop.code == StopCode::SpotInterruption);
    let hurried = spot && dependencies::has_order(world, task);
    for container in running {
        if hurried {
            // One after the other, their stop timeouts may add up to more than the notice.
            let code = profile::KILLED;
            world
                .set_timer(world.tuning.spot_notice, Timer::ContainerEnds { container, code, ending: Ending::Sigkill });
        }
        if dependencies::may_stop(world, container) {
            signal(world, container);
        }
    }
}

/// A container of a STOPPING task has ended: SIGTERM to those that it depended on, if no other running one does.
fn signal_freed(world: &mut World, ended: ContainerId) {
    let running: Vec<ContainerId> = running_containers(world, world.ecs.containers[ended].task).collect();
    for container in running {
        if dependencies::depends(world, ended, container) && dependencies::may_stop(world, container) {
            signal(world, container);
        }
    }
}

/// SIGTERM, and SIGKILL if the program has not left within its stop timeout.
fn signal(world: &mut World, container: ContainerId) {
    let patience = stop_timeout(world, world.ecs.container_definition(container));
    let End { after, code, ending } = world.images.profile(world.ecs.containers[container].image).leaves(patience);
    world.set_timer(after, Timer::ContainerEnds { container, code, ending });
}

/// Fargate Spot takes the capacity of a task back: the warning comes with SIGTERM, two minutes before the end at the
/// latest; a program that does not leave is killed when its stop timeout has run out. [DG Fargate capacity providers]
///
/// AWS's event with the warning says lastStatus RUNNING and desiredStatus STOPPED (semantics/around.md 9). The facts
/// come in that order, but in one moment: a task without target groups is STOPPING as soon as anybody can look. SIM:
/// how long AWS leaves it RUNNING is UNSOURCED.
pub fn interrupt(world: &mut World, task: TaskId, cause: FactId) {
    let warning = world.record(Some(cause), What::SpotWarning(task));
    stop(world, task, StopCode::SpotInterruption, StopReason::SpotInterruption, warning);
}

/// The program in a container ends. Nothing happens if it has ended already.
pub fn end_container(world: &mut World, container: ContainerId, code: u8, ending: Ending, cause: FactId) {
    let record = &world.ecs.containers[container];
    if record.status != ContainerStatus::Running {
        return;
    }
    let task = record.task;
    let fact = world.end_container(container, code, ending, cause);
    elb::health::program_changed(world, task);
    match world.ecs.tasks[task].last_status {
        // Nobody is left who could finish a request.
        TaskStatus::Deactivating if running_containers(world, task).next().is_none() => {
            world.agenda.put(Due::StopContainers(task));
        }
        TaskStatus::Stopping if running_containers(world, task).next().is_none() => leave(world, task),
        TaskStatus::Stopping => signal_freed(world, container),
        TaskStatus::Activating | TaskStatus::Running if world.ecs.container_definition(container).essential => {
            stop(world, task, StopCode::EssentialContainerExited, StopReason::EssentialContainerExited, fact);
        }
        TaskStatus::Activating => world.agenda.put(Due::StartContainers(task)),
        _ => {}
    }
}

/// The first container that the task cannot do without.
pub fn essential_container(world: &World, task: TaskId) -> ContainerId {
    let essential = |id: &ContainerId| world.ecs.container_definition(*id).essential;
    let first = world.ecs.tasks[task].containers().find(essential);
    first.expect("registration asks for one essential container")
}

/// How long a container may take to leave after SIGTERM.
pub fn stop_timeout(world: &World, container: &ContainerDefinition) -> Millis {
    container.stop_timeout.map_or(world.tuning.stop_timeout, |seconds| Millis::seconds(u64::from(seconds)))
}

/// The containers have ended, or never started: the interface goes, then the task is over.
fn leave(world: &mut World, task: TaskId) {
    world.ecs.tasks[task].times.execution_stopped = Some(world.now);
    let cause = world.ecs.tasks[task].last_fact;
    if world.ecs.tasks[task].address.is_some() {
        world.move_task(task, TaskStatus::Deprovisioning, cause);
        await_next_step(world, task);
    } else {
        world.move_task(task, TaskStatus::Stopped, cause);
    }
}

/// Sets the timer for the work of the present status.
fn await_next_step(world: &mut World, task: TaskId) {
    let from = world.ecs.tasks[task].last_status;
    let launch = world.ecs.tasks[task].launch;
    let delay = match (from, launch) {
        (TaskStatus::Provisioning, _) => world.tuning.interface_attach,
        (TaskStatus::Pending, LaunchType::Fargate) => world.tuning.fargate_pending,
        (TaskStatus::Pending, LaunchType::Ec2) => world.tuning.ec2_pending,
        (TaskStatus::Activating, _) => pull_and_start(world, task),
        (TaskStatus::Deprovisioning, _) => world.tuning.deprovisioning,
        _ => return,
    };
    world.set_timer(delay, Timer::TaskStep { task, from });
}

/// How long the pull and the start of the containers take. Fargate never has an image; an instance keeps what it
/// pulled.
fn pull_and_start(world: &mut World, task: TaskId) -> Millis {
    let images: Vec<ImageId> = world.ecs.containers_of(task).map(|(_, container)| container.image).collect();
    let tuning = &world.tuning;
    match world.ecs.tasks[task].instance {
        None => {
            let size: u32 = images.iter().map(|&image| world.images.profile(image).size_mb).sum();
            tuning.small_pull + tuning.pull(size.saturating_sub(tuning.small_image_mb))
        }
        Some(instance) => {
            let cache = &mut world.ecs.instances[instance].images;
            let size: u32 = images
                .iter()
                .filter(|&&image| cache.insert(image))
                .map(|&image| world.images.profile(image).size_mb)
                .sum();
            tuning.ec2_start + tuning.pull(size)
        }
    }
}

/// Starts the programs of a task whose containers wait for nothing.
fn start_containers(world: &mut World, task: TaskId) {
    for container in world.ecs.tasks[task].containers() {
        world.start_container(container);
        start_program(world, container);
    }
    started(world, task);
}

/// A container has started: sets the timers of whatever its program will do by itself, and of those that wait for it.
fn start_program(world: &mut World, container: ContainerId) {
    let limit = memory_limit(world, container);
    let profile = world.images.profile(world.ecs.containers[container].image);
    if let Some(End { after, code, ending }) = profile.own_end(limit) {
        world.set_timer(after, Timer::ContainerEnds { container, code, ending });
    }
    verdict::await_next_change(world, container);
    if let Some(deadline) = dependencies::deadline(world, container) {
        world.timers.set(deadline, Timer::StartTimeout(world.ecs.containers[container].task));
    }
}

/// A task is RUNNING, and so are its programs.
fn started(world: &mut World, task: TaskId) {
    verdict::started(world, task);
    target_groups::running(world, task);
    elb::health::program_changed(world, task);
}

/// What a container may use at most, in MiB: its own limit, or its task's.
fn memory_limit(world: &World, container: ContainerId) -> Option<u32> {
    let task = &world.ecs.tasks[world.ecs.containers[container].task];
    world.ecs.container_definition(container).memory.or(world.ecs.definitions[task.definition].content.memory)
}

/// Whether a registry does not have an image of a task.
fn misses_image(world: &World, task: TaskId) -> bool {
    world.ecs.containers_of(task).any(|(_, container)| world.images.profile(container.image).missing)
}

fn is_pending(world: &World, container: ContainerId) -> bool {
    world.ecs.containers[container].status == ContainerStatus::Pending
}

fn running_containers(world: &World, task: TaskId) -> impl Iterator<Item = ContainerId> {
    world.ecs.containers_of(task).filter(|(_, c)| c.status == ContainerStatus::Running).map(|(id, _)| id)
}

/// Whether the interface of a task was to have a public address too: on Fargate alone it can. [DG task networking]
fn public_address(world: &World, task: TaskId) -> AssignPublicIp {
    match (world.ecs.tasks[task].launch, world.ecs.network_of(task)) {
        (LaunchType::Fargate, Some(network)) => network.assign_public_ip,
        _ => AssignPublicIp::Disabled,
    }
}

/// Whether tasks of this definition get a network interface of their own.
fn has_interface(world: &World, definition: DefinitionId) -> bool {
    world.ecs.definitions[definition].content.network_mode == NetworkMode::Awsvpc
}
