//! Tests over the table: whatever operation is added, these hold for it too.

use std::collections::BTreeSet;

use longshore::api::members::{self, Side};
use longshore::api::{self, Entry};
use longshore::script::{Interpreter, on_big_stack};
use longshore::session::Session;
use serde_json::{Value, json};

use crate::kubernetes;
use crate::lab::{Lab, fargate};

/// Services that AWS has; the others are longshore's own.
fn is_aws(entry: &Entry) -> bool {
    !matches!(entry.service, "image" | "fault" | "k8s" | "program")
}

#[test]
fn every_example_runs_in_an_empty_lab() {
    on_big_stack(|| {
        for entry in api::all() {
            let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
            if let Err(trouble) = interpreter.eval(entry.example, "example") {
                panic!("the example of {} fails: {trouble:?}", entry.action());
            }
            assert!(entry.example.contains(&entry.method()), "the example of {} shows something else", entry.action());
        }
    });
}

#[test]
fn every_row_is_complete_and_there_once() {
    let mut names = BTreeSet::new();
    for entry in api::all() {
        assert!(names.insert(entry.action()), "{} is there twice", entry.action());
        assert!(!entry.summary.is_empty() && !entry.summary.ends_with('.'), "{}: {}", entry.action(), entry.summary);
        assert!(!entry.search.is_empty(), "{} cannot be searched for", entry.action());
        assert!(!is_aws(entry) || members::has_operation(entry.service, entry.name), "AWS has no {}", entry.action());
        assert_eq!(api::find(entry.service, &entry.method()).map(Entry::action), Some(entry.action()));
    }
}

#[test]
fn every_member_of_a_request_is_aws_own_and_documented() {
    for entry in api::all() {
        let schema = (entry.schema)();
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { continue };
        for (name, property) in properties {
            let of = format!("{} of {}", name, entry.action());
            assert!(property.get("description").is_some(), "{of} has no documentation");
            let known = members::has(entry.service, entry.name, Side::Request, std::slice::from_ref(name));
            assert!(!is_aws(entry) || known, "AWS has no {of}");
        }
    }
}

#[test]
fn a_missing_or_unknown_member_is_named_with_a_way_out() {
    for entry in api::all() {
        let mut lab = Lab::new(42);
        let name = format!("{}.{}", entry.service, entry.method());
        let required = (entry.schema)().get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        if let Some(missing) = required.first().and_then(Value::as_str) {
            let refusal = lab.refused(&name, json!({}));
            assert!(refusal.message.contains(missing), "{name}: {}", refusal.message);
            assert!(refusal.way_out.contains(missing), "{name}: {}", refusal.way_out);
        }
        let refusal = lab.refused(&name, json!({ "nobodyHasThis": 1 }));
        assert!(
            refusal.message.contains("Unknown parameter in input: \"nobodyHasThis\""),
            "{name}: {}",
            refusal.message
        );
        assert!(!refusal.way_out.is_empty(), "{name}");
        let refusal = lab.refused(&name, json!([1]));
        assert!(refusal.message.contains("takes one map"), "{name}: {}", refusal.message);
    }
}

/// Whatever an unknown name is refused for is a list of names that are accepted, with an effect or with a notice, and no
/// other is.
#[test]
fn a_refused_name_is_told_every_name_that_is_accepted() {
    for entry in api::all().filter(|entry| is_aws(entry)) {
        let mut lab = Lab::new(42);
        let method = format!("{}.{}", entry.service, entry.method());
        let refusal = lab.refused(&method, json!({ "nobodyHasThis": 1 }));
        let (_, listed) = refusal.message.split_once("must be one of: ").unwrap_or_default();
        let listed: Vec<&str> = listed.split(", ").filter(|name| !name.is_empty()).collect();
        assert_eq!(listed, members::names_at(entry.service, entry.name, &[]), "{method}");
        let schema = (entry.schema)();
        let modelled = schema.get("properties").and_then(Value::as_object);
        for name in modelled.into_iter().flatten().map(|(name, _)| name.as_str()) {
            assert!(listed.contains(&name), "{method} takes {name}, and does not say so");
        }
        for name in listed {
            let answered = lab.call(&method, json!({ name: {} }));
            let unknown = format!("Unknown parameter in input: \"{name}\"");
            assert!(!answered.is_err_and(|no| no.message.contains(&unknown)), "{method} says {name}, and refuses it");
        }
    }
}

