//! Operations of the handle `ec2`.

use super::Entry;

pub(super) const TABLE: &[Entry] = &[];
