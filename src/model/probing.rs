//! Health as it is found out: by probes at regular intervals, counted by rules.
//!
//! Container health checks and target groups count alike; what they make of it is told by `aws::probing`.

use crate::model::status::HealthStatus;
use crate::model::time::Millis;

/// How somebody who probes counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// From one probe to the next, and from the beginning to the first one. Not zero.
    pub every: Millis,
    /// Counted failures in a row until UNHEALTHY. Not zero.
    pub failures: u32,
    /// Passes in a row until an UNHEALTHY one is HEALTHY again. Not zero. The first pass of all is always enough.
    pub passes: u32,
    /// Failures that come earlier than this do not count, as long as nothing is known yet.
    pub blind: Millis,
}

/// What the probes have come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// UNKNOWN until the probes have come to something.
    pub status: HealthStatus,
    /// Probes in a row that speak against the status.
    pub streak: u32,
    /// Probes that have run.
    pub probes: u64,
}

impl Progress {
    /// Before the first probe.
    pub const STARTING: Progress = Progress { status: HealthStatus::Unknown, streak: 0, probes: 0 };
}
