//! Goes through a lesson step by step, in any interpreter. It keeps only the place; what it shows is others' business.

use super::{Lesson, Step};
use crate::script::trouble::Trouble;
use crate::script::{Interpreter, Outcome};

/// A lesson that is being played.
#[derive(Clone, Debug)]
pub struct Player {
    lesson: Lesson,
    next: usize,
}

impl Player {
    /// Begins a lesson.
    pub fn new(lesson: Lesson) -> Player {
        Player { lesson, next: 0 }
    }

    /// The lesson.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The step that comes next: its heading, prose and code. None at the end.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.next)
    }

    /// How many steps lie behind.
    pub fn done(&self) -> usize {
        self.next
    }

    /// Runs the code of the next step and goes on to the one after. None if there was no code to run.
    ///
    /// # Errors
    /// What went wrong in the code, with its line in the lesson's script. The step stays the next one.
    pub fn play(&mut self, interpreter: &mut Interpreter) -> Result<Option<Outcome>, Trouble> {
        let Some(step) = self.lesson.steps.get(self.next) else { return Ok(None) };
        let outcome = if step.code.is_empty() {
            None
        } else {
            Some(interpreter.eval(&step.code, &self.lesson.file()).map_err(|trouble| moved(trouble, step.line))?)
        };
        self.next += 1;
        Ok(outcome)
    }

    /// Goes on to the next step without running this one.
    pub fn skip(&mut self) {
        self.next = (self.next + 1).min(self.lesson.steps.len());
    }

    /// Goes back to the step before. What it did in the lab is not taken back.
    pub fn back(&mut self) {
        self.next = self.next.saturating_sub(1);
    }
}

/// The trouble of a step whose code begins at this line of the script.
fn moved(mut trouble: Trouble, first_line: usize) -> Trouble {
    if let Some(place) = trouble.place.as_mut().filter(|place| place.source.is_none()) {
        place.line += first_line - 1;
    }
    trouble
}
