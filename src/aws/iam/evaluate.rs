//! The evaluator: request and policies in, decision and trace out. [IAM-UG reference_policies_evaluation-logic;
//! semantics/eks.md 6.1]
//!
//! An explicit deny anywhere wins. Then the ceilings of the organisation, then whatever grants (a trust policy must;
//! of resource and identity policies, one is enough in the same account), then the ceilings of role and session.

use super::condition;
use super::pattern::{Case, Pattern, Wildcards};
use super::request::{Caller, Request, account_of};
use super::trace::{Comparison, Decision, ElementTrace, Kind, Named, PolicyTrace, StatementTrace, Verdict};
use crate::model::policy::{Document, Effect, Principal, Scope, Statement, Version};

/// A policy that takes part in a decision.
#[derive(Clone, Debug)]
pub struct Policy<'a> {
    /// What it hangs on.
    pub kind: Kind,
    /// Its name, for people.
    pub name: String,
    /// What it says.
    pub document: &'a Document,
}

/// Decides about a request.
pub fn evaluate(request: Request, policies: &[Policy]) -> Verdict {
    let policies: Vec<PolicyTrace> = policies.iter().map(|policy| look_at(policy, &request)).collect();
    let (decision, decided_by) = decide(&request, &policies);
    Verdict { decision, decided_by, request, policies }
}

fn decide(request: &Request, policies: &[PolicyTrace]) -> (Decision, Kind) {
    let of = |kind: Kind| policies.iter().filter(move |policy| policy.kind == kind);
    if let Some(policy) = policies.iter().find(|policy| matching(policy, Effect::Deny).next().is_some()) {
        return (Decision::ExplicitDeny, policy.kind);
    }
    let allows = |kind| of(kind).any(|policy| matching(policy, Effect::Allow).next().is_some());
    let caps = |kind| of(kind).next().is_some() && !allows(kind);
    if let Some(kind) = [Kind::ResourceControl, Kind::ServiceControl].into_iter().find(|&kind| caps(kind)) {
        return (Decision::ImplicitDeny, kind);
    }
    let on_resource = if of(Kind::Trust).next().is_some() { Kind::Trust } else { Kind::Resource };
    let granted = of(on_resource).flat_map(|policy| matching(policy, Effect::Allow)).filter_map(|s| s.named).max();
    let abroad = match (request.caller.account(), account_of(&request.resource)) {
        (Some(caller), Some(resource)) => caller != resource,
        _ => false,
    };
    if granted.is_none() && (on_resource == Kind::Trust || abroad) {
        return (Decision::ImplicitDeny, on_resource);
    }
    let granted_alone = granted.filter(|&named| named != Named::ByAccount && !abroad);
    if granted_alone.is_none() && !allows(Kind::Identity) {
        return (Decision::ImplicitDeny, Kind::Identity);
    }
    if granted_alone != Some(Named::Itself)
        && let Some(kind) = [Kind::Boundary, Kind::Session].into_iter().find(|&kind| caps(kind))
    {
        return (Decision::ImplicitDeny, kind);
    }
    (Decision::Allowed, if granted.is_some() { on_resource } else { Kind::Identity })
}

fn matching(policy: &PolicyTrace, effect: Effect) -> impl Iterator<Item = &StatementTrace> {
    policy.statements.iter().filter(move |statement| statement.matched && statement.effect == effect)
}

fn look_at(policy: &Policy, request: &Request) -> PolicyTrace {
    let version = policy.document.version;
    let statements = policy.document.statements.iter().enumerate();
    PolicyTrace {
        kind: policy.kind,
        name: policy.name.clone(),
        statements: statements.map(|(index, statement)| look(index + 1, statement, version, request)).collect(),
    }
}

