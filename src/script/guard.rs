//! What one line of script may cost, counted by ourselves.
//!
//! Rhai discards the operations that callbacks of `map` or `sort` spend, so its own limit can be walked around; a
//! counter in `on_progress` cannot. Reaching a limit ends the line with a sentence that `catch` cannot swallow.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What one line may cost.
#[derive(Clone, Copy, Debug)]
pub struct ScriptLimits {
    /// Operations of the script engine; a million take some twenty milliseconds.
    pub operations: u64,
    /// Bytes that it may print.
    pub printed_bytes: usize,
}

impl Default for ScriptLimits {
    fn default() -> Self {
        ScriptLimits { operations: 20_000_000, printed_bytes: 1 << 20 }
    }
}

/// Counts, and says when it is enough.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) limits: ScriptLimits,
    spent: Rc<Cell<u64>>,
    given_up: Rc<RefCell<Option<&'static str>>>,
    interrupt: Arc<AtomicBool>,
}

impl Guard {
    pub(crate) fn new(limits: ScriptLimits, interrupt: Arc<AtomicBool>) -> Guard {
        Guard { limits, spent: Rc::default(), given_up: Rc::default(), interrupt }
    }

    /// A new line begins.
    pub(crate) fn reset(&self) {
        self.spent.set(0);
        self.given_up.replace(None);
        self.interrupt.store(false, Ordering::Relaxed);
    }

    /// The line is to end for this reason.
    pub(crate) fn give_up(&self, why: &'static str) {
        self.given_up.replace(Some(why));
    }

    /// Called for each operation: a reason to stop, if there is one.
    pub(crate) fn progress(&self) -> Option<String> {
        let spent = self.spent.get() + 1;
        self.spent.set(spent);
        if spent > self.limits.operations {
            return Some(format!("it took more than {} operations", self.limits.operations));
        }
        if self.interrupt.load(Ordering::Relaxed) {
            return Some(INTERRUPTED.to_owned());
        }
        self.given_up.borrow().map(str::to_owned)
    }
}

/// The reason that Ctrl-C gives.
pub(crate) const INTERRUPTED: &str = "you interrupted it";
