//! The constraints of members that AWS's query services check before they look at anything else, and their words.

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
