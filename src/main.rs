//! The program: arguments, then the prompt or a script.

use std::process::ExitCode;

fn main() -> ExitCode {
    longshore::cli::main()
}
