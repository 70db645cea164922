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
use self::windows::{Around, Masks};
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
    /// The first in `Matcher::atom_patterns`; they end where those of the next atom begin.
    patterns: u32,
    /// Words of its longest pattern.
    widest: u32,
}

/// A chain, hung on its rarest atom.
#[derive(Clone, Copy, Debug)]
struct Hook {
    /// Bits of the words that may end before the atom, and of those that may begin after it; 0 where nothing must.
    before: u64,
    after: u64,
    chain: u32,
    /// The atoms before and after it, or `NONE`.
    atom_before: u32,
    atom_after: u32,
    voice: u16,
    gap_before: u8,
    gap_after: u8,
}

/// One alternative of a phrase.
#[derive(Clone, Copy, Debug)]
struct Chain {
    owner: u32,
    /// Range in `Matcher::parts`.
    parts: (u32, u32),
    /// Which of them is the rarest atom.
    key: u32,
    /// Tokens that the chain can take up before the end of its rarest atom, and after the start of it.
    reach: (u32, u32),
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
    /// The atoms of pattern `p` on which chains hang are `pattern_atoms[pattern_at[p]..pattern_at[p + 1]]`.
    pattern_at: Vec<u32>,
    pattern_atoms: Vec<u32>,
    /// The hooks of atom `a` are `hooks[hook_at[a]..hook_at[a + 1]]`.
    hook_at: Vec<u32>,
    hooks: Vec<Hook>,
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
    /// Chains that may be there, with the place of their rarest atom.
    candidates: Vec<Candidate>,
    reach: Reach,
    next_reach: Reach,
    /// Where each part of a chain may begin.
    windows: Vec<(u32, u32)>,
}

/// The patterns in a text.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// All patterns found, by start.
    found: Vec<Found>,
    /// For each token: the first in `found` of those that begin at it or later.
    from: Vec<u32>,
    /// The bit of each word.
    bits: Masks,
}

impl Seen {
    /// The patterns that begin at a token.
    fn starting(&self, token: usize) -> &[Found] {
        &self.found[self.from[token] as usize..self.from[token + 1] as usize]
    }

    /// The tokens of a range whose word has one of some bits.
    fn with_bits(&self, tokens: std::ops::Range<usize>, bits: u64) -> impl Iterator<Item = usize> {
        let masks = self.bits.of(tokens.clone());
        tokens
            .zip(masks)
            .filter(move |(_, mask)| *mask & bits != 0)
            .map(|(token, _)| token)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    chain: u32,
    start: u32,
    end: u32,
}

/// For each token: whether a chain's first parts can end before it, and where such a chain began.
#[derive(Clone, Debug, Default)]
struct Reach {
    began: Vec<u32>,
    used: Vec<u32>,
}

impl Reach {
    fn set(&mut self, at: u32, began: u32) {
        let Some(slot) = self.began.get_mut(at as usize) else {
            return;
        };
        if *slot == NONE {
            self.used.push(at);
            *slot = began;
        } else {
            // The shortest evidence is the best evidence.
            *slot = (*slot).max(began);
        }
    }

    fn get(&self, at: u32) -> u32 {
        self.began.get(at as usize).copied().unwrap_or(NONE)
    }

