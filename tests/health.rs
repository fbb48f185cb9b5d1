//! Health checks at work: the crash loop and its edge, replacement in today's order, the launch throttle, the circuit
//! breaker.

use longshore::model::id::Id;
use longshore::model::status::{HealthStatus, RolloutState};
use longshore::model::subject::Subject;
use longshore::session::why::Step;
use longshore::world::fact::What;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate, with};

/// A definition of one container with a health check, on an image that boots for so long.
fn slow_starter(lab: &mut Lab, boot: &str, check: Value) {
    lab.ok("image.define", json!({ "image": "slow", "profile": { "boot": boot } }));
    let mut definition = fargate("web", "slow");
    let health = json!({ "command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"] });
    definition["containerDefinitions"][0]["healthCheck"] = with(health, check);
    lab.ok("ecs.register_task_definition", definition);
}

fn tasks_ever(lab: &Lab) -> usize {
    lab.session.world().ecs.tasks.len()
}

/// Defaults (30 s, 3 retries) carry a boot of 90 s and not one second more: 91 s loop for ever, at full speed. (13.1)
#[test]
fn the_edge_is_one_second_wide() {
    for (boot, check, grace, holds) in [
        ("90s", json!({}), 0, true),
        ("91s", json!({}), 0, false),
        ("91s", json!({ "startPeriod": 1 }), 0, false),
        ("120s", json!({ "startPeriod": 31 }), 0, true),
        ("140s", json!({ "interval": 10, "startPeriod": 111 }), 0, true),
        ("140s", json!({ "interval": 10, "startPeriod": 110 }), 0, false),
        // The grace period covers container checks too, as long as the container has recovered when it is over. (13.3)
        ("140s", json!({}), 150, true),
        ("140s", json!({}), 149, false),
    ] {
        let mut lab = Lab::prod();
        slow_starter(&mut lab, boot, check.clone());
        lab.create_service("web", 1, json!({ "healthCheckGracePeriodSeconds": grace }));
        lab.wait("2h");
        let case = format!("boot {boot}, {check}, grace {grace}");
        assert_eq!(tasks_ever(&lab) == 1, holds, "{case}: {} tasks", tasks_ever(&lab));
        let rollout = lab.service("web")["deployments"][0]["rolloutState"].clone();
        assert_eq!(rollout == "COMPLETED", holds, "{case}");
        if !holds {
            assert!(tasks_ever(&lab) > 20, "{case}: health failures are not throttled");
        }
    }
}

/// A step of a chain of causes, with its time.
fn happened(step: &Step) -> String {
    match step {
        Step::Happened { at, what } => format!("{at} {what}"),
        other => panic!("{other:?} is no cause"),
    }
}

/// Whoever asks why gets one round of the loop, how often it went round, and what began it.
#[test]
fn a_loop_is_told_once() {
    let mut lab = Lab::prod();
    slow_starter(&mut lab, "91s", json!({}));
    lab.create_service("web", 1, json!({}));
    lab.wait("2h");
    let session = &lab.session;
    let (newest, _) = session.world().ecs.tasks.iter().last().unwrap();
    let chain = &session.why(Subject::Task(newest)).chains[0];
    let told: Vec<String> = chain.steps.iter().map(happened).collect();
    let expected = [
        "2026-01-05T10:59:30Z service web started task 929d1a14",
        "2026-01-05T10:59:15Z the scheduler takes task c64edcaf for UNHEALTHY",
        "2026-01-05T10:59:15Z container web of task c64edcaf is UNHEALTHY: 3 checks in a row have failed, the last one \
         90 s after its start",
        "2026-01-05T09:02:15Z … the same again, 52 times",
        "2026-01-05T09:00:15Z service web started task 9b5eaf8c",
        "2026-01-05T09:00:00Z you called ecs.create_service",
    ];
    assert_eq!(told, expected);
}

