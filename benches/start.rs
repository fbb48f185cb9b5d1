//! From the start of the program to its first answer, `longshore -e 'now()'`, as a ratio to processes that do nothing.
//!
//! Run with `cargo bench --bench start`. With the argument `nothing` this program is itself the empty binary.

mod measure;

use std::env;
use std::process::{Command, Stdio};

use measure::{in_turns, median, row, table, wall_seconds};

/// The argument with which this program ends at once.
const NOTHING: &str = "nothing";
const ROUNDS: usize = 101;

/// A process.
struct Case {
    name: &'static str,
    program: String,
    arguments: &'static [&'static str],
}

fn main() {
    if env::args().nth(1).as_deref() == Some(NOTHING) {
        return;
    }
    let this = env::current_exe().expect("this program is somewhere").to_string_lossy().into_owned();
    let longshore = || env!("CARGO_BIN_EXE_longshore").to_owned();
    let case = |name, program, arguments| Case { name, program, arguments };
    let cases = [
        case("an empty program in Rust", this, &[NOTHING] as &[_]),
        case("`true`", "true".to_owned(), &[]),
        case("`longshore --version`", longshore(), &["--version"]),
        case("`longshore -e 'now()'`", longshore(), &["-e", "now()"]),
    ];
    let times: Vec<f64> = in_turns(ROUNDS, &cases, run).into_iter().map(median).collect();
    table("Start to end of a process", &["process", "ms", "ratio"]);
    for (case, seconds) in cases.iter().zip(&times) {
        row([case.name.to_owned(), format!("{:.2}", seconds * 1e3), format!("{:.1}", seconds / times[0])]);
    }
}

fn run(case: &Case) -> f64 {
    let mut command = Command::new(&case.program);
    command.args(case.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let (seconds, status) = wall_seconds(|| command.status().expect("it can be started"));
    assert!(status.success(), "{}: {status}", case.name);
    seconds
}
