//! What pods ask for and what nodes have: what the API server makes of `resources`, which node takes a pod, what the
//! scheduler says where none does, and who gets room that comes.

use longshore::api::stalled;
use longshore::model::subject::Subject;
use serde_json::{Value, json};

use crate::kubernetes::cluster;
use crate::lab::Lab;

fn lab() -> Lab {
    cluster("AL2023_x86_64_STANDARD")
}

fn manifest(name: &str, resources: Value) -> Value {
    let containers = json!([{ "name": "app", "image": "nginx", "resources": resources }]);
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name }, "spec": { "containers": containers } })
}

fn asking(name: &str, cpu: &str, memory: &str) -> Value {
    manifest(name, json!({ "requests": { "cpu": cpu, "memory": memory } }))
}

#[track_caller]
fn apply(lab: &mut Lab, manifest: Value) -> Value {
    lab.ok("k8s.apply", json!({ "manifest": manifest }))
}

fn get(lab: &mut Lab, name: &str) -> Value {
    lab.ok("k8s.get", json!({ "resource": "pod", "name": name }))
}

/// The number of the node that a pod is on; none while it waits.
fn node(lab: &mut Lab, name: &str) -> Option<usize> {
    let nodes = lab.ok("k8s.get", json!({ "resource": "nodes" }));
    let nodes: Vec<&Value> = nodes["items"].as_array().unwrap().iter().map(|node| &node["metadata"]["name"]).collect();
    let pod = get(lab, name);
    nodes.iter().position(|name| **name == pod["spec"]["nodeName"])
}

fn message(lab: &mut Lab, name: &str) -> String {
    get(lab, name)["status"]["conditions"][0]["message"].as_str().unwrap_or_default().to_owned()
}

fn group(lab: &mut Lab, name: &str, kind: &str, nodes: u32) {
    let role = "arn:aws:iam::123456789012:role/node";
    let request = json!({
        "clusterName": "prod", "nodegroupName": name, "nodeRole": role, "subnets": lab.subnets(),
        "instanceTypes": [kind], "scalingConfig": { "minSize": 1, "desiredSize": nodes, "maxSize": nodes },
    });
    lab.ok("eks.create_nodegroup", request);
    lab.wait("3m");
}

/// [K32 pkg/apis/core/validation ValidateContainerResourceRequirements]
#[test]
fn requests_and_limits_are_checked() {
    let mut lab = lab();
    let at = "spec.containers[0].resources";
    let both = |requests: Value, limits: Value| json!({ "requests": requests, "limits": limits });
    for (resources, problem) in [
        (
            both(json!({ "cpu": "2" }), json!({ "cpu": "1" })),
            format!("{at}.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"),
        ),
        (
            both(json!({ "memory": "1.5Gi" }), json!({ "memory": "1024Mi" })),
            format!("{at}.requests: Invalid value: \"1536Mi\": must be less than or equal to memory limit of 1Gi"),
        ),
        (
            both(json!({ "cpu": -1 }), json!({})),
            format!("{at}.requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0"),
        ),
        (
            both(json!({ "nvidia.com/gpu": 1 }), json!({})),
            format!("{at}.limits: Required value: Limit must be set for non overcommitable resources"),
        ),
        (
            both(json!({ "nvidia.com/gpu": 1 }), json!({ "nvidia.com/gpu": 2 })),
            format!("{at}.requests: Invalid value: \"1\": must be equal to nvidia.com/gpu limit of 2"),
        ),
        (
            both(json!({}), json!({ "nvidia.com/gpu": "0.5" })),
            format!(
                "\n* {at}.limits[nvidia.com/gpu]: Invalid value: \"500m\": must be an integer\n* \
                 {at}.requests[nvidia.com/gpu]: Invalid value: \"500m\": must be an integer"
            ),
        ),
        (
            both(json!({ "mem": "1Gi" }), json!({})),
            format!(
                "\n* {at}.requests[mem]: Invalid value: \"mem\": must be a standard resource type or fully qualified\n* \
                 {at}.requests[mem]: Invalid value: \"mem\": must be a standard resource for containers"
            ),
        ),
        (
            both(json!({ "pods": "1" }), json!({})),
            format!("{at}.requests[pods]: Invalid value: \"pods\": must be a standard resource for containers"),
        ),
        (
            both(json!({}), json!({ "hugepages-2Mi": "2Mi" })),
            format!("{at}: Forbidden: HugePages require cpu or memory"),
        ),
    ] {
        let refusal = lab.refused("k8s.apply", json!({ "manifest": manifest("web", resources) }));
        assert_eq!(refusal.message, format!("The Pod \"web\" is invalid: {problem}"));
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty());
    }
    let wrong = "error when creating \"STDIN\": Pod in version \"v1\" cannot be handled as a Pod: quantities must match the \
         regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    for cpu in [json!("half"), json!("1 core"), json!(true), json!([1]), json!({ "cores": 1 })] {
        let manifest = manifest("web", json!({ "requests": { "cpu": cpu } }));
        assert_eq!(lab.refused("k8s.apply", json!({ "manifest": manifest })).message, wrong, "{cpu}");
    }
    let manifest = manifest("web", json!({ "requests": "1Gi" }));
    assert_eq!(
        lab.refused("k8s.apply", json!({ "manifest": manifest })).message,
        "error when creating \"STDIN\": Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string \
         into Go struct field ResourceRequirements.spec.containers.resources.requests of type v1.ResourceList"
    );
}

