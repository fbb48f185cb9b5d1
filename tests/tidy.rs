//! The rules of the house that a reader cannot keep in mind: executed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The floor of each top-level module. A file uses its own floor and those below.
const FLOORS: &[(&str, u8)] = &[
    ("model", 0),
    ("kernel", 1),
    ("world", 2),
    ("aws", 3),
    ("kubernetes", 3),
    ("workload", 3),
    ("simulate", 3),
    ("api", 4),
    ("session", 5),
    ("script", 6),
    ("course", 7),
    ("grade", 7),
    ("view", 8),
    ("repl", 9),
    ("cli", 9),
];

/// Words that have no place in a commit. Spelled in two halves, for this file is searched too.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("dbg", "!(")];

/// What makes a simulation differ between two runs. Each may be used from this floor on.
const UNREPEATABLE: &[(&str, u8)] =
    &[("HashMap", 99), ("HashSet", 99), ("Instant::now", 9), ("SystemTime::now", 9), ("std::thread", 6), ("f32", 99)];

/// Serde's interface names every type of number, whether a value of it can come or not.
const NAMES_EVERY_NUMBER: &[&str] = &["src/api/strict.rs"];

/// Folder and file names that say nothing.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helpers", "helper", "manager", "misc", "services"];

const LONGEST_FILE: usize = 400;
const LONGEST_LINE: usize = 120;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path below the root, with forward slashes.
fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string().replace('\\', "/")
}

fn top_module(path: &Path) -> String {
    let name = name(path);
    let below = name.strip_prefix("src/").unwrap();
    below.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// The code of a file without its unit tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

#[track_caller]
fn none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_module_has_a_floor_and_uses_none_above() {
    let mut wrong = Vec::new();
    for path in rust_files("src") {
        let module = top_module(&path);
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some(own) = floor(&module) else {
            wrong.push(format!("{} is on no floor", name(&path)));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if floor(&used).is_some_and(|floor| floor > own) {
                    wrong.push(format!("{}:{} uses {used}, which is above", name(&path), number + 1));
                }
            }
        }
    }
    none(wrong);
}

#[test]
fn every_file_says_why_it_exists() {
    let missing = |path: &PathBuf| !fs::read_to_string(path).unwrap().starts_with("//! ");
    none(
        rust_files("src")
            .iter()
            .chain(&rust_files("tests"))
            .filter(|path| missing(path))
            .map(|path| name(path))
            .collect(),
    );
}

#[test]
fn files_and_lines_stay_short() {
    let mut wrong = Vec::new();
    for path in rust_files("src") {
        let text = fs::read_to_string(&path).unwrap();
        let texts = texts(&text);
        let lines = code(&text).lines().count();
        if lines > LONGEST_FILE && !name(&path).ends_with("tests.rs") {
            wrong.push(format!("{} has {lines} lines without its tests", name(&path)));
        }
        for (number, line) in text.lines().enumerate() {
            let around = around_text(&texts, number);
            let is_text = around.is_some_and(|around| around <= AROUND_TEXT);
            if line.chars().count() > LONGEST_LINE && !is_text {
                wrong.push(format!("{}:{} is longer than {LONGEST_LINE} characters", name(&path), number + 1));
            }
        }
    }
    none(wrong);
}

/// A span of time that stands outside `world/tuning.rs` is named there, so that a reader finds it.
#[test]
fn tuning_says_where_other_delays_stand() {
    let tuning = fs::read_to_string(root().join("src/world/tuning.rs")).unwrap();
    let has_delay = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let is_delay = |line: &str| line.contains("const ") && line.contains(": Millis = Millis::");
        code(&text).lines().any(is_delay)
    };
    let unnamed = |path: &PathBuf| !tuning.contains(name(path).trim_start_matches("src/"));
    none(rust_files("src").iter().filter(|path| has_delay(path) && unnamed(path)).map(|path| name(path)).collect());
}

/// Characters that may stand beside a text that is too long for its line by itself.
const AROUND_TEXT: usize = 40;

/// How many characters of a line stand beside the only text in it; `None` where there is none, or more than one.
fn around_text(texts: &[(usize, usize)], line: usize) -> Option<usize> {
    texts.get(line).filter(|(texts, _)| *texts == 1).map(|(_, around)| *around)
}

/// For each line of a Rust file how many texts it has a part of, and how many characters stand beside them, without
/// those that it is indented by.
fn texts(source: &str) -> Vec<(usize, usize)> {
    let mut lines = vec![(0, 0)];
    let mut at = 0;
    // What ends the text that is open.
    let mut open: Option<String> = None;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let last = lines.len() - 1;
        let mut length = c.len_utf8();
        match &open {
            _ if c == '\n' => lines.push((usize::from(open.is_some()), 0)),
            Some(end) if rest.starts_with(end.as_str()) => {
                length = end.len();
                open = None;
            }
            Some(end) if c == '\\' && end == "\"" => {
                length += rest[1..].chars().next().map_or(0, |c| if c == '\n' { 0 } else { c.len_utf8() })
            }
            Some(_) => {}
            None if rest.starts_with("//") => {
                length = rest.find('\n').unwrap_or(rest.len());
                lines[last].1 += length;
            }
            None if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") => {
                length = rest[1..].find('\'').map_or(1, |end| end + 2);
                lines[last].1 += length;
            }
            None => {
                let hashes = rest.strip_prefix('r').map(|rest| rest.len() - rest.trim_start_matches('#').len());
                let raw = hashes.filter(|&hashes| rest[1 + hashes..].starts_with('"'));
                match raw {
                    Some(hashes) => {
                        length = 2 + hashes;
                        open = Some(format!("\"{}", "#".repeat(hashes)));
                        lines[last].0 += 1;
                    }
                    None if c == '"' => {
                        open = Some("\"".to_owned());
                        lines[last].0 += 1;
                    }
                    None => lines[last].1 += usize::from(lines[last] != (0, 0) || !c.is_whitespace()),
                }
            }
        }
        at += length;
    }
    lines
}

