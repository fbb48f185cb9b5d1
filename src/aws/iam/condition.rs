//! Whether one condition of a statement holds. [IAM-UG reference_policies_elements_condition_operators and
//! reference_policies_multi-value-conditions; semantics/eks.md 6.1]
//!
//! A negated operator is computed as what it is: the positive one, turned round. From that follow the rules for
//! missing keys and for several values.

use std::net::IpAddr;

use super::pattern::{Case, Pattern, Wildcards, compare_arn};
use super::request::Keys;
use super::trace::{Comparison, ConditionTrace};
use crate::model::policy::{Condition, Quantifier, Test, Version};

/// Holds a condition against the keys of a request.
pub(super) fn check(condition: &Condition, version: Version, keys: &Keys) -> ConditionTrace {
    let actual = keys.get(&condition.key);
    let mut comparisons = Vec::new();
    for value in actual.unwrap_or_default() {
        for expected in &condition.values {
            comparisons.push(compare(condition.operator.test, expected, value, version, keys));
        }
    }
    let mut trace = ConditionTrace {
        operator: condition.operator.to_string(),
        key: condition.key.to_string(),
        expected: condition.values.iter().map(ToString::to_string).collect(),
        actual: actual.map(<[String]>::to_vec),
        comparisons,
        matched: false,
    };
    trace.matched = holds(condition, &trace);
    trace
}

fn holds(condition: &Condition, trace: &ConditionTrace) -> bool {
    let operator = condition.operator;
    if operator.test == Test::Null {
        let wanted = if trace.had().is_some() { "false" } else { "true" };
        return condition.values.iter().any(|value| value.eq_ignore_ascii_case(wanted));
    }
    let Some(actual) = trace.had() else {
        return match operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            _ if operator.if_exists => true,
            Some(Quantifier::ForAnyValue) => false,
            None => operator.test.negates().is_some(),
        };
    };
    let width = condition.values.len().max(1);
    let positive =
        |at: usize| trace.comparisons.iter().skip(at * width).take(condition.values.len()).any(|c| c.matched);
    let negated = operator.test.negates().is_some();
    let mut fits = (0..actual.len()).map(|at| positive(at) != negated);
    match (operator.quantifier, negated) {
        (Some(Quantifier::ForAllValues), _) | (None, true) => fits.all(|fit| fit),
        (Some(Quantifier::ForAnyValue), _) | (None, false) => fits.any(|fit| fit),
    }
}

/// Compares one expected with one actual value; a negated test is compared as the one that it negates.
fn compare(test: Test, expected: &str, actual: &str, version: Version, keys: &Keys) -> Comparison {
    let text = |wildcards, case| match Pattern::read(expected, wildcards, version, keys) {
        Some(pattern) => pattern.compare(actual, case).map_err(Some),
        None => Err(None),
    };
    let truth = |matched: bool| if matched { Ok(()) } else { Err(None) };
    let result = match test.negates().unwrap_or(test) {
        Test::StringEqualsIgnoreCase => text(Wildcards::AreLiteral, Case::Ignored),
        Test::StringLike => text(Wildcards::Work, Case::Matters),
        Test::ArnEquals | Test::ArnLike => match Pattern::read(expected, Wildcards::Work, version, keys) {
            Some(pattern) => compare_arn(pattern, actual).map_err(Some),
            None => Err(None),
        },
        Test::Bool => truth(actual.eq_ignore_ascii_case(expected)),
        Test::IpAddress => truth(in_range(expected, actual)),
        Test::NumericEquals => truth(numbers(expected, actual, |e, a| a == e)),
        Test::NumericLessThan => truth(numbers(expected, actual, |e, a| a < e)),
        Test::NumericLessThanEquals => truth(numbers(expected, actual, |e, a| a <= e)),
        Test::NumericGreaterThan => truth(numbers(expected, actual, |e, a| a > e)),
        Test::NumericGreaterThanEquals => truth(numbers(expected, actual, |e, a| a >= e)),
        Test::DateEquals => truth(dates(expected, actual, |e, a| a == e)),
        Test::DateLessThan => truth(dates(expected, actual, |e, a| a < e)),
        Test::DateLessThanEquals => truth(dates(expected, actual, |e, a| a <= e)),
        Test::DateGreaterThan => truth(dates(expected, actual, |e, a| a > e)),
        Test::DateGreaterThanEquals => truth(dates(expected, actual, |e, a| a >= e)),
        _ => text(Wildcards::AreLiteral, Case::Matters),
    };
    Comparison {
        expected: expected.to_owned(),
        actual: actual.to_owned(),
        matched: result.is_ok(),
        differs_at: result.err().flatten(),
    }
}

