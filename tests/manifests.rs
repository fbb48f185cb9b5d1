//! Manifests as people write them: what kubectl makes of YAML, and what the API server finds fault with.

use serde_json::{Value, json};

use crate::kubernetes::{account, apply, cluster, get, pod_yaml};
use crate::lab::{Lab, with};

const QUALIFIED: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
     alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
     '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', \
     and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for \
     validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

fn lab() -> Lab {
    cluster("AL2023_x86_64_STANDARD")
}

/// A pod as a map; the members of its metadata and its only container, and of its specification, may be others.
fn pod(meta: Value, container: Value, spec: Value) -> Value {
    let containers = json!([with(json!({ "name": "app", "image": "nginx" }), container)]);
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": with(json!({ "name": "web" }), meta),
        "spec": with(json!({ "containers": containers }), spec),
    })
}

/// Pods with something wrong in them: what follows `The Pod "web" is invalid: `, one problem a line.
/// [K32 pkg/apis/core/validation; apimachinery validation]
#[test]
fn what_is_wrong_with_a_pod() {
    let mut lab = lab();
    let none = || json!({});
    let two = |ports: Value| json!([{ "name": "a", "image": "nginx", "ports": ports }, { "name": "b", "image": "nginx", "ports": ports }]);
    let token = |seconds: i64| json!({ "volumes": [{ "name": "t", "projected": { "sources": [{ "serviceAccountToken": { "path": "token", "expirationSeconds": seconds } }] } }] });
    let rows: Vec<(Value, Vec<String>)> = vec![
        (
            pod(json!({ "labels": { "app": "my app" } }), none(), none()),
            vec![format!("metadata.labels: Invalid value: \"my app\": {LABEL_VALUE}")],
        ),
        (
            pod(json!({ "labels": { "my app": "x" } }), none(), none()),
            vec![format!("metadata.labels: Invalid value: \"my app\": name part {QUALIFIED}")],
        ),
        (
            pod(json!({ "annotations": { "a/b/c": "x" } }), none(), none()),
            vec![format!(
                "metadata.annotations: Invalid value: \"a/b/c\": a qualified name {QUALIFIED} with an optional DNS \
                 subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )],
        ),
        (
            pod(json!({ "annotations": { "big": "x".repeat(262_142) } }), none(), none()),
            vec!["metadata.annotations: Too long: may not be more than 262144 bytes".into()],
        ),
        (
            pod(none(), json!({ "env": [{ "name": "" }, { "name": "A=B" }, { "name": "\u{1b}" }] }), none()),
            vec![
                "spec.containers[0].env[0].name: Required value".into(),
                "spec.containers[0].env[1].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='".into(),
                "spec.containers[0].env[2].name: Invalid value: \"\\x1b\": a valid environment variable name must consist only of printable ASCII characters other than '='".into(),
            ],
        ),
        (
            pod(none(), json!({ "volumeMounts": [{ "name": "data", "mountPath": "/a" }, { "mountPath": "/a" }] }), none()),
            vec![
                "spec.containers[0].volumeMounts[0].name: Not found: \"data\"".into(),
                "spec.containers[0].volumeMounts[1].name: Required value".into(),
                "spec.containers[0].volumeMounts[1].name: Not found: \"\"".into(),
                "spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique".into(),
            ],
        ),
        (
            pod(none(), json!({ "volumeMounts": [{ "name": "a.b", "mountPath": "/a" }] }), json!({ "volumes": [{ "name": "a.b" }] })),
            vec![
                "spec.volumes[0].name: Invalid value: \"a.b\": must not contain dots".into(),
                "spec.containers[0].volumeMounts[0].name: Not found: \"a.b\"".into(),
            ],
        ),
        (
            pod(none(), none(), json!({ "volumes": [{ "name": "a" }, { "name": "a" }, {}] })),
            vec!["spec.volumes[1].name: Duplicate value: \"a\"".into(), "spec.volumes[2].name: Required value".into()],
        ),
        (
            pod(none(), none(), json!({ "volumes": [{ "name": "a", "emptyDir": {}, "projected": { "sources": [] } }] })),
            vec!["spec.volumes[0].projected: Forbidden: may not specify more than 1 volume type".into()],
        ),
        (
            pod(none(), none(), json!({ "volumes": [{ "name": "a", "projected": { "sources": [], "defaultMode": 777 } }] })),
            vec!["spec.volumes[0].projected.defaultMode: Invalid value: 777: must be a number between 0 and 0777 (octal), both inclusive".into()],
        ),
        (
            pod(none(), none(), token(599)),
            vec!["spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes".into()],
        ),
        (
            pod(none(), none(), token((1 << 32) + 1)),
            vec!["spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds".into()],
        ),
        (
            pod(none(), json!({ "ports": [{ "containerPort": 0 }, { "containerPort": 70_000 }, { "containerPort": 80, "protocol": "tcp" }] }), none()),
            vec![
                "spec.containers[0].ports[0].containerPort: Required value".into(),
                "spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive".into(),
                "spec.containers[0].ports[2].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\", \"TCP\", \"UDP\"".into(),
            ],
        ),
        (
            pod(none(), json!({ "ports": [{ "containerPort": 80, "name": "http" }, { "containerPort": 81, "name": "http" }, { "containerPort": 82, "name": "a-very-long-name" }] }), none()),
            vec![
                "spec.containers[0].ports[1].name: Duplicate value: \"http\"".into(),
                "spec.containers[0].ports[2].name: Invalid value: \"a-very-long-name\": must be no more than 15 characters".into(),
            ],
        ),
        (
            pod(none(), none(), json!({ "hostNetwork": true, "containers": two(json!([{ "containerPort": 80 }])) })),
            vec!["spec.containers[1].ports[0].hostPort: Duplicate value: \"TCP//80\"".into()],
        ),
        (
            pod(none(), json!({ "name": "a\u{1b}[31m", "image": " nginx" }), none()),
            vec![
                "spec.containers[0].name: Invalid value: \"a\\x1b[31m\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')".into(),
                "spec.containers[0].image: Invalid value: \" nginx\": must not have leading or trailing whitespace".into(),
            ],
        ),
        (
            pod(none(), none(), json!({ "containers": [{}, {}] })),
            vec![
                "spec.containers[0].name: Required value".into(),
                "spec.containers[0].image: Required value".into(),
                "spec.containers[1].name: Required value".into(),
                "spec.containers[1].image: Required value".into(),
                "spec.containers[1].name: Duplicate value: \"\"".into(),
            ],
        ),
    ];
    for (pod, problems) in rows {
        let refusal = lab.refused("k8s.apply", json!({ "manifest": pod }));
        let list = match problems.as_slice() {
            [one] => one.clone(),
            several => several.iter().map(|problem| format!("\n* {problem}")).collect(),
        };
        assert_eq!(refusal.code, "Invalid", "{refusal:?}");
        assert_eq!(refusal.message, format!("The Pod \"web\" is invalid: {list}"));
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    // What only looks wrong: two ports of one number, odd names of variables, a volume without a source.
    let ports = json!([{ "containerPort": 80 }, { "containerPort": 80 }]);
    let env = json!([{ "name": "1 odd.name" }]);
    let mounts = json!([{ "name": "data", "mountPath": "/data" }]);
    let container = json!({ "ports": ports, "env": env, "volumeMounts": mounts });
    let good = pod(none(), container, json!({ "volumes": [{ "name": "data" }] }));
    let applied = lab.ok("k8s.apply", json!({ "manifest": good }));
    assert_eq!(applied["spec"]["volumes"][0], json!({ "name": "data", "emptyDir": {} }));
    assert_eq!(
        applied["status"],
        json!({ "phase": "Pending", "qosClass": "BestEffort" }),
        "nobody has looked at it yet"
    );
    let read = get(&mut lab, "web");
    for manifest in [good, applied, read.clone()] {
        assert_eq!(lab.ok("k8s.apply", json!({ "manifest": manifest })), read, "nothing changes");
    }
}

/// Names and notes of every kind: the kind, its name, its labels, and what is wrong.
#[test]
fn names_of_every_kind() {
    let mut lab = lab();
    let subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
         must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
         '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    let long = "n".repeat(64);
    let label = json!({ "tier": "back end" });
    for (kind, name, labels, problem) in [
        ("Pod", "My_Pod", json!({}), format!("metadata.name: Invalid value: \"My_Pod\": {subdomain}")),
        ("ServiceAccount", "My_Pod", json!({}), format!("metadata.name: Invalid value: \"My_Pod\": {subdomain}")),
        ("Namespace", "a.b", json!({}), "metadata.name: Invalid value: \"a.b\": must not contain dots".to_owned()),
        (
            "Namespace",
            &long,
            json!({}),
            format!("metadata.name: Invalid value: \"{long}\": must be no more than 63 characters"),
        ),
        (
            "ServiceAccount",
            "web",
            label.clone(),
            format!("metadata.labels: Invalid value: \"back end\": {LABEL_VALUE}"),
        ),
        ("Namespace", "shop", label, format!("metadata.labels: Invalid value: \"back end\": {LABEL_VALUE}")),
    ] {
        let mut manifest = json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name, "labels": labels } });
        if kind == "Pod" {
            manifest["spec"] = json!({ "containers": [{ "name": "app", "image": "nginx" }] });
        }
        let refusal = lab.refused("k8s.apply", json!({ "manifest": manifest }));
        assert_eq!(refusal.message, format!("The {kind} \"{name}\" is invalid: {problem}"));
    }
}

