//! The queue of things due later, ordered by (moment, sequence): two timers of one moment fire in the order they were
//! set.
//!
//! Timers are not cancelled. Whoever handles one looks whether it still means anything; that is cheaper than a cancel
//! list, and it keeps the queue a plain value that can be cloned.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::{Hash, Hasher};

use crate::model::time::Moment;

/// Things of kind `T` that are due later.
#[derive(Clone, Debug)]
pub struct Timers<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    set: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    /// Moment and sequence in one number, so that one comparison orders both.
    key: u128,
    timer: T,
}

impl<T> Entry<T> {
    fn due(&self) -> Moment {
        Moment::at((self.key >> 64) as u64)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl<T> Eq for Entry<T> {}
impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Timers { heap: BinaryHeap::new(), set: 0 }
    }
}

impl<T> Timers<T> {
    /// Sets a timer.
    pub fn set(&mut self, due: Moment, timer: T) {
        let key = (u128::from(due.unix_millis()) << 64) | u128::from(self.set);
        self.set += 1;
        self.heap.push(Reverse(Entry { key, timer }));
    }

    /// When the next timer is due.
    pub fn next_due(&self) -> Option<Moment> {
        self.heap.peek().map(|Reverse(entry)| entry.due())
    }

    /// Takes the next timer if it is due at `now` or before.
    pub fn pop_due(&mut self, now: Moment) -> Option<T> {
        if self.next_due()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| entry.timer)
    }

    /// How many timers are set.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is due any more.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl<T: Hash> Hash for Timers<T> {
    /// Hashes in the order of firing, so that the digest does not see how the heap happens to lie in memory.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut entries: Vec<&Entry<T>> = self.heap.iter().map(|Reverse(entry)| entry).collect();
        entries.sort_unstable();
        for entry in entries {
            entry.key.hash(state);
            entry.timer.hash(state);
        }
        self.set.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Millis;

    #[test]
    fn fires_by_moment_then_by_the_order_of_setting() {
        let start = Moment::START;
        let mut timers = Timers::default();
        timers.set(start + Millis(20), "late");
        timers.set(start + Millis(10), "first");
        timers.set(start + Millis(10), "second");
        assert_eq!(timers.pop_due(start), None);
        let now = start + Millis(30);
        let fired: Vec<_> = std::iter::from_fn(|| timers.pop_due(now)).collect();
        assert_eq!(fired, ["first", "second", "late"]);
    }
}
