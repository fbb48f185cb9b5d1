//! Whether a lesson runs: whole and step by step alike, with every prediction closed.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Proof, script};
use crate::course::{CourseError, Lesson, Player};
use crate::script::trouble::Trouble;
use crate::script::{Interpreter, Output};
use crate::session::{DEFAULT_SEED, Session};

/// How the commands of the real world are shown in prose.
const SHELL: &str = "```sh";

/// Runs a lesson as one script, and gives back what it put out; values as JSON. It needs a big stack.
///
/// # Errors
/// What went wrong, by file and line.
pub fn headless(lesson: &Lesson) -> Result<String, CourseError> {
    let (mut interpreter, said) = collecting();
    interpreter.eval(&lesson.source, &lesson.file()).map_err(|trouble| error(lesson, &trouble))?;
    Ok(said.take())
}

/// Proves a lesson. It needs a big stack.
pub fn lesson(lesson: &Lesson) -> Proof {
    let mut wrong = Vec::new();
    let mut says = |line, message: &str| wrong.push(CourseError::new(lesson.file(), line, message));
    let asked = script::calls(&lesson.source, "predict");
    let closed = script::calls(&lesson.source, "expect");
    match (asked.first(), closed.len()) {
        (None, _) => says(None, "a lesson asks before it shows: predict(question, choices), then expect(actual)"),
        (Some(line), count) if count != asked.len() => {
            says(Some(*line), &format!("{} predictions are asked and {count} are closed by expect", asked.len()));
        }
        _ => {}
    }
    if !lesson.steps.iter().any(|step| step.prose.contains(SHELL)) {
        says(None, "nothing says what the commands are in real AWS: show them in a ```sh block");
    }
    match (headless(lesson), step_by_step(lesson)) {
        (Ok(whole), Ok(stepwise)) if whole != stepwise => {
            let line = whole.lines().zip(stepwise.lines()).find(|(one, other)| one != other);
            let line = line.map_or("one says more", |(one, _)| one);
            wrong.push(CourseError::new(lesson.file(), None, format!("step by step it says something else: {line}")));
        }
        (Ok(_), Ok(_)) => {}
        (Err(error), _) | (_, Err(error)) => wrong.push(error),
    }
    let tried = format!("{} steps, {} predictions", lesson.steps.len(), asked.len());
    Proof { name: lesson.folder(), tried, wrong }
}

fn step_by_step(lesson: &Lesson) -> Result<String, CourseError> {
    let (mut interpreter, said) = collecting();
    let mut player = Player::new(lesson.clone());
    while player.step().is_some() {
        player.play(&mut interpreter).map_err(|trouble| error(lesson, &trouble))?;
    }
    Ok(said.take())
}

/// An interpreter, and what it has put out; values as JSON.
pub fn collecting() -> (Interpreter, Rc<RefCell<String>>) {
    let said: Rc<RefCell<String>> = Rc::default();
    let printer = Rc::clone(&said);
    let print = move |output: Output| {
        let text = match output {
            Output::Text(text) | Output::Prose(text) => text,
            Output::Value(value) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        };
        printer.borrow_mut().push_str(&format!("{text}\n"));
    };
    (Interpreter::new(Session::new(DEFAULT_SEED), Box::new(print)), said)
}

fn error(lesson: &Lesson, trouble: &Trouble) -> CourseError {
    let line = trouble.place.as_ref().filter(|place| place.source.is_none()).map(|place| place.line);
    CourseError::new(lesson.file(), line, trouble.message.clone())
}
