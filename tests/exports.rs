//! Each export is read back as its own readers would read it.

use std::fs;

use longshore::course::Exercise;
use longshore::grade::class::Entry;
use longshore::grade::export::{self, Exported, Format};
use longshore::grade::{self, CheckStatus, Record, Status};
use serde_json::Value;

use crate::class::{folder, keep_two};

/// Reads an export as a stranger would, and counts what has passed: checks, or for CSV learners.
type Reader = fn(&str) -> usize;

/// A reader for each form.
pub(crate) const READERS: &[(Format, Reader)] = &[
    (Format::Json, json),
    (Format::Junit, junit),
    (Format::Tap, tap),
    (Format::Gradescope, gradescope),
    (Format::Classroom, classroom),
    (Format::Csv, csv),
    (Format::Markdown, markdown),
];

fn json(text: &str) -> usize {
    let entries: Vec<Entry> = serde_json::from_str(text).unwrap();
    let checks = entries.iter().flat_map(|entry| &entry.record.checks);
    checks.filter(|check| check.status == CheckStatus::Pass).count()
}

fn junit(text: &str) -> usize {
    let document = roxmltree::Document::parse(text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let mut passed = 0;
    let mut totals = [0; 4];
    for suite in root.children().filter(|node| node.is_element()) {
        let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
        let with = |name: &str| cases.iter().filter(|case| case.children().any(|node| node.has_tag_name(name))).count();
        let counts = [cases.len(), with("failure"), with("error"), with("skipped")];
        for (index, name) in ["tests", "failures", "errors", "skipped"].into_iter().enumerate() {
            assert_eq!(suite.attribute(name).unwrap(), counts[index].to_string(), "{name}");
            totals[index] += counts[index];
        }
        let [tests, failures, errors, skipped] = counts;
        passed += tests - failures - errors - skipped;
    }
    for (index, name) in ["tests", "failures", "errors", "skipped"].into_iter().enumerate() {
        assert_eq!(root.attribute(name).unwrap(), totals[index].to_string(), "{name}");
    }
    passed
}

fn tap(text: &str) -> usize {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("TAP version 13"));
    let plan: usize = lines.next().unwrap().strip_prefix("1..").unwrap().parse().unwrap();
    let (mut seen, mut passed, mut block) = (0, 0, false);
    for line in lines {
        if let Some(inside) = line.strip_prefix("  ") {
            block = inside != "..." && (block || inside == "---");
            if let Some(message) = inside.strip_prefix("message: ") {
                serde_json::from_str::<String>(message).unwrap();
            }
            continue;
        }
        assert!(!block, "a block is closed: {line}");
        if line.starts_with("Bail out! ") {
            return 0;
        }
        seen += 1;
        let ok = line.strip_prefix(&format!("ok {seen} - "));
        assert!(ok.is_some() || line.starts_with(&format!("not ok {seen} - ")), "{line}");
        passed += usize::from(ok.is_some_and(|name| !name.replace("\\#", "").contains('#')));
    }
    assert_eq!(seen, plan);
    passed
}

fn gradescope(text: &str) -> usize {
    let results: Value = serde_json::from_str(text).unwrap();
    let tests = results["tests"].as_array().unwrap();
    let scores: u64 = tests.iter().map(|test| test["score"].as_u64().unwrap()).sum();
    assert_eq!(results["score"].as_u64().unwrap(), scores);
    for test in tests {
        assert!(test["score"].as_u64() <= test["max_score"].as_u64());
        assert!(["passed", "failed"].contains(&test["status"].as_str().unwrap()));
        assert_eq!(test["visibility"], "visible");
    }
    tests.iter().filter(|test| test["status"] == "passed").count()
}

fn classroom(text: &str) -> usize {
    let mut passed = 0;
    for line in text.lines() {
        let (name, encoded) = line.split_once('=').unwrap();
        let result: Value = serde_json::from_slice(&base64(encoded)).unwrap();
        assert_eq!(result["version"], 1);
        let [test] = result["tests"].as_array().unwrap().as_slice() else { panic!("one test a runner") };
        assert_eq!((&test["name"], &test["line_no"], &test["status"]), (&name.into(), &0.into(), &result["status"]));
        assert!(!test["message"].as_str().unwrap().contains("::"), "no command for the runner's log");
        // The table that the reporter prints and the grade that it sends agree.
        let of_table = if result["status"] == "pass" { result["max_score"].clone() } else { 0.into() };
        assert_eq!(test["score"], of_table);
        passed += usize::from(result["status"] == "pass");
    }
    passed
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    assert_eq!(text.len() % 4, 0);
    let bits: String = text.trim_end_matches('=').chars().map(|c| format!("{:06b}", DIGITS.find(c).unwrap())).collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes.map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
}

