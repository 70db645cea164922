//! The prepared pass: everything that looks at text shares one preparation.
//!
//! A text becomes a *canonical stream*: a byte string of words separated by exactly one space, beginning and ending
//! with a space. Words are lower case; typographic quotes, dashes and spaces are folded; contractions are written out;
//! invisible characters are dropped; styled and look-alike letters become the plain letter. Urls, numbers, money and
//! the like become one control byte each, see [`TokenKind`]. A sentence end is a token too, and the stream begins and
//! ends with one, so that no phrase spans two sentences. Phrases pass through the same function when a scorer is
//! built, so that a rule author and a message cannot disagree about what a word is.

mod address;
mod fold;
mod lang;
mod lexer;
mod lexicon;
mod masks;
mod number;
mod placeholder;
mod plain;
mod quote;
mod salutation;
mod scan;
mod vocabulary;

pub(crate) use self::fold::without_accents;
pub use self::lang::Lang;
use self::lexicon::{Lexicon, Traits};
pub(crate) use self::masks::{LEGAL_FORMS, Masks};
pub(crate) use self::number::is_part_of_figure;
pub use self::placeholder::PlaceholderShape;
pub(crate) use self::quote::Quotes;
pub(crate) use self::scan::any_pair;
pub(crate) use self::vocabulary::{NO_WORD, Vocabulary};
use crate::span::Span;

/// Fields longer than this many bytes are cut, on a character boundary, and the verdict says so, unless the scorer was
/// given another [limit](crate::ScorerBuilder::max_field_bytes).
pub const MAX_FIELD_BYTES: usize = 8 * 1024;

/// The limits that a scorer can be given: 2 KiB, so that the longest note is read whole in any script, to 16 MiB.
pub const MAX_FIELD_BYTES_RANGE: std::ops::RangeInclusive<usize> = 2 * 1024..=16 * 1024 * 1024;

