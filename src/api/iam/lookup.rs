//! From the names and ARNs that people type to ids, and what IAM says when nothing is there.

use crate::api::refusal::Refusal;
use crate::aws::iam::authorize;
use crate::model::id::{PolicyId, ProviderId, RoleId};
use crate::model::meant;
use crate::model::policy::Document;
use crate::world::World;
use crate::world::iam::host_and_path;
use crate::world::names::ACCOUNT;

/// How the ARNs of AWS's own managed policies begin.
const AWS_OWN: &str = "arn:aws:iam::aws:policy/";

/// The role with this name.
pub(super) fn role(world: &World, name: &str) -> Result<RoleId, Refusal> {
    world.iam.role(name).ok_or_else(|| {
        let known = world.iam.role_by_name.keys().map(|name| &**name);
        let way_out = meant::another(name, known, "iam.create_role(#{ … })");
        no_such_entity(format!("The role with name {name} cannot be found."), way_out)
            .because(format!("this account has no role `{name}`; a role is named without its path"))
            .at(["RoleName"])
    })
}

/// The managed policy with this ARN.
pub(super) fn policy(world: &World, arn: &str) -> Option<PolicyId> {
    world.iam.policy_by_arn.get(arn).copied()
}

/// Why there is no managed policy to attach, and which ones there are. What a name is like tells; one that allows
/// everything is offered to nobody who did not all but write it.
pub(super) fn no_policy(world: &World, arn: &str, member: &str) -> Refusal {
    let name_of = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
    let known = || world.iam.policy_by_arn.keys().map(|arn| &**arn);
    let names: Vec<String> = known().map(name_of).collect();
    let similar = meant::similar(&name_of(arn), names.iter().map(String::as_str));
    let way_out = match similar.and_then(|similar| known().find(|arn| name_of(arn) == similar)) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => {
            let narrow = known().filter(|arn| *arn != authorize::ADMINISTRATOR);
            let narrow: Vec<&str> = narrow.map(|arn| arn.strip_prefix(AWS_OWN).unwrap_or(arn)).collect();
            format!(
                "write one that allows what is needed and no more: iam.create_policy(#{{ … }}); or take one that is \
                 there, {AWS_OWN}…: {}",
                narrow.join(", ")
            )
        }
    };
    no_such_entity(format!("Policy {arn} does not exist or is not attachable."), way_out)
        .because("this account has no such policy, and longshore does not know it as one of AWS's own")
        .at([member])
}

/// The inline policy of a role.
pub(super) fn inline<'a>(world: &'a World, role: RoleId, name: &str) -> Result<&'a Document, Refusal> {
    let role = &world.iam.roles[role];
    role.inline.get(name).map(|document| &**document).ok_or_else(|| {
        let known = role.inline.keys().map(|name| &**name);
        let create = format_args!("iam.put_role_policy(#{{ RoleName: \"{}\", … }})", role.name);
        let way_out = meant::another(name, known, create);
        no_such_entity(format!("The role policy with name {name} cannot be found."), way_out)
            .because(format!("role `{}` has no inline policy `{name}`; attached ones are managed policies", role.name))
            .at(["PolicyName"])
    })
}

/// The provider with this ARN.
pub(super) fn provider(world: &World, arn: &str) -> Result<ProviderId, Refusal> {
    find_provider(world, arn).ok_or_else(|| {
        let known: Vec<String> = world.iam.provider_by_url.values().map(|&id| world.iam.providers[id].arn()).collect();
        let known = known.iter().map(String::as_str);
        let way_out = meant::another(arn, known, "iam.create_open_id_connect_provider(#{ Url: … })");
        no_such_entity(format!("OpenIDConnect Provider not found for arn {arn}"), way_out)
            .because("this account has no such provider")
            .at(["OpenIDConnectProviderArn"])
    })
}

/// The provider with this ARN, if it exists.
pub(super) fn find_provider(world: &World, arn: &str) -> Option<ProviderId> {
    let url = arn.strip_prefix(&format!("arn:aws:iam::{ACCOUNT}:oidc-provider/"))?;
    (host_and_path(url) == url).then(|| world.iam.provider(url))?
}

pub(super) fn no_such_entity(message: String, way_out: String) -> Refusal {
    Refusal::new("NoSuchEntity", message).way_out(way_out)
}

/// What IAM answers when a quota is reached. [IAM-UG reference_iam-quotas; names of the quotas as AWS answers them]
pub(super) fn quota(name: &str, most: usize) -> Refusal {
    Refusal::new("LimitExceeded", format!("Cannot exceed quota for {name}: {most}"))
        .because(format!("the quota is {most}"))
}

/// longshore's own limit on what one world creates; `what` is in the plural.
pub(crate) fn check_ever(world: &World, what: &str, created: usize) -> Result<(), Refusal> {
    let most = world.tuning.iam.ever;
    if created < most { Ok(()) } else { Err(Refusal::lab_is_full(what, most)) }
}
