//! The sketch of a text: a set of masked word pairs and words, small enough to keep millions of.

use std::collections::HashSet;

use super::hash::{Keys, Seed};
use super::{common, stock};
use crate::text::{Lang, Prepared, Reading, Token, TokenFlags, TokenKind};

/// Terms that a sketch keeps. A note of 300 characters has about fifty words, of which greeting, sign-off, stock
/// sentences and what common words make up are left out: nearly every note fits, and its similarity is exact.
pub(super) const KEPT: usize = 66;

/// Bits of a term's hash. Three fill a word of 64 bits, and of two sketches that share nothing, one in 500 seems to share
/// one term.
pub(super) const BITS: u32 = 21;

/// Fewer different terms than this are alike by chance: no sketch.
const FEWEST_TERMS: usize = 12;

/// Fewer content words than this say nothing of one's own: no sketch.
const FEWEST_CONTENT: usize = 6;

/// A signed letter has few capitals inside its sentences; Title Case Texts have them all, and are not masked.
const CAPITALS_OF_TEN: usize = 4;

/// The set of masked word pairs and content words (its *terms*) of one text: of fixed size, without any of the text.
///
/// Made by a [`Sketcher`]; comparable only with sketches of the same seed.
#[derive(Clone, Copy)]
pub struct Sketch {
    /// The smallest hashes of the terms, in rising order.
    hashes: [u32; KEPT],
    kept: u8,
    /// How many different terms there are.
    terms: u16,
    skeleton: u64,
}

impl Sketch {
    /// How alike the sets of terms are, in thousandths: 0 nothing shared, 1000 equal (Jaccard's index).
    ///
    /// Exact for texts of at most 66 terms, which is nearly every note. For longer ones it is estimated from the 66
    /// smallest hashes of the union (Broder, *On the resemblance and containment of documents*, 1997).
    pub fn similarity(&self, other: &Self) -> u32 {
        similarity(self.view(), other.view()).0
    }

    /// Different terms in the text: masked word pairs and content words.
    pub fn terms(&self) -> usize {
        usize::from(self.terms)
    }

    /// The hash of the text with names, companies, numbers and links masked: equal for exact copies of a template.
    pub fn skeleton(&self) -> u64 {
        self.skeleton
    }

    pub(super) fn view(&self) -> View<'_> {
        View {
            hashes: &self.hashes[..usize::from(self.kept).min(KEPT)],
            terms: usize::from(self.terms),
        }
    }

    pub(super) fn hashes(&self) -> &[u32; KEPT] {
        &self.hashes
    }

    /// From the parts of a stored one, if they fit together.
    pub(super) fn from_parts(hashes: [u32; KEPT], terms: u16, skeleton: u64) -> Option<Self> {
        let kept = usize::from(terms).min(KEPT);
        let rising = hashes[..kept].windows(2).all(|w| w[0] < w[1]);
        (kept > 0 && rising).then_some(Self {
            hashes,
            kept: kept as u8,
            terms,
            skeleton,
        })
    }
}

impl std::fmt::Debug for Sketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sketch")
            .field("terms", &self.terms)
            .finish_non_exhaustive()
    }
}

/// What a comparison needs of a sketch.
#[derive(Clone, Copy)]
pub(super) struct View<'s> {
    pub(super) hashes: &'s [u32],
    pub(super) terms: usize,
}

/// Jaccard's index in thousandths, and how many kept hashes are shared.
pub(super) fn similarity(a: View<'_>, b: View<'_>) -> (u32, u32) {
    // If both are whole, so is the union; else only the smallest of it are known in both.
    let whole = a.terms == a.hashes.len() && b.terms == b.hashes.len();
    let limit = if whole { usize::MAX } else { KEPT };
    let (mut i, mut j, mut union, mut shared) = (0, 0, 0usize, 0u32);
    while union < limit {
        let (Some(&x), Some(&y)) = (a.hashes.get(i), b.hashes.get(j)) else {
            break;
        };
        // Without branches: which of the two is smaller cannot be foreseen.
        i += usize::from(x <= y);
        j += usize::from(y <= x);
        shared += u32::from(x == y);
        union += 1;
    }
    let rest = (a.hashes.len() - i) + (b.hashes.len() - j);
    union = (union + rest).min(limit);
    if union == 0 {
        return (0, 0);
    }
    ((u64::from(shared) * 1000 / union as u64) as u32, shared)
}

