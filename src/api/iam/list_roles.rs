//! The roles of this account, in pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape;
use crate::api::page::{IAM, page_in};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Only roles whose path begins so.
    path_prefix: Option<String>,
    /// Entries of a page: 1 to 1000.
    max_items: Option<u32>,
    /// Where the last page ended.
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    roles: Vec<shape::Role>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

pub(super) struct ListRoles;

impl Operation for ListRoles {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "ListRoles";
    const SUMMARY: &'static str = "Lists the roles";
    const SEARCH: &'static [&'static str] = &["all", "which"];
    const EXAMPLE: &'static str = r#"iam.list_roles().Roles.len"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListRoles {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let prefix = request.path_prefix.as_deref().unwrap_or("/");
        let roles = world.iam.role_by_name.values().filter(|&&id| world.iam.roles[id].path.starts_with(prefix));
        let page = page_in(&IAM, roles, request.max_items, request.marker.as_deref())?;
        let roles = page.items.into_iter().map(|&id| shape::role(world, id)).collect();
        Ok(Response { roles, is_truncated: page.next_token.is_some(), marker: page.next_token })
    }
}
