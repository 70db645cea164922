//! One search for the phrases of all detectors.
//!
//! A phrase is a chain of *parts*: runs of literal tokens, or word lists. Each part is an *atom*; each way to write an
//! atom is one *pattern*, a sequence of words by number. All patterns are found in one walk over the words of a text
//! (`trie.rs`). Most patterns found belong to no phrase that is there: each phrase hangs on its rarest atom, and is
//! looked at only where a pattern of that atom has, on both sides and near enough, something that may be a pattern of
//! its neighbours. Then it is put together from the places around, in time linear in them.

mod common;
mod compile;
#[cfg(feature = "builtin")]
mod stored;
mod trie;
mod windows;

use self::trie::{Found, Trie, bit};
use self::windows::{ANYTHING, Around, BREAK, Masks};
use crate::phrase::{PhraseError, WordLists};
use crate::span::{Field, FieldSet, Span};
use crate::text::{Lang, NO_WORD, Prepared, Vocabulary};

/// A phrase to compile, with its owner.
pub(crate) struct Entry<'p> {
    pub(crate) detector: u16,
    /// Index in the detector's table of phrases.
    pub(crate) phrase: u32,
    pub(crate) text: &'p str,
    pub(crate) lists: Option<&'p WordLists>,
    pub(crate) fields: FieldSet,
    pub(crate) lang: Option<Lang>,
}

/// One place where a phrase was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub(crate) detector: u16,
    /// The field.
    pub field: Field,
    /// Where in the field.
    pub span: Span,
    pub(crate) phrase: u32,
}

impl Hit {
    /// Index of the phrase in the detector's table.
    pub fn phrase(&self) -> usize {
        self.phrase as usize
    }
}

/// A phrase of a scorer that does not compile.
#[derive(Debug)]
pub(crate) struct MatcherError {
    pub(crate) detector: u16,
    pub(crate) phrase: u32,
    pub(crate) error: PhraseError,
}

const NONE: u32 = u32::MAX;

/// A part of a phrase.
#[derive(Clone, Copy, Debug)]
struct Part {
    atom: u32,
    /// Words allowed between the part before and this one.
    gap: u8,
}

/// An atom: the patterns it can be written as.
#[derive(Clone, Copy, Debug)]
struct Atom {
    /// A bit for the first word of each of its patterns, see [`bit`].
    first_words: u64,
    /// A bit for each of its patterns.
    bits: u64,
    /// Its pattern if it has only one, or `NONE`.
    only: u32,
    /// The first in `Matcher::atom_patterns`; they end where those of the next atom begin.
    patterns: u32,
    /// Words of its longest pattern.
    widest: u32,
}

/// A chain, hung on its rarest atom.
#[derive(Clone, Copy, Debug)]
struct Hook {
    /// Bits of the words that may end before the atom, and of those that may begin after it; [`ANYTHING`] where nothing
    /// must.
    before: u64,
    after: u64,
    voice: u16,
    gap_before: u8,
    gap_after: u8,
}

/// The chains that hang on one atom, as a range in `Matcher::hooks`.
#[derive(Clone, Copy, Debug)]
struct Hooked {
    from: u32,
    to: u32,
}

/// One alternative of a phrase.
#[derive(Clone, Copy, Debug)]
struct Chain {
    owner: u32,
    /// Range in `Matcher::parts`.
    parts: (u32, u32),
    /// Which of all parts is its rarest atom.
    key: u32,
    /// With `^`: the words allowed before the chain.
    start: Option<u8>,
    /// With `$`: the words allowed after it.
    end: Option<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Owner {
    detector: u16,
    phrase: u32,
}

/// Where and in which language phrases speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Voice {
    fields: FieldSet,
    lang: Option<Lang>,
}

/// The compiled phrases.
#[derive(Debug)]
pub(crate) struct Matcher {
    vocabulary: Vocabulary,
    trie: Trie,
    patterns: usize,
    /// One more than there are.
    atoms: Vec<Atom>,
    /// The patterns of each atom, in order.
    atom_patterns: Vec<u32>,
    /// The atoms of pattern `p` on which chains hang are `hooked[hooked_at[p]..hooked_at[p + 1]]`.
    hooked_at: Vec<u32>,
    hooked: Vec<Hooked>,
    hooks: Vec<Hook>,
    /// The chains in the order of their hooks.
    chains: Vec<Chain>,
    parts: Vec<Part>,
    owners: Vec<Owner>,
    voices: Vec<Voice>,
}

