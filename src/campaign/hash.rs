//! A fast keyed hash for short strings: folded multiplication, as in `wyhash` and `foldhash`.
//!
//! The keys come from the [`Seed`] of an index. Whoever does not know them cannot write texts that meet in one place of
//! the tables. It is not a cryptographic hash, and its values must not leave the process that owns the seed, other than
//! in a snapshot.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// The secret that an index hashes with.
///
/// Two indexes can only be merged, and a sketch can only be looked up, where the seeds are equal. A service that takes
/// texts from strangers uses [`Seed::random`] once and keeps it with its snapshots; a test or a report that is to be
/// repeated uses [`Seed::new`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub(super) [u64; 2]);

impl Seed {
    /// A seed that is always the same for the same number.
    pub const fn new(number: u64) -> Self {
        Self([number, number.rotate_left(32) ^ 0x9e37_79b9_7f4a_7c15])
    }

    /// A seed nobody can foresee, from the operating system by way of [`RandomState`].
    pub fn random() -> Self {
        let draw = || {
            let mut hasher = RandomState::new().build_hasher();
            hasher.write_u8(0);
            hasher.finish()
        };
        Self([draw(), draw()])
    }
}

/// Says nothing of the secret.
impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(..)")
    }
}

/// Multiplies to 128 bits and folds the halves.
pub(super) const fn fold(a: u64, b: u64) -> u64 {
    let product = (a as u128) * (b as u128);
    (product as u64) ^ ((product >> 64) as u64)
}

/// splitmix64: one step of a sequence, well mixed.
pub(super) const fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The keys that a seed gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    pub(super) word: [u64; 2],
    pub(super) pair: [u64; 2],
    pub(super) lane: [u64; 2],
    pub(super) band: [u64; 2],
    pub(super) sender: [u64; 2],
}

impl Keys {
    pub(super) fn new(seed: Seed) -> Self {
        let mut state = mix(seed.0[0]) ^ seed.0[1].rotate_left(17);
        let mut next = || {
            state = mix(state ^ seed.0[1]);
            // An even multiplier would lose bits.
            state | 1
        };
        let mut two = || [next(), next()];
        Self {
            word: two(),
            pair: two(),
            lane: two(),
            band: two(),
            sender: two(),
        }
    }

    /// The hash of a word.
    pub(super) fn of_word(&self, word: &[u8]) -> u64 {
        let mut hash = self.word[0] ^ word.len() as u64;
        let mut chunks = word.chunks_exact(8);
        for chunk in &mut chunks {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(chunk);
            hash = fold(hash ^ u64::from_le_bytes(bytes), self.word[1]);
        }
        let rest = chunks.remainder();
        let mut bytes = [0; 8];
        bytes[..rest.len()].copy_from_slice(rest);
        fold(
            hash ^ u64::from_le_bytes(bytes),
            self.word[1] ^ self.word[0].rotate_left(23),
        )
    }

    /// The hash of one word after another; the order matters.
    pub(super) fn of_pair(&self, first: u64, second: u64) -> u64 {
        fold(first ^ self.pair[0], second.rotate_left(29) ^ self.pair[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_orders_lengths_and_seeds_differ() {
        let keys = Keys::new(Seed::new(1));
        let words: [&[u8]; 7] = [b"", b"\0", b"a", b"ab", b"ba", b"abcdefgh", b"abcdefgh\0"];
        let mut hashes: Vec<u64> = words.iter().map(|w| keys.of_word(w)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), words.len());
        let (a, b) = (keys.of_word(b"a"), keys.of_word(b"b"));
        assert_ne!(keys.of_pair(a, b), keys.of_pair(b, a));
        assert_ne!(a, Keys::new(Seed::new(2)).of_word(b"a"));
    }

    #[test]
    fn random_seeds_differ_and_are_not_printed() {
        assert_ne!(Seed::random(), Seed::random());
        assert_eq!(format!("{:?}", Seed::new(7)), "Seed(..)");
    }

    #[test]
    fn the_bits_of_a_hash_are_even() {
        // Of 4,096 words, each bit is set in about half: five standard deviations are 160.
        let keys = Keys::new(Seed::new(3));
        let mut set = [0u32; 64];
        for i in 0..4096u32 {
            let hash = keys.of_word(format!("word{i}").as_bytes());
            for (bit, count) in set.iter_mut().enumerate() {
                *count += (hash >> bit & 1) as u32;
            }
        }
        assert!(set.iter().all(|n| n.abs_diff(2048) < 160), "{set:?}");
    }
}
