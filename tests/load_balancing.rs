//! Load balancing at work: what targets come to, how a service lives behind target groups, and every worked number.

use longshore::model::id::{DeploymentId, Id};
use longshore::model::status::RolloutState;
use longshore::world::fact::What;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate, with};

/// A definition `web` that maps port 80, on an image with this profile.
fn web(lab: &mut Lab, profile: Value, check: Value) {
    lab.ok("image.define", json!({ "image": "app", "profile": profile }));
    let mut definition = fargate("web", "app");
    definition["containerDefinitions"][0]["portMappings"] = json!([{ "containerPort": 80 }]);
    if check != Value::Null {
        definition["containerDefinitions"][0]["healthCheck"] = check;
    }
    lab.ok("ecs.register_task_definition", definition);
}

/// A service `web` behind a target group.
fn service(lab: &mut Lab, group: &str, desired: u32, extra: Value) {
    let request = create(lab, group, desired, extra);
    lab.ok("ecs.create_service", request);
}

fn create(lab: &Lab, group: &str, desired: u32, extra: Value) -> Value {
    let entry = json!({ "targetGroupArn": group, "containerName": "web", "containerPort": 80 });
    with(lab.service_request("web", desired, json!({ "loadBalancers": [entry] })), extra)
}

/// State, reason and description of each target.
fn health(lab: &mut Lab, group: &str) -> Vec<String> {
    let shown = lab.ok("elbv2.describe_target_health", json!({ "TargetGroupArn": group }));
    let one = |target: &Value| {
        let health = &target["TargetHealth"];
        let parts = ["State", "Reason", "Description"].map(|name| health[name].as_str().unwrap_or_default());
        parts.join(" ").trim().to_owned()
    };
    shown["TargetHealthDescriptions"].as_array().unwrap().iter().map(one).collect()
}

fn tasks_ever(lab: &Lab) -> usize {
    lab.session.world().ecs.tasks.len()
}

/// Every worked number about load balancers, both sides of each edge: the boot, the settings of the target group, the
/// grace period, and whether the first task lives. (13.2, 13.4)
#[test]
fn worked_numbers() {
    let h2 = json!({ "HealthyThresholdCount": 2 });
    let u = |count: u32| json!({ "UnhealthyThresholdCount": count });
    let quick = json!({ "HealthCheckIntervalSeconds": 10, "HealthyThresholdCount": 2 });
    for (boot, settings, grace, holds) in [
        // Defaults: two failures at 30 and 60 s; a boot of 60 s passes the second check.
        (60, json!({}), 0, true),
        (61, json!({}), 0, false),
        // With a grace period of up to t_unhealthy nothing is gained: U * i = 60.
        (61, json!({}), 60, false),
        // Grace must cover recovery, not only boot: 61 s boot, passes at 90, 120, 150, 180, 210.
        (61, json!({}), 209, false),
        (61, json!({}), 210, true),
        // B = 140: unhealthy at 60; passes at 150, 180, 210, 240, 270.
        (140, json!({}), 0, false),
        (140, json!({}), 140, false),
        (140, json!({}), 269, false),
        (140, json!({}), 270, true),
        (140, json!({}), 300, true),
        // H = 2: passes at 150 and 180.
        (140, h2.clone(), 179, false),
        (140, h2.clone(), 180, true),
        // U = 5: failures at 30, 60, 90, 120 only. A new target needs one pass, whatever H says.
        (140, u(5), 0, true),
        (140, u(4), 0, false),
        (150, u(5), 0, true),
        (151, u(5), 0, false),
        // i = 10, U = 2, H = 2: unhealthy at 20, passes at 140 and 150; the advice of B + H * i + x is on the safe side.
        (140, quick.clone(), 149, false),
        (140, quick.clone(), 150, true),
        (140, quick, 180, true),
        // Raise U so that U * i >= B.
        (140, json!({ "HealthCheckIntervalSeconds": 20, "UnhealthyThresholdCount": 7 }), 0, true),
        (141, json!({ "HealthCheckIntervalSeconds": 20, "UnhealthyThresholdCount": 7 }), 0, false),
    ] {
        let mut lab = Lab::prod();
        let group = lab.target_group("web", settings.clone());
        web(&mut lab, json!({ "boot": format!("{boot}s") }), Value::Null);
        service(&mut lab, &group, 1, json!({ "healthCheckGracePeriodSeconds": grace }));
        lab.wait("2h");
        let case = format!("boot {boot}, {settings}, grace {grace}");
        assert_eq!(tasks_ever(&lab) == 1, holds, "{case}: {} tasks", tasks_ever(&lab));
        assert_eq!(lab.service("web")["deployments"][0]["rolloutState"] == "COMPLETED", holds, "{case}");
        if !holds {
            assert!(tasks_ever(&lab) > 10, "{case}: health failures are not throttled");
        }
    }
}

/// With both kinds of checks a task is healthy when both say so, and grace covers both. (13.3, 13.4)
#[test]
fn both_kinds_of_checks_have_to_pass() {
    let check = |start: u32| json!({ "command": ["CMD", "check"], "interval": 10, "retries": 3, "startPeriod": start });
    let quick = json!({ "HealthCheckIntervalSeconds": 10, "HealthyThresholdCount": 2 });
    for (start, grace, holds) in [
        // The combined recommendation for a boot of 140 s.
        (150, 180, true),
        // Without start period the container is UNHEALTHY from 30 to 140 s: grace covers that too.
        (0, 150, true),
        (0, 149, false),
        // The container alone would be fine; the target group is not.
        (150, 149, false),
        (150, 150, true),
    ] {
        let mut lab = Lab::prod();
        let group = lab.target_group("web", quick.clone());
        web(&mut lab, json!({ "boot": "140s" }), check(start));
        service(&mut lab, &group, 1, json!({ "healthCheckGracePeriodSeconds": grace }));
        lab.wait("1h");
        assert_eq!(tasks_ever(&lab) == 1, holds, "startPeriod {start}, grace {grace}: {} tasks", tasks_ever(&lab));
    }
}

