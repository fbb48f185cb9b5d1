//! The life of a task, in tables: when it is where, how it ends, and what it then says of itself.

use serde_json::{Value, json};

use crate::lab::{Lab, fargate};

/// Runs one standalone Fargate task of this definition and gives its ARN.
pub(crate) fn run(lab: &mut Lab, definition: Value) -> String {
    let family = definition["family"].clone();
    lab.ok("ecs.register_task_definition", definition);
    let network = lab.network();
    let answer = lab.ok(
        "ecs.run_task",
        json!({
            "cluster": "prod", "taskDefinition": family, "launchType": "FARGATE", "networkConfiguration": network,
        }),
    );
    assert_eq!(answer["failures"], json!([]));
    answer["tasks"][0]["taskArn"].as_str().unwrap().to_owned()
}

/// Waits in steps and compares `lastStatus` after each.
#[track_caller]
fn statuses(lab: &mut Lab, task: &str, steps: &[(&str, &str)]) {
    for (span, status) in steps {
        lab.wait(span);
        assert_eq!(lab.task(task)["lastStatus"], *status, "after {span} more");
    }
}

/// PROVISIONING, PENDING, ACTIVATING: 10 s each for a small image; stopping: SIGTERM 1 s, interface 10 s.
#[test]
fn a_task_lives_its_life_in_order() {
    let mut lab = Lab::prod();
    let task = run(&mut lab, fargate("web", "nginx"));
    statuses(
        &mut lab,
        &task,
        &[
            ("0s", "PROVISIONING"),
            ("9s", "PROVISIONING"),
            ("1s", "PENDING"),
            ("10s", "ACTIVATING"),
            ("10s", "RUNNING"),
            ("1h", "RUNNING"),
        ],
    );
    let answer = lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task, "reason": "enough" }));
    assert_eq!(answer["task"]["lastStatus"], "DEACTIVATING", "StopTask answers at once");
    assert_eq!(answer["task"]["desiredStatus"], "STOPPED");
    statuses(
        &mut lab,
        &task,
        &[("0s", "STOPPING"), ("1s", "DEPROVISIONING"), ("9s", "DEPROVISIONING"), ("1s", "STOPPED")],
    );
    let task = lab.task(&task);
    for (member, expected) in [
        ("createdAt", "2026-01-05T09:00:00Z"),
        ("pullStartedAt", "2026-01-05T09:00:20Z"),
        ("pullStoppedAt", "2026-01-05T09:00:30Z"),
        ("startedAt", "2026-01-05T09:00:30Z"),
        ("stoppingAt", "2026-01-05T10:00:30Z"),
        ("executionStoppedAt", "2026-01-05T10:00:31Z"),
        ("stoppedAt", "2026-01-05T10:00:41Z"),
        ("stopCode", "UserInitiated"),
        ("stoppedReason", "enough"),
        ("group", "family:web"),
        ("launchType", "FARGATE"),
    ] {
        assert_eq!(task[member], expected, "{member}");
    }
    assert_eq!(task["containers"][0]["exitCode"], 0);
}

/// 0.01 s for each MB above 200: a 2,700 MB image takes 25 s more. (calibration 5 and 7)
#[test]
fn a_large_image_takes_longer() {
    let mut lab = Lab::prod();
    lab.ok("image.define", json!({ "image": "huge", "profile": { "sizeMb": 2700 } }));
    let task = run(&mut lab, fargate("huge", "huge"));
    statuses(&mut lab, &task, &[("54s", "ACTIVATING"), ("1s", "RUNNING")]);
}

