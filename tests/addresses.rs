//! Subnets that run out of addresses: who fails, what is said, and what helps.

use serde_json::{Value, json};

use crate::lab::{Lab, fargate, with};

/// Addresses of a /20. [semantics/ecs.md 8]
const USABLE: usize = 4091;

/// The network configuration of the lab's subnets with these numbers.
fn network(lab: &Lab, subnets: &[usize], more: Value) -> Value {
    let all = lab.subnets();
    let subnets: Vec<&String> = subnets.iter().map(|&nth| &all[nth]).collect();
    json!({ "awsvpcConfiguration": with(json!({ "subnets": subnets }), more) })
}

/// A service that takes all but so many addresses of the first subnet.
fn crowded(lab: &mut Lab, left: usize) {
    let network = network(lab, &[0], json!({}));
    lab.create_service("crowd", (USABLE - left) as u32, json!({ "networkConfiguration": network }));
    lab.wait("12m");
    assert_eq!(lab.service("crowd")["runningCount"], USABLE - left);
}

fn free(lab: &mut Lab) -> Vec<u64> {
    let subnets = lab.ok("ec2.describe_subnets", json!({}));
    let subnets = subnets["Subnets"].as_array().unwrap();
    subnets.iter().map(|subnet| subnet["AvailableIpAddressCount"].as_u64().unwrap()).collect()
}

/// Runs so many tasks of the family `web` in these subnets; their ARNs.
fn run(lab: &mut Lab, count: u32, subnets: &[usize], more: Value) -> Vec<String> {
    let network = network(lab, subnets, more);
    let request = json!({
        "cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE", "count": count,
        "networkConfiguration": network,
    });
    let answer = lab.ok("ecs.run_task", request);
    assert_eq!(answer["failures"], json!([]));
    let tasks = answer["tasks"].as_array().unwrap();
    tasks.iter().map(|task| task["taskArn"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_task_that_gets_no_address_fails_to_start() {
    let mut lab = Lab::prod();
    crowded(&mut lab, 2);
    assert_eq!(free(&mut lab), [2, 4091, 4091]);
    let tasks = run(&mut lab, 3, &[0], json!({}));
    assert_eq!(free(&mut lab), [0, 4091, 4091]);
    let statuses = |lab: &mut Lab| tasks.iter().map(|arn| lab.task(arn)["lastStatus"].clone()).collect::<Vec<_>>();
    assert_eq!(statuses(&mut lab), ["PROVISIONING", "PROVISIONING", "PROVISIONING"]);
    assert_eq!(lab.task(&tasks[2])["attachments"][0]["status"], "PRECREATED");
    lab.wait("10s");
    assert_eq!(statuses(&mut lab), ["PENDING", "PENDING", "STOPPED"]);
    let failed = lab.task(&tasks[2]);
    let subnet = lab.subnets()[0].clone();
    let reason = format!(
        "Unexpected EC2 error while attempting to Create Network Interface in subnet '{subnet}': \
         InsufficientFreeAddressesInSubnet"
    );
    assert_eq!(failed["stopCode"], "TaskFailedToStart");
    assert_eq!(failed["stoppedReason"], reason);
    assert_eq!(failed["attachments"][0]["status"], "DELETED");
    assert_eq!(failed["attachments"][0]["details"], json!([{ "name": "subnetId", "value": subnet }]));
    let public = run(&mut lab, 1, &[0], json!({ "assignPublicIp": "ENABLED" }));
    lab.wait("10s");
    let reason = lab.task(&public[0])["stoppedReason"].as_str().unwrap().to_owned();
    assert!(
        reason.contains("Create Network Interface with public IP assignment enabled in subnet 'subnet-"),
        "{reason}"
    );
    assert_eq!(lab.session.world().violations(), Vec::<String>::new());
}

#[test]
fn an_address_is_free_again_when_its_task_is_stopped() {
    let mut lab = Lab::prod();
    crowded(&mut lab, 1);
    let first = run(&mut lab, 1, &[0], json!({}));
    lab.wait("1m");
    lab.ok("ecs.stop_task", json!({ "cluster": "prod", "task": first[0] }));
    assert_eq!(free(&mut lab)[0], 0, "until it is STOPPED");
    lab.wait("1m");
    assert_eq!(free(&mut lab)[0], 1);
    let second = run(&mut lab, 1, &[0], json!({}));
    lab.wait("1m");
    assert_eq!(lab.task(&second[0])["lastStatus"], "RUNNING");
}

#[test]
fn a_subnet_with_room_takes_what_a_full_one_cannot() {
    let mut lab = Lab::prod();
    crowded(&mut lab, 0);
    let tasks = run(&mut lab, 4, &[0, 1], json!({}));
    lab.wait("1m");
    for task in &tasks {
        assert_eq!(lab.task(task)["lastStatus"], "RUNNING");
        assert_eq!(lab.task(task)["availabilityZone"], "us-east-1b");
    }
    let network = network(&lab, &[0, 2], json!({}));
    lab.create_service("web", 3, json!({ "networkConfiguration": network }));
    lab.wait("2m");
    assert_eq!(lab.service("web")["deployments"][0]["rolloutState"], "COMPLETED");
    assert_eq!(free(&mut lab), [0, 4087, 4088]);
}

/// What fails before RUNNING is throttled. [semantics/ecs.md 4.4]
#[test]
fn a_service_without_addresses_is_throttled_and_says_so() {
    let mut lab = Lab::prod();
    crowded(&mut lab, 0);
    let alone = network(&lab, &[0], json!({}));
    lab.create_service("web", 2, json!({ "networkConfiguration": alone }));
    lab.wait("5m");
    let events = lab.events("web");
    assert!(
        events.contains(&"(service web) is unable to consistently start tasks successfully.".to_owned()),
        "{events:#?}"
    );
    let service = lab.service("web");
    assert_eq!(service["runningCount"], 0);
    let failed = service["deployments"][0]["failedTasks"].as_u64().unwrap();
    lab.wait("27m");
    let later = lab.service("web")["deployments"][0]["failedTasks"].as_u64().unwrap();
    assert!(failed < later && later < failed + 20, "{failed} tasks have failed, then {later}");
    lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "crowd", "desiredCount": 4000 }));
    lab.wait("1h");
    assert_eq!(lab.service("web")["runningCount"], 2);
}

