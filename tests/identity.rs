//! Roles, trust and tokens through the table of operations: what AWS says, and what the lab adds.

use longshore::api::refusal::Refusal;
use longshore::aws::iam::authorize;
use longshore::aws::iam::denial;
use longshore::aws::iam::request::Keys;
use longshore::model::token::{self, Claims};
use serde_json::{Value, json};

use crate::lab::Lab;

const HOST: &str = "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const ROLE: &str = "arn:aws:iam::123456789012:role/app";
const SILENT: &str = "Not authorized to perform sts:AssumeRoleWithWebIdentity";

fn issuer() -> String {
    format!("https://{HOST}")
}

fn provider_arn(account: &str) -> String {
    format!("arn:aws:iam::{account}:oidc-provider/{HOST}")
}

/// The trust policy of the EKS User Guide for the service account `default:web`. [semantics/eks.md 6.2]
fn right() -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": { "Federated": provider_arn("123456789012") },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": { "StringEquals": condition("sts.amazonaws.com", "system:serviceaccount:default:web") },
    }] })
}

fn condition(aud: &str, sub: &str) -> Value {
    json!({ format!("{HOST}:aud"): aud, format!("{HOST}:sub"): sub })
}

/// The right trust policy with one thing changed.
fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut policy = right();
    change(&mut policy["Statement"][0]);
    policy
}

fn claims() -> Claims {
    let now = 1_767_603_600;
    Claims {
        iss: issuer(),
        sub: "system:serviceaccount:default:web".into(),
        aud: vec!["sts.amazonaws.com".into()],
        exp: now + 86_400,
        iat: now,
        nbf: now,
        ..Claims::default()
    }
}

/// A lab with the provider of the cluster, and the role `app` with this trust policy.
fn lab(trust: &Value) -> Lab {
    let mut lab = Lab::new(42);
    let request = json!({ "Url": issuer(), "ClientIDList": ["sts.amazonaws.com"] });
    lab.ok("iam.create_open_id_connect_provider", request);
    lab.ok("iam.create_role", json!({ "RoleName": "app", "AssumeRolePolicyDocument": trust }));
    lab
}

fn issue(lab: &Lab, claims: &Claims) -> String {
    token::issue(claims, lab.session.world().signing_key(&claims.iss))
}

fn request(token: &str) -> Value {
    json!({ "RoleArn": ROLE, "RoleSessionName": "pod", "WebIdentityToken": token })
}

fn denied(lab: &mut Lab, token: &str) -> Refusal {
    let refusal = lab.refused("sts.assume_role_with_web_identity", request(token));
    assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    refusal
}

#[test]
fn a_token_that_fits_begins_a_session() {
    let mut lab = lab(&right());
    let token = issue(&lab, &claims());
    let answer = lab.ok("sts.assume_role_with_web_identity", request(&token));
    assert_eq!(answer["AssumedRoleUser"]["Arn"], "arn:aws:sts::123456789012:assumed-role/app/pod");
    assert_eq!(answer["SubjectFromWebIdentityToken"], "system:serviceaccount:default:web");
    assert_eq!(answer["Audience"], "sts.amazonaws.com");
    assert_eq!(answer["Provider"], provider_arn("123456789012"));
    assert_eq!(answer["Credentials"]["Expiration"], "2026-01-05T10:00:00Z");
    let key = answer["Credentials"]["AccessKeyId"].as_str().unwrap();
    assert!(key.starts_with("ASIA"));
    assert!(lab.session.world().find_session(key).is_some());
    let again = lab.ok("sts.assume_role_with_web_identity", request(&token));
    assert_ne!(again["Credentials"], answer["Credentials"], "every session has keys of its own");
}

