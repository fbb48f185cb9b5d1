//! `longshore grade`: one submission, or a folder of them.
//!
//! ```text
//! longshore grade EXERCISE FILE [--format FORM] [--secret TEXT [--replays N]] [--seconds N]
//! longshore grade EXERCISE --submissions DIR [--workers N] [--resume] [--results FILE] [--format FORM [--reports DIR]]
//! ```

use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{ValueEnum, value_parser};

use super::crew::Processes;
use super::meter::Meter;
use super::read;
use crate::course::{Catalogue, Exercise};
use crate::grade::class::{self, Options, PassedOver, Summary, WorkerLimits, hidden_seeds};
use crate::grade::export::{self, Exported};
use crate::grade::{self, Record};
use crate::repl::screen::Screen;
use crate::view;

/// The exit code where there is nothing to grade.
const CANNOT_BE_GRADED: u8 = 2;
/// The exit code where grading itself failed.
const GRADER_FAULT: u8 = 3;

/// Labs with hidden seeds at most: each takes as long as the lab that learners know.
const MOST_REPLAYS: i64 = 1000;
/// Seconds for one submission at most: a day.
const MOST_SECONDS: u64 = 86_400;

#[derive(clap::Args)]
pub(super) struct Grade {
    /// The exercise, such as 010-task-vs-service/keep-two
    exercise: String,
    /// The submission
    #[arg(required_unless_present = "submissions", conflicts_with = "submissions")]
    file: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Form,
    /// Grade again in labs with hidden seeds, which follow from this text: keep it from the learners
    #[arg(long, value_name = "TEXT", env = "LONGSHORE_SECRET", hide_env_values = true)]
    secret: Option<String>,
    /// In how many labs with hidden seeds
    #[arg(long, value_name = "N", default_value_t = 2, requires = "secret")]
    #[arg(value_parser = value_parser!(u32).range(1..=MOST_REPLAYS))]
    replays: u32,
    /// Seconds of processor time that a submission may take
    #[arg(long, value_name = "N", default_value_t = WorkerLimits::default().seconds)]
    #[arg(value_parser = value_parser!(u64).range(1..=MOST_SECONDS))]
    seconds: u64,
    #[command(flatten)]
    class: Class,
}

/// What concerns a class.
#[derive(clap::Args)]
struct Class {
    /// Grade a class: a folder with a file NAME.rhai or a folder NAME for each learner
    #[arg(long, value_name = "DIR")]
    submissions: Option<PathBuf>,
    /// How many processes grade at once; one for each core if nothing is said
    #[arg(long, value_name = "N", requires = "submissions")]
    workers: Option<NonZero<usize>>,
    /// Go on with the results file: only what is new or has changed is graded
    #[arg(long, requires = "submissions")]
    resume: bool,
    /// The results, one JSON text a line
    #[arg(long, value_name = "FILE", default_value = "results.jsonl", requires = "submissions")]
    results: PathBuf,
    /// Where the files of a form go that has one for each learner
    #[arg(long, value_name = "DIR", requires = "submissions")]
    reports: Option<PathBuf>,
}

/// How results are printed.
#[derive(Clone, Copy)]
enum Form {
    /// For people.
    Text,
    /// For another program.
    Exported(export::Format),
}

impl ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Form] {
        static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
            std::iter::once(Form::Text).chain(export::Format::ALL.iter().copied().map(Form::Exported)).collect()
        });
        &FORMS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, summary) = match self {
            Form::Text => ("text", "For people"),
            Form::Exported(format) => (format.name(), format.summary()),
        };
        Some(PossibleValue::new(name).help(summary))
    }
}

impl Grade {
    /// Grades, each submission in a process of its own. The exit code is that of the record, or of the worst one of a
    /// class.
    pub(super) fn run(&self, course: Result<Catalogue, String>, seed: u64, out: &Screen, err: &Screen) -> ExitCode {
        let exercise = course.and_then(|course| course.exercise_at(&self.exercise));
        let (trouble, done) = match (exercise, &self.file, &self.class.submissions) {
            (Ok(exercise), _, Some(folder)) => (GRADER_FAULT, self.class(exercise, folder, seed, (out, err))),
            (Ok(exercise), Some(file), None) => (CANNOT_BE_GRADED, self.one(&exercise, file, seed, out)),
            (Ok(_), None, None) => (CANNOT_BE_GRADED, Err("there is nothing to grade".to_owned())),
            (Err(sentence), ..) => (CANNOT_BE_GRADED, Err(sentence)),
        };
        ExitCode::from(done.unwrap_or_else(|sentence| {
            err.say(&view::trouble::error(&sentence, err.look()));
            trouble
        }))
    }

