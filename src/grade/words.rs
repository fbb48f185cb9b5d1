//! The words that checks have beside those of every script. `checks` says what they are for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rhai::serde::{from_dynamic, to_dynamic};
use rhai::{Dynamic, EvalAltResult};
use serde_json::Value;

use crate::kernel::chance::roll;
use crate::model::meant;
use crate::script::Interpreter;
use crate::session::Session;

/// Why a check failed.
pub(super) enum Failure {
    /// What `fail` was told.
    Found { expected: Value, actual: Value, help: String },
    /// What `wrong_answer` was told: the question, its answer if there is one, one that may be meant for it.
    Answered { question: String, given: Option<Value>, similar: Option<String>, help: String },
}

/// `fail(expected, actual, help)` notes what it was told, and ends the check.
pub(super) fn fail(interpreter: &mut Interpreter, failure: &Rc<RefCell<Option<Failure>>>) {
    type Result = std::result::Result<(), Box<EvalAltResult>>;
    let noted = Rc::clone(failure);
    let word = move |expected: Dynamic, actual: Dynamic, help: &str| -> Result {
        let plain = |value: &Dynamic| from_dynamic(value).unwrap_or_else(|_| Value::String(value.to_string()));
        let (expected, actual) = (plain(&expected), plain(&actual));
        *noted.borrow_mut() = Some(Failure::Found { expected, actual, help: help.to_owned() });
        Err("the check failed".into())
    };
    interpreter.engine_mut().register_fn("fail", word);
}

/// `wrong_answer(question, help)` notes that the answer is not what the lab does, and ends the check. What is right is
/// for the learner to find out.
pub(super) fn wrong_answer(
    interpreter: &mut Interpreter,
    failure: &Rc<RefCell<Option<Failure>>>,
    answers: &Rc<RefCell<BTreeMap<String, Value>>>,
) {
    type Result = std::result::Result<(), Box<EvalAltResult>>;
    let (noted, answers) = (Rc::clone(failure), Rc::clone(answers));
    let word = move |question: &str, help: &str| -> Result {
        let answers = answers.borrow();
        let given = answers.get(question).cloned();
        let similar = meant::similar(question, answers.keys().map(String::as_str)).map(str::to_owned);
        let (question, help) = (question.to_owned(), help.to_owned());
        *noted.borrow_mut() = Some(Failure::Answered { question, given, similar, help });
        Err("the answer is wrong".into())
    };
    interpreter.engine_mut().register_fn("wrong_answer", word);
}

/// `renamed(name)` is another name in each lab, and always the same one in the same lab.
pub(super) fn renamed(interpreter: &mut Interpreter, seed: &Rc<Cell<u64>>) {
    let seed = Rc::clone(seed);
    let word = move |name: &str| format!("{name}-{:04x}", roll(seed.get(), name, "renamed", 0) & 0xffff);
    interpreter.engine_mut().register_fn("renamed", word);
}

/// `answered(question)` is what the learner answered last, or nothing.
pub(super) fn answered(interpreter: &mut Interpreter, answers: &Rc<RefCell<BTreeMap<String, Value>>>) {
    let answers = Rc::clone(answers);
    let word = move |question: &str| match answers.borrow().get(question) {
        Some(value) => to_dynamic(value).unwrap_or(Dynamic::UNIT),
        None => Dynamic::UNIT,
    };
    interpreter.engine_mut().register_fn("answered", word);
}

/// `stopped()` is what stopped the submission, or nothing.
pub(super) fn stopped(interpreter: &mut Interpreter, stopped: &Rc<RefCell<Option<String>>>) {
    let stopped = Rc::clone(stopped);
    let word = move || stopped.borrow().clone().map_or(Dynamic::UNIT, Dynamic::from);
    interpreter.engine_mut().register_fn("stopped", word);
}

/// `afresh()` goes on in the lab in which the exercise began.
pub(super) fn afresh(interpreter: &mut Interpreter, seed: &Rc<Cell<u64>>, begun: &Rc<RefCell<BTreeMap<u64, Session>>>) {
    let (seed, begun) = (Rc::clone(seed), Rc::clone(begun));
    interpreter.add_lab_word("afresh", move |lab| {
        if let Some(fresh) = begun.borrow().get(&seed.get()) {
            *lab = fresh.clone();
            lab.begin_line("afresh()");
        }
    });
}
