//! `advise`: which health settings a service needs for the time that its program takes to boot.
//!
//! The arithmetic is [`advice`]'s; here stand the words. A start period counts on the plain grid of intervals
//! (`smallest`) and on engines that add a probe at its end (`portable`); a grace period with the checks in phase with
//! the start (`smallest`) and in any phase (`safe`).

use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext};
use serde_json::{Value, json};

use super::Host;
use super::convert::to_dynamic;
use super::engine::refuse;
use super::insight::subject;
use crate::aws::ecs::{advice, health};
use crate::aws::elb;
use crate::model::id::ServiceId;
use crate::model::probing::Rules;
use crate::model::profile::Profile;
use crate::model::subject::Subject;
use crate::model::task_definition::{ContainerDefinition, HealthCheck};
use crate::model::time::Millis;
use crate::workload;
use crate::world::World;
use crate::world::ecs::LoadBalancing;

type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

/// A grace period so many times the boot hides failures for long. (semantics/ecs.md 13.5)
const LONG_GRACE: u64 = 5;

pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    engine.register_fn("advise", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        let service = service(&ctx, subject(&ctx, &shared, &about)?)?;
        let session = shared.session.borrow();
        Ok(to_dynamic(&advise(session.world(), service, None)))
    });
    let shared = Rc::clone(host);
    engine.register_fn("advise", move |ctx: NativeCallContext, about: Dynamic, boot: &str| -> Result<Dynamic> {
        let service = service(&ctx, subject(&ctx, &shared, &about)?)?;
        let session = shared.session.borrow();
        let boot = Millis::parse(boot).map_err(|error| refuse(&ctx, &error, "write a boot time such as \"140s\""))?;
        Ok(to_dynamic(&advise(session.world(), service, Some(boot))))
    });
}

fn service(ctx: &NativeCallContext, subject: Subject) -> Result<ServiceId> {
    match subject {
        Subject::Service(id) => Ok(id),
        _ => Err(refuse(
            ctx,
            "advise takes a service",
            "give the name of an ECS service: a task's settings are those of its service",
        )),
    }
}

/// Advice for the PRIMARY deployment of a service; `boot` takes the place of what its images say.
fn advise(world: &World, id: ServiceId, boot: Option<Millis>) -> Value {
    let service = &world.ecs.services[id];
    let deployment = &world.ecs.deployments[service.deployments[0]];
    let containers = &world.ecs.definitions[deployment.definition].content.container_definitions;
    let boot_of = |container: &ContainerDefinition| boot.unwrap_or_else(|| profile(world, container).boot);
    let checked = containers.iter().filter_map(|container| Some((container, container.health_check.as_ref()?)));
    let of_containers: Vec<Found> =
        checked.map(|(container, check)| container_check(container, check, boot_of(container))).collect();
    let of_groups: Vec<Found> = deployment
        .load_balancers
        .iter()
        .filter_map(|entry| {
            let container = containers.iter().find(|container| *container.name == *entry.container_name)?;
            Some(target_group(world, entry, boot_of(container)))
        })
        .collect();
    let grace = service.grace.0 / 1000;
    let all = || of_containers.iter().chain(&of_groups);
    let needed = all().map(|found| found.grace).max().unwrap_or_default();
    let mut sentences: Vec<String> =
        all().filter(|found| found.grace > grace).map(|found| found.advice.clone()).collect();
    if all().next().is_none() {
        sentences.push("nothing checks its health: a task counts as healthy 40 s after RUNNING".to_owned());
    }
    let slowest = all().map(|found| found.boot).max().unwrap_or_default();
    if slowest > Millis::ZERO && service.grace.0 > slowest.0.saturating_mul(LONG_GRACE) {
        let words =
            format!("a grace period of {} is more than {LONG_GRACE} times the boot of {slowest}", service.grace);
        sentences.push(format!("{words}: failures are seen late, and so is a bad deployment"));
    }
    json!({
        "service": &*service.name,
        "carries": needed <= grace,
        "healthCheckGracePeriodSeconds": grace,
        "smallestGrace": needed,
        "containers": of_containers.iter().map(|found| &found.shown).collect::<Vec<_>>(),
        "targetGroups": of_groups.iter().map(|found| &found.shown).collect::<Vec<_>>(),
        "advice": sentences,
    })
}

/// What was found out about one check.
struct Found {
    boot: Millis,
    /// The smallest grace period in seconds that carries the boot.
    grace: u64,
    shown: Value,
    advice: String,
}

fn container_check(container: &ContainerDefinition, check: &HealthCheck, boot: Millis) -> Found {
    let rules = health::rules(check);
    let from_zero = Rules { blind: Millis::ZERO, ..rules };
    let (smallest, portable) =
        (advice::smallest_start_period(&from_zero, boot), advice::portable_start_period(&from_zero, boot));
    let name = &container.name;
    let period = match (smallest, portable) {
        (Some(smallest), Some(portable)) => format!("startPeriod {smallest} ({portable} on every engine)"),
        (Some(smallest), None) => format!("startPeriod {smallest}"),
        (None, _) => "more retries or a longer interval, for startPeriod goes to 300 only".to_owned(),
    };
    Found {
        boot,
        grace: advice::smallest_grace(&rules, boot),
        shown: json!({
            "container": name,
            "boot": boot,
            "interval": check.interval,
            "retries": check.retries,
            "startPeriod": check.start_period.unwrap_or_default(),
            "carries": advice::carries(&rules, boot),
            "smallestStartPeriod": smallest,
            "portableStartPeriod": portable,
        }),
        advice: format!("container {name} boots for {boot}: give its health check {period}"),
    }
}

fn target_group(world: &World, entry: &LoadBalancing, boot: Millis) -> Found {
    let group = &world.elb.target_groups[entry.group];
    let rules = elb::health::rules(&group.check);
    let (grace, safe) = (advice::smallest_grace(&rules, boot), advice::safe_grace(&rules, boot, group.check.timeout));
    let threshold = advice::smallest_threshold(&rules, boot);
    let or =
        threshold.map(|count| format!(", or its target group UnhealthyThresholdCount {count}")).unwrap_or_default();
    Found {
        boot,
        grace,
        shown: json!({
            "targetGroup": &*group.name,
            "boot": boot,
            "interval": group.check.interval.0 / 1000,
            "healthyThreshold": group.check.healthy,
            "unhealthyThreshold": group.check.unhealthy,
            "carries": advice::carries(&rules, boot),
            "smallestUnhealthyThreshold": threshold,
            "smallestGrace": grace,
            "safeGrace": safe,
        }),
        advice: format!(
            "target group {} needs a pass within {} failed checks, and container {} boots for {boot}: give the service \
             healthCheckGracePeriodSeconds {grace} ({safe} in any phase){or}",
            group.name, group.check.unhealthy, entry.container_name
        ),
    }
}

/// How the program in a container behaves that has not been started yet.
fn profile(world: &World, container: &ContainerDefinition) -> Profile {
    match world.images.defined(&container.image) {
        Some(id) => world.images.profile(id).clone(),
        None => workload::assume(
            &container.image,
            &[container.entry_point.as_slice(), container.command.as_slice()].concat(),
        ),
    }
}
