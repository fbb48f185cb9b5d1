//! Names and paths that IAM accepts, and the words with which it refuses others.
//! [IAM-UG reference_identifiers; texts as AWS's query services answer]

use crate::api::constraint::length;
use crate::api::refusal::Refusal;

/// A name has IAM's characters only, and no more than `most`.
pub(super) fn name(value: &str, member: &str, most: usize) -> Result<(), Refusal> {
    length(value, member, 1, most)?;
    if value.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c)) {
        return Ok(());
    }
    let mut small = member.to_owned();
    small[..1].make_ascii_lowercase();
    Err(Refusal::new(
        "ValidationError",
        format!(
            "The specified value for {small} is invalid. It must contain only alphanumeric characters and/or the \
             following: +=,.@_-"
        ),
    )
    .because(format!("`{value}` has other characters"))
    .way_out("use letters, digits and +=,.@_-; a path goes into Path")
    .at([member]))
}

/// A path begins and ends with a slash.
pub(super) fn path(value: &str) -> Result<(), Refusal> {
    let legal = value.len() <= 512 && value.bytes().all(|b| b.is_ascii_graphic());
    if legal && value.starts_with('/') && value.ends_with('/') {
        return Ok(());
    }
    Err(Refusal::new(
        "ValidationError",
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric \
         characters and/or / characters.",
    )
    .because(format!("Path is `{value}`"))
    .way_out("write it like \"/teams/web/\", or leave it away")
    .at(["Path"]))
}
