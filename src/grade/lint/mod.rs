//! The proof that a course teaches what it should: that its lessons run, that its exercises refuse no right answer that
//! is known and accept no wrong one.
//!
//! A lesson runs as one script and step by step alike, asks before it shows, and ends in real AWS. An exercise is tried
//! out in all directions: see [`exercise`]. The command `longshore course check` and the tests of the course are both
//! this.

mod exercise;
mod lesson;
mod script;

use crate::course::{Catalogue, CourseError, Exercise, Lesson};
use crate::script::on_big_stack;

pub use exercise::exercise;
pub use lesson::{collecting, headless, lesson};

/// What came of proving one lesson or one exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The lesson's folder, or the exercise's name.
    pub name: String,
    /// What was tried, in a few words.
    pub tried: String,
    /// What is wrong, by file and line. Nothing if the proof holds.
    pub wrong: Vec<CourseError>,
}

impl Proof {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.wrong.is_empty()
    }
}

/// Proves what is wanted of a course, by name, one after the other: each lesson comes before its exercises.
pub fn course(course: &Catalogue, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = Proof> {
    let both = course.lessons.iter().flat_map(|one| {
        let exercises = course.exercises_of(one).map(|one| (one.name(), Subject::Exercise(one)));
        std::iter::once((one.folder(), Subject::Lesson(one))).chain(exercises)
    });
    both.filter(move |(name, _)| wanted(name)).map(|(_, subject)| match subject {
        Subject::Lesson(one) => on_big_stack(|| lesson(one)),
        Subject::Exercise(one) => on_big_stack(|| exercise(one)),
    })
}

enum Subject<'a> {
    Lesson(&'a Lesson),
    Exercise(&'a Exercise),
}
