//! Container health checks: when HEALTHY, when UNHEALTHY, without firing the probes in between.
//!
//! Probe `k` runs `k` intervals after the container's start and takes no time. A pass makes the container HEALTHY at once.
//! A failure counts unless the container is still starting and its age is below startPeriod; so many counted failures in
//! a row as there are retries make it UNHEALTHY. [MOBY health.go; semantics/ecs.md 1.7 and 13.1]
//!
//! Between two changes nothing happens that anybody could see, so [`next_change`] finds the next one on the program's
//! health line in closed form. [`probe`] is the same rule one probe at a time; tests prove both equal.

use crate::model::profile::Profile;
use crate::model::status::HealthStatus;
use crate::model::task_definition::HealthCheck;
use crate::model::time::Millis;

/// What a container's checks have come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// UNKNOWN while it is still starting.
    pub status: HealthStatus,
    /// Counted failures in a row.
    pub streak: u32,
    /// Probes that have run.
    pub probes: u64,
}

impl Progress {
    /// A container that has just started.
    pub const STARTING: Progress = Progress { status: HealthStatus::Unknown, streak: 0, probes: 0 };
}

/// A stretch of a container's life in which every probe has the same outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    from: Millis,
    /// The end; none for the last stretch.
    until: Option<Millis>,
    passes: bool,
}

/// One probe of a container of this age.
pub fn probe(check: &HealthCheck, profile: &Profile, progress: Progress) -> Progress {
    let probes = progress.probes + 1;
    let age = Millis(interval(check).0 * probes);
    let mut next = Progress { probes, ..progress };
    if passes(profile, age) {
        next.status = HealthStatus::Healthy;
        next.streak = 0;
    } else if progress.status != HealthStatus::Unknown || age >= start_period(check) {
        next.streak = (progress.streak + 1).min(check.retries);
        if next.streak >= check.retries {
            next.status = HealthStatus::Unhealthy;
        }
    }
    next
}

/// When, in ages of the container, the next probe changes its health, and what it then is. None if nothing changes any
/// more.
pub fn next_change(check: &HealthCheck, profile: &Profile, from: Progress) -> Option<(Millis, Progress)> {
    let every = interval(check).0;
    let mut progress = from;
    for stretch in stretches(profile) {
        let first = stretch.from.0.div_ceil(every).max(progress.probes + 1);
        // Probes first..end fall into this stretch.
        let end = stretch.until.map(|until| until.0.div_ceil(every));
        if end.is_some_and(|end| first >= end) {
            continue;
        }
        let changed_at = if stretch.passes {
            progress.streak = 0;
            (progress.status != HealthStatus::Healthy).then_some(first)
        } else {
            let counted = match progress.status {
                HealthStatus::Unknown => first.max(start_period(check).0.div_ceil(every)),
                _ => first,
            };
            let missing = u64::from(check.retries - progress.streak);
            let last = counted + missing.max(1) - 1;
            let within = end.is_none_or(|end| last < end);
            if !within {
                progress.streak += end.map_or(0, |end| end.saturating_sub(counted)) as u32;
            }
            (within && progress.status != HealthStatus::Unhealthy).then_some(last)
        };
        match (changed_at, stretch.passes) {
            (Some(probes), true) => {
                return Some((Millis(probes * every), Progress { status: HealthStatus::Healthy, streak: 0, probes }));
            }
            (Some(probes), false) => {
                let status = HealthStatus::Unhealthy;
                return Some((Millis(probes * every), Progress { status, streak: check.retries, probes }));
            }
            (None, _) => progress.probes = end? - 1,
        }
        progress.streak = progress.streak.min(check.retries);
    }
    None
}

/// Whether a probe of a container of this age passes.
fn passes(profile: &Profile, age: Millis) -> bool {
    let said = profile.health.iter().rev().find(|point| point.at <= age);
    age >= profile.boot && said.is_none_or(|point| point.healthy)
}

/// The health line of a program: failing until it has booted, then as its profile says.
fn stretches(profile: &Profile) -> impl Iterator<Item = Stretch> {
    let mut edges: Vec<Millis> =
        profile.health.iter().map(|point| point.at).chain([Millis::ZERO, profile.boot]).collect();
    edges.sort_unstable();
    edges.dedup();
    let ends: Vec<Option<Millis>> = edges.iter().skip(1).copied().map(Some).chain([None]).collect();
    let stretch = |(from, until)| Stretch { from, until, passes: passes(profile, from) };
    edges.into_iter().zip(ends).map(stretch).collect::<Vec<_>>().into_iter()
}

fn interval(check: &HealthCheck) -> Millis {
    Millis::seconds(u64::from(check.interval))
}

