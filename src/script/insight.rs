//! Words for insight: `why`, `facts`, `timeline`, `cost`. They read the world and its history, and answer with plain
//! data.

use std::borrow::Borrow;
use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext};
use serde_json::{Value, json};

use super::Host;
use super::convert::{to_dynamic, to_value};
use super::engine::refuse;
use super::time::parse as parse_span;
use crate::api::known::{Beside, known};
use crate::api::named::{self, Meant};
use crate::api::stalled;
use crate::aws::ecs::bill;
use crate::model::meant;
use crate::model::status::TaskStatus;
use crate::model::subject::Subject;
use crate::model::time::Millis;
use crate::session::why::{Explanation, Step};
use crate::session::why_denied::{self, Denied};
use crate::session::{Session, narrate, standing};
use crate::world::World;
use crate::world::fact::Fact;

type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

/// Facts that `facts()` shows: the newest.
const SHOWN: usize = 200;

pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    engine.register_fn("why", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        if let Some(denied) = denied(&about) {
            return Ok(to_dynamic(&explanation(&why_denied::explain(&denied))));
        }
        let subject = subject(&ctx, &shared, &about)?;
        Ok(to_dynamic(&explanation(&shared.session.borrow().why(subject))))
    });
    let shared = Rc::clone(host);
    engine.register_fn("timeline", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        timeline(&ctx, &shared, &about, None)
    });
    let shared = Rc::clone(host);
    engine.register_fn("timeline", move |ctx: NativeCallContext, about: Dynamic, span: &str| -> Result<Dynamic> {
        let span = parse_span(&ctx, span)?;
        timeline(&ctx, &shared, &about, Some(span))
    });
    let shared = Rc::clone(host);
    engine.register_fn("why", move |ctx: NativeCallContext| -> Result<Dynamic> {
        match denied(&shared.refused.borrow()) {
            Some(denied) => Ok(to_dynamic(&explanation(&why_denied::explain(&denied)))),
            None => Err(refuse(
                &ctx,
                "nothing has been refused yet",
                "why(x) explains anything that the lab has, such as a task or a pod, and an error",
            )),
        }
    });
    let shared = Rc::clone(host);
    engine.register_fn("cost", move || {
        let session = shared.session.borrow();
        if bill::leaves_out(session.world()) {
            shared.notice(vec![
                "the bill has Fargate only: instances, load balancers and EKS have no price here".to_owned(),
            ]);
        }
        to_dynamic(&cost(&session))
    });
    let shared = Rc::clone(host);
    engine.register_fn("facts", move || {
        let session = shared.session.borrow();
        to_dynamic(&facts(&shared, &session, session.history()))
    });
    let shared = Rc::clone(host);
    engine.register_fn("facts", move |ctx: NativeCallContext, about: Dynamic| -> Result<Dynamic> {
        let subject = subject(&ctx, &shared, &about)?;
        let session = shared.session.borrow();
        let about_it: Vec<&Fact> = session.facts_about(subject).collect();
        Ok(to_dynamic(&facts(&shared, &session, &about_it)))
    });
}

/// The bill so far, in US dollars as text: a fraction of a cent matters here, and floating point would lie about it.
fn cost(session: &Session) -> Value {
    let charges = bill::fargate(session.world());
    let lines: Vec<Value> = charges
        .iter()
        .map(|(provider, charge)| {
            json!({
                "provider": provider, "tasks": charge.tasks, "taskSeconds": charge.seconds,
                "usd": bill::dollars(charge.picos),
            })
        })
        .collect();
    json!({ "usd": bill::dollars(bill::total(session.world())), "fargate": lines })
}

/// A refusal that a script has caught.
fn denied(error: &Dynamic) -> Option<Denied> {
    let is_refusal = error.read_lock::<rhai::Map>().is_some_and(|map| map.contains_key("wayOut"));
    is_refusal.then(|| serde_json::from_value(to_value(error)).ok()).flatten()
}

/// Members of a description that say what it describes, the surest first.
const NAMING: &[&str] = &[
    "taskArn",
    "serviceArn",
    "containerInstanceArn",
    "nodegroupArn",
    "TargetGroupArn",
    "LoadBalancerArn",
    "clusterArn",
    "arn",
    "name",
];

/// What somebody wrote to say what they mean: a name, an id or an ARN, or a description that has one.
fn reference(ctx: &NativeCallContext, about: &Value) -> Result<String> {
    let about = if about.as_str().is_some_and(|text| text.contains(' ')) { &Value::Null } else { about };
    let text = |key: &str| about.get(key).and_then(Value::as_str).map(str::to_owned);
    let meta = |key: &str| about.pointer(&format!("/metadata/{key}")).and_then(Value::as_str);
    let of_object = text("kind").zip(meta("name")).map(|(kind, name)| {
        let namespace = meta("namespace").map(|namespace| format!("{namespace}/")).unwrap_or_default();
        format!("{}/{namespace}{name}", kind.to_lowercase())
    });
    let named = about.as_str().map(str::to_owned).or(of_object);
    named.or_else(|| NAMING.iter().find_map(|key| text(key))).ok_or_else(|| {
        refuse(ctx, "it has to know what you mean", "give its name, id or ARN, or a description of it: why(\"web\")")
    })
}

