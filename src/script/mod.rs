//! Floor 6: Rhai, bound to the table of operations.
//!
//! An [`Interpreter`] evaluates lines one after the other in one scope and one session. Everything a line did and said
//! comes back as one [`Outcome`]; what went wrong comes back as a [`Trouble`] with its place in the source.

mod advice;
mod answer;
mod bench;
mod bind;
mod call;
mod convert;
mod engine;
mod guard;
mod host;
mod inside;
mod insight;
mod lesson;
mod memory;
mod reading;
mod remedy;
mod replace;
mod sort;
mod stack;
mod syntax;
mod time;
pub(crate) mod tokens;
pub mod trouble;
mod undo;
pub mod words;

use std::rc::Rc;

use rhai::{AST, Dynamic, Engine, EvalAltResult, Module, Scope, Shared};
use serde_json::Value;

use crate::session::Session;
use bench::fresh_scope;
use guard::Guard;
use memory::Memory;
use trouble::{Kind, Trouble};

pub use bench::Bench;
pub use guard::ScriptLimits;
pub(crate) use host::Host;
pub use host::{Output, Printer};
pub use inside::Part;
pub use lesson::{Asker, Prediction, Question, Reply, letter};
pub use reading::Script;
pub use stack::on_big_stack;
pub use undo::{Failed, Left};

/// The longest source text of one line or file, in bytes. Rhai's parser is quadratic in some shapes; this keeps it
/// quick.
pub const SOURCE_BYTES: usize = 64 * 1024;

/// The variable that holds the last value.
pub const LAST: &str = "ans";

/// What a line came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Its value; `Null` for none.
    pub value: Value,
    /// Whether the line asked not to show its value, by ending with a semicolon.
    pub quiet: bool,
}

/// Evaluates lines in one lab.
pub struct Interpreter {
    engine: Engine,
    host: Rc<Host>,
    /// Whether the engine has read the prelude.
    has_prelude: bool,
    memory: Memory,
    /// The memory before each line that changed the lab, and, after an undo, those to go forward to.
    before: Vec<Memory>,
    after: Vec<Memory>,
    /// What is left of the last line that failed.
    left: Left,
}

impl Interpreter {
    /// An interpreter for a lab.
    pub fn new(session: Session, printer: Printer) -> Interpreter {
        Interpreter::with_limits(session, printer, ScriptLimits::default())
    }

    /// An interpreter with other limits than the usual ones.
    pub fn with_limits(session: Session, printer: Printer, limits: ScriptLimits) -> Interpreter {
        let guard = Guard::new(limits, session.interrupt_flag());
        let host = Rc::new(Host::new(session, printer, guard));
        let engine = engine::build(&host);
        let memory = Memory::new(host.session.borrow().journal().lines().len());
        let (before, after) = (Vec::new(), Vec::new());
        Interpreter { engine, host, has_prelude: false, memory, before, after, left: Left::NothingDone }
    }

    /// Evaluates one line, which may be a whole file.
    ///
    /// # Errors
    /// What is wrong and where. Whatever the line did before that has been done, and can be undone.
    pub fn eval(&mut self, text: &str, source: &str) -> Result<Outcome, Trouble> {
        self.eval_or(Failed::Stays, text, source)
    }

