//! Whether an exercise can be trusted. It is tried out with everything that it knows:
//!
//! - what the learner begins with fails, the solution passes, in several labs;
//! - every right answer beside it passes, every mistake is told what its author wrote, and each check finds one;
//! - a solution without one of its statements fails, whichever it is;
//! - the task names every literal that a check tests;
//! - hints lead on, look at the lab, and end;
//! - it is of the kind that its title says.

use std::collections::BTreeSet;

use super::super::checks::{Checks, Mistake};
use super::super::{Attempt, Grader, Record, Status, attempt, runner};
use super::{Proof, script};
use crate::course::{CourseError, Exercise, Kind};
use crate::grade::CheckStatus;
use crate::session::DEFAULT_SEED;

/// The seeds of the labs in which a solution is tried.
const SEEDS: [u64; 4] = [DEFAULT_SEED, 1, 2, 3];
/// Right answers beside the solution, at least: what one person alone would not think of.
const RIGHT: usize = 2;
/// How many hints there are: a nudge, a concept, one keyed to the lab, a worked step, and two more at most.
const HINTS: std::ops::RangeInclusive<usize> = 3..=6;
/// Literals that a check may test without the task naming them.
const KNOWN: &[&str] = &[
    "0",
    "1",
    "-1",
    "ACTIVE",
    "INACTIVE",
    "DRAINING",
    "PENDING",
    "RUNNING",
    "STOPPED",
    "HEALTHY",
    "UNHEALTHY",
    "PRIMARY",
    "COMPLETED",
    "FAILED",
    "IN_PROGRESS",
];

const STARTER: &str = "starter.rhai";
const SOLUTION: &str = "solution.rhai";
const CHECKS: &str = "checks.rhai";

/// Proves an exercise. It needs a big stack.
pub fn exercise(exercise: &Exercise) -> Proof {
    let mut trial = Trial { exercise, wrong: Vec::new() };
    let tried = match (Checks::read(exercise), Grader::new(exercise)) {
        (Ok(checks), Ok(grader)) => trial.run(&checks, &grader),
        (Err(sentence), _) | (_, Err(sentence)) => {
            trial.says(CHECKS, None, &sentence);
            String::new()
        }
    };
    Proof { name: exercise.name(), tried, wrong: trial.wrong }
}

/// An exercise that is being tried.
struct Trial<'a> {
    exercise: &'a Exercise,
    wrong: Vec<CourseError>,
}

