//! The names of the inline policies of a role; managed ones are listed apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use super::with_role;
use crate::api::page::{IAM, page_in};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The role's name, without its path.
    #[schemars(extend("noun" = Noun::Role))]
    role_name: String,
    /// Entries of a page: 1 to 1000.
    max_items: Option<u32>,
    /// Where the last page ended.
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    policy_names: Vec<String>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

pub(super) struct ListRolePolicies;

impl Operation for ListRolePolicies {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "ListRolePolicies";
    const SUMMARY: &'static str = "Lists the inline policies of a role";
    const SEARCH: &'static [&'static str] = &["all", "which", "inline"];
    const EXAMPLE: &'static str = with_role!(r#"iam.list_role_policies(#{ RoleName: "app" }).PolicyNames"#);
    type Request = Request;
    type Response = Response;
}

impl Query for ListRolePolicies {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        let names = world.iam.roles[id].inline.keys().map(ToString::to_string);
        let page = page_in(&IAM, names, request.max_items, request.marker.as_deref())?;
        Ok(Response { policy_names: page.items, is_truncated: page.next_token.is_some(), marker: page.next_token })
    }
}
