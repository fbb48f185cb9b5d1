//! Lessons and exercises as text: the catalogue, and one step at a time.

use std::collections::BTreeMap;

use super::Look;
use super::code::{fold_code, fold_shell};
use super::paint::{Paint, Role};
use super::text::{count, fold, hang, pad, width, wrap, wrap_by};
use crate::course::{Catalogue, Exercise, Lesson, Step};
use crate::grade::lint::Proof;

/// The widest that prose is set: longer lines are hard to read.
const PROSE: usize = 88;
/// How far code stands in.
const INDENT: usize = 4;
/// The column of verdicts about a course.
const WORD: usize = 5;

/// The catalogue: lessons by number, their exercises beneath. `standing` says by name how far somebody has come.
pub fn catalogue(course: &Catalogue, standing: &BTreeMap<String, String>, look: Look) -> String {
    let told = |text: &str, name: &str| match standing.get(name) {
        Some(standing) => format!("{text} ({standing})"),
        None => text.to_owned(),
    };
    let mut lines = Vec::new();
    let widest = course.exercises.iter().map(|exercise| width(&course.short_name(exercise))).max().unwrap_or(0);
    for (number, lesson) in course.lessons.iter().enumerate() {
        let title = wrap(&told(&lesson.title, &lesson.folder()), look.room().saturating_sub(5).max(20));
        let title: Vec<String> = title.iter().map(|line| look.paint.on(Role::Strong, line)).collect();
        lines.push(format!("{:>3}  {}", number + 1, title.join("\n     ")));
        for exercise in course.exercises_of(lesson) {
            let name = pad(&course.short_name(exercise), widest);
            let head = format!("     {}  ", look.paint.on(Role::Dim, &name));
            let hung = hang(&head, widest + 7, &told(&plain_headline(exercise), &exercise.name()), look.room());
            lines.push(marks(&hung, look));
        }
    }
    lines.join("\n")
}

/// What an exercise is, in a line: its kind and its title.
pub fn headline(exercise: &Exercise, look: Look) -> String {
    marks(&plain_headline(exercise), look)
}

fn plain_headline(exercise: &Exercise) -> String {
    format!("{}: {}", exercise.kind.as_str(), exercise.title)
}

/// What a lesson says or asks while it runs, and what a grading came to. Lines that are too wide for the screen go on
/// under their first word.
pub fn said(text: &str, look: Look) -> String {
    fold(text, look.room()).join("\n")
}

/// What stands above the first step.
pub fn opening(lesson: &Lesson, look: Look) -> String {
    let steps = count(lesson.steps.len(), "step");
    let how = "Enter runs a step and goes on; in between you may type whatever you like; :leave ends the lesson";
    let title: Vec<String> =
        wrap(&lesson.title, look.width).iter().map(|line| look.paint.on(Role::Strong, line)).collect();
    let how = wrap(how, look.width.min(PROSE)).join("\n");
    let joint = if width(&lesson.title) + 2 + width(&steps) <= look.width { "  " } else { "\n" };
    format!("{}{joint}{}\n{}", title.join("\n"), look.paint.on(Role::Dim, &steps), look.paint.on(Role::Dim, &how))
}

/// A step: its heading, its prose, and the code that comes next. `place` is which step of the lesson it is, from 1, and
/// of how many.
pub fn step(step: &Step, place: (usize, usize), look: Look) -> String {
    let place = format!("{} of {}", place.0, place.1);
    let mut parts = vec![match &step.title {
        Some(title) => {
            let room = look.width.min(PROSE);
            let line = "─".repeat(room.saturating_sub(width(title) + width(&place) + 5));
            let line = format!("{line} {place}").trim_start().to_owned();
            format!("── {} {}", look.paint.on(Role::Strong, title), look.paint.on(Role::Dim, &line))
        }
        None => look.paint.on(Role::Dim, &format!("── {place}")),
    }];
    let prose = prose(&step.prose, look);
    if !prose.is_empty() {
        parts.push(prose);
    }
    parts.extend(code(&step.code, look));
    parts.join("\n\n")
}

/// Code, indented, if there is any.
fn code(code: &str, look: Look) -> Option<String> {
    let code = code.trim_matches('\n');
    (!code.is_empty()).then(|| painted(&fold_code(&indented(code), look), look))
}

fn indented(code: &str) -> String {
    let indent = " ".repeat(INDENT);
    let lines = code.split('\n').map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}

fn painted(lines: &[String], look: Look) -> String {
    let painted: Vec<String> = lines.iter().map(|line| look.paint.on(Role::Text, line)).collect();
    painted.join("\n")
}

