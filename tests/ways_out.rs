//! A way out leads out: who does what it says is allowed afterwards. Each row is a policy that does not allow, what the
//! lab says about it, and the policy of somebody who followed that to the letter.

use longshore::aws::iam::denial;
use longshore::aws::iam::evaluate::{Policy, evaluate};
use longshore::aws::iam::request::{Caller, Keys, Request};
use longshore::aws::iam::trace::{Kind, Verdict};
use longshore::model::policy::{Document, Purpose};
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/app";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/app/s1";
const TARGET: &str = "arn:aws:iam::123456789012:role/target";
const OBJECT: &str = "arn:aws:s3:::photos/cat";
const NOW: &str = "2026-01-05T09:00:00Z";

/// What becomes of a request for an object, or for the role `target`, under one policy.
fn decided(kind: Kind, statements: &Value) -> Verdict {
    let caller = Caller::Aws { arn: SESSION.to_owned(), role: Some(ROLE.to_owned()) };
    let (action, resource, purpose) = match kind {
        Kind::Trust => ("sts:AssumeRole", TARGET, Purpose::Trust),
        _ => ("s3:GetObject", OBJECT, Purpose::Identity),
    };
    let keys = Keys::default()
        .with("aws:PrincipalArn", [ROLE])
        .with("aws:CurrentTime", [NOW])
        .with("aws:SourceIp", ["203.0.113.7"])
        .with("aws:TagKeys", ["a", "b"])
        .with("s3:max-keys", ["10"])
        .with("aws:SecureTransport", ["true"]);
    let text = json!({ "Version": "2012-10-17", "Statement": statements });
    let document = Document::parse(&text, purpose).unwrap();
    let request = Request { caller, action: action.to_owned(), resource: resource.to_owned(), keys };
    evaluate(request, &[Policy { kind, name: "P".to_owned(), document: &document }])
}

fn follow(kind: Kind, before: &Value, way_out: &str, after: &Value) {
    let verdict = decided(kind, before);
    assert!(!verdict.is_allowed(), "{before}");
    assert_eq!(denial::way_out(&verdict), way_out, "{before}");
    assert!(decided(kind, after).is_allowed(), "{way_out}\nbut {after} does not allow either");
}

/// Nobody can change a policy of AWS's: the role gets one of its own.
#[test]
fn a_policy_of_aws_is_left_alone() {
    let text =
        json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }] });
    let document = Document::parse(&text, Purpose::Identity).unwrap();
    for (name, way_out) in [
        ("AmazonS3ReadOnlyAccess", "give the role a policy that allows `s3:PutObject`: iam.put_role_policy(#{ … })"),
        ("mine", "allow `s3:PutObject` in mine"),
    ] {
        let request = Request {
            caller: Caller::Aws { arn: SESSION.to_owned(), role: Some(ROLE.to_owned()) },
            action: "s3:PutObject".to_owned(),
            resource: OBJECT.to_owned(),
            keys: Keys::default(),
        };
        let policy = Policy { kind: Kind::Identity, name: name.to_owned(), document: &document };
        assert_eq!(denial::way_out(&evaluate(request, &[policy])), way_out);
    }
}

/// The elements of a statement.
#[test]
fn elements() {
    let own = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT });
    let allow = |action: [&str; 2], resource: [&str; 2]| json!({ "Effect": "Allow", action[0]: action[1], resource[0]: resource[1] });
    let get = ["Action", "s3:GetObject"];
    for (before, way_out, after) in [
        (
            allow(["Action", "s3:PutObject"], ["Resource", "*"]),
            "allow `s3:GetObject` in P",
            json!([allow(["Action", "s3:PutObject"], ["Resource", "*"]), allow(get, ["Resource", "*"])]),
        ),
        (
            allow(get, ["Resource", "arn:aws:s3:::other/*"]),
            "make the Resource of P cover `arn:aws:s3:::photos/cat`",
            allow(get, ["Resource", OBJECT]),
        ),
        (
            allow(["Action", "s3:PutObject"], ["Resource", "arn:aws:s3:::other/*"]),
            "allow `s3:GetObject` in P, and make the Resource of P cover `arn:aws:s3:::photos/cat`",
            allow(get, ["Resource", OBJECT]),
        ),
        (
            allow(["Action", "s3:*"], ["NotResource", "arn:aws:s3:::photos/*"]),
            "add a statement to P that allows `s3:GetObject` on `arn:aws:s3:::photos/cat`: the NotResource of statement 1 leaves it out",
            json!([allow(["Action", "s3:*"], ["NotResource", "arn:aws:s3:::photos/*"]), own]),
        ),
        (
            allow(["NotAction", "s3:*"], ["Resource", "*"]),
            "add a statement to P that allows `s3:GetObject` on `arn:aws:s3:::photos/cat`: the NotAction of statement 1 leaves it out",
            json!([allow(["NotAction", "s3:*"], ["Resource", "*"]), own]),
        ),
    ] {
        follow(Kind::Identity, &before, way_out, &after);
    }
    let trust =
        |member: &str, name: &str| json!({ "Effect": "Allow", member: { "AWS": name }, "Action": "sts:AssumeRole" });
    follow(
        Kind::Trust,
        &trust("NotPrincipal", ROLE),
        &format!(
            "add a statement to P that allows `sts:AssumeRole` and names `{SESSION}` as Principal: the NotPrincipal of \
             statement 1 leaves it out"
        ),
        &json!([trust("NotPrincipal", ROLE), trust("Principal", SESSION)]),
    );
    follow(
        Kind::Trust,
        &trust("Principal", "111122223333"),
        &format!("in P, name the caller as Principal: `{SESSION}`"),
        &trust("Principal", SESSION),
    );
}

