//! Tables over the evaluator: every rule of semantics/eks.md 6.1.

use serde_json::{Value, json};

use super::super::denial;
use super::super::request::Keys;
use super::*;
use crate::model::policy::Purpose;

const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/s1";

fn session() -> Caller {
    Caller::Aws { arn: SESSION.into(), role: Some(ROLE.into()) }
}

fn request(caller: Caller, action: &str, resource: &str) -> Request {
    Request { caller, action: action.into(), resource: resource.into(), keys: Keys::default() }
}

fn decided(request: Request, policies: &[(Kind, Value)]) -> Verdict {
    let read = |(kind, statements): &(Kind, Value)| {
        let purpose = match kind {
            Kind::Trust => Purpose::Trust,
            Kind::Resource => Purpose::Resource,
            _ => Purpose::Identity,
        };
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        (*kind, Document::parse(&document, purpose).unwrap())
    };
    let documents: Vec<(Kind, Document)> = policies.iter().map(read).collect();
    let policies: Vec<Policy> =
        documents.iter().map(|(kind, document)| Policy { kind: *kind, name: "P".into(), document }).collect();
    evaluate(request, &policies)
}

fn allow() -> Value {
    json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" })
}

fn allow_for(principal: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "*" })
}

fn deny() -> Value {
    json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "*" })
}

fn other() -> Value {
    json!({ "Effect": "Allow", "Action": "ec2:*", "Resource": "*" })
}

/// A resource policy that names nobody in the request.
fn deny_for(principal: Value) -> Value {
    json!({ "Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": "*" })
}

#[test]
fn the_order_of_policies() {
    use Decision::{Allowed, ExplicitDeny, ImplicitDeny};
    use Kind::{Boundary, Identity, Resource, ResourceControl, ServiceControl, Session};
    let by_role = || allow_for(json!({ "AWS": ROLE }));
    let by_session = || allow_for(json!({ "AWS": SESSION }));
    let by_account = || allow_for(json!({ "AWS": "111122223333" }));
    for (name, policies, decision, by) in [
        ("nothing allows", vec![], ImplicitDeny, Identity),
        ("an identity policy", vec![(Identity, allow())], Allowed, Identity),
        ("another action", vec![(Identity, other())], ImplicitDeny, Identity),
        ("a deny wins", vec![(Identity, json!([allow(), deny()]))], ExplicitDeny, Identity),
        ("a deny elsewhere wins", vec![(Identity, allow()), (Session, deny())], ExplicitDeny, Session),
        (
            "a deny in the resource policy wins",
            vec![(Identity, allow()), (Resource, deny_for(json!("*")))],
            ExplicitDeny,
            Resource,
        ),
        (
            "a deny for somebody else does not",
            vec![(Identity, allow()), (Resource, deny_for(json!({ "AWS": "444455556666" })))],
            Allowed,
            Identity,
        ),
        ("a resource policy is enough", vec![(Resource, by_role())], Allowed, Resource),
        ("by account it is not", vec![(Resource, by_account())], ImplicitDeny, Identity),
        ("an SCP caps", vec![(ServiceControl, other()), (Identity, allow())], ImplicitDeny, ServiceControl),
        ("an SCP grants nothing", vec![(ServiceControl, allow())], ImplicitDeny, Identity),
        (
            "an RCP caps before an SCP",
            vec![(ServiceControl, other()), (ResourceControl, other()), (Identity, allow())],
            ImplicitDeny,
            ResourceControl,
        ),
        ("a boundary caps", vec![(Identity, allow()), (Boundary, other())], ImplicitDeny, Boundary),
        ("a boundary grants nothing", vec![(Boundary, allow())], ImplicitDeny, Identity),
        ("inside the boundary", vec![(Identity, allow()), (Boundary, allow())], Allowed, Identity),
        ("a session policy caps", vec![(Identity, allow()), (Session, other())], ImplicitDeny, Session),
        ("a session policy grants nothing", vec![(Session, allow())], ImplicitDeny, Identity),
        (
            "the session named by a resource policy passes under boundary and session policy",
            vec![(Resource, by_session()), (Boundary, other()), (Session, other())],
            Allowed,
            Resource,
        ),
        (
            "the role named by a resource policy does not",
            vec![(Resource, by_role()), (Boundary, other())],
            ImplicitDeny,
            Boundary,
        ),
    ] {
        let verdict = decided(request(session(), "s3:GetObject", "arn:aws:s3:::b/k"), &policies);
        assert_eq!((verdict.decision, verdict.decided_by), (decision, by), "{name}");
    }
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let queue = "arn:aws:sqs:us-east-1:444455556666:q";
    let identity = (Kind::Identity, json!({ "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*" }));
    let statement =
        json!({ "Effect": "Allow", "Principal": { "AWS": ROLE }, "Action": "sqs:SendMessage", "Resource": "*" });
    let resource = (Kind::Resource, statement);
    for (policies, allowed) in [
        (vec![identity.clone()], false),
        (vec![resource.clone()], false),
        (vec![identity.clone(), resource.clone()], true),
    ] {
        assert_eq!(decided(request(session(), "sqs:SendMessage", queue), &policies).is_allowed(), allowed);
    }
}