/// YAML is read as kubectl does: 1.1 where the versions differ, and through JSON.
/// [kubernetes-sigs/yaml goyaml.v2/resolve.go, yaml.go]
#[test]
fn yaml_is_what_kubectl_takes_it_for() {
    let mut lab = lab();
    for (written, path, value) in [
        ("  hostNetwork: yes\n", "/spec/hostNetwork", json!(true)),
        ("  hostNetwork: off\n", "/spec/hostNetwork", json!(false)),
        ("  terminationGracePeriodSeconds: 0644\n", "/spec/terminationGracePeriodSeconds", json!(420)),
        ("  terminationGracePeriodSeconds: 0o17\n", "/spec/terminationGracePeriodSeconds", json!(15)),
        ("  terminationGracePeriodSeconds: 0x1F\n", "/spec/terminationGracePeriodSeconds", json!(31)),
        ("  terminationGracePeriodSeconds: 10.0\n", "/spec/terminationGracePeriodSeconds", json!(10)),
        ("  terminationGracePeriodSeconds: 1e2\n", "/spec/terminationGracePeriodSeconds", json!(100)),
        ("  serviceAccountName: \"default\"\n", "/spec/serviceAccountName", json!("default")),
        (
            "  volumes:\n  - name: t\n    projected:\n      defaultMode: 0400\n      sources: []\n",
            "/spec/volumes/0/projected/defaultMode",
            json!(256),
        ),
        ("    env:\n    - name: DAY\n      value: 2026-01-05\n", "/spec/containers/0/env/0/value", json!("2026-01-05")),
    ] {
        let yaml = format!("{}{written}", pod_yaml("web", "nginx").replace("  serviceAccountName: web\n", ""));
        let pod = lab.ok("k8s.apply", json!({ "manifest": yaml }));
        assert_eq!(pod.pointer(path), Some(&value), "{written}");
        lab.ok("k8s.delete", json!({ "resource": "pod/web" }));
        lab.wait("1m");
    }
    let env = |value: &str| format!("    env:\n    - name: A\n      value: {value}\n");
    for (written, what) in [
        (env("yes"), "bool into Go struct field EnvVar.spec.containers.env.value of type string"),
        (env("0644"), "number into Go struct field EnvVar.spec.containers.env.value of type string"),
        (env("10.0"), "number into Go struct field EnvVar.spec.containers.env.value of type string"),
        (
            "    ports:\n    - containerPort: 80.5\n".to_owned(),
            "number 80.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
        ),
        (
            "    ports:\n    - containerPort: \"80\"\n".to_owned(),
            "string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
        ),
        (
            "  terminationGracePeriodSeconds: soon\n".to_owned(),
            "string into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64",
        ),
    ] {
        let yaml = format!("{}{written}", pod_yaml("web", "nginx"));
        let refusal = lab.refused("k8s.apply", json!({ "manifest": yaml }));
        assert!(refusal.message.ends_with(&format!("json: cannot unmarshal {what}")), "{}", refusal.message);
    }
}