/// Conditions: operator, key, values, the way out, and the condition afterwards; none where it is to be removed.
#[test]
fn conditions() {
    type Row = (&'static str, &'static str, Value, &'static str, Option<Value>);
    let arn = "aws:PrincipalArn";
    let rows: [Row; 22] = [
        (
            "ArnEquals",
            arn,
            json!("arn:aws:iam::123456789012:role/web"),
            "write \"arn:aws:iam::123456789012:role/app\" for `aws:PrincipalArn`, or let somebody ask who has what it says",
            Some(json!({ "ArnEquals": { arn: ROLE } })),
        ),
        (
            "ArnNotEquals",
            arn,
            json!(ROLE),
            "remove the condition ArnNotEquals on `aws:PrincipalArn`: it leaves \"arn:aws:iam::123456789012:role/app\" out",
            None,
        ),
        (
            "StringNotLike",
            arn,
            json!(["arn:aws:iam::*:role/a*", "arn:aws:iam::*:role/b*"]),
            "take \"arn:aws:iam::*:role/a*\" out of StringNotLike `aws:PrincipalArn`: it leaves \"arn:aws:iam::123456789012:role/app\" out",
            Some(json!({ "StringNotLike": { arn: ["arn:aws:iam::*:role/b*"] } })),
        ),
        (
            "StringNotEquals",
            arn,
            json!([ROLE, ROLE]),
            "remove the condition StringNotEquals on `aws:PrincipalArn`: it leaves \"arn:aws:iam::123456789012:role/app\" out",
            None,
        ),
        (
            "ForAllValues:StringNotEquals",
            "aws:TagKeys",
            json!(["a", "c"]),
            "take \"a\" out of ForAllValues:StringNotEquals `aws:TagKeys`: it leaves \"a\" out",
            Some(json!({ "ForAllValues:StringNotEquals": { "aws:TagKeys": ["c"] } })),
        ),
        (
            "NotIpAddress",
            "aws:SourceIp",
            json!("203.0.113.0/24"),
            "remove the condition NotIpAddress on `aws:SourceIp`: it leaves \"203.0.113.7\" out",
            None,
        ),
        (
            "IpAddress",
            "aws:SourceIp",
            json!("10.0.0.0/8"),
            "write \"203.0.113.7\" for `aws:SourceIp`, or let somebody ask who has what it says",
            Some(json!({ "IpAddress": { "aws:SourceIp": "203.0.113.7" } })),
        ),
        (
            "DateLessThan",
            "aws:CurrentTime",
            json!("2026-01-01T00:00:00Z"),
            "write a moment after \"2026-01-05T09:00:00Z\" for `aws:CurrentTime`",
            Some(json!({ "DateLessThan": { "aws:CurrentTime": "2026-01-06" } })),
        ),
        (
            "DateLessThanEquals",
            "aws:CurrentTime",
            json!("2026-01-01"),
            "write a moment after \"2026-01-05T09:00:00Z\" for `aws:CurrentTime`",
            Some(json!({ "DateLessThanEquals": { "aws:CurrentTime": "2026-01-06" } })),
        ),
        (
            "DateGreaterThan",
            "aws:CurrentTime",
            json!("2026-02-01"),
            "write a moment before \"2026-01-05T09:00:00Z\" for `aws:CurrentTime`",
            Some(json!({ "DateGreaterThan": { "aws:CurrentTime": "2026-01-01" } })),
        ),
        (
            "DateGreaterThanEquals",
            "aws:CurrentTime",
            json!("2026-02-01"),
            "write a moment before \"2026-01-05T09:00:00Z\" for `aws:CurrentTime`",
            Some(json!({ "DateGreaterThanEquals": { "aws:CurrentTime": "2026-01-01" } })),
        ),
        (
            "DateEquals",
            "aws:CurrentTime",
            json!("2026-01-01"),
            "use DateGreaterThanEquals with a moment before \"2026-01-05T09:00:00Z\" for `aws:CurrentTime`: no two requests meet the same moment",
            Some(json!({ "DateGreaterThanEquals": { "aws:CurrentTime": "2026-01-01" } })),
        ),
        (
            "DateNotEquals",
            "aws:CurrentTime",
            json!(NOW),
            "remove the condition DateNotEquals on `aws:CurrentTime`: it leaves \"2026-01-05T09:00:00Z\" out",
            None,
        ),
        (
            "NumericLessThan",
            "s3:max-keys",
            json!("10"),
            "write a number above \"10\" for `s3:max-keys`",
            Some(json!({ "NumericLessThan": { "s3:max-keys": "11" } })),
        ),
        (
            "NumericGreaterThanEquals",
            "s3:max-keys",
            json!("11"),
            "write a number below \"10\" for `s3:max-keys`",
            Some(json!({ "NumericGreaterThanEquals": { "s3:max-keys": "9" } })),
        ),
        (
            "NumericEquals",
            "s3:max-keys",
            json!("11"),
            "write \"10\" for `s3:max-keys`, or let somebody ask who has what it says",
            Some(json!({ "NumericEquals": { "s3:max-keys": "10" } })),
        ),
        (
            "Bool",
            "aws:SecureTransport",
            json!("false"),
            "write \"true\" for `aws:SecureTransport`, or let somebody ask who has what it says",
            Some(json!({ "Bool": { "aws:SecureTransport": "true" } })),
        ),
        (
            "Null",
            "aws:SourceIp",
            json!("true"),
            "write \"false\" for Null `aws:SourceIp`: the request has this key",
            Some(json!({ "Null": { "aws:SourceIp": "false" } })),
        ),
        (
            "Null",
            "aws:SourceVpc",
            json!("false"),
            "write \"true\" for Null `aws:SourceVpc`: the request does not have this key",
            Some(json!({ "Null": { "aws:SourceVpc": "true" } })),
        ),
        (
            "StringEquals",
            arn,
            json!("arn:aws:iam::123456789012:role/a*"),
            "use StringLike for a pattern",
            Some(json!({ "StringLike": { arn: "arn:aws:iam::123456789012:role/a*" } })),
        ),
        (
            "StringEquals",
            arn,
            json!("arn:aws:iam::123456789012:role/b*"),
            "write \"arn:aws:iam::123456789012:role/app\" for `aws:PrincipalArn`, or let somebody ask who has what it says",
            Some(json!({ "StringEquals": { arn: ROLE } })),
        ),
        (
            "StringEquals",
            "aws:SourceVpc",
            json!("vpc-1"),
            "remove the condition on `aws:SourceVpc`, or use one of the keys that the request has",
            None,
        ),
    ];
    for (operator, key, values, way_out, after) in rows {
        let statement = |condition: Option<&Value>| {
            let mut statement = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" });
            if let Some(condition) = condition {
                statement["Condition"] = condition.clone();
            }
            statement
        };
        let before = json!({ operator: { key: values } });
        follow(Kind::Identity, &statement(Some(&before)), &format!("in P, {way_out}"), &statement(after.as_ref()));
    }
}

/// Everything that is in the way is named, not the first of it alone.
#[test]
fn all_of_it() {
    let before = json!({
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*",
        "Condition": { "Bool": { "aws:SecureTransport": "false" }, "NotIpAddress": { "aws:SourceIp": "203.0.113.7" } },
    });
    let way_out = "make the Resource of P cover `arn:aws:s3:::photos/cat`, and in P, write \"true\" for \
                   `aws:SecureTransport`, or let somebody ask who has what it says, and in P, remove the condition \
                   NotIpAddress on `aws:SourceIp`: it leaves \"203.0.113.7\" out";
    let after = json!({
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT,
        "Condition": { "Bool": { "aws:SecureTransport": "true" } },
    });
    follow(Kind::Identity, &before, way_out, &after);
}