/// Makes sketches; one serves all threads.
///
/// ```
/// use huckster::campaign::{Seed, Sketcher};
/// let sketcher = Sketcher::new(Seed::new(1));
/// let of = |text: &str| sketcher.text(text).unwrap();
/// let ana = of("Hi Ana, we plan night shifts for clinics such as Northgate and cut agency spend in 30 days. Worth a look?");
/// let tom = of("Hi Tom, we plan night shifts for clinics such as Calder and cut agency spend in 60 days. Worth a look?");
/// assert_eq!(ana.similarity(&tom), 1000);
/// assert!(sketcher.text("I'd like to add you to my professional network on LinkedIn.").is_none());
/// ```
#[derive(Clone)]
pub struct Sketcher {
    seed: Seed,
    pub(super) keys: Keys,
    common: Common,
    stock: HashSet<u64>,
    longest_stock: usize,
}

impl std::fmt::Debug for Sketcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sketcher").finish_non_exhaustive()
    }
}

impl Sketcher {
    /// A sketcher whose sketches fit indexes of the same seed.
    pub fn new(seed: Seed) -> Self {
        let keys = Keys::new(seed);
        let mut stock = HashSet::new();
        let mut longest_stock = 0;
        stock::sentences(|sentence| {
            let words = (0..sentence.tokens().len()).filter(|i| !sentence.tokens()[*i].kind.is_break());
            let hashes: Vec<u64> = words.map(|i| keys.of_word(sentence.word(i).as_bytes())).collect();
            longest_stock = longest_stock.max(hashes.len());
            stock.insert(hashes.iter().fold(0, |sum, w| keys.of_pair(sum, *w)));
        });
        Self {
            seed,
            keys,
            common: Common::new(&keys),
            stock,
            longest_stock,
        }
    }

    /// The seed.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The sketch of a text that is not prepared yet; the name in the salutation is masked, the recipient's companies are
    /// not known.
    pub fn text(&self, text: &str) -> Option<Sketch> {
        let mut prepared = Prepared::default();
        prepared.read(
            text,
            Reading {
                letter: true,
                ..Reading::default()
            },
        );
        self.sketch(&prepared)
    }

    /// The sketch of a prepared text, from its canonical stream.
    ///
    /// `None` if the text has nothing of its own that could be copied: fewer than twelve terms, fewer than six content
    /// words, or nothing but LinkedIn's stock sentences.
    ///
    /// Left out are salutation and sign-off, stock sentences, and pairs of two words that any note may hold. Pairs do not
    /// span sentences, so their order does not matter. Capitalised words inside a sentence count as names, other than in
    /// German, where every noun has a capital.
    pub fn sketch(&self, text: &Prepared) -> Option<Sketch> {
        let tokens = text.tokens();
        let (from, to) = (text.opening().max(1), text.closing().min(tokens.len()));
        let letter = tokens.get(from..to)?;
        let masks = text.lang() != Lang::De && !is_title_case(letter);
        let mut terms = [0u32; MOST_TERMS];
        let mut count = 0;
        let mut content = 0;
        let mut skeleton = self.keys.pair[0];
        let mut at = from;
        while at < to {
            if tokens[at].kind.is_break() {
                at += 1;
                continue;
            }
            let length = tokens[at..to].iter().take_while(|t| !t.kind.is_break()).count();
            let sentence = at..at + length;
            at += length;
            if self.is_stock(text, sentence.clone()) {
                continue;
            }
            let mut before: Option<(u64, bool)> = None;
            for i in sentence {
                let token = tokens[i];
                let word = text.word(i);
                let name = token.kind == TokenKind::Name
                    || token.kind == TokenKind::Company
                    || (masks && before.is_some() && is_capitalised(token) && !is_not_a_name(word));
                let (hash, common) = if name {
                    (self.keys.pair[1], true)
                } else {
                    let hash = self.keys.of_word(word.as_bytes());
                    (hash, self.common.contains(hash) || is_filled_slot(token.kind))
                };
                // "at Calder Rail" is one slot, as "at Calder" is.
                if name && before.is_some_and(|(hash, _)| hash == self.keys.pair[1]) {
                    continue;
                }
                content += usize::from(!common);
                let mut add = |hash: u64| {
                    if let Some(place) = terms.get_mut(count) {
                        *place = (hash >> (64 - BITS)) as u32;
                        count += 1;
                    }
                };
                if !common {
                    add(hash);
                }
                skeleton = self.keys.of_pair(skeleton, hash);
                if let Some((first, first_common)) = before
                    && !(common && first_common)
                {
                    add(self.keys.of_pair(first, hash));
                }
                before = Some((hash, common));
            }
        }
        if content < FEWEST_CONTENT {
            return None;
        }
        let terms = &mut terms[..count];
        terms.sort_unstable();
        let mut hashes = [0; KEPT];
        let mut different = 0usize;
        let mut last = None;
        for &term in terms.iter() {
            if last != Some(term) {
                if let Some(place) = hashes.get_mut(different) {
                    *place = term;
                }
                different += 1;
                last = Some(term);
            }
        }
        (different >= FEWEST_TERMS).then_some(Sketch {
            hashes,
            kept: different.min(KEPT) as u8,
            terms: different as u16,
            skeleton,
        })
    }

