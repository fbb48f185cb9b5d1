//! `timeline`: the states of tasks and pods over virtual time, read from the facts. Data only; `view` draws it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Session, about, narrate};
use crate::aws::ecs::verdict;
use crate::model::id::{ContainerId, DeploymentId, PodId, TargetId, TaskId};
use crate::model::kubernetes::PodPhase;
use crate::model::load_balancing::TargetState;
use crate::model::status::{HealthStatus, RolloutState, TaskStatus};
use crate::model::subject::Subject;
use crate::model::time::{Millis, Moment};
use crate::world::World;
use crate::world::fact::{Fact, What};
use crate::world::names::SHORT;

/// Rows that a timeline has at most: the newest ones.
const ROWS: usize = 500;

/// What some tasks and pods went through, from one moment to another.
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
    /// One row for each task or pod, oldest first.
    pub rows: Vec<Row>,
    /// Older ones that are left out.
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

/// What one task, pod or container went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The beginning of the task's id, the pod's name, or the container's.
    pub name: String,
    /// Its task definition, its node, or its image.
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

/// What a task, pod or container is in, as far as a timeline tells.
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
    /// The timeline of a task or a pod, or of everything in a service, a cluster, a namespace, on a node; of the last
    /// `span` only, if one is given.
    pub fn timeline(&self, stage: Subject, span: Option<Millis>) -> Timeline {
        let world = self.world();
        let behind = behind(world, stage);
        let mut scribe =
            Scribe { world, stage, behind, rows: BTreeMap::new(), checks: BTreeMap::new(), marks: Vec::new() };
        for fact in self.history() {
            scribe.read(fact);
        }
        let to = world.now;
        let first = scribe.rows.values().filter_map(|row| row.first()).map(|step| step.at);
        let first = first.chain(scribe.marks.iter().map(|mark| mark.at)).min().unwrap_or(to);
        let from = span.map_or(first, |span| first.max(earlier(to, span)));
        let Scribe { rows, mut marks, .. } = scribe;
        marks.retain(|mark| mark.at >= from);
        let rows = rows.into_iter().filter(|(_, states)| lasts(states, from));
        let mut rows: Vec<Row> = rows.map(|(actor, states)| row(world, stage, actor, states)).collect();
        let earlier = rows.len().saturating_sub(ROWS);
        rows.drain(..earlier);
        Timeline { timeline: narrate::name(world, stage), from, to, marks, rows, earlier }
    }
}

fn earlier(to: Moment, span: Millis) -> Moment {
    Moment::at(to.unix_millis().saturating_sub(span.0).max(Moment::START.unix_millis()))
}

/// Whether the last state reaches beyond a moment.
fn lasts(states: &[Step], from: Moment) -> bool {
    states.last().is_some_and(|last| last.state != State::Stopped || last.at >= from)
}

/// Who has a row of its own, in the order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Actor {
    Task(TaskId),
    Container(ContainerId),
    Pod(PodId),
    /// A container of a pod, by its number.
    PodContainer(PodId, u8),
}

/// The tasks that ever answered for a target group.
fn behind(world: &World, stage: Subject) -> BTreeSet<TaskId> {
    let Subject::TargetGroup(group) = stage else { return BTreeSet::new() };
    let targets = world.elb.targets.iter().filter(|(_, target)| target.group == group);
    targets.filter_map(|(_, target)| target.behind.map(|(task, _)| task)).collect()
}

