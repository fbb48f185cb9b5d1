//! `advise`: which health settings a service needs for the time that its program takes to boot.
//!
//! The arithmetic is [`advice`]'s; here stand the words, with the formula beside each number. What is advised holds
//! everywhere: a start period also on engines that add a probe at its end (`portable`), a grace period and a threshold
//! with the first check at any moment and slow answers (`safe`). The exact edge of this lab, where checks come in phase
//! with the start and take no time, is shown beside it (`smallest`). (semantics/ecs.md 13.1, 13.2, 13.5)

use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext};
use serde_json::{Value, json};

use super::Host;
use super::convert::to_dynamic;
use super::engine::refuse;
use super::insight::of_kind;
use crate::aws::ecs::{advice, health, lifecycle};
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

/// The longest stopTimeout on Fargate, in seconds. [API ContainerDefinition.stopTimeout]
const FARGATE_STOP_TIMEOUT: u64 = 120;

pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    engine.register_fn("advise", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        let service = of_kind(&ctx, &shared, &about, service, NO_SERVICE)?;
        let session = shared.session.borrow();
        Ok(to_dynamic(&advise(session.world(), service, None)))
    });
    let shared = Rc::clone(host);
    engine.register_fn("advise", move |ctx: NativeCallContext, about: Dynamic, boot: &str| -> Result<Dynamic> {
        let service = of_kind(&ctx, &shared, &about, service, NO_SERVICE)?;
        let session = shared.session.borrow();
        let boot = Millis::parse(boot).map_err(|error| refuse(&ctx, &error, "write a boot time such as \"140s\""))?;
        Ok(to_dynamic(&advise(session.world(), service, Some(boot))))
    });
}

/// What `advise` says to anything else.
const NO_SERVICE: (&str, &str) =
    ("advise takes a service", "give the name of an ECS service: a task's settings are those of its service");

fn service(subject: Subject) -> Option<ServiceId> {
    match subject {
        Subject::Service(id) => Some(id),
        _ => None,
    }
}

/// Advice for the PRIMARY deployment of a service; `boot` takes the place of what its images say.
fn advise(world: &World, id: ServiceId, boot: Option<Millis>) -> Value {
    let service = &world.ecs.services[id];
    let deployment = &world.ecs.deployments[service.deployments[0]];
    let containers = &world.ecs.definitions[deployment.definition].content.container_definitions;
    let boot_of = |container: &ContainerDefinition| boot.unwrap_or_else(|| profile(world, container).boot);
    // The health of a task is that of its essential containers. [API HealthCheck]
    let essential = containers.iter().filter(|container| container.essential);
    let checked = essential.filter_map(|container| Some((container, container.health_check.as_ref()?)));
    let of_containers: Vec<Found> =
        checked.map(|(container, check)| container_check(container, check, boot_of(container))).collect();
    let balanced: Vec<(&LoadBalancing, &ContainerDefinition)> = deployment
        .load_balancers
        .iter()
        .filter_map(|entry| {
            Some((entry, containers.iter().find(|container| *container.name == *entry.container_name)?))
        })
        .collect();
    let of_groups: Vec<Found> =
        balanced.iter().map(|(entry, container)| target_group(world, entry, boot_of(container))).collect();
    let grace = service.grace.0 / 1000;
    let all = || of_containers.iter().chain(&of_groups);
    let needed = all().map(|found| found.grace).max().unwrap_or_default();
    // Behind a load balancer the grace period is there for the target group. That it covers container checks too is a
    // newer rule, which a container's own settings should not need. (13.5)
    let covered = |found: &&Found| found.grace <= if balanced.is_empty() { grace } else { 0 };
    let of_containers_and_groups = of_containers
        .iter()
        .filter(|found| !covered(found))
        .chain(of_groups.iter().filter(|found| found.grace.max(found.uncertain) > grace));
    let mut sentences: Vec<String> = of_containers_and_groups.map(|found| found.advice.clone()).collect();
    if all().next().is_none() {
        sentences.push("nothing checks its health: a task counts as healthy 40 s after RUNNING".to_owned());
    }
    let slowest = all().map(|found| found.boot).max().unwrap_or_default();
    if slowest > Millis::ZERO && service.grace.0 > slowest.0.saturating_mul(LONG_GRACE) {
        let words =
            format!("a grace period of {} is more than {LONG_GRACE} times the boot of {slowest}", service.grace);
        sentences.push(format!("{words}: failures are seen late, and so is a bad deployment"));
    }
    sentences.extend(balanced.iter().flat_map(|(entry, container)| cut_off(world, entry, container)));
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
    /// The grace period in seconds that only an unlucky phase of the checks calls for.
    uncertain: u64,
    shown: Value,
    advice: String,
}

