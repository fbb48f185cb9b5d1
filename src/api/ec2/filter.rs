//! `Filters` of EC2's Describe operations: all filters must match, each by any of its values, `*` standing for
//! anything.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::refusal::{Refusal, did_you_mean};

/// [EC2API Filter]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Filter {
    /// What to look at, such as `vpc-id`.
    name: String,
    /// The values that match.
    values: Vec<String>,
}

/// Checks the names of filters against those that an operation has.
pub(super) fn check(filters: &[Filter], known: &[&str]) -> Result<(), Refusal> {
    let Some((index, filter)) = filters.iter().enumerate().find(|(_, filter)| !known.contains(&filter.name.as_str()))
    else {
        return Ok(());
    };
    let way_out = match did_you_mean(&filter.name, known.iter().copied()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => format!("longshore knows: {}", known.join(", ")),
    };
    Err(Refusal::new("InvalidParameterValue", format!("The filter '{}' is invalid", filter.name))
        .because("this operation has no such filter, or longshore does not model it")
        .way_out(way_out)
        .at(["Filters".to_owned(), index.to_string(), "Name".to_owned()]))
}

/// Whether something passes; `value` gives what it has for a filter's name.
pub(super) fn passes<'a>(filters: &[Filter], value: impl Fn(&str) -> &'a str) -> bool {
    filters.iter().all(|filter| filter.values.iter().any(|pattern| matches(pattern, value(&filter.name))))
}

fn matches(pattern: &str, value: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == value,
        Some((start, rest)) => {
            let Some(after) = value.strip_prefix(start) else { return false };
            (0..=after.len()).filter(|&cut| after.is_char_boundary(cut)).any(|cut| matches(rest, &after[cut..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, value, expected) in [
            ("us-east-1a", "us-east-1a", true),
            ("us-east-1a", "us-east-1b", false),
            ("us-east-*", "us-east-1b", true),
            ("*1b", "us-east-1b", true),
            ("*", "", true),
            ("u*s*b", "us-east-1b", true),
            ("u*x*b", "us-east-1b", false),
        ] {
            assert_eq!(matches(pattern, value), expected, "{pattern} {value}");
        }
    }
}
