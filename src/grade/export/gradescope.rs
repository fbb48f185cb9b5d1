//! Gradescope's `/autograder/results/results.json`.
//!
//! It knows no skipped test: one that was not looked at has failed. The score of the whole is the sum of the tests',
//! and said as well, for a record without any check must not be taken for a run that is still going on.

use serde_json::{Value, json};

use super::Graded;
use crate::grade::record::{CheckRecord, CheckStatus};
use crate::grade::report::verdict;

pub(super) fn export(graded: Graded<'_>) -> String {
    let record = graded.record;
    let tests: Vec<Value> = record.checks.iter().enumerate().map(|(index, check)| test(index + 1, check)).collect();
    let results = json!({
        "score": record.points,
        "output": verdict(record),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {
            "exercise": record.exercise,
            "seed": record.seed,
            "replays": record.replays,
            "status": record.status,
        },
    });
    format!("{results:#}\n")
}

fn test(number: usize, check: &CheckRecord) -> Value {
    let output: Vec<&str> =
        [check.rationale.as_str(), check.help.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
    json!({
        "name": check.description,
        "name_format": "text",
        "number": number.to_string(),
        "score": check.points,
        "max_score": check.max,
        "status": if check.status == CheckStatus::Pass { "passed" } else { "failed" },
        "visibility": "visible",
        "output": output.join("\n"),
        "output_format": "text",
    })
}