/// [semantics/eks.md 1.1]
#[test]
fn a_limit_is_a_request_where_there_is_none() {
    let mut lab = lab();
    for (name, resources, shown, quality) in [
        ("none", json!({}), json!({}), "BestEffort"),
        (
            "limited",
            json!({ "limits": { "cpu": 0.5, "memory": "1024Mi" } }),
            json!({ "limits": { "cpu": "500m", "memory": "1Gi" }, "requests": { "cpu": "500m", "memory": "1Gi" } }),
            "Guaranteed",
        ),
        (
            "both",
            json!({ "limits": { "cpu": "1" }, "requests": { "cpu": "250m", "memory": "64Mi" } }),
            json!({ "limits": { "cpu": "1" }, "requests": { "cpu": "250m", "memory": "64Mi" } }),
            "Burstable",
        ),
    ] {
        let pod = apply(&mut lab, manifest(name, resources));
        assert_eq!(pod["spec"]["containers"][0]["resources"], shown, "{name}");
        assert_eq!(pod["status"]["qosClass"], quality, "{name}");
        let again = get(&mut lab, name);
        assert_eq!(apply(&mut lab, again.clone()), again, "{name}: what was read says the same");
    }
}

/// A t3.medium has 1930m and 3246Mi for pods, of which the pods of kube-system take 150m. [semantics/eks.md 5.6]
#[test]
fn a_pod_that_no_node_has_room_for_stays_pending() {
    let mut lab = lab();
    let nodes = lab.ok("k8s.get", json!({ "resource": "nodes" }));
    assert_eq!(
        nodes["items"][0]["status"]["allocatable"],
        json!({ "cpu": "1930m", "ephemeral-storage": "18242267924", "memory": "3246Mi", "pods": "17" })
    );
    assert_eq!(
        nodes["items"][0]["status"]["capacity"],
        json!({ "cpu": "2", "ephemeral-storage": "20959212Ki", "memory": "3788Mi", "pods": "17" })
    );
    let none = "preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.";
    for (name, resources, reasons) in [
        ("memory", json!({ "memory": "500Gi" }), "2 Insufficient memory"),
        ("cpu", json!({ "cpu": "1781m" }), "2 Insufficient cpu"),
        ("both", json!({ "cpu": 8, "memory": "3247Mi" }), "2 Insufficient cpu, 2 Insufficient memory"),
        ("disk", json!({ "ephemeral-storage": "18242267925" }), "2 Insufficient ephemeral-storage"),
        ("all", json!({ "memory": "10E" }), "2 Insufficient memory"),
    ] {
        apply(&mut lab, manifest(name, json!({ "requests": resources })));
        lab.wait("1s");
        assert_eq!(get(&mut lab, name)["status"]["phase"], "Pending");
        assert_eq!(message(&mut lab, name), format!("0/2 nodes are available: {reasons}. {none}"));
    }
    let gpu = json!({ "nvidia.com/gpu": 1 });
    apply(&mut lab, manifest("gpu", json!({ "limits": gpu })));
    lab.wait("1s");
    assert_eq!(message(&mut lab, "gpu"), format!("0/2 nodes are available: 2 Insufficient nvidia.com/gpu. {none}"));
    apply(&mut lab, manifest("whole", json!({ "requests": { "cpu": "1780m", "memory": "3246Mi" } })));
    lab.wait("1s");
    assert_eq!(node(&mut lab, "whole"), Some(0), "what is left of a node is enough, to the last byte");
    apply(&mut lab, asking("second", "100m", "64Mi"));
    apply(&mut lab, asking("third", "1700m", "64Mi"));
    lab.wait("1s");
    assert_eq!((node(&mut lab, "second"), node(&mut lab, "third")), (Some(1), None));
    assert!(lab.session.world().violations().is_empty());
}