fn row(world: &World, stage: Subject, actor: Actor, states: Vec<Step>) -> Row {
    let (name, about) = match actor {
        Actor::Task(id) => {
            let definition = world.definition_name(world.ecs.tasks[id].definition);
            let about = match (stage, narrate::owner(world, id)) {
                (Subject::Task(_) | Subject::Service(_), _) | (_, None) => definition,
                (_, Some(service)) => format!("{service} {definition}"),
            };
            (world.task_name(id)[..SHORT].to_owned(), about)
        }
        Actor::Container(id) => {
            let definition = world.ecs.container_definition(id);
            (format!("  {}", definition.name), definition.image.clone())
        }
        Actor::Pod(id) => {
            let node = world.kubernetes.pods[id].node.map_or_else(|| "no node".to_owned(), |id| world.node_name(id));
            (world.pod_name(id), node)
        }
        Actor::PodContainer(id, nth) => {
            let container = &world.kubernetes.pods[id].spec.containers[usize::from(nth)];
            (format!("  {}", container.name), container.image.clone())
        }
    };
    Row { name, about, states }
}

/// Reads facts and writes down what they say about whoever is on a stage.
struct Scribe<'a> {
    world: &'a World,
    stage: Subject,
    behind: BTreeSet<TaskId>,
    rows: BTreeMap<Actor, Vec<Step>>,
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
        match about::itself(world, fact.what).0 {
            Some(Subject::Task(task)) if self.has_task(task) => self.read_task(task, fact),
            Some(Subject::Pod(pod)) if self.has_pod(pod) => self.read_pod(pod, fact),
            Some(subject @ (Subject::EksCluster(_) | Subject::Nodegroup(_))) if self.has(subject) => {
                self.marks.push(Mark { at: fact.at, what: narrate::sentence(world, fact) });
            }
            Some(subject @ Subject::Service(_)) if self.has(subject) => self.read_deployment(fact),
            _ => {}
        }
    }

    /// What a fact about a task says about it and its containers.
    fn read_task(&mut self, task: TaskId, fact: &Fact) {
        let world = self.world;
        match fact.what {
            What::TaskCreated(_) => self.write(Actor::Task(task), fact.at, State::Starting),
            What::TaskMoved(_, status) => {
                let state = match status {
                    TaskStatus::Running => State::Running,
                    TaskStatus::Stopped => State::Stopped,
                    status if status.is_stopping() => State::Stopping,
                    _ => State::Starting,
                };
                self.write(Actor::Task(task), fact.at, state);
                if self.stage == Subject::Task(task) {
                    self.begin_containers(task, status, fact.at);
                }
            }
            What::ContainerHealth(container, health) => {
                self.goes_on(Actor::Container(container), fact.at, state_of(health));
                if world.ecs.container_definition(container).essential {
                    self.checked(task, fact.at, Check::Container(container), health);
                }
            }
            What::TargetMoved(target, state) if world.elb.targets[target].service.is_some() => {
                self.checked(task, fact.at, Check::Target(target), health_of(state));
            }
            What::TargetGone(target) => {
                if let Some(checks) = self.checks.get_mut(&task) {
                    checks.remove(&Check::Target(target));
                }
            }
            What::TaskVerdict(_, HealthStatus::Unhealthy) => self.health(task, fact.at, State::Unhealthy),
            What::ContainerStarted(container) => self.goes_on(Actor::Container(container), fact.at, State::Running),
            What::ContainerExited { container, .. } => {
                self.goes_on(Actor::Container(container), fact.at, State::Stopped);
            }
            _ => {}
        }
    }

    /// What a fact about a pod says about it and its containers. A pod whose container waits to be started again does
    /// not serve anybody, whatever its phase says.
    fn read_pod(&mut self, pod: PodId, fact: &Fact) {
        let alone = self.world.kubernetes.pods[pod].spec.containers.len() == 1;
        let container = |nth| if alone { Actor::Pod(pod) } else { Actor::PodContainer(pod, nth) };
        match fact.what {
            What::PodCreated(_) => self.write(Actor::Pod(pod), fact.at, State::Starting),
            What::PodMoved(_, phase) => {
                let state = match phase {
                    PodPhase::Pending => State::Starting,
                    PodPhase::Running => State::Running,
                    PodPhase::Succeeded | PodPhase::Failed => State::Stopped,
                };
                self.write(Actor::Pod(pod), fact.at, state);
            }
            What::PodDeleting(_) => self.write(Actor::Pod(pod), fact.at, State::Stopping),
            What::PodGone(_) => self.write(Actor::Pod(pod), fact.at, State::Stopped),
            What::PodContainerStarted(_, nth, _) => self.write_container(container(nth), fact.at, State::Running),
            What::PodContainerWaits(_, nth, _) => self.write_container(container(nth), fact.at, State::Starting),
            What::PodContainerExited { container: nth, .. } if !alone => {
                self.write_container(container(nth), fact.at, State::Stopped);
            }
            _ => {}
        }
    }

    /// A container of a pod has a row where nothing but its pod is shown; one that is alone speaks for its pod.
    fn write_container(&mut self, actor: Actor, at: Moment, state: State) {
        match actor {
            Actor::PodContainer(pod, _) if self.stage != Subject::Pod(pod) => {}
            actor => self.write(actor, at, state),
        }
    }

    fn read_deployment(&mut self, fact: &Fact) {
        let world = self.world;
        match fact.what {
            What::DeploymentCreated(deployment) => {
                let definition = world.definition_name(world.ecs.deployments[deployment].definition);
                self.mark(fact.at, deployment, format!("deployment of {definition}"));
            }
            What::DeploymentMoved(deployment, state @ (RolloutState::Completed | RolloutState::Failed)) => {
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

    fn has(&self, subject: Subject) -> bool {
        about::is_part_of(self.world, subject, self.stage)
    }

    fn has_task(&self, id: TaskId) -> bool {
        match self.stage {
            Subject::Instance(instance) => self.world.ecs.tasks[id].instance == Some(instance),
            Subject::TargetGroup(_) => self.behind.contains(&id),
            _ => self.has(Subject::Task(id)),
        }
    }

    fn has_pod(&self, id: PodId) -> bool {
        let pod = &self.world.kubernetes.pods[id];
        match self.stage {
            Subject::Node(node) => pod.node == Some(node),
            Subject::Nodegroup(group) => pod.node.is_some_and(|id| self.world.kubernetes.nodes[id].nodegroup == group),
            Subject::ServiceAccount(account) => pod.account == account,
            _ => self.has(Subject::Pod(id)),
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

    /// Adds a state, unless it is that one already.
    fn write(&mut self, actor: Actor, at: Moment, state: State) {
        let states = self.rows.entry(actor).or_default();
        if states.last().is_none_or(|last| last.state != state) {
            states.push(Step { at, state });
        }
    }

    /// Adds a state to a row that has begun.
    fn goes_on(&mut self, actor: Actor, at: Moment, state: State) {
        if self.rows.contains_key(&actor) {
            self.write(actor, at, state);
        }
    }

    /// What is said about the health of a task that runs.
    fn health(&mut self, task: TaskId, at: Moment, state: State) {
        let runs = [State::Running, State::Healthy, State::Unhealthy];
        let last = self.rows.get(&Actor::Task(task)).and_then(|states| states.last());
        if last.is_some_and(|last| runs.contains(&last.state)) {
            self.write(Actor::Task(task), at, state);
        }
    }

    fn begin_containers(&mut self, task: TaskId, status: TaskStatus, at: Moment) {
        let state = match status {
            TaskStatus::Pending => State::Starting,
            TaskStatus::Running => State::Running,
            _ => return,
        };
        for container in self.world.ecs.tasks[task].containers() {
            let states = self.rows.get(&Actor::Container(container));
            let began = states.and_then(|states| states.last()).is_some_and(|last| last.state != State::Starting);
            if !began {
                self.write(Actor::Container(container), at, state);
            }
        }
    }

    fn mark(&mut self, at: Moment, deployment: DeploymentId, what: String) {
        let service = self.world.ecs.deployments[deployment].service;
        let what = match self.stage {
            Subject::Service(_) => what,
            _ => format!("{}: {what}", narrate::name(self.world, Subject::Service(service))),
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
