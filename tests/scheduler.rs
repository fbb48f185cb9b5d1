//! The service scheduler, in tables: on the left what is done, on the right what must then be so.

use serde_json::{Value, json};

use crate::lab::Lab;

/// Runs a table. Each row is `action | expectations`, both sides in a few words:
///
/// - `service N MIN/MAX`, `scale N`, `deploy` (one more revision), `force`, `wait SPAN`, `crash N` (the Nth oldest task),
///   `stop N`, `delete`
/// - `running N`, `pending N`, `healthy N`, `new N`, `old N`, `live N`, `deployments N`, `rollout STATE`, `status STATE`,
///   `says TEXT` (the newest event ends so)
#[track_caller]
fn check(table: &str) -> Lab {
    let mut lab = Lab::prod();
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (action, expected) = row.split_once('|').expect("a row has two sides");
        act(&mut lab, action.trim());
        for expectation in expected.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            let (what, wanted) = expectation.split_once(' ').expect("a word and a value");
            let found = observe(&mut lab, what);
            let holds = if what == "says" { found.ends_with(wanted) } else { found == wanted };
            assert!(holds, "after `{}`: {what} is {found}, expected {wanted}", action.trim());
        }
    }
    lab
}

fn act(lab: &mut Lab, action: &str) {
    let words: Vec<&str> = action.split_whitespace().collect();
    match words.as_slice() {
        ["service", desired, percentages] => {
            let (minimum, maximum) = percentages.split_once('/').unwrap();
            let request = json!({
                "cluster": "prod", "serviceName": "web", "taskDefinition": "web", "launchType": "FARGATE",
                "desiredCount": desired.parse::<u32>().unwrap(), "networkConfiguration": lab.network(),
                "deploymentConfiguration": {
                    "minimumHealthyPercent": minimum.parse::<u32>().unwrap(),
                    "maximumPercent": maximum.parse::<u32>().unwrap(),
                },
            });
            lab.ok("ecs.create_service", request);
        }
        ["scale", desired] => update(lab, json!({ "desiredCount": desired.parse::<u32>().unwrap() })),
        ["deploy"] => {
            lab.register("web", "nginx");
            update(lab, json!({ "taskDefinition": "web" }));
        }
        ["force"] => update(lab, json!({ "forceNewDeployment": true })),
        ["wait", span] => lab.wait(span),
        ["crash", nth] => {
            let task = lab.tasks("web")[nth.parse::<usize>().unwrap() - 1].clone();
            lab.ok("fault.crash", json!({ "task": task }));
        }
        ["stop", nth] => {
            let task = lab.tasks("web")[nth.parse::<usize>().unwrap() - 1].clone();
            lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
        }
        ["delete"] => {
            lab.ok("ecs.delete_service", json!({ "cluster": "prod", "service": "web", "force": true }));
        }
        other => panic!("no such action: {other:?}"),
    }
}

fn update(lab: &mut Lab, mut change: Value) {
    change["cluster"] = "prod".into();
    change["service"] = "web".into();
    lab.ok("ecs.update_service", change);
}

fn observe(lab: &mut Lab, what: &str) -> String {
    let service = lab.service("web");
    let deployments = service["deployments"].as_array().unwrap();
    let counted = |deployment: &Value| {
        deployment["runningCount"].as_u64().unwrap() + deployment["pendingCount"].as_u64().unwrap()
    };
    match what {
        "running" => service["runningCount"].to_string(),
        "pending" => service["pendingCount"].to_string(),
        "new" => counted(&deployments[0]).to_string(),
        "old" => deployments[1..].iter().map(counted).sum::<u64>().to_string(),
        "deployments" => deployments.len().to_string(),
        "rollout" => deployments[0]["rolloutState"].as_str().unwrap().to_owned(),
        "status" => service["status"].as_str().unwrap().to_owned(),
        "says" => lab.events("web").last().cloned().unwrap_or_default(),
        "healthy" => {
            let world = lab.session.world();
            world.ecs.deployments.iter().map(|(_, deployment)| deployment.healthy).sum::<u32>().to_string()
        }
        "live" => {
            let world = lab.session.world();
            world.ecs.clusters.iter().map(|(_, cluster)| cluster.live.len()).sum::<usize>().to_string()
        }
        other => panic!("no such thing to look at: {other}"),
    }
}