/// The first `bytes` bytes of `text`, or a few fewer, so that it ends between two characters.
pub(crate) fn within_limit(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What one canonical token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum TokenKind {
    /// A word.
    Word = 0,
    /// A sentence end other than a question mark; also the edges of the text.
    Stop = 1,
    /// A sentence end written with a question mark.
    Question = 2,
    /// `{url}`
    Url = 3,
    /// `{email}`
    Email = 4,
    /// `{phone}`
    Phone = 5,
    /// `{number}`
    Number = 6,
    /// `{money}`
    Money = 7,
    /// `{percent}`
    Percent = 8,
    /// `{duration}`
    Duration = 9,
    /// `{multiple}`, such as `10x`
    Multiple = 10,
    /// `{emoji}`, a run of them
    Emoji = 11,
    /// `{placeholder}`, a template variable that nobody filled in
    Placeholder = 12,
    /// `{mention}`, such as `@name`
    Mention = 13,
    /// `{hashtag}`
    Hashtag = 14,
    /// `{name}`, the recipient's name, or the name in the salutation
    Name = 15,
    /// `{company}`, a company the recipient works at
    Company = 16,
}

impl TokenKind {
    /// The classes that a phrase may name, with the name used in braces.
    pub const CLASSES: [(&'static str, Self); 14] = [
        ("url", Self::Url),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("number", Self::Number),
        ("money", Self::Money),
        ("percent", Self::Percent),
        ("duration", Self::Duration),
        ("multiple", Self::Multiple),
        ("emoji", Self::Emoji),
        ("placeholder", Self::Placeholder),
        ("mention", Self::Mention),
        ("hashtag", Self::Hashtag),
        ("name", Self::Name),
        ("company", Self::Company),
    ];

    /// The control character that stands for it in the stream.
    const fn sign(self) -> char {
        self as u8 as char
    }

    /// The number of that sign in a vocabulary.
    const fn word(self) -> u32 {
        self as u32
    }

    /// Whether the token ends a sentence.
    pub const fn is_break(self) -> bool {
        matches!(self, Self::Stop | Self::Question)
    }
}

/// Properties of a token, and what stood between it and the token before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenFlags(u16);

impl TokenFlags {
    /// The word begins with a capital.
    pub const CAPITALIZED: Self = Self(1);
    /// All letters of the word (at least two) are capitals.
    pub const ALL_CAPS: Self = Self(1 << 1);
    /// A letter of another script that looks like a Latin one was folded.
    pub const LOOKALIKE: Self = Self(1 << 2);
    /// A mathematical, full-width or enclosed letter was folded.
    pub const STYLED: Self = Self(1 << 3);
    /// Digits or signs stood for letters.
    pub const LEET: Self = Self(1 << 4);
    /// The letters were written apart.
    pub const SPACED: Self = Self(1 << 5);
    /// A placeholder whose name is a known field, such as `first_name`.
    pub const KNOWN_FIELD: Self = Self(1 << 6);
    /// A line break stood before the token.
    pub const AFTER_NEWLINE: Self = Self(1 << 8);
    /// A comma stood before the token.
    pub const AFTER_COMMA: Self = Self(1 << 9);
    /// A dash stood before the token.
    pub const AFTER_DASH: Self = Self(1 << 10);
    /// A colon stood before the token.
    pub const AFTER_COLON: Self = Self(1 << 11);
    /// White space stood before the token.
    pub const AFTER_SPACE: Self = Self(1 << 12);
    /// More than one blank stood before the token.
    pub const AFTER_WIDE_SPACE: Self = Self(1 << 13);
    /// Some other sign stood before the token.
    pub const AFTER_SIGN: Self = Self(1 << 14);

    /// Whether any of `other`'s flags is set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// What stood before the token, without the token's own properties.
    const fn lead(self) -> u16 {
        self.0 & 0xff00
    }

    /// Only white space of one blank stood before the token.
    const fn plainly_spaced(self) -> bool {
        self.lead() == Self::AFTER_SPACE.0
    }

    /// The token follows without a sign, or after a hyphen.
    const fn adjoins(self) -> bool {
        self.lead() & !(Self::AFTER_SPACE.0 | Self::AFTER_DASH.0 | Self::AFTER_WIDE_SPACE.0) == 0
    }
}

/// One token of the canonical stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the text as given.
    pub span: Span,
    /// What it stands for.
    pub kind: TokenKind,
    /// Its properties.
    pub flags: TokenFlags,
    /// Offset of its first byte in the canonical stream.
    pub(crate) canon: u32,
    /// The number of its word in the vocabulary that the text was read with, or [`NO_WORD`].
    pub(crate) word: u32,
}

/// Counts gathered while a text is prepared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Letters.
    pub letters: u32,
    /// Upper-case letters.
    pub uppercase: u32,
    /// Words.
    pub words: u32,
    /// Sentences, counted by their ends.
    pub sentences: u32,
    /// Exclamation marks.
    pub exclamations: u32,
    /// Question marks.
    pub questions: u32,
    /// Emoji, counted as a reader would (a family is one).
    pub emoji: u32,
    /// Urls.
    pub links: u32,
    /// Letters of other scripts inside Latin words.
    pub lookalikes: u32,
    /// Mathematical, full-width and enclosed letters.
    pub styled: u32,
    /// Invisible characters that typing does not produce.
    pub invisible: u32,
    /// Words with digits for letters, or with their letters apart, that a phrase knows.
    pub disguised: u32,
    /// Lines with text.
    pub lines: u32,
    /// I, me, my.
    pub first_singular: u32,
    /// We, us, our.
    pub first_plural: u32,
    /// You, your.
    pub second: u32,
    /// Numbers, money, percents, durations and multiples.
    pub figures: u32,
    /// Capitalised words inside a sentence: most often names.
    pub proper: u32,
}

/// How many times [`MAX_FIELD_BYTES`] a text of `bytes` bytes has, at least once: limits of what is kept of a text grow
/// so, and are the same for all texts that are read by default.
pub(crate) fn pages(bytes: usize) -> usize {
    bytes.div_ceil(MAX_FIELD_BYTES).max(1)
}

