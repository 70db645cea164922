//! Sequences of canonical tokens: what the learned detector `wording` sees of a text.
//!
//! A text is read as *symbols*: a word, a class such as `{number}`, a sentence end, or `{proper}` for a word that is
//! capitalised inside a sentence, which is most often a name. Names, companies, numbers and links are therefore never
//! told apart from each other. Sequences of symbols are what a [`WordingModel`] has weights for:
//!
//! | written | is |
//! | --- | --- |
//! | `help` | one symbol |
//! | `we help`, `call ?` | two neighbours |
//! | `would be open` | three neighbours |
//! | `we _ you` | two symbols of a sentence with one or two between them |
//! | `^ congrats` | a symbol of the first sentence |
//! | `$ chat` | a symbol of the last sentence, if it is not the first |

mod model;

#[cfg(any(feature = "eval", feature = "builtin"))]
pub(crate) use self::model::ModelParts;
pub(crate) use self::model::Numbered;
#[cfg(feature = "eval")]
pub(crate) use self::model::{MAX_SEQUENCES, MAX_WEIGHT, text_of};
pub use self::model::{WordingError, WordingModel};
use crate::text::{Prepared, Quotes, TokenFlags, TokenKind};

/// What the tokeniser makes of a few texts, hashed: a model made with other tokens is refused.
///
/// A test compares it with what the tokeniser does today. If the test fails, put the value it names here and train the
/// embedded model again.
pub(crate) const TOKENISER: &str = "2cf137384ed18610";

/// The number of a symbol. Classes have those of [`TokenKind`], words begin at [`FIRST_WORD`].
pub(crate) type Symbol = u32;

/// A word that nobody asked for: part of no sequence.
pub(crate) const UNKNOWN: Symbol = 0;
/// Sentence end without a question mark.
const STOP: Symbol = TokenKind::Stop as Symbol;
/// Sentence end with a question mark.
const QUESTION: Symbol = TokenKind::Question as Symbol;
/// A capitalised word inside a sentence, or the recipient's company.
const PROPER: Symbol = TokenKind::Company as Symbol;
/// Words are numbered from here.
pub(crate) const FIRST_WORD: Symbol = 32;
/// Symbols are numbered below this, so that three fit into a key.
pub(crate) const SYMBOL_LIMIT: Symbol = 1 << 20;

/// Words that are capitalised inside a sentence and are no names: "I", and the polite forms of German and Dutch.
const NEVER_PROPER: [&str; 11] = [
    "i", "sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer", "ihres", "u", "uw",
];

/// The kinds of sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Shape {
    Single = 1,
    Pair = 2,
    Triple = 3,
    Gap = 4,
    Opening = 5,
    Ending = 6,
}

impl Shape {
    const ALL: [Self; 6] = [
        Self::Single,
        Self::Pair,
        Self::Triple,
        Self::Gap,
        Self::Opening,
        Self::Ending,
    ];

    /// One bit for each.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A sequence as one number: its shape and up to three symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(pub(crate) u64);

impl Key {
    pub(crate) fn new(shape: Shape, symbols: [Symbol; 3]) -> Self {
        let [a, b, c] = symbols.map(u64::from);
        Self((shape as u64) << 60 | a << 40 | b << 20 | c)
    }

    pub(crate) fn shape(self) -> Option<Shape> {
        Shape::ALL.into_iter().find(|s| *s as u64 == self.0 >> 60)
    }

    pub(crate) fn symbols(self) -> [Symbol; 3] {
        [40, 20, 0].map(|shift| (self.0 >> shift & u64::from(SYMBOL_LIMIT - 1)) as Symbol)
    }
}

/// Numbers words, and knows what may begin with a symbol.
pub(crate) trait Lexicon {
    /// The number of the word that a token is, or [`UNKNOWN`].
    fn symbol(&self, text: &Prepared, token: usize) -> Symbol;