fn container_check(container: &ContainerDefinition, check: &HealthCheck, boot: Millis) -> Found {
    let rules = health::rules(check);
    let from_zero = Rules { blind: Millis::ZERO, ..rules };
    let (smallest, portable) =
        (advice::smallest_start_period(&from_zero, boot), advice::portable_start_period(&from_zero, boot));
    let name = &container.name;
    Found {
        boot,
        grace: advice::smallest_grace(&rules, boot),
        uncertain: 0,
        shown: json!({
            "container": name,
            "boot": boot,
            "interval": check.interval,
            "retries": check.retries,
            "startPeriod": check.start_period.unwrap_or_default(),
            "carries": advice::carries(&rules, boot),
            "smallestStartPeriod": smallest,
            "portableStartPeriod": portable,
            "fewestRetries": advice::fewest_retries(&from_zero, boot),
        }),
        advice: format!("container {name} boots for {boot}: {}", settings(&from_zero, boot)),
    }
}

/// Settings of a container's check that carry a boot, with their formulas. (13.1, 13.5)
fn settings(rules: &Rules, boot: Millis) -> String {
    let (b, i, r) = (seconds(boot), rules.every.0 / 1000, u64::from(rules.failures));
    let longest = advice::LONGEST_START_PERIOD;
    let Some(portable) = advice::portable_start_period(rules, boot) else {
        let reach = |retries: u64, every: u64| format!("{longest} + {} × {every}", retries - 1);
        let rule = format!(
            "startPeriod goes to {longest} only, and {longest} + (retries - 1) × interval has to reach the boot, {b}"
        );
        let retries = advice::fewest_retries_after_longest(rules, boot).filter(|&retries| retries > r);
        let retries = retries.map(|retries| format!("retries {retries} ({})", reach(retries, i)));
        let every = advice::shortest_interval_after_longest(r, boot).filter(|&every| every > i);
        let every = every.map(|every| format!("interval {every} ({})", reach(r, every)));
        let either: Vec<String> = retries.into_iter().chain(every).collect();
        let both = || {
            let most = advice::MOST_RETRIES;
            let every = advice::shortest_interval_after_longest(most, boot)?;
            Some(format!("retries {most} and interval {every} ({})", reach(most, every)))
        };
        let found = if either.is_empty() { both() } else { Some(either.join(", or ")) };
        return match found {
            Some(found) => format!("{rule}. Give its health check startPeriod {longest} and {found}"),
            None => format!("{rule}, which no retries and no interval do. Let the program answer earlier"),
        };
    };
    let mut words = format!(
        "give its health check startPeriod {portable}, which is boot - (retries - 1) × interval = {b} - {} × {i}{}",
        r - 1,
        rounded(boot)
    );
    if let Some(smallest) = advice::smallest_start_period(rules, boot).filter(|&smallest| smallest != portable) {
        words += &format!(
            "; {smallest} is enough where no check comes at its very end, (ceil(boot / interval) - retries) × interval \
             + 1 = ({} - {r}) × {i} + 1",
            boot.0.div_ceil(rules.every.0)
        );
    }
    if let Some(retries) = advice::fewest_retries(rules, boot) {
        words += &format!(". Or retries {retries}: retries × interval = {retries} × {i} reaches the boot");
    }
    words
}

