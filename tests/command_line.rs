//! The program without a terminal: arguments, files, pipes, exit codes, and what goes to which stream.

use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};

fn longshore(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_longshore"));
    command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn piped(input: &str, arguments: &[&str]) -> Output {
    let mut child = longshore(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn streams(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// A script in a file that is removed at the end.
struct Script(std::path::PathBuf);

impl Script {
    fn new(name: &str, text: &str) -> Script {
        let path = std::env::temp_dir().join(format!("longshore-{}-{name}.rhai", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Script(path)
    }

    fn run(&self) -> (i32, String, String) {
        streams(&longshore(&["run", self.0.to_str().unwrap()]).output().unwrap())
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn code_in_an_argument_shows_its_value_and_nothing_else() {
    let cluster = "ecs.create_cluster(#{ clusterName: \"prod\" });";
    for (code, expected) in [
        ("1 + 2", "3\n"),
        ("-1 + 2", "1\n"),
        ("1 + 2;", ""),
        ("()", ""),
        ("print(1); 2", "1\n2\n"),
        ("show([#{ a: 1 }, #{ a: 2 }]);", "a\n1\n2\n"),
        ("wait(\"90s\"); now()", "2026-01-05T09:01:30Z\n"),
        (&format!("{cluster} wait(\"1h\"); ecs.list_clusters().clusterArns.len()"), "1\n"),
    ] {
        let output = streams(&longshore(&["-e", code]).output().unwrap());
        assert_eq!(output, (0, expected.to_owned(), String::new()), "{code}");
    }
}

#[test]
fn a_script_prints_only_what_it_prints() {
    let script = Script::new("prints", "#!/usr/bin/env longshore\nprint(`two ${1 + 1}`);\nwait(\"1h\");\n42");
    assert_eq!(script.run(), (0, "two 2\n".to_owned(), String::new()));
}

#[test]
fn notices_go_aside() {
    let code = "ecs.create_cluster(#{ clusterName: \"a\", settings: [] }).cluster.clusterName";
    let (exit, out, err) = streams(&longshore(&["-e", code]).output().unwrap());
    assert_eq!((exit, out.as_str()), (0, "a\n"));
    assert_eq!(err, "note: not modelled: `settings` is accepted and has no effect\n");
}

/// What the division by zero of the next test leads to.
const HELP: &str = "way out: ask first whether what stands below is 0\n";

#[test]
fn trouble_goes_aside_and_ends_with_one() {
    let script =
        Script::new("trouble", "print(\"before\");\nfn wrong(x) {\n    x / 0\n}\nwrong(1);\nprint(\"after\");\n");
    let (exit, out, err) = script.run();
    let name = script.0.display();
    assert_eq!((exit, out.as_str()), (1, "before\n"));
    assert_eq!(
        err,
        format!("error: Division by zero: 1 / 0\n --> {name}:3:7\n  |\n3 |     x / 0\n  |       ^\n{HELP}")
    );
}

#[test]
fn what_is_piped_in_is_one_script() {
    assert_eq!(streams(&piped("let a = 20;\nlet b = 22;\n\na + b\n", &[])), (0, "42\n".to_owned(), String::new()));
    assert_eq!(streams(&piped("", &[])), (0, String::new(), String::new()));
    for command in [":undo", "?ecs.create_service"] {
        let (exit, out, err) = streams(&piped(&format!("let a = 1;\n{command}\n"), &[]));
        assert_eq!((exit, out.as_str()), (1, ""), "{command}");
        assert!(
            err.ends_with(&format!("way out: `{command}` is for the prompt: start longshore and type it\n")),
            "{err}"
        );
    }
    assert_eq!(streams(&piped("print(1); 2", &["run", "-"])), (0, "1\n".to_owned(), String::new()));
    let quotes = "let q = '\"'; let arn = \"s3:::photos/*\"; print(q + arn);";
    assert_eq!(streams(&piped(quotes, &[])), (0, "\"s3:::photos/*\n".to_owned(), String::new()));
}

#[test]
fn an_unfinished_script_is_an_error() {
    for (script, message) in [
        ("foo(", "error: Expecting ')' to close the arguments list of this function call 'foo'\n --> 1:5\n"),
        ("print(1); /* and so on", "error: a comment that begins with `/*` is not closed\n"),
        ("if true {", "error: Expecting '}' to terminate this block"),
        ("let a = `x", "error: "),
    ] {
        let (exit, out, err) = streams(&piped(script, &[]));
        assert_eq!((exit, out.as_str()), (1, ""), "{script}");
        assert!(err.starts_with(message), "{script}: {err}");
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let (exit, out, err) = streams(&longshore(&["run", "no/such.rhai"]).output().unwrap());
    assert_eq!((exit, out.as_str()), (1, ""));
    assert_eq!(err, "error: cannot read no/such.rhai: No such file or directory (os error 2)\n");
    let long = "1;".repeat(40_000);
    let mut child = longshore(&[]).stdin(Stdio::piped()).spawn().unwrap();
    // It stops reading when the script is too long for sure.
    let _ = child.stdin.take().unwrap().write_all(long.as_bytes());
    let (exit, _, err) = streams(&child.wait_with_output().unwrap());
    assert_eq!(exit, 1);
    assert!(err.starts_with("error: a script has at most 65536 bytes\n"), "{err}");
}

#[test]
fn wrong_arguments_end_with_two() {
    for arguments in [&["--nonsense"][..], &["run"], &["-e", "1", "run", "x"], &["--seed", "x"]] {
        let (exit, out, err) = streams(&longshore(arguments).output().unwrap());
        assert_eq!((exit, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.starts_with("error: "), "{arguments:?}: {err}");
    }
    let (exit, out, _) = streams(&longshore(&["--version"]).output().unwrap());
    assert_eq!((exit, out.trim()), (0, concat!("longshore ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_seed_makes_the_world() {
    let subnet = |seed: &str| {
        let code = "ec2.describe_subnets().Subnets[0].SubnetId";
        streams(&longshore(&["--seed", seed, "-e", code]).output().unwrap()).1
    };
    assert_eq!(subnet("7"), subnet("7"));
    assert_ne!(subnet("7"), subnet("8"));
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let err = |color: &str| streams(&longshore(&["--color", color, "-e", "nothing"]).output().unwrap()).2;
    assert!(err("always").starts_with("\u{1b}[31;1merror:\u{1b}[0m "));
    assert!(err("auto").starts_with("error: "));
    let forced = longshore(&["-e", "nothing"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(streams(&forced).2.starts_with('\u{1b}'));
}

#[test]
fn nobody_reading_any_more_is_no_trouble() {
    let mut child = longshore(&["-e", "for i in 0..60000 { print(`line ${i}`) }"]).spawn().unwrap();
    let mut first = [0; 6];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(&first, b"line 0");
    // The reading end is closed now.
    let (exit, _, err) = streams(&child.wait_with_output().unwrap());
    assert_eq!((exit, err.as_str()), (0, ""));
}