#[test]
fn actions_and_resources() {
    for (statement, action, resource, allowed) in [
        (json!({ "Action": "s3:getobject", "Resource": "*" }), "s3:GetObject", "arn:aws:s3:::b/k", true),
        (json!({ "Action": "S3:Get*", "Resource": "*" }), "s3:GetObject", "arn:aws:s3:::b/k", true),
        (json!({ "Action": "s3:Get?bject", "Resource": "*" }), "s3:GetObject", "arn:aws:s3:::b/k", true),
        (json!({ "Action": "*", "Resource": "*" }), "s3:GetObject", "arn:aws:s3:::b/k", true),
        (json!({ "Action": ["s3:Put*", "s3:Get*"], "Resource": "*" }), "s3:GetObject", "arn:aws:s3:::b/k", true),
        (json!({ "NotAction": "s3:Put*", "Resource": "*" }), "s3:GetObject", "arn:aws:s3:::b/k", true),
        (json!({ "NotAction": "s3:*", "Resource": "*" }), "s3:GetObject", "arn:aws:s3:::b/k", false),
        (json!({ "Action": "*", "Resource": "arn:aws:s3:::b/*" }), "s3:GetObject", "arn:aws:s3:::b/a/b:c", true),
        (json!({ "Action": "*", "Resource": "arn:aws:s3:::b/*" }), "s3:ListBucket", "arn:aws:s3:::b", false),
        (json!({ "Action": "*", "Resource": "arn:aws:s3:::B/*" }), "s3:GetObject", "arn:aws:s3:::b/k", false),
        (json!({ "Action": "*", "NotResource": "arn:aws:s3:::b/*" }), "s3:GetObject", "arn:aws:s3:::c/k", true),
        (json!({ "Action": "*", "NotResource": "arn:aws:s3:::b/*" }), "s3:GetObject", "arn:aws:s3:::b/k", false),
    ] {
        let mut whole = statement.clone();
        whole["Effect"] = json!("Allow");
        let verdict = decided(request(session(), action, resource), &[(Kind::Identity, whole)]);
        assert_eq!(verdict.is_allowed(), allowed, "{statement}");
    }
}

#[test]
fn keys_and_operators_are_joined_by_and() {
    let keys = || Keys::default().with("a:x", ["1"]).with("a:y", ["2"]);
    for (condition, allowed) in [
        (json!({ "StringEquals": { "a:x": "1", "A:Y": "2" } }), true),
        (json!({ "StringEquals": { "a:x": "1", "a:y": "3" } }), false),
        (json!({ "StringEquals": { "a:x": ["0", "1"] } }), true),
        (json!({ "StringEquals": { "a:x": "1" }, "StringLike": { "a:y": "3*" } }), false),
        (json!({ "StringEquals": { "a:x": "${a:x}" } }), true),
        (json!({ "StringEquals": { "a:x": "${a:z}" } }), false),
        (json!({}), true),
    ] {
        let mut statement = allow();
        statement["Condition"] = condition.clone();
        let mut request = request(session(), "s3:GetObject", "arn:aws:s3:::b/k");
        request.keys = keys();
        assert_eq!(decided(request, &[(Kind::Identity, statement)]).is_allowed(), allowed, "{condition}");
    }
}

