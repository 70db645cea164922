//! From phrases to patterns, atoms and chains.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::common::{COMMON, COMMON_CLASSES};
use super::trie::{Trie, bit};
use super::windows::ANYTHING;
use super::{Atom, Chain, Entry, Hook, Hooked, Matcher, NONE, Owner, Part, Voice};
use crate::phrase::{self, Element, PhraseError, WordLists};
use crate::text::{Lang, Vocabulary, without_accents};

/// Atoms with the gaps before them, and the two anchors: what makes two chains the same.
type ChainKey = (Vec<(u32, u8)>, Option<u8>, Option<u8>);

/// A chain before its rarest atom is known.
struct Draft {
    owner: u32,
    voice: u16,
    parts: (u32, u32),
    start: Option<u8>,
    end: Option<u8>,
}

/// A hash map over what rule files hold: nobody attacks it, and building a scorer asks it some hundred thousand times.
type Map<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// FNV-1a over bytes, and the same over whole numbers.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        // The map looks at the highest bits too.
        self.0 ^ self.0.rotate_left(32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x0100_0000_01b3);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u32(number as u32);
    }
}

pub(super) struct Builder<'p> {
    vocabulary: Vocabulary,
    patterns: Map<Box<[u32]>, u32>,
    /// The same patterns by number.
    written: Vec<Box<[u32]>>,
    /// The patterns of each atom.
    atoms: Vec<Vec<u32>>,
    literal_atoms: Map<Vec<u32>, u32>,
    list_atoms: Map<(Vec<String>, bool), u32>,
    /// The atoms of named lists once more: the lists they are of, by their place in memory, and the name.
    named_atoms: Map<(usize, &'p str, bool), u32>,
    chains: Vec<Draft>,
    parts: Vec<Part>,
    owners: Vec<Owner>,
    voices: Vec<Voice>,
}

/// In the literal of an atom: a sentence end of either kind.
const ANY_STOP: u32 = u32::MAX;

impl Default for Builder<'_> {
    fn default() -> Self {
        Self {
            vocabulary: Vocabulary::with_known_words(),
            patterns: Map::default(),
            written: Vec::new(),
            atoms: Vec::new(),
            literal_atoms: Map::default(),
            list_atoms: Map::default(),
            named_atoms: Map::default(),
            chains: Vec::new(),
            parts: Vec::new(),
            owners: Vec::new(),
            voices: Vec::new(),
        }
    }
}