/// The circuit breaker counts a task when it turns UNHEALTHY, not when it is stopped for it: four tasks fail in the first
/// wave, and one task at a time takes three. The seconds from the service's creation until the deployment is FAILED, and
/// the tasks that there were by then. (13.3, 13.4)
#[test]
fn the_breaker_counts_failed_target_checks() {
    let check = json!({ "command": ["CMD", "check"], "interval": 10, "retries": 5 });
    let never = json!({ "boot": "1h" });
    // It is UNHEALTHY at 60 s, and over at 70 s, before its replacement starts: one failure, not two.
    let short = json!({ "boot": "1h", "exit": { "code": 1, "after": "70s" } });
    for (desired, profile, check, grace, at, tasks) in [
        // RUNNING at 45 s, unhealthy 60 s later; each next one 15 s + 30 s + 60 s after that.
        (4, &never, &Value::Null, 0, 105, 4),
        (1, &never, &Value::Null, 0, 315, 3),
        (1, &short, &Value::Null, 0, 315, 3),
        (10, &never, &Value::Null, 0, 105, 10),
        // With container checks too, which come first: 50 s.
        (4, &never, &check, 0, 95, 4),
        (1, &never, &check, 0, 285, 3),
        // What fails within the grace period is not seen.
        (4, &never, &check, 300, 345, 4),
        (1, &never, &Value::Null, 90, 405, 3),
    ] {
        let mut lab = Lab::prod();
        let group = lab.target_group("web", json!({}));
        web(&mut lab, profile.clone(), check.clone());
        let breaker = json!({ "deploymentCircuitBreaker": { "enable": true, "rollback": true } });
        let extra = json!({ "deploymentConfiguration": breaker, "healthCheckGracePeriodSeconds": grace });
        service(&mut lab, &group, desired, extra);
        let case = format!("desired {desired}, {profile}, {check}, grace {grace}");
        lab.wait(&format!("{at}s"));
        assert_eq!(lab.service("web")["deployments"][0]["rolloutState"], "FAILED", "{case}");
        assert_eq!(tasks_ever(&lab), tasks, "{case}");
        let failed = What::DeploymentMoved(DeploymentId::new(0), RolloutState::Failed);
        let failed = lab.session.history().iter().find(|fact| fact.what == failed).unwrap();
        let since = lab.session.world().ecs.services.iter().next().unwrap().1.created_at;
        assert_eq!(failed.at.since(since).0 / 1000, at, "{case}");
        lab.wait("1h");
        assert_eq!(tasks_ever(&lab), tasks, "{case}: a FAILED deployment starts no more tasks");
    }
}

/// Tasks that drain hold nothing up: they do not count against maximumPercent, so the waves of a rolling update follow
/// each other as fast with the default delay of 300 s as without any. The seconds from the update until FAILED: as many
/// waves of 105 s as it takes, where one unhealthy task at a time makes room for the next one 15 s later. (13.3, 5.1)
#[test]
fn draining_does_not_hold_the_breaker_up() {
    for (desired, maximum, at) in [
        (1, 200, 315),
        (1, 100, 315),
        (4, 200, 105),
        // One at a time: the third failure.
        (4, 125, 315),
        // Two at a time, the fifth failure: three waves.
        (10, 120, 315),
        // Three at a time: the second of the second wave comes 15 s after the first.
        (10, 130, 225),
        (10, 150, 105),
    ] {
        for delay in [0, 60, 300, 3600] {
            let mut lab = Lab::prod();
            let group = lab.target_group("web", json!({}));
            let attribute = json!([{ "Key": "deregistration_delay.timeout_seconds", "Value": delay.to_string() }]);
            lab.ok("elbv2.modify_target_group_attributes", json!({ "TargetGroupArn": group, "Attributes": attribute }));
            web(&mut lab, json!({}), Value::Null);
            let minimum = if maximum == 100 { 0 } else { 100 };
            let rollout = json!({
                "minimumHealthyPercent": minimum, "maximumPercent": maximum,
                "deploymentCircuitBreaker": { "enable": true, "rollback": false },
            });
            service(&mut lab, &group, desired, json!({ "deploymentConfiguration": rollout }));
            lab.wait("20m");
            web(&mut lab, json!({ "boot": "1h" }), Value::Null);
            lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web" }));
            let case = format!("desired {desired}, maximumPercent {maximum}, delay {delay}");
            assert_eq!(lab.service("web")["deployments"].as_array().unwrap().len(), 2, "{case}");
            lab.wait("2h");
            let failed = What::DeploymentMoved(DeploymentId::new(1), RolloutState::Failed);
            let failed = lab.session.history().iter().find(|fact| fact.what == failed).expect(&case);
            let since = lab.session.world().ecs.deployments[DeploymentId::new(1)].created_at;
            assert_eq!(failed.at.since(since).0 / 1000, at, "{case}");
        }
    }
}

