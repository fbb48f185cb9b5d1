//! Amazon ECS: the operations, their lookups and the shapes of their answers.
//!
//! To add one: a file of its own, its `mod` line and its row, here. The rest follows from the table.

mod create_cluster;
mod delete_cluster;
mod describe_clusters;
mod list_clusters;
pub(crate) mod lookup;
pub(crate) mod shape;

use super::{Entry, change, query};

/// The operations of ECS, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    change::<create_cluster::CreateCluster>(),
    query::<describe_clusters::DescribeClusters>(),
    query::<list_clusters::ListClusters>(),
    change::<delete_cluster::DeleteCluster>(),
];
