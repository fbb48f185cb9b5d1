//! Which capacity providers strategies in a cluster may name, and the strategy of those that say nothing.
//!
//! The call replaces both lists as a whole; a provider that services still use cannot be taken away.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::{self, Item};
use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::capacity::CapacityProvider;
use crate::model::id::{ClusterId, FactId};
use crate::model::noun::Noun;
use crate::model::status::ServiceStatus;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: String,
    /// FARGATE, FARGATE_SPOT, both or none: all that the cluster is to have.
    #[schemars(extend("noun" = Noun::CapacityProvider))]
    capacity_providers: Vec<String>,
    /// The strategy where neither a launch type nor a strategy is given; empty for none.
    default_capacity_provider_strategy: Vec<Item>,
}

#[derive(Serialize)]
pub(super) struct Response {
    cluster: shape::cluster::Cluster,
}

pub(super) struct PutClusterCapacityProviders;

impl Operation for PutClusterCapacityProviders {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "PutClusterCapacityProviders";
    const SUMMARY: &'static str = "Says which capacity providers a cluster has, and its default strategy";
    const SEARCH: &'static [&'static str] = &["spot", "fargate", "cheap", "associate", "default strategy"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.put_cluster_capacity_providers(#{
    cluster: "prod", capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    defaultCapacityProviderStrategy: [
        #{ capacityProvider: "FARGATE", base: 1, weight: 1 }, #{ capacityProvider: "FARGATE_SPOT", weight: 3 },
    ],
}).cluster.capacityProviders"#;
    type Request = Request;
    type Response = Response;
}

impl Change for PutClusterCapacityProviders {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::cluster(world, Some(&request.cluster))?;
        let providers = capacity::providers(&request.capacity_providers, "capacityProviders")?;
        let strategy = capacity::default_strategy(&request.default_capacity_provider_strategy, &providers)?;
        check_unused(world, id, &providers)?;
        let cluster = &mut world.ecs.clusters[id];
        cluster.providers = providers;
        cluster.default_strategy = strategy;
        Ok(Response { cluster: shape::cluster::cluster(world, id) })
    }
}

/// No ACTIVE service names a provider that goes.
fn check_unused(world: &World, id: ClusterId, kept: &[CapacityProvider]) -> Result<(), Refusal> {
    let services = world.ecs.clusters[id].services.values().map(|&service| &world.ecs.services[service]);
    for service in services.filter(|service| service.status == ServiceStatus::Active) {
        let deployments = service.deployments.iter().map(|&id| &world.ecs.deployments[id]);
        let used = deployments.flat_map(|deployment| &deployment.strategy).map(|item| item.capacity_provider);
        if let Some(provider) = used.into_iter().find(|provider| !kept.contains(provider)) {
            return Err(Refusal::new(
                "ResourceInUseException",
                "The specified capacity provider is in use and cannot be removed.",
            )
            .because(format!("service `{}` has {provider} in its strategy", service.name))
            .way_out("give the service another strategy first")
            .at(["capacityProviders"]));
        }
    }
    Ok(())
}
