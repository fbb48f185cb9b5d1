//! Goes through a lesson step by step, in any interpreter. It keeps only the place, and the question that is open; what
//! it shows is others' business.
//!
//! A step that asks is run in parts: up to the question, and on from there once there is an answer or none is wanted.
//! In between the lab is the learner's, as between two steps.

use super::{Lesson, Step};
use crate::script::trouble::Trouble;
use crate::script::{Failed, Interpreter, Outcome, Prediction, Question};

/// A lesson that is being played.
#[derive(Clone, Debug)]
pub struct Player {
    lesson: Lesson,
    next: usize,
    /// How many parts of the next step lie behind.
    part: usize,
    /// The prediction that is open.
    asked: Option<Prediction>,
}

impl Player {
    /// Begins a lesson.
    pub fn new(lesson: Lesson) -> Player {
        Player { lesson, next: 0, part: 0, asked: None }
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

    /// The question at which a step stands.
    pub fn question(&self) -> Option<&Question> {
        self.asked.as_ref().filter(|_| self.part > 0).map(Prediction::question)
    }

    /// The learner answers it by the choice with this index.
    pub fn answer(&mut self, choice: usize) {
        if let Some(asked) = &mut self.asked {
            asked.answer(choice);
        }
    }

    /// Runs the code of the next step to its end and goes on to the one after.
    ///
    /// # Errors
    /// As for [`Player::play_part`].
    pub fn play(&mut self, interpreter: &mut Interpreter) -> Result<(), Trouble> {
        while !self.play_part(interpreter)? {}
        Ok(())
    }

    /// Runs the code of the next step to its next question, or to its end, and says whether it is at its end.
    ///
    /// # Errors
    /// What went wrong in the code, with its line in the lesson's script. What that part did until then is taken back,
    /// and it stays the next one, so that it can be run again.
    pub fn play_part(&mut self, interpreter: &mut Interpreter) -> Result<bool, Trouble> {
        self.run_part(interpreter, |interpreter, code, file| interpreter.eval_or(Failed::IsTakenBack, code, file))
    }

    /// Goes on to the next step without showing anything of this one. It is run all the same, for later steps need what
    /// it makes.
    ///
    /// # Errors
    /// What went wrong in the code; what that part did until then is taken back. The lesson goes on without it.
    pub fn skip(&mut self, interpreter: &mut Interpreter) -> Result<(), Trouble> {
        let step = self.next;
        while self.next == step && step < self.lesson.steps.len() {
            let silently =
                |lab: &mut Interpreter, code: &str, file: &str| lab.eval_silently_or(Failed::IsTakenBack, code, file);
            if let Err(trouble) = self.run_part(interpreter, silently) {
                (self.next, self.part, self.asked) = (step + 1, 0, None);
                return Err(trouble);
            }
        }
        Ok(())
    }

    /// Runs a part, or leaves the lab as it was.
    fn run_part(
        &mut self,
        interpreter: &mut Interpreter,
        eval: impl FnOnce(&mut Interpreter, &str, &str) -> Result<Outcome, Trouble>,
    ) -> Result<bool, Trouble> {
        let Some(step) = self.lesson.steps.get(self.next) else { return Ok(true) };
        let parts = step.parts();
        let Some(part) = parts.get(self.part) else { return Ok(true) };
        interpreter.put_prediction(self.asked.clone());
        let file = self.lesson.file();
        let result = match (part.code.is_empty(), part.asks) {
            (true, _) => Ok(()),
            (false, true) => interpreter.asking_later(|lab| eval(lab, part.code, &file)).map(drop),
            (false, false) => eval(interpreter, part.code, &file).map(drop),
        };
        let asked = interpreter.take_prediction();
        result.map_err(|trouble| moved(trouble, part.line))?;
        self.asked = asked;
        self.part += 1;
        let is_over = self.part == parts.len();
        if is_over {
            (self.next, self.part) = (self.next + 1, 0);
        }
        Ok(is_over)
    }
}

/// The trouble of code that begins at this line of the script.
fn moved(mut trouble: Trouble, first_line: usize) -> Trouble {
    if let Some(place) = trouble.place.as_mut().filter(|place| place.source.is_none()) {
        place.line += first_line - 1;
    }
    trouble
}