/// Eight trust policies with one thing wrong in each: the same silent no from AWS, and its reason from the lab.
#[test]
fn eight_trust_policies_with_one_thing_wrong_in_each() {
    let set = |name: &'static str, value: Value| move |statement: &mut Value| statement[name] = value;
    let sub = "system:serviceaccount:default:web";
    let aud = "sts.amazonaws.com";
    let other_host = HOST.replace("id/0123", "id/0124");
    let https = json!({ "StringEquals": {
        format!("{HOST}:aud"): aud, format!("https://{HOST}:sub"): sub,
    } });
    let cases = [
        (
            "aud of another audience",
            with(set("Condition", json!({ "StringEquals": condition("sts.amazon.com", sub) }))),
            format!(
                "statement 1 of the trust policy of app: StringEquals {HOST}:aud is \"{aud}\" in the request and \"sts.amazon.com\" in the policy: they differ at character 11"
            ),
            "in the trust policy of app, write \"sts.amazonaws.com\"",
        ),
        (
            "sub of another namespace",
            with(set("Condition", json!({ "StringEquals": condition(aud, "system:serviceaccount:prod:web") }))),
            format!(
                "statement 1 of the trust policy of app: StringEquals {HOST}:sub is \"{sub}\" in the request and \"system:serviceaccount:prod:web\" in the policy: they differ at character 23"
            ),
            "in the trust policy of app, write \"system:serviceaccount:default:web\"",
        ),
        (
            "https:// in the condition key",
            with(set("Condition", https)),
            format!(
                "statement 1 of the trust policy of app: StringEquals https://{HOST}:sub: the request has no such key (condition keys begin with the issuer without https://); it has {HOST}:aud, {HOST}:sub, sts:RoleSessionName"
            ),
            "in the trust policy of app, write the key as `oidc.eks",
        ),
        (
            "a wildcard under StringEquals",
            with(set("Condition", json!({ "StringEquals": condition(aud, "system:serviceaccount:default:*") }))),
            format!(
                "statement 1 of the trust policy of app: StringEquals {HOST}:sub is \"{sub}\" in the request and \"system:serviceaccount:default:*\" in the policy: they differ at character 31 (under StringEquals, * and ? are plain characters)"
            ),
            "in the trust policy of app, use StringLike for a pattern",
        ),
        (
            "the provider of another cluster",
            with(set("Principal", json!({ "Federated": format!("arn:aws:iam::123456789012:oidc-provider/{other_host}") }))),
            format!(
                "statement 1 of the trust policy of app: Principal is \"{}\" in the request and \"arn:aws:iam::123456789012:oidc-provider/{other_host}\" in the policy: they differ at character 80",
                provider_arn("123456789012")
            ),
            "in the trust policy of app, name the caller as Principal",
        ),
        (
            "sts:AssumeRole instead of its sister",
            with(set("Action", json!("sts:AssumeRole"))),
            "statement 1 of the trust policy of app: Action is \"sts:AssumeRoleWithWebIdentity\" in the request and \"sts:AssumeRole\" in the policy: they differ at character 15"
                .to_owned(),
            "allow `sts:AssumeRoleWithWebIdentity` in the trust policy of app",
        ),
        (
            "another account in the provider's ARN",
            with(set("Principal", json!({ "Federated": provider_arn("123456789021") }))),
            format!(
                "statement 1 of the trust policy of app: Principal is \"{}\" in the request and \"{}\" in the policy: they differ at character 24",
                provider_arn("123456789012"),
                provider_arn("123456789021")
            ),
            "in the trust policy of app, name the caller as Principal",
        ),
        (
            "a pattern that does not fit",
            with(set("Condition", json!({ "StringLike": condition(aud, "system:serviceaccount:prod:*") }))),
            format!(
                "statement 1 of the trust policy of app: StringLike {HOST}:sub is \"{sub}\" in the request and \"system:serviceaccount:prod:*\" in the policy: they differ at character 23"
            ),
            "in the trust policy of app, write \"system:serviceaccount:default:web\"",
        ),
    ];
    for (name, trust, because, way_out) in cases {
        let mut lab = lab(&trust);
        let token = issue(&lab, &claims());
        let refusal = denied(&mut lab, &token);
        assert_eq!((&*refusal.code, refusal.message.as_str()), ("AccessDenied", SILENT), "{name}");
        assert_eq!(refusal.because, because, "{name}");
        assert!(refusal.way_out.starts_with(way_out), "{name}: {}", refusal.way_out);
        let trace = refusal.trace().expect("a denial keeps its trace");
        assert_eq!(denial::because(trace), because, "the trace alone tells it again");
        lab.ok("iam.update_assume_role_policy", json!({ "RoleName": "app", "PolicyDocument": right() }));
        lab.ok("sts.assume_role_with_web_identity", request(&token));
    }
}

