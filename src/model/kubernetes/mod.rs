//! The nouns of Kubernetes: manifests as people write them, and the closed sets of states. Names, defaults and
//! spellings are those of core/v1.

pub mod format;
pub mod image_name;
pub mod manifest;
pub mod pod;
pub mod quantity;
pub mod resources;

use crate::model::aws_enum::aws_enum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

aws_enum! {
    /// `status.phase` of a pod. [semantics/eks.md 1.1]
    PodPhase {
        /// Not all of its containers have started yet.
        Pending = "Pending",
        /// At least one container runs, or will run again.
        Running = "Running",
        /// All containers ended with 0 and none starts again.
        Succeeded = "Succeeded",
        /// All containers ended, one of them not with 0, and none starts again.
        Failed = "Failed",
    }
}

impl PodPhase {
    /// Whether it is over: nothing of it runs again.
    pub const fn is_over(self) -> bool {
        matches!(self, PodPhase::Succeeded | PodPhase::Failed)
    }
}

aws_enum! {
    /// `spec.restartPolicy` of a pod. [semantics/eks.md 1.1]
    RestartPolicy {
        /// Containers start again however they end.
        Always = "Always",
        /// Containers start again if they do not end with 0.
        OnFailure = "OnFailure",
        /// Containers run once.
        Never = "Never",
    }
}

aws_enum! {
    /// Why a container waits: `state.waiting.reason`. [semantics/eks.md 1.3, 3.2]
    WaitingReason {
        /// Its image is pulled, its volumes are mounted.
        ContainerCreating = "ContainerCreating",
        /// The image could not be pulled.
        ErrImagePull = "ErrImagePull",
        /// Its image's name stands for no image.
        InvalidImageName = "InvalidImageName",
        /// The next pull is some time away.
        ImagePullBackOff = "ImagePullBackOff",
        /// The next start is some time away.
        CrashLoopBackOff = "CrashLoopBackOff",
    }
}

aws_enum! {
    /// `status.phase` of a namespace. [semantics/eks.md 1.7]
    NamespacePhase {
        /// In use.
        Active = "Active",
        /// Its content is being removed, then it goes.
        Terminating = "Terminating",
    }
}