/// The API server takes any name for an image; the node finds out. [semantics/eks.md 1.3]
#[test]
fn an_image_name_that_is_none_waits_for_ever() {
    let mut lab = lab();
    apply(&mut lab, &account(false));
    for (nth, image, problem) in [
        (0, "Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"),
        (1, "nginx\u{1b}[31m", "invalid reference format"),
        (2, "nginx:", "invalid reference format"),
    ] {
        let name = format!("web-{nth}");
        lab.ok(
            "k8s.apply",
            json!({ "manifest": with(pod(json!({ "name": name }), json!({ "image": image }), json!({})), json!({})) }),
        );
        lab.wait("10m");
        let pod = get(&mut lab, &name);
        assert_eq!(pod["status"]["phase"], "Pending", "{image:?}");
        let shown = format!("{image:?}").replace("\\u{1b}", "\\x1b");
        let message =
            format!("Failed to apply default image tag {shown}: couldn't parse image name {shown}: {problem}");
        let waiting = json!({ "waiting": { "reason": "InvalidImageName", "message": message } });
        assert_eq!(pod["status"]["containerStatuses"][0]["state"], waiting);
        let refusal = lab.refused("program.call", json!({ "program": name, "action": "sts:GetCallerIdentity" }));
        assert!(refusal.because.contains("it waits: InvalidImageName"), "{}", refusal.because);
    }
}

