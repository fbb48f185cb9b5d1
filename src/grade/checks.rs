//! `checks.rhai`: how an exercise is graded, in script.
//!
//! - `fn check_*()`, each under a `///` sentence that the learner reads. It fails by `fail(expected, actual, help)`, by
//!   throwing a text, or by an operation that is refused; it passes by coming to its end without a value.
//! - `fn points()`: a map from checks to points; one point where nothing is said.
//! - `fn needs()`: a map from a check to the earlier checks without which it makes no sense.
//! - `fn setup()`: prepares the lab before the submission runs.
//! - `fn hint(n)`: the nth hint, from 1, or nothing after the last; it may look at the lab.
//! - `fn mistakes()`: wrong answers, each `#{ code, check, message }`: that check must fail with that message.
//! - `fn right()`: right answers beside the solution, each a script: all checks must pass.
//!
//! An exercise that asks takes answers by `answer("question", value)`. Its checks see them by `answered("question")`,
//! `()` where there is none, compare them with what the simulation really does, and fail by
//! `wrong_answer("question", help)`, which tells the learner what they answered and not what is right. `afresh()` puts
//! the lab that `setup()` leaves in the place of the learner's, so that nothing they tried out is in the way.
//!
//! What the checks of several exercises need stands in the course's own `checks.rhai`, beside the folders of its
//! lessons, and is there after the functions of each.
//!
//! `stopped()` is what stopped the submission, as text, or `()` where it came to its end or where there is none: for
//! help and hints, which should not contradict what the learner has just read. Nothing passes or fails by it.
//!
//! `renamed("prod")` is `prod-` and four digits that depend on the lab's seed. An exercise that names its resources
//! so in `setup()` and in its checks, and in its task only says how to find them, tells those who look from those who
//! copied what they once saw: hidden seeds have other names. A submission's own text is never rewritten, for a name
//! can be put together in more ways than a grader can see, and a right answer must not be refused.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rhai::serde::from_dynamic;
use rhai::{AST, Dynamic};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::new_lab;
use super::record::{CheckRecord, CheckStatus, Record, ScriptError, Status};
use super::words::{self, Failure};
use crate::course::{Exercise, LIBRARY, LIBRARY_BEGINS};
use crate::script::trouble::{Kind, Trouble};
use crate::script::{Interpreter, Script, ScriptLimits};
use crate::session::Session;

/// What one check may cost.
const CHECK: ScriptLimits = ScriptLimits { operations: 2_000_000, printed_bytes: 64 * 1024 };

/// The checks of an exercise.
pub(super) struct Checks {
    script: Script,
    /// Calls the functions. Learners' code never enters it, so one serves every submission.
    caller: RefCell<Interpreter>,
    /// What `fail` was told in the last call.
    failure: Rc<RefCell<Option<Failure>>>,
    /// The seed of the lab that is looked at.
    seed: Rc<Cell<u64>>,
    /// What was answered in the lab that is looked at.
    answers: Rc<RefCell<BTreeMap<String, Value>>>,
    /// What stopped the submission that led to the lab.
    stopped: Rc<RefCell<Option<String>>>,
    /// The labs in which the exercise begins, by seed.
    begun: Rc<RefCell<BTreeMap<u64, Session>>>,
    /// The name of the script, for errors.
    file: String,
    /// Its text, for errors.
    text: String,
    checks: Vec<Check>,
}

struct Check {
    id: String,
    description: String,
    max: u32,
    needs: Vec<String>,
}

/// A wrong answer, and what it must be told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mistake {
    /// The answer.
    pub(super) code: String,
    /// The check that must fail.
    pub(super) check: String,
    /// Words in what it says then.
    pub(super) message: String,
}