/// Working space of a search.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    /// Which voices speak in this field.
    speaks: Vec<bool>,
    seen: Seen,
    /// Chains of several parts that were found.
    strung: Vec<Strung>,
    reach: Reach,
}

/// The tokens before which parts of a chain can end, or at which they can begin.
#[derive(Clone, Debug, Default)]
struct Reach {
    at: Vec<u32>,
    next: Vec<u32>,
}

impl Reach {
    fn start(&mut self, at: u32) {
        self.at.clear();
        self.at.push(at);
    }

    /// Goes from each token to those that `step` adds.
    fn advance(&mut self, mut step: impl FnMut(u32, &mut Vec<u32>)) {
        self.next.clear();
        for at in &self.at {
            step(*at, &mut self.next);
        }
        if self.next.len() > 1 {
            self.next.sort_unstable();
            self.next.dedup();
        }
        std::mem::swap(&mut self.at, &mut self.next);
    }
}

/// The patterns in a text.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// All patterns found, by start.
    found: Vec<Found>,
    /// For each token: the first in `found` of those that begin at it or later.
    from: Vec<u32>,
    /// The bit of each word, and [`BREAK`] where a sentence ends.
    bits: Masks,
}

impl Seen {
    /// The patterns that begin at a token.
    fn starting(&self, token: usize) -> &[Found] {
        &self.found[self.from[token] as usize..self.from[token + 1] as usize]
    }
}

/// A chain found at tokens `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Strung {
    chain: u32,
    end: u32,
    start: u32,
}

/// One text in which phrases are looked for.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t Prepared,
    field: Field,
}

