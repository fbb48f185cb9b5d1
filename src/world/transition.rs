//! The only writers of a status. Each change is checked against a table of legal edges, keeps the indexes and counts
//! that depend on it, and records a fact.

use std::collections::BTreeSet;

use crate::model::id::{ClusterId, ContainerId, DeploymentId, FactId, InstanceId, ServiceId, TaskId};
use crate::model::probing::Progress;
use crate::model::status::{
    DeploymentStatus, DesiredStatus, HealthStatus, InstanceStatus, RolloutState, ServiceStatus, StopCode, TaskStatus,
};
use crate::world::World;
use crate::world::ecs::{Attempts, Complaint, Deployment, Instance, Stop, Task};
use crate::world::fact::What;
use crate::world::says::{Says, ServiceEvent};
use crate::world::timer::Due;

/// From which status a task may go where. [DG task lifecycle]
///
/// A task without a network interface has nothing to do in PROVISIONING and DEPROVISIONING, and one that is stopped
/// before it runs skips what it never began.
const TASK_EDGES: &[(TaskStatus, &[TaskStatus])] = {
    use TaskStatus::*;
    &[
        (Provisioning, &[Pending, Deprovisioning]),
        (Pending, &[Activating, Deprovisioning, Stopped]),
        (Activating, &[Running, Deprovisioning, Stopped]),
        (Running, &[Deactivating]),
        (Deactivating, &[Stopping]),
        (Stopping, &[Deprovisioning, Stopped]),
        (Deprovisioning, &[Stopped]),
        (Stopped, &[]),
    ]
};

/// [API Service.status]
const SERVICE_EDGES: &[(ServiceStatus, &[ServiceStatus])] = {
    use ServiceStatus::*;
    &[(Active, &[Draining, Inactive]), (Draining, &[Inactive]), (Inactive, &[])]
};

/// A completed deployment goes back to IN_PROGRESS when it becomes the target of a rollback.
/// [API DeploymentRolloutState]
const ROLLOUT_EDGES: &[(RolloutState, &[RolloutState])] = {
    use RolloutState::*;
    &[(InProgress, &[Completed, Failed]), (Completed, &[InProgress]), (Failed, &[])]
};

/// Whether a table allows this step.
fn legal<S: Copy + PartialEq>(edges: &[(S, &[S])], from: S, to: S) -> bool {
    edges.iter().any(|(start, ends)| *start == from && ends.contains(&to))
}

/// Whether a task may go from one status to the other.
pub fn task_edge(from: TaskStatus, to: TaskStatus) -> bool {
    legal(TASK_EDGES, from, to)
}

impl World {
    /// Adds a task in its first status and counts it.
    pub fn add_task(&mut self, task: Task, cause: FactId) -> TaskId {
        let id = self.ecs.tasks.next_id();
        let fact = self.record(Some(cause), What::TaskCreated(id));
        let added = self.ecs.tasks.add(Task { last_fact: fact, ..task });
        debug_assert_eq!(added, id);
        let task = &self.ecs.tasks[id];
        self.ecs.clusters[task.cluster].live.insert(id);
        if let Some(instance) = task.instance {
            self.hold(instance, id);
        }
        self.count(id, Step::Enter);
        id
    }

