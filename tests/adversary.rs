//! Submissions that want points without work, or the grader down, or its reader fooled. None of them gets anything, and
//! the honest learner between them gets what is due.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use longshore::grade::Status;
use longshore::grade::class::Entry;
use longshore::grade::export::{self, Exported, Format};

use crate::class::{entries, folder, keep_two, longshore};
use crate::exports;

/// What becomes of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It was looked at, and does not do what is asked.
    Judged,
    /// It is not a script, or reached a limit of the script engine or of the lab.
    Refused,
    /// It was ended, by whichever limit is the first on this machine.
    Ended,
}
use End::{Ended, Judged, Refused};

const ENDS: &[(&str, End)] = &[
    ("bomb-array", Refused),
    ("bomb-blob", Refused),
    ("bomb-map", Refused),
    ("bomb-pad", Refused),
    ("bomb-string", Refused),
    ("bomb-string-replace", Refused),
    ("bomb-variables", Ended),
    ("break-out", Judged),
    ("break-out-eval", Refused),
    ("break-out-import", Refused),
    ("catch-everything", Refused),
    ("clusters-endless", Ended),
    ("control-characters", Judged),
    ("define-checks", Judged),
    ("define-operators", Judged),
    ("delete-the-lab", Judged),
    ("early-return", Judged),
    ("empty", Judged),
    ("exit-early", Judged),
    ("history", Judged),
    ("look-alikes", Judged),
    ("loop-empty", Refused),
    ("loop-in-callbacks", Refused),
    ("loop-in-catch", Refused),
    ("loop-over-range", Refused),
    ("loop-step-zero", Judged),
    ("nested-arrays", Ended),
    ("nested-captures", Refused),
    ("nested-closures", Ended),
    ("nested-request", Refused),
    ("print-for-ever", Refused),
    ("print-verdicts", Judged),
    ("recursion", Refused),
    ("recursion-in-closures", Refused),
    ("service-names", Judged),
    ("services-crash-loop", Judged),
    ("services-many", Refused),
    ("shadow-handles", Judged),
    ("shadow-in-function", Judged),
    ("tamper-ans", Judged),
    ("tasks-a-billion", Judged),
    ("tasks-endless", Ended),
    ("throw-huge", Judged),
    ("throw-limit", Refused),
    ("throw-refusal", Judged),
    ("throw-verdict", Judged),
    ("wait-for-ever", Refused),
    ("wait-inside-wait", Refused),
    ("wait-until-never", Refused),
];

/// Texts that are easier made than kept.
fn made() -> Vec<(&'static str, End, Vec<u8>)> {
    vec![
        ("made-blocks", Refused, "{".repeat(60_000).into()),
        ("made-comment", Refused, "/*".repeat(30_000).into()),
        ("made-else", Refused, format!("if false {{ }} {}", "else if false { } ".repeat(3_500)).into()),
        ("made-interpolation", Refused, format!("{}1{}", "`${".repeat(8_000), "}`".repeat(8_000)).into()),
        ("made-latin-1", Refused, b"print(\"\xe9\");".to_vec()),
        ("made-maps", Refused, "#{a:".repeat(15_000).into()),
        ("made-megabyte", Refused, " ".repeat(1 << 20).into()),
        ("made-nul", Refused, vec![0; 1_000]),
        ("made-parentheses", Refused, format!("{}{}", "(".repeat(30_000), ")".repeat(30_000)).into()),
        ("made-sums", Refused, format!("let a = 1{};", " + 1".repeat(15_000)).into()),
    ]
}

/// The folder with all of them, and who must come to which end.
fn hand_in(folder: &Path) -> BTreeMap<String, End> {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adversary");
    let mut ends: BTreeMap<String, End> = ENDS.iter().map(|(name, end)| ((*name).to_owned(), *end)).collect();
    for file in fs::read_dir(files).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(ends.contains_key(&name), "{name} is not in the table");
        fs::copy(&file, folder.join("in").join(file.file_name().unwrap())).unwrap();
    }
    for (name, end, bytes) in made() {
        fs::write(folder.join(format!("in/{name}.rhai")), bytes).unwrap();
        ends.insert(name.to_owned(), end);
    }
    fs::create_dir_all(folder.join("in/made-folder/passed.rhai")).unwrap();
    ends.insert("made-folder".to_owned(), Refused);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/dev/zero", folder.join("in/made-link.rhai")).unwrap();
        ends.insert("made-link".to_owned(), Refused);
    }
    fs::write(folder.join("in/honest.rhai"), keep_two().solution).unwrap();
    ends
}

fn comes_to(end: End, status: Status) -> bool {
    match end {
        Judged => status == Status::Failed,
        Refused => status == Status::NotGradable,
        Ended => matches!(status, Status::NotGradable | Status::TimedOut | Status::Crashed),
    }
}

#[test]
fn nobody_gains_a_point_and_nobody_brings_the_grader_down() {
    let folder = folder("adversary");
    let ends = hand_in(&folder);
    let output = longshore(&folder, &["--workers", "2", "--seconds", "5"]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let entries = entries(&folder.join("results.jsonl"));
    assert_eq!(entries.len(), ends.len() + 1, "everybody is there once");
    let mut wrong = Vec::new();
    for Entry { learner, record, .. } in &entries {
        assert_eq!(record.checks.len(), 3, "{learner}: every check is accounted for");
        let Some(end) = ends.get(learner) else {
            assert_eq!((learner.as_str(), record.status, record.points), ("honest", Status::Passed, 6));
            continue;
        };
        if record.points != 0 || !comes_to(*end, record.status) {
            wrong.push(format!("{learner}: {end:?}, and it is {:?}: {:?}", record.status, record.reason));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    nothing_is_obeyed(&String::from_utf8(output.stdout).unwrap());
    every_export_can_be_read_back(&entries);
}

/// No character that a terminal would obey.
fn nothing_is_obeyed(text: &str) {
    let obeyed = |c: char| (c.is_control() && c != '\n' && c != '\r') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert_eq!(text.find(obeyed), None, "{:?}", text.find(obeyed).map(|at| &text[at..(at + 40).min(text.len())]));
}

fn every_export_can_be_read_back(entries: &[Entry]) {
    for (format, read_back) in exports::READERS {
        let texts = match export::class(*format, entries) {
            Exported::Whole(text) => vec![text],
            Exported::Each(files) => files.into_iter().map(|(_, text)| text).collect(),
        };
        for text in &texts {
            nothing_is_obeyed(text);
        }
        let passed: usize = texts.iter().map(|text| read_back(text)).sum();
        let checks = 3;
        assert_eq!(passed, if *format == Format::Csv { 1 } else { checks }, "{format:?}: only the honest one passed");
    }
}
