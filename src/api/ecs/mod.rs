//! Amazon ECS: the operations, their lookups and the shapes of their answers.
//!
//! To add one: a file of its own, its `mod` line and its row, here. The rest follows from the table.

mod create_cluster;
mod create_service;
mod delete_cluster;
mod delete_service;
mod deregister_container_instance;
mod describe_clusters;
mod describe_container_instances;
mod describe_services;
mod describe_tasks;
mod launch;
mod list_clusters;
mod list_container_instances;
mod list_services;
mod list_tasks;
pub(crate) mod lookup;
mod network;
mod register_container_instance;
mod rollout;
mod run_task;
pub(crate) mod shape;
mod stop_task;
mod update_service;

use super::{Entry, change, query};

/// The operations of ECS, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    change::<create_cluster::CreateCluster>(),
    query::<describe_clusters::DescribeClusters>(),
    query::<list_clusters::ListClusters>(),
    change::<delete_cluster::DeleteCluster>(),
    change::<register_container_instance::RegisterContainerInstance>(),
    query::<describe_container_instances::DescribeContainerInstances>(),
    query::<list_container_instances::ListContainerInstances>(),
    change::<deregister_container_instance::DeregisterContainerInstance>(),
    change::<run_task::RunTask>(),
    change::<stop_task::StopTask>(),
    query::<describe_tasks::DescribeTasks>(),
    query::<list_tasks::ListTasks>(),
    change::<create_service::CreateService>(),
    change::<update_service::UpdateService>(),
    change::<delete_service::DeleteService>(),
    query::<describe_services::DescribeServices>(),
    query::<list_services::ListServices>(),
];
