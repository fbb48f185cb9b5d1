//! A lesson: an ordinary script whose comments are its text.
//!
//! `//!` at the beginning of a line is Markdown prose, `//# Heading` begins a step, everything else is code. The first
//! line is the title: `//! # A task is one-shot`. Prose that follows code begins a step without a heading of its own.

use super::CourseError;
use crate::script::tokens;

/// A lesson, split into its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its place in the course.
    pub number: u32,
    /// Its name: the folder's without the number.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The whole script.
    pub source: String,
    /// The script in steps.
    pub steps: Vec<Step>,
}

/// One step of a lesson: something to read, then something to run. Either may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The heading, where the step has one.
    pub title: Option<String>,
    /// Markdown.
    pub prose: String,
    /// Script.
    pub code: String,
    /// The line of the script where the code begins, from 1.
    pub line: usize,
}

/// A part of a step's code: up to a question, or to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The code, which may be empty.
    pub code: &'a str,
    /// The line of the script where it begins, from 1.
    pub line: usize,
    /// Whether it ends with a question.
    pub asks: bool,
}

impl Step {
    /// The code in parts: after each question to the learner another one begins. There is always a last one that does
    /// not ask.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let (mut rest, mut line) = (self.code.as_str(), self.line);
        while let Some(end) = tokens::end_of_call(rest, "predict") {
            parts.push(Part { code: &rest[..end], line, asks: true });
            let gap = rest[end..].len() - rest[end..].trim_start().len();
            line += rest[..end + gap].matches('\n').count();
            rest = &rest[end + gap..];
        }
        parts.push(Part { code: rest, line, asks: false });
        parts
    }

    fn is_empty(&self) -> bool {
        self.title.is_none() && self.prose.trim().is_empty() && self.code.trim().is_empty()
    }
}

impl Lesson {
    /// The name of the lesson's folder, such as `010-task-vs-service`.
    pub fn folder(&self) -> String {
        format!("{:03}-{}", self.number, self.slug)
    }

    /// The name of its script in errors.
    pub fn file(&self) -> String {
        format!("{}/lesson.rhai", self.folder())
    }

    /// Reads a script; `file` names it in errors.
    pub(super) fn parse(file: &str, number: u32, slug: &str, source: &str) -> Result<Lesson, CourseError> {
        let title = title(file, source)?;
        let steps = steps(file, source)?;
        Ok(Lesson { number, slug: slug.to_owned(), title, source: source.to_owned(), steps })
    }
}

/// The title that a script's first line gives.
pub(super) fn title(file: &str, source: &str) -> Result<String, CourseError> {
    let first = source.lines().next().and_then(prose);
    let title = first.and_then(|line| line.strip_prefix("# ")).map(str::trim).filter(|title| !title.is_empty());
    title
        .map(str::to_owned)
        .ok_or_else(|| CourseError::new(file, Some(1), "the first line must be the title: `//! # Some title`"))
}

/// The prose of a line: what follows `//!` and one space.
pub(super) fn prose(line: &str) -> Option<&str> {
    let text = line.strip_prefix("//!")?;
    Some(text.strip_prefix(' ').unwrap_or(text).trim_end())
}

/// Splits everything after the title.
fn steps(file: &str, source: &str) -> Result<Vec<Step>, CourseError> {
    let mut steps = Vec::new();
    let mut step = Step::default();
    for (index, line) in source.lines().enumerate().skip(1) {
        if let Some(heading) = line.strip_prefix("//#") {
            if heading.trim().is_empty() {
                return Err(CourseError::new(file, Some(index + 1), "a heading has no text: write `//# What happens`"));
            }
            steps.push(std::mem::take(&mut step));
            step.title = Some(heading.trim().to_owned());
        } else if let Some(text) = prose(line) {
            if !step.code.trim().is_empty() {
                steps.push(std::mem::take(&mut step));
            }
            step.prose.push_str(text);
            step.prose.push('\n');
        } else if !step.code.is_empty() || !line.trim().is_empty() {
            if step.code.is_empty() {
                step.line = index + 1;
            }
            step.code.push_str(line);
            step.code.push('\n');
        }
    }
    steps.push(step);
    steps.retain(|step| !step.is_empty());
    for step in &mut steps {
        step.prose = step.prose.trim_matches('\n').to_owned();
        step.code.truncate(step.code.trim_end().len());
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "\
//! # Two words
//!
//! Hello.

//# One
//! First
//! paragraph.

let a = 1;

let b = 2;
//! After the code.
//# Two

show(a + b);
";

    #[test]
    fn a_script_falls_into_steps() {
        let lesson = Lesson::parse("010-x/lesson.rhai", 10, "x", SCRIPT).expect("it is well formed");
        let step = |title: Option<&str>, prose: &str, code: &str, line| Step {
            title: title.map(str::to_owned),
            prose: prose.to_owned(),
            code: code.to_owned(),
            line,
        };
        assert_eq!(lesson.title, "Two words");
        assert_eq!(
            lesson.steps,
            [
                step(None, "Hello.", "", 0),
                step(Some("One"), "First\nparagraph.", "let a = 1;\n\nlet b = 2;", 9),
                step(None, "After the code.", "", 0),
                step(Some("Two"), "", "show(a + b);", 15),
            ]
        );
        assert_eq!(lesson.file(), "010-x/lesson.rhai");
    }

    #[test]
    fn a_step_is_parted_after_its_questions() {
        let code = "let a = 1;\npredict(\"?\",\n    [1, 2]);\n\nexpect(a);\npredict(\"!\", [3, 4]);";
        let step = Step { code: code.to_owned(), line: 7, ..Step::default() };
        let part = |code, line, asks| Part { code, line, asks };
        assert_eq!(
            step.parts(),
            [
                part("let a = 1;\npredict(\"?\",\n    [1, 2]);", 7, true),
                part("expect(a);\npredict(\"!\", [3, 4]);", 11, true),
                part("", 12, false),
            ]
        );
        assert_eq!(Step::default().parts(), [part("", 0, false)]);
    }

    #[test]
    fn errors_name_the_line() {
        for (script, sentence) in [
            ("", "f, line 1: the first line must be the title: `//! # Some title`"),
            ("//! Hello", "f, line 1: the first line must be the title: `//! # Some title`"),
            ("//! # \n", "f, line 1: the first line must be the title: `//! # Some title`"),
            ("//! # T\nlet a = 1;\n//#  \n", "f, line 3: a heading has no text: write `//# What happens`"),
        ] {
            assert_eq!(Lesson::parse("f", 1, "x", script).expect_err(script).to_string(), sentence);
        }
    }
}
