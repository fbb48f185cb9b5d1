//! The managed policies of a role; inline ones are listed apart.

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
    /// Only policies whose path begins so.
    path_prefix: Option<String>,
    /// Entries of a page: 1 to 1000.
    max_items: Option<u32>,
    /// Where the last page ended.
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    attached_policies: Vec<Attached>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
}

pub(super) struct ListAttachedRolePolicies;

impl Operation for ListAttachedRolePolicies {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "ListAttachedRolePolicies";
    const SUMMARY: &'static str = "Lists the managed policies that are attached to a role";
    const SEARCH: &'static [&'static str] = &["all", "which", "permission"];
    const EXAMPLE: &'static str =
        with_role!(r#"iam.list_attached_role_policies(#{ RoleName: "app" }).AttachedPolicies"#);
    type Request = Request;
    type Response = Response;
}

impl Query for ListAttachedRolePolicies {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        let prefix = request.path_prefix.as_deref().unwrap_or("/");
        let policies = world.iam.roles[id].attached.iter().map(|&policy| &world.iam.policies[policy]);
        let attached = policies
            .filter(|policy| policy.path.starts_with(prefix))
            .map(|policy| Attached { policy_name: policy.name.to_string(), policy_arn: policy.arn() });
        let page = page_in(&IAM, attached, request.max_items, request.marker.as_deref())?;
        Ok(Response { attached_policies: page.items, is_truncated: page.next_token.is_some(), marker: page.next_token })
    }
}

/// [IAM API AttachedPolicy]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attached {
    policy_name: String,
    policy_arn: String,
}
