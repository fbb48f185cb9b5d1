//! The tables of Amazon ECS: clusters, task definitions, services, deployments, tasks, containers, container instances.
//!
//! Flat records in arenas, related by id. Whatever is asked often is kept as an index beside the records (tasks of a
//! deployment by zone, live tasks of a cluster, counts); `transition` keeps the indexes, `invariant` recounts them.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::arena::Arena;
use crate::kernel::bucket::Bucket;
use crate::model::id::{
    ClusterId, ContainerId, DefinitionId, DeploymentId, FactId, ImageId, InstanceId, ServiceId, SubnetId, TaskId,
};
use crate::model::status::{
    ClusterStatus, ContainerStatus, DefinitionStatus, DeploymentStatus, DesiredStatus, HealthStatus, InstanceStatus,
    LaunchType, RolloutState, ServiceStatus, StopCode, TaskStatus,
};
use crate::model::task_definition::{
    AwsVpcConfiguration, Compatibility, ContainerDefinition, NetworkMode, RuntimePlatform, Tag,
};
use crate::model::time::Moment;
use crate::world::fact::Ending;
use crate::world::says::{Says, ServiceEvent, Shortage};
use crate::world::tuning::Tuning;

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
        }
    }

    /// The containers of a task with their ids, in the order of its definition.
    pub fn containers_of(&self, task: TaskId) -> impl Iterator<Item = (ContainerId, &Container)> {
        let task = &self.tasks[task];
        task.containers().map(|id| (id, &self.containers[id]))
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
    /// Tasks that are not STOPPED.
    pub live: BTreeSet<TaskId>,
    /// STOPPED tasks in the order of stopping.
    pub stopped: Vec<TaskId>,
    /// Live tasks on the way to RUNNING.
    pub pending: u32,
    /// RUNNING tasks.
    pub running: u32,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// One immutable revision of a task definition.
#[derive(Clone, Debug, Hash)]
pub struct Definition {
    /// What was registered.
    pub content: DefinitionContent,
    /// 1, 2, 3 …
    pub revision: u32,
    /// Whether new tasks may use it.
    pub status: DefinitionStatus,
    /// What it can run on.
    pub compatibilities: Vec<Compatibility>,
    /// When it was registered.
    pub registered_at: Moment,
    /// When it was deregistered.
    pub deregistered_at: Option<Moment>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// The checked content of a task definition, sizes as numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DefinitionContent {
    /// The name that the revisions share.
    pub family: Box<str>,
    /// The containers.
    pub container_definitions: Vec<ContainerDefinition>,
    /// Task CPU units.
    pub cpu: Option<u32>,
    /// Task memory in MiB.
    pub memory: Option<u32>,
    /// How containers reach the network.
    pub network_mode: NetworkMode,
    /// What the author asked to be checked against.
    pub requires_compatibilities: Vec<Compatibility>,
    /// The role of the application.
    pub task_role_arn: Option<Box<str>>,
    /// The role of the agent: pulls, secrets, logs.
    pub execution_role_arn: Option<Box<str>>,
    /// Architecture and operating system.
    pub runtime_platform: Option<RuntimePlatform>,
    /// Fargate's scratch space in GiB, where it is not the default 20.
    pub ephemeral_storage_gib: Option<u32>,
    /// `host` or `task`.
    pub pid_mode: Option<Box<str>>,
    /// `host`, `task` or `none`.
    pub ipc_mode: Option<Box<str>>,
}

impl DefinitionContent {
    /// CPU units that placement subtracts: the task's, or the sum of the containers'.
    pub fn reserved_cpu(&self) -> u32 {
        self.cpu.unwrap_or_else(|| self.container_definitions.iter().map(|container| container.cpu).sum())
    }

    /// MiB that placement subtracts: the task's, or the sum of reservations, or limits where none is reserved.
    pub fn reserved_memory(&self) -> u32 {
        let container = |c: &ContainerDefinition| c.memory_reservation.or(c.memory).unwrap_or(0);
        self.memory.unwrap_or_else(|| self.container_definitions.iter().map(container).sum())
    }

    /// Host ports that only one task on an instance can have: those given under bridge, all of them under host.
    pub fn fixed_host_ports(&self) -> impl Iterator<Item = u32> {
        let mode = self.network_mode;
        let mappings = self.container_definitions.iter().flat_map(|container| &container.port_mappings);
        mappings.filter_map(move |mapping| match mode {
            NetworkMode::Host => Some(mapping.host_port.unwrap_or(mapping.container_port)),
            NetworkMode::Bridge => mapping.host_port.filter(|&port| port != 0),
            NetworkMode::Awsvpc | NetworkMode::None => None,
        })
    }
}

/// A service with the REPLICA strategy.
#[derive(Clone, Debug, Hash)]
pub struct Service {
    /// The cluster it lives in.
    pub cluster: ClusterId,
    /// Its name, unique in the cluster among ACTIVE and DRAINING services.
    pub name: Box<str>,
    /// ACTIVE, DRAINING or INACTIVE.
    pub status: ServiceStatus,
    /// How many tasks it keeps.
    pub desired: u32,
    /// Where its tasks run.
    pub launch: LaunchType,
    /// `deploymentConfiguration.minimumHealthyPercent`.
    pub minimum_healthy_percent: u32,
    /// `deploymentConfiguration.maximumPercent`.
    pub maximum_percent: u32,
    /// Deployments that still have tasks, newest first; the first is the PRIMARY one.
    pub deployments: Vec<DeploymentId>,
    /// Everything the scheduler wrote, oldest first.
    pub events: Vec<ServiceEvent>,
    /// When it was created.
    pub created_at: Moment,
    /// Who or what the service's tags belong to.
    pub tags: Vec<Tag>,
    /// Launches that the service's own rate still allows.
    pub launches: Bucket,
    /// When the scheduler looks at it next, if a look is arranged.
    pub pass_at: Option<Moment>,
    /// The fact that made the next look necessary.
    pub trigger: FactId,
    /// Since when it has been in a steady state.
    pub steady_since: Option<Moment>,
    /// What the scheduler last complained about, so that it says so once.
    pub complaint: Option<Complaint>,
}

/// Why the scheduler cannot do what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Complaint {
    /// No container instance has room.
    NoRoom(Shortage),
    /// minimumHealthyPercent and maximumPercent leave no move.
    Deadlocked(DeploymentId),
}