#[test]
fn a_condition_on_a_key_that_the_token_does_not_bring() {
    let trust = with(|statement| statement["Condition"] = json!({ "StringEquals": { "aud": "sts.amazonaws.com" } }));
    let mut lab = lab(&trust);
    let token = issue(&lab, &claims());
    let refusal = denied(&mut lab, &token);
    assert_eq!(refusal.message, SILENT);
    assert!(
        refusal.because.starts_with(
            "statement 1 of the trust policy of app: StringEquals aud: the request has no such key; it has"
        )
    );
    assert_eq!(refusal.way_out, format!("in the trust policy of app, write the key as `{HOST}:aud`"));
}

#[test]
fn without_conditions_every_service_account_gets_in() {
    let mut lab = lab(&with(|statement| statement["Condition"] = json!({})));
    let mut claims = claims();
    claims.sub = "system:serviceaccount:kube-system:anybody".into();
    let token = issue(&lab, &claims);
    lab.ok("sts.assume_role_with_web_identity", request(&token));
}

/// The order of semantics/eks.md 6.3: each row mends what the row before was refused for.
#[test]
fn the_checks_come_in_order() {
    let mut lab = Lab::new(42);
    let mut token = "x.y.z".to_owned();
    let mut wanted =
        json!({ "RoleArn": ROLE, "RoleSessionName": "p", "DurationSeconds": 7200, "WebIdentityToken": token });
    let mut bad = Claims { aud: vec!["kubernetes".into()], exp: 1_767_603_600, ..claims() };
    let expect = |lab: &mut Lab, wanted: &Value, code: &str, message: &str| {
        let refusal = lab.refused("sts.assume_role_with_web_identity", wanted.clone());
        assert_eq!((&*refusal.code, refusal.message.as_str()), (code, message));
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    };
    expect(
        &mut lab,
        &wanted,
        "ValidationError",
        "1 validation error detected: Value 'p' at 'roleSessionName' failed to satisfy constraint: Member must have \
         length greater than or equal to 2",
    );
    wanted["RoleSessionName"] = json!("pod");
    expect(
        &mut lab,
        &wanted,
        "InvalidIdentityToken",
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    );
    let legacy = Claims { iss: "kubernetes/serviceaccount".into(), aud: Vec::new(), ..claims() };
    wanted["WebIdentityToken"] = json!(token::issue(&legacy, 1));
    expect(&mut lab, &wanted, "InvalidIdentityToken", "Missing a required claim: aud");
    wanted["WebIdentityToken"] = json!(token::issue(&bad, 1));
    expect(
        &mut lab,
        &wanted,
        "InvalidIdentityToken",
        &format!("No OpenIDConnect provider found in your account for {}", issuer()),
    );
    let provider = json!({ "Url": issuer(), "ClientIDList": ["sts.amazonaws.com"] });
    lab.ok("iam.create_open_id_connect_provider", provider);
    expect(
        &mut lab,
        &wanted,
        "InvalidIdentityToken",
        "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity \
         documentation for requirements",
    );
    wanted["WebIdentityToken"] = json!(issue(&lab, &bad));
    expect(
        &mut lab,
        &wanted,
        "ExpiredTokenException",
        "Token expired: current date/time 1767603600 must be before the expiration date/time 1767603600",
    );
    bad.exp += 1;
    wanted["WebIdentityToken"] = json!(issue(&lab, &bad));
    expect(&mut lab, &wanted, "InvalidIdentityToken", "Incorrect token audience");
    token = issue(&lab, &claims());
    wanted["WebIdentityToken"] = json!(token);
    expect(&mut lab, &wanted, "AccessDenied", SILENT);
    lab.ok("iam.create_role", json!({ "RoleName": "app", "AssumeRolePolicyDocument": right() }));
    expect(
        &mut lab,
        &wanted,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
    wanted["DurationSeconds"] = json!(3600);
    lab.ok("sts.assume_role_with_web_identity", wanted);
}

fn trusting(principal: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" } })
}

#[test]
fn a_user_may_assume_what_trusts_the_account_and_nothing_else() {
    let mut lab = Lab::new(42);
    let no = "User: arn:aws:iam::123456789012:user/learner is not authorized to perform: sts:AssumeRole on resource: ";
    for (name, principal, allowed) in [
        ("account", json!({ "AWS": "123456789012" }), true),
        ("root", json!({ "AWS": "arn:aws:iam::123456789012:root" }), true),
        ("user", json!({ "AWS": "arn:aws:iam::123456789012:user/learner" }), true),
        ("tasks", json!({ "Service": "ecs-tasks.amazonaws.com" }), false),
        ("abroad", json!({ "AWS": "111122223333" }), false),
    ] {
        lab.ok("iam.create_role", json!({ "RoleName": name, "AssumeRolePolicyDocument": trusting(principal) }));
        let arn = format!("arn:aws:iam::123456789012:role/{name}");
        let request = json!({ "RoleArn": arn, "RoleSessionName": "me" });
        if allowed {
            lab.ok("sts.assume_role", request);
        } else {
            assert_eq!(lab.refused("sts.assume_role", request).message, format!("{no}{arn}"));
        }
    }
    let nobody = "arn:aws:iam::123456789012:role/nobody";
    let refusal = lab.refused("sts.assume_role", json!({ "RoleArn": nobody, "RoleSessionName": "me" }));
    assert_eq!(refusal.message, format!("{no}{nobody}"), "AWS does not say whether a role exists");
    assert!(refusal.because.contains("there is no role"));
}

/// What is wrong with the parameters is said before what is wrong with the policy in one of them.
#[test]
fn parameters_are_checked_before_the_session_policy() {
    let mut lab = lab(&right());
    let token = issue(&lab, &claims());
    for (operation, name, arn, code) in [
        ("assume_role", "p", ROLE, "ValidationError"),
        ("assume_role", "pod", "arn:aws:iam::123456789012:user/app", "ValidationError"),
        ("assume_role", "pod", ROLE, "MalformedPolicyDocument"),
        ("assume_role_with_web_identity", "p", ROLE, "ValidationError"),
        ("assume_role_with_web_identity", "pod", ROLE, "MalformedPolicyDocument"),
    ] {
        let mut request = json!({ "RoleArn": arn, "RoleSessionName": name, "Policy": "{ not json" });
        if operation.ends_with("identity") {
            request["WebIdentityToken"] = json!(token);
        }
        let refusal = lab.refused(&format!("sts.{operation}"), request);
        assert_eq!(&*refusal.code, code, "{operation} {name} {arn}: {}", refusal.message);
    }
}

#[test]
fn an_external_id_must_be_said() {
    let mut lab = Lab::new(42);
    let mut trust = trusting(json!({ "AWS": "123456789012" }));
    trust["Statement"]["Condition"] = json!({ "StringEquals": { "sts:ExternalId": "42" } });
    lab.ok("iam.create_role", json!({ "RoleName": "app", "AssumeRolePolicyDocument": trust.to_string() }));
    let mut request = json!({ "RoleArn": ROLE, "RoleSessionName": "me" });
    let refusal = lab.refused("sts.assume_role", request.clone());
    assert!(refusal.because.contains("sts:ExternalId: the request has no such key"), "{}", refusal.because);
    request["ExternalId"] = json!("42");
    lab.ok("sts.assume_role", request);
}

/// Whom a resource policy names decides whether it passes under the boundary: the session does, its role does not.
/// [semantics/eks.md 6.1]
#[test]
fn the_simulator_asks_as_a_session_of_the_role() {
    let mut lab = Lab::new(42);
    let policy = |statement: Value| json!({ "Version": "2012-10-17", "Statement": [statement] });
    let other = policy(json!({ "Effect": "Allow", "Action": "ec2:*", "Resource": "*" }));
    let cap = lab.ok("iam.create_policy", json!({ "PolicyName": "cap", "PolicyDocument": other }));
    let trust = trusting(json!({ "Service": "ecs-tasks.amazonaws.com" }));
    for (name, boundary) in [("free", None), ("app", Some(cap["Policy"]["Arn"].clone()))] {
        let mut request = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust });
        if let Some(boundary) = boundary {
            request["PermissionsBoundary"] = boundary;
        }
        lab.ok("iam.create_role", request);
    }
    for (role, principal, decision) in [
        ("free", "arn:aws:iam::123456789012:role/free", "allowed"),
        ("free", "arn:aws:iam::123456789012:role/app", "implicitDeny"),
        ("free", "123456789012", "implicitDeny"),
        ("app", "arn:aws:iam::123456789012:role/app", "implicitDeny"),
        ("app", "*", "allowed"),
    ] {
        let statement = json!({
            "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
        });
        let asked = json!({
            "PolicySourceArn": format!("arn:aws:iam::123456789012:role/{role}"), "ActionNames": ["s3:GetObject"],
            "ResourceArns": ["arn:aws:s3:::b/k"], "ResourcePolicy": policy(statement),
        });
        let answer = lab.ok("iam.simulate_principal_policy", asked);
        assert_eq!(
            answer["EvaluationResults"][0]["EvalDecision"], decision,
            "{role}, and the policy names {principal}"
        );
    }
}

