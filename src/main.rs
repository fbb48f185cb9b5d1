//! The program: arguments, then the prompt or a script.

fn main() {}
