//! Roles, policies and identity providers.

use super::{Beside, Known};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::iam::Role;

fn about(role: &Role) -> String {
    match &role.description {
        Some(description) => format!("role {}: {description}", role.name),
        None => format!("role {}", role.name),
    }
}

fn all_roles(world: &World) -> impl Iterator<Item = &Role> {
    world.iam.role_by_name.values().map(|&id| &world.iam.roles[id])
}

/// Roles by name.
pub(super) fn roles(world: &World) -> impl Iterator<Item = Known> {
    all_roles(world).map(|role| {
        let policies = role.attached.len() + role.inline.len();
        Known::new(&*role.name, if policies == 1 { "1 policy".to_owned() } else { format!("{policies} policies") })
    })
}

/// Roles by ARN.
pub(super) fn role_arns(world: &World) -> impl Iterator<Item = Known> {
    all_roles(world).map(|role| Known::new(role.arn(), about(role)))
}

/// Managed policies by ARN.
pub(super) fn managed_policies(world: &World) -> impl Iterator<Item = Known> {
    world.iam.policy_by_arn.iter().map(|(arn, &id)| {
        let policy = &world.iam.policies[id];
        Known::new(&**arn, policy.description.as_deref().unwrap_or_default())
    })
}

/// The inline policies of the role that the request names.
pub(super) fn inline_policies<'a>(world: &'a World, beside: Beside<'a>) -> impl Iterator<Item = Known> + 'a {
    let role = beside.name(Noun::Role).and_then(|name| world.iam.role(name)).map(|id| &world.iam.roles[id]);
    role.into_iter()
        .flat_map(|role| role.inline.keys().map(|name| Known::new(&**name, format!("of role {}", role.name))))
}

/// OpenID Connect providers by ARN.
pub(super) fn providers(world: &World) -> impl Iterator<Item = Known> {
    world.iam.provider_by_url.values().map(|&id| {
        let provider = &world.iam.providers[id];
        Known::new(provider.arn(), format!("for {}", provider.client_ids.join(", ")))
    })
}