/// What a session may do: identity policies, session policies, boundary, and a role that is gone.
#[test]
fn a_session_may_do_what_its_role_may() {
    let mut lab = Lab::new(42);
    let trust = trusting(json!({ "AWS": "123456789012" }));
    lab.ok("iam.create_role", json!({ "RoleName": "app", "AssumeRolePolicyDocument": trust }));
    let session = |lab: &mut Lab, policy: Option<Value>| {
        let mut request = json!({ "RoleArn": ROLE, "RoleSessionName": "me" });
        if let Some(policy) = policy {
            request["Policy"] = policy;
        }
        let answer = lab.ok("sts.assume_role", request);
        let key = answer["Credentials"]["AccessKeyId"].as_str().unwrap().to_owned();
        lab.session.world().find_session(&key).unwrap()
    };
    let plain = session(&mut lab, None);
    let narrow = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*" } });
    let capped = session(&mut lab, Some(narrow));
    let may = |lab: &Lab, session| {
        let world = lab.session.world();
        authorize::session_may(
            world,
            &world.iam.sessions[session],
            "s3:GetObject",
            "arn:aws:s3:::photos/cat",
            Keys::default(),
        )
    };
    let verdict = may(&lab, plain);
    assert_eq!(
        denial::sentence(&verdict),
        "User: arn:aws:sts::123456789012:assumed-role/app/me is not authorized to perform: s3:GetObject on resource: \
         \"arn:aws:s3:::photos/cat\" because no identity-based policy allows the s3:GetObject action"
    );
    let arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    lab.ok("iam.attach_role_policy", json!({ "RoleName": "app", "PolicyArn": arn }));
    assert!(may(&lab, plain).is_allowed());
    let sentence = denial::sentence(&may(&lab, capped));
    assert!(sentence.ends_with("because no session policy allows the s3:GetObject action"), "{sentence}");
    lab.ok("iam.detach_role_policy", json!({ "RoleName": "app", "PolicyArn": arn }));
    lab.ok("iam.delete_role", json!({ "RoleName": "app" }));
    assert!(!may(&lab, plain).is_allowed());
}

