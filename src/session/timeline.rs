//! `timeline`: the states of tasks over virtual time, read from the facts. Data only; `view` draws it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Session, narrate};
use crate::aws::ecs::verdict;
use crate::model::id::{ClusterId, ContainerId, DeploymentId, ServiceId, TargetId, TaskId};
use crate::model::load_balancing::TargetState;
use crate::model::status::{HealthStatus, RolloutState, TaskStatus};
use crate::model::time::{Millis, Moment};
use crate::world::World;
use crate::world::fact::{Fact, What};
use crate::world::names::SHORT;

/// Rows that a timeline has at most: the newest tasks.
const ROWS: usize = 500;
/// Whose timeline it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A task and its containers.
    Task(TaskId),
    /// The tasks of a service.
    Service(ServiceId),
    /// All tasks of a cluster.
    Cluster(ClusterId),
}

/// What some tasks went through, from one moment to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// What it is about.
    pub timeline: String,
    /// Where it begins.
    pub from: Moment,
    /// Where it ends: now.
    pub to: Moment,
    /// What happened to the whole of it, such as a deployment.
    pub marks: Vec<Mark>,
    /// One row for each task, oldest first.
    pub rows: Vec<Row>,
    /// Older tasks that are left out.
    pub earlier: usize,
}

/// Something that happened to the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// When.
    pub at: Moment,
    /// What.
    pub what: String,
}

/// What one task or container went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The beginning of the task's id, or the container's name.
    pub name: String,
    /// Its task definition, or its image.
    pub about: String,
    /// Its states, each with the moment at which it began.
    pub states: Vec<Step>,
}

/// A state and when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// When it began.
    pub at: Moment,
    /// The state.
    pub state: State,
}

/// What a task or container is in, as far as a timeline tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    /// On the way to RUNNING.
    Starting,
    /// RUNNING; nobody has said how healthy it is.
    Running,
    /// RUNNING, and its health checks pass: those of its containers, and those of its target groups.
    Healthy,
    /// RUNNING, and a health check says it is not well, whether or not the scheduler looks away for now.
    Unhealthy,
    /// On the way to STOPPED.
    Stopping,
    /// Over.
    Stopped,
}

impl Session {
    /// The timeline of a task, a service or a cluster; of the last `span` only, if one is given.
    pub fn timeline(&self, stage: Stage, span: Option<Millis>) -> Timeline {
        let world = self.world();
        let mut scribe = Scribe {
            world,
            stage,
            tasks: BTreeMap::new(),
            containers: BTreeMap::new(),
            checks: BTreeMap::new(),
            marks: Vec::new(),
        };
        for fact in self.history() {
            scribe.read(fact);
        }
        let to = world.now;
        let first = scribe.tasks.values().filter_map(|row| row.first()).map(|step| step.at);
        let first = first.chain(scribe.marks.iter().map(|mark| mark.at)).min().unwrap_or(to);
        let from = span.map_or(first, |span| first.max(earlier(to, span)));
        let Scribe { tasks, containers, mut marks, .. } = scribe;
        marks.retain(|mark| mark.at >= from);
        let mut rows: Vec<Row> = tasks
            .into_iter()
            .filter(|(_, states)| lasts(states, from))
            .map(|(id, s)| row(world, stage, id, s))
            .collect();
        rows.extend(containers.into_iter().map(|(id, states)| {
            let definition = world.ecs.container_definition(id);
            Row { name: format!("  {}", definition.name), about: definition.image.clone(), states }
        }));
        let earlier = rows.len().saturating_sub(ROWS);
        rows.drain(..earlier);
        Timeline { timeline: subject(world, stage), from, to, marks, rows, earlier }
    }
}

fn earlier(to: Moment, span: Millis) -> Moment {
    Moment::at(to.unix_millis().saturating_sub(span.0).max(Moment::START.unix_millis()))
}

