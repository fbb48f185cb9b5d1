//! How the program inside an image behaves: what real AWS would find out by running it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::id::ContainerId;
use crate::model::time::Millis;

/// Exit code of a process ended by SIGKILL: 128 + 9. [DG exit codes; semantics/eks.md 1.1]
pub const KILLED: u8 = 137;

/// How the program in a container came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// It ended by itself.
    ByItself,
    /// It left on SIGTERM.
    Sigterm,
    /// SIGKILL after the stop timeout.
    Sigkill,
    /// The kernel killed it for using more memory than its limit.
    OutOfMemory,
    /// A fault made it crash.
    Crash,
    /// It never started: this container, whose success it waited for, failed.
    DependencyFailed(ContainerId),
    /// It never started: this container, which it waited for, took longer than its start timeout.
    DependencyTimedOut(ContainerId),
}

/// How a program will end, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct End {
    /// How long after its start, or after the signal.
    pub after: Millis,
    /// The exit code.
    pub code: u8,
    /// How it comes to it.
    pub ending: Ending,
}

/// The behaviour of the program inside an image. Every member has a default: a small server that starts at once, runs
/// for ever and leaves politely.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Profile {
    /// Whether the image is missing from its registry: every pull fails.
    pub missing: bool,
    /// Compressed size in MB, which decides how long the pull takes.
    pub size_mb: u32,
    /// From container start until it listens and would pass a health check.
    pub boot: Millis,
    /// When and how the program ends by itself. Without it, it runs for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
    /// Memory in use over time: straight lines between the points, level after the last.
    pub memory: Vec<MemoryPoint>,
    /// Health over time, once booted: each point holds until the next. Healthy where nothing is said.
    pub health: Vec<HealthPoint>,
    /// The ports that it listens on once it has booted; those that its container definition maps where none is named.
    pub ports: Vec<u16>,
    /// The paths of HTTP requests that it knows: others are answered with 404. All where none is named.
    pub paths: Vec<String>,
    /// What it does on SIGTERM.
    pub sigterm: Sigterm,
}

/// The end of a program. `after` counts from the container's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exit {
    /// The exit code: 0 to 255.
    #[serde(default)]
    pub code: u8,
    /// How long after the container's start.
    #[serde(default)]
    pub after: Millis,
}

/// Memory in use at one moment after the container's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MemoryPoint {
    /// When, counted from the container's start.
    pub at: Millis,
    /// How much, in MiB.
    pub mib: u32,
}

/// Health from one moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HealthPoint {
    /// From when on, counted from the container's start.
    pub at: Millis,
    /// Whether a health check would pass.
    pub healthy: bool,
    /// The HTTP status that a load balancer's check gets: 200 where healthy and 503 where not, unless this says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long an answer takes, to a load balancer or to a container's own check: no time unless this says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Millis>,
}

/// The reaction to SIGTERM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Sigterm {
    /// It carries on until SIGKILL ends it with code 137.
    pub ignore: bool,
    /// The exit code otherwise: 0 for a clean end, 143 for a program without a handler.
    pub code: u8,
    /// How long it takes to end.
    pub after: Millis,
}

impl Default for Sigterm {
    fn default() -> Self {
        Sigterm { ignore: false, code: 0, after: Millis::seconds(1) }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            missing: false,
            size_mb: 50,
            boot: Millis::seconds(1),
            exit: None,
            memory: vec![MemoryPoint { at: Millis::ZERO, mib: 32 }],
            health: Vec::new(),
            ports: Vec::new(),
            paths: Vec::new(),
            sigterm: Sigterm::default(),
        }
    }
}

impl Profile {
    /// Memory in use this long after the container's start, in MiB.
    pub fn memory_at(&self, age: Millis) -> u32 {
        let later = self.memory.iter().position(|point| point.at > age);
        match later {
            Some(0) => self.memory[0].mib,
            Some(next) => between(self.memory[next - 1], self.memory[next], age),
            None => self.memory.last().map_or(0, |point| point.mib),
        }
    }

    /// The first moment at which the program uses more than `limit_mib`: found on the lines, without watching it.
    pub fn exceeds(&self, limit_mib: u32) -> Option<Millis> {
        let first = self.memory.first()?;
        if first.mib > limit_mib {
            return Some(first.at);
        }
        self.memory.windows(2).find(|pair| pair[1].mib > limit_mib).map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            let rise = u64::from(to.mib - from.mib);
            let span = to.at.0 - from.at.0;
            let above = u64::from(limit_mib + 1 - from.mib);
            Millis(from.at.0 + (span * above).div_ceil(rise))
        })
    }
}

