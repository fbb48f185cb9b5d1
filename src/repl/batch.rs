//! A text from a file, an argument or a pipe: only what the script prints goes out, trouble and notices go aside.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use super::screen::Screen;
use super::{command, crash};
use crate::script::trouble::Kind;
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

/// Evaluates a text in a lab and says whether that went well. `name` is how trouble calls the text.
pub fn evaluate(text: &str, name: Option<&str>, echo: Echo, lab: Session, out: &Screen, err: &Screen) -> bool {
    evaluate_and(text, name, echo, lab, (out, err), |_| {})
}

/// The same, and then, if it went well, something with the lab that it led to. The screens are for what the script
/// prints, and for what is said of it.
pub fn evaluate_and(
    text: &str,
    name: Option<&str>,
    echo: Echo,
    lab: Session,
    (out, err): (&Screen, &Screen),
    then: impl FnOnce(&Session),
) -> bool {
    let seed = lab.world().seed;
    // The process ends when this is done: taking the interpreter apart would be for nothing.
    let mut interpreter = ManuallyDrop::new(super::interpreter(lab, Arc::default(), out));
    let text = without_shebang(text);
    let result = crash::catch(|| interpreter.eval(&text, name.unwrap_or_default()));
    for notice in interpreter.take_notices() {
        err.say(&view::trouble::note(&notice, err.look()));
    }
    match result {
        Ok(Ok(outcome)) => {
            if echo == Echo::Value && !outcome.quiet {
                out.say(&view::value::value(&outcome.value, out.look()));
            }
            then(&interpreter.session());
            true
        }
        Ok(Err(mut trouble)) => {
            if let Some(place) = trouble.place.as_mut().filter(|place| place.source.as_deref() == name) {
                place.read(&text);
                if trouble.kind == Kind::Syntax && command::is_command(&place.text) {
                    trouble.way_out = format!("`{}` is for the prompt: start longshore and type it", place.text.trim());
                }
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

/// A script that is made to be run by itself may begin with `#!/usr/bin/env -S longshore run`.
fn without_shebang(text: &str) -> String {
    text.strip_prefix("#!").map_or_else(|| text.to_owned(), |rest| format!("// {rest}"))
}
