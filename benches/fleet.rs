//! 100,000 tasks, started by 20 services and brought to RUNNING in one process: seconds, bytes a task, and how both grow.
//!
//! Times on shared machines say little by themselves, so each is also given as a ratio to a loop measured in the same
//! run: popping and pushing a bare binary heap of (time, sequence) keys, ten thousand of them pending.
//!
//! Run with `cargo bench --bench fleet`.

#![allow(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

use longshore::api;
use longshore::model::time::Millis;
use longshore::session::{Limits, Session};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SERVICES: u32 = 20;
const ROUNDS: usize = 5;

/// What one run came to.
struct Fleet {
    seconds: f64,
    waited: Millis,
    facts: usize,
    world_bytes: usize,
    session_bytes: usize,
}

fn main() {
    let unit = median((0..ROUNDS).map(|_| bare_heap_nanos()));
    println!("unit: one pop and push of a bare heap with 10,000 pending = {unit:.0} ns\n");
    println!(
        "| tasks | seconds | us per task | units per task | facts per second | simulated | world, bytes per task | with history |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for tasks in [1_000_u32, 10_000, 100_000] {
        let rounds: Vec<Fleet> = (0..ROUNDS).map(|_| bring_up(tasks)).collect();
        let seconds = median(rounds.iter().map(|fleet| fleet.seconds));
        let nanos = seconds * 1e9 / f64::from(tasks);
        let fleet = &rounds[0];
        println!(
            "| {tasks} | {seconds:.3} | {:.2} | {:.0} | {:.2} M | {} | {} | {} |",
            nanos / 1e3,
            nanos / unit,
            fleet.facts as f64 / seconds / 1e6,
            fleet.waited,
            fleet.world_bytes / tasks as usize,
            fleet.session_bytes / tasks as usize,
        );
    }
}

/// Creates the services and waits until every task runs and every deployment is complete.
fn bring_up(tasks: u32) -> Fleet {
    let limits = Limits { steps_per_line: u64::MAX, facts: u32::MAX, ..Limits::default() };
    let before = MEMORY.current_usage();
    let mut session = Session::with_limits(42, limits);
    let subnets: Vec<String> = session.world().vpc.subnets.iter().map(|(_, subnet)| subnet.id.clone()).collect();
    session.begin_line("fleet");
    call(&mut session, "ecs:CreateCluster", json!({ "clusterName": "prod" }));
    call(
        &mut session,
        "ecs:RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
            "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{ "name": "web", "image": "nginx" }],
        }),
    );
    let start = Instant::now();
    for number in 0..SERVICES {
        call(
            &mut session,
            "ecs:CreateService",
            json!({
                "cluster": "prod", "serviceName": format!("web-{number}"), "taskDefinition": "web",
                "desiredCount": tasks / SERVICES, "launchType": "FARGATE",
                "networkConfiguration": { "awsvpcConfiguration": { "subnets": subnets } },
            }),
        );
    }
    let began = session.world().now;
    while !session.world().is_at_rest() {
        session.wait(Millis::minutes(1)).expect("the limits are wide");
    }
    let seconds = start.elapsed().as_secs_f64();
    let world = session.world();
    let running: u32 = world.ecs.clusters.iter().map(|(_, cluster)| cluster.running).sum();
    assert_eq!(running, tasks, "every task runs");
    let with_world = MEMORY.current_usage();
    let copy = world.clone();
    let world_bytes = MEMORY.current_usage() - with_world;
    drop(copy);
    Fleet {
        seconds,
        waited: session.world().now.since(began),
        facts: session.history().len(),
        world_bytes,
        session_bytes: with_world - before,
    }
}

fn call(session: &mut Session, action: &str, request: Value) {
    let entry = api::find_action(action).expect("an operation");
    session.call(entry, request).expect("accepted");
}

/// One pop and one push of the smallest possible event queue.
fn bare_heap_nanos() -> f64 {
    const PENDING: u64 = 10_000;
    const EVENTS: u64 = 1_000_000;
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 44) + 1
    };
    let mut heap: BinaryHeap<Reverse<(u64, u64)>> = (0..PENDING).map(|sequence| Reverse((next(), sequence))).collect();
    let start = Instant::now();
    for sequence in PENDING..PENDING + EVENTS {
        let Reverse((time, _)) = heap.pop().expect("it stays full");
        heap.push(Reverse((time + next(), sequence)));
    }
    black_box(&heap);
    start.elapsed().as_nanos() as f64 / EVENTS as f64
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
