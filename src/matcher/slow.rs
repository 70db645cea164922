//! The simple matcher: one byte automaton over all patterns, multiplied out, and a list of places for every atom.
//!
//! What `Matcher::find` must find, and how long it takes to find it this way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::AhoCorasick;

use super::{Entry, Hit, near_end, near_start, span_of};
use crate::phrase::{self, Element, PhraseError, WordLists};
use crate::span::{Field, FieldSet};
use crate::text::{Lang, Prepared, without_accents};

const NONE: u32 = u32::MAX;

/// A part of a phrase of several parts.
#[derive(Clone, Copy, Debug)]
struct Part {
    atom: u32,
    /// Words allowed between the part before and this one.
    gap: u8,
}

/// A chain, hung on its rarest atom.
#[derive(Clone, Copy, Debug)]
struct Hook {
    chain: u32,
    /// The next rarest atom: without it there is nothing to look at. `NONE` for chains of one part.
    second: u32,
}

/// One alternative of a phrase.
#[derive(Clone, Copy, Debug)]
struct Chain {
    owner: u32,
    /// Range in `Matcher::parts`.
    parts: (u32, u32),
    /// With `^`: the words allowed before the chain.
    start: Option<u8>,
    /// With `$`: the words allowed after it.
    end: Option<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Owner {
    detector: u16,
    phrase: u32,
    fields: FieldSet,
    lang: Option<Lang>,
}

/// The compiled phrases.
pub(super) struct Matcher {
    automaton: AhoCorasick,
    pattern_list: Vec<Vec<u8>>,
    /// Tokens per pattern.
    widths: Vec<u16>,
    /// Atoms of each pattern: `atom_ids[atom_at[p]..atom_at[p + 1]]`.
    atom_at: Vec<u32>,
    atom_ids: Vec<u32>,
    /// Chains to look at when an atom was found: those it is the rarest part of.
    hook_at: Vec<u32>,
    hooks: Vec<Hook>,
    chains: Vec<Chain>,
    parts: Vec<Part>,
    owners: Vec<Owner>,
    patterns: usize,
}

/// Working space of a walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    /// First place of each atom in `places`, or `NONE`.
    heads: Vec<u32>,
    touched: Vec<u32>,
    /// For the byte of the stream where a token begins: its index.
    token_at: Vec<u32>,
    places: Vec<Place>,
    reach: Reach,
    next_reach: Reach,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    end: u32,
    next: u32,
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
    }
}

