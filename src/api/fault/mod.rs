//! Operations of the handle `fault`.

use super::Entry;

pub(super) const TABLE: &[Entry] = &[];
