//! A token bucket in closed form: its level at any moment follows from its level at the last take, so it needs no
//! timer.

use crate::model::time::{Millis, Moment};

/// A rate: a burst, and what flows back per minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// The most that may be taken at once.
    pub burst: u32,
    /// How many tokens come back in a minute.
    pub per_minute: u32,
}

/// Tokens of one rate.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Bucket {
    rate: Rate,
    /// Level at `at`, in token-milliseconds: one token is 60,000 of them, so that the arithmetic is exact.
    level: u64,
    at: Moment,
}

const TOKEN: u64 = 60_000;

impl Bucket {
    /// A full bucket.
    pub fn full(rate: Rate, now: Moment) -> Bucket {
        Bucket { rate, level: u64::from(rate.burst) * TOKEN, at: now }
    }

    /// Takes tokens that [`Bucket::wait_for`] said were there.
    pub fn take(&mut self, tokens: u32, now: Moment) {
        self.level = self.level_at(now).saturating_sub(u64::from(tokens) * TOKEN);
        self.at = now;
    }

    /// How long until this many tokens are there (at most a full bucket).
    pub fn wait_for(&self, tokens: u32, now: Moment) -> Millis {
        let wanted = u64::from(tokens.min(self.rate.burst)) * TOKEN;
        let missing = wanted.saturating_sub(self.level_at(now));
        Millis(missing.div_ceil(u64::from(self.rate.per_minute.max(1))))
    }

    fn level_at(&self, now: Moment) -> u64 {
        let flowed = now.since(self.at).0.saturating_mul(u64::from(self.rate.per_minute));
        self.level.saturating_add(flowed).min(u64::from(self.rate.burst) * TOKEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn available(bucket: &Bucket, now: Moment) -> u64 {
        bucket.level_at(now) / TOKEN
    }

    #[test]
    fn a_burst_then_a_straight_line() {
        let start = Moment::START;
        let mut bucket = Bucket::full(Rate { burst: 100, per_minute: 1200 }, start);
        assert_eq!(available(&bucket, start), 100);
        bucket.take(100, start);
        assert_eq!(bucket.wait_for(1, start), Millis(50));
        assert_eq!(available(&bucket, start + Millis(49)), 0);
        assert_eq!(available(&bucket, start + Millis(50)), 1);
        assert_eq!(available(&bucket, start + Millis::seconds(1)), 20);
        assert_eq!(available(&bucket, start + Millis::minutes(10)), 100, "never more than the burst");
    }
}
