//! Amazon ECS: the operations, their lookups and the shapes of their answers.
//!
//! To add one: a file of its own, its `mod` line and its row, here. The rest follows from the table.

mod capacity;
mod check;
mod create_cluster;
mod create_service;
mod definition_checks;
mod delete_cluster;
mod delete_service;
mod delete_task_definitions;
mod deregister_container_instance;
mod deregister_task_definition;
mod describe_clusters;
mod describe_container_instances;
mod describe_services;
mod describe_task_definition;
mod describe_tasks;
mod list_clusters;
mod list_container_instances;
mod list_services;
mod list_tags_for_resource;
mod list_task_definition_families;
mod list_task_definitions;
mod list_tasks;
mod load_balancers;
pub(crate) mod lookup;
mod network;
mod placement_rules;
mod put_cluster_capacity_providers;
mod register_container_instance;
mod register_task_definition;
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
    change::<put_cluster_capacity_providers::PutClusterCapacityProviders>(),
    change::<delete_cluster::DeleteCluster>(),
    change::<register_task_definition::RegisterTaskDefinition>(),
    query::<describe_task_definition::DescribeTaskDefinition>(),
    query::<list_task_definitions::ListTaskDefinitions>(),
    query::<list_task_definition_families::ListTaskDefinitionFamilies>(),
    change::<deregister_task_definition::DeregisterTaskDefinition>(),
    change::<delete_task_definitions::DeleteTaskDefinitions>(),
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
    query::<list_tags_for_resource::ListTagsForResource>(),
];