impl Matcher {
    /// Compiles good phrases.
    pub(super) fn new<'p>(entries: impl Iterator<Item = Entry<'p>>) -> Self {
        let mut build = Builder::default();
        for entry in entries {
            build.add(&entry).unwrap();
        }
        build.finish().unwrap()
    }

    /// The patterns without the blanks around them, in order.
    pub(super) fn patterns(&self) -> Vec<String> {
        let text = |p: &Vec<u8>| String::from_utf8_lossy(&p[1..p.len() - 1]).into_owned();
        let mut all: Vec<String> = self.pattern_list.iter().map(text).collect();
        all.sort_unstable();
        all
    }

    /// Appends the places of all phrases in `text` to `hits`.
    pub(super) fn find(&self, text: &Prepared, field: Field, lang: Lang, walk: &mut Walk, hits: &mut Vec<Hit>) {
        if self.patterns == 0 {
            return;
        }
        // The scratch may have served another matcher, with more atoms, before.
        for atom in walk.touched.drain(..) {
            walk.heads[atom as usize] = NONE;
        }
        walk.heads.resize(self.hook_at.len().saturating_sub(1), NONE);
        walk.places.clear();
        walk.token_at.resize(walk.token_at.len().max(text.stream.len() + 1), 0);
        for (i, token) in text.tokens.iter().enumerate() {
            walk.token_at[token.canon as usize] = i as u32;
        }
        walk.token_at[text.stream.len()] = text.tokens.len() as u32;
        for found in self.automaton.find_overlapping_iter(&text.stream) {
            self.record(found.pattern().as_usize(), found.end(), walk);
        }
        for i in 0..walk.touched.len() {
            let atom = walk.touched[i] as usize;
            for hook in &self.hooks[self.hook_at[atom] as usize..self.hook_at[atom + 1] as usize] {
                if hook.second != NONE && walk.heads[hook.second as usize] == NONE {
                    continue;
                }
                let chain = self.chains[hook.chain as usize];
                let owner = self.owners[chain.owner as usize];
                let speaks = owner.lang.is_none_or(|l| l == lang || lang == Lang::Unknown);
                if speaks && owner.fields.intersects(field.set()) {
                    self.follow(chain, owner, text, field, walk, hits);
                }
            }
        }
    }

    /// Notes a pattern that ends at byte `end` of the stream.
    fn record(&self, pattern: usize, end: usize, walk: &mut Walk) {
        // The pattern ends with a blank, and the next token begins right after it.
        let end = walk.token_at[end];
        let start = end - u32::from(self.widths[pattern]);
        for a in self.atom_at[pattern]..self.atom_at[pattern + 1] {
            let atom = self.atom_ids[a as usize];
            let head = &mut walk.heads[atom as usize];
            if *head == NONE {
                walk.touched.push(atom);
            }
            walk.places.push(Place {
                start,
                end,
                next: *head,
            });
            *head = walk.places.len() as u32 - 1;
        }
    }

    /// Looks for a chain whose rarest atom was found.
    fn follow(&self, chain: Chain, owner: Owner, text: &Prepared, field: Field, walk: &mut Walk, hits: &mut Vec<Hit>) {
        let parts = &self.parts[chain.parts.0 as usize..chain.parts.1 as usize];
        let Some((first, rest)) = parts.split_first() else {
            return;
        };
        if rest.iter().any(|p| walk.heads[p.atom as usize] == NONE) {
            return;
        }
        let tokens = text.tokens.len();
        let mut emit = |start: u32, end: u32| {
            if chain.end.is_some_and(|gap| !near_end(text, end, gap)) {
                return;
            }
            if let Some(span) = span_of(text, start, end) {
                hits.push(Hit {
                    detector: owner.detector,
                    field,
                    span,
                    phrase: owner.phrase,
                });
            }
        };
        let started = |start: u32| chain.start.is_none_or(|gap| near_start(text, start, gap));
        if rest.is_empty() {
            let mut at = walk.heads[first.atom as usize];
            while at != NONE {
                let place = walk.places[at as usize];
                if started(place.start) {
                    emit(place.start, place.end);
                }
                at = place.next;
            }
            return;
        }
        walk.reach.clear(tokens);
        let mut at = walk.heads[first.atom as usize];
        while at != NONE {
            let place = walk.places[at as usize];
            if started(place.start) {
                walk.reach.set(place.end, place.start);
            }
            at = place.next;
        }
        for part in rest {
            walk.next_reach.clear(tokens);
            let mut at = walk.heads[part.atom as usize];
            while at != NONE {
                let place = walk.places[at as usize];
                // Back over the gap, as far as no sentence ends.
                for back in 0..=u32::from(part.gap) {
                    let Some(before) = place.start.checked_sub(back) else {
                        break;
                    };
                    if back > 0 && text.tokens[before as usize].kind.is_break() {
                        break;
                    }
                    let began = walk.reach.get(before);
                    if began != NONE {
                        walk.next_reach.set(place.end, began);
                    }
                }
                at = place.next;
            }
            std::mem::swap(&mut walk.reach, &mut walk.next_reach);
        }
        for i in 0..walk.reach.used.len() {
            let end = walk.reach.used[i];
            emit(walk.reach.get(end), end);
        }
    }
}

/// Atoms with the gaps before them, and the two anchors: what makes two chains the same.
type ChainKey = (Vec<(u32, u8)>, Option<u8>, Option<u8>);

#[derive(Default)]
struct Builder {
    patterns: HashMap<Vec<u8>, u32>,
    pattern_list: Vec<Vec<u8>>,
    widths: Vec<u16>,
    /// Atoms of each pattern.
    atoms: Vec<BTreeSet<u32>>,
    literal_atoms: HashMap<Vec<u8>, u32>,
    list_atoms: BTreeMap<(Vec<String>, bool), u32>,
    /// How rare each atom is: words of its shortest pattern, then bytes; lists count as common.
    rarity: Vec<u32>,
    chains: Vec<Chain>,
    parts: Vec<Part>,
    owners: Vec<Owner>,
}