/// How a program ends, and what the task then says. Codes: 128 + 15 for SIGTERM unhandled, 128 + 9 for SIGKILL.
#[test]
fn programs_end_in_their_own_ways() {
    struct Row {
        profile: Value,
        stop_after: Option<&'static str>,
        gone_after: &'static str,
        code: u64,
        stop_code: &'static str,
        reason: &'static str,
        container_reason: Value,
    }
    let essential = "Essential container in task exited";
    let rows = [
        Row {
            profile: json!({ "exit": { "code": 0, "after": "5s" } }),
            stop_after: None,
            gone_after: "15s",
            code: 0,
            stop_code: "EssentialContainerExited",
            reason: essential,
            container_reason: Value::Null,
        },
        Row {
            profile: json!({ "exit": { "code": 3 } }),
            stop_after: None,
            gone_after: "10s",
            code: 3,
            stop_code: "EssentialContainerExited",
            reason: essential,
            container_reason: Value::Null,
        },
        Row {
            // 100 MiB at the start, 10 more each second: 513 MiB after 41.3 s.
            profile: json!({ "memory": [{ "at": "0s", "mib": 100 }, { "at": "100s", "mib": 1100 }] }),
            stop_after: None,
            gone_after: "51300ms",
            code: 137,
            stop_code: "EssentialContainerExited",
            reason: essential,
            container_reason: json!("OutOfMemoryError: Container killed due to memory usage"),
        },
        Row {
            profile: json!({ "sigterm": { "code": 143, "after": "0s" } }),
            stop_after: Some("1m"),
            gone_after: "10s",
            code: 143,
            stop_code: "UserInitiated",
            reason: "Task stopped by user",
            container_reason: Value::Null,
        },
        Row {
            profile: json!({ "sigterm": { "ignore": true } }),
            stop_after: Some("1m"),
            gone_after: "40s",
            code: 137,
            stop_code: "UserInitiated",
            reason: "Task stopped by user",
            container_reason: Value::Null,
        },
        Row {
            profile: json!({ "sigterm": { "code": 0, "after": "45s" } }),
            stop_after: Some("1m"),
            gone_after: "40s",
            code: 137,
            stop_code: "UserInitiated",
            reason: "Task stopped by user",
            container_reason: Value::Null,
        },
    ];
    for row in rows {
        let mut lab = Lab::prod();
        lab.ok("image.define", json!({ "image": "program", "profile": row.profile }));
        let task = run(&mut lab, fargate("program", "program"));
        lab.wait("30s");
        if let Some(span) = row.stop_after {
            lab.wait(span);
            lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
        }
        let gone = longshore::model::time::Millis::parse(row.gone_after).unwrap();
        lab.session.wait(longshore::model::time::Millis(gone.0 - 1)).unwrap();
        assert_ne!(lab.task(&task)["lastStatus"], "STOPPED", "{}: too early", row.profile);
        lab.wait("1ms");
        let task = lab.task(&task);
        assert_eq!(task["lastStatus"], "STOPPED", "{}", row.profile);
        assert_eq!(task["containers"][0]["exitCode"], row.code, "{}", row.profile);
        assert_eq!(task["containers"][0]["reason"], row.container_reason, "{}", row.profile);
        assert_eq!(task["stopCode"], row.stop_code, "{}", row.profile);
        assert_eq!(task["stoppedReason"], row.reason, "{}", row.profile);
    }
}

/// stopTimeout: 2 s instead of the default 30 s.
#[test]
fn a_stop_timeout_of_its_own_is_kept() {
    let mut lab = Lab::prod();
    lab.ok("image.define", json!({ "image": "stubborn", "profile": { "sigterm": { "ignore": true } } }));
    let mut definition = fargate("stubborn", "stubborn");
    definition["containerDefinitions"][0]["stopTimeout"] = 2.into();
    let task = run(&mut lab, definition);
    lab.wait("1m");
    lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
    statuses(&mut lab, &task, &[("1999ms", "STOPPING"), ("1ms", "DEPROVISIONING"), ("10s", "STOPPED")]);
}

