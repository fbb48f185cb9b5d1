//! Words for insight: `why`, `facts`, `cost`. They read the world and its history, and answer with plain data.

use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext};
use serde_json::{Value, json};

use super::Host;
use super::convert::{to_dynamic, to_value};
use super::engine::refuse;
use crate::aws::ecs::bill;
use crate::model::status::ServiceStatus;
use crate::session::why::{Explanation, Subject};
use crate::session::{Session, narrate};
use crate::world::fact::Fact;
use crate::world::names::{Found, last_part};

type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

/// Facts that `facts()` shows: the newest.
const SHOWN: usize = 200;

pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    engine.register_fn("why", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        let session = shared.session.borrow();
        let subject = subject(&ctx, &session, &about)?;
        Ok(to_dynamic(&explanation(&session.why(subject))))
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
    let dollars = |picos: u128| format!("{}.{:06}", picos / 1_000_000_000_000, picos / 1_000_000 % 1_000_000);
    let lines: Vec<Value> = charges
        .iter()
        .map(|(provider, charge)| {
            json!({
                "provider": provider, "tasks": charge.tasks, "taskSeconds": charge.seconds, "usd": dollars(charge.picos),
            })
        })
        .collect();
    json!({ "usd": dollars(charges.iter().map(|(_, charge)| charge.picos).sum()), "fargate": lines })
}

/// What a value is about: a map with `taskArn` or `serviceArn`, or a text that names a service or a task.
pub(super) fn subject(ctx: &NativeCallContext, session: &Session, about: &Dynamic) -> Result<Subject> {
    let value = to_value(about);
    let reference = ["taskArn", "serviceArn"].iter().find_map(|key| value.get(key)).unwrap_or(&value);
    let Some(reference) = reference.as_str() else {
        return Err(refuse(
            ctx,
            "why and facts take a task or a service",
            "give its name, id or ARN, or a description of it",
        ));
    };
    let world = session.world();
    let name = last_part(reference);
    let mut services: Vec<_> = world
        .ecs
        .services
        .iter()
        .filter(|(_, service)| *service.name == *name)
        .filter(|(id, _)| !reference.starts_with("arn:") || world.service_arn(*id) == reference)
        .collect();
    services.sort_by_key(|(id, service)| (service.status == ServiceStatus::Inactive, std::cmp::Reverse(*id)));
    match (services.as_slice(), world.find_task(reference)) {
        ([(id, _), ..], _) => Ok(Subject::Service(*id)),
        ([], Found::One(id)) => Ok(Subject::Task(id)),
        ([], Found::Several(count)) => {
            Err(refuse(ctx, &format!("{count} tasks begin with `{reference}`"), "give more of the id"))
        }
        ([], Found::Nothing) => Err(refuse(
            ctx,
            &format!("there is no task or service `{reference}`"),
            "give a service's name, or a task's id or the beginning of it",
        )),
    }
}

fn explanation(explanation: &Explanation) -> Value {
    let chains: Vec<Value> = explanation
        .chains
        .iter()
        .map(|chain| {
            let steps: Vec<Value> =
                chain.steps.iter().map(|step| json!({ "at": step.at, "what": step.what })).collect();
            json!({ "about": chain.about, "steps": steps })
        })
        .collect();
    json!({ "subject": explanation.subject, "chains": chains })
}

fn facts<'a>(session: &Session, facts: impl Iterator<Item = &'a Fact>) -> Value {
    facts.map(|fact| json!({ "at": fact.at, "what": narrate::sentence(session.world(), fact) })).collect()
}
