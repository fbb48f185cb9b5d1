//! The names of the families, those without an ACTIVE revision included, in pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::page::page;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::DefinitionId;
use crate::model::noun::Noun;
use crate::model::status::DefinitionStatus;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The beginning of the families' names.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Family))]
    family_prefix: String,
    /// ACTIVE, INACTIVE or ALL; ALL if not given.
    #[serde(default)]
    status: FamilyStatus,
    /// Entries of a page: 1 to 100.
    max_results: Option<u32>,
    /// Where the last page ended.
    next_token: Option<String>,
}

/// [API TaskDefinitionFamilyStatus]
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum FamilyStatus {
    /// With an ACTIVE revision.
    Active,
    /// Without one.
    Inactive,
    /// Both.
    #[default]
    All,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    families: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) struct ListTaskDefinitionFamilies;

impl Operation for ListTaskDefinitionFamilies {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "ListTaskDefinitionFamilies";
    const SUMMARY: &'static str = "Lists the families of task definitions";
    const SEARCH: &'static [&'static str] = &["all", "which", "names"];
    const EXAMPLE: &'static str = r#"
ecs.register_task_definition(#{
    family: "web", containerDefinitions: [#{ name: "web", image: "nginx:1.27", memory: 256 }],
});
ecs.list_task_definition_families(#{ status: "ACTIVE" }).families"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListTaskDefinitionFamilies {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let families = world.ecs.families.iter();
        let wanted = families
            .filter(|(family, _)| family.starts_with(&request.family_prefix))
            .filter(|(_, revisions)| matches(world, revisions, request.status))
            .map(|(family, _)| family.to_string());
        let page = page(wanted, request.max_results, request.next_token.as_deref())?;
        Ok(Response { families: page.items, next_token: page.next_token })
    }
}

fn matches(world: &World, revisions: &[DefinitionId], status: FamilyStatus) -> bool {
    let active = || revisions.iter().any(|&id| world.ecs.definitions[id].status == DefinitionStatus::Active);
    match status {
        FamilyStatus::Active => active(),
        FamilyStatus::Inactive => !active(),
        FamilyStatus::All => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::ecs::register_task_definition::tests::{call, register};
    use crate::world::World;

    #[test]
    fn families_stay_listed_unless_only_active_ones_are_asked_for() {
        let mut world = World::new(42);
        for family in ["web", "web", "api", "web-admin"] {
            register(&mut world, family);
        }
        for reference in ["web:1", "api:1"] {
            call(&mut world, "deregister_task_definition", json!({ "taskDefinition": reference })).expect("ACTIVE");
        }
        for (request, families) in [
            (json!({}), json!(["api", "web", "web-admin"])),
            (json!({ "status": "ACTIVE" }), json!(["web", "web-admin"])),
            (json!({ "status": "INACTIVE" }), json!(["api"])),
            (json!({ "status": "ALL", "familyPrefix": "web" }), json!(["web", "web-admin"])),
            (json!({ "maxResults": 1 }), json!(["api"])),
        ] {
            let answer = call(&mut world, "list_task_definition_families", request.clone()).expect("it is good");
            assert_eq!(answer["families"], families, "{request}");
        }
    }
}
