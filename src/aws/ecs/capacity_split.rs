//! How a capacity provider strategy splits tasks: the base first, then by weight.
//!
//! AWS publishes the ratio, not the order in which remainders are given out. SIM: the next task goes to the provider
//! that is furthest behind its share, the first of them where several are; exact multiples come out as documented,
//! and the split of `n` tasks is the split of `n - 1` and one more. [API CapacityProviderStrategyItem;
//! semantics/ecs.md 6.1]

use crate::model::capacity::{CapacityProvider, StrategyItem};
use crate::world::ecs::Deployment;

/// How many of `total` tasks belong on each item of a strategy.
pub fn split(strategy: &[StrategyItem], total: u32) -> Vec<u32> {
    let mut counts = vec![0; strategy.len()];
    let mut left = total;
    for (count, item) in counts.iter_mut().zip(strategy) {
        *count = item.base.min(left);
        left -= *count;
    }
    for (count, share) in counts.iter_mut().zip(by_weight(strategy, left)) {
        *count += share;
    }
    counts
}

/// Shares of `total` tasks by weight alone: whole rounds of the weights at once, the rest one by one.
fn by_weight(strategy: &[StrategyItem], total: u32) -> Vec<u32> {
    let round: u32 = strategy.iter().map(|item| item.weight).sum();
    if round == 0 {
        return vec![0; strategy.len()];
    }
    let rounds = total / round;
    let mut shares: Vec<u32> = strategy.iter().map(|item| item.weight * rounds).collect();
    let mut placed = vec![0_u32; strategy.len()];
    for nth in 1..=total % round {
        // Behind its share by weight/round * nth - placed; compared as whole numbers.
        let behind = |index: usize| {
            i64::from(strategy[index].weight) * i64::from(nth) - i64::from(placed[index]) * i64::from(round)
        };
        let next = (0..strategy.len()).rev().max_by_key(|&index| behind(index)).expect("a strategy has items");
        placed[next] += 1;
        shares[next] += 1;
    }
    shares
}

/// The item that the next task belongs on, where so many are there already.
pub fn next(strategy: &[StrategyItem], counts: &[u32]) -> usize {
    let wanted = split(strategy, counts.iter().sum::<u32>() + 1);
    let missing = |index: usize| i64::from(wanted[index]) - i64::from(counts[index]);
    (0..strategy.len()).rev().max_by_key(|&index| missing(index)).expect("a strategy has items")
}

/// How many tasks of each item to give up, so that `total` are left and split as they should be.
pub fn surplus(strategy: &[StrategyItem], counts: &[u32], total: u32) -> Vec<u32> {
    let wanted = split(strategy, total);
    let mut excess = counts.iter().sum::<u32>().saturating_sub(total);
    let mut surplus = vec![0; counts.len()];
    while excess > 0 {
        let over = |index: usize| i64::from(counts[index]) - i64::from(surplus[index]) - i64::from(wanted[index]);
        let most = (0..counts.len()).rev().max_by_key(|&index| over(index)).expect("a strategy has items");
        surplus[most] += 1;
        excess -= 1;
    }
    surplus
}

/// How many of `desired` tasks belong on each item of a deployment's strategy; none where that moves no task: there is
/// no strategy, or it is another one than the deployment began with. [API UpdateService]
pub fn wanted(deployment: &Deployment, desired: u32) -> Option<Vec<u32>> {
    let Deployment { strategy, first_strategy, .. } = deployment;
    (!strategy.is_empty() && strategy == first_strategy).then(|| split(strategy, desired))
}

/// How many tasks of a deployment stand where `desired` tasks belong, on each item of its strategy: those that are
/// unhealthy, or too many on their provider, do not.
pub fn in_place(deployment: &Deployment, desired: u32) -> Vec<u32> {
    match wanted(deployment, desired) {
        Some(wanted) => within(deployment, wanted).collect(),
        None => deployment.by_provider(),
    }
}

