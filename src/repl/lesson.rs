//! Lessons at the prompt: a lab of their own, one step at a time, and a question now and then.

use std::io::{self, BufRead};

use super::screen::Screen;
use crate::course::{Catalogue, Player};
use crate::script::Interpreter;
use crate::session::Session;
use crate::view;

/// A lesson that is being played, and the lab to go back to.
pub(super) struct Class {
    player: Player,
    before: Session,
}

impl Class {
    /// Begins the lesson with this number or name in an empty lab.
    ///
    /// # Errors
    /// A sentence that says what there is instead.
    pub(super) fn begin(
        course: &Catalogue,
        name: &str,
        interpreter: &mut Interpreter,
        screen: &Screen,
    ) -> Result<Class, String> {
        let Some(lesson) = course.lesson(name) else {
            return Err(format!("there is no lesson `{name}`; :lessons lists them"));
        };
        let before = interpreter.session().clone();
        interpreter.replace_session(Session::new(before.world().seed));
        let class = Class { player: Player::new(lesson.clone()), before };
        screen.say(&view::lesson::opening(lesson, screen.look()));
        class.show(screen);
        Ok(class)
    }

    /// Runs the step that is shown, and shows the next one. Gives back whether there is one.
    pub(super) fn next(&mut self, interpreter: &mut Interpreter, screen: &Screen) -> bool {
        match self.player.play(interpreter) {
            Ok(_) => self.show(screen),
            Err(trouble) => {
                screen.say(&view::trouble::trouble(&trouble, None, screen.look()));
                let note = "the lesson stays at this step; :undo takes back what you typed in between, :skip goes on";
                screen.say(&view::trouble::note(note, screen.look()));
            }
        }
        self.player.step().is_some()
    }

    /// Goes on without running the step that is shown.
    pub(super) fn skip(&mut self, screen: &Screen) -> bool {
        self.player.skip();
        self.show(screen);
        self.player.step().is_some()
    }

    /// Ends the lesson: its lab goes, the one from before comes back.
    pub(super) fn leave(self, course: &Catalogue, interpreter: &mut Interpreter, screen: &Screen) {
        let finished = self.player.step().is_none();
        let title = self.player.lesson().title.clone();
        interpreter.replace_session(self.before);
        let how = if finished { "the end of" } else { "you left" };
        screen.say(&view::trouble::note(&format!("{how} \"{title}\"; your own lab is back"), screen.look()));
        for exercise in course.exercises_of(self.player.lesson()) {
            let (title, slug) = (&exercise.title, &exercise.slug);
            let to_go_with_it = format!("      an exercise to go with it, \"{title}\": outside the prompt,");
            screen.say(&view::lesson::said(&to_go_with_it, screen.look()));
            let commands = format!("      longshore exercise {slug} > my.rhai, then longshore grade {slug} my.rhai");
            screen.say(&view::lesson::said(&commands, screen.look()));
        }
    }

    fn show(&self, screen: &Screen) {
        if let Some(step) = self.player.step() {
            screen.line("");
            screen.say(&view::lesson::step(step, screen.look()));
        }
    }
}

/// Asks the learner for a prediction on the terminal: a letter, or Enter to see without one.
pub(super) fn ask(screen: &Screen, question: &crate::script::Question) -> Option<usize> {
    let count = question.choices.len();
    loop {
        let last = crate::script::letter(count - 1);
        let prompt = format!("your prediction, a to {last} (Enter to just see): ");
        screen.ask(&prompt);
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer).ok()?;
        let answer = answer.trim();
        screen.typed(&format!("{prompt}{answer}"));
        if read == 0 || answer.is_empty() {
            return None;
        }
        let said = |index: &usize| answer.eq_ignore_ascii_case(&crate::script::letter(*index).to_string());
        match (0..count).find(said) {
            Some(index) => return Some(index),
            None => screen.say(&view::trouble::note(&format!("type a letter from a to {last}"), screen.look())),
        }
    }
}

/// Plays a whole lesson without a terminal: prose, code and what it prints, from the first step to the last.
pub fn read_through(player: &mut Player, interpreter: &mut Interpreter, screen: &Screen) -> bool {
    screen.say(&view::trouble::note("there is no terminal to type on: the lesson runs through", screen.look()));
    while let Some(step) = player.step() {
        screen.line("");
        screen.say(&view::lesson::step(step, screen.look()));
        if let Err(trouble) = player.play(interpreter) {
            screen.say(&view::trouble::trouble(&trouble, None, screen.look()));
            return false;
        }
    }
    true
}
