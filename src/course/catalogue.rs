//! All lessons and exercises of a course, in order: those inside the binary, or those of a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::exercise::{FILES, LIBRARY, LONGEST};
use super::{CourseError, Exercise, Lesson};
use crate::model::meant;
use crate::session::file as files;

/// The course that comes with longshore.
static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/lessons");

/// The script of a lesson.
const LESSON: &str = "lesson.rhai";

/// A course.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Catalogue {
    /// Its lessons, in order.
    pub lessons: Vec<Lesson>,
    /// Its exercises, in order.
    pub exercises: Vec<Exercise>,
}

impl Catalogue {
    /// The course inside the binary.
    ///
    /// # Errors
    /// What is wrong with it; a test makes sure that nothing is.
    pub fn embedded() -> Result<Catalogue, CourseError> {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Catalogue::from_files(&files)
    }

    /// The course in a folder.
    ///
    /// # Errors
    /// What is wrong with it, by file and line.
    pub fn load(folder: &Path) -> Result<Catalogue, CourseError> {
        let mut files = BTreeMap::new();
        read(folder, "", &mut files)?;
        if files.is_empty() {
            let message = format!("there is no lesson here; one looks like 010-first-steps/{LESSON}");
            return Err(CourseError::new(folder.display().to_string(), None, message));
        }
        Catalogue::from_files(&files)
    }

    /// A course from its scripts, by their paths: `010-task-vs-service/lesson.rhai`.
    ///
    /// # Errors
    /// What is wrong with it, by file and line.
    pub fn from_files(files: &BTreeMap<String, String>) -> Result<Catalogue, CourseError> {
        let mut course = Catalogue { lessons: Vec::new(), exercises: Vec::new() };
        let folders: BTreeSet<&str> =
            files.keys().filter_map(|path| path.split_once('/')).map(|(top, _)| top).collect();
        for folder in folders {
            let (number, slug) = number_and_slug(folder)?;
            if let Some(other) = course.lessons.iter().find(|lesson| lesson.number == number) {
                let message = format!("has the same number as {}", other.folder());
                return Err(CourseError::new(folder, None, message));
            }
            let file = format!("{folder}/{LESSON}");
            let Some(source) = files.get(&file) else {
                return Err(CourseError::new(folder, None, format!("{LESSON} is missing")));
            };
            course.lessons.push(Lesson::parse(&file, number, slug, source)?);
            for slug in exercises_in(folder, files)? {
                course.exercises.push(Exercise::from_files(folder, slug, files)?);
            }
        }
        Ok(course)
    }

    /// The lesson with this folder number, slug or folder name; or else the one at this place, counted from 1.
    pub fn lesson(&self, name: &str) -> Option<&Lesson> {
        let name = name.trim_end_matches('/');
        let name = name.rsplit('/').next().unwrap_or(name);
        let number = name.parse().ok();
        let named = |l: &&Lesson| Some(l.number) == number || l.slug == name || l.folder() == name;
        let nth = || self.lessons.get((number? as usize).checked_sub(1)?);
        self.lessons.iter().find(named).or_else(nth)
    }

    /// The exercises that stand beside a lesson.
    pub fn exercises_of(&self, lesson: &Lesson) -> impl Iterator<Item = &Exercise> {
        let folder = lesson.folder();
        self.exercises.iter().filter(move |exercise| exercise.lesson == folder)
    }

    /// The shortest name that means this exercise and no other.
    pub fn short_name(&self, exercise: &Exercise) -> String {
        match self.exercises.iter().filter(|other| other.slug == exercise.slug).count() {
            0 | 1 => exercise.slug.clone(),
            _ => exercise.name(),
        }
    }

    /// The exercise that a path or a name means: a folder that exists, `010-task-vs-service/keep-two` with or without
    /// something before it, or `keep-two` alone where only one exercise is called so.
    ///
    /// # Errors
    /// A sentence that says what there is instead.
    pub fn exercise_at(&self, path_or_name: &str) -> Result<Exercise, String> {
        if Path::new(path_or_name).is_dir() {
            return Exercise::load(Path::new(path_or_name)).map_err(|error| error.to_string());
        }
        let parts: Vec<&str> = path_or_name.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
        let found: Vec<&Exercise> = match parts.as_slice() {
            [.., lesson, slug] => self.exercises.iter().filter(|e| e.lesson == *lesson && e.slug == *slug).collect(),
            [slug] => self.exercises.iter().filter(|e| e.slug == *slug).collect(),
            [] => Vec::new(),
        };
        if let [exercise] = found.as_slice() {
            return Ok((*exercise).clone());
        }
        let names: Vec<String> = self.exercises.iter().map(Exercise::name).collect();
        let known = names.iter().chain(self.exercises.iter().map(|exercise| &exercise.slug)).map(String::as_str);
        let way_out = meant::one_of(&parts.join("/"), known, "there are");
        Err(format!("there is no exercise `{path_or_name}`; {way_out}"))
    }
}

