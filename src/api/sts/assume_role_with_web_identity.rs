//! Puts a role on with the token of an identity provider: how a pod gets its role by IRSA.
//!
//! The call is unsigned: the token alone says who asks. It is checked in the order of semantics/eks.md 6.3, and
//! whatever is wrong with the trust policy ends in one and the same AccessDenied.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use super::identity::ACTION;
use super::identity::{self, Proven};
use super::session::{self, AssumedRoleUser, Credentials, Wanted};
use crate::api::constraint;
use crate::api::iam::document::Written;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::iam::authorize;
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::iam::RoleSession;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The role's ARN.
    #[schemars(extend("noun" = Noun::RoleArn))]
    role_arn: String,
    /// A name for the session, to be seen in its ARN: 2 to 64 letters, digits and `_+=,.@-`.
    role_session_name: String,
    /// The token: a JSON Web Token of an issuer that the role's account believes.
    web_identity_token: String,
    /// How long the credentials last, in seconds: 900 to the role's MaxSessionDuration.
    #[serde(default = "session::hour")]
    duration_seconds: u32,
    /// A ceiling for this session, as JSON text or a map.
    policy: Option<Written>,
    /// Managed policies that are ceilings for this session.
    #[serde(default)]
    policy_arns: Vec<session::Ceiling>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    credentials: Credentials,
    subject_from_web_identity_token: String,
    assumed_role_user: AssumedRoleUser,
    #[serde(skip_serializing_if = "Option::is_none")]
    packed_policy_size: Option<usize>,
    provider: String,
    audience: String,
}

pub(super) struct AssumeRoleWithWebIdentity;

impl Operation for AssumeRoleWithWebIdentity {
    const SERVICE: &'static str = "sts";
    const NAME: &'static str = "AssumeRoleWithWebIdentity";
    const SUMMARY: &'static str = "Begins a session of a role with a token, as pods do by IRSA";
    const SEARCH: &'static [&'static str] = &["irsa", "oidc", "jwt", "token", "service account", "pod", "credentials"];
    const EXAMPLE: &'static str = r#"
try {
    sts.assume_role_with_web_identity(#{ RoleArn: "arn:aws:iam::123456789012:role/app", RoleSessionName: "pod",
        WebIdentityToken: "not.a.token" });
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;
}

impl Change for AssumeRoleWithWebIdentity {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let Request { role_arn, role_session_name: name, duration_seconds: seconds, .. } = &request;
        let ceilings = (request.policy.as_ref(), request.policy_arns.as_slice());
        let wanted = Wanted::read(world, role_arn, name, *seconds, ceilings)?;
        let (session, proven) = assume(world, wanted, &request.web_identity_token)?;
        let provider = world.iam.providers[proven.provider].arn();
        let session::Begun { credentials, assumed_role_user, packed_policy_size } = session::begin(world, session);
        Ok(Response {
            credentials,
            assumed_role_user,
            packed_policy_size,
            provider,
            audience: proven.audience,
            subject_from_web_identity_token: proven.claims.sub,
        })
    }
}

/// Everything that STS checks, in its order: the session that the token gets, and whom it proved the caller to be.
/// Nothing has begun yet.
pub(crate) fn assume(world: &World, wanted: Wanted, token: &str) -> Result<(RoleSession, Proven), Refusal> {
    wanted.check(world)?;
    constraint::length(token, "WebIdentityToken", 4, 20_000)?;
    let proven = identity::prove(world, wanted.role_arn, token)?;
    let denied = || Refusal::new("AccessDenied", format!("Not authorized to perform {ACTION}"));
    let Some(role) = world.iam.role_with_arn(wanted.role_arn) else {
        return Err(session::no_role(world, &wanted, denied()));
    };
    let keys = proven.keys().with("sts:RoleSessionName", [wanted.name]);
    let verdict = authorize::trusts(world, role, proven.caller(world), ACTION, keys, Vec::new());
    if !verdict.is_allowed() {
        return Err(session::denied(denied(), verdict));
    }
    Ok((wanted.session(world, role)?, proven))
}