impl Builder {
    fn add(&mut self, entry: &Entry<'_>) -> Result<(), PhraseError> {
        let none = WordLists::default();
        let lists = entry.lists.unwrap_or(&none);
        let alternatives = phrase::parse(entry.text, lists)?;
        let owner = self.owners.len() as u32;
        self.owners.push(Owner {
            detector: entry.detector,
            phrase: entry.phrase,
            fields: entry.fields,
            lang: entry.lang,
        });
        // Writers of these languages often leave the accents out.
        let plain = entry
            .lang
            .filter(|l| matches!(l, Lang::De | Lang::Fr | Lang::Es | Lang::Pt | Lang::It));
        let mut seen: BTreeSet<ChainKey> = BTreeSet::new();
        for alternative in alternatives {
            let mut versions = vec![alternative];
            if let Some(lang) = plain
                && let Some(bare) = unaccented(&versions[0], lang == Lang::De)
            {
                versions.push(bare);
            }
            for version in versions {
                let gap_at = |anchor: Option<&Element>, beside: Option<&Element>, kind: &Element| {
                    (anchor == Some(kind)).then_some({
                        if let Some(Element::Gap(width)) = beside {
                            *width
                        } else {
                            0
                        }
                    })
                };
                let start = gap_at(version.first(), version.get(1), &Element::Start);
                let before_last = version.len().checked_sub(2).and_then(|i| version.get(i));
                let end = gap_at(version.last(), before_last, &Element::End);
                let mut parts = self.parts_of(&version, lists, plain);
                if let Some(first) = parts.first_mut() {
                    // The gap behind `^` belongs to the anchor.
                    first.gap = 0;
                }
                let key = (parts.iter().map(|p| (p.atom, p.gap)).collect(), start, end);
                if seen.insert(key) {
                    let from = self.parts.len() as u32;
                    self.parts.extend(parts);
                    self.chains.push(Chain {
                        owner,
                        parts: (from, self.parts.len() as u32),
                        start,
                        end,
                    });
                }
            }
        }
        Ok(())
    }

    fn parts_of(&mut self, elements: &[Element], lists: &WordLists, plain: Option<Lang>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut gap = 0;
        let mut run: Vec<&Element> = Vec::new();
        for element in elements.iter().chain([&Element::End]) {
            let atom = match element {
                Element::Token(_) | Element::AnyStop => {
                    run.push(element);
                    continue;
                }
                _ if !run.is_empty() => {
                    let atom = self.literal(&run);
                    run.clear();
                    parts.push(Part {
                        atom,
                        gap: std::mem::take(&mut gap),
                    });
                    element
                }
                _ => element,
            };
            match atom {
                Element::List(name) => {
                    let words = lists.lists.get(name).map_or(&[][..], Vec::as_slice);
                    let atom = self.list(words, plain);
                    parts.push(Part {
                        atom,
                        gap: std::mem::take(&mut gap),
                    });
                }
                Element::Choice(words) => {
                    let atom = self.list(words, plain);
                    parts.push(Part {
                        atom,
                        gap: std::mem::take(&mut gap),
                    });
                }
                Element::Gap(width) => gap = *width,
                _ => {}
            }
        }
        parts
    }

    /// The atom of a run of tokens.
    fn literal(&mut self, run: &[&Element]) -> u32 {
        let mut key: Vec<u8> = vec![b' '];
        for element in run {
            match element {
                Element::Token(word) => {
                    key.extend_from_slice(word);
                }
                // Never in a stream; written out below.
                _ => key.push(0),
            }
            key.push(b' ');
        }
        if let Some(&atom) = self.literal_atoms.get(&key) {
            return atom;
        }
        let atom = self.rarity.len() as u32;
        let common = run.len() == 1 && is_common(&key);
        self.rarity.push(if common {
            10
        } else {
            run.len() as u32 * 100 + key.len() as u32
        });
        self.literal_atoms.insert(key.clone(), atom);
        // A sentence end is either of two bytes.
        let mut written = vec![key];
        while let Some(at) = written[0].iter().position(|b| *b == 0) {
            written = written
                .iter()
                .flat_map(|w| {
                    [1u8, 2].map(|byte| {
                        let mut w = w.clone();
                        w[at] = byte;
                        w
                    })
                })
                .collect();
        }
        for pattern in written {
            self.pattern(pattern, run.len() as u16, atom);
        }
        atom
    }

    /// The atom of a word list.
    fn list(&mut self, words: &[String], plain: Option<Lang>) -> u32 {
        let key = (words.to_vec(), plain.is_some());
        if let Some(&atom) = self.list_atoms.get(&key) {
            return atom;
        }
        let atom = self.rarity.len() as u32;
        // A list is as common as its most common entry.
        let common = words
            .iter()
            .filter(|w| is_common(format!(" {} ", w.to_lowercase()).as_bytes()))
            .count();
        self.rarity.push(if common > 0 {
            5
        } else {
            80u32.saturating_sub(words.len() as u32 / 4).max(20)
        });
        self.list_atoms.insert(key, atom);
        for entry in words {
            let words = phrase::canonical_words(entry);
            if words.is_empty() {
                continue;
            }
            let mut written = vec![words.clone()];
            if let Some(lang) = plain {
                let bare: Vec<Vec<u8>> = words.iter().map(|w| bare_word(w, lang == Lang::De)).collect();
                if bare != words {
                    written.push(bare);
                }
            }
            for words in written {
                let mut pattern = vec![b' '];
                for word in &words {
                    pattern.extend_from_slice(word);
                    pattern.push(b' ');
                }
                self.pattern(pattern, words.len() as u16, atom);
            }
        }
        atom
    }

