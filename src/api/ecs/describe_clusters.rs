//! What a cluster holds: its counts are kept as tasks move, so asking costs the same whatever its size.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{self, Failure};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::names::last_part;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Names or ARNs; the cluster `default` without any.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Cluster))]
    clusters: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Response {
    clusters: Vec<shape::cluster::Cluster>,
    failures: Vec<Failure>,
}

pub(super) struct DescribeClusters;

impl Operation for DescribeClusters {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DescribeClusters";
    const SUMMARY: &'static str = "Shows clusters with their counts of tasks, services and container instances";
    const SEARCH: &'static [&'static str] = &["show", "count", "status"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.describe_clusters(#{ clusters: ["prod"] }).clusters[0].runningTasksCount"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeClusters {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let named = if request.clusters.is_empty() { vec!["default".to_owned()] } else { request.clusters };
        let mut response = Response { clusters: Vec::new(), failures: Vec::new() };
        for reference in named {
            let name = last_part(&reference);
            match world.ecs.cluster_by_name.get(name) {
                Some(&id) => response.clusters.push(shape::cluster::cluster(world, id)),
                None => response.failures.push(Failure::missing(world.arn("ecs", &format!("cluster/{name}")))),
            }
        }
        Ok(response)
    }
}
