//! Typed indexes: what the world uses inside, instead of AWS's strings.
//!
//! An ARN or a 32-digit task id is derived from (seed, kind, number) where it is shown, and read back where it is typed
//! (`world::names`); in between everything is a small number that can only be used for its own kind.

use std::fmt;
use std::hash::Hash;

/// A typed index into an arena.
pub trait Id: Copy + Eq + Ord + Hash + fmt::Debug {
    /// The kind's name, which also keys the derived ids of that kind.
    const KIND: &'static str;

    /// The id with this number.
    fn new(number: u32) -> Self;

    /// The number of this id: 0, 1, 2 in the order of creation.
    fn number(self) -> u32;

    /// The number as an index.
    fn index(self) -> usize {
        self.number() as usize
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $kind:literal,)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            const KIND: &'static str = $kind;
            fn new(number: u32) -> Self { Self(number) }
            fn number(self) -> u32 { self.0 }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}#{}", $kind, self.0)
            }
        }
    )* };
}

ids! {
    /// An ECS cluster.
    ClusterId "cluster",
    /// One revision of a task definition.
    DefinitionId "task-definition",
    /// An ECS service.
    ServiceId "service",
    /// A deployment of an ECS service.
    DeploymentId "deployment",
    /// An ECS task.
    TaskId "task",
    /// A container of an ECS task.
    ContainerId "container",
    /// A launch template of EC2.
    LaunchTemplateId "launch-template",
    /// An EC2 container instance registered in a cluster.
    InstanceId "container-instance",
    /// A load balancer.
    LoadBalancerId "load-balancer",
    /// A listener of a load balancer.
    ListenerId "listener",
    /// A target group.
    TargetGroupId "target-group",
    /// A target registered with a target group.
    TargetId "target",
    /// A subnet.
    SubnetId "subnet",
    /// An image, as named in a container definition.
    ImageId "image",
    /// An IAM role.
    RoleId "role",
    /// An IAM managed policy.
    PolicyId "policy",
    /// An OpenID Connect provider in IAM.
    ProviderId "oidc-provider",
    /// A session of an IAM role.
    RoleSessionId "role-session",
    /// An EKS cluster.
    EksClusterId "eks-cluster",
    /// A managed node group of an EKS cluster.
    NodegroupId "nodegroup",
    /// A Kubernetes node.
    NodeId "node",
    /// A Kubernetes namespace.
    NamespaceId "namespace",
    /// A Kubernetes service account.
    ServiceAccountId "service-account",
    /// A Kubernetes pod.
    PodId "pod",
    /// Something that happened: facts are numbered through from the first.
    FactId "fact",
}
