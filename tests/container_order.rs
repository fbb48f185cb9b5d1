//! `dependsOn`: in which order the containers of a task start and stop, and what becomes of a task that waits in vain.

use longshore::model::subject::Subject;
use longshore::model::time::Millis;
use longshore::session::narrate;
use longshore::session::why::Step;
use longshore::world::fact::What;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate};
use crate::lifecycle::run;

/// The pull of a small image ends 30 s after RunTask; so all stories begin there.
const PULLED: u64 = 30_000;

/// A lab with programs that end, or boot, or leave, after so many seconds.
fn lab() -> Lab {
    let mut lab = Lab::prod();
    for (image, profile) in [
        ("ok-5", json!({ "exit": { "code": 0, "after": "5s" } })),
        ("fails-5", json!({ "exit": { "code": 1, "after": "5s" } })),
        ("at-once", json!({ "exit": { "code": 0, "after": "0s" } })),
        ("boots-25", json!({ "boot": "25s" })),
        ("leaves-3", json!({ "sigterm": { "code": 0, "after": "3s" } })),
        ("stubborn", json!({ "sigterm": { "ignore": true } })),
    ] {
        lab.ok("image.define", json!({ "image": image, "profile": profile }));
    }
    lab
}

/// A container of an image: essential unless a name begins with `?`, and what it waits for, as `name CONDITION`.
fn container(name: &str, image: &str, waits: &[&str]) -> Value {
    let waits: Vec<Value> = waits
        .iter()
        .map(|wait| {
            let (name, condition) = wait.split_once(' ').expect("name and condition");
            json!({ "containerName": name, "condition": condition })
        })
        .collect();
    let bare = name.trim_start_matches('?');
    json!({ "name": bare, "image": image, "essential": bare == name, "dependsOn": waits })
}

/// A container with another member.
fn with(mut container: Value, member: &str, value: Value) -> Value {
    container[member] = value;
    container
}

/// Probes every ten seconds, and gives up after so many.
fn checked(container: Value, retries: u32) -> Value {
    with(container, "healthCheck", json!({ "command": ["CMD", "check"], "interval": 10, "retries": retries }))
}

fn definition(containers: Value) -> Value {
    let mut definition = fargate("order", "nginx");
    definition["containerDefinitions"] = containers;
    definition
}

/// What happened to the containers and the task from the end of the pull on: the second, and the sentence.
fn story(lab: &Lab) -> Vec<String> {
    let world = lab.session.world();
    let began = lab.session.history()[0].at + Millis(PULLED);
    let told = lab.session.history().iter().filter(|fact| {
        let concerns = matches!(
            fact.what,
            What::TaskMoved(..)
                | What::TaskStopRequested(_)
                | What::ContainerStarted(_)
                | What::ContainerExited { .. }
                | What::ContainerHealth(..)
        );
        concerns && fact.at >= began
    });
    told.map(|fact| {
        let sentence = narrate::sentence(world, fact);
        let (head, tail) = sentence.split_once("task ").expect("of which task");
        let tail = &tail[8..];
        let sentence = format!("{}{tail}", head.trim_end_matches("of ")).replace("  ", " ");
        format!("{} {}", fact.at.since(began).0 / 1000, sentence.trim().trim_start_matches("container "))
    })
    .collect()
}

/// Runs a task of these containers for so long and compares its story.
#[track_caller]
fn tells(what: &str, containers: Value, span: &str, expected: &[&str]) {
    let mut lab = lab();
    run(&mut lab, definition(containers));
    lab.wait("30s");
    lab.wait(span);
    assert_eq!(story(&lab), expected, "{what}");
    assert_eq!(lab.session.world().violations(), Vec::<String>::new(), "{what}");
}

