//! Floor 5: a lab somebody works in. What they did is the truth; the world follows from it.
//!
//! A [`Session`] holds the world and the journal of inputs that led to it. Facts are collected here as history. Undo,
//! redo, fork, save and load are all replay: same seed and same inputs, same world.

mod about;
mod checkpoint;
pub mod compare;
pub(crate) mod file;
pub mod journal;
pub mod narrate;
pub mod standing;
mod store;
pub mod timeline;
mod undo;
pub mod why;
pub mod why_denied;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::api::refusal::Refusal;
use crate::api::{Answered, Entry, Kind};
use crate::model::time::{Millis, Moment};
use crate::simulate::{self, Arrival, Budget};
use crate::world::World;
use crate::world::fact::Fact;
use crate::world::tuning::Tuning;
use checkpoint::Checkpoints;
use journal::{Input, Journal, Line};

pub use store::{Note, Saved, Typed};

/// The seed of a lab where nobody names one.
pub const DEFAULT_SEED: u64 = 42;

/// What one line may cost, so that nothing runs for ever and nothing eats the machine.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Steps of the simulation (timers fired, reconcilers run) for one line.
    pub steps_per_line: u64,
    /// Facts that a lab keeps in all.
    pub facts: u32,
    /// Inputs that a lab's journal keeps in all.
    pub inputs: usize,
    /// Bytes of requests that a lab's journal keeps in all.
    pub request_bytes: usize,
    /// The longest wait.
    pub longest_wait: Millis,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            steps_per_line: 5_000_000,
            facts: 2_000_000,
            inputs: 100_000,
            request_bytes: 64 << 20,
            longest_wait: Millis::minutes(366 * 24 * 60),
        }
    }
}

/// A lab and how it came to be what it is.
#[derive(Clone, Debug)]
pub struct Session {
    world: World,
    journal: Journal,
    history: Vec<Fact>,
    undone: Vec<Line>,
    /// Lines at the journal's beginning that are not the learner's: undo leaves them.
    kept: usize,
    checkpoints: Checkpoints,
    limits: Limits,
    budget: Budget,
    interrupt: Arc<AtomicBool>,
}

impl Session {
    /// An empty lab.
    pub fn new(seed: u64) -> Session {
        Session::with_limits(seed, Limits::default())
    }

    /// An empty lab with other limits than the usual ones.
    pub fn with_limits(seed: u64, limits: Limits) -> Session {
        Session {
            world: World::new(seed),
            journal: Journal::default(),
            history: Vec::new(),
            undone: Vec::new(),
            kept: 0,
            checkpoints: Checkpoints::default(),
            limits,
            budget: Budget { steps: limits.steps_per_line, facts: limits.facts },
            interrupt: Arc::new(AtomicBool::new(false)),
        }
    }

    /// The world as it is now.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Everything that happened, oldest first.
    pub fn history(&self) -> &[Fact] {
        &self.history
    }

