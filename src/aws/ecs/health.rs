//! Container health checks: how they count, and when the program in a container would pass one.
//!
//! Probe `k` runs `k` intervals after the container's start. A pass makes the container HEALTHY at once. A failure
//! counts unless the container is still starting and its age is below startPeriod; so many counted failures in a row as
//! there are retries make it UNHEALTHY. An answer that takes longer than the timeout is a failure; that probes take no
//! time otherwise is SIM. [MOBY health.go; semantics/ecs.md 1.7 and 13.1] When a change comes is worked out by
//! [`probing`](crate::aws::probing).

use crate::aws::probing::Line;
use crate::model::probing::Rules;
use crate::model::profile::Profile;
use crate::model::task_definition::HealthCheck;
use crate::model::time::Millis;

/// How a container's check counts.
pub fn rules(check: &HealthCheck) -> Rules {
    Rules {
        every: Millis::seconds(u64::from(check.interval)),
        failures: check.retries,
        passes: 1,
        blind: Millis::seconds(u64::from(check.start_period.unwrap_or(0))),
    }
}

/// When a container's check would pass, by the age of the container.
pub fn line(profile: &Profile, check: &HealthCheck) -> Line {
    let timeout = Millis::seconds(u64::from(check.timeout));
    Line::new(profile.edges(), |age| profile.is_healthy(age) && profile.latency(age) <= timeout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::probing::next_change;
    use crate::model::probing::Progress;
    use crate::model::status::HealthStatus;

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
        while let Some((age, next)) = next_change(&rules(check), &line(profile, check), progress) {
            if age > Millis::minutes(60) {
                break;
            }
            found.push((age, next.status));
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
}