/// First the replacement starts, then the unhealthy task is stopped, in one breath. (calibration, trace C)
#[test]
fn the_replacement_comes_before_the_stop() {
    let mut lab = Lab::prod();
    let health = json!([{ "at": "0s", "healthy": true }, { "at": "10m", "healthy": false }]);
    lab.ok("image.define", json!({ "image": "slow", "profile": { "health": health } }));
    let mut definition = fargate("web", "slow");
    definition["containerDefinitions"][0]["healthCheck"] =
        json!({ "command": ["CMD", "check"], "interval": 10, "retries": 2 });
    lab.ok("ecs.register_task_definition", definition);
    lab.create_service("web", 1, json!({}));
    lab.wait("55s");
    assert_eq!(lab.service("web")["deployments"][0]["rolloutState"], "COMPLETED", "HEALTHY ten seconds after RUNNING");
    let first = lab.tasks("web")[0].clone();
    assert_eq!(lab.task(&first)["healthStatus"], "HEALTHY");
    // Failing from 10 min of age on: probes at 600 s and 610 s are counted.
    lab.wait("600s");
    assert_eq!(lab.task(&first)["healthStatus"], "UNHEALTHY");
    assert_eq!(lab.tasks("web").len(), 1);
    lab.wait("14s");
    assert_eq!(lab.tasks("web"), std::slice::from_ref(&first));
    lab.wait("1s");
    let after = lab.tasks("web");
    assert!(after.len() == 1 && after[0] != first, "started and stopped in one breath");
    lab.wait("40s");
    let stopped = lab.task(&first);
    assert_eq!(stopped["stoppedReason"], "Task failed container health checks");
    assert_eq!(stopped["stopCode"], "ServiceSchedulerInitiated");
    let events: Vec<String> = lab.events("web").split_off(3);
    assert!(events[0].ends_with("Amazon ECS replaced 1 tasks due to an unhealthy status."), "{events:#?}");
    assert!(events[1].ends_with("failed container health checks."), "{events:#?}");
    assert!(events[2].contains("has stopped 1 running tasks"), "{events:#?}");
    assert_eq!(events[3], "(service web) has reached a steady state.");
}

/// maximumPercent 100 blocks the replacement: one unhealthy task is stopped, then another one is started, and so on. [DG
/// service scheduler concepts]
#[test]
fn without_room_one_unhealthy_task_goes_first() {
    let mut lab = Lab::prod();
    slow_starter(&mut lab, "5m", json!({ "interval": 10, "retries": 2 }));
    let percent = json!({ "minimumHealthyPercent": 0, "maximumPercent": 100 });
    lab.create_service("web", 3, json!({ "deploymentConfiguration": percent }));
    lab.wait("30m");
    let one = |what: What| match what {
        What::TaskCreated(_) => Some('+'),
        What::TaskStopRequested(_) => Some('-'),
        _ => None,
    };
    let turns: String = lab.session.history().iter().filter_map(|fact| one(fact.what)).collect();
    let (first, rest) = turns.split_at(3);
    assert_eq!(first, "+++");
    assert!(rest.len() > 20 && "-+".repeat(rest.len()).starts_with(rest), "one at a time: {rest}");
}

