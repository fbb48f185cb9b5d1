//! A no in words: AWS's own sentence, and what AWS keeps to itself: which statement came closest, and what in it does
//! not match. Made from a [`Verdict`] alone, so that it can be told later, too.
//! [IAM-UG troubleshoot_access-denied; semantics/eks.md 6.1]

use super::mend;
use super::trace::{Comparison, ConditionTrace, Decision, ElementTrace, Kind, PolicyTrace, StatementTrace, Verdict};
use crate::model::policy::Effect;
use crate::world::iam::is_of_aws;

/// AWS's sentence about a request that was denied.
pub fn sentence(verdict: &Verdict) -> String {
    let request = &verdict.request;
    let resource = match request.action.starts_with("s3:") {
        true => format!("\"{}\"", request.resource),
        false => request.resource.clone(),
    };
    let words = verdict.decided_by.words();
    let reason = match verdict.decision {
        Decision::ExplicitDeny if words.starts_with('i') => format!("with an explicit deny in an {words}"),
        Decision::ExplicitDeny => format!("with an explicit deny in a {words}"),
        _ => format!("because no {words} allows the {} action", request.action),
    };
    format!(
        "User: {} is not authorized to perform: {} on resource: {resource} {reason}",
        request.caller.name(),
        request.action
    )
}

/// What AWS does not say: the statement that denies, or the one that came closest and what in it does not match.
pub fn because(verdict: &Verdict) -> String {
    let policies = verdict.policies.iter().filter(|policy| policy.kind == verdict.decided_by);
    match verdict.decision {
        Decision::Allowed => "it is allowed".to_owned(),
        Decision::ExplicitDeny => {
            let denying = |policy| statements(policy, Effect::Deny).find(|statement| statement.matched);
            match policies.filter_map(|policy| Some((policy, denying(policy)?))).next() {
                Some((policy, statement)) => format!("{} denies it, and a deny wins", place(policy, statement)),
                None => "a statement denies it, and a deny wins".to_owned(),
            }
        }
        Decision::ImplicitDeny => match closest(verdict) {
            Some((policy, statement)) => {
                format!("{}: {}", place(policy, statement), misses(statement, verdict).join("; "))
            }
            None => format!("no {} allows anything here", verdict.decided_by.words()),
        },
    }
}

/// What would work instead.
pub fn way_out(verdict: &Verdict) -> String {
    let action = &verdict.request.action;
    if verdict.decision == Decision::ExplicitDeny {
        return "change or remove the statement that denies; no Allow can outweigh it".to_owned();
    }
    // Nobody can change a policy of AWS's.
    match closest(verdict).filter(|(policy, _)| policy.kind != Kind::Identity || !is_of_aws(&policy.name)) {
        Some((policy, statement)) => mend::statement(policy, statement, verdict),
        None if verdict.decided_by == Kind::Identity => {
            format!("give the role a policy that allows `{action}`: iam.put_role_policy(#{{ … }})")
        }
        None => format!("add a statement that allows `{action}` to the {}", verdict.decided_by.words()),
    }
}

/// The allowing statement of the policies that should have allowed that came closest: with the fewest misses, and one
/// about this action before one about another; in a trust policy, all actions are about the same.
fn closest(verdict: &Verdict) -> Option<(&PolicyTrace, &StatementTrace)> {
    let policies = verdict.policies.iter().filter(|policy| policy.kind == verdict.decided_by);
    policies.flat_map(|policy| statements(policy, Effect::Allow).map(move |statement| (policy, statement))).min_by_key(
        |(policy, statement)| {
            let elsewhere = |element: &&ElementTrace| element.element.ends_with("Action") && !element.matched;
            let elsewhere = policy.kind != Kind::Trust && statement.elements.iter().any(|e| elsewhere(&e));
            (elsewhere, statement.misses())
        },
    )
}

fn statements(policy: &PolicyTrace, effect: Effect) -> impl Iterator<Item = &StatementTrace> {
    policy.statements.iter().filter(move |statement| statement.effect == effect)
}

fn place(policy: &PolicyTrace, statement: &StatementTrace) -> String {
    let number = match &statement.sid {
        Some(sid) => format!("statement {} ({sid})", statement.number),
        None => format!("statement {}", statement.number),
    };
    format!("{number} of {}", policy.name)
}

/// What in a statement does not match, in order.
fn misses(statement: &StatementTrace, verdict: &Verdict) -> Vec<String> {
    let elements = statement.elements.iter().filter(|element| !element.matched).map(element_miss);
    let conditions = statement.conditions.iter().filter(|condition| !condition.matched);
    elements.chain(conditions.map(|condition| condition_miss(condition, verdict))).collect()
}

fn element_miss(element: &ElementTrace) -> String {
    match nearest(&element.comparisons) {
        Some(comparison) if comparison.matched => {
            format!("{} names \"{}\", which leaves \"{}\" out", element.element, comparison.expected, comparison.actual)
        }
        Some(comparison) => format!("{} is {}", element.element, beside(comparison)),
        None => format!("{} names nothing", element.element),
    }
}

/// What about a condition does not hold.
pub fn condition_miss(condition: &ConditionTrace, verdict: &Verdict) -> String {
    let ConditionTrace { operator, key, .. } = condition;
    if condition.operator == "Null" {
        let state = if condition.had().is_some() { "has" } else { "does not have" };
        return format!("Null {key} is \"{}\", and the request {state} this key", condition.expected.join("\" or \""));
    }
    let Some(nearest) = nearest(&condition.comparisons) else {
        let is_general = |name: &str| name.to_ascii_lowercase().starts_with("aws:");
        let names = verdict.request.keys.names().filter(|name| is_general(key) || !is_general(name));
        let known = names.collect::<Vec<_>>().join(", ");
        let known = if known.is_empty() { "none of that kind" } else { &known };
        return format!("{operator} {key}: the request has no such key{}; it has {known}", hint(condition));
    };
    if nearest.matched {
        return format!(
            "{operator} {key} is \"{}\", and \"{}\" is what it must not be",
            nearest.actual, nearest.expected
        );
    }
    format!("{operator} {key} is {}{}", beside(nearest), hint(condition))
}

/// A common mistake behind a condition that does not hold.
pub fn hint(condition: &ConditionTrace) -> &'static str {
    let literal = condition.operator.contains("StringEquals");
    if condition.actual.is_none() && condition.key.contains("://") {
        " (condition keys begin with the issuer without https://)"
    } else if condition.actual.is_none() && condition.key.starts_with("arn:") {
        " (condition keys begin with the issuer, not with the provider's ARN)"
    } else if literal && condition.expected.iter().any(|expected| expected.contains(['*', '?'])) {
        " (under StringEquals, * and ? are plain characters)"
    } else {
        ""
    }
}

/// The comparison that went furthest; a matching one first.
fn nearest(comparisons: &[Comparison]) -> Option<&Comparison> {
    comparisons.iter().rev().max_by_key(|comparison| (comparison.matched, comparison.differs_at))
}

fn beside(comparison: &Comparison) -> String {
    let Comparison { expected, actual, differs_at, .. } = comparison;
    match differs_at {
        Some(at) => {
            format!("\"{actual}\" in the request and \"{expected}\" in the policy: they differ at character {}", at + 1)
        }
        None => format!("\"{actual}\" in the request and \"{expected}\" in the policy"),
    }
}
