//! The operations as methods of handles: `ecs.create_service(#{ … })`. One loop over the table binds them all.

use std::any::TypeId;
use std::fmt;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map, NativeCallContext, Position, Scope};
use serde_json::{Map as JsonMap, Value};

use super::convert::{no_data, to_dynamic, to_value};
use super::{Host, LAST, answer, call};
use crate::api::refusal::Refusal;
use crate::api::{self, Entry};
use crate::model::meant;

/// A service, as scripts hold it in their hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle(pub(crate) &'static str);

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (a service handle; :help {} lists its operations)", self.0, self.0)
    }
}

/// Makes every handle a constant of a scope.
pub(super) fn push_handles(scope: &mut Scope<'static>) {
    for service in api::services() {
        scope.push_constant(service, Handle(service));
    }
}

/// Registers the handles and every operation of the table.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    engine.register_type_with_name::<Handle>("handle");
    engine.register_fn("to_string", |handle: &mut Handle| handle.to_string());
    engine.register_fn("to_debug", |handle: &mut Handle| handle.0.to_owned());
    keep_visible(engine);
    for (method, entries) in api::by_method() {
        bind_method(engine, host, method, entries);
    }
    call::register(engine);
}

/// Handles are there in functions and closures too. Only a parameter may have the name of one.
fn keep_visible(engine: &mut Engine) {
    let handle = |name: &str| api::services().find(|service| *service == name).map(Handle);
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.on_var(move |name, _, context| {
        Ok(handle(name).filter(|_| !context.scope().contains(name)).map(Dynamic::from))
    });
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.on_def_var(move |_, info, _| Ok(handle(info.name()).is_none() && info.name() != LAST));
}

/// The most arguments that any operation takes by position.
const MOST_ARGUMENTS: usize = 3;

/// Binds a method for up to three arguments; which service it belongs to is the handle's business. A method of maps is
/// called on its first argument.
fn bind_method(engine: &mut Engine, host: &Rc<Host>, method: &'static str, entries: &[&'static Entry]) {
    let name = call::spelling(method);
    let types = |first: TypeId, more: usize| -> Vec<TypeId> {
        std::iter::once(first).chain(std::iter::repeat_n(TypeId::of::<Dynamic>(), more)).collect()
    };
    for arguments in 0..=MOST_ARGUMENTS {
        let host = Rc::clone(host);
        register_raw(engine, name, &types(TypeId::of::<Handle>(), arguments), move |ctx, all| {
            let on = all[0].clone_cast::<Handle>();
            let arguments: Vec<Dynamic> = all[1..].iter_mut().map(|argument| argument.take()).collect();
            call_operation(&host, ctx, on, method, &arguments)
        });
    }
    let Some(on) = entries.iter().find(|entry| entry.is_method).map(|entry| Handle(entry.service)) else { return };
    for arguments in 1..MOST_ARGUMENTS {
        let host = Rc::clone(host);
        register_raw(engine, name, &types(TypeId::of::<Map>(), arguments), move |ctx, all| {
            let mut arguments = vec![all[0].flatten_clone()];
            arguments.extend(all[1..].iter_mut().map(|argument| argument.take()));
            call_operation(&host, ctx, on, method, &arguments)
        });
    }
}

/// Registers a function by the types of its arguments alone. The usual way spells them out for documentation, and there
/// are hundreds.
fn register_raw(
    engine: &mut Engine,
    name: &str,
    types: &[TypeId],
    function: impl Fn(&NativeCallContext, &mut [&mut Dynamic]) -> Result<Dynamic, Box<EvalAltResult>> + 'static,
) {
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.register_raw_fn(name, types, move |ctx, all| function(&ctx, all));
}

/// Calls an operation with script values.
fn call_operation(
    host: &Host,
    ctx: &NativeCallContext,
    handle: Handle,
    method: &str,
    arguments: &[Dynamic],
) -> Result<Dynamic, Box<EvalAltResult>> {
    let position = ctx.call_position();
    let Some(entry) = api::find(handle.0, method) else {
        return Err(refused(&no_such_method(handle.0, method).by_client(), None, position));
    };
    let answered = request(entry, arguments)
        .and_then(|request| host.session.borrow_mut().call(entry, request))
        .and_then(|answered| Ok((answer::hold(ctx.engine(), entry, &answered.response)?, answered.notices)));
    match answered {
        Ok(((answer, left_out), notices)) => {
            host.notice(notices);
            host.notice(left_out.into_iter().collect());
            Ok(answer)
        }
        Err(refusal) => {
            let error = refused(&refusal, Some(entry), position);
            if let EvalAltResult::ErrorRuntime(value, _) = &*error {
                host.refused.borrow_mut().clone_from(value);
            }
            Err(error)
        }
    }
}

