//! A record as plain text, for people.

use super::class::{Entry, Summary};
use super::harmless;
use super::record::{CheckRecord, CheckStatus, Record, ScriptError, Status};

/// The text: the verdict, each check with its sentence, and where to look next.
pub fn report(record: &Record) -> String {
    let mut lines = vec![format!("{}: {}", record.exercise, record.title)];
    lines.extend(record.error.iter().flat_map(|error| stopped(error, record.status)));
    lines.extend(record.checks.iter().flat_map(check));
    lines.push(verdict(record));
    let mut text: String = lines.iter().map(|line| harmless::line(line)).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// The results of a class: a line for each learner, and how many there are of each kind.
pub fn class_report(summary: &Summary) -> String {
    let longest = |text: &dyn Fn(&Entry) -> String| {
        summary.entries.iter().map(|entry| text(entry).chars().count()).max().unwrap_or(0)
    };
    let points = |entry: &Entry| format!("{}/{}", entry.record.points, entry.record.max);
    let (name, of) = (longest(&|entry| entry.learner.clone()), longest(&points));
    let mut text = String::new();
    for entry in &summary.entries {
        let Entry { learner, record, .. } = entry;
        let reason = record.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let verdict = format!("{}{reason}", word(record.status));
        text.push_str(&harmless::line(&format!("{learner:<name$}  {:>of$}  {verdict}", points(entry))));
        text.push('\n');
    }
    let counts: Vec<String> =
        summary.counts.iter().map(|(status, count)| format!("{count} {}", word(*status))).collect();
    text.push_str(&format!("{} graded: {}\n", summary.entries.len(), counts.join(", ")));
    text
}

/// What reports end with where no submission was graded again: what that leaves open, and the way out. None where there
/// is nothing to grade again, for none of these has a verdict.
pub fn one_lab_only<'a>(mut records: impl Iterator<Item = &'a Record>) -> Option<&'static str> {
    let judged = records.any(|record| matches!(record.status, Status::Passed | Status::Failed));
    judged.then_some("One lab was looked at: --secret or LONGSHORE_SECRET grades again under other seeds and names.")
}

/// A status in a few words.
fn word(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Failed => "not yet",
        Status::NotGradable => "cannot be graded",
        Status::TimedOut => "timed out",
        Status::Crashed => "crashed",
        Status::GraderFault => "the grader's fault",
    }
}

/// Where the script stopped, and whether it was graded all the same.
fn stopped(error: &ScriptError, status: Status) -> Vec<String> {
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!(" in line {line}, column {column}"),
        _ => String::new(),
    };
    let mut lines = vec![format!("  ! your script stopped{place}: {}", error.message)];
    if !error.because.is_empty() {
        lines.push(format!("      because {}", error.because));
    }
    if !error.way_out.is_empty() {
        lines.push(format!("      → {}", error.way_out));
    }
    if matches!(status, Status::Passed | Status::Failed) {
        lines.push("      what it had built until then was looked at".to_owned());
    }
    lines
}

fn check(check: &CheckRecord) -> Vec<String> {
    let mark = match check.status {
        CheckStatus::Pass => '✓',
        CheckStatus::Fail => '✗',
        CheckStatus::Error => '!',
        CheckStatus::Skipped => '-',
    };
    let mut lines = vec![format!("  {mark} {} ({}/{})", check.description, check.points, check.max)];
    lines.extend(check.rationale.lines().map(|line| format!("      {line}")));
    let help = check.help.lines().enumerate();
    lines.extend(help.map(|(index, line)| format!("      {} {line}", if index == 0 { '→' } else { ' ' })));
    lines
}

/// The verdict in a sentence.
pub(super) fn verdict(record: &Record) -> String {
    let points = format!("{} of {} points", record.points, record.max);
    let reason = record.reason.as_deref().unwrap_or_default().trim_end_matches('.');
    match record.status {
        Status::Passed => format!("Passed: {points}."),
        Status::Failed => format!("Not yet: {points}."),
        Status::NotGradable => format!("Cannot be graded: {reason}."),
        Status::TimedOut => format!("Timed out: {reason}."),
        Status::Crashed => format!("Crashed: {reason}."),
        Status::GraderFault => format!("The grader is at fault, not you: {reason}."),
    }
}
