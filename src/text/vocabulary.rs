//! Words by number.
//!
//! A table of open addressing: a word is looked up with one multiplication and, most often, one comparison of eight
//! bytes. It is filled while a scorer is built and never grows with messages, so no message can make it slow.

use super::lexicon::Lexicon;

/// No word of the table.
pub(crate) const NO_WORD: u32 = u32::MAX;

/// 2^64 divided by the golden ratio: spreads keys over the slots.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Words, numbered in the order they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Vocabulary {
    /// A power of two of them, at most two thirds of them taken.
    slots: Vec<Slot>,
    /// All words, one after the other.
    bytes: Vec<u8>,
    /// Where each word ends in `bytes`.
    ends: Vec<u32>,
    /// Whether some phrase holds the word; the others are known for other reasons.
    in_phrases: Vec<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Slot {
    /// Zero where the slot is free.
    key: u64,
    id: u32,
}

/// The most bytes of a word that is its own key.
pub(super) const SHORT: usize = 7;

/// The key of a word of up to [`SHORT`] bytes, of which the first is the lowest. A key is never zero, not even that of no
/// letters at all.
const fn short_key(letters: u64, len: usize) -> u64 {
    letters | (len as u64 + 1) << 56
}

/// A short word is its own key, with its length; longer ones are hashed, and marked by the highest bit.
fn key(word: &[u8]) -> u64 {
    let len = word.len();
    if len <= SHORT {
        // First and last bytes may be the same ones: they are laid over each other.
        let letters = if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (len - 4))
        } else if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
            u64::from(u16::from_le_bytes(*first)) | u64::from(u16::from_le_bytes(*last)) << (8 * (len - 2))
        } else {
            word.first().map_or(0, |byte| u64::from(*byte))
        };
        return short_key(letters, len);
    }
    let mut hash = (word.len() as u64).wrapping_mul(SPREAD);
    let mut mix = |eight: &[u8; 8]| {
        hash = (hash ^ u64::from_le_bytes(*eight)).wrapping_mul(SPREAD);
        hash ^= hash >> 32;
    };
    let mut rest = word;
    while let Some((eight, more)) = rest.split_first_chunk::<8>() {
        mix(eight);
        rest = more;
    }
    if let Some(last) = word.last_chunk::<8>() {
        mix(last);
    }
    hash | 1 << 63
}

impl Vocabulary {
    /// What the vocabularies of all scorers begin with: the signs of the classes by their own numbers, then the words of
    /// which something is known. So one number tells both what a word is and which phrases hold it.
    pub(crate) fn with_known_words() -> Self {
        Lexicon::get().words().clone()
    }

    /// The number of a word of a phrase, which it gets if it has none yet.
    pub(crate) fn insert(&mut self, word: &[u8]) -> u32 {
        let id = self.add(word);
        self.in_phrases[id as usize] = true;
        id
    }

    /// The number of a word that need not be in a phrase.
    pub(crate) fn add(&mut self, word: &[u8]) -> u32 {
        let known = self.get(word);
        if known != NO_WORD {
            return known;
        }
        if 2 * self.slots.len() < 3 * (self.ends.len() + 1) {
            self.grow();
        }
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(word);
        self.ends.push(self.bytes.len() as u32);
        self.in_phrases.push(false);
        self.place(Slot { key: key(word), id });
        id
    }

    /// The number of a word, or [`NO_WORD`].
    pub(crate) fn get(&self, word: &[u8]) -> u32 {
        self.find(key(word), |id| word.len() <= SHORT || self.word(id) == word)
    }

    /// The number of a word of up to [`SHORT`] bytes, of which the first is the lowest, or [`NO_WORD`].
    pub(super) fn get_short(&self, letters: u64, len: usize) -> u32 {
        self.find(short_key(letters, len), |_| true)
    }

    #[inline]
    fn find(&self, key: u64, is_it: impl Fn(u32) -> bool) -> u32 {
        if self.slots.is_empty() {
            return NO_WORD;
        }
        let last = self.slots.len() - 1;
        let mut at = self.slot_of(key);
        loop {
            let slot = self.slots[at & last];
            if slot.key == key && is_it(slot.id) {
                return slot.id;
            }
            if slot.key == 0 {
                return NO_WORD;
            }
            at += 1;
        }
    }