impl<'p> Builder<'p> {
    pub(super) fn add(&mut self, entry: &Entry<'p>) -> Result<(), PhraseError> {
        static NONE: WordLists = WordLists { lists: BTreeMap::new() };
        let lists = entry.lists.unwrap_or(&NONE);
        let alternatives = phrase::parse(entry.text, lists)?;
        let owner = self.owners.len() as u32;
        self.owners.push(Owner {
            detector: entry.detector,
            phrase: entry.phrase,
        });
        let voice = Voice {
            fields: entry.fields,
            lang: entry.lang,
        };
        let voice = self.voices.iter().position(|v| *v == voice).unwrap_or_else(|| {
            self.voices.push(voice);
            self.voices.len() - 1
        }) as u16;
        // Writers of these languages often leave the accents out.
        let plain = entry
            .lang
            .filter(|l| matches!(l, Lang::De | Lang::Fr | Lang::Es | Lang::Pt | Lang::It));
        let mut seen: BTreeSet<ChainKey> = BTreeSet::new();
        for alternative in alternatives {
            let bare = plain.and_then(|lang| unaccented(&alternative, lang == Lang::De));
            for version in [Some(alternative), bare].into_iter().flatten() {
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
                    self.chains.push(Draft {
                        owner,
                        voice,
                        parts: (from, self.parts.len() as u32),
                        start,
                        end,
                    });
                }
            }
        }
        Ok(())
    }

    fn parts_of(&mut self, elements: &[Element], lists: &'p WordLists, plain: Option<Lang>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut gap = 0;
        let mut run: Vec<u32> = Vec::new();
        for element in elements.iter().chain([&Element::End]) {
            match element {
                Element::Token(word) => {
                    run.push(self.vocabulary.insert(word));
                    continue;
                }
                Element::AnyStop => {
                    run.push(ANY_STOP);
                    continue;
                }
                _ => {}
            }
            if !run.is_empty() {
                let atom = self.literal(&run);
                run.clear();
                parts.push(Part {
                    atom,
                    gap: std::mem::take(&mut gap),
                });
            }
            let atom = match element {
                Element::List(name) => self.named_list(name, lists, plain),
                Element::Choice(words) => self.list(words, plain),
                Element::Gap(width) => {
                    gap = *width;
                    continue;
                }
                _ => continue,
            };
            parts.push(Part {
                atom,
                gap: std::mem::take(&mut gap),
            });
        }
        parts
    }

    /// The atom of a run of tokens.
    fn literal(&mut self, run: &[u32]) -> u32 {
        if let Some(&atom) = self.literal_atoms.get(run) {
            return atom;
        }
        let atom = self.new_atom();
        self.literal_atoms.insert(run.to_vec(), atom);
        // A sentence end is either of two words.
        let mut written = vec![run.to_vec()];
        while let Some(at) = written[0].iter().position(|word| *word == ANY_STOP) {
            let stops = [1u8, 2].map(|byte| self.vocabulary.insert(&[byte]));
            written = written
                .iter()
                .flat_map(|w| {
                    stops.map(|stop| {
                        let mut w = w.clone();
                        w[at] = stop;
                        w
                    })
                })
                .collect();
        }
        for pattern in written {
            self.pattern(pattern, atom);
        }
        atom
    }

    /// The atom of a word list by its name.
    fn named_list(&mut self, name: &str, lists: &'p WordLists, plain: Option<Lang>) -> u32 {
        let Some((name, words)) = lists.lists.get_key_value(name) else {
            return self.list(&[], plain);
        };
        let key = (std::ptr::from_ref(lists) as usize, name.as_str(), plain.is_some());
        if let Some(&atom) = self.named_atoms.get(&key) {
            return atom;
        }
        let atom = self.list(words, plain);
        self.named_atoms.insert(key, atom);
        atom
    }

    /// The atom of a word list.
    fn list(&mut self, words: &[String], plain: Option<Lang>) -> u32 {
        let key = (words.to_vec(), plain.is_some());
        if let Some(&atom) = self.list_atoms.get(&key) {
            return atom;
        }
        let atom = self.new_atom();
        self.list_atoms.insert(key, atom);
        for entry in words {
            let words = phrase::canonical_words(entry);
            if words.is_empty() {
                continue;
            }
            if let Some(lang) = plain {
                let bare: Vec<Vec<u8>> = words.iter().map(|w| bare_word(w, lang == Lang::De)).collect();
                if bare != words {
                    let bare = bare.iter().map(|w| self.vocabulary.insert(w)).collect();
                    self.pattern(bare, atom);
                }
            }
            let numbers = words.iter().map(|w| self.vocabulary.insert(w)).collect();
            self.pattern(numbers, atom);
        }
        atom
    }

    fn new_atom(&mut self) -> u32 {
        self.atoms.push(Vec::new());
        self.atoms.len() as u32 - 1
    }

    fn pattern(&mut self, words: Vec<u32>, atom: u32) {
        let next = self.written.len() as u32;
        let words = words.into_boxed_slice();
        let id = match self.patterns.get(&words) {
            Some(&id) => id,
            None => {
                self.patterns.insert(words.clone(), next);
                self.written.push(words);
                next
            }
        };
        self.atoms[atom as usize].push(id);
    }

    pub(super) fn finish(mut self) -> Matcher {
        for patterns in &mut self.atoms {
            patterns.sort_unstable();
            patterns.dedup();
        }
        let (at, atom_patterns) = flatten(self.atoms.iter().map(|patterns| patterns.iter().copied()));
        let mut atoms: Vec<Atom> = Vec::with_capacity(self.atoms.len() + 1);
        atoms.extend(self.atoms.iter().zip(&at).map(|(patterns, at)| {
            Atom {
                first_words: self.bits_of(patterns, |words| words.first()),
                only: if let [only] = patterns[..] { only } else { NONE },
                bits: patterns.iter().fold(0, |bits, pattern| bits | bit(*pattern)),
                patterns: *at,
                widest: patterns
                    .iter()
                    .map(|p| self.written[*p as usize].len())
                    .max()
                    .unwrap_or(0) as u32,
            }
        }));
        atoms.push(Atom {
            first_words: 0,
            bits: 0,
            only: NONE,
            patterns: atom_patterns.len() as u32,
            widest: 0,
        });
        let commonness = self.commonness();
        // Each chain hangs on its rarest atom. What is looked at together lies together: the chains of an atom, and the
        // parts of those chains.
        let mut by_atom: Vec<Vec<(&Draft, usize)>> = vec![Vec::new(); self.atoms.len()];
        for draft in &self.chains {
            let parts = &self.parts[draft.parts.0 as usize..draft.parts.1 as usize];
            if let Some(key) = (0..parts.len()).min_by_key(|k| commonness[parts[*k].atom as usize]) {
                by_atom[parts[key].atom as usize].push((draft, key));
            }
        }
        let (hook_at, drafts) = flatten(by_atom.into_iter());
        let (mut hooks, mut chains) = (Vec::with_capacity(drafts.len()), Vec::with_capacity(drafts.len()));
        let mut parts = Vec::with_capacity(self.parts.len());
        for (draft, key) in drafts {
            let own = &self.parts[draft.parts.0 as usize..draft.parts.1 as usize];
            let before = key.checked_sub(1).and_then(|k| own.get(k));
            let after = own.get(key + 1);
            hooks.push(Hook {
                before: before.map_or(ANYTHING, |p| {
                    self.bits_of(&self.atoms[p.atom as usize], |words| words.last())
                }),
                after: after.map_or(ANYTHING, |p| atoms[p.atom as usize].first_words),
                voice: draft.voice,
                gap_before: before.map_or(0, |_| own[key].gap),
                gap_after: after.map_or(0, |p| p.gap),
            });
            let from = parts.len() as u32;
            parts.extend_from_slice(own);
            chains.push(Chain {
                owner: draft.owner,
                parts: (from, parts.len() as u32),
                key: from + key as u32,
                start: draft.start,
                end: draft.end,
            });
        }
        let mut by_pattern: Vec<Vec<Hooked>> = vec![Vec::new(); self.written.len()];
        for (range, patterns) in hook_at.windows(2).zip(&self.atoms) {
            if let [from, to] = *range
                && from < to
            {
                for pattern in patterns {
                    by_pattern[*pattern as usize].push(Hooked { from, to });
                }
            }
        }
        let (hooked_at, hooked) = flatten(by_pattern.into_iter());
        Matcher {
            trie: Trie::new(&self.written, self.vocabulary.len()),
            vocabulary: self.vocabulary,
            patterns: self.written.len(),
            atoms,
            atom_patterns,
            hooked_at,
            hooked,
            hooks,
            chains,
            parts,
            owners: self.owners,
            voices: self.voices,
        }
    }

    /// The bits of one word of each pattern.
    fn bits_of(&self, patterns: &[u32], word: impl Fn(&[u32]) -> Option<&u32>) -> u64 {
        let words = patterns.iter().filter_map(|p| word(&self.written[*p as usize]));
        words.fold(0, |bits, word| bits | bit(*word))
    }

    /// How common each atom is: a pattern is as common as its rarest word, and rarer the longer it is; an atom is all of
    /// its patterns. Words that are equally common in messages are told apart by how many atoms they stand in.
    fn commonness(&self) -> Vec<u64> {
        const SCALE: u64 = 1 << 12;
        let mut commonness = vec![0u64; self.vocabulary.len()];
        let mut last = vec![u32::MAX; self.vocabulary.len()];
        for (atom, patterns) in self.atoms.iter().enumerate() {
            for word in patterns.iter().flat_map(|p| self.written[*p as usize].iter()) {
                if last[*word as usize] != atom as u32 {
                    last[*word as usize] = atom as u32;
                    commonness[*word as usize] += 1;
                }
            }
        }
        let words = COMMON
            .iter()
            .flat_map(|(n, words)| words.split(' ').map(|word| (*n, word.as_bytes().to_vec())));
        let classes = COMMON_CLASSES.iter().map(|(n, kind)| (*n, vec![*kind as u8]));
        for (n, word) in words.chain(classes) {
            if let Some(known) = commonness.get_mut(self.vocabulary.get(&word) as usize) {
                *known += u64::from(n) * SCALE;
            }
        }
        let of_pattern = |pattern: &u32| {
            let words = &self.written[*pattern as usize];
            let rarest = words.iter().map(|w| commonness[*w as usize]).min().unwrap_or(0);
            rarest >> (2 * words.len().saturating_sub(1).min(16))
        };
        self.atoms
            .iter()
            .map(|patterns| patterns.iter().map(of_pattern).sum())
            .collect()
    }
}

/// Lists as one list with the offsets where each begins.
fn flatten<T, I: IntoIterator<Item = T>>(lists: impl Iterator<Item = I>) -> (Vec<u32>, Vec<T>) {
    let mut at = vec![0];
    let mut all = Vec::new();
    for list in lists {
        all.extend(list);
        at.push(all.len() as u32);
    }
    all.shrink_to_fit();
    at.shrink_to_fit();
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
