//! Shares the submissions of a class among workers, and survives the loss of any of them.
//!
//! How a worker is started, watched and ended is the business of a floor above, which has a clock; here it is a
//! [`Crew`]. A worker that is lost over a submission it did not begin with is not proof of anything: what came before
//! may have worn it out. The submission is then tried once more by a fresh one, so that each verdict is its own.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use super::assignment::{Assignment, Job, Reply, to_line};
use crate::grade::{Record, Status};

/// Starts workers.
pub trait Crew: Sync {
    /// A fresh worker.
    ///
    /// # Errors
    /// A sentence about why none can be had; the grading ends.
    fn hire(&self) -> Result<Box<dyn Worker>, String>;
}

/// One worker. It is ended when it is dropped.
pub trait Worker {
    /// Sends a line and waits for the line that answers it.
    ///
    /// # Errors
    /// How the worker was lost. It is not asked again then.
    fn ask(&mut self, line: &str) -> Result<String, Lost>;
}

/// How a worker was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It took too long, and was ended.
    TimedOut,
    /// It ended by itself, or said something that makes no sense.
    Crashed,
}

/// A script to grade, and where its result belongs.
pub(super) struct Task<'a> {
    pub(super) index: usize,
    pub(super) text: &'a str,
}

/// The result of a task, or why the grading cannot go on.
type Graded = Result<(usize, Record), String>;

/// Has every task graded, by so many workers at once; `done` receives the results as they come.
pub(super) fn share<'a>(
    crew: &dyn Crew,
    assignment: &Assignment,
    unseen: &Record,
    tasks: impl Iterator<Item = Task<'a>> + Send,
    workers: usize,
    mut done: impl FnMut(usize, Record) -> Result<(), String>,
) -> Result<(), String> {
    let tasks = Mutex::new(tasks);
    let next = || tasks.lock().expect("nobody panics while holding the tasks").next();
    std::thread::scope(|scope| {
        // The receiver is gone as soon as this ends with an error, and the workers stop at their next result.
        let (sender, receiver) = channel::<Graded>();
        for _ in 0..workers.max(1) {
            let sender = sender.clone();
            let next = &next;
            scope.spawn(move || {
                let mut desk = Desk { crew, assignment, unseen, worker: None };
                while let Some(task) = next() {
                    let graded = desk.grade(&task).map(|record| (task.index, record));
                    // Nobody listens any more once something has gone wrong elsewhere.
                    if sender.send(graded).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        receiver.into_iter().try_for_each(|graded| graded.and_then(|(index, record)| done(index, record)))
    })
}

/// One place to work at, with the worker who is there.
struct Desk<'a> {
    crew: &'a dyn Crew,
    assignment: &'a Assignment,
    /// The record of a submission that nobody has looked at.
    unseen: &'a Record,
    worker: Option<Box<dyn Worker>>,
}

impl Desk<'_> {
    fn grade(&mut self, task: &Task<'_>) -> Result<Record, String> {
        let seasoned = self.worker.is_some();
        let lost = match self.attempt(task)? {
            Ok(record) => return Ok(record),
            Err(_) if seasoned => match self.attempt(task)? {
                Ok(record) => return Ok(record),
                Err(lost) => lost,
            },
            Err(lost) => lost,
        };
        Ok(self.without_verdict(lost))
    }

    /// Asks the worker, hiring one if there is none. One who is lost is not kept.
    fn attempt(&mut self, task: &Task<'_>) -> Result<Result<Record, Lost>, String> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.hire()?,
        };
        let job = Job { number: task.index, submission: task.text.to_owned() };
        let answer = match worker.ask(&to_line(&job)) {
            Ok(answer) => answer,
            Err(lost) => return Ok(Err(lost)),
        };
        match serde_json::from_str(&answer) {
            Ok(Reply::Graded { number, record }) if number == task.index && self.is_complete(&record) => {
                self.worker = Some(worker);
                Ok(Ok(*record))
            }
            Ok(Reply::Broken(sentence)) => Err(sentence),
            _ => Ok(Err(Lost::Crashed)),
        }
    }

    fn hire(&self) -> Result<Box<dyn Worker>, String> {
        let mut worker = self.crew.hire()?;
        match worker.ask(&to_line(self.assignment)).map(|answer| serde_json::from_str(&answer)) {
            Ok(Ok(Reply::Ready)) => Ok(worker),
            Ok(Ok(Reply::Broken(sentence))) => Err(sentence),
            _ => Err("a grading process does not even begin".to_owned()),
        }
    }

    /// Whether a record speaks about every check of the exercise: fewer would not be a verdict.
    fn is_complete(&self, record: &Record) -> bool {
        let ids = |record: &Record| record.checks.iter().map(|check| check.id.clone()).collect::<Vec<_>>();
        record.exercise == self.unseen.exercise
            && (record.status == Status::GraderFault || ids(record) == ids(self.unseen))
    }

    fn without_verdict(&self, lost: Lost) -> Record {
        let (status, reason) = match lost {
            Lost::TimedOut => {
                let seconds = self.assignment.limits.seconds;
                (Status::TimedOut, format!("it took more than the {seconds} seconds that a submission may"))
            }
            Lost::Crashed => {
                let why = "the process that graded it went down, which too much memory or too deep a recursion can do";
                (Status::Crashed, why.to_owned())
            }
        };
        Record { status, reason: Some(reason), ..self.unseen.clone() }
    }
}
