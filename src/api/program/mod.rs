//! What the program in a pod or in a task does: it calls AWS with whatever credentials its SDK finds. The handle
//! `program` is longshore's own.

mod call;
mod credentials;
mod who;

use super::{Entry, change};

/// The operations of programs, in the order of help.
pub(super) const TABLE: &[Entry] = &[change::<call::Call>()];
