//! Words of plain letters, eight bytes at once.

/// What the first eight bytes of a text say of the plain letters that it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letters {
    /// How many there are; 8 if there may be more.
    pub(super) len: usize,
    /// The letters in lower case, the first in the lowest byte; zero behind the last.
    pub(super) lower: u64,
    /// How many of them are capitals.
    pub(super) capitals: u32,
    /// Whether the first is one.
    pub(super) capital: bool,
}

/// The same byte eight times.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The bit that tells upper from lower case.
const CASE: u8 = 0x20;

/// The highest bit of a byte: what tests of all bytes leave their answer in.
const TOP: u8 = 0x80;

impl Letters {
    /// The letters that `text` begins with.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Self {
        if let Some(eight) = text.first_chunk() {
            return Self::of_eight(*eight);
        }
        let mut eight = [0; 8];
        eight.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        Self::of_eight(eight)
    }

    #[inline]
    fn of_eight(bytes: [u8; 8]) -> Self {
        let bytes = u64::from_le_bytes(bytes);
        let lower = bytes | all(CASE);
        // No sum runs over into the next byte: the highest bits are cut off before.
        let low = lower & all(!TOP);
        let from_a = low + all(TOP - b'a');
        let beyond_z = low + all(TOP - 1 - b'z');
        let letters = from_a & !beyond_z & !bytes & all(TOP);
        let len = (!letters & all(TOP)).trailing_zeros() as usize / 8;
        let inside = u64::MAX.checked_shr(64 - 8 * len as u32).unwrap_or(0);
        let capitals = inside & all(CASE) & !bytes;
        Self {
            len,
            lower: lower & inside,
            // Most words have none, and counting bits takes more than looking.
            capitals: if capitals == 0 { 0 } else { capitals.count_ones() },
            capital: capitals & u64::from(CASE) != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn letters_are_those_that_are_found_one_by_one(
            text in prop::collection::vec(prop_oneof![8 => b'a'..=b'z', 2 => b'A'..=b'Z', 1 => any::<u8>()], 0..12),
        ) {
            let len = text.iter().take(8).take_while(|b| b.is_ascii_alphabetic()).count();
            let letters = &text[..len];
            let mut lower = [0; 8];
            lower[..len].copy_from_slice(&letters.to_ascii_lowercase());
            prop_assert_eq!(Letters::of(&text), Letters {
                len,
                lower: u64::from_le_bytes(lower),
                capitals: letters.iter().filter(|b| b.is_ascii_uppercase()).count() as u32,
                capital: letters.first().is_some_and(u8::is_ascii_uppercase),
            });
        }
    }

    #[test]
    fn the_neighbours_of_letters_are_none() {
        for byte in 0..=u8::MAX {
            let letters = Letters::of(&[byte, b' ', b' ', b' ', b' ', b' ', b' ', b' ']);
            assert_eq!(letters.len, usize::from(byte.is_ascii_alphabetic()), "{byte}");
        }
    }
}
