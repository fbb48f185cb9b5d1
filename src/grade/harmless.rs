//! Text that may come from a submission, made fit to be shown and exported anywhere.
//!
//! A learner chooses the names of services and what a script throws, and both end up in records. Nothing in them may
//! move a cursor, reorder a line, break an XML file or fill a disk. Records are cleaned where they are made, so that no
//! exporter can forget it.

use serde_json::Value;

/// The longest text in a record, in characters.
const LONGEST: usize = 2_000;
/// The longest value in a record, in bytes of its JSON.
const LARGEST: usize = 4_000;
/// What stands for a character that was taken out.
const DOT: char = '·';

/// The text without what a terminal or a reader would obey; newlines stay. Too long a text is cut.
pub(super) fn text(text: &str) -> String {
    let mut clean: String = text.chars().take(LONGEST).map(|c| if is_harmful(c) { DOT } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        clean.push('…');
    }
    clean
}

/// The text on one line.
pub(crate) fn line(line: &str) -> String {
    text(line).replace('\n', &DOT.to_string())
}

/// The value with every text in it cleaned. One that is too large becomes the beginning of its JSON.
pub(super) fn value(value: &Value) -> Value {
    let json = value.to_string();
    if json.len() > LARGEST {
        return Value::String(text(&json));
    }
    cleaned(value)
}

fn cleaned(value: &Value) -> Value {
    match value {
        Value::String(string) => Value::String(text(string)),
        Value::Array(items) => items.iter().map(cleaned).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (text(name), cleaned(value))).collect())
        }
        other => other.clone(),
    }
}

/// Control characters but the newline, what changes the direction or the width of text, and what XML forbids.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_is_obeyed_is_left() {
        for (dirty, clean) in [
            ("plain – text", "plain – text"),
            ("two\nlines", "two\nlines"),
            ("\u{1b}[31mred\u{7}\r", "·[31mred··"),
            ("\u{9b}31m \u{202e}txt \u{feff}\u{ffff}\0", "·31m ·txt ···"),
        ] {
            assert_eq!(text(dirty), clean);
        }
        assert_eq!(line("a\nb"), "a·b");
        assert_eq!(text(&"x".repeat(1 << 20)).chars().count(), LONGEST + 1);
        assert_eq!(value(&json!({ "\u{1b}": ["\u{0}", 1] })), json!({ "·": ["·", 1] }));
        assert!(matches!(value(&json!(vec!["x"; 10_000])), Value::String(text) if text.ends_with('…')));
    }
}