    /// The shapes that some sequence beginning with the symbol has, as [`Shape::bit`]s.
    fn shapes(&self, symbol: Symbol) -> u8;

    /// Whether anybody may ask for a sequence; of others nothing is told.
    fn may_know(&self, key: Key) -> bool;
}

/// Tells `found` every sequence of a text that the lexicon may know with its first and last token, in the order of the last tokens. Quoted
/// passages are left out.
pub(crate) fn sequences(
    text: &Prepared,
    quotes: &Quotes,
    lexicon: &impl Lexicon,
    mut found: impl FnMut(Key, usize, usize),
) {
    let tokens = text.tokens();
    let Some(last) = tokens.iter().rposition(|t| !t.kind.is_break()) else {
        return;
    };
    let last_sentence = tokens[..last]
        .iter()
        .rposition(|t| t.kind.is_break())
        .map_or(0, |i| i + 1);
    let first_end = tokens
        .iter()
        .skip_while(|t| t.kind.is_break())
        .position(|t| t.kind.is_break())
        .map_or(tokens.len(), |n| {
            n + tokens.iter().take_while(|t| t.kind.is_break()).count()
        });

    // The symbols before, the nearest first: number, token, and the shapes that may begin there.
    let mut before = [(UNKNOWN, 0, 0u8); 3];
    let has = |shapes: u8, shape: Shape| shapes & shape.bit() != 0;
    let mut tell = |shape: Shape, symbols: [Symbol; 3], first: usize, last: usize| {
        let key = Key::new(shape, symbols);
        if lexicon.may_know(key) {
            found(key, first, last);
        }
    };
    let any_quoted = !quotes.is_empty();
    let mut starts = true;
    for (i, token) in tokens.iter().enumerate() {
        let is_break = token.kind.is_break();
        let is_first = std::mem::replace(&mut starts, is_break);
        let symbol = if any_quoted && quotes.cover(token.span) {
            UNKNOWN
        } else {
            match token.kind {
                TokenKind::Word => {
                    let capital = !is_first && token.flags.has(TokenFlags::CAPITALIZED);
                    if capital && !NEVER_PROPER.contains(&text.word(i)) {
                        PROPER
                    } else {
                        lexicon.symbol(text, i)
                    }
                }
                kind => kind as Symbol,
            }
        };
        // "Acme" and "Acme Tooling Works" are both one name; "!!!" is one end.
        if symbol == before[0].0 && symbol < FIRST_WORD && symbol != UNKNOWN {
            continue;
        }
        let shapes = lexicon.shapes(symbol);
        let [(p, pi, p_shapes), (q, qi, q_shapes), (r, ri, r_shapes)] = before;
        if symbol != UNKNOWN {
            if has(shapes, Shape::Single) {
                tell(Shape::Single, [symbol, 0, 0], i, i);
            }
            if has(shapes, Shape::Opening) && i < first_end && !is_break {
                tell(Shape::Opening, [symbol, 0, 0], i, i);
            }
            if has(shapes, Shape::Ending) && i >= last_sentence && i >= first_end && !is_break {
                tell(Shape::Ending, [symbol, 0, 0], i, i);
            }
            if has(p_shapes, Shape::Pair) {
                tell(Shape::Pair, [p, symbol, 0], pi, i);
            }
            if has(q_shapes, Shape::Triple) && p != UNKNOWN {
                tell(Shape::Triple, [q, p, symbol], qi, i);
            }
            // Gaps stay inside a sentence.
            let ends = |s: Symbol| s == STOP || s == QUESTION;
            if !is_break && !ends(p) && !ends(q) {
                if has(q_shapes, Shape::Gap) {
                    tell(Shape::Gap, [q, symbol, 0], qi, i);
                }
                if has(r_shapes, Shape::Gap) && !ends(r) {
                    tell(Shape::Gap, [r, symbol, 0], ri, i);
                }
            }
        }
        before = [(symbol, i, shapes), before[0], before[1]];
    }
}

#[cfg(test)]
mod tests;
