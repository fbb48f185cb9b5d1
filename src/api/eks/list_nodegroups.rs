//! The names of the node groups of a cluster.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name.
    #[schemars(extend("noun" = Noun::EksCluster))]
    cluster_name: String,
}

#[derive(Serialize)]
pub(super) struct Response {
    nodegroups: Vec<Box<str>>,
}

pub(super) struct ListNodegroups;

impl Operation for ListNodegroups {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "ListNodegroups";
    const SUMMARY: &'static str = "Lists the node groups of a cluster";
    const SEARCH: &'static [&'static str] = &["nodes", "names"];
    const EXAMPLE: &'static str = r#"
try {
    eks.list_nodegroups(#{ clusterName: "demo" })
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListNodegroups {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::cluster(world, &request.cluster_name, "clusterName")?;
        Ok(Response { nodegroups: world.eks.clusters[id].nodegroups.keys().cloned().collect() })
    }
}
