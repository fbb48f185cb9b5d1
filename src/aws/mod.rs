//! Floor 3: how the resources of AWS move. A folder per service, a file per concern.

pub mod ecs;
pub mod iam;
