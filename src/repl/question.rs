//! Questions at the prompt: a letter answers, a command is done instead, and Ctrl-C stops what asks.

use std::cell::RefCell;
use std::rc::Rc;

use super::command::{self, Command};
use super::screen::Screen;
use super::{find, manual};
use crate::script::{Question, Reply, letter};
use crate::view;

/// What came when somebody was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// A line.
    Line(String),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D, or the end of what can be read.
    End,
}

/// Reads a line behind a prompt.
pub(super) type Reader = Box<dyn FnMut(&str) -> Typed>;

/// A command that was typed where an answer was due. Whoever was asking ends first, then it is done.
pub(super) type Aside = Rc<RefCell<Option<String>>>;

/// Asks until there is an answer, or something else to do. Help is given at once; other commands wait in `aside`.
pub(super) fn ask(read: &mut Reader, screen: &Screen, aside: &Aside, question: &Question) -> Reply {
    let count = question.choices.len();
    let last = letter(count - 1);
    let prompt = format!("your prediction, a to {last} (Enter to just see): ");
    loop {
        let line = match read(&prompt) {
            Typed::Line(line) => line,
            Typed::Interrupted => return Reply::Stop,
            Typed::End => ":quit".to_owned(),
        };
        let line = line.trim();
        screen.typed(&format!("{prompt}{line}"));
        if line.is_empty() {
            return Reply::See;
        }
        let said = |index: &usize| line.eq_ignore_ascii_case(&letter(*index).to_string());
        if let Some(index) = (0..count).find(said) {
            return Reply::Choice(index);
        }
        let look = screen.look();
        if !command::is_command(line) {
            let note = format!("type a letter from a to {last}, or a command such as :leave");
            screen.say(&view::trouble::note(&note, look));
            continue;
        }
        match command::parse(line) {
            Err(trouble) => screen.say(&view::trouble::trouble(&trouble, None, look)),
            Ok(Command::Help(words)) => screen.say(&manual::about(&words, look)),
            Ok(Command::Find(words)) => screen.say(&find::find(&words, look)),
            Ok(_) => {
                aside.replace(Some(line.to_owned()));
                return Reply::Stop;
            }
        }
    }
}