#[test]
fn containers_start_when_what_they_wait_for_has_come_so_far() {
    tells(
        "SUCCESS: an init container",
        json!([container("app", "nginx", &["init SUCCESS"]), container("?init", "ok-5", &[])]),
        "1h",
        &["0 init started", "5 init exited with code 0", "5 app started, after init SUCCESS", "5 is RUNNING"],
    );
    tells(
        "COMPLETE does not ask for the code",
        json!([container("app", "nginx", &["init COMPLETE"]), container("?init", "fails-5", &[])]),
        "1h",
        &["0 init started", "5 init exited with code 1", "5 app started, after init COMPLETE", "5 is RUNNING"],
    );
    tells(
        "HEALTHY: the probe 30 s after its start is the first to pass",
        json!([container("app", "nginx", &["db HEALTHY"]), checked(container("db", "boots-25", &[]), 10)]),
        "1h",
        &[
            "0 db started",
            "30 db is HEALTHY: the check 30 s after its start has passed",
            "30 app started, after db HEALTHY",
            "30 is RUNNING",
        ],
    );
    tells(
        "HEALTHY also after it was UNHEALTHY",
        json!([container("app", "nginx", &["db HEALTHY"]), checked(container("db", "boots-25", &[]), 2)]),
        "31s",
        &[
            "0 db started",
            "20 db is UNHEALTHY: 2 checks in a row have failed, the last one 20 s after its start",
            "30 db is HEALTHY: the check 30 s after its start has passed",
            "30 app started, after db HEALTHY",
            "30 is RUNNING",
        ],
    );
    tells(
        "START: one after the other, in the same moment",
        json!([container("app", "nginx", &["log START"]), container("?log", "nginx", &[])]),
        "1h",
        &["0 log started", "0 app started, after log START", "0 is RUNNING"],
    );
    tells(
        "START of what has ended already",
        json!([
            container("app", "nginx", &["init SUCCESS", "log START"]),
            container("?init", "ok-5", &[]),
            container("?log", "at-once", &[]),
        ]),
        "1h",
        &[
            "0 init started",
            "0 log started",
            "0 log exited with code 0",
            "5 init exited with code 0",
            "5 app started, after init SUCCESS and log START",
            "5 is RUNNING",
        ],
    );
    tells(
        "a chain of three",
        json!([
            container("app", "nginx", &["db HEALTHY", "seed SUCCESS"]),
            container("?seed", "ok-5", &["db HEALTHY"]),
            checked(container("db", "nginx", &[]), 3),
        ]),
        "1h",
        &[
            "0 db started",
            "10 db is HEALTHY: the check 10 s after its start has passed",
            "10 seed started, after db HEALTHY",
            "15 seed exited with code 0",
            "15 app started, after db HEALTHY and seed SUCCESS",
            "15 is RUNNING",
        ],
    );
}

const STOPPED: &str = "is STOPPED";
const FAILED: &str = "was told to stop: TaskFailedToStart (Task failed to start)";

