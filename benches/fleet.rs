//! 100,000 tasks, started by 20 services and brought to RUNNING in one process: seconds, bytes a task, and how both
//! grow. On Fargate, and, as many as fit, on container instances, each of which has to be found.
//!
//! Run with `cargo bench --bench fleet`.

#![allow(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

mod lab;
mod measure;

use longshore::model::time::Millis;
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

use lab::of_the_tests::Lab;
use measure::{ROUNDS, in_turns, median, processor_seconds, row, table, unit_nanos};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SERVICES: u32 = 20;
const TASKS: [u32; 3] = [1_000, 10_000, 100_000];
/// Container instances, each with room for sixteen tasks.
const INSTANCES: [u32; 3] = [100, 400, 1_600];
/// Tasks for each of them.
const TASKS_AN_INSTANCE: u32 = 10;

/// What one run came to.
struct Fleet {
    seconds: f64,
    waited: Millis,
    facts: usize,
    world_bytes: usize,
    session_bytes: usize,
}

fn main() {
    let unit = unit_nanos();
    let columns = [
        "tasks",
        "seconds",
        "µs a task",
        "units a task",
        "facts a second",
        "virtual time",
        "bytes a task, world",
        "with its history",
    ];
    table("Tasks of 20 services to RUNNING on Fargate", &columns);
    for (tasks, rounds) in TASKS.into_iter().zip(in_turns(ROUNDS, &TASKS, |&tasks| on_fargate(tasks))) {
        let seconds = median(rounds.iter().map(|fleet| fleet.seconds));
        let nanos = seconds * 1e9 / f64::from(tasks);
        let fleet = &rounds[0];
        row([
            tasks.to_string(),
            format!("{seconds:.3}"),
            format!("{:.2}", nanos / 1e3),
            format!("{:.0}", nanos / unit),
            format!("{:.2} M", fleet.facts as f64 / seconds / 1e6),
            fleet.waited.to_string(),
            (fleet.world_bytes / tasks as usize).to_string(),
            (fleet.session_bytes / tasks as usize).to_string(),
        ]);
    }
    println!();
    table("The same on container instances", &["instances", "tasks", "seconds", "µs a task", "units a task"]);
    let rounds = in_turns(3, &INSTANCES, |&instances| on_instances(instances));
    for (instances, rounds) in INSTANCES.into_iter().zip(rounds) {
        let tasks = instances * TASKS_AN_INSTANCE;
        let seconds = median(rounds.iter().map(|fleet| fleet.seconds));
        let nanos = seconds * 1e9 / f64::from(tasks);
        row([
            instances.to_string(),
            tasks.to_string(),
            format!("{seconds:.3}"),
            format!("{:.2}", nanos / 1e3),
            format!("{:.0}", nanos / unit),
        ]);
    }
}

fn on_fargate(tasks: u32) -> Fleet {
    let before = MEMORY.current_usage();
    bring_up(Lab::unbounded(42).with_prod(), before, tasks, &json!({}))
}

fn on_instances(instances: u32) -> Fleet {
    let before = MEMORY.current_usage();
    let mut lab = Lab::unbounded(42).with_prod();
    let container = json!({ "name": "app", "image": "nginx", "cpu": 256, "memory": 512 });
    lab.ok("ecs.register_task_definition", json!({ "family": "app", "containerDefinitions": [container] }));
    let resources = json!([{ "name": "CPU", "integerValue": 4096 }, { "name": "MEMORY", "integerValue": 8192 }]);
    for _ in 0..instances {
        lab.ok("ecs.register_container_instance", json!({ "cluster": "prod", "totalResources": resources }));
    }
    let more = json!({ "taskDefinition": "app", "launchType": "EC2", "networkConfiguration": null });
    bring_up(lab, before, instances * TASKS_AN_INSTANCE, &more)
}

/// Creates the services and waits until every task runs and every deployment is complete.
fn bring_up(mut lab: Lab, before: usize, tasks: u32, more: &Value) -> Fleet {
    let (seconds, waited) = processor_seconds(|| {
        for number in 0..SERVICES {
            lab.create_service(&format!("web-{number}"), tasks / SERVICES, more.clone());
        }
        lab.come_to_rest()
    });
    let session = &lab.session;
    let running: u32 = session.world().ecs.clusters.iter().map(|(_, cluster)| cluster.running).sum();
    assert_eq!(running, tasks, "every task runs");
    let with_world = MEMORY.current_usage();
    let copy = session.world().clone();
    let world_bytes = MEMORY.current_usage() - with_world;
    drop(copy);
    let facts = session.history().len();
    Fleet { seconds, waited, facts, world_bytes, session_bytes: with_world - before }
}
