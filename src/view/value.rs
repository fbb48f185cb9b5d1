//! Values: scalars plainly, maps indented, lists of like maps as tables.

use serde_json::{Map, Value};

use super::paint::{Paint, Role};
use super::text::{count, fold, pad, width};
use super::{Look, facts, table, timeline, tree};

/// How a value looks.
pub fn value(value: &Value, look: Look) -> String {
    let lines = if let Some(lines) = tree::explanation(value, look) {
        lines
    } else if let Some(lines) = timeline::of(value, look) {
        lines
    } else if let Some(lines) = facts::of(value, look) {
        lines
    } else {
        block(&shallow(value, DEEPEST), look)
    };
    cut(lines, look).join("\n")
}

/// Levels of a value that are shown; nothing of AWS is nested half as deep.
const DEEPEST: usize = 24;

/// The value with what lies deeper than so many levels left out.
fn shallow(value: &Value, levels: usize) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if levels == 0 => Value::String("…".to_owned()),
        Value::Array(items) => items.iter().map(|item| shallow(item, levels - 1)).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.clone(), shallow(value, levels - 1))).collect())
        }
        plain => plain.clone(),
    }
}

/// At most so many lines.
fn cut(mut lines: Vec<String>, look: Look) -> Vec<String> {
    // Lists cut themselves after as many elements; this is for what is long all the same.
    let most = look.most.saturating_mul(4);
    if lines.len() > most.saturating_add(1) {
        let more = count(lines.len() - most, "more line");
        lines.truncate(most);
        lines.push(look.paint.on(Role::Dim, &format!("… {more}")));
    }
    lines
}

/// The lines of a value.
fn block(value: &Value, look: Look) -> Vec<String> {
    match value {
        Value::Object(map) if !map.is_empty() => map_lines(map, look),
        Value::Array(items) if !items.is_empty() => list_lines(items, look),
        Value::String(text) if text.is_empty() => vec!["\"\"".to_owned()],
        Value::String(text) => fold(text, look.room()).iter().map(|line| look.paint.states(line)).collect(),
        other => vec![inline(other).unwrap_or_default()],
    }
}

