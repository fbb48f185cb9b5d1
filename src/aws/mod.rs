//! Floor 3: how the resources of AWS move. A folder per service, a file per concern; what
//! several of them need stands beside the folders.

pub mod ecs;
pub mod eks;
pub mod elb;
pub mod iam;
pub mod probing;