/// The life of a service behind a load balancer, event by event, with the seconds since its creation.
#[test]
fn a_rollout_in_events() {
    let mut lab = Lab::prod();
    let group = lab.target_group("web", json!({ "HealthCheckIntervalSeconds": 10 }));
    web(&mut lab, json!({ "boot": "1s" }), Value::Null);
    service(&mut lab, &group, 2, json!({}));
    let at_once = json!([{ "Key": "deregistration_delay.timeout_seconds", "Value": "60" }]);
    lab.ok("elbv2.modify_target_group_attributes", json!({ "TargetGroupArn": group, "Attributes": at_once }));
    lab.wait("5m");
    lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "forceNewDeployment": true }));
    lab.wait("5m");
    let world = lab.session.world();
    let (_, service) = world.ecs.services.iter().next().unwrap();
    let short = |text: String| {
        let mut text = text.replace(&group, "GROUP");
        for (id, _) in world.ecs.tasks.iter() {
            text = text.replace(&world.task_name(id), &format!("T{}", longshore::model::id::Id::number(id)));
        }
        for (id, _) in world.ecs.deployments.iter() {
            text = text.replace(&world.deployment_name(id), &format!("D{}", longshore::model::id::Id::number(id)));
        }
        text
    };
    let events: Vec<(u64, String)> = service
        .events
        .iter()
        .map(|event| (event.at.since(service.created_at).0 / 1000, short(world.event_text("web", &event.says))))
        .collect();
    let expected = [
        (15, "(service web) has started 2 tasks: (task T0) (task T1)."),
        (45, "(service web) registered 2 targets in (target-group GROUP)"),
        (55, "(service web) (deployment D0) deployment completed."),
        (55, "(service web) has reached a steady state."),
        (315, "(service web) has started 2 tasks: (task T2) (task T3)."),
        (345, "(service web) registered 2 targets in (target-group GROUP)"),
        (355, "(service web) has stopped 2 running tasks: (task T0) (task T1)."),
        (355, "(service web) deregistered 2 targets in (target-group GROUP)"),
        (355, "(service web, taskSet D0) has begun draining connections on 2 tasks."),
        // 60 s of draining, 1 s until the program has left, 10 s for the interface.
        (426, "(service web) (deployment D1) deployment completed."),
        (426, "(service web) has reached a steady state."),
    ];
    assert_eq!(events, expected.map(|(at, text)| (at, text.to_owned())));
}

/// RUNNING, DEACTIVATING for the deregistration delay, and only then SIGTERM. [DG task lifecycle]
#[test]
fn connections_drain_before_sigterm() {
    for (delay, deactivating) in [("300", true), ("30", true), ("0", false)] {
        let mut lab = Lab::prod();
        let group = lab.target_group("web", json!({}));
        let attributes = json!([{ "Key": "deregistration_delay.timeout_seconds", "Value": delay }]);
        lab.ok("elbv2.modify_target_group_attributes", json!({ "TargetGroupArn": group, "Attributes": attributes }));
        web(&mut lab, json!({}), Value::Null);
        service(&mut lab, &group, 1, json!({}));
        lab.wait("3m");
        assert_eq!(health(&mut lab, &group), ["healthy"]);
        let task = lab.tasks("web")[0].clone();
        lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
        assert_eq!(lab.task(&task)["lastStatus"] == "DEACTIVATING", deactivating, "{delay}");
        if deactivating {
            let draining = "draining Target.DeregistrationInProgress Target deregistration is in progress";
            assert_eq!(health(&mut lab, &group), [draining], "{delay}");
            let almost = delay.parse::<u64>().unwrap() - 1;
            lab.wait(&format!("{almost}s"));
            assert_eq!(lab.task(&task)["lastStatus"], "DEACTIVATING", "{delay}");
            assert_eq!(lab.task(&task)["containers"][0]["lastStatus"], "RUNNING", "{delay}");
            lab.wait("1s");
        }
        assert_eq!(lab.task(&task)["lastStatus"], "STOPPING", "{delay}");
        lab.wait("11s");
        assert_eq!(lab.task(&task)["lastStatus"], "STOPPED", "{delay}");
    }
}

/// A crashed program has no requests to finish: its target drains, its task does not wait.
#[test]
fn a_crashed_task_does_not_wait_for_its_target() {
    let mut lab = Lab::prod();
    let group = lab.target_group("web", json!({}));
    web(&mut lab, json!({}), Value::Null);
    service(&mut lab, &group, 1, json!({}));
    lab.wait("3m");
    let task = lab.tasks("web")[0].clone();
    lab.ok("fault.crash", json!({ "task": task }));
    lab.wait("10s");
    assert_eq!(lab.task(&task)["lastStatus"], "STOPPED");
    assert!(health(&mut lab, &group)[0].starts_with("draining"));
    lab.wait("2m");
    assert_eq!(health(&mut lab, &group).iter().filter(|state| *state == "healthy").count(), 1);
    lab.wait("5m");
    assert_eq!(health(&mut lab, &group), ["healthy"]);
}

/// An unhealthy task is replaced: the new one starts, becomes healthy, and then the old one goes, with the reason that
/// the target group gave. [DG service scheduler concepts; semantics/around.md 3.4]
#[test]
fn the_replacement_is_healthy_before_the_unhealthy_one_goes() {
    let ill = |extra: Value| {
        let mut point = json!({ "at": "10m", "healthy": false });
        for (name, value) in extra.as_object().unwrap() {
            point[name] = value.clone();
        }
        json!({ "health": [{ "at": "0s", "healthy": true }, point] })
    };
    for (profile, code, reason) in [
        (ill(json!({})), "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"),
        (ill(json!({ "status": 404 })), "Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]"),
        (ill(json!({ "latency": "6s" })), "Target.Timeout", "Request timed out"),
    ] {
        let mut lab = Lab::prod();
        let group = lab.target_group("web", json!({}));
        web(&mut lab, profile, Value::Null);
        service(&mut lab, &group, 1, json!({}));
        // It runs from 45 s on and is ill from 645 s on: checks at 645 and 675 fail.
        lab.wait("645s");
        assert_eq!(health(&mut lab, &group), ["healthy"]);
        lab.wait("30s");
        assert_eq!(health(&mut lab, &group), [format!("unhealthy {code} {reason}")]);
        let old = lab.tasks("web")[0].clone();
        let id = old.rsplit('/').next().unwrap().to_owned();
        // 15 s for the scheduler, 30 s until it runs, 30 s until its first check.
        lab.wait("74s");
        assert_eq!(lab.tasks("web").len(), 2, "{reason}");
        assert_eq!(lab.task(&old)["lastStatus"], "RUNNING", "{reason}: it stays until the other one is healthy");
        lab.wait("1s");
        assert_eq!(lab.task(&old)["lastStatus"], "DEACTIVATING", "{reason}");
        assert_eq!(lab.task(&old)["stoppedReason"], format!("Task failed ELB health checks in (target-group {group})"));
        let events = lab.events("web");
        let said = format!(
            "(service web) (task {id}) (port 80) is unhealthy in (target-group {group}) due to (reason {reason})."
        );
        let at = events.iter().position(|event| *event == said).unwrap_or_else(|| panic!("{events:#?}"));
        assert!(events[at - 2].contains("Amazon ECS replaced 1 tasks due to an unhealthy status."), "{events:#?}");
        assert_eq!(events[at + 1], format!("(service web) has stopped 1 running tasks: (task {id})."));
        assert_eq!(events[at + 2], format!("(service web) deregistered 1 targets in (target-group {group})"));
    }
}

