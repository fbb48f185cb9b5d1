//! Hangs a managed policy on a role. Once more is no mistake.

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
    /// The managed policy's ARN.
    #[schemars(extend("noun" = Noun::ManagedPolicy))]
    policy_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {}

pub(super) struct AttachRolePolicy;

impl Operation for AttachRolePolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "AttachRolePolicy";
    const SUMMARY: &'static str = "Attaches a managed policy to a role";
    const SEARCH: &'static [&'static str] = &["allow", "permission", "grant"];
    const EXAMPLE: &'static str = with_role!(
        r#"iam.attach_role_policy(#{ RoleName: "app", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" })"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for AttachRolePolicy {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        let arn = &request.policy_arn;
        let policy = lookup::policy(world, arn).ok_or_else(|| lookup::no_policy(world, arn, "PolicyArn"))?;
        let most = world.tuning.iam.policies_per_role;
        let attached = &mut world.iam.roles[id].attached;
        if attached.contains(&policy) {
            return Ok(Response {});
        }
        if attached.len() >= most {
            return Err(lookup::quota("PoliciesPerRole", most).way_out("detach one, or join two policies into one"));
        }
        attached.push(policy);
        Ok(Response {})
    }
}