/// A lab where there is much to show. In this build every answer is held to AWS's members where it is made.
#[test]
fn answers_about_a_busy_lab_have_members_that_aws_has() {
    let mut lab = Lab::new(42);
    let network = lab.network();
    let resources = json!([
        { "name": "CPU", "type": "INTEGER", "integerValue": 1024 }, { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
    ]);
    let call = |lab: &mut Lab, name: &str, request: Value| lab.ok(name, request);
    let on_prod = |request: Value| {
        let mut request = request;
        request["cluster"] = "prod".into();
        request
    };
    call(&mut lab, "ecs.create_cluster", json!({ "clusterName": "prod", "tags": [{ "key": "team", "value": "a" }] }));
    call(&mut lab, "ecs.create_cluster", json!({ "clusterName": "empty" }));
    call(&mut lab, "ec2.describe_subnets", json!({}));
    call(&mut lab, "ec2.describe_security_groups", json!({}));
    call(&mut lab, "ecs.register_container_instance", on_prod(json!({ "totalResources": resources })));
    call(&mut lab, "ecs.register_task_definition", fargate("web", "nginx"));
    call(&mut lab, "ecs.register_task_definition", fargate("web", "nginx"));
    call(
        &mut lab,
        "ecs.register_task_definition",
        json!({
            "family": "job", "containerDefinitions": [{ "name": "job", "image": "busybox", "memory": 64 }],
        }),
    );
    call(&mut lab, "ecs.deregister_task_definition", json!({ "taskDefinition": "web:1" }));
    call(&mut lab, "ecs.describe_task_definition", json!({ "taskDefinition": "web" }));
    call(&mut lab, "ecs.list_task_definitions", json!({}));
    call(&mut lab, "ecs.list_task_definition_families", json!({}));
    call(&mut lab, "ecs.delete_task_definitions", json!({ "taskDefinitions": ["web:1"] }));
    call(
        &mut lab,
        "ecs.create_service",
        on_prod(json!({
            "serviceName": "web", "taskDefinition": "web", "desiredCount": 2, "launchType": "FARGATE",
            "networkConfiguration": network,
        })),
    );
    let job =
        call(&mut lab, "ecs.run_task", on_prod(json!({ "taskDefinition": "job", "count": 2, "startedBy": "me" })));
    call(&mut lab, "ecs.run_task", on_prod(json!({ "taskDefinition": "job", "count": 10 })));
    lab.wait("3m");
    call(&mut lab, "ecs.update_service", on_prod(json!({ "service": "web", "forceNewDeployment": true })));
    lab.wait("20s");
    let tasks = call(&mut lab, "ecs.list_tasks", on_prod(json!({ "maxResults": 1 })));
    call(
        &mut lab,
        "ecs.describe_tasks",
        on_prod(json!({ "tasks": [tasks["taskArns"][0], job["tasks"][0]["taskArn"], "nobody"] })),
    );
    call(&mut lab, "ecs.stop_task", on_prod(json!({ "task": tasks["taskArns"][0] })));
    call(&mut lab, "ecs.list_services", on_prod(json!({})));
    call(&mut lab, "ecs.describe_services", on_prod(json!({ "services": ["web", "nobody"] })));
    call(&mut lab, "ecs.describe_clusters", json!({ "clusters": ["prod", "nobody"] }));
    call(&mut lab, "ecs.list_clusters", json!({ "maxResults": 1 }));
    let instances = call(&mut lab, "ecs.list_container_instances", on_prod(json!({})));
    let instance = instances["containerInstanceArns"][0].clone();
    call(&mut lab, "ecs.describe_container_instances", on_prod(json!({ "containerInstances": [instance, "nobody"] })));
    call(
        &mut lab,
        "ecs.deregister_container_instance",
        on_prod(json!({ "containerInstance": instance, "force": true })),
    );
    call(&mut lab, "ecs.delete_service", on_prod(json!({ "service": "web", "force": true })));
    call(&mut lab, "ecs.delete_cluster", json!({ "cluster": "empty" }));
}

/// The reference manual: every operation with its members, derived from the table. A change of help is seen in review.
/// What no lab creates without end is refused in one way, whatever its service.
#[test]
fn a_lab_that_has_created_as_many_as_it_may_says_so() {
    let mut lab = kubernetes::cluster("AL2023_x86_64_STANDARD");
    lab.session.tune(|tuning| (tuning.objects_ever, tuning.iam.ever, tuning.elb.ever) = (0, 0, 0));
    let (subnets, vpc) = (lab.subnets(), lab.session.world().vpc.id.clone());
    let (nodes, allowed) = (kubernetes::role("node"), json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    let trust = json!({ "Effect": "Allow", "Principal": { "Service": "a.amazonaws.com" }, "Action": "sts:AssumeRole" });
    let document = |statement: Value| json!({ "Version": "2012-10-17", "Statement": [statement] });
    for (name, request, what) in [
        (
            "k8s.apply",
            json!({ "manifest": { "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } } }),
            "Kubernetes objects",
        ),
        (
            "eks.create_cluster",
            json!({
                "name": "dev", "roleArn": kubernetes::role("cluster"), "resourcesVpcConfig": { "subnetIds": subnets },
            }),
            "EKS clusters",
        ),
        (
            "eks.create_nodegroup",
            json!({ "clusterName": "prod", "nodegroupName": "more", "nodeRole": nodes, "subnets": subnets }),
            "nodes",
        ),
        (
            "ec2.create_launch_template",
            json!({
                "LaunchTemplateName": "two-hops",
                "LaunchTemplateData": { "MetadataOptions": { "HttpPutResponseHopLimit": 2 } },
            }),
            "launch templates",
        ),
        ("iam.create_role", json!({ "RoleName": "app", "AssumeRolePolicyDocument": document(trust) }), "roles"),
        ("iam.create_policy", json!({ "PolicyName": "all", "PolicyDocument": document(allowed) }), "policies"),
        ("iam.create_open_id_connect_provider", json!({ "Url": "https://example.com" }), "identity providers"),
        ("sts.assume_role", json!({ "RoleArn": nodes, "RoleSessionName": "me" }), "sessions of roles"),
        (
            "elbv2.create_target_group",
            json!({ "Name": "web", "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "VpcId": vpc }),
            "target groups",
        ),
    ] {
        let refusal = lab.refused(name, request);
        let said = (&*refusal.code, &*refusal.message, &*refusal.because);
        let message = format!("This lab has created as many {what} as it may.");
        let because = format!("one lab creates at most 0 {what}, those that are gone included");
        assert_eq!(said, ("LabLimit", &*message, &*because), "{name}");
    }
}

#[test]
fn the_manual_says_what_it_said() {
    use longshore::view::paint::Paint;
    use longshore::view::{Look, help};
    let look = Look { paint: Paint::Plain, width: 110, most: usize::MAX, fold: false };
    let pages: Vec<String> = api::all().map(|entry| help::operation(entry, look)).collect();
    insta::assert_snapshot!("manual", pages.join("\n\n\n"));
}
