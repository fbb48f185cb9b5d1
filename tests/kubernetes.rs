//! EKS, Kubernetes and the identity of pods, through the table of operations: life, refusals, webhook, credentials.

use longshore::api::refusal::Refusal;
use longshore::kubernetes::token;
use longshore::model::id::PodId;
use longshore::model::token as jwt;
use longshore::session::why::Step;
use longshore::session::why_denied::{self, Denied};
use serde_json::{Value, json};

use crate::lab::Lab;

const ARN: &str = "arn:aws:s3:::photos/cat.jpg";
const SILENT: &str = "Not authorized to perform sts:AssumeRoleWithWebIdentity";

pub(crate) fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

fn trusting(service: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole",
    }] })
}

fn reading() -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*",
    }] })
}

/// A lab with the ACTIVE cluster `prod` and one node group with this kind of nodes.
pub(crate) fn cluster(ami: &str) -> Lab {
    let mut lab = Lab::new(42);
    for (name, service) in [("cluster", "eks.amazonaws.com"), ("node", "ec2.amazonaws.com")] {
        lab.ok("iam.create_role", json!({ "RoleName": name, "AssumeRolePolicyDocument": trusting(service) }));
    }
    let subnets = lab.subnets();
    let vpc = json!({ "subnetIds": subnets });
    lab.ok("eks.create_cluster", json!({ "name": "prod", "roleArn": role("cluster"), "resourcesVpcConfig": vpc }));
    lab.wait("10m");
    lab.ok(
        "eks.create_nodegroup",
        json!({
            "clusterName": "prod", "nodegroupName": "main", "nodeRole": role("node"), "subnets": subnets, "amiType": ami,
        }),
    );
    lab.wait("3m");
    lab
}

pub(crate) fn issuer(lab: &mut Lab) -> String {
    let described = lab.ok("eks.describe_cluster", json!({ "name": "prod" }));
    described["cluster"]["identity"]["oidc"]["issuer"].as_str().unwrap().to_owned()
}

pub(crate) fn host(lab: &mut Lab) -> String {
    issuer(lab).strip_prefix("https://").unwrap().to_owned()
}

/// The trust policy of the EKS User Guide for the service account `default:web`. [semantics/eks.md 6.2]
pub(crate) fn right(host: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": { "Federated": format!("arn:aws:iam::123456789012:oidc-provider/{host}") },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": { "StringEquals": {
            format!("{host}:aud"): "sts.amazonaws.com", format!("{host}:sub"): "system:serviceaccount:default:web",
        } },
    }] })
}

/// Provider, role `photos` with this trust policy, and permission to read photos.
pub(crate) fn irsa(lab: &mut Lab, trust: &Value) {
    let url = issuer(lab);
    lab.ok("iam.create_open_id_connect_provider", json!({ "Url": url, "ClientIDList": ["sts.amazonaws.com"] }));
    lab.ok("iam.create_role", json!({ "RoleName": "photos", "AssumeRolePolicyDocument": trust }));
    let policy = json!({ "RoleName": "photos", "PolicyName": "read", "PolicyDocument": reading() });
    lab.ok("iam.put_role_policy", policy);
}

pub(crate) fn account(annotated: bool) -> String {
    let annotations = match annotated {
        true => format!("  annotations:\n    eks.amazonaws.com/role-arn: {}\n", role("photos")),
        false => String::new(),
    };
    format!("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n{annotations}")
}

pub(crate) fn pod_yaml(name: &str, image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  serviceAccountName: web\n  containers:\n  - name: \
         app\n    image: {image}\n"
    )
}

pub(crate) fn apply(lab: &mut Lab, yaml: &str) -> Value {
    lab.ok("k8s.apply", json!({ "manifest": yaml }))
}

pub(crate) fn get(lab: &mut Lab, name: &str) -> Value {
    lab.ok("k8s.get", json!({ "resource": "pod", "name": name }))
}

fn call(lab: &mut Lab, name: &str, action: &str) -> Result<Value, Refusal> {
    lab.call("program.call", json!({ "program": name, "action": action, "resource": ARN }))
}

#[track_caller]
fn denied(lab: &mut Lab, name: &str, action: &str) -> Refusal {
    let refusal = lab.refused("program.call", json!({ "program": name, "action": action, "resource": ARN }));
    assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    refusal
}

#[test]
fn a_pod_with_a_role_reads_what_the_role_may_read() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    let applied = apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "my-app:v1")));
    assert_eq!(applied["kind"], "List");
    assert_eq!(applied["items"][1]["status"]["phase"], "Pending");
    lab.wait("10s");
    let pod = get(&mut lab, "web");
    assert_eq!(pod["status"]["phase"], "Running");
    let container = &pod["spec"]["containers"][0];
    assert_eq!(
        container["env"],
        json!([
            { "name": "AWS_STS_REGIONAL_ENDPOINTS", "value": "regional" },
            { "name": "AWS_DEFAULT_REGION", "value": "us-east-1" },
            { "name": "AWS_REGION", "value": "us-east-1" },
            { "name": "AWS_ROLE_ARN", "value": role("photos") },
            { "name": "AWS_WEB_IDENTITY_TOKEN_FILE", "value": "/var/run/secrets/eks.amazonaws.com/serviceaccount/token" },
        ])
    );
    let token = &pod["spec"]["volumes"][0];
    assert_eq!(token["name"], "aws-iam-token");
    let projection = json!({ "audience": "sts.amazonaws.com", "expirationSeconds": 86_400, "path": "token" });
    assert_eq!(token["projected"]["sources"], json!([{ "serviceAccountToken": projection }]));

    let answer = call(&mut lab, "web", "s3:GetObject").unwrap();
    assert_eq!(answer["decision"], "allowed");
    assert_eq!(answer["credentials"], "web identity token");
    let caller = "arn:aws:sts::123456789012:assumed-role/photos/botocore-session-1767604390";
    assert_eq!(answer["caller"], caller);
    let described = lab.ok("program.call", json!({ "program": pod, "action": "sts:GetCallerIdentity" }));
    assert_eq!(described["caller"], caller, "the description means the same pod, and the session is kept");
    let refusal = denied(&mut lab, "web", "s3:PutObject");
    assert_eq!(
        refusal.message,
        format!(
            "User: {caller} is not authorized to perform: s3:PutObject on resource: \"{ARN}\" because no identity-based \
             policy allows the s3:PutObject action"
        )
    );
    assert_eq!(refusal.operation(), Some("PutObject"));
}