/// How long the webhook's token lives: the annotations of service account and pod, and the seconds.
/// [WEBHOOK pkg/annotations/parser.go, pkg/validation.go]
#[test]
fn a_token_lives_as_long_as_the_annotations_say() {
    let mut lab = lab();
    let role = "arn:aws:iam::123456789012:role/photos";
    let key = "eks.amazonaws.com/token-expiration";
    for (nth, of_account, of_pod, seconds) in [
        (0, None, None, 86_400),
        (1, Some("3600"), None, 3600),
        (2, Some("3600"), Some("7200"), 7200),
        (3, Some("60"), None, 600),
        (4, Some("-1"), None, 600),
        (5, Some("an hour"), None, 86_400),
        (6, Some("3600"), Some("an hour"), 3600),
        (7, Some("4294967296"), None, 1_i64 << 32),
    ] {
        let mut notes = json!({ "eks.amazonaws.com/role-arn": role });
        if let Some(seconds) = of_account {
            notes[key] = json!(seconds);
        }
        let account = json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "web", "annotations": notes } });
        lab.ok("k8s.apply", json!({ "manifest": account }));
        let notes = of_pod.map_or(json!({}), |seconds| json!({ key: seconds }));
        let meta = json!({ "name": format!("web-{nth}"), "annotations": notes });
        let pod =
            lab.ok("k8s.apply", json!({ "manifest": pod(meta, json!({}), json!({ "serviceAccountName": "web" })) }));
        let volume = &pod["spec"]["volumes"][0];
        assert_eq!(volume["name"], "aws-iam-token");
        let token = &volume["projected"]["sources"][0]["serviceAccountToken"];
        assert_eq!(token["expirationSeconds"], seconds, "{of_account:?} {of_pod:?}");
    }
    let meta = json!({ "name": "web-8", "annotations": { key: "4294967297" } });
    let manifest = pod(meta, json!({}), json!({ "serviceAccountName": "web" }));
    let refusal = lab.refused("k8s.apply", json!({ "manifest": manifest }));
    assert_eq!(
        refusal.message,
        "The Pod \"web-8\" is invalid: \n* spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: \
         Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds\n* \
         spec.containers[0].volumeMounts[1].name: Not found: \"aws-iam-token\""
    );
}