#[test]
fn the_execution_role_of_the_documentation() {
    let mut lab = Lab::new(42);
    let trust = trusting(json!({ "Service": "ecs-tasks.amazonaws.com" }));
    lab.ok("iam.create_role", json!({ "RoleName": "ecsTaskExecutionRole", "AssumeRolePolicyDocument": trust }));
    let arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
    lab.ok("iam.attach_role_policy", json!({ "RoleName": "ecsTaskExecutionRole", "PolicyArn": arn }));
    let world = lab.session.world();
    let role = world.iam.role("ecsTaskExecutionRole").unwrap();
    assert!(authorize::trusts_service(world, role, "ecs-tasks.amazonaws.com").is_allowed());
    let other = authorize::trusts_service(world, role, "ecs.amazonaws.com");
    assert_eq!(
        denial::because(&other),
        "statement 1 of the trust policy of ecsTaskExecutionRole: Principal is \"ecs.amazonaws.com\" in the request and \"ecs-tasks.amazonaws.com\" in the policy: they differ at character 4"
    );
    let answer = lab.ok(
        "iam.simulate_principal_policy",
        json!({
            "PolicySourceArn": "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
            "ActionNames": ["ecr:BatchGetImage", "logs:CreateLogGroup"],
            "PolicyInputList": [{ "Version": "2012-10-17", "Statement": {
                "Effect": "Deny", "Action": "logs:*", "Resource": "*",
                "Condition": { "StringNotEquals": { "aws:RequestedRegion": "us-east-1" } },
            } }],
        }),
    );
    let results = answer["EvaluationResults"].as_array().unwrap();
    assert_eq!(results[0]["EvalDecision"], "allowed");
    assert_eq!(results[0]["MatchedStatements"][0]["SourcePolicyId"], "AmazonECSTaskExecutionRolePolicy");
    assert_eq!(results[1]["EvalDecision"], "explicitDeny");
    assert_eq!(results[1]["MissingContextValues"], json!(["aws:RequestedRegion"]));
}

