//! What awaits a reconciler now: an ordered set, so that things are looked at once and always in the same order.

use std::collections::BTreeSet;

/// The things that must be looked at before time moves on.
#[derive(Clone, Debug, Hash)]
pub struct Agenda<T: Ord> {
    waiting: BTreeSet<T>,
}

impl<T: Ord> Default for Agenda<T> {
    fn default() -> Self {
        Agenda { waiting: BTreeSet::new() }
    }
}

impl<T: Ord> Agenda<T> {
    /// Puts a thing on the agenda; putting it there twice is the same as once.
    pub fn put(&mut self, thing: T) {
        self.waiting.insert(thing);
    }

    /// Takes the first thing.
    pub fn take(&mut self) -> Option<T> {
        self.waiting.pop_first()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
