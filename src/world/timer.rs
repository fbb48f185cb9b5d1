//! The closed sets of what can be due later, and of what can await a reconciler now.

use crate::model::eks::NodegroupStatus;
use crate::model::id::{ContainerId, EksClusterId, NamespaceId, NodegroupId, PodId, ServiceId, TargetId, TaskId};
use crate::model::profile::Ending;
use crate::model::status::TaskStatus;

/// Something due at a later moment. Whoever handles it looks whether it still applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A task has done what this status is about and goes on to the next.
    TaskStep {
        /// The task.
        task: TaskId,
        /// The status it was in when the timer was set.
        from: TaskStatus,
    },
    /// A task without checks has run long enough to count as healthy.
    TaskHealthy(TaskId),
    /// The program in a container ends.
    ContainerEnds {
        /// The container.
        container: ContainerId,
        /// Its exit code.
        code: u8,
        /// How it comes to its end.
        ending: Ending,
    },
    /// The start timeout of a container has run out: those of this task that still wait for it give up.
    StartTimeout(TaskId),
    /// ECS has waited long enough for all containers of a task to start.
    StartOverdue(TaskId),
    /// The next probe that changes a container's health.
    HealthTurns(ContainerId),
    /// The next check that changes the health of a target.
    TargetTurns(TargetId),
    /// The deregistration delay of a target is over.
    Drained(TargetId),
    /// The grace period of a task is over.
    GraceEnds(TaskId),
    /// The service scheduler looks at a service.
    SchedulerPass(ServiceId),
    /// A service that is still steady says so again.
    SteadyAgain(ServiceId),
    /// An EKS cluster is made, or gone.
    EksCluster(EksClusterId),
    /// A node group is made, or gone, if it is still in the status in which the timer was set.
    Nodegroup(NodegroupId, NodegroupStatus),
    /// The kubelet comes back to a container of a pod.
    PodContainer {
        /// The pod.
        pod: PodId,
        /// The number of the container.
        container: u8,
        /// How often it had been started again when the timer was set.
        nth: u32,
        /// What is due.
        step: PodStep,
    },
}

/// What the kubelet does with a container of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PodStep {
    /// The image is there, or is not; the container starts.
    Start,
    /// The next pull is tried.
    Pull,
    /// The program ends.
    End {
        /// Its exit code.
        code: u8,
        /// How it comes to its end.
        ending: Ending,
    },
    /// The container starts again.
    Restart,
}

/// Something that awaits a reconciler before time moves on, in the order in which it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// Something has happened that containers of an ACTIVATING task may have waited for.
    StartContainers(TaskId),
    /// Tasks of a service run and are to be registered with its target groups.
    EnterTargetGroups(ServiceId),
    /// Tasks of a service are to leave its target groups.
    LeaveTargetGroups(ServiceId),
    /// A task has left its target groups, or has none: its containers are told to stop.
    StopContainers(TaskId),
    /// Something has happened that a task's health may depend on: the scheduler judges it anew, after all probes of
    /// the moment.
    Judge(TaskId),
    /// The counts of a service have changed.
    Service(ServiceId),
    /// A pod without a node: the scheduler looks for one.
    SchedulePod(PodId),
    /// There is more room on the nodes of a cluster: the scheduler looks at the pods that wait for some.
    ScheduleWaiting(EksClusterId),
    /// A namespace that is to go: what is in it goes first.
    EmptyNamespace(NamespaceId),
}
