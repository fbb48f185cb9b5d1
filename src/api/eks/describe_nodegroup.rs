//! Where a node group stands in its life, and which role its nodes have.

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
    cluster_name: String,
    /// The node group's name.
    #[schemars(extend("noun" = Noun::Nodegroup))]
    nodegroup_name: String,
}

#[derive(Serialize)]
pub(super) struct Response {
    nodegroup: shape::Nodegroup,
}

pub(super) struct DescribeNodegroup;

impl Operation for DescribeNodegroup {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "DescribeNodegroup";
    const SUMMARY: &'static str = "Shows a node group: its status, size and role";
    const SEARCH: &'static [&'static str] = &["status", "nodes", "role"];
    const EXAMPLE: &'static str = r#"
try {
    eks.describe_nodegroup(#{ clusterName: "demo", nodegroupName: "main" })
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeNodegroup {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, &request.cluster_name, "clusterName")?;
        let id = lookup::nodegroup(world, cluster, &request.nodegroup_name)?;
        Ok(Response { nodegroup: shape::nodegroup(world, id) })
    }
}
