//! Floor 9: the prompt. Lines come in, go down to the script floor, and what they did comes back up as text.
//!
//! [`shell::Shell`] takes one submitted text after the other and knows no terminal; [`open`] puts a line editor in
//! front of it. [`batch`] is for texts that come from a file or a pipe: no prompt, no facts, only what the script
//! prints.

pub mod batch;
mod command;
mod complete;
mod context;
pub mod crash;
mod editor;
mod exercise;
mod files;
mod find;
mod foreign;
mod forks;
mod headlines;
mod highlight;
mod hint;
mod history;
pub mod lesson;
mod manual;
mod paste;
mod question;
mod room;
pub mod screen;
pub mod shell;
#[cfg(test)]
mod testing;
mod visit;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::course::Catalogue;
use crate::script::{Interpreter, Output};
use crate::session::Session;
use crate::view;
use screen::Screen;
use shell::{Next, Shell};

/// Opens the prompt, with a lesson if one is named, and stays until somebody leaves.
///
/// # Errors
/// What the terminal refused.
pub fn open(session: Session, course: Catalogue, lesson: Option<&str>, screen: &Screen) -> Result<(), String> {
    let flag = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&flag))
        .map_err(|error| format!("cannot listen for Ctrl-C: {error}"))?;
    let interpreter = Rc::new(RefCell::new(interpreter(session, flag, screen)));
    let course = Rc::new(course);
    let mut editor = editor::Editor::new(Rc::clone(&interpreter), Rc::clone(&course), screen)?;
    let mut shell = Shell::new(interpreter, course, screen.clone());
    shell.ask_through(editor.answers());
    screen.say(&shell.welcome());
    if let Some(name) = lesson {
        shell.submit(&format!(":lesson {name}"));
    }
    loop {
        let Some(text) = editor.read(&shell.prompt(), shell.other_labs())? else { return Ok(()) };
        if shell.submit(&text) == Next::Leave {
            return Ok(());
        }
    }
}

/// An interpreter for a lab that prints to a screen and that nobody can interrupt.
pub fn interpreter_for(session: Session, screen: &Screen) -> Rc<RefCell<Interpreter>> {
    Rc::new(RefCell::new(interpreter(session, Arc::default(), screen)))
}

/// An interpreter that prints to a screen and listens to a flag.
pub(crate) fn interpreter(mut session: Session, interrupt: Arc<AtomicBool>, screen: &Screen) -> Interpreter {
    session.set_interrupt_flag(interrupt);
    let screen = screen.clone();
    let printer = move |output| match output {
        Output::Text(text) => screen.say(&text),
        Output::Prose(text) => screen.say(&view::lesson::said(&text, screen.look())),
        Output::Value(value) => screen.say(&view::value::value(&value, screen.look())),
    };
    Interpreter::new(session, Box::new(printer))
}
