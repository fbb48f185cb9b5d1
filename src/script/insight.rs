//! Words for insight: `why`, `facts`, `cost`. They read the world and its history, and answer with plain data.

use std::cmp::Reverse;
use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext};
use serde_json::{Value, json};

use super::Host;
use super::convert::{to_dynamic, to_value};
use super::engine::refuse;
use super::time::parse as parse_span;
use crate::aws::ecs::bill;
use crate::model::status::ServiceStatus;
use crate::model::time::Millis;
use crate::session::timeline::Stage;
use crate::session::why::{Explanation, Step, Subject};
use crate::session::why_denied::{self, Denied};
use crate::session::{Session, narrate};
use crate::world::fact::Fact;
use crate::world::names::{Found, last_part};

type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

/// Facts that `facts()` shows: the newest.
const SHOWN: usize = 200;

pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    engine.register_fn("why", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        if let Some(denied) = denied(&about) {
            return Ok(to_dynamic(&explanation(&why_denied::explain(&denied))));
        }
        let session = shared.session.borrow();
        let subject = subject(&ctx, &session, &about)?;
        Ok(to_dynamic(&explanation(&session.why(subject))))
    });
    let shared = Rc::clone(host);
    engine.register_fn("timeline", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        timeline(&ctx, &shared.session.borrow(), &about, None)
    });
    let shared = Rc::clone(host);
    engine.register_fn("timeline", move |ctx: NativeCallContext, about: Dynamic, span: &str| -> Result<Dynamic> {
        let span = parse_span(&ctx, span)?;
        timeline(&ctx, &shared.session.borrow(), &about, Some(span))
    });
    let shared = Rc::clone(host);
    engine.register_fn("why", move |ctx: NativeCallContext| -> Result<Dynamic> {
        match denied(&shared.refused.borrow()) {
            Some(denied) => Ok(to_dynamic(&explanation(&why_denied::explain(&denied)))),
            None => Err(refuse(
                &ctx,
                "nothing has been refused yet",
                "why(x) explains a task, a service, a pod or an error",
            )),
        }
    });
    let shared = Rc::clone(host);
    engine.register_fn("cost", move || to_dynamic(&cost(&shared.session.borrow())));
    let shared = Rc::clone(host);
    engine.register_fn("facts", move || {
        let session = shared.session.borrow();
        let history = session.history();
        let newest = &history[history.len().saturating_sub(SHOWN)..];
        to_dynamic(&facts(&session, newest.iter()))
    });
    let shared = Rc::clone(host);
    engine.register_fn("facts", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        let session = shared.session.borrow();
        let subject = subject(&ctx, &session, &about)?;
        let all: Vec<&Fact> = session.facts_about(subject).collect();
        let newest = &all[all.len().saturating_sub(SHOWN)..];
        Ok(to_dynamic(&facts(&session, newest.iter().copied())))
    });
}

/// The bill so far, in US dollars as text: a fraction of a cent matters here, and floating point would lie about it.
fn cost(session: &Session) -> Value {
    let charges = bill::fargate(session.world());
    let lines: Vec<Value> = charges
        .iter()
        .map(|(provider, charge)| {
            json!({
                "provider": provider, "tasks": charge.tasks, "taskSeconds": charge.seconds, "usd": bill::dollars(charge.picos),
            })
        })
        .collect();
    json!({ "usd": bill::dollars(bill::total(session.world())), "fargate": lines })
}

/// What a word is asked about: a text, or a map that describes something.
fn reference(ctx: &NativeCallContext, about: &Dynamic) -> Result<String> {
    let value = to_value(about);
    let reference = ["taskArn", "serviceArn", "clusterArn"].iter().find_map(|key| value.get(key)).unwrap_or(&value);
    reference.as_str().map(str::to_owned).ok_or_else(|| {
        refuse(ctx, "it has to know of which task or service", "give its name, id or ARN, or a description of it")
    })
}

