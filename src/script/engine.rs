//! The engine: a sandbox with limits on everything, and longshore's own words in it.

use std::rc::Rc;

use rhai::module_resolvers::DummyModuleResolver;
use rhai::packages::{Package, StandardPackage};
use rhai::{Dynamic, Engine, EvalAltResult, Module, NativeCallContext, OptimizationLevel, Scope};

use super::convert::to_value;
use super::insight::tell_if_stalled;
use super::{Host, Output, advice, bind, insight, lesson, reading, replace, sort, time};

thread_local! {
    /// Rhai's own functions. They are the same in every engine, and there are hundreds: each thread makes them once.
    static STANDARD: Rc<Module> = StandardPackage::new().as_shared_module();
}

/// An engine for the lab of a host.
pub(super) fn build(host: &Rc<Host>) -> Engine {
    let mut engine = Engine::new_raw();
    STANDARD.with(|standard| engine.register_global_module(Rc::clone(standard)));
    limit(&mut engine);
    close(&mut engine);
    let guard = host.guard.clone();
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.on_progress(move |_| guard.progress().map(Dynamic::from));
    let output = Rc::clone(host);
    engine.on_print(move |text| output.put(Output::Text(text.to_owned())));
    let output = Rc::clone(host);
    engine.on_debug(move |text, _, _| output.put(Output::Text(text.to_owned())));
    let output = Rc::clone(host);
    engine.register_fn("show", move |value: Dynamic| output.put(Output::Value(to_value(&value))));
    reading::register(&mut engine, host);
    bind::register(&mut engine, host);
    time::register(&mut engine, host);
    insight::register(&mut engine, host);
    advice::register(&mut engine, host);
    lesson::register(&mut engine, host);
    replace::register(&mut engine);
    sort::register(&mut engine);
    let_prelude_refuse(&mut engine, host);
    let_prelude_tell(&mut engine, host);
    engine
}

/// Functions that are there in every script that speaks of them.
pub(super) const PRELUDE: &str = include_str!("../../scripts/prelude.rhai");

/// How the prelude is called where an error says in which text it came about.
pub(super) const PRELUDE_NAME: &str = "prelude";

/// How a function of the prelude says no: a text for `catch`, and a way out for whoever sees it uncaught.
fn let_prelude_refuse(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    let refuse = move |ctx: NativeCallContext, text: &str, way_out: &str| -> Result<(), Box<EvalAltResult>> {
        shared.refused_by_prelude.replace(Some((text.to_owned(), way_out.to_owned())));
        Err(Box::new(EvalAltResult::ErrorRuntime(text.into(), ctx.call_position())))
    };
    engine.register_fn("prelude_refuse", refuse);
}

/// How a function of the prelude says that what it began does not run.
fn let_prelude_tell(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    let tell = move |ctx: NativeCallContext, about: Dynamic, name: &str| -> Result<(), Box<EvalAltResult>> {
        tell_if_stalled(&ctx, &shared, &about, name)
    };
    engine.register_fn("prelude_tell_if_stalled", tell);
}

/// Adds the functions of the prelude.
pub(super) fn load_prelude(engine: &mut Engine) {
    let mut prelude = engine.compile(PRELUDE).expect("a test runs the prelude");
    prelude.set_source(PRELUDE_NAME);
    let module = Module::eval_ast_as_new(Scope::new(), &prelude, engine).expect("the prelude holds functions only");
    engine.register_global_module(module.into());
}

/// The most text in one value. The answer about 100 tasks of ten containers has about a tenth of it.
const STRING_BYTES: usize = 2 << 20;

/// The most values in one value, in its lists and in its maps. The answer about 100 tasks of ten containers has fewer;
/// the engine counts again with each step, so that much more would make building them slow.
const VALUES: usize = 20_000;

/// How many texts of a script are kept once for all the places where they stand. Rhai's own choice.
const STRINGS_INTERNED: usize = 256;

/// The optimisation that keeps positions and literals as they were typed.
const AS_TYPED: OptimizationLevel = OptimizationLevel::None;

/// Limits are the same in every build; Rhai's own defaults are not.
pub(super) fn limit(engine: &mut Engine) {
    engine
        .set_max_call_levels(64)
        .set_max_expr_depths(64, 32)
        .set_max_string_size(STRING_BYTES)
        .set_max_array_size(VALUES)
        .set_max_map_size(VALUES)
        .set_max_variables(1_000)
        .set_max_functions(500)
        .set_max_modules(0)
        .set_max_strings_interned(STRINGS_INTERNED)
        .set_optimization_level(AS_TYPED);
    engine.set_fail_on_invalid_map_property(true);
}

/// Nothing from outside: no files, no text as code, no wall clock.
fn close(engine: &mut Engine) {
    engine.set_module_resolver(DummyModuleResolver::new());
    engine.disable_symbol("eval");
    engine.disable_symbol("import");
    engine.disable_symbol("curry");
    engine.register_fn("timestamp", |ctx: NativeCallContext| -> Result<Dynamic, Box<EvalAltResult>> {
        Err(refuse(&ctx, "there is no wall clock in the lab", "now() is the lab's time"))
    });
}

/// An error that a script can catch, with a way out.
pub(super) fn refuse(ctx: &NativeCallContext, message: &str, way_out: &str) -> Box<EvalAltResult> {
    let refusal = crate::api::refusal::Refusal::new("ScriptError", message).way_out(way_out);
    bind::refused(&refusal, None, ctx.call_position())
}