/// [semantics/eks.md 6.2: claims; renewal at 80 % of the life]
#[test]
fn the_token_says_who_the_pod_is() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "my-app:v1")));
    lab.wait("10s");
    let pod = get(&mut lab, "web");
    let (id, file) = (only_pod(&lab), "/var/run/secrets/eks.amazonaws.com/serviceaccount/token");
    let claims = token::in_file(lab.session.world(), id, 0, file).unwrap();
    assert_eq!(claims.iss, issuer(&mut lab));
    assert_eq!(claims.sub, "system:serviceaccount:default:web");
    assert_eq!(claims.aud, ["sts.amazonaws.com"]);
    assert_eq!((claims.iat, claims.nbf, claims.exp), (1_767_604_380, 1_767_604_380, 1_767_604_380 + 86_400));
    let bound = &claims.other["kubernetes.io"];
    assert_eq!(bound["namespace"], "default");
    assert_eq!(bound["pod"], json!({ "name": "web", "uid": pod["metadata"]["uid"] }));
    assert_eq!(bound["node"]["name"], pod["spec"]["nodeName"]);
    let api = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    let api = token::in_file(lab.session.world(), id, 0, api).unwrap();
    assert_eq!(api.aud, ["https://kubernetes.default.svc"]);
    assert_eq!(token::in_file(lab.session.world(), id, 0, "/etc/passwd"), None);
    for (wait, renewals) in [("19h", 0), ("12m", 1), ("19h 12m", 2)] {
        lab.wait(wait);
        let later = token::in_file(lab.session.world(), id, 0, file).unwrap();
        assert_eq!(later.iat, claims.iat + renewals * 69_120, "after {wait} more");
    }
}

fn only_pod(lab: &Lab) -> PodId {
    lab.session.world().kubernetes.pods.iter().next().unwrap().0
}

/// The plain token of a service account is for the Kubernetes API, not for STS. [semantics/eks.md 6.3]
#[test]
fn the_wrong_token_is_found_out() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    apply(&mut lab, &account(false));
    let env = |name: &str, value: &str| -> String { format!("    - name: {name}\n      value: {value}\n") };
    let api = env("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/kubernetes.io/serviceaccount/token");
    let missing = env("AWS_WEB_IDENTITY_TOKEN_FILE", "/tmp/token");
    let arn = env("AWS_ROLE_ARN", &role("photos"));
    let keys = format!("{}{}", env("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"), env("AWS_SECRET_ACCESS_KEY", "x"));
    for (name, env, code, message) in [
        ("api", format!("{api}{arn}"), "InvalidIdentityToken", "Incorrect token audience"),
        ("no-role", api, "InvalidConfigError", "The provided profile or the current environment is configured"),
        (
            "no-file",
            format!("{missing}{arn}"),
            "FileNotFoundError",
            "[Errno 2] No such file or directory: '/tmp/token'",
        ),
        ("keys", keys, "InvalidClientTokenId", "The security token included in the request is invalid."),
    ] {
        apply(&mut lab, &format!("{}    env:\n{env}", pod_yaml(name, "my-app:v1")));
        lab.wait("10s");
        let refusal = denied(&mut lab, name, "s3:GetObject");
        assert_eq!(refusal.code, code, "{name}");
        assert!(refusal.message.starts_with(message), "{name}: {}", refusal.message);
    }
}

/// A pod's name, its environment, and code, message and a part of the reason of what comes of it.
type Keys<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);

/// Keys in the environment come first, and count only as a whole: a temporary key with its own secret and token, until
/// they end.
#[test]
fn keys_in_the_environment_count_as_a_whole() {
    let mut lab = cluster("AL2_x86_64");
    apply(&mut lab, &account(false));
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" }, "Action": "sts:AssumeRole",
    }] });
    lab.ok("iam.create_role", json!({ "RoleName": "photos", "AssumeRolePolicyDocument": trust }));
    let policy = json!({ "RoleName": "photos", "PolicyName": "read", "PolicyDocument": reading() });
    lab.ok("iam.put_role_policy", policy);
    let assumed = lab.ok("sts.assume_role", json!({ "RoleArn": role("photos"), "RoleSessionName": "me" }));
    let part = |name: &str| assumed["Credentials"][name].as_str().unwrap().to_owned();
    let (key, secret, token) = (part("AccessKeyId"), part("SecretAccessKey"), part("SessionToken"));
    let env = |list: &[(&str, &str)]| -> String {
        list.iter().map(|(name, value)| format!("    - name: {name}\n      value: {value:?}\n")).collect()
    };
    let (id, hidden, session) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
    let invalid = "The security token included in the request is invalid.";
    let rows: [Keys; 6] = [
        (
            "no-token",
            &[(id, &key), (hidden, &secret)],
            "InvalidClientTokenId",
            invalid,
            "AWS_SESSION_TOKEN is not there",
        ),
        (
            "empty-token",
            &[(id, &key), (hidden, &secret), (session, "")],
            "InvalidClientTokenId",
            invalid,
            "is not there",
        ),
        (
            "other-token",
            &[(id, &key), (hidden, &secret), (session, "x")],
            "InvalidClientTokenId",
            invalid,
            "is not the token of",
        ),
        (
            "older-name",
            &[(id, &key), (hidden, &secret), (session, &token), ("AWS_SECURITY_TOKEN", "x")],
            "InvalidClientTokenId",
            invalid,
            "is not the token of",
        ),
        (
            "other-secret",
            &[(id, &key), (hidden, "x"), (session, &token)],
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
             Key and signing method. Consult the service documentation for details.",
            "is not the secret of",
        ),
        (
            "no-secret",
            &[(id, &key), (session, &token)],
            "PartialCredentialsError",
            "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
            "its secret does not",
        ),
    ];
    apply(
        &mut lab,
        &format!(
            "{}    env:\n{}",
            pod_yaml("whole", "nginx"),
            env(&[(id, &key), (hidden, &secret), (session, &token)])
        ),
    );
    for (name, list, ..) in rows {
        apply(&mut lab, &format!("{}    env:\n{}", pod_yaml(name, "nginx"), env(list)));
    }
    lab.wait("10s");
    assert_eq!(call(&mut lab, "whole", "s3:GetObject").unwrap()["credentials"], "environment");
    for (name, _, code, message, because) in rows {
        let refusal = denied(&mut lab, name, "s3:GetObject");
        assert_eq!((&*refusal.code, &*refusal.message), (code, message), "{name}");
        assert!(refusal.because.contains(because), "{name}: {}", refusal.because);
    }
    lab.wait("1h");
    for name in ["whole", "other-secret"] {
        assert_eq!(denied(&mut lab, name, "s3:GetObject").code, "ExpiredToken", "{name}");
    }
}

