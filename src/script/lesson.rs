//! Words of lessons and exercises: `say`, `predict`, `expect`, `answer`.
//!
//! A prediction asks before the observation, and `expect` closes it with what the simulation really did. That must be
//! one of the choices that were offered, so a lesson whose simulation has changed stops instead of telling something
//! wrong.
//!
//! An exercise that asks takes its answers by `answer(question, value)`. They go into the journal like everything else
//! that the learner does, so they are undone, saved and graded like everything else.

use std::fmt;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, NativeCallContext};
use serde_json::Value;

use super::bind::refused;
use super::convert::to_value;
use super::engine::refuse;
use super::guard::INTERRUPTED;
use super::{Host, Interpreter, Output};

type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

/// A question with its choices. They have been put out as text already when somebody is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// What can be answered, in the order of the letters.
    pub choices: Vec<String>,
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Predict: {}", self.text)?;
        let mut choices = self.choices.iter().enumerate();
        choices.try_for_each(|(index, choice)| write!(f, "\n  {}  {choice}", letter(index)))
    }
}

/// What a learner says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The choice with this index.
    Choice(usize),
    /// Nothing: they would rather see.
    See,
    /// They want to do something else: the line ends here, as by Ctrl-C.
    Stop,
}

/// Asks the learner.
pub type Asker = Box<dyn FnMut(&Question) -> Reply>;

/// A prediction that awaits its outcome.
#[derive(Clone, Debug)]
pub struct Prediction {
    question: Question,
    values: Vec<Value>,
    answer: Option<usize>,
}

impl Prediction {
    /// What is asked.
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// The learner says the choice with this index.
    pub fn answer(&mut self, choice: usize) {
        self.answer = Some(choice);
    }
}

impl Interpreter {
    /// Takes the prediction that is open, if there is one.
    pub fn take_prediction(&mut self) -> Option<Prediction> {
        self.host.prediction.take()
    }

    /// Opens a prediction again that was taken.
    pub fn put_prediction(&mut self, prediction: Option<Prediction>) {
        self.host.prediction.replace(prediction);
    }

    /// Does something in which questions are put and nobody is asked: that comes later.
    pub fn asking_later<T>(&mut self, work: impl FnOnce(&mut Interpreter) -> T) -> T {
        self.host.asks_later.set(true);
        let done = work(self);
        self.host.asks_later.set(false);
        done
    }
}

pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let shared = Rc::clone(host);
    engine.register_fn("say", move |value: Dynamic| shared.put(Output::Prose(label(&to_value(&value)))));
    let shared = Rc::clone(host);
    engine.register_fn("predict", move |ctx: NativeCallContext, question: &str, choices: Array| {
        predict(&shared, &ctx, question, &choices)
    });
    let shared = Rc::clone(host);
    engine.register_fn("expect", move |ctx: NativeCallContext, actual: Dynamic| {
        expect(&shared, &ctx, &to_value(&actual))
    });
    let shared = Rc::clone(host);
    engine.register_fn("answer", move |ctx: NativeCallContext, question: &str, value: Dynamic| -> Result<()> {
        let noted = shared.session.borrow_mut().answer(question, to_value(&value));
        noted.map_err(|refusal| refused(&refusal, None, ctx.call_position()))
    });
}

/// Puts a question out, and to the learner if there is one.
fn predict(host: &Host, ctx: &NativeCallContext, text: &str, choices: &Array) -> Result<()> {
    let values: Vec<Value> = choices.iter().map(to_value).collect();
    let distinct = values.iter().enumerate().all(|(index, value)| !values[..index].contains(value));
    if values.len() < 2 || !distinct {
        return Err(refuse(
            ctx,
            "a prediction needs two choices or more, all different",
            "write it like predict(\"How many run?\", [0, 1, 2])",
        ));
    }
    let question = Question { text: text.to_owned(), choices: values.iter().map(label).collect() };
    host.put(Output::Prose(question.to_string()));
    let reply = match host.asker.borrow_mut().as_mut().filter(|_| !host.silent.get() && !host.asks_later.get()) {
        Some(ask) => ask(&question),
        None => Reply::See,
    };
    let answer = match reply {
        Reply::Choice(choice) => Some(choice).filter(|&choice| choice < values.len()),
        Reply::See => None,
        // No `catch` gets to see this.
        Reply::Stop => return Err(EvalAltResult::ErrorTerminated(INTERRUPTED.into(), ctx.call_position()).into()),
    };
    *host.prediction.borrow_mut() = Some(Prediction { question, values, answer });
    Ok(())
}

/// Closes the open prediction with what came about.
fn expect(host: &Host, ctx: &NativeCallContext, actual: &Value) -> Result<()> {
    let Some(Prediction { question, values, answer }) = host.prediction.take() else {
        return Err(refuse(ctx, "there is no open prediction", "ask first: predict(question, choices)"));
    };
    let Some(outcome) = values.iter().position(|value| value == actual) else {
        return Err(refuse(
            ctx,
            &format!("it is {}, which was not among the choices of \"{}\"", label(actual), question.text),
            &format!("offer it in predict; the choices were: {}", question.choices.join(", ")),
        ));
    };
    let verdict = match answer {
        None => String::new(),
        Some(choice) if choice == outcome => ": you were right".to_owned(),
        Some(choice) => format!("; you said {}", question.choices[choice]),
    };
    host.put(Output::Prose(format!("it is {}{verdict}", label(actual))));
    Ok(())
}

/// The letter of a choice: numbers would be mixed up with choices that are numbers.
pub fn letter(index: usize) -> char {
    char::from_u32('a' as u32 + index as u32).unwrap_or('?')
}

/// A value in a sentence: texts without quotes.
fn label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
