//! Lines that are taken back: by undo, by redo, and where they fail. The lab and its variables always go together.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Interpreter, tokens};

/// What stays of a line that does not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// All that it did.
    Stays,
    /// All that it did if it let time pass, which somebody has watched; else nothing.
    StaysIfTimePassed,
    /// Nothing.
    IsTakenBack,
}

/// What is left of a line that did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It had done nothing.
    NothingDone,
    /// What it had done is taken back.
    Nothing,
    /// What it had done until then.
    Part,
}

impl Interpreter {
    /// What is left of the last line that failed.
    pub fn left(&self) -> Left {
        self.left
    }

    /// The lines since the last one that changed the lab, as far as they set a variable or define a function: they are
    /// taken back together with it.
    pub fn lines_since(&self) -> Vec<String> {
        let lines = self.session().journal().lines().len();
        let since = self.memory.notes.iter().filter(|note| note.after == lines && tokens::sets_something(&note.text));
        since.map(|note| note.text.clone()).collect()
    }

    /// Takes back the last line that changed the lab, with the variables and functions of that time. Returns its text.
    /// What the learner did not do stays.
    pub fn undo(&mut self) -> Option<String> {
        if !self.session().is_last_line_typed() {
            return None;
        }
        let text = self.host.session.borrow_mut().undo()?;
        let memory = self.before.pop().unwrap_or_else(|| self.memory.clone());
        let memory = self.remember(memory);
        self.after.push(memory);
        Some(text)
    }

    /// Does again what was last undone. Returns its text.
    pub fn redo(&mut self) -> Option<String> {
        let text = self.host.session.borrow_mut().redo()?;
        let memory = self.after.pop().unwrap_or_else(|| self.memory.clone());
        let memory = self.remember(memory);
        self.before.push(memory);
        Some(text)
    }

    /// Makes the world anew from the journal, after a bug has left it in the middle of something. What the line did
    /// before stays, unless that alone leads to the bug again.
    pub fn recover(&mut self) {
        let mut session = self.host.session.borrow_mut();
        let kept = session.clone();
        let ended = session.end_line();
        if catch_unwind(AssertUnwindSafe(|| session.rebuild())).is_err() {
            *session = kept;
            session.end_line();
            session.undo();
        } else if ended {
            self.before.push(self.memory.clone());
        }
        drop(session);
        self.memory.whole = false;
    }

    /// What was done in the lab so far is not the learner's, and is not undone.
    pub fn keep_from_undo(&mut self) {
        self.host.session.borrow_mut().keep_from_undo();
    }
}
