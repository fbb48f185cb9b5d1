//! Deletes a node group. The pods on its nodes are told to leave, and nothing puts bare pods back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::eks;
use crate::model::eks::NodegroupStatus;
use crate::model::id::FactId;
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

pub(super) struct DeleteNodegroup;

impl Operation for DeleteNodegroup {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "DeleteNodegroup";
    const SUMMARY: &'static str = "Drains and removes the nodes of a node group";
    const SEARCH: &'static [&'static str] = &["remove", "drain", "terminate"];
    const EXAMPLE: &'static str = r#"
try {
    eks.delete_nodegroup(#{ clusterName: "demo", nodegroupName: "main" })
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteNodegroup {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, &request.cluster_name, "clusterName")?;
        let id = lookup::nodegroup(world, cluster, &request.nodegroup_name)?;
        if world.eks.nodegroups[id].status != NodegroupStatus::Deleting {
            eks::delete_nodegroup(world, id, asked);
        }
        Ok(Response { nodegroup: shape::nodegroup(world, id) })
    }
}
