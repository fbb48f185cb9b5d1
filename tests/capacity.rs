//! Capacity providers: the split over FARGATE and FARGATE_SPOT, Spot taken back, and the bill.

use longshore::aws::ecs::bill;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate, with};

/// A lab whose cluster has both Fargate providers.
fn lab() -> Lab {
    let mut lab = Lab::prod();
    let both = json!(["FARGATE", "FARGATE_SPOT"]);
    lab.ok(
        "ecs.put_cluster_capacity_providers",
        json!({ "cluster": "prod", "capacityProviders": both, "defaultCapacityProviderStrategy": [] }),
    );
    lab
}

/// A strategy of two items, each (base, weight).
fn strategy(fargate: (u32, u32), spot: (u32, u32)) -> Value {
    json!([
        { "capacityProvider": "FARGATE", "base": fargate.0, "weight": fargate.1 },
        { "capacityProvider": "FARGATE_SPOT", "base": spot.0, "weight": spot.1 },
    ])
}

fn service(lab: &mut Lab, desired: u32, strategy: Value) {
    let network = lab.network();
    lab.ok(
        "ecs.create_service",
        json!({
            "cluster": "prod", "serviceName": "web", "taskDefinition": "web", "desiredCount": desired,
            "capacityProviderStrategy": strategy, "networkConfiguration": network,
        }),
    );
}

fn update(lab: &mut Lab, mut change: Value) {
    change["cluster"] = "prod".into();
    change["service"] = "web".into();
    lab.ok("ecs.update_service", change);
}

/// The tasks of the service that are to run on a provider, oldest first.
fn on(lab: &mut Lab, provider: &str) -> Vec<String> {
    lab.tasks("web").into_iter().filter(|arn| lab.task(arn)["capacityProviderName"] == provider).collect()
}

/// Tasks of the service that are to run, on FARGATE and on FARGATE_SPOT.
fn split(lab: &mut Lab) -> [usize; 2] {
    ["FARGATE", "FARGATE_SPOT"].map(|provider| on(lab, provider).len())
}

/// Base 1 on FARGATE, then 1 : 3, kept through all that happens to a service.
#[test]
fn the_split_is_kept_through_scaling_and_replacement() {
    let mut lab = lab();
    service(&mut lab, 1, strategy((1, 1), (0, 3)));
    for (desired, expected) in
        [(1, [1, 0]), (2, [1, 1]), (5, [2, 3]), (10, [3, 7]), (4, [2, 2]), (3, [2, 1]), (9, [3, 6])]
    {
        update(&mut lab, json!({ "desiredCount": desired }));
        lab.wait("3m");
        assert_eq!(split(&mut lab), expected, "scaled to {desired}");
    }
    for nth in [0, 4, 8] {
        let task = lab.tasks("web")[nth].clone();
        let lost = lab.task(&task)["capacityProviderName"].clone();
        lab.ok("fault.crash", json!({ "task": task }));
        lab.wait("3m");
        assert_eq!(split(&mut lab), [3, 6], "a task on {lost} was replaced");
    }
    lab.register("web", "nginx");
    update(&mut lab, json!({ "taskDefinition": "web" }));
    lab.wait("10m");
    assert_eq!(split(&mut lab), [3, 6], "rolled out");
    assert_eq!(lab.service("web")["deployments"].as_array().unwrap().len(), 1);
}

