//! Words for time: `wait`, `wait_until`, `settle`, `now`. Time moves when a script says so, and only then.

use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};

use super::Host;
use super::bind::refused;
use super::engine::refuse;
use super::insight::of_kind;
use crate::model::id::ClusterId;
use crate::model::subject::Subject;
use crate::model::time::Millis;

type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

/// How long `settle()` waits at most, and `wait_until` where nothing is said.
const PATIENCE: Millis = Millis::minutes(60);

pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    engine.register_fn("now", move || shared.session.borrow().world().now.to_string());

    let shared = Rc::clone(host);
    engine.register_fn("wait", move |ctx: NativeCallContext, span: &str| -> Result<()> {
        let span = parse(&ctx, span)?;
        wait(&shared, &ctx, span)
    });
    engine.register_fn("wait", move |ctx: NativeCallContext, _: i64| -> Result<()> {
        Err(refuse(&ctx, "a wait needs a unit", "write it like wait(\"90s\") or wait(\"10m\")"))
    });
    let shared = Rc::clone(host);
    engine.register_fn("sleep", move |ctx: NativeCallContext, seconds: i64| -> Result<()> {
        wait(&shared, &ctx, Millis(seconds.max(0).unsigned_abs().saturating_mul(1000)))
    });
    let shared = Rc::clone(host);
    engine.register_fn("sleep", move |ctx: NativeCallContext, seconds: f64| -> Result<()> {
        let span = std::time::Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(std::time::Duration::MAX);
        wait(&shared, &ctx, Millis(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)))
    });

    let shared = Rc::clone(host);
    engine.register_fn("wait_until", move |ctx: NativeCallContext, condition: FnPtr| -> Result<bool> {
        wait_until(&shared, &ctx, PATIENCE, || holds(&ctx, &condition))
    });
    let shared = Rc::clone(host);
    engine.register_fn("wait_until", move |ctx: NativeCallContext, condition: FnPtr, span: &str| -> Result<bool> {
        let span = parse(&ctx, span)?;
        wait_until(&shared, &ctx, span, || holds(&ctx, &condition))
    });
    let shared = Rc::clone(host);
    engine.register_fn("settle", move |ctx: NativeCallContext| -> Result<bool> {
        wait_until(&shared, &ctx, PATIENCE, || Ok(shared.session.borrow().world().is_at_rest()))
    });
    let shared = Rc::clone(host);
    engine.register_fn("settle", move |ctx: NativeCallContext, about: Dynamic| -> Result<bool> {
        let no = ("settle takes a cluster", "give the name of an ECS cluster, or write settle() for the whole lab");
        let cluster = of_kind(&ctx, &shared, &about, cluster, no)?;
        wait_until(&shared, &ctx, PATIENCE, || Ok(shared.session.borrow().world().cluster_is_at_rest(cluster)))
    });
}

fn cluster(subject: Subject) -> Option<ClusterId> {
    match subject {
        Subject::Cluster(id) => Some(id),
        _ => None,
    }
}

/// A span of time as scripts write it.
pub(super) fn parse(ctx: &NativeCallContext, span: &str) -> Result<Millis> {
    Millis::parse(span).map_err(|sentence| {
        let (message, way_out) = sentence.split_once("; ").unwrap_or((&sentence, ""));
        refuse(ctx, message, way_out)
    })
}

fn wait(host: &Host, ctx: &NativeCallContext, span: Millis) -> Result<()> {
    host.session.borrow_mut().wait(span).map_err(|refusal| refused(&refusal, None, ctx.call_position()))
}

/// Waits until a condition holds, looking after each moment at which something was due. Returns whether it came to
/// hold.
///
/// The session is free while the condition is asked, for it may call operations.
fn wait_until(
    host: &Host,
    ctx: &NativeCallContext,
    span: Millis,
    mut condition: impl FnMut() -> Result<bool>,
) -> Result<bool> {
    let refuse = |refusal| refused(&refusal, None, ctx.call_position());
    host.session.borrow().check_wait(span).map_err(refuse)?;
    let deadline = host.session.borrow().world().now + span;
    loop {
        if condition()? {
            return Ok(true);
        }
        if host.session.borrow().world().now >= deadline {
            return Ok(false);
        }
        host.session.borrow_mut().wait_for_next(deadline).map_err(refuse)?;
        if let Some(why) = host.guard.progress() {
            return Err(Box::new(EvalAltResult::ErrorTerminated(why.into(), ctx.call_position())));
        }
    }
}

fn holds(ctx: &NativeCallContext, condition: &FnPtr) -> Result<bool> {
    let value: Dynamic = condition.call_within_context(ctx, ())?;
    let kind = value.type_name();
    value.as_bool().map_err(|_| {
        refuse(
            ctx,
            &format!("the condition gave {kind}, not true or false"),
            "write it like wait_until(|| x == 2, \"10m\")",
        )
    })
}
