//! What the engine's functions share with the interpreter: the lab, and whatever a line says beside its value.

use std::cell::{Cell, RefCell};

use rhai::Dynamic;
use serde_json::Value;

use super::guard::Guard;
use super::lesson::{Asker, Prediction};
use super::reading::Reading;
use crate::session::Session;

/// Something that a script puts out while it runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A text, from `print`: as it is.
    Text(String),
    /// Sentences, from `say`, `predict` and `expect`: they may be broken between words where a line ends.
    Prose(String),
    /// A value to be laid out as at the prompt, from `show`.
    Value(Value),
}

/// Receives what a script puts out, as it comes.
pub type Printer = Box<dyn FnMut(Output)>;

/// What the engine's functions share with the interpreter.
pub(crate) struct Host {
    pub(crate) session: RefCell<Session>,
    pub(super) printer: RefCell<Printer>,
    pub(super) notices: RefCell<Vec<String>>,
    pub(super) printed: Cell<usize>,
    pub(super) asker: RefCell<Option<Asker>>,
    pub(super) prediction: RefCell<Option<Prediction>>,
    /// Whether whoever plays a lesson asks the learner, after the line that has put the question.
    pub(super) asks_later: Cell<bool>,
    /// What was refused last, as scripts catch it.
    pub(super) refused: RefCell<Dynamic>,
    /// Whether nobody is to see anything of this line.
    pub(super) silent: Cell<bool>,
    /// What a function of the prelude refused last, and what would work.
    pub(super) refused_by_prelude: RefCell<Option<(String, String)>>,
    pub(super) reading: Reading,
    pub(crate) guard: Guard,
}

impl Host {
    /// A host for a lab.
    pub(super) fn new(session: Session, printer: Printer, guard: Guard) -> Host {
        Host {
            session: RefCell::new(session),
            printer: RefCell::new(printer),
            notices: RefCell::new(Vec::new()),
            printed: Cell::new(0),
            asker: RefCell::new(None),
            prediction: RefCell::new(None),
            asks_later: Cell::new(false),
            refused: RefCell::new(Dynamic::UNIT),
            silent: Cell::new(false),
            refused_by_prelude: RefCell::new(None),
            reading: Reading::default(),
            guard,
        }
    }

    /// Forgets what scripts have left, but for the lab itself.
    pub(super) fn forget(&self) {
        self.guard.reset();
        self.printed.set(0);
        self.notices.borrow_mut().clear();
        self.prediction.take();
        self.silent.set(false);
        self.refused_by_prelude.take();
        *self.refused.borrow_mut() = Dynamic::UNIT;
    }

    /// Puts something out, as long as the line has not put out too much.
    pub(super) fn put(&self, output: Output) {
        if self.silent.get() {
            return;
        }
        let bytes = match &output {
            Output::Text(text) | Output::Prose(text) => text.len() + 1,
            Output::Value(value) => value.to_string().len(),
        };
        let printed = self.printed.get().saturating_add(bytes);
        self.printed.set(printed);
        if printed <= self.guard.limits.printed_bytes {
            (self.printer.borrow_mut())(output);
        } else {
            self.guard.give_up("it printed too much");
        }
    }

    pub(super) fn notice(&self, notices: Vec<String>) {
        let mut kept = self.notices.borrow_mut();
        for notice in notices {
            if !kept.contains(&notice) {
                kept.push(notice);
            }
        }
    }
}
