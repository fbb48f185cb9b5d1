//! Where in a script the cursor stands: in which call, inside which map, after which key. For completion.

use crate::script::tokens::{Token, is_closed, tokens};

/// Something that was opened before the cursor and not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Open {
    /// `ecs.create_service(`, with the dotted name in front, and the arguments before the cursor's that are texts.
    Call { name: String, given: Vec<Option<String>> },
    /// `#{`, with the key whose value is being written, the keys before it, and those of them that are texts.
    Map { key: Option<String>, used: Vec<String>, texts: Vec<(String, String)> },
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

/// A place in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// The dotted name of what is called.
    pub(super) call: &'a str,
    /// Where in it.
    pub(super) spot: Spot<'a>,
}

/// Where in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spot<'a> {
    /// At an argument, with those before it that are texts.
    Argument(&'a [Option<String>]),
    /// At a member of its request.
    Member {
        /// The keys that lead to the innermost map, and to the value if the cursor stands at one.
        path: Vec<&'a str>,
        /// The keys that the innermost map has already; `None` where a value and not a key is due.
        used: Option<&'a [String]>,
        /// The members before it that are texts: the keys that lead to their map, their own key, the text.
        texts: Vec<(Vec<&'a str>, &'a str, &'a str)>,
    },
}

impl Context {
    /// Reads the text before the cursor.
    pub(super) fn read(text: &str) -> Context {
        let mut context = Context::default();
        // It may turn out to be a key, a value, or the name of what is called.
        let mut word = Word::default();
        for (kind, range) in tokens(text) {
            let token = &text[range.clone()];
            context.comment = kind == Token::Comment && !is_closed(kind, token);
            context.quoted = (kind == Token::Text && !is_closed(kind, token)).then_some(range.start + 1);
            match kind {
                Token::Word | Token::Dot => word.name.push_str(token),
                Token::Text => word = Word { name: token.trim_matches(['"', '`', '\'']).to_owned(), text: true },
                Token::Space | Token::Comment => {}
                Token::Other => context.step(token, std::mem::take(&mut word), text[..range.start].ends_with('#')),
                Token::Number => word = Word::default(),
            }
        }
        context
    }

    /// One sign that opens, closes or divides something.
    fn step(&mut self, sign: &str, word: Word, map: bool) {
        match sign {
            "(" => self.open.push(Open::Call { name: word.name, given: Vec::new() }),
            "[" => self.open.push(Open::List),
            "{" if map => self.open.push(Open::Map { key: None, used: Vec::new(), texts: Vec::new() }),
            "{" => self.open.push(Open::Block),
            ")" | "]" | "}" => drop(self.open.pop()),
            ":" => {
                if let Some(Open::Map { key: key @ None, used, .. }) = self.open.last_mut() {
                    used.push(word.name.clone());
                    *key = Some(word.name);
                }
            }
            "," => match self.open.last_mut() {
                Some(Open::Map { key, texts, .. }) => {
                    if let Some(key) = key.take().filter(|_| word.text) {
                        texts.push((key, word.name));
                    }
                }
                Some(Open::Call { given, .. }) => given.push(word.text.then_some(word.name)),
                _ => {}
            },
            _ => {}
        }
    }

    /// Whether the cursor stands in a list.
    pub(super) fn in_list(&self) -> bool {
        self.open.last() == Some(&Open::List)
    }

    /// The keys that the innermost map has, with the one whose value is being written.
    pub(super) fn used(&self) -> &[String] {
        match self.open.last() {
            Some(Open::Map { used, .. }) => used,
            _ => &[],
        }
    }

    /// What closes everything that is open.
    pub(super) fn closers(&self) -> String {
        let closer = |open: &Open| match open {
            Open::Call { .. } => ")",
            Open::List => "]",
            Open::Map { .. } | Open::Block => " }",
        };
        self.open.iter().rev().map(closer).collect()
    }

    /// The place in a call at which the cursor stands: at an argument, or in a request that is written out there.
    pub(super) fn place(&self) -> Option<Place<'_>> {
        let call = self.open.iter().rposition(|open| matches!(open, Open::Call { .. }))?;
        let Open::Call { name, given } = &self.open[call] else { return None };
        let inside = &self.open[call + 1..];
        if inside.is_empty() {
            return Some(Place { call: name, spot: Spot::Argument(given) });
        }
        if !matches!(inside.first(), Some(Open::Map { .. })) || inside.contains(&Open::Block) {
            return None;
        }
        let mut path = Vec::new();
        let mut all = Vec::new();
        for open in inside {
            let Open::Map { key, texts, .. } = open else { continue };
            all.extend(texts.iter().map(|(key, text)| (path.clone(), key.as_str(), text.as_str())));
            path.extend(key.as_deref());
        }
        let used = match inside.last() {
            Some(Open::Map { key: None, used, .. }) => Some(used.as_slice()),
            _ => None,
        };
        Some(Place { call: name, spot: Spot::Member { path, used, texts: all } })
    }
}

/// The last word or quoted text.
#[derive(Default)]
struct Word {
    name: String,
    text: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> String {
        let context = Context::read(text);
        let Some(Place { call, spot }) = context.place() else { return "nowhere".to_owned() };
        match spot {
            Spot::Argument(given) => format!("{call} argument {} {given:?}", given.len()),
            Spot::Member { path, used, texts } => {
                let used = used.map(|used| format!(" after {}", used.join(" "))).unwrap_or_default();
                let texts: Vec<String> =
                    texts.iter().map(|(path, key, text)| format!(" {}{key}={text}", path.join("."))).collect();
                format!("{call} at {}{used}{}", path.join("."), texts.concat()).trim_end().to_owned()
            }
        }
    }

    #[test]
    fn knows_where_in_a_call_the_cursor_is() {
        for (text, expected) in [
            ("ecs.list_clusters(", "ecs.list_clusters argument 0 []"),
            ("fault.crash(\"ab\", x, ", "fault.crash argument 2 [Some(\"ab\"), None]"),
            ("why(\"", "why argument 0 []"),
            ("ecs.create_service(#{ ", "ecs.create_service at  after"),
            ("ecs.create_service(#{ a: 1, b: \"x, y\", c", "ecs.create_service at  after a b b=x, y"),
            ("ecs.create_service(#{ a: \"x\" + y, b: z, ", "ecs.create_service at  after a b"),
            ("ecs.create_service(#{ launchType: ", "ecs.create_service at launchType"),
            ("f(1); ecs.x(#{ c: \"d\", a: [#{ e: \"f\", b: #{ ", "ecs.x at a.b after  c=d ae=f"),
            ("ecs.x(#{ a: [#{ b: 1 }, #{ ", "ecs.x at a after"),
            ("ecs.x(#{ a: [", "ecs.x at a"),
            ("ecs.x(#{ a: || { ", "nowhere"),
            ("ecs.x(#{ // a: #{\n", "ecs.x at  after"),
            ("let m = #{ a", "nowhere"),
        ] {
            assert_eq!(place(text), expected, "{text}");
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
}
