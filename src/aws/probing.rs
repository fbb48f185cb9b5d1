//! When health turns, without firing the probes in between.
//!
//! Probe `k` runs `k` intervals after the beginning and takes no time. Between two changes nothing happens that
//! anybody could see, so [`next_change`] finds the next one on the line of outcomes in closed form. [`probe`] is the
//! same rule one probe at a time, the reference that tests hold the closed form to; [`next`] chooses between them.
//!
//! The first pass of all makes HEALTHY at once, for a container [MOBY health.go] as for a new target [ALBUG]. Failures
//! in a row make UNHEALTHY, passes in a row HEALTHY again. [semantics/ecs.md 1.7, 13.1, 13.2]

use crate::model::probing::{Progress, Rules};
use crate::model::status::HealthStatus;
use crate::model::time::Millis;
use crate::world::World;

/// What a probe at any moment would come to: stretches of the same outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    stretches: Vec<Stretch>,
}

/// A stretch of time in which every probe has the same outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    from: Millis,
    /// The end; none for the last stretch.
    until: Option<Millis>,
    passes: bool,
}

impl Line {
    /// A line that can change at these moments only; `passes` tells the outcome of a probe at a moment.
    pub fn new(edges: impl Iterator<Item = Millis>, passes: impl Fn(Millis) -> bool) -> Line {
        let mut edges: Vec<Millis> = edges.chain([Millis::ZERO]).collect();
        edges.sort_unstable();
        edges.dedup();
        let ends = edges.iter().skip(1).copied().map(Some).chain([None]);
        let stretch = |(&from, until): (&Millis, _)| Stretch { from, until, passes: passes(from) };
        Line { stretches: edges.iter().zip(ends).map(stretch).collect() }
    }

    /// The outcome of a probe at this moment.
    fn passes(&self, at: Millis) -> bool {
        self.stretches.iter().rev().find(|stretch| stretch.from <= at).is_some_and(|stretch| stretch.passes)
    }
}

/// Which probes are simulated one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Those that change something.
    Changes,
    /// All of them.
    EveryProbe,
}

impl Mode {
    /// The mode that a world is tuned to.
    pub fn of(world: &World) -> Mode {
        match world.tuning.every_probe {
            true => Mode::EveryProbe,
            false => Mode::Changes,
        }
    }
}

/// The next probe that has to be simulated: when it runs, and what it comes to.
pub fn next(mode: Mode, rules: &Rules, line: &Line, from: Progress) -> Option<(Millis, Progress)> {
    match mode {
        Mode::Changes => next_change(rules, line, from),
        Mode::EveryProbe => {
            let next = probe(rules, line, from);
            Some((Millis(rules.every.0 * next.probes), next))
        }
    }
}

/// What one more probe comes to.
pub fn probe(rules: &Rules, line: &Line, from: Progress) -> Progress {
    use HealthStatus::{Healthy, Unhealthy, Unknown};
    let probes = from.probes + 1;
    let at = Millis(rules.every.0 * probes);
    let (against, needed) = match (line.passes(at), from.status) {
        (true, Healthy) | (false, Unhealthy) => return Progress { streak: 0, probes, ..from },
        (false, Unknown) if at < rules.blind => return Progress { probes, ..from },
        (true, Unknown) => (Healthy, 1),
        (true, Unhealthy) => (Healthy, rules.passes),
        (false, Unknown | Healthy) => (Unhealthy, rules.failures),
    };
    let streak = from.streak + 1;
    if against == Healthy && from.status == Unknown || streak >= needed {
        return Progress { status: against, streak: 0, probes };
    }
    Progress { streak, probes, ..from }
}