/// Every refusal of IAM's own: code, sentence, and where it points.
#[test]
fn what_iam_refuses() {
    let mut lab = lab(&right());
    let s3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    let read =
        json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" } });
    lab.ok("iam.create_role", json!({ "RoleName": "busy", "AssumeRolePolicyDocument": right() }));
    lab.ok("iam.attach_role_policy", json!({ "RoleName": "busy", "PolicyArn": s3 }));
    lab.ok("iam.create_role", json!({ "RoleName": "inline", "AssumeRolePolicyDocument": right() }));
    let inline = json!({ "RoleName": "inline", "PolicyName": "read", "PolicyDocument": read });
    lab.ok("iam.put_role_policy", inline);
    lab.ok("iam.create_policy", json!({ "PolicyName": "read", "PolicyDocument": read }));
    let long: String = "x".repeat(65);
    for (name, request, code, message) in [
        ("iam.get_role", json!({ "RoleName": "nobody" }), "NoSuchEntity", "The role with name nobody cannot be found."),
        (
            "iam.create_role",
            json!({ "RoleName": "APP", "AssumeRolePolicyDocument": right() }),
            "EntityAlreadyExists",
            "Role with name APP already exists.",
        ),
        (
            "iam.create_role",
            json!({ "RoleName": "a b", "AssumeRolePolicyDocument": right() }),
            "ValidationError",
            "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
        ),
        (
            "iam.create_role",
            json!({ "RoleName": long, "AssumeRolePolicyDocument": right() }),
            "ValidationError",
            &format!(
                "1 validation error detected: Value '{long}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64"
            ),
        ),
        (
            "iam.create_role",
            json!({ "RoleName": "new", "Path": "teams", "AssumeRolePolicyDocument": right() }),
            "ValidationError",
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
        ),
        (
            "iam.create_role",
            json!({ "RoleName": "new", "MaxSessionDuration": 900, "AssumeRolePolicyDocument": right() }),
            "ValidationError",
            "1 validation error detected: Value '900' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
        ),
        (
            "iam.create_role",
            json!({ "RoleName": "new", "AssumeRolePolicyDocument": read }),
            "MalformedPolicyDocument",
            "Has prohibited field Resource",
        ),
        (
            "iam.create_role",
            json!({ "RoleName": "new", "AssumeRolePolicyDocument": trusting(json!({ "AWS": "arn:aws:iam::123456789012:role/none" })) }),
            "MalformedPolicyDocument",
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/none\"",
        ),
        (
            "iam.create_role",
            json!({ "RoleName": "new", "AssumeRolePolicyDocument": "{" }),
            "MalformedPolicyDocument",
            "This policy contains invalid Json",
        ),
        (
            "iam.update_assume_role_policy",
            json!({ "RoleName": "app", "PolicyDocument": trusting(json!({ "Service": vec!["ecs-tasks.amazonaws.com"; 90] })) }),
            "LimitExceeded",
            "Cannot exceed quota for ACLSizePerRole: 2048",
        ),
        (
            "iam.delete_role",
            json!({ "RoleName": "busy" }),
            "DeleteConflict",
            "Cannot delete entity, must detach all policies first.",
        ),
        (
            "iam.delete_role",
            json!({ "RoleName": "inline" }),
            "DeleteConflict",
            "Cannot delete entity, must delete policies first.",
        ),
        (
            "iam.get_role_policy",
            json!({ "RoleName": "app", "PolicyName": "read" }),
            "NoSuchEntity",
            "The role policy with name read cannot be found.",
        ),
        (
            "iam.put_role_policy",
            json!({ "RoleName": "app", "PolicyName": "read", "PolicyDocument": right() }),
            "MalformedPolicyDocument",
            "Policy document should not specify a principal.",
        ),
        (
            "iam.create_policy",
            json!({ "PolicyName": "read", "PolicyDocument": read }),
            "EntityAlreadyExists",
            "A policy called read already exists. Duplicate names are not allowed.",
        ),
        (
            "iam.attach_role_policy",
            json!({ "RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/Nothing" }),
            "NoSuchEntity",
            "Policy arn:aws:iam::aws:policy/Nothing does not exist or is not attachable.",
        ),
        (
            "iam.detach_role_policy",
            json!({ "RoleName": "app", "PolicyArn": s3 }),
            "NoSuchEntity",
            "Policy arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess was not found.",
        ),
        (
            "iam.create_open_id_connect_provider",
            json!({ "Url": issuer() }),
            "EntityAlreadyExists",
            &format!("Provider with url {} already exists.", issuer()),
        ),
        (
            "iam.create_open_id_connect_provider",
            json!({ "Url": HOST }),
            "ValidationError",
            "Invalid Open ID Connect Provider URL",
        ),
        (
            "iam.get_open_id_connect_provider",
            json!({ "OpenIDConnectProviderArn": provider_arn("111122223333") }),
            "NoSuchEntity",
            &format!("OpenIDConnect Provider not found for arn {}", provider_arn("111122223333")),
        ),
        (
            "iam.add_client_id_to_open_id_connect_provider",
            json!({ "OpenIDConnectProviderArn": provider_arn("111122223333"), "ClientID": "sts.amazonaws.com" }),
            "NoSuchEntity",
            &format!("OpenIDConnect Provider not found for arn {}", provider_arn("111122223333")),
        ),
        (
            "iam.add_client_id_to_open_id_connect_provider",
            json!({ "OpenIDConnectProviderArn": provider_arn("123456789012"), "ClientID": "" }),
            "ValidationError",
            "1 validation error detected: Value '' at 'clientID' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (
            "iam.simulate_principal_policy",
            json!({ "PolicySourceArn": "arn:aws:iam::123456789012:role/nobody", "ActionNames": ["s3:GetObject"] }),
            "NoSuchEntity",
            "The entity arn:aws:iam::123456789012:role/nobody cannot be found.",
        ),
        ("iam.list_roles", json!({ "MaxItems": 0 }), "ValidationError", "MaxItems must be between 1 and 1000."),
    ] {
        let refusal = lab.refused(name, request.clone());
        assert_eq!((&*refusal.code, refusal.message.as_str()), (code, message), "{name} {request}");
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{name} {refusal:?}");
    }
}

