//! Lessons and exercises in all directions: a course whose tests pass teaches what the simulation does, refuses no right
//! answer that is known, and accepts no wrong one.

use std::collections::BTreeSet;
use std::path::Path;

use longshore::course::{Catalogue, Exercise, Kind, Player};
use longshore::grade::lint::{self, Proof};
use longshore::grade::{self, CheckStatus, Record, Status};
use longshore::script::{Interpreter, Reply, on_big_stack};
use longshore::session::{DEFAULT_SEED, Limits, Session};
use serde_json::json;

fn course() -> Catalogue {
    Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"))
}

fn keep_two() -> Exercise {
    course().exercise_at("010-task-vs-service/keep-two").unwrap()
}

#[test]
fn lessons_do_what_they_did() {
    for lesson in course().lessons {
        let said = on_big_stack(|| lint::headless(&lesson)).unwrap_or_else(|error| panic!("{error}"));
        insta::assert_snapshot!(format!("lesson_{:03}", lesson.number), said);
    }
}

/// What a proof found wrong, one a line.
fn wrong(proof: &Proof) -> String {
    proof.wrong.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn the_course_is_proved() {
    for proof in lint::course(&course(), |_| true) {
        assert_eq!(wrong(&proof), "", "{}", proof.name);
    }
}

#[test]
fn every_lesson_has_three_exercises_of_three_kinds() {
    let course = course();
    for lesson in &course.lessons {
        let kinds = |kind: Kind| if kind.asks() { Kind::Predict } else { kind };
        let kinds: BTreeSet<Kind> = course.exercises_of(lesson).map(|exercise| kinds(exercise.kind)).collect();
        assert_eq!(kinds.len(), 3, "{}: {kinds:?}", lesson.folder());
    }
}

#[test]
fn predictions_are_compared_with_what_came_about() {
    on_big_stack(|| {
        let (mut interpreter, printed) = lint::collecting();
        interpreter.set_asker(Box::new(|question| {
            assert_eq!(question.choices, ["0", "two"]);
            Reply::Choice(1)
        }));
        for (actual, said) in [("\"two\"", "it is two: you were right"), ("0", "it is 0; you said two")] {
            interpreter.eval(&format!("predict(\"How many?\", [0, \"two\"]); expect({actual});"), "test").unwrap();
            assert_eq!(printed.take(), format!("Predict: How many?\n  a  0\n  b  two\n{said}\n"));
        }
        for (script, sentence) in [
            ("predict(\"?\", [1, 2]); expect(3);", "it is 3, which was not among the choices of \"?\""),
            ("expect(3);", "there is no open prediction"),
            ("predict(\"?\", [1, 1]);", "a prediction needs two choices or more, all different"),
        ] {
            interpreter.set_asker(Box::new(|_| Reply::See));
            let trouble = interpreter.eval(script, "test").unwrap_err();
            assert_eq!(trouble.message, sentence, "a lesson cannot lie");
        }
    });
}

#[test]
fn answers_are_journaled() {
    on_big_stack(|| {
        let (mut interpreter, _) = lint::collecting();
        let digest = interpreter.session().world().digest();
        for line in ["answer(\"how many\", 3)", "answer(\"which\", #{ a: [1, ()] }); answer(\"how many\", 4)"] {
            interpreter.eval(line, "test").unwrap();
        }
        let both = json!({ "how many": 4, "which": { "a": [1, null] } });
        assert_eq!(json!(interpreter.session().answers()), both);
        assert_eq!(interpreter.session().world().digest(), digest, "an answer changes nothing");
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("answers.lab");
        interpreter.session().save(&file).unwrap();
        assert_eq!(json!(Session::load(&file, Limits::default()).unwrap().session.answers()), both);
        interpreter.undo().unwrap();
        assert_eq!(json!(interpreter.session().answers()), json!({ "how many": 3 }));
        interpreter.redo().unwrap();
        assert_eq!(json!(interpreter.session().answers()), both);
    });
}

#[test]
fn trouble_in_a_step_names_the_line_of_the_script() {
    let files = [("010-x/lesson.rhai", "//! # X\n//# One\nlet a = 1;\n//# Two\n//! Text.\n\nlet b = a;\nnothing();\n")];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let lesson = Catalogue::from_files(&files).unwrap().lessons[0].clone();
    on_big_stack(|| {
        let (mut interpreter, _) = lint::collecting();
        let mut player = Player::new(lesson);
        player.play(&mut interpreter).unwrap();
        let place = player.play(&mut interpreter).unwrap_err().place.unwrap();
        assert_eq!((place.line, place.text.as_str()), (8, "nothing();"));
        assert_eq!(player.done(), 1, "the step can be tried again");
    });
}

#[test]
fn the_binary_has_the_course_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    assert_eq!(Catalogue::load(&folder), Ok(course()), "a new file needs a new build: touch src/course/catalogue.rs");
}