/// When the next probe turns the status, and what it then is. None if nothing turns any more.
pub fn next_change(rules: &Rules, line: &Line, from: Progress) -> Option<(Millis, Progress)> {
    use HealthStatus::{Healthy, Unhealthy, Unknown};
    let every = rules.every.0;
    let mut progress = from;
    for stretch in &line.stretches {
        // Probes first..end fall into this stretch.
        let first = stretch.from.0.div_ceil(every).max(progress.probes + 1);
        let end = stretch.until.map(|until| until.0.div_ceil(every));
        if end.is_some_and(|end| first >= end) {
            continue;
        }
        let (turned, counted, needed) = match (stretch.passes, progress.status) {
            (true, Healthy) | (false, Unhealthy) => {
                progress = Progress { streak: 0, probes: end? - 1, ..progress };
                continue;
            }
            (true, Unknown) => (Healthy, first, 1),
            (true, Unhealthy) => (Healthy, first, rules.passes - progress.streak),
            (false, Unknown) => (Unhealthy, first.max(rules.blind.0.div_ceil(every)), rules.failures - progress.streak),
            (false, Healthy) => (Unhealthy, first, rules.failures - progress.streak),
        };
        let last = counted + u64::from(needed) - 1;
        match end {
            Some(end) if last >= end => {
                let counted = end.saturating_sub(counted) as u32;
                progress = Progress { streak: progress.streak + counted, probes: end - 1, ..progress };
            }
            _ => return Some((Millis(last * every), Progress { status: turned, streak: 0, probes: last })),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::chance;

    const HOUR: Millis = Millis::minutes(60);

    /// Every change within an hour.
    fn changes(mode: Mode, rules: &Rules, line: &Line) -> Vec<(Millis, HealthStatus)> {
        let mut progress = Progress::STARTING;
        let mut found = Vec::new();
        while let Some((at, next)) = next(mode, rules, line, progress).filter(|(at, _)| *at <= HOUR) {
            if next.status != progress.status {
                found.push((at, next.status));
            }
            progress = next;
        }
        found
    }

    /// The closed form and the probes agree on programs that come and go.
    #[test]
    fn the_closed_form_is_what_the_probes_find() {
        let mut turns = 0;
        for seed in 0..6000_u64 {
            let roll = |why: &str, bound: u64| chance::below(bound, seed, 0_u32, why, 0);
            let mut at = 0;
            let points: Vec<(Millis, bool)> = (0..roll("points", 9))
                .map(|nth| {
                    at += 1 + chance::below(400, seed, nth, "at", 0);
                    (Millis::seconds(at), chance::below(2, seed, nth, "passes", 0) == 0)
                })
                .collect();
            let passes = |at: Millis| points.iter().rev().find(|(from, _)| *from <= at).is_some_and(|(_, it)| *it);
            let line = Line::new(points.iter().map(|(at, _)| *at), passes);
            let rules = Rules {
                every: Millis::seconds(5 + roll("every", 56)),
                failures: 1 + roll("failures", 10) as u32,
                passes: 1 + roll("passes", 10) as u32,
                blind: Millis::seconds(roll("blind", 301)),
            };
            let closed = changes(Mode::Changes, &rules, &line);
            turns += closed.len();
            assert_eq!(closed, changes(Mode::EveryProbe, &rules, &line), "seed {seed}: {rules:?} {line:?}");
        }
        assert!(turns > 6000, "{turns} turns prove little");
    }

    /// A streak that is interrupted begins again, and a stored streak goes on.
    #[test]
    fn streaks_are_in_a_row() {
        let second = Millis::seconds;
        let rules = Rules { every: second(10), failures: 2, passes: 3, blind: Millis::ZERO };
        let down = [(35, 45), (65, 85)];
        let is_down = |at: Millis| down.iter().any(|&(from, to)| (second(from)..second(to)).contains(&at));
        let edges = down.iter().flat_map(|&(from, to)| [second(from), second(to)]);
        let line = Line::new(edges, |at| !is_down(at));
        let found = changes(Mode::Changes, &rules, &line);
        // One failure at 40 is none; those at 70 and 80 are two; 90, 100 and 110 are three passes.
        let expected = [(10, HealthStatus::Healthy), (80, HealthStatus::Unhealthy), (110, HealthStatus::Healthy)];
        assert_eq!(found, expected.map(|(at, status)| (second(at), status)));
    }
}
