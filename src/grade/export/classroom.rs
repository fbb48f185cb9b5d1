//! GitHub Classroom: a runner result for each check, as lines for `$GITHUB_OUTPUT`: `check_recipe=<base64 of JSON>`.
//!
//! The reporter prints a table that it computes from `status` alone, and sums up `score` for the grade. The two agree
//! only where a runner has one test, so each check is a runner of its own. It knows no skipped test; and it prints what
//! it is given into a log where `::name::` is a command, so those are broken up.

use serde_json::json;

use super::{Graded, without_verdict};
use crate::grade::record::{CheckRecord, CheckStatus};

pub(super) fn export(graded: Graded<'_>) -> String {
    let mut lines: Vec<String> = graded.record.checks.iter().map(of_check).collect();
    if let Some(sentence) = without_verdict(graded.record) {
        lines.push(runner("submission", "error", (0, 0), "the submission can be graded", &sentence));
    }
    lines.concat()
}

fn of_check(check: &CheckRecord) -> String {
    let status = match check.status {
        CheckStatus::Pass => "pass",
        CheckStatus::Fail | CheckStatus::Skipped => "fail",
        CheckStatus::Error => "error",
    };
    let message = format!("{}\n{}", check.rationale, check.help);
    runner(&check.id, status, (check.points, check.max), &check.description, message.trim())
}

/// One runner with one test. `line_no` must be 0 where there is no line, and `score` must never be missing.
fn runner(name: &str, status: &str, (score, max): (u32, u32), asks: &str, message: &str) -> String {
    let result = json!({
        "version": 1,
        "status": status,
        "max_score": max,
        "tests": [{
            "name": name,
            "status": status,
            "score": score,
            "message": message.replace("::", ": :"),
            "test_code": asks.replace("::", ": :"),
            "filename": "",
            "line_no": 0,
            "duration": 0,
        }],
    });
    format!("{name}={}\n", base64(result.to_string().as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    /// RFC 4648, section 10.
    #[test]
    fn base64_is_that_of_the_standard() {
        let rows =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")];
        for (text, encoded) in rows {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }
}
