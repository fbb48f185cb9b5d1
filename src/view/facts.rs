//! Facts: what happened, each with its time of day.

use serde_json::Value;

use super::paint::Role;
use super::text::{clocks, hang, width};
use super::{Look, clock};
use crate::model::time::{Millis, Moment};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, in ISO 8601.
    pub at: String,
    /// What.
    pub what: String,
}

/// Lines for facts, oldest first.
pub fn lines(facts: &[Line], look: Look) -> Vec<String> {
    let clocks = clocks(facts.iter().map(|fact| fact.at.as_str()));
    facts
        .iter()
        .zip(clocks)
        .map(|(fact, clock)| {
            let head = format!("{}  ", look.paint.on(Role::Dim, &clock));
            look.paint.states(&hang(&head, width(&clock) + 2, &fact.what, look.room()))
        })
        .collect()
}

/// What stands beneath a result: the first and the last of the facts, and how many are between them.
pub fn beneath(first: &[Line], between: usize, last: &[Line], look: Look) -> String {
    let all: Vec<Line> = first.iter().chain(last).cloned().collect();
    let mut lines: Vec<String> = lines(&all, look.narrower(2)).iter().map(|line| indent(line)).collect();
    if between > 0 {
        let gap = format!("  … and {between} more (:facts)");
        lines.insert(first.len(), look.paint.on(Role::Dim, &gap));
    }
    lines.join("\n")
}

/// The line that says what time it is after time has passed.
pub fn now(now: Moment, passed: Millis, look: Look) -> String {
    let later = if passed == Millis::ZERO { String::new() } else { format!("  now, {passed} later") };
    look.paint.on(Role::Dim, &format!("  {}{later}", clock(now)))
}

fn indent(text: &str) -> String {
    format!("  {}", text.replace('\n', "\n  "))
}

/// The lines of a list whose elements have exactly `at` and `what`.
pub(super) fn of(value: &Value, look: Look) -> Option<Vec<String>> {
    let items = value.as_array().filter(|items| !items.is_empty())?;
    let facts: Vec<Line> = items.iter().map(fact).collect::<Option<_>>()?;
    let skipped = facts.len().saturating_sub(look.most.saturating_mul(4));
    let mut shown = lines(&facts[skipped..], look);
    if skipped > 0 {
        shown.insert(0, look.paint.on(Role::Dim, &format!("… {skipped} earlier")));
    }
    Some(shown)
}

/// Reads one element.
pub(super) fn fact(value: &Value) -> Option<Line> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    Some(Line { at: map.get("at")?.as_str()?.to_owned(), what: map.get("what")?.as_str()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;
    use serde_json::json;

    fn line(at: &str, what: &str) -> Line {
        Line { at: format!("2026-01-05T{at}Z"), what: what.to_owned() }
    }

    #[test]
    fn facts_are_lines_with_their_times() {
        let value = json!([
            { "at": "2026-01-05T09:01:30Z", "what": "one" },
            { "at": "2026-01-05T09:01:31.250Z", "what": "a longer sentence about two" },
        ]);
        let expected = "09:01:30  one\n09:01:31  a longer sentence\n          about two";
        assert_eq!(super::super::value::value(&value, plain(30)), expected);
    }

    #[test]
    fn the_middle_of_many_facts_is_left_out() {
        let (first, last) = ([line("09:00:00", "one")], [line("09:09:00", "nine")]);
        let expected = "  09:00:00  one\n  … and 7 more (:facts)\n  09:09:00  nine";
        assert_eq!(beneath(&first, 7, &last, plain(60)), expected);
        assert_eq!(beneath(&first, 0, &[], plain(60)), "  09:00:00  one");
    }

    #[test]
    fn time_that_passed_is_said() {
        let later = Moment::START + Millis::seconds(90);
        assert_eq!(now(later, Millis::seconds(90), plain(60)), "  09:01:30  now, 1m 30s later");
        assert_eq!(now(later, Millis::ZERO, plain(60)), "  09:01:30");
    }
}