/// The end.
impl Profile {
    /// How the program ends if nobody stops it: by itself, or for lack of memory, whichever comes first. Counted from
    /// its start; `limit_mib` is what it may use, if there is a limit.
    pub fn own_end(&self, limit_mib: Option<u32>) -> Option<End> {
        let by_itself = self.exit.map(|exit| End { after: exit.after, code: exit.code, ending: Ending::ByItself });
        let out_of_memory = limit_mib.and_then(|limit| self.exceeds(limit)).map(|after| End {
            after,
            code: KILLED,
            ending: Ending::OutOfMemory,
        });
        by_itself.into_iter().chain(out_of_memory).min_by_key(|end| end.after)
    }

    /// How the program leaves on SIGTERM, if SIGKILL follows after `patience`. Counted from SIGTERM.
    pub fn leaves(&self, patience: Millis) -> End {
        if self.sigterm.ignore || self.sigterm.after > patience {
            End { after: patience, code: KILLED, ending: Ending::Sigkill }
        } else {
            End { after: self.sigterm.after, code: self.sigterm.code, ending: Ending::Sigterm }
        }
    }
}

/// Health.
impl Profile {
    /// The ages of the container at which its health can change.
    pub fn edges(&self) -> impl Iterator<Item = Millis> {
        self.health.iter().map(|point| point.at).chain([self.boot])
    }

    /// Whether a health check inside a container of this age passes: the program has booted, and is not said to be ill.
    pub fn is_healthy(&self, age: Millis) -> bool {
        age >= self.boot && self.health_at(age).is_none_or(|point| point.healthy)
    }

    /// How long an answer takes.
    pub fn latency(&self, age: Millis) -> Millis {
        self.health_at(age).and_then(|point| point.latency).unwrap_or_default()
    }

    /// The HTTP status with which the program answers a request for a path.
    pub fn answer(&self, age: Millis, path: &str) -> u16 {
        let path = path.split('?').next().unwrap_or(path);
        if !self.paths.is_empty() && !self.paths.iter().any(|known| known == path) {
            return 404;
        }
        let said = self.health_at(age);
        let usual = if said.is_none_or(|point| point.healthy) { 200 } else { 503 };
        said.and_then(|point| point.status).unwrap_or(usual)
    }

    /// What is said about its health at this age.
    pub fn health_at(&self, age: Millis) -> Option<&HealthPoint> {
        self.health.iter().rev().find(|point| point.at <= age)
    }
}

fn between(from: MemoryPoint, to: MemoryPoint, age: Millis) -> u32 {
    let span = (to.at.0 - from.at.0).max(1) as i64;
    let rise = i64::from(to.mib) - i64::from(from.mib);
    (i64::from(from.mib) + rise * (age.0 - from.at.0) as i64 / span) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_runs_in_straight_lines() {
        let point = |seconds, mib| MemoryPoint { at: Millis::seconds(seconds), mib };
        let leak = Profile { memory: vec![point(0, 100), point(100, 600), point(200, 600)], ..Profile::default() };
        for (seconds, mib) in [(0, 100), (50, 350), (100, 600), (150, 600), (900, 600)] {
            assert_eq!(leak.memory_at(Millis::seconds(seconds)), mib, "{seconds} s");
        }
        assert_eq!(leak.exceeds(512), Some(Millis(82_600)), "513 MiB are reached after 82.6 s");
        assert_eq!(leak.memory_at(Millis(82_600)), 513);
        assert_eq!(leak.exceeds(600), None);
        assert_eq!(leak.exceeds(99), Some(Millis::ZERO));
    }

    /// What comes first ends it; SIGTERM gives it time, SIGKILL does not.
    #[test]
    fn a_program_ends_by_itself_or_for_lack_of_memory() {
        let end = |seconds, code, ending| End { after: Millis::seconds(seconds), code, ending };
        let memory = vec![MemoryPoint { at: Millis::ZERO, mib: 0 }, MemoryPoint { at: Millis::seconds(100), mib: 100 }];
        let exit = Exit { code: 3, after: Millis::seconds(60) };
        let leaks = Profile { memory, exit: Some(exit), ..Profile::default() };
        for (limit, expected) in [
            (None, end(60, 3, Ending::ByItself)),
            (Some(60), end(60, 3, Ending::ByItself)),
            (Some(58), end(59, KILLED, Ending::OutOfMemory)),
        ] {
            assert_eq!(leaks.own_end(limit), Some(expected), "{limit:?}");
        }
        assert_eq!(Profile::default().own_end(Some(32)), None);
        let sigterm = |ignore, after| Profile {
            sigterm: Sigterm { ignore, code: 7, after: Millis::seconds(after) },
            ..Profile::default()
        };
        for (profile, patience, expected) in [
            (sigterm(false, 5), 30, end(5, 7, Ending::Sigterm)),
            (sigterm(false, 30), 30, end(30, 7, Ending::Sigterm)),
            (sigterm(false, 31), 30, end(30, KILLED, Ending::Sigkill)),
            (sigterm(true, 5), 30, end(30, KILLED, Ending::Sigkill)),
        ] {
            assert_eq!(profile.leaves(Millis::seconds(patience)), expected, "{profile:?}");
        }
    }
}
