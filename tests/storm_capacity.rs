//! The split over FARGATE and FARGATE_SPOT, in storms: whenever a service is at rest with all its tasks healthy, it is
//! exactly that of its desired count.

use longshore::aws::ecs::{capacity_split, rolling_update};
use longshore::model::capacity::CapacityProvider::{Fargate, FargateSpot};
use longshore::model::id::ServiceId;
use longshore::session::Session;
use longshore::world::World;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate};
use crate::weather::{Storm, check_world};

const SEEDS: u64 = 40;
const STEPS: u64 = 50;
const WAITS: [u64; 7] = [0, 1, 5, 16, 45, 120, 600];

#[test]
fn a_service_at_rest_is_split_exactly() {
    let mut rested = 0;
    for seed in 0..SEEDS {
        let mut storm = prepare(seed);
        for step in 0..STEPS {
            storm.strike(step, blow, WAITS, |session, context| {
                check(session, context);
            });
            rested += check(&storm.lab.session, "between");
        }
        storm.lab.session.begin_line("heal");
        storm.lab.ok("fault.spot_capacity", json!({ "available": true }));
        storm.lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web:1" }));
        storm.lab.wait("2h");
        assert_eq!(check(&storm.lab.session, "healed"), 1, "seed {seed} does not come to rest");
    }
    assert!(rested > SEEDS * 5, "the service rested {rested} times");
}

/// A service whose tasks live for ever, and one more revision whose tasks turn unhealthy now and then.
fn prepare(seed: u64) -> Storm {
    let mut lab = Lab::new(seed).with_prod();
    lab.ok(
        "ecs.put_cluster_capacity_providers",
        json!({
            "cluster": "prod", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [],
        }),
    );
    lab.ok(
        "image.define",
        json!({ "image": "sick", "profile": { "boot": "20s", "health": [
            { "at": "0s", "healthy": true }, { "at": "7m", "healthy": false },
        ] } }),
    );
    let mut sick = fargate("web", "sick");
    sick["containerDefinitions"][0]["healthCheck"] =
        json!({ "command": ["CMD", "check"], "interval": 10, "retries": 3 });
    lab.ok("ecs.register_task_definition", sick);
    let mut storm = Storm { lab, seed, step: 0 };
    let (base, weights) =
        (storm.roll("base", 4), [(1, 3), (1, 1), (3, 2), (0, 1), (1, 0)][storm.roll("weights", 5) as usize]);
    let percentages = [(100, 200), (50, 200), (50, 100), (0, 100)][storm.roll("percentages", 4) as usize];
    let network = storm.lab.network();
    storm.lab.ok(
        "ecs.create_service",
        json!({
            "cluster": "prod", "serviceName": "web", "taskDefinition": "web:1", "desiredCount": 3,
            "networkConfiguration": network,
            "capacityProviderStrategy": [
                { "capacityProvider": "FARGATE", "base": base, "weight": weights.0 },
                { "capacityProvider": "FARGATE_SPOT", "weight": weights.1 },
            ],
            "deploymentConfiguration": {
                "minimumHealthyPercent": percentages.0, "maximumPercent": percentages.1,
                "deploymentCircuitBreaker": { "enable": seed.is_multiple_of(2), "rollback": true },
            },
        }),
    );
    storm.lab.session.end_line();
    storm
}

/// Something happens to the service, or to one of its tasks.
fn blow(storm: &mut Storm) -> (&'static str, Value) {
    let tasks = storm.lab.tasks("web");
    let task = match tasks.len() as u64 {
        0 => "nobody".to_owned(),
        count => tasks[storm.roll("task", count) as usize].clone(),
    };
    let update = |change: (&str, Value)| {
        let mut request = json!({ "cluster": "prod", "service": "web" });
        request[change.0] = change.1;
        ("ecs.update_service", request)
    };
    match storm.roll("blow", 10) {
        0..=2 => update(("desiredCount", storm.roll("desired", 13).into())),
        3 => update(("taskDefinition", ["web:1", "web:2"][storm.roll("revision", 2) as usize].into())),
        4 => update(("forceNewDeployment", true.into())),
        5 => ("ecs.stop_task", json!({ "cluster": "prod", "task": task })),
        6 => ("fault.crash", json!({ "task": task })),
        7 | 8 => ("fault.spot_reclaim", json!({ "task": task })),
        _ => ("fault.spot_capacity", json!({ "available": storm.roll("spot", 3) > 0 })),
    }
}

/// Checks what must always hold, and the split of the service if it is at rest. Counts the services that are.
fn check(session: &Session, context: &str) -> u64 {
    check_world(session, context);
    let world = session.world();
    let at_rest = |id: &ServiceId| world.ecs.services[*id].steady_since.is_some();
    let resting: Vec<ServiceId> = world.ecs.services.iter().map(|(id, _)| id).filter(at_rest).collect();
    for &id in &resting {
        let service = &world.ecs.services[id];
        let strategy = &world.ecs.deployments[service.deployments[0]].strategy;
        let wanted = capacity_split::split(strategy, service.desired);
        // A change that the scheduler has not come to yet, and percentages that leave no move.
        let lower = rolling_update::lower_bound(service.desired, service.minimum_healthy_percent);
        let upper = rolling_update::upper_bound(service.desired, service.maximum_percent);
        if service.pass.is_none() && lower < upper {
            assert_eq!(split(world, id), wanted, "{context}: {} of {strategy:?}", service.desired);
        }
    }
    resting.len() as u64
}

/// The running tasks of a service on each provider.
fn split(world: &World, id: ServiceId) -> Vec<u32> {
    let running = |provider| {
        let deployments = world.ecs.services[id].deployments.iter().map(|&id| &world.ecs.deployments[id]);
        let zones = deployments.flat_map(move |deployment| deployment.zones_of(Some(provider)));
        zones.map(|zone| zone.running.len() as u32).sum()
    };
    [Fargate, FargateSpot].map(running).to_vec()
}
