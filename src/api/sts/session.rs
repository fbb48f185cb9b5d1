//! What the AssumeRole operations share: the session that is wanted, its credentials, and how a no is said.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::constraint::{constraint, length, range};
use crate::api::iam::document::Written;
use crate::api::iam::lookup::check_ever;
use crate::api::refusal::Refusal;
use crate::aws::iam::denial;
use crate::aws::iam::request::Caller;
use crate::aws::iam::trace::Verdict;
use crate::model::id::{RoleId, RoleSessionId};
use crate::model::meant;
use crate::model::policy::{Document, Purpose};
use crate::model::time::{Millis, Moment};
use crate::world::World;
use crate::world::iam::RoleSession;

/// Characters that session policies may have together. [STS API AssumeRole.Policy]
const CEILING_SIZE: usize = 2_048;

/// A managed policy that caps a session. [STS API PolicyDescriptorType]
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ceiling {
    /// Its ARN.
    arn: String,
}

/// The session that a request asks for.
pub(crate) struct Wanted<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) name: &'a str,
    pub(crate) seconds: u32,
    pub(crate) ceilings: Vec<Arc<Document>>,
}

/// One hour, the usual length of a session. [semantics/eks.md 6.1]
pub(crate) fn hour() -> u32 {
    3_600
}

/// The ceilings that a request puts on its session.
fn ceilings(world: &World, inline: Option<&Written>, managed: &[Ceiling]) -> Result<Vec<Arc<Document>>, Refusal> {
    let mut documents = Vec::new();
    if let Some(written) = inline {
        documents.push(written.read(Purpose::Identity, "Policy")?);
    }
    for Ceiling { arn } in managed {
        let Some(&id) = world.iam.policy_by_arn.get(arn.as_str()) else {
            return Err(Refusal::new("ValidationError", format!("Policy {arn} does not exist or is not attachable."))
                .because("this account has no such policy, and longshore does not know it as one of AWS's own")
                .way_out("leave it away, or create it first: iam.create_policy(#{ … })")
                .at(["PolicyArns"]));
        };
        documents.push(Arc::clone(&world.iam.policies[id].document));
    }
    let size = documents.iter().map(|document| document.size()).sum::<usize>();
    if size > CEILING_SIZE {
        return Err(Refusal::new("PackedPolicyTooLarge", "Packed policy consumes more than its allotted space.")
            .because(format!("the session policies have {size} characters, and {CEILING_SIZE} is the most"))
            .way_out("allow less in fewer words, or attach the policy to the role")
            .at(["Policy"]));
    }
    Ok(documents)
}

impl<'a> Wanted<'a> {
    /// What a request of either operation asks for. Parameters are checked before the policies in them.
    pub(super) fn read(
        world: &World,
        role_arn: &'a str,
        name: &'a str,
        seconds: u32,
        (inline, managed): (Option<&Written>, &[Ceiling]),
    ) -> Result<Wanted<'a>, Refusal> {
        let wanted = Wanted { role_arn, name, seconds, ceilings: Vec::new() };
        wanted.check(world)?;
        Ok(Wanted { ceilings: ceilings(world, inline, managed)?, ..wanted })
    }

    /// Checks the parameters, before anything else is looked at.
    pub(super) fn check(&self, world: &World) -> Result<(), Refusal> {
        length(self.role_arn, "RoleArn", 20, 2_048)?;
        length(self.name, "RoleSessionName", 2, 64)?;
        if !self.name.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)) {
            let words = "Member must satisfy regular expression pattern: [\\w+=,.@-]*";
            return Err(constraint(self.name, "RoleSessionName", words).way_out("use letters, digits and _+=,.@-"));
        }
        range(self.seconds, "DurationSeconds", 900, 43_200)?;
        check_ever(world, "sessions of roles", world.iam.sessions.len())?;
        let parts: Vec<&str> = self.role_arn.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", _, "iam", "", account, role] if account.len() == 12 && role.starts_with("role/") => Ok(()),
            _ => Err(Refusal::new("ValidationError", "Request ARN is invalid")
                .because(format!("`{}` is not the ARN of a role", self.role_arn))
                .way_out("write it like arn:aws:iam::123456789012:role/app")
                .at(["RoleArn"])),
        }
    }

    /// The session; the trust policy has said yes. The last check is that of its length. [semantics/eks.md 6.3]
    pub(super) fn session(self, world: &World, role: RoleId) -> Result<RoleSession, Refusal> {
        let most = world.iam.roles[role].max_session_seconds;
        if self.seconds > most {
            return Err(Refusal::new(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            )
            .because(format!("{} s were asked for, and the role's sessions last {most} s at most", self.seconds))
            .way_out(format!("ask for DurationSeconds: {most} or less"))
            .at(["DurationSeconds"]));
        }
        let until = world.now + Millis::seconds(u64::from(self.seconds));
        let name = self.name.into();
        Ok(RoleSession { role, name, since: world.now, until, policies: self.ceilings })
    }
}