/// A task takes the place of the one that it replaces: tasks that turn unhealthy ten minutes after their start, each
/// at its own time, are replaced where they were, with and without a target group.
#[test]
fn an_unhealthy_task_is_replaced_where_it_was() {
    for (desired, fargate_item, expected) in
        [(1, (1, 1), [1, 0]), (2, (1, 1), [1, 1]), (2, (2, 1), [2, 0]), (4, (1, 1), [2, 2]), (10, (1, 1), [3, 7])]
    {
        for balanced in [false, true] {
            let mut lab = lab();
            let profile = json!({ "health": [{ "at": "0s", "healthy": true }, { "at": "10m", "healthy": false }] });
            lab.ok("image.define", json!({ "image": "sick", "profile": profile }));
            let mut definition = fargate("web", "sick");
            let container = &mut definition["containerDefinitions"][0];
            container["portMappings"] = json!([{ "containerPort": 80 }]);
            if !balanced {
                container["healthCheck"] = json!({ "command": ["CMD", "check"], "interval": 10, "retries": 2 });
            }
            lab.ok("ecs.register_task_definition", definition);
            let mut more = json!({ "capacityProviderStrategy": strategy(fargate_item, (0, 3)) });
            if balanced {
                let group = lab.target_group("web", json!({}));
                more["loadBalancers"] =
                    json!([{ "targetGroupArn": group, "containerName": "web", "containerPort": 80 }]);
            }
            let mut request = lab.service_request("web", 1, more);
            request.as_object_mut().unwrap().remove("launchType");
            lab.ok("ecs.create_service", request);
            // The first task comes before the others.
            lab.wait("3m");
            update(&mut lab, json!({ "desiredCount": desired }));
            let mut settled = 0;
            for nth in 1..10 {
                lab.wait("5m");
                let shown = lab.service("web");
                if shown["runningCount"] == desired && shown["pendingCount"] == 0 {
                    settled += 1;
                    let case = format!("{desired} tasks after {nth} times 5 min, balanced {balanced}");
                    assert_eq!(split(&mut lab), expected, "{case}");
                }
            }
            assert!(settled > 0, "{desired} tasks never settle, balanced {balanced}");
            assert!(lab.session.world().ecs.tasks.len() >= 3 * desired, "tasks were replaced");
        }
    }
}

/// A task that turns unhealthy while Spot has no capacity: on FARGATE it goes when its replacement is healthy, on Spot
/// it stays, because nothing could take its place.
#[test]
fn an_unhealthy_task_stays_until_it_can_be_replaced() {
    for (spread, tasks_ever, expected) in [
        (strategy((1, 1), (0, 3)), 2, [1, 0]),
        (json!([{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }]), 1, [0, 1]),
    ] {
        let mut lab = lab();
        let profile = json!({ "health": [{ "at": "0s", "healthy": true }, { "at": "10m", "healthy": false }] });
        lab.ok("image.define", json!({ "image": "sick", "profile": profile }));
        let mut definition = fargate("web", "sick");
        definition["containerDefinitions"][0]["portMappings"] = json!([{ "containerPort": 80 }]);
        lab.ok("ecs.register_task_definition", definition);
        let group = lab.target_group("web", json!({}));
        let balancers = json!([{ "targetGroupArn": group, "containerName": "web", "containerPort": 80 }]);
        let more = json!({ "capacityProviderStrategy": spread, "loadBalancers": balancers });
        let mut request = lab.service_request("web", 1, more);
        request.as_object_mut().unwrap().remove("launchType");
        lab.ok("ecs.create_service", request);
        lab.wait("5m");
        lab.ok("fault.spot_capacity", json!({ "available": false }));
        for _ in 0..60 {
            lab.wait("10s");
            assert!(lab.service("web")["runningCount"].as_u64() >= Some(1), "{:#?}", lab.events("web"));
        }
        assert_eq!(lab.session.world().ecs.tasks.len(), tasks_ever);
        assert_eq!(split(&mut lab), expected);
    }
}

/// Tasks are lost, and the count is lowered before the scheduler has replaced them: the split is that of the new count
/// all the same, and nothing healthy goes before what takes its place.
#[test]
fn a_loss_before_a_scale_in_does_not_tilt_the_split() {
    for (before, lost, after, expected) in [
        (3, "FARGATE_SPOT", 2, [1, 1]),
        (2, "FARGATE", 1, [1, 0]),
        (5, "FARGATE", 4, [2, 2]),
        (10, "FARGATE_SPOT", 9, [3, 6]),
        (10, "FARGATE", 3, [2, 1]),
    ] {
        let mut lab = lab();
        service(&mut lab, before, strategy((1, 1), (0, 3)));
        lab.wait("3m");
        let task = on(&mut lab, lost)[0].clone();
        lab.ok("fault.crash", json!({ "task": task }));
        update(&mut lab, json!({ "desiredCount": after }));
        for _ in 0..30 {
            lab.wait("10s");
            let running = lab.service("web")["runningCount"].as_u64();
            assert!(running >= Some(after.min(before - 1).into()), "{before} to {after}: {running:?} are left");
        }
        assert_eq!(split(&mut lab), expected, "{before} to {after} without a task on {lost}");
        assert_eq!(lab.events("web").last().unwrap(), "(service web) has reached a steady state.");
    }
}

