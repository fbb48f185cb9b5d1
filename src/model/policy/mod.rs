//! IAM policy documents as nouns: what a statement says, before anybody asks whether it applies.
//!
//! `Action` and `NotAction`, `Resource` and `NotResource`, `Principal` and `NotPrincipal` are one member each, a
//! [`Scope`]: nobody can forget to invert. The text is kept as it was written, because IAM gives it back so.
//! [IAM-UG reference_policies_grammar; semantics/eks.md 6.1]

mod operator;
mod parse;

pub use operator::{Operator, Quantifier, Test};
pub use parse::{Malformed, Purpose};

use serde::{Deserialize, Serialize};

/// A policy document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Document {
    /// JSON, as it was written.
    pub text: Box<str>,
    /// The language: policy variables work from 2012 on.
    pub version: Version,
    /// `Id`, which means nothing to IAM.
    pub id: Option<Box<str>>,
    /// At least one.
    pub statements: Vec<Statement>,
}

/// The version of the policy language. [IAM-UG reference_policies_elements_version]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `2008-10-17`, also where nothing is said: `${…}` is plain text.
    V2008,
    /// `2012-10-17`.
    V2012,
}

/// One statement: if everything in it matches, its effect applies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// Its name.
    pub sid: Option<Box<str>>,
    /// What it does.
    pub effect: Effect,
    /// Who; in trust and resource policies only.
    pub principal: Option<Scope<Principal>>,
    /// Which actions.
    pub action: Scope<Box<str>>,
    /// Which resources; never in trust policies.
    pub resource: Option<Scope<Box<str>>>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
}

/// What a matching statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// Those named, or all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope<T> {
    /// `Action`, `Resource`, `Principal`.
    Only(Vec<T>),
    /// `NotAction`, `NotResource`, `NotPrincipal`.
    AllBut(Vec<T>),
}

impl<T> Scope<T> {
    /// What is named.
    pub fn named(&self) -> &[T] {
        match self {
            Scope::Only(named) | Scope::AllBut(named) => named,
        }
    }

    /// Whether those named are the ones left out.
    pub fn is_inverted(&self) -> bool {
        matches!(self, Scope::AllBut(_))
    }
}

/// Who a trust or resource policy speaks of. [IAM-UG reference_policies_elements_principal]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// `"*"`, and `{ "AWS": "*" }`, which means the same.
    Anyone,
    /// An account id, an account's root ARN, or the ARN of a role, session or user.
    Aws(Box<str>),
    /// Such as `ecs-tasks.amazonaws.com`.
    Service(Box<str>),
    /// The ARN of an identity provider.
    Federated(Box<str>),
}

/// One key of one operator, with its values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// How to compare.
    pub operator: Operator,
    /// Which context key to look at.
    pub key: Box<str>,
    /// Any of these.
    pub values: Vec<Box<str>>,
}

impl Document {
    /// How many characters count towards quotas: IAM leaves white space out. [IAM-UG reference_iam-quotas]
    pub fn size(&self) -> usize {
        self.text.chars().filter(|c| !c.is_whitespace()).count()
    }
}