/// What does not run is told in a notice, for the script goes on: how it stands, what keeps it, and where to ask on.
/// Nothing is said of a task that runs, a service that is steady, or anything else that nothing keeps.
pub(super) fn tell_if_stalled(ctx: &NativeCallContext, host: &Host, about: &Dynamic, name: &str) -> Result<()> {
    let (_, found) = meant(ctx, host, about)?;
    let subject = *found.first().expect("something is meant");
    let session = host.session.borrow();
    let world = session.world();
    let runs = match subject {
        Subject::Task(id) => world.ecs.tasks[id].last_status == TaskStatus::Running,
        Subject::Service(id) => world.ecs.services[id].steady_since.is_some(),
        other => stalled::of(world, other).is_none(),
    };
    if runs {
        return Ok(());
    }
    let keeps = stalled::of(world, subject).map(|stall| stall.because.join("; ")).filter(|keeps| !keeps.is_empty());
    let keeps = keeps.map(|keeps| format!(": {keeps}")).unwrap_or_default();
    let how = standing::sentence(world, subject);
    host.notice(vec![format!("{how}{keeps}; why(\"{name}\") says more, and what would help")]);
    Ok(())
}

/// What is meant, by a name or by a description. If others are called so, a notice says how to write those.
pub(super) fn subject(ctx: &NativeCallContext, host: &Host, about: &Dynamic) -> Result<Subject> {
    let (reference, found) = meant(ctx, host, about)?;
    let (subject, others) = found.split_first().expect("something is meant");
    if !others.is_empty() {
        let session = host.session.borrow();
        let world = session.world();
        let other = |other: &Subject| {
            let spelled = named::spelled_out(world, &reference, *other).map(|text| format!(" (\"{text}\")"));
            format!("{}{}", narrate::name(world, *other), spelled.unwrap_or_default())
        };
        let others: Vec<String> = others.iter().map(other).collect();
        let taken = narrate::name(world, *subject);
        host.notice(vec![format!("`{reference}` is taken for {taken}; there is also {}", others.join(", "))]);
    }
    Ok(*subject)
}

/// The first of the things that are called so of which `kind` makes something.
pub(super) fn of_kind<T>(
    ctx: &NativeCallContext,
    host: &Host,
    about: &Dynamic,
    kind: fn(Subject) -> Option<T>,
    (message, way_out): (&str, &str),
) -> Result<T> {
    let (_, found) = meant(ctx, host, about)?;
    found.into_iter().find_map(kind).ok_or_else(|| refuse(ctx, message, way_out))
}

/// What somebody wrote, and all that is called so: the one that is meant first, and at least that.
fn meant(ctx: &NativeCallContext, host: &Host, about: &Dynamic) -> Result<(String, Vec<Subject>)> {
    let session = host.session.borrow();
    let world = session.world();
    let about = to_value(about);
    let uid = about.pointer("/metadata/uid").and_then(Value::as_str);
    if let Some(pod) = uid.and_then(|uid| world.find_pod(uid)) {
        return Ok((world.pod_name(pod), vec![Subject::Pod(pod)]));
    }
    let reference = reference(ctx, &about)?;
    match named::named(world, &reference) {
        Meant::One(subject, others) => Ok((reference, [subject].into_iter().chain(others).collect())),
        Meant::Unclear(several) => {
            let shown: Vec<String> = several.iter().take(SEVERAL).map(|one| narrate::name(world, *one)).collect();
            let more = if several.len() > SEVERAL { ", …" } else { "" };
            let message = format!("{} begin with `{reference}`: {}{more}", several.len(), shown.join(", "));
            Err(refuse(ctx, &message, "give more of the id"))
        }
        Meant::Nothing => {
            Err(refuse(ctx, &format!("the lab has nothing called `{reference}`"), &way_out(world, &reference)))
        }
    }
}

/// Things that are named where it is not clear which one is meant.
const SEVERAL: usize = 5;

/// What there is instead: the most similar name, or how names look.
fn way_out(world: &World, reference: &str) -> String {
    let known: Vec<String> =
        named::nouns().flat_map(|noun| known(world, noun, Beside::default(), "")).map(|known| known.name).collect();
    match meant::similar(reference, known.iter().map(String::as_str)) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None if known.is_empty() => {
            "the lab is empty: let lot = cluster(\"lot\") begins one, :help shows more".to_owned()
        }
        None => {
            "give the name of a service, a cluster, a pod (or namespace/name), or the beginning of a task's id; Tab \
                 after the quotation mark lists what there is"
                .to_owned()
        }
    }
}

fn timeline(ctx: &NativeCallContext, host: &Host, about: &Dynamic, span: Option<Millis>) -> Result<Dynamic> {
    let stage = subject(ctx, host, about)?;
    let timeline = host.session.borrow().timeline(stage, span);
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

fn facts<F: Borrow<Fact>>(host: &Host, session: &Session, all: &[F]) -> Value {
    let newest = &all[all.len().saturating_sub(SHOWN)..];
    if newest.len() < all.len() {
        let notice = format!("the newest {SHOWN} of {} facts; facts(\"…\") has those about one thing", all.len());
        host.notice(vec![notice]);
    }
    let shown = newest.iter().map(Borrow::borrow);
    shown.map(|fact| json!({ "at": fact.at, "what": narrate::sentence(session.world(), fact) })).collect()
}