fn start_period(check: &HealthCheck) -> Millis {
    Millis::seconds(u64::from(check.start_period.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::chance;
    use crate::model::profile::HealthPoint;

    fn check(interval: u32, retries: u32, start_period: u32) -> HealthCheck {
        let start_period = Some(start_period);
        HealthCheck {
            command: vec!["CMD-SHELL".to_owned(), "true".to_owned()],
            interval,
            timeout: 5,
            retries,
            start_period,
        }
    }

    fn boots(seconds: u64) -> Profile {
        Profile { boot: Millis::seconds(seconds), ..Profile::default() }
    }

    /// Every change within an hour, in closed form.
    fn changes(check: &HealthCheck, profile: &Profile) -> Vec<(Millis, HealthStatus)> {
        let mut progress = Progress::STARTING;
        let mut found = Vec::new();
        while let Some((age, next)) = next_change(check, profile, progress) {
            if age > Millis::minutes(60) {
                break;
            }
            found.push((age, next.status));
            progress = next;
        }
        found
    }

    /// The same, probe by probe.
    fn changes_by_probes(check: &HealthCheck, profile: &Profile) -> Vec<(Millis, HealthStatus)> {
        let mut progress = Progress::STARTING;
        let mut found = Vec::new();
        for _ in 0..3600 / check.interval {
            let next = probe(check, profile, progress);
            if next.status != progress.status {
                found.push((Millis(interval(check).0 * next.probes), next.status));
            }
            progress = next;
        }
        found
    }

    /// Worked numbers of section 13, both sides of each edge.
    #[test]
    fn worked_numbers() {
        use HealthStatus::{Healthy, Unhealthy};
        for (boot, interval, retries, start_period, first) in [
            // Defaults carry 90 s and only 90 (13.1).
            (90, 30, 3, 0, (90, Healthy)),
            (91, 30, 3, 0, (90, Unhealthy)),
            // B = 140 (13.4): killed at 30 s; the grid minimum S = 111; S = 110 makes probe 11 count.
            (140, 10, 3, 0, (30, Unhealthy)),
            (140, 10, 3, 111, (140, Healthy)),
            (140, 10, 3, 110, (130, Unhealthy)),
            (140, 10, 3, 150, (140, Healthy)),
            // I = 30: S = 61 passes at 150, S = 60 is killed at 120.
            (140, 30, 3, 0, (90, Unhealthy)),
            (140, 30, 3, 61, (150, Healthy)),
            (140, 30, 3, 60, (120, Unhealthy)),
            // Reach with S = 300 and R = 10 (13.1).
            (345, 5, 10, 300, (345, Healthy)),
            (346, 5, 10, 300, (345, Unhealthy)),
            (390, 10, 10, 300, (390, Healthy)),
            (570, 30, 10, 300, (570, Healthy)),
            (571, 30, 10, 300, (570, Unhealthy)),
            (3000, 300, 10, 300, (3000, Healthy)),
            // One retry: the first counted failure decides.
            (11, 10, 1, 0, (10, Unhealthy)),
            (10, 10, 1, 0, (10, Healthy)),
        ] {
            let changes = changes(&check(interval, retries, start_period), &boots(boot));
            assert_eq!(
                changes.first().map(|(age, status)| (age.0 / 1000, *status)),
                Some(first),
                "B {boot}, I {interval}, R {retries}, S {start_period}"
            );
        }
    }

    /// The simple sufficient form S + (R-1) * I >= B, and the exact (k0 + R - 1) * I >= B, by brute force. (13.1)
    #[test]
    fn the_formula_tells_who_is_killed() {
        for boot in (1..400).step_by(7) {
            for (interval, retries, start_period) in
                [(5, 1, 0), (5, 3, 17), (10, 3, 111), (30, 3, 0), (30, 3, 61), (60, 10, 300), (7, 2, 50)]
            {
                let first_counted = u64::from(start_period).div_ceil(u64::from(interval)).max(1);
                let carried = (first_counted + u64::from(retries) - 1) * u64::from(interval) >= boot;
                let first = changes(&check(interval, retries, start_period), &boots(boot))[0].1;
                assert_eq!(
                    first == HealthStatus::Healthy,
                    carried,
                    "B {boot}, I {interval}, R {retries}, S {start_period}"
                );
            }
        }
    }

    /// The closed form and the probes agree on programs that come and go.
    #[test]
    fn the_closed_form_is_what_the_probes_find() {
        for seed in 0..3000_u64 {
            let roll = |why: &str, bound: u64| chance::below(bound, seed, 0_u32, why, 0);
            let mut at = 0;
            let health: Vec<HealthPoint> = (0..roll("points", 6))
                .map(|nth| {
                    at += 1 + chance::below(200, seed, nth, "at", 0);
                    HealthPoint { at: Millis::seconds(at), healthy: chance::below(2, seed, nth, "healthy", 0) == 0 }
                })
                .collect();
            let profile = Profile { health, ..boots(roll("boot", 200)) };
            let check =
                check(5 + roll("interval", 56) as u32, 1 + roll("retries", 10) as u32, roll("start", 301) as u32);
            assert_eq!(
                changes(&check, &profile),
                changes_by_probes(&check, &profile),
                "seed {seed}: {check:?} {profile:?}"
            );
        }
    }
}
