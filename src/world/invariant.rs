//! What must always hold, whatever anybody does: checked after every step of the storm tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::id::{DeploymentId, EksClusterId, Id, InstanceId, ListenerId, NodeId, PodId, TaskId};
use crate::model::instance_type;
use crate::model::load_balancing::TargetState;
use crate::model::status::{
    ContainerStatus, DesiredStatus, HealthStatus, InstanceStatus, LaunchType, RolloutState, TaskStatus,
};
use crate::model::task_definition::NetworkMode;
use crate::world::World;
use crate::world::ecs::{Deployment, Instance, Resources};
use crate::world::elb::{Listener, Target};
use crate::world::kubernetes::room::{Load, Standing};
use crate::world::kubernetes::{ControlPlane, Pod};
use crate::world::transition::{is_moving, phase};

impl World {
    /// Everything that is wrong with this world; an empty list is the only good answer.
    pub fn violations(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        self.check_clusters(&mut wrong);
        self.check_deployments(&mut wrong);
        self.check_instances(&mut wrong);
        self.check_tasks(&mut wrong);
        self.check_addresses(&mut wrong);
        let (kept, found) = self.rest_looked_for();
        expect(&mut wrong, "the world", "what has not come to rest", kept, &found);
        self.check_pods(&mut wrong);
        self.check_targets(&mut wrong);
        wrong
    }

    /// Counts and lists of clusters equal a recount over all tasks.
    fn check_clusters(&self, wrong: &mut Vec<String>) {
        for (id, cluster) in self.ecs.clusters.iter() {
            let of = |wanted: fn(TaskStatus) -> bool| {
                self.ecs.tasks.iter().filter(|(_, t)| t.cluster == id && wanted(t.last_status)).count()
            };
            expect(wrong, id, "pending tasks", cluster.pending as usize, of(TaskStatus::is_starting));
            expect(wrong, id, "running tasks", cluster.running as usize, of(|s| s == TaskStatus::Running));
            expect(wrong, id, "live tasks", cluster.live.len(), of(|s| s != TaskStatus::Stopped));
            expect(wrong, id, "stopped tasks", cluster.stopped.len(), of(|s| s == TaskStatus::Stopped));
        }
    }

    /// Counts and zones of deployments equal a recount, and no service has more tasks than it may.
    fn check_deployments(&self, wrong: &mut Vec<String>) {
        for (id, deployment) in self.ecs.deployments.iter() {
            let of = |wanted: fn(TaskStatus) -> bool| self.tasks_of(id).filter(|(_, s)| wanted(*s)).count();
            expect(wrong, id, "starting", deployment.starting as usize, of(TaskStatus::is_starting));
            expect(wrong, id, "running", deployment.running as usize, of(|s| s == TaskStatus::Running));
            let deactivating = of(|s| s == TaskStatus::Deactivating);
            expect(wrong, id, "deactivating", deployment.deactivating as usize, deactivating);
            expect(wrong, id, "stopping", deployment.stopping as usize, of(TaskStatus::is_stopping));
            let judged =
                |verdict| self.tasks_of(id).filter(|(task, _)| self.ecs.tasks[*task].verdict == verdict).count();
            expect(wrong, id, "healthy", deployment.healthy as usize, judged(HealthStatus::Healthy));
            expect(wrong, id, "unhealthy", deployment.unhealthy.len(), judged(HealthStatus::Unhealthy));
            let zoned: usize = deployment.zones.values().map(|zone| zone.len()).sum();
            expect(wrong, id, "tasks by zone", zoned, deployment.counted() as usize);
            let unhealthy: u32 = deployment.zones.values().map(|zone| zone.unhealthy).sum();
            expect(wrong, id, "unhealthy by zone", unhealthy as usize, deployment.unhealthy.len());
        }
        for (id, deployment) in self.ecs.deployments.iter() {
            if deployment.launch == LaunchType::Fargate && deployment.subnets.is_empty() {
                wrong.push(format!("{id:?} is on Fargate and has no subnets"));
            }
        }
        for (id, service) in self.ecs.services.iter() {
            let completed = |of: &Deployment| of.service == id && of.rollout == RolloutState::Completed;
            let completed = self.ecs.deployments.iter().filter(|(_, of)| completed(of)).map(|(id, _)| id).collect();
            expect(wrong, id, "completed deployments", service.completed.clone(), completed);
            let total: u32 = service.deployments.iter().map(|&d| self.ecs.deployments[d].counted()).sum();
            if total > self.tuning.tasks_per_service * 2 {
                wrong.push(format!("{id:?} has {total} tasks"));
            }
        }
    }

    fn tasks_of(&self, deployment: DeploymentId) -> impl Iterator<Item = (TaskId, TaskStatus)> {
        self.ecs
            .tasks
            .iter()
            .filter(move |(_, task)| task.deployment == Some(deployment))
            .map(|(id, task)| (id, task.last_status))
    }

