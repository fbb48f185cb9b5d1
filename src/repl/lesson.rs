//! A lesson at the prompt, one step at a time; and one that runs through where nobody can type.

use super::screen::Screen;
use crate::course::{Lesson, Player};
use crate::script::trouble::Kind;
use crate::script::{Interpreter, Question};
use crate::view;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It has been run.
    Done,
    /// It has said why it cannot be run; what it did is taken back.
    Failed,
    /// It stands at a question.
    Asks,
    /// Somebody stopped it; what it did is taken back.
    Stopped,
}

/// A lesson that is being played.
pub(super) struct Class {
    player: Player,
}

impl Class {
    /// Begins a lesson.
    pub(super) fn new(lesson: Lesson) -> Class {
        Class { player: Player::new(lesson) }
    }

    /// Shows what it is about, and the step that comes next.
    pub(super) fn show(&self, screen: &Screen) {
        screen.say(&view::lesson::opening(self.lesson(), screen.look()));
        show(&self.player, screen);
        if let Some(question) = self.question() {
            screen.line("");
            screen.say(&view::lesson::said(&question.to_string(), screen.look()));
        }
    }

    /// The lesson.
    pub(super) fn lesson(&self) -> &Lesson {
        self.player.lesson()
    }

    /// How many steps lie behind.
    pub(super) fn done(&self) -> usize {
        self.player.done()
    }

    /// The question at which the step stands.
    pub(super) fn question(&self) -> Option<&Question> {
        self.player.question()
    }

    /// The learner answers it by the choice with this index.
    pub(super) fn answer(&mut self, choice: usize) {
        self.player.answer(choice);
    }

    /// Whether there is no further step.
    pub(super) fn finished(&self) -> bool {
        self.player.step().is_none()
    }

    /// Runs the step that is shown up to its next question; or to its end, and shows the next one.
    pub(super) fn next(&mut self, interpreter: &mut Interpreter, screen: &Screen) -> Turn {
        let result = self.player.play_part(interpreter);
        say_notices(interpreter, screen);
        match result {
            Ok(true) => show(&self.player, screen),
            Ok(false) => return Turn::Asks,
            Err(trouble) if trouble.kind == Kind::Interrupted => {
                // The terminal may have written `^C`.
                screen.line("");
                return Turn::Stopped;
            }
            Err(trouble) => {
                screen.say(&view::trouble::trouble(&trouble, None, screen.look()));
                let note = "what the step did is taken back, and the lesson stays at it; :undo takes back what you \
                            typed in between, :skip goes on";
                screen.say(&view::trouble::note(note, screen.look()));
                return Turn::Failed;
            }
        }
        Turn::Done
    }

    /// Runs the step without showing it, and goes on.
    pub(super) fn skip(&mut self, interpreter: &mut Interpreter, screen: &Screen) -> Turn {
        if let Err(trouble) = self.player.skip(interpreter) {
            screen.say(&view::trouble::trouble(&trouble, None, screen.look()));
            let note = "the lesson goes on without what this step makes; later ones may miss it";
            screen.say(&view::trouble::note(note, screen.look()));
        }
        show(&self.player, screen);
        Turn::Done
    }
}

/// Says what the operations of a step had to say beside their answers.
fn say_notices(interpreter: &mut Interpreter, screen: &Screen) {
    for notice in interpreter.take_notices() {
        screen.say(&view::trouble::note(&notice, screen.look()));
    }
}

/// Shows the step that comes next, if there is one.
fn show(player: &Player, screen: &Screen) {
    if let Some(step) = player.step() {
        let place = (player.done() + 1, player.lesson().steps.len());
        screen.line("");
        screen.say(&view::lesson::step(step, place, screen.look()));
    }
}

/// Plays a whole lesson without a terminal: prose, code and what it prints, from the first step to the last.
pub fn read_through(player: &mut Player, interpreter: &mut Interpreter, screen: &Screen) -> bool {
    screen.say(&view::trouble::note("there is no terminal to type on: the lesson runs through", screen.look()));
    while player.step().is_some() {
        show(player, screen);
        let result = player.play(interpreter);
        say_notices(interpreter, screen);
        if let Err(trouble) = result {
            screen.say(&view::trouble::trouble(&trouble, None, screen.look()));
            return false;
        }
    }
    true
}