/// The circuit breaker counts it as any other failure to start. [semantics/ecs.md 5.4]
#[test]
fn the_circuit_breaker_ends_a_deployment_without_addresses() {
    let mut lab = Lab::prod();
    crowded(&mut lab, 0);
    let alone = network(&lab, &[0], json!({}));
    let breaker = json!({ "deploymentCircuitBreaker": { "enable": true, "rollback": false } });
    lab.create_service("web", 2, json!({ "networkConfiguration": alone, "deploymentConfiguration": breaker }));
    lab.wait("5m");
    assert_eq!(lab.service("web")["deployments"][0]["rolloutState"], "FAILED");
}

/// The desired count of the largest service that a quota allows, in one subnet: whatever has an address runs.
#[test]
fn more_tasks_than_addresses() {
    let mut lab = Lab::prod();
    let group = lab.target_group("web", json!({}));
    let alone = network(&lab, &[0], json!({}));
    let balancers = json!([{ "targetGroupArn": group, "containerName": "web", "containerPort": 80 }]);
    let mut definition = fargate("web", "nginx");
    definition["containerDefinitions"][0]["portMappings"] = json!([{ "containerPort": 80 }]);
    lab.ok("ecs.register_task_definition", definition);
    lab.create_service("web", 4200, json!({ "networkConfiguration": alone, "loadBalancers": balancers }));
    lab.wait("20m");
    assert_eq!(lab.service("web")["runningCount"], USABLE);
    let health = lab.ok("elbv2.describe_target_health", json!({ "TargetGroupArn": group }));
    let targets = health["TargetHealthDescriptions"].as_array().unwrap();
    assert_eq!(targets.len(), USABLE);
    assert!(targets.iter().all(|target| target["Target"]["Id"] != "0.0.0.0"));
    assert_eq!(lab.session.world().violations(), Vec::<String>::new());
}