fn numbers(expected: &str, actual: &str, holds: fn(f64, f64) -> bool) -> bool {
    match (expected.trim().parse(), actual.trim().parse()) {
        (Ok(expected), Ok(actual)) => holds(expected, actual),
        _ => false,
    }
}

fn dates(expected: &str, actual: &str, holds: fn(i128, i128) -> bool) -> bool {
    date(expected).zip(date(actual)).is_some_and(|(expected, actual)| holds(expected, actual))
}

/// Milliseconds since 1970: from seconds, or from one of the W3C's forms of ISO 8601: a month or a day in UTC, or a day
/// and a time with its zone, whose seconds may be left out. [IAM-UG condition_operators, date; W3C NOTE-datetime]
fn date(text: &str) -> Option<i128> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(i128::from(seconds) * 1000);
    }
    let (day, clock) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let day = if day.matches('-').count() == 1 { format!("{day}-01") } else { day.to_owned() };
    let (time, ahead) = zone(clock)?;
    let time = if time.matches(':').count() == 1 { format!("{time}:00") } else { time.to_owned() };
    let moment = humantime::parse_rfc3339(&format!("{day}T{time}Z")).ok()?;
    let since = moment.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    Some(i128::try_from(since.as_millis()).ok()? - ahead)
}

/// Cuts the zone off a time of day: `Z`, or `+hh:mm` with the milliseconds that its clocks are ahead of UTC.
fn zone(clock: &str) -> Option<(&str, i128)> {
    if let Some(time) = clock.strip_suffix('Z') {
        return Some((time, 0));
    }
    let (at, sign) = clock.char_indices().rfind(|(_, letter)| matches!(letter, '+' | '-'))?;
    let (time, zone) = (&clock[..at], &clock[at + 1..]);
    let (hours, minutes) = zone.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    let minutes = hours.parse::<u8>().ok().map(i128::from)? * 60 + minutes.parse::<u8>().ok().map(i128::from)?;
    let ahead = minutes * 60_000;
    Some((time, if sign == '-' { -ahead } else { ahead }))
}