/// Delays: traces A and B of the calibration (15 s to start, 30 s to RUNNING, 40 s to healthy).
#[test]
fn a_service_comes_up() {
    let mut lab = check(
        "
        service 2 100/200 | running 0, pending 0, rollout IN_PROGRESS
        wait 14s          | running 0, pending 0
        wait 1s           | running 0, pending 2
        wait 29s          | running 0, pending 2
        wait 1s           | running 2, pending 0, healthy 0
        wait 39s          | running 2, healthy 0, rollout IN_PROGRESS
        wait 1s           | running 2, healthy 2, rollout COMPLETED, says has reached a steady state.
        wait 5h           | running 2
        ",
    );
    let events = lab.events("web");
    assert_eq!(events.len(), 3, "{events:#?}");
    assert!(events[0].starts_with("(service web) has started 2 tasks: (task "), "{}", events[0]);
    assert!(events[1].ends_with("deployment completed."), "{}", events[1]);
    assert_eq!(events[2], "(service web) has reached a steady state.");
}

#[test]
fn a_crashed_task_is_replaced() {
    check(
        "
        service 2 100/200 |
        wait 2m           | running 2, healthy 2
        crash 1           | running 1, pending 0
        wait 14s          | running 1, pending 0
        wait 1s           | running 1, pending 1
        wait 30s          | running 2, pending 0, healthy 1
        wait 40s          | running 2, healthy 2, says has reached a steady state.
        ",
    );
}

#[test]
fn a_stopped_task_is_replaced_too() {
    check(
        "
        service 1 100/200 |
        wait 2m           | running 1
        stop 1            | running 0, pending 0
        wait 15s          | running 0, pending 1
        wait 30s          | running 1
        ",
    );
}

#[test]
fn the_count_follows_what_is_desired() {
    check(
        "
        service 2 100/200 |
        wait 2m           | running 2
        scale 5           | running 2
        wait 15s          | running 2, pending 3
        wait 30s          | running 5
        scale 1           | running 5
        wait 15s          | running 1
        wait 1m           | running 1, live 1, says has reached a steady state.
        scale 0           |
        wait 1m           | running 0, live 0
        ",
    );
}

/// 100/200: start all the new ones, wait until they are healthy, stop all the old ones. [BP task deployment]
#[test]
fn a_rolling_update_with_room_starts_first() {
    check(
        "
        service 4 100/200 |
        wait 2m           | running 4, healthy 4
        deploy            | deployments 2, new 0, old 4, rollout IN_PROGRESS
        wait 15s          | new 4, old 4, running 4, pending 4
        wait 30s          | running 8, pending 0
        wait 39s          | new 4, old 4
        wait 1s           | new 4, old 0, healthy 4
        wait 11s          | deployments 1, rollout COMPLETED, running 4
        ",
    );
}

/// 50/100: stop what may be missed first, then start as many. [BP task deployment]
#[test]
fn a_rolling_update_without_room_stops_first() {
    check(
        "
        service 4 50/100 |
        wait 2m          | running 4, healthy 4
        deploy           | new 0, old 4
        wait 15s         | new 2, old 2, running 2
        wait 70s         | new 2, old 0, healthy 2
        wait 15s         | new 4, old 0
        wait 2m          | running 4, rollout COMPLETED, deployments 1
        ",
    );
}

/// The rounding rows: desired 2 at 75 % leaves no task to stop, desired 3 at 125 % no task to start. [DG23 rolling update]
#[test]
fn percentages_that_leave_no_move_are_said() {
    for percentages in ["service 2 75/100", "service 3 100/125", "service 1 100/100"] {
        check(&format!(
            "
            {percentages} |
            wait 2m       | rollout COMPLETED
            deploy        |
            wait 1h       | new 0, rollout IN_PROGRESS, says Update the minimumHealthyPercent or maximumPercent value and try again.
            "
        ));
    }
}

