//! Lessons, exercises and grading from the command line: what is printed where, exit codes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn longshore(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_longshore"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Arguments and standard input; the exit code, and what standard output and standard error hold.
#[track_caller]
fn check(arguments: &[&str], input: &str, code: i32, out: &str, err: &str) {
    let output = longshore(arguments, input);
    let shown = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(code), "{arguments:?} {input:?}: {shown:?}");
    assert!(shown.0.contains(out) && shown.0.is_empty() == out.is_empty(), "{arguments:?}: {shown:?}");
    assert!(shown.1.contains(err) && shown.1.is_empty() == err.is_empty(), "{arguments:?}: {shown:?}");
}

#[test]
fn the_food_truck_is_the_seeds_own_output() {
    let output = longshore(&["run", "scripts/food_truck.rhai"], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 31);
    assert!(text.starts_with("--- empty cluster ---\ncluster: prod-web (0 tasks)\n\n--- launch 3 tasks ---\n"));
    assert!(text.ends_with("EKS same trade, but the control plane is Kubernetes\n"));
}

#[test]
fn lessons_exercises_and_grades() {
    let exercise = "lessons/010-task-vs-service/keep-two";
    let file = |name: &str| format!("{exercise}/{name}");
    check(&["lessons"], "", 0, "A task is one-shot, a service heals", "");
    check(&["lesson", "1"], "", 0, "What it is in real AWS", "");
    check(&["lesson", "99"], "", 1, "", "there is no lesson `99`");
    check(&["exercise", "keep-two"], "", 0, "my-rust-api", "");
    check(&["grade", exercise, &file("solution.rhai")], "", 0, "Passed: 6 of 6 points.", "");
    check(&["grade", exercise, &file("starter.rhai")], "", 1, "Not yet: 0 of 6 points.", "");
    check(&["hint", exercise, &file("starter.rhai")], "", 0, "hint 1: ", "");
    check(&["hint", exercise, &file("solution.rhai"), "3"], "", 0, "Run the checks", "");
    check(&["hint", exercise, &file("solution.rhai"), "9"], "", 1, "", "keep-two has no hint 9");
    check(&["grade", exercise, "README.md"], "", 2, "Cannot be graded", "");
    check(&["grade", exercise, "nowhere.rhai"], "", 2, "", "nowhere.rhai");
    check(&["grade", exercise, &file("solution.rhai"), "--format", "json"], "", 0, "\"status\": \"passed\"", "");
}

/// Without a secret the report for people ends with what that leaves open; with one, and in other forms, it does not.
#[test]
fn one_lab_is_called_one_lab() {
    let folder = "lessons/010-task-vs-service/repair-the-api";
    let open = "One lab was looked at: --secret or LONGSHORE_SECRET grades again under other seeds and names.\n";
    for (file, more, code, ends) in [
        ("solution.rhai", &[][..], 0, format!("Passed: 5 of 5 points.\n{open}")),
        ("starter.rhai", &[], 1, format!("Not yet: 0 of 5 points.\n{open}")),
        ("solution.rhai", &["--secret", "x"], 0, "Passed: 5 of 5 points.\n".to_owned()),
        ("solution.rhai", &["--secret", ""], 0, format!("Passed: 5 of 5 points.\n{open}")),
        ("starter.rhai", &["--secret", "x"], 1, "Not yet: 0 of 5 points.\n".to_owned()),
        ("solution.rhai", &["--format", "json"], 0, "}\n".to_owned()),
        ("README.md", &[], 2, "Cannot be graded: the submission is not a script that can be read.\n".to_owned()),
    ] {
        let file = if file == "README.md" { file.to_owned() } else { format!("{folder}/{file}") };
        let output = longshore(&[&["grade", folder, &file], more].concat(), "");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{file} {more:?}: {text}");
        assert!(text.ends_with(&ends), "{file} {more:?}: {text}");
    }
}

#[test]
fn numbers_that_grading_takes_have_bounds() {
    let solution = "lessons/010-task-vs-service/keep-two/solution.rhai";
    for (more, bounds) in [
        (&["--secret", "x", "--replays", "0"][..], "0 is not in 1..=1000"),
        (&["--secret", "x", "--replays", "4000000000"], "4000000000 is not in 1..=1000"),
        (&["--seconds", "0"], "0 is not in 1..=86400"),
        (&["--seconds", "18446744073709551615"], "18446744073709551615 is not in 1..=86400"),
    ] {
        check(&[&["grade", "keep-two", solution], more].concat(), "", 2, "", bounds);
    }
}

#[test]
fn an_exercise_is_tried_in_its_own_lab() {
    check(&["try", "mend-the-mix"], "", 1, "", "mend-the-mix/starter.rhai:");
    let not_yet = "Not yet: 0 of 6 points.";
    check(&["try", "choose-who-gets-in"], "", 0, "sts:AssumeRoleWithWebIdentity", not_yet);
    check(&["try", "keep-two", "-"], "print(ecs.list_clusters().clusterArns);", 0, "cluster/prod", not_yet);
    check(&["run", "-"], "print(ecs.list_clusters().clusterArns);", 0, "[]", "");
    let solution = "lessons/020-capacity-provider-weights/answer-the-splits/solution.rhai";
    check(&["try", "answer-the-splits", solution], "", 0, "", "of 2 tasks are on Spot. (1/1)");
    let misspelt = "there is no answer to `of-2`; `of2`, which you answered, is not asked";
    check(&["try", "answer-the-splits", "-"], "answer(`of2`, 0);", 0, "", misspelt);
    let wrong = "you answered 1, and the lab does something else";
    check(&["try", "answer-the-splits", "-"], "answer(`of-2`, 1);", 0, "", wrong);
    check(&["exercise", "keep-two"], "", 0, "`longshore try keep-two my.rhai`", "");
    check(&["try", "keep-tow"], "", 1, "", "did you mean `keep-two`?");
    check(&["try", "keep-two", "nowhere.rhai"], "", 1, "", "cannot read nowhere.rhai");
}

/// A file that waits for somebody to write is not waited for.
#[cfg(unix)]
#[test]
fn only_ordinary_files_are_opened() {
    let pipe = format!("{}/a-pipe.rhai", env!("CARGO_TARGET_TMPDIR"));
    let _ = std::fs::remove_file(&pipe);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let error = format!("cannot read {pipe}: it is not an ordinary file");
    for (arguments, code) in
        [(&["run"][..], 1), (&["try", "keep-two"], 1), (&["grade", "keep-two"], 2), (&["hint", "keep-two"], 1)]
    {
        check(&[arguments, &[pipe.as_str()]].concat(), "", code, "", &error);
    }
    check(&["run", "lessons"], "", 1, "", "cannot read lessons: it is a folder");
}

/// A verdict stays one when nobody reads it, and a closed pipe is nothing to complain about.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_quiet() {
    let program = env!("CARGO_BIN_EXE_longshore");
    for (command, code) in [
        ("run scripts/food_truck.rhai", "0"),
        ("grade keep-two lessons/010-task-vs-service/keep-two/starter.rhai", "1"),
    ] {
        let script = format!("({program} {command}; echo $? >&2) | true");
        let output = Command::new("sh").args(["-c", &script]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap().trim(), code, "{command}");
    }
}
