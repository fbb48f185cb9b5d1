//! An exercise made ready to grade with: its checks are read once and its lab is prepared once for each seed.
//!
//! The engine that runs submissions is made once as well, for nothing that a script defines stays in it. Every
//! submission gets variables and functions of its own, and a copy of the prepared lab, which no submission has touched.

use std::cell::RefCell;

use super::checks::Checks;
use super::record::{Record, Status};
use super::{Attempt, attempt, runner};
use crate::course::Exercise;
use crate::script::Interpreter;

/// Grades submissions of one exercise, one after the other. It needs a big stack: see
/// [`crate::script::on_big_stack`].
pub struct Grader {
    exercise: Exercise,
    checks: Checks,
    runner: RefCell<Interpreter>,
}

impl Grader {
    /// Reads the exercise.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(exercise: &Exercise) -> Result<Grader, String> {
        Ok(Grader { exercise: exercise.clone(), checks: Checks::read(exercise)?, runner: RefCell::new(runner()) })
    }

    /// Grades a submission in a lab with this seed.
    pub fn grade(&self, submission: &str, seed: u64) -> Record {
        let lab = match self.checks.begin(seed) {
            Ok(lab) => lab,
            Err(sentence) => return Record::fault(&self.exercise, seed, sentence),
        };
        let Attempt { lab, error, no_verdict } = attempt(&mut self.runner.borrow_mut(), lab, submission);
        match no_verdict {
            Some(reason) => self.checks.give_up(&self.exercise, seed, (Status::NotGradable, reason), error),
            None => self.checks.judge(&self.exercise, &lab, seed, error),
        }
    }

    /// Grades a submission in a lab with this seed, and again in labs with hidden ones: a check holds if it holds in
    /// all of them.
    pub fn grade_with_replays(&self, submission: &str, seed: u64, hidden: &[u64]) -> Record {
        let mut record = self.grade(submission, seed);
        for &other in hidden {
            if !matches!(record.status, Status::Passed | Status::Failed) {
                break;
            }
            record = record.over_seeds(self.grade(submission, other));
        }
        record
    }

    /// The record of a submission that was not looked at, for this reason.
    pub fn unseen(&self, seed: u64, status: Status, reason: impl Into<String>) -> Record {
        self.checks.give_up(&self.exercise, seed, (status, reason.into()), None)
    }
}
