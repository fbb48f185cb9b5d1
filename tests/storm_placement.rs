//! Where tasks go on container instances, in storms: always where looking at every instance would put them.

use std::collections::BTreeSet;

use longshore::aws::ecs::placement;
use longshore::model::id::{ClusterId, DefinitionId, Id, InstanceId, SubnetId};
use longshore::model::status::InstanceStatus;
use longshore::session::Session;
use longshore::world::World;
use longshore::world::ecs::{Instance, Task};
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::weather::{Storm, check_world};

/// CPU units, MiB and the host's port of each family.
const FAMILIES: [(&str, u32, u32, Option<u32>); 4] =
    [("small", 256, 512, None), ("wide", 1024, 256, None), ("tall", 128, 3000, None), ("port", 64, 64, Some(8080))];
const ZONES: [&str; 3] = ["us-east-1a", "us-east-1b", "us-east-1c"];
const WAITS: [u64; 7] = [0, 0, 1, 7, 30, 60, 300];

#[test]
fn tasks_go_where_looking_at_each_instance_would_put_them() {
    let mut placed = 0;
    for seed in 0..6 {
        let mut storm = Storm { lab: Lab::new(seed).with_prod(), seed, step: 0 };
        for (family, cpu, memory, port) in FAMILIES {
            let mut container = json!({ "name": family, "image": "nginx", "cpu": cpu, "memory": memory });
            if let Some(port) = port {
                container["portMappings"] = json!([{ "containerPort": port, "hostPort": port }]);
            }
            let definition = json!({ "family": family, "containerDefinitions": [container] });
            storm.lab.ok("ecs.register_task_definition", definition);
        }
        for step in 0..120 {
            storm.strike(step, blow, WAITS, check);
        }
        placed += storm.lab.session.world().ecs.tasks.iter().filter(|(_, task)| task.instance.is_some()).count();
    }
    assert!(placed > 600, "{placed} tasks were placed");
}

/// Something happens to instances, services or tasks.
fn blow(storm: &mut Storm) -> (&'static str, Value) {
    let family = FAMILIES[storm.roll("family", 4) as usize].0;
    let service = format!("web-{}", storm.roll("service", 3));
    let desired = storm.roll("desired", 25);
    match storm.roll("blow", 10) {
        0..=2 => {
            let cpu = 512 << storm.roll("cpu", 4);
            let memory = 1024 << storm.roll("memory", 3);
            let resources = json!([
                { "name": "CPU", "integerValue": cpu }, { "name": "MEMORY", "integerValue": memory }
            ]);
            let zone = ZONES[storm.roll("zone", 3) as usize];
            let attributes = json!([{ "name": "ecs.availability-zone", "value": zone }]);
            let request = json!({ "cluster": "prod", "totalResources": resources, "attributes": attributes });
            ("ecs.register_container_instance", request)
        }
        3 => {
            let world = storm.lab.session.world();
            let instances = world.ecs.instances.len() as u64;
            let which = InstanceId::new(storm.roll("instance", instances.max(1)) as u32);
            let arn = match instances {
                0 => "none".to_owned(),
                _ => storm.lab.session.world().instance_arn(which),
            };
            ("ecs.deregister_container_instance", json!({ "cluster": "prod", "containerInstance": arn, "force": true }))
        }
        4 => {
            let request = json!({
                "cluster": "prod", "serviceName": service, "taskDefinition": family, "desiredCount": desired,
                "launchType": "EC2",
            });
            ("ecs.create_service", request)
        }
        5 => {
            let request =
                json!({ "cluster": "prod", "service": service, "taskDefinition": family, "desiredCount": desired });
            ("ecs.update_service", request)
        }
        6 => ("ecs.delete_service", json!({ "cluster": "prod", "service": service, "force": true })),
        7 => {
            let live = storm.lab.session.world().ecs.clusters.iter().flat_map(|(_, cluster)| &cluster.live);
            let live: Vec<String> = live.map(|&task| storm.lab.session.world().task_arn(task)).collect();
            let task = live.get(storm.roll("task", live.len().max(1) as u64) as usize).cloned().unwrap_or_default();
            ("ecs.stop_task", json!({ "cluster": "prod", "task": task }))
        }
        _ => {
            let request = json!({
                "cluster": "prod", "taskDefinition": family, "count": 1 + desired % 10, "launchType": "EC2",
                "group": format!("batch-{}", storm.roll("group", 2)),
            });
            ("ecs.run_task", request)
        }
    }
}

/// Asks for a place for every definition, among the tasks of every service and every group.
fn check(session: &Session, context: &str) {
    check_world(session, context);
    let world = session.world();
    for (cluster, _) in world.ecs.clusters.iter() {
        for (definition, _) in world.ecs.definitions.iter() {
            for (_, service) in world.ecs.services.iter() {
                let spreads = service.deployments.iter().map(|&id| &world.ecs.deployments[id].spread);
                let place = placement::place(world, cluster, definition, &[], &spreads.collect::<Vec<_>>()).ok();
                let is_kin = |task: &Task| task.deployment.is_some_and(|of| service.deployments.contains(&of));
                assert_eq!(place, place_by_looking(world, cluster, definition, is_kin), "{context}: {}", service.name);
            }
            for group in ["batch-0", "batch-1"] {
                let spread = placement::spread_of_group(world, cluster, group);
                let place = placement::place(world, cluster, definition, &[], &[&spread]).ok();
                let is_kin = |task: &Task| task.standalone.as_ref().is_some_and(|task| &*task.group == group);
                assert_eq!(place, place_by_looking(world, cluster, definition, is_kin), "{context}: {group}");
            }
        }
    }
}

/// The place for one more task, found the long way.
fn place_by_looking(
    world: &World,
    cluster: ClusterId,
    definition: DefinitionId,
    is_kin: impl Fn(&Task) -> bool,
) -> Option<InstanceId> {
    let content = &world.ecs.definitions[definition].content;
    let active = |instance: &Instance| instance.cluster == cluster && instance.status == InstanceStatus::Active;
    let instances: Vec<(InstanceId, &Instance)> = world.ecs.instances.iter().filter(|(_, i)| active(i)).collect();
    let ports_of = |d: DefinitionId| world.ecs.definitions[d].content.fixed_host_ports().collect::<Vec<_>>();
    let fits = |instance: &Instance| {
        let taken: Vec<u32> = instance.tasks.iter().flat_map(|&t| ports_of(world.ecs.tasks[t].definition)).collect();
        instance.remaining.cpu >= content.reserved_cpu()
            && instance.remaining.memory >= content.reserved_memory()
            && !ports_of(definition).iter().any(|port| taken.contains(port))
    };
    let kin_on = |instance: &Instance| instance.tasks.iter().filter(|&&t| is_kin(&world.ecs.tasks[t])).count();
    let kin_in = |zone: SubnetId| {
        let in_zone = instances.iter().filter(|(_, instance)| instance.subnet == zone);
        in_zone.map(|(_, instance)| kin_on(instance)).sum::<usize>()
    };
    let fitting: Vec<_> = instances.iter().filter(|(_, instance)| fits(instance)).collect();
    let zones: BTreeSet<SubnetId> = fitting.iter().map(|(_, instance)| instance.subnet).collect();
    let zone = zones.into_iter().min_by_key(|&zone| (kin_in(zone), zone))?;
    let in_zone = fitting.into_iter().filter(|(_, instance)| instance.subnet == zone);
    in_zone.min_by_key(|(id, instance)| (kin_on(instance), *id)).map(|(id, _)| *id)
}
