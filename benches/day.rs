//! A day of services with health checks: seconds a simulated day, how they grow with the number of services, and what
//! the checks cost.
//!
//! In a busy day each service is deployed twice and one task in ten crashes, evenly over the day. In a quiet one
//! nobody touches anything, and every check passes.
//!
//! Run with `cargo bench --bench day`.

#![allow(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

mod lab;
mod measure;

use longshore::model::time::Millis;
use serde_json::{Value, json};

use lab::of_the_tests::{Lab, fargate};
use measure::{ROUNDS, in_turns, median, processor_seconds, row, table, unit_nanos};

const DAY: Millis = Millis::minutes(24 * 60);
/// How often a service is deployed in a busy day.
const DEPLOYMENTS: u32 = 2;
/// One task in so many crashes in a busy day.
const CRASHES: u32 = 10;

/// What is checked, and how often.
#[derive(Clone, Copy)]
enum Checked {
    Nothing,
    /// The containers, every so many seconds.
    Containers(u32),
    /// The containers and, in a target group for each service, the targets.
    Targets(u32),
}

/// A fleet that has its day.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    services: u32,
    /// Tasks of each service.
    tasks: u32,
    checked: Checked,
    /// Whether each probe is simulated, also those that change nothing.
    every_probe: bool,
}

/// 2,000 tasks. Those of 1,000 such services still have addresses in the default VPC, which targets need.
const USUAL: Case =
    Case { name: "containers, targets", services: 200, tasks: 10, checked: Checked::Targets(30), every_probe: false };

/// What a day came to.
struct Day {
    seconds: f64,
    facts: usize,
}

impl Day {
    /// The median of the same day, simulated several times.
    fn median(days: &[Day]) -> Day {
        Day { seconds: median(days.iter().map(|day| day.seconds)), facts: days[0].facts }
    }

    fn seconds_a_fact(&self) -> f64 {
        self.seconds / self.facts as f64
    }
}

fn main() {
    let unit = unit_nanos();
    growth(unit);
    price();
}

/// How a busy day grows with the number of services.
fn growth(unit: f64) {
    let mut cases = [50, 200, 800].map(|services| Case { services, ..USUAL }).to_vec();
    let checked = Checked::Containers(30);
    cases.push(Case { name: "containers", services: 1_000, tasks: 20, checked, ..USUAL });
    let columns = [
        "services",
        "tasks",
        "checked",
        "seconds a day",
        "× real time",
        "ms a service",
        "facts",
        "facts a second",
        "units a fact",
    ];
    table("A busy day, checks every 30 s", &columns);
    for (case, days) in cases.iter().zip(in_turns(ROUNDS, &cases, busy_day)) {
        let day = Day::median(&days);
        row([
            case.services.to_string(),
            (case.services * case.tasks).to_string(),
            case.name.to_owned(),
            format!("{:.3}", day.seconds),
            format!("{:.0}", 86_400.0 / day.seconds),
            format!("{:.3}", day.seconds * 1e3 / f64::from(case.services)),
            day.facts.to_string(),
            format!("{:.2} M", 1e-6 / day.seconds_a_fact()),
            format!("{:.0}", day.seconds_a_fact() * 1e9 / unit),
        ]);
    }
    println!();
}

