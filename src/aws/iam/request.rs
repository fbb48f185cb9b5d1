//! Who wants to do what, with what: the request as the evaluator sees it. [IAM-UG reference_policies_evaluation-logic]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A request that needs a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// Such as `s3:GetObject`.
    pub action: String,
    /// The ARN of what it is about.
    pub resource: String,
    /// The context keys.
    pub keys: Keys,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Caller {
    /// A user, or a session of a role.
    Aws {
        /// The ARN of the user or session.
        arn: String,
        /// The ARN of the role, for a session.
        role: Option<String>,
    },
    /// An AWS service, such as `ecs-tasks.amazonaws.com`.
    Service(String),
    /// Somebody with a token of this identity provider (its ARN).
    Federated(String),
}

impl Caller {
    /// How the caller shows in AWS's sentences.
    pub fn name(&self) -> &str {
        match self {
            Caller::Aws { arn, .. } => arn,
            Caller::Service(name) | Caller::Federated(name) => name,
        }
    }

    /// The caller's account, if it is in one.
    pub fn account(&self) -> Option<&str> {
        match self {
            Caller::Aws { arn, .. } => account_of(arn),
            Caller::Service(_) | Caller::Federated(_) => None,
        }
    }
}

/// The account in an ARN; nothing where there is none, as in those of S3.
pub fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// The context of a request: keys, each with one value or several. Upper and lower case of a key do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keys(BTreeMap<String, Vec<String>>);

impl Keys {
    /// The same keys and one more.
    #[must_use]
    pub fn with<S: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = S>) -> Keys {
        self.set(key, values);
        self
    }

    /// Sets a key.
    pub fn set<S: Into<String>>(&mut self, key: &str, values: impl IntoIterator<Item = S>) {
        self.0.retain(|known, _| !known.eq_ignore_ascii_case(key));
        self.0.insert(key.to_owned(), values.into_iter().map(Into::into).collect());
    }

    /// The values of a key.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, values)| values.as_slice())
    }

    /// The names of the keys, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
