//! Checks that several operations of ECS share.

use crate::api::refusal::Refusal;

/// Refuses a list of references that is empty or longer than it may be. `things` is what is listed, in AWS's words,
/// such as `Tasks`; `lister` is a line that lists them.
pub(super) fn listed(count: usize, member: &str, things: &str, most: usize, lister: &str) -> Result<(), Refusal> {
    let (message, because) = match count {
        0 => (format!("{things} cannot be empty."), format!("`{member}` names nothing")),
        count if count > most => (format!("{member} can have at most {most} items."), format!("there are {count}")),
        _ => return Ok(()),
    };
    Err(Refusal::invalid_parameter(message)
        .because(because)
        .way_out(format!("name up to {most}; {lister} lists them"))
        .at([member]))
}

/// Refuses a name that is no identifier, with these words. [API CreateCluster.clusterName, CreateService.serviceName]
pub(super) fn identifier(name: &str, member: &str, refusal: &str) -> Result<(), Refusal> {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.len() <= 255 && name.chars().all(legal) {
        return Ok(());
    }
    Err(Refusal::invalid_parameter(refusal)
        .because(format!("\"{name}\" is empty, too long, or has other characters"))
        .way_out("use up to 255 letters, digits, hyphens and underscores")
        .at([member]))
}
