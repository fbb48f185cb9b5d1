//! What the benchmarks have in common: a unit, rounds, medians, and tables for `benches/README.md`.
//!
//! On a machine that others use too, seconds say little. So each result is a median of rounds in which the cases take
//! turns, a time is processor time where the work is this process's own, and what is told is a ratio: to a loop that
//! is measured in the same run, or of one case to another.

#![allow(clippy::print_stdout, reason = "a benchmark reports on the terminal")]
#![allow(dead_code, reason = "each benchmark uses its part of it")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

/// How often each case is measured.
pub(crate) const ROUNDS: usize = 5;

/// Measures each case once, then each once more, for so many rounds. The results by case, in the order of the rounds.
pub(crate) fn in_turns<C, T>(rounds: usize, cases: &[C], mut work: impl FnMut(&C) -> T) -> Vec<Vec<T>> {
    let mut results: Vec<Vec<T>> = cases.iter().map(|_| Vec::with_capacity(rounds)).collect();
    for _ in 0..rounds {
        for (case, results) in cases.iter().zip(&mut results) {
            results.push(work(case));
        }
    }
    results
}

/// The value in the middle.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The seconds that pass meanwhile on the wall.
pub(crate) fn wall_seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed().as_secs_f64(), done)
}

/// The seconds that this process works meanwhile, on all its threads.
#[cfg(unix)]
pub(crate) fn processor_seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    use rustix::time::{ClockId, clock_gettime};

    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let start = now();
    let done = work();
    (now() - start, done)
}

/// The seconds on the wall, where nobody tells the others.
#[cfg(not(unix))]
pub(crate) fn processor_seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    wall_seconds(work)
}

/// The unit: nanoseconds for one pop and one push of the smallest possible event queue. It is printed, for who reads
/// the ratios.
pub(crate) fn unit_nanos() -> f64 {
    let unit = median((0..ROUNDS).map(|_| bare_heap_nanos()));
    println!("unit: one pop and push of a bare heap with 10,000 pending = {unit:.0} ns\n");
    unit
}

fn bare_heap_nanos() -> f64 {
    const PENDING: u64 = 10_000;
    const EVENTS: u64 = 1_000_000;
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 44) + 1
    };
    let mut heap: BinaryHeap<Reverse<(u64, u64)>> = (0..PENDING).map(|sequence| Reverse((next(), sequence))).collect();
    let (seconds, ()) = processor_seconds(|| {
        for sequence in PENDING..PENDING + EVENTS {
            let Reverse((time, _)) = heap.pop().expect("it stays full");
            heap.push(Reverse((time + next(), sequence)));
        }
        black_box(&heap);
    });
    seconds * 1e9 / EVENTS as f64
}

/// Begins a table: a caption and the heads of its columns.
pub(crate) fn table(caption: &str, columns: &[&str]) {
    println!("{caption}\n\n| {} |\n|{}", columns.join(" | "), "---:|".repeat(columns.len()));
}

/// A row of a table.
pub(crate) fn row<const N: usize>(cells: [String; N]) {
    println!("| {} |", cells.join(" | "));
}
