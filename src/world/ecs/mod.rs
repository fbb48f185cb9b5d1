//! The tables of Amazon ECS: clusters, task definitions, services, deployments, tasks, containers, container instances.
//!
//! Flat records in arenas, related by id. Whatever is asked often is kept as an index beside the records (tasks of a
//! deployment by zone, live tasks of a cluster, counts); `transition` keeps the indexes, `invariant` recounts them.

mod definition;
mod service;
mod spread;
mod task;

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::arena::Arena;
use crate::kernel::bucket::Bucket;
use crate::kernel::first_fit::FirstFit;
use crate::model::capacity::{CapacityProvider, StrategyItem};
use crate::model::id::{
    ClusterId, ContainerId, DefinitionId, DeploymentId, ImageId, InstanceId, ServiceId, SubnetId, TaskId,
};
use crate::model::status::{ClusterStatus, InstanceStatus};
use crate::model::tag::Tag;
use crate::model::task_definition::{AwsVpcConfiguration, ContainerDefinition};
use crate::model::time::Moment;
use crate::world::tuning::Tuning;

pub use definition::{Definition, DefinitionContent, RoleUse};
pub use service::{Attempts, Breaker, Complaint, Deployment, LoadBalancing, Service, Threshold, Vacancy, Zone};
pub use spread::Spread;
pub use task::{Ailment, Container, ContainerExit, Standalone, Stop, StopReason, Task, TaskTimes};

/// All of ECS in one account and Region.
#[derive(Clone, Debug, Hash)]
pub struct Ecs {
    /// Clusters, deleted ones included.
    pub clusters: Arena<ClusterId, Cluster>,
    /// The newest cluster of each name.
    pub cluster_by_name: BTreeMap<Box<str>, ClusterId>,
    /// Revisions of each family: revision `n` stands at index `n - 1`, whatever became of it.
    pub families: BTreeMap<Box<str>, Vec<DefinitionId>>,
    /// Task definition revisions.
    pub definitions: Arena<DefinitionId, Definition>,
    /// Services, deleted ones included.
    pub services: Arena<ServiceId, Service>,
    /// Deployments, past ones included.
    pub deployments: Arena<DeploymentId, Deployment>,
    /// Tasks, stopped ones included.
    pub tasks: Arena<TaskId, Task>,
    /// Containers; those of one task stand side by side.
    pub containers: Arena<ContainerId, Container>,
    /// Container instances, deregistered ones included.
    pub instances: Arena<InstanceId, Instance>,
    /// Launches that Fargate still allows the account.
    pub fargate_launches: Bucket,
    /// Launches that Fargate Spot still allows the account, counted apart.
    pub spot_launches: Bucket,
    /// Calls of RunTask on Fargate that are still allowed.
    pub run_task_calls: Bucket,
    /// Providers that have no capacity at present.
    pub exhausted: BTreeSet<CapacityProvider>,
    /// Services that wait for a role that ECS can assume.
    pub waiting_for_roles: BTreeSet<ServiceId>,
}

impl Ecs {
    /// An account without clusters.
    pub fn new(tuning: &Tuning, now: Moment) -> Ecs {
        Ecs {
            clusters: Arena::default(),
            cluster_by_name: BTreeMap::new(),
            families: BTreeMap::new(),
            definitions: Arena::default(),
            services: Arena::default(),
            deployments: Arena::default(),
            tasks: Arena::default(),
            containers: Arena::default(),
            instances: Arena::default(),
            fargate_launches: Bucket::full(tuning.fargate_launches, now),
            spot_launches: Bucket::full(tuning.fargate_launches, now),
            run_task_calls: Bucket::full(tuning.run_task_calls, now),
            exhausted: BTreeSet::new(),
            waiting_for_roles: BTreeSet::new(),
        }
    }

    /// Whether a provider can take tasks at present.
    pub fn has_capacity(&self, provider: CapacityProvider) -> bool {
        !self.exhausted.contains(&provider)
    }

    /// The containers of a task with their ids, in the order of its definition.
    pub fn containers_of(&self, task: TaskId) -> impl Iterator<Item = (ContainerId, &Container)> {
        let task = &self.tasks[task];
        task.containers().map(|id| (id, &self.containers[id]))
    }

    /// The network configuration that a task was started with: its deployment's, or its own; none where the mode
    /// is another one than awsvpc.
    pub fn network_of(&self, task: TaskId) -> Option<&AwsVpcConfiguration> {
        let task = &self.tasks[task];
        match task.deployment {
            Some(deployment) => self.deployments[deployment].network.as_ref(),
            None => task.standalone.as_ref()?.network.as_ref(),
        }
    }

    /// What the definition says about a container.
    pub fn container_definition(&self, id: ContainerId) -> &ContainerDefinition {
        let container = &self.containers[id];
        let task = &self.tasks[container.task];
        &self.definitions[task.definition].content.container_definitions[usize::from(container.position)]
    }
}

/// A cluster.
#[derive(Clone, Debug, Hash)]
pub struct Cluster {
    /// Its name, unique among ACTIVE clusters.
    pub name: Box<str>,
    /// ACTIVE or INACTIVE.
    pub status: ClusterStatus,
    /// The newest service of each name.
    pub services: BTreeMap<Box<str>, ServiceId>,
    /// Container instances that are not deregistered.
    pub instances: BTreeSet<InstanceId>,
    /// CPU units and MiB that each of them has left, by zone and number.
    pub room: BTreeMap<SubnetId, FirstFit>,
    /// Tasks that are not STOPPED.
    pub live: BTreeSet<TaskId>,
    /// Services that wait for room.
    pub waiting: BTreeSet<ServiceId>,
    /// Services that are neither steady nor unable to go on.
    pub restless: BTreeSet<ServiceId>,
    /// STOPPED tasks in the order of stopping.
    pub stopped: Vec<TaskId>,
    /// Live tasks on the way to RUNNING.
    pub pending: u32,
    /// RUNNING tasks.
    pub running: u32,
    /// Capacity providers that strategies in it may name.
    pub providers: Vec<CapacityProvider>,
    /// The strategy of services and tasks that name neither a launch type nor a strategy.
    pub default_strategy: Vec<StrategyItem>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// An EC2 instance registered in a cluster.
#[derive(Clone, Debug, Hash)]
pub struct Instance {
    /// The cluster.
    pub cluster: ClusterId,
    /// ACTIVE, DRAINING or INACTIVE.
    pub status: InstanceStatus,
    /// Its subnet, which also is its zone.
    pub subnet: SubnetId,
    /// CPU units and MiB that it registered with.
    pub registered: Resources,
    /// What is left of them.
    pub remaining: Resources,
    /// The tasks that hold resources here.
    pub tasks: BTreeSet<TaskId>,
    /// Ports that Docker has given to containers that asked for any.
    pub dynamic_ports: u32,
    /// Images that it has pulled already.
    pub images: BTreeSet<ImageId>,
    /// Attributes that it registered with, besides those that follow from its subnet.
    pub attributes: BTreeMap<Box<str>, Option<Box<str>>>,
    /// When it was registered.
    pub registered_at: Moment,
    /// One more for each change that AWS would announce.
    pub version: u32,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// CPU and memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Resources {
    /// CPU units: 1024 are one vCPU.
    pub cpu: u32,
    /// MiB.
    pub memory: u32,
}