#[test]
fn an_instance_has_an_address_too() {
    let mut lab = Lab::prod();
    let register = |lab: &mut Lab| {
        let resources = json!([{ "name": "CPU", "integerValue": 1024 }, { "name": "MEMORY", "integerValue": 2048 }]);
        let zone = json!([{ "name": "ecs.availability-zone", "value": "us-east-1a" }]);
        let request = json!({ "cluster": "prod", "totalResources": resources, "attributes": zone });
        let made = lab.ok("ecs.register_container_instance", request);
        made["containerInstance"]["containerInstanceArn"].clone()
    };
    let instance = register(&mut lab);
    register(&mut lab);
    assert_eq!(free(&mut lab), [4089, 4091, 4091]);
    lab.ok("ecs.deregister_container_instance", json!({ "cluster": "prod", "containerInstance": instance }));
    assert_eq!(free(&mut lab), [4090, 4091, 4091]);
}

/// A task under awsvpc goes to an instance in a zone of its subnets, or to none. [DG API failure reasons]
#[test]
fn an_instance_in_another_zone_takes_no_task() {
    let mut lab = Lab::prod();
    let mut definition = fargate("pair", "nginx");
    definition["requiresCompatibilities"] = json!(["EC2"]);
    lab.ok("ecs.register_task_definition", definition);
    let resources = json!([{ "name": "CPU", "integerValue": 4096 }, { "name": "MEMORY", "integerValue": 8192 }]);
    let register = |lab: &mut Lab, zone: &str| {
        let zone = json!([{ "name": "ecs.availability-zone", "value": zone }]);
        let request = json!({ "cluster": "prod", "totalResources": resources, "attributes": zone });
        lab.ok("ecs.register_container_instance", request);
    };
    register(&mut lab, "us-east-1a");
    let second = network(&lab, &[1], json!({}));
    let run = json!({
        "cluster": "prod", "taskDefinition": "pair", "launchType": "EC2", "networkConfiguration": second,
    });
    let answer = lab.ok("ecs.run_task", run.clone());
    assert_eq!(answer["failures"][0]["reason"], "LOCATION");
    let service = json!({ "taskDefinition": "pair", "launchType": "EC2", "networkConfiguration": second });
    lab.create_service("pair", 1, service);
    lab.wait("1m");
    let said = lab.events("pair");
    assert!(said[0].ends_with("is in another Availability Zone than the subnets of your task."), "{said:#?}");
    assert!(lab.why("pair").contains("register an instance in a zone of its subnets"), "{}", lab.why("pair"));
    register(&mut lab, "us-east-1b");
    lab.wait("2m");
    assert_eq!(lab.service("pair")["runningCount"], 1);
    let task = lab.ok("ecs.run_task", run)["tasks"][0].clone();
    assert_eq!(task["availabilityZone"], "us-east-1b");
}

#[test]
fn why_names_the_subnet_and_the_way_out() {
    let mut lab = Lab::prod();
    crowded(&mut lab, 0);
    let alone = network(&lab, &[0], json!({}));
    lab.create_service("web", 2, json!({ "networkConfiguration": alone }));
    lab.wait("2m");
    let task = run(&mut lab, 1, &[0], json!({}));
    lab.wait("10s");
    let subnets = lab.subnets();
    let because = format!(
        "subnet {} (172.31.0.0/20) has 4091 addresses, and all of them are taken: each task under awsvpc holds one \
         until it is STOPPED, and so does each instance",
        subnets[0]
    );
    let both = format!(
        "networkConfiguration: #{{ awsvpcConfiguration: #{{ subnets: [\"{}\", \"{}\"] }} }}",
        subnets[0], subnets[2]
    );
    let service = lab.why("web");
    assert!(service.contains(&because), "{service}");
    let way_out = format!(
        "name a subnet that has room, too: ecs.update_service(#{{ cluster: \"prod\", service: \"web\", {both} }}); or \
         keep as many tasks as run: ecs.update_service(#{{ cluster: \"prod\", service: \"web\", desiredCount: 0 }})"
    );
    assert!(service.ends_with(&way_out), "{service}");
    let task = lab.why(&task[0]);
    assert!(task.contains(&because), "{task}");
    let way_out =
        format!("name a subnet that has room, too: {both}; or stop tasks that nobody needs: ecs.stop_task(#{{ … }})");
    assert!(task.ends_with(&way_out), "{task}");
}
