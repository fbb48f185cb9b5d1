//! The ARNs of a cluster's container instances, in pages. Deregistered ones do not show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::page::page;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::InstanceId;
use crate::model::noun::Noun;
use crate::model::status::InstanceStatus;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// Only instances with this status.
    status: Option<Status>,
    /// Entries of a page: 1 to 100.
    max_results: Option<u32>,
    /// Where the last page ended.
    next_token: Option<String>,
}

/// The statuses that AWS lets one ask for; INACTIVE is not among them. [API ListContainerInstances.status]
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    Active,
    Draining,
    Registering,
    Deregistering,
    RegistrationFailed,
}

impl Status {
    /// An instance joins and leaves at once here, so no instance has one of the statuses in between.
    fn covers(self, status: InstanceStatus) -> bool {
        match self {
            Status::Active => status == InstanceStatus::Active,
            Status::Draining => status == InstanceStatus::Draining,
            Status::Registering | Status::Deregistering | Status::RegistrationFailed => false,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    container_instance_arns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) struct ListContainerInstances;

impl Operation for ListContainerInstances {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "ListContainerInstances";
    const SUMMARY: &'static str = "Lists the ARNs of a cluster's container instances";
    const SEARCH: &'static [&'static str] = &["all", "which", "nodes", "hosts", "servers"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_container_instance(#{ cluster: "prod", totalResources: [
    #{ name: "CPU", type: "INTEGER", integerValue: 1024 }, #{ name: "MEMORY", type: "INTEGER", integerValue: 2048 },
] });
ecs.list_container_instances(#{ cluster: "prod", status: "ACTIVE" }).containerInstanceArns"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListContainerInstances {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let wanted =
            |id: &InstanceId| request.status.is_none_or(|status| status.covers(world.ecs.instances[*id].status));
        let instances = world.ecs.clusters[cluster].instances.iter().copied().filter(wanted);
        let arns = instances.map(|id| world.instance_arn(id));
        let page = page(arns, request.max_results, request.next_token.as_deref())?;
        Ok(Response { container_instance_arns: page.items, next_token: page.next_token })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::ecs::deregister_container_instance::tests::lab_with_instances;
    use crate::api::trial::call;

    const LIST: &str = "ecs.list_container_instances";

    #[test]
    fn instances_come_in_pages_and_by_status() {
        let (mut world, arns) = lab_with_instances(3);
        for (request, expected, more) in [
            (json!({ "cluster": "prod" }), &arns[..], false),
            (json!({ "cluster": "prod", "status": "ACTIVE" }), &arns[..], false),
            (json!({ "cluster": "prod", "status": "DRAINING" }), &arns[..0], false),
            (json!({ "cluster": "prod", "status": "REGISTRATION_FAILED" }), &arns[..0], false),
            (json!({ "cluster": "prod", "maxResults": 2 }), &arns[..2], true),
            (json!({ "cluster": "prod", "maxResults": 2, "nextToken": "page-2" }), &arns[2..], false),
        ] {
            let answer = call(&mut world, LIST, request.clone()).expect("good");
            assert_eq!(answer["containerInstanceArns"], json!(expected), "{request}");
            assert_eq!(answer.get("nextToken").is_some(), more, "{request}");
        }
    }

    #[test]
    fn what_cannot_be_listed_is_refused() {
        let (mut world, _) = lab_with_instances(1);
        for (request, code) in [
            (json!({ "cluster": "dev" }), "ClusterNotFoundException"),
            (json!({ "cluster": "prod", "status": "INACTIVE" }), "ParamValidationError"),
            (json!({ "cluster": "prod", "maxResults": 0 }), "InvalidParameterException"),
            (json!({ "cluster": "prod", "nextToken": "next" }), "InvalidParameterException"),
        ] {
            assert_eq!(call(&mut world, LIST, request).expect_err(code).code, code);
        }
    }
}
