//! Deleting takes retired revisions away for good, once nothing uses them any more. Each is judged on its own: the
//! answer holds what was deleted and, beside it, what was not and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::Failure;
use super::shape::definition::{TaskDefinition, definition};
use super::{check, lookup};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{DefinitionId, FactId};
use crate::model::noun::Noun;
use crate::model::status::DefinitionStatus;
use crate::world::World;

/// [API DeleteTaskDefinitions]
const MOST: usize = 10;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Up to 10 INACTIVE revisions, as `family:revision` or full ARNs.
    #[schemars(extend("noun" = Noun::TaskDefinition))]
    task_definitions: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_definitions: Vec<TaskDefinition>,
    failures: Vec<Failure>,
}

pub(super) struct DeleteTaskDefinitions;

impl Operation for DeleteTaskDefinitions {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DeleteTaskDefinitions";
    const SUMMARY: &'static str = "Deletes INACTIVE revisions of task definitions for good";
    const SEARCH: &'static [&'static str] = &["remove", "clean up"];
    const EXAMPLE: &'static str = r#"
ecs.register_task_definition(#{
    family: "web", containerDefinitions: [#{ name: "web", image: "nginx:1.27", memory: 256 }],
});
ecs.deregister_task_definition(#{ taskDefinition: "web:1" });
ecs.delete_task_definitions(#{ taskDefinitions: ["web:1"] }).taskDefinitions[0].status"#;
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteTaskDefinitions {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let count = request.task_definitions.len();
        check::listed(count, "taskDefinitions", "Task definitions", MOST, "ecs.list_task_definitions()")?;
        let mut response = Response { task_definitions: Vec::new(), failures: Vec::new() };
        for reference in request.task_definitions {
            match deletable(world, reference) {
                Ok(id) => {
                    if world.ecs.definitions[id].status == DefinitionStatus::Inactive {
                        world.delete_definition(id, asked);
                    }
                    response.task_definitions.push(definition(world, id));
                }
                Err(failure) => response.failures.push(failure),
            }
        }
        Ok(response)
    }
}

/// The revision to delete, or why it cannot be. The reasons are those of an emulator [EMU]; that a second deletion is
/// answered like the first is UNSOURCED.
fn deletable(world: &World, reference: String) -> Result<DefinitionId, Failure> {
    let failure = |arn: String, reason: &str| Failure { arn, reason: reason.to_owned(), detail: None };
    let named = lookup::split_definition(&reference).is_some_and(|(_, revision)| revision.is_some());
    match lookup::any_definition(world, &reference).filter(|_| named) {
        None => Err(failure(
            reference,
            "The specified task definition does not exist. Specify a valid account, family, revision and try again.",
        )),
        Some(id) if world.ecs.definitions[id].status == DefinitionStatus::Active => Err(failure(
            world.definition_arn(id),
            "The specified task definition is still in ACTIVE status. Please deregister the target and try again.",
        )),
        Some(id) => Ok(id),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::ecs::register_task_definition::tests::{call, register};
    use crate::world::World;

    #[test]
    fn each_revision_is_judged_on_its_own() {
        let mut world = World::new(42);
        register(&mut world, "web");
        register(&mut world, "web");
        call(&mut world, "deregister_task_definition", json!({ "taskDefinition": "web:1" })).expect("ACTIVE");
        let request = json!({ "taskDefinitions": ["web:1", "web:2", "web:3", "web"] });
        let answer = call(&mut world, "delete_task_definitions", request).expect("partial success is success");
        assert_eq!(answer["taskDefinitions"][0]["status"], "DELETE_IN_PROGRESS");
        assert_eq!(answer["taskDefinitions"].as_array().map(Vec::len), Some(1));
        let missing =
            "The specified task definition does not exist. Specify a valid account, family, revision and try again.";
        assert_eq!(
            answer["failures"],
            json!([
                {
                    "arn": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:2",
                    "reason": "The specified task definition is still in ACTIVE status. Please deregister the target \
                               and try again.",
                },
                { "arn": "web:3", "reason": missing },
                { "arn": "web", "reason": missing },
            ])
        );
    }

    #[test]
    fn one_call_takes_one_to_ten() {
        let mut world = World::new(42);
        for (count, message) in
            [(0, "Task definitions cannot be empty."), (11, "taskDefinitions can have at most 10 items.")]
        {
            let request = json!({ "taskDefinitions": vec!["web:1"; count] });
            let refusal = call(&mut world, "delete_task_definitions", request).expect_err(message);
            assert_eq!(refusal.message, message);
        }
    }
}
