//! Tasks and their containers.

use std::net::Ipv4Addr;

use crate::model::capacity::CapacityProvider;
use crate::model::id::{
    ClusterId, ContainerId, DefinitionId, DeploymentId, FactId, Id, ImageId, InstanceId, SubnetId, TargetGroupId,
    TargetId, TaskId,
};
use crate::model::load_balancing::Reason;
use crate::model::probing::Progress;
use crate::model::profile::Ending;
use crate::model::status::{ContainerStatus, DesiredStatus, HealthStatus, LaunchType, StopCode, TaskStatus};
use crate::model::tag::Tag;
use crate::model::task_definition::{AssignPublicIp, AwsVpcConfiguration};
use crate::model::time::Moment;

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
    /// The capacity provider it was given to by a strategy.
    pub provider: Option<CapacityProvider>,
    /// The container instance it was placed on.
    pub instance: Option<InstanceId>,
    /// The subnet of its network interface, which also is its zone.
    pub subnet: SubnetId,
    /// The address of its network interface.
    pub address: Option<Ipv4Addr>,
    /// Where it is in its life.
    pub last_status: TaskStatus,
    /// Where ECS wants it.
    pub desired_status: DesiredStatus,
    /// What the service scheduler takes it for: HEALTHY counts for minimumHealthyPercent, UNHEALTHY is replaced.
    pub verdict: HealthStatus,
    /// What it was found unhealthy for.
    pub ailment: Option<Ailment>,
    /// Whether it was ever taken for healthy.
    pub was_healthy: bool,
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
    /// A task on its way, on its own, without containers yet.
    pub fn new(
        cluster: ClusterId,
        definition: DefinitionId,
        launch: LaunchType,
        subnet: SubnetId,
        now: Moment,
    ) -> Task {
        Task {
            cluster,
            definition,
            deployment: None,
            standalone: None,
            launch,
            provider: None,
            instance: None,
            subnet,
            address: None,
            last_status: TaskStatus::Provisioning,
            desired_status: DesiredStatus::Running,
            verdict: HealthStatus::Unknown,
            ailment: None,
            was_healthy: false,
            stop: None,
            first_container: ContainerId::new(0),
            container_count: 0,
            version: 1,
            last_fact: FactId::new(0),
            times: TaskTimes::born(now),
        }
    }

    /// The ids of its containers.
    pub fn containers(&self) -> impl Iterator<Item = ContainerId> + use<> {
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

/// What a task was found unhealthy for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ailment {
    /// Its container health checks.
    ContainerChecks,
    /// A target group that says so of one of its ports.
    Target(TargetId, Reason),
    /// A target group that it is not registered with any more.
    TargetMissing(TargetGroupId),
    /// A target group that has been deleted.
    GroupMissing(TargetGroupId),
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
    /// "Task failed container health checks"
    FailedContainerChecks,
    /// "Task failed ELB health checks in (target-group …)"
    FailedElbChecks(TargetGroupId),
    /// Its subnet had no address left; "Unexpected EC2 error while attempting to Create Network Interface …"
    NoFreeAddress(SubnetId, AssignPublicIp),
    /// An image could not be pulled; "CannotPullContainerError: …"
    CannotPull,
    /// The execution role may not pull an image; "CannotPullContainerError: …"
    MayNotPull,
    /// The execution role may not do what has to be done before the pull: "ResourceInitializationError: …", and this.
    CannotInitialize(Box<str>),
    /// An essential container waited in vain for another one; "Task failed to start"
    FailedToStart,
    /// "Your Spot Task was interrupted."
    SpotInterruption,
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

impl TaskTimes {
    /// Those of a task that is created now.
    pub const fn born(now: Moment) -> TaskTimes {
        TaskTimes {
            created: now,
            pull_started: None,
            pull_stopped: None,
            started: None,
            stopping: None,
            execution_stopped: None,
            stopped: None,
        }
    }
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
    /// What its health checks have come to.
    pub health: Progress,
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
