//! What would turn a no into a yes: how the statement that came closest could be written so that it matches; how a role
//! that is missing is created, and how one is made to trust a service.
//!
//! Whoever does what is said here is allowed afterwards, so everything that is in the way is named. What an inverted
//! element (`NotAction`, `NotResource`, `NotPrincipal`) leaves out cannot be added to it: that takes a statement of its
//! own.

use super::condition;
use super::trace::{ConditionTrace, ElementTrace, Kind, PolicyTrace, StatementTrace, Verdict};
use crate::model::policy::{Condition, Operator, Test, Version};

/// How a role of this path is created, as it can be typed: one that an AWS service takes on, or one that somebody else
/// does, and then its trust is for the reader to write.
pub fn creation(name: &str, path: &str, service: Option<&str>) -> String {
    let path = if path == "/" { String::new() } else { format!(" Path: \"{path}\",") };
    let trust = service.map_or("#{ … }".to_owned(), trust);
    format!("iam.create_role(#{{ RoleName: \"{name}\",{path} AssumeRolePolicyDocument: {trust} }})")
}

/// How a role is made to trust an AWS service, as it can be typed. Whom it trusted before, it does so no longer.
pub fn trusting(name: &str, service: &str) -> String {
    format!("iam.update_assume_role_policy(#{{ RoleName: \"{name}\", PolicyDocument: {} }})", trust(service))
}

/// The trust policy of a role that an AWS service takes on.
fn trust(service: &str) -> String {
    format!(
        "#{{ Version: \"2012-10-17\", Statement: [#{{ Effect: \"Allow\", Principal: #{{ Service: \"{service}\" }}, \
         Action: \"sts:AssumeRole\" }}] }}"
    )
}

/// How an allowing statement that does not match could be made to.
pub(super) fn statement(policy: &PolicyTrace, statement: &StatementTrace, verdict: &Verdict) -> String {
    let missed = || statement.elements.iter().filter(|element| !element.matched);
    if let Some(inverted) = missed().find(|element| element.element.starts_with("Not")) {
        return of_its_own(policy, statement, inverted, verdict);
    }
    let elements = missed().map(|missed| element(missed, policy, verdict));
    let conditions = statement.conditions.iter().filter(|condition| !condition.matched);
    let conditions = conditions.map(|missed| format!("in {}, {}", policy.name, condition(missed, verdict)));
    elements.chain(conditions).collect::<Vec<_>>().join(", and ")
}

fn element(element: &ElementTrace, policy: &PolicyTrace, verdict: &Verdict) -> String {
    let (request, policy) = (&verdict.request, &policy.name);
    match &*element.element {
        "Action" => format!("allow `{}` in {policy}", request.action),
        "Principal" => format!("in {policy}, name the caller as Principal: `{}`", request.caller.name()),
        other => format!("make the {other} of {policy} cover `{}`", request.resource),
    }
}

/// A statement beside one that leaves the request out.
fn of_its_own(policy: &PolicyTrace, statement: &StatementTrace, left_out: &ElementTrace, verdict: &Verdict) -> String {
    let request = &verdict.request;
    let on = match policy.kind {
        Kind::Trust => String::new(),
        _ => format!(" on `{}`", request.resource),
    };
    let who = match policy.kind {
        Kind::Trust | Kind::Resource => format!(" and names `{}` as Principal", request.caller.name()),
        _ => String::new(),
    };
    let (name, element, number) = (&policy.name, &left_out.element, statement.number);
    format!(
        "add a statement to {name} that allows `{}`{on}{who}: the {element} of statement {number} leaves it out",
        request.action
    )
}

