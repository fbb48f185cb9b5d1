//! How ECS moves: the [`lifecycle`] of one task, the [`scheduler`] that keeps the tasks of a service, and the
//! [`placement`] of tasks on container instances, the split over [`capacity`] providers, and the [`bill`].

pub mod bill;
pub mod capacity;
pub mod health;
mod launch;
pub mod lifecycle;
pub mod placement;
pub mod scheduler;
