//! Lines that are taken back and done again: always by replay, from the nearest copy of the world.

use std::sync::atomic::Ordering;

use super::Session;
use super::journal::Line;
use crate::simulate::Budget;

impl Session {
    /// Ends the line as if it had never been typed: what it did is taken back, and what was undone before can be done
    /// again. Returns whether it had done anything.
    pub fn drop_line(&mut self) -> bool {
        let did = self.journal.drop_open();
        if did {
            self.rebuild();
        }
        did
    }

    /// What was done so far is not the learner's, but what an exercise or a lesson's step has made.
    pub fn keep_from_undo(&mut self) {
        self.kept = self.journal.lines().len();
    }

    /// As many lines are not the learner's as in another session with the same lines.
    pub fn keep_as_much_from_undo_as(&mut self, other: &Session) {
        self.kept = other.kept;
    }

    /// Whether the last line that changed something is the learner's.
    pub fn is_last_line_typed(&self) -> bool {
        self.journal.lines().len() > self.kept
    }

    /// Takes back the last line that changed something. Returns its text.
    pub fn undo(&mut self) -> Option<String> {
        let line = self.journal.take_last()?;
        let text = line.text.clone();
        self.undone.push(line);
        self.rebuild();
        Some(text)
    }

    /// Does again what was last undone. Returns its text.
    pub fn redo(&mut self) -> Option<String> {
        let line = self.undone.pop()?;
        self.checkpoints.note(self.journal.lines().len(), &self.world, self.history.len());
        let text = line.text.clone();
        self.replay(&line);
        self.journal.keep(line);
        Some(text)
    }

    /// Makes the world anew from the journal: after an undo, or after a bug has left it in the middle of something.
    pub fn rebuild(&mut self) {
        let journal = std::mem::take(&mut self.journal);
        let (start, world, facts) = self.checkpoints.before(journal.lines().len(), self.world.seed);
        self.world = world;
        self.history.truncate(facts);
        for line in &journal.lines()[start..] {
            self.replay(line);
        }
        self.journal = journal;
    }

    /// Applies the inputs of a line that was accepted before.
    fn replay(&mut self, line: &Line) {
        self.budget = Budget::UNBOUNDED;
        self.interrupt.store(false, Ordering::Relaxed);
        for input in &line.inputs {
            let result = self.apply(input);
            assert!(result.is_ok(), "replaying `{}` was refused: {result:?}", line.text);
        }
    }
}
