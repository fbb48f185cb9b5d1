//! `Filters` of the Describe operations: all of them must hold, each by one of its values.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::refusal::Refusal;
use crate::aws::iam::pattern::{Case, Pattern, Wildcards};
use crate::aws::iam::request::Keys;
use crate::model::meant;
use crate::model::policy::Version;

/// [EC2API Filter]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Filter {
    /// What to look at, such as `availability-zone`.
    pub(super) name: String,
    /// The values that will do; `*` stands for any text, `?` for any letter.
    #[serde(default)]
    pub(super) values: Vec<String>,
}

impl Filter {
    /// `tag:KEY` and `tag-key`. [EC2API DescribeSubnets]
    fn is_about_tags(&self) -> bool {
        self.name.starts_with("tag:") || self.name == "tag-key"
    }
}

/// Refuses a filter that is not among the known ones. Those for tags always are.
pub(super) fn check(filters: &[Filter], known: &[&str]) -> Result<(), Refusal> {
    let is_known = |filter: &Filter| known.contains(&filter.name.as_str()) || filter.is_about_tags();
    let unknown = filters.iter().enumerate().find(|(_, filter)| !is_known(filter));
    let Some((index, filter)) = unknown else { return Ok(()) };
    let way_out = meant::one_of(&filter.name, known.iter().copied(), "use one of");
    Err(Refusal::new("InvalidParameterValue", format!("The filter '{}' is invalid", filter.name))
        .because("EC2 has no such filter here, or longshore does not model it")
        .way_out(way_out)
        .at(["Filters".to_owned(), index.to_string(), "Name".to_owned()]))
}

/// Whether every filter holds for a thing without tags whose values `value` tells.
pub(super) fn holds(filters: &[Filter], value: impl Fn(&str) -> String) -> bool {
    filters.iter().all(|filter| {
        if filter.is_about_tags() {
            return false;
        }
        let own = value(&filter.name);
        filter.values.iter().any(|pattern| matches(pattern, &own))
    })
}

/// Whether a text fits a pattern: the wildcards are those of IAM's policies, without their variables.
fn matches(pattern: &str, text: &str) -> bool {
    Pattern::read(pattern, Wildcards::Work, Version::V2008, &Keys::default())
        .is_some_and(|pattern| pattern.compare(text, Case::Matters).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, fits) in [
            ("us-east-1a", "us-east-1a", true),
            ("us-east-1", "us-east-1a", false),
            ("us-east-1?", "us-east-1a", true),
            ("us-*", "us-east-1a", true),
            ("*-1a", "us-east-1a", true),
            ("*-1b", "us-east-1a", false),
            ("*e*s*1*", "us-east-1a", true),
            ("*", "", true),
            ("", "", true),
            ("?", "", false),
            ("US-*", "us-east-1a", false),
            ("********************************x", "vpc-0123456789abcdef0", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