fn target_group(world: &World, entry: &LoadBalancing, boot: Millis) -> Found {
    let group = &world.elb.target_groups[entry.group];
    let rules = elb::health::rules(&group.check);
    let timeout = group.check.timeout;
    let (grace, safe) = (advice::smallest_grace(&rules, boot), advice::safe_grace(&rules, boot, timeout));
    let slow = advice::smallest_grace_with_timeout(&rules, boot, timeout);
    let (threshold, safe_threshold) = (advice::smallest_threshold(&rules, boot), advice::safe_threshold(&rules, boot));
    let (b, i, x, h) = (seconds(boot), group.check.interval.0 / 1000, seconds(timeout), group.check.healthy);
    let carried = advice::carries(&rules, boot);
    let mut words = format!(
        "target group {} {} container {}, which boots for {boot}, unhealthy after {} failed checks{}: give the service \
         healthCheckGracePeriodSeconds {safe}, which is boot + healthyThreshold × interval + timeout = {b} + {h} × {i} \
         + {x}{}",
        group.name,
        if carried { "may find" } else { "finds" },
        entry.container_name,
        group.check.unhealthy,
        if carried { ", where the first one comes at once (here it comes after a whole interval)" } else { "" },
        rounded(boot),
    );
    if !carried {
        words += &format!(
            "; {slow} is enough where the first check comes after a whole interval, (ceil(boot / interval) + \
             healthyThreshold - 1) × interval + timeout = ({} + {h} - 1) × {i} + {x}, and {grace} where answers take no \
             time",
            boot.0.div_ceil(rules.every.0)
        );
    }
    if let Some(count) = safe_threshold {
        words += &format!(
            ". Or its target group UnhealthyThresholdCount {count}: (unhealthyThreshold - 1) × interval = {} × {i} \
             reaches the boot",
            count - 1
        );
    }
    Found {
        boot,
        grace,
        uncertain: if carried { safe } else { 0 },
        shown: json!({
            "targetGroup": &*group.name,
            "boot": boot,
            "interval": i,
            "healthyThreshold": h,
            "unhealthyThreshold": group.check.unhealthy,
            "carries": carried,
            "smallestUnhealthyThreshold": threshold,
            "safeUnhealthyThreshold": safe_threshold,
            "smallestGrace": grace,
            "smallestGraceWithTimeout": slow,
            "safeGrace": safe,
        }),
        advice: words,
    }
}

/// What cuts requests off when a task stops: its target drains, then SIGTERM comes, then SIGKILL. The longest request
/// is taken to last as long as the program's slowest answer to a load balancer. (13.5)
fn cut_off(world: &World, entry: &LoadBalancing, container: &ContainerDefinition) -> Vec<String> {
    let longest = profile(world, container).health.iter().filter_map(|point| point.latency).max().unwrap_or_default();
    let group = &world.elb.target_groups[entry.group];
    let least = longest.0.div_ceil(1000);
    let short = |what: &str, lasts: Millis, then: String| {
        let words = format!("container {} takes up to {longest} for an answer, and {what} {lasts}", container.name);
        (lasts < longest).then(|| format!("{words}: {then}"))
    };
    let drain = short(
        &format!("the deregistration delay of target group {} is", group.name),
        group.deregistration_delay,
        format!("SIGTERM comes while it still works. Give the group deregistration_delay.timeout_seconds {least}"),
    );
    let allowed =
        if least > FARGATE_STOP_TIMEOUT { format!(" (Fargate allows {FARGATE_STOP_TIMEOUT})") } else { String::new() };
    let stop = short(
        "its stopTimeout is",
        lifecycle::stop_timeout(world, container),
        format!("SIGKILL ends what has come late. Give it stopTimeout {least}{allowed}"),
    );
    drain.into_iter().chain(stop).collect()
}

/// Settings are whole seconds.
fn rounded(boot: Millis) -> &'static str {
    if boot.0.is_multiple_of(1000) { "" } else { ", rounded up" }
}

/// Seconds for a formula: `140`, or `90.5`.
fn seconds(span: Millis) -> String {
    let text = format!("{}.{:03}", span.0 / 1000, span.0 % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
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