/// What checks that pass cost.
fn price() {
    let case = |name, checked| Case { name, checked, ..USUAL };
    let cases = [
        case("nothing", Checked::Nothing),
        case("containers every 30 s", Checked::Containers(30)),
        case("containers and targets every 30 s", Checked::Targets(30)),
        case("containers and targets every 5 s", Checked::Targets(5)),
        Case { every_probe: true, ..case("every 30 s, each probe simulated", Checked::Targets(30)) },
    ];
    let quiet: Vec<Day> = in_turns(ROUNDS, &cases, quiet_day).iter().map(|days| Day::median(days)).collect();
    let busy: Vec<Day> = in_turns(ROUNDS, &cases, busy_day).iter().map(|days| Day::median(days)).collect();
    let columns = ["checked", "quiet day, ms", "facts", "ratio", "busy day, ms", "facts", "ratio", "ratio, a fact"];
    table("Days of 200 services, by what is checked; ratios to the day without checks", &columns);
    for (case, (quiet_day, busy_day)) in cases.iter().zip(quiet.iter().zip(&busy)) {
        row([
            case.name.to_owned(),
            format!("{:.2}", quiet_day.seconds * 1e3),
            quiet_day.facts.to_string(),
            format!("{:.2}", quiet_day.seconds / quiet[0].seconds),
            format!("{:.1}", busy_day.seconds * 1e3),
            busy_day.facts.to_string(),
            format!("{:.2}", busy_day.seconds / busy[0].seconds),
            format!("{:.2}", busy_day.seconds_a_fact() / busy[0].seconds_a_fact()),
        ]);
    }
}

/// The fleet, up and steady.
fn fleet(case: &Case) -> Lab {
    let mut lab = Lab::unbounded(42);
    lab.session.tune(|tuning| {
        tuning.every_probe = case.every_probe;
        // One for each service.
        tuning.elb.load_balancers = case.services as usize;
    });
    let mut lab = lab.with_prod();
    lab.ok("image.define", json!({ "image": "app", "profile": { "boot": "2s" } }));
    lab.ok("ecs.register_task_definition", definition(case.checked));
    for number in 0..case.services {
        let name = service(number);
        let more = match case.checked {
            Checked::Nothing | Checked::Containers(_) => json!({}),
            Checked::Targets(every) => {
                let settings = json!({ "HealthCheckIntervalSeconds": every, "HealthCheckTimeoutSeconds": 2 });
                let group = lab.target_group(&name, settings);
                json!({ "loadBalancers": [{ "targetGroupArn": group, "containerName": "web", "containerPort": 80 }] })
            }
        };
        lab.create_service(&name, case.tasks, more);
    }
    lab.come_to_rest();
    lab
}

fn service(number: u32) -> String {
    format!("web-{number}")
}

fn definition(checked: Checked) -> Value {
    let mut definition = fargate("web", "app");
    let container = &mut definition["containerDefinitions"][0];
    container["portMappings"] = json!([{ "containerPort": 80 }]);
    if let Checked::Containers(every) | Checked::Targets(every) = checked {
        container["healthCheck"] = json!({ "command": ["CMD", "check"], "interval": every, "timeout": 2 });
    }
    definition
}

fn quiet_day(case: &Case) -> Day {
    measured(case, |lab| lab.wait("24h"))
}

/// Services take turns with being deployed; before that, one of their tasks may crash.
fn busy_day(case: &Case) -> Day {
    let turns = case.services * DEPLOYMENTS;
    let pause = Millis(DAY.0 / u64::from(turns));
    measured(case, |lab| {
        for turn in 0..turns {
            let name = service(turn % case.services);
            if turn / case.services < case.tasks / CRASHES {
                let task = lab.tasks(&name).swap_remove(0);
                lab.ok("fault.crash", json!({ "task": task }));
            }
            let again = json!({ "cluster": "prod", "service": name, "forceNewDeployment": true });
            lab.ok("ecs.update_service", again);
            lab.session.wait(pause).expect("the limits are wide");
        }
    })
}

/// What a day of a fleet comes to. At its end, everybody is back.
fn measured(case: &Case, day: impl FnOnce(&mut Lab)) -> Day {
    let mut lab = fleet(case);
    let before = lab.session.history().len();
    let (seconds, ()) = processor_seconds(|| day(&mut lab));
    let facts = lab.session.history().len() - before;
    lab.come_to_rest();
    let running: u32 = lab.session.world().ecs.clusters.iter().map(|(_, cluster)| cluster.running).sum();
    assert_eq!(running, case.services * case.tasks, "every task runs");
    Day { seconds, facts }
}
