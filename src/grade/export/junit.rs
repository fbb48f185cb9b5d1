//! JUnit XML: a suite for each learner, a case for each check.
//!
//! There is no specification; this stays inside the subset that every reader knows. Where there is no verdict, a case
//! `submission` with an error says why, so that a suite of skipped checks is not taken for a success. `time` is 0
//! everywhere: some readers want it, and a result that is the same every time cannot hold it.

use super::{Graded, without_verdict};
use crate::grade::record::{CheckRecord, CheckStatus, Record};

/// How many cases of a kind there are.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

pub(super) fn export(results: &[Graded<'_>]) -> String {
    let mut all = Counts::default();
    let mut suites = String::new();
    for graded in results {
        let counts = count(graded.record);
        suites.push_str(&suite(*graded, &counts));
        all.tests += counts.tests;
        all.failures += counts.failures;
        all.errors += counts.errors;
        all.skipped += counts.skipped;
    }
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    format!("{head}\n<testsuites name=\"longshore\" {}>\n{suites}</testsuites>\n", attributes(&all))
}

fn count(record: &Record) -> Counts {
    let of = |status| record.checks.iter().filter(|check| check.status == status).count();
    let without = usize::from(without_verdict(record).is_some());
    Counts {
        tests: record.checks.len() + without,
        failures: of(CheckStatus::Fail),
        errors: of(CheckStatus::Error) + without,
        skipped: of(CheckStatus::Skipped),
    }
}

fn attributes(counts: &Counts) -> String {
    let Counts { tests, failures, errors, skipped } = counts;
    format!(r#"tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}" time="0""#)
}

fn suite(graded: Graded<'_>, counts: &Counts) -> String {
    let record = graded.record;
    let name = match graded.learner {
        Some(learner) => format!("{}: {learner}", record.exercise),
        None => record.exercise.clone(),
    };
    let class = escape(&name);
    let mut text = format!("  <testsuite name=\"{class}\" {}>\n    <properties>\n", attributes(counts));
    let points = format!("{}/{}", record.points, record.max);
    for (name, value) in [("seed", record.seed.to_string()), ("points", points)] {
        text.push_str(&format!("      <property name=\"{name}\" value=\"{value}\"/>\n"));
    }
    text.push_str("    </properties>\n");
    for check in &record.checks {
        let inside = case(check);
        text.push_str(&format!("    <testcase classname=\"{class}\" name=\"{}\" time=\"0\"{inside}\n", check.id));
    }
    if let Some(sentence) = without_verdict(record) {
        let error = format!("><error type=\"no-verdict\" message=\"{}\"/></testcase>", escape(&sentence));
        text.push_str(&format!("    <testcase classname=\"{class}\" name=\"submission\" time=\"0\"{error}\n"));
    }
    text.push_str("  </testsuite>\n");
    text
}

/// What follows the attributes of a case.
fn case(check: &CheckRecord) -> String {
    let (why, help) = (escape(&check.rationale), escape(&check.help));
    match check.status {
        CheckStatus::Pass => "/>".to_owned(),
        CheckStatus::Fail => format!("><failure type=\"check\" message=\"{why}\">{help}</failure></testcase>"),
        CheckStatus::Error => format!("><error type=\"check\" message=\"{why}\">{help}</error></testcase>"),
        CheckStatus::Skipped => format!("><skipped message=\"{why}\"/></testcase>"),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // A bare line break in an attribute would be read as a space.
            '\n' => escaped.push_str("&#10;"),
            other => escaped.push(other),
        }
    }
    escaped
}