    /// Whether a sentence is LinkedIn's, perhaps with the sender's name after it.
    fn is_stock(&self, text: &Prepared, sentence: std::ops::Range<usize>) -> bool {
        const NAME: usize = 3;
        if sentence.len() > self.longest_stock + NAME {
            return false;
        }
        let mut sum = 0;
        let length = sentence.len();
        for (n, i) in sentence.enumerate() {
            sum = self.keys.of_pair(sum, self.keys.of_word(text.word(i).as_bytes()));
            if length - n - 1 <= NAME && self.stock.contains(&sum) {
                return true;
            }
        }
        false
    }
}

/// Terms of one text that are looked at; those after them are left out.
const MOST_TERMS: usize = 1024;

fn is_capitalised(token: Token) -> bool {
    token.kind == TokenKind::Word && token.flags.has(TokenFlags::CAPITALIZED)
}

/// Capitals that English writes in words which are no names.
fn is_not_a_name(word: &str) -> bool {
    matches!(word, "i" | "linkedin")
}

/// Classes that stand for what a template fills in.
fn is_filled_slot(kind: TokenKind) -> bool {
    !matches!(kind, TokenKind::Word)
}

fn is_title_case(letter: &[Token]) -> bool {
    let (mut words, mut capitals) = (0, 0);
    let mut inside = false;
    for token in letter {
        if token.kind == TokenKind::Word && inside {
            words += 1;
            capitals += usize::from(token.flags.has(TokenFlags::CAPITALIZED));
        }
        inside = !token.kind.is_break();
    }
    capitals * 10 > words * CAPITALS_OF_TEN
}

/// The common words, by hash.
#[derive(Clone)]
struct Common(Box<[u64]>);

impl Common {
    const PLACES: usize = 2048;

    fn new(keys: &Keys) -> Self {
        let mut places = vec![0; Self::PLACES];
        for word in common::words() {
            let hash = keys.of_word(word.as_bytes());
            let mut at = hash as usize % Self::PLACES;
            while places[at] != 0 && places[at] != hash {
                at = (at + 1) % Self::PLACES;
            }
            places[at] = hash;
        }
        Self(places.into())
    }

    fn contains(&self, hash: u64) -> bool {
        let mut at = hash as usize % Self::PLACES;
        // At most half of the places are taken, so an empty one comes soon.
        while let Some(&place) = self.0.get(at) {
            if place == hash {
                return true;
            }
            if place == 0 {
                return false;
            }
            at = (at + 1) % Self::PLACES;
        }
        false
    }
}