    fn pattern(&mut self, pattern: Vec<u8>, width: u16, atom: u32) {
        let next = self.pattern_list.len() as u32;
        let id = *self.patterns.entry(pattern.clone()).or_insert(next);
        if id == next {
            self.pattern_list.push(pattern);
            self.widths.push(width);
            self.atoms.push(BTreeSet::new());
        }
        self.atoms[id as usize].insert(atom);
    }

    fn finish(self) -> Result<Matcher, aho_corasick::BuildError> {
        let automaton = AhoCorasick::new(&self.pattern_list)?;
        let atoms = self.rarity.len();
        let (atom_at, atom_ids) = flatten(self.atoms.iter().map(|set| set.iter().copied()));
        // Each chain hangs on its rarest atom.
        let mut by_atom: Vec<Vec<Hook>> = vec![Vec::new(); atoms];
        for (i, chain) in self.chains.iter().enumerate() {
            let mut parts: Vec<u32> = self.parts[chain.parts.0 as usize..chain.parts.1 as usize]
                .iter()
                .map(|p| p.atom)
                .collect();
            parts.sort_by_key(|atom| (std::cmp::Reverse(self.rarity[*atom as usize]), *atom));
            parts.dedup();
            if let Some(rarest) = parts.first() {
                let second = parts.get(1).copied().unwrap_or(NONE);
                by_atom[*rarest as usize].push(Hook {
                    chain: i as u32,
                    second,
                });
            }
        }
        let (hook_at, hooks) = flatten(by_atom.iter().map(|v| v.iter().copied()));
        Ok(Matcher {
            automaton,
            patterns: self.pattern_list.len(),
            pattern_list: self.pattern_list,
            widths: self.widths,
            atom_at,
            atom_ids,
            hook_at,
            hooks,
            chains: self.chains,
            parts: self.parts,
            owners: self.owners,
        })
    }
}

/// Words that stand in every other message: nothing hangs on them if it can hang on something else.
fn is_common(pattern: &[u8]) -> bool {
    const COMMON: &str = " a able about across after all also always am an and any are around as ask at available away back be \
        because been before being best better between big both build building business but by call came can case chance chat \
        check come companies company connect connecting could currently customers day days did different do does doing done down \
        each either email else even ever every experience few find first focused for found free from full get getting give go \
        going good got great growing had happy has have having hear help helped helping here hi hope how i idea if in industry \
        interested into is it job just keep know last learn let like linkedin little long look looking looks love made make making \
        many market maybe me meet message might more most much my need network never new next no not note noticed now of off on one \
        only open or other our out over own part people platform please point post process product products profile project \
        projects put question quick read really recently right role run said same saw say see seeing send sense set share she \
        should show since small so some someone something soon space start still such sure system take talk team teams than thank \
        thanks that the their them then there these they thing things think this those thought through time to today together too \
        tool tools top try two up us use used using very want wanted was way we week well went were what when where whether which \
        while who why will with within without wonder wondering work worked working world worth would year years yes yet you your ";
    std::str::from_utf8(pattern).is_ok_and(|p| COMMON.contains(p))
}

/// Lists as one list with the offsets where each begins.
fn flatten<T, I: Iterator<Item = T>>(lists: impl Iterator<Item = I>) -> (Vec<u32>, Vec<T>) {
    let mut at = vec![0];
    let mut all = Vec::new();
    for list in lists {
        all.extend(list);
        at.push(all.len() as u32);
    }
    (at, all)
}

fn bare_word(word: &[u8], german: bool) -> Vec<u8> {
    std::str::from_utf8(word)
        .ok()
        .and_then(|w| without_accents(w, german))
        .map_or_else(|| word.to_vec(), String::into_bytes)
}

/// The alternative without accents, if that is another one.
fn unaccented(elements: &[Element], german: bool) -> Option<Vec<Element>> {
    let bare: Vec<Element> = elements
        .iter()
        .map(|e| match e {
            Element::Token(word) => Element::Token(bare_word(word, german)),
            other => other.clone(),
        })
        .collect();
    (bare != elements).then_some(bare)
}