/// How many tasks a deployment lacks, so that `desired` stand where they belong.
pub fn missing(deployment: &Deployment, desired: u32) -> u32 {
    let settled = match wanted(deployment, desired) {
        Some(wanted) => within(deployment, wanted).sum(),
        None => deployment.good(),
    };
    desired.saturating_sub(settled)
}

/// The good tasks on each item, as far as they are wanted there.
fn within(deployment: &Deployment, wanted: Vec<u32>) -> impl Iterator<Item = u32> {
    deployment.by_provider().into_iter().zip(wanted).map(|(count, wanted)| count.min(wanted))
}

/// A provider that has fewer tasks of a deployment than belong there while another one has too many.
pub fn lacking(deployment: &Deployment, desired: u32) -> Option<CapacityProvider> {
    let wanted = wanted(deployment, desired).filter(|_| deployment.good() >= desired)?;
    let counts = deployment.by_provider();
    let lacks = (0..counts.len()).find(|&item| counts[item] < wanted[item])?;
    Some(deployment.strategy[lacks].capacity_provider)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::capacity::CapacityProvider::{Fargate, FargateSpot};

    fn strategy(fargate: (u32, u32), spot: (u32, u32)) -> Vec<StrategyItem> {
        [(Fargate, fargate), (FargateSpot, spot)]
            .map(|(capacity_provider, (base, weight))| StrategyItem { capacity_provider, weight, base })
            .to_vec()
    }

    #[test]
    fn splits_come_out_as_documented() {
        // The course's base 1, 1 : 3; the other's "1 on FARGATE, then 4 to 1"; the guide's base 2 and 1 : 3; 1 : 4.
        let day_15 = strategy((1, 1), (0, 3));
        let in_depth = strategy((1, 1), (0, 4));
        let guide = strategy((2, 1), (0, 3));
        let no_base = strategy((0, 1), (0, 4));
        for (strategy, total, expected) in [
            (&day_15, 0, [0, 0]),
            (&day_15, 1, [1, 0]),
            (&day_15, 2, [1, 1]),
            (&day_15, 3, [2, 1]),
            (&day_15, 4, [2, 2]),
            (&day_15, 5, [2, 3]),
            (&day_15, 10, [3, 7]),
            (&day_15, 101, [26, 75]),
            (&in_depth, 1, [1, 0]),
            (&in_depth, 6, [2, 4]),
            (&in_depth, 11, [3, 8]),
            (&in_depth, 101, [21, 80]),
            (&guide, 2, [2, 0]),
            (&guide, 6, [3, 3]),
            (&guide, 10, [4, 6]),
            (&no_base, 5, [1, 4]),
            (&no_base, 100, [20, 80]),
        ] {
            assert_eq!(split(strategy, total), expected, "{total} of {strategy:?}");
        }
    }

    #[test]
    fn every_prefix_is_the_one_before_and_one_more() {
        for strategy in [
            strategy((1, 1), (0, 3)),
            strategy((0, 1), (0, 1)),
            strategy((0, 7), (3, 2)),
            strategy((2, 0), (0, 1)),
            strategy((0, 1000), (0, 999)),
        ] {
            let mut counts = vec![0, 0];
            for total in 1..2100 {
                let next = next(&strategy, &counts);
                counts[next] += 1;
                assert_eq!(counts, split(&strategy, total), "{strategy:?}");
                let mut fewer = counts.clone();
                for (count, surplus) in fewer.iter_mut().zip(surplus(&strategy, &counts, total - 1)) {
                    *count -= surplus;
                }
                assert_eq!(fewer, split(&strategy, total - 1), "{strategy:?}");
            }
        }
    }

    #[test]
    fn a_split_that_is_off_is_mended_by_what_comes_and_goes() {
        let strategy = strategy((1, 1), (0, 3));
        assert_eq!(next(&strategy, &[4, 0]), 1, "too many on Fargate: the next one goes to Spot");
        assert_eq!(surplus(&strategy, &[4, 0], 3), [1, 0]);
        assert_eq!(surplus(&strategy, &[1, 5], 2), [0, 4]);
    }
}
