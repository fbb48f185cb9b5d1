//! A role with its trust policy, as a map.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::with_role;
use super::{lookup, shape};
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
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    role: shape::Role,
}

pub(super) struct GetRole;

impl Operation for GetRole {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "GetRole";
    const SUMMARY: &'static str = "Shows a role and its trust policy";
    const SEARCH: &'static [&'static str] = &["describe", "trust", "arn"];
    const EXAMPLE: &'static str = with_role!(r#"iam.get_role(#{ RoleName: "app" }).Role.AssumeRolePolicyDocument"#);
    type Request = Request;
    type Response = Response;
}

impl Query for GetRole {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        Ok(Response { role: shape::role(world, id) })
    }
}