    /// Evaluates one line. `failed` says what stays if it does not come to its end; [`Interpreter::left`] then tells.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn eval_or(&mut self, failed: Failed, text: &str, source: &str) -> Result<Outcome, Trouble> {
        self.host.silent.set(false);
        self.eval_line(failed, text, source)
    }

    /// Evaluates a line of which nobody is to see anything: it puts nothing out, asks nobody and leaves no notices.
    ///
    /// # Errors
    /// As for [`Interpreter::eval_or`].
    pub fn eval_silently_or(&mut self, failed: Failed, text: &str, source: &str) -> Result<Outcome, Trouble> {
        let notices = self.take_notices();
        self.host.silent.set(true);
        let result = self.eval_line(failed, text, source);
        *self.host.notices.borrow_mut() = notices;
        result
    }

    fn eval_line(&mut self, failed: Failed, text: &str, source: &str) -> Result<Outcome, Trouble> {
        self.host.guard.reset();
        self.host.printed.set(0);
        let memory = self.memory.clone();
        let then = self.session().world().now;
        self.host.session.borrow_mut().begin_line(text);
        let result = self.run(text, source);
        let stays = match failed {
            Failed::Stays => true,
            Failed::StaysIfTimePassed => self.session().world().now > then,
            Failed::IsTakenBack => false,
        };
        if result.is_err() && !stays {
            let ran = result.as_ref().is_err_and(|trouble| trouble.kind != Kind::Syntax);
            let did = self.host.session.borrow_mut().drop_line() || ran && tokens::has_several_statements(text);
            self.left = if did { Left::Nothing } else { Left::NothingDone };
            drop(self.remember(memory));
            return result;
        }
        let changed = self.host.session.borrow_mut().end_line();
        self.left = if changed { Left::Part } else { Left::NothingDone };
        let grew = self.memory.scope.len() != memory.scope.len();
        if changed {
            self.before.push(memory);
            self.after.clear();
        }
        let lines = self.session().journal().lines().len();
        match result.as_ref().err().map(|trouble| trouble.kind) {
            Some(Kind::Interrupted | Kind::Limit) => self.memory.whole &= !(changed || grew),
            Some(Kind::Syntax) => {}
            _ if changed => {}
            _ => self.memory.note(lines, text),
        }
        result
    }

    fn run(&mut self, text: &str, source: &str) -> Result<Outcome, Trouble> {
        let script = self.read(&self.memory.scope, text, source)?;
        self.provide(&script);
        let value = self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut self.memory.scope, &script.ast)
            .map_err(|error| self.trouble(&error, text, Some(&script)))?;
        self.keep_functions(&script.ast);
        let quiet = value.is_unit() || text.trim_end().ends_with(';');
        self.memory.scope.set_value(LAST, value.clone());
        Ok(Outcome { value: convert::to_value(&value), quiet })
    }

    fn trouble(&self, error: &EvalAltResult, text: &str, script: Option<&Script>) -> Trouble {
        let trouble = Trouble::from_error(error, text, script.map(Script::ast), &self.engine);
        match self.host.refused_by_prelude.take() {
            Some(refused) => trouble.refused_by_prelude(refused),
            None => trouble,
        }
    }

    fn read(&self, scope: &Scope<'_>, text: &str, source: &str) -> Result<Script, Trouble> {
        if text.len() > SOURCE_BYTES {
            return Err(Trouble::too_long(text.len()));
        }
        let read = self.host.reading.read(&self.engine, scope, text);
        let mut script = read.map_err(|error| Trouble::from_error(&error.into(), text, None, &self.engine))?;
        if tokens::ends_in_a_comment(text) {
            return Err(Trouble::open_comment());
        }
        script.ast.set_source(source);
        Ok(script)
    }

    /// What a script speaks of is there when it runs.
    fn provide(&mut self, script: &Script) {
        if script.speaks_of_prelude && !self.has_prelude {
            engine::load_prelude(&mut self.engine);
            self.has_prelude = true;
        }
    }

    /// Functions and closures of a line stay callable in later lines: each line's become a module of their own.
    fn keep_functions(&mut self, ast: &AST) {
        if ast.iter_functions().next().is_none() {
            return;
        }
        if let Ok(module) = Module::eval_ast_as_new(Scope::new(), &ast.clone_functions_only(), &self.engine) {
            let module = Shared::new(module);
            self.engine.register_global_module(module.clone());
            self.memory.functions.push(module);
        }
    }

    /// Whether a text breaks off in the middle of something, so that more lines should follow.
    pub fn is_incomplete(&self, text: &str) -> bool {
        trouble::is_incomplete(self.host.reading.read(&self.engine, &Scope::new(), text).err(), text)
    }

    /// The lab.
    pub fn session(&self) -> std::cell::Ref<'_, Session> {
        self.host.session.borrow()
    }

    /// Goes on in another lab; variables stay, and so does the flag that interrupts. Gives the lab back that it was in.
    pub fn replace_session(&mut self, mut session: Session) -> Session {
        session.set_interrupt_flag(self.session().interrupt_flag());
        self.before.clear();
        self.after.clear();
        self.memory.begin_anew(session.journal().lines().len());
        self.host.session.replace(session)
    }

    /// The lab with its variables and functions, to be gone back to.
    pub fn bench(&self) -> Bench {
        Bench {
            session: self.session().clone(),
            memory: self.memory.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }

    /// Goes on in another lab with its own variables and functions; the flag that interrupts stays. An engine cannot
    /// forget a function, so there is a new one; what a floor above has added to the old one is gone.
    pub fn replace_bench(&mut self, bench: Bench) {
        self.replace_session(bench.session);
        drop(self.remember(bench.memory));
        self.before = bench.before;
        self.after = bench.after;
    }

    /// Gives the lab away.
    pub fn into_session(self) -> Session {
        self.host.session.borrow().clone()
    }

    /// From now on `predict` asks the learner through this. Without it, nobody answers.
    pub fn set_asker(&mut self, asker: Asker) {
        *self.host.asker.borrow_mut() = Some(asker);
    }

    /// Takes what the operations had to say beside their answers.
    pub fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut *self.host.notices.borrow_mut())
    }

    /// The engine, to which a floor above may add its own words.
    pub fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// Adds a word that a floor above gives, and that puts something else in the lab's place.
    pub fn add_lab_word(&mut self, name: &str, word: impl Fn(&mut Session) + 'static) {
        let host = Rc::clone(&self.host);
        self.engine.register_fn(name, move || word(&mut host.session.borrow_mut()));
    }

    /// The scope, whose names completion offers.
    pub fn scope(&self) -> &Scope<'static> {
        &self.memory.scope
    }

    /// Calls a function of a script that was compiled before, in a scope of its own: no call leaves the next one
    /// anything but the lab.
    ///
    /// # Errors
    /// What went wrong inside it.
    pub fn call(&mut self, script: &Script, name: &str, arguments: Vec<Dynamic>) -> Result<Dynamic, Trouble> {
        self.host.forget();
        self.provide(script);
        let called = self.engine.call_fn::<Dynamic>(&mut fresh_scope(), &script.ast, name, arguments);
        called.map_err(|error| self.trouble(&error, "", None))
    }

    /// Runs a script in a lab, with variables of its own, and gives the lab back. It leaves nothing else: no variable,
    /// no function, nothing that was refused. Whoever comes next meets the interpreter as if it were new.
    ///
    /// # Errors
    /// What went wrong beside the lab, in which what was done before that has been done.
    pub fn run_alone(&mut self, mut lab: Session, text: &str, source: &str) -> (Session, Result<(), Trouble>) {
        self.host.forget();
        lab.begin_line(text);
        let resting = self.replace_session(lab);
        let ran = self.eval_alone(text, source);
        let mut lab = self.replace_session(resting);
        lab.end_line();
        self.host.forget();
        (lab, ran)
    }

    fn eval_alone(&mut self, text: &str, source: &str) -> Result<(), Trouble> {
        let mut scope = fresh_scope();
        let script = self.read(&scope, text, source)?;
        self.provide(&script);
        let ran = self.engine.eval_ast_with_scope::<Dynamic>(&mut scope, &script.ast);
        ran.map(drop).map_err(|error| self.trouble(&error, text, Some(&script)))
    }

    /// Compiles a script without running it.
    ///
    /// # Errors
    /// The syntax error.
    pub fn compile(&self, text: &str, source: &str) -> Result<Script, Trouble> {
        self.read(&Scope::new(), text, source)
    }
}
