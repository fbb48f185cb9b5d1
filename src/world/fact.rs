//! What happened, and why: the closed set of facts.
//!
//! A fact is small and holds ids only; the words are put together where somebody reads it (`session::why`). Every fact
//! but a person's own input has a cause, so that the chain from any fact leads back to something somebody did.

use crate::model::eks::{EksClusterStatus, NodegroupStatus};
use crate::model::id::{
    ClusterId, ContainerId, DefinitionId, DeploymentId, EksClusterId, FactId, InstanceId, ListenerId, NamespaceId,
    NodeId, NodegroupId, PodId, RoleSessionId, ServiceAccountId, ServiceId, TargetGroupId, TargetId, TaskId,
};
use crate::model::kubernetes::{NamespacePhase, PodPhase, WaitingReason};
use crate::model::load_balancing::TargetState;
use crate::model::profile::Ending;
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
    /// The program in a container started, apart from the others of its task.
    ContainerStarted(ContainerId),
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
    /// An EKS cluster changed its status.
    EksClusterMoved(EksClusterId, EksClusterStatus),
    /// An EKS cluster is there no longer.
    EksClusterGone(EksClusterId),
    /// A node group changed its status.
    NodegroupMoved(NodegroupId, NodegroupStatus),
    /// A node group is there no longer.
    NodegroupGone(NodegroupId),
    /// A node joined its cluster.
    NodeJoined(NodeId),
    /// A node left its cluster.
    NodeLeft(NodeId),
    /// A namespace changed its phase.
    NamespaceMoved(NamespaceId, NamespacePhase),
    /// A namespace is there no longer.
    NamespaceGone(NamespaceId),
    /// A service account was created or changed.
    AccountWritten(ServiceAccountId),
    /// A service account is there no longer.
    AccountGone(ServiceAccountId),
    /// A pod was created.
    PodCreated(PodId),
    /// The pod identity webhook gave a pod a role.
    PodInjected(PodId),
    /// A pod got a node.
    PodScheduled(PodId),
    /// No node has room for a pod.
    PodUnschedulable(PodId),
    /// A pod changed its phase.
    PodMoved(PodId, PodPhase),
    /// A container of a pod started: its number, and how often it had been started before.
    PodContainerStarted(PodId, u8, u32),
    /// A container of a pod waits, for this reason.
    PodContainerWaits(PodId, u8, WaitingReason),
    /// The program in a container of a pod ended.
    PodContainerExited {
        /// The pod.
        pod: PodId,
        /// The number of the container.
        container: u8,
        /// Its exit code.
        code: u8,
        /// How it came to its end.
        ending: Ending,
    },
    /// Somebody wants a pod gone.
    PodDeleting(PodId),
    /// A pod is there no longer.
    PodGone(PodId),
    /// The SDK in a pod began a session with the pod's token.
    PodAssumed(PodId, RoleSessionId),
}