#[test]
fn a_newer_update_overtakes_an_older_one() {
    check(
        "
        service 2 100/200 |
        wait 2m           | running 2
        deploy            |
        wait 20s          | new 2, old 2
        deploy            | deployments 3
        wait 15s          | deployments 3, old 2
        wait 3m           | deployments 1, running 2, rollout COMPLETED
        ",
    );
}

#[test]
fn force_new_deployment_replaces_every_task() {
    let mut lab = check(
        "
        service 2 100/200 |
        wait 2m           |
        ",
    );
    let before = lab.tasks("web");
    update(&mut lab, json!({ "forceNewDeployment": true }));
    lab.wait("5m");
    let after = lab.tasks("web");
    assert_eq!(after.len(), 2);
    assert!(after.iter().all(|task| !before.contains(task)));
}

#[test]
fn a_new_revision_changes_nothing_until_the_service_is_updated() {
    let mut lab = check(
        "
        service 2 100/200 |
        wait 2m           |
        ",
    );
    lab.register("web", "nginx");
    let task = lab.tasks("web")[0].clone();
    lab.ok("fault.crash", json!({ "task": task }));
    lab.wait("5m");
    for arn in lab.tasks("web") {
        let definition = lab.task(&arn)["taskDefinitionArn"].as_str().unwrap().to_owned();
        assert!(definition.ends_with("web:1"), "{definition}");
    }
}

#[test]
fn a_deleted_service_drains() {
    check(
        "
        service 2 100/200 |
        wait 2m           | status ACTIVE
        delete            | status INACTIVE, running 0, live 2
        wait 1m           | status INACTIVE, live 0
        ",
    );
}

/// An old task that is lost in the middle of a rollout is replaced by one of the same revision.
/// [DG service scheduler concepts]
#[test]
fn old_tasks_that_are_lost_during_a_rollout_come_back() {
    for breaker in [false, true] {
        let mut lab = check(
            "
            service 4 100/200 |
            wait 2m           | running 4, healthy 4
            ",
        );
        lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
        lab.register("web", "gone");
        let breaker = json!({ "deploymentCircuitBreaker": { "enable": breaker, "rollback": false } });
        update(&mut lab, json!({ "taskDefinition": "web", "deploymentConfiguration": breaker }));
        lab.wait("3m");
        for _ in 0..4 {
            let running: Vec<String> = lab.tasks("web");
            let old = running.iter().find(|arn| lab.task(arn)["lastStatus"] == "RUNNING").cloned().unwrap();
            lab.ok("fault.crash", json!({ "task": old }));
        }
        lab.wait("10m");
        assert_eq!(observe(&mut lab, "running"), "4", "breaker {breaker}");
        let state = observe(&mut lab, "rollout");
        assert_eq!(
            state == "FAILED",
            breaker == json!({ "deploymentCircuitBreaker": { "enable": true, "rollback": false } })
        );
        let rests = lab.session.world().is_at_rest();
        assert_eq!(rests, state == "FAILED", "a failed deployment is at rest, one that is tried again is not");
    }
}

/// After every moment of a rolling update: never fewer healthy tasks than the lower bound, never more than the upper one.
#[test]
fn a_rolling_update_stays_between_its_bounds() {
    for desired in [1_u32, 2, 3, 4, 5, 7, 10, 25] {
        for (minimum, maximum) in [(100, 200), (50, 100), (0, 100), (50, 200), (75, 125), (100, 150), (34, 133)] {
            let lower = (desired * minimum).div_ceil(100);
            let upper = desired * maximum / 100;
            let mut lab = check(&format!(
                "
                service {desired} {minimum}/{maximum} |
                wait 5m | running {desired}, healthy {desired}
                deploy |
                "
            ));
            let deadline = lab.session.world().now + longshore::model::time::Millis::minutes(30);
            while !lab.session.wait_for_next(deadline).unwrap() {
                let world = lab.session.world();
                let healthy: u32 = world.ecs.deployments.iter().map(|(_, d)| d.healthy).sum();
                let counted: u32 = world.ecs.deployments.iter().map(|(_, d)| d.counted()).sum();
                let case = format!("{desired} at {minimum}/{maximum}");
                assert!(healthy >= lower, "{case}: {healthy} healthy, {lower} must remain");
                assert!(counted <= upper, "{case}: {counted} tasks, {upper} are allowed");
            }
            if upper > lower {
                assert_eq!(observe(&mut lab, "rollout"), "COMPLETED", "{desired} at {minimum}/{maximum}");
            }
        }
    }
}