/// How a condition could be written so that it holds.
fn condition(condition: &ConditionTrace, verdict: &Verdict) -> String {
    let ConditionTrace { operator: written, key, .. } = condition;
    let operator = Operator::parse(written).expect("a trace has the operator of a policy that was read");
    let Some(actual) = condition.had() else {
        return without_key(condition, operator, verdict);
    };
    let had = actual.join("\", \"");
    match operator.test {
        Test::Null => format!("write \"false\" for Null `{key}`: the request has this key"),
        test if test.negates().is_some() => spare(condition),
        Test::DateLessThan | Test::DateLessThanEquals => format!("write a moment after \"{had}\" for `{key}`"),
        Test::DateGreaterThan | Test::DateGreaterThanEquals => format!("write a moment before \"{had}\" for `{key}`"),
        Test::DateEquals => format!(
            "use {} with a moment before \"{had}\" for `{key}`: no two requests meet the same moment",
            Operator { test: Test::DateGreaterThanEquals, ..operator }
        ),
        Test::NumericLessThan | Test::NumericLessThanEquals => format!("write a number above \"{had}\" for `{key}`"),
        Test::NumericGreaterThan | Test::NumericGreaterThanEquals => {
            format!("write a number below \"{had}\" for `{key}`")
        }
        Test::StringEquals if holds(condition, Operator { test: Test::StringLike, ..operator }, key, verdict) => {
            format!("use {} for a pattern", Operator { test: Test::StringLike, ..operator })
        }
        _ => format!("write \"{had}\" for `{key}`, or let somebody ask who has what it says"),
    }
}

/// A condition on a key that the request does not have: perhaps it has it under another name, with issuers and ARNs in
/// front.
fn without_key(condition: &ConditionTrace, operator: Operator, verdict: &Verdict) -> String {
    let key = &condition.key;
    if operator.test == Test::Null {
        return format!("write \"true\" for Null `{key}`: the request does not have this key");
    }
    let end = |key: &str| key.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    let keys = &verdict.request.keys;
    let Some(known) = keys.names().find(|known| end(known) == end(key) && !known.eq_ignore_ascii_case(key)) else {
        return format!("remove the condition on `{key}`, or use one of the keys that the request has");
    };
    match keys.get(known) {
        Some(values) if !holds(condition, operator, known, verdict) => {
            format!("write the key as `{known}`, and \"{}\" for its value", values.join("\", \""))
        }
        _ => format!("write the key as `{known}`"),
    }
}

/// What a negated condition names, it leaves out.
fn spare(condition: &ConditionTrace) -> String {
    let ConditionTrace { operator, key, .. } = condition;
    let matched = || condition.comparisons.iter().filter(|comparison| comparison.matched);
    let is_named = |value: &&String| matched().any(|comparison| comparison.expected == **value);
    let actual = matched().next().map(|comparison| comparison.actual.as_str()).unwrap_or_default();
    if condition.expected.iter().all(|value| is_named(&value)) {
        return format!("remove the condition {operator} on `{key}`: it leaves \"{actual}\" out");
    }
    let named: Vec<&str> = condition.expected.iter().filter(is_named).map(String::as_str).collect();
    format!("take \"{}\" out of {operator} `{key}`: it leaves \"{actual}\" out", named.join("\", \""))
}

/// Whether the values of a condition would hold under another operator or for another key.
fn holds(condition: &ConditionTrace, operator: Operator, key: &str, verdict: &Verdict) -> bool {
    let values = condition.expected.iter().map(|value| value.as_str().into()).collect();
    let changed = Condition { operator, key: key.into(), values };
    condition::check(&changed, Version::V2008, &verdict.request.keys).matched
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_created_where_it_was() {
        let trust = "#{ Version: \"2012-10-17\", Statement: [#{ Effect: \"Allow\", Principal: #{ Service: \
                     \"ec2.amazonaws.com\" }, Action: \"sts:AssumeRole\" }] }";
        for (path, service, created) in [
            ("/", Some("ec2.amazonaws.com"), format!(" AssumeRolePolicyDocument: {trust}")),
            ("/teams/", Some("ec2.amazonaws.com"), format!(" Path: \"/teams/\", AssumeRolePolicyDocument: {trust}")),
            ("/teams/", None, " Path: \"/teams/\", AssumeRolePolicyDocument: #{ … }".to_owned()),
        ] {
            let whole = format!("iam.create_role(#{{ RoleName: \"app\",{created} }})");
            assert_eq!(creation("app", path, service), whole);
        }
    }
}