impl Trial<'_> {
    /// Tries everything, and says in a few words what.
    fn run(&mut self, checks: &Checks, grader: &Grader) -> String {
        self.kind(checks);
        self.starter_and_solution(grader);
        let right = self.right(checks, grader);
        let mistakes = self.mistakes(checks, grader);
        let statements = self.statements(grader);
        self.literals(checks);
        let hints = self.hints(checks);
        let kind = self.exercise.kind.as_str().to_lowercase();
        let checks = checks.names().count();
        format!(
            "{kind}, {checks} checks, {right} right answers, {mistakes} wrong ones, {statements} statements, {hints} hints"
        )
    }

    fn says(&mut self, file: &str, line: Option<usize>, message: &str) {
        let file = format!("{}/{file}", self.exercise.name());
        // What the checks say of themselves names the place already.
        let placed = message.strip_prefix(&format!("{file}, line ")).and_then(|rest| rest.split_once(": "));
        let placed = placed.and_then(|(line, message)| Some((Some(line.parse().ok()?), message)));
        let bare = message.strip_prefix(&format!("{file}: ")).unwrap_or(message);
        let (line, message) = placed.unwrap_or((line, bare));
        self.wrong.push(CourseError::new(file, line, message));
    }

    /// The line of the checks where a function begins.
    fn line_of(&self, function: &str) -> Option<usize> {
        let start = format!("fn {function}(");
        self.exercise.checks.lines().position(|line| line.starts_with(&start)).map(|index| index + 1)
    }

    fn kind(&mut self, checks: &Checks) {
        let kind = self.exercise.kind;
        let asks = !script::calls(&self.exercise.checks, "answered").is_empty();
        if asks != kind.asks() {
            let word = kind.as_str();
            let message = match asks {
                true => format!("it asks for answers by answered(question), and the title says `{word}:`"),
                false => format!("the title says `{word}:`, and no check looks at answered(question)"),
            };
            self.says(STARTER, Some(1), &message);
        }
        if kind == Kind::Repair {
            match checks.begin(DEFAULT_SEED).map(|lab| attempt(&mut runner(), lab, &self.exercise.starter).lab) {
                Ok(lab) if lab.journal().lines().is_empty() => {
                    self.says(STARTER, Some(1), "the title says `Repair:`, and there is nothing yet to repair");
                }
                Ok(_) => {}
                Err(sentence) => self.says(CHECKS, self.line_of("setup"), &sentence),
            }
        }
    }

    fn starter_and_solution(&mut self, grader: &Grader) {
        let record = grader.grade(&self.exercise.starter, DEFAULT_SEED);
        if record.status != Status::Failed {
            self.says(STARTER, None, &format!("it must fail before anything is done, and it has {}", verdict(&record)));
        }
        for seed in SEEDS {
            let record = grader.grade(&self.exercise.solution, seed);
            self.must_pass(&record, SOLUTION, None, &format!("the solution, with seed {seed},"));
        }
    }

    fn must_pass(&mut self, record: &Record, file: &str, line: Option<usize>, what: &str) {
        if let Some(error) = &record.error {
            let line = if file == SOLUTION { error.line } else { line };
            self.says(file, line, &format!("{what} stops: {}", error.message));
        } else if record.status != Status::Passed {
            self.says(file, line, &format!("{what} must pass, and it has {}", verdict(record)));
        }
    }

    fn right(&mut self, checks: &Checks, grader: &Grader) -> usize {
        let line = self.line_of("right");
        let right = match checks.right() {
            Ok(right) => right,
            Err(sentence) => {
                self.says(CHECKS, line, &sentence);
                return 0;
            }
        };
        if right.len() < RIGHT {
            let message = format!("right() gives {}; at least {RIGHT} others than the solution are tried", right.len());
            self.says(CHECKS, line, &message);
        }
        for (nth, answer) in right.iter().enumerate() {
            let record = grader.grade(answer, DEFAULT_SEED);
            let what = format!("right answer {}", nth + 1);
            // A refusal on the way is part of some answers; what counts is what there is in the end.
            match record.status {
                Status::Passed => {}
                _ => self.says(CHECKS, line, &format!("{what} must pass, and it has {}", verdict(&record))),
            }
        }
        right.len() + 1
    }

    fn mistakes(&mut self, checks: &Checks, grader: &Grader) -> usize {
        let line = self.line_of("mistakes");
        let mistakes = match checks.mistakes() {
            Ok(mistakes) => mistakes,
            Err(sentence) => {
                self.says(CHECKS, line, &sentence);
                return 0;
            }
        };
        for (nth, mistake) in mistakes.iter().enumerate() {
            if let Err(message) = found(mistake, &grader.grade(&mistake.code, DEFAULT_SEED)) {
                self.says(CHECKS, line, &format!("mistake {}: {message}", nth + 1));
            }
        }
        let known: BTreeSet<&str> = mistakes.iter().map(|mistake| mistake.check.as_str()).collect();
        for name in checks.names().filter(|name| !known.contains(name)) {
            self.says(CHECKS, self.line_of(name), &format!("mistakes() has none that {name} finds"));
        }
        mistakes.len()
    }

    fn statements(&mut self, grader: &Grader) -> usize {
        let mutants = script::without_one(&self.exercise.solution);
        if mutants.len() < 2 {
            self.says(SOLUTION, None, "it is one statement: there is nothing to leave out");
        }
        for (line, mutant) in &mutants {
            let record = grader.grade(mutant, DEFAULT_SEED);
            if record.status != Status::Failed {
                let message =
                    format!("no check misses this statement: without it the solution has {}", verdict(&record));
                self.says(SOLUTION, Some(*line), &message);
            }
        }
        mutants.len()
    }

    fn literals(&mut self, checks: &Checks) {
        let task = self.exercise.task.clone();
        let words: BTreeSet<&str> = task.split(|c: char| !c.is_alphanumeric()).collect();
        for (literal, line) in script::literals(checks.ast(), checks.names().map(str::to_owned)) {
            let named = task.contains(&format!("`{literal}`")) || words.contains(literal.as_str());
            if !named && !is_known(&literal) {
                self.says(CHECKS, Some(line), &format!("it tests `{literal}`, which the task does not name"));
            }
        }
    }

    fn hints(&mut self, checks: &Checks) -> usize {
        let line = self.line_of("hint");
        let all = |submission: &str| -> Result<Vec<String>, String> {
            let Attempt { lab, error, .. } = attempt(&mut runner(), checks.begin(DEFAULT_SEED)?, submission);
            (1..=HINTS.end() + 1).map_while(|n| checks.hint(&lab, error.as_ref(), n).transpose()).collect()
        };
        match (all(&self.exercise.starter), all(&self.exercise.solution)) {
            (Ok(before), Ok(after)) => {
                if !HINTS.contains(&before.len()) {
                    let message =
                        format!("hint(n) gives {} of them: {} to {}", before.len(), HINTS.start(), HINTS.end());
                    self.says(CHECKS, line, &message);
                }
                if before == after {
                    self.says(CHECKS, line, "no hint looks at the lab: all are the same for starter and solution");
                }
                before.len()
            }
            (Err(sentence), _) | (_, Err(sentence)) => {
                self.says(CHECKS, line, &sentence);
                0
            }
        }
    }
}

/// Whether a literal is the API's and not the exercise's: a status, a member's name such as `nextToken`, a separator.
fn is_known(literal: &str) -> bool {
    let is_member = literal.starts_with(|c: char| c.is_ascii_lowercase())
        && literal.contains(|c: char| c.is_ascii_uppercase())
        && literal.chars().all(|c| c.is_ascii_alphanumeric());
    let is_separator = !literal.contains(char::is_alphanumeric);
    is_member || is_separator || KNOWN.contains(&literal)
}

/// Whether a mistake was told what it should be told; if not, what happened instead.
fn found(mistake: &Mistake, record: &Record) -> Result<(), String> {
    if let Some(error) = &record.error {
        return Err(format!("it stops: {}", error.message));
    }
    let check = record.checks.iter().find(|check| check.id == mistake.check);
    let Some(check) = check.filter(|check| check.status == CheckStatus::Fail) else {
        return Err(format!("{} must fail, and it has {}", mistake.check, verdict(record)));
    };
    let said = format!("{}; {}", check.rationale, check.help);
    match said.contains(&mistake.message) {
        true => Ok(()),
        false => Err(format!("{} should say `{}`, and it says: {said}", mistake.check, mistake.message)),
    }
}

/// What a submission came to, on one line: points, and what the first check that did not pass says.
fn verdict(record: &Record) -> String {
    let points = format!("{} of {} points", record.points, record.max);
    let reason = record.reason.clone().filter(|reason| !reason.is_empty());
    let first = record.checks.iter().find(|check| check.status != CheckStatus::Pass);
    match (reason, first) {
        (Some(reason), _) => format!("{points}: {reason}"),
        (None, Some(check)) => format!("{points}: {}: {} ({})", check.id, check.rationale, check.help),
        (None, None) => points,
    }
}
