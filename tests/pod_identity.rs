//! What the program in each container of a pod is to AWS: its own session, its own variables, and the roles that it
//! may become.

use longshore::world::fact::What;
use serde_json::{Value, json};

use crate::kubernetes::{account, apply, cluster, get, host, irsa, right, role};
use crate::lab::Lab;

const AMI: &str = "AL2023_x86_64_STANDARD";
const FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
const CLOSED: &str = "ec2.amazonaws.com";

/// A lab in which the service account `web` has the role `photos`.
fn lab() -> Lab {
    let mut lab = cluster(AMI);
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    apply(&mut lab, &account(true));
    lab
}

/// A pod of the service account `web` with these containers, which runs.
fn run(lab: &mut Lab, name: &str, annotations: Value, containers: Value) {
    let meta = json!({ "name": name, "annotations": annotations });
    let spec = json!({ "serviceAccountName": "web", "containers": containers });
    lab.ok("k8s.apply", json!({ "manifest": { "apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec } }));
    lab.wait("20s");
}

fn me(pod: &str, container: &str) -> Value {
    json!({ "program": pod, "container": container, "action": "sts:GetCallerIdentity" })
}

/// Takes from a role the trust that began its sessions.
fn close(lab: &mut Lab, name: &str) {
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": CLOSED }, "Action": "sts:AssumeRole",
    }] });
    lab.ok("iam.update_assume_role_policy", json!({ "RoleName": name, "PolicyDocument": trust }));
}

/// The SDK in each container begins a session with the role that its own variables name.
#[test]
fn each_container_has_a_session_of_its_own() {
    let mut lab = lab();
    let host = host(&mut lab);
    lab.ok("iam.create_role", json!({ "RoleName": "writer", "AssumeRolePolicyDocument": right(&host) }));
    let env = json!([
        { "name": "AWS_ROLE_ARN", "value": role("writer") }, { "name": "AWS_WEB_IDENTITY_TOKEN_FILE", "value": FILE },
    ]);
    let containers = json!([{ "name": "a", "image": "nginx" }, { "name": "b", "image": "nginx", "env": env }]);
    run(&mut lab, "two", json!({}), containers);
    for (wait, container, role) in
        [("1s", "a", "photos"), ("1s", "b", "writer"), ("2h", "b", "writer"), ("1s", "a", "photos")]
    {
        lab.wait(wait);
        let caller = lab.ok("program.call", me("two", container))["caller"].as_str().unwrap().to_owned();
        assert!(caller.contains(&format!(":assumed-role/{role}/")), "container {container}: {caller}");
    }
}

/// A session lives in the memory of the SDK: a container that starts again begins another one.
#[test]
fn a_session_ends_with_its_container() {
    let mut lab = lab();
    lab.ok("image.define", json!({ "image": "flaky", "profile": { "exit": { "code": 1, "after": "20m" } } }));
    run(
        &mut lab,
        "web",
        json!({}),
        json!([{ "name": "steady", "image": "nginx" }, { "name": "flaky", "image": "flaky" }]),
    );
    for container in ["steady", "flaky"] {
        lab.ok("program.call", me("web", container));
    }
    close(&mut lab, "photos");
    lab.wait("21m");
    assert_eq!(get(&mut lab, "web")["status"]["containerStatuses"][1]["restartCount"], 1);
    lab.ok("program.call", me("web", "steady"));
    let refusal = lab.refused("program.call", me("web", "flaky"));
    assert_eq!(refusal.message, "Not authorized to perform sts:AssumeRoleWithWebIdentity");
}

