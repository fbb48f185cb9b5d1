//! An exercise: a task, a place to begin, a solution, and how it is graded.
//!
//! The title says what the learner does: `//! # Repair: the service that starts nothing`.

use std::collections::BTreeMap;
use std::path::Path;

use super::CourseError;
use super::lesson::{prose, title};
use crate::session::file as files;

/// The script in a course's own folder whose functions all checks have.
pub(crate) const LIBRARY: &str = "checks.rhai";
/// The line of an exercise's checks beneath which the library stands.
pub(crate) const LIBRARY_BEGINS: &str = "// The checks of the course:";

/// The longest script of a course that is read, in bytes.
pub(super) const LONGEST: u64 = 16 << 20;

/// The files of an exercise.
pub(super) const FILES: [&str; 3] = ["starter.rhai", "solution.rhai", "checks.rhai"];

/// What marks the place in a starter where the learner begins.
const BEGIN_HERE: &str = concat!("// TO", "DO");

/// What the learner of an exercise does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Writes a script.
    #[default]
    Write,
    /// Puts something right that is there.
    Repair,
    /// Says what will happen, and why not try it.
    Predict,
    /// Says which of several does it.
    Choose,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] = [Kind::Write, Kind::Repair, Kind::Predict, Kind::Choose];

    /// How it is written in a title.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Write => "Write",
            Kind::Repair => "Repair",
            Kind::Predict => "Predict",
            Kind::Choose => "Choose",
        }
    }

    /// Whether it asks for answers.
    pub fn asks(self) -> bool {
        matches!(self, Kind::Predict | Kind::Choose)
    }
}

/// An exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// The folder of its lesson, such as `010-task-vs-service`.
    pub lesson: String,
    /// Its own folder's name.
    pub slug: String,
    /// What the learner does.
    pub kind: Kind,
    /// Its title, without the kind.
    pub title: String,
    /// The task, as Markdown.
    pub task: String,
    /// What the learner begins with.
    pub starter: String,
    /// One right answer.
    pub solution: String,
    /// The script that grades it, and after it the functions that all checks of the course have.
    pub checks: String,
}

impl Exercise {
    /// `010-task-vs-service/keep-two`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.lesson, self.slug)
    }

    /// What the learner begins with as a file of their own, with how to go on. `name` is how they call the exercise.
    pub fn handout(&self, name: &str) -> String {
        let code = self.code();
        let task = self.starter[..self.starter.trim_end().len() - code.len()].trim_end();
        format!(
            "{task}\n//!\n\
             //! - Look around, at the prompt: `:exercise {name}`\n\
             //! - Run a script in this lab:   `longshore try {name} my.rhai`\n\
             //! - Have it graded:             `longshore grade {name} my.rhai`\n{code}\n"
        )
    }

    /// What the learner begins with, without the task.
    pub fn code(&self) -> &str {
        let task: usize =
            self.starter.split_inclusive('\n').take_while(|line| prose(line).is_some()).map(str::len).sum();
        self.starter[task..].trim_end()
    }

    /// The name of its starter in errors.
    pub fn starter_file(&self) -> String {
        format!("{}/{}", self.name(), FILES[0])
    }

    /// Reads an exercise from its folder.
    ///
    /// # Errors
    /// What is missing or wrong in it.
    pub fn load(folder: &Path) -> Result<Exercise, CourseError> {
        let shown = folder.display().to_string();
        let real = folder.canonicalize().map_err(|error| CourseError::new(&shown, None, error.to_string()))?;
        let part = |path: Option<&Path>| {
            path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let (lesson, slug) = (part(real.parent()), part(Some(&real)));
        let mut files = BTreeMap::new();
        for file in FILES.iter().filter(|file| real.join(file).exists()) {
            let text = files::read(&real.join(file), LONGEST)
                .map_err(|error| CourseError::new(format!("{shown}/{file}"), None, error.to_string()))?;
            files.insert(format!("{lesson}/{slug}/{file}"), text);
        }
        let library = real.parent().and_then(Path::parent).map(|course| course.join(LIBRARY));
        if let Some(library) = library.filter(|library| library.exists()) {
            let text = files::read(&library, LONGEST)
                .map_err(|error| CourseError::new(library.display().to_string(), None, error.to_string()))?;
            files.insert(LIBRARY.to_owned(), text);
        }
        Exercise::from_files(&lesson, &slug, &files)
    }

    /// Takes an exercise out of the files of a course.
    pub(super) fn from_files(
        lesson: &str,
        slug: &str,
        files: &BTreeMap<String, String>,
    ) -> Result<Exercise, CourseError> {
        let folder = format!("{lesson}/{slug}");
        let [starter, solution, checks] = FILES.map(|file| {
            let missing = || CourseError::new(&folder, None, format!("{file} is missing"));
            files.get(&format!("{folder}/{file}")).cloned().ok_or_else(missing)
        });
        let (starter, solution, mut checks) = (starter?, solution?, checks?);
        if let Some(library) = files.get(LIBRARY) {
            checks = format!("{}\n\n{LIBRARY_BEGINS}\n{library}", checks.trim_end());
        }
        let file = format!("{folder}/starter.rhai");
        let (kind, title) = kind_and_title(&file, title(&file, &starter)?)?;
        let task: Vec<&str> = starter.lines().skip(1).filter_map(prose).collect();
        let task = task.join("\n").trim_matches('\n').to_owned();
        if task.is_empty() {
            return Err(CourseError::new(file, Some(2), "the task is missing: tell it in `//!` lines under the title"));
        }
        if !starter.contains(BEGIN_HERE) {
            let message = format!("nothing says where to begin: put a `{BEGIN_HERE}` comment there");
            return Err(CourseError::new(file, None, message));
        }
        Ok(Exercise { lesson: lesson.to_owned(), slug: slug.to_owned(), kind, title, task, starter, solution, checks })
    }
}

/// `Repair: the service` is of the kind `Repair` and has the title `the service`.
fn kind_and_title(file: &str, title: String) -> Result<(Kind, String), CourseError> {
    let parts = title.split_once(": ").filter(|(_, title)| !title.trim().is_empty());
    let read = parts.and_then(|(word, title)| {
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word)?;
        Some((kind, title.trim().to_owned()))
    });
    read.ok_or_else(|| {
        let words = Kind::ALL.map(|kind| format!("`{}:`", kind.as_str())).join(", ");
        CourseError::new(file, Some(1), format!("the title says first what the learner does, by one of {words}"))
    })
}