/// A role that was deleted: nothing is traced that is not there, and what helps is to create it again.
#[test]
fn a_deleted_role_is_created_again() {
    let mut lab = cluster("AL2_x86_64");
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "nginx")));
    apply(&mut lab, &pod_yaml("plain", "nginx").replace("serviceAccountName: web", "serviceAccountName: default"));
    lab.wait("10s");
    call(&mut lab, "web", "s3:GetObject").unwrap();
    lab.ok("iam.delete_role_policy", json!({ "RoleName": "photos", "PolicyName": "read" }));
    for name in ["photos", "node"] {
        lab.ok("iam.delete_role", json!({ "RoleName": name }));
    }
    let refusal = denied(&mut lab, "web", "s3:GetObject");
    assert!(refusal.because.starts_with("the role `photos` has been deleted"), "{}", refusal.because);
    let created = "create it again with its trust and its policies (iam.create_role(#{ RoleName: \"photos\", \
                   AssumeRolePolicyDocument: #{ … } })), and delete the pod";
    assert!(refusal.way_out.starts_with(created), "{}", refusal.way_out);
    lab.wait("7h");
    let refusal = denied(&mut lab, "plain", "sts:GetCallerIdentity");
    assert_eq!(refusal.because, "the node's role `node` has been deleted");
    assert_eq!(refusal.trace(), None, "no trust policy was looked at");
    assert!(
        refusal.way_out.starts_with("create it again: iam.create_role(#{ RoleName: \"node\""),
        "{}",
        refusal.way_out
    );
    lab.ok("iam.create_role", json!({ "RoleName": "node", "AssumeRolePolicyDocument": trusting("ec2.amazonaws.com") }));
    lab.ok("program.call", json!({ "program": "plain", "action": "sts:GetCallerIdentity" }));
}

/// The webhook acts at creation and never again; without it a pod falls back to its node. [semantics/eks.md 6.2, 6.5]
#[test]
fn the_webhook_acts_at_creation_only() {
    let mut lab = cluster("AL2_x86_64");
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    apply(&mut lab, &account(false));
    apply(&mut lab, &pod_yaml("early", "my-app:v1"));
    apply(&mut lab, &account(true));
    apply(&mut lab, &pod_yaml("late", "my-app:v1"));
    lab.wait("10s");
    let who = |lab: &mut Lab, name: &str| {
        let answer = lab.ok("program.call", json!({ "program": name, "action": "sts:GetCallerIdentity" }));
        answer["caller"].as_str().unwrap().rsplit_once('/').unwrap().0.to_owned()
    };
    let session = |role: &str| format!("arn:aws:sts::123456789012:assumed-role/{role}");
    assert!(get(&mut lab, "early")["spec"]["containers"][0].get("env").is_none());
    assert_eq!(who(&mut lab, "early"), session("node"), "an annotation that comes later does nothing");
    assert_eq!(who(&mut lab, "late"), session("photos"));
    let before = get(&mut lab, "late")["spec"].clone();
    apply(&mut lab, &account(true).replace("role/photos", "role/other"));
    assert_eq!(get(&mut lab, "late")["spec"], before, "what runs keeps what it was given");
    lab.ok("k8s.delete", json!({ "resource": "pod/early" }));
    lab.wait("10s");
    apply(&mut lab, &account(true));
    apply(&mut lab, &pod_yaml("early", "my-app:v1"));
    lab.wait("10s");
    assert_eq!(who(&mut lab, "early"), session("photos"), "a new pod is a new creation");
}

/// One hop ends on the node; a pod on the node's own network needs no second one. [semantics/eks.md 6.5]
#[test]
fn the_hop_limit_decides_whether_a_pod_gets_the_role_of_its_node() {
    for (ami, reaches) in [("AL2023_x86_64_STANDARD", false), ("AL2_x86_64", true)] {
        let mut lab = cluster(ami);
        apply(&mut lab, &account(false));
        apply(&mut lab, &pod_yaml("web", "my-app:v1"));
        apply(&mut lab, &pod_yaml("host", "my-app:v1").replace("spec:", "spec:\n  hostNetwork: true"));
        lab.wait("10s");
        let me = |name: &str| json!({ "program": name, "action": "sts:GetCallerIdentity" });
        assert_eq!(lab.ok("program.call", me("host"))["credentials"], "instance metadata");
        if reaches {
            assert_eq!(lab.ok("program.call", me("web"))["credentials"], "instance metadata");
            let refusal = denied(&mut lab, "web", "s3:GetObject");
            assert!(refusal.message.contains(":assumed-role/node/i-0"), "{}", refusal.message);
        } else {
            let refusal = lab.refused("program.call", me("web"));
            assert_eq!((&*refusal.code, &*refusal.message), ("NoCredentialsError", "Unable to locate credentials"));
            assert!(refusal.because.contains("ends after 1 hop"), "{}", refusal.because);
        }
    }
}

