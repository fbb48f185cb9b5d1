//! Floor 0: the nouns.
//!
//! Plain data that several floors speak about: moments, ids, task definitions, image profiles. Nothing here knows the
//! world, and nothing here moves.

mod aws_enum;
pub mod capacity;
pub mod eks;
pub mod id;
pub mod instance_type;
pub mod kubernetes;
pub mod load_balancing;
pub mod meant;
pub mod noun;
pub mod policy;
pub mod probing;
pub mod profile;
pub mod status;
pub mod subject;
pub mod tag;
pub mod task_definition;
pub mod time;
pub mod token;
