//! Everything that was looked at on the way to a decision, as plain data: the proof behind a yes and the reason that
//! AWS does not tell behind a no.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::request::Request;
use crate::model::policy::Effect;

/// A decision and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Yes or no.
    pub decision: Decision,
    /// The kind of policy that decided: the one that denies, or that should have allowed and did not.
    pub decided_by: Kind,
    /// What was asked.
    pub request: Request,
    /// Every policy that was looked at.
    pub policies: Vec<PolicyTrace>,
}

/// Yes or no. [IAM-UG reference_policies_evaluation-logic]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Decision {
    /// Something allows it and nothing denies it.
    Allowed,
    /// Nothing allows it.
    ImplicitDeny,
    /// Something denies it.
    ExplicitDeny,
}

/// What a policy hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// The organisation's ceiling on resources.
    ResourceControl,
    /// The organisation's ceiling on accounts.
    ServiceControl,
    /// A role: who may assume it.
    Trust,
    /// A resource: who may do what with it.
    Resource,
    /// A role or user: what it may do.
    Identity,
    /// A role or user: a ceiling on what it may do.
    Boundary,
    /// A session: a ceiling that was given when it began.
    Session,
}

impl Kind {
    /// As AWS's sentences say it. [IAM-UG troubleshoot_access-denied]
    pub const fn words(self) -> &'static str {
        match self {
            Kind::ResourceControl => "resource control policy",
            Kind::ServiceControl => "service control policy",
            Kind::Trust => "role trust policy",
            Kind::Resource => "resource-based policy",
            Kind::Identity => "identity-based policy",
            Kind::Boundary => "permissions boundary",
            Kind::Session => "session policy",
        }
    }
}

/// A policy that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyTrace {
    /// What it hangs on.
    pub kind: Kind,
    /// Its name, for people.
    pub name: String,
    /// Statement by statement.
    pub statements: Vec<StatementTrace>,
}

/// A statement that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementTrace {
    /// Its number in the policy, from 1.
    pub number: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What it does if it matches.
    pub effect: Effect,
    /// Principal, Action and Resource, as far as the statement has them.
    pub elements: Vec<ElementTrace>,
    /// Condition by condition.
    pub conditions: Vec<ConditionTrace>,
    /// Whether everything matched.
    pub matched: bool,
    /// How the principal was named, if it was.
    pub named: Option<Named>,
}

/// How a statement names the caller; it decides what else is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Named {
    /// By account only: the account's own policies must allow, too.
    ByAccount,
    /// As the role of the session.
    AsRole,
    /// Itself, or as anyone.
    Itself,
}

/// Principal, Action or Resource of a statement beside what the request has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementTrace {
    /// Such as `Action` or `NotAction`.
    pub element: Cow<'static, str>,
    /// Each named value.
    pub comparisons: Vec<Comparison>,
    /// Whether the element matched; for a `Not…`, none of the values did.
    pub matched: bool,
}

/// One condition beside what the request has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConditionTrace {
    /// As the policy writes it.
    pub operator: String,
    /// The context key.
    pub key: String,
    /// Any of these.
    pub expected: Vec<String>,
    /// What the request has; nothing if it does not have the key.
    pub actual: Option<Vec<String>>,
    /// Each expected value beside each that the request has.
    pub comparisons: Vec<Comparison>,
    /// Whether the condition holds.
    pub matched: bool,
}

/// One expected value beside one actual value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// What the policy says.
    pub expected: String,
    /// What the request has.
    pub actual: String,
    /// Whether they are equal, or match.
    pub matched: bool,
    /// The first character of the actual value, from 0, where they part; nothing if they match or are no texts.
    pub differs_at: Option<usize>,
}

impl StatementTrace {
    /// How many of its parts do not match: the fewer, the closer it came.
    pub fn misses(&self) -> usize {
        let elements = self.elements.iter().filter(|element| !element.matched).count();
        elements + self.conditions.iter().filter(|condition| !condition.matched).count()
    }
}

impl ConditionTrace {
    /// The values that the request has. A key without a value is as if it was not there.
    /// [IAM-UG reference_policies_elements_condition_operators, Null]
    pub fn had(&self) -> Option<&[String]> {
        self.actual.as_deref().filter(|values| !values.is_empty())
    }
}

impl Verdict {
    /// Whether the answer is yes.
    pub fn is_allowed(&self) -> bool {
        self.decision == Decision::Allowed
    }
}