/// A node keeps the credentials that EC2 has got for it until they end, whatever becomes of its role's trust.
#[test]
fn a_node_keeps_the_credentials_that_it_was_issued() {
    let mut lab = cluster("AL2_x86_64");
    apply(&mut lab, &account(false));
    apply(&mut lab, &pod_yaml("web", "my-app:v1"));
    lab.wait("10s");
    let closed = trusting("lambda.amazonaws.com");
    lab.ok("iam.update_assume_role_policy", json!({ "RoleName": "node", "PolicyDocument": closed }));
    let me = json!({ "program": "web", "action": "sts:GetCallerIdentity" });
    for (wait, allowed) in [("1m", true), ("5h 50m", true), ("10m", false)] {
        lab.wait(wait);
        assert_eq!(lab.call("program.call", me.clone()).is_ok(), allowed, "after {wait} more");
    }
    let refusal = lab.refused("program.call", me);
    assert_eq!((&*refusal.code, &*refusal.message), ("NoCredentialsError", "Unable to locate credentials"));
}

/// The SDK keeps its session, and so does not notice a changed trust policy until it has to renew.
#[test]
fn a_session_outlives_the_trust_that_began_it() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "my-app:v1")));
    lab.wait("10s");
    call(&mut lab, "web", "s3:GetObject").unwrap();
    let closed = trusting("ec2.amazonaws.com");
    lab.ok("iam.update_assume_role_policy", json!({ "RoleName": "photos", "PolicyDocument": closed }));
    for (wait, allowed) in [("44m", true), ("5m", true), ("2m", false)] {
        lab.wait(wait);
        assert_eq!(call(&mut lab, "web", "s3:GetObject").is_ok(), allowed, "after {wait} more");
    }
    assert_eq!(denied(&mut lab, "web", "s3:GetObject").message, SILENT);
}

/// What is compared, what there is, what is expected, and the first character that differs.
type Compared = (String, String, String, usize);

/// Eight trust policies with one thing wrong in each: one and the same silent no from AWS, and what `why` says.
#[test]
fn eight_trust_policies_with_one_thing_wrong_in_each() {
    let mut probe = cluster("AL2023_x86_64_STANDARD");
    let host = host(&mut probe);
    let (aud, sub) = (format!("{host}:aud"), format!("{host}:sub"));
    let condition = |operator: &str, aud_key: &str, aud: &str, sub_key: &str, sub: &str| json!({ operator: { aud_key: aud, sub_key: sub } });
    let (sts, web) = ("sts.amazonaws.com", "system:serviceaccount:default:web");
    let equals = "StringEquals";
    let other = format!("arn:aws:iam::123456789012:oidc-provider/{}0", &host[..host.len() - 1]);
    let compared = |what: String, actual: &str, expected: &str, at: usize| {
        Some((what, actual.to_owned(), expected.to_owned(), at))
    };
    let rows: [(&str, &str, Value, Option<Compared>); 8] = [
        (
            "aud of another audience",
            "Condition",
            condition(equals, &aud, "sts.amazon.com", &sub, web),
            compared(format!("NO   StringEquals {aud}"), sts, "sts.amazon.com", 10),
        ),
        (
            "sub of another namespace",
            "Condition",
            condition(equals, &aud, sts, &sub, "system:serviceaccount:prod:web"),
            compared(format!("NO   StringEquals {sub}"), web, "system:serviceaccount:prod:web", 22),
        ),
        ("https:// in the key", "Condition", condition(equals, &aud, sts, &format!("https://{sub}"), web), None),
        (
            "the ARN in the key",
            "Condition",
            condition(equals, &aud, sts, &format!("arn:aws:iam::123456789012:oidc-provider/{sub}"), web),
            None,
        ),
        (
            "a wildcard under StringEquals",
            "Condition",
            condition(equals, &aud, sts, &sub, "system:serviceaccount:default:*"),
            compared(
                format!("NO   StringEquals {sub} (under StringEquals, * and ? are plain characters)"),
                web,
                "system:serviceaccount:default:*",
                30,
            ),
        ),
        (
            "the provider of another cluster",
            "Principal",
            json!({ "Federated": other }),
            compared(
                "NO   Principal".to_owned(),
                &format!("arn:aws:iam::123456789012:oidc-provider/{host}"),
                &other,
                40 + host.len() - 1,
            ),
        ),
        (
            "sts:AssumeRole",
            "Action",
            json!("sts:AssumeRole"),
            compared("NO   Action".to_owned(), "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", 14),
        ),
        (
            "a service",
            "Principal",
            json!({ "Service": "pods.eks.amazonaws.com" }),
            compared(
                "NO   Principal".to_owned(),
                &format!("arn:aws:iam::123456789012:oidc-provider/{host}"),
                "pods.eks.amazonaws.com",
                0,
            ),
        ),
    ];
    for (name, member, value, expected) in rows {
        let mut lab = cluster("AL2023_x86_64_STANDARD");
        let mut trust = right(&host);
        trust["Statement"][0][member] = value;
        irsa(&mut lab, &trust);
        apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "my-app:v1")));
        lab.wait("10s");
        let refusal = denied(&mut lab, "web", "s3:GetObject");
        assert_eq!((&*refusal.code, &*refusal.message), ("AccessDenied", SILENT), "{name}");
        assert_eq!(refusal.operation(), Some("AssumeRoleWithWebIdentity"));
        let told: Denied = serde_json::from_value(serde_json::to_value(&refusal).unwrap()).unwrap();
        let explained = why_denied::explain(&told);
        let steps: Vec<&Step> = explained.chains.iter().flat_map(|chain| &chain.steps).collect();
        let found = steps.iter().find_map(|step| match step {
            Step::Compared { what, actual, expected, differs_at: Some(at), .. } => {
                Some((what.clone(), actual.clone(), expected.clone(), *at))
            }
            _ => None,
        });
        assert_eq!(found, expected, "{name}");
        if expected_key_is_wrong(name) {
            let said = |step: &&&Step| matches!(step, Step::Said(text) if text.starts_with("NO   StringEquals") && text.contains("the request has no such key"));
            assert!(steps.iter().any(|step| said(&step)), "{name}: {steps:?}");
        }
        lab.ok("iam.update_assume_role_policy", json!({ "RoleName": "photos", "PolicyDocument": right(&host) }));
        call(&mut lab, "web", "s3:GetObject").unwrap();
    }
}

