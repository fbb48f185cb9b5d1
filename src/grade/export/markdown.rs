//! A report for the learner, as Markdown.
//!
//! The sentences of the checks are the author's and may hold Markdown. What a check found may repeat what a learner
//! wrote, so it stands in code spans, where nothing is a link, a picture, a mention or HTML.

use super::{Graded, without_verdict};
use crate::grade::record::{CheckRecord, CheckStatus, ScriptError};
use crate::grade::report::verdict;

pub(super) fn export(graded: Graded<'_>) -> String {
    let record = graded.record;
    let mut text = format!("# {}\n\n", record.title);
    if let Some(learner) = graded.learner {
        text.push_str(&format!("{} in `{}`\n\n", code(learner), record.exercise));
    }
    text.push_str(&match without_verdict(record) {
        Some(sentence) => format!("{}\n", code(&sentence)),
        None => format!("**{}**\n", verdict(record)),
    });
    if let Some(error) = &record.error {
        text.push_str(&stopped(error));
    }
    if !record.checks.is_empty() {
        text.push_str("\n| | points | check |\n|---|---|---|\n");
        for check in &record.checks {
            let sentence = check.description.replace('|', "\\|");
            text.push_str(&format!("| {} | {}/{} | {sentence} |\n", mark(check), check.points, check.max));
        }
    }
    for check in record.checks.iter().filter(|check| !check.rationale.is_empty()) {
        text.push_str(&format!("\n## {}\n\n{}", check.description, lines(&check.rationale)));
        if !check.help.is_empty() {
            text.push_str(&format!("\nWhere to look next:\n\n{}", lines(&check.help)));
        }
    }
    text
}

fn mark(check: &CheckRecord) -> &'static str {
    match check.status {
        CheckStatus::Pass => "passed",
        CheckStatus::Fail => "not yet",
        CheckStatus::Error => "broken",
        CheckStatus::Skipped => "not looked at",
    }
}

fn stopped(error: &ScriptError) -> String {
    let place = error.line.map(|line| format!(" in line {line}")).unwrap_or_default();
    let said: Vec<&str> =
        [error.message.as_str(), &error.because, &error.way_out].into_iter().filter(|text| !text.is_empty()).collect();
    format!("\nYour script stopped{place}:\n\n{}", lines(&said.join("\n")))
}

/// Each line as an item of a list.
fn lines(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("- {}\n", code(line))).collect()
}

/// A code span that nothing in it can end.
fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}