/// "Run 1 task on regular Fargate, then 4-to-1 split between Spot and regular for the rest."
#[test]
fn run_task_splits_too() {
    let mut lab = lab();
    let network = lab.network();
    let answer = lab.ok(
        "ecs.run_task",
        json!({
            "cluster": "prod", "taskDefinition": "web", "count": 6, "networkConfiguration": network,
            "capacityProviderStrategy": strategy((1, 1), (0, 4)),
        }),
    );
    let providers: Vec<&str> =
        answer["tasks"].as_array().unwrap().iter().map(|t| t["capacityProviderName"].as_str().unwrap()).collect();
    let spot = "FARGATE_SPOT";
    assert_eq!(providers, ["FARGATE", spot, spot, "FARGATE", spot, spot], "the base, then the one furthest behind");
}

#[test]
fn the_default_strategy_speaks_where_nothing_is_said() {
    let mut lab = lab();
    lab.ok(
        "ecs.put_cluster_capacity_providers",
        json!({
            "cluster": "prod", "capacityProviders": ["FARGATE_SPOT"],
            "defaultCapacityProviderStrategy": [{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }],
        }),
    );
    let network = lab.network();
    let run = json!({ "cluster": "prod", "taskDefinition": "web", "networkConfiguration": network });
    assert_eq!(lab.ok("ecs.run_task", run.clone())["tasks"][0]["capacityProviderName"], "FARGATE_SPOT");
    let mut with_launch_type = run;
    with_launch_type["launchType"] = "FARGATE".into();
    let task = &lab.ok("ecs.run_task", with_launch_type)["tasks"][0];
    assert_eq!((&task["capacityProviderName"], &task["launchType"]), (&Value::Null, &json!("FARGATE")));
}

#[test]
fn a_strategy_has_to_make_sense() {
    let item = |provider: &str, base: u32, weight: u32| json!({ "capacityProvider": provider, "base": base, "weight": weight });
    let many: Vec<Value> = (0..21).map(|n| item(&format!("provider-{n}"), 0, 1)).collect();
    for (strategy, extra, message) in [
        (
            json!([item("FARGATE", 1, 1), item("FARGATE_SPOT", 1, 1)]),
            Value::Null,
            "Only one capacity provider in a capacity provider strategy can have a base defined.",
        ),
        (
            json!([item("FARGATE", 1, 0), item("FARGATE_SPOT", 0, 0)]),
            Value::Null,
            "A capacity provider strategy must contain at least one capacity provider with a weight greater than 0.",
        ),
        (
            json!([item("FARGATE_SPOTS", 0, 1)]),
            Value::Null,
            "The specified capacity provider was not found. Specify a valid capacity provider and try again.",
        ),
        (
            json!([item("FARGATE", 0, 1), item("FARGATE", 0, 1)]),
            Value::Null,
            "A capacity provider can be specified only once in a capacity provider strategy.",
        ),
        (json!(many), Value::Null, "A capacity provider strategy can contain a maximum of 20 capacity providers."),
        (json!([item("FARGATE", 0, 1001)]), Value::Null, "The weight or base of a capacity provider is out of range."),
        (
            json!([item("FARGATE", 0, 1)]),
            json!("FARGATE"),
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
        ),
    ] {
        let mut lab = lab();
        let network = lab.network();
        for (operation, name) in [("ecs.create_service", "serviceName"), ("ecs.run_task", "startedBy")] {
            let mut request = json!({
                "cluster": "prod", "taskDefinition": "web", "networkConfiguration": network,
                "capacityProviderStrategy": strategy,
            });
            request[name] = "web".into();
            if operation == "ecs.create_service" {
                request["desiredCount"] = 1.into();
            }
            if extra != Value::Null {
                request["launchType"] = extra.clone();
            }
            let refusal = lab.refused(operation, request);
            assert_eq!(refusal.message, message, "{operation}");
            assert!(!refusal.way_out.is_empty() && !refusal.because.is_empty(), "{operation}: {message}");
        }
    }
}