impl Checks {
    /// Reads the checks of an exercise.
    pub(super) fn read(exercise: &Exercise) -> Result<Checks, String> {
        let file = format!("{}/checks.rhai", exercise.name());
        let mut caller = Interpreter::with_limits(Session::new(0), Box::new(|_| {}), CHECK);
        let script =
            caller.compile(&exercise.checks, &file).map_err(|trouble| sentence(&file, &exercise.checks, &trouble))?;
        let (failure, seed, begun) = (Rc::default(), Rc::default(), Rc::default());
        let (answers, stopped) = (Rc::default(), Rc::default());
        words::fail(&mut caller, &failure);
        words::renamed(&mut caller, &seed);
        words::answered(&mut caller, &answers);
        words::wrong_answer(&mut caller, &failure, &answers);
        words::stopped(&mut caller, &stopped);
        words::afresh(&mut caller, &seed, &begun);
        let caller = RefCell::new(caller);
        let checks = Vec::new();
        let mut checks = Checks {
            script,
            caller,
            failure,
            seed,
            answers,
            stopped,
            begun,
            file,
            text: exercise.checks.clone(),
            checks,
        };
        checks.checks = checks.list(&exercise.checks)?;
        if checks.checks.is_empty() {
            return Err(format!("{}: there are no functions check_*", checks.file));
        }
        Ok(checks)
    }

    /// The checks in the order of the text, with points and needs.
    fn list(&self, text: &str) -> Result<Vec<Check>, String> {
        let empty = Session::new(0);
        let mut points: BTreeMap<String, u32> = self.data("points", &empty)?.unwrap_or_default();
        let mut needs: BTreeMap<String, Vec<String>> = self.data("needs", &empty)?.unwrap_or_default();
        let functions = self.ast().iter_functions().filter(|function| function.name.starts_with("check_"));
        let mut functions: Vec<_> = functions.collect();
        functions.sort_by_key(|function| text.find(&format!("fn {}(", function.name)));
        let mut checks: Vec<Check> = Vec::new();
        for function in functions {
            let id = function.name.to_owned();
            let lines = function.comments.iter().flat_map(|comment| comment.lines());
            let words: Vec<&str> = lines.map(|line| line.trim_start_matches('/').trim()).collect();
            let description = words.join(" ");
            if description.is_empty() || !function.params.is_empty() {
                let rule = "a check takes nothing and has a `///` sentence above it";
                return Err(format!("{}: {id}: {rule}", self.file));
            }
            let needs = needs.remove(&id).unwrap_or_default();
            if let Some(unknown) = needs.iter().find(|need| checks.iter().all(|check| check.id != **need)) {
                return Err(format!("{}: {id} needs {unknown}, which is no earlier check", self.file));
            }
            let max = points.remove(&id).unwrap_or(1);
            checks.push(Check { id, description, max, needs });
        }
        if let Some(unknown) = points.keys().chain(needs.keys()).next() {
            return Err(format!("{}: points() or needs() names {unknown}, which is no check", self.file));
        }
        Ok(checks)
    }

    /// Prepares a lab.
    pub(super) fn set_up(&self, mut lab: Session) -> Result<Session, String> {
        self.seed.set(lab.world().seed);
        lab.begin_line("setup()");
        if self.has("setup") {
            let mut interpreter = Interpreter::new(lab, Box::new(|_| {}));
            words::renamed(&mut interpreter, &self.seed);
            let done = interpreter.call(&self.script, "setup", Vec::new());
            done.map_err(|trouble| sentence(&self.file, &self.text, &trouble)).map(drop)?;
            lab = interpreter.into_session();
        }
        lab.end_line();
        Ok(lab)
    }

    /// The lab in which the exercise begins, with this seed. It is prepared once.
    pub(super) fn begin(&self, seed: u64) -> Result<Session, String> {
        if let Some(lab) = self.begun.borrow().get(&seed) {
            return Ok(lab.clone());
        }
        let lab = self.set_up(new_lab(seed))?;
        self.begun.borrow_mut().insert(seed, lab.clone());
        Ok(lab)
    }

    /// The nth hint for a lab, and for what stopped the submission that led to it.
    pub(super) fn hint(&self, lab: &Session, error: Option<&ScriptError>, n: usize) -> Result<Option<String>, String> {
        self.stopped.replace(error.map(|error| error.message.clone()));
        if !self.has("hint") {
            return Ok(None);
        }
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let hint = self.call("hint", lab, vec![n.into()])?;
        match hint.is_unit() {
            true => Ok(None),
            false => hint.into_string().map(Some).map_err(|kind| format!("{}: hint({n}) gave {kind}", self.file)),
        }
    }

