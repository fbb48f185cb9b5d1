//! Which lessons and exercises somebody has begun, where in them they are, and the labs of those they are not in.

use std::collections::BTreeMap;

use super::exercise::Practice;
use super::forks::Forks;
use super::lesson::Class;
use super::screen::Screen;
use crate::course::Catalogue;
use crate::script::{Bench, Question};

/// A lesson or an exercise that somebody works at.
pub(super) enum Room {
    Lesson(Class),
    Exercise(Practice),
}

impl Room {
    /// Its name in the course, which no other has.
    pub(super) fn name(&self) -> String {
        match self {
            Room::Lesson(class) => class.lesson().folder(),
            Room::Exercise(practice) => practice.exercise().name(),
        }
    }

    /// Its title in quotes, which need none around the code in it.
    pub(super) fn quoted(&self) -> String {
        let title = match self {
            Room::Lesson(class) => &class.lesson().title,
            Room::Exercise(practice) => &practice.exercise().title,
        };
        format!("\"{}\"", title.replace('`', ""))
    }

    /// What it is called for short: `lesson 2`, `keep-two`.
    fn label(&self, course: &Catalogue) -> String {
        match self {
            Room::Lesson(class) => {
                let place = course.lessons.iter().position(|lesson| lesson == class.lesson());
                format!("lesson {}", place.map_or(class.lesson().number as usize, |place| place + 1))
            }
            Room::Exercise(practice) => course.short_name(practice.exercise()),
        }
    }

    /// The command that leads here.
    pub(super) fn way(&self, course: &Catalogue) -> String {
        match self {
            Room::Lesson(_) => format!(":{}", self.label(course)),
            Room::Exercise(_) => format!(":exercise {}", self.label(course)),
        }
    }

    /// How far one has come in it.
    fn standing(&self) -> String {
        match self {
            Room::Lesson(class) if class.finished() => FINISHED.to_owned(),
            Room::Lesson(class) => format!("at step {} of {}", class.done() + 1, class.lesson().steps.len()),
            Room::Exercise(_) => "begun".to_owned(),
        }
    }

    /// Shows what it is about, and where in it one is.
    pub(super) fn show(&self, screen: &Screen) {
        match self {
            Room::Lesson(class) => class.show(screen),
            Room::Exercise(practice) => practice.show(screen),
        }
    }
}

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// By a choice.
    ByChoice,
    /// By a letter that stands for none.
    ByNone,
}

/// How a lesson stands that was played to its end, and an exercise that was passed.
pub(super) const FINISHED: &str = "finished";
pub(super) const SOLVED: &str = "solved";

/// Labs side by side, as they were left.
pub(super) struct Labs {
    pub(super) bench: Bench,
    pub(super) forks: Forks,
}

/// Where somebody is, and the labs of all places where they were.
#[derive(Default)]
pub(super) struct Rooms {
    /// Where they are; in no room they are in their own labs.
    pub(super) here: Option<Room>,
    /// Their own labs, while they are in a room.
    pub(super) own: Option<Labs>,
    /// The rooms that they left, by name.
    pub(super) left: BTreeMap<String, (Room, Labs)>,
    /// The lessons that they have finished and the exercises that they have solved.
    pub(super) done: BTreeMap<String, &'static str>,
}

impl Rooms {
    /// Where in a lesson one is: what it is called, and how many steps lie behind.
    pub(super) fn step(&self) -> Option<(String, usize)> {
        match self.here.as_ref()? {
            Room::Lesson(class) => Some((class.lesson().folder(), class.done())),
            Room::Exercise(_) => None,
        }
    }

    /// The question at which the lesson stands.
    pub(super) fn question(&self) -> Option<&Question> {
        match self.here.as_ref()? {
            Room::Lesson(class) => class.question(),
            Room::Exercise(_) => None,
        }
    }

    /// Where one is, for short.
    pub(super) fn label(&self, course: &Catalogue) -> Option<String> {
        self.here.as_ref().map(|room| room.label(course))
    }

    /// How far one has come in whatever one has begun, by name.
    pub(super) fn standing(&self) -> BTreeMap<String, String> {
        let rooms = self.here.iter().chain(self.left.values().map(|(room, _)| room));
        let mut standing: BTreeMap<String, String> = rooms.map(|room| (room.name(), room.standing())).collect();
        for (name, done) in &self.done {
            let still = standing.get(name).filter(|_| *done == FINISHED).cloned();
            standing.insert(name.clone(), still.unwrap_or_else(|| (*done).to_owned()));
        }
        standing
    }
}