/// A cluster may have a default of zeros; only who uses it is told. [API CapacityProviderStrategyItem]
#[test]
fn a_default_strategy_of_zeros_is_refused_where_it_is_used() {
    let mut lab = lab();
    let zeros = json!([{ "capacityProvider": "FARGATE", "weight": 0 }]);
    let put = json!({
        "cluster": "prod", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": zeros,
    });
    lab.ok("ecs.put_cluster_capacity_providers", put);
    let network = lab.network();
    let request = json!({ "cluster": "prod", "taskDefinition": "web", "networkConfiguration": network });
    let refusal = lab.refused("ecs.run_task", request);
    let expected =
        "There are no capacity providers with a weight value greater than zero defined in the default capacity";
    assert!(refusal.message.starts_with(expected), "{}", refusal.message);
}

#[test]
fn spot_has_no_windows() {
    let mut lab = lab();
    let mut definition = fargate("web", "app");
    definition["runtimePlatform"] = json!({ "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" });
    definition["cpu"] = "1024".into();
    definition["memory"] = "2048".into();
    lab.ok("ecs.register_task_definition", definition);
    let network = lab.network();
    let run = |provider: &str| {
        json!({
            "cluster": "prod", "taskDefinition": "web", "networkConfiguration": network,
            "capacityProviderStrategy": [{ "capacityProvider": provider, "weight": 1 }],
        })
    };
    let refusal = lab.refused("ecs.run_task", run("FARGATE_SPOT"));
    assert_eq!(refusal.message, "FARGATE_SPOT does not support tasks with a Windows operating system.");
    lab.ok("ecs.run_task", run("FARGATE"));
}

/// A task that ends after some seconds pays for a minute, on Windows for five; another from its pull at 20 s until it is
/// STOPPED at 160 s. [ECS pricing; the five minutes are UNSOURCED]
#[test]
fn a_short_task_pays_for_a_whole_minute() {
    for (platform, lives, seconds) in
        [("LINUX", "25s", 60), ("LINUX", "2m", 160 - 20), ("WINDOWS_SERVER_2022_CORE", "2m", 300)]
    {
        let mut lab = lab();
        lab.ok("image.define", json!({ "image": "app", "profile": { "sigterm": { "ignore": true } } }));
        let mut definition = fargate("web", "app");
        definition["runtimePlatform"] = json!({ "operatingSystemFamily": platform });
        definition["cpu"] = "1024".into();
        definition["memory"] = "2048".into();
        lab.ok("ecs.register_task_definition", definition);
        let network = lab.network();
        let run = json!({
            "cluster": "prod", "taskDefinition": "web", "networkConfiguration": network, "launchType": "FARGATE",
        });
        let task = lab.ok("ecs.run_task", run)["tasks"][0]["taskArn"].clone();
        lab.wait(lives);
        lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": task }));
        lab.wait("1h");
        let [(_, on_demand), _] = bill::fargate(lab.session.world());
        assert_eq!(on_demand.seconds, seconds, "{platform} {lives}");
    }
}

#[test]
fn a_provider_has_to_be_associated_and_stays_while_it_is_used() {
    let mut lab = Lab::prod();
    let network = lab.network();
    let request = json!({
        "cluster": "prod", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
        "networkConfiguration": network, "capacityProviderStrategy": [{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }],
    });
    let refusal = lab.refused("ecs.create_service", request.clone());
    assert!(refusal.message.contains("cannot contain a capacity provider that is not associated with the cluster"));
    let put = |providers: Value| json!({ "cluster": "prod", "capacityProviders": providers, "defaultCapacityProviderStrategy": [] });
    lab.ok("ecs.put_cluster_capacity_providers", put(json!(["FARGATE_SPOT"])));
    lab.ok("ecs.create_service", request);
    let refusal = lab.refused("ecs.put_cluster_capacity_providers", put(json!(["FARGATE"])));
    assert_eq!(refusal.message, "The specified capacity provider is in use and cannot be removed.");
}

