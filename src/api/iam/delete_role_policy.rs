//! Takes an inline policy out of a role.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use super::with_role;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
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
pub(super) struct Response {}

pub(super) struct DeleteRolePolicy;

impl Operation for DeleteRolePolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "DeleteRolePolicy";
    const SUMMARY: &'static str = "Deletes an inline policy of a role";
    const SEARCH: &'static [&'static str] = &["remove", "revoke", "inline"];
    const EXAMPLE: &'static str = with_role!(
        r#"iam.put_role_policy(#{ RoleName: "app", PolicyName: "read", PolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" }] } });
iam.delete_role_policy(#{ RoleName: "app", PolicyName: "read" })"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteRolePolicy {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        lookup::inline(world, id, &request.policy_name)?;
        world.iam.roles[id].inline.remove(&*request.policy_name);
        Ok(Response {})
    }
}