    /// What is left of an instance is what its tasks have not taken.
    fn check_instances(&self, wrong: &mut Vec<String>) {
        for (id, instance) in self.ecs.instances.iter() {
            let mut left = instance.registered;
            for &task in &instance.tasks {
                let content = &self.ecs.definitions[self.ecs.tasks[task].definition].content;
                let after = left.cpu.checked_sub(content.reserved_cpu());
                match after.zip(left.memory.checked_sub(content.reserved_memory())) {
                    Some((cpu, memory)) => left = Resources { cpu, memory },
                    None => wrong.push(format!("{id:?} holds more than it has")),
                }
            }
            expect(wrong, id, "remaining resources", instance.remaining, left);
            let listed = self.ecs.clusters[instance.cluster].instances.contains(&id);
            let room = self.ecs.clusters[instance.cluster].room.get(&instance.subnet);
            let room = room.and_then(|room| room.room(id.index()));
            expect(wrong, id, "CPU and memory for placement", room, listed.then_some([left.cpu, left.memory]));
        }
        for (id, deployment) in self.ecs.deployments.iter() {
            let mut counts: BTreeMap<InstanceId, u32> = BTreeMap::new();
            for instance in self.tasks_of(id).filter(|(_, status)| *status != TaskStatus::Stopped) {
                let instance = self.ecs.tasks[instance.0].instance;
                let placed = instance.filter(|&id| self.ecs.instances[id].status == InstanceStatus::Active);
                *placed.map(|id| counts.entry(id).or_default()).unwrap_or(&mut 0) += 1;
            }
            let kept = deployment.spread.values().flat_map(|spread| spread.counts().clone()).collect();
            expect(wrong, id, "tasks by instance", counts, kept);
        }
    }

    /// Indexes and counts of targets equal a recount, and nobody has left whom ECS still needs.
    fn check_targets(&self, wrong: &mut Vec<String>) {
        for (id, group) in self.elb.target_groups.iter() {
            let of = |wanted: fn(&Target) -> bool| {
                self.elb.targets.iter().filter(|(_, t)| t.group == id && !t.gone && wanted(t)).count()
            };
            expect(wrong, id, "targets", group.targets.len(), of(|_| true));
            expect(wrong, id, "healthy targets", group.healthy as usize, of(|t| t.state == TargetState::Healthy));
            expect(wrong, id, "unhealthy targets", group.unhealthy as usize, of(|t| t.state == TargetState::Unhealthy));
            let leads = |listener: &Listener| listener.action.target_groups().any(|group| group == id);
            let balancers = self.elb.load_balancer_by_name.values().map(|&id| &self.elb.load_balancers[id]);
            let listeners = balancers.flat_map(|balancer| balancer.listeners.values());
            let listeners: BTreeSet<ListenerId> =
                listeners.copied().filter(|&l| leads(&self.elb.listeners[l])).collect();
            expect(wrong, id, "listeners", group.listeners.clone(), listeners);
        }
        for (id, target) in self.elb.targets.iter() {
            let key = (target.place, target.port);
            let listed = self.elb.target_groups[target.group].targets.get(&key) == Some(&id);
            expect(wrong, id, "listed with its group", listed, !target.gone);
            let Some((task, _)) = target.behind else { continue };
            let listed = self.elb.targets_of(task).any(|of| of == id);
            expect(wrong, id, "listed with its task", listed, !target.gone);
            let checked = matches!(target.state, TargetState::Healthy | TargetState::Unhealthy);
            if checked && target.state.as_str().to_uppercase() != target.health.status.as_str() {
                wrong.push(format!("{id:?} is {} and its checks say {}", target.state, target.health.status));
            }
            if target.service.is_some() && !target.gone && target.state != TargetState::Draining {
                expect(wrong, id, "status of its task", self.ecs.tasks[task].last_status, TaskStatus::Running);
            }
        }
    }

    /// A task that is over was wanted so, and a task on an instance has one.
    fn check_tasks(&self, wrong: &mut Vec<String>) {
        for (id, task) in self.ecs.tasks.iter() {
            let going_down = task.last_status.is_stopping() || task.last_status == TaskStatus::Stopped;
            if going_down && (task.desired_status != DesiredStatus::Stopped || task.stop.is_none()) {
                wrong.push(format!("{id:?} is {} without a reason", task.last_status));
            }
            if (task.launch == LaunchType::Ec2) != task.instance.is_some() {
                wrong.push(format!("{id:?} with launch type {} is on {:?}", task.launch, task.instance));
            }
            let over = task.last_status == TaskStatus::Stopped;
            if over && task.containers().any(|c| self.ecs.containers[c].status != ContainerStatus::Stopped) {
                wrong.push(format!("{id:?} is over, and not all of its containers are"));
            }
            if task.verdict != HealthStatus::Unknown && task.last_status != TaskStatus::Running {
                wrong.push(format!("{id:?} is judged {} while {}", task.verdict, task.last_status));
            }
        }
    }

