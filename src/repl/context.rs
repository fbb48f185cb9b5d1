//! Where in a script the cursor stands: in which call, inside which map, after which key. For completion.

use std::ops::Range;

/// Something that was opened before the cursor and not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Open {
    /// `ecs.create_service(`, with the dotted name in front.
    Call(String),
    /// `#{`, with the key whose value is being written, and the keys before it.
    Map { key: Option<String>, used: Vec<String> },
    /// `[`.
    List,
    /// `{`.
    Block,
}

/// Where the cursor is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Context {
    open: Vec<Open>,
    /// Where the quoted text begins in which the cursor stands.
    pub(super) quoted: Option<usize>,
    /// Whether it stands in a comment.
    pub(super) comment: bool,
}

/// A place in the request of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InRequest<'a> {
    /// The dotted name of what is called.
    pub(super) call: &'a str,
    /// The keys that lead to the innermost map, and to the value if the cursor stands at one.
    pub(super) path: Vec<&'a str>,
    /// The keys that the innermost map has already; `None` where a value and not a key is due.
    pub(super) used: Option<&'a [String]>,
}

impl Context {
    /// Reads the text before the cursor.
    pub(super) fn read(text: &str) -> Context {
        let mut context = Context::default();
        // The last word or quoted text, which may turn out to be a key or the name of what is called.
        let mut word = String::new();
        for (kind, range) in tokens(text) {
            let token = &text[range.clone()];
            context.comment = kind == Token::Comment && !closed_comment(token);
            context.quoted = (kind == Token::Text && !closed_text(token)).then_some(range.start + 1);
            match kind {
                Token::Word | Token::Dot => word.push_str(token),
                Token::Text => word = token.trim_matches('"').to_owned(),
                Token::Space | Token::Comment => {}
                Token::Other => {
                    context.step(token, &word, text[..range.start].ends_with('#'));
                    word.clear();
                }
                Token::Number => word.clear(),
            }
        }
        context
    }

    /// One sign that opens, closes or divides something.
    fn step(&mut self, sign: &str, word: &str, map: bool) {
        match sign {
            "(" => self.open.push(Open::Call(word.to_owned())),
            "[" => self.open.push(Open::List),
            "{" if map => self.open.push(Open::Map { key: None, used: Vec::new() }),
            "{" => self.open.push(Open::Block),
            ")" | "]" | "}" => drop(self.open.pop()),
            ":" => {
                if let Some(Open::Map { key: key @ None, used }) = self.open.last_mut() {
                    used.push(word.to_owned());
                    *key = Some(word.to_owned());
                }
            }
            "," => {
                if let Some(Open::Map { key, .. }) = self.open.last_mut() {
                    *key = None;
                }
            }
            _ => {}
        }
    }

    /// The place in a request at which the cursor stands, if it stands in one that is written out in a call.
    pub(super) fn in_request(&self) -> Option<InRequest<'_>> {
        let call = self.open.iter().rposition(|open| matches!(open, Open::Call(_)))?;
        let Open::Call(name) = &self.open[call] else { return None };
        let inside = &self.open[call + 1..];
        if !matches!(inside.first(), Some(Open::Map { .. })) || inside.contains(&Open::Block) {
            return None;
        }
        let keys = inside.iter().filter_map(|open| match open {
            Open::Map { key, .. } => key.as_deref(),
            _ => None,
        });
        let used = match inside.last() {
            Some(Open::Map { key: None, used }) => Some(used.as_slice()),
            _ => None,
        };
        Some(InRequest { call: name, path: keys.collect(), used })
    }
}

/// What a piece of script is, as far as the prompt needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a word of the language.
    Word,
    /// A number.
    Number,
    /// A text in quotes or back-ticks, perhaps without its end.
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
pub(super) fn tokens(text: &str) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let run = |holds: fn(char) -> bool| rest.find(|c| !holds(c)).unwrap_or(rest.len());
        let (token, length) = match first {
            _ if rest.starts_with("//") => (Token::Comment, rest.find('\n').unwrap_or(rest.len())),
            _ if rest.starts_with("/*") => (Token::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2)),
            '"' | '`' => (Token::Text, text_length(rest, first).unwrap_or(rest.len())),
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

/// The length of a text in quotes, up to and with its end; `None` if it has none.
fn text_length(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return Some(index + 1),
            _ => {}
        }
    }
    None
}

fn closed_text(token: &str) -> bool {
    token.chars().next().is_some_and(|quote| text_length(token, quote).is_some())
}

fn closed_comment(token: &str) -> bool {
    // A comment to the end of its line is over when something follows it.
    token.starts_with("/*") && token.len() >= 4 && token.ends_with("*/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_where_in_a_request_the_cursor_is() {
        // What is called, the path of keys, and the keys that are there already.
        type Place<'a> = (&'a str, &'a [&'a str], Option<&'a [&'a str]>);
        let rows: [(&str, Option<Place<'_>>); 10] = [
            ("ecs.list_clusters(", None),
            ("ecs.create_service(#{ ", Some(("ecs.create_service", &[], Some(&[])))),
            ("ecs.create_service(#{ a: 1, b: \"x, y\", c", Some(("ecs.create_service", &[], Some(&["a", "b"])))),
            ("ecs.create_service(#{ launchType: ", Some(("ecs.create_service", &["launchType"], None))),
            ("f(1); ecs.x(#{ a: [#{ b: #{ ", Some(("ecs.x", &["a", "b"], Some(&[])))),
            ("ecs.x(#{ a: [#{ b: 1 }, #{ ", Some(("ecs.x", &["a"], Some(&[])))),
            ("ecs.x(#{ a: [", Some(("ecs.x", &["a"], None))),
            ("ecs.x(#{ a: || { ", None),
            ("ecs.x(#{ // a: #{\n", Some(("ecs.x", &[], Some(&[])))),
            ("let m = #{ a", None),
        ];
        for (text, expected) in rows {
            let context = Context::read(text);
            let found = context.in_request();
            let found = found.as_ref().map(|place| {
                let used = place.used.map(|used| used.iter().map(String::as_str).collect::<Vec<_>>());
                (place.call, place.path.clone(), used)
            });
            let expected = expected.map(|(call, path, used)| (call, path.to_vec(), used.map(<[&str]>::to_vec)));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn knows_texts_and_comments() {
        for (text, quoted, comment) in [
            ("let a = \"x", Some(9), false),
            ("let a = \"x\"", None, false),
            ("let a = \"x\\\"", Some(9), false),
            ("`a\"", Some(1), false),
            ("\"", Some(1), false),
            ("a // b", None, true),
            ("a // b\nc", None, false),
            ("a /* b", None, true),
            ("a /* b */", None, false),
        ] {
            let context = Context::read(text);
            assert_eq!((context.quoted, context.comment), (quoted, comment), "{text}");
        }
    }

    #[test]
    fn tokens_are_the_whole_text() {
        for text in ["ecs.x(#{ a: \"b\" })", "任务 + `x", "/* é */ 1.5 // ü", "", "'\"' \"\\"] {
            let joined: String = tokens(text).into_iter().map(|(_, range)| &text[range]).collect();
            assert_eq!(joined, text);
        }
    }
}
