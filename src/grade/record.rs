//! The result of a grading, as plain data: the same submission and seed give the same bytes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::course::Exercise;
use crate::script::trouble::Trouble;

/// The version of the record's form.
pub const VERSION: u32 = 1;

/// What came of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Every check passed.
    Passed,
    /// Some did not.
    Failed,
    /// There was nothing to grade: it cannot be read, or it reached a limit.
    NotGradable,
    /// The exercise or longshore itself is broken; the learner is not to blame.
    GraderFault,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CheckStatus {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// The check itself broke.
    Error,
    /// It was not looked at, because something else came first.
    Skipped,
}

/// One check's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckRecord {
    /// The name of its function.
    pub id: String,
    /// What it asks for, in a sentence.
    pub description: String,
    /// What came of it.
    pub status: CheckStatus,
    /// Points earned: all or nothing.
    pub points: u32,
    /// Points that there are.
    pub max: u32,
    /// What should be so, where the check says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// What is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
    /// Why it has this status; empty where it passed.
    pub rationale: String,
    /// Where to look next.
    pub help: String,
}

/// Where and why a script stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScriptError {
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// Why, where there is more to say.
    pub because: String,
    /// What would work.
    pub way_out: String,
}

impl From<&Trouble> for ScriptError {
    fn from(trouble: &Trouble) -> ScriptError {
        let place = trouble.place.as_ref();
        ScriptError {
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            message: trouble.message.clone(),
            because: trouble.because.clone(),
            way_out: trouble.way_out.clone(),
        }
    }
}

/// The result of a grading. Exporters to other graders' formats start from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// The exercise, such as `010-task-vs-service/keep-two`.
    pub exercise: String,
    /// Its title.
    pub title: String,
    /// The seed of the lab.
    pub seed: u64,
    /// What came of the submission.
    pub status: Status,
    /// Why there is no verdict, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Points earned.
    pub points: u32,
    /// Points that there are.
    pub max: u32,
    /// Every check of the exercise, in its order.
    pub checks: Vec<CheckRecord>,
    /// Where and why the submission stopped, if it did not run to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ScriptError>,
}

impl Record {
    /// A record over these checks. All of them passing is what passes, and there is at least one.
    pub(super) fn new(
        exercise: &Exercise,
        seed: u64,
        checks: Vec<CheckRecord>,
        no_verdict: Option<(Status, String)>,
        error: Option<ScriptError>,
    ) -> Record {
        let passed = !checks.is_empty() && checks.iter().all(|check| check.status == CheckStatus::Pass);
        let (status, reason) = match no_verdict {
            Some((status, reason)) => (status, Some(reason)),
            None if passed => (Status::Passed, None),
            None => (Status::Failed, None),
        };
        Record {
            version: VERSION,
            exercise: exercise.name(),
            title: exercise.title.clone(),
            seed,
            status,
            reason,
            points: checks.iter().map(|check| check.points).sum(),
            max: checks.iter().map(|check| check.max).sum(),
            checks,
            error,
        }
    }

    /// The grader's fault: no verdict.
    pub(super) fn fault(exercise: &Exercise, seed: u64, reason: String) -> Record {
        Record::new(exercise, seed, Vec::new(), Some((Status::GraderFault, reason)), None)
    }

    /// The exit code of a process that grades: 0 passed, 1 failed, 2 not gradable, 3 the grader's fault.
    pub fn exit_code(&self) -> u8 {
        match self.status {
            Status::Passed => 0,
            Status::Failed => 1,
            Status::NotGradable => 2,
            Status::GraderFault => 3,
        }
    }

    /// The record as JSON, with a newline at the end.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a record is plain data with string keys");
        text.push('\n');
        text
    }
}
