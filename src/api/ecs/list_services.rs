//! The ARNs of the services of a cluster, in pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::page::page;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::model::status::{LaunchType, ServiceStatus};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// Only services of this launch type.
    launch_type: Option<LaunchType>,
    /// Entries of a page: 1 to 100.
    max_results: Option<u32>,
    /// Where the last page ended.
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    service_arns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) struct ListServices;

impl Operation for ListServices {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "ListServices";
    const SUMMARY: &'static str = "Lists the ARNs of the services of a cluster";
    const SEARCH: &'static [&'static str] = &["all", "which"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.list_services(#{ cluster: "prod" }).serviceArns"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListServices {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let services = world.ecs.clusters[cluster].services.values().copied().filter(|&id| {
            let service = &world.ecs.services[id];
            let primary = &world.ecs.deployments[service.deployments[0]];
            service.status == ServiceStatus::Active && request.launch_type.is_none_or(|launch| primary.launch == launch)
        });
        let arns = services.map(|id| world.service_arn(id));
        let page = page(arns, request.max_results, request.next_token.as_deref())?;
        Ok(Response { service_arns: page.items, next_token: page.next_token })
    }
}
