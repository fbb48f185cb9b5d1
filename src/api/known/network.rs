//! The VPC, its subnets and security groups, and launch templates.

use super::Known;
use crate::world::World;

/// The VPC by id.
pub(super) fn vpcs(world: &World) -> impl Iterator<Item = Known> {
    std::iter::once(Known::new(world.vpc.id.as_str(), "the default VPC"))
}

/// Subnets by id.
pub(super) fn subnets(world: &World) -> impl Iterator<Item = Known> {
    world
        .vpc
        .subnets
        .iter()
        .map(|(_, subnet)| Known::new(subnet.id.as_str(), format!("{}, {}", subnet.zone, subnet.cidr)))
}

/// Security groups by id.
pub(super) fn groups(world: &World) -> impl Iterator<Item = Known> {
    std::iter::once(Known::new(world.vpc.default_security_group.as_str(), "default, the VPC's own group"))
}

/// Security groups by name.
pub(super) fn group_names(_: &World) -> impl Iterator<Item = Known> {
    std::iter::once(Known::new("default", "the VPC's own group"))
}

/// Launch templates by name.
pub(super) fn launch_templates(world: &World) -> impl Iterator<Item = Known> {
    let names = world.launch_templates.by_name.iter();
    names.map(|(name, &id)| {
        let hops = world.launch_templates.all[id].hop_limit();
        Known::new(&**name, format!("a launch template, hop limit {hops}"))
    })
}