/// The warning, SIGTERM, SIGKILL when the stop timeout has run out, and another task, on Spot again.
#[test]
fn a_reclaimed_task_is_warned_stopped_and_replaced_on_spot() {
    for (sigterm, stop_timeout, gone_after, code) in [
        (json!({ "ignore": false }), 120, "11s", 0),
        (json!({ "ignore": true }), 120, "130s", 137),
        (json!({ "ignore": true }), 30, "40s", 137),
    ] {
        let mut lab = lab();
        lab.ok("image.define", json!({ "image": "app", "profile": { "sigterm": sigterm } }));
        let mut definition = fargate("web", "app");
        definition["containerDefinitions"][0]["stopTimeout"] = stop_timeout.into();
        lab.ok("ecs.register_task_definition", definition);
        service(&mut lab, 3, strategy((1, 1), (0, 3)));
        lab.wait("3m");
        let task = on(&mut lab, "FARGATE_SPOT")[0].clone();
        lab.ok("fault.spot_reclaim", json!({ "task": task }));
        let reclaimed = lab.task(&task);
        assert_eq!(reclaimed["stopCode"], "SpotInterruption");
        assert_eq!(reclaimed["stoppedReason"], "Your Spot Task was interrupted.");
        assert_eq!(reclaimed["desiredStatus"], "STOPPED");
        lab.wait("15s");
        assert_eq!(split(&mut lab), [2, 1], "the replacement is on its way, on Spot");
        let gone = longshore::model::time::Millis::parse(gone_after).unwrap().0;
        lab.session.wait(longshore::model::time::Millis(gone.saturating_sub(15_001))).unwrap();
        let early = lab.task(&task)["lastStatus"] == "STOPPED";
        assert_eq!(early, gone < 15_000, "{gone_after}");
        lab.wait("1ms");
        let task = lab.task(&task);
        assert_eq!(task["lastStatus"], "STOPPED", "{gone_after}");
        assert_eq!(task["containers"][0]["exitCode"], code);
    }
}

