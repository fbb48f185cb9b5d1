//! The smallest health settings that carry a program through its boot: a start period, a threshold, a grace period.
//!
//! Pure arithmetic over [`Rules`], in closed form; the formulas are those of semantics/ecs.md 13.1, 13.2 and 13.5. A
//! task registers with its target groups when its containers start, so boot and registration count from one moment.

use crate::model::probing::Rules;
use crate::model::time::Millis;

/// The longest start period in seconds. [API HealthCheck.startPeriod]
pub const LONGEST_START_PERIOD: u64 = 300;
/// The most retries. [API HealthCheck.retries]
pub const MOST_RETRIES: u64 = 10;
/// The longest interval in seconds. [API HealthCheck.interval]
pub const LONGEST_INTERVAL: u64 = 300;
/// The bounds of an unhealthy threshold. [ELBAPI HealthCheckThresholdCount]
const THRESHOLDS: std::ops::RangeInclusive<u64> = 2..=10;

/// The first probe, counted from 1, that can pass.
fn first_pass(rules: &Rules, boot: Millis) -> u64 {
    boot.0.div_ceil(rules.every.0).max(1)
}

/// Whether a program that boots this long passes a probe before enough failures have counted. (13.1, 13.2)
pub fn carries(rules: &Rules, boot: Millis) -> bool {
    let first_counted = rules.blind.0.div_ceil(rules.every.0).max(1);
    first_counted + u64::from(rules.failures) > first_pass(rules, boot)
}

/// The smallest start period in seconds that carries a boot, where probes run on the plain grid of intervals: a failure
/// is free only if it comes earlier than the start period ends. None if the longest one is not enough.
/// S_min = (ceil(B/I) - R) * I + 1. (13.1)
pub fn smallest_start_period(rules: &Rules, boot: Millis) -> Option<u64> {
    let free = first_pass(rules, boot).saturating_sub(u64::from(rules.failures));
    let seconds = if free == 0 { 0 } else { (Millis(free * rules.every.0).0 / 1000) + 1 };
    Some(seconds).filter(|&seconds| seconds <= LONGEST_START_PERIOD)
}

/// A start period in seconds that also carries on engines which add a probe exactly at its end. None if the longest one
/// is not enough. S = B - (R - 1) * I. (13.1)
pub fn portable_start_period(rules: &Rules, boot: Millis) -> Option<u64> {
    let failures = u64::from(rules.failures);
    let seconds = match boot.0 > failures * rules.every.0 {
        true => (boot.0 - (failures - 1) * rules.every.0).div_ceil(1000),
        false => 0,
    };
    Some(seconds).filter(|&seconds| seconds <= LONGEST_START_PERIOD)
}

/// The fewest retries that carry a boot without a start period: R * I >= B. None if 10 are not enough. (13.1)
pub fn fewest_retries(rules: &Rules, boot: Millis) -> Option<u64> {
    Some(first_pass(rules, boot)).filter(|&retries| retries <= MOST_RETRIES)
}

/// The fewest retries that carry a boot after the longest start period, on any engine: 300 + (R - 1) * I >= B. None if
/// 10 are not enough. (13.5)
pub fn fewest_retries_after_longest(rules: &Rules, boot: Millis) -> Option<u64> {
    let left = boot.0.saturating_sub(LONGEST_START_PERIOD * 1000);
    Some(left.div_ceil(rules.every.0) + 1).filter(|&retries| retries <= MOST_RETRIES)
}

/// The shortest interval in seconds that carries a boot after the longest start period, with so many retries, on any
/// engine: 300 + (R - 1) * I >= B. None if no interval is long enough. (13.5)
pub fn shortest_interval_after_longest(retries: u64, boot: Millis) -> Option<u64> {
    let left = boot.0.saturating_sub(LONGEST_START_PERIOD * 1000);
    let seconds = left.div_ceil(1000 * retries.checked_sub(1).filter(|&more| more > 0)?);
    Some(seconds).filter(|&seconds| seconds <= LONGEST_INTERVAL)
}

/// The smallest unhealthy threshold that carries a boot without a grace period: U * i >= B. None if 10 is not enough.
/// (13.2)
pub fn smallest_threshold(rules: &Rules, boot: Millis) -> Option<u64> {
    threshold(first_pass(rules, boot))
}

/// One that carries it whenever the first check comes: (U - 1) * i >= B. None if 10 is not enough. (13.2)
pub fn safe_threshold(rules: &Rules, boot: Millis) -> Option<u64> {
    threshold(first_pass(rules, boot) + 1)
}

fn threshold(count: u64) -> Option<u64> {
    Some(count.max(*THRESHOLDS.start())).filter(|count| THRESHOLDS.contains(count))
}