#[test]
fn what_is_shown_is_what_was_written() {
    let mut lab = lab(&right());
    let role = lab.ok("iam.get_role", json!({ "RoleName": "app" }))["Role"].clone();
    assert_eq!(role["AssumeRolePolicyDocument"], right());
    assert_eq!(role["Arn"], ROLE);
    assert_eq!(role["MaxSessionDuration"], 3600);
    let id = role["RoleId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("AROA") && id.len() == 21, "{id}");
    lab.ok("iam.delete_role", json!({ "RoleName": "app" }));
    let again = json!({ "RoleName": "app", "AssumeRolePolicyDocument": right() });
    let role = lab.ok("iam.create_role", again)["Role"].clone();
    assert_ne!(role["RoleId"], id.as_str(), "a role that is created again is another one");
    for nth in 0..3 {
        lab.ok("iam.create_role", json!({ "RoleName": format!("r{nth}"), "AssumeRolePolicyDocument": right() }));
    }
    let first = lab.ok("iam.list_roles", json!({ "MaxItems": 3 }));
    assert_eq!(first["IsTruncated"], true);
    let second = lab.ok("iam.list_roles", json!({ "MaxItems": 3, "Marker": first["Marker"] }));
    assert_eq!((second["IsTruncated"].clone(), second["Roles"].as_array().unwrap().len()), (json!(false), 1));
    let arn = json!({ "OpenIDConnectProviderArn": provider_arn("123456789012") });
    lab.ok("iam.delete_open_id_connect_provider", arn.clone());
    lab.ok("iam.delete_open_id_connect_provider", arn);
    let listed = lab.ok("iam.list_open_id_connect_providers", json!({}));
    assert_eq!(listed["OpenIDConnectProviderList"], json!([]));
}