/// An essential container takes the others along, a non-essential one does not. [API ContainerDefinition.essential]
#[test]
fn essential_containers_decide() {
    for (dies, survives) in [("app", false), ("sidecar", true)] {
        let mut lab = Lab::prod();
        let mut definition = fargate("pair", "nginx");
        definition["containerDefinitions"] = json!([
            { "name": "app", "image": "nginx" }, { "name": "sidecar", "image": "redis", "essential": false },
        ]);
        let task = run(&mut lab, definition);
        lab.wait("1m");
        lab.ok("fault.crash", json!({ "task": task, "container": dies, "code": 9 }));
        lab.wait("1m");
        let task = lab.task(&task);
        assert_eq!(task["lastStatus"] == "RUNNING", survives, "{dies} dies");
        let codes: Vec<Value> = (0..2).map(|n| task["containers"][n]["exitCode"].clone()).collect();
        let expected = if survives { vec![Value::Null, json!(9)] } else { vec![json!(9), json!(0)] };
        assert_eq!(codes, expected, "{dies} dies");
    }
}

/// A task that never ran has nothing to shut down.
#[test]
fn a_task_can_be_stopped_before_it_runs() {
    for (after, then) in [("0s", "DEPROVISIONING"), ("10s", "DEPROVISIONING"), ("25s", "DEPROVISIONING")] {
        let mut lab = Lab::prod();
        let task = run(&mut lab, fargate("web", "nginx"));
        lab.wait(after);
        lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
        statuses(&mut lab, &task, &[("0s", then), ("10s", "STOPPED"), ("1m", "STOPPED")]);
        assert_eq!(lab.task(&task)["startedAt"], Value::Null);
        assert_eq!(lab.task(&task)["containers"][0]["exitCode"], Value::Null);
    }
}

/// Standalone tasks are one-shot, and stopped tasks show for an hour. [DG standalone tasks; DG stopped tasks]
#[test]
fn a_standalone_task_is_over_when_it_is_over() {
    let mut lab = Lab::prod();
    let task = run(&mut lab, fargate("web", "nginx"));
    lab.wait("1m");
    lab.ok("fault.crash", json!({ "task": task }));
    lab.wait("59m");
    let listed = |lab: &mut Lab, status: &str| {
        let answer = lab.ok("ecs.list_tasks", json!({ "cluster": "prod", "desiredStatus": status }));
        answer["taskArns"].as_array().unwrap().len()
    };
    assert_eq!((listed(&mut lab, "RUNNING"), listed(&mut lab, "STOPPED")), (0, 1), "nobody replaced it");
    lab.wait("2m");
    assert_eq!(listed(&mut lab, "STOPPED"), 0);
    let answer = lab.ok("ecs.describe_tasks", json!({ "cluster": "prod", "tasks": [task] }));
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
}

/// On an instance there is no interface to attach; the first task pulls, the next one starts from the cache.
#[test]
fn an_instance_starts_what_it_has_pulled_faster() {
    let mut lab = Lab::prod();
    lab.ok("image.define", json!({ "image": "big", "profile": { "sizeMb": 1000 } }));
    lab.ok(
        "ecs.register_container_instance",
        json!({ "cluster": "prod", "totalResources": [
            { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
        ] }),
    );
    let definition =
        json!({ "family": "ec2", "containerDefinitions": [{ "name": "a", "image": "big", "memory": 100 }] });
    lab.ok("ecs.register_task_definition", definition);
    for (seconds, why) in [(15, "1 s pending, 10 s pull, 4 s start"), (5, "1 s pending, 4 s start")] {
        let answer = lab.ok("ecs.run_task", json!({ "cluster": "prod", "taskDefinition": "ec2" }));
        let task = answer["tasks"][0]["taskArn"].as_str().unwrap().to_owned();
        assert_eq!(answer["tasks"][0]["lastStatus"], "PENDING");
        lab.wait(&format!("{}ms", seconds * 1000 - 1));
        assert_eq!(lab.task(&task)["lastStatus"], "ACTIVATING", "{why}");
        lab.wait("1ms");
        assert_eq!(lab.task(&task)["lastStatus"], "RUNNING", "{why}");
    }
}

/// An image is resolved once for a deployment: pushing over a tag shows with the next deployment only.
/// [DG container image resolution]
#[test]
fn a_deployment_keeps_the_image_that_it_resolved() {
    let mut lab = Lab::prod();
    lab.ok("image.define", json!({ "image": "app:latest", "profile": {} }));
    lab.register("app", "app:latest");
    let network = lab.network();
    lab.ok(
        "ecs.create_service",
        json!({
            "cluster": "prod", "serviceName": "app", "taskDefinition": "app", "launchType": "FARGATE",
            "desiredCount": 1, "networkConfiguration": network,
        }),
    );
    lab.wait("2m");
    lab.ok("image.define", json!({ "image": "app:latest", "profile": { "exit": { "code": 1, "after": "1s" } } }));
    let task = lab.tasks("app")[0].clone();
    lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
    lab.wait("5m");
    assert_eq!(lab.service("app")["runningCount"], 1, "the replacement runs the old content");
    lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "app", "forceNewDeployment": true }));
    lab.wait("46s");
    assert_eq!(lab.service("app")["deployments"][0]["runningCount"], 0, "the new content crashes");
}

