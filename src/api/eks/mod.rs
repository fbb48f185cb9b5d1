//! Amazon EKS: clusters and their node groups. What runs in a cluster is reached by the handle `k8s`.

mod create_cluster;
mod create_nodegroup;
mod delete_cluster;
mod delete_nodegroup;
mod describe_cluster;
mod describe_nodegroup;
mod list_clusters;
mod list_nodegroups;
pub(super) mod lookup;
mod shape;

use super::{Entry, change, query};

/// The operations of EKS, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    change::<create_cluster::CreateCluster>(),
    query::<describe_cluster::DescribeCluster>(),
    query::<list_clusters::ListClusters>(),
    change::<delete_cluster::DeleteCluster>(),
    change::<create_nodegroup::CreateNodegroup>(),
    query::<describe_nodegroup::DescribeNodegroup>(),
    query::<list_nodegroups::ListNodegroups>(),
    change::<delete_nodegroup::DeleteNodegroup>(),
];
