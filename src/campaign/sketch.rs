//! The sketch of a text: a set of masked word pairs and words, small enough to keep millions of.

use std::collections::HashSet;

use super::hash::{Keys, Seed};
use super::{common, stock};
use crate::text::{Lang, Prepared, Reading, Token, TokenFlags, TokenKind};

/// Terms that a sketch keeps. A note of 300 characters has about fifty words, of which greeting, sign-off and stock
/// sentences are left out, and pairs of common words come last: nearly every note fits, and its similarity is exact.
pub(super) const KEPT: usize = 66;

/// Bits of a term's hash. Three fill a word of 64 bits, and of 360 pairs of sketches that share nothing, one seems to share
/// one term.
pub(super) const BITS: u32 = 21;

/// From this hash on terms are plain: pairs of two words that any note may hold. They have the quarter at the top, so that
/// they come after all others and are the first that a sketch has no room for.
const PLAIN: u32 = 3 << (BITS - 2);

/// A text has a sketch if it has so many different terms of its own and so many content words.
const FEWEST_OWN: usize = 12;
const FEWEST_CONTENT: usize = 6;

/// It has one too if it has so many different terms, plain ones included, and a few content words: then it can be recognised
/// word for word. What is shorter is equal by chance.
const FEWEST_TERMS: usize = 20;
const FEWEST_CONTENT_WITH_PLAIN: usize = 3;

/// Two texts of so many terms of their own are compared by these alone.
const OWN_TERMS: usize = 16;

/// Terms of their own that they must share, whatever their similarity: with fewer, chance and courtesy suffice.
const SHARED: u32 = 8;

/// Where plain terms count too, so many must be shared, half as many of their own as else, and in thousandths so much must be
/// alike: two notes of the same courtesies are seldom alike in half of their terms.
const SHARED_WITH_PLAIN: u32 = 12;
const SHARED_OWN_WITH_PLAIN: u32 = SHARED / 2;
const SIMILAR_WITH_PLAIN: u32 = 450;

/// A signed letter has few capitals inside its sentences; Title Case Texts have them all, and are not masked.
const CAPITALS_OF_TEN: usize = 4;

/// The set of masked word pairs and content words (its *terms*) of one text: of fixed size, without any of the text.
///
/// Pairs of two words that any note may hold are *plain* terms: kept as far as there is room, for texts that have little else.
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
    /// Of two texts with at least sixteen terms besides pairs of common words, these pairs are left out; of shorter ones
    /// they count. Exact for texts of at most 66 terms, which is nearly every note. For longer ones it is estimated from the
    /// 66 smallest hashes of the union (Broder, *On the resemblance and containment of documents*, 1997).
    pub fn similarity(&self, other: &Self) -> u32 {
        let (a, b) = (self.view(), other.view());
        let overlap = if a.has_enough_of_its_own() && b.has_enough_of_its_own() {
            own(a, b)
        } else {
            all(a, b).unwrap_or_else(|| own(a, b))
        };
        overlap.thousandths()
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

impl<'s> View<'s> {
    /// The terms that are not plain, and those that are.
    fn parts(self) -> (&'s [u32], &'s [u32]) {
        self.hashes.split_at(self.hashes.partition_point(|hash| *hash < PLAIN))
    }

    fn is_whole(self) -> bool {
        self.terms == self.hashes.len()
    }

    fn has_enough_of_its_own(self) -> bool {
        // They come first, so that the sixteenth tells.
        self.hashes.get(OWN_TERMS - 1).is_some_and(|hash| *hash < PLAIN)
    }
}

/// What two sets have in common, and what there is in both together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Overlap {
    shared: u32,
    union: u32,
}

impl Overlap {
    /// Of two lists in rising order, or of the smallest of their union.
    fn of(a: &[u32], b: &[u32], limit: usize) -> Self {
        let (mut i, mut j, mut union, mut shared) = (0, 0, 0usize, 0u32);
        while union < limit {
            let (Some(&x), Some(&y)) = (a.get(i), b.get(j)) else {
                break;
            };
            // Without branches: which of the two is smaller cannot be foreseen.
            i += usize::from(x <= y);
            j += usize::from(y <= x);
            shared += u32::from(x == y);
            union += 1;
        }
        let rest = (a.len() - i) + (b.len() - j);
        let union = (union + rest).min(limit) as u32;
        Self { shared, union }
    }

