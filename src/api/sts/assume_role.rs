//! Puts a role on for a while, if its trust policy says that the caller may.
//!
//! The caller of the operation is the user whom the lab's operations belong to; programs in pods and tasks ask in the
//! same way. A trust policy that names the account leaves it to the caller's own policies; one that names a service
//! only, such as `ecs-tasks.amazonaws.com`, lets nobody else in. [semantics/eks.md 6.1]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::session::{self, AssumedRoleUser, Credentials, Wanted};
use crate::api::iam::document::Written;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::iam::authorize;
use crate::aws::iam::evaluate::Policy;
use crate::aws::iam::request::{Caller, Keys};
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::iam::RoleSession;

/// What a trust policy must allow.
pub(crate) const ACTION: &str = "sts:AssumeRole";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The role's ARN.
    #[schemars(extend("noun" = Noun::RoleArn))]
    role_arn: String,
    /// A name for the session, to be seen in its ARN: 2 to 64 letters, digits and `_+=,.@-`.
    role_session_name: String,
    /// How long the credentials last, in seconds: 900 to the role's MaxSessionDuration.
    #[serde(default = "session::hour")]
    duration_seconds: u32,
    /// A ceiling for this session, as JSON text or a map.
    policy: Option<Written>,
    /// Managed policies that are ceilings for this session.
    #[serde(default)]
    policy_arns: Vec<session::Ceiling>,
    /// What a third party was told to say: `sts:ExternalId` in the trust policy.
    external_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    credentials: Credentials,
    assumed_role_user: AssumedRoleUser,
    #[serde(skip_serializing_if = "Option::is_none")]
    packed_policy_size: Option<usize>,
}

pub(super) struct AssumeRole;

impl Operation for AssumeRole {
    const SERVICE: &'static str = "sts";
    const NAME: &'static str = "AssumeRole";
    const SUMMARY: &'static str = "Begins a session of a role that trusts you";
    const SEARCH: &'static [&'static str] = &["become", "switch", "credentials", "session", "trust"];
    const EXAMPLE: &'static str = r#"
iam.create_role(#{ RoleName: "app", AssumeRolePolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Principal: #{ AWS: "123456789012" }, Action: "sts:AssumeRole" }] } });
sts.assume_role(#{ RoleArn: "arn:aws:iam::123456789012:role/app", RoleSessionName: "me" }).AssumedRoleUser.Arn"#;
    type Request = Request;
    type Response = Response;
}

impl Change for AssumeRole {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let Request { role_arn, role_session_name: name, duration_seconds: seconds, .. } = &request;
        let ceilings = (request.policy.as_ref(), request.policy_arns.as_slice());
        let wanted = Wanted::read(world, role_arn, name, *seconds, ceilings)?;
        let mut keys = authorize::user_keys(world, Keys::default());
        if let Some(id) = &request.external_id {
            keys.set("sts:ExternalId", [id]);
        }
        let session = assume(world, wanted, authorize::user(world), keys, authorize::of_user(world))?;
        let session::Begun { credentials, assumed_role_user, packed_policy_size } = session::begin(world, session);
        Ok(Response { credentials, assumed_role_user, packed_policy_size })
    }
}

/// Everything that STS checks: the session that the caller gets. `keys` describe the caller, and `policies` are its
/// own. Nothing has begun yet.
pub(crate) fn assume(
    world: &World,
    wanted: Wanted,
    caller: Caller,
    keys: Keys,
    policies: Vec<Policy>,
) -> Result<RoleSession, Refusal> {
    wanted.check(world)?;
    let denied = session::not_authorized(&caller, wanted.role_arn);
    let Some(role) = world.iam.role_with_arn(wanted.role_arn) else {
        return Err(session::no_role(world, &wanted, denied));
    };
    let keys = keys.with("sts:RoleSessionName", [wanted.name]);
    let verdict = authorize::trusts(world, role, caller, ACTION, keys, policies);
    if !verdict.is_allowed() {
        return Err(session::denied(denied, verdict));
    }
    wanted.session(world, role)
}
