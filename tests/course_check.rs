//! `longshore course check`: a small course that holds, and every way in which it may not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use longshore::course::Catalogue;
use longshore::grade::lint;

const LESSON: &str = r#"//! # Clusters
//! A name.
//# Real
//! ```sh
//! aws ecs create-cluster --cluster-name prod
//! ```
ecs.create_cluster(#{ clusterName: "prod" });
predict("How many?", [1, 2]);
wait("1s");
expect(ecs.list_clusters().clusterArns.len());
"#;

const STARTER: &str = concat!(
    "//! # Predict: how many clusters there are\n//! There is `prod`. How many `clusters` are there, if you make it again, \
     and `other`?\n//! Answer `again` and `other`.\n// TO",
    "DO: answer(\"again\", …);\n"
);

const SOLUTION: &str = "answer(\"again\", 1);\n\nanswer(\n    \"other\", 2,\n);\n";

const CHECKS: &str = r#"fn setup() { ecs.create_cluster(#{ clusterName: "prod" }); }

/// The same name again.
fn check_again() { same("again", "prod"); }

/// Another name.
fn check_other() { same("other", "other"); }

fn same(question, name) {
    afresh();
    ecs.create_cluster(#{ clusterName: name });
    let real = ecs.list_clusters().clusterArns.len();
    if answered(question) != real { fail(real, answered(question), why(question)); }
}

fn why(question) { if answered(question) == () { `there is no answer to ${question}` } else { "try it" } }

fn hint(n) { ["A name is what it is.", "Make it twice.", why("other")].get(n - 1) }

fn mistakes() {
    [
        #{ code: `answer("again", 2); answer("other", 2);`, check: "check_again", message: "expected 1, and it is 2" },
        #{ code: `answer("other", "two");`, check: "check_other", message: "expected 2, and it is two" },
        #{ code: ``, check: "check_other", message: "no answer to other" },
    ]
}

fn right() {
    [
        `answer("again", 7); answer("again", 1); answer("other", 2);`,
        // Tried out, with a cluster too many.
        `ecs.create_cluster(#{ clusterName: "prod" }); answer("again", ecs.list_clusters().clusterArns.len());
         ecs.create_cluster(#{ clusterName: "third" }); answer("other", ecs.list_clusters().clusterArns.len());`,
    ]
}
"#;

fn files() -> BTreeMap<&'static str, String> {
    [
        ("010-clusters/lesson.rhai", LESSON),
        ("010-clusters/names/starter.rhai", STARTER),
        ("010-clusters/names/solution.rhai", SOLUTION),
        ("010-clusters/names/checks.rhai", CHECKS),
    ]
    .map(|(file, text)| (file, text.to_owned()))
    .into()
}

fn wrong(files: &BTreeMap<&str, String>) -> Vec<String> {
    let files = files.iter().map(|(file, text)| ((*file).to_owned(), text.clone())).collect();
    let course = Catalogue::from_files(&files).unwrap();
    lint::course(&course, |_| true).flat_map(|proof| proof.wrong).map(|error| error.to_string()).collect()
}

#[test]
fn a_sound_course_is_proved() {
    assert_eq!(wrong(&files()), [""; 0]);
}

/// In which file what is replaced by what, and what is said then.
#[test]
fn whatever_is_wrong_is_found() {
    let (lesson, starter, solution, checks) =
        ("lesson.rhai", "names/starter.rhai", "names/solution.rhai", "names/checks.rhai");
    for (file, old, new, said) in [
        (lesson, "expect(ecs", "show(ecs", "lesson.rhai, line 8: 1 predictions are asked and 0 are closed by expect"),
        (lesson, "[1, 2]", "[2, 3]", "lesson.rhai, line 10: it is 1, which was not among the choices of \"How many?\""),
        (lesson, "```sh", "```", "lesson.rhai: nothing says what the commands are in real AWS"),
        (lesson, "wait(\"1s\");", "fn twice(x) { x + x }\n//# More\nlet x = twice(nothing);", "line 11"),
        (
            starter,
            "// TO",
            "answer(\"again\", 1); answer(\"other\", 2); // TO",
            "starter.rhai: it must fail before anything is done",
        ),
        (
            starter,
            "Predict:",
            "Write:",
            "starter.rhai, line 1: it asks for answers by answered(question), and the title says `Write:`",
        ),
        (
            starter,
            "and `other`?\n//! Answer `again` and `other`.",
            "?",
            "checks.rhai, line 7: it tests `other`, which the task does not name",
        ),
        (
            solution,
            "2",
            "3",
            "solution.rhai: the solution, with seed 42, must pass, and it has 1 of 2 points: check_other: expected 2, and it is 3",
        ),
        (
            solution,
            "answer(\n",
            "let idle = 1;\nanswer(\n",
            "solution.rhai, line 3: no check misses this statement: without it the solution has 2 of 2 points",
        ),
        (solution, "answer(\n", "nothing();\nanswer(\n", "solution.rhai, line 3: the solution, with seed 42, stops: "),
        (
            checks,
            "check_again() { same(\"again\", \"prod\"); }",
            "check_again() { }",
            "solution.rhai, line 1: no check misses this statement",
        ),
        (
            checks,
            "message: \"no answer to other\"",
            "message: \"it is 1\"",
            "checks.rhai, line 20: mistake 3: check_other should say `it is 1`, and it says: expected 2, and it is nothing; there is no answer to other",
        ),
        (
            checks,
            "code: ``",
            "code: `answer(\"other\", 2)`",
            "checks.rhai, line 20: mistake 3: check_other must fail, and it has 1 of 2 points",
        ),
        (checks, "code: ``", "code: `nothing()`", "checks.rhai, line 20: mistake 3: it stops: "),
        (
            checks,
            "answer(\"again\", 1);",
            "answer(\"again\", 3);",
            "checks.rhai, line 28: right answer 1 must pass, and it has 1 of 2 points",
        ),
        (checks, ", why(\"other\")]", "]", "checks.rhai, line 18: hint(n) gives 2 of them: 3 to 6"),
        (checks, "why(\"other\")]", "\"So.\"]", "checks.rhai, line 18: no hint looks at the lab"),
        (checks, "same(\"again\", \"prod\")", "same(\"again\"", "checks.rhai, line 4: "),
        (
            checks,
            "fn check_other() { same",
            "fn check_other() { samee",
            "check_other is broken: 010-clusters/names/checks.rhai, line 7",
        ),
    ] {
        let mut files = files();
        let text = files.get_mut(&*format!("010-clusters/{file}")).unwrap();
        assert!(text.contains(old), "{old}");
        *text = text.replacen(old, new, 1);
        let wrong = wrong(&files);
        assert!(wrong.iter().any(|line| line.contains(said)), "{file}: {old} → {new}: {said}\n{wrong:#?}");
    }
}

/// Writes the small course into a folder, with one thing replaced.
fn folder(name: &str, old: &str, new: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("course-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    for (file, text) in files() {
        let file = folder.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text.replace(old, new)).unwrap();
    }
    folder
}

