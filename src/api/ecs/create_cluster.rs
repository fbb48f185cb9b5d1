//! A cluster is a name and a boundary: on Fargate it costs nothing and holds nothing until tasks run in it.
//!
//! Creating a cluster that is ACTIVE already answers with that cluster.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::{self, Item};
use super::{check, lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::model::status::ClusterStatus;
use crate::model::tag::Tag;
use crate::world::World;
use crate::world::ecs::Cluster;

/// How a name is refused that is none.
const BAD_NAME: &str = "Invalid identifier: Identifier can only contain letters, numbers, hyphens, and underscores.";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name: up to 255 letters, digits, underscores and hyphens.
    #[serde(default = "default_name")]
    cluster_name: String,
    /// FARGATE, FARGATE_SPOT, both or none.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::CapacityProvider))]
    capacity_providers: Vec<String>,
    /// The strategy where neither a launch type nor a strategy is given.
    #[serde(default)]
    default_capacity_provider_strategy: Vec<Item>,
    /// Tags of the cluster.
    #[serde(default)]
    tags: Vec<Tag>,
}

fn default_name() -> String {
    "default".to_owned()
}

#[derive(Serialize)]
pub(super) struct Response {
    cluster: shape::cluster::Cluster,
}

pub(super) struct CreateCluster;

impl Operation for CreateCluster {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "CreateCluster";
    const SUMMARY: &'static str = "Creates a cluster: a name under which tasks and services run";
    const SEARCH: &'static [&'static str] = &["new", "make", "parking lot"];
    const EXAMPLE: &'static str = r#"ecs.create_cluster(#{ clusterName: "prod" }).cluster.status"#;
    type Request = Request;
    type Response = Response;
}

impl Change for CreateCluster {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let name = request.cluster_name;
        check::identifier(&name, "clusterName", BAD_NAME)?;
        let providers = capacity::providers(&request.capacity_providers, "capacityProviders")?;
        let default_strategy = capacity::default_strategy(&request.default_capacity_provider_strategy, &providers)?;
        let id = match lookup::active_cluster(world, &name) {
            Some(id) => id,
            None => {
                check_quota(world)?;
                let id = world.ecs.clusters.add(Cluster {
                    name: name.as_str().into(),
                    status: ClusterStatus::Active,
                    services: BTreeMap::new(),
                    instances: BTreeSet::new(),
                    room: BTreeMap::new(),
                    live: BTreeSet::new(),
                    waiting: BTreeSet::new(),
                    restless: BTreeSet::new(),
                    stopped: Vec::new(),
                    pending: 0,
                    running: 0,
                    providers,
                    default_strategy,
                    tags: request.tags,
                });
                world.ecs.cluster_by_name.insert(name.into(), id);
                id
            }
        };
        Ok(Response { cluster: shape::cluster::cluster(world, id) })
    }
}

fn check_quota(world: &World) -> Result<(), Refusal> {
    let most = world.tuning.clusters as usize;
    if lookup::active_clusters(world).count() < most {
        return Ok(());
    }
    Err(Refusal::new("LimitExceededException", "The limit for the resource has been exceeded.")
        .because(format!("an account has at most {most} clusters in a Region"))
        .way_out("delete one first: ecs.delete_cluster(#{ cluster: … })"))
}