impl Matcher {
    /// Compiles the phrases.
    ///
    /// # Errors
    ///
    /// The first phrase that is wrong.
    pub(crate) fn new<'p>(entries: impl Iterator<Item = Entry<'p>>) -> Result<Self, MatcherError> {
        let mut build = compile::Builder::default();
        for entry in entries {
            build.add(&entry).map_err(|error| MatcherError {
                detector: entry.detector,
                phrase: entry.phrase,
                error,
            })?;
        }
        Ok(build.finish())
    }

    /// The numbers of words. A text has to be read with it before phrases can be found there.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The same, for whoever asks for words that no phrase holds.
    pub(crate) fn vocabulary_mut(&mut self) -> &mut Vocabulary {
        &mut self.vocabulary
    }

    /// Size in bytes.
    pub(crate) fn memory(&self) -> usize {
        fn of<T>(list: &Vec<T>) -> usize {
            list.capacity() * size_of::<T>()
        }
        self.vocabulary.memory()
            + self.trie.memory()
            + of(&self.atoms)
            + of(&self.atom_patterns)
            + of(&self.hooked_at)
            + of(&self.hooked)
            + of(&self.hooks)
            + of(&self.chains)
            + of(&self.parts)
            + of(&self.owners)
            + of(&self.voices)
    }

    pub(crate) fn pattern_count(&self) -> usize {
        self.patterns
    }

    /// The patterns as texts, in order.
    pub(crate) fn patterns(&self) -> Vec<String> {
        let text = |words: Vec<u32>| {
            let words = words
                .iter()
                .map(|id| String::from_utf8_lossy(self.vocabulary.word(*id)));
            words.collect::<Vec<_>>().join(" ")
        };
        let mut all: Vec<String> = self.trie.patterns().into_iter().map(text).collect();
        all.sort_unstable();
        all
    }

    /// Appends the places of all phrases in `text` to `hits`.
    pub(crate) fn find(&self, text: &Prepared, field: Field, lang: Lang, walk: &mut Walk, hits: &mut Vec<Hit>) {
        walk.speaks.clear();
        walk.speaks.extend(self.voices.iter().map(|voice| {
            let heard = voice.lang.is_none_or(|l| l == lang || lang == Lang::Unknown);
            heard && voice.fields.intersects(field.set())
        }));
        if !walk.speaks.contains(&true) {
            return;
        }
        self.find_patterns(text, &mut walk.seen);
        let place = Place { text, field };
        self.find_chains(place, walk, hits);
        // Of one chain with the same end, the shortest evidence is the best evidence.
        walk.strung.sort_unstable();
        for (i, one) in walk.strung.iter().enumerate() {
            let next = walk.strung.get(i + 1);
            if next.is_none_or(|next| (next.chain, next.end) != (one.chain, one.end)) {
                self.emit(self.chains[one.chain as usize], place, one.start, one.end, hits);
            }
        }
    }

    /// Finds all patterns.
    fn find_patterns(&self, text: &Prepared, seen: &mut Seen) {
        let tokens = &text.tokens;
        debug_assert!(
            (0..tokens.len()).all(|i| tokens[i].word == self.vocabulary.get(text.word(i).as_bytes())),
            "the text was read with another vocabulary"
        );
        let Seen { found, from, bits } = seen;
        bits.fill(tokens.iter().map(|t| {
            let word = if t.word == NO_WORD { 0 } else { bit(t.word) };
            if t.kind.is_break() { word | BREAK } else { word }
        }));
        found.clear();
        from.clear();
        for start in 0..tokens.len() {
            from.push(found.len() as u32);
            self.trie.starting(&tokens[start..], |words, pattern| {
                found.push(Found {
                    start: start as u32,
                    end: (start + words) as u32,
                    pattern,
                });
            });
        }
        from.extend([found.len() as u32; 2]);
    }

    /// Finds chains of one part, and all ways to string those of several parts.
    fn find_chains(&self, place: Place<'_>, walk: &mut Walk, hits: &mut Vec<Hit>) {
        let Walk {
            speaks,
            seen,
            strung,
            reach,
        } = walk;
        strung.clear();
        let mut around = Around::default();
        for one in &seen.found {
            let pattern = one.pattern as usize;
            let hooked = &self.hooked[self.hooked_at[pattern] as usize..self.hooked_at[pattern + 1] as usize];
            if hooked.is_empty() {
                continue;
            }
            seen.bits.around(one.start..one.end, &mut around);
            for hooked in hooked {
                let hooks = &self.hooks[hooked.from as usize..hooked.to as usize];
                for (number, hook) in (hooked.from..).zip(hooks) {
                    // Most end here, at a look at the words around.
                    if !may_be(hook, &around) || !speaks[usize::from(hook.voice)] {
                        continue;
                    }
                    let chain = self.chains[number as usize];
                    if hook.before | hook.after == ANYTHING {
                        if is_started(chain, place.text, one.start) {
                            self.emit(chain, place, one.start, one.end, hits);
                        }
                    } else if let Some(start) = self.latest_start(chain, one.start, place.text, seen, reach) {
                        self.find_ends(chain, one.end, seen, reach);
                        strung.extend(reach.at.iter().map(|&end| Strung {
                            chain: number,
                            end,
                            start,
                        }));
                    }
                }
            }
        }
    }

    /// The last token at which a chain can begin whose rarest atom begins at token `start`.
    fn latest_start(&self, chain: Chain, start: u32, text: &Prepared, seen: &Seen, reach: &mut Reach) -> Option<u32> {
        if chain.key == chain.parts.0 {
            return is_started(chain, text, start).then_some(start);
        }
        reach.start(start);
        let parts = &self.parts[chain.parts.0 as usize..=chain.key as usize];
        // Back over the gap, as far as no sentence ends.
        for (part, after) in parts.iter().zip(parts.iter().skip(1)).rev() {
            let atom = &self.atoms[part.atom as usize];
            reach.advance(|at, next| {
                let over = seen.bits.over(at as usize, after.gap);
                let first_end = at - over;
                let begin = first_end.saturating_sub(atom.widest);
                for (token, mask) in (begin..at).zip(seen.bits.of(begin as usize..at as usize)) {
                    if mask & atom.first_words == 0 {
                        continue;
                    }
                    for one in seen.starting(token as usize) {
                        if (first_end..=at).contains(&one.end) && self.is_written(part.atom, one.pattern) {
                            next.push(one.start);
                        }
                    }
                }
            });
            if reach.at.is_empty() {
                return None;
            }
        }
        let mut starts = reach.at.iter().rev().copied();
        starts.find(|&at| is_started(chain, text, at))
    }

    /// All tokens before which a chain can end whose rarest atom ends before token `end`.
    fn find_ends(&self, chain: Chain, end: u32, seen: &Seen, reach: &mut Reach) {
        reach.start(end);
        for part in &self.parts[chain.key as usize + 1..chain.parts.1 as usize] {
            let atom = &self.atoms[part.atom as usize];
            reach.advance(|at, next| {
                for (token, mask) in (at as usize..).zip(seen.bits.ahead(at as usize, part.gap)) {
                    if mask & atom.first_words != 0 {
                        let starting = seen.starting(token).iter();
                        let written = starting.filter(|f| self.is_written(part.atom, f.pattern));
                        next.extend(written.map(|f| f.end));
                    }
                }
            });
            if reach.at.is_empty() {
                return;
            }
        }
    }

    /// Whether a pattern is one of the ways to write an atom.
    #[inline]
    fn is_written(&self, atom: u32, pattern: u32) -> bool {
        let (atom, next) = (&self.atoms[atom as usize], &self.atoms[atom as usize + 1]);
        if atom.only != NONE {
            return atom.only == pattern;
        }
        if atom.bits & bit(pattern) == 0 {
            return false;
        }
        let patterns = &self.atom_patterns[atom.patterns as usize..next.patterns as usize];
        // Most atoms have a handful of patterns.
        if patterns.len() <= 8 {
            patterns.contains(&pattern)
        } else {
            patterns.binary_search(&pattern).is_ok()
        }
    }

    /// Reports a chain found at tokens `start..end`.
    fn emit(&self, chain: Chain, place: Place<'_>, start: u32, end: u32, hits: &mut Vec<Hit>) {
        if chain.end.is_some_and(|gap| !near_end(place.text, end, gap)) {
            return;
        }
        let owner = self.owners[chain.owner as usize];
        if let Some(span) = span_of(place.text, start, end) {
            hits.push(Hit {
                detector: owner.detector,
                field: place.field,
                span,
                phrase: owner.phrase,
            });
        }
    }
}

