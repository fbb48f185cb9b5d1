//! On which container instance, or in which subnet, a task goes.
//!
//! Without a strategy ECS keeps the instances that fit, takes the zone with the fewest tasks of the service, and in
//! it the instance with the fewest. [API UpdateService; semantics/ecs.md 4.1]

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::kernel::first_fit::{FirstFit, fits};
use crate::model::id::{ClusterId, DefinitionId, Id, InstanceId, SubnetId};
use crate::world::World;
use crate::world::ecs::{DefinitionContent, Spread};
use crate::world::network::Vpc;
use crate::world::says::Shortage;

/// Tasks to spread against, by zone.
pub type Kin = BTreeMap<SubnetId, Spread>;

/// The instance for the next task of a definition, in the zone of one of these subnets where there are any: the
/// interface of a task under awsvpc is where its instance is. [DG API failure reasons, LOCATION]
///
/// # Errors
/// What the closest instance lacks. Closest is the one that passes most checks, in the order zone, CPU, memory, ports.
/// SIM: AWS does not publish the order.
pub fn place(
    world: &World,
    cluster: ClusterId,
    definition: DefinitionId,
    subnets: &[SubnetId],
    kin: &[&Kin],
) -> Result<InstanceId, Shortage> {
    let wish = Wish::of(&world.ecs.definitions[definition].content);
    let kin_in = |zone: SubnetId| kin.iter().filter_map(|kin| kin.get(&zone)).map(Spread::total).sum::<u32>();
    let may_use = |zone: SubnetId| subnets.is_empty() || subnets.contains(&zone);
    let rooms = world.ecs.clusters[cluster].room.iter().filter(|(zone, _)| may_use(**zone));
    let mut zones: Vec<(u32, SubnetId, &FirstFit)> = rooms.map(|(&zone, room)| (kin_in(zone), zone, room)).collect();
    zones.sort_by_key(|&(kin, zone, _)| (kin, zone));
    let found = zones.into_iter().find_map(|(_, zone, room)| place_in_zone(world, room, &spread_in(kin, zone), &wish));
    found.ok_or_else(|| {
        let instances = world.ecs.clusters[cluster].instances.iter();
        let lacking = |id: InstanceId| match may_use(world.ecs.instances[id].subnet) {
            true => wish.lacking_on(world, id),
            false => Some(Shortage::Location(id)),
        };
        let closest = instances.filter_map(|&id| lacking(id)).max_by_key(|lack| lack.rank());
        closest.unwrap_or(Shortage::NoInstances)
    })
}

/// The instance with the fewest kin, the first of them where several have the same: so one without any, if one fits.
fn place_in_zone(world: &World, room: &FirstFit, kin: &Spread, wish: &Wish) -> Option<InstanceId> {
    let mut from = kin.next_without(0);
    while let Some(place) = room.first(from, wish.resources) {
        let id = InstanceId::new(place as u32);
        if kin.on(id) == 0 && !wish.ports_are_taken(world, id) {
            return Some(id);
        }
        from = kin.next_without(place + 1);
    }
    let has_room = |id: &InstanceId| fits(room.room(id.index()), wish.resources) && !wish.ports_are_taken(world, *id);
    kin.fewest_first().find(has_room)
}

/// All kin in a zone together.
fn spread_in<'a>(kin: &[&'a Kin], zone: SubnetId) -> Cow<'a, Spread> {
    let mut parts = kin.iter().filter_map(|kin| kin.get(&zone)).filter(|spread| spread.total() > 0);
    let mut all = parts.next().map_or_else(Cow::default, Cow::Borrowed);
    parts.for_each(|part| all.to_mut().merge(part));
    all
}

/// How the tasks of a group that no service keeps are spread over a cluster.
pub fn spread_of_group(world: &World, cluster: ClusterId, group: &str) -> Kin {
    let is_kin = |task| world.ecs.tasks[task].standalone.as_ref().is_some_and(|task| &*task.group == group);
    let mut kin = Kin::new();
    for &id in &world.ecs.clusters[cluster].instances {
        let instance = &world.ecs.instances[id];
        for _ in instance.tasks.iter().filter(|&&task| is_kin(task)) {
            kin.entry(instance.subnet).or_default().add(id);
        }
    }
    kin
}

/// What a task needs of an instance.
struct Wish {
    /// CPU units and MiB.
    resources: [u32; 2],
    /// Ports of the host.
    ports: Vec<u32>,
}

impl Wish {
    fn of(content: &DefinitionContent) -> Wish {
        let resources = [content.reserved_cpu(), content.reserved_memory()];
        Wish { resources, ports: content.fixed_host_ports().collect() }
    }

    /// The first thing that an instance lacks.
    fn lacking_on(&self, world: &World, id: InstanceId) -> Option<Shortage> {
        let remaining = world.ecs.instances[id].remaining;
        match self.resources {
            [cpu, _] if remaining.cpu < cpu => Some(Shortage::Cpu(id)),
            [_, memory] if remaining.memory < memory => Some(Shortage::Memory(id)),
            _ => self.ports_are_taken(world, id).then_some(Shortage::Ports(id)),
        }
    }

    fn ports_are_taken(&self, world: &World, id: InstanceId) -> bool {
        let taken = |port: &u32| {
            let definitions = world.ecs.instances[id].tasks.iter().map(|&task| world.ecs.tasks[task].definition);
            definitions.into_iter().any(|d| world.ecs.definitions[d].content.fixed_host_ports().any(|p| p == *port))
        };
        self.ports.iter().any(taken)
    }
}

/// The subnet with the fewest tasks, by `count`, among those that have an address left, or among all where none has:
/// a task there fails. The first wins ties. SIM: Fargate is said to spread tasks over the zones, neither how it breaks
/// ties nor whether it looks for free addresses. [semantics/around.md 13]
pub fn emptiest(vpc: &Vpc, subnets: &[SubnetId], count: impl Fn(SubnetId) -> usize) -> Option<SubnetId> {
    let full = |subnet: SubnetId| vpc.subnets[subnet].free() == 0;
    subnets.iter().copied().min_by_key(|&subnet| (full(subnet), count(subnet)))
}
