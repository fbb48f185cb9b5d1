//! How ECS moves, a concern per file.
//!
//! | question | file |
//! |---|---|
//! | what happens between PROVISIONING and STOPPED | [`lifecycle`] |
//! | in which order do containers start and stop | [`dependencies`] |
//! | when does a container turn HEALTHY or UNHEALTHY | [`health`] |
//! | when does the service take a task for healthy | [`verdict`] |
//! | when is a task registered with its target groups, and when does it leave them | [`target_groups`] |
//! | what does a service do next | [`scheduler`] |
//! | how many tasks may a deployment stop and start | [`rolling_update`] |
//! | which tasks go in a scale-in | `scale_in` |
//! | how fast are tasks started, and where | `launch`, [`launch_rates`], [`placement`], [`capacity_split`] |
//! | why are tasks tried less and less often | `launch_throttle` |
//! | when is a deployment given up, and rolled back | `circuit_breaker` |
//! | who does ECS become for a task, and what may it do then | [`roles`] |
//! | what does it cost | [`bill`] |
//! | which health settings carry a boot | [`advice`] |

pub mod advice;
pub mod bill;
pub mod capacity_split;
mod circuit_breaker;
pub mod dependencies;
pub mod health;
mod launch;
pub mod launch_rates;
mod launch_throttle;
pub mod lifecycle;
pub mod placement;
pub mod roles;
pub mod rolling_update;
mod scale_in;
pub mod scheduler;
pub mod target_groups;
pub mod verdict;