/// 500 a minute for one service: a first wave, then a straight line, and no minute has more. [DG service quotas]
#[test]
fn a_service_launches_500_tasks_a_minute() {
    let mut lab = check(
        "
        service 1000 100/200 |
        wait 15s             | pending 10
        wait 1m              | new 500
        wait 1m              | new 990
        wait 40s             | running 1000
        ",
    );
    lab.wait("10m");
    let created = lab.session.world().ecs.tasks.iter().map(|(_, task)| task.times.created.unix_millis());
    let created: Vec<u64> = created.collect();
    let most = created.iter().map(|first| created.iter().filter(|at| (*first..=first + 60_000).contains(at)).count());
    assert_eq!(most.max(), Some(500), "the fullest minute");
}

/// 100 at once and 20 a second for the account, however many services there are. [DG Fargate throttling quotas]
#[test]
fn fargate_launches_20_tasks_a_second() {
    let mut lab = Lab::prod();
    let network = lab.network();
    for number in 0..20 {
        lab.ok(
            "ecs.create_service",
            json!({
                "cluster": "prod", "serviceName": format!("web-{number}"), "taskDefinition": "web",
                "launchType": "FARGATE", "desiredCount": 100, "networkConfiguration": network,
            }),
        );
    }
    let launched = |lab: &Lab| lab.session.world().ecs.tasks.len();
    lab.wait("15s");
    assert_eq!(launched(&lab), 100);
    lab.wait("10s");
    assert_eq!(launched(&lab), 300);
    lab.wait("1m");
    assert_eq!(launched(&lab), 1500);
}

/// RunTask draws on the same launches as services do, and has 20 calls a second: what is beyond either is refused.
/// [DG Fargate throttling quotas]
#[test]
fn run_task_is_throttled() {
    let run = |lab: &mut Lab, count: u32| {
        let network = lab.network();
        lab.call(
            "ecs.run_task",
            json!({
                "cluster": "prod", "taskDefinition": "web", "count": count, "launchType": "FARGATE",
                "networkConfiguration": network,
            }),
        )
    };
    // How many tasks a call asks for, how many calls, and how many of them go through; at once, and a second later.
    for (count, calls, at_once, later) in [(10, 60, 10, 2), (1, 60, 20, 20), (5, 25, 20, 4), (6, 25, 16, 4)] {
        let mut lab = Lab::prod();
        let through = |lab: &mut Lab| {
            let mut through = 0;
            for _ in 0..calls {
                match run(lab, count) {
                    Ok(_) => through += 1,
                    Err(refusal) => {
                        assert_eq!(
                            (refusal.code.as_ref(), refusal.message.as_str()),
                            ("ThrottlingException", "Rate exceeded")
                        );
                        assert!(refusal.way_out.contains("wait("), "{}", refusal.way_out);
                    }
                }
            }
            through
        };
        assert_eq!(through(&mut lab), at_once, "{calls} calls for {count}");
        lab.wait("1s");
        assert_eq!(through(&mut lab), later, "{calls} calls for {count}, a second later");
    }
}

/// What RunTask has launched is missing to a service that starts in the same moment.
#[test]
fn run_task_and_services_share_the_launches_of_fargate() {
    let mut lab = Lab::prod();
    let network = lab.network();
    lab.create_service("web", 10, json!({}));
    lab.wait("15s");
    for _ in 0..9 {
        let run = json!({
            "cluster": "prod", "taskDefinition": "web", "count": 10, "launchType": "FARGATE",
            "networkConfiguration": network,
        });
        lab.ok("ecs.run_task", run);
    }
    let run = json!({
        "cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network,
    });
    assert_eq!(lab.refused("ecs.run_task", run).code, "ThrottlingException");
}
