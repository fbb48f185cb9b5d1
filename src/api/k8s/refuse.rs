//! How Kubernetes says no: a Status of the API server with its reason, or kubectl before it has asked anybody.

use crate::api::refusal::Refusal;
use crate::model::kubernetes::format::quoted;

/// The code of what kubectl itself refuses: it prints `error: …`.
pub(crate) const CLIENT: &str = "error";

/// The code of what nobody answers.
pub(crate) const UNREACHABLE: &str = "ConnectionRefused";

/// kubectl refuses.
pub(super) fn client(message: impl Into<String>) -> Refusal {
    Refusal::new(CLIENT, message)
}

/// There is no such object. [semantics/eks.md 1.6]
pub(super) fn not_found(resource: &str, name: &str) -> Refusal {
    Refusal::new("NotFound", format!("{resource} \"{name}\" not found"))
}

/// An object that cannot be: each problem is a path in it and what is wrong there. kubectl prints one problem behind
/// the sentence, and several in a list below it.
pub(super) fn invalid(kind: &str, name: &str, problems: &[String]) -> Refusal {
    let list = match problems {
        [one] => one.clone(),
        several => several.iter().map(|problem| format!("\n* {problem}")).collect(),
    };
    Refusal::new("Invalid", format!("The {kind} {} is invalid: {list}", quoted(name)))
}
