//! What somebody can ask about: anything of the lab that has a story of its own.
//!
//! `why`, `facts`, `timeline` and `:compare` take any of them. A new world adds its things here; the compiler then asks
//! for what they are called (`api::named`), how they stand (`session::standing`) and which facts are theirs
//! (`session::about`).

use super::id::{
    ClusterId, EksClusterId, InstanceId, LoadBalancerId, NamespaceId, NodeId, NodegroupId, PodId, ServiceAccountId,
    ServiceId, TargetGroupId, TaskId,
};

/// Something of the lab, by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An ECS task.
    Task(TaskId),
    /// An ECS service.
    Service(ServiceId),
    /// An ECS cluster.
    Cluster(ClusterId),
    /// A container instance of an ECS cluster.
    Instance(InstanceId),
    /// A load balancer.
    LoadBalancer(LoadBalancerId),
    /// A target group.
    TargetGroup(TargetGroupId),
    /// An EKS cluster.
    EksCluster(EksClusterId),
    /// A node group of an EKS cluster.
    Nodegroup(NodegroupId),
    /// A Kubernetes node.
    Node(NodeId),
    /// A Kubernetes namespace.
    Namespace(NamespaceId),
    /// A Kubernetes service account.
    ServiceAccount(ServiceAccountId),
    /// A Kubernetes pod.
    Pod(PodId),
}
