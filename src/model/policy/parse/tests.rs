//! Tables over policy documents: what reads, and what is said about what does not.

use serde_json::{Value, json};

use super::{Malformed, Purpose};
use crate::model::policy::{Document, Scope};

fn trust(statement: Value) -> Result<Document, Malformed> {
    Document::parse(&json!({ "Version": "2012-10-17", "Statement": [statement] }), Purpose::Trust)
}

fn identity(statement: Value) -> Result<Document, Malformed> {
    Document::parse(&json!({ "Version": "2012-10-17", "Statement": statement }), Purpose::Identity)
}

#[test]
fn one_or_many_text_or_map_read_alike() {
    let text =
        r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" } }"#;
    let one = Document::parse(&json!(text), Purpose::Identity).unwrap();
    assert_eq!(&*one.text, text, "the text is kept");
    let many = Document::parse(
        &json!({
            "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ["s3:Get*"], "Resource": ["*"] }],
        }),
        Purpose::Identity,
    )
    .unwrap();
    assert_eq!(one.statements, many.statements);
    assert_eq!(one.statements[0].action, Scope::Only(vec!["s3:Get*".into()]));
}

#[test]
fn conditions_are_flattened_to_operator_key_and_values() {
    let document = trust(json!({
        "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/x" },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": { "StringEquals": { "x:aud": "a", "x:sub": ["b", "c"] }, "Bool": { "aws:SecureTransport": true } },
    }))
    .unwrap();
    let shown: Vec<String> = document.statements[0]
        .conditions
        .iter()
        .map(|condition| format!("{} {} {}", condition.operator, condition.key, condition.values.join("|")))
        .collect();
    assert_eq!(shown, ["StringEquals x:aud a", "StringEquals x:sub b|c", "Bool aws:SecureTransport true"]);
}

#[test]
fn what_is_wrong_with_a_trust_policy_is_said_with_its_place() {
    let service = json!({ "Service": "ecs-tasks.amazonaws.com" });
    for (statement, message, path) in [
        (
            json!({ "Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole", "Resource": "*" }),
            "Has prohibited field Resource",
            "Statement.0",
        ),
        (json!({ "Effect": "Allow", "Action": "sts:AssumeRole" }), "Missing required field Principal", "Statement.0"),
        (json!({ "Effect": "Allow", "Principal": service }), "Missing required field Action", "Statement.0"),
        (json!({ "Principal": service, "Action": "sts:AssumeRole" }), "Missing required field Effect", "Statement.0"),
        (
            json!({ "Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole", "Conditions": {} }),
            "Unknown field Conditions",
            "Statement.0",
        ),
        (
            json!({ "Effect": "Allow", "Principal": service, "Action": "s3:GetObject" }),
            "AssumeRole policy may only specify STS AssumeRole actions",
            "Statement.0.Action",
        ),
        (
            json!({
                "Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": { "AWS": "arn:aws:iam::123456789012:role/*" },
            }),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/*\"",
            "Statement.0.Principal",
        ),
        (
            json!({
                "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/*" },
                "Action": "sts:AssumeRoleWithWebIdentity",
            }),
            "Invalid principal in policy: \"Federated\":\"arn:aws:iam::123456789012:oidc-provider/*\"",
            "Statement.0.Principal",
        ),
        (
            json!({ "Effect": "Allow", "Principal": { "Pod": "web" }, "Action": "sts:AssumeRole" }),
            "Invalid principal in policy: \"Pod\":\"web\"",
            "Statement.0.Principal",
        ),
        (
            json!({
                "Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole",
                "Condition": { "x:sub": { "StringEquals": "a" } },
            }),
            "Invalid Condition type : x:sub",
            "Statement.0.Condition.x:sub",
        ),
    ] {
        let malformed = trust(statement).unwrap_err();
        assert_eq!((malformed.message.as_str(), malformed.path.join(".").as_str()), (message, path));
        assert!(!malformed.because.is_empty() && !malformed.way_out.is_empty());
    }
}

#[test]
fn what_is_wrong_with_an_identity_policy_is_said_with_its_place() {
    for (statement, message, path) in [
        (
            json!({ "Effect": "Allow", "Action": "s3:GetObject" }),
            "Policy statement must contain resources.",
            "Statement",
        ),
        (json!({ "Effect": "Allow", "Resource": "*" }), "Policy statement must contain actions.", "Statement"),
        (
            json!({ "Effect": "Allow", "Action": "GetObject", "Resource": "*" }),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
            "Statement.Action",
        ),
        (
            json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "my-bucket" }),
            "Resource my-bucket must be in ARN format or \"*\".",
            "Statement.Resource",
        ),
        (
            json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": "*" }),
            "Policy document should not specify a principal.",
            "Statement",
        ),
        (
            json!({ "Effect": "allow", "Action": "s3:GetObject", "Resource": "*" }),
            "Syntax errors in policy.",
            "Statement",
        ),
        (json!([]), "Syntax errors in policy.", "Statement"),
        (
            json!([
                { "Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*" },
                { "Sid": "a", "Effect": "Deny", "Action": "*", "Resource": "*" },
            ]),
            "Statement IDs (SID) in a single policy must be unique.",
            "Statement.1",
        ),
    ] {
        let malformed = identity(statement).unwrap_err();
        assert_eq!((malformed.message.as_str(), malformed.path.join(".").as_str()), (message, path));
    }
}

#[test]
fn a_broken_text_and_an_old_version_are_refused() {
    let broken = Document::parse(&json!("{ Version: 1 }"), Purpose::Trust).unwrap_err();
    assert_eq!(broken.message, "This policy contains invalid Json");
    let old = Document::parse(
        &json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }),
        Purpose::Identity,
    );
    assert_eq!(old.unwrap_err().message, "Policy document must be version 2012-10-17 or greater.");
    assert_eq!(Document::parse(&json!(7), Purpose::Trust).unwrap_err().message, "Syntax errors in policy.");
}