#[test]
fn the_command_says_it_by_its_exit_code() {
    let sound = folder("sound", "", "");
    let idle = folder("idle", "answer(\n", "let idle = 1;\nanswer(\n");
    let untitled = folder("untitled", "Predict: ", "");
    for (folder, arguments, code, said) in [
        (&sound, "course check", 0, "all 2 hold"),
        (&sound, "course check names", 0, "all 1 hold"),
        (&sound, "course check nothing", 2, "nothing has `nothing` in its name"),
        (&idle, "course check", 1, "010-clusters/names/solution.rhai, line 3: no check misses this statement"),
        (&idle, "course check 010-clusters/lesson", 2, "nothing has"),
        (
            &untitled,
            "course check",
            2,
            "010-clusters/names/starter.rhai, line 1: the title says first what the learner does",
        ),
        (&sound, "lessons", 0, "Predict: how many clusters there are"),
        (&sound, "exercise names", 0, "There is `prod`"),
        (&sound, "lesson 1", 0, "it is 1"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_longshore"));
        command.args(arguments.split(' ')).arg("--course").arg(folder).env_clear().env("COLUMNS", "300");
        let output = command.stdin(std::process::Stdio::null()).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(code), "{arguments}: {text}");
        assert!(text.contains(said), "{arguments}: {text}");
    }
}