#[test]
fn texts_are_told_from_code() {
    let source = "let a = \"b\\\"\"; // c\nlet d = r#\"e\nf\"#;\n    g('\"', \"h\", \"i \\\n  j\");\n";
    assert_eq!(texts(source), [(1, 14), (1, 8), (1, 1), (2, 9), (1, 2), (0, 0)]);
}

#[test]
fn names_say_something() {
    let empty = |path: &PathBuf| {
        let name = name(path);
        name.split('/').any(|part| EMPTY_NAMES.contains(&part.trim_end_matches(".rs")))
    };
    none(rust_files("src").iter().filter(|path| empty(path)).map(|path| name(path)).collect());
}

#[test]
fn nothing_is_left_unfinished() {
    let mut wrong = Vec::new();
    for path in rust_files("src").iter().chain(&rust_files("tests")) {
        let text = fs::read_to_string(path).unwrap();
        for (number, line) in text.lines().enumerate() {
            if UNFINISHED.iter().any(|word| line.contains(word)) && !line.contains("starter") {
                wrong.push(format!("{}:{}: {}", name(path), number + 1, line.trim()));
            }
        }
    }
    none(wrong);
}

#[test]
fn nothing_makes_two_runs_differ() {
    let mut wrong = Vec::new();
    for path in rust_files("src") {
        let own = floor(&top_module(&path)).unwrap_or(9);
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in code(&text).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for (word, from) in UNREPEATABLE {
                let is_named = *word == "f32" && NAMES_EVERY_NUMBER.contains(&name(&path).as_str());
                if own < *from && line.contains(word) && !is_named {
                    wrong.push(format!("{}:{} uses {word}", name(&path), number + 1));
                }
            }
        }
    }
    none(wrong);
}

/// Fields that hold a status, and the folder that alone may write them.
const STATUSES: &[&str] = &["status", "last_status", "desired_status", "rollout", "verdict", "phase", "state"];
const TRANSITIONS: &str = "src/world/transition/";

/// The highest floor that can write to a world: above it, sessions only read one.
const SIMULATED: u8 = 5;

/// Whether a line assigns to the field of something, alone or with others, or lends it to be written.
fn writes(line: &str, field: &str) -> bool {
    let is_path = |c: char| c.is_alphanumeric() || "_.[]".contains(c);
    let ends_in_it = |path: &str| path.trim().ends_with(&format!(".{field}"));
    let assigned = line.split_once(" = ").map_or("", |(targets, _)| targets.trim());
    let together = assigned.strip_prefix('(').and_then(|targets| targets.strip_suffix(')'));
    let mut lent = line.split("&mut ").skip(1).map(|path| path.split(|c| !is_path(c)).next().unwrap_or_default());
    ends_in_it(assigned) || together.is_some_and(|targets| targets.split(',').any(ends_in_it)) || lent.any(ends_in_it)
}

#[test]
fn every_way_to_write_a_field_is_seen() {
    for (line, writes_it) in [
        ("task.status = next;", true),
        ("(task.status, task.since) = (next, now);", true),
        ("(task.since, task.status) = (now, next);", true),
        ("mem::replace(&mut world.tasks[id].status, next);", true),
        ("if task.status == next {", false),
        ("let (a, b) = (task.status, 1);", false),
        ("call(&mut world, task.status);", false),
    ] {
        assert_eq!(writes(line, "status"), writes_it, "{line}");
    }
}

#[test]
fn only_transitions_write_a_status() {
    let mut wrong = Vec::new();
    for path in rust_files("src") {
        let file = name(&path);
        let above = floor(&top_module(&path)).is_none_or(|floor| floor > SIMULATED);
        if above || file.starts_with(TRANSITIONS) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in code(&text).lines().enumerate() {
            if STATUSES.iter().any(|status| writes(line, status)) {
                wrong.push(format!("{file}:{} writes a status: {}", number + 1, line.trim()));
            }
        }
    }
    none(wrong);
}

#[test]
fn every_test_file_is_listed() {
    let main = fs::read_to_string(root().join("tests/main.rs")).unwrap();
    let unlisted = |path: &&PathBuf| {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        path.parent() == Some(&root().join("tests")) && stem != "main" && !main.contains(&format!("mod {stem};"))
    };
    none(rust_files("tests").iter().filter(unlisted).map(|path| name(path)).collect());
}

#[test]
fn the_top_level_is_what_was_agreed() {
    let agreed: BTreeSet<&str> =
        ["Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "src", "scripts", "lessons", "tests", "benches"].into();
    let output = std::process::Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let Ok(output) = output else { return };
    let listed = String::from_utf8(output.stdout).unwrap();
    let top: BTreeSet<&str> = listed.lines().map(|line| line.split('/').next().unwrap()).collect();
    none(top.into_iter().filter(|name| !agreed.contains(name) && !name.starts_with('.')).map(str::to_owned).collect());
}
