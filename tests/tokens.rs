//! Tokens at the prompt: asked for, read in a container, taken apart, and passed to STS; every step of its checks.
//! [semantics/eks.md 6.2, 6.3]

use serde_json::{Value, json};

use crate::kubernetes::{account, apply, cluster, get, host, irsa, issuer, pod_yaml, right, role};
use crate::lab::Lab;

const FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
const API_FILE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const STS: &str = "sts.amazonaws.com";
/// `{"alg":"RS256"}` and `{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:default:web","exp":9999999999}`:
/// what a Secret of an old cluster holds.
const LEGACY: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OmRlZmF1bHQ6d2ViIiwiZXhwIjo5OTk5OTk5OTk5fQ.";

fn lab() -> Lab {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    apply(&mut lab, &format!("{}---\n{}", account(true), pod_yaml("web", "nginx")));
    lab.wait("20s");
    lab
}

fn token(lab: &mut Lab, request: Value) -> String {
    lab.ok("k8s.create_token", request)["status"]["token"].as_str().unwrap().to_owned()
}

fn payload(lab: &mut Lab, token: &str) -> Value {
    lab.ok("k8s.decode_token", json!({ "token": token }))["payload"].clone()
}

/// Members of the request, the audiences, and the seconds that the token lives.
#[test]
fn a_token_is_for_whom_and_as_long_as_was_asked() {
    let mut lab = lab();
    let iss = issuer(&mut lab);
    let now = 1_767_604_400_u64;
    for (request, aud, seconds) in [
        (json!({}), json!(["https://kubernetes.default.svc"]), 3_600),
        (json!({ "audience": STS }), json!([STS]), 3_600),
        (json!({ "audience": [STS, "vault"], "duration": "10m" }), json!([STS, "vault"]), 600),
        (json!({ "duration": "0s" }), json!(["https://kubernetes.default.svc"]), 3_600),
        (json!({ "duration": "48h" }), json!(["https://kubernetes.default.svc"]), 86_400),
    ] {
        let mut request = request;
        request["name"] = json!("web");
        let answer = lab.ok("k8s.create_token", request.clone());
        assert_eq!(answer["kind"], "TokenRequest");
        assert_eq!(answer["spec"]["expirationSeconds"], seconds, "{request}");
        let claims = payload(&mut lab, answer["status"]["token"].as_str().unwrap());
        let sub = "system:serviceaccount:default:web";
        assert_eq!((&claims["iss"], &claims["sub"], &claims["aud"]), (&json!(iss), &json!(sub), &aud), "{request}");
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + seconds)), "{request}");
        assert_eq!(claims["kubernetes.io"]["serviceaccount"]["name"], "web");
        assert!(claims["kubernetes.io"].get("pod").is_none());
    }
    let bound = json!({ "name": "web", "boundObjectKind": "Pod", "boundObjectName": "web" });
    let bound = token(&mut lab, bound);
    let claims = payload(&mut lab, &bound);
    let pod = get(&mut lab, "web");
    assert_eq!(claims["kubernetes.io"]["pod"], json!({ "name": "web", "uid": pod["metadata"]["uid"] }));
}

/// The words of kubectl and of the API server. [K32 kubectl create_token.go, authentication validation, storage/token.go]
#[test]
fn what_is_refused() {
    let mut lab = lab();
    apply(&mut lab, &pod_yaml("other", "nginx").replace("serviceAccountName: web", "serviceAccountName: default"));
    let invalid = "failed to create token: TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: \
                   Invalid value: ";
    for (request, code, message) in [
        (json!({ "name": "" }), "error", "service account name is required".to_owned()),
        (json!({ "name": "wep" }), "NotFound", "failed to create token: serviceaccounts \"wep\" not found".to_owned()),
        (
            json!({ "name": "web", "namespace": "shop" }),
            "NotFound",
            "failed to create token: serviceaccounts \"web\" not found".to_owned(),
        ),
        (
            json!({ "name": "web", "duration": "9m" }),
            "Invalid",
            format!("{invalid}540: may not specify a duration less than 10 minutes"),
        ),
        (
            json!({ "name": "web", "duration": "4294967297s" }),
            "Invalid",
            format!("{invalid}4294967297: may not specify a duration larger than 2^32 seconds"),
        ),
        (
            json!({ "name": "web", "duration": "1500ms" }),
            "error",
            "--duration cannot be expressed in units less than seconds".to_owned(),
        ),
        (json!({ "name": "web", "audience": "" }), "error", "--audience must not be an empty string".to_owned()),
        (
            json!({ "name": "web", "boundObjectName": "web" }),
            "error",
            "--bound-object-name can only be set if --bound-object-kind is provided".to_owned(),
        ),
        (
            json!({ "name": "web", "boundObjectKind": "Pod" }),
            "error",
            "--bound-object-name is required if --bound-object-kind is provided".to_owned(),
        ),
        (
            json!({ "name": "web", "boundObjectKind": "Node", "boundObjectName": "x" }),
            "error",
            "supported --bound-object-kind values are Pod, Secret".to_owned(),
        ),
        (
            json!({ "name": "web", "boundObjectKind": "Pod", "boundObjectName": "nobody" }),
            "NotFound",
            "failed to create token: pods \"nobody\" not found".to_owned(),
        ),
        (
            json!({ "name": "web", "boundObjectKind": "Pod", "boundObjectName": "other" }),
            "BadRequest",
            "failed to create token: cannot bind token for serviceaccount \"web\" to pod running with serviceaccount \
             \"default\""
                .to_owned(),
        ),
    ] {
        let refusal = lab.refused("k8s.create_token", request.clone());
        assert_eq!((&*refusal.code, &refusal.message), (code, &message), "{request}");
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    for text in ["", "a.b", "x.y.z"] {
        let refusal = lab.refused("k8s.decode_token", json!({ "token": text }));
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
}

/// A pod's own token is in its files, and is the one that its SDK uses.
#[test]
fn the_files_of_a_container_hold_its_tokens() {
    let mut lab = lab();
    for (path, aud, seconds) in [(FILE, STS, 86_400), (API_FILE, "https://kubernetes.default.svc", 3_607)] {
        let read = lab.ok("program.read", json!({ "program": "web", "path": path }));
        let claims = payload(&mut lab, read.as_str().unwrap());
        assert_eq!(claims["aud"], json!([aud]));
        assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), seconds);
        assert_eq!(claims["kubernetes.io"]["pod"]["name"], "web");
    }
    let refusal = lab.refused("program.read", json!({ "program": "web", "path": "/etc/passwd" }));
    assert_eq!(refusal.message, "cat: /etc/passwd: No such file or directory\ncommand terminated with exit code 1");
    assert_eq!(refusal.way_out, format!("read {API_FILE} or {FILE}"));
    let refusal = lab.refused("program.read", json!({ "program": "nobody", "path": FILE }));
    assert_eq!(refusal.message, "pods \"nobody\" not found");
}

