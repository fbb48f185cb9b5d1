//! longshore: a laboratory for container orchestration.

use std::process::ExitCode;

fn main() -> ExitCode {
    longshore::cli::main()
}