    /// The wrong answers that the exercise knows.
    pub(super) fn mistakes(&self) -> Result<Vec<Mistake>, String> {
        let mistakes: Vec<Mistake> = self.data("mistakes", &Session::new(0))?.unwrap_or_default();
        match mistakes.iter().find(|mistake| self.checks.iter().all(|check| check.id != mistake.check)) {
            Some(mistake) => Err(format!("{}: mistakes() names {}, which is no check", self.file, mistake.check)),
            None => Ok(mistakes),
        }
    }

    /// The right answers that the exercise knows beside its solution.
    pub(super) fn right(&self) -> Result<Vec<String>, String> {
        Ok(self.data("right", &Session::new(0))?.unwrap_or_default())
    }

    /// The checks' names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.checks.iter().map(|check| check.id.as_str())
    }

    /// The script.
    pub(super) fn ast(&self) -> &AST {
        self.script.ast()
    }

    /// Looks at a lab with every check.
    pub(super) fn judge(&self, exercise: &Exercise, lab: &Session, seed: u64, error: Option<ScriptError>) -> Record {
        self.stopped.replace(error.as_ref().map(|error| error.message.clone()));
        let mut records: Vec<CheckRecord> = Vec::new();
        let mut no_verdict = None;
        for check in &self.checks {
            let passed = |id: &String| records.iter().any(|r| r.id == *id && r.status == CheckStatus::Pass);
            let missing = check.needs.iter().find(|need| !passed(need));
            let missing = missing.and_then(|need| self.checks.iter().find(|check| check.id == *need));
            let record = match missing {
                Some(need) => skipped(check, format!("needs another one first: {}", need.description)),
                None => {
                    let (record, trouble) = self.look(check, lab);
                    no_verdict = no_verdict.or(trouble);
                    record
                }
            };
            records.push(record);
        }
        Record::new(exercise, seed, records, no_verdict, error)
    }

    /// The record of a submission that there is nothing to see of, for this reason.
    pub(super) fn give_up(
        &self,
        exercise: &Exercise,
        seed: u64,
        reason: (Status, String),
        error: Option<ScriptError>,
    ) -> Record {
        let checks = self.checks.iter().map(|check| skipped(check, "not looked at".to_owned())).collect();
        Record::new(exercise, seed, checks, Some(reason), error)
    }

    /// Calls one check on a clone of the lab. With its record comes why there can be no verdict, if so.
    fn look(&self, check: &Check, lab: &Session) -> (CheckRecord, Option<(Status, String)>) {
        let result = self.try_call(&check.id, lab, Vec::new());
        let failure = self.failure.take();
        match (result, failure) {
            (Ok(value), _) if value.is_unit() => (passed(check), None),
            (Ok(value), _) => self.broken(check, format!("it gave {value}; a check ends without a value, or fails")),
            (Err(_), Some(failure)) => (failed(check, failure), None),
            (Err(trouble), None) => match (trouble.kind, trouble.thrown()) {
                (Kind::Refused, _) => (refused(check, &trouble), None),
                (_, Some(thrown)) => (threw(check, thrown), None),
                (Kind::Limit, _) => {
                    let reason = format!("the lab that the submission leaves is too large: {}", trouble.message);
                    (errored(check, trouble.message), Some((Status::NotGradable, reason)))
                }
                _ => self.broken(check, sentence(&self.file, &self.text, &trouble)),
            },
        }
    }

    fn broken(&self, check: &Check, why: String) -> (CheckRecord, Option<(Status, String)>) {
        let reason = format!("{} is broken: {why}", check.id);
        (errored(check, why), Some((Status::GraderFault, reason)))
    }

    fn has(&self, function: &str) -> bool {
        self.ast().iter_functions().any(|known| known.name == function)
    }

    /// Calls a function of the exercise's on a clone of the lab.
    fn call(&self, function: &str, lab: &Session, arguments: Vec<Dynamic>) -> Result<Dynamic, String> {
        self.try_call(function, lab, arguments).map_err(|trouble| sentence(&self.file, &self.text, &trouble))
    }

    fn try_call(&self, function: &str, lab: &Session, arguments: Vec<Dynamic>) -> Result<Dynamic, Trouble> {
        let mut lab = lab.clone();
        lab.begin_line(function);
        self.failure.take();
        self.seed.set(lab.world().seed);
        self.answers.replace(lab.answers());
        let mut caller = self.caller.borrow_mut();
        let resting = caller.replace_session(lab);
        let result = caller.call(&self.script, function, arguments);
        caller.replace_session(resting);
        result
    }

    /// What a function without arguments says, as data of a known shape. None if there is no such function.
    fn data<T: DeserializeOwned>(&self, function: &str, lab: &Session) -> Result<Option<T>, String> {
        if !self.has(function) {
            return Ok(None);
        }
        let value = self.call(function, lab, Vec::new())?;
        from_dynamic(&value).map(Some).map_err(|error| format!("{}: {function}(): {error}", self.file))
    }
}

