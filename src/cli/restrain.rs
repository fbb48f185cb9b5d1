//! What the operating system is asked to keep a grading process to: memory, processor time, and no files.
//!
//! The script engine and the lab have limits of their own, and a submission meets those first. These are for what
//! nobody has thought of. Where there is no such thing as a resource limit, the parent's deadline is all there is.

use crate::grade::class::WorkerLimits;

/// Keeps this process to the limits from now on. The processor time is counted from here.
#[cfg(unix)]
pub(super) fn restrain(limits: &WorkerLimits) -> Result<(), String> {
    use rustix::process::Resource;
    use rustix::time::{ClockId, clock_gettime};

    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    lower(Resource::As, limits.address_space)?;
    lower(Resource::Cpu, used + limits.seconds + 1)?;
    lower(Resource::Core, 0)?;
    lower(Resource::Fsize, 0)
}

/// Sets the limit that is in force; the highest one allowed stays, for the next submission has its own.
#[cfg(unix)]
fn lower(resource: rustix::process::Resource, to: u64) -> Result<(), String> {
    use rustix::process::{Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(to, |maximum| maximum.min(to)));
    setrlimit(resource, Rlimit { current, maximum })
        .map_err(|error| format!("cannot limit a grading process ({resource:?}): {error}"))
}

/// There are no such limits here.
#[cfg(not(unix))]
pub(super) fn restrain(_: &WorkerLimits) -> Result<(), String> {
    Ok(())
}
