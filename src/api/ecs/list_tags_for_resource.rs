//! The tags of anything that has an ARN: cluster, service, task, container instance or task definition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::model::tag::Tag;
use crate::world::World;
use crate::world::names::Found;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The ARN.
    #[schemars(extend("noun" = Noun::EcsResource))]
    resource_arn: String,
}

#[derive(Serialize)]
pub(super) struct Response {
    tags: Vec<Tag>,
}

pub(super) struct ListTagsForResource;

impl Operation for ListTagsForResource {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "ListTagsForResource";
    const SUMMARY: &'static str = "Lists the tags of a cluster, service, task, container instance or task definition";
    const SEARCH: &'static [&'static str] = &["label", "owner", "cost allocation"];
    const EXAMPLE: &'static str = r#"
let prod = ecs.create_cluster(#{ clusterName: "prod", tags: [#{ key: "team", value: "web" }] }).cluster;
ecs.list_tags_for_resource(#{ resourceArn: prod.clusterArn }).tags[0].value"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListTagsForResource {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let arn = request.resource_arn;
        let tags = arn.splitn(6, ':').nth(5).and_then(|resource| tags(world, resource, &arn));
        tags.map(|tags| Response { tags }).ok_or_else(|| {
            // The literal sentence is UNSOURCED.
            Refusal::invalid_parameter("The specified resource was not found. Specify a valid ARN and try again.")
                .because(format!("`{arn}` is the ARN of nothing in this lab"))
                .way_out("copy it from an answer, such as the clusterArn of ecs.describe_clusters")
                .at(["resourceArn"])
        })
    }
}

/// The tags of a resource, if its whole ARN is the one that was named.
fn tags(world: &World, resource: &str, arn: &str) -> Option<Vec<Tag>> {
    let mut parts = resource.split('/');
    let (kind, first) = (parts.next()?, parts.next()?);
    let (own_arn, tags) = match kind {
        "task-definition" => {
            let id = lookup::any_definition(world, first)?;
            (world.definition_arn(id), world.ecs.definitions[id].tags.clone())
        }
        "cluster" => {
            let id = lookup::active_cluster(world, first)?;
            (world.cluster_arn(id), world.ecs.clusters[id].tags.clone())
        }
        "service" => {
            let id = lookup::any_service(world, lookup::active_cluster(world, first)?, parts.next()?)?;
            (world.service_arn(id), world.ecs.services[id].tags.clone())
        }
        "task" => {
            let Found::One(id) = world.find_task(arn) else { return None };
            let standalone = world.ecs.tasks[id].standalone.as_ref();
            (world.task_arn(id), standalone.map(|task| task.tags.clone()).unwrap_or_default())
        }
        "container-instance" => {
            let Found::One(id) = world.find_instance(arn) else { return None };
            (world.instance_arn(id), world.ecs.instances[id].tags.clone())
        }
        _ => return None,
    };
    (own_arn == arn).then_some(tags)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::trial::call;
    use crate::world::World;

    #[test]
    fn only_the_whole_arn_of_something_that_is_there_will_do() {
        let mut world = World::new(42);
        let tags = json!([{ "key": "team", "value": "web" }]);
        call(&mut world, "ecs.create_cluster", json!({ "clusterName": "prod", "tags": tags })).expect("it is new");
        let arn = "arn:aws:ecs:us-east-1:123456789012:cluster/prod";
        let answer =
            call(&mut world, "ecs.list_tags_for_resource", json!({ "resourceArn": arn })).expect("it is there");
        assert_eq!(answer["tags"], tags);
        for wrong in [
            "prod",
            "",
            "arn:aws:ecs:us-east-1:123456789012:cluster/dev",
            "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
            "arn:aws:ecs:us-east-1:123456789012:task/prod/1234",
            "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
            "arn:aws:ecs:us-east-1:123456789012:service/prod/web",
        ] {
            let refusal = call(&mut world, "ecs.list_tags_for_resource", json!({ "resourceArn": wrong }));
            assert_eq!(refusal.expect_err(wrong).path, ["resourceArn".to_owned()].into(), "{wrong}");
        }
    }
}