/// The node with the larger share left is preferred. [semantics/eks.md 4.4]
#[test]
fn pods_go_where_most_is_left() {
    let mut lab = lab();
    group(&mut lab, "large", "m5.large", 1);
    for (name, cpu, memory, on) in [
        ("a", "500m", "512Mi", 2),
        // The m5.large has 1280m and 6391Mi left, each t3.medium 1780m and all of its 3246Mi.
        ("b", "900m", "1Gi", 0),
        ("c", "900m", "1Gi", 1),
        ("d", "10m", "2Gi", 2),
    ] {
        apply(&mut lab, asking(name, cpu, memory));
        lab.wait("1s");
        assert_eq!(node(&mut lab, name), Some(on), "{name}");
    }
}

#[test]
fn pods_that_wait_get_the_room_that_comes() {
    let mut lab = lab();
    lab.ok("image.define", json!({ "image": "nginx", "profile": { "sigterm": { "ignore": true } } }));
    for name in ["a", "b", "c", "d", "e"] {
        apply(&mut lab, asking(name, "1", "1Gi"));
    }
    lab.wait("1m");
    let nodes = |lab: &mut Lab| ["a", "b", "c", "d", "e"].map(|name| node(lab, name));
    assert_eq!(nodes(&mut lab), [Some(0), Some(1), None, None, None]);
    // A pod that is going keeps its room until it is gone.
    lab.ok("k8s.delete", json!({ "resource": "pod", "name": "a" }));
    lab.wait("29s");
    assert_eq!(node(&mut lab, "c"), None);
    lab.wait("2s");
    assert_eq!((node(&mut lab, "c"), node(&mut lab, "d")), (Some(0), None), "the oldest gets it");
    group(&mut lab, "more", "t3.medium", 1);
    assert_eq!((node(&mut lab, "d"), node(&mut lab, "e")), (Some(2), None), "one more node, one more pod");
    assert!(lab.session.world().violations().is_empty());
    // The nodes of a group that goes take nothing more.
    lab.ok("eks.delete_nodegroup", json!({ "clusterName": "prod", "nodegroupName": "more" }));
    apply(&mut lab, asking("f", "1", "1Gi"));
    lab.wait("1s");
    assert_eq!(
        message(&mut lab, "f"),
        "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 \
         Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod."
    );
}

#[test]
fn a_pod_that_is_over_keeps_no_room() {
    let mut lab = lab();
    lab.ok("image.define", json!({ "image": "job", "profile": { "exit": { "code": 0, "after": "1m" } } }));
    for name in ["a", "b", "c"] {
        let mut job = asking(name, "1", "1Gi");
        job["spec"]["containers"][0]["image"] = json!("job");
        job["spec"]["restartPolicy"] = json!("Never");
        apply(&mut lab, job);
    }
    lab.wait("30s");
    assert_eq!(node(&mut lab, "c"), None);
    lab.wait("40s");
    assert_eq!(get(&mut lab, "a")["status"]["phase"], "Succeeded");
    assert_eq!(node(&mut lab, "c"), Some(0));
    lab.ok("k8s.delete", json!({ "resource": "pod", "name": "a" }));
    assert!(lab.session.world().violations().is_empty(), "what was given back is not given back again");
}

/// Why a pod waits, and what would help.
#[test]
fn why_a_pod_finds_no_room() {
    let mut lab = lab();
    let stall = |lab: &mut Lab, name: &str| {
        let uid = get(lab, name)["metadata"]["uid"].as_str().unwrap().to_owned();
        let pod = lab.session.world().find_pod(&uid).unwrap();
        stalled::of(lab.session.world(), Subject::Pod(pod)).unwrap()
    };
    apply(&mut lab, asking("huge", "100m", "500Gi"));
    apply(&mut lab, asking("big", "100m", "12Gi"));
    for name in ["a", "b", "c"] {
        apply(&mut lab, asking(name, "1", "1Gi"));
    }
    lab.wait("1m");
    let huge = stall(&mut lab, "huge");
    assert_eq!(
        huge.because,
        [
            "the scheduler says: 0/2 nodes are available: 2 Insufficient memory. preemption: 0/2 nodes are available: 2 No \
             preemption victims found for incoming pod.",
            "it asks for 500Gi of memory; the node with the most left has 2222Mi of 3246Mi",
        ]
    );
    assert!(huge.way_out.ends_with("no instance type that longshore knows has as much"), "{}", huge.way_out);
    let big = stall(&mut lab, "big").way_out;
    assert!(
        big.contains("smaller resources.requests; or add nodes that are large enough: eks.create_nodegroup"),
        "{big}"
    );
    assert!(big.contains("instanceTypes: [\"r5.large\"]"), "{big}");
    let full = stall(&mut lab, "c");
    assert_eq!(full.because[1], "it asks for 1 of cpu; the node with the most left has 780m of 1930m");
    assert!(full.way_out.starts_with("delete pods that nobody needs, or add nodes: "), "{}", full.way_out);
}