/// Rows of cells, as RFC 4180 has them.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => cell.extend(chars.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted, "the last line has its end");
    rows
}

fn csv(text: &str) -> usize {
    let rows = rows(text);
    let formula = |cell: &String| cell.starts_with(['=', '+', '-', '@']);
    for row in &rows {
        assert_eq!(row.len(), rows[0].len());
        assert!(!row.iter().any(formula), "{row:?}");
    }
    rows.iter().filter(|row| row[1] == "passed").count()
}

/// Counts the rows of the table that say so. Outside code spans there is only what the author wrote.
fn markdown(text: &str) -> usize {
    assert!(text.starts_with("# "));
    let author = text.lines().filter(|line| !line.starts_with("- `")).collect::<Vec<_>>().join("\n");
    for harm in ["<b>", "</testsuite>", "![", "::set-output"] {
        assert!(!author.contains(harm), "{harm} in\n{author}");
    }
    text.lines().filter(|line| line.starts_with("| passed |")).count()
}

/// A class of all kinds, whose names and words are as awkward as can be.
fn class() -> Vec<Entry> {
    let exercise = keep_two();
    let recipe = "ecs.register_task_definition(#{ family: \"my-rust-api\",
        containerDefinitions: [#{ name: \"web\", image: \"nginx\", memory: 512 }] });";
    let awkward = "throw \"<b> & ]]> # SKIP \\\\ | ` `` ::error:: \\n...\\n not ok 1\\u202e\\x1b[31m\";";
    let rows = [
        ("=cmd()", exercise.solution.clone()),
        ("a, \"b\"; <c> & 'd' # SKIP", format!("{recipe}\n{awkward}")),
        ("loop", "loop {}".to_owned()),
        ("none", String::new()),
    ];
    let graded = rows.into_iter().map(|(learner, text)| Entry {
        learner: learner.to_owned(),
        key: String::new(),
        record: grade::grade(&exercise, &text, 42),
    });
    let mut entries: Vec<Entry> = graded.collect();
    let broken = Exercise { checks: "fn".to_owned(), ..exercise };
    let record = grade::grade(&broken, "", 42);
    entries.push(Entry { learner: "z\u{3b1}".to_owned(), key: String::new(), record });
    entries
}

#[test]
fn a_class_can_be_read_back_in_every_form() {
    let class = class();
    let status: Vec<Status> = class.iter().map(|entry| entry.record.status).collect();
    let (passed, failed, refused, fault) = (Status::Passed, Status::Failed, Status::NotGradable, Status::GraderFault);
    assert_eq!(status, [passed, failed, refused, failed, fault]);
    for (format, reader) in READERS {
        let passed: usize = match export::class(*format, &class) {
            Exported::Whole(text) => reader(&text),
            Exported::Each(files) => {
                assert_eq!(files.len(), class.len());
                files.iter().map(|(_, text)| reader(text)).sum()
            }
        };
        assert_eq!(passed, if *format == Format::Csv { 1 } else { 4 }, "{format:?}");
    }
}

#[test]
fn one_record_can_be_read_back_in_every_form() {
    for Entry { record, .. } in class() {
        for (format, reader) in READERS.iter().skip(1) {
            reader(&export::one(*format, &record));
        }
        let text = export::one(Format::Json, &record);
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}

#[test]
fn the_forms_are_what_they_were() {
    let class = class();
    for (format, name) in [(Format::Junit, "junit"), (Format::Tap, "tap"), (Format::Csv, "csv")] {
        let Exported::Whole(text) = export::class(format, &class) else { panic!("{name}") };
        insta::assert_snapshot!(format!("export_{name}"), text);
    }
    let record = &class[1].record;
    insta::assert_snapshot!("export_gradescope", export::one(Format::Gradescope, record));
    insta::assert_snapshot!("export_bail_out", export::one(Format::Tap, &class[2].record));
    insta::assert_snapshot!("export_markdown", export::one(Format::Markdown, record));
}

/// Perl's own harness reads it, where there is one.
#[test]
fn prove_reads_it() {
    let Exported::Whole(text) = export::class(Format::Tap, &class()) else { panic!("one text") };
    let file = folder("prove").join("class.tap");
    fs::write(&file, text).unwrap();
    let Ok(output) = std::process::Command::new("prove").args(["-v", "--exec", "cat"]).arg(file).output() else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Result: FAIL") && !said.contains("Parse errors"), "{said}");
}