/// [semantics/eks.md 6.1] The target decides: its trust policy must allow, whatever the caller's own policies say; and
/// nobody learns whether a role exists.
#[test]
fn a_program_becomes_what_trusts_it_and_nothing_else() {
    let mut lab = lab();
    run(&mut lab, "web", json!({}), json!([{ "name": "app", "image": "nginx" }]));
    let caller = lab.ok("program.call", me("web", "app"))["caller"].as_str().unwrap().to_owned();
    let (account, photos) = (json!({ "AWS": "123456789012" }), json!({ "AWS": role("photos") }));
    for (name, principal) in [
        ("of-account", account.clone()),
        ("of-role", photos),
        ("of-session", json!({ "AWS": caller })),
        ("of-ec2", json!({ "Service": CLOSED })),
        ("of-others", json!({ "AWS": "111122223333" })),
        ("with-id", account),
    ] {
        let mut statement = json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" });
        if name == "with-id" {
            statement["Condition"] = json!({ "StringEquals": { "sts:ExternalId": "42" } });
        }
        let trust = json!({ "Version": "2012-10-17", "Statement": [statement] });
        lab.ok("iam.create_role", json!({ "RoleName": name, "AssumeRolePolicyDocument": trust }));
    }
    let own = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
    }] });
    for (name, alone, with_own_policy) in [
        ("of-account", false, true),
        ("of-role", true, true),
        ("of-session", true, true),
        ("of-ec2", false, false),
        ("of-others", false, false),
        ("with-id", false, false),
        ("nobody", false, false),
    ] {
        let arn = role(name);
        for (allowed, has_own) in [(alone, false), (with_own_policy, true)] {
            if has_own {
                let policy = json!({ "RoleName": "photos", "PolicyName": "become", "PolicyDocument": own });
                lab.ok("iam.put_role_policy", policy);
            }
            for action in ["sts:AssumeRole", "sts:assumerole"] {
                let request = json!({ "program": "web", "action": action, "resource": arn });
                if allowed {
                    assert_eq!(lab.ok("program.call", request)["decision"], "allowed", "{name} {has_own}");
                    continue;
                }
                let refusal = lab.refused("program.call", request);
                assert_eq!(&*refusal.code, "AccessDenied");
                assert_eq!(
                    refusal.message,
                    format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"),
                    "{name} {has_own}"
                );
                assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
            }
        }
        lab.ok("iam.delete_role_policy", json!({ "RoleName": "photos", "PolicyName": "become" }));
    }
    let refusal = lab.refused("program.call", json!({ "program": "web", "action": "sts:AssumeRole" }));
    assert_eq!(&*refusal.code, "ValidationError");
    assert!(refusal.message.contains("Value '*' at 'roleArn' failed to satisfy constraint"), "{}", refusal.message);
}

/// What the webhook gives to a container that has set some of it itself. [WEBHOOK handler.go addEnvToContainer]
#[test]
fn the_webhook_leaves_whole_groups_to_who_sets_one_of_them() {
    let mut lab = lab();
    let (regional, default, region) = ("AWS_STS_REGIONAL_ENDPOINTS", "AWS_DEFAULT_REGION", "AWS_REGION");
    let (arn, file) = ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE");
    let rows: [(&[&str], &[&str], bool); 8] = [
        (&[], &[regional, default, region, arn, file], true),
        (&[region], &[region, regional, arn, file], true),
        (&[default], &[default, regional, arn, file], true),
        (&[arn], &[arn, regional, default, region], true),
        (&[file], &[file, regional, default, region], true),
        (&[regional], &[regional, default, region, arn, file], true),
        (&[region, arn], &[region, arn, regional], true),
        (&[region, arn, regional], &[region, arn, regional], false),
    ];
    let mut given = 0;
    for (index, (set, expected, mounted)) in rows.into_iter().enumerate() {
        let env: Vec<Value> = set.iter().map(|name| json!({ "name": name, "value": "mine" })).collect();
        let name = format!("web-{index}");
        run(&mut lab, &name, json!({}), json!([{ "name": "app", "image": "nginx", "env": env }]));
        let container = get(&mut lab, &name)["spec"]["containers"][0].clone();
        let names: Vec<&str> =
            container["env"].as_array().unwrap().iter().map(|pair| pair["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{set:?}");
        let mounts = container["volumeMounts"].as_array().unwrap();
        assert_eq!(mounts.iter().any(|mount| mount["name"] == "aws-iam-token"), mounted, "{set:?}");
        // What happened is told only where the container has the role from the service account.
        let told = lab.session.history().iter().filter(|fact| matches!(fact.what, What::PodInjected(_))).count();
        given += usize::from(!set.contains(&arn) && !set.contains(&file));
        assert_eq!(told, given, "{set:?}");
    }
}

/// Why a container of a pod with a role finds no credentials, and what helps.
#[test]
fn a_container_that_was_passed_over_is_told_so() {
    let mut lab = lab();
    let only_arn = json!([{ "name": "AWS_ROLE_ARN", "value": role("photos") }]);
    let containers = json!([
        { "name": "a", "image": "nginx" }, { "name": "b", "image": "nginx" },
        { "name": "c", "image": "nginx", "env": only_arn },
    ]);
    run(&mut lab, "web", json!({ "eks.amazonaws.com/skip-containers": "b" }), containers);
    lab.ok("program.call", me("web", "a"));
    for (container, because, way_out) in [
        ("b", "eks.amazonaws.com/skip-containers of the pod names container `b`", "take `b` out of"),
        ("c", "container `c` sets AWS_ROLE_ARN itself", "take AWS_ROLE_ARN out of `c`"),
    ] {
        let refusal = lab.refused("program.call", me("web", container));
        assert_eq!(&*refusal.message, "Unable to locate credentials");
        assert!(refusal.because.contains(because), "{}", refusal.because);
        assert!(refusal.way_out.contains(way_out), "{}", refusal.way_out);
    }
}