fn expected_key_is_wrong(name: &str) -> bool {
    name.ends_with("in the key")
}

/// What is missing outside the trust policy: each row mends what the row before was refused for.
#[test]
fn a_broken_role_does_not_fall_back_to_the_node() {
    let mut lab = cluster("AL2_x86_64");
    let url = issuer(&mut lab);
    apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "my-app:v1")));
    lab.wait("10s");
    let refusal = denied(&mut lab, "web", "s3:GetObject");
    assert_eq!(refusal.message, format!("No OpenIDConnect provider found in your account for {url}"));
    lab.ok("iam.create_open_id_connect_provider", json!({ "Url": url, "ClientIDList": ["kubernetes"] }));
    assert_eq!(denied(&mut lab, "web", "s3:GetObject").message, "Incorrect token audience");
    let arn = format!("arn:aws:iam::123456789012:oidc-provider/{}", &url[8..]);
    let audience = json!({ "OpenIDConnectProviderArn": arn, "ClientID": "sts.amazonaws.com" });
    for _ in 0..2 {
        lab.ok("iam.add_client_id_to_open_id_connect_provider", audience.clone());
        let provider = lab.ok("iam.get_open_id_connect_provider", json!({ "OpenIDConnectProviderArn": arn }));
        assert_eq!(provider["ClientIDList"], json!(["kubernetes", "sts.amazonaws.com"]), "twice is once");
    }
    let refusal = denied(&mut lab, "web", "s3:GetObject");
    assert_eq!(refusal.message, SILENT);
    assert!(refusal.because.contains("there is no role"), "{}", refusal.because);
    let host = host(&mut lab);
    lab.ok("iam.create_role", json!({ "RoleName": "photos", "AssumeRolePolicyDocument": right(&host) }));
    assert!(denied(&mut lab, "web", "s3:GetObject").message.contains("because no identity-based policy allows"));
}

/// Somebody can take the token and call STS themselves: it is the same token.
#[test]
fn the_token_works_outside_the_pod_too() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "my-app:v1")));
    lab.wait("10s");
    let file = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
    let claims = token::in_file(lab.session.world(), only_pod(&lab), 0, file).unwrap();
    let token = jwt::issue(&claims, lab.session.world().signing_key(&claims.iss));
    let request = json!({ "RoleArn": role("photos"), "RoleSessionName": "me", "WebIdentityToken": token });
    lab.ok("sts.assume_role_with_web_identity", request);
}

