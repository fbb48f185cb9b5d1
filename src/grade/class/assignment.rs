//! What the parent and its workers say to each other: one JSON text a line.
//!
//! A worker is first told what to grade, with everything that it takes, so that it reads no file. Then it is given one
//! submission after the other, and answers each with a record. The stream holds nothing else: what a learner prints
//! goes nowhere, and a record is judged from the lab, so there is nothing here that a submission could have written.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use crate::course::{Exercise, Kind};
use crate::grade::Record;
use crate::kernel::chance::roll;

/// Seeds that JSON readers with floating point can still tell apart.
const SEED_BITS: u64 = (1 << 53) - 1;

/// What a worker is to grade, and what that may cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The folder of the lesson.
    pub lesson: String,
    /// The name of the exercise in it.
    pub slug: String,
    /// The title of the exercise.
    pub title: String,
    /// The script that grades it.
    pub checks: String,
    /// The seed of the lab that learners know.
    pub seed: u64,
    /// The seeds of the labs that they do not know.
    pub hidden: Vec<u64>,
    /// What one submission may cost.
    pub limits: WorkerLimits,
}

/// What the operating system lets a worker have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerLimits {
    /// Bytes of address space for the whole process. The stack, which is large and mostly unused, is 512 MiB of it.
    pub address_space: u64,
    /// Seconds of processor time for each submission.
    pub seconds: u64,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        WorkerLimits { address_space: 2 << 30, seconds: 30 }
    }
}

/// One submission to be graded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Job {
    /// Comes back with the answer.
    pub(super) number: usize,
    /// The script.
    pub(super) submission: String,
}

/// What a worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Reply {
    /// The exercise is read.
    Ready,
    /// There is something wrong with the exercise or the process.
    Broken(String),
    /// A submission is graded.
    Graded {
        /// The job's number.
        number: usize,
        /// What came of it.
        record: Box<Record>,
    },
}

impl Assignment {
    /// Grading this exercise with a known seed and with hidden ones, which follow from a secret.
    pub fn new(exercise: &Exercise, seed: u64, hidden: Vec<u64>, limits: WorkerLimits) -> Assignment {
        Assignment {
            lesson: exercise.lesson.clone(),
            slug: exercise.slug.clone(),
            title: exercise.title.clone(),
            checks: exercise.checks.clone(),
            seed,
            hidden,
            limits,
        }
    }

    /// The exercise, as far as grading needs it.
    pub(super) fn exercise(&self) -> Exercise {
        Exercise {
            lesson: self.lesson.clone(),
            slug: self.slug.clone(),
            kind: Kind::default(),
            title: self.title.clone(),
            task: String::new(),
            starter: String::new(),
            solution: String::new(),
            checks: self.checks.clone(),
        }
    }

    /// What a record depends on, as a short text: the same for the same submission to the same assignment.
    pub(super) fn key(&self, submission: &str) -> String {
        let mut hasher = SipHasher13::new();
        let Assignment { lesson, slug, title, checks, seed, hidden, limits } = self;
        (lesson, slug, title, checks, seed, hidden, limits, submission, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

/// So many hidden seeds for an exercise. Who does not know the secret cannot tell them beforehand.
pub fn hidden_seeds(secret: &str, exercise: &str, count: u32) -> Vec<u64> {
    (0..count).map(|nth| roll(0, (secret, exercise), "hidden seed", u64::from(nth)) & SEED_BITS).collect()
}

/// A message on its line.
pub(super) fn to_line(message: &impl Serialize) -> String {
    let mut line = serde_json::to_string(message).expect("messages are plain data with string keys");
    line.push('\n');
    line
}
