//! The closed sets of states and choices that Amazon EKS documents, with AWS's spelling.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::aws_enum::aws_enum;

aws_enum! {
    /// `status` of a cluster. [semantics/eks.md 5.1]
    EksClusterStatus {
        /// The control plane is being made.
        Creating = "CREATING",
        /// In use.
        Active = "ACTIVE",
        /// On its way out.
        Deleting = "DELETING",
    }
}

aws_enum! {
    /// `status` of a managed node group. [semantics/eks.md 5.3]
    NodegroupStatus {
        /// Its instances are launched and join the cluster.
        Creating = "CREATING",
        /// In use.
        Active = "ACTIVE",
        /// Its nodes are drained and terminated.
        Deleting = "DELETING",
    }
}

aws_enum! {
    /// `amiType` of a managed node group, as far as longshore knows how its nodes differ. [semantics/eks.md 5.3]
    AmiType {
        /// Amazon Linux 2.
        Al2 = "AL2_x86_64",
        /// Amazon Linux 2 on Graviton.
        Al2Arm = "AL2_ARM_64",
        /// Amazon Linux 2023.
        Al2023 = "AL2023_x86_64_STANDARD",
        /// Amazon Linux 2023 on Graviton.
        Al2023Arm = "AL2023_ARM_64_STANDARD",
    }
}

impl AmiType {
    /// How many hops an answer of the instance metadata service may take where no launch template says otherwise: 1
    /// ends on the node, 2 reaches pods. [semantics/eks.md 6.5]
    pub const fn hop_limit(self) -> u8 {
        match self {
            AmiType::Al2 | AmiType::Al2Arm => 2,
            AmiType::Al2023 | AmiType::Al2023Arm => 1,
        }
    }
}