/// Manifests that are refused: the code, how the sentence begins, and something of the way out.
#[test]
fn what_kubernetes_refuses() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let pod = |rest: &str| format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n{rest}");
    let container = "spec:\n  containers:\n  - name: app\n    image: nginx\n";
    let cannot = "error when creating \"STDIN\": Pod in version \"v1\" cannot be handled as a Pod: ";
    let rows: Vec<(String, &str, String)> = vec![
        ("a: b: c".into(), "error", "error parsing STDIN: error converting YAML to JSON: yaml: ".into()),
        (String::new(), "error", "no objects passed to apply".into()),
        ("metadata:\n  name: x".into(), "error", "error validating \"STDIN\": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false".into()),
        ("apiVersion: v1\nmetadata:\n  name: x".into(), "error", "error validating \"STDIN\": error validating data: kind not set; if".into()),
        ("- just\n- a list".into(), "error", "error parsing STDIN: json: cannot unmarshal array into Go value of type map[string]interface {}".into()),
        ("apiVersion: v1\nkind: Foo\nmetadata:\n  name: x".into(), "error", "resource mapping not found for name: \"x\" namespace: \"\" from \"STDIN\": no matches for kind \"Foo\" in version \"v1\"\nensure CRDs are installed first".into()),
        ("apiVersion: apps/v1\nkind: Pod\nmetadata:\n  name: x".into(), "error", "resource mapping not found for name: \"x\" namespace: \"\" from \"STDIN\": no matches for kind \"Pod\" in version \"apps/v1\"".into()),
        (pod("spec:\n  foo: 1\n  container: []\n"), "BadRequest", format!("{cannot}strict decoding error: unknown field \"spec.foo\", unknown field \"spec.container\"")),
        (pod("spec:\n  containers:\n  - nam: app\n    image: nginx\n"), "BadRequest", format!("{cannot}strict decoding error: unknown field \"spec.containers[0].nam\"")),
        (pod(&format!("{container}    env:\n    - name: PORT\n      value: 8080\n")), "BadRequest", format!("{cannot}json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string")),
        (pod("spec:\n  containers: app\n"), "BadRequest", format!("{cannot}json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container")),
        (pod(&format!("{container}    resources: {{ limits: {{ memory: 128MB }} }}\n")), "BadRequest", format!("{cannot}quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")),
        (pod(&format!("{container}    resources: {{ limits: {{ memory: -1Mi }} }}\n")), "Invalid", "The Pod \"web\" is invalid: \n* spec.containers[0].resources.limits[memory]: Invalid value: \"-1Mi\": must be greater than or equal to 0\n* spec.containers[0].resources.requests[memory]: Invalid value: \"-1Mi\": must be greater than or equal to 0".into()),
        (format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    tier: 1\n{container}"), "BadRequest", format!("{cannot}json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")),
        (format!("apiVersion: v1\nkind: Pod\nmetadata: {{}}\n{container}"), "error", "error when retrieving current configuration of:\nResource: \"/v1, Resource=pods\", GroupVersionKind: \"/v1, Kind=Pod\"\nName: \"\", Namespace: \"default\"\nfrom server for: \"STDIN\": resource name may not be empty".into()),
        (format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: Web\n{container}"), "Invalid", "The Pod \"Web\" is invalid: metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain must consist of".into()),
        ("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a.b".into(), "Invalid", "The Namespace \"a.b\" is invalid: metadata.name: Invalid value: \"a.b\": must not contain dots".into()),
        (format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\n{container}"), "NotFound", "error when creating \"STDIN\": namespaces \"shop\" not found".into()),
        (pod(""), "Invalid", "The Pod \"web\" is invalid: spec.containers: Required value".into()),
        (pod("spec:\n  containers:\n  - image: nginx\n  - name: app\n"), "Invalid", "The Pod \"web\" is invalid: \n* spec.containers[0].name: Required value\n* spec.containers[1].image: Required value".into()),
        (pod("spec:\n  containers:\n  - name: a\n    image: nginx\n  - name: a\n    image: nginx\n"), "Invalid", "The Pod \"web\" is invalid: spec.containers[1].name: Duplicate value: \"a\"".into()),
        (pod(&format!("{container}  restartPolicy: Sometimes\n")), "Invalid", "The Pod \"web\" is invalid: spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"Never\", \"OnFailure\"".into()),
        (pod(&format!("{container}    volumeMounts:\n    - name: data\n      mountPath: /data\n")), "Invalid", "The Pod \"web\" is invalid: spec.containers[0].volumeMounts[0].name: Not found: \"data\"".into()),
        (pod(&format!("{container}  volumes:\n  - name: t\n    projected:\n      sources:\n      - serviceAccountToken:\n          path: token\n          expirationSeconds: 300\n")), "Invalid", "The Pod \"web\" is invalid: spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 300: may not specify a duration less than 10 minutes".into()),
        (pod(&format!("{container}  serviceAccountName: nobody\n")), "Forbidden", "error when creating \"STDIN\": pods \"web\" is forbidden: error looking up service account default/nobody: serviceaccount \"nobody\" not found".into()),
    ];
    for (yaml, code, message) in rows {
        let refusal = lab.refused("k8s.apply", json!({ "manifest": yaml }));
        assert_eq!(refusal.code, code, "{yaml}\n{refusal:?}");
        assert!(refusal.message.starts_with(&message), "{yaml}\n{}\n{message}", refusal.message);
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    apply(&mut lab, &pod(container));
    apply(&mut lab, &pod(container));
    let refusal = lab
        .refused("k8s.apply", json!({ "manifest": pod("spec:\n  containers:\n  - name: other\n    image: nginx\n") }));
    assert!(
        refusal
            .message
            .starts_with("The Pod \"web\" is invalid: spec: Forbidden: pod updates may not change fields other than"),
        "{}",
        refusal.message
    );
    let refusal =
        lab.refused("k8s.apply", json!({ "manifest": pod("spec:\n  containers:\n  - name: app\n    image: httpd\n") }));
    assert_eq!(refusal.code, "NotModelled");
    for (request, code, message) in [
        (json!({ "resource": "foo" }), "error", "the server doesn't have a resource type \"foo\""),
        (json!({ "resource": "services" }), "NotModelled", "longshore does not simulate services yet."),
        (json!({ "resource": "svc" }), "NotModelled", "longshore does not simulate services yet."),
        (json!({ "resource": "Deployment" }), "NotModelled", "longshore does not simulate deployments yet."),
        (json!({ "resource": "hpa/web" }), "NotModelled", "longshore does not simulate horizontalpodautoscalers yet."),
        (json!({ "resource": "servic" }), "error", "the server doesn't have a resource type \"servic\""),
        (json!({ "resource": "pods", "name": "wep" }), "NotFound", "pods \"wep\" not found"),
        (json!({ "resource": "sa", "name": "x", "namespace": "shop" }), "NotFound", "serviceaccounts \"x\" not found"),
        (json!({ "resource": "pods", "cluster": "dev" }), "error", "context \"dev\" does not exist"),
    ] {
        let refusal = lab.call("k8s.get", request).unwrap_err();
        assert_eq!((&*refusal.code, &*refusal.message), (code, message));
    }
    let refusal = lab.refused("k8s.delete", json!({ "resource": "ns", "name": "kube-system" }));
    assert_eq!(refusal.message, "namespaces \"kube-system\" is forbidden: this namespace may not be deleted");
}

/// Several documents: all or none. What is not modelled is said; what the server sets may come back.
#[test]
fn documents_go_together() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let (first, pod) = (account(false), pod_yaml("web", "nginx"));
    let (wrong_field, wrong_name) = (pod.replace("Account", "Acount"), pod.replace("Name: web", "Name: wep"));
    let object = |kind: &str| json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": "web" } });
    let list = |items: Value| json!({ "apiVersion": "v1", "kind": "List", "items": items });
    let pod_with = |field: &str| json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web", field: 1 } });
    for (wrong, place) in [
        (json!(format!("{first}---\n{wrong_field}")), "2 of 2, Pod web"),
        (json!(format!("{first}---\n{wrong_name}")), "2 of 2, Pod web"),
        (json!(format!("{first}---\nkind: Pod\n---\n{pod}")), "2 of 3, Pod without a name"),
        (json!(format!("{first}---\n---\n{wrong_field}")), "2 of 2, Pod web"),
        (list(json!([object("ServiceAccount"), pod_with("nam")])), "2 of 2, Pod web"),
        (list(json!([object("ServiceAccount"), object("Service")])), "2 of 2, Service web"),
        (list(json!([object("Foo"), object("Pod")])), "1 of 2, Foo web"),
        (
            list(json!([list(json!([object("ServiceAccount")])), "x"])),
            "2 of 2, an object without a kind without a name",
        ),
        (json!([object("ServiceAccount"), list(json!([object("Pod"), object("Foo")]))]), "3 of 3, Foo web"),
    ] {
        let refusal = lab.refused("k8s.apply", json!({ "manifest": wrong }));
        let end = format!(
            "; this is document {place}, and none of them was applied (kubectl would have applied those before it)"
        );
        assert!(refusal.because.ends_with(&end), "{wrong}: {}", refusal.because);
    }
    let alone =
        lab.refused("k8s.apply", json!({ "manifest": pod_yaml("web", "nginx").replace("Name: web", "Name: wep") }));
    assert!(!alone.because.contains("document"), "{}", alone.because);
    assert!(lab.call("k8s.get", json!({ "resource": "sa/web" })).is_err(), "nothing of a refused text is there");
    let shop = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";
    let all = format!("{shop}---\n{}---\n{}", account(false), pod_yaml("web", "nginx"));
    let request = json!({ "manifest": all, "namespace": "shop" });
    assert_eq!(lab.ok("k8s.apply", request)["items"].as_array().unwrap().len(), 3);
    lab.wait("10s");
    let pod = lab.ok("k8s.get", json!({ "resource": "po/web", "namespace": "shop" }));
    assert_eq!(lab.ok("k8s.apply", json!({ "manifest": pod })), pod, "applying what was read changes nothing");
    lab.ok("k8s.delete", json!({ "resource": "ns/shop" }));
    let terminating = lab.ok("k8s.get", json!({ "resource": "ns/shop" }));
    assert_eq!(terminating["status"]["phase"], "Terminating");
    lab.wait("10s");
    assert!(lab.call("k8s.get", json!({ "resource": "ns/shop" })).is_err(), "its pod left within a second");
}