/// The request in a call's arguments: a map, a JSON text, or values by position where the operation has positions.
fn request(entry: &Entry, arguments: &[Dynamic]) -> Result<Value, Refusal> {
    if let Some((path, what)) = arguments.iter().find_map(no_data) {
        let named = if path.is_empty() { "the argument".to_owned() } else { path.join(".") };
        let message = format!(
            "Parameter validation failed: Invalid type for parameter {named}, value: {what}, valid types: text, number, \
             boolean, list, map"
        );
        return Err(Refusal::new("ParamValidationError", message)
            .because(format!("{named} is {what}, and operations take data"))
            .way_out("give what it answers: call it first")
            .at(path));
    }
    match arguments {
        [] => Ok(Value::Object(JsonMap::new())),
        [map] if map.is_map() && !entry.is_first_argument(&to_value(map)) => Ok(to_value(map)),
        [text] if text.is_string() && entry.arguments.is_empty() => from_json(entry, &text.to_string()),
        values if values.len() <= entry.arguments.len() => {
            let named = entry.arguments.iter().zip(values).map(|(name, value)| ((*name).to_owned(), to_value(value)));
            Ok(Value::Object(named.collect()))
        }
        [other] => Ok(to_value(other)),
        _ => Err(Refusal::new(
            "ParamValidationError",
            format!("{} takes one map, and {} values were given", entry.name, arguments.len()),
        )
        .because("operations take their members by name")
        .way_out(format!("{}.{}(#{{ … }})", entry.service, entry.method()))),
    }
}

fn from_json(entry: &Entry, text: &str) -> Result<Value, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        Refusal::new("ParamValidationError", format!("Error parsing parameter: Invalid JSON: {error}"))
            .because(format!("{} was given a text, and a text is read as JSON", entry.name))
            .way_out("put JSON in back-ticks, or write a map: #{ name: value }")
    })
}

fn no_such_method(service: &str, method: &str) -> Refusal {
    let known: Vec<String> = api::all().filter(|entry| entry.service == service).map(Entry::method).collect();
    let elsewhere = api::by_method().get(method).and_then(|entries| entries.first());
    let way_out = match (meant::similar(method, known.iter().map(String::as_str)), elsewhere) {
        (_, Some(entry)) => format!("did you mean `{}.{method}`?", entry.service),
        (Some(similar), None) => format!("did you mean `{service}.{similar}`?"),
        (None, None) => format!("`{service}` has: {}", known.join(", ")),
    };
    Refusal::new("UnknownOperation", format!("{service} has no operation {method}.")).way_out(way_out)
}

/// A refusal as a script error: `catch (e)` gets a map with code, message, because and wayOut.
pub(super) fn refused(refusal: &Refusal, entry: Option<&Entry>, position: Position) -> Box<EvalAltResult> {
    let called = entry.map(|entry| entry.name).unwrap_or_default();
    let operation = refusal.operation().unwrap_or(called);
    let service = entry.map(|entry| entry.service).unwrap_or_default();
    let mut error = Map::new();
    let mut put = |key: &str, value: Dynamic| error.insert(key.into(), value);
    put("code", refusal.code.to_string().into());
    put("message", refusal.message.clone().into());
    put("because", refusal.because.clone().into());
    put("wayOut", refusal.way_out.clone().into());
    put("operation", operation.to_owned().into());
    put("service", service.to_owned().into());
    let path: Array = refusal.path.iter().map(|part| Dynamic::from(ImmutableString::from(part))).collect();
    put("path", path.into());
    if let Some(trace) = refusal.trace().and_then(|trace| serde_json::to_value(trace).ok()) {
        put("trace", to_dynamic(&trace));
    }
    Box::new(EvalAltResult::ErrorRuntime(error.into(), position))
}