#[test]
fn a_trust_policy_must_allow() {
    let role = "arn:aws:iam::111122223333:role/other";
    let identity = || (Kind::Identity, json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*" }));
    let service = || Caller::Service("ecs-tasks.amazonaws.com".into());
    let abroad = || Caller::Aws { arn: "arn:aws:iam::444455556666:user/eve".into(), role: None };
    let trust = |member: &str, principal: Value| {
        (Kind::Trust, json!({ "Effect": "Allow", member: principal, "Action": "sts:AssumeRole" }))
    };
    let yes = |principal: Value| trust("Principal", principal);
    for (name, caller, policies, allowed) in [
        ("identity alone", session(), vec![identity(), yes(json!({ "Service": "ec2.amazonaws.com" }))], false),
        ("role named", session(), vec![yes(json!({ "AWS": ROLE }))], true),
        ("session named", session(), vec![yes(json!({ "AWS": SESSION }))], true),
        ("account named", session(), vec![yes(json!({ "AWS": "111122223333" }))], false),
        ("account and identity", session(), vec![identity(), yes(json!({ "AWS": "111122223333" }))], true),
        (
            "root and identity",
            session(),
            vec![identity(), yes(json!({ "AWS": "arn:aws:iam::111122223333:root" }))],
            true,
        ),
        ("another account", session(), vec![identity(), yes(json!({ "AWS": "444455556666" }))], false),
        ("anyone", session(), vec![yes(json!("*"))], true),
        ("anyone in AWS", session(), vec![yes(json!({ "AWS": "*" }))], true),
        ("all but me", session(), vec![trust("NotPrincipal", json!({ "AWS": ROLE }))], false),
        ("all but another", session(), vec![trust("NotPrincipal", json!({ "AWS": "444455556666" }))], true),
        ("from abroad, named", abroad(), vec![yes(json!({ "AWS": "444455556666" }))], false),
        ("from abroad, both", abroad(), vec![identity(), yes(json!({ "AWS": "444455556666" }))], true),
        ("a service", service(), vec![yes(json!({ "Service": "ecs-tasks.amazonaws.com" }))], true),
        (
            "another service",
            service(),
            vec![yes(json!({ "Service": ["ecs.amazonaws.com", "ec2.amazonaws.com"] }))],
            false,
        ),
        ("a service is in no account", service(), vec![yes(json!({ "AWS": "111122223333" }))], false),
    ] {
        assert_eq!(decided(request(caller, "sts:AssumeRole", role), &policies).is_allowed(), allowed, "{name}");
    }
}

#[test]
fn a_no_is_said_in_the_words_of_aws_and_in_ours() {
    let mut narrow = allow();
    narrow["Resource"] = json!("arn:aws:s3:::b/public/*");
    let base = "User: arn:aws:sts::111122223333:assumed-role/app/s1 is not authorized to perform: s3:GetObject on \
                resource: \"arn:aws:s3:::b/k\" ";
    for (policies, sentence, because) in [
        (
            vec![],
            "because no identity-based policy allows the s3:GetObject action",
            "no identity-based policy allows anything here",
        ),
        (
            vec![(Kind::Identity, json!([allow(), deny()]))],
            "with an explicit deny in an identity-based policy",
            "statement 2 of P denies it, and a deny wins",
        ),
        (
            vec![(Kind::Identity, allow()), (Kind::ServiceControl, other())],
            "because no service control policy allows the s3:GetObject action",
            "statement 1 of P: Action is \"s3:GetObject\" in the request and \"ec2:*\" in the policy: they differ at character 1",
        ),
        (
            vec![(Kind::Identity, json!([other(), narrow]))],
            "because no identity-based policy allows the s3:GetObject action",
            "statement 2 of P: Resource is \"arn:aws:s3:::b/k\" in the request and \"arn:aws:s3:::b/public/*\" in the policy: they differ at \
             character 16",
        ),
    ] {
        let verdict = decided(request(session(), "s3:GetObject", "arn:aws:s3:::b/k"), &policies);
        assert_eq!(denial::sentence(&verdict), format!("{base}{sentence}"));
        // The closest of several statements is the one with the fewest misses.
        assert_eq!(denial::because(&verdict), because);
        assert!(!denial::way_out(&verdict).is_empty());
    }
}