#[test]
fn who_waits_in_vain_gives_up() {
    tells(
        "SUCCESS with code 1, for an essential container",
        json!([container("app", "nginx", &["init SUCCESS"]), container("?init", "fails-5", &[])]),
        "1h",
        &[
            "0 init started",
            "5 init exited with code 1",
            "5 app gave up waiting for init, which exited with code 1",
            &format!("5 {FAILED}"),
            "5 is DEPROVISIONING",
            &format!("15 {STOPPED}"),
        ],
    );
    tells(
        "SUCCESS with code 1, for a container that the task can do without",
        json!([
            container("app", "nginx", &[]),
            container("?report", "nginx", &["init SUCCESS"]),
            container("?init", "fails-5", &[]),
        ]),
        "1h",
        &[
            "0 app started",
            "0 init started",
            "5 init exited with code 1",
            "5 report gave up waiting for init, which exited with code 1",
            "5 is RUNNING",
        ],
    );
    tells(
        "startTimeout: what runs already is stopped",
        json!([
            container("app", "nginx", &["db HEALTHY"]),
            with(checked(container("db", "boots-25", &[]), 10), "startTimeout", json!(29)),
        ]),
        "1h",
        &[
            "0 db started",
            "29 app gave up waiting for db: its startTimeout of 29 s has run out",
            &format!("29 {FAILED}"),
            "29 is STOPPING",
            "30 db is HEALTHY: the check 30 s after its start has passed",
            "30 db exited with code 0 after SIGTERM",
            "30 is DEPROVISIONING",
            &format!("40 {STOPPED}"),
        ],
    );
    tells(
        "startTimeout: at its very end is in time",
        json!([
            container("app", "nginx", &["db HEALTHY"]),
            with(checked(container("db", "boots-25", &[]), 10), "startTimeout", json!(30)),
        ]),
        "1h",
        &[
            "0 db started",
            "30 db is HEALTHY: the check 30 s after its start has passed",
            "30 app started, after db HEALTHY",
            "30 is RUNNING",
        ],
    );
    tells(
        "an essential container ends while another one waits",
        json!([
            container("app", "nginx", &["init COMPLETE"]),
            container("db", "fails-5", &[]),
            container("?init", "leaves-3", &[]),
        ]),
        "1h",
        &[
            "0 db started",
            "0 init started",
            "5 db exited with code 1",
            "5 was told to stop: EssentialContainerExited (Essential container in task exited)",
            "5 is STOPPING",
            "8 init exited with code 0 after SIGTERM",
            "8 is DEPROVISIONING",
            &format!("18 {STOPPED}"),
        ],
    );
    tells(
        "without startTimeout, ECS waits for three hours",
        json!([container("app", "nginx", &["job SUCCESS"]), container("?job", "nginx", &[])]),
        "3h12s",
        &[
            "0 job started",
            &format!("10800 {FAILED}"),
            "10800 is STOPPING",
            "10801 job exited with code 0 after SIGTERM",
            "10801 is DEPROVISIONING",
            &format!("10811 {STOPPED}"),
        ],
    );
}

/// Each after those that depend on it; the others together. A stop timeout begins with its own SIGTERM.
#[test]
fn containers_stop_in_reverse_order() {
    let mut lab = lab();
    let containers = json!([
        container("db", "leaves-3", &[]),
        with(container("app", "stubborn", &["db START"]), "stopTimeout", json!(7)),
        container("web", "leaves-3", &["app START"]),
        container("?log", "nginx", &[]),
    ]);
    let task = run(&mut lab, definition(containers));
    lab.wait("1m");
    lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
    lab.wait("1m");
    assert_eq!(
        story(&lab)[5..],
        [
            "30 was told to stop: UserInitiated (Task stopped by user)",
            "30 is DEACTIVATING",
            "30 is STOPPING",
            "31 log exited with code 0 after SIGTERM",
            "33 web exited with code 0 after SIGTERM",
            "40 app exited with code 137: SIGKILL, because it had not left within its stop timeout",
            "43 db exited with code 0 after SIGTERM",
            "43 is DEPROVISIONING",
            "53 is STOPPED",
        ]
    );
}

/// A task that is stopped while containers wait: those that run get their SIGTERM, the others never start.
#[test]
fn a_blocked_task_can_be_stopped() {
    let mut lab = lab();
    let containers = json!([container("app", "nginx", &["job SUCCESS"]), container("?job", "leaves-3", &[])]);
    let task = run(&mut lab, definition(containers));
    lab.wait("50s");
    let blocked = lab.task(&task);
    assert_eq!(blocked["lastStatus"], "ACTIVATING");
    assert_eq!(blocked["pullStoppedAt"], "2026-01-05T09:00:30Z");
    assert_eq!(blocked["startedAt"], Value::Null);
    assert_eq!(
        (&blocked["containers"][0]["lastStatus"], &blocked["containers"][1]["lastStatus"]),
        (&json!("PENDING"), &json!("RUNNING"))
    );
    let answer = lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
    assert_eq!(answer["task"]["lastStatus"], "STOPPING");
    lab.wait("1m");
    let ended = lab.task(&task);
    let members =
        |nth: usize| ["lastStatus", "exitCode", "reason"].map(|member| ended["containers"][nth][member].clone());
    assert_eq!(members(0), [json!("STOPPED"), Value::Null, Value::Null], "it never started");
    assert_eq!(members(1), [json!("STOPPED"), json!(0), Value::Null]);
    lab.wait("4h");
    assert_eq!(
        story(&lab),
        [
            "0 job started",
            "20 was told to stop: UserInitiated (Task stopped by user)",
            "20 is STOPPING",
            "23 job exited with code 0 after SIGTERM",
            "23 is DEPROVISIONING",
            "33 is STOPPED",
        ]
    );
}