/// Whether the last state reaches beyond a moment.
fn lasts(states: &[Step], from: Moment) -> bool {
    states.last().is_some_and(|last| last.state != State::Stopped || last.at >= from)
}

fn subject(world: &World, stage: Stage) -> String {
    match stage {
        Stage::Task(task) => narrate::task_name(world, task),
        Stage::Service(service) => format!("service {}", world.ecs.services[service].name),
        Stage::Cluster(cluster) => format!("cluster {}", world.ecs.clusters[cluster].name),
    }
}

fn row(world: &World, stage: Stage, id: TaskId, states: Vec<Step>) -> Row {
    let definition = world.definition_name(world.ecs.tasks[id].definition);
    let about = match (stage, narrate::owner(world, id)) {
        (Stage::Cluster(_), Some(service)) => format!("{service} {definition}"),
        _ => definition,
    };
    Row { name: world.task_name(id)[..SHORT].to_owned(), about, states }
}

/// Reads facts and writes down what they say about the tasks of a stage.
struct Scribe<'a> {
    world: &'a World,
    stage: Stage,
    tasks: BTreeMap<TaskId, Vec<Step>>,
    containers: BTreeMap<ContainerId, Vec<Step>>,
    /// What each check of a task said last.
    checks: BTreeMap<TaskId, BTreeMap<Check, HealthStatus>>,
    marks: Vec<Mark>,
}

/// Who checks a task.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Check {
    Container(ContainerId),
    Target(TargetId),
}

