//! Tasks and their containers: from status to status, with the counts and indexes that follow.

use std::collections::BTreeSet;

use super::{CONTAINER, TASK, go};
use crate::model::id::{ContainerId, DeploymentId, FactId, InstanceId, TaskId};
use crate::model::probing::Progress;
use crate::model::profile::Ending;
use crate::model::status::{ContainerStatus, DesiredStatus, HealthStatus, InstanceStatus, StopCode, TaskStatus};
use crate::model::task_definition::NetworkMode;
use crate::world::World;
use crate::world::ecs::{Ailment, ContainerExit, Stop, Task, Vacancy};
use crate::world::fact::What;

impl World {
    /// Adds a task in its first status and counts it.
    pub fn add_task(&mut self, task: Task, cause: FactId) -> TaskId {
        let id = self.ecs.tasks.next_id();
        let fact = self.record(Some(cause), What::TaskCreated(id));
        let awsvpc = self.ecs.definitions[task.definition].content.network_mode == NetworkMode::Awsvpc;
        let address = awsvpc.then(|| self.vpc.attach(task.subnet, id)).flatten();
        let added = self.ecs.tasks.add(Task { address, last_fact: fact, ..task });
        debug_assert_eq!(added, id);
        let task = &self.ecs.tasks[id];
        self.ecs.clusters[task.cluster].live.insert(id);
        if let Some(instance) = task.instance {
            self.hold(instance, id);
        }
        self.count(id, Step::Enter);
        self.note_cluster(self.ecs.tasks[id].cluster);
        id
    }

    /// Moves a task to its next status.
    pub fn move_task(&mut self, id: TaskId, to: TaskStatus, cause: FactId) -> FactId {
        let from = self.ecs.tasks[id].last_status;
        self.count(id, Step::Leave);
        let now = self.now;
        let task = &mut self.ecs.tasks[id];
        go(TASK, &mut task.last_status, to, id);
        task.version += 1;
        match to {
            TaskStatus::Activating => task.times.pull_started = Some(now),
            TaskStatus::Running => {
                task.times.pull_stopped.get_or_insert(now);
                task.times.started = Some(now);
            }
            TaskStatus::Stopped => task.times.stopped = Some(now),
            _ => {}
        }
        if to != TaskStatus::Running {
            task.verdict = HealthStatus::Unknown;
        }
        self.count(id, Step::Enter);
        let fact = self.record(Some(cause), What::TaskMoved(id, to));
        self.ecs.tasks[id].last_fact = fact;
        self.notify_service(id, from, to, fact);
        if to == TaskStatus::Stopped {
            self.release(id, fact);
        }
        self.note_cluster(self.ecs.tasks[id].cluster);
        fact
    }

    /// Wants a task stopped, and says why. The first reason stays.
    pub fn want_stopped(&mut self, id: TaskId, stop: Stop, cause: FactId) -> FactId {
        let fact = self.record(Some(cause), What::TaskStopRequested(id));
        let now = self.now;
        let task = &mut self.ecs.tasks[id];
        task.desired_status = DesiredStatus::Stopped;
        task.version += 1;
        task.stop = Some(Box::new(stop));
        task.times.stopping = Some(now);
        task.last_fact = fact;
        fact
    }

    /// What the scheduler takes a RUNNING task for from now on.
    pub fn judge(&mut self, id: TaskId, verdict: HealthStatus, ailment: Option<Ailment>, cause: FactId) -> FactId {
        self.count(id, Step::Leave);
        self.ecs.tasks[id].verdict = verdict;
        self.ecs.tasks[id].ailment = ailment;
        self.ecs.tasks[id].was_healthy |= verdict == HealthStatus::Healthy;
        self.count(id, Step::Enter);
        let fact = self.record(Some(cause), What::TaskVerdict(id, verdict));
        self.ecs.tasks[id].last_fact = fact;
        if let Some(deployment) = self.ecs.tasks[id].deployment {
            self.look_at(self.ecs.deployments[deployment].service, fact);
        }
        fact
    }

    /// The images of a task are there. What is not told before is told by its RUNNING.
    pub fn finish_pull(&mut self, id: TaskId) {
        self.ecs.tasks[id].times.pull_stopped = Some(self.now);
    }

    /// The program in a container starts while others of its task still wait.
    pub fn start_container_apart(&mut self, id: ContainerId, cause: FactId) {
        let fact = self.record(Some(cause), What::ContainerStarted(id));
        self.start_container(id);
        self.ecs.tasks[self.ecs.containers[id].task].last_fact = fact;
    }

    /// The program in a container starts. The fact that tells it is the task's RUNNING.
    pub fn start_container(&mut self, id: ContainerId) {
        let container = &mut self.ecs.containers[id];
        go(CONTAINER, &mut container.status, ContainerStatus::Running, id);
        container.started_at = Some(self.now);
    }

    /// The program in a container ends, or is never to start.
    pub fn end_container(&mut self, id: ContainerId, code: u8, ending: Ending, cause: FactId) -> FactId {
        let fact = self.record(Some(cause), What::ContainerExited { container: id, code, ending });
        let container = &mut self.ecs.containers[id];
        go(CONTAINER, &mut container.status, ContainerStatus::Stopped, id);
        container.exit = Some(ContainerExit { code, ending, at: self.now });
        self.ecs.tasks[container.task].last_fact = fact;
        fact
    }

    /// A container never starts, because its task stops before: it is STOPPED, without an exit code. The fact that
    /// tells it is that of the task.
    pub fn skip_container(&mut self, id: ContainerId) {
        go(CONTAINER, &mut self.ecs.containers[id].status, ContainerStatus::Stopped, id);
    }

