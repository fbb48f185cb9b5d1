//! Results in the words of other graders, each made from the same records by a pure function in a file of its own.
//!
//! Records hold no control characters (see `grade::harmless`); what else a format would obey is taken care of by its
//! exporter. None of them holds a time, so the same submissions give the same bytes.

mod classroom;
mod csv;
pub mod folder;
mod gradescope;
mod json;
mod junit;
mod markdown;
mod tap;

use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use super::class::Entry;
use super::record::{Record, Status};
use super::report::verdict;

/// The longest name of a learner that a file is called by, in bytes: file systems take 255, and while a file is written
/// it has a longer name (`session::file`).
const LONGEST_NAME: usize = 200;

/// A form that results can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The records themselves.
    Json,
    /// JUnit XML, which continuous integration servers read.
    Junit,
    /// The Test Anything Protocol, version 13.
    Tap,
    /// Gradescope's `results.json`.
    Gradescope,
    /// Runner results of GitHub Classroom, as lines for `$GITHUB_OUTPUT`.
    Classroom,
    /// A table: a line a learner, a column a check.
    Csv,
    /// A report for the learner.
    Markdown,
}

impl Format {
    /// Every form, in the order of help.
    pub const ALL: &[Format] = &[
        Format::Json,
        Format::Junit,
        Format::Tap,
        Format::Gradescope,
        Format::Classroom,
        Format::Csv,
        Format::Markdown,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        self.said().0
    }

    /// What it is, in a few words.
    pub const fn summary(self) -> &'static str {
        self.said().1
    }

    const fn said(self) -> (&'static str, &'static str) {
        match self {
            Format::Json => ("json", "The records"),
            Format::Junit => ("junit", "JUnit XML"),
            Format::Tap => ("tap", "The Test Anything Protocol"),
            Format::Gradescope => ("gradescope", "Gradescope's results.json"),
            Format::Classroom => ("classroom", "GitHub Classroom's runner results, for $GITHUB_OUTPUT"),
            Format::Csv => ("csv", "A line for each learner"),
            Format::Markdown => ("markdown", "A report for each learner"),
        }
    }
}

/// A record and whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Graded<'a> {
    /// The learner, where the record is one of a class.
    learner: Option<&'a str>,
    record: &'a Record,
}

/// The results of a class in some form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exported {
    /// One text for all.
    Whole(String),
    /// A file for each learner: its name and its text.
    Each(Vec<(String, String)>),
}

/// One record in some form.
pub fn one(format: Format, record: &Record) -> String {
    let graded = Graded { learner: None, record };
    match format {
        Format::Json => record.to_json(),
        Format::Junit => junit::export(&[graded]),
        Format::Tap => tap::export(&[graded]),
        Format::Gradescope => gradescope::export(graded),
        Format::Classroom => classroom::export(graded),
        Format::Csv => csv::export(&[graded]),
        Format::Markdown => markdown::export(graded),
    }
}

/// The results of a class in some form. Forms that speak about one learner give a file for each.
pub fn class(format: Format, entries: &[Entry]) -> Exported {
    let all: Vec<Graded<'_>> =
        entries.iter().map(|entry| Graded { learner: Some(&entry.learner), record: &entry.record }).collect();
    let each = |extension: &str, export: fn(Graded<'_>) -> String| {
        Exported::Each(
            all.iter().map(|one| (file_name(one.learner.unwrap_or_default(), extension), export(*one))).collect(),
        )
    };
    match format {
        Format::Json => Exported::Whole(json::export(entries)),
        Format::Junit => Exported::Whole(junit::export(&all)),
        Format::Tap => Exported::Whole(tap::export(&all)),
        Format::Csv => Exported::Whole(csv::export(&all)),
        Format::Gradescope => each("json", gradescope::export),
        Format::Classroom => each("txt", classroom::export),
        Format::Markdown => each("md", markdown::export),
    }
}

/// The name of a learner's file. A long one is cut, and ends with a hash of the whole, so that no two become one.
fn file_name(learner: &str, extension: &str) -> String {
    if learner.len() <= LONGEST_NAME {
        return format!("{learner}.{extension}");
    }
    let mut hasher = SipHasher13::new();
    learner.hash(&mut hasher);
    let begin = &learner[..learner.floor_char_boundary(LONGEST_NAME - 17)];
    format!("{begin}-{:016x}.{extension}", hasher.finish())
}

/// Why there is no verdict, in a sentence, where there is none.
fn without_verdict(record: &Record) -> Option<String> {
    (!matches!(record.status, Status::Passed | Status::Failed)).then(|| verdict(record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_learner_has_a_file_of_their_own() {
        assert_eq!(file_name("ada", "md"), "ada.md");
        let long = |end: &str| file_name(&format!("{}{end}", "ü".repeat(120)), "json");
        assert_eq!(long("a"), long("a"));
        assert_ne!(long("a"), long("b"));
        assert!(long("a").len() <= LONGEST_NAME + 5 && long("a").starts_with("üü"), "{}", long("a"));
    }
}
