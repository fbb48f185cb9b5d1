//! Goes through a lesson step by step, in any interpreter. It keeps only the place; what it shows is others' business.

use super::{Lesson, Step};
use crate::script::trouble::Trouble;
use crate::script::{Failed, Interpreter, Outcome};

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
    /// What went wrong in the code, with its line in the lesson's script. The step stays the next one, and what it did
    /// until then is taken back, so that it can be run again.
    pub fn play(&mut self, interpreter: &mut Interpreter) -> Result<Option<Outcome>, Trouble> {
        let Some(step) = self.lesson.steps.get(self.next) else { return Ok(None) };
        let outcome =
            if step.code.is_empty() { None } else { Some(self.run(step, interpreter, Interpreter::eval_or)?) };
        self.next += 1;
        Ok(outcome)
    }

    /// Goes on to the next step without showing anything of this one. It is run all the same, for later steps need what
    /// it makes.
    ///
    /// # Errors
    /// What went wrong in the code; what it did until then is taken back. The lesson goes on without it.
    pub fn skip(&mut self, interpreter: &mut Interpreter) -> Result<(), Trouble> {
        let Some(step) = self.lesson.steps.get(self.next) else { return Ok(()) };
        let result = match step.code.is_empty() {
            true => Ok(()),
            false => self.run(step, interpreter, Interpreter::eval_silently_or).map(drop),
        };
        self.next += 1;
        result
    }

    /// Runs the code of a step, or leaves the lab as it was.
    fn run(
        &self,
        step: &Step,
        interpreter: &mut Interpreter,
        eval: fn(&mut Interpreter, Failed, &str, &str) -> Result<Outcome, Trouble>,
    ) -> Result<Outcome, Trouble> {
        eval(interpreter, Failed::IsTakenBack, &step.code, &self.lesson.file())
            .map_err(|trouble| moved(trouble, step.line))
    }
}

/// The trouble of a step whose code begins at this line of the script.
fn moved(mut trouble: Trouble, first_line: usize) -> Trouble {
    if let Some(place) = trouble.place.as_mut().filter(|place| place.source.is_none()) {
        place.line += first_line - 1;
    }
    trouble
}