    fn one(&self, exercise: &Exercise, file: &Path, seed: u64, out: &Screen) -> Result<u8, String> {
        let text = read(file)?;
        let (limits, crew) = (self.limits(), Processes::of_this_program(self.seconds)?);
        let hidden = self.hidden(exercise);
        // An exercise that is broken is the grader's fault, and the record says it as for any other submission.
        let record = match class::grade_one(exercise, &text, seed, hidden, limits, &crew) {
            Ok(record) => record,
            Err(sentence) => Record::fault(exercise, seed, sentence),
        };
        out.set_unread_code(record.exit_code());
        let text = match self.format {
            Form::Exported(format) => export::one(format, &record),
            Form::Text => self.text(grade::report(&record), [&record], out),
        };
        out.say(text.trim_end());
        Ok(record.exit_code())
    }

    fn class(
        &self,
        exercise: Exercise,
        folder: &Path,
        seed: u64,
        (out, err): (&Screen, &Screen),
    ) -> Result<u8, String> {
        let Class { workers, resume, results, .. } = &self.class;
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        let options = Options {
            folder: folder.to_owned(),
            results: results.clone(),
            resume: *resume,
            workers: workers.map_or_else(cores, NonZero::get),
            seed,
            hidden: self.hidden(&exercise),
            limits: self.limits(),
            exercise,
        };
        let crew = Processes::of_this_program(self.seconds)?;
        let mut meter = Meter::new(io::stderr().is_terminal().then(io::stderr), err.look().width);
        let graded = class::grade(&options, &crew, &mut |progress| meter.show(progress));
        meter.clear();
        let summary = graded?;
        for PassedOver { name, why } in &summary.passed_over {
            err.say(&view::trouble::note(&format!("{name} is passed over: {why}"), err.look()));
        }
        if !summary.passed_over.is_empty() {
            let (passed_over, graded) = (summary.passed_over.len(), summary.entries.len());
            let counts = format!("{passed_over} passed over, {graded} graded");
            err.say(&view::trouble::note(&counts, err.look()));
        }
        self.publish(&options.exercise.name(), &summary, out)?;
        Ok(summary.exit_code())
    }

    /// Prints what came of a class, or writes it into the folder for reports.
    fn publish(&self, exercise: &str, summary: &Summary, out: &Screen) -> Result<(), String> {
        let Form::Exported(format) = self.format else {
            let records = summary.entries.iter().map(|entry| &entry.record);
            out.say(self.text(grade::class_report(summary), records, out).trim_end());
            return Ok(());
        };
        match (export::class(format, &summary.entries), &self.class.reports) {
            (Exported::Whole(text), _) => out.say(text.trim_end()),
            (Exported::Each(files), Some(folder)) => export::folder::write(folder, exercise, &files)?,
            (Exported::Each(_), None) => {
                return Err("this form has a file for each learner: say where to with --reports DIR".to_owned());
            }
        }
        Ok(())
    }

    /// A report for people. It ends with what grading without a secret leaves open.
    fn text<'a>(&self, report: String, records: impl IntoIterator<Item = &'a Record>, out: &Screen) -> String {
        let open = self.secret().is_none().then(|| grade::one_lab_only(records.into_iter())).flatten();
        view::lesson::said(&format!("{report}{}", open.unwrap_or_default()), out.look())
    }

    fn limits(&self) -> WorkerLimits {
        WorkerLimits { seconds: self.seconds, ..WorkerLimits::default() }
    }

    fn hidden(&self, exercise: &Exercise) -> Vec<u64> {
        self.secret().map(|secret| hidden_seeds(secret, &exercise.name(), self.replays)).unwrap_or_default()
    }

    /// The secret. An empty one, such as a variable that is set to nothing, is none: everybody could guess it.
    fn secret(&self) -> Option<&str> {
        self.secret.as_deref().filter(|secret| !secret.is_empty())
    }
}
