//! `why` for a no: what AWS never says. Statement by statement, condition by condition, what the policy expects beside
//! what the request has.

use serde::Deserialize;

use super::why::{Chain, Explanation, Step};
use crate::aws::iam::denial;
use crate::aws::iam::request::Caller;
use crate::aws::iam::trace::{Comparison, ConditionTrace, ElementTrace, PolicyTrace, StatementTrace, Verdict};

/// Statements that are shown: the ones that came closest.
const SHOWN: usize = 4;
/// Values of one condition or element that are shown.
const VALUES: usize = 4;

/// A no, as scripts hold it in their hands after `catch`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Denied {
    /// The exception's name.
    pub code: String,
    /// The sentence of AWS or Kubernetes.
    pub message: String,
    /// Why.
    #[serde(default)]
    pub because: String,
    /// What would work.
    #[serde(default)]
    pub way_out: String,
    /// What the evaluator looked at, if it was asked.
    #[serde(default)]
    pub trace: Option<Verdict>,
}

/// Explains a no.
pub fn explain(denied: &Denied) -> Explanation {
    let mut chains = Vec::new();
    let mut put = |about: String, steps: Vec<Step>| chains.push(Chain { about, steps });
    if !denied.because.is_empty() {
        put("because".to_owned(), vec![Step::Said(denied.because.clone())]);
    }
    if let Some(verdict) = &denied.trace {
        let request = &verdict.request;
        let asked =
            [format!("{} asks for {}", request.caller.name(), request.action), format!("on {}", request.resource)];
        put("what was asked".to_owned(), asked.into_iter().map(Step::Said).collect());
        let mut statements = deciding(verdict);
        statements.sort_by_key(|(_, statement)| (!statement.matched, statement.misses()));
        let further = statements.len().saturating_sub(SHOWN);
        for (policy, statement) in statements.into_iter().take(SHOWN) {
            put(heading(policy, statement), parts(statement, verdict));
        }
        if further > 0 {
            put(format!("{further} more statements are further off"), Vec::new());
        }
    }
    if !denied.way_out.is_empty() {
        put("way out".to_owned(), vec![Step::Said(denied.way_out.clone())]);
    }
    Explanation { subject: format!("{}: {}", denied.code, denied.message), chains }
}

/// The statements of the policies that decided.
fn deciding(verdict: &Verdict) -> Vec<(&PolicyTrace, &StatementTrace)> {
    let policies = verdict.policies.iter().filter(|policy| policy.kind == verdict.decided_by);
    policies.flat_map(|policy| policy.statements.iter().map(move |statement| (policy, statement))).collect()
}

fn heading(policy: &PolicyTrace, statement: &StatementTrace) -> String {
    let sid = statement.sid.as_ref().map(|sid| format!(" ({sid})")).unwrap_or_default();
    let effect = statement.effect;
    let result = if statement.matched { "matches" } else { "does not match" };
    format!("{}, statement {}{sid}, Effect {effect:?}: {result}", policy.name, statement.number)
}

/// Element by element, condition by condition.
fn parts(statement: &StatementTrace, verdict: &Verdict) -> Vec<Step> {
    let elements = statement.elements.iter().flat_map(element);
    let conditions = statement.conditions.iter().flat_map(|trace| condition(trace, verdict));
    elements.chain(conditions).collect()
}

fn element(element: &ElementTrace) -> Vec<Step> {
    let name = &element.element;
    if element.matched {
        let actual = element.comparisons.first().map(|comparison| comparison.actual.as_str()).unwrap_or_default();
        return vec![Step::Said(format!("yes  {name}: {actual}"))];
    }
    if element.comparisons.iter().any(|comparison| comparison.matched) {
        let named = element.comparisons.iter().find(|comparison| comparison.matched);
        let actual = named.map(|comparison| comparison.actual.as_str()).unwrap_or_default();
        return vec![Step::Said(format!("NO   {name} leaves {actual} out"))];
    }
    beside(&format!("NO   {name}"), "request", &element.comparisons)
}

fn condition(condition: &ConditionTrace, verdict: &Verdict) -> Vec<Step> {
    let ConditionTrace { operator, key, .. } = condition;
    if condition.matched {
        let actual = condition.actual.as_ref().map(|values| values.join("\", \""));
        let actual = actual.map_or("the request has no such key".to_owned(), |values| format!("\"{values}\""));
        return vec![Step::Said(format!("yes  {operator} {key}: {actual}"))];
    }
    let compared = condition.actual.is_some() && condition.comparisons.iter().all(|comparison| !comparison.matched);
    if !compared || condition.comparisons.is_empty() {
        return vec![Step::Said(format!("NO   {}", denial::condition_miss(condition, verdict)))];
    }
    let label = match verdict.request.caller {
        Caller::Federated(_) if !key.starts_with("aws:") => "claim",
        _ => "request",
    };
    beside(&format!("NO   {operator} {key}{}", denial::hint(condition)), label, &condition.comparisons)
}

/// Each expected value beside the actual one.
fn beside(what: &str, label: &'static str, comparisons: &[Comparison]) -> Vec<Step> {
    let compared = comparisons.iter().take(VALUES).enumerate().map(|(nth, comparison)| Step::Compared {
        what: if nth == 0 { what.to_owned() } else { String::new() },
        label,
        actual: comparison.actual.clone(),
        expected: comparison.expected.clone(),
        differs_at: comparison.differs_at,
    });
    let more = comparisons.len().saturating_sub(VALUES);
    let more = (more > 0).then(|| Step::Said(format!("     and {more} more values that do not match")));
    compared.chain(more).collect()
}
