//! Deletes a cluster with everything in it. Its node groups have to go first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::eks;
use crate::model::id::FactId;
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

pub(super) struct DeleteCluster;

impl Operation for DeleteCluster {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "DeleteCluster";
    const SUMMARY: &'static str = "Deletes a Kubernetes cluster without node groups";
    const SEARCH: &'static [&'static str] = &["remove", "destroy", "tear down"];
    const EXAMPLE: &'static str = r#"
try {
    eks.delete_cluster(#{ name: "demo" })
} catch (refusal) {
    refusal.code
}"#;
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteCluster {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::cluster(world, &request.name, "name")?;
        let groups = &world.eks.clusters[id].nodegroups;
        if !groups.is_empty() {
            let names: Vec<&str> = groups.keys().map(|name| &**name).collect();
            return Err(Refusal::new("ResourceInUseException", "Cluster has nodegroups attached")
                .because(format!("it has: {}", names.join(", ")))
                .way_out("delete them first, and wait until they are gone: eks.delete_nodegroup(#{ … })")
                .at(["name"]));
        }
        lookup::active(world, id)?;
        eks::delete_cluster(world, id, asked);
        Ok(Response { cluster: shape::cluster(world, id) })
    }
}
