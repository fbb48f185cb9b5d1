//! Submissions graded a second: in this process, by worker processes, and each by a process of its own.
//!
//! The exercises are those of the course, with their solutions as submissions, and one that is made for this: a
//! simulated hour of 50 tasks, and 30 checks.
//!
//! Run with `cargo bench --bench grading`.

#![allow(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use longshore::cli::crew::{Processes, WORKER};
use longshore::course::{Catalogue, Exercise, Kind};
use longshore::grade::class::{self, Options, WorkerLimits};
use longshore::grade::{Grader, Status};
use longshore::script::on_big_stack;
use longshore::session::DEFAULT_SEED;

use measure::{ROUNDS, in_turns, median, processor_seconds, row, table, unit_nanos, wall_seconds};

/// Submissions graded in a row, in this process.
const IN_A_ROW: usize = 20;
/// Submissions of a class.
const CLASS: usize = 200;
/// Submissions that get a process of their own each.
const ALONE: usize = 40;
/// Checks of the exercise that is made for this.
const CHECKS: usize = 30;

/// Who grades.
#[derive(Clone, Copy)]
enum By {
    ThisProcess,
    Workers(usize),
    /// A worker that is hired for one submission.
    OneEach,
}

fn main() {
    let unit = unit_nanos();
    let mut exercises = Catalogue::embedded().expect("the course is whole").exercises;
    exercises.push(an_hour());
    table("In this process, on one core", &["exercise", "ms a submission", "units", "submissions a second"]);
    for (exercise, times) in exercises.iter().zip(in_turns(ROUNDS, &exercises, in_a_row)) {
        let seconds = median(times);
        row([
            exercise.name(),
            format!("{:.2}", seconds * 1e3),
            format!("{:.0}", seconds * 1e9 / unit),
            format!("{:.0}", 1.0 / seconds),
        ]);
    }
    println!();
    let columns = ["exercise", "in this process", "1 worker", "ratio", "2 workers", "to 1 worker", "one process each"];
    table("Submissions a second by the clock, and ratios", &columns);
    let keep_two = exercises.iter().find(|exercise| exercise.slug == "keep-two").expect("it is in the course");
    for exercise in [keep_two, &an_hour()] {
        let ways = [By::ThisProcess, By::Workers(1), By::Workers(2), By::OneEach];
        let folder = folder(exercise);
        let times = in_turns(ROUNDS, &ways, |&way| by_the_clock(exercise, &folder, way));
        let rates: Vec<f64> = times.into_iter().map(|times| 1.0 / median(times)).collect();
        let [here, one, two, each] = rates.try_into().expect("four ways");
        row([
            exercise.name(),
            format!("{here:.0}"),
            format!("{one:.0}"),
            format!("{:.2}", one / here),
            format!("{two:.0}"),
            format!("{:.2}", two / one),
            format!("{each:.0}"),
        ]);
    }
}

/// A simulated hour of 50 tasks, and 30 checks that look at them.
fn an_hour() -> Exercise {
    let check = |nth: usize| {
        format!(
            "/// Fifty of them run, as check {nth} sees it.\nfn check_{nth}() {{\n    let service = ecs.describe_services(#{{ \
             cluster: \"prod\", services: [\"web\"] }}).services[0];\n    if service.runningCount != 50 {{ fail(50, \
             service.runningCount, \"wait\"); }}\n}}\n"
        )
    };
    Exercise {
        lesson: "benchmark".to_owned(),
        slug: "an-hour-of-fifty".to_owned(),
        kind: Kind::Write,
        title: "Fifty tasks".to_owned(),
        task: String::new(),
        starter: String::new(),
        solution: HOUR.to_owned(),
        checks: (1..=CHECKS).map(check).collect(),
    }
}

const HOUR: &str = r#"
    ecs.create_cluster(#{ clusterName: "prod" });
    ecs.register_task_definition(#{
        family: "web", networkMode: "awsvpc", cpu: "256", memory: "512", requiresCompatibilities: ["FARGATE"],
        containerDefinitions: [#{ name: "web", image: "nginx" }],
    });
    let subnets = ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId);
    ecs.create_service(#{
        cluster: "prod", serviceName: "web", taskDefinition: "web", desiredCount: 50, launchType: "FARGATE",
        networkConfiguration: #{ awsvpcConfiguration: #{ subnets: subnets } },
    });
    wait("1h");
"#;

/// Processor seconds a submission, in this process, once the exercise is read.
fn in_a_row(exercise: &Exercise) -> f64 {
    on_big_stack(|| {
        let grader = Grader::new(exercise).expect("the exercise is sound");
        let (seconds, ()) = processor_seconds(|| grade(&grader, exercise, IN_A_ROW));
        seconds / IN_A_ROW as f64
    })
}

fn grade(grader: &Grader, exercise: &Exercise, times: usize) {
    for _ in 0..times {
        let record = grader.grade(&exercise.solution, DEFAULT_SEED);
        assert_eq!(record.status, Status::Passed, "{}: {record:?}", exercise.name());
    }
}

/// A folder with a class in it.
fn folder(exercise: &Exercise) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", exercise.slug));
    fs::create_dir_all(&folder).expect("there is room for it");
    for number in 0..CLASS {
        let file = folder.join(format!("learner-{number:03}.rhai"));
        fs::write(file, &exercise.solution).expect("there is room for it");
    }
    folder
}

/// Seconds a submission, from reading the exercise to the last record.
fn by_the_clock(exercise: &Exercise, folder: &Path, by: By) -> f64 {
    let crew = Processes {
        program: env!("CARGO_BIN_EXE_longshore").into(),
        arguments: vec![WORKER.to_owned()],
        deadline: Duration::from_secs(60),
    };
    let limits = WorkerLimits::default();
    let passed = |status| assert_eq!(status, Status::Passed, "{}", exercise.name());
    let (count, (seconds, ())) = match by {
        By::ThisProcess => (
            CLASS,
            wall_seconds(|| {
                on_big_stack(|| {
                    grade(&Grader::new(exercise).expect("the exercise is sound"), exercise, CLASS);
                })
            }),
        ),
        By::Workers(workers) => {
            let options = Options {
                exercise: exercise.clone(),
                folder: folder.to_owned(),
                results: folder.with_extension("jsonl"),
                resume: false,
                workers,
                seed: DEFAULT_SEED,
                hidden: Vec::new(),
                limits,
            };
            (
                CLASS,
                wall_seconds(|| {
                    let summary = class::grade(&options, &crew, &mut |_| {}).expect("the class can be graded");
                    summary.entries.iter().for_each(|entry| passed(entry.record.status));
                }),
            )
        }
        By::OneEach => (
            ALONE,
            wall_seconds(|| {
                for _ in 0..ALONE {
                    let record =
                        class::grade_one(exercise, &exercise.solution, DEFAULT_SEED, Vec::new(), limits, &crew);
                    passed(record.expect("it can be graded").status);
                }
            }),
        ),
    };
    seconds / count as f64
}
