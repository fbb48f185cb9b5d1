//! Deregistering retires one revision: what uses it goes on, nothing new may begin with it. There is no way back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use super::shape::definition::{TaskDefinition, definition};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{DefinitionId, FactId};
use crate::model::noun::Noun;
use crate::model::status::DefinitionStatus;
use crate::world::World;
use crate::world::names::last_part;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// `family:revision` or a full ARN.
    #[schemars(extend("noun" = Noun::TaskDefinition))]
    task_definition: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_definition: TaskDefinition,
}

pub(super) struct DeregisterTaskDefinition;

impl Operation for DeregisterTaskDefinition {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DeregisterTaskDefinition";
    const SUMMARY: &'static str = "Retires one revision of a task definition: it becomes INACTIVE";
    const SEARCH: &'static [&'static str] = &["remove", "retire", "inactive", "clean up"];
    const EXAMPLE: &'static str = r#"
ecs.register_task_definition(#{
    family: "web", containerDefinitions: [#{ name: "web", image: "nginx:1.27", memory: 256 }],
});
ecs.deregister_task_definition(#{ taskDefinition: "web:1" }).taskDefinition.status"#;
    type Request = Request;
    type Response = Response;
}

impl Change for DeregisterTaskDefinition {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = named_revision(world, &request.task_definition)?;
        check_active(world, id)?;
        world.deregister_definition(id, asked);
        Ok(Response { task_definition: definition(world, id) })
    }
}

/// The revision meant by a reference that names one.
fn named_revision(world: &World, reference: &str) -> Result<DefinitionId, Refusal> {
    let revision = last_part(reference).split_once(':').map(|(_, revision)| revision);
    let refusal = match revision {
        None | Some("") => Refusal::client("Revision is missing.")
            .because(format!("`{reference}` names a family, and deregistering takes one revision"))
            .way_out(format!("name it: \"{}:1\"", last_part(reference).trim_end_matches(':'))),
        // [OBS]
        Some(text) if text.parse::<u32>().is_err() => {
            Refusal::invalid_parameter(format!("Invalid revision number. Number: {text}"))
                .because("a revision is a whole number")
                .way_out("write family:revision, such as \"web:1\"")
        }
        Some(_) => match lookup::any_definition(world, reference) {
            Some(id) => return Ok(id),
            // The text is UNSOURCED.
            None => Refusal::client("The specified task definition does not exist.")
                .because(format!("nothing was ever registered as `{}`", last_part(reference)))
                .way_out(lookup::definition_way_out(world, reference)),
        },
    };
    Err(refusal.at(["taskDefinition"]))
}

/// Whether AWS refuses this or answers the revision as it is is UNSOURCED, and so is the text.
fn check_active(world: &World, id: DefinitionId) -> Result<(), Refusal> {
    let status = world.ecs.definitions[id].status;
    if status == DefinitionStatus::Active {
        return Ok(());
    }
    Err(Refusal::client("The specified task definition is not in ACTIVE status.")
        .because(format!("`{}` is {status} already", world.definition_name(id)))
        .way_out(match status {
            DefinitionStatus::Inactive => "nothing is left to do; ecs.delete_task_definitions takes it away for good",
            _ => "nothing is left to do",
        })
        .at(["taskDefinition"]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::ecs::register_task_definition::tests::{call, register};
    use crate::model::time::Millis;
    use crate::world::World;

    #[test]
    fn a_revision_is_retired_once_and_must_be_named() {
        let mut world = World::new(42);
        register(&mut world, "web");
        register(&mut world, "web");
        world.now = world.now + Millis::seconds(60);
        let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:2";
        let answer = call(&mut world, "deregister_task_definition", json!({ "taskDefinition": arn })).expect("ACTIVE");
        assert_eq!(answer["taskDefinition"]["status"], "INACTIVE");
        assert_eq!(answer["taskDefinition"]["deregisteredAt"], "2026-01-05T09:01:00Z");
        for (reference, code, message) in [
            ("web", "ClientException", "Revision is missing."),
            ("web:", "ClientException", "Revision is missing."),
            ("web:latest", "InvalidParameterException", "Invalid revision number. Number: latest"),
            ("web:3", "ClientException", "The specified task definition does not exist."),
            ("wbe:1", "ClientException", "The specified task definition does not exist."),
            ("web:2", "ClientException", "The specified task definition is not in ACTIVE status."),
        ] {
            let refusal = call(&mut world, "deregister_task_definition", json!({ "taskDefinition": reference }))
                .expect_err(message);
            assert_eq!((&*refusal.code, &*refusal.message), (code, message), "{reference}");
            assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{reference}");
        }
    }
}
