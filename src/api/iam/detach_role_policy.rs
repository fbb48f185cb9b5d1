//! Takes a managed policy off a role; the policy stays.

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

pub(super) struct DetachRolePolicy;

impl Operation for DetachRolePolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "DetachRolePolicy";
    const SUMMARY: &'static str = "Detaches a managed policy from a role";
    const SEARCH: &'static [&'static str] = &["remove", "revoke"];
    const EXAMPLE: &'static str = with_role!(
        r#"iam.attach_role_policy(#{ RoleName: "app", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" });
iam.detach_role_policy(#{ RoleName: "app", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" })"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for DetachRolePolicy {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        let attached = &world.iam.roles[id].attached;
        let policy = lookup::policy(world, &request.policy_arn);
        let Some(at) = attached.iter().position(|&known| Some(known) == policy) else {
            let known: Vec<String> = attached.iter().map(|&policy| world.iam.policies[policy].arn()).collect();
            let way_out = match known.as_slice() {
                [] => "there is nothing to detach".to_owned(),
                known => format!("attached are: {}", known.join(", ")),
            };
            let message = format!("Policy {} was not found.", request.policy_arn);
            return Err(lookup::no_such_entity(message, way_out)
                .because(format!("it is not attached to role `{}`", request.role_name))
                .at(["PolicyArn"]));
        };
        world.iam.roles[id].attached.remove(at);
        Ok(Response {})
    }
}