    /// Whether a phrase holds a word of at least four bytes: what is looked for behind leetspeak and letters written apart.
    pub(super) fn has_long(&self, word: &str) -> bool {
        word.len() >= 4 && self.in_phrases.get(self.get(word.as_bytes()) as usize) == Some(&true)
    }

    /// The word with this number; empty if there is none.
    pub(crate) fn word(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let Some(&end) = self.ends.get(id) else { return &[] };
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..end as usize]
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Size in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
            + self.bytes.capacity()
            + self.ends.capacity() * 4
            + self.in_phrases.capacity()
    }

    /// The words one after the other, where each ends, and the numbers of those in no phrase.
    #[cfg(all(test, feature = "builtin"))]
    pub(crate) fn to_parts(&self) -> (String, (Vec<u32>, Vec<u32>)) {
        let others = (0..self.len() as u32).filter(|id| !self.in_phrases[*id as usize]);
        let words = String::from_utf8_lossy(&self.bytes).into_owned();
        (words, (self.ends.clone(), others.collect()))
    }

    /// The table of these words; `None` if they cannot be cut so, if one stands twice, or if they do not begin with the
    /// [known words](Self::with_known_words).
    #[cfg(feature = "builtin")]
    pub(crate) fn from_parts(letters: &str, ends: &[u32], others: &[u32]) -> Option<Self> {
        let mut this = Self {
            slots: vec![Slot::default(); (ends.len() * 3 / 2 + 1).next_power_of_two().max(16)],
            bytes: Vec::with_capacity(letters.len()),
            ends: Vec::with_capacity(ends.len()),
            in_phrases: Vec::with_capacity(ends.len()),
        };
        let mut start = 0;
        for (id, &end) in ends.iter().enumerate() {
            if this.insert(letters.as_bytes().get(start..end as usize)?) != id as u32 {
                return None;
            }
            start = end as usize;
        }
        let known = Lexicon::get().words();
        if !(this.ends.starts_with(&known.ends) && this.bytes.starts_with(&known.bytes)) {
            return None;
        }
        for id in others {
            *this.in_phrases.get_mut(*id as usize)? = false;
        }
        Some(this)
    }

    fn slot_of(&self, key: u64) -> usize {
        (key.wrapping_mul(SPREAD) >> (64 - self.slots.len().trailing_zeros())) as usize
    }

    fn place(&mut self, slot: Slot) {
        let last = self.slots.len() - 1;
        let mut at = self.slot_of(slot.key) & last;
        while self.slots[at].key != 0 {
            at = (at + 1) & last;
        }
        self.slots[at] = slot;
    }

    fn grow(&mut self) {
        let size = (2 * self.slots.len()).max(16);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in old.into_iter().filter(|s| s.key != 0) {
            self.place(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_words_as_a_map_does(words in prop::collection::vec("[ab\u{1}é]{0,20}", 0..200), others in prop::collection::vec("[ab]{0,20}", 0..50)) {
            let mut table = Vocabulary::default();
            let mut map: HashMap<String, u32> = HashMap::new();
            for word in &words {
                let next = map.len() as u32;
                let id = *map.entry(word.clone()).or_insert(next);
                prop_assert_eq!(table.insert(word.as_bytes()), id);
            }
            prop_assert_eq!(table.len(), map.len());
            for word in words.iter().chain(&others) {
                let id = map.get(word).copied().unwrap_or(NO_WORD);
                prop_assert_eq!(table.get(word.as_bytes()), id, "{}", word);
                if word.len() <= SHORT {
                    let mut letters = [0; 8];
                    letters[..word.len()].copy_from_slice(word.as_bytes());
                    prop_assert_eq!(table.get_short(u64::from_le_bytes(letters), word.len()), id, "{}", word);
                }
                if id != NO_WORD {
                    prop_assert_eq!(table.word(id), word.as_bytes());
                }
            }
        }
    }

    #[test]
    fn no_letters_are_a_word_like_others() {
        let mut table = Vocabulary::default();
        assert_eq!(table.get(b""), NO_WORD);
        assert_eq!((table.insert(b""), table.insert(b"seven77")), (0, 1));
        assert_eq!(
            (table.get(b""), table.get(b"seven7"), table.get(b"seven77")),
            (0, NO_WORD, 1)
        );
        assert_eq!(table.word(5), b"");
    }
}
