//! How ECS moves: the [`lifecycle`] of one task, the [`scheduler`] that keeps the tasks of a service, and the
//! [`placement`] of tasks on container instances.

pub mod lifecycle;
pub mod placement;
pub mod scheduler;
