//! Which targets get requests: the healthy ones, or all of them where none is healthy.
//!
//! A load balancer fails open: sending requests to targets that it takes for unhealthy beats sending them to nobody.
//! The least number of healthy targets is 1, the default of
//! `target_group_health.unhealthy_state_routing.minimum_healthy_targets.count`. [semantics/around.md 3.2]

use crate::model::id::{TargetGroupId, TargetId};
use crate::model::load_balancing::TargetState;
use crate::world::World;

/// The targets of a group that get requests now.
pub fn receivers(world: &World, group: TargetGroupId) -> Vec<TargetId> {
    let record = &world.elb.target_groups[group];
    let in_state = |states: &[TargetState]| {
        let targets = record.targets.values().copied();
        targets.filter(|&id| states.contains(&world.elb.targets[id].state)).collect()
    };
    match record.healthy {
        0 => in_state(&[TargetState::Unhealthy, TargetState::Initial]),
        _ => in_state(&[TargetState::Healthy]),
    }
}
