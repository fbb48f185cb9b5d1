//! A cluster as DescribeClusters shows it.

use serde::Serialize;

use crate::model::capacity::{CapacityProvider, StrategyItem};
use crate::model::id::ClusterId;
use crate::model::status::{ClusterStatus, ServiceStatus};
use crate::model::tag::Tag;
use crate::world::World;

/// [API Cluster]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cluster {
    cluster_arn: String,
    cluster_name: String,
    status: ClusterStatus,
    registered_container_instances_count: usize,
    running_tasks_count: u32,
    pending_tasks_count: u32,
    active_services_count: usize,
    capacity_providers: Vec<CapacityProvider>,
    default_capacity_provider_strategy: Vec<StrategyItem>,
    tags: Vec<Tag>,
}

/// The shape of a cluster.
pub(crate) fn cluster(world: &World, id: ClusterId) -> Cluster {
    let cluster = &world.ecs.clusters[id];
    let active = cluster.services.values().filter(|&&s| world.ecs.services[s].status == ServiceStatus::Active);
    Cluster {
        cluster_arn: world.cluster_arn(id),
        cluster_name: cluster.name.to_string(),
        status: cluster.status,
        registered_container_instances_count: cluster.instances.len(),
        running_tasks_count: cluster.running,
        pending_tasks_count: cluster.pending,
        active_services_count: active.count(),
        capacity_providers: cluster.providers.clone(),
        default_capacity_provider_strategy: cluster.default_strategy.clone(),
        tags: cluster.tags.clone(),
    }
}