impl Scribe<'_> {
    fn read(&mut self, fact: &Fact) {
        let world = self.world;
        match fact.what {
            What::TaskCreated(task) if self.is_on_stage(task) => self.task(task, fact.at, State::Starting),
            What::TaskMoved(task, status) if self.is_on_stage(task) => {
                let state = match status {
                    TaskStatus::Running => State::Running,
                    TaskStatus::Stopped => State::Stopped,
                    status if status.is_stopping() => State::Stopping,
                    _ => State::Starting,
                };
                self.task(task, fact.at, state);
                if self.stage == Stage::Task(task) {
                    self.begin_containers(task, status, fact.at);
                }
            }
            What::ContainerHealth(container, health) if self.is_on_stage(world.ecs.containers[container].task) => {
                let task = world.ecs.containers[container].task;
                if let Some(states) = self.containers.get_mut(&container) {
                    write(states, fact.at, state_of(health));
                }
                if world.ecs.container_definition(container).essential {
                    self.checked(task, fact.at, Check::Container(container), health);
                }
            }
            What::TargetMoved(target, state) => {
                let record = &world.elb.targets[target];
                if let (Some((task, _)), Some(_)) = (record.behind, record.service)
                    && self.is_on_stage(task)
                {
                    self.checked(task, fact.at, Check::Target(target), health_of(state));
                }
            }
            What::TargetGone(target) => {
                if let Some((task, _)) = world.elb.targets[target].behind
                    && let Some(checks) = self.checks.get_mut(&task)
                {
                    checks.remove(&Check::Target(target));
                }
            }
            What::TaskVerdict(task, HealthStatus::Unhealthy) if self.is_on_stage(task) => {
                self.health(task, fact.at, State::Unhealthy);
            }
            What::ContainerStarted(container) => {
                if let Some(states) = self.containers.get_mut(&container) {
                    write(states, fact.at, State::Running);
                }
            }
            What::ContainerExited { container, .. } => {
                if let Some(states) = self.containers.get_mut(&container) {
                    write(states, fact.at, State::Stopped);
                }
            }
            What::DeploymentCreated(deployment) if self.is_of(deployment) => {
                let definition = world.definition_name(world.ecs.deployments[deployment].definition);
                self.mark(fact.at, deployment, format!("deployment of {definition}"));
            }
            What::DeploymentMoved(deployment, state @ (RolloutState::Completed | RolloutState::Failed))
                if self.is_of(deployment) =>
            {
                let record = &world.ecs.deployments[deployment];
                let definition = world.definition_name(record.definition);
                let back = record.rolled_back_to.filter(|_| state == RolloutState::Failed).map(|target| {
                    let target = world.definition_name(world.ecs.deployments[target].definition);
                    format!(", rolled back to {target}")
                });
                let back = back.unwrap_or_default();
                self.mark(fact.at, deployment, format!("{definition} is {state}{back}"));
            }
            _ => {}
        }
    }

    fn is_on_stage(&self, id: TaskId) -> bool {
        let task = &self.world.ecs.tasks[id];
        match self.stage {
            Stage::Task(wanted) => wanted == id,
            Stage::Service(service) => {
                task.deployment.is_some_and(|d| self.world.ecs.deployments[d].service == service)
            }
            Stage::Cluster(cluster) => task.cluster == cluster,
        }
    }

    fn is_of(&self, deployment: DeploymentId) -> bool {
        let service = self.world.ecs.deployments[deployment].service;
        match self.stage {
            Stage::Task(_) => false,
            Stage::Service(wanted) => wanted == service,
            Stage::Cluster(cluster) => self.world.ecs.services[service].cluster == cluster,
        }
    }

    /// One check of a task says something else: the task is healthy when all of them say so.
    fn checked(&mut self, task: TaskId, at: Moment, check: Check, health: HealthStatus) {
        let checks = self.checks.entry(task).or_default();
        checks.insert(check, health);
        let said = |health| checks.values().filter(|said| **said == health).count();
        let state = match (said(HealthStatus::Unhealthy), said(HealthStatus::Healthy)) {
            (0, healthy) if healthy >= verdict::checks(self.world, task) => State::Healthy,
            (0, _) => State::Running,
            (_, _) => State::Unhealthy,
        };
        self.health(task, at, state);
    }

    fn task(&mut self, task: TaskId, at: Moment, state: State) {
        write(self.tasks.entry(task).or_default(), at, state);
    }

    /// What is said about the health of a task that runs.
    fn health(&mut self, task: TaskId, at: Moment, state: State) {
        let states = self.tasks.entry(task).or_default();
        let runs = [State::Running, State::Healthy, State::Unhealthy];
        if states.last().is_some_and(|last| runs.contains(&last.state)) {
            write(states, at, state);
        }
    }

    fn begin_containers(&mut self, task: TaskId, status: TaskStatus, at: Moment) {
        let state = match status {
            TaskStatus::Pending => State::Starting,
            TaskStatus::Running => State::Running,
            _ => return,
        };
        for container in self.world.ecs.tasks[task].containers() {
            let states = self.containers.entry(container).or_default();
            let began = states.last().is_some_and(|last| last.state != State::Starting);
            if !began {
                write(states, at, state);
            }
        }
    }

    fn mark(&mut self, at: Moment, deployment: DeploymentId, what: String) {
        let what = match self.stage {
            Stage::Cluster(_) => {
                let service = self.world.ecs.deployments[deployment].service;
                format!("service {}: {what}", self.world.ecs.services[service].name)
            }
            _ => what,
        };
        self.marks.push(Mark { at, what });
    }
}

/// What a target's state says about its task. One in a zone that its load balancer does not reach, or without a
/// listener, is not well for the scheduler either.
fn health_of(state: TargetState) -> HealthStatus {
    match state {
        TargetState::Healthy => HealthStatus::Healthy,
        TargetState::Initial => HealthStatus::Unknown,
        TargetState::Unhealthy | TargetState::Unused | TargetState::Draining => HealthStatus::Unhealthy,
    }
}

fn state_of(health: HealthStatus) -> State {
    match health {
        HealthStatus::Healthy => State::Healthy,
        HealthStatus::Unhealthy => State::Unhealthy,
        HealthStatus::Unknown => State::Running,
    }
}

/// Adds a state, unless it is that one already.
fn write(states: &mut Vec<Step>, at: Moment, state: State) {
    if states.last().is_none_or(|last| last.state != state) {
        states.push(Step { at, state });
    }
}