    fn thousandths(self) -> u32 {
        (self.shared * 1000).checked_div(self.union).unwrap_or(0)
    }
}

/// What two texts share of their own terms.
fn own(a: View<'_>, b: View<'_>) -> Overlap {
    let ((own_a, plain_a), (own_b, plain_b)) = (a.parts(), b.parts());
    // A plain term is kept only if all others are. If both are whole, so is the union; else only the smallest of it are known
    // in both.
    let whole = (a.is_whole() || !plain_a.is_empty()) && (b.is_whole() || !plain_b.is_empty());
    Overlap::of(own_a, own_b, if whole { usize::MAX } else { KEPT })
}

/// What two texts share of all terms, if all are kept: those of longer texts have enough of their own.
fn all(a: View<'_>, b: View<'_>) -> Option<Overlap> {
    (a.is_whole() && b.is_whole()).then(|| Overlap::of(a.hashes, b.hashes, usize::MAX))
}

/// How alike two texts are, in thousandths, if that is enough to take them for copies.
///
/// Either their own terms are alike, or they are alike word for word. A short template has few terms of its own, and every
/// slot takes three of these, so that copies have little left in common but the order of common words. Those are many, and
/// what is left of the template is then a greater part of all terms than two honest notes share.
pub(super) fn copies(a: View<'_>, b: View<'_>, similar: u32) -> Option<u32> {
    let own = own(a, b);
    let by_own = own.thousandths();
    if own.shared >= SHARED && by_own >= similar && a.has_enough_of_its_own() && b.has_enough_of_its_own() {
        return Some(by_own);
    }
    // Most candidates are no copies and share too little to look further.
    if own.shared < SHARED_OWN_WITH_PLAIN {
        return None;
    }
    let all = all(a, b)?;
    let by_all = all.thousandths();
    (all.shared >= SHARED_WITH_PLAIN && by_all >= similar.max(SIMILAR_WITH_PLAIN)).then_some(by_all)
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
    /// `None` if the text is too short to tell a copy from chance, or is nothing but LinkedIn's stock sentences. It needs
    /// twelve terms besides pairs of common words, six of them content words; or twenty terms with such pairs, three of them
    /// content words.
    ///
    /// Left out are salutation and sign-off, and stock sentences. Pairs do not span sentences, so their order does not
    /// matter. Capitalised words inside a sentence count as names, other than in
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
                let mut add = |hash: u64, plain: bool| {
                    if let Some(place) = terms.get_mut(count) {
                        *place = term(hash, plain);
                        count += 1;
                    }
                };
                if !common {
                    add(hash, false);
                }
                skeleton = self.keys.of_pair(skeleton, hash);
                if let Some((first, first_common)) = before {
                    add(self.keys.of_pair(first, hash), common && first_common);
                }
                before = Some((hash, common));
            }
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
        let own = hashes[..different.min(KEPT)].partition_point(|hash| *hash < PLAIN);
        let enough = (own >= FEWEST_OWN && content >= FEWEST_CONTENT)
            || (different >= FEWEST_TERMS && content >= FEWEST_CONTENT_WITH_PLAIN);
        enough.then_some(Sketch {
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

/// The hash that stands for a term.
fn term(hash: u64, plain: bool) -> u32 {
    let (from, to) = if plain { (PLAIN, 1 << BITS) } else { (0, PLAIN) };
    from + (((hash >> 32) * u64::from(to - from)) >> 32) as u32
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::campaign::hash::mix;

    /// A set of so many terms, of which the `plain` last ones are plain, drawn from as small a range as `of`.
    fn drawn(own: usize, plain: usize, of: u64, random: &mut u64) -> BTreeSet<u32> {
        let mut next = || {
            *random = mix(*random);
            (*random % of) as u32
        };
        let mut terms = BTreeSet::new();
        while terms.len() < own {
            terms.insert(next());
        }
        while terms.len() < own + plain {
            terms.insert(PLAIN + next());
        }
        terms
    }

    fn kept(terms: &BTreeSet<u32>) -> Sketch {
        let mut hashes = [0; KEPT];
        for (place, hash) in hashes.iter_mut().zip(terms) {
            *place = *hash;
        }
        Sketch::from_parts(hashes, terms.len() as u16, 0).unwrap()
    }

    /// The rule in plain words, on sets that are kept whole.
    fn are_copies(a: &BTreeSet<u32>, b: &BTreeSet<u32>, similar: u32) -> Option<u32> {
        let own = |set: &BTreeSet<u32>| -> BTreeSet<u32> { set.iter().copied().filter(|h| *h < PLAIN).collect() };
        let thousandths = |a: &BTreeSet<u32>, b: &BTreeSet<u32>| {
            (a.intersection(b).count() * 1000 / a.union(b).count().max(1)) as u32
        };
        let (own_a, own_b) = (own(a), own(b));
        let shared_own = own_a.intersection(&own_b).count();
        let by_own = thousandths(&own_a, &own_b);
        let by_all = thousandths(a, b);
        if own_a.len() >= 16 && own_b.len() >= 16 && shared_own >= 8 && by_own >= similar {
            Some(by_own)
        } else if shared_own >= 4 && a.intersection(b).count() >= 12 && by_all >= similar.max(450) {
            Some(by_all)
        } else {
            None
        }
    }

    #[test]
    fn the_rule_for_copies_is_what_it_says() {
        let mut random = 1;
        let (mut by_own, mut by_all, mut none) = (0, 0, 0);
        for round in 0..20_000u64 {
            let mut next = |n: u64| {
                random = mix(random);
                random % n
            };
            let (own_a, own_b) = (next(33) as usize, next(33) as usize);
            let (plain_a, plain_b) = (1 + next(32) as usize, 1 + next(32) as usize);
            // The smaller the range, the more is shared.
            let of = 33 + next(12);
            let (a, b) = (
                drawn(own_a, plain_a, of, &mut random),
                drawn(own_b, plain_b, of, &mut random),
            );
            let similar = [150, 260, 600][round as usize % 3];
            let found = copies(kept(&a).view(), kept(&b).view(), similar);
            assert_eq!(found, are_copies(&a, &b, similar), "{a:?} {b:?}");
            assert_eq!(found, copies(kept(&b).view(), kept(&a).view(), similar));
            match found {
                None => none += 1,
                Some(_) if own_a.min(own_b) >= OWN_TERMS => by_own += 1,
                Some(_) => by_all += 1,
            }
        }
        assert!(by_own > 100 && by_all > 100 && none > 100, "{by_own} {by_all} {none}");
    }

    #[test]
    fn plain_terms_are_the_first_that_a_long_text_has_no_room_for() {
        let mut random = 2;
        let a = drawn(40, 60, 1000, &mut random);
        let b = drawn(60, 60, 1000, &mut random);
        let (a, b) = (kept(&a), kept(&b));
        assert_eq!((a.view().parts().0.len(), b.view().parts().0.len()), (40, 60));
        // What they have of their own is whole, so its similarity is exact, and there is no other.
        let (of_a, of_b): (BTreeSet<&u32>, BTreeSet<&u32>) =
            (a.view().parts().0.iter().collect(), b.view().parts().0.iter().collect());
        let exact = Overlap {
            shared: of_a.intersection(&of_b).count() as u32,
            union: of_a.union(&of_b).count() as u32,
        };
        assert!(exact.union > KEPT as u32);
        assert_eq!(own(a.view(), b.view()), exact);
        assert_eq!(all(a.view(), b.view()), None);
    }

    #[test]
    fn a_hash_tells_whether_its_term_is_plain() {
        for hash in [0, 1, 1 << 63, u64::MAX] {
            assert!(term(hash, false) < PLAIN);
            assert!((PLAIN..1 << BITS).contains(&term(hash, true)));
        }
    }
}
