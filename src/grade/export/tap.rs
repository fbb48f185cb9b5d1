//! The Test Anything Protocol. Version 13, for harnesses that read 14 read it as well, and not the other way round.
//!
//! A test that is skipped counts as passed in TAP, and a record without a verdict has nothing but skipped checks. Alone
//! it bails out; in a class, where that would be the end of everybody's, it gets one more test that is not ok.

use super::{Graded, without_verdict};
use crate::grade::record::{CheckRecord, CheckStatus};

pub(super) fn export(results: &[Graded<'_>]) -> String {
    if let [Graded { learner: None, record }] = results
        && let Some(sentence) = without_verdict(record)
    {
        return format!("TAP version 13\n1..{}\nBail out! {}\n", record.checks.len(), escape(&sentence));
    }
    let mut tests = Vec::new();
    for graded in results {
        let whose = graded.learner.map(|learner| format!("{learner}: ")).unwrap_or_default();
        for check in &graded.record.checks {
            tests.push((check.status, format!("{whose}{}", check.id), Some(check), check.rationale.clone()));
        }
        if let Some(sentence) = without_verdict(graded.record) {
            tests.push((CheckStatus::Error, format!("{whose}submission"), None, sentence));
        }
    }
    let mut text = format!("TAP version 13\n1..{}\n", tests.len());
    for (index, (status, name, check, why)) in tests.iter().enumerate() {
        text.push_str(&test(index + 1, *status, name, *check, why));
    }
    text
}

fn test(number: usize, status: CheckStatus, name: &str, check: Option<&CheckRecord>, why: &str) -> String {
    let name = escape(name);
    match status {
        CheckStatus::Pass => format!("ok {number} - {name}\n"),
        CheckStatus::Skipped => format!("ok {number} - {name} # SKIP {}\n", escape(why)),
        CheckStatus::Fail | CheckStatus::Error => {
            let severity = if status == CheckStatus::Fail { "fail" } else { "error" };
            let mut block = format!("  ---\n  message: {}\n  severity: {severity}\n", quoted(why));
            if let Some(check) = check {
                block.push_str(&format!("  points: {}\n  max_points: {}\n", check.points, check.max));
            }
            format!("not ok {number} - {name}\n{block}  ...\n")
        }
    }
}

/// Text on a test line, where `#` begins a directive.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#").replace('\n', " ")
}

/// Text in the YAML block: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
