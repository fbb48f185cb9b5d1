//! The ARNs of the clusters of this account, in pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::page::page;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Entries of a page: 1 to 100.
    max_results: Option<u32>,
    /// Where the last page ended.
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    cluster_arns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) struct ListClusters;

impl Operation for ListClusters {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "ListClusters";
    const SUMMARY: &'static str = "Lists the ARNs of the clusters";
    const SEARCH: &'static [&'static str] = &["all", "which"];
    const EXAMPLE: &'static str = r#"ecs.list_clusters().clusterArns"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListClusters {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let arns = lookup::active_clusters(world).map(|id| world.cluster_arn(id));
        let page = page(arns, request.max_results, request.next_token.as_deref())?;
        Ok(Response { cluster_arns: page.items, next_token: page.next_token })
    }
}
