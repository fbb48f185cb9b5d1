//! The names of the clusters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {}

#[derive(Serialize)]
pub(super) struct Response {
    clusters: Vec<Box<str>>,
}

pub(super) struct ListClusters;

impl Operation for ListClusters {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "ListClusters";
    const SUMMARY: &'static str = "Lists the Kubernetes clusters";
    const SEARCH: &'static [&'static str] = &["all", "names"];
    const EXAMPLE: &'static str = r#"eks.list_clusters().clusters"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListClusters {
    fn call(world: &World, _request: Request) -> Result<Response, Refusal> {
        Ok(Response { clusters: world.eks.cluster_by_name.keys().cloned().collect() })
    }
}
