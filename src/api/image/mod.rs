//! Images: how the programs in them behave. The handle `image` is longshore's own; in AWS one finds out by running
//! them.

mod define;
mod describe;
mod list;

use super::{Entry, change, query};

/// The operations on images, in the order of help.
pub(super) const TABLE: &[Entry] = &[change::<define::Define>(), query::<describe::Describe>(), query::<list::List>()];
