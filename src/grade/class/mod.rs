//! Grading a class: a folder of submissions, in worker processes, with one result a learner.
//!
//! A submission runs in another process than the grader's, with limits that the operating system keeps. What it does to
//! that process is its own verdict and nobody else's. [`grade`] reads the folder, has every submission graded in the
//! lab that learners know and in labs with hidden seeds, and writes a results file that a killed run can go on with.
//!
//! Who starts the processes and has the clock is floor 9 (`cli::crew`); see [`Crew`].

mod assignment;
mod ledger;
mod pool;
mod submission;
mod worker;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Grader, Record, Status};
use crate::course::Exercise;
use crate::script::on_big_stack;
use ledger::Ledger;
use pool::Task;

pub use assignment::{Assignment, WorkerLimits, hidden_seeds};
pub use ledger::Entry;
pub use pool::{Crew, Lost, Worker};
pub use submission::{Found, PassedOver, Submission, submissions};
pub use worker::work;

/// What to grade, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The exercise.
    pub exercise: Exercise,
    /// The folder of submissions.
    pub folder: PathBuf,
    /// The results file.
    pub results: PathBuf,
    /// Whether to go on with the results file: what is in it is not graded again, unless the submission has changed.
    pub resume: bool,
    /// How many workers at once.
    pub workers: usize,
    /// The seed of the lab that learners know.
    pub seed: u64,
    /// The seeds of further labs, in which every check must hold as well: see [`hidden_seeds`].
    pub hidden: Vec<u64>,
    /// What one submission may cost.
    pub limits: WorkerLimits,
}

/// How far a grading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Learners with a result.
    pub done: usize,
    /// Of those, the ones whose result was in the file already.
    pub resumed: usize,
    /// All learners.
    pub total: usize,
}

/// What came of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The results, by learner.
    pub entries: Vec<Entry>,
    /// How many there are of each status; those that there are none of are left out.
    pub counts: Vec<(Status, usize)>,
    /// What lies in the folder and is nobody's submission.
    pub passed_over: Vec<PassedOver>,
}

/// Grades a class.
///
/// # Errors
/// A sentence about the folder, the exercise, the results file or the workers. What was graded until then is in the
/// results file.
pub fn grade(options: &Options, crew: &dyn Crew, progress: &mut dyn FnMut(Progress)) -> Result<Summary, String> {
    let Found { submissions, passed_over } = submissions(&options.folder)?;
    let unseen = unseen(&options.exercise, options.seed)?;
    let assignment = Assignment::new(&options.exercise, options.seed, options.hidden.clone(), options.limits);
    let keys: Vec<String> = submissions.iter().map(|submission| key(&assignment, submission)).collect();
    let results = Ledger::place(&options.results, &options.exercise.name())?;
    let (mut ledger, known) = match options.resume {
        true => Ledger::resume(&results)?,
        false => (Ledger::begin(&results)?, BTreeMap::new()),
    };
    let mut records: Vec<Option<Record>> = Vec::new();
    for (submission, key) in submissions.iter().zip(&keys) {
        let known = known.get(&submission.learner).filter(|entry| entry.key == *key);
        records.push(known.map(|entry| entry.record.clone()));
    }
    let resumed = records.iter().flatten().count();
    let mut at = Progress { done: resumed, resumed, total: submissions.len() };
    progress(at);

    let entry = |index: usize, record: Record| {
        let Submission { learner, .. } = &submissions[index];
        Entry { learner: learner.clone(), key: keys[index].clone(), record }
    };
    let open: Vec<usize> = (0..submissions.len()).filter(|&index| records[index].is_none()).collect();
    let mut done = |index: usize, record: Record| {
        ledger.append(&entry(index, record.clone()))?;
        records[index] = Some(record);
        at.done += 1;
        progress(at);
        Ok(())
    };
    let mut tasks = Vec::new();
    for index in open {
        match &submissions[index].text {
            Ok(text) => tasks.push(Task { index, text }),
            Err(why) => done(index, not_gradable(&unseen, why))?,
        }
    }
    let workers = options.workers.min(tasks.len());
    pool::share(crew, &assignment, &unseen, tasks.into_iter(), workers, done)?;

    let entries: Vec<Entry> =
        records.into_iter().enumerate().filter_map(|(index, record)| Some(entry(index, record?))).collect();
    ledger.finish(&entries)?;
    Ok(Summary { counts: counts(&entries), entries, passed_over })
}

/// Grades one submission in a worker.
///
/// # Errors
/// A sentence about the exercise or the worker.
pub fn grade_one(
    exercise: &Exercise,
    text: &str,
    seed: u64,
    hidden: Vec<u64>,
    limits: WorkerLimits,
    crew: &dyn Crew,
) -> Result<Record, String> {
    let unseen = unseen(exercise, seed)?;
    let assignment = Assignment::new(exercise, seed, hidden, limits);
    let mut graded = None;
    let task = std::iter::once(Task { index: 0, text });
    pool::share(crew, &assignment, &unseen, task, 1, |_, record| {
        graded = Some(record);
        Ok(())
    })?;
    graded.ok_or_else(|| "the grading process gave no record".to_owned())
}

impl Summary {
    /// The exit code of a process that graded a class: that of the worst record.
    pub fn exit_code(&self) -> u8 {
        self.entries.iter().map(|entry| entry.record.exit_code()).max().unwrap_or(0)
    }
}

/// The record of a submission that nobody has looked at. An exercise that is broken is found out here, before anything
/// is graded.
fn unseen(exercise: &Exercise, seed: u64) -> Result<Record, String> {
    on_big_stack(|| Ok(Grader::new(exercise)?.unseen(seed, Status::NotGradable, String::new())))
}

fn not_gradable(unseen: &Record, why: &str) -> Record {
    Record { reason: Some(why.to_owned()), ..unseen.clone() }
}

fn key(assignment: &Assignment, submission: &Submission) -> String {
    match &submission.text {
        Ok(text) => assignment.key(text),
        Err(why) => assignment.key(&format!("\0{why}")),
    }
}

fn counts(entries: &[Entry]) -> Vec<(Status, usize)> {
    use Status::{Crashed, Failed, GraderFault, NotGradable, Passed, TimedOut};
    let count = |status| entries.iter().filter(|entry| entry.record.status == status).count();
    let all = [Passed, Failed, NotGradable, TimedOut, Crashed, GraderFault];
    all.into_iter().map(|status| (status, count(status))).filter(|(_, count)| *count > 0).collect()
}