    /// Moves a task to its next status.
    pub fn move_task(&mut self, id: TaskId, to: TaskStatus, cause: FactId) -> FactId {
        let from = self.ecs.tasks[id].last_status;
        assert!(task_edge(from, to), "{id:?} cannot go from {from} to {to}");
        self.count(id, Step::Leave);
        let now = self.now;
        let task = &mut self.ecs.tasks[id];
        task.last_status = to;
        task.version += 1;
        match to {
            TaskStatus::Activating => task.times.pull_started = Some(now),
            TaskStatus::Running => {
                task.times.pull_stopped = Some(now);
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
    pub fn judge(&mut self, id: TaskId, verdict: HealthStatus, cause: FactId) {
        if self.ecs.tasks[id].verdict == verdict {
            return;
        }
        self.count(id, Step::Leave);
        self.ecs.tasks[id].verdict = verdict;
        self.ecs.tasks[id].was_healthy |= verdict == HealthStatus::Healthy;
        self.count(id, Step::Enter);
        let fact = self.record(Some(cause), What::TaskVerdict(id, verdict));
        self.ecs.tasks[id].last_fact = fact;
        if let Some(deployment) = self.ecs.tasks[id].deployment {
            self.look_at(self.ecs.deployments[deployment].service, fact);
        }
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

    /// Adds a deployment to a service as its PRIMARY one; those before it become ACTIVE.
    pub fn add_deployment(&mut self, deployment: Deployment, cause: FactId) -> DeploymentId {
        let service = deployment.service;
        let id = self.ecs.deployments.add(deployment);
        for &older in &self.ecs.services[service].deployments {
            self.ecs.deployments[older].status = DeploymentStatus::Active;
        }
        self.ecs.services[service].deployments.insert(0, id);
        self.record(Some(cause), What::DeploymentCreated(id));
        id
    }

    /// Changes the rollout state of a deployment.
    pub fn move_rollout(&mut self, id: DeploymentId, to: RolloutState, cause: FactId) -> FactId {
        let deployment = &mut self.ecs.deployments[id];
        assert!(legal(ROLLOUT_EDGES, deployment.rollout, to), "{id:?} cannot go from {} to {to}", deployment.rollout);
        deployment.rollout = to;
        deployment.updated_at = self.now;
        self.record(Some(cause), What::DeploymentMoved(id, to))
    }

    /// Makes an older deployment of a service the PRIMARY one again: it is what a rollback leads back to.
    pub fn promote_deployment(&mut self, id: DeploymentId, cause: FactId) {
        let service = self.ecs.deployments[id].service;
        self.ecs.services[service].deployments.retain(|&other| other != id);
        for &other in &self.ecs.services[service].deployments {
            self.ecs.deployments[other].status = DeploymentStatus::Active;
        }
        self.ecs.services[service].deployments.insert(0, id);
        let deployment = &mut self.ecs.deployments[id];
        deployment.status = DeploymentStatus::Primary;
        deployment.breaker_count = 0;
        deployment.attempts = Attempts::default();
        let fact = self.move_rollout(id, RolloutState::InProgress, cause);
        self.look_at(service, fact);
    }

    /// Takes a deployment whose tasks are gone off its service.
    pub fn retire_deployment(&mut self, id: DeploymentId) {
        let service = self.ecs.deployments[id].service;
        self.ecs.deployments[id].status = DeploymentStatus::Inactive;
        self.ecs.services[service].deployments.retain(|&other| other != id);
    }

    /// Changes the status of a service.
    pub fn move_service(&mut self, id: ServiceId, to: ServiceStatus, cause: FactId) -> FactId {
        let from = self.ecs.services[id].status;
        assert!(legal(SERVICE_EDGES, from, to), "{id:?} cannot go from {from} to {to}");
        self.ecs.services[id].status = to;
        self.record(Some(cause), What::ServiceMoved(id, to))
    }

    /// Writes an event of a service.
    pub fn say(&mut self, service: ServiceId, says: Says, cause: FactId) {
        let events = &mut self.ecs.services[service].events;
        let number = events.len() as u32;
        events.push(ServiceEvent { at: self.now, says });
        self.record(Some(cause), What::ServiceEvent(service, number));
    }

    /// Puts a service on the agenda and remembers what called for it.
    pub fn look_at(&mut self, service: ServiceId, cause: FactId) {
        self.ecs.services[service].trigger = cause;
        self.agenda.put(Due::Service(service));
    }

    /// Adds an instance to its cluster; services that wait for room look again.
    pub fn add_instance(&mut self, instance: Instance, cause: FactId) -> InstanceId {
        let cluster = instance.cluster;
        let id = self.ecs.instances.add(instance);
        self.ecs.clusters[cluster].instances.insert(id);
        self.room_appeared(cluster, cause);
        id
    }

    /// Takes an instance out of its cluster.
    pub fn deregister_instance(&mut self, id: InstanceId) {
        let instance = &mut self.ecs.instances[id];
        instance.status = InstanceStatus::Inactive;
        instance.version += 1;
        self.ecs.clusters[instance.cluster].instances.remove(&id);
    }

    /// Tells the task's service that its counts have changed.
    fn notify_service(&mut self, id: TaskId, from: TaskStatus, to: TaskStatus, fact: FactId) {
        let Some(deployment) = self.ecs.tasks[id].deployment else { return };
        let was_counted = from.is_starting() || from == TaskStatus::Running;
        let is_counted = to.is_starting() || to == TaskStatus::Running;
        if was_counted && !is_counted && !self.stopped_by_scheduler(id) {
            self.ecs.deployments[deployment].vacancies.push_back(fact);
        }
        if is_counted && to != TaskStatus::Running {
            return;
        }
        self.look_at(self.ecs.deployments[deployment].service, fact);
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
        if verdict == HealthStatus::Unhealthy {
            step.apply_to(&mut deployment.unhealthy, id);
        }
        step.apply(&mut deployment.stopping, status.is_stopping());
        let zone = deployment.zones.entry(place).or_default();
        let set = match status {
            TaskStatus::Running => &mut zone.running,
            status if status.is_starting() => &mut zone.starting,
            _ => return,
        };
        step.apply_to(set, id);
    }

    /// Gives a task its share of an instance.
    fn hold(&mut self, instance: InstanceId, task: TaskId) {
        let content = &self.ecs.definitions[self.ecs.tasks[task].definition].content;
        let instance = &mut self.ecs.instances[instance];
        instance.remaining.cpu -= content.reserved_cpu();
        instance.remaining.memory -= content.reserved_memory();
        instance.tasks.insert(task);
        instance.version += 1;
    }

    /// A stopped task leaves the live ones and gives back what it held; services that wait for room look again.
    fn release(&mut self, id: TaskId, fact: FactId) {
        let task = &self.ecs.tasks[id];
        let cluster = &mut self.ecs.clusters[task.cluster];
        cluster.live.remove(&id);
        cluster.stopped.push(id);
        let Some(instance) = task.instance else { return };
        let (cluster, definition) = (task.cluster, task.definition);
        let content = &self.ecs.definitions[definition].content;
        let held = &mut self.ecs.instances[instance];
        held.remaining.cpu += content.reserved_cpu();
        held.remaining.memory += content.reserved_memory();
        held.tasks.remove(&id);
        held.version += 1;
        self.room_appeared(cluster, fact);
    }

    /// Lets every service of a cluster that lacks room look again.
    pub fn room_appeared(&mut self, cluster: ClusterId, cause: FactId) {
        let waiting: Vec<ServiceId> = self.ecs.clusters[cluster].waiting.iter().copied().collect();
        for service in waiting {
            self.look_at(service, cause);
        }
    }

    /// What keeps the scheduler from its work, if anything does.
    pub fn set_complaint(&mut self, id: ServiceId, complaint: Option<Complaint>) {
        let service = &mut self.ecs.services[id];
        service.complaint = complaint;
        let waiting = &mut self.ecs.clusters[service.cluster].waiting;
        match complaint {
            Some(Complaint::NoRoom(_)) => waiting.insert(id),
            Some(Complaint::Deadlocked) | None => waiting.remove(&id),
        };
    }
}

/// Whether a task enters a status or leaves it.
#[derive(Clone, Copy)]
enum Step {
    Enter,
    Leave,
}

impl Step {
    fn apply(self, count: &mut u32, concerned: bool) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of a task's life, as the developer guide draws it.
    #[test]
    fn a_task_never_goes_back() {
        for &from in TaskStatus::ALL {
            for &to in TaskStatus::ALL {
                assert!(!task_edge(from, to) || from < to, "{from} -> {to}");
            }
        }
        assert!(TaskStatus::ALL.iter().all(|&to| !task_edge(TaskStatus::Stopped, to)));
    }
}