/// AWS's sentence to a caller who may not assume a role; a role that does not exist gets the same.
/// [IAM-UG troubleshoot_access-denied; semantics/eks.md 6.1]
pub(super) fn not_authorized(caller: &Caller, role_arn: &str) -> Refusal {
    let message =
        format!("User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}", caller.name());
    Refusal::new("AccessDenied", message)
}

/// The silent no, with the reason that only a lab tells.
pub(super) fn denied(refusal: Refusal, verdict: Verdict) -> Refusal {
    refusal.because(denial::because(&verdict)).way_out(denial::way_out(&verdict)).at(["RoleArn"]).traced(verdict)
}

/// There is no such role, and AWS does not say so.
pub(super) fn no_role(world: &World, wanted: &Wanted, refusal: Refusal) -> Refusal {
    let known: Vec<String> = world.iam.role_by_name.values().map(|&id| world.iam.roles[id].arn()).collect();
    let way_out = meant::way_out(wanted.role_arn, known.iter().map(String::as_str), || {
        "create it first: iam.create_role(#{ … })".to_owned()
    });
    refusal.because(format!("there is no role `{}`", wanted.role_arn)).way_out(way_out).at(["RoleArn"])
}

/// A session that has begun, as both operations answer.
pub(super) struct Begun {
    pub(super) credentials: Credentials,
    pub(super) assumed_role_user: AssumedRoleUser,
    pub(super) packed_policy_size: Option<usize>,
}

/// Begins a session.
pub(super) fn begin(world: &mut World, session: RoleSession) -> Begun {
    let id = world.iam.sessions.add(session);
    Begun {
        credentials: credentials(world, id),
        assumed_role_user: assumed(world, id),
        packed_policy_size: packed(world, id),
    }
}

/// [STS API Credentials]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: Moment,
}

fn credentials(world: &World, session: RoleSessionId) -> Credentials {
    Credentials {
        access_key_id: world.access_key_id(session),
        secret_access_key: world.secret_access_key(session),
        session_token: world.session_token(session),
        expiration: world.iam.sessions[session].until,
    }
}

/// [STS API AssumedRoleUser]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssumedRoleUser {
    assumed_role_id: String,
    arn: String,
}

fn assumed(world: &World, session: RoleSessionId) -> AssumedRoleUser {
    AssumedRoleUser {
        assumed_role_id: world.assumed_role_id(&world.iam.sessions[session]),
        arn: world.session_arn(session),
    }
}

/// How much of the allotted space the session policies take, in percent.
fn packed(world: &World, session: RoleSessionId) -> Option<usize> {
    let documents = &world.iam.sessions[session].policies;
    let size: usize = documents.iter().map(|document| document.size()).sum();
    (size > 0).then(|| (size * 100).div_ceil(CEILING_SIZE))
}
