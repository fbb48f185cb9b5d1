//! A text from a file, an argument or a pipe: only what the script prints goes out, trouble and notices go aside.

use std::sync::Arc;

use super::crash;
use super::screen::Screen;
use crate::script::Interpreter;
use crate::script::trouble::{Kind, Place, Trouble};
use crate::session::Session;
use crate::view;

/// Whether the value of the last statement is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// Yes, unless it ends with a semicolon.
    Value,
    /// No: a program prints what it wants to say.
    Nothing,
}

/// Evaluates a text and says whether that went well. `name` is how trouble calls the text.
pub fn evaluate(text: &str, name: Option<&str>, echo: Echo, seed: u64, out: &Screen, err: &Screen) -> bool {
    let mut interpreter = super::interpreter(Session::new(seed), Arc::default(), out);
    let text = without_shebang(text);
    let result = crash::catch(|| run(&mut interpreter, &text, name.unwrap_or_default()));
    for notice in interpreter.take_notices() {
        err.say(&view::trouble::note(&notice, err.look()));
    }
    match result {
        Ok(Ok(outcome)) => {
            if echo == Echo::Value && !outcome.quiet {
                out.say(&view::value::value(&outcome.value, out.look()));
            }
            true
        }
        Ok(Err(mut trouble)) => {
            if let Some(place) = trouble.place.as_mut().filter(|place| place.source.as_deref() == name) {
                read_place(place, &text);
            }
            err.say(&view::trouble::trouble(&trouble, name, err.look()));
            false
        }
        Err(crash) => {
            err.say(&view::trouble::error(&crash.sentence(), err.look()));
            err.say(&view::trouble::note(&format!("the same script with --seed {seed} reproduces it"), err.look()));
            false
        }
    }
}

fn run(interpreter: &mut Interpreter, text: &str, name: &str) -> Result<crate::script::Outcome, Trouble> {
    interpreter.compile(text, name)?;
    // What still is incomplete although it compiles is a comment without an end, and whatever stands in it.
    if interpreter.is_incomplete(text) {
        let message = "a comment that begins with `/*` is not closed".to_owned();
        let way_out = "close it with `*/`".to_owned();
        return Err(Trouble { kind: Kind::Syntax, message, because: String::new(), way_out, place: None });
    }
    interpreter.eval(text, name)
}

/// A script that is made to be run by itself may begin with `#!/usr/bin/env -S longshore run`.
fn without_shebang(text: &str) -> String {
    text.strip_prefix("#!").map_or_else(|| text.to_owned(), |rest| format!("// {rest}"))
}

/// Fills in the line that a place is about, and how much of it is meant.
pub(super) fn read_place(place: &mut Place, text: &str) {
    let line = text.lines().nth(place.line - 1).unwrap_or_default();
    let word = line.chars().skip(place.column - 1).take_while(|c| c.is_alphanumeric() || *c == '_').count();
    place.text = line.to_owned();
    place.length = word.max(1);
}