/// Whenever a task ends before its containers start, they are STOPPED without an exit code: when it is stopped, and what
/// for. [AGENT engine/task_manager.go containerNextState]
#[test]
fn a_container_that_never_started_is_stopped_too() {
    for (wait, image, code) in [
        ("1s", "nginx", "UserInitiated"),
        ("15s", "nginx", "UserInitiated"),
        ("29s", "nginx", "UserInitiated"),
        ("1m", "gone", "TaskFailedToStart"),
    ] {
        let mut lab = lab();
        lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
        let containers = json!([container("app", image, &[]), container("?side", "nginx", &["app START"])]);
        let task = run(&mut lab, definition(containers));
        lab.wait(wait);
        if code == "UserInitiated" {
            lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
        }
        lab.wait("1m");
        let ended = lab.task(&task);
        assert_eq!((&ended["lastStatus"], &ended["stopCode"]), (&json!("STOPPED"), &json!(code)), "after {wait}");
        for container in ended["containers"].as_array().unwrap() {
            assert_eq!(
                (&container["lastStatus"], container.get("exitCode")),
                (&json!("STOPPED"), None),
                "after {wait}"
            );
        }
    }
}

/// The agent's own words. [AGENT dependencygraph, pull 3218]
#[test]
fn a_container_that_gave_up_says_why() {
    let mut lab = lab();
    let containers = json!([container("app", "nginx", &["init SUCCESS"]), container("?init", "fails-5", &[])]);
    let task = run(&mut lab, definition(containers));
    lab.wait("1m");
    let stopped = lab.task(&task);
    for (member, expected) in [
        ("stopCode", "TaskFailedToStart"),
        ("stoppedReason", "Task failed to start"),
        ("executionStoppedAt", "2026-01-05T09:00:35Z"),
    ] {
        assert_eq!(stopped[member], expected, "{member}");
    }
    let app = &stopped["containers"][0];
    assert_eq!((&app["lastStatus"], &app["exitCode"]), (&json!("STOPPED"), &json!(143)));
    assert_eq!(
        app["reason"],
        "CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [init(fails-5) \
         (STOPPED->RUNNING) - Exit: 1] for target [app(nginx) (NONE->RUNNING)] as dependency did not exit successfully."
    );
    let world = lab.session.world();
    let id = world.ecs.tasks.iter().last().expect("there is one").0;
    let why = lab.session.why(Subject::Task(id));
    let steps = why.chains[0].steps.iter().map(|step| match step {
        Step::Happened { what, .. } => what.replace(&format!(" of {}", narrate::task_name(world, id)), ""),
        other => panic!("{other:?}"),
    });
    assert_eq!(
        steps.skip(1).take(3).collect::<Vec<String>>(),
        [
            "container app gave up waiting for init, which exited with code 1",
            "container init exited with code 1",
            "container init started",
        ]
    );
}

/// A service whose tasks wait: healthy from RUNNING on, since its checks passed before.
#[test]
fn checks_that_passed_while_others_waited_count() {
    let mut lab = lab();
    let containers = json!([container("app", "nginx", &["db HEALTHY"]), checked(container("db", "boots-25", &[]), 10)]);
    lab.ok("ecs.register_task_definition", definition(containers));
    let network = lab.network();
    lab.ok(
        "ecs.create_service",
        json!({
            "cluster": "prod", "serviceName": "order", "taskDefinition": "order", "desiredCount": 1,
            "launchType": "FARGATE", "networkConfiguration": network,
        }),
    );
    lab.wait("74s");
    assert_eq!(lab.service("order")["runningCount"], 0);
    lab.wait("1s");
    let service = lab.service("order");
    assert_eq!(service["runningCount"], 1);
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
}
