//! Small things about text: its width on a screen, wrapping, times of day.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::time::Moment;

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text, filled up with spaces to this width.
pub(super) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// Breaks a text into lines of at most `room` columns, between words. A name that is wider, such as an ARN, goes on
/// after one of its signs; any other wide word stands alone on its line.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    wrap_by(text, room, width)
}

/// The same for a text that will take as many columns as `width` says.
pub(super) fn wrap_by(text: &str, room: usize, width: impl Fn(&str) -> usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let words = words(paragraph, |word| width(word) <= room);
        for word in words.into_iter().flat_map(|word| pieces(word, |piece| width(piece) <= room)) {
            if !line.is_empty() && width(&line) + 1 + width(word) > room {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// The words of a line. What stands between two back-ticks is one word, with all that touches it, if it fits.
fn words(line: &str, fits: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begun = None;
    // Where the last pair of back-ticks ends, and whether it may be broken.
    let (mut end, mut whole) = (0, false);
    for (at, c) in line.char_indices() {
        if c == '`' && at >= end {
            let close = line[at + 1..].find('`').map(|length| at + 1 + length + 1);
            end = close.unwrap_or(at);
            whole = fits(&line[at..end]);
        }
        if c.is_whitespace() && !(whole && at < end) {
            words.extend(begun.take().map(|begun| &line[begun..at]));
        } else {
            begun = begun.or(Some(at));
        }
    }
    words.extend(begun.map(|begun| &line[begun..]));
    words
}

/// A word, or the pieces of one that does not fit: each as long as can be, so that no two share a line.
fn pieces(word: &str, fits: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while !fits(rest) {
        let last = |signs: &[char]| {
            let ends = rest.match_indices(signs).map(|(at, _)| at + 1);
            ends.take_while(|&end| end < rest.len() && fits(&rest[..end])).last()
        };
        let Some(end) = last(&['/', ':']).or_else(|| last(&['.', '-', '('])) else { break };
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces.push(rest);
    pieces
}

/// The lines of a text. Those that are too wide go on below, under their first word; a single sign before it, as in a
/// list, stays alone.
pub(super) fn fold(text: &str, room: usize) -> Vec<String> {
    let fold = |line: &str| {
        if width(line) <= room {
            return line.to_owned();
        }
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
        let head = match !indent.is_empty() && first.chars().count() == 1 {
            true => &line[..line.len() - rest.trim_start().len()],
            false => indent,
        };
        hang(head, width(head), &line[head.len()..], room)
    };
    text.lines().map(fold).flat_map(|lines| lines.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// A text after a head: further lines stand under the first word.
pub(super) fn hang(head: &str, head_width: usize, text: &str, room: usize) -> String {
    let lines = wrap(text, room.saturating_sub(head_width).max(20));
    format!("{head}{}", lines.join(&format!("\n{}", " ".repeat(head_width))))
}

/// As much of a line as fits into some columns; what is left out shows as an ellipsis.
pub fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if width(&cut) + c.width().unwrap_or(0) >= room {
            break;
        }
        cut.push(c);
    }
    format!("{cut}…")
}

/// `n` things, with the right form of the noun.
pub(crate) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// The times of day of some moments; with the date where one of them is not on the lab's first day.
pub(super) fn clocks<'a>(moments: impl Iterator<Item = &'a str> + Clone) -> impl Iterator<Item = String> {
    let start = Moment::START.to_string();
    let dated = moments.clone().any(|moment| moment.get(..10) != start.get(..10));
    moments.map(move |moment| match (dated, moment.get(11..19), moment.get(5..10)) {
        (false, Some(time), _) => time.to_owned(),
        (true, Some(time), Some(day)) => format!("{day} {time}"),
        _ => moment.to_owned(),
    })
}

/// The time of day of a moment.
pub fn clock(moment: Moment) -> String {
    let text = moment.to_string();
    clocks(std::iter::once(text.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words() {
        let rows: [(&str, usize, &[&str]); 11] = [
            ("one two three", 7, &["one two", "three"]),
            ("unbreakable", 4, &["unbreakable"]),
            ("任务 一二", 5, &["任务", "一二"]),
            ("a\n\nb", 10, &["a", "", "b"]),
            ("say (`let x = 1`), do", 14, &["say", "(`let x = 1`),", "do"]),
            ("say `let x = 1` twice", 9, &["say `let", "x = 1`", "twice"]),
            ("`a b` c `d e`", 7, &["`a b` c", "`d e`"]),
            ("a ` b c", 4, &["a `", "b c"]),
            ("on arn:aws:iam::123:role/reader now", 17, &["on", "arn:aws:iam::123:", "role/reader now"]),
            ("on arn:aws:iam::123:role/reader", 40, &["on arn:aws:iam::123:role/reader"]),
            ("one.two(three)", 9, &["one.two(", "three)"]),
        ];
        for (text, room, expected) in rows {
            assert_eq!(wrap(text, room), expected);
        }
    }

    #[test]
    fn folds_under_the_first_word() {
        let rows: [(&str, usize, &[&str]); 4] = [
            ("  short", 30, &["  short"]),
            ("    one two three four five six", 26, &["    one two three four", "    five six"]),
            ("  ✓ one two three four five six", 26, &["  ✓ one two three four", "    five six"]),
            ("a house of wood, and of stone", 22, &["a house of wood, and", "of stone"]),
        ];
        for (text, room, expected) in rows {
            assert_eq!(fold(text, room), expected);
        }
    }

    #[test]
    fn cuts_at_the_width() {
        for (text, room, expected) in [("one two", 7, "one two"), ("one two", 5, "one …"), ("任务任务", 5, "任务…")]
        {
            assert_eq!(cut(text, room), expected);
        }
    }

    #[test]
    fn clocks_show_the_date_only_when_it_matters() {
        let day: Vec<String> = clocks(["2026-01-05T09:01:30.500Z", "2026-01-05T10:00:00Z"].into_iter()).collect();
        assert_eq!(day, ["09:01:30", "10:00:00"]);
        let days: Vec<String> = clocks(["2026-01-05T09:01:30Z", "2026-01-06T10:00:00Z"].into_iter()).collect();
        assert_eq!(days, ["01-05 09:01:30", "01-06 10:00:00"]);
        assert_eq!(clock(Moment::START), "09:00:00");
    }
}