/// [semantics/eks.md 3.2: VEC, restarts at 0, 10, 30, 70, 150, 310, 610 s after the first crash]
#[test]
fn a_crashing_container_starts_again_with_growing_delays() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    lab.ok("image.define", json!({ "image": "crasher", "profile": { "exit": { "code": 1 } } }));
    apply(&mut lab, &account(false));
    apply(&mut lab, &pod_yaml("web", "crasher"));
    let started = |lab: &mut Lab| get(lab, "web")["status"]["containerStatuses"][0]["restartCount"].as_u64().unwrap();
    lab.wait("2500ms");
    let mut now = 0;
    for (at, restarts) in
        [(0, 1), (9, 1), (10, 2), (29, 2), (30, 3), (70, 4), (150, 5), (310, 6), (609, 6), (610, 7), (910, 8)]
    {
        lab.wait(&format!("{}s", at - now));
        now = at;
        assert_eq!(started(&mut lab), restarts, "{at} s after the first crash");
    }
    let status = get(&mut lab, "web")["status"].clone();
    assert_eq!(status["phase"], "Running", "a pod that will start again is Running");
    assert_eq!(status["containerStatuses"][0]["state"]["waiting"]["reason"], "CrashLoopBackOff");
    assert_eq!(status["containerStatuses"][0]["lastState"]["terminated"]["exitCode"], 1);
}

/// A container that uses more than `resources.limits.memory` is OOMKilled, and starts again with growing delays.
/// [semantics/eks.md 1.1, 3.2]
#[test]
fn a_container_over_its_memory_limit_is_killed() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let memory = json!([{ "at": "0s", "mib": 100 }, { "at": "100s", "mib": 2000 }]);
    lab.ok("image.define", json!({ "image": "leak", "profile": { "memory": memory } }));
    apply(&mut lab, &account(false));
    let limited = |name: &str, limit: &str| format!("{}    resources: {limit}\n", pod_yaml(name, "leak"));
    apply(&mut lab, &pod_yaml("free", "leak"));
    apply(&mut lab, &limited("wide", "{ limits: { memory: 2000Mi } }"));
    apply(&mut lab, &limited("zero", "{ limits: { memory: 0 } }"));
    apply(&mut lab, &limited("tight", "{ limits: { memory: 128Mi } }"));
    apply(&mut lab, &format!("{}  restartPolicy: Never\n", limited("bytes", "{ limits: { memory: 134217728 } }")));
    let killed = |status: &Value| [status["exitCode"].clone(), status["reason"].clone()];
    let oom = [json!(137), json!("OOMKilled")];
    // Started at 2.5 s, killed 1.527 s later, started again at once, killed at 5.6 s, started again at 15.6 s.
    lab.wait("6s");
    let status = get(&mut lab, "tight")["status"]["containerStatuses"][0].clone();
    assert_eq!(status["state"]["waiting"]["reason"], "CrashLoopBackOff");
    assert_eq!((killed(&status["lastState"]["terminated"]), &status["restartCount"]), (oom.clone(), &json!(1)));
    lab.wait("10s");
    assert_eq!(get(&mut lab, "tight")["status"]["containerStatuses"][0]["restartCount"], 2);
    lab.wait("1h");
    for name in ["free", "wide", "zero"] {
        let status = get(&mut lab, name)["status"]["containerStatuses"][0].clone();
        assert_eq!((&status["restartCount"], &status["ready"]), (&json!(0), &json!(true)), "{name}");
    }
    let status = get(&mut lab, "bytes")["status"].clone();
    assert_eq!(status["phase"], "Failed");
    assert_eq!(killed(&status["containerStatuses"][0]["state"]["terminated"]), oom);
    assert_eq!(
        get(&mut lab, "tight")["spec"]["containers"][0]["resources"],
        json!({ "limits": { "memory": "128Mi" }, "requests": { "memory": "128Mi" } })
    );
}

#[test]
fn a_pod_ends_as_its_policy_says() {
    for (policy, code, phase) in [
        ("Never", 0, "Succeeded"),
        ("Never", 3, "Failed"),
        ("OnFailure", 0, "Succeeded"),
        ("OnFailure", 3, "Running"),
        ("Always", 0, "Running"),
    ] {
        let mut lab = cluster("AL2023_x86_64_STANDARD");
        lab.ok("image.define", json!({ "image": "job", "profile": { "exit": { "code": code, "after": "5s" } } }));
        apply(&mut lab, &account(false));
        apply(&mut lab, &format!("{}  restartPolicy: {policy}\n", pod_yaml("web", "job")));
        lab.wait("1m");
        assert_eq!(get(&mut lab, "web")["status"]["phase"], phase, "{policy} {code}");
    }
}