impl Complaint {
    /// The event that says so.
    pub fn says(self) -> Says {
        match self {
            Complaint::NoRoom(shortage) => Says::NoInstance(shortage),
            Complaint::Deadlocked(_) => Says::Deadlocked,
        }
    }
}

/// One deployment of a service: a revision, and the tasks that run it.
#[derive(Clone, Debug, Hash)]
pub struct Deployment {
    /// Its service.
    pub service: ServiceId,
    /// The pinned revision.
    pub definition: DefinitionId,
    /// The subnets and groups of its tasks.
    pub network: Option<AwsVpcConfiguration>,
    /// The subnets as ids.
    pub subnets: Vec<SubnetId>,
    /// What each container's image tag was resolved to by the first task: the same for the whole deployment.
    pub images: Vec<ImageId>,
    /// PRIMARY, ACTIVE or INACTIVE.
    pub status: DeploymentStatus,
    /// IN_PROGRESS, COMPLETED or FAILED.
    pub rollout: RolloutState,
    /// When it was created.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Tasks of it that failed to start.
    pub failed: u32,
    /// Its starting and running tasks in each zone.
    pub zones: BTreeMap<SubnetId, Zone>,
    /// Tasks on the way to RUNNING.
    pub starting: u32,
    /// RUNNING tasks.
    pub running: u32,
    /// RUNNING tasks that count as healthy.
    pub healthy: u32,
    /// Tasks on the way to STOPPED.
    pub stopping: u32,
    /// Losses that no new task has made up for yet, oldest first.
    pub vacancies: Vec<FactId>,
}

impl Deployment {
    /// Tasks that are starting or running: what counts against desiredCount and maximumPercent.
    pub fn counted(&self) -> u32 {
        self.starting + self.running
    }
}