#[test]
fn exercises_are_found_by_path_and_by_name() {
    let course = course();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/010-task-vs-service/keep-two");
    for name in [
        "lessons/010-task-vs-service/keep-two",
        "./lessons/010-task-vs-service/keep-two/",
        "elsewhere/010-task-vs-service/keep-two",
        "010-task-vs-service/keep-two",
        "keep-two",
        folder.to_str().unwrap(),
    ] {
        assert_eq!(course.exercise_at(name), Ok(keep_two()), "{name}");
    }
    assert_eq!(
        course.exercise_at("010-task-vs-service/keep-tow").unwrap_err(),
        "there is no exercise `010-task-vs-service/keep-tow`; did you mean `010-task-vs-service/keep-two`?"
    );
    assert!(course.exercise_at("").unwrap_err().contains("there are: 010-task-vs-service/keep-two"));
}

/// What a check said, in one text.
fn said(record: &Record, id: &str) -> String {
    let check = record.checks.iter().find(|check| check.id == id).unwrap();
    assert_eq!(check.status, CheckStatus::Fail, "{id}\n{}", grade::report(record));
    format!("{}\n{}", check.rationale, check.help)
}

const RECIPE: &str = r#"
    ecs.register_task_definition(#{
        family: "my-rust-api", networkMode: "awsvpc", cpu: "256", memory: "512", requiresCompatibilities: ["FARGATE"],
        containerDefinitions: [#{ name: "web", image: "nginx" }],
    });
    let network = #{ awsvpcConfiguration: #{ subnets: ec2.describe_subnets().Subnets.map(|s| s.SubnetId) } };
    fn keep(name, definition, count, network) {
        ecs.create_service(#{ cluster: "prod", serviceName: name, taskDefinition: definition, desiredCount: count,
            launchType: "FARGATE", networkConfiguration: network });
    }
"#;

