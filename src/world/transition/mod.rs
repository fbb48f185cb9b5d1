//! The only writers of a status. Each change is checked against a table of legal edges, keeps the indexes and counts
//! that depend on it, and records a fact. `tests/tidy.rs` sees to it that nobody else writes one.

mod cluster;
mod eks;
mod kubernetes;
mod load_balancing;
mod service;
mod task;

use std::fmt::{Debug, Display};

use crate::model::load_balancing::TargetState;
use crate::model::status::{
    ClusterStatus, ContainerStatus, DefinitionStatus, DeploymentStatus, InstanceStatus, RolloutState, ServiceStatus,
    TaskStatus,
};

pub use kubernetes::phase_edge;
pub(in crate::world) use kubernetes::{is_moving, phase};

/// From each status, those that may follow.
type Edges<S> = [(S, &'static [S])];

/// From which status a task may go where. [DG task lifecycle]
///
/// A task without a network interface has nothing to do in PROVISIONING and DEPROVISIONING, and one that gets none,
/// because its subnet is full, goes from the first to STOPPED. One that is stopped before it runs skips what it never
/// began; where some of its containers have started, they are stopped first.
const TASK: &Edges<TaskStatus> = {
    use TaskStatus::*;
    &[
        (Provisioning, &[Pending, Deprovisioning, Stopped]),
        (Pending, &[Activating, Deprovisioning, Stopped]),
        (Activating, &[Running, Stopping, Deprovisioning, Stopped]),
        (Running, &[Deactivating]),
        (Deactivating, &[Stopping]),
        (Stopping, &[Deprovisioning, Stopped]),
        (Deprovisioning, &[Stopped]),
        (Stopped, &[]),
    ]
};

/// [API Service.status]
const SERVICE: &Edges<ServiceStatus> = {
    use ServiceStatus::*;
    &[(Active, &[Draining, Inactive]), (Draining, &[Inactive]), (Inactive, &[])]
};

/// A completed deployment goes back to IN_PROGRESS when it becomes the target of a rollback.
/// [API DeploymentRolloutState]
const ROLLOUT: &Edges<RolloutState> = {
    use RolloutState::*;
    &[(InProgress, &[Completed, Failed]), (Completed, &[InProgress]), (Failed, &[])]
};

/// The newest deployment is PRIMARY; a rollback makes an older one so again, though its tasks may be gone.
/// [API Deployment.status]
const DEPLOYMENT: &Edges<DeploymentStatus> = {
    use DeploymentStatus::*;
    &[(Primary, &[Active, Inactive]), (Active, &[Primary, Inactive]), (Inactive, &[Primary])]
};

/// A container that never starts goes from PENDING to STOPPED, when it gives up or its task stops.
/// [AGENT engine/task_manager.go containerNextState]
const CONTAINER: &Edges<ContainerStatus> = {
    use ContainerStatus::*;
    &[(Pending, &[Running, Stopped]), (Running, &[Stopped]), (Stopped, &[])]
};

/// A deleted cluster stays visible as INACTIVE for a while. [API DeleteCluster]
const CLUSTER: &Edges<ClusterStatus> = {
    use ClusterStatus::*;
    &[(Active, &[Inactive]), (Inactive, &[])]
};

/// There is no way back from deregistering, and only what is deregistered can be deleted. [API DeleteTaskDefinitions]
const DEFINITION: &Edges<DefinitionStatus> = {
    use DefinitionStatus::*;
    &[(Active, &[Inactive]), (Inactive, &[DeleteInProgress]), (DeleteInProgress, &[])]
};

/// [API ContainerInstance.status]
const INSTANCE: &Edges<InstanceStatus> = {
    use InstanceStatus::*;
    &[(Active, &[Draining, Inactive]), (Draining, &[Active, Inactive]), (Inactive, &[])]
};

/// From which state a target may go where. One that drains may be registered again. [ELBAPI TargetHealth]
const TARGET: &Edges<TargetState> = {
    use TargetState::*;
    &[
        (Unused, &[Initial]),
        (Initial, &[Healthy, Unhealthy, Unused, Draining]),
        (Healthy, &[Unhealthy, Unused, Draining]),
        (Unhealthy, &[Healthy, Unused, Draining]),
        (Draining, &[Initial, Unused]),
    ]
};

/// Whether a table allows this step.
fn legal<S: Copy + PartialEq>(edges: &Edges<S>, from: S, to: S) -> bool {
    edges.iter().any(|(start, ends)| *start == from && ends.contains(&to))
}

/// Takes a step that the table allows. Any other is a bug in whoever asks for it.
#[track_caller]
fn go<S: Copy + PartialEq + Display>(edges: &Edges<S>, status: &mut S, to: S, who: impl Debug) {
    assert!(legal(edges, *status, to), "{who:?} cannot go from {status} to {to}");
    *status = to;
}

/// Whether a task may go from one status to the other.
pub fn task_edge(from: TaskStatus, to: TaskStatus) -> bool {
    legal(TASK, from, to)
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