/// The task of an exercise, and the code to begin with.
pub fn task(exercise: &Exercise, look: Look) -> String {
    let title = wrap(&plain_headline(exercise), look.width.min(PROSE)).join("\n");
    let title: Vec<String> = title.lines().map(|line| look.paint.on(Role::Strong, line)).collect();
    let parts = [title.join("\n"), prose(&exercise.task, look)];
    parts.into_iter().chain(code(exercise.code(), look)).collect::<Vec<_>>().join("\n\n")
}

/// A script as it stands. On a screen its prose is set anew where it is too wide, and code goes on below.
pub fn script(text: &str, look: Look) -> String {
    let mut lines = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut in_code = false;
    let prose: usize = text.split_inclusive('\n').take_while(|line| line.starts_with("//!")).map(str::len).sum();
    for line in text[..prose].lines() {
        let prose = line.strip_prefix(PROSE_MARK).filter(|text| !in_code && !text.starts_with("```"));
        if prose.is_none_or(is_item) {
            lines.extend(set_anew(&std::mem::take(&mut paragraph), look));
        }
        match prose {
            Some(text) => paragraph.push(text),
            None => {
                in_code ^= line.starts_with("//! ```");
                lines.extend(fold_code(line, look));
            }
        }
    }
    lines.extend(set_anew(&paragraph, look));
    if prose < text.len() {
        lines.extend(fold_code(&text[prose..], look));
    }
    lines.join("\n")
}

/// What stands before the prose of a script.
const PROSE_MARK: &str = "//! ";

/// The lines of a paragraph in a script, or others that fit.
fn set_anew(paragraph: &[&str], look: Look) -> Vec<String> {
    let marked = |text: &str| format!("{PROSE_MARK}{text}");
    let room = look.room().saturating_sub(PROSE_MARK.len());
    if paragraph.iter().all(|line| width(line) <= room) {
        return paragraph.iter().map(|line| marked(line)).collect();
    }
    let text = paragraph.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    let indent = if is_item(&text) { "  " } else { "" };
    let wrapped = wrap(&text, room.saturating_sub(indent.len())).join(&format!("\n{indent}"));
    wrapped.lines().map(marked).collect()
}

/// What came of proving a lesson or an exercise: what was tried, and whatever is wrong.
pub fn proof(proof: &Proof, look: Look) -> String {
    let (role, word) = if proof.holds() { (Role::Good, "ok") } else { (Role::Bad, "wrong") };
    let tried = if proof.tried.is_empty() { String::new() } else { format!(": {}", proof.tried) };
    let head = look.paint.on(role, &pad(word, WORD));
    let indent = WORD + 2;
    let first = hang(&format!("{head}  "), indent, &format!("{}{tried}", proof.name), look.width);
    let wrong = proof.wrong.iter().map(|error| {
        let error = hang("  ", 2, &error.to_string(), look.width.saturating_sub(indent));
        error.replace('\n', &format!("\n{}", " ".repeat(indent)))
    });
    let wrong = wrong.map(|error| format!("{}{error}", " ".repeat(indent)));
    std::iter::once(first).chain(wrong).collect::<Vec<_>>().join("\n")
}

/// The last line of a course that was proved.
pub fn proved(proved: usize, wrong: usize, look: Look) -> String {
    match wrong {
        0 => look.paint.on(Role::Good, &format!("all {proved} hold")),
        _ => look.paint.on(Role::Bad, &format!("{wrong} of {} are wrong", proved + wrong)),
    }
}

/// Markdown prose in lines that fit: headings, lists and code blocks keep their form.
fn prose(markdown: &str, look: Look) -> String {
    let room = look.width.min(PROSE);
    let mut lines = Vec::new();
    let mut paragraph = String::new();
    let (mut in_code, mut in_shell) = (false, false);
    let flush = |paragraph: &mut String, lines: &mut Vec<String>| {
        let text = std::mem::take(paragraph);
        let indent = if is_item(&text) { "  " } else { "" };
        let room = room.saturating_sub(indent.len());
        let wrapped = if text.is_empty() { Vec::new() } else { wrap_by(&text, room, |text| marked_width(text, look)) };
        if !wrapped.is_empty() {
            lines.push(marks(&wrapped.join(&format!("\n{indent}")), look));
        }
    };
    for line in markdown.lines() {
        let trimmed = line.trim_end();
        if trimmed.starts_with("```") {
            flush(&mut paragraph, &mut lines);
            in_code = !in_code;
            in_shell = trimmed == "```sh";
        } else if in_code || trimmed.starts_with("    ") {
            flush(&mut paragraph, &mut lines);
            let code = indented(if in_code { trimmed } else { &trimmed[INDENT..] });
            let folded = if in_shell { fold_shell(&code, look) } else { fold_code(&code, look) };
            lines.push(painted(&folded, look));
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut lines);
            lines.push(String::new());
        } else if let Some(heading) = trimmed.strip_prefix("# ") {
            flush(&mut paragraph, &mut lines);
            lines.push(look.paint.on(Role::Strong, heading));
        } else if is_item(trimmed) {
            flush(&mut paragraph, &mut lines);
            paragraph.push_str(trimmed);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed.trim_start());
        }
    }
    flush(&mut paragraph, &mut lines);
    lines.join("\n").trim_matches('\n').to_owned()
}