#[test]
fn a_pod_waits_for_what_is_missing() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
    apply(&mut lab, &account(false));
    apply(&mut lab, &pod_yaml("web", "gone"));
    let reason =
        |lab: &mut Lab| get(lab, "web")["status"]["containerStatuses"][0]["state"]["waiting"]["reason"].clone();
    lab.wait("3s");
    assert_eq!(reason(&mut lab), "ErrImagePull");
    let refusal = lab.refused("program.call", json!({ "program": "web", "action": "sts:GetCallerIdentity" }));
    assert!(refusal.because.contains("it waits: ErrImagePull"), "{}", refusal.because);
    lab.wait("10s");
    assert_eq!(reason(&mut lab), "ImagePullBackOff");
    lab.ok("image.define", json!({ "image": "gone", "profile": {} }));
    lab.wait("21s");
    assert_eq!(get(&mut lab, "web")["status"]["phase"], "Running");
    lab.ok("eks.delete_nodegroup", json!({ "clusterName": "prod", "nodegroupName": "main" }));
    lab.wait("3m");
    assert!(lab.call("k8s.get", json!({ "resource": "pod/web" })).is_err(), "nothing puts a bare pod back");
    apply(&mut lab, &pod_yaml("web", "nginx"));
    lab.wait("1m");
    let waiting = get(&mut lab, "web");
    assert_eq!(waiting["status"]["phase"], "Pending");
    assert_eq!(waiting["status"]["conditions"][0]["message"], "no nodes available to schedule pods");
    lab.ok("eks.delete_cluster", json!({ "name": "prod" }));
    lab.wait("5m");
    assert_eq!(lab.ok("eks.list_clusters", json!({}))["clusters"], json!([]));
    assert_eq!(lab.session.world().violations(), Vec::<String>::new());
}

/// Every refusal of EKS's own.
#[test]
fn what_eks_refuses() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let subnets = lab.subnets();
    let create = |change: &dyn Fn(&mut Value)| {
        let mut request = json!({
            "name": "dev", "roleArn": role("cluster"), "resourcesVpcConfig": { "subnetIds": subnets },
        });
        change(&mut request);
        request
    };
    let group = |change: &dyn Fn(&mut Value)| {
        let mut request = json!({
            "clusterName": "prod", "nodegroupName": "more", "nodeRole": role("node"), "subnets": subnets,
        });
        change(&mut request);
        request
    };
    let not_assumed = |name: &str| {
        format!(
            "Role with arn: {}, could not be assumed because it does not exist or the trusted entity is not correct",
            role(name)
        )
    };
    let (c, n) = ("eks.create_cluster", "eks.create_nodegroup");
    let rows: Vec<(&str, Value, &str, String)> = vec![
        (
            c,
            create(&|r| r["name"] = json!("prod")),
            "ResourceInUseException",
            "Cluster already exists with name: prod".into(),
        ),
        (c, create(&|r| r["name"] = json!("-x")), "InvalidParameterException", "name \"-x\" must satisfy".into()),
        (
            c,
            create(&|r| r["version"] = json!("1.12")),
            "InvalidParameterException",
            "unsupported Kubernetes version".into(),
        ),
        (c, create(&|r| r["roleArn"] = json!(role("nobody"))), "InvalidParameterException", not_assumed("nobody")),
        (c, create(&|r| r["roleArn"] = json!(role("node"))), "InvalidParameterException", not_assumed("node")),
        (
            c,
            create(&|r| r["resourcesVpcConfig"]["subnetIds"] = json!([subnets[0]])),
            "InvalidParameterException",
            "Subnets specified must be in at least two different AZs".into(),
        ),
        (
            c,
            create(&|r| r["resourcesVpcConfig"]["subnetIds"] = json!(["subnet-1"])),
            "InvalidParameterException",
            "The subnet ID 'subnet-1' does not exist".into(),
        ),
        (
            n,
            group(&|r| r["clusterName"] = json!("dev")),
            "ResourceNotFoundException",
            "No cluster found for name: dev.".into(),
        ),
        (
            n,
            group(&|r| r["nodegroupName"] = json!("main")),
            "ResourceInUseException",
            "NodeGroup already exists with name main and cluster name prod".into(),
        ),
        (n, group(&|r| r["nodeRole"] = json!(role("cluster"))), "InvalidParameterException", not_assumed("cluster")),
        (
            n,
            group(&|r| r["scalingConfig"] = json!({ "minSize": 3, "maxSize": 3, "desiredSize": 2 })),
            "InvalidParameterException",
            "Minimum capacity 3 can't be greater than desired size 2".into(),
        ),
        (
            n,
            group(&|r| r["instanceTypes"] = json!(["t3.mediun"])),
            "InvalidParameterException",
            "The following supplied instance types do not exist: [t3.mediun]".into(),
        ),
        (
            "eks.delete_cluster",
            json!({ "name": "prod" }),
            "ResourceInUseException",
            "Cluster has nodegroups attached".into(),
        ),
        (
            "eks.describe_nodegroup",
            json!({ "clusterName": "prod", "nodegroupName": "x" }),
            "ResourceNotFoundException",
            "No node group found for name: x.".into(),
        ),
    ];
    for (name, request, code, message) in rows {
        let refusal = lab.refused(name, request);
        assert_eq!(refusal.code, code, "{refusal:?}");
        assert!(refusal.message.starts_with(&message), "{}\n{message}", refusal.message);
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    lab.ok(c, create(&|_| {}));
    let described = lab.ok("eks.describe_cluster", json!({ "name": "dev" }));
    assert_eq!(described["cluster"]["status"], "CREATING");
    assert!(described["cluster"].get("identity").is_none(), "the issuer is there once the cluster is");
    let refusal = lab.refused(n, group(&|r| r["clusterName"] = json!("dev")));
    assert_eq!(refusal.message, "Cluster 'dev' is not in ACTIVE status");
    assert_eq!(lab.ok("k8s.get", json!({ "resource": "nodes" }))["items"].as_array().unwrap().len(), 2, "prod's");
    lab.wait("10m");
    assert_eq!(lab.ok("k8s.get", json!({ "resource": "nodes" }))["items"], json!([]), "the newest ACTIVE one is meant");
    let on_prod = json!({ "resource": "nodes", "cluster": "prod" });
    assert_eq!(lab.ok("k8s.get", on_prod)["items"].as_array().unwrap().len(), 2);
}

#[test]
fn without_a_cluster_nobody_answers() {
    let mut lab = Lab::new(42);
    let refusal = lab.refused("k8s.apply", json!({ "manifest": account(false) }));
    assert_eq!(
        refusal.message,
        "The connection to the server localhost:8080 was refused - did you specify the right host or port?"
    );
    assert!(refusal.way_out.contains("eks.create_cluster"));
}
