//! One revision in full: the one that is named, or the newest ACTIVE one of a family.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use super::shape::definition::{TaskDefinition, definition};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::model::tag::Tag;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// `family` for the newest ACTIVE revision, `family:revision`, or a full ARN.
    #[schemars(extend("noun" = Noun::TaskDefinition))]
    task_definition: String,
    /// TAGS shows the tags too.
    #[serde(default)]
    include: Vec<Field>,
}

/// [API TaskDefinitionField]
#[derive(PartialEq, Deserialize, JsonSchema)]
enum Field {
    #[serde(rename = "TAGS")]
    Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_definition: TaskDefinition,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Tag>>,
}

pub(super) struct DescribeTaskDefinition;

impl Operation for DescribeTaskDefinition {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DescribeTaskDefinition";
    const SUMMARY: &'static str = "Shows one revision of a task definition in full";
    const SEARCH: &'static [&'static str] = &["show", "revision", "latest", "container"];
    const EXAMPLE: &'static str = r#"
ecs.register_task_definition(#{
    family: "web", containerDefinitions: [#{ name: "web", image: "nginx:1.27", memory: 256 }],
});
ecs.describe_task_definition(#{ taskDefinition: "web" }).taskDefinition.revision"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeTaskDefinition {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let reference = &request.task_definition;
        let id = lookup::any_definition(world, reference).ok_or_else(|| {
            Refusal::client("Unable to describe task definition.")
                .because(format!("`{reference}` leads to no revision"))
                .way_out(lookup::definition_way_out(world, reference))
                .at(["taskDefinition"])
        })?;
        let tags = request.include.contains(&Field::Tags).then(|| world.ecs.definitions[id].tags.clone());
        Ok(Response { task_definition: definition(world, id), tags })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::ecs::register_task_definition::tests::{call, register};
    use crate::world::World;

    #[test]
    fn a_family_means_its_newest_active_revision() {
        let mut world = World::new(42);
        for _ in 0..3 {
            register(&mut world, "web");
        }
        call(&mut world, "deregister_task_definition", json!({ "taskDefinition": "web:3" })).expect("ACTIVE");
        for (reference, revision) in [
            ("web", 2),
            ("web:1", 1),
            ("web:3", 3),
            ("arn:aws:ecs:us-east-1:123456789012:task-definition/web:2", 2),
            ("arn:aws:ecs:us-east-1:123456789012:task-definition/web", 2),
        ] {
            let answer = call(&mut world, "describe_task_definition", json!({ "taskDefinition": reference }))
                .expect("it is there");
            assert_eq!(answer["taskDefinition"]["revision"], revision, "{reference}");
            assert!(answer.get("tags").is_none(), "tags are shown on request");
        }
    }

    #[test]
    fn what_leads_nowhere_cannot_be_described() {
        let mut world = World::new(42);
        register(&mut world, "web");
        register(&mut world, "old");
        call(&mut world, "deregister_task_definition", json!({ "taskDefinition": "old:1" })).expect("ACTIVE");
        for reference in ["wbe", "web:2", "web:0", "web:x", "old", ""] {
            let refusal = call(&mut world, "describe_task_definition", json!({ "taskDefinition": reference }))
                .expect_err(reference);
            assert_eq!(refusal.message, "Unable to describe task definition.");
        }
    }
}
