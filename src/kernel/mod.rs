//! Floor 1: the machinery of a deterministic simulation. It knows no AWS.
//!
//! Time moves from timer to timer ([`timers`]), chance is a function of who asks and why ([`chance`]), things live in
//! typed vectors ([`arena`]), whatever must be looked at now waits on an [`agenda`], and rates are token [`bucket`]s
//! computed in closed form. Free numbers are found by [`runs`], free room by [`first_fit`].

pub mod agenda;
pub mod arena;
pub mod bucket;
pub mod chance;
pub mod first_fit;
pub mod runs;
pub mod timers;