/// A strategy is no fall-over: what belongs on Spot waits for Spot. [DG Fargate capacity providers]
#[test]
fn tasks_wait_for_spot_and_do_not_move() {
    let mut lab = lab();
    lab.ok("fault.spot_capacity", json!({ "available": false }));
    service(&mut lab, 5, strategy((1, 1), (0, 3)));
    lab.wait("30m");
    assert_eq!(split(&mut lab), [2, 0]);
    let sorry = "Capacity is unavailable at this time. Please try again later or in a different availability zone.";
    let events = lab.events("web");
    assert!(events.iter().any(|event| event.ends_with(sorry)), "{events:#?}");
    assert_eq!(events.len(), 2, "it says so once: {events:#?}");
    let network = lab.network();
    let run = json!({
        "cluster": "prod", "taskDefinition": "web", "count": 2, "networkConfiguration": network,
        "capacityProviderStrategy": strategy((1, 0), (0, 1)),
    });
    let answer = lab.ok("ecs.run_task", run);
    assert_eq!(answer["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(answer["failures"][0]["reason"], sorry.trim_end_matches('.'));
    lab.ok("fault.spot_capacity", json!({ "available": true }));
    lab.wait("3m");
    assert_eq!(split(&mut lab), [2, 3]);
    assert_eq!(lab.events("web").last().unwrap(), "(service web) has reached a steady state.");
}

/// UpdateService with another strategy moves nothing by itself; forceNewDeployment does. [API UpdateService]
#[test]
fn another_strategy_is_for_tasks_that_start_from_now_on() {
    let mut lab = lab();
    service(&mut lab, 4, json!([{ "capacityProvider": "FARGATE", "weight": 1 }]));
    lab.wait("3m");
    update(&mut lab, json!({ "capacityProviderStrategy": [{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }] }));
    lab.wait("10m");
    assert_eq!(split(&mut lab), [4, 0]);
    assert_eq!(lab.service("web")["deployments"].as_array().unwrap().len(), 1);
    update(&mut lab, json!({ "desiredCount": 5 }));
    lab.wait("3m");
    assert_eq!(split(&mut lab), [4, 1]);
    update(&mut lab, json!({ "desiredCount": 3 }));
    lab.wait("3m");
    assert_eq!(split(&mut lab), [2, 1], "what is on no provider of the strategy goes first");
    update(&mut lab, json!({ "forceNewDeployment": true }));
    lab.wait("10m");
    assert_eq!(split(&mut lab), [0, 3]);
}

/// Another strategy, some tasks meanwhile, and the first one again: the split is that of the first one again.
#[test]
fn a_strategy_that_comes_back_is_kept_again() {
    let fargate_alone = json!([{ "capacityProvider": "FARGATE", "weight": 1 }]);
    for (meanwhile, tilted, expected) in [(4, [2, 2], [2, 2]), (5, [3, 2], [2, 3]), (8, [6, 2], [3, 5])] {
        let mut lab = lab();
        service(&mut lab, 4, strategy((1, 1), (0, 3)));
        lab.wait("3m");
        update(&mut lab, json!({ "capacityProviderStrategy": fargate_alone.clone(), "desiredCount": meanwhile }));
        lab.wait("10m");
        assert_eq!(split(&mut lab), tilted, "4 to {meanwhile} under another strategy");
        update(&mut lab, json!({ "capacityProviderStrategy": strategy((1, 1), (0, 3)) }));
        lab.wait("10m");
        assert_eq!(split(&mut lab), expected, "{meanwhile} under the first strategy again");
        assert_eq!(lab.service("web")["deployments"].as_array().unwrap().len(), 1);
    }
}

/// Rules for container instances are refused where there are none, and are said to have no effect where there are.
#[test]
fn placement_rules_are_for_instances() {
    let rules = [
        ("placementConstraints", json!([{ "type": "distinctInstance" }]), "Placement constraints"),
        ("placementStrategy", json!([{ "type": "spread", "field": "instanceId" }]), "Placement strategies"),
    ];
    for (member, rule, what) in rules {
        let mut lab = lab();
        let network = lab.network();
        let run = json!({ "cluster": "prod", "taskDefinition": "web", "networkConfiguration": network });
        let create = with(run.clone(), json!({ "serviceName": "web", "desiredCount": 1 }));
        lab.create_service("there", 1, json!({}));
        let change = json!({ "cluster": "prod", "service": "there" });
        for (name, request) in [
            ("ecs.run_task", with(run.clone(), json!({ "launchType": "FARGATE" }))),
            ("ecs.run_task", with(run, json!({ "capacityProviderStrategy": strategy((0, 1), (0, 1)) }))),
            ("ecs.create_service", with(create, json!({ "launchType": "FARGATE" }))),
            ("ecs.update_service", change),
        ] {
            let refusal = lab.refused(name, with(request, json!({ member: rule.clone() })));
            assert_eq!(refusal.message, format!("{what} are not supported with FARGATE launch type."), "{name}");
            assert_eq!(refusal.path.join("."), member, "{name}");
        }
        let definition =
            json!({ "family": "ec2", "containerDefinitions": [{ "name": "a", "image": "nginx", "memory": 9 }] });
        lab.ok("ecs.register_task_definition", definition);
        let request = json!({ "cluster": "prod", "serviceName": "on-ec2", "taskDefinition": "ec2", "desiredCount": 0,
            "launchType": "EC2", member: rule });
        let entry = longshore::api::find("ecs", "create_service").unwrap();
        let answered = lab.session.call(entry, request).unwrap();
        assert_eq!(answered.notices, [format!("not modelled: `{member}` is accepted and has no effect")]);
    }
}
