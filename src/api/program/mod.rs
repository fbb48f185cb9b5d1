//! What the program in a pod or in a task does: it calls AWS with whatever credentials its SDK finds, and reads files.
//! The handle `program` is longshore's own.

mod call;
mod credentials;
mod read;
mod who;

use super::{Entry, change, query};

/// The operations of programs, in the order of help.
pub(super) const TABLE: &[Entry] = &[change::<call::Call>(), query::<read::Read>()];
