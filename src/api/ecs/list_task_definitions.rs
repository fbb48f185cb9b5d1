//! The ARNs of revisions, by family and revision, in pages.

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
    /// The full name of a family: its revisions only.
    #[schemars(extend("noun" = Noun::Family))]
    family_prefix: Option<String>,
    /// The status of the revisions; ACTIVE if not given.
    status: Option<DefinitionStatus>,
    /// ASC or DESC, by family and revision; ASC if not given.
    #[serde(default)]
    sort: Sort,
    /// Entries of a page: 1 to 100.
    max_results: Option<u32>,
    /// Where the last page ended.
    next_token: Option<String>,
}

/// [API SortOrder]
#[derive(Default, Deserialize, JsonSchema)]
enum Sort {
    /// The oldest revision first.
    #[default]
    #[serde(rename = "ASC")]
    Ascending,
    /// The newest revision first, and the families backwards.
    #[serde(rename = "DESC")]
    Descending,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_definition_arns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) struct ListTaskDefinitions;

impl Operation for ListTaskDefinitions {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "ListTaskDefinitions";
    const SUMMARY: &'static str = "Lists the ARNs of task definition revisions";
    const SEARCH: &'static [&'static str] = &["all", "which", "revisions"];
    const EXAMPLE: &'static str = r#"
ecs.register_task_definition(#{
    family: "web", containerDefinitions: [#{ name: "web", image: "nginx:1.27", memory: 256 }],
});
ecs.list_task_definitions(#{ familyPrefix: "web", sort: "DESC" }).taskDefinitionArns"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListTaskDefinitions {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let status = request.status.unwrap_or(DefinitionStatus::Active);
        let families = world.ecs.families.iter();
        let mut revisions: Vec<DefinitionId> = families
            .filter(|(family, _)| request.family_prefix.as_deref().is_none_or(|wanted| wanted == &***family))
            .flat_map(|(_, revisions)| revisions)
            .copied()
            .filter(|&id| world.ecs.definitions[id].status == status)
            .collect();
        if matches!(request.sort, Sort::Descending) {
            revisions.reverse();
        }
        let arns = revisions.into_iter().map(|id| world.definition_arn(id));
        let page = page(arns, request.max_results, request.next_token.as_deref())?;
        Ok(Response { task_definition_arns: page.items, next_token: page.next_token })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::api::ecs::register_task_definition::tests::{call, register};
    use crate::world::World;

    fn listed(world: &mut World, request: Value) -> Vec<String> {
        let answer = call(world, "list_task_definitions", request).expect("the request is good");
        let arns = answer["taskDefinitionArns"].as_array().expect("it is a list");
        arns.iter().filter_map(|arn| arn.as_str()?.rsplit('/').next()).map(str::to_owned).collect()
    }

    #[test]
    fn revisions_are_in_numerical_order_and_active_unless_asked() {
        let mut world = World::new(42);
        for _ in 0..11 {
            register(&mut world, "web");
        }
        register(&mut world, "api");
        register(&mut world, "web-admin");
        for revision in 2..=9 {
            let request = json!({ "taskDefinition": format!("web:{revision}") });
            call(&mut world, "deregister_task_definition", request).expect("ACTIVE");
        }
        for (request, expected) in [
            (json!({}), vec!["api:1", "web:1", "web:10", "web:11", "web-admin:1"]),
            (json!({ "sort": "DESC" }), vec!["web-admin:1", "web:11", "web:10", "web:1", "api:1"]),
            (json!({ "familyPrefix": "web" }), vec!["web:1", "web:10", "web:11"]),
            (json!({ "familyPrefix": "we" }), vec![]),
            (json!({ "status": "INACTIVE", "maxResults": 2 }), vec!["web:2", "web:3"]),
            (json!({ "status": "INACTIVE", "maxResults": 2, "nextToken": "page-6" }), vec!["web:8", "web:9"]),
            (json!({ "status": "DELETE_IN_PROGRESS" }), vec![]),
        ] {
            assert_eq!(listed(&mut world, request.clone()), expected, "{request}");
        }
    }
}