/// A standalone task is never stopped for bad health. [API HealthCheck]
#[test]
fn a_standalone_task_may_be_as_unhealthy_as_it_likes() {
    let mut lab = Lab::prod();
    slow_starter(&mut lab, "1h", json!({}));
    let network = lab.network();
    let answer = lab.ok(
        "ecs.run_task",
        json!({ "cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network }),
    );
    let task = answer["tasks"][0]["taskArn"].as_str().unwrap().to_owned();
    lab.wait("30m");
    assert_eq!(
        (&lab.task(&task)["lastStatus"], &lab.task(&task)["healthStatus"]),
        (&json!("RUNNING"), &json!("UNHEALTHY"))
    );
    lab.wait("1h");
    assert_eq!(lab.task(&task)["healthStatus"], "HEALTHY", "one pass is enough to recover");
}

/// Two free attempts, then 10 s more, 20 s more, … up to 27 minutes, and one event. [DG service throttle logic]
#[test]
fn launches_that_fail_are_throttled() {
    let mut lab = Lab::prod();
    lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
    lab.register("web", "gone");
    lab.create_service("web", 1, json!({}));
    lab.wait("12h");
    let world = lab.session.world();
    let starts: Vec<u64> = world.ecs.tasks.iter().map(|(_, task)| task.times.created.unix_millis() / 1000).collect();
    let gaps: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // 30 s until the pull has failed, 15 s until the scheduler comes by, and the throttle on top.
    let expected = [45, 45, 55, 65, 85, 125, 205, 365, 685, 1325, 1665, 1665];
    assert_eq!(gaps[..expected.len()], expected);
    let events = lab.events("web");
    let sorry = "(service web) is unable to consistently start tasks successfully.";
    assert_eq!(events.iter().filter(|event| *event == sorry).count(), 1, "{events:#?}");
    let listed = lab.ok("ecs.list_tasks", json!({ "cluster": "prod", "desiredStatus": "STOPPED" }));
    let task = lab.task(listed["taskArns"][0].as_str().unwrap());
    assert_eq!(task["stopCode"], "TaskFailedToStart");
    assert_eq!(
        task["stoppedReason"],
        "CannotPullContainerError: The task can't pull the image. Check whether the image exists."
    );
    assert_eq!(task["startedAt"], Value::Null);
    // A new revision is tried at once.
    lab.register("web", "nginx");
    lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web" }));
    lab.wait("2m");
    assert_eq!(lab.service("web")["runningCount"], 1);
}

/// A deployment that never came up is scaled to zero by the next one: it starts nothing more, whatever the next one
/// comes to, which is tried at its own rate. [API Deployment]
#[test]
fn a_newer_deployment_is_not_joined_by_a_broken_one() {
    for (image, wait, most) in [("nginx", "2h", 2), ("gone", "2h", 9), ("nginx", "2h10s", 2), ("gone", "2h10s", 9)] {
        for desired in [1, 2] {
            let mut lab = Lab::prod();
            lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
            lab.register("web", "gone");
            lab.create_service("web", desired, json!({}));
            lab.wait(wait);
            let before = tasks_ever(&lab);
            lab.register("web", image);
            lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web" }));
            lab.wait("20m");
            let world = lab.session.world();
            let of = |number: usize| {
                let tasks = world.ecs.tasks.iter().skip(before);
                tasks.filter(|(_, task)| task.deployment.is_some_and(|d| d.index() == number)).count()
            };
            assert_eq!(of(0), 0, "{image} after {wait}: tasks of the old deployment");
            assert!((1..=most * desired as usize).contains(&of(1)), "{image} after {wait}: {} new ones", of(1));
        }
    }
}

/// Each deployment is throttled by its own failures: an old task that is lost beside a new revision that cannot start
/// comes back after the usual delay.
#[test]
fn the_throttle_of_a_new_revision_does_not_hold_the_old_one_up() {
    let mut lab = Lab::prod();
    lab.create_service("web", 2, json!({}));
    lab.wait("2m");
    lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
    lab.register("web", "gone");
    lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web" }));
    lab.wait("3h");
    let before = tasks_ever(&lab);
    let old = lab.tasks("web")[0].clone();
    lab.ok("fault.crash", json!({ "task": old }));
    lab.wait("50s");
    assert_eq!(lab.service("web")["runningCount"], 2);
    assert_eq!(tasks_ever(&lab), before + 1, "the new revision is not tried earlier for that");
    lab.wait("2h");
    assert!(tasks_ever(&lab) > before + 2, "the new revision is tried again");
}

/// Attempts are throttled, not tasks; and many tasks are throttled like few.
#[test]
fn the_throttle_counts_attempts() {
    for (desired, most) in [(10, 120), (200, 2_600), (400, 5_000)] {
        let mut lab = Lab::prod();
        lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
        lab.register("web", "gone");
        lab.create_service("web", desired, json!({}));
        lab.wait("1h");
        assert!(tasks_ever(&lab) < most, "{desired}: {} tasks in an hour", tasks_ever(&lab));
        assert!(tasks_ever(&lab) > 6 * desired as usize / 2, "{desired}: {} tasks in an hour", tasks_ever(&lab));
    }
}

/// No room for the replacement: the unhealthy task makes some. "If maximumPercent and capacity allow" it comes second.
#[test]
fn an_unhealthy_task_makes_room_for_its_replacement() {
    let mut lab = Lab::prod();
    lab.ok("image.define", json!({ "image": "slow", "profile": { "boot": "10m" } }));
    let check = json!({ "command": ["CMD", "check"], "interval": 10, "retries": 2 });
    let container = json!({ "name": "a", "image": "slow", "memory": 1500, "healthCheck": check });
    lab.ok("ecs.register_task_definition", json!({ "family": "ec2", "containerDefinitions": [container] }));
    lab.ok(
        "ecs.register_container_instance",
        json!({ "cluster": "prod", "totalResources": [
            { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
        ] }),
    );
    lab.ok(
        "ecs.create_service",
        json!({ "cluster": "prod", "serviceName": "web", "taskDefinition": "ec2", "desiredCount": 1 }),
    );
    lab.wait("1h");
    assert!(tasks_ever(&lab) > 10, "{}", tasks_ever(&lab));
}

/// A rollback goes back to the launch type of the deployment that it goes back to.
#[test]
fn a_rollback_goes_back_to_its_launch_type() {
    let mut lab = Lab::prod();
    lab.ok(
        "ecs.put_cluster_capacity_providers",
        json!({
            "cluster": "prod", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": [],
        }),
    );
    lab.ok(
        "ecs.register_task_definition",
        json!({
            "family": "ec2", "containerDefinitions": [{ "name": "a", "image": "nginx", "memory": 100 }],
        }),
    );
    lab.ok(
        "ecs.register_container_instance",
        json!({ "cluster": "prod", "totalResources": [
            { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
        ] }),
    );
    let breaker = json!({ "deploymentCircuitBreaker": { "enable": true, "rollback": true } });
    lab.ok(
        "ecs.create_service",
        json!({
            "cluster": "prod", "serviceName": "web", "taskDefinition": "ec2", "desiredCount": 1,
            "deploymentConfiguration": breaker,
        }),
    );
    lab.wait("2m");
    lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
    lab.register("web", "gone");
    let network = lab.network();
    lab.ok(
        "ecs.update_service",
        json!({
            "cluster": "prod", "service": "web", "taskDefinition": "web", "networkConfiguration": network,
            "capacityProviderStrategy": [{ "capacityProvider": "FARGATE", "weight": 1 }],
        }),
    );
    lab.wait("20m");
    assert_eq!(lab.service("web")["launchType"], "EC2");
    let task = lab.tasks("web")[0].clone();
    lab.ok("fault.crash", json!({ "task": task }));
    lab.wait("2m");
    assert_eq!(lab.service("web")["runningCount"], 1);
}

/// Thresholds of the default: half of the desired count, but 3 to 200. [DG deployment circuit breaker]
#[test]
fn the_breaker_knows_its_threshold() {
    use longshore::world::ecs::Threshold;
    for (desired, failures) in [(1, 3), (4, 3), (10, 5), (25, 13), (400, 200), (800, 200), (0, 3)] {
        assert_eq!(Threshold::BoundedPercent(50).failures(desired), failures, "{desired}");
    }
    assert_eq!(Threshold::UnboundedPercent(50).failures(800), 400);
    assert_eq!(Threshold::Count(7).failures(800), 7);
}

/// And deployments of that size fail there: after so many tasks that turned UNHEALTHY, or never ran.
#[test]
fn the_breaker_trips_at_its_threshold() {
    for (desired, failures) in [(1, 3), (4, 3), (10, 5), (25, 13), (400, 200), (800, 200)] {
        for runs in [true, false] {
            let mut lab = Lab::prod();
            if runs {
                slow_starter(&mut lab, "1h", json!({ "interval": 10, "retries": 2 }));
            } else {
                lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
                lab.register("web", "gone");
            }
            let breaker = json!({ "deploymentCircuitBreaker": { "enable": true, "rollback": false } });
            lab.create_service("web", desired, json!({ "deploymentConfiguration": breaker }));
            lab.wait("30m");
            let history = lab.session.history();
            let tripped = |what: What| matches!(what, What::DeploymentMoved(_, RolloutState::Failed));
            let at = history.iter().position(|fact| tripped(fact.what)).expect("it fails");
            let is_failure = |what: What| match what {
                What::TaskVerdict(_, HealthStatus::Unhealthy) => runs,
                What::TaskStopRequested(_) => !runs,
                _ => false,
            };
            let counted = history[..at].iter().filter(|fact| is_failure(fact.what)).count();
            assert_eq!(counted, failures, "{desired} tasks, runs: {runs}");
        }
    }
}

/// Both stages: tasks that never run, and tasks that run and fail their checks.
#[test]
fn a_failed_deployment_rolls_back_to_the_completed_one() {
    for (profile, check) in [
        (json!({ "missing": true }), Value::Null),
        (json!({ "boot": "1h" }), json!({ "command": ["CMD", "check"], "interval": 10, "retries": 2 })),
        (json!({ "exit": { "code": 1, "after": "5s" } }), Value::Null),
    ] {
        let mut lab = Lab::prod();
        let breaker = json!({ "deploymentCircuitBreaker": { "enable": true, "rollback": true } });
        lab.create_service("web", 2, json!({ "deploymentConfiguration": breaker }));
        lab.wait("2m");
        let good = lab.service("web")["deployments"][0]["id"].clone();
        lab.ok("image.define", json!({ "image": "bad", "profile": profile }));
        let mut definition = fargate("web", "bad");
        if check != Value::Null {
            definition["containerDefinitions"][0]["healthCheck"] = check.clone();
        }
        lab.ok("ecs.register_task_definition", definition);
        lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web" }));
        lab.wait("20m");
        let service = lab.service("web");
        let case = format!("{profile} {check}");
        assert_eq!(service["deployments"].as_array().unwrap().len(), 1, "{case}");
        assert_eq!(service["deployments"][0]["id"], good, "{case}");
        assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED", "{case}");
        assert!(service["taskDefinition"].as_str().unwrap().ends_with("web:1"), "{case}");
        assert_eq!(service["runningCount"], 2, "{case}");
        let events = lab.events("web");
        let failed = events.iter().position(|event| event.ends_with("deployment failed: tasks failed to start."));
        let back = events.iter().position(|event| event.contains("rolling back to deployment"));
        assert!(failed.is_some() && back == failed.map(|at| at + 1), "{case}: {events:#?}");
    }
}

/// A FAILED deployment starts no more tasks, though tasks of it are lost while the old ones come back. [API Deployment]
#[test]
fn a_failed_deployment_starts_no_more_tasks() {
    for (minimum, maximum) in [(50, 200), (0, 100), (100, 200), (0, 200), (50, 100)] {
        for profile in [
            json!({ "missing": true }),
            json!({ "exit": { "code": 1, "after": "3s" } }),
            json!({ "exit": { "code": 1, "after": "33s" } }),
        ] {
            let mut lab = Lab::prod();
            let breaker = json!({
                "minimumHealthyPercent": minimum, "maximumPercent": maximum,
                "deploymentCircuitBreaker": { "enable": true, "rollback": true },
            });
            lab.create_service("web", 6, json!({ "deploymentConfiguration": breaker }));
            lab.wait("3m");
            lab.ok("image.define", json!({ "image": "bad", "profile": profile }));
            lab.register("web", "bad");
            lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web" }));
            lab.wait("20m");
            let history = lab.session.history();
            let failed = |what: What| matches!(what, What::DeploymentMoved(_, RolloutState::Failed));
            let at = history.iter().position(|fact| failed(fact.what)).expect("it fails");
            let world = lab.session.world();
            let bad = |what: What| match what {
                What::TaskCreated(task) => world.ecs.tasks[task].deployment.is_some_and(|d| d.index() == 1),
                _ => false,
            };
            let later = history[at..].iter().filter(|fact| bad(fact.what)).count();
            assert_eq!(later, 0, "{minimum}/{maximum} {profile}");
            let service = lab.service("web");
            assert_eq!(service["runningCount"], 6, "{minimum}/{maximum} {profile}");
            assert_eq!(service["deployments"].as_array().unwrap().len(), 1, "{minimum}/{maximum} {profile}");
        }
    }
}

/// The threshold follows the desired count: what was counted under a higher one is held against the lower one at once.
/// [DG deployment circuit breaker]
#[test]
fn the_breaker_follows_the_desired_count() {
    let percent = json!({ "type": "BOUNDED_PERCENT", "value": 80 });
    let count = json!({ "type": "COUNT", "value": 5 });
    for (crashes, change, rollout) in [
        (5, json!({ "desiredCount": 4 }), "FAILED"),
        (4, json!({ "desiredCount": 4 }), "FAILED"),
        (3, json!({ "desiredCount": 4 }), "IN_PROGRESS"),
        (5, json!({ "desiredCount": 7 }), "IN_PROGRESS"),
        (5, json!({ "desiredCount": 6 }), "FAILED"),
        (7, json!({ "desiredCount": 20 }), "IN_PROGRESS"),
        (
            5,
            json!({ "deploymentConfiguration": { "deploymentCircuitBreaker": {
            "enable": true, "rollback": false, "thresholdConfiguration": count } } }),
            "FAILED",
        ),
        (5, json!({ "desiredCount": 4, "forceNewDeployment": true }), "IN_PROGRESS"),
    ] {
        let mut lab = Lab::prod();
        let breaker = json!({
            "enable": true, "rollback": false, "resetOnHealthyTask": false, "thresholdConfiguration": percent,
        });
        lab.create_service("web", 10, json!({ "deploymentConfiguration": { "deploymentCircuitBreaker": breaker } }));
        lab.wait("50s");
        for task in lab.tasks("web").into_iter().take(crashes) {
            lab.ok("fault.crash", json!({ "task": task }));
        }
        let mut request = change.clone();
        request["cluster"] = "prod".into();
        request["service"] = "web".into();
        lab.ok("ecs.update_service", request);
        assert_eq!(lab.service("web")["deployments"][0]["rolloutState"], rollout, "{crashes} crashes, then {change}");
    }
}

/// The grace period is that of now, for tasks that have failed their checks before it was shortened too: it counts
/// from their start. [API CreateService]
#[test]
fn a_shorter_grace_period_is_for_running_tasks_too() {
    for balanced in [false, true] {
        for (seconds, lives, gone) in [(0, "0s", "20s"), (900, "4m", "2m"), (7200, "40m", "1h30m")] {
            let mut lab = Lab::prod();
            let mut more = json!({ "healthCheckGracePeriodSeconds": 3600 });
            lab.ok("image.define", json!({ "image": "slow", "profile": { "boot": "100h" } }));
            let mut definition = fargate("web", "slow");
            let container = &mut definition["containerDefinitions"][0];
            container["portMappings"] = json!([{ "containerPort": 80 }]);
            if balanced {
                let group = lab.target_group("web", json!({}));
                more["loadBalancers"] =
                    json!([{ "targetGroupArn": group, "containerName": "web", "containerPort": 80 }]);
            } else {
                container["healthCheck"] = json!({ "command": ["CMD", "check"], "interval": 30, "retries": 3 });
            }
            lab.ok("ecs.register_task_definition", definition);
            lab.create_service("web", 1, more);
            lab.wait("10m");
            let update = json!({ "cluster": "prod", "service": "web", "healthCheckGracePeriodSeconds": seconds });
            lab.ok("ecs.update_service", update);
            lab.wait(lives);
            let case = format!("{seconds} s, balanced {balanced}");
            assert_eq!(tasks_ever(&lab), 1, "{case}");
            lab.wait(gone);
            assert_eq!(tasks_ever(&lab), 2, "{case}");
        }
    }
}

/// A first deployment has nothing to go back to: it stalls, and starts no more tasks. [DG deployment circuit breaker]
#[test]
fn a_failed_first_deployment_stalls() {
    let mut lab = Lab::prod();
    lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
    lab.register("web", "gone");
    let breaker = json!({ "deploymentCircuitBreaker": { "enable": true, "rollback": true } });
    lab.create_service("web", 1, json!({ "deploymentConfiguration": breaker }));
    lab.wait("5m");
    assert_eq!(lab.service("web")["deployments"][0]["rolloutState"], "FAILED");
    assert_eq!(tasks_ever(&lab), 3);
    lab.wait("6h");
    assert_eq!(tasks_ever(&lab), 3, "no new tasks");
}

/// resetOnHealthyTask: failures in a row count, failures now and then do not.
#[test]
fn a_healthy_task_resets_the_count() {
    for (reset, trips) in [(true, false), (false, true)] {
        let mut lab = Lab::prod();
        let definition =
            json!({ "family": "ec2", "containerDefinitions": [{ "name": "a", "image": "nginx", "memory": 100 }] });
        lab.ok("ecs.register_task_definition", definition);
        // Room for four of five: the deployment stays in progress.
        lab.ok(
            "ecs.register_container_instance",
            json!({ "cluster": "prod", "totalResources": [
                { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
                { "name": "MEMORY", "type": "INTEGER", "integerValue": 400 },
            ] }),
        );
        let breaker = json!({ "enable": true, "rollback": false, "resetOnHealthyTask": reset });
        lab.ok(
            "ecs.create_service",
            json!({
                "cluster": "prod", "serviceName": "web", "taskDefinition": "ec2", "desiredCount": 5,
                "deploymentConfiguration": { "deploymentCircuitBreaker": breaker },
            }),
        );
        lab.wait("2m");
        for _ in 0..4 {
            // A young task crashes before it counts as healthy; its replacement lives to be healthy.
            let tasks = lab.tasks("web");
            lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": tasks[0] }));
            lab.wait("25s");
            let young = lab.tasks("web").last().unwrap().clone();
            if !tasks.contains(&young) {
                lab.ok("fault.crash", json!({ "task": young }));
            }
            lab.wait("2m");
        }
        let state = lab.service("web")["deployments"][0]["rolloutState"].clone();
        assert_eq!(state == "FAILED", trips, "resetOnHealthyTask {reset}: {state}");
    }
}

/// The closed form and the mode that fires every probe lead through the same history.
#[test]
fn firing_every_probe_changes_nothing() {
    let run = |every_probe: bool| {
        let mut lab = Lab::prod();
        lab.session.tune(|tuning| tuning.every_probe = every_probe);
        let health =
            json!([{ "at": "0s", "healthy": true }, { "at": "7m", "healthy": false }, { "at": "8m", "healthy": true }]);
        lab.ok("image.define", json!({ "image": "slow", "profile": { "boot": "70s", "health": health } }));
        let mut definition = fargate("web", "slow");
        definition["containerDefinitions"][0]["healthCheck"] =
            json!({ "command": ["CMD", "check"], "interval": 10, "retries": 3, "startPeriod": 45 });
        lab.ok("ecs.register_task_definition", definition);
        lab.create_service("web", 3, json!({ "healthCheckGracePeriodSeconds": 60 }));
        lab.wait("1h");
        lab.session.history().to_vec()
    };
    let (closed, probed) = (run(false), run(true));
    assert!(closed.len() > 50, "{}", closed.len());
    assert_eq!(closed, probed);
}
