//! Code on a screen that is too narrow for it. It is folded only where it stays the same script, so that what is shown
//! can be typed: never inside a text, and rather too long than changed.

use std::ops::Range;

use super::Look;
use super::text::{fold, width};
use crate::script::tokens::{Token, tokens};

/// How much further in a line goes on.
const INDENT: usize = 4;

/// The lines of a script; one that is too long for the screen goes on below, further in, a comment in a comment.
pub(super) fn fold_code(code: &str, look: Look) -> Vec<String> {
    let places = places(code);
    let mut lines = Vec::new();
    let mut start = 0;
    for line in code.split('\n') {
        let range = start..start + line.len();
        start = range.end + 1;
        if !look.fold || width(line) <= look.width {
            lines.push(line.to_owned());
            continue;
        }
        let inside = |place: &&Place| range.start < place.at && place.at < range.end;
        lines.extend(folded(code, range.clone(), &places.iter().filter(inside).copied().collect::<Vec<_>>(), look));
    }
    lines
}

/// The lines of one for a shell, which goes on after a backslash.
pub(super) fn fold_shell(line: &str, look: Look) -> Vec<String> {
    const ON: &str = " \\";
    if !look.fold || width(line) <= look.width {
        return vec![line.to_owned()];
    }
    let mut quote = None;
    let mut places = Vec::new();
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => places.push(Place { at: at + 1, gap: 1, is_tight: false }),
            _ => {}
        }
    }
    let look = Look { width: look.width.saturating_sub(ON.len()), ..look };
    let mut lines = folded(line, 0..line.len(), &places, look);
    if !line.trim_start().starts_with('#') {
        let last = lines.len() - 1;
        lines[..last].iter_mut().for_each(|line| line.push_str(ON));
    }
    lines
}

/// Where a line may be broken.
#[derive(Clone, Copy)]
struct Place {
    /// Where the next line begins.
    at: usize,
    /// Bytes before it that are left out: white space.
    gap: usize,
    /// Only where there is no better place near.
    is_tight: bool,
}

/// The places in a script at which a line may be broken: between two pieces where the script goes on as it was. Outside
/// of brackets only where a line that ends there is unfinished, so that the prompt waits for the rest.
fn places(code: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut depth = 0_usize;
    let mut before = "";
    for (token, range) in tokens(code) {
        let text = &code[range.clone()];
        let is_open = depth > 0 || "=+-*/%<>|&,;".contains(before);
        match token {
            Token::Space if text.contains('\n') => {}
            Token::Space if is_open => places.push(Place { at: range.end, gap: text.len(), is_tight: before == ":" }),
            Token::Space => {}
            _ if is_open && "([".contains(before) && !before.is_empty() => {
                places.push(Place { at: range.start, gap: 0, is_tight: true });
            }
            _ => {}
        }
        match text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !matches!(token, Token::Space | Token::Comment) {
            before = if token == Token::Other { text } else { "x" };
        }
    }
    places
}

/// A line that is too long, in pieces: each as long as can be.
fn folded(code: &str, line: Range<usize>, places: &[Place], look: Look) -> Vec<String> {
    let text = &code[line.clone()];
    let indent = &text[..text.len() - text.trim_start().len()];
    let further = format!("{indent}{}", " ".repeat(INDENT));
    let mut lines = Vec::new();
    let mut start = line.start + indent.len();
    let mut head = indent.to_owned();
    loop {
        let rest = &code[start..line.end];
        if let Some(mark) = ["//! ", "// ", "# "].into_iter().find(|mark| rest.starts_with(mark)) {
            let room = look.width.saturating_sub(head.len() + mark.len()).max(20);
            lines.extend(fold(&rest[mark.len()..], room).iter().map(|line| format!("{head}{mark}{line}")));
            return lines;
        }
        let fits = |end: usize| width(&head) + width(code[start..end].trim_end()) <= look.width;
        let left = || places.iter().filter(|place| place.at > start);
        let best = left().rfind(|place| fits(place.at) && !place.is_tight);
        let next = left().find(|place| !place.is_tight).map_or(line.end, |place| place.at);
        let is_better_tight = best.is_none() && !fits(next);
        let tight = left().rfind(|place| is_better_tight && fits(place.at));
        // Where nothing fits, the line is too long up to the first place at which it can be broken at all.
        let place = best.or(tight).or_else(|| left().next());
        match place.filter(|_| !fits(line.end)) {
            Some(place) => {
                lines.push(format!("{head}{}", &code[start..place.at - place.gap]));
                start = place.at;
            }
            None => {
                lines.push(format!("{head}{rest}"));
                return lines;
            }
        }
        head.clone_from(&further);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;

    fn at(width: usize, code: &str) -> String {
        fold_code(code, Look { fold: true, ..plain(width) }).join("\n")
    }

    #[test]
    fn code_goes_on_further_in() {
        for (columns, code, shown) in [
            (30, "  let x = #{ a: 1, b: [2, 3], c: 4 };", "  let x = #{ a: 1, b: [2, 3],\n      c: 4 };"),
            (30, "  let x = #{ a: 1 };", "  let x = #{ a: 1 };"),
            (24, "  // what there is left to do", "  // what there is left\n  // to do"),
            // Never inside a text, even if the line stays too long.
            (20, "f(\"one two three four\", 5);", "f(\n    \"one two three four\",\n    5);"),
            (20, "let a = `x ${f(\"a b\")} y z`;", "let a =\n    `x ${f(\"a b\")} y z`;"),
            // What could be a line of its own is not cut in two.
            (16, "if x == y { aaaa } else { bbbb }", "if x == y { aaaa\n    } else {\n    bbbb }"),
            (16, "let longer = x.aaaaaa(b).ccccc();", "let longer =\n    x.aaaaaa(\n    b).ccccc();"),
            (18, "let b = 5; // what is left", "let b = 5;\n    // what is left"),
            (20, "a.insert(#{ name: \"the first\" });", "a.insert(#{\n    name:\n    \"the first\" });"),
        ] {
            assert_eq!(at(columns, code), shown, "{code}");
        }
    }

    #[test]
    fn a_text_of_several_lines_stays_as_it_is() {
        let code = "k8s.apply(`\nmetadata: {} # of the pod that there is\n`, one, two, three, four);";
        assert_eq!(
            at(24, code),
            "k8s.apply(`\nmetadata: {} # of the pod that there is\n`, one, two, three,\n    four);"
        );
    }

    #[test]
    fn folding_keeps_every_piece() {
        let course = crate::course::Catalogue::embedded().expect("it is well formed");
        let codes = course.lessons.iter().flat_map(|lesson| lesson.steps.iter().map(|step| step.code.as_str()));
        let codes: Vec<&str> = codes.chain(crate::api::all().map(|entry| entry.example)).collect();
        let pieces = |code: &str| -> Vec<String> {
            let tokens = tokens(code).into_iter().filter(|(token, _)| !matches!(token, Token::Space | Token::Comment));
            tokens.map(|(_, range)| code[range].to_owned()).collect()
        };
        for columns in [30, 60, 80] {
            for code in &codes {
                assert_eq!(pieces(&at(columns, code)), pieces(code), "{code}");
            }
        }
    }
}