fn blank(check: &Check, status: CheckStatus) -> CheckRecord {
    CheckRecord {
        id: check.id.clone(),
        description: check.description.clone(),
        status,
        points: 0,
        max: check.max,
        expected: None,
        actual: None,
        rationale: String::new(),
        help: String::new(),
    }
}

fn passed(check: &Check) -> CheckRecord {
    CheckRecord { points: check.max, ..blank(check, CheckStatus::Pass) }
}

fn failed(check: &Check, failure: Failure) -> CheckRecord {
    let plain = |value: &Value| match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let blank = blank(check, CheckStatus::Fail);
    match failure {
        Failure::Found { expected, actual, help } => {
            let rationale = format!("expected {}, and it is {}", plain(&expected), plain(&actual));
            CheckRecord { expected: Some(expected), actual: Some(actual), rationale, help, ..blank }
        }
        Failure::Answered { question, given, similar, help } => {
            let rationale = match (&given, similar) {
                (Some(given), _) => format!("you answered {}, and the lab does something else", plain(given)),
                (None, Some(similar)) => {
                    format!("there is no answer to `{question}`; `{similar}`, which you answered, is not asked")
                }
                (None, None) => format!("there is no answer to `{question}` yet"),
            };
            CheckRecord { actual: given, rationale, help, ..blank }
        }
    }
}

/// An operation said no: its sentence, its reason, its way out.
fn refused(check: &Check, trouble: &Trouble) -> CheckRecord {
    let because = match trouble.because.as_str() {
        "" => String::new(),
        because => format!("\nbecause {because}"),
    };
    let rationale = format!("{}{because}", trouble.message);
    CheckRecord { rationale, help: trouble.way_out.clone(), ..blank(check, CheckStatus::Fail) }
}

/// The check threw a text.
fn threw(check: &Check, text: &str) -> CheckRecord {
    CheckRecord { rationale: text.to_owned(), ..blank(check, CheckStatus::Fail) }
}

fn errored(check: &Check, why: String) -> CheckRecord {
    CheckRecord { rationale: why, ..blank(check, CheckStatus::Error) }
}

fn skipped(check: &Check, why: String) -> CheckRecord {
    CheckRecord { rationale: why, ..blank(check, CheckStatus::Skipped) }
}

/// A trouble in the exercise's own script or in the library beneath it, with its place.
fn sentence(file: &str, checks: &str, trouble: &Trouble) -> String {
    let Some(place) = &trouble.place else { return format!("{file}: {}", trouble.message) };
    let own = checks.lines().position(|line| line == LIBRARY_BEGINS).map_or(usize::MAX, |before| before + 1);
    match place.line.checked_sub(own) {
        Some(line) if line > 0 => format!("{LIBRARY}, line {line}: {}", trouble.message),
        _ => format!("{file}, line {}: {}", place.line, trouble.message),
    }
}