/// The order of semantics/eks.md 6.3, with tokens that anybody can get: each row mends what the row before was refused
/// for.
#[test]
fn every_check_of_sts_can_be_met() {
    let mut lab = lab();
    let url = issuer(&mut lab);
    let host = host(&mut lab);
    let good = token(&mut lab, json!({ "name": "web", "audience": STS, "duration": "1h" }));
    let plain = token(&mut lab, json!({ "name": "web" }));
    let brief = token(&mut lab, json!({ "name": "web", "audience": STS, "duration": "10m" }));
    let changed = format!("{}AAAA", &good[..good.len() - 4]);
    let silent = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    let verification = "Couldn't retrieve verification key from your identity provider, please reference \
                        AssumeRoleWithWebIdentity documentation for requirements";
    let jwt = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
    let none = format!("No OpenIDConnect provider found in your account for {url}");
    let too_long = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    let expired = "Token expired: current date/time 1767605000 must be before the expiration date/time 1767605000";
    let request = |token: &str, seconds: u64| {
        json!({
            "RoleArn": role("photos"), "RoleSessionName": "me", "WebIdentityToken": token, "DurationSeconds": seconds,
        })
    };
    let prepare = |lab: &mut Lab, step: &str| match step {
        "provider" => {
            lab.ok("iam.create_open_id_connect_provider", json!({ "Url": url, "ClientIDList": [STS] }));
        }
        "role" => {
            lab.ok("iam.create_role", json!({ "RoleName": "photos", "AssumeRolePolicyDocument": right(&host) }));
        }
        "10m" => lab.wait("10m"),
        _ => {}
    };
    let invalid = "InvalidIdentityToken";
    for (step, token, seconds, code, message) in [
        (
            "",
            &*good,
            899,
            "ValidationError",
            "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must \
             have value greater than or equal to 900",
        ),
        ("", "x.y.z", 7_200, invalid, jwt),
        ("", LEGACY, 7_200, invalid, "Missing a required claim: aud"),
        ("", &*changed, 7_200, invalid, &*none),
        ("provider", &*changed, 7_200, invalid, verification),
        ("10m", &*brief, 7_200, "ExpiredTokenException", expired),
        ("", &*plain, 7_200, invalid, "Incorrect token audience"),
        ("", &*good, 7_200, "AccessDenied", silent),
        ("role", &*good, 7_200, "ValidationError", too_long),
    ] {
        prepare(&mut lab, step);
        let refusal = lab.refused("sts.assume_role_with_web_identity", request(token, seconds));
        assert_eq!((&*refusal.code, &*refusal.message), (code, message));
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    let answer = lab.ok("sts.assume_role_with_web_identity", request(&good, 3_600));
    assert_eq!(answer["SubjectFromWebIdentityToken"], "system:serviceaccount:default:web");
    let own = lab.ok("program.read", json!({ "program": "web", "path": FILE }));
    lab.ok("sts.assume_role_with_web_identity", request(own.as_str().unwrap(), 3_600));
}

/// A token of another cluster, or of another service account, is not this one's.
#[test]
fn a_token_says_whose_it_is() {
    let mut lab = lab();
    let host = host(&mut lab);
    irsa(&mut lab, &right(&host));
    apply(&mut lab, &account(true).replace("name: web", "name: api"));
    let other = token(&mut lab, json!({ "name": "api", "audience": STS }));
    let request = json!({ "RoleArn": role("photos"), "RoleSessionName": "me", "WebIdentityToken": other });
    let refusal = lab.refused("sts.assume_role_with_web_identity", request);
    assert_eq!(&*refusal.code, "AccessDenied");
    assert!(refusal.because.contains("system:serviceaccount:default:api"), "{}", refusal.because);
}
