//! Texts and patterns compared character by character, so that a mismatch can be pointed at.
//!
//! `*` stands for any number of characters, `?` for one. A policy variable such as `${aws:username}` is replaced by
//! its value, in which `*` and `?` are plain characters. [IAM-UG reference_policies_variables]

use super::request::Keys;
use crate::model::policy::Version;

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// Exactly this character.
    Literal(char),
    /// `?`
    One,
    /// `*`
    Many,
}

/// A text to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Piece>);

/// Whether upper and lower case are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// They differ.
    Matters,
    /// They are the same.
    Ignored,
}

/// Whether `*` and `?` mean more than themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wildcards {
    /// They do.
    Work,
    /// They are plain characters.
    AreLiteral,
}

impl Pattern {
    /// Reads an expected value of a policy; nothing if it names a variable that the request does not have, for then
    /// the statement does not match.
    pub(crate) fn read(text: &str, wildcards: Wildcards, version: Version, keys: &Keys) -> Option<Pattern> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if version == Version::V2012
                && let Some((name, after)) = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'))
            {
                pieces.extend(variable(name, keys)?.chars().map(Piece::Literal));
                rest = after;
                continue;
            }
            pieces.push(match letter {
                '*' if wildcards == Wildcards::Work => Piece::Many,
                '?' if wildcards == Wildcards::Work => Piece::One,
                other => Piece::Literal(other),
            });
            rest = &rest[letter.len_utf8()..];
        }
        Some(Pattern(pieces))
    }

    /// Compares a value; on a mismatch, says at which of its characters (from 0) no way of matching goes on.
    pub(crate) fn compare(&self, value: &str, case: Case) -> Result<(), usize> {
        let same = |a: char, b: char| match case {
            Case::Matters => a == b,
            Case::Ignored => a.to_lowercase().eq(b.to_lowercase()),
        };
        let mut reached = vec![false; self.0.len() + 1];
        reached[0] = true;
        self.skip_stars(&mut reached);
        let mut length = 0;
        for (index, letter) in value.chars().enumerate() {
            let mut next = vec![false; self.0.len() + 1];
            for (at, piece) in self.0.iter().enumerate().filter(|(at, _)| reached[*at]) {
                match piece {
                    Piece::Many => next[at] = true,
                    Piece::One => next[at + 1] = true,
                    Piece::Literal(expected) => next[at + 1] |= same(*expected, letter),
                }
            }
            self.skip_stars(&mut next);
            if !next.contains(&true) {
                return Err(index);
            }
            reached = next;
            length = index + 1;
        }
        if reached[self.0.len()] { Ok(()) } else { Err(length) }
    }

    /// A star may stand for nothing.
    fn skip_stars(&self, reached: &mut [bool]) {
        for (at, piece) in self.0.iter().enumerate() {
            reached[at + 1] |= reached[at] && *piece == Piece::Many;
        }
    }

    /// Cuts an ARN into its six parts.
    pub(super) fn arn_parts(self) -> Option<Vec<Pattern>> {
        let parts: Vec<Pattern> =
            self.0.splitn(6, |p| *p == Piece::Literal(':')).map(|p| Pattern(p.to_vec())).collect();
        (parts.len() == 6).then_some(parts)
    }
}

/// Compares an ARN part by part, so that `*` in one part never reaches into the next.
/// [IAM-UG reference_policies_elements_condition_operators, ARN operators]
pub(super) fn compare_arn(pattern: Pattern, value: &str) -> Result<(), usize> {
    let Some(patterns) = pattern.arn_parts() else { return Err(0) };
    let mut offset = 0;
    let mut parts = value.splitn(6, ':');
    for pattern in patterns {
        let Some(part) = parts.next() else { return Err(value.chars().count()) };
        pattern.compare(part, Case::Matters).map_err(|at| offset + at)?;
        offset += part.chars().count() + 1;
    }
    Ok(())
}

/// The value of a policy variable: `${*}`, `${?}` and `${$}` stand for themselves, `${key, 'text'}` has a default.
fn variable<'a>(name: &'a str, keys: &'a Keys) -> Option<&'a str> {
    let (key, default) = match name.split_once(',') {
        None => (name, None),
        Some((key, default)) => (key, default.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\''))),
    };
    match key.trim() {
        "*" => Some("*"),
        "?" => Some("?"),
        "$" => Some("$"),
        key => match keys.get(key) {
            Some([value]) => Some(value),
            _ => default,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(pattern: &str, value: &str) -> Result<(), usize> {
        let keys = Keys::default().with("aws:username", ["a*"]);
        let pattern = Pattern::read(pattern, Wildcards::Work, Version::V2012, &keys);
        pattern.ok_or(999).and_then(|pattern| pattern.compare(value, Case::Matters))
    }

    #[test]
    fn a_mismatch_is_pointed_at() {
        for (pattern, value, expected) in [
            ("abc", "abc", Ok(())),
            ("abc", "abd", Err(2)),
            ("abc", "ab", Err(2)),
            ("abc", "abcd", Err(3)),
            ("abc", "ABC", Err(0)),
            ("", "", Ok(())),
            ("*", "", Ok(())),
            ("a*c", "a/b:c", Ok(())),
            ("a*c", "abd", Err(3)),
            ("a?c", "abc", Ok(())),
            ("a?c", "ac", Err(2)),
            ("*:ns:*", "x:ns:y", Ok(())),
            ("system:serviceaccount:prod:*", "system:serviceaccount:dev:web", Err(22)),
            ("${aws:username}/b", "a*/b", Ok(())),
            ("${aws:username}/b", "ax/b", Err(1)),
            ("${aws:nobody}", "x", Err(999)),
            ("${aws:nobody, 'x'}", "x", Ok(())),
            ("${*}", "*", Ok(())),
            ("${*}", "x", Err(0)),
        ] {
            assert_eq!(compare(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn variables_are_plain_text_in_the_old_language() {
        let pattern = Pattern::read("${a}", Wildcards::AreLiteral, Version::V2008, &Keys::default()).unwrap();
        assert_eq!(pattern.compare("${a}", Case::Matters), Ok(()));
    }

    #[test]
    fn a_star_in_an_arn_stays_in_its_part() {
        let keys = Keys::default();
        for (pattern, value, expected) in [
            ("arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a/b", Ok(())),
            ("arn:aws:*:1:role/*", "arn:aws:iam::1:role/a", Err(0)),
            ("arn:aws:*::1:role/a", "arn:aws:iam::1:role/a", Ok(())),
            ("arn:aws:iam::1:role/a", "arn:aws:iam::2:role/a", Err(13)),
            ("*", "arn:aws:iam::1:role/a", Err(0)),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a:c", Ok(())),
        ] {
            let pattern = Pattern::read(pattern, Wildcards::Work, Version::V2012, &keys).unwrap();
            assert_eq!(compare_arn(pattern, value), expected, "{value}");
        }
    }
}
