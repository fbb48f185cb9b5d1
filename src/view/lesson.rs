//! Lessons and exercises as text: the catalogue, and one step at a time.

use super::Look;
use super::paint::Role;
use super::text::{count, hang, pad, width, wrap};
use crate::course::{Catalogue, Exercise, Lesson, Step};
use crate::grade::lint::Proof;

/// The widest that prose is set: longer lines are hard to read.
const PROSE: usize = 88;
/// How far code stands in.
const INDENT: usize = 4;
/// The column of verdicts about a course.
const WORD: usize = 5;

/// The catalogue: lessons by number, their exercises beneath.
pub fn catalogue(course: &Catalogue, look: Look) -> String {
    let mut lines = Vec::new();
    for (number, lesson) in course.lessons.iter().enumerate() {
        let title = look.paint.on(Role::Strong, &lesson.title);
        lines.push(format!("{:>3}  {title}", number + 1));
        let exercises: Vec<&Exercise> = course.exercises_of(lesson).collect();
        let widest = exercises.iter().map(|exercise| width(&exercise.name())).max().unwrap_or(0);
        for exercise in exercises {
            let name = pad(&exercise.name(), widest);
            let (kind, title) = (exercise.kind.as_str(), &exercise.title);
            lines.push(format!("     {} {kind}: {title}", look.paint.on(Role::Dim, &name)));
        }
    }
    lines.join("\n")
}

/// What a lesson says or asks while it runs. Lines that are too long for the screen go on under their first word.
pub fn said(text: &str, look: Look) -> String {
    let fold = |line: &str| {
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        if width(line) <= look.room() { line.to_owned() } else { hang(indent, width(indent), words, look.room()) }
    };
    text.lines().map(fold).collect::<Vec<_>>().join("\n")
}

/// What stands above the first step.
pub fn opening(lesson: &Lesson, look: Look) -> String {
    let steps = count(lesson.steps.len(), "step");
    let how = "Enter runs a step and goes on; in between you may type whatever you like; :leave ends the lesson";
    let title = look.paint.on(Role::Strong, &lesson.title);
    let how = wrap(how, look.width.min(PROSE)).join("\n");
    let joint = if width(&lesson.title) + 2 + width(&steps) <= look.width { "  " } else { "\n" };
    format!("{title}{joint}{}\n{}", look.paint.on(Role::Dim, &steps), look.paint.on(Role::Dim, &how))
}

/// A step: its heading, its prose, and the code that comes next.
pub fn step(step: &Step, look: Look) -> String {
    let mut parts = Vec::new();
    if let Some(title) = &step.title {
        let line = "─".repeat(look.width.min(PROSE).saturating_sub(width(title) + 4));
        parts.push(format!("── {} {}", look.paint.on(Role::Strong, title), look.paint.on(Role::Dim, &line)));
    }
    let prose = prose(&step.prose, look);
    if !prose.is_empty() {
        parts.push(prose);
    }
    let code = step.code.trim_matches('\n');
    if !code.is_empty() {
        let lines: Vec<String> = code.lines().map(|line| code_line(line, look)).collect();
        parts.push(lines.join("\n"));
    }
    parts.join("\n\n")
}

/// A line of code, indented. One that is too long for the terminal goes on below, further in.
fn code_line(line: &str, look: Look) -> String {
    let indent = INDENT + line.chars().take_while(|c| *c == ' ').count();
    let folded = match look.fold && INDENT + width(line) > look.width {
        true => hang(&" ".repeat(indent), indent + INDENT, line.trim(), look.width),
        false => format!("{}{line}", " ".repeat(INDENT)),
    };
    let painted: Vec<String> = folded.lines().map(|line| look.paint.on(Role::Text, line)).collect();
    painted.join("\n")
}

/// The task of an exercise, and how to hand it in.
pub fn task(exercise: &Exercise, look: Look) -> String {
    let title = look.paint.on(Role::Strong, &exercise.title);
    format!("{title}\n\n{}", prose(&exercise.task, look))
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
    let mut in_code = false;
    let flush = |paragraph: &mut String, lines: &mut Vec<String>| {
        let text = std::mem::take(paragraph);
        let indent = if is_item(&text) { "  " } else { "" };
        let wrapped = if text.is_empty() { Vec::new() } else { wrap(&text, room.saturating_sub(indent.len())) };
        lines.extend(wrapped.iter().enumerate().map(|(nth, line)| match nth {
            0 => inline(line, look),
            _ => format!("{indent}{}", inline(line, look)),
        }));
    };
    for line in markdown.lines() {
        let trimmed = line.trim_end();
        if trimmed.starts_with("```") {
            flush(&mut paragraph, &mut lines);
            in_code = !in_code;
        } else if in_code || trimmed.starts_with("    ") {
            flush(&mut paragraph, &mut lines);
            lines.push(code_line(if in_code { trimmed } else { &trimmed[INDENT..] }, look));
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

/// `**strong**` and `` `code` `` inside a line; without colours the marks stay where they carry meaning.
fn inline(line: &str, look: Look) -> String {
    let strong: Vec<String> = line
        .split("**")
        .enumerate()
        .map(|(nth, part)| if nth % 2 == 1 { look.paint.on(Role::Strong, part) } else { part.to_owned() })
        .collect();
    let line = strong.concat();
    if look.paint == super::paint::Paint::Plain || line.matches('`').count() % 2 == 1 {
        return line;
    }
    let code: Vec<String> = line
        .split('`')
        .enumerate()
        .map(|(nth, part)| if nth % 2 == 1 { look.paint.on(Role::Text, part) } else { part.to_owned() })
        .collect();
    code.concat()
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;

    #[test]
    fn code_that_is_too_long_goes_on_further_in() {
        let look = Look { fold: true, ..plain(30) };
        assert_eq!(
            code_line("  let x = #{ a: 1, b: [2, 3] };", look),
            "      let x = #{ a: 1, b:\n          [2, 3] };"
        );
        assert_eq!(code_line("  let x = #{ a: 1 };", look), "      let x = #{ a: 1 };");
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
            plain(40),
        );
        assert_eq!(
            shown,
            "── Two ways ────────────────────────────\n\nA service is somebody who remembers\n`desiredCount`.\n\n- one that goes on in the next line\n- two\n\n    let x = 1;"
        );
    }
}
