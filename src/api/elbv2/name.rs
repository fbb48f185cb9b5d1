//! Names of load balancers and target groups. [ELBAPI LoadBalancerName, TargetGroupName; texts as AWS answers them]

use crate::api::refusal::Refusal;

/// The most characters of a name.
const LONGEST: usize = 32;

/// Checks a name; `what` is how AWS's sentences begin.
pub(super) fn check(what: &str, name: &str) -> Result<(), Refusal> {
    let wrong = if name.is_empty() {
        format!("{what} '{name}' cannot be empty")
    } else if name.len() > LONGEST {
        format!("{what} '{name}' cannot be longer than '{LONGEST}' characters")
    } else if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        format!("{what} '{name}' can only contain characters that are alphanumeric characters and hyphens(-)")
    } else if name.starts_with('-') || name.ends_with('-') {
        format!("{what} '{name}' cannot begin or end with '-'")
    } else {
        return Ok(());
    };
    Err(Refusal::new("ValidationError", wrong)
        .because(format!("a name has 1 to {LONGEST} letters, digits and hyphens, and no hyphen at its ends"))
        .way_out("take a name such as \"web-1\"")
        .at(["Name"]))
}