/// A cluster that is on its way up or down: what kubectl says, with and without its name.
#[test]
fn only_an_active_cluster_answers() {
    let mut lab = lab();
    let vpc = json!({ "subnetIds": lab.subnets() });
    let role = "arn:aws:iam::123456789012:role/cluster";
    let manifest = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } });
    let calls = |cluster: Value| {
        [
            ("k8s.apply", with(json!({ "manifest": manifest }), cluster.clone())),
            ("k8s.get", with(json!({ "resource": "ns" }), cluster.clone())),
            ("k8s.delete", with(json!({ "resource": "ns/shop" }), cluster)),
        ]
    };
    let refused = |lab: &mut Lab, cluster: Value, message: &str, because: &str| {
        for (name, request) in calls(cluster) {
            let refusal = lab.refused(name, request);
            assert_eq!(refusal.message, message, "{name}");
            assert!(refusal.because.contains(because), "{}", refusal.because);
        }
    };
    lab.ok("eks.create_cluster", json!({ "name": "dev", "roleArn": role, "resourcesVpcConfig": vpc }));
    refused(&mut lab, json!({ "cluster": "dev" }), "context \"dev\" does not exist", "Cluster status is CREATING");
    lab.wait("10m");
    lab.ok("k8s.get", json!({ "resource": "ns", "cluster": "dev" }));
    let endpoint = lab.ok("eks.describe_cluster", json!({ "name": "dev" }))["cluster"]["endpoint"].clone();
    let host = endpoint.as_str().unwrap().replace("https://", "");
    lab.ok("eks.delete_cluster", json!({ "name": "dev" }));
    let gone = format!("Unable to connect to the server: dial tcp: lookup {host}: no such host");
    refused(&mut lab, json!({ "cluster": "dev" }), &gone, "is DELETING");
    let nodes = lab.ok("k8s.get", json!({ "resource": "nodes" }));
    assert_eq!(nodes["items"].as_array().unwrap().len(), 2, "without a name, the newest that is ACTIVE: prod");
    lab.wait("10m");
    refused(&mut lab, json!({ "cluster": "dev" }), "context \"dev\" does not exist", "EKS has no cluster");
}

/// What is no YAML, in the words of kubectl's library; and what longshore alone refuses. [goyaml.v2]
#[test]
fn yaml_is_refused_in_the_words_of_kubectl() {
    let mut lab = lab();
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n";
    let no_token = "found character that cannot start any token";
    for (text, what) in [
        ("\tapiVersion: v1\n".to_owned(), format!("line 1: {no_token}")),
        (format!("{account}\tlabels: {{}}\n"), format!("line 5: {no_token}")),
        (format!("{account}  \tlabels: {{}}\n"), format!("line 5: {no_token}")),
        (format!("{account}\t\n"), format!("line 5: {no_token}")),
        (format!("{account}  annotations:\n    a: one\n\ttwo\n"), format!("line 7: {no_token}")),
        (format!("{account}  @labels: {{}}\n"), format!("line 5: {no_token}")),
        ("a: b: c".to_owned(), "line 1: mapping values are not allowed in this context".into()),
        ("a: [1".to_owned(), "line 1: did not find expected ',' or ']'".into()),
        ("a: \"x".to_owned(), "line 1: found unexpected end of stream".into()),
        ("- a\nb: c".to_owned(), "line 2: did not find expected '-' indicator".into()),
        ("a: *all\n".to_owned(), "unknown anchor 'all' referenced".into()),
        (format!("{account}  name: api\n"), "unmarshal errors:\n  line 5: mapping key \"name\" already defined at line 4".into()),
        (
            format!("{account}---\nkind: Pod\nspec: {{ a: 1, a: 2 }}\nkind: Pod\n"),
            "unmarshal errors:\n  line 7: mapping key \"a\" already defined at line 7\n  line 8: mapping key \"kind\" already \
             defined at line 6"
                .into(),
        ),
    ] {
        let refusal = lab.refused("k8s.apply", json!({ "manifest": text }));
        let words = format!("error parsing STDIN: error converting YAML to JSON: yaml: {what}");
        assert_eq!(refusal.message, words, "{text}");
    }
    // Tabs that indent nothing.
    let kept = format!("{account}  annotations:\n    a: |\n      x\n      \ty\n    b: \"x\n      \ty\"\n");
    let applied = lab.ok("k8s.apply", json!({ "manifest": kept }));
    assert_eq!(applied["metadata"]["annotations"], json!({ "a": "x\n\ty\n", "b": "x y" }));
    let flow = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {\n  \tname: flow }\n";
    lab.ok("k8s.apply", json!({ "manifest": flow }));
    let deep = format!("a: {}{}", "[".repeat(70), "]".repeat(70));
    for (text, message) in [
        (format!("{account}---\n").repeat(501), "One call applies at most 500 documents."),
        (format!("{account}---\n").repeat(1100), "One call applies at most 500 documents."),
        (deep, "This manifest is too deep for the lab."),
    ] {
        let refusal = lab.refused("k8s.apply", json!({ "manifest": text }));
        assert_eq!((&*refusal.code, &*refusal.message), ("LabLimit", message));
    }
}