    fn clear(&mut self, tokens: usize) {
        for at in self.used.drain(..) {
            if let Some(slot) = self.began.get_mut(at as usize) {
                *slot = NONE;
            }
        }
        if self.began.len() < tokens + 1 {
            self.began.resize(tokens + 1, NONE);
        }
        // Room for every token: two of these change places, and which of them a text meets depends on the texts before.
        self.used.reserve(tokens + 1);
    }
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
            + of(&self.pattern_at)
            + of(&self.pattern_atoms)
            + of(&self.hook_at)
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
        self.find_candidates(place, walk, hits);
        // Of one chain, places whose surroundings meet are looked at together.
        walk.candidates.sort_unstable();
        let mut at = 0;
        while let Some(&first) = walk.candidates.get(at) {
            let chain = self.chains[first.chain as usize];
            let (before, after) = chain.reach;
            let (mut last, mut end) = (first.start, first.end);
            at += 1;
            while let Some(next) = walk.candidates.get(at)
                && next.chain == first.chain
                && next.end.saturating_sub(before) <= last + after
            {
                (last, end) = (next.start, end.max(next.end));
                at += 1;
            }
            self.follow(chain, (first.start, last), (first.end, end), place, walk, hits);
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
        bits.fill(tokens.iter().map(|t| if t.word == NO_WORD { 0 } else { bit(t.word) }));
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

    /// Finds chains of one part, and where chains of several parts may be.
    fn find_candidates(&self, place: Place<'_>, walk: &mut Walk, hits: &mut Vec<Hit>) {
        let Walk {
            speaks,
            seen,
            candidates,
            ..
        } = walk;
        candidates.clear();
        let mut around = Around::default();
        for one in &seen.found {
            let pattern = one.pattern as usize;
            let atoms = &self.pattern_atoms[self.pattern_at[pattern] as usize..self.pattern_at[pattern + 1] as usize];
            if atoms.is_empty() {
                continue;
            }
            seen.bits.around(one.start..one.end, &mut around);
            for atom in atoms {
                let atom = *atom as usize;
                for hook in &self.hooks[self.hook_at[atom] as usize..self.hook_at[atom + 1] as usize] {
                    // Most end here, at a look at the words around.
                    if !may_be(hook, &around) || !speaks[usize::from(hook.voice)] {
                        continue;
                    }
                    if hook.before | hook.after == 0 {
                        let chain = self.chains[hook.chain as usize];
                        if is_started(chain, place.text, one.start) {
                            self.emit(chain, place, one.start, one.end, hits);
                        }
                    } else if self.is_beside(hook, one, place.text.tokens.len(), seen) {
                        candidates.push(Candidate {
                            chain: hook.chain,
                            start: one.start,
                            end: one.end,
                        });
                    }
                }
            }
        }
    }

    /// Whether a pattern of a chain's rarest atom has patterns of the atoms beside it near enough.
    fn is_beside(&self, hook: &Hook, one: &Found, tokens: usize, seen: &Seen) -> bool {
        let (start, end) = (one.start as usize, one.end as usize);
        let has_after = || {
            let atom = hook.atom_after as usize;
            let last_start = (end + usize::from(hook.gap_after) + 1).min(tokens);
            seen.with_bits(end..last_start, hook.after)
                .any(|start| seen.starting(start).iter().any(|f| self.is_written(atom, f.pattern)))
        };
        let has_before = || {
            let atom = hook.atom_before as usize;
            let Atom {
                first_words, widest, ..
            } = self.atoms[atom];
            let first_end = one.start.saturating_sub(hook.gap_before.into());
            let first_start = first_end.saturating_sub(widest) as usize;
            seen.with_bits(first_start..start, first_words).any(|begin| {
                let mut starting = seen.starting(begin).iter();
                let ends = first_end..=one.start;
                starting.any(|f| ends.contains(&f.end) && self.is_written(atom, f.pattern))
            })
        };
        (hook.after == 0 || has_after()) && (hook.before == 0 || has_before())
    }

    /// Puts a chain together around places of its rarest atom, given by the first and the last of their starts and of
    /// their ends.
    fn follow(
        &self,
        chain: Chain,
        starts: (u32, u32),
        ends: (u32, u32),
        place: Place<'_>,
        walk: &mut Walk,
        hits: &mut Vec<Hit>,
    ) {
        let tokens = place.text.tokens.len();
        let Walk {
            seen,
            reach,
            next_reach,
            windows,
            ..
        } = walk;
        let parts = &self.parts[chain.parts.0 as usize..chain.parts.1 as usize];
        let widest = |part: &Part| self.atoms[part.atom as usize].widest;
        let key = chain.key as usize;
        windows.clear();
        windows.resize(parts.len(), starts);
        let (mut first, mut last) = ends;
        for (window, part) in windows.iter_mut().zip(parts).skip(key + 1) {
            last += u32::from(part.gap);
            *window = (first, last);
            (first, last) = (first + 1, last + widest(part));
        }
        (first, last) = starts;
        for i in (0..key).rev() {
            first = first.saturating_sub(u32::from(parts[i + 1].gap) + widest(&parts[i]));
            last = last.saturating_sub(1);
            windows[i] = (first, last);
        }
        // Most end here: some part has no word where it must begin.
        let is_missing = |part: &Part, (first, last): (u32, u32)| {
            let end = (last as usize + 1).min(tokens);
            let first_words = self.atoms[part.atom as usize].first_words;
            let masks = seen.bits.of((first as usize).min(end)..end);
            masks.iter().all(|mask| mask & first_words == 0)
        };
        if parts
            .iter()
            .zip(windows.iter())
            .any(|(part, window)| is_missing(part, *window))
        {
            return;
        }
        reach.clear(tokens);
        for (i, (part, &(first, last))) in parts.iter().zip(windows.iter()).enumerate() {
            next_reach.clear(tokens);
            let atom = part.atom as usize;
            let first_words = self.atoms[atom].first_words;
            let end = (last as usize + 1).min(tokens);
            for start in seen.with_bits((first as usize).min(end)..end, first_words) {
                for one in seen.starting(start) {
                    if !self.is_written(atom, one.pattern) {
                        continue;
                    }
                    if i == 0 {
                        if is_started(chain, place.text, one.start) {
                            next_reach.set(one.end, one.start);
                        }
                        continue;
                    }
                    // Back over the gap, as far as no sentence ends.
                    for back in 0..=u32::from(part.gap) {
                        let Some(before) = one.start.checked_sub(back) else {
                            break;
                        };
                        if back > 0 && place.text.tokens[before as usize].kind.is_break() {
                            break;
                        }
                        let began = reach.get(before);
                        if began != NONE {
                            next_reach.set(one.end, began);
                            break;
                        }
                    }
                }
            }
            std::mem::swap(reach, next_reach);
            if reach.used.is_empty() {
                return;
            }
        }
        for &end in &reach.used {
            self.emit(chain, place, reach.get(end), end, hits);
        }
    }

    /// Whether a pattern is one of the ways to write an atom.
    fn is_written(&self, atom: usize, pattern: u32) -> bool {
        if self.atoms[atom].bits & bit(pattern) == 0 {
            return false;
        }
        let (from, to) = (self.atoms[atom].patterns, self.atoms[atom + 1].patterns);
        let patterns = &self.atom_patterns[from as usize..to as usize];
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
    (hook.after == 0 || around.after(hook.gap_after) & hook.after != 0)
        && (hook.before == 0 || around.before(hook.gap_before) & hook.before != 0)
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