/// `010-task-vs-service` is number 10 and `task-vs-service`.
fn number_and_slug(folder: &str) -> Result<(u32, &str), CourseError> {
    let parts = folder.split_once('-').filter(|(number, slug)| number.len() == 3 && !slug.is_empty());
    let read = parts.and_then(|(number, slug)| Some((number.parse().ok()?, slug)));
    read.ok_or_else(|| {
        CourseError::new(folder, None, "a lesson's folder is named by three digits and words, like 010-first-steps")
    })
}

/// The names of the folders in a lesson's folder. A script that belongs to nothing is an error: it is misspelt.
fn exercises_in<'a>(folder: &str, files: &'a BTreeMap<String, String>) -> Result<BTreeSet<&'a str>, CourseError> {
    let mut found = BTreeSet::new();
    for path in files.keys() {
        match path.split('/').collect::<Vec<_>>().as_slice() {
            [top, slug, file] if *top == folder && FILES.contains(file) => {
                found.insert(*slug);
            }
            [top, file] if *top == folder && *file == LESSON => {}
            [top, ..] if *top == folder => {
                let message = format!("belongs to nothing; the scripts are called {LESSON}, {}", FILES.join(", "));
                return Err(CourseError::new(path, None, message));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The scripts inside the binary.
fn collect(dir: &Dir<'static>, files: &mut BTreeMap<String, String>) {
    for file in dir.files().filter(|file| is_script(file.path())) {
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.insert(path, file.contents_utf8().unwrap_or_default().to_owned());
    }
    for dir in dir.dirs() {
        collect(dir, files);
    }
}

/// The scripts of a folder, three levels deep.
fn read(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) -> Result<(), CourseError> {
    let trouble = |error: std::io::Error| CourseError::new(folder.display().to_string(), None, error.to_string());
    for entry in fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() && below.matches('/').count() < 2 {
            read(&path, &format!("{below}{name}/"), files)?;
        } else if is_script(&path) && (!below.is_empty() || name == LIBRARY) {
            let text = files::read(&path, LONGEST)
                .map_err(|error| CourseError::new(path.display().to_string(), None, error.to_string()))?;
            files.insert(format!("{below}{name}"), text);
        }
    }
    Ok(())
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rhai")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTER: &str = concat!("//! # Write: T\n//! Do it.\n// TO", "DO\n");

    #[test]
    fn all_checks_have_the_functions_of_the_course() {
        let files = [
            ("010-a/lesson.rhai", "//! # A\n"),
            ("010-a/x/starter.rhai", STARTER),
            ("010-a/x/solution.rhai", ""),
            ("010-a/x/checks.rhai", "fn a() {}\n"),
            (LIBRARY, "fn b() {}\n"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let course = Catalogue::from_files(&files).expect("it is well formed");
        assert_eq!(course.exercises[0].checks, "fn a() {}\n\n// The checks of the course:\nfn b() {}\n");
    }

    #[test]
    fn errors_name_the_file() {
        let lesson = ("010-a/lesson.rhai", "//! # A\n");
        let starter = ("010-a/x/starter.rhai", STARTER);
        let solution = ("010-a/x/solution.rhai", "");
        let checks = ("010-a/x/checks.rhai", "");
        for (files, sentence) in [
            (
                vec![("intro/lesson.rhai", "")],
                "intro: a lesson's folder is named by three digits and words, like 010-first-steps",
            ),
            (
                vec![("010-a/lesson.rhai", "let a = 1;")],
                "010-a/lesson.rhai, line 1: the first line must be the title: `//! # Some title`",
            ),
            (vec![starter, solution, checks], "010-a: lesson.rhai is missing"),
            (vec![lesson, ("010-b/lesson.rhai", "//! # B\n")], "010-b: has the same number as 010-a"),
            (vec![lesson, starter, checks], "010-a/x: solution.rhai is missing"),
            (
                vec![lesson, ("010-a/x/cheks.rhai", "")],
                "010-a/x/cheks.rhai: belongs to nothing; the scripts are called lesson.rhai, starter.rhai, solution.rhai, checks.rhai",
            ),
            (
                vec![lesson, solution, checks, ("010-a/x/starter.rhai", "//! # Write: T\nlet a = 1;")],
                "010-a/x/starter.rhai, line 2: the task is missing: tell it in `//!` lines under the title",
            ),
            (
                vec![lesson, solution, checks, ("010-a/x/starter.rhai", "//! # T\n")],
                "010-a/x/starter.rhai, line 1: the title says first what the learner does, by one of `Write:`, `Repair:`, `Predict:`, `Choose:`",
            ),
        ] {
            let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
            let error = Catalogue::from_files(&files).expect_err(sentence);
            assert_eq!(error.to_string(), sentence);
        }
    }
}
