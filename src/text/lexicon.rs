//! What is known of single words, so that each word of a text is looked up once.

use std::sync::LazyLock;

use super::vocabulary::Vocabulary;
use super::{TokenKind, lang, number, salutation};

/// What a word is, whatever stands around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits(u32);

impl Traits {
    // The lowest seven bits are the languages that the word speaks for.
    pub(super) const FIRST_SINGULAR: Self = Self(1 << 7);
    pub(super) const FIRST_PLURAL: Self = Self(1 << 8);
    pub(super) const SECOND: Self = Self(1 << 9);
    pub(super) const PERSON: Self = Self(Self::FIRST_SINGULAR.0 | Self::FIRST_PLURAL.0 | Self::SECOND.0);
    pub(super) const TIME_UNIT: Self = Self(1 << 10);
    pub(super) const NUMBER_WORD: Self = Self(1 << 11);
    pub(super) const PERCENT_WORD: Self = Self(1 << 12);
    pub(super) const CURRENCY_WORD: Self = Self(1 << 13);
    pub(super) const SCALE_WORD: Self = Self(1 << 14);
    /// Plain letters that stand for two words.
    pub(super) const CONTRACTION: Self = Self(1 << 15);
    /// What programs write where a value is missing.
    pub(super) const JUNK: Self = Self(1 << 16);
    /// Begins a salutation, alone or with the words behind it.
    pub(super) const GREETING: Self = Self(1 << 17);
    /// Stands behind a greeting and is nobody's name.
    pub(super) const NOBODY: Self = Self(1 << 18);
    /// Stands before a name.
    pub(super) const TITLE: Self = Self(1 << 19);
    /// Begins a sentence and is nobody's name.
    pub(super) const OPENER: Self = Self(1 << 20);
    /// Opens a sign-off, alone.
    pub(super) const SIGN_OFF: Self = Self(1 << 21);
    /// Opens a sign-off with the word behind it.
    pub(super) const SIGN_OFF_PAIR: Self = Self(1 << 22);
    /// Ends a figure that a number begins.
    pub(super) const UNIT: Self =
        Self(Self::TIME_UNIT.0 | Self::PERCENT_WORD.0 | Self::CURRENCY_WORD.0 | Self::SCALE_WORD.0);
    /// May be part of a figure.
    pub(super) const FIGURE: Self = Self(Self::UNIT.0 | Self::NUMBER_WORD.0);

    /// What a canonical word is.
    pub(super) fn of(word: &str) -> Self {
        LEXICON.traits(LEXICON.words.get(word.as_bytes()))
    }

    /// Whether any of these is true of the word.
    pub(super) const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// Both together.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The languages, as bits.
    pub(super) const fn languages(self) -> u8 {
        (self.0 & 0x7f) as u8
    }
}

/// The words of which something is known, by the numbers that they have in every vocabulary.
pub(super) struct Lexicon {
    words: Vocabulary,
    traits: Vec<Traits>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

impl Lexicon {
    /// The one there is.
    pub(super) fn get() -> &'static Self {
        &LEXICON
    }

    fn new() -> Self {
        let mut this = Self {
            words: Vocabulary::default(),
            traits: Vec::new(),
        };
        // Classes have the numbers of their kinds.
        for sign in 0..=TokenKind::Company as u8 {
            this.words.add(&[sign]);
        }
        for (languages, words) in lang::FUNCTION_WORDS {
            this.add(words, Traits(u32::from(*languages)));
        }
        this.add(&["i", "me", "my", "mine", "myself"], Traits::FIRST_SINGULAR);
        this.add(&["we", "us", "our", "ours"], Traits::FIRST_PLURAL);
        this.add(&["you", "your", "yours"], Traits::SECOND);
        this.add(&["cannot"], Traits::CONTRACTION);
        this.add(number::TIME_UNITS, Traits::TIME_UNIT);
        this.add(number::NUMBER_WORDS, Traits::NUMBER_WORD);
        this.add(number::PERCENT_WORDS, Traits::PERCENT_WORD);
        this.add(number::CURRENCY_WORDS, Traits::CURRENCY_WORD);
        this.add(number::SCALE_WORDS, Traits::SCALE_WORD);
        this.add(&["n", "nan", "null", "undefined"], Traits::JUNK);
        for greeting in salutation::GREETINGS {
            this.add(&greeting[..1], Traits::GREETING);
        }
        this.add(salutation::NOBODY, Traits::NOBODY);
        this.add(salutation::TITLES, Traits::TITLE);
        this.add(salutation::OPENERS, Traits::OPENER);
        this.add(salutation::SIGN_OFFS, Traits::SIGN_OFF);
        for (first, _) in salutation::SIGN_OFF_PAIRS {
            this.add(&[first], Traits::SIGN_OFF_PAIR);
        }
        this
    }

    fn add(&mut self, words: &[&str], traits: Traits) {
        for word in words {
            let id = self.words.add(word.as_bytes()) as usize;
            self.traits.resize(self.traits.len().max(id + 1), Traits::default());
            self.traits[id] = self.traits[id].and(traits);
        }
    }

    /// The words: what every vocabulary begins with.
    pub(super) fn words(&self) -> &Vocabulary {
        &self.words
    }

    /// What the word with this number is, in any vocabulary that begins with the words of the lexicon.
    pub(super) fn traits(&self, id: u32) -> Traits {
        self.traits.get(id as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_be_several_things() {
        for (word, traits, languages) in [
            ("we", Traits::FIRST_PLURAL.and(Traits::OPENER), 1),
            ("an", Traits::TIME_UNIT, 0),
            ("in", Traits::OPENER, 0b110_0011),
            ("two", Traits::NUMBER_WORD.and(Traits::OPENER), 0),
            ("million", Traits::SCALE_WORD, 0),
            ("lathe", Traits::default(), 0),
        ] {
            let found = Traits::of(word);
            assert_eq!((found.languages(), found.0 & !0x7f), (languages, traits.0), "{word}");
        }
        // Every list is told apart from the others.
        for word in number::TIME_UNITS {
            assert!(Traits::of(word).has(Traits::TIME_UNIT), "{word}");
        }
        assert!(Traits::of("euros").has(Traits::CURRENCY_WORD) && !Traits::of("euros").has(Traits::TIME_UNIT));
    }
}
