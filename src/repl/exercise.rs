//! An exercise at the prompt: its task, its lab to look around in, hints, and whether it is done.

use std::path::Path;

use super::screen::Screen;
use crate::course::Exercise;
use crate::grade::{self, Status};
use crate::model::meant;
use crate::script::SOURCE_BYTES;
use crate::session::{Session, file as files};
use crate::view;

/// An exercise that somebody works at.
pub(super) struct Practice {
    exercise: Exercise,
    /// The hints that were given.
    hints: usize,
}

impl Practice {
    /// Begins an exercise.
    pub(super) fn new(exercise: Exercise) -> Practice {
        Practice { exercise, hints: 0 }
    }

    /// Shows its task.
    pub(super) fn show(&self, screen: &Screen) {
        let look = screen.look();
        screen.say(&view::lesson::task(&self.exercise, look));
        screen.line("");
        let how = "this lab is the exercise's own, and none of the code above has been run: type of it \
                   what you need, and whatever else you like. :check grades what you have done in it, :check FILE a \
                   script, :hint helps, :leave goes back";
        screen.say(&view::trouble::note(how, look));
    }

    /// The exercise.
    pub(super) fn exercise(&self) -> &Exercise {
        &self.exercise
    }

    /// Whether it takes answers.
    pub(super) fn asks(&self) -> bool {
        self.exercise.kind.asks()
    }

    /// What to say of an answer to something that the task does not ask. Nothing if it may be meant.
    pub(super) fn not_asked(&self, question: &str) -> Option<String> {
        let words: Vec<&str> = self.exercise.task.split('`').skip(1).step_by(2).collect();
        if words.contains(&question) {
            return None;
        }
        let meant = meant::similar(question, words).map(|meant| format!("; did you mean `{meant}`?"));
        Some(format!("the exercise does not ask `{question}`{}", meant.unwrap_or_default()))
    }

    /// Grades the lab as it stands, or a script, and says whether that passed. Neither changes the lab.
    pub(super) fn check(&self, file: Option<&Path>, lab: &Session, screen: &Screen) -> Result<bool, String> {
        let record = match file {
            None => grade::grade_lab(&self.exercise, lab),
            Some(file) => {
                let submission = files::read(file, SOURCE_BYTES as u64 + 1)
                    .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
                grade::grade(&self.exercise, &submission, lab.world().seed)
            }
        };
        screen.say(&view::lesson::said(grade::report(&record).trim_end(), screen.look()));
        Ok(record.status == Status::Passed)
    }

    /// Gives the next hint for the lab as it stands; after the last one the first comes again.
    pub(super) fn hint(&mut self, lab: &Session, screen: &Screen) -> Result<(), String> {
        let hint = match grade::hint_in_lab(&self.exercise, lab, self.hints + 1)? {
            Some(hint) => Some(hint),
            None if self.hints == 0 => None,
            None => {
                self.hints = 0;
                grade::hint_in_lab(&self.exercise, lab, 1)?
            }
        };
        self.hints += 1;
        let text = match hint {
            Some(hint) => format!("hint {}: {hint}", self.hints),
            None => "this exercise has no hints".to_owned(),
        };
        screen.say(&view::lesson::said(&text, screen.look()));
        Ok(())
    }
}
