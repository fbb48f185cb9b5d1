//! Asks the evaluator about the world as it is: may this session do that, does this role trust that caller?
//!
//! Everything that needs permission comes through here: STS, the simulator, and whatever runs in tasks and pods.

use std::sync::Arc;

use super::evaluate::{Policy, evaluate};
use super::request::{Caller, Keys, Request, account_of};
use super::trace::{Kind, Verdict};
use crate::model::id::{PolicyId, RoleId};
use crate::model::policy::Document;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::iam::{Role, RoleSession};
use crate::world::names::{ACCOUNT, REGION};

/// AWS's own policy that allows everything.
pub const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// Whether a session of a role, begun or about to begin, may do something. `keys` are those that the action itself
/// brings.
pub fn session_may(world: &World, session: &RoleSession, action: &str, resource: &str, keys: Keys) -> Verdict {
    let caller = session_caller(world, session);
    let keys = session_keys(world, session, general_keys(world, resource, keys));
    evaluate(Request { caller, action: action.into(), resource: resource.into(), keys }, &of_session(world, session))
}

/// Whether a role trusts a caller to assume it by this action (`sts:AssumeRole` or its sisters). `identity` are the
/// caller's own policies, which matter where the role trusts an account as a whole.
pub fn trusts(world: &World, role: RoleId, caller: Caller, action: &str, keys: Keys, identity: Vec<Policy>) -> Verdict {
    let target = &world.iam.roles[role];
    let mut policies = identity;
    policies.insert(0, trust_policy(target, &target.trust));
    let resource = target.arn();
    let keys = general_keys(world, &resource, keys);
    evaluate(Request { caller, action: action.into(), resource, keys }, &policies)
}

/// Whether a role trusted an AWS service at some time of a moment, which may be long ago.
pub fn trusted_service_at(world: &World, role: RoleId, service: &str, at: Moment) -> bool {
    let target = &world.iam.roles[role];
    let resource = target.arn();
    let keys = general_keys(world, &resource, time_keys(at, Keys::default()));
    let caller = Caller::Service(service.to_owned());
    let request = Request { caller, action: "sts:AssumeRole".into(), resource, keys };
    target.trusts_at(at).any(|trust| evaluate(request.clone(), &[trust_policy(target, trust)]).is_allowed())
}

fn trust_policy<'a>(role: &Role, document: &'a Arc<Document>) -> Policy<'a> {
    Policy { kind: Kind::Trust, name: format!("the trust policy of {}", role.name), document }
}

/// Whether a role trusts an AWS service, such as `ecs-tasks.amazonaws.com`. [semantics/eks.md 6.5]
pub fn trusts_service(world: &World, role: RoleId, service: &str) -> Verdict {
    trusts(world, role, Caller::Service(service.to_owned()), "sts:AssumeRole", Keys::default(), Vec::new())
}

/// The user whom the lab's operations belong to.
pub fn user(world: &World) -> Caller {
    Caller::Aws { arn: world.user_arn(), role: None }
}

/// The policies of that user: an administrator's.
pub fn of_user(world: &World) -> Vec<Policy<'_>> {
    world.iam.policy_by_arn.get(ADMINISTRATOR).map(|&id| managed(world, id, Kind::Identity)).into_iter().collect()
}

/// The keys that describe that user, added to `keys`.
pub fn user_keys(world: &World, keys: Keys) -> Keys {
    let arn = world.user_arn();
    let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
    keys.with("aws:PrincipalArn", [arn])
        .with("aws:PrincipalAccount", [ACCOUNT])
        .with("aws:PrincipalType", ["User"])
        .with("aws:userid", [world.user_id()])
        .with("aws:username", [name])
}

/// A session of a role, as the one who asks.
pub fn session_caller(world: &World, session: &RoleSession) -> Caller {
    let role = world.iam.roles[session.role].arn();
    Caller::Aws { arn: world.arn_of_session(session), role: Some(role) }
}

/// The policies of a session: those of its role, and those that it was given when it began.
pub fn of_session<'a>(world: &'a World, session: &'a RoleSession) -> Vec<Policy<'a>> {
    let mut policies = of_role(world, session.role);
    policies.extend(session.policies.iter().map(|document| session_policy(document)));
    policies
}

/// The keys that describe a session as the one who asks, added to `keys`.
pub fn session_keys(world: &World, session: &RoleSession, keys: Keys) -> Keys {
    role_keys(world, session.role, keys).with("aws:userid", [world.assumed_role_id(session)])
}

/// Identity policies and boundary of a role. A role that has been deleted has none.
pub fn of_role(world: &World, id: RoleId) -> Vec<Policy<'_>> {
    let role = &world.iam.roles[id];
    if !world.iam.role_exists(id) {
        return Vec::new();
    }
    let inline = role.inline.iter().map(|(name, document)| Policy {
        kind: Kind::Identity,
        name: format!("inline policy {name}"),
        document,
    });
    let attached = role.attached.iter().map(|&policy| managed(world, policy, Kind::Identity));
    inline.chain(attached).chain(role.boundary.map(|policy| managed(world, policy, Kind::Boundary))).collect()
}

fn managed(world: &World, id: PolicyId, kind: Kind) -> Policy<'_> {
    let policy = &world.iam.policies[id];
    Policy { kind, name: policy.name.to_string(), document: &policy.document }
}

fn session_policy(document: &Arc<Document>) -> Policy<'_> {
    Policy { kind: Kind::Session, name: "the session policy".to_owned(), document }
}

/// The keys that describe a role as the one who asks, added to `keys`. [IAM-UG reference_policies_condition-keys]
pub fn role_keys(world: &World, id: RoleId, keys: Keys) -> Keys {
    let role = &world.iam.roles[id];
    let keys = keys
        .with("aws:PrincipalArn", [role.arn()])
        .with("aws:PrincipalAccount", [ACCOUNT])
        .with("aws:PrincipalType", ["AssumedRole"]);
    role.tags.iter().fold(keys, |keys, tag| keys.with(&format!("aws:PrincipalTag/{}", tag.key), [&*tag.value]))
}

/// The keys that every request has, added to `keys`. [IAM-UG reference_policies_condition-keys]
pub fn general_keys(world: &World, resource: &str, keys: Keys) -> Keys {
    let keys = if keys.get("aws:CurrentTime").is_some() { keys } else { time_keys(world.now, keys) }
        .with("aws:RequestedRegion", [REGION])
        .with("aws:SecureTransport", ["true"]);
    match account_of(resource) {
        Some(account) => keys.with("aws:ResourceAccount", [account]),
        None => keys,
    }
}

/// The keys that say when a request is made, added to `keys`.
fn time_keys(at: Moment, keys: Keys) -> Keys {
    keys.with("aws:CurrentTime", [at.to_string()]).with("aws:EpochTime", [(at.unix_millis() / 1000).to_string()])
}
