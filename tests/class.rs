//! A class is graded in processes of its own: in any number of them, begun as often as it takes, whatever becomes of one.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::rc::Rc;
use std::time::Duration;

use longshore::cli::crew::Processes;
use longshore::course::{Catalogue, Exercise};
use longshore::grade::class::{
    self, Entry, Found, Options, PassedOver, Progress, Submission, Summary, WorkerLimits, hidden_seeds,
};
use longshore::grade::{self, Grader, Status};
use longshore::script::{Interpreter, Output, on_big_stack};
use longshore::session::Session;

/// The program.
pub(crate) const LONGSHORE: &str = env!("CARGO_BIN_EXE_longshore");

pub(crate) fn keep_two() -> Exercise {
    Catalogue::embedded().unwrap().exercise_at("keep-two").unwrap()
}

/// A folder of its own for a test, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("class-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("in")).unwrap();
    folder
}

/// Runs `longshore grade` on the submissions in a folder.
pub(crate) fn longshore(folder: &Path, more: &[&str]) -> process::Output {
    let mut command = Command::new(LONGSHORE);
    command.current_dir(folder).env_remove("LONGSHORE_SECRET");
    command.args(["grade", "keep-two", "--submissions", "in"]).args(more);
    command.output().unwrap()
}

pub(crate) fn entries(file: &Path) -> Vec<Entry> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Ten learners who know it, three who do not.
fn fill(folder: &Path) {
    let Exercise { starter, solution, .. } = keep_two();
    for nth in 0..10 {
        fs::write(folder.join(format!("in/good{nth}.rhai")), &solution).unwrap();
    }
    fs::write(folder.join("in/early.rhai"), starter).unwrap();
    fs::write(folder.join("in/loop.rhai"), "loop {}").unwrap();
    fs::write(folder.join("in/wrong.rhai"), "let x = ;").unwrap();
    fs::write(folder.join("in/notes.txt"), "no submission").unwrap();
}

fn options(folder: &Path, workers: usize) -> Options {
    Options {
        exercise: keep_two(),
        folder: folder.join("in"),
        results: folder.join("results.jsonl"),
        resume: false,
        workers,
        seed: 42,
        hidden: Vec::new(),
        limits: WorkerLimits::default(),
    }
}

fn processes(program: &str, arguments: &[&str], deadline: Duration) -> Processes {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    Processes { program: program.into(), arguments, deadline }
}

fn real() -> Processes {
    processes(LONGSHORE, &["grade-worker"], Duration::from_secs(60))
}

fn run(options: &Options) -> (Summary, Vec<Progress>) {
    let mut seen = Vec::new();
    let summary = class::grade(options, &real(), &mut |progress| seen.push(progress)).unwrap();
    (summary, seen)
}

#[test]
fn the_number_of_workers_does_not_show() {
    let folder = folder("workers");
    fill(&folder);
    let (summary, seen) = run(&Options { hidden: vec![7, 8], ..options(&folder, 1) });
    let one = fs::read(folder.join("results.jsonl")).unwrap();
    assert_eq!(summary.counts, [(Status::Passed, 10), (Status::Failed, 1), (Status::NotGradable, 2)]);
    assert_eq!(summary.exit_code(), 2);
    assert_eq!(seen.len(), 14);
    assert_eq!(seen[13], Progress { done: 13, resumed: 0, total: 13 });
    assert_eq!(entries(&folder.join("results.jsonl")), summary.entries);
    let learners: Vec<&str> = summary.entries.iter().map(|entry| entry.learner.as_str()).collect();
    assert!(learners.is_sorted(), "{learners:?}");
    for workers in [2, 5] {
        run(&Options { hidden: vec![7, 8], ..options(&folder, workers) });
        assert_eq!(fs::read(folder.join("results.jsonl")).unwrap(), one, "{workers} workers");
    }
}