/// What a check finds decides state and reason. (semantics/around.md 3.1)
#[test]
fn reasons_are_aws_own() {
    let refused = "unhealthy Target.FailedHealthChecks Health checks failed";
    for (profile, settings, expected) in [
        (json!({}), json!({}), "healthy"),
        (json!({ "ports": [80] }), json!({}), "healthy"),
        // The program listens elsewhere.
        (json!({ "ports": [8080] }), json!({}), refused),
        (json!({ "ports": [8080] }), json!({ "HealthCheckPort": "8080" }), "healthy"),
        (json!({}), json!({ "HealthCheckPort": "9000" }), refused),
        // It never gets ready.
        (json!({ "boot": "1h" }), json!({}), refused),
        // It does not know the path.
        (
            json!({ "paths": ["/health"] }),
            json!({}),
            "unhealthy Target.ResponseCodeMismatch Health checks failed with these codes: [404]",
        ),
        (json!({ "paths": ["/health"] }), json!({ "HealthCheckPath": "/health?deep=1" }), "healthy"),
        (json!({ "paths": ["/health"] }), json!({ "Matcher": { "HttpCode": "200,404" } }), "healthy"),
        // It takes 5 s where 5 s are allowed; with one millisecond more it is too late.
        (json!({ "health": [{ "at": "0s", "healthy": true, "latency": "5s" }] }), json!({}), "healthy"),
        (
            json!({ "health": [{ "at": "0s", "healthy": true, "latency": "5001ms" }] }),
            json!({}),
            "unhealthy Target.Timeout Request timed out",
        ),
        (
            json!({ "health": [{ "at": "0s", "healthy": true, "latency": "5001ms" }] }),
            json!({ "HealthCheckTimeoutSeconds": 6 }),
            "healthy",
        ),
    ] {
        let mut lab = Lab::prod();
        let group = lab.target_group("web", settings.clone());
        web(&mut lab, profile.clone(), Value::Null);
        // Grace, so that ECS leaves the task alone.
        service(&mut lab, &group, 1, json!({ "healthCheckGracePeriodSeconds": 3600 }));
        lab.wait("46s");
        let begun = "initial Elb.RegistrationInProgress Target registration is in progress";
        assert_eq!(health(&mut lab, &group), [begun]);
        lab.wait("30s");
        if expected != "healthy" {
            let checked = "initial Elb.InitialHealthChecking Initial health checks in progress";
            assert_eq!(health(&mut lab, &group), [checked], "{profile} {settings}");
        }
        lab.wait("2m");
        assert_eq!(health(&mut lab, &group), [expected], "{profile} {settings}");
    }
}

