//! The signs that longshore draws with, and what stands for each of them where only ASCII may be used.
//!
//! Everything is laid out with the signs on the left; a screen that must not show them puts the right ones there as it
//! writes. What people named themselves stays as it is.

use std::borrow::Cow;

/// Each sign and its stand-in, which is as wide, but for an ellipsis that stands for itself.
const SIGNS: &[(char, &str)] = &[
    ('─', "-"),
    ('│', "|"),
    ('├', "|"),
    ('└', "`"),
    ('…', "..."),
    ('·', "."),
    ('━', "-"),
    ('█', "="),
    ('×', "x"),
    ('░', "~"),
    ('▼', "v"),
    ('→', ">"),
    ('–', "-"),
    ('✓', "+"),
    ('✗', "x"),
];

/// What stands where a text was cut to fit: as wide as the ellipsis that it stands for, or columns would not meet.
const CUT: char = '~';

/// Whether the ellipsis between these two ends or begins a text that was cut, and does not stand for what is left open.
fn is_cut(before: char, after: Option<char>) -> bool {
    let begins = |c: char| c.is_alphanumeric() || ['"', '_', '#'].contains(&c);
    !(before.is_whitespace() || "([{`".contains(before)) || after.is_some_and(begins)
}

/// The text with stand-ins for the signs.
pub fn ascii(text: &str) -> Cow<'_, str> {
    let stand_in = |c: char| SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, ascii)| *ascii);
    if text.is_ascii() || !text.chars().any(|c| stand_in(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        let last = std::mem::replace(&mut before, c);
        match stand_in(c) {
            Some(_) if c == '…' && is_cut(last, rest.clone().next()) => plain.push(CUT),
            Some(ascii) => plain.push_str(ascii),
            None => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// The text without the colours that it was painted with.
pub fn without_colours(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return Cow::Borrowed(text);
    }
    let mut bare = String::with_capacity(text.len());
    for (nth, part) in text.split("\u{1b}[").enumerate() {
        let part = if nth == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) };
        bare.push_str(part);
    }
    Cow::Owned(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_stand_ins() {
        for (text, expected) in [
            ("├─ a … b", "|- a ... b"),
            ("wide-na…  1\n…me: x (…)", "wide-na~  1\n~me: x (...)"),
            ("a: …, b: …", "a: ..., b: ..."),
            ("···━━██××░░ ▼", "...--==xx~~ v"),
            ("任务 ü", "任务 ü"),
            ("plain", "plain"),
        ] {
            assert_eq!(ascii(text), expected);
        }
        assert_eq!(without_colours("a \u{1b}[1mb\u{1b}[0m m"), "a b m");
        assert!(SIGNS.iter().all(|(_, ascii)| ascii.is_ascii()));
    }
}