#[test]
fn a_worker_says_what_grading_here_says() {
    let folder = folder("same");
    fill(&folder);
    for Entry { learner, record, .. } in run(&options(&folder, 2)).0.entries {
        let text = fs::read_to_string(folder.join(format!("in/{learner}.rhai"))).unwrap();
        assert_eq!(record.to_json(), grade::grade(&keep_two(), &text, 42).to_json(), "{learner}");
    }
}

#[test]
fn what_is_recorded_is_not_graded_again() {
    let folder = folder("resume");
    let results = folder.join("results.jsonl");
    fill(&folder);
    run(&options(&folder, 1));
    let whole = fs::read_to_string(&results).unwrap();

    // As kill -9 leaves it: four lines, and one that is torn.
    let cut = whole.match_indices('\n').nth(3).unwrap().0 + 100;
    fs::write(&results, &whole[..cut]).unwrap();
    let again = Options { resume: true, ..options(&folder, 2) };
    let (_, seen) = run(&again);
    assert_eq!(seen[0], Progress { done: 4, resumed: 4, total: 13 });
    assert_eq!(fs::read_to_string(&results).unwrap(), whole);

    let (_, seen) = run(&again);
    assert_eq!(seen, [Progress { done: 13, resumed: 13, total: 13 }], "nothing is left to do");

    // One has handed in something else, one has taken it back, and the exercise is another one.
    fs::write(folder.join("in/good3.rhai"), "").unwrap();
    fs::remove_file(folder.join("in/good4.rhai")).unwrap();
    let (summary, seen) = run(&again);
    assert_eq!(seen[0], Progress { done: 11, resumed: 11, total: 12 });
    assert_eq!(summary.counts[0], (Status::Passed, 8));
    let (_, seen) = run(&Options { seed: 43, ..again });
    assert_eq!(seen[0], Progress { done: 0, resumed: 0, total: 12 });
}

/// What one learner leaves behind, and how the next one would look for it.
const LEFT_AND_LOOKED_FOR: &[(&str, &str)] = &[
    ("let prize = 1;", "prize"),
    ("const PRIZE = 1; let x = || PRIZE; x", "PRIZE"),
    ("let prize = 1; fn see() { global::prize }", "global::prize"),
    ("7", "ans"),
    ("|| 7", "ans.call()"),
    ("fn prize() { 1 }", "prize()"),
    ("fn prize() { this } 1.prize()", "1.prize()"),
    ("private fn prize() { 1 } prize()", "Fn(\"prize\").call()"),
    ("fn wait(span) { throw span; } fn settle() { throw 1; }", "wait(\"1m\"); settle(); throw now();"),
    ("fn cluster(name) { name } cluster(\"a\")", "throw cluster(\"b\").name"),
    ("let c = cluster(\"a\"); c.launch(\"x\", \"Fargate\", 256, 512)", "throw get_fn_metadata_list().len()"),
    ("fn prize() { 1 }", "throw get_fn_metadata_list().len()"),
    ("ecs.run_task(#{ taskDefinition: \"prize\" })", "why()"),
    ("try { ecs.run_task(#{ taskDefinition: \"prize\" }) } catch (e) { throw e; }", "why()"),
    ("predict(\"prize?\", [1, 2])", "expect(1)"),
    ("answer(\"prize\", 1)", "throw facts().len()"),
    ("ecs.create_cluster(#{ clusterName: \"prize\" }); wait(\"1d\")", "throw ecs.list_clusters().clusterArns"),
    ("ecs.create_cluster(#{ clusterName: \"prize\" }); wait(\"1d\")", "throw now()"),
    ("let s = \"\"; s.pad(60000, \"x\"); print(s)", "let s = \"\"; s.pad(60000, \"x\"); print(s); throw 1"),
    ("let s = \"\"; s.pad(60000, \"x\"); loop { print(s) }", "throw 1"),
    ("let n = 0; while n < 300000 { n += 1 }", "let n = 0; while n < 300000 { n += 1 } throw n"),
    ("loop {}", "throw 1"),
    ("fn f(n) { f(n + 1) } f(0)", "fn f(n) { if n == 40 { throw n } f(n + 1) } f(0)"),
    ("ecs.", "call(1)"),
    ("let x = `${ecs.", "call(1)"),
    ("\"prize\".x = 1", "\"prize\".x"),
    ("import \"prize\" as p; export prize;", "p::prize"),
];

