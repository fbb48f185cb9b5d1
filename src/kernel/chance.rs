//! Keyed chance: every random choice is a function of (seed, who, why, nth).
//!
//! There is no stream to draw from, so a new draw somewhere never changes the outcome of another one: lessons and
//! snapshots stay as they are when the simulation learns something new. SipHash-1-3 with published test vectors keeps
//! the values equal on every machine and in every release.

use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

/// A 64-bit value that depends on the seed and the key, and on nothing else.
pub fn roll(seed: u64, who: impl Hash, why: &str, nth: u64) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(seed, 0x006c_6f6e_6773_686f);
    who.hash(&mut hasher);
    why.hash(&mut hasher);
    nth.hash(&mut hasher);
    hasher.finish()
}

/// A number below `bound`, which must not be zero.
pub fn below(bound: u64, seed: u64, who: impl Hash, why: &str, nth: u64) -> u64 {
    roll(seed, who, why, nth) % bound
}

/// A permutation of the 32-bit numbers, chosen by `seed` and `why`: what looks random can be read back.
///
/// A Feistel network of four rounds; [`unshuffle`] is its inverse.
pub fn shuffle(number: u32, seed: u64, why: &str) -> u32 {
    (0..ROUNDS).fold(number, |number, round| {
        let (left, right) = halves(number);
        join(right, left ^ half_roll(right, seed, why, round))
    })
}

/// The number that [`shuffle`] turned into this one.
pub fn unshuffle(shuffled: u32, seed: u64, why: &str) -> u32 {
    (0..ROUNDS).rev().fold(shuffled, |shuffled, round| {
        let (left, right) = halves(shuffled);
        join(right ^ half_roll(left, seed, why, round), left)
    })
}

const ROUNDS: u64 = 4;

fn halves(number: u32) -> (u16, u16) {
    ((number >> 16) as u16, number as u16)
}

fn join(left: u16, right: u16) -> u32 {
    (u32::from(left) << 16) | u32::from(right)
}

fn half_roll(half: u16, seed: u64, why: &str, round: u64) -> u16 {
    roll(seed, half, why, round) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_depends_on_its_key_alone() {
        assert_eq!(roll(1, 7_u32, "az", 0), roll(1, 7_u32, "az", 0));
        let others =
            [roll(2, 7_u32, "az", 0), roll(1, 8_u32, "az", 0), roll(1, 7_u32, "id", 0), roll(1, 7_u32, "az", 1)];
        assert!(others.iter().all(|&other| other != roll(1, 7_u32, "az", 0)));
    }

    #[test]
    fn a_shuffled_number_can_be_read_back() {
        for number in (0..2000).chain([u32::MAX, u32::MAX / 3]) {
            assert_eq!(unshuffle(shuffle(number, 42, "task"), 42, "task"), number);
        }
        assert_ne!(shuffle(1, 42, "task"), shuffle(1, 43, "task"));
    }
}