    /// What a container's health checks have come to.
    pub fn set_health(&mut self, id: ContainerId, health: Progress) -> FactId {
        let container = &mut self.ecs.containers[id];
        let turned = container.health.status != health.status;
        container.health = health;
        let task = container.task;
        let last = self.ecs.tasks[task].last_fact;
        if !turned {
            return last;
        }
        let fact = self.record(Some(last), What::ContainerHealth(id, health.status));
        self.ecs.tasks[task].last_fact = fact;
        fact
    }

    /// Tells the task's service that its counts have changed.
    fn notify_service(&mut self, id: TaskId, from: TaskStatus, to: TaskStatus, fact: FactId) {
        let Some(deployment) = self.ecs.tasks[id].deployment else { return };
        let was_counted = from.is_starting() || from == TaskStatus::Running;
        let is_counted = to.is_starting() || to == TaskStatus::Running;
        if was_counted && !is_counted && !self.stopped_by_scheduler(id) && self.is_missed(id, deployment, from) {
            let vacancy = Vacancy { cause: fact, provider: self.ecs.tasks[id].provider };
            self.ecs.deployments[deployment].vacancies.push_back(vacancy);
        }
        if is_counted && to != TaskStatus::Running {
            return;
        }
        self.look_at(self.ecs.deployments[deployment].service, fact);
    }

    /// Whether a lost task is to be made up for. A task of an older deployment that had not started when the newest one
    /// came is not: older deployments are scaled to zero. [API Deployment]
    fn is_missed(&self, id: TaskId, deployment: DeploymentId, from: TaskStatus) -> bool {
        let newest = self.ecs.services[self.ecs.deployments[deployment].service].deployments[0];
        let younger = || self.ecs.tasks[id].times.created >= self.ecs.deployments[newest].created_at;
        newest == deployment || from == TaskStatus::Running || younger()
    }

    fn stopped_by_scheduler(&self, id: TaskId) -> bool {
        self.ecs.tasks[id].stop.as_ref().is_some_and(|stop| stop.code == StopCode::ServiceSchedulerInitiated)
    }

    /// Adds a task to, or takes it from, everything that counts tasks by status.
    fn count(&mut self, id: TaskId, step: Step) {
        let task = &self.ecs.tasks[id];
        let (status, verdict, place) = (task.last_status, task.verdict, (task.provider, task.subnet));
        let cluster = &mut self.ecs.clusters[task.cluster];
        step.apply(&mut cluster.pending, status.is_starting());
        step.apply(&mut cluster.running, status == TaskStatus::Running);
        let Some(deployment) = task.deployment else { return };
        let deployment = &mut self.ecs.deployments[deployment];
        step.apply(&mut deployment.starting, status.is_starting());
        step.apply(&mut deployment.running, status == TaskStatus::Running);
        step.apply(&mut deployment.healthy, verdict == HealthStatus::Healthy);
        step.apply(&mut deployment.deactivating, status == TaskStatus::Deactivating);
        step.apply(&mut deployment.stopping, status.is_stopping());
        let zone = deployment.zones.entry(place).or_default();
        if verdict == HealthStatus::Unhealthy {
            step.apply_to(&mut deployment.unhealthy, id);
            step.apply(&mut zone.unhealthy, true);
        }
        let set = match status {
            TaskStatus::Running => &mut zone.running,
            status if status.is_starting() => &mut zone.starting,
            _ => return,
        };
        step.apply_to(set, id);
    }

    /// Gives a task its share of an instance.
    fn hold(&mut self, id: InstanceId, task: TaskId) {
        let Task { definition, deployment, .. } = self.ecs.tasks[task];
        let content = &self.ecs.definitions[definition].content;
        let instance = &mut self.ecs.instances[id];
        instance.remaining.cpu -= content.reserved_cpu();
        instance.remaining.memory -= content.reserved_memory();
        instance.tasks.insert(task);
        instance.version += 1;
        if let Some(deployment) = deployment {
            self.ecs.deployments[deployment].spread.entry(instance.subnet).or_default().add(id);
        }
        self.note_room(id);
    }

    /// A stopped task leaves the live ones and gives back what it held; services that wait for room look again.
    fn release(&mut self, id: TaskId, fact: FactId) {
        let task = &self.ecs.tasks[id];
        let cluster = &mut self.ecs.clusters[task.cluster];
        cluster.live.remove(&id);
        cluster.stopped.push(id);
        if let Some(address) = task.address {
            self.vpc.detach(task.subnet, address);
        }
        let Some(instance) = task.instance else { return };
        let (cluster, definition, deployment) = (task.cluster, task.definition, task.deployment);
        let content = &self.ecs.definitions[definition].content;
        let held = &mut self.ecs.instances[instance];
        held.remaining.cpu += content.reserved_cpu();
        held.remaining.memory += content.reserved_memory();
        held.tasks.remove(&id);
        held.version += 1;
        if let Some(deployment) = deployment.filter(|_| held.status == InstanceStatus::Active) {
            self.ecs.deployments[deployment].spread.entry(held.subnet).or_default().remove(instance);
        }
        self.note_room(instance);
        self.room_appeared(cluster, fact);
    }
}

/// Whether a task enters a status or leaves it.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Enter,
    Leave,
}

impl Step {
    pub(super) fn apply(self, count: &mut u32, concerned: bool) {
        match self {
            _ if !concerned => {}
            Step::Enter => *count += 1,
            Step::Leave => *count -= 1,
        }
    }

    fn apply_to(self, set: &mut BTreeSet<TaskId>, task: TaskId) {
        match self {
            Step::Enter => set.insert(task),
            Step::Leave => set.remove(&task),
        };
    }
}
