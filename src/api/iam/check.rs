//! Names, paths and numbers that IAM and STS accept, and the words with which they refuse others.
//! [IAM-UG reference_identifiers; texts as AWS's query services answer]

use crate::api::refusal::Refusal;

/// `ValidationError` about one value: what AWS's query services answer before they look at anything else.
pub(crate) fn constraint(value: &str, member: &str, constraint: &str) -> Refusal {
    let mut small = member.to_owned();
    if let Some(first) = small.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    Refusal::new(
        "ValidationError",
        format!("1 validation error detected: Value '{value}' at '{small}' failed to satisfy constraint: {constraint}"),
    )
    .because(format!("{member} is `{value}`"))
    .at([member])
}

/// A text has a length in these bounds.
pub(crate) fn length(value: &str, member: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let length = value.chars().count();
    if length < least {
        let words = format!("Member must have length greater than or equal to {least}");
        return Err(constraint(value, member, &words).way_out(format!("use {least} to {most} characters")));
    }
    if length > most {
        let words = format!("Member must have length less than or equal to {most}");
        return Err(constraint(value, member, &words).way_out(format!("use {least} to {most} characters")));
    }
    Ok(())
}

/// A number lies in these bounds.
pub(crate) fn range(value: u32, member: &str, least: u32, most: u32) -> Result<(), Refusal> {
    let words = match value {
        value if value < least => format!("Member must have value greater than or equal to {least}"),
        value if value > most => format!("Member must have value less than or equal to {most}"),
        _ => return Ok(()),
    };
    Err(constraint(&value.to_string(), member, &words).way_out(format!("use {least} to {most}")))
}

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