#[test]
fn nothing_of_one_learner_reaches_the_next() {
    let exercise = keep_two();
    on_big_stack(|| {
        let used = Grader::new(&exercise).unwrap();
        let grade = |grader: &Grader, text: &str| grader.grade_with_replays(text, 42, &[7]).to_json();
        for (left, looked_for) in LEFT_AND_LOOKED_FOR {
            grade(&used, left);
            let seen = grade(&used, looked_for);
            assert_eq!(seen, grade(&Grader::new(&exercise).unwrap(), looked_for), "{left}\n{looked_for}");
            assert!(seen.contains("\"error\": {"), "it would tell what it finds: {looked_for}");
        }
        for text in [&exercise.solution, &exercise.starter] {
            assert_eq!(grade(&used, text), grade(&Grader::new(&exercise).unwrap(), text));
        }
    });
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_goes_on() {
    let folder = folder("killed");
    fill(&folder);
    // The slow one is graded while the parent is killed.
    fs::write(folder.join("in/zz.rhai"), "let s = \"a\"; s.pad(250000, \"a\"); loop { s.index_of(\"b\"); }").unwrap();
    let arguments = ["grade", "keep-two", "--submissions", "in", "--workers", "1", "--seconds", "2"];
    let mut child = Command::new(LONGSHORE).current_dir(&folder).args(arguments).spawn().unwrap();
    let results = folder.join("results.jsonl");
    while !fs::read_to_string(&results).is_ok_and(|text| text.lines().count() >= 13) {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    fs::remove_file(folder.join("in/zz.rhai")).unwrap();
    let output = longshore(&folder, &["--resume", "--seconds", "2"]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let resumed = fs::read(&results).unwrap();
    longshore(&folder, &["--seconds", "2"]);
    assert_eq!(fs::read(&results).unwrap(), resumed);
}

/// A process that is ready, and then does something else than grading.
#[cfg(unix)]
#[test]
fn a_lost_worker_is_one_verdict() {
    let folder = folder("lost");
    fs::write(folder.join("in/ada.rhai"), "").unwrap();
    fs::write(folder.join("in/bob.rhai"), "").unwrap();
    for (then, status, words) in [
        ("sleep 100", Status::TimedOut, "it took more than the 30 seconds"),
        ("kill -SEGV $$", Status::Crashed, "the process that graded it went down"),
        ("kill -XCPU $$", Status::TimedOut, "it took more than"),
        ("exit 0", Status::Crashed, "went down"),
        ("echo nonsense", Status::Crashed, "went down"),
        (r#"echo '{"graded":{"number":7,"record":{}}}'"#, Status::Crashed, "went down"),
        (r#"echo '{"graded":{"number":0,"record":FORGED}}'"#, Status::Crashed, "went down"),
    ] {
        // A record that has passed, of an exercise without checks.
        let mut forged = grade::grade(&keep_two(), &keep_two().solution, 42);
        forged.checks.clear();
        let then = then.replace("FORGED", &serde_json::to_string(&forged).unwrap());
        let script = format!("read assignment; echo '\"ready\"'; read job; {then}");
        let crew = processes("/bin/sh", &["-c", &script], Duration::from_millis(400));
        let summary = class::grade(&options(&folder, 2), &crew, &mut |_| ()).unwrap();
        assert_eq!(summary.counts, [(status, 2)], "{then}");
        assert_eq!(summary.exit_code(), 2);
        for entry in summary.entries {
            assert!(entry.record.reason.as_ref().unwrap().contains(words), "{then}: {:?}", entry.record.reason);
            assert_eq!((entry.record.points, entry.record.checks.len()), (0, 3));
            assert!(!grade::report(&entry.record).contains("Passed"));
        }
    }
}

#[cfg(unix)]
#[test]
fn without_workers_there_is_a_sentence_and_no_verdict() {
    let folder = folder("none");
    fs::write(folder.join("in/ada.rhai"), "").unwrap();
    for (program, script, sentence) in [
        ("/nowhere", "", "cannot start a grading process"),
        ("/bin/sh", "exit 1", "a grading process does not even begin"),
        ("/bin/sh", r#"read x; echo '{"broken":"no memory"}'"#, "no memory"),
    ] {
        let crew = processes(program, &["-c", script], Duration::from_secs(5));
        let error = class::grade(&options(&folder, 1), &crew, &mut |_| ()).unwrap_err();
        assert!(error.contains(sentence), "{error}");
    }
    let broken = Exercise { checks: "fn check_a( {}".to_owned(), ..keep_two() };
    let error = class::grade(&Options { exercise: broken, ..options(&folder, 1) }, &real(), &mut |_| ()).unwrap_err();
    assert!(error.contains("checks.rhai, line 1"), "{error}");
    let nowhere = Options { folder: folder.join("nowhere"), ..options(&folder, 1) };
    assert!(class::grade(&nowhere, &real(), &mut |_| ()).unwrap_err().contains("cannot read"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_operating_system_keeps_the_limits() {
    let folder = folder("limits");
    // Hundreds of variables of a quarter of a megabyte each: the script engine's limits are for each value.
    let lines: String = (0..900).map(|nth| format!("let v{nth} = s + `{nth}`;\n")).collect();
    let hoard = format!("let s = \"\"; s.pad(260000, \"x\");\n{lines}");
    fs::write(folder.join("in/hoard.rhai"), hoard).unwrap();
    fs::write(folder.join("in/honest.rhai"), keep_two().solution).unwrap();
    let limits = WorkerLimits { address_space: 700 << 20, seconds: 20 };
    let (summary, _) = run(&Options { limits, ..options(&folder, 1) });
    let status: Vec<Status> = summary.entries.iter().map(|entry| entry.record.status).collect();
    assert_eq!(status, [Status::Crashed, Status::Passed]);
}

#[test]
fn submissions_are_files_or_folders() {
    let folder = folder("listing");
    let inside = folder.join("in");
    let write = |path: &str, bytes: &[u8]| {
        let path = inside.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write("ada.rhai", b"1");
    write("bob/main.rhai", b"2");
    write("bob/README.md", b"");
    write("both.rhai", b"");
    write("both/x.rhai", b"");
    write("empty/README.md", b"");
    write("latin.rhai", b"\xe9");
    write("long.rhai", &vec![b' '; 1 << 20]);
    write("two/a.rhai", b"");
    write("two/b.rhai", b"");
    write("loud.RHAI", b"3");
    write("notes.txt", b"");
    write("noext", b"");
    write(".hidden.rhai", b"");
    write("__MACOSX/ada.rhai", b"");
    write("bob/__MACOSX/main.rhai", b"");
    fs::create_dir_all(inside.join("folder.rhai/x.rhai")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/passwd", inside.join("link.rhai")).unwrap();
        std::os::unix::fs::symlink("/etc", inside.join("linked")).unwrap();
        write("red\u{1b}[31m.rhai", b"");
    }
    let Found { submissions, passed_over } = class::submissions(&inside).unwrap();
    let said: Vec<String> = submissions
        .iter()
        .map(|Submission { learner, text }| match text {
            Ok(text) => format!("{learner}: ok {text}"),
            Err(why) => format!("{learner}: {why}"),
        })
        .collect();
    let mut expected = vec![
        "ada: ok 1",
        "bob: ok 2",
        "both: there are 2 scripts where one is expected: both, both.rhai",
        "empty: its folder holds no script: one file that ends in .rhai is expected",
        "folder.rhai: it is not an ordinary file",
        "latin: it is not text in UTF-8",
        "link: it is not an ordinary file",
        "long: a script has at most 65536 bytes, and it has more",
        "loud: ok 3",
        "red·[31m: ok ",
        "two: there are 2 scripts where one is expected: a.rhai, b.rhai",
    ];
    expected.retain(|line| cfg!(unix) || !line.starts_with("link") && !line.starts_with("red"));
    assert_eq!(said, expected);
    let passed_over: Vec<String> =
        passed_over.iter().map(|PassedOver { name, why }| format!("{name}: {why}")).collect();
    let mut expected = vec![
        "linked: it is a link, and links are not followed",
        "noext: its name does not end in .rhai",
        "notes.txt: its name does not end in .rhai",
    ];
    expected.retain(|line| cfg!(unix) || !line.starts_with("link"));
    assert_eq!(passed_over, expected);
    let none = class::submissions(&folder.join("in/empty")).unwrap_err();
    assert!(none.contains("holds no submission") && none.ends_with("; README.md: its name does not end in .rhai"));
}

/// An exercise whose cluster is called otherwise in each lab.
fn renamed() -> Exercise {
    let checks = r#"
        fn setup() { ecs.create_cluster(#{ clusterName: renamed("prod") }); }
        /// There is a task definition named like the cluster.
        fn check_named() {
            let families = ecs.list_task_definition_families().families;
            if !(renamed("prod") in families) { fail(renamed("prod"), families, "look at ecs.list_clusters()"); }
        }
        /// There is one at all.
        fn check_any() {
            if ecs.list_task_definition_families().families.is_empty() { fail("one", "none", ""); }
        }
    "#;
    Exercise { checks: checks.to_owned(), ..keep_two() }
}

#[test]
fn hidden_seeds_tell_those_who_look_from_those_who_copy() {
    let register = |family: &str| {
        let container = "containerDefinitions: [#{ name: \"a\", image: \"nginx\", memory: 512 }]";
        format!("ecs.register_task_definition(#{{ family: {family}, {container} }});")
    };
    let looks = format!("let name = ecs.list_clusters().clusterArns[0].split(\"/\")[-1]; {}", register("name"));
    let hidden = hidden_seeds("secret", "010-x/y", 3);
    assert_eq!(hidden.len(), 3);
    assert_ne!(hidden, hidden_seeds("Secret", "010-x/y", 3));
    assert_ne!(hidden, hidden_seeds("secret", "010-x/z", 3));
    assert_eq!(hidden[..2], hidden_seeds("secret", "010-x/y", 2));
    on_big_stack(|| {
        let grader = Grader::new(&renamed()).unwrap();
        let record = grader.grade_with_replays(&looks, 42, &hidden);
        assert_eq!((record.status, record.points, record.replays), (Status::Passed, 2, 3));
        let actual = grader.grade("", 42).checks[0].expected.clone().unwrap();
        let copies = register(&actual.to_string());
        assert_eq!(grader.grade(&copies, 42).status, Status::Passed);
        let record = grader.grade_with_replays(&copies, 42, &hidden);
        assert_eq!((record.status, record.points, record.seed), (Status::Failed, 1, 42));
        assert!(record.checks[0].rationale.starts_with("in a lab with another seed: expected prod-"));
        for seed in &hidden {
            assert!(!record.to_json().contains(&seed.to_string()), "a hidden seed stays hidden");
        }
    });
}

/// What a script prints in the lab in which an exercise begins.
fn printed(exercise: &Exercise, script: &str) -> String {
    let printed: Rc<RefCell<String>> = Rc::default();
    let printer = Rc::clone(&printed);
    let print = move |output: Output| {
        if let Output::Text(text) = output {
            printer.borrow_mut().push_str(&text);
        }
    };
    let lab = grade::set_up(exercise, Session::new(42)).unwrap();
    Interpreter::new(lab, Box::new(print)).eval(script, "test").unwrap();
    printed.take()
}

/// Exercises of the course, what their solutions look a name up with, and how its learner sees it.
#[test]
fn a_name_that_was_copied_does_not_pass_elsewhere() {
    let service = "ecs.list_services(#{ cluster: \"prod\" }).serviceArns[0]";
    let cluster = "ecs.list_clusters().clusterArns[0]";
    let role = "iam.list_roles().Roles.map(|role| role.RoleName).find(|name| name.starts_with(\"reader-\"))";
    for (name, looks, sees) in [
        ("repair-the-api", service, service),
        ("mend-the-mix", cluster, cluster),
        ("spare-the-slow-starter", service, service),
        ("let-the-app-in", "\"reader-\"", role),
    ] {
        let exercise = Catalogue::embedded().unwrap().exercise_at(name).unwrap();
        let hidden = hidden_seeds("secret", &exercise.name(), 2);
        on_big_stack(|| {
            let seen = printed(&exercise, &format!("print({sees});"));
            let copied = exercise.solution.replace(looks, &format!("\"{seen}\""));
            assert!(exercise.solution.contains(looks), "{name}");
            let grader = Grader::new(&exercise).unwrap();
            for (text, here, everywhere) in
                [(&exercise.solution, Status::Passed, Status::Passed), (&copied, Status::Passed, Status::Failed)]
            {
                assert_eq!(grader.grade(text, 42).status, here, "{name}\n{text}");
                assert_eq!(grader.grade_with_replays(text, 42, &hidden).status, everywhere, "{name}\n{text}");
            }
        });
    }
}

/// What is no results of this exercise is not lost to them: those of another one, a submission, a device.
#[test]
fn results_are_not_written_over_anything_else() {
    let folder = folder("results");
    fs::write(folder.join("in/ada.rhai"), keep_two().solution).unwrap();
    assert_eq!(longshore(&folder, &[]).status.code(), Some(0));
    let ours = fs::read_to_string(folder.join("results.jsonl")).unwrap();
    assert_eq!(longshore(&folder, &[]).status.code(), Some(0), "ours are written anew");
    let theirs = ours.replace("keep-two", "keep-three");
    fs::write(folder.join("theirs.jsonl"), &theirs).unwrap();
    for (file, more) in [("theirs.jsonl", None), ("theirs.jsonl", Some("--resume")), ("in/ada.rhai", None)] {
        let before = fs::read_to_string(folder.join(file)).unwrap();
        let output = longshore(&folder, &["--results", file].into_iter().chain(more).collect::<Vec<_>>());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("is there already, and holds something else than results of"), "{said}");
        assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), before);
    }
    // What has no whole line is no results file either, unless it is the beginning of one.
    fs::write(folder.join("in/ada.rhai"), "print(1)").unwrap();
    assert_eq!(longshore(&folder, &["--results", "in/ada.rhai"]).status.code(), Some(3));
    assert_eq!(fs::read_to_string(folder.join("in/ada.rhai")).unwrap(), "print(1)");
    fs::write(folder.join("torn.jsonl"), &ours[..40]).unwrap();
    assert_eq!(longshore(&folder, &["--results", "torn.jsonl", "--resume"]).status.code(), Some(1));
    // A link stays one, and what it leads to is looked at first.
    #[cfg(unix)]
    {
        let link = folder.join("link.jsonl");
        std::os::unix::fs::symlink("in/ada.rhai", &link).unwrap();
        assert_eq!(longshore(&folder, &["--results", "link.jsonl"]).status.code(), Some(3));
        assert_eq!(fs::read_to_string(folder.join("in/ada.rhai")).unwrap(), "print(1)");
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("results.jsonl", &link).unwrap();
        assert_eq!(longshore(&folder, &["--results", "link.jsonl"]).status.code(), Some(1));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(entries(&folder.join("results.jsonl"))[0].record.points, 0);
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("nowhere/at.all", &link).unwrap();
        assert_eq!(longshore(&folder, &["--results", "link.jsonl"]).status.code(), Some(3));
    }
}

#[test]
fn the_command_line_grades_a_class() {
    let folder = folder("cli");
    fill(&folder);
    let output = longshore(&folder, &["--secret", "x", "--workers", "2"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("early  0/6  not yet\n"), "{text}");
    assert!(text.contains("good0  6/6  passed\n"), "{text}");
    assert!(text.ends_with("13 graded: 10 passed, 1 not yet, 2 cannot be graded\n"), "{text}");
    // There is no meter where there is no terminal.
    let passed_over =
        "note: notes.txt is passed over: its name does not end in .rhai\nnote: 1 passed over, 13 graded\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), passed_over);
    fs::remove_file(folder.join("in/notes.txt")).unwrap();
    assert!(entries(&folder.join("results.jsonl")).iter().all(|entry| entry.learner == "early"
        || entry.record.replays == if entry.record.status == Status::Passed { 2 } else { 0 }));

    let open = longshore(&folder, &["--workers", "2"]);
    let text = String::from_utf8(open.stdout).unwrap();
    assert!(text.contains("cannot be graded\nOne lab was looked at: --secret or LONGSHORE_SECRET "), "{text}");
    longshore(&folder, &["--secret", "x", "--workers", "2"]);

    let csv = longshore(&folder, &["--resume", "--secret", "x", "--format", "csv"]);
    assert!(String::from_utf8(csv.stdout).unwrap().starts_with("learner,status,points,max,check_recipe"));
    let reports = longshore(&folder, &["--resume", "--secret", "x", "--format", "markdown"]);
    assert_eq!(reports.status.code(), Some(3));
    longshore(&folder, &["--resume", "--secret", "x", "--format", "markdown", "--reports", "out"]);
    assert_eq!(fs::read_dir(folder.join("out")).unwrap().count(), 14, "thirteen reports and their list");
    // The same reports again are written over; what is none of them is not.
    let again = |exercise: &str| {
        let results = format!("{exercise}.jsonl");
        let mut command = Command::new(LONGSHORE);
        command.current_dir(&folder).args(["grade", exercise, "--submissions", "in", "--format", "markdown"]);
        let output = command.args(["--reports", "out", "--results", &results]).output().unwrap();
        (output.status.code() == Some(3), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(again("keep-two"), (false, String::new()));
    let other = "error: out holds reports of 010-task-vs-service/keep-two: name another folder with --reports\n";
    assert_eq!(again("predict-five"), (true, other.to_owned()));
    // A report that cannot be written costs nobody else theirs.
    let long = "l".repeat(248);
    fs::write(folder.join(format!("in/{long}.rhai")), "").unwrap();
    fs::remove_file(folder.join("out/good3.md")).unwrap();
    fs::create_dir_all(folder.join("out/good3.md/in the way")).unwrap();
    let (fault, said) = again("keep-two");
    assert!(fault && said.starts_with("error: cannot write out/good3.md: "), "{said}");
    assert!(said.ends_with("; 13 of 14 reports are written\n"), "{said}");
    assert_eq!(fs::read_dir(folder.join("out")).unwrap().count(), 15, "and nothing else lies about");
    fs::remove_dir_all(folder.join("out/good3.md")).unwrap();
    assert_eq!(again("keep-two"), (false, String::new()));
    fs::write(folder.join("in/zoe.rhai"), "").unwrap();
    fs::write(folder.join("out/zoe.md"), "her own").unwrap();
    let own = "error: out/zoe.md is there already, and is no report of 010-task-vs-service/keep-two: name another folder \
               with --reports\n";
    assert_eq!(again("keep-two"), (true, own.to_owned()));
    assert_eq!(fs::read_to_string(folder.join("out/zoe.md")).unwrap(), "her own");
}
