//! Floor 7: courses. A lesson is a literate script that runs; exercises stand beside it.
//!
//! ```text
//! lessons/010-task-vs-service/lesson.rhai             prose, headings and code, in one script
//! lessons/010-task-vs-service/keep-two/starter.rhai   the task and a place to begin
//! lessons/010-task-vs-service/keep-two/solution.rhai
//! lessons/010-task-vs-service/keep-two/checks.rhai    how it is graded, see `grade`
//! ```
//!
//! Order comes from the names. The course is part of the binary; another one can be read from a folder.

mod catalogue;
mod exercise;
mod lesson;
mod player;

use std::fmt;

pub use catalogue::Catalogue;
pub use exercise::{Exercise, Kind};
pub(crate) use exercise::{LIBRARY, LIBRARY_BEGINS};
pub use lesson::{Lesson, Step};
pub use player::Player;

/// What is wrong with the files of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseError {
    /// The file or folder, below the course's own.
    pub file: String,
    /// The line, from 1, where there is one to name.
    pub line: Option<usize>,
    /// One sentence.
    pub message: String,
}

impl CourseError {
    /// Something wrong in a file, at a line where one can be named.
    pub(crate) fn new(file: impl Into<String>, line: Option<usize>, message: impl Into<String>) -> CourseError {
        CourseError { file: file.into(), line, message: message.into() }
    }
}

impl fmt::Display for CourseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for CourseError {}
