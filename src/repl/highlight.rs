//! Colours in the line that is being typed.

use super::command;
use crate::api;
use crate::script::tokens::{Token, tokens};
use crate::view::paint::{Paint, Role};

/// Rhai's own words, as far as they are of use at the prompt.
const KEYWORDS: &[&str] = &[
    "let", "const", "if", "else", "switch", "for", "in", "while", "loop", "do", "until", "break", "continue", "fn",
    "return", "throw", "try", "catch", "true", "false", "this",
];

/// The line with colours; `cursor` is where the cursor stands in it. The text itself stays the same.
pub(super) fn highlight(line: &str, cursor: usize, paint: Paint) -> String {
    if command::is_command(line) {
        let end = line
            .trim_start()
            .find(char::is_whitespace)
            .map_or(line.len(), |end| line.len() - line.trim_start().len() + end);
        return format!("{}{}", paint.on(Role::Keyword, &line[..end]), &line[end..]);
    }
    let pair = pair(line, cursor);
    tokens(line)
        .into_iter()
        .map(|(token, range)| {
            let text = &line[range.clone()];
            match token {
                Token::Text => paint.on(Role::Text, text),
                Token::Comment => paint.on(Role::Dim, text),
                Token::Number => paint.on(Role::Number, text),
                Token::Word if KEYWORDS.contains(&text) => paint.on(Role::Keyword, text),
                Token::Word if api::services().any(|service| service == text) => paint.on(Role::Handle, text),
                Token::Other if pair.is_some_and(|(one, two)| one == range.start || two == range.start) => {
                    paint.on(Role::Strong, text)
                }
                _ => text.to_owned(),
            }
        })
        .collect()
}

/// The bracket at or before the cursor, and its partner.
fn pair(line: &str, cursor: usize) -> Option<(usize, usize)> {
    let mut open: Vec<usize> = Vec::new();
    for (token, range) in tokens(line) {
        let sign = &line[range.clone()];
        match (token, sign) {
            (Token::Other, "(" | "[" | "{") => open.push(range.start),
            (Token::Other, ")" | "]" | "}") => {
                let start = open.pop()?;
                let near = |at: usize| at == cursor || Some(at) == cursor.checked_sub(1);
                if near(start) || near(range.start) {
                    return Some((start, range.start));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_add_nothing_to_the_text() {
        for line in ["ecs.x(#{ a: \"b\" })", "let 任务 = `x", "/* é */ 1.5 // ü", ":help ecs", "(]", "?x y", ""] {
            for cursor in 0..=line.len() {
                assert_eq!(highlight(line, cursor, Paint::Plain), line);
                let painted = highlight(line, cursor, Paint::Colours);
                let mut bare = painted.clone();
                while let Some(start) = bare.find('\u{1b}') {
                    let end = start + bare[start..].find('m').expect("a colour ends with m");
                    bare.replace_range(start..=end, "");
                }
                assert_eq!(bare, line, "{painted:?}");
            }
        }
    }

    #[test]
    fn brackets_have_partners() {
        for (line, cursor, expected) in [
            ("f(a[0])", 7, Some((1, 6))),
            ("f(a[0])", 1, Some((1, 6))),
            ("f(a[0])", 6, Some((3, 5))),
            ("f(\")\")", 6, Some((1, 5))),
            ("abc", 1, None),
        ] {
            assert_eq!(pair(line, cursor), expected, "{line} {cursor}");
        }
    }
}