/// An item of a list, or a row of a table: it begins a line of its own, and goes on until the next one or an empty
/// line.
fn is_item(text: &str) -> bool {
    text.starts_with("- ") || text.starts_with('|')
}

/// `**strong**` and `` `code` `` inside a paragraph, which may go on over several lines; without colours the marks stay
/// where they carry meaning.
fn marks(text: &str, look: Look) -> String {
    let plain = look.paint == Paint::Plain;
    let in_pairs = text.matches('`').count().is_multiple_of(2);
    let (mut strong, mut code) = (false, false);
    let lines = text.split('\n').map(|line| {
        let mut shown = String::new();
        for (nth, part) in line.split('`').enumerate() {
            if nth > 0 {
                code = !code && in_pairs;
                shown.push_str(if plain || !in_pairs { "`" } else { "" });
            }
            if code {
                shown.push_str(&look.paint.on(Role::Text, part));
                continue;
            }
            for (nth, part) in part.split("**").enumerate() {
                strong ^= nth > 0;
                shown.push_str(&if strong { look.paint.on(Role::Strong, part) } else { part.to_owned() });
            }
        }
        shown
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Columns that a text takes once its marks are gone.
fn marked_width(text: &str, look: Look) -> usize {
    let ticks = if look.paint == Paint::Plain { 0 } else { text.matches('`').count() };
    width(text) - ticks - 2 * text.matches("**").count()
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;

    #[test]
    fn the_prose_of_a_script_is_set_anew() {
        let text = "\
//! # T
//!
//! one or two or three or
//! four or five, or more than that
//! - six
//! - seven or eight or nine or ten
//! ```text
//! a   b
//! ```

let a = 1;";
        let narrow = "\
//! # T
//!
//! one or two or three or four
//! or five, or more than that
//! - six
//! - seven or eight or nine
//!   or ten
//! ```text
//! a   b
//! ```

let a = 1;";
        assert_eq!(script(text, plain(32)), narrow);
        assert_eq!(script(text, Look::PIPE), text);
    }

    #[test]
    fn a_shell_is_told_that_its_line_goes_on() {
        let look = plain(34);
        let shown =
            prose("```sh\naws ecs describe-tasks --cluster prod\n# what there is, and what there was\n```", look);
        assert_eq!(
            shown,
            "    aws ecs describe-tasks \\\n        --cluster prod\n    # what there is, and what\n    # there was"
        );
    }

    #[test]
    fn marks_go_on_over_lines() {
        let look = Look { paint: Paint::Colours, ..plain(30) };
        let (strong, code) =
            (|text: &str| look.paint.on(Role::Strong, text), |text: &str| look.paint.on(Role::Text, text));
        for (text, shown) in [
            ("a **b\nc** d", format!("a {}\n{} d", strong("b"), strong("c"))),
            ("a `b **c\nd` e", format!("a {}\n{} e", code("b **c"), code("d"))),
            ("5 o` clock", "5 o` clock".to_owned()),
        ] {
            assert_eq!(marks(text, look), shown);
        }
        assert_eq!(marks("a **b\nc** `d`", plain(30)), "a b\nc `d`");
    }

    #[test]
    fn a_step_is_a_heading_prose_and_code() {
        let shown = step(
            &Step {
                title: Some("Two ways".to_owned()),
                prose: "A **service** is somebody who\nremembers `desiredCount`.\n\n- one\n  that goes on in the next line\n- two"
                    .to_owned(),
                code: "\nlet x = 1;\n".to_owned(),
                line: 1,
            },
            (2, 9),
            plain(40),
        );
        assert_eq!(
            shown,
            "── Two ways ───────────────────── 2 of 9\n\nA service is somebody who remembers\n`desiredCount`.\n\n- one that goes on in the next line\n- two\n\n    let x = 1;"
        );
    }
}
