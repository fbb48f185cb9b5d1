//! longshore: a laboratory for container orchestration.

pub mod api;
pub mod aws;
pub mod cli;
pub mod kernel;
pub mod model;
pub mod repl;
pub mod script;
pub mod session;
pub mod simulate;
pub mod view;
pub mod workload;
pub mod world;