/// A refusal that a script has caught.
fn denied(error: &Dynamic) -> Option<Denied> {
    let is_refusal = error.read_lock::<rhai::Map>().is_some_and(|map| map.contains_key("wayOut"));
    is_refusal.then(|| serde_json::from_value(to_value(error)).ok()).flatten()
}

/// The task, service or pod that is meant.
pub(super) fn subject(ctx: &NativeCallContext, session: &Session, about: &Dynamic) -> Result<Subject> {
    let uid = to_value(about).pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned);
    if let Some(pod) = uid.and_then(|uid| session.world().find_pod(&uid)) {
        return Ok(Subject::Pod(pod));
    }
    let reference = reference(ctx, about)?;
    find(ctx, session, &reference)?.ok_or_else(|| {
        refuse(
            ctx,
            &format!("there is no task or service `{reference}`"),
            "give a service's name, or a task's id or the beginning of it",
        )
    })
}

/// The task or service that a text names: the service that is not gone, then the newest one.
fn find(ctx: &NativeCallContext, session: &Session, reference: &str) -> Result<Option<Subject>> {
    let world = session.world();
    let name = last_part(reference);
    let services = world.ecs.services.iter().filter(|(_, service)| *service.name == *name);
    let services = services.filter(|(id, _)| !reference.starts_with("arn:") || world.service_arn(*id) == reference);
    let service = services.min_by_key(|(id, service)| (service.status == ServiceStatus::Inactive, Reverse(*id)));
    match (service, world.find_task(reference)) {
        (Some((id, _)), _) => Ok(Some(Subject::Service(id))),
        (None, Found::One(id)) => Ok(Some(Subject::Task(id))),
        (None, Found::Several(tasks)) => {
            Err(refuse(ctx, &world.several_tasks(&tasks, reference), "give more of the id"))
        }
        (None, Found::Nothing) => Ok(None),
    }
}

fn timeline(ctx: &NativeCallContext, session: &Session, about: &Dynamic, span: Option<Millis>) -> Result<Dynamic> {
    let reference = reference(ctx, about)?;
    let cluster = || session.world().ecs.cluster_by_name.get(last_part(&reference)).copied();
    let stage = match find(ctx, session, &reference) {
        Ok(Some(Subject::Task(task))) => Stage::Task(task),
        Ok(Some(Subject::Service(service))) => Stage::Service(service),
        other => match (cluster(), other) {
            (Some(cluster), _) => Stage::Cluster(cluster),
            (None, Err(error)) => return Err(error),
            (None, Ok(_)) => {
                return Err(refuse(
                    ctx,
                    &format!("there is no service, cluster or task `{reference}`"),
                    "give a service's or cluster's name, or a task's id or the beginning of it",
                ));
            }
        },
    };
    let timeline = session.timeline(stage, span);
    Ok(to_dynamic(&serde_json::to_value(timeline).expect("plain data")))
}

fn explanation(explanation: &Explanation) -> Value {
    let chains: Vec<Value> = explanation
        .chains
        .iter()
        .map(|chain| {
            let steps: Vec<Value> = chain.steps.iter().map(step).collect();
            json!({ "about": chain.about, "steps": steps })
        })
        .collect();
    json!({ "subject": explanation.subject, "chains": chains })
}

fn step(step: &Step) -> Value {
    match step {
        Step::Happened { at, what } => json!({ "at": at, "what": what }),
        Step::Said(what) => json!({ "what": what }),
        Step::Compared { what, label, actual, expected, differs_at } => json!({
            "what": what, "is": label, "actual": actual, "expected": expected, "differsAt": differs_at,
        }),
    }
}

fn facts<'a>(session: &Session, facts: impl Iterator<Item = &'a Fact>) -> Value {
    facts.map(|fact| json!({ "at": fact.at, "what": narrate::sentence(session.world(), fact) })).collect()
}
