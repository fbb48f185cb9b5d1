//! An inline policy of a role, as a map.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::with_role;
use super::{document, lookup};
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
    /// The inline policy's name.
    #[schemars(extend("noun" = Noun::InlinePolicy))]
    policy_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    role_name: String,
    policy_name: String,
    policy_document: Value,
}

pub(super) struct GetRolePolicy;

impl Operation for GetRolePolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "GetRolePolicy";
    const SUMMARY: &'static str = "Shows an inline policy of a role";
    const SEARCH: &'static [&'static str] = &["describe", "permission", "inline"];
    const EXAMPLE: &'static str = with_role!(
        r#"iam.put_role_policy(#{ RoleName: "app", PolicyName: "read", PolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" }] } });
iam.get_role_policy(#{ RoleName: "app", PolicyName: "read" }).PolicyDocument"#
    );
    type Request = Request;
    type Response = Response;
}

impl Query for GetRolePolicy {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        let policy_document = document::shown(lookup::inline(world, id, &request.policy_name)?);
        Ok(Response { role_name: request.role_name, policy_name: request.policy_name, policy_document })
    }
}