/// The smallest grace period in seconds that carries a boot where checks take no time, as they do here: none where no
/// grace is needed, or else until the check has recovered. (ceil(B/i) + H - 1) * i, with H = 1 for a container. (13.2,
/// t_ok without x; 13.3)
pub fn smallest_grace(rules: &Rules, boot: Millis) -> u64 {
    if carries(rules, boot) {
        return 0;
    }
    (first_pass(rules, boot) + u64::from(rules.passes) - 1) * rules.every.0 / 1000
}

/// The smallest grace period in seconds where the answer to the last check may take as long as it is allowed to:
/// G_min = (ceil(B/i) + H - 1) * i + x, rounded up. (13.5)
pub fn smallest_grace_with_timeout(rules: &Rules, boot: Millis, timeout: Millis) -> u64 {
    match smallest_grace(rules, boot) {
        0 => 0,
        seconds => seconds + timeout.0.div_ceil(1000),
    }
}

/// A grace period in seconds for any phase of the first check and a slow answer: none where (U - 1) * i >= B, or else
/// B + H * i + x. (13.2)
pub fn safe_grace(rules: &Rules, boot: Millis, timeout: Millis) -> u64 {
    if carries_in_any_phase(rules, boot) {
        return 0;
    }
    (boot.0 + u64::from(rules.passes) * rules.every.0 + timeout.0).div_ceil(1000)
}