/// Whether the words around a pattern of a chain's rarest atom have bits that those of the atoms beside it have.
fn may_be(hook: &Hook, around: &Around) -> bool {
    // Both in any case: what is seldom foreseen costs more to skip than to work out.
    (around.after(hook.gap_after) & hook.after != 0) & (around.before(hook.gap_before) & hook.before != 0)
}

/// Whether a chain may begin at token `start`.
fn is_started(chain: Chain, text: &Prepared, start: u32) -> bool {
    chain.start.is_none_or(|gap| near_start(text, start, gap))
}

/// A chain that begins at token `start` begins where the message does.
fn is_at_start(text: &Prepared, start: u32) -> bool {
    let start = start as usize;
    let opening = text.opening();
    start == 1 || start == opening
        // The chain may begin with the sentence end that stands there.
        || (start == 0 || start + 1 == opening) && text.tokens[start].kind.is_break()
}

/// A chain that ends before token `end` ends where the message does.
fn is_at_end(text: &Prepared, end: u32) -> bool {
    let (end, last, closing) = (end as usize, text.tokens.len() - 1, text.closing());
    let is_break = |i: usize| text.tokens.get(i).is_none_or(|t| t.kind.is_break());
    end >= last || end == closing || end + 1 == closing && is_break(end)
}

/// The same with up to `gap` words in between, and no sentence end.
fn near_start(text: &Prepared, start: u32, gap: u8) -> bool {
    (0..=u32::from(gap))
        .map_while(|back| {
            let at = start.checked_sub(back)?;
            (back == 0 || !text.tokens[at as usize].kind.is_break()).then_some(at)
        })
        .any(|at| is_at_start(text, at))
}

/// The same with up to `gap` words in between, and no sentence end.
fn near_end(text: &Prepared, end: u32, gap: u8) -> bool {
    (0..=u32::from(gap))
        .map_while(|on| {
            let at = end + on;
            let inside = on == 0 || text.tokens.get(at as usize - 1).is_some_and(|t| !t.kind.is_break());
            inside.then_some(at)
        })
        .any(|at| is_at_end(text, at))
}

/// The source behind tokens `start..end`, sentence ends at its edges left out.
fn span_of(text: &Prepared, start: u32, end: u32) -> Option<Span> {
    let inner = text.tokens.get(start as usize..end as usize)?;
    let words = || inner.iter().filter(|t| !t.kind.is_break());
    let (first, last) = (words().next()?, words().next_back()?);
    Some(first.span.cover(last.span))
}

#[cfg(test)]
mod slow;
#[cfg(test)]
mod tests;
