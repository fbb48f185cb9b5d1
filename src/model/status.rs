//! The closed sets of states that ECS documents, with AWS's spelling.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::aws_enum::aws_enum;

aws_enum! {
    /// `lastStatus` of a task, in the order of its life. [DG task lifecycle]
    TaskStatus {
        /// Work before launch, such as attaching the network interface.
        Provisioning = "PROVISIONING",
        /// Waiting for the agent, or for Fargate, to act.
        Pending = "PENDING",
        /// Between start and running: image pull, container creation.
        Activating = "ACTIVATING",
        /// The containers run.
        Running = "RUNNING",
        /// Target groups are left before the stop.
        Deactivating = "DEACTIVATING",
        /// The stop signal was sent; the containers have until the stop timeout.
        Stopping = "STOPPING",
        /// The network interface is detached and deleted.
        Deprovisioning = "DEPROVISIONING",
        /// Over. A stopped task never starts again.
        Stopped = "STOPPED",
    }
}

impl TaskStatus {
    /// On its way up: it counts as pending and holds a place.
    pub const fn is_starting(self) -> bool {
        matches!(self, TaskStatus::Provisioning | TaskStatus::Pending | TaskStatus::Activating)
    }

    /// On its way down, but not there yet.
    pub const fn is_stopping(self) -> bool {
        matches!(self, TaskStatus::Deactivating | TaskStatus::Stopping | TaskStatus::Deprovisioning)
    }
}

aws_enum! {
    /// `desiredStatus` of a task. It never returns from STOPPED. [API DesiredStatus]
    DesiredStatus {
        /// ECS wants it to run.
        Running = "RUNNING",
        /// ECS wants it to stop.
        Stopped = "STOPPED",
    }
}

aws_enum! {
    /// `stopCode` of a task. [API TaskStopCode]
    StopCode {
        /// It never reached RUNNING.
        TaskFailedToStart = "TaskFailedToStart",
        /// A container that the task cannot do without ended.
        EssentialContainerExited = "EssentialContainerExited",
        /// Somebody called StopTask.
        UserInitiated = "UserInitiated",
        /// The service scheduler stopped it.
        ServiceSchedulerInitiated = "ServiceSchedulerInitiated",
        /// Fargate Spot took its capacity back.
        SpotInterruption = "SpotInterruption",
        /// Its container instance went away.
        TerminationNotice = "TerminationNotice",
    }
}

aws_enum! {
    /// `healthStatus` of a task or container. [API HealthStatus]
    HealthStatus {
        /// The last checks passed.
        Healthy = "HEALTHY",
        /// Too many checks failed in a row.
        Unhealthy = "UNHEALTHY",
        /// No check is defined, or none has reported yet.
        Unknown = "UNKNOWN",
    }
}

aws_enum! {
    /// `lastStatus` of a container.
    ContainerStatus {
        /// Not started yet.
        Pending = "PENDING",
        /// Its process runs.
        Running = "RUNNING",
        /// Its process ended.
        Stopped = "STOPPED",
    }
}

aws_enum! {
    /// Where tasks run. [API LaunchType]
    LaunchType {
        /// On container instances that you register.
        Ec2 = "EC2",
        /// On capacity that AWS runs.
        Fargate = "FARGATE",
    }
}

aws_enum! {
    /// `status` of a service. [API Service.status]
    ServiceStatus {
        /// It keeps its desired count.
        Active = "ACTIVE",
        /// Deleted, and its tasks are still stopping.
        Draining = "DRAINING",
        /// Gone; a new service may take its name.
        Inactive = "INACTIVE",
    }
}

aws_enum! {
    /// How a service decides where its tasks belong. [API SchedulingStrategy]
    SchedulingStrategy {
        /// Keep the desired count.
        Replica = "REPLICA",
        /// One task on each container instance.
        Daemon = "DAEMON",
    }
}

aws_enum! {
    /// `status` of a deployment. [API Deployment.status]
    DeploymentStatus {
        /// The newest.
        Primary = "PRIMARY",
        /// An older one that still has tasks.
        Active = "ACTIVE",
        /// Replaced completely.
        Inactive = "INACTIVE",
    }
}

aws_enum! {
    /// `rolloutState` of a deployment. [API DeploymentRolloutState]
    RolloutState {
        /// On the way to a steady state.
        InProgress = "IN_PROGRESS",
        /// It reached a steady state.
        Completed = "COMPLETED",
        /// The circuit breaker or an alarm ended it.
        Failed = "FAILED",
    }
}

aws_enum! {
    /// `status` of a cluster. [API Cluster.status]
    ClusterStatus {
        /// In use.
        Active = "ACTIVE",
        /// Deleted.
        Inactive = "INACTIVE",
    }
}

aws_enum! {
    /// `status` of a task definition revision. [API TaskDefinitionStatus]
    DefinitionStatus {
        /// May be used for new tasks and services.
        Active = "ACTIVE",
        /// Deregistered: only what already uses it goes on.
        Inactive = "INACTIVE",
        /// Deleted, and waiting for its last users.
        DeleteInProgress = "DELETE_IN_PROGRESS",
    }
}

aws_enum! {
    /// `status` of a container instance. [API ContainerInstance.status]
    InstanceStatus {
        /// Takes tasks.
        Active = "ACTIVE",
        /// Takes no new tasks.
        Draining = "DRAINING",
        /// Deregistered.
        Inactive = "INACTIVE",
    }
}
