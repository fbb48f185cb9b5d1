//! What happened, and why: the closed set of facts.
//!
//! A fact is small and holds ids only; the words are put together where somebody reads it (`session::why`). Every fact
//! but a person's own input has a cause, so that the chain from any fact leads back to something somebody did.

use crate::model::id::{
    ClusterId, ContainerId, DefinitionId, DeploymentId, FactId, InstanceId, ListenerId, ServiceId, TargetGroupId,
    TargetId, TaskId,
};
use crate::model::load_balancing::TargetState;
use crate::model::status::{
    ClusterStatus, DefinitionStatus, HealthStatus, InstanceStatus, RolloutState, ServiceStatus, TaskStatus,
};

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// Its number in the history.
    pub id: FactId,
    /// When.
    pub at: crate::model::time::Moment,
    /// The fact that led to it; none for what a person did.
    pub cause: Option<FactId>,
    /// What.
    pub what: What,
}

/// The kinds of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A person called an operation.
    Asked {
        /// The service's handle, such as `ecs`.
        service: &'static str,
        /// AWS's name of the operation, such as `CreateService`.
        operation: &'static str,
    },
    /// A task was created.
    TaskCreated(TaskId),
    /// A task changed its `lastStatus`.
    TaskMoved(TaskId, TaskStatus),
    /// A task was told to stop; its stop code and reason are on the task.
    TaskStopRequested(TaskId),
    /// Fargate Spot gave a task its two minutes' notice.
    SpotWarning(TaskId),
    /// The scheduler takes a task for healthy or unhealthy from now on, or has to wait and see again.
    TaskVerdict(TaskId, HealthStatus),
    /// The health checks of a container have come to something else.
    ContainerHealth(ContainerId, HealthStatus),
    /// The program in a container ended.
    ContainerExited {
        /// The container.
        container: ContainerId,
        /// Its exit code.
        code: u8,
        /// How it came to its end.
        ending: Ending,
    },
    /// A target was registered with its group.
    TargetRegistered(TargetId),
    /// A target changed its state.
    TargetMoved(TargetId, TargetState),
    /// A target is registered no more.
    TargetGone(TargetId),
    /// A target group has no healthy target left, and sends requests to unhealthy ones.
    FailsOpen(TargetGroupId),
    /// A listener was created.
    ListenerCreated(ListenerId),
    /// A listener was deleted.
    ListenerDeleted(ListenerId),
    /// A service got a new deployment.
    DeploymentCreated(DeploymentId),
    /// A deployment changed its `rolloutState`.
    DeploymentMoved(DeploymentId, RolloutState),
    /// A service changed its status.
    ServiceMoved(ServiceId, ServiceStatus),
    /// A cluster changed its status.
    ClusterMoved(ClusterId, ClusterStatus),
    /// A revision of a task definition changed its status.
    DefinitionMoved(DefinitionId, DefinitionStatus),
    /// A container instance changed its status.
    InstanceMoved(InstanceId, InstanceStatus),
    /// A service wrote an event: its number in the service's list.
    ServiceEvent(ServiceId, u32),
}

/// How the program in a container came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// It ended by itself.
    ByItself,
    /// It left on SIGTERM.
    Sigterm,
    /// SIGKILL after the stop timeout.
    Sigkill,
    /// The kernel killed it for using more memory than its limit.
    OutOfMemory,
    /// A fault made it crash.
    Crash,
}
