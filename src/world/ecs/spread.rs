//! How tasks that belong together are spread over the container instances of a zone.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::runs::Runs;
use crate::model::id::{Id, InstanceId};

/// How many tasks each instance has; those with the fewest are found first.
#[derive(Clone, Debug, Default, Hash)]
pub struct Spread {
    counts: BTreeMap<InstanceId, u32>,
    by_count: BTreeSet<(u32, InstanceId)>,
    /// The numbers of the instances that have any.
    having: Runs,
    total: u32,
}

impl Spread {
    /// One more task on an instance.
    pub fn add(&mut self, instance: InstanceId) {
        self.set(instance, self.on(instance) + 1);
    }

    /// One task less on an instance.
    pub fn remove(&mut self, instance: InstanceId) {
        self.set(instance, self.on(instance).saturating_sub(1));
    }

    /// The instance is none any more.
    pub fn forget(&mut self, instance: InstanceId) {
        self.set(instance, 0);
    }

    /// Adds the tasks of another.
    pub fn merge(&mut self, other: &Spread) {
        for (&instance, count) in &other.counts {
            self.set(instance, self.on(instance) + count);
        }
    }

    /// Tasks on all instances.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// Tasks on each instance that has any.
    pub fn counts(&self) -> &BTreeMap<InstanceId, u32> {
        &self.counts
    }

    /// Tasks on an instance.
    pub fn on(&self, instance: InstanceId) -> u32 {
        self.counts.get(&instance).copied().unwrap_or(0)
    }

    /// The first number from here on that is of no instance with a task.
    pub fn next_without(&self, from: usize) -> usize {
        let from = u32::try_from(from).expect("numbers of instances are small");
        self.having.next_free(from) as usize
    }

    /// The instances with tasks, those with the fewest first.
    pub fn fewest_first(&self) -> impl Iterator<Item = InstanceId> {
        self.by_count.iter().map(|&(_, instance)| instance)
    }

    fn set(&mut self, instance: InstanceId, count: u32) {
        let number = u32::try_from(instance.index()).expect("numbers of instances are small");
        let before = self.on(instance);
        self.total = self.total - before + count;
        self.by_count.remove(&(before, instance));
        match count {
            0 => {
                self.counts.remove(&instance);
                self.having.give_back(number);
            }
            count => {
                self.counts.insert(instance, count);
                self.by_count.insert((count, instance));
                if before == 0 {
                    self.having.take(number);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_come_first() {
        let [a, b, c] = [0, 1, 2].map(InstanceId::new);
        let mut spread = Spread::default();
        [b, b, a, c, c, c].into_iter().for_each(|instance| spread.add(instance));
        assert_eq!(spread.fewest_first().collect::<Vec<_>>(), [a, b, c]);
        assert_eq!((spread.total(), spread.on(b), spread.next_without(0)), (6, 2, 3));
        spread.remove(a);
        spread.forget(c);
        assert_eq!(spread.fewest_first().collect::<Vec<_>>(), [b]);
        assert_eq!((spread.total(), spread.next_without(0), spread.next_without(1)), (2, 0, 2));
        let mut merged = spread.clone();
        merged.merge(&spread);
        assert_eq!((merged.total(), merged.on(b)), (4, 4));
    }
}