/// Whether an address lies in a range such as `203.0.113.0/24`; a range without length is one address.
fn in_range(range: &str, address: &str) -> bool {
    let (network, length) = match range.split_once('/') {
        None => (range, None),
        Some((network, length)) => (network, Some(length)),
    };
    let (Ok(network), Ok(address)) = (network.parse::<IpAddr>(), address.parse::<IpAddr>()) else { return false };
    let (network, address, width) = match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            (u128::from(network.to_bits()), u128::from(address.to_bits()), 32)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => (network.to_bits(), address.to_bits(), 128),
        _ => return false,
    };
    match length.map(str::parse::<u32>) {
        None => network == address,
        Some(Ok(length)) if length <= width => {
            let host_bits = width - length;
            network.checked_shr(host_bits) == address.checked_shr(host_bits)
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::policy::Operator;

    fn holds(operator: &str, expected: &[&str], actual: Option<&[&str]>) -> bool {
        let condition = Condition {
            operator: Operator::parse(operator).unwrap(),
            key: "Some:Key".into(),
            values: expected.iter().map(|&value| value.into()).collect(),
        };
        let keys = match actual {
            None => Keys::default(),
            Some(values) => Keys::default().with("some:key", values.iter().copied()),
        };
        check(&condition, Version::V2012, &keys).matched
    }

    #[test]
    fn one_value_against_one() {
        for (operator, expected, actual, outcome) in [
            ("StringEquals", "web", "web", true),
            ("StringEquals", "web", "Web", false),
            ("StringEquals", "w*", "web", false),
            ("StringEquals", "w*", "w*", true),
            ("StringNotEquals", "web", "api", true),
            ("StringNotEquals", "web", "web", false),
            ("StringEqualsIgnoreCase", "WEB", "web", true),
            ("StringNotEqualsIgnoreCase", "WEB", "web", false),
            ("StringLike", "w*", "w", true),
            ("StringLike", "w?b", "web", true),
            ("StringLike", "W*", "web", false),
            ("StringNotLike", "w*", "web", false),
            ("ArnEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a", true),
            ("ArnLike", "arn:aws:*:1:role/a", "arn:aws:iam::1:role/a", false),
            ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::2:role/a", true),
            ("Bool", "true", "TRUE", true),
            ("Bool", "true", "false", false),
            ("NumericEquals", "10", "10.0", true),
            ("NumericNotEquals", "10", "11", true),
            ("NumericLessThan", "10", "9", true),
            ("NumericLessThan", "10", "10", false),
            ("NumericLessThanEquals", "10", "10", true),
            ("NumericGreaterThan", "10", "9", false),
            ("NumericGreaterThanEquals", "10", "10", true),
            ("NumericEquals", "10", "ten", false),
            ("DateLessThan", "2026-01-06T00:00:00Z", "2026-01-05T09:00:00Z", true),
            ("DateGreaterThan", "2026-01-05", "2026-01-05T09:00:00Z", true),
            ("DateEquals", "1767603600", "2026-01-05T09:00:00Z", true),
            ("DateGreaterThanEquals", "2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z", true),
            ("DateNotEquals", "2026-01-05", "2026-01-05", false),
            ("DateLessThanEquals", "soon", "2026-01-05", false),
            // The forms of the W3C note: a month, a day, minutes, seconds, parts of a second, and zones.
            ("DateEquals", "2026-02", "2026-02-01T00:00:00Z", true),
            ("DateEquals", "2026-02-01T10:30Z", "2026-02-01T10:30:00Z", true),
            ("DateGreaterThan", "2026-01-01T00:00Z", "2026-02-01T00:00:00Z", true),
            ("DateEquals", "2026-02-01T10:30+01:00", "2026-02-01T09:30:00Z", true),
            ("DateEquals", "2026-02-01T10:30:00-01:30", "2026-02-01T12:00:00Z", true),
            ("DateEquals", "2026-02-01T10:30:00.5Z", "2026-02-01T10:30:00.500Z", true),
            ("DateGreaterThan", "2026-01-01T00:00", "2026-02-01T00:00:00Z", false),
            ("DateGreaterThan", "2026-01-01T00Z", "2026-02-01T00:00:00Z", false),
            ("DateGreaterThan", "2026-01-01T00:00+1:00", "2026-02-01T00:00:00Z", false),
            ("DateGreaterThan", "2026-01-01Té:00", "2026-02-01T00:00:00Z", false),
            ("IpAddress", "203.0.113.0/24", "203.0.113.7", true),
            ("IpAddress", "203.0.113.0/24", "203.0.114.7", false),
            ("IpAddress", "203.0.113.7", "203.0.113.7", true),
            ("IpAddress", "0.0.0.0/0", "203.0.113.7", true),
            ("IpAddress", "2001:db8::/32", "2001:db8::1", true),
            ("IpAddress", "::/0", "203.0.113.7", false),
            ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", true),
            ("BinaryEquals", "QUJD", "QUJD", true),
        ] {
            assert_eq!(holds(operator, &[expected], Some(&[actual])), outcome, "{operator} {expected} {actual}");
        }
    }

    #[test]
    fn several_values_and_none() {
        let (ab, c, ac): (&[&str], &[&str], &[&str]) = (&["a", "b"], &["c"], &["a", "c"]);
        for (operator, expected, actual, outcome) in [
            // Several expected values: any of them. For a negated operator: none of them.
            ("StringEquals", ab, Some(&["b"][..]), true),
            ("StringEquals", ab, Some(c), false),
            ("StringNotEquals", ab, Some(&["b"]), false),
            ("StringNotEquals", ab, Some(c), true),
            // A key that is not there.
            ("StringEquals", ab, None, false),
            ("StringLike", &["*"], None, false),
            ("StringNotEquals", ab, None, true),
            ("StringNotLike", ab, None, true),
            ("ArnNotEquals", ab, None, true),
            ("NotIpAddress", ab, None, true),
            ("NumericNotEquals", ab, None, true),
            ("DateNotEquals", ab, None, true),
            ("Bool", &["false"], None, false),
            ("StringEqualsIfExists", ab, None, true),
            ("StringEqualsIfExists", ab, Some(c), false),
            ("BoolIfExists", &["true"], None, true),
            ("Null", &["true"], None, true),
            ("Null", &["false"], None, false),
            ("Null", &["true"], Some(c), false),
            ("Null", &["false"], Some(c), true),
            // Several values in the request.
            ("ForAnyValue:StringEquals", ab, Some(ac), true),
            ("ForAllValues:StringEquals", ab, Some(ac), false),
            ("ForAllValues:StringEquals", ab, Some(ab), true),
            ("ForAnyValue:StringEquals", ab, Some(c), false),
            ("ForAnyValue:StringNotEquals", ab, Some(ac), true),
            ("ForAllValues:StringNotEquals", ab, Some(ac), false),
            // The empty set.
            ("ForAllValues:StringEquals", ab, None, true),
            ("ForAnyValue:StringEquals", ab, None, false),
            ("ForAllValues:StringEquals", ab, Some(&[]), true),
            ("ForAnyValue:StringEquals", ab, Some(&[]), false),
            // The key is there, and has no value.
            ("Null", &["false"], Some(&[]), false),
            ("Null", &["true"], Some(&[]), true),
            // A list without values matches nothing.
            ("StringEquals", &[], Some(c), false),
        ] {
            assert_eq!(holds(operator, expected, actual), outcome, "{operator} {expected:?} {actual:?}");
        }
    }
}
