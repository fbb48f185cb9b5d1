//! What went wrong, as a compiler would say it: the sentence, the place with a caret, the reason, the way out.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Look;
use super::paint::Role;
use super::text::hang;
use crate::script::trouble::{Place, Trouble};

/// The lines of a trouble. `source` is the name of the text that was evaluated, where it has one that people know.
pub fn trouble(trouble: &Trouble, source: Option<&str>, look: Look) -> String {
    let mut lines = vec![error(&trouble.message, look)];
    if let Some(place) = &trouble.place {
        lines.extend(place_lines(place, source, look));
    }
    for (label, text) in [("because: ", &trouble.because), ("way out: ", &trouble.way_out)] {
        if !text.is_empty() {
            lines.push(hang(&look.paint.on(Role::Strong, label), label.len(), text, look.room()));
        }
    }
    lines.join("\n")
}

/// An error without a place.
pub fn error(message: &str, look: Look) -> String {
    hang(&format!("{} ", look.paint.on(Role::Error, "error:")), "error: ".len(), message, look.room())
}

/// Something to know.
pub fn note(message: &str, look: Look) -> String {
    hang(&format!("{} ", look.paint.on(Role::Note, "note:")), "note: ".len(), message, look.room())
}

fn place_lines(place: &Place, source: Option<&str>, look: Look) -> Vec<String> {
    let dim = |text: &str| look.paint.on(Role::Dim, text);
    let name = place.source.as_deref().or(source).map(|name| format!("{name}:")).unwrap_or_default();
    let margin = " ".repeat(place.line.to_string().len());
    let mut lines = vec![dim(&format!("{margin}--> {name}{}:{}", place.line, place.column))];
    if place.text.trim().is_empty() {
        return lines;
    }
    let room = look.width.saturating_sub(margin.len() + 3).max(20);
    let (text, before, carets) = window(&place.text, place.column, place.length, room);
    let caret = look.paint.on(Role::Error, &"^".repeat(carets));
    lines.push(dim(&format!("{margin} |")));
    lines.push(format!("{} {text}", dim(&format!("{} |", place.line))));
    lines.push(format!("{} {}{caret}", dim(&format!("{margin} |")), " ".repeat(before)));
    lines
}

/// The part of a line around a column (from 1) that fits, the columns before the caret, and the caret's length.
fn window(text: &str, column: usize, length: usize, room: usize) -> (String, usize, usize) {
    let chars: Vec<char> = text.chars().map(|c| if c == '\t' || c.is_control() { ' ' } else { c }).collect();
    let wide = |chars: &[char]| chars.iter().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let at = (column - 1).min(chars.len());
    let end = (at + length).min(chars.len());
    let carets = wide(&chars[at..end]).clamp(1, room / 2);
    let mut start = 0;
    let mut cut_before = "";
    // The caret and a little of what follows must be seen.
    while wide(&chars[start..end]) + 10 > room && wide(&chars[start..at]) > room / 3 {
        start += 1;
        cut_before = "…";
    }
    let room = room - cut_before.width();
    let mut stop = chars.len();
    let mut cut_after = "";
    while wide(&chars[start..stop]) + cut_after.width() > room {
        stop -= 1;
        cut_after = "…";
    }
    let shown: String = chars[start..stop].iter().collect();
    (format!("{cut_before}{shown}{cut_after}"), cut_before.width() + wide(&chars[start..at]), carets)
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;
    use crate::script::trouble::Kind;

    fn at(text: &str, line: usize, column: usize, length: usize) -> Trouble {
        Trouble {
            kind: Kind::Script,
            message: "it is wrong".to_owned(),
            because: "it was not right".to_owned(),
            way_out: "write it right".to_owned(),
            place: Some(Box::new(Place { source: None, line, column, text: text.to_owned(), length })),
        }
    }

    #[test]
    fn trouble_reads_like_a_compiler() {
        let text = trouble(&at("let x = ecss.y;", 12, 9, 4), Some("web.rhai"), plain(60));
        let expected = "\
error: it is wrong
  --> web.rhai:12:9
   |
12 | let x = ecss.y;
   |         ^^^^
because: it was not right
way out: write it right";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_caret_stands_under_its_place() {
        let rows = [
            ("abc def", 5, 3, 60, "abc def", 4, 3),
            ("\tabc", 2, 3, 60, " abc", 1, 3),
            ("\"任务\" + x", 8, 1, 60, "\"任务\" + x", 9, 1),
            ("abc", 9, 1, 60, "abc", 3, 1),
        ];
        for (text, column, length, room, shown, before, carets) in rows {
            assert_eq!(window(text, column, length, room), (shown.to_owned(), before, carets), "{text}");
        }
    }

    #[test]
    fn a_long_line_is_shown_around_the_caret() {
        let text = format!("{}HERE{}", "a".repeat(100), "b".repeat(100));
        let (shown, before, carets) = window(&text, 101, 4, 40);
        assert_eq!(shown.width(), 40);
        assert!(shown.starts_with('…') && shown.ends_with('…'));
        let shown: Vec<char> = shown.chars().collect();
        assert_eq!(shown[before..before + carets].iter().collect::<String>(), "HERE");
    }

    #[test]
    fn without_a_text_only_the_position_is_said() {
        assert!(trouble(&at("", 3, 1, 1), None, plain(60)).starts_with("error: it is wrong\n --> 3:1\nbecause:"));
    }
}
