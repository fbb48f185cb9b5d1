//! A record as plain text, for people.

use super::record::{CheckRecord, CheckStatus, Record, ScriptError, Status};

/// The text: the verdict, each check with its sentence, and where to look next.
pub fn report(record: &Record) -> String {
    let mut lines = vec![format!("{}: {}", record.exercise, record.title)];
    lines.extend(record.error.iter().flat_map(|error| stopped(error, record.status)));
    lines.extend(record.checks.iter().flat_map(check));
    lines.push(verdict(record));
    let mut text: String = lines.iter().map(|line| harmless(line)).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
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

fn verdict(record: &Record) -> String {
    let points = format!("{} of {} points", record.points, record.max);
    let reason = record.reason.as_deref().unwrap_or_default().trim_end_matches('.');
    match record.status {
        Status::Passed => format!("Passed: {points}."),
        Status::Failed => format!("Not yet: {points}."),
        Status::NotGradable => format!("Cannot be graded: {reason}."),
        Status::GraderFault => format!("The grader is at fault, not you: {reason}."),
    }
}

/// Text that may come from a submission, without anything that a terminal would obey.
fn harmless(line: &str) -> String {
    line.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}