/// Without a listener a target is unused; in a zone without the load balancer too, and ECS kills it for that.
#[test]
fn targets_are_checked_where_the_load_balancer_is() {
    let mut lab = Lab::prod();
    let group = lab.target_group("web", json!({}));
    web(&mut lab, json!({}), Value::Null);
    service(&mut lab, &group, 1, json!({}));
    lab.wait("3m");
    let balancers = lab.ok("elbv2.describe_load_balancers", json!({}));
    let balancer = balancers["LoadBalancers"][0]["LoadBalancerArn"].clone();
    let listeners = lab.ok("elbv2.describe_listeners", json!({ "LoadBalancerArn": balancer }));
    let healthy = lab.tasks("web");
    lab.ok("elbv2.delete_listener", json!({ "ListenerArn": listeners["Listeners"][0]["ListenerArn"] }));
    let unused = "unused Target.NotInUse Target group is not configured to receive traffic from the load balancer";
    assert_eq!(health(&mut lab, &group), [unused]);
    lab.wait("10m");
    assert_ne!(lab.tasks("web"), healthy, "a task whose target is not healthy is replaced");
    lab.listen(&balancer, 80, &group);
    lab.wait("10m");
    assert_eq!(health(&mut lab, &group), ["healthy"]);

    let mut lab = Lab::prod();
    let vpc = lab.session.world().vpc.id.clone();
    let subnets = lab.subnets();
    let request = json!({ "Name": "web", "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "VpcId": vpc });
    let made = lab.ok("elbv2.create_target_group", request);
    let group = made["TargetGroups"][0]["TargetGroupArn"].as_str().unwrap().to_owned();
    let balancer = lab.ok("elbv2.create_load_balancer", json!({ "Name": "web", "Subnets": subnets[..2] }));
    lab.listen(&balancer["LoadBalancers"][0]["LoadBalancerArn"].clone(), 80, &group);
    web(&mut lab, json!({}), Value::Null);
    let far = json!({ "awsvpcConfiguration": { "subnets": [subnets[2]] } });
    service(&mut lab, &group, 1, json!({ "networkConfiguration": far }));
    lab.wait("46s");
    let unused = "Target is in an Availability Zone that is not enabled for the load balancer";
    assert_eq!(health(&mut lab, &group), [format!("unused Target.NotInUse {unused}")]);
    lab.wait("10m");
    let said = format!("is unhealthy in (target-group {group}) due to (reason {unused}).");
    assert!(lab.events("web").iter().any(|event| event.ends_with(&said)), "{:#?}", lab.events("web"));
}

/// Once no target is healthy and one is unhealthy, the group fails open; the first one that recovers ends that.
#[test]
fn a_group_without_healthy_targets_fails_open() {
    let mut lab = Lab::prod();
    let group = lab.target_group("web", json!({ "HealthyThresholdCount": 2 }));
    let profile =
        json!([{ "at": "0s", "healthy": true }, { "at": "5m", "healthy": false }, { "at": "10m", "healthy": true }]);
    web(&mut lab, json!({ "health": profile }), Value::Null);
    service(&mut lab, &group, 1, json!({ "healthCheckGracePeriodSeconds": 3600 }));
    let nobody = json!([{ "Id": "172.31.0.99" }]);
    // When, what is done then, the states of the program's target and of nobody's, and how often it has failed open.
    for (minutes, operation, states, open, facts) in [
        (1, None, "initial", false, 0),
        (2, Some("elbv2.register_targets"), "healthy initial", false, 0),
        (2, None, "healthy unhealthy", false, 0),
        (3, None, "unhealthy unhealthy", true, 1),
        (1, Some("elbv2.deregister_targets"), "unhealthy draining", true, 1),
        (5, Some("elbv2.register_targets"), "healthy initial", false, 1),
    ] {
        lab.wait(&format!("{minutes}m"));
        if let Some(operation) = operation {
            lab.ok(operation, json!({ "TargetGroupArn": group, "Targets": nobody }));
        }
        let shown = health(&mut lab, &group);
        let shown: Vec<&str> = shown.iter().filter_map(|state| state.split(' ').next()).collect();
        assert_eq!(shown.join(" "), states);
        let world = lab.session.world();
        let id = world.find_target_group(&group).unwrap();
        let told = lab.session.history().iter().filter(|fact| fact.what == What::FailsOpen(id)).count();
        assert_eq!((world.elb.target_groups[id].fails_open(), told), (open, facts), "{states}");
    }
}

/// Tasks under bridge are reached through their instance, on ports that Docker gives out.
#[test]
fn tasks_on_instances_are_registered_by_instance_and_port() {
    let mut lab = Lab::prod();
    let group = lab.target_group("web", json!({ "TargetType": "instance" }));
    let total = json!([
        { "name": "CPU", "type": "INTEGER", "integerValue": 1024 }, { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
    ]);
    lab.ok("ecs.register_container_instance", json!({ "cluster": "prod", "totalResources": total }));
    let container =
        json!({ "name": "web", "image": "nginx", "memory": 100, "portMappings": [{ "containerPort": 80 }] });
    lab.ok("ecs.register_task_definition", json!({ "family": "web", "containerDefinitions": [container] }));
    let mut request = create(&lab, &group, 2, json!({ "launchType": "EC2" }));
    request.as_object_mut().unwrap().remove("networkConfiguration");
    lab.ok("ecs.create_service", request);
    lab.wait("2m");
    assert_eq!(health(&mut lab, &group), ["healthy", "healthy"]);
    let shown = lab.ok("elbv2.describe_target_health", json!({ "TargetGroupArn": group }));
    let target = |nth: usize| shown["TargetHealthDescriptions"][nth]["Target"].clone();
    assert_eq!([target(0)["Port"].clone(), target(1)["Port"].clone()], [32_768, 32_769]);
    assert!(target(0)["Id"].as_str().unwrap().starts_with("i-0"));
    assert_eq!(lab.service("web")["deployments"][0]["rolloutState"], "COMPLETED");
}

/// What CreateService refuses about load balancers, in AWS's words.
#[test]
fn services_are_refused_target_groups_that_do_not_fit() {
    let mut lab = Lab::prod();
    let good = lab.target_group("good", json!({}));
    let vpc = lab.session.world().vpc.id.clone();
    let alone = json!({ "Name": "alone", "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "VpcId": vpc });
    let alone = lab.ok("elbv2.create_target_group", alone)["TargetGroups"][0]["TargetGroupArn"].clone();
    let instance = lab.target_group("instance", json!({ "TargetType": "instance" }));
    web(&mut lab, json!({}), Value::Null);
    let one = |arn: &str, name: &str, port: u32| json!([{ "targetGroupArn": arn, "containerName": name, "containerPort": port }]);
    let unknown = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef";
    for (balancers, message) in [
        (
            one(alone.as_str().unwrap(), "web", 80),
            format!(
                "The target group with targetGroupArn {} does not have an associated load balancer.",
                alone.as_str().unwrap()
            ),
        ),
        (
            one(&instance, "web", 80),
            format!(
                "The provided target group {instance} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition."
            ),
        ),
        (one(&good, "app", 80), "The container app does not exist in the task definition.".to_owned()),
        (one(&good, "web", 8080), "The container web did not have a container port 8080 defined.".to_owned()),
        (one(unknown, "web", 80), "The specified target group does not exist.".to_owned()),
    ] {
        let request = create(&lab, &good, 1, json!({ "loadBalancers": balancers }));
        let refusal = lab.refused("ecs.create_service", request);
        assert_eq!((refusal.code.as_ref(), refusal.message), ("InvalidParameterException", message));
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty());
    }
    let both = one(&good, "web", 80)[0].clone();
    let request = create(&lab, &good, 1, json!({ "loadBalancers": [both, both] }));
    let twice = lab.refused("ecs.create_service", request);
    assert_eq!(twice.message, format!("The target group {good} is specified twice for container web port 80."));
    service(&mut lab, &good, 1, json!({}));
    let update = json!({ "cluster": "prod", "service": "web", "loadBalancers": [both, both] });
    assert_eq!(lab.refused("ecs.update_service", update).message, twice.message);
    let request = create(&lab, &good, 1, json!({ "loadBalancers": [], "healthCheckGracePeriodSeconds": 60 }));
    let refusal = lab.refused("ecs.create_service", request);
    let expected = "Health check grace period is only valid for services configured to use load balancers";
    assert_eq!(refusal.message, expected);
}

/// A revision has to fit the target groups that a service has already, just as it has to when the service is created.
#[test]
fn a_service_is_refused_a_revision_that_does_not_fit_its_target_groups() {
    let mut lab = Lab::prod();
    let group = lab.target_group("good", json!({}));
    let revision = |name: &str, ports: Value, mode: &str| {
        let container = json!({ "name": name, "image": "nginx", "memory": 100, "portMappings": ports });
        json!({ "family": "web", "networkMode": mode, "containerDefinitions": [container] })
    };
    let port = |port: u32| json!([{ "containerPort": port }]);
    lab.ok("ecs.register_task_definition", revision("web", port(80), "awsvpc"));
    service(&mut lab, &group, 1, json!({ "launchType": "EC2" }));
    let incompatible = format!(
        "The provided target group {group} has target type ip, which is incompatible with the bridge network mode \
         specified in the task definition."
    );
    for (definition, message) in [
        (revision("web", json!([]), "awsvpc"), "The container web did not have a container port 80 defined."),
        (revision("web", port(8080), "awsvpc"), "The container web did not have a container port 80 defined."),
        (revision("app", port(80), "awsvpc"), "The container web does not exist in the task definition."),
        (revision("web", port(80), "bridge"), incompatible.as_str()),
        (revision("web", port(80), "awsvpc"), ""),
    ] {
        lab.ok("ecs.register_task_definition", definition);
        let update = json!({ "cluster": "prod", "service": "web", "taskDefinition": "web" });
        if message.is_empty() {
            lab.ok("ecs.update_service", update);
            continue;
        }
        let refusal = lab.refused("ecs.update_service", update);
        assert_eq!((refusal.code.as_ref(), refusal.message.as_str()), ("InvalidParameterException", message));
        assert_eq!(refusal.path.join(" "), "taskDefinition", "{message}");
        assert!(!refusal.because.is_empty() && refusal.way_out.contains("loadBalancers"), "{refusal:?}");
    }
}

/// healthCheckGracePeriodSeconds goes up to 2,147,483,647. [API CreateService]
#[test]
fn a_grace_period_has_an_end() {
    let mut lab = Lab::prod();
    let group = lab.target_group("good", json!({}));
    web(&mut lab, json!({}), Value::Null);
    let longest = json!({ "healthCheckGracePeriodSeconds": 2_147_483_647 });
    for beyond in [2_147_483_648_u64, 4_294_967_295] {
        let request = create(&lab, &group, 1, json!({ "healthCheckGracePeriodSeconds": beyond }));
        let refusal = lab.refused("ecs.create_service", request);
        assert_eq!(refusal.path.join(" "), "healthCheckGracePeriodSeconds");
        assert!(refusal.way_out.contains("2147483647"), "{}", refusal.way_out);
    }
    service(&mut lab, &group, 1, longest);
    let update = json!({ "cluster": "prod", "service": "web", "healthCheckGracePeriodSeconds": 2_147_483_648_u64 });
    assert_eq!(lab.refused("ecs.update_service", update).path.join(" "), "healthCheckGracePeriodSeconds");
}

/// What Elastic Load Balancing refuses, in AWS's words.
#[test]
fn bad_requests_are_refused() {
    let mut lab = Lab::prod();
    let arn = lab.target_group("web", json!({}));
    let vpc = lab.session.world().vpc.id.clone();
    let balancers = lab.ok("elbv2.describe_load_balancers", json!({}));
    let balancer = balancers["LoadBalancers"][0]["LoadBalancerArn"].as_str().unwrap().to_owned();
    let group = |extra: Value| {
        let mut request = json!({ "Name": "new", "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "VpcId": vpc });
        for (name, value) in extra.as_object().unwrap() {
            request[name] = value.clone();
        }
        ("elbv2.create_target_group", request)
    };
    let subnets = lab.subnets();
    let constraint = |value: &str, member: &str, rule: &str| {
        format!(
            "ValidationError: 1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value {rule}"
        )
    };
    let listener = |extra: Value| {
        let action = json!({ "Type": "forward", "TargetGroupArn": arn });
        let mut request =
            json!({ "LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 81, "DefaultActions": [action] });
        for (name, value) in extra.as_object().unwrap() {
            request[name] = value.clone();
        }
        ("elbv2.create_listener", request)
    };
    for ((name, request), text) in [
        (group(json!({ "Name": "web" , "Port": 81 })), "DuplicateTargetGroupName: A target group with the same name 'web' exists, but with different settings".to_owned()),
        (group(json!({ "Name": "a_b" })), "ValidationError: Target group name 'a_b' can only contain characters that are alphanumeric characters and hyphens(-)".to_owned()),
        (group(json!({ "VpcId": null })), "ValidationError: A VPC ID must be specified".to_owned()),
        (group(json!({ "HealthCheckIntervalSeconds": 4 })), constraint("4", "healthCheckIntervalSeconds", "greater than or equal to 5")),
        (group(json!({ "HealthCheckIntervalSeconds": 301 })), constraint("301", "healthCheckIntervalSeconds", "less than or equal to 300")),
        (group(json!({ "HealthyThresholdCount": 1 })), constraint("1", "healthyThresholdCount", "greater than or equal to 2")),
        (group(json!({ "UnhealthyThresholdCount": 11 })), constraint("11", "unhealthyThresholdCount", "less than or equal to 10")),
        (group(json!({ "HealthCheckTimeoutSeconds": 1 })), constraint("1", "healthCheckTimeoutSeconds", "greater than or equal to 2")),
        (group(json!({ "HealthCheckTimeoutSeconds": 30 })), "ValidationError: Health check timeout '30' must be smaller than the interval '30'".to_owned()),
        (group(json!({ "Protocol": "TCP", "HealthCheckTimeoutSeconds": 31 })), "ValidationError: Health check timeout '31' must be smaller than or equal to the interval '30'".to_owned()),
        (group(json!({ "HealthCheckPort": "+80" })), "ValidationError: Health check port +80 must be within 1-65535 or traffic-port".to_owned()),
        (group(json!({ "HealthCheckPort": "080" })), "ValidationError: Health check port 080 must be within 1-65535 or traffic-port".to_owned()),
        (group(json!({ "HealthCheckPort": "65536" })), "ValidationError: Health check port 65536 must be within 1-65535 or traffic-port".to_owned()),
        (group(json!({ "HealthCheckPath": "health" })), "ValidationError: Health check path 'health' must begin with a '/' character".to_owned()),
        (group(json!({ "Matcher": { "HttpCode": "500" } })), "ValidationError: Health check matcher HTTP code '500' must be within '200-499' inclusive".to_owned()),
        (("elbv2.create_load_balancer", json!({ "Name": "one", "Subnets": [subnets[0]] })), "ValidationError: At least two subnets in two different Availability Zones must be specified".to_owned()),
        (("elbv2.create_load_balancer", json!({ "Name": "web", "Subnets": subnets[..2] })), "DuplicateLoadBalancerName: A load balancer with the same name 'web' exists, but with different settings".to_owned()),
        (("elbv2.delete_target_group", json!({ "TargetGroupArn": arn })), format!("ResourceInUse: Target group '{arn}' is currently in use by a listener or a rule")),
        (listener(json!({ "Port": 80 })), format!("DuplicateListener: A listener already exists on this port for this load balancer '{balancer}'")),
        (listener(json!({ "Protocol": "HTTPS" })), "ValidationError: A certificate must be specified for HTTPS listeners".to_owned()),
        (("elbv2.describe_target_health", json!({ "TargetGroupArn": "web" })), "TargetGroupNotFound: One or more target groups not found".to_owned()),
        (("elbv2.register_targets", json!({ "TargetGroupArn": arn, "Targets": [{ "Id": "10.0.0.1" }] })), format!("InvalidTarget: The IP address '10.0.0.1' is not within the VPC '{vpc}'")),
        (("elbv2.modify_target_group_attributes", json!({ "TargetGroupArn": arn, "Attributes": [{ "Key": "deregistration_delay", "Value": "1" }] })), "ValidationError: Target group attribute key 'deregistration_delay' is not recognized".to_owned()),
    ] {
        let refusal = lab.refused(name, request.clone());
        assert_eq!(refusal.to_string(), text, "{name} {request}");
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    let other = lab.ok("elbv2.create_load_balancer", json!({ "Name": "other", "Subnets": subnets }));
    let (name, request) = listener(json!({ "LoadBalancerArn": other["LoadBalancers"][0]["LoadBalancerArn"] }));
    let text = format!(
        "TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer: {arn}"
    );
    assert_eq!(lab.refused(name, request).to_string(), text);
}

/// Of several items one is bad: nothing of the others is done. `refused` compares the worlds before and after.
#[test]
fn one_bad_item_spoils_all() {
    let mut lab = Lab::prod();
    let arn = lab.target_group("web", json!({}));
    let balancer = lab.ok("elbv2.describe_load_balancers", json!({}))["LoadBalancers"][0]["LoadBalancerArn"].clone();
    lab.ok("elbv2.register_targets", json!({ "TargetGroupArn": arn, "Targets": [{ "Id": "172.31.0.10" }] }));
    let targets = |bad: Value| json!({ "TargetGroupArn": arn, "Targets": [{ "Id": "172.31.0.10" }, { "Id": "172.31.0.11" }, bad] });
    let attributes = |bad: [&str; 2]| {
        let good = json!({ "Key": "deregistration_delay.timeout_seconds", "Value": "30" });
        json!({ "TargetGroupArn": arn, "Attributes": [good, { "Key": bad[0], "Value": bad[1] }] })
    };
    let (register, deregister) = ("elbv2.register_targets", "elbv2.deregister_targets");
    let (modify, set) = ("elbv2.modify_target_group", "elbv2.modify_target_group_attributes");
    let forward = |other: &str| {
        let groups = json!([{ "TargetGroupArn": arn, "Weight": 1 }, { "TargetGroupArn": other, "Weight": 1 }]);
        let action = json!({ "Type": "forward", "ForwardConfig": { "TargetGroups": groups } });
        json!({ "LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 81, "DefaultActions": [action] })
    };
    for (name, request) in [
        (register, targets(json!({ "Id": "10.0.0.1" }))),
        (register, targets(json!({ "Id": "172.31.0.12", "Port": 0 }))),
        (register, targets(json!({ "Id": "i-1" }))),
        (deregister, targets(json!({ "Id": "10.0.0.1" }))),
        (deregister, targets(json!({ "Id": "nobody" }))),
        (modify, json!({ "TargetGroupArn": arn, "HealthCheckPath": "/x", "HealthyThresholdCount": 11 })),
        (modify, json!({ "TargetGroupArn": arn, "HealthCheckPath": "/x", "Matcher": { "HttpCode": "ok" } })),
        (set, attributes(["deregistration_delay", "1"])),
        (set, attributes(["slow_start.duration_seconds", "29"])),
        (set, attributes(["slow_start.duration_seconds", "+30"])),
        (set, attributes(["stickiness.enabled", "yes"])),
        ("elbv2.create_listener", forward("nobody")),
    ] {
        let refusal = lab.refused(name, request.clone());
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{name} {request}: {refusal:?}");
    }
    assert_eq!(health(&mut lab, &arn), ["initial Elb.RegistrationInProgress Target registration is in progress"]);
}

/// By hand: an address that nobody has times out, a task's address is checked, deregistering drains, and the same
/// target may come back.
#[test]
fn targets_can_be_registered_by_hand() {
    let mut lab = Lab::prod();
    let group = lab.target_group("web", json!({}));
    web(&mut lab, json!({}), Value::Null);
    let network = lab.network();
    let ran = lab.ok(
        "ecs.run_task",
        json!({ "cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network }),
    );
    let details = ran["tasks"][0]["attachments"][0]["details"].as_array().unwrap().clone();
    let address = details.iter().find(|detail| detail["name"] == "privateIPv4Address").unwrap()["value"].clone();
    assert_eq!(address, "172.31.0.4", "the first address of the first subnet that AWS does not keep");
    let both = json!([{ "Id": address }, { "Id": "172.31.0.99", "Port": 8080 }]);
    lab.ok("elbv2.register_targets", json!({ "TargetGroupArn": group, "Targets": both }));
    lab.wait("2m");
    assert_eq!(health(&mut lab, &group), ["healthy", "unhealthy Target.Timeout Request timed out"]);
    let ask = json!({ "TargetGroupArn": group, "Targets": [{ "Id": address, "Port": 81 }] });
    let shown = lab.ok("elbv2.describe_target_health", ask);
    assert_eq!(shown["TargetHealthDescriptions"][0]["TargetHealth"]["Reason"], "Target.NotRegistered");
    let task = ran["tasks"][0]["taskArn"].clone();
    lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
    lab.wait("2m");
    assert_eq!(health(&mut lab, &group)[0], "unhealthy Target.Timeout Request timed out", "nobody answers any more");
    lab.ok("elbv2.deregister_targets", json!({ "TargetGroupArn": group, "Targets": [{ "Id": "172.31.0.99" }] }));
    assert!(health(&mut lab, &group)[1].starts_with("draining"));
    lab.ok("elbv2.register_targets", json!({ "TargetGroupArn": group, "Targets": [both[1]] }));
    assert!(health(&mut lab, &group)[1].starts_with("initial"));
    lab.wait("301s");
    assert_eq!(health(&mut lab, &group).len(), 2, "what came back does not leave");
}

/// The closed form and the mode that fires every check lead through the same history, in the moment of grace too.
#[test]
fn firing_every_check_changes_nothing() {
    let run = |every_probe: bool, grace: u32| {
        let mut lab = Lab::prod();
        lab.session.tune(|tuning| tuning.every_probe = every_probe);
        let group = lab.target_group("web", json!({ "HealthCheckIntervalSeconds": 10, "HealthyThresholdCount": 3 }));
        let health = json!([
            { "at": "0s", "healthy": true }, { "at": "7m", "healthy": false, "latency": "7s" },
            { "at": "8m", "healthy": true }, { "at": "20m", "healthy": false },
        ]);
        let check = json!({ "command": ["CMD", "check"], "interval": 15, "retries": 2, "startPeriod": 60 });
        web(&mut lab, json!({ "boot": "70s", "health": health }), check);
        service(&mut lab, &group, 3, json!({ "healthCheckGracePeriodSeconds": grace }));
        lab.wait("1h");
        lab.session.history().to_vec()
    };
    for grace in [0, 90, 500] {
        let (closed, probed) = (run(false, grace), run(true, grace));
        assert!(closed.len() > 50, "{}", closed.len());
        assert_eq!(closed, probed, "grace {grace}");
    }
}

/// What `advise` says about a service carries it, and one second less does not: by trial, through the prompt's words.
#[test]
fn advice_is_right_to_the_second() {
    use longshore::script::{Interpreter, on_big_stack};
    on_big_stack(|| {
        for (boot, settings, check) in [
            (140, json!({}), Value::Null),
            (140, json!({ "HealthyThresholdCount": 2 }), Value::Null),
            (61, json!({}), json!({ "command": ["CMD", "check"], "interval": 10, "retries": 3 })),
            (
                140,
                json!({ "HealthCheckIntervalSeconds": 10 }),
                json!({ "command": ["CMD", "check"], "startPeriod": 61 }),
            ),
            (200, json!({ "UnhealthyThresholdCount": 10 }), json!({ "command": ["CMD", "check"] })),
        ] {
            let trial = |grace: u64| {
                let mut lab = Lab::prod();
                let group = lab.target_group("web", settings.clone());
                web(&mut lab, json!({ "boot": format!("{boot}s") }), check.clone());
                service(&mut lab, &group, 1, json!({ "healthCheckGracePeriodSeconds": grace }));
                lab.wait("1h");
                let lived = tasks_ever(&lab) == 1;
                lab.session.end_line();
                let mut interpreter = Interpreter::new(lab.session, Box::new(|_| {}));
                let told = interpreter.eval("advise(\"web\")", "advice").expect("there is a service");
                (lived, told.value)
            };
            let (_, advice) = trial(0);
            let needed = advice["smallestGrace"].as_u64().unwrap();
            let case = format!("boot {boot}, {settings}, {check}: {advice:#}");
            let (lived, told) = trial(needed);
            assert!(lived && told["carries"] == true, "{needed} s should do: {case}");
            let (lived, told) = trial(needed - 1);
            assert!(!lived && told["carries"] == false, "{needed} s should be the least: {case}");
            assert_ne!(told["advice"], json!([]), "{case}");
        }
    });
}
