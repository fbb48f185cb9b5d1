//! Faults: what can go wrong, on demand. The handle `fault` is longshore's own; AWS has nothing like it.
//!
//! A fault is an operation like any other, so it is journaled, documented and undone like one.

mod crash;
mod spot_capacity;
mod spot_reclaim;
mod target;

use super::{Entry, change};

/// The faults, in the order of help.
pub(super) const TABLE: &[Entry] =
    &[change::<crash::Crash>(), change::<spot_reclaim::SpotReclaim>(), change::<spot_capacity::SpotCapacity>()];
