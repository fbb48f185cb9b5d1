//! The shapes of ECS's answers: ids become names and ARNs again here, and nowhere else.

pub(crate) mod cluster;
pub(crate) mod definition;
pub(crate) mod instance;
pub(crate) mod service;
pub(crate) mod task;

use serde::Serialize;

/// An entry of `failures[]`. [API Failure]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    /// What it is about.
    pub(crate) arn: String,
    /// A word such as MISSING.
    pub(crate) reason: String,
    /// A sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
}

impl Failure {
    /// The thing does not exist.
    pub(crate) fn missing(arn: String) -> Failure {
        Failure { arn, reason: "MISSING".to_owned(), detail: None }
    }
}