/// The tasks of a deployment in one zone, oldest first.
#[derive(Clone, Debug, Default, Hash)]
pub struct Zone {
    /// On the way to RUNNING.
    pub starting: BTreeSet<TaskId>,
    /// RUNNING.
    pub running: BTreeSet<TaskId>,
}

impl Zone {
    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.starting.len() + self.running.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A task.
#[derive(Clone, Debug, Hash)]
pub struct Task {
    /// The cluster it runs in.
    pub cluster: ClusterId,
    /// The revision it runs.
    pub definition: DefinitionId,
    /// The deployment it belongs to; none for a standalone task.
    pub deployment: Option<DeploymentId>,
    /// What a caller of RunTask said about it.
    pub standalone: Option<Box<Standalone>>,
    /// Where it runs.
    pub launch: LaunchType,
    /// The container instance it was placed on.
    pub instance: Option<InstanceId>,
    /// The subnet of its network interface, which also is its zone.
    pub subnet: SubnetId,
    /// Where it is in its life.
    pub last_status: TaskStatus,
    /// Where ECS wants it.
    pub desired_status: DesiredStatus,
    /// Whether it counts as healthy for minimumHealthyPercent.
    pub healthy: bool,
    /// Why it stops or stopped.
    pub stop: Option<Box<Stop>>,
    /// The first of its containers.
    pub first_container: ContainerId,
    /// How many containers it has.
    pub container_count: u8,
    /// One more for each change that AWS would announce.
    pub version: u32,
    /// The latest fact about it.
    pub last_fact: FactId,
    /// When each stage of its life was reached.
    pub times: TaskTimes,
}

impl Task {
    /// The ids of its containers.
    pub fn containers(&self) -> impl Iterator<Item = ContainerId> + use<> {
        use crate::model::id::Id;
        let first = self.first_container.number();
        (first..first + u32::from(self.container_count)).map(ContainerId::new)
    }
}

/// What a caller of RunTask said about a task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standalone {
    /// `startedBy`.
    pub started_by: Option<Box<str>>,
    /// `group`.
    pub group: Box<str>,
    /// The subnets and groups.
    pub network: Option<AwsVpcConfiguration>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// Why a task stops.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stop {
    /// `stopCode`.
    pub code: StopCode,
    /// `stoppedReason`, as data.
    pub reason: StopReason,
}

/// `stoppedReason`, as data. Texts: `semantics/ecs.md` 2.4.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StopReason {
    /// "Essential container in task exited"
    EssentialContainerExited,
    /// "Scaling activity initiated by (deployment ecs-svc/…)"
    Scaling(DeploymentId),
    /// What the caller of StopTask wrote, or "Task stopped by user".
    User(Option<Box<str>>),
    /// "Container instance deregistration forced by user"
    InstanceDeregistered,
}

/// When a task reached each stage. [API Task]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskTimes {
    /// It was created.
    pub created: Moment,
    /// The pull began.
    pub pull_started: Option<Moment>,
    /// The pull ended.
    pub pull_stopped: Option<Moment>,
    /// It became RUNNING.
    pub started: Option<Moment>,
    /// It was told to stop.
    pub stopping: Option<Moment>,
    /// Its containers had ended.
    pub execution_stopped: Option<Moment>,
    /// It was STOPPED.
    pub stopped: Option<Moment>,
}

/// A container of a task.
#[derive(Clone, Debug, Hash)]
pub struct Container {
    /// Its task.
    pub task: TaskId,
    /// Which of the definition's containers it is.
    pub position: u8,
    /// PENDING, RUNNING or STOPPED.
    pub status: ContainerStatus,
    /// HEALTHY, UNHEALTHY or UNKNOWN.
    pub health: HealthStatus,
    /// The content of its image.
    pub image: ImageId,
    /// When its process started.
    pub started_at: Option<Moment>,
    /// How its process ended.
    pub exit: Option<ContainerExit>,
}

/// How the process of a container ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContainerExit {
    /// The exit code.
    pub code: u8,
    /// What ended it.
    pub ending: Ending,
    /// When.
    pub at: Moment,
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