#[test]
fn run_task_places_what_fits_and_names_what_does_not() {
    let mut lab = Lab::prod();
    let definition = json!({ "family": "ec2", "containerDefinitions": [{ "name": "a", "image": "nginx", "cpu": 400, "memory": 100 }] });
    lab.ok("ecs.register_task_definition", definition);
    let refusal = lab.refused("ecs.run_task", json!({ "cluster": "prod", "taskDefinition": "ec2" }));
    assert_eq!(refusal.message, "No Container Instances were found in your cluster.");
    lab.ok(
        "ecs.register_container_instance",
        json!({ "cluster": "prod", "totalResources": [
            { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
        ] }),
    );
    let answer = lab.ok("ecs.run_task", json!({ "cluster": "prod", "taskDefinition": "ec2", "count": 4 }));
    assert_eq!(answer["tasks"].as_array().unwrap().len(), 2);
    assert_eq!(answer["failures"].as_array().unwrap().len(), 2);
    assert_eq!(answer["failures"][0]["reason"], "RESOURCE:CPU");
    assert!(answer["failures"][0]["arn"].as_str().unwrap().contains("container-instance/prod/"));
}

/// A service without room says so once, and goes on as soon as there is room.
#[test]
fn a_service_waits_for_room() {
    let mut lab = Lab::prod();
    let definition =
        json!({ "family": "ec2", "containerDefinitions": [{ "name": "a", "image": "nginx", "memory": 1500 }] });
    lab.ok("ecs.register_task_definition", definition);
    lab.ok(
        "ecs.create_service",
        json!({ "cluster": "prod", "serviceName": "web", "taskDefinition": "ec2", "desiredCount": 2 }),
    );
    let resources = json!({ "cluster": "prod", "totalResources": [
        { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
        { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
    ] });
    let place = "(service web) was unable to place a task because no container instance met all of its requirements.";
    lab.wait("10m");
    assert_eq!(lab.events("web"), [format!("{place} No Container Instances were found in your cluster.")]);
    lab.ok("ecs.register_container_instance", resources.clone());
    lab.wait("1m");
    assert_eq!(lab.service("web")["runningCount"], 1);
    let events = lab.events("web");
    assert!(events[2].starts_with(place) && events[2].ends_with("has insufficient memory available."), "{events:#?}");
    lab.wait("1h");
    assert_eq!(lab.events("web").len(), 3, "it does not repeat itself");
    lab.ok("ecs.register_container_instance", resources);
    lab.wait("2m");
    assert_eq!(lab.service("web")["runningCount"], 2);
    assert_eq!(lab.events("web").last().unwrap(), "(service web) has reached a steady state.");
}
