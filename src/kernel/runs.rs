//! Which numbers are taken, kept as runs of neighbours: the next free one is found without trying each.

use std::collections::BTreeMap;

/// Numbers that are taken.
#[derive(Clone, Debug, Default, Hash)]
pub struct Runs {
    /// The first number of each run, and the one behind its last.
    ends: BTreeMap<u32, u32>,
}

impl Runs {
    /// The first free number from here on.
    pub fn next_free(&self, from: u32) -> u32 {
        self.run_with(from).map_or(from, |(_, end)| end)
    }

    /// Takes a number that is free.
    pub fn take(&mut self, number: u32) {
        let end = self.ends.remove(&(number + 1)).unwrap_or(number + 1);
        match self.ends.range_mut(..number).next_back() {
            Some((_, before)) if *before == number => *before = end,
            _ => {
                self.ends.insert(number, end);
            }
        }
    }

    /// Gives a number back.
    pub fn give_back(&mut self, number: u32) {
        let Some((first, end)) = self.run_with(number) else { return };
        self.ends.remove(&first);
        if first < number {
            self.ends.insert(first, number);
        }
        if number + 1 < end {
            self.ends.insert(number + 1, end);
        }
    }

    /// The run that a number is in.
    fn run_with(&self, number: u32) -> Option<(u32, u32)> {
        let (&first, &end) = self.ends.range(..=number).next_back()?;
        (number < end).then_some((first, end))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kernel::chance::roll;

    #[test]
    fn it_says_what_trying_each_would_say() {
        let (mut runs, mut taken) = (Runs::default(), BTreeSet::new());
        for step in 0..20_000_u64 {
            let number = (roll(1, step, "number", 0) % 64) as u32;
            match taken.contains(&number) {
                true => {
                    taken.remove(&number);
                    runs.give_back(number);
                }
                false => {
                    taken.insert(number);
                    runs.take(number);
                }
            }
            let from = (roll(1, step, "from", 0) % 64) as u32;
            let tried = (from..).find(|number| !taken.contains(number));
            assert_eq!(Some(runs.next_free(from)), tried, "{taken:?}");
        }
    }

    #[test]
    fn neighbours_are_one_run() {
        let mut runs = Runs::default();
        [1, 3, 2, 0, 5].into_iter().for_each(|number| runs.take(number));
        assert_eq!(runs.ends, BTreeMap::from([(0, 4), (5, 6)]));
        runs.give_back(7);
        runs.give_back(2);
        assert_eq!(runs.ends, BTreeMap::from([(0, 2), (3, 4), (5, 6)]));
    }
}
