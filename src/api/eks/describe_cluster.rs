//! Where a cluster stands in its life, and who its issuer is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name.
    #[schemars(extend("noun" = Noun::EksCluster))]
    name: String,
}

#[derive(Serialize)]
pub(super) struct Response {
    cluster: shape::Cluster,
}

pub(super) struct DescribeCluster;

impl Operation for DescribeCluster {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "DescribeCluster";
    const SUMMARY: &'static str = "Shows a cluster: its status, endpoint and issuer";
    const SEARCH: &'static [&'static str] = &["status", "issuer", "oidc", "endpoint"];
    const EXAMPLE: &'static str = r#"
try {
    eks.describe_cluster(#{ name: "demo" })
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeCluster {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::cluster(world, &request.name, "name")?;
        Ok(Response { cluster: shape::cluster(world, id) })
    }
}