/// A value on one line, if it is plain or a short list of plain ones.
pub(super) fn inline(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("()".to_owned()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) if text.is_empty() => Some("\"\"".to_owned()),
        Value::String(text) => (!text.contains('\n')).then(|| text.clone()),
        Value::Array(items) if items.iter().all(is_scalar) => {
            let items: Option<Vec<String>> = items.iter().map(inline).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Object(map) => map.is_empty().then(|| "#{}".to_owned()),
        Value::Array(_) => None,
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn map_lines(map: &Map<String, Value>, look: Look) -> Vec<String> {
    let short = |name: &str, value: &Value| {
        let text = inline(value)?;
        (is_scalar(value) || width(name) + 2 + width(&text) <= look.width).then_some(text)
    };
    let entries: Vec<(&String, &Value, Option<String>)> =
        map.iter().map(|(name, value)| (name, value, short(name, value))).collect();
    let names = entries.iter().filter(|(_, _, short)| short.is_some()).map(|(name, ..)| width(name));
    let column = names.max().unwrap_or(0) + 1;
    let mut lines = Vec::new();
    for (name, value, short) in entries {
        match short {
            Some(text) => {
                let key = pad(&format!("{name}:"), column);
                let mut folded = beside(&text, column + 1, look).into_iter().map(|line| look.paint.states(&line));
                let first = folded.next().unwrap_or_default();
                lines.push(format!("{} {first}", look.paint.on(Role::Key, &key)).trim_end().to_owned());
                lines.extend(folded);
            }
            None => {
                lines.push(look.paint.on(Role::Key, &format!("{name}:")));
                lines.extend(block(value, look.narrower(2)).into_iter().map(|line| format!("  {line}")));
            }
        }
    }
    lines
}

/// The lines of a text beside a key of this width: further ones under the first word, or all below the key where that
/// alone makes room.
fn beside(text: &str, column: usize, look: Look) -> Vec<String> {
    let longest = text.split_whitespace().map(width).max().unwrap_or(0);
    let below = longest + column > look.room() && longest + 2 <= look.room();
    let folded = fold(text, look.room().saturating_sub(if below { 2 } else { column }).max(20));
    let indent = " ".repeat(if below { 2 } else { column });
    let rest = folded.iter().skip(usize::from(!below)).map(|line| format!("{indent}{line}"));
    let first = if below { String::new() } else { folded.first().cloned().unwrap_or_default() };
    std::iter::once(first).chain(rest).collect()
}

fn list_lines(items: &[Value], look: Look) -> Vec<String> {
    if let Some(line) = one_line(items, look.width) {
        return vec![line];
    }
    let shown = &items[..items.len().min(look.most)];
    let mut lines = table::table(shown, look).unwrap_or_else(|| bullets(shown, look));
    if items.len() > shown.len() {
        let more = items.len() - shown.len();
        lines.push(look.paint.on(Role::Dim, &format!("… {more} more")));
    }
    lines
}

/// A short list of plain values.
fn one_line(items: &[Value], room: usize) -> Option<String> {
    const LONGEST: usize = 200;
    if items.len() > LONGEST || !items.iter().all(is_scalar) {
        return None;
    }
    let texts: Vec<String> = items.iter().map(inline).collect::<Option<_>>()?;
    let line = format!("[{}]", texts.join(", "));
    (width(&line) <= room).then_some(line)
}

fn bullets(items: &[Value], look: Look) -> Vec<String> {
    let dash = look.paint.on(Role::Dim, "-");
    let bullet = |item: &Value| {
        let lines = block(item, look.narrower(2)).into_iter().enumerate();
        let lines: Vec<String> = lines
            .map(|(index, line)| if index == 0 { format!("{dash} {line}") } else { format!("  {line}") })
            .collect();
        lines
    };
    items.iter().flat_map(bullet).collect()
}

/// A value as one would type it, for completion and for help.
pub fn literal(value: &Value, paint: Paint) -> String {
    match value {
        Value::String(_) => paint.on(Role::Text, &value.to_string()),
        Value::Object(map) if map.is_empty() => "#{}".to_owned(),
        Value::Null => "()".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;
    use serde_json::json;

    #[test]
    fn values_look_like_this() {
        let rows = [
            (json!(null), "()"),
            (json!(3), "3"),
            (json!(2.5), "2.5"),
            (json!(true), "true"),
            (json!("2026-01-05T09:00:00Z"), "2026-01-05T09:00:00Z"),
            (json!("two\nlines"), "two\nlines"),
            (json!(""), "\"\""),
            (json!([]), "[]"),
            (json!({}), "#{}"),
            (json!([1, 2, 3]), "[1, 2, 3]"),
            (json!(["a", ""]), "[a, \"\"]"),
            (json!(["a-rather-long-name-1", "a-rather-long-name-2"]), "- a-rather-long-name-1\n- a-rather-long-name-2"),
            (json!({"a": 1, "long": "x"}), "a:    1\nlong: x"),
            (json!({"a": {"b": {"c": []}}}), "a:\n  b:\n    c: []"),
            (json!({"l": [{"a": 1, "b": {"c": 2}}]}), "l:\n  - a: 1\n    b:\n      c: 2"),
            (json!([{"n": "a", "count": 1}, {"n": "bb", "count": 20}]), "n   count\na       1\nbb     20"),
            (json!([{"a": 1, "b": 2}, {"a": 3, "b": 4, "c": "x"}]), "a  b  c\n1  2\n3  4  x"),
            (json!([{"a": 1}, {"b": 2}]), "- a: 1\n- b: 2"),
            (json!([[1, 2], [3]]), "- [1, 2]\n- [3]"),
            (json!({"k": "任务", "kk": 1}), "k:  任务\nkk: 1"),
        ];
        for (data, expected) in rows {
            assert_eq!(value(&data, plain(40)), expected, "{data}");
        }
    }

    #[test]
    fn a_table_that_is_too_wide_becomes_a_list() {
        let data = json!([{"arn": "x".repeat(30), "name": "y".repeat(30)}]);
        assert!(value(&data, plain(80)).starts_with("arn "));
        assert!(value(&data, plain(60)).starts_with("- arn:"));
    }

    #[test]
    fn a_column_of_words_is_wrapped() {
        let data = json!([{"at": "09:00:00", "message": "one two three four five six seven eight nine ten eleven"}]);
        let text = value(&data, plain(45));
        assert_eq!(
            text,
            "at        message\n09:00:00  one two three four five six seven\n          eight nine ten eleven"
        );
    }

    #[test]
    fn long_lists_are_cut() {
        let look = Look { most: 2, ..plain(40) };
        assert_eq!(value(&json!([{"a": 1}, {"a": 2}, {"a": 3}]), look), "a\n1\n2\n… 1 more");
        let long: Map<String, Value> = (0..12).map(|n| (format!("k{n:02}"), json!(n))).collect();
        assert!(value(&Value::Object(long), look).ends_with("k07: 7\n… 4 more lines"));
    }
}
