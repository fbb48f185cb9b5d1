//! Cuts a script into pieces without parsing it, for a text that somebody is still typing is no script yet.

use std::ops::Range;

/// What a piece of script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or a word of the language.
    Word,
    /// A number.
    Number,
    /// A text in double quotes or back-ticks, perhaps without its end, or a character in single quotes.
    Text,
    /// A comment, perhaps without its end.
    Comment,
    /// White space.
    Space,
    /// The dot before a member.
    Dot,
    /// Any other sign, one at a time.
    Other,
}

/// Cuts a script into pieces; together they are the whole of it.
pub(crate) fn tokens(text: &str) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let run = |holds: fn(char) -> bool| rest.find(|c| !holds(c)).unwrap_or(rest.len());
        let (token, length) = match first {
            _ if rest.starts_with("//") => (Token::Comment, rest.find('\n').unwrap_or(rest.len())),
            _ if rest.starts_with("/*") => (Token::Comment, comment(rest).unwrap_or(rest.len())),
            '"' | '`' => (Token::Text, quoted(rest, first).unwrap_or(rest.len())),
            '\'' => character(rest).map_or((Token::Other, 1), |length| (Token::Text, length)),
            c if c.is_ascii_digit() => (Token::Number, run(|c| c.is_ascii_alphanumeric() || c == '_')),
            c if c.is_alphanumeric() || c == '_' => (Token::Word, run(|c| c.is_alphanumeric() || c == '_')),
            c if c.is_whitespace() => (Token::Space, run(char::is_whitespace)),
            '.' => (Token::Dot, 1),
            c => (Token::Other, c.len_utf8()),
        };
        tokens.push((token, start..start + length));
        start += length;
    }
    tokens
}

/// Whether a text or a comment has its end. A comment to the end of its line is over when something follows it.
pub(crate) fn is_closed(token: Token, text: &str) -> bool {
    match token {
        Token::Text => text.chars().next().is_some_and(|quote| quoted(text, quote).is_some()),
        Token::Comment => comment(text).is_some(),
        _ => true,
    }
}

/// Whether a script ends in a comment that begins with `/*` and has no end. Rhai takes that for a script.
pub(crate) fn ends_in_a_comment(text: &str) -> bool {
    tokens(text).pop().is_some_and(|(token, range)| {
        let last = &text[range];
        token == Token::Comment && last.starts_with("/*") && comment(last).is_none()
    })
}

/// Whether something follows after a semicolon.
pub(crate) fn has_several_statements(text: &str) -> bool {
    let mut rest = tokens(text).into_iter().skip_while(|(_, range)| &text[range.clone()] != ";").skip(1);
    rest.any(|(token, _)| !matches!(token, Token::Space | Token::Comment))
}

/// Where the first statement ends that calls this function outside of all brackets: after its semicolon.
pub(crate) fn end_of_call(text: &str, name: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut called = false;
    for (token, range) in tokens(text) {
        match &text[range.clone()] {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            ";" if called && depth == 0 => return Some(range.end),
            word if token == Token::Word && word == name && depth == 0 => called = true,
            _ => {}
        }
    }
    None
}

/// Whether a script sets a variable or a member, or defines a function.
pub(crate) fn sets_something(text: &str) -> bool {
    let pieces = tokens(text);
    let sign =
        |index: usize| pieces.get(index).filter(|(token, _)| *token == Token::Other).map(|(_, r)| &text[r.clone()]);
    pieces.iter().enumerate().any(|(index, (token, range))| match &text[range.clone()] {
        "let" | "const" | "fn" => *token == Token::Word,
        "=" => {
            let compares = |sign: &str| ["=", "!", "<", ">"].contains(&sign);
            let before = index.checked_sub(1).and_then(sign);
            let shifts = before.is_some() && index.checked_sub(2).and_then(sign) == before;
            !sign(index + 1).is_some_and(|next| ["=", ">"].contains(&next)) && (shifts || !before.is_some_and(compares))
        }
        _ => false,
    })
}

/// The length of the comment at the beginning, up to and with its end; comments in comments count.
fn comment(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let sign = text.get(at..at + 2).unwrap_or_default();
        match sign {
            "/*" => depth += 1,
            "*/" if depth == 1 => return Some(at + 2),
            "*/" => depth -= 1,
            _ => {}
        }
        at += if matches!(sign, "/*" | "*/") { 2 } else { first.len_utf8() };
    }
    None
}

/// The length of the text at the beginning, up to and with its quote at the end; `None` if it has none.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            c if c == quote => return Some(index + 1),
            _ => {}
        }
    }
    None
}

/// The length of the character at the beginning, such as `'a'`, `'"'` or `'\n'`; `None` if it is none.
fn character(text: &str) -> Option<usize> {
    let length = quoted(text, '\'')?;
    let inside = &text[1..length - 1];
    (inside.chars().count() == 1 || inside.starts_with('\\')).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_whole_text() {
        for text in ["ecs.x(#{ a: \"b\" })", "任务 + `x", "/* é */ 1.5 // ü", "", "'\"' \"\\", "/*é", "'ab' 'é"] {
            let joined: String = tokens(text).into_iter().map(|(_, range)| &text[range]).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn a_call_ends_after_its_semicolon() {
        for (text, end) in [
            ("a(); b(\";\", [1; 2]); c();", Some("a(); b(\";\", [1; 2]);")),
            ("{ b(); } b", None),
            ("if x { b(); }\nb(1) ;", Some("if x { b(); }\nb(1) ;")),
        ] {
            assert_eq!(end_of_call(text, "b").map(|end| &text[..end]), end, "{text}");
        }
    }

    #[test]
    fn a_script_sets_something_or_only_asks() {
        for (text, sets, several) in [
            ("let x = 1", true, false),
            ("x = 1; // so", true, false),
            ("a.b += 1; a", true, true),
            ("x <<= 1", true, false),
            ("fn f() { 1 }", true, false),
            ("a == b && c != d || e <= f", false, false),
            ("print(\"let x = 1;\")", false, false),
            ("switch x { 1 => 2 }", false, false),
            ("f(); g()", false, true),
        ] {
            assert_eq!((sets_something(text), has_several_statements(text)), (sets, several), "{text}");
        }
    }

    #[test]
    fn what_stands_in_a_text_is_no_comment() {
        for (text, open) in [
            ("let x = 1; /* why", true),
            ("/* a /* b */", true),
            ("/* a /* b */ */ x", false),
            ("/*/ a", true),
            ("let arn = \"arn:aws:s3:::photos/*\";", false),
            ("let arn = `photos/*`; /*", true),
            ("// a comment about /*", false),
            ("// one\n/* two", true),
            ("let x = \"\\\"/*\";", false),
            ("let q = '\"'; let a = \"photos/*\";", false),
            ("let q = '\\''; let a = '/'; /* b", true),
            ("6 / 2", false),
        ] {
            assert_eq!(ends_in_a_comment(text), open, "{text}");
        }
    }
}
