//! Floor 7: grading. Work is judged by the world it produced, in a fresh sandbox, never by anything it printed.
//!
//! The exercise's `setup()` prepares a lab, the submission runs in it within limits, and what it defined is dropped.
//! Each check is then a function called on another engine over a clone of that lab, so a check may push further (crash
//! a task, wait, look again) without being in the way of the next one, and nothing that the learner defined is within
//! its reach.
//!
//! A refusal half-way through a submission does not stop the grading: what was built until then counts.

mod checks;
pub mod class;
pub mod export;
mod grader;
mod harmless;
pub mod lint;
mod record;
mod report;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::course::Exercise;
use crate::script::trouble::{Kind, Trouble};
use crate::script::{Interpreter, ScriptLimits, on_big_stack};
use crate::session::{Limits, Session};
use checks::Checks;

pub use grader::Grader;
pub use record::{CheckRecord, CheckStatus, Record, ScriptError, Status, VERSION};
pub use report::{class_report, one_lab_only, report};

/// What a submission may cost. Far above what a solution needs, far below what would be felt.
const SUBMISSION: ScriptLimits = ScriptLimits { operations: 2_000_000, printed_bytes: 64 * 1024 };

/// The lab in which a submission runs, its checks included.
fn lab_limits() -> Limits {
    Limits { steps_per_line: 2_000_000, facts: 200_000, ..Limits::default() }
}

/// The lab after a submission.
struct Attempt {
    lab: Session,
    /// Where and why it stopped, if it did not run to its end.
    error: Option<ScriptError>,
    /// Why that leaves nothing to grade, if so.
    no_verdict: Option<String>,
}

/// Grades a submission in this process. One that may be hostile belongs into a process of its own: see [`class`].
pub fn grade(exercise: &Exercise, submission: &str, seed: u64) -> Record {
    guarded(exercise, seed, || match Grader::new(exercise) {
        Ok(grader) => grader.grade(submission, seed),
        Err(sentence) => Record::fault(exercise, seed, sentence),
    })
}

/// Grades a lab as it stands, such as the one at the prompt. The lab itself is left alone.
pub fn grade_lab(exercise: &Exercise, lab: &Session) -> Record {
    let seed = lab.world().seed;
    guarded(exercise, seed, || match Checks::read(exercise) {
        Ok(checks) => match checks.begin(seed) {
            Ok(_) => checks.judge(exercise, lab, seed, None),
            Err(sentence) => Record::fault(exercise, seed, sentence),
        },
        Err(sentence) => Record::fault(exercise, seed, sentence),
    })
}

/// The lab in which an exercise begins.
///
/// # Errors
/// What is wrong with the exercise.
pub fn set_up(exercise: &Exercise, lab: Session) -> Result<Session, String> {
    on_big_stack(|| Checks::read(exercise)?.set_up(lab))
}

/// The `n`th hint, from 1, for a submission: it looks at the lab that the submission leads to. None if there are no
/// more.
///
/// # Errors
/// What is wrong with the exercise.
pub fn hint(exercise: &Exercise, submission: &str, seed: u64, n: usize) -> Result<Option<String>, String> {
    on_big_stack(|| {
        let checks = Checks::read(exercise)?;
        let begun = checks.begin(seed)?;
        let Attempt { lab, error, .. } = attempt(&mut runner(), begun, submission);
        checks.hint(&lab, error.as_ref(), n)
    })
}

/// The `n`th hint, from 1, for a lab as it stands. None if there are no more.
///
/// # Errors
/// What is wrong with the exercise.
pub fn hint_in_lab(exercise: &Exercise, lab: &Session, n: usize) -> Result<Option<String>, String> {
    on_big_stack(|| {
        let checks = Checks::read(exercise)?;
        checks.begin(lab.world().seed)?;
        checks.hint(lab, None, n)
    })
}

fn new_lab(seed: u64) -> Session {
    Session::with_limits(seed, lab_limits())
}

/// A bug of longshore is not the learner's: it ends in a record that says so.
fn guarded(exercise: &Exercise, seed: u64, work: impl FnOnce() -> Record + Send) -> Record {
    catch_unwind(AssertUnwindSafe(|| on_big_stack(work))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("it did not say why");
        Record::fault(exercise, seed, format!("longshore itself failed: {text}"))
    })
}

/// What runs submissions, one after the other. Whatever they print goes nowhere.
fn runner() -> Interpreter {
    Interpreter::with_limits(Session::new(0), Box::new(|_| {}), SUBMISSION)
}

/// Runs a submission.
fn attempt(runner: &mut Interpreter, lab: Session, submission: &str) -> Attempt {
    let (lab, ran) = runner.run_alone(lab, submission, "submission");
    let trouble = ran.err();
    Attempt { lab, error: trouble.as_ref().map(ScriptError::from), no_verdict: trouble.as_ref().and_then(why_not) }
}

/// Why there is nothing to grade after this trouble, if so.
fn why_not(trouble: &Trouble) -> Option<String> {
    match trouble.kind {
        Kind::Syntax => Some("the submission is not a script that can be read".to_owned()),
        Kind::Limit | Kind::Interrupted => Some(format!("the submission reached a limit: {}", trouble.message)),
        Kind::Refused | Kind::Script => None,
    }
}