fn look(number: usize, statement: &Statement, version: Version, request: &Request) -> StatementTrace {
    let mut elements = Vec::new();
    let mut named = None;
    if let Some(scope) = &statement.principal {
        named = names(scope, &request.caller);
        elements.push(principal(scope, &request.caller, named.is_some()));
    }
    let action = |expected: &str| {
        compare(
            Pattern::read(expected, Wildcards::Work, Version::V2008, &request.keys),
            expected,
            &request.action,
            Case::Ignored,
        )
    };
    elements.push(element(["Action", "NotAction"], &statement.action, action));
    if let Some(scope) = &statement.resource {
        let resource = |expected: &str| {
            compare(
                Pattern::read(expected, Wildcards::Work, version, &request.keys),
                expected,
                &request.resource,
                Case::Matters,
            )
        };
        elements.push(element(["Resource", "NotResource"], scope, resource));
    }
    let conditions: Vec<_> =
        statement.conditions.iter().map(|condition| condition::check(condition, version, &request.keys)).collect();
    StatementTrace {
        number,
        sid: statement.sid.as_deref().map(str::to_owned),
        effect: statement.effect,
        matched: elements.iter().all(|element| element.matched) && conditions.iter().all(|c| c.matched),
        elements,
        conditions,
        named,
    }
}

/// `Action` or `Resource`, or their opposites.
fn element(
    [only, all_but]: [&'static str; 2],
    scope: &Scope<Box<str>>,
    compare: impl Fn(&str) -> Comparison,
) -> ElementTrace {
    let comparisons: Vec<Comparison> = scope.named().iter().map(|expected| compare(expected)).collect();
    let any = comparisons.iter().any(|comparison| comparison.matched);
    let inverted = scope.is_inverted();
    ElementTrace { element: if inverted { all_but } else { only }.into(), comparisons, matched: any != inverted }
}

fn compare(pattern: Option<Pattern>, expected: &str, actual: &str, case: Case) -> Comparison {
    let result = pattern.ok_or(None).and_then(|pattern| pattern.compare(actual, case).map_err(Some));
    Comparison {
        expected: expected.to_owned(),
        actual: actual.to_owned(),
        matched: result.is_ok(),
        differs_at: result.err().flatten(),
    }
}

/// How a statement names the caller, if it does.
fn names(scope: &Scope<Principal>, caller: &Caller) -> Option<Named> {
    let named = scope.named().iter().filter_map(|principal| name(principal, caller)).max();
    match (scope.is_inverted(), named) {
        (false, named) => named,
        (true, None) => Some(Named::Itself),
        (true, Some(_)) => None,
    }
}

fn name(principal: &Principal, caller: &Caller) -> Option<Named> {
    match (principal, caller) {
        (Principal::Anyone, _) => Some(Named::Itself),
        (Principal::Aws(name), Caller::Aws { arn, role }) => {
            let account = account_of(arn).unwrap_or_default();
            match &**name {
                name if name == arn => Some(Named::Itself),
                name if Some(name) == role.as_deref() => Some(Named::AsRole),
                name if name == account => Some(Named::ByAccount),
                name if account_of(name) == Some(account) && name.ends_with(":root") => Some(Named::ByAccount),
                _ => None,
            }
        }
        (Principal::Service(name), Caller::Service(caller)) => (**name == **caller).then_some(Named::Itself),
        (Principal::Federated(name), Caller::Federated(caller)) => (**name == **caller).then_some(Named::Itself),
        _ => None,
    }
}

fn principal(scope: &Scope<Principal>, caller: &Caller, matched: bool) -> ElementTrace {
    let comparisons = scope.named().iter().map(|principal| {
        let expected = match principal {
            Principal::Anyone => "*",
            Principal::Aws(name) | Principal::Service(name) | Principal::Federated(name) => name,
        };
        let matched = name(principal, caller).is_some();
        let same = expected.chars().zip(caller.name().chars()).take_while(|(a, b)| a == b).count();
        Comparison {
            expected: expected.to_owned(),
            actual: caller.name().to_owned(),
            matched,
            differs_at: (!matched).then_some(same),
        }
    });
    let element = if scope.is_inverted() { "NotPrincipal" } else { "Principal" };
    ElementTrace { element: element.into(), comparisons: comparisons.collect(), matched }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