/// Whether a program passes a check in time even if the first one comes at once: as if it booted an interval longer.
fn carries_in_any_phase(rules: &Rules, boot: Millis) -> bool {
    carries(rules, Millis(boot.0 + rules.every.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::probing::{Line, next_change};
    use crate::model::probing::Progress;
    use crate::model::status::HealthStatus;

    fn rules(every: u64, failures: u32, passes: u32, blind: u64) -> Rules {
        Rules { every: Millis::seconds(every), failures, passes, blind: Millis::seconds(blind) }
    }

    /// By trial: whether a task that boots this long is never unhealthy at the end of its grace period or after it.
    fn lives(rules: &Rules, boot: Millis, grace: u64) -> bool {
        let line = Line::new([boot].into_iter(), |at| at >= boot);
        let mut progress = Progress::STARTING;
        while let Some((at, next)) = next_change(rules, &line, progress) {
            if progress.status == HealthStatus::Unhealthy && at > Millis::seconds(grace) {
                return false;
            }
            progress = next;
        }
        progress.status == HealthStatus::Healthy
    }

    /// What is advised carries, one less does not: thousands of settings, by trial.
    #[test]
    fn the_advised_value_carries_and_one_less_does_not() {
        for every in [5, 7, 10, 30, 45, 60] {
            for boot in (1..400).step_by(3).map(Millis::seconds).chain([Millis(90_001), Millis(89_999)]) {
                for (failures, passes) in [(1, 1), (3, 1), (10, 1), (2, 5), (2, 2), (5, 3)] {
                    let plain = rules(every, failures, passes, 0);
                    let case = format!("every {every}, failures {failures}, passes {passes}, boot {boot}");
                    assert_eq!(carries(&plain, boot), lives(&plain, boot, 0), "{case}");
                    if let Some(seconds) = smallest_start_period(&plain, boot) {
                        assert!(
                            lives(&Rules { blind: Millis::seconds(seconds), ..plain }, boot, 0),
                            "{case}: {seconds}"
                        );
                        if let Some(less) = seconds.checked_sub(1) {
                            assert!(
                                !lives(&Rules { blind: Millis::seconds(less), ..plain }, boot, 0),
                                "{case}: {less}"
                            );
                        }
                    }
                    if let Some(seconds) = portable_start_period(&plain, boot) {
                        assert!(
                            lives(&Rules { blind: Millis::seconds(seconds), ..plain }, boot, 0),
                            "{case}: {seconds}"
                        );
                    }
                    if let Some(retries) = fewest_retries(&plain, boot) {
                        let with = |count: u64| Rules { failures: count as u32, ..plain };
                        assert!(lives(&with(retries), boot, 0), "{case}: {retries} retries");
                        assert!(retries == 1 || !lives(&with(retries - 1), boot, 0), "{case}: {retries} retries");
                    }
                    if let Some(count) = safe_threshold(&plain, boot) {
                        // The first check comes almost an interval early: as if the program booted for longer.
                        let unlucky = Millis(boot.0 + plain.every.0 - 1);
                        assert!(lives(&Rules { failures: count as u32, ..plain }, unlucky, 0), "{case}: {count}");
                    }
                    if let Some(count) = smallest_threshold(&plain, boot) {
                        let with = |count: u64| Rules { failures: count as u32, ..plain };
                        assert!(lives(&with(count), boot, 0), "{case}: {count}");
                        assert!(count == 2 || !lives(&with(count - 1), boot, 0), "{case}: {count}");
                    }
                    let grace = smallest_grace(&plain, boot);
                    assert!(lives(&plain, boot, grace), "{case}: grace {grace}");
                    assert!(grace == 0 || !lives(&plain, boot, grace - 1), "{case}: grace {grace}");
                    let safe = safe_grace(&plain, boot, Millis::seconds(5));
                    assert!(safe >= grace, "{case}");
                    // Almost an interval early: as if the program booted for longer, and the grace were as much longer.
                    let early = plain.every.0 - 1;
                    assert!(lives(&plain, Millis(boot.0 + early), safe + early / 1000), "{case}: safe {safe}");
                }
            }
        }
    }

    /// Beyond the longest start period: what is advised carries, on the plain grid and with a probe exactly at its end.
    #[test]
    fn beyond_the_longest_start_period_retries_or_the_interval_carry() {
        let engine_with_a_probe_at_the_end =
            |every: u64, retries: u64, boot: u64| LONGEST_START_PERIOD + (retries - 1) * every >= boot;
        for (every, boot, expected) in [
            // 300 + 3 * 30 = 390 carries 361 and 390; 391 takes one more.
            (30, 361, Some(4)),
            (30, 390, Some(4)),
            (30, 391, Some(5)),
            (30, 400, Some(5)),
            (5, 345, Some(10)),
            (5, 346, None),
            (300, 3000, Some(10)),
            (300, 3001, None),
        ] {
            let long = Millis::seconds(boot);
            let found = fewest_retries_after_longest(&rules(every, 3, 1, 0), long);
            assert_eq!(found, expected, "every {every}, boot {boot}");
            let Some(retries) = found else { continue };
            assert!(lives(&rules(every, retries as u32, 1, LONGEST_START_PERIOD), long, 0), "{every} {boot}");
            assert!(engine_with_a_probe_at_the_end(every, retries, boot), "{every} {boot}");
            assert!(!engine_with_a_probe_at_the_end(every, retries - 1, boot), "{every} {boot}");
        }
        for (retries, boot, expected) in [
            (3, 361, Some(31)),
            (3, 400, Some(50)),
            (3, 900, Some(300)),
            (3, 901, None),
            (10, 346, Some(6)),
            (10, 3000, Some(300)),
            (1, 301, None),
        ] {
            let found = shortest_interval_after_longest(retries, Millis::seconds(boot));
            assert_eq!(found, expected, "retries {retries}, boot {boot}");
            let Some(every) = found else { continue };
            let rules = rules(every, retries as u32, 1, LONGEST_START_PERIOD);
            assert!(lives(&rules, Millis::seconds(boot), 0), "{retries} {boot}");
            assert!(!engine_with_a_probe_at_the_end(every - 1, retries, boot), "{retries} {boot}");
        }
    }

    /// The worked example of 13.4, and the bounds.
    #[test]
    fn worked_numbers() {
        let boot = Millis::seconds(140);
        for (every, failures, smallest, portable) in [
            (10, 3, Some(111), Some(120)),
            (30, 3, Some(61), Some(80)),
            (30, 5, Some(0), Some(0)),
            (5, 1, Some(136), Some(140)),
        ] {
            let rules = rules(every, failures, 1, 0);
            assert_eq!(
                (smallest_start_period(&rules, boot), portable_start_period(&rules, boot)),
                (smallest, portable)
            );
        }
        for (every, passes, threshold, grace, safe) in [
            (30, 5, Some(5), 270, 296),
            (30, 2, Some(5), 180, 206),
            (10, 2, None, 150, 166),
            (20, 2, Some(7), 160, 186),
        ] {
            let rules = rules(every, 2, passes, 0);
            let timeout = Millis::seconds(6);
            assert_eq!(smallest_threshold(&rules, boot), threshold, "every {every}");
            assert_eq!(safe_threshold(&rules, boot), threshold.map(|count| count + 1), "every {every}");
            assert_eq!(smallest_grace(&rules, boot), grace, "every {every}");
            assert_eq!(smallest_grace_with_timeout(&rules, boot, timeout), grace + 6, "every {every}");
            assert_eq!(safe_grace(&rules, boot, timeout), safe, "every {every}");
        }
        let defaults = rules(30, 3, 1, 0);
        assert!(carries(&defaults, Millis::seconds(90)) && !carries(&defaults, Millis::seconds(91)));
        assert_eq!(smallest_start_period(&rules(5, 10, 1, 0), Millis::seconds(345)), Some(296));
        assert_eq!(
            smallest_start_period(&rules(5, 10, 1, 0), Millis::seconds(346)),
            None,
            "raise retries or the interval"
        );
    }
}
