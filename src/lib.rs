//! longshore: a laboratory for container orchestration.

pub mod kernel;
pub mod model;
pub mod world;