    /// What was typed and what it did.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The flag that interrupts a wait when somebody sets it.
    pub fn interrupt_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupt)
    }

    /// Uses another flag, such as the one that Ctrl-C sets.
    pub fn set_interrupt_flag(&mut self, flag: Arc<AtomicBool>) {
        self.interrupt = flag;
    }

    /// Begins a line: inputs from here on belong to it, and may cost what one line may cost.
    pub fn begin_line(&mut self, text: &str) {
        self.checkpoints.note(self.journal.lines().len(), &self.world, self.history.len());
        self.journal.begin(text);
        self.budget = Budget { steps: self.limits.steps_per_line, facts: self.limits.facts };
    }

    /// Ends the line. One that changed something makes it impossible to redo what was undone before.
    ///
    /// Returns whether it changed anything.
    pub fn end_line(&mut self) -> bool {
        let changed = self.journal.end();
        if changed {
            self.undone.clear();
        }
        changed
    }

    /// Calls an operation.
    ///
    /// # Errors
    /// The operation's refusal; nothing has changed then.
    pub fn call(&mut self, entry: &Entry, request: Value) -> Result<Answered, Refusal> {
        match entry.kind {
            Kind::Query(query) => query(&self.world, request),
            Kind::Change(change) => {
                self.check_facts()?;
                let bytes = self.check_journal(&request)?;
                let answered = change(&mut self.world, request.clone())?;
                self.journal.push(Input::Call { action: entry.action(), request }, bytes);
                simulate::settle(&mut self.world, &mut self.budget);
                self.collect();
                Ok(answered)
            }
        }
    }

    /// Notes the answer to a question. A later answer to the same question takes its place.
    ///
    /// # Errors
    /// A refusal if the journal has no room for it.
    pub fn answer(&mut self, question: &str, value: Value) -> Result<(), Refusal> {
        let bytes = self.check_journal(&value)? + question.len();
        self.journal.push(Input::Answer { question: question.to_owned(), value }, bytes);
        Ok(())
    }

    /// The last answer to each question.
    pub fn answers(&self) -> BTreeMap<String, Value> {
        let answer = |input: &Input| match input {
            Input::Answer { question, value } => Some((question.clone(), value.clone())),
            Input::Call { .. } | Input::Wait { .. } => None,
        };
        self.journal.inputs().filter_map(answer).collect()
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// A refusal if the wait is longer than any may be, was interrupted, or reached a limit; the time that did pass has
    /// passed.
    pub fn wait(&mut self, span: Millis) -> Result<(), Refusal> {
        self.check_wait(span)?;
        self.advance(self.world.now + span)
    }

    /// Lets time pass until the next thing that is due, at most until `deadline`. Returns whether the deadline is
    /// reached.
    ///
    /// # Errors
    /// As for [`Session::wait`].
    pub fn wait_for_next(&mut self, deadline: Moment) -> Result<bool, Refusal> {
        let next = self.world.timers.next_due().filter(|&due| due <= deadline);
        self.advance(next.unwrap_or(deadline))?;
        Ok(next.is_none())
    }

    /// Refuses waits that are longer than any may be.
    ///
    /// # Errors
    /// The refusal.
    pub fn check_wait(&self, span: Millis) -> Result<(), Refusal> {
        let fits = self.world.now + span <= Moment::END;
        if span <= self.limits.longest_wait && fits {
            return Ok(());
        }
        if span <= self.limits.longest_wait {
            return Err(Refusal::new("LabLimit", format!("The lab's clock ends at {}.", Moment::END))
                .because(format!("it is {}, and {span} more were asked for", self.world.now))
                .way_out("undo some waits, or start a new lab"));
        }
        Err(Refusal::new("LabLimit", format!("A single wait lasts at most {}.", self.limits.longest_wait))
            .because(format!("{span} was asked for"))
            .way_out("wait for a shorter time, or several times"))
    }

    /// Changes constants of a lab in which nothing has happened yet. They are not journaled: for tests and benchmarks.
    pub fn tune(&mut self, change: impl FnOnce(&mut Tuning)) {
        change(&mut self.world.tuning);
    }

    /// Applies one input without journaling it, within what a line may cost.
    fn apply(&mut self, input: &Input) -> Result<(), Refusal> {
        let mut budget = self.budget;
        match input {
            Input::Call { action, request } => {
                let entry = crate::api::find_action(action)
                    .ok_or_else(|| Refusal::new("UnknownOperation", format!("longshore has no operation {action}.")))?;
                let Kind::Change(change) = entry.kind else {
                    return Err(Refusal::new("UnknownOperation", format!("{action} changes nothing.")));
                };
                change(&mut self.world, request.clone())?;
                simulate::settle(&mut self.world, &mut budget);
            }
            Input::Wait { millis } => {
                let until = self.world.now + Millis(*millis);
                if until > Moment::END {
                    return Err(Refusal::new("LabLimit", format!("The lab's clock ends at {}.", Moment::END)));
                }
                let interrupt = Arc::clone(&self.interrupt);
                let interrupted = || interrupt.load(Ordering::Relaxed);
                let arrival = simulate::advance(&mut self.world, until, &mut budget, &interrupted);
                if arrival != Arrival::Arrived {
                    return Err(Refusal::new("LabLimit", "A wait takes more than one line may cost."));
                }
            }
            Input::Answer { .. } => {}
        }
        self.budget = budget;
        self.collect();
        Ok(())
    }

    /// Lets time pass, journals what did pass, and says if it was less than asked.
    fn advance(&mut self, until: Moment) -> Result<(), Refusal> {
        self.check_facts()?;
        let from = self.world.now;
        let interrupt = Arc::clone(&self.interrupt);
        let ceiling = self.limits.facts;
        let arrival =
            simulate::advance(&mut self.world, until, &mut self.budget, &|| interrupt.load(Ordering::Relaxed));
        self.journal.wait(self.world.now.since(from));
        self.collect();
        let stopped = |why: &str| {
            Refusal::new("LabLimit", format!("The wait stopped at {} {why}.", self.world.now)).because(format!(
                "{} of {} had passed",
                self.world.now.since(from),
                until.since(from)
            ))
        };
        match arrival {
            Arrival::Arrived => Ok(()),
            Arrival::Interrupted => {
                // The flag stays until the next line begins: a script that catches this does not go on.
                Err(Refusal { code: "Interrupted".into(), ..stopped("because you interrupted it") }
                    .way_out("the world is as it was at that moment; wait again to go on, or :undo"))
            }
            Arrival::Exhausted if self.world.facts_recorded() >= ceiling => self.check_facts(),
            Arrival::Exhausted => Err(stopped(&format!("after {} steps of simulation", self.limits.steps_per_line))
                .way_out(format!("wait again to go on, or for a shorter time; a lab keeps at most {ceiling} facts"))),
        }
    }

    fn check_facts(&self) -> Result<(), Refusal> {
        if self.world.facts_recorded() < self.limits.facts {
            return Ok(());
        }
        Err(Refusal::new("LabLimit", format!("A lab keeps at most {} facts.", self.limits.facts))
            .because(format!("{} have been recorded", self.world.facts_recorded()))
            .way_out("undo the last wait, or start a new lab"))
    }

    /// The bytes of a request, if the journal has room for it.
    fn check_journal(&self, request: &Value) -> Result<usize, Refusal> {
        if depth(request) > DEEPEST {
            return Err(Refusal::new("LabLimit", format!("A request is nested at most {DEEPEST} deep."))
                .because("what is journaled has to be read back")
                .way_out("no operation needs more; look for a list in a list in a list"));
        }
        let bytes = request.to_string().len();
        let (inputs, kept) = self.journal.size();
        let refuse = |most: String, is: String| {
            Err(Refusal::new("LabLimit", format!("A lab's journal keeps at most {most}."))
                .because(is)
                .way_out("start a new lab, or do it with fewer calls"))
        };
        if inputs >= self.limits.inputs {
            return refuse(
                format!("{} inputs", self.limits.inputs),
                "each call that changes something is one".to_owned(),
            );
        }
        if kept + bytes > self.limits.request_bytes {
            return refuse(format!("{} bytes", self.limits.request_bytes), format!("this request alone has {bytes}"));
        }
        Ok(bytes)
    }

    fn collect(&mut self) {
        self.history.append(&mut self.world.take_facts());
    }
}

/// The deepest nesting of a request. AWS's own shapes have less than ten levels.
const DEEPEST: usize = 64;

/// How deep a value is nested.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
