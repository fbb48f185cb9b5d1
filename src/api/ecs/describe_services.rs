//! Everything about services: counts, deployments, and the newest hundred events in the scheduler's own words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{self, Failure};
use super::{check, lookup};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::names::last_part;

/// [API DescribeServices.services]
const MOST: usize = 10;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// Up to 10 names or ARNs.
    #[schemars(extend("noun" = Noun::Service))]
    services: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Response {
    services: Vec<shape::service::Service>,
    failures: Vec<Failure>,
}

pub(super) struct DescribeServices;

impl Operation for DescribeServices {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DescribeServices";
    const SUMMARY: &'static str = "Shows services with their counts, deployments and events";
    const SEARCH: &'static [&'static str] = &["show", "events", "rollout", "stuck", "status"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.describe_services(#{ cluster: "prod", services: ["web"] }).failures[0].reason"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeServices {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        check::listed(
            request.services.len(),
            "services",
            "Services",
            MOST,
            "ecs.list_services(#{ cluster: … }).serviceArns",
        )?;
        let mut response = Response { services: Vec::new(), failures: Vec::new() };
        for reference in request.services {
            match lookup::any_service(world, cluster, &reference) {
                Some(id) => response.services.push(shape::service::service(world, id)),
                None => {
                    let cluster = &world.ecs.clusters[cluster].name;
                    let arn = world.arn("ecs", &format!("service/{cluster}/{}", last_part(&reference)));
                    response.failures.push(Failure::missing(arn));
                }
            }
        }
        Ok(response)
    }
}