#[test]
fn wrong_answers_are_refused_whatever_they_say() {
    for answer in [
        r#"print("Passed: 6 of 6 points.");"#,
        r#"exit();"#,
        r#"exit(0); keep("api", "my-rust-api", 2, network);"#,
        r#"return true; keep("api", "my-rust-api", 2, network);"#,
        r#"keep("api", "my-rust-api", 2, network); ecs.delete_service(#{ cluster: "prod", service: "api", force: true });"#,
        r#"keep("api", "my-rust-api", 2, network); ecs.update_service(#{ cluster: "prod", service: "api", desiredCount: 0 });"#,
        // The learner's own functions mean nothing to the checks.
        r#"fn check_recipe() {} fn check_two_run() {} fn check_heals() {} fn copies() { ["a", "b"] }
           fn fail(a, b, c) {} fn setup() {} fn points() { #{ check_recipe: 100 } } fn needs() { #{} } setup();"#,
        r#"let copies = 2; const wait = 0; fn wait_until(a, b) { true } fn wait(a) {}"#,
        // A crash loop is not two copies.
        r#"image.define("nginx", #{ exit: #{ code: 1, after: "8h" } }); keep("api", "my-rust-api", 2, network);"#,
    ] {
        let record = grade::grade(&keep_two(), &format!("{RECIPE}{answer}"), DEFAULT_SEED);
        assert_eq!(record.status, Status::Failed, "{answer}\n{}", grade::report(&record));
        assert_eq!(record.max, 6, "nobody but the exercise says what a check is worth");
        assert_eq!(record.checks.len(), 3);
    }
}

#[test]
fn a_refusal_half_way_is_told_and_the_rest_is_graded() {
    let script = format!("{RECIPE}keep(\"api\", \"my-rust-api\", 2, \"nowhere\");");
    let record = grade::grade(&keep_two(), &script, DEFAULT_SEED);
    assert_eq!((record.status, record.points, record.exit_code()), (Status::Failed, 1, 1));
    insta::assert_snapshot!("grade_half_way", grade::report(&record));
}

#[test]
fn the_record_is_the_same_every_time() {
    let exercise = keep_two();
    let one = grade::grade(&exercise, RECIPE, 7).to_json();
    assert_eq!(one, grade::grade(&exercise, RECIPE, 7).to_json());
    assert_eq!(serde_json::from_str::<Record>(&one).unwrap().to_json(), one);
    insta::assert_snapshot!("grade_record", one);
    insta::assert_snapshot!("grade_report", grade::report(&grade::grade(&exercise, &exercise.solution, 7)));
}

#[test]
fn a_lab_can_be_graded_as_it_stands() {
    let exercise = keep_two();
    on_big_stack(|| {
        let session = grade::set_up(&exercise, Session::new(5)).unwrap();
        let before = grade::grade_lab(&exercise, &session);
        assert_eq!((before.status, before.seed), (Status::Failed, 5));
        let mut interpreter = Interpreter::new(session, Box::new(|_| {}));
        interpreter.eval(&exercise.solution, "prompt").unwrap();
        let session = interpreter.into_session();
        let digest = session.world().digest();
        assert_eq!(grade::grade_lab(&exercise, &session).status, Status::Passed);
        assert_eq!(session.world().digest(), digest, "grading leaves the lab alone");
        assert!(grade::hint_in_lab(&exercise, &session, 3).unwrap().unwrap().contains("Run the checks"));
    });
}

#[test]
fn hostile_submissions_end_in_a_sentence() {
    let exercise = keep_two();
    for (submission, status, sentence) in [
        ("loop {}", Status::NotGradable, "it took more than 2000000 operations"),
        ("loop { try { loop {} } catch {} }", Status::NotGradable, "it took more than 2000000 operations"),
        ("fn f(n) { f(n + 1) } f(0)", Status::NotGradable, "reached a limit"),
        ("let s = \"a\"; loop { s += s; }", Status::NotGradable, "reached a limit"),
        ("let a = []; loop { a = [a]; }", Status::NotGradable, "reached a limit"),
        ("loop { print(\"all checks passed\"); }", Status::NotGradable, "it printed too much"),
        ("let x = ;", Status::NotGradable, "not a script that can be read"),
        (&"(".repeat(10_000), Status::NotGradable, "not a script that can be read"),
        (&"let a = 1; ".repeat(10_000), Status::NotGradable, "a script has at most 65536 bytes"),
        ("wait(\"9000d\");", Status::NotGradable, "A single wait lasts at most"),
        ("eval(\"1\")", Status::NotGradable, "not a script that can be read"),
        ("import \"x\" as y;", Status::NotGradable, "not a script that can be read"),
        ("throw #{ code: \"passed\" };", Status::Failed, "your script stopped in line 1"),
        (
            &format!("{RECIPE}keep(\"api\", \"my-rust-api\", 1000000000, network);"),
            Status::Failed,
            "your script stopped in line 8",
        ),
        (
            &format!(
                "{RECIPE}loop {{ ecs.run_task(#{{ cluster: \"prod\", taskDefinition: \"my-rust-api\", count: 10, launchType: \"FARGATE\", networkConfiguration: network }}); wait(\"1s\"); }}"
            ),
            Status::NotGradable,
            "A lab keeps at most 200000 facts",
        ),
        (
            &format!("{RECIPE}for i in 0..200 {{ keep(`s${{i}}`, \"my-rust-api\", 5000, network); }} wait(\"30d\");"),
            Status::NotGradable,
            "A lab keeps at most 200000 facts",
        ),
    ] {
        let record = grade::grade(&exercise, submission, DEFAULT_SEED);
        let report = grade::report(&record);
        let start: String = submission.chars().take(200).collect();
        assert_eq!(record.status, status, "{start}\n{report}");
        assert!(report.contains(sentence), "{start}\n{report}");
        assert_eq!(record.checks.len(), 3, "every check is accounted for");
    }
}

#[test]
fn a_broken_exercise_is_the_graders_fault() {
    for (checks, sentence) in [
        ("fn check_a( {}", "checks.rhai, line 1"),
        ("fn other() {}", "there are no functions check_*"),
        ("fn check_a() {}", "check_a: a check takes nothing and has a `///` sentence above it"),
        ("/// A.\nfn check_a() {}\nfn points() { #{ check_b: 1 } }", "names check_b, which is no check"),
        ("/// A.\nfn check_a() {}\nfn points() { #{ check_a: \"1\" } }", "points():"),
        (
            "/// A.\nfn check_a() {}\nfn needs() { #{ check_a: [\"check_a\"] } }",
            "needs check_a, which is no earlier check",
        ),
        ("/// A.\nfn check_a() { nothing() }", "check_a is broken: 010-task-vs-service/keep-two/checks.rhai, line 2"),
        (
            "/// A.\nfn check_a() { helps() }\n// The checks of the course:\n\nfn helps() { nothing() }",
            "check_a is broken: checks.rhai, line 2",
        ),
        ("/// A.\nfn check_a() { 1 == 2 }", "check_a is broken: it gave false"),
        (
            "fn setup() { ecs.delete_cluster(#{ cluster: \"x\" }); }\n/// A.\nfn check_a() {}",
            "ClusterNotFoundException",
        ),
    ] {
        let exercise = Exercise { checks: checks.to_owned(), ..keep_two() };
        let record = grade::grade(&exercise, "", DEFAULT_SEED);
        assert_eq!(
            (record.status, record.exit_code()),
            (Status::GraderFault, 3),
            "{checks}\n{}",
            grade::report(&record)
        );
        assert!(grade::report(&record).contains(sentence), "{checks}\n{}", grade::report(&record));
    }
}

#[test]
fn a_thrown_text_and_a_refusal_are_failures() {
    let checks = "/// A.\nfn check_a() { throw \"not so\"; }\n/// B.\nfn check_b() { ecs.describe_services(#{ cluster: \"x\", services: [\"y\"] }); }\n/// C.\nfn check_c() { try { fail(1, 2, \"no\"); } catch { } }";
    let exercise = Exercise { checks: checks.to_owned(), ..keep_two() };
    let record = grade::grade(&exercise, "", DEFAULT_SEED);
    assert_eq!((record.status, record.points, record.max), (Status::Failed, 1, 3));
    assert_eq!(said(&record, "check_a"), "not so\n");
    assert!(said(&record, "check_b").contains("ClusterNotFoundException"));
}

/// The third hint looks at what a wrong submission leaves, and at what stopped it: it is about that and nothing else.
#[test]
fn hints_are_about_what_is_wrong() {
    let course = course();
    let starter = |name: &str| course.exercise_at(name).unwrap().starter;
    let solution = |name: &str| course.exercise_at(name).unwrap().solution;
    let mix = |old: &str, new: &str| starter("mend-the-mix").replace(", launchType: \"FARGATE\"", "").replace(old, new);
    let annotate = r#"
        let notes = #{};
        let role = iam.list_roles().Roles.find(|role| role.RoleName.starts_with("reader-"));
        notes["eks.amazonaws.com/role-arn"] = role.Arn;
        k8s.apply(#{ apiVersion: "v1", kind: "ServiceAccount",
            metadata: #{ name: "photos", namespace: "shop", annotations: notes } });
    "#;
    let again = r#"
        k8s.delete("pod", "app", "shop"); settle();
        k8s.apply(#{ apiVersion: "v1", kind: "Pod", metadata: #{ name: "app", namespace: "shop" },
            spec: #{ serviceAccountName: "photos", containers: [#{ name: "app", image: "nginx" }] } });
        settle();
    "#;
    let one_each = format!(
        "{RECIPE}keep(\"api\", \"my-rust-api\", 1, network);
         ecs.run_task(#{{ cluster: \"prod\", taskDefinition: \"my-rust-api\", launchType: \"FARGATE\",
             networkConfiguration: network }});"
    );
    let worker = |stop: u32| {
        format!(
            "ecs.register_task_definition(#{{ family: \"worker\", networkMode: \"awsvpc\", cpu: \"256\", memory: \"512\",
                 containerDefinitions: [#{{ name: \"worker\", image: \"worker:v1\", stopTimeout: {stop} }}] }});
             ecs.create_service(#{{ cluster: \"prod\", serviceName: \"worker\", taskDefinition: \"worker\",
                 desiredCount: 8, capacityProviderStrategy: [
                     #{{ capacityProvider: \"FARGATE\", base: 2, weight: 0 }},
                     #{{ capacityProvider: \"FARGATE_SPOT\", weight: 1 }},
                 ], networkConfiguration: #{{ awsvpcConfiguration: #{{
                     subnets: [ec2.describe_subnets().Subnets[0].SubnetId] }} }} }});"
        )
    };
    let five = |crash: &str| {
        format!(
            "answer(\"all-crash\", {crash}); answer(\"all-stopped\", 2); answer(\"scaled-in\", 1);
             answer(\"deleted\", 1); answer(\"new-recipe\", 0);"
        )
    };
    let splits = |six: &str| {
        format!(
            "answer(\"of-2\", 0); answer(\"of-6\", {six}); answer(\"of-10\", 6); answer(\"of-102\", 75);
             answer(\"back-to-6\", 3); answer(\"no-spot\", 27);"
        )
    };
    let ages = |maps: &str| {
        format!(
            "answer(\"cart\", 60); answer(\"search\", 0); answer(\"mail\", 100); answer(\"photos\", 0);
             answer(\"maps\", {maps});"
        )
    };
    for (exercise, submission, hint) in [
        ("keep-two", one_each, "Two copies run, and nobody keeps 1 of them"),
        ("predict-five", "answer(\"all-crash\", 2);".to_owned(), "There is no answer to all-stopped yet"),
        ("predict-five", five("3"), "Think about all-crash again (who would start"),
        ("predict-five", five("2"), "All five are right"),
        (
            "repair-the-api",
            "let service = ecs.list_services(#{ cluster: \"prod\" }).serviceArns[0];
             ecs.update_service(#{ cluster: \"prod\", service: service, desiredCount: 2 });"
                .to_owned(),
            " still starts my-rust-api:v1",
        ),
        ("answer-the-splits", String::new(), "There is no answer to of-2 yet"),
        ("answer-the-splits", splits("5"), "Think about of-6 again (the base is outside of the weights"),
        ("answer-the-splits", splits("3"), "All six are right"),
        ("mend-the-mix", starter("mend-the-mix"), "and so does launchType: one of them goes"),
        ("mend-the-mix", mix("", ""), "one item may have a base"),
        ("mend-the-mix", mix(", base: 3", ""), "some weight must be above 0"),
        ("mend-the-mix", mix("base: 3", "weight: 3"), "ecs.put_cluster_capacity_providers"),
        ("mend-the-mix", String::new(), "nothing has made it yet"),
        (
            "mend-the-mix",
            solution("mend-the-mix").replace("weight: 1", "weight: 2").replace("weight: 3", "weight: 7"),
            "Ten are right. Of 102 there are 24 on FARGATE",
        ),
        ("pay-for-eight", worker(30), "a worker needs 90 seconds after SIGTERM, and in worker:1 it has 30"),
        ("predict-the-first-change", ages("45"), "Look at maps again (a container becomes HEALTHY at a check"),
        ("predict-the-first-change", ages("300"), "Look at maps again (it is HEALTHY before that"),
        ("spare-the-slow-starter", String::new(), "the check 30 s after its start, and the program needs 200 s"),
        ("survive-a-bad-release", String::new(), "there is no service shop in prod"),
        ("choose-who-gets-in", "answer(\"cart\", [\"amber\"]);".to_owned(), "cart is not right yet (look at blue"),
        ("let-the-app-in", String::new(), "photos names arn:aws:iam::123456789012:role/photo-reader, and the role"),
        ("let-the-app-in", annotate.to_owned(), "a pod is told only once: delete it and create it anew"),
        ("let-the-app-in", format!("{annotate}{again}"), ": Action is \"sts:AssumeRoleWith"),
        ("let-the-app-in", "k8s.delete(\"pod\", \"app\", \"shop\"); settle();".to_owned(), "pods \"app\" not found"),
        ("let-the-app-in", solution("let-the-app-in"), "nobody else does. Run the checks"),
        (
            "let-the-app-in",
            solution("let-the-app-in").replace("StringEquals", "StringLike").replace("shop:photos", "shop:p*"),
            "But so may one of photos-",
        ),
        ("trust-one-account", String::new(), "IAM believes nobody yet"),
        (
            "trust-one-account",
            solution("trust-one-account").replace("nightly/*", "nightly*"),
            "it may call s3:GetObject on",
        ),
        ("trust-one-account", solution("trust-one-account"), "it is the only one. Run the checks"),
    ] {
        let said = grade::hint(&course.exercise_at(exercise).unwrap(), &submission, DEFAULT_SEED, 3).unwrap().unwrap();
        assert!(said.contains(hint), "{exercise}\n{submission}\n{said}");
    }
}
