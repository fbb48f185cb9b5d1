//! Operations of the handle `image`.

use super::Entry;

pub(super) const TABLE: &[Entry] = &[];