    /// Tasks and instances hold the addresses that are taken, and no task under awsvpc goes on without one.
    fn check_addresses(&self, wrong: &mut Vec<String>) {
        for (id, subnet) in self.vpc.subnets.iter() {
            let of_tasks = self.vpc.interfaces.keys().filter(|address| subnet.contains(**address)).count();
            let here = |of: &Instance| of.subnet == id && of.status != InstanceStatus::Inactive;
            let of_instances = self.ecs.instances.iter().filter(|(_, of)| here(of)).count();
            expect(wrong, id, "instances", subnet.instances() as usize, of_instances);
            let free = (subnet.usable() as usize).saturating_sub(of_tasks + of_instances);
            expect(wrong, id, "free addresses", subnet.free() as usize, free);
        }
        for (id, task) in self.ecs.tasks.iter() {
            let holds = task.address.is_some_and(|address| self.vpc.interfaces.get(&address) == Some(&id));
            let over = task.last_status == TaskStatus::Stopped;
            expect(wrong, id, "holding its address", holds, task.address.is_some() && !over);
            let awsvpc = self.ecs.definitions[task.definition].content.network_mode == NetworkMode::Awsvpc;
            if awsvpc && task.address.is_none() && task.last_status != TaskStatus::Provisioning && !over {
                wrong.push(format!("{id:?} is {} without an address", task.last_status));
            }
        }
    }

    /// Phases follow from containers, and the indexes of names, nodes and pods on the move equal a recount.
    fn check_pods(&self, wrong: &mut Vec<String>) {
        let kubernetes = &self.kubernetes;
        let living = || kubernetes.pods.iter().filter(|(_, pod)| !pod.gone);
        for (id, pod) in living() {
            expect(wrong, id, "the phase", pod.phase, phase(pod));
            if kubernetes.pod(pod.namespace, &pod.meta.name) != Some(id) {
                wrong.push(format!("{id:?} exists, and its namespace does not know it"));
            }
        }
        for (&cluster, plane) in &kubernetes.control_planes {
            let of = |wanted: fn(&Pod) -> bool| -> BTreeSet<PodId> {
                let here = living().filter(|(id, pod)| kubernetes.cluster_of(*id) == cluster && wanted(pod));
                here.map(|(id, _)| id).collect()
            };
            expect(wrong, cluster, "moving pods", &plane.moving, &of(is_moving));
            expect(wrong, cluster, "unscheduled pods", &plane.unscheduled, &of(|pod| pod.node.is_none()));
            for &node in &plane.nodes {
                let here: BTreeSet<PodId> =
                    living().filter(|(_, pod)| pod.node == Some(node)).map(|(id, _)| id).collect();
                expect(wrong, node, "pods", &kubernetes.nodes[node].pods, &here);
            }
            self.check_room(cluster, plane, wrong);
        }
    }
}

impl World {
    /// What nodes have left is what their pods have not taken, and no pod waits that would find room.
    fn check_room(&self, cluster: EksClusterId, plane: &ControlPlane, wrong: &mut Vec<String>) {
        let kubernetes = &self.kubernetes;
        let mut groups: BTreeMap<Standing, BTreeSet<NodeId>> = BTreeMap::new();
        for &id in &plane.nodes {
            let node = &kubernetes.nodes[id];
            let kind = instance_type::named(&self.eks.nodegroups[node.nodegroup].instance_type).expect("there is one");
            let mut standing = Standing::new(kind);
            let living = node.pods.iter().map(|&pod| &kubernetes.pods[pod]).filter(|pod| !pod.phase.is_over());
            living.for_each(|pod| standing.take(Load::of(&pod.spec)));
            expect(wrong, id, "what its pods take", node.standing, standing);
            if !standing.lacks(&Load { pods: 0, ..Load::default() }).is_none() {
                wrong.push(format!("{id:?} has given more than it has"));
            }
            if let Some(open) = node.open() {
                groups.entry(open).or_default().insert(id);
            }
        }
        expect(wrong, cluster, "nodes alike", plane.room.alike().collect(), groups.iter().collect::<Vec<_>>());
        for (load, pods) in &plane.wanting {
            let alike = pods.iter().all(|&pod| Load::of(&kubernetes.pods[pod].spec) == *load);
            if !alike || pods.is_empty() || !pods.is_subset(&plane.unscheduled) {
                wrong.push(format!("{cluster:?}: {pods:?} do not wait for {load:?}"));
            }
            let fits = |standing: &Standing| standing.lacks(load).is_none();
            expect(wrong, cluster, "room for a waiting pod", plane.room.is_there_for(load), groups.keys().any(fits));
            if groups.keys().any(fits) {
                wrong.push(format!("{cluster:?}: {pods:?} wait, and there is room"));
            }
        }
    }
}

fn expect<T: PartialEq + std::fmt::Debug>(
    wrong: &mut Vec<String>,
    who: impl std::fmt::Debug,
    what: &str,
    kept: T,
    recounted: T,
) {
    if kept != recounted {
        wrong.push(format!("{who:?}: {what} are {kept:?}, recounted {recounted:?}"));
    }
}