/// How a text is to be read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'o> {
    /// What is beyond so many bytes is left out.
    pub(crate) max_bytes: usize,
    /// Salutation and sign-off are looked for.
    pub(crate) letter: bool,
    /// Bars and bullets separate, `@` stands for "at".
    pub(crate) headline: bool,
    /// The recipient's names and companies, if known.
    pub(crate) masks: Option<&'o Masks>,
    /// The numbers of words; without it, only those of which something is known have one.
    pub(crate) vocabulary: Option<&'o Vocabulary>,
    /// Disguised words of phrases are found.
    pub(crate) disguises: bool,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Self {
            max_bytes: MAX_FIELD_BYTES,
            letter: false,
            headline: false,
            masks: None,
            vocabulary: None,
            disguises: false,
        }
    }
}

/// A prepared text. The buffers are reused from text to text.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    pub(crate) stream: String,
    pub(crate) tokens: Vec<Token>,
    stats: Stats,
    votes: lang::Votes,
    /// First token after the salutation.
    opening: u32,
    /// The token (a sentence end, or the sign-off's first word) where the letter proper has ended.
    closing: u32,
    truncated: bool,
    /// In the order of their tokens.
    shapes: Vec<(u32, PlaceholderShape)>,
    /// Working space.
    buffer: String,
    tail: String,
}

impl Prepared {
    /// Reads `text` anew.
    // A function of its own, so that `benches/peers` can count it; it is called once for a text.
    #[inline(never)]
    pub(crate) fn read(&mut self, text: &str, reading: Reading<'_>) {
        self.clear();
        self.truncated = text.len() > reading.max_bytes;
        let text = within_limit(text, reading.max_bytes);
        lexer::read(text, reading, self);
        self.opening = 1;
        self.closing = self.tokens.len() as u32 - 1;
        if reading.letter {
            salutation::mark(text, self);
        }
    }

    /// Forgets the text.
    pub(crate) fn clear(&mut self) {
        self.stream.clear();
        self.tokens.clear();
        self.shapes.clear();
        self.stats = Stats::default();
        self.votes = lang::Votes::default();
        self.truncated = false;
        self.opening = 0;
        self.closing = 0;
    }

    /// The tokens in order; the first and the last are sentence ends.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The canonical word of token `i`; a class is one control character.
    pub fn word(&self, i: usize) -> &str {
        let Some(token) = self.tokens.get(i) else { return "" };
        let end = self
            .tokens
            .get(i + 1)
            .map_or(self.stream.len(), |next| next.canon as usize);
        self.stream
            .get(token.canon as usize..end.saturating_sub(1))
            .unwrap_or("")
    }

    /// What is known of token `i` as a word.
    fn traits(&self, i: usize) -> Traits {
        let token = self.tokens.get(i);
        token.map_or(Traits::default(), |token| Lexicon::get().traits(token.word))
    }

    /// Whether the word of token `i` is a value that programs write where there is none.
    pub(crate) fn is_junk(&self, i: usize) -> bool {
        self.traits(i).has(Traits::JUNK)
    }

    /// Whether any placeholder is there.
    pub(crate) fn has_placeholders(&self) -> bool {
        !self.shapes.is_empty()
    }

    /// The counts.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The language the function words speak for.
    pub fn lang(&self) -> Lang {
        self.votes.winner(&self.stats)
    }

    /// Index of the first token after the salutation.
    pub fn opening(&self) -> usize {
        self.opening as usize
    }

    /// Index of the token at which the sign-off begins, or of the final sentence end.
    pub fn closing(&self) -> usize {
        self.closing as usize
    }

    /// Whether the text is longer than what is read of one, and was cut.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// The shape of the placeholder at token `i`.
    pub fn placeholder(&self, i: usize) -> Option<PlaceholderShape> {
        let at = self.shapes.binary_search_by_key(&i, |(at, _)| *at as usize).ok()?;
        self.shapes.get(at).map(|(_, shape)| *shape)
    }

    /// The canonical stream, with sentence ends and classes as control characters.
    pub fn canonical(&self) -> &str {
        &self.stream
    }
}

#[cfg(test)]
mod tests;
