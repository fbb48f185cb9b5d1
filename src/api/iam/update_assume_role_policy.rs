//! Replaces a trust policy as a whole. Sessions that have begun go on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Written;
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
    /// The new trust policy, as JSON text or a map.
    policy_document: Written,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {}

pub(super) struct UpdateAssumeRolePolicy;

impl Operation for UpdateAssumeRolePolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "UpdateAssumeRolePolicy";
    const SUMMARY: &'static str = "Replaces the trust policy of a role";
    const SEARCH: &'static [&'static str] = &["change", "trust", "repair", "edit", "irsa"];
    const EXAMPLE: &'static str = with_role!(
        r#"iam.update_assume_role_policy(#{ RoleName: "app", PolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Principal: #{ AWS: "123456789012" }, Action: "sts:AssumeRole" }] } })"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for UpdateAssumeRolePolicy {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        let trust = request.policy_document.read_trust(world, "PolicyDocument")?;
        let now = world.now;
        world.iam.roles[id].replace_trust(trust, now);
        world.trust_changed(asked);
        Ok(Response {})
    }
}
