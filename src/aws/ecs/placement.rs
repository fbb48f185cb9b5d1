//! On which container instance, or in which subnet, a task goes.
//!
//! Without a strategy ECS keeps the instances that fit, takes the zone with the fewest tasks of the service, and in
//! it the instance with the fewest. [API UpdateService; semantics/ecs.md 4.1]

use std::collections::BTreeSet;

use crate::model::id::{ClusterId, DefinitionId, InstanceId, SubnetId};
use crate::model::status::InstanceStatus;
use crate::world::World;
use crate::world::ecs::{Instance, Task};
use crate::world::says::Shortage;

/// The instance for the next task of a definition; `is_kin` tells the tasks to spread against.
///
/// # Errors
/// What the closest instance lacks. Closest is the one that passes most checks, in the order CPU, memory, ports. SIM:
/// AWS does not publish the order.
pub fn place(
    world: &World,
    cluster: ClusterId,
    definition: DefinitionId,
    is_kin: impl Fn(&Task) -> bool,
) -> Result<InstanceId, Shortage> {
    let instances = || {
        let ids = world.ecs.clusters[cluster].instances.iter();
        ids.map(|&id| (id, &world.ecs.instances[id])).filter(|(_, i)| i.status == InstanceStatus::Active)
    };
    let kin_on = |instance: &Instance| instance.tasks.iter().filter(|&&t| is_kin(&world.ecs.tasks[t])).count();
    let kin_in = |zone: SubnetId| instances().filter(|(_, i)| i.subnet == zone).map(|(_, i)| kin_on(i)).sum::<usize>();
    let (fitting, short): (Vec<_>, Vec<_>) = instances()
        .map(|(id, instance)| (id, instance, lack(world, id, instance, definition)))
        .partition(|(.., lack)| lack.is_none());
    let zones: BTreeSet<SubnetId> = fitting.iter().map(|(_, instance, _)| instance.subnet).collect();
    let zone = zones.into_iter().min_by_key(|&zone| (kin_in(zone), zone));
    let in_zone = fitting.into_iter().filter(|(_, instance, _)| Some(instance.subnet) == zone);
    in_zone.min_by_key(|(id, instance, _)| (kin_on(instance), *id)).map(|(id, ..)| id).ok_or_else(|| {
        let closest = short.into_iter().filter_map(|(_, _, lack)| lack).max_by_key(|lack| lack.rank());
        closest.unwrap_or(Shortage::NoInstances)
    })
}

/// The first thing that an instance lacks for one more task.
fn lack(world: &World, id: InstanceId, instance: &Instance, definition: DefinitionId) -> Option<Shortage> {
    let content = &world.ecs.definitions[definition].content;
    if instance.remaining.cpu < content.reserved_cpu() {
        return Some(Shortage::Cpu(id));
    }
    if instance.remaining.memory < content.reserved_memory() {
        return Some(Shortage::Memory(id));
    }
    let wanted: Vec<u32> = content.fixed_host_ports().collect();
    let taken = |port: u32| {
        let definitions = instance.tasks.iter().map(|&task| world.ecs.tasks[task].definition);
        definitions.into_iter().any(|d| world.ecs.definitions[d].content.fixed_host_ports().any(|p| p == port))
    };
    wanted.into_iter().any(taken).then_some(Shortage::Ports(id))
}

/// The subnet with the fewest tasks, by `count`; the first of them where several have the same. SIM: Fargate is said to
/// spread tasks over the zones, not how it breaks ties.
pub fn emptiest(subnets: &[SubnetId], count: impl Fn(SubnetId) -> usize) -> Option<SubnetId> {
    subnets.iter().copied().min_by_key(|&subnet| count(subnet))
}
