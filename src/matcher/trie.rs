//! All patterns found in one walk over the words of a text.
//!
//! Patterns are sequences of words; a node of the tree is a sequence that some pattern begins with. From each word of
//! a text the tree is followed as far as it goes. A word that no pattern knows ends every walk, and a word that
//! begins no pattern costs one look.

use super::NONE;
use crate::text::{NO_WORD, Prepared, Vocabulary};

/// A tree over word numbers. Node `w` for `w` below the number of words is that of the single word `w`; the nodes of
/// longer sequences follow in the order of their parents, so that the children of a node stand side by side.
#[derive(Debug, Default)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// The last word of each node beyond the single words, in order among sisters.
    edges: Vec<u32>,
    words: usize,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// One bit for the words that go on from here, see [`bit`].
    more: u64,
    /// The pattern that ends here, or `NONE`.
    pattern: u32,
    /// First child in `edges`; the children end where those of the next node begin.
    first: u32,
}

/// A pattern found at tokens `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) pattern: u32,
}

/// One of 64 bits for a number: a quick look whether something may be in a set.
pub(super) fn bit(number: u32) -> u64 {
    1 << (number.wrapping_mul(0x9e37_79b9) >> 26)
}

impl Trie {
    /// A tree over `patterns`, which are all different, each a sequence of numbers below `words`.
    pub(super) fn new(patterns: &[Box<[u32]>], words: usize) -> Self {
        let mut order: Vec<u32> = (0..patterns.len() as u32).collect();
        let pattern = |i: u32| &*patterns[i as usize];
        order.sort_unstable_by_key(|&i| pattern(i));
        // Level by level: a node is a range of the sorted patterns that begin alike.
        let mut level: Vec<(u32, u32)> = Vec::with_capacity(words);
        let mut at = 0;
        for word in 0..words as u32 {
            let from = at;
            while (at as usize) < order.len() && pattern(order[at as usize]).first() == Some(&word) {
                at += 1;
            }
            level.push((from, at));
        }
        let (mut nodes, mut edges) = (Vec::with_capacity(words), Vec::new());
        let mut depth = 1;
        while !level.is_empty() {
            let mut next = Vec::new();
            for (mut from, to) in level {
                let mut node = Node {
                    more: 0,
                    pattern: NONE,
                    first: edges.len() as u32,
                };
                if from < to && pattern(order[from as usize]).len() == depth {
                    node.pattern = order[from as usize];
                    from += 1;
                }
                while from < to {
                    let word = pattern(order[from as usize])[depth];
                    let sisters = order[from as usize..to as usize]
                        .iter()
                        .take_while(|i| pattern(**i)[depth] == word)
                        .count() as u32;
                    node.more |= bit(word);
                    edges.push(word);
                    next.push((from, from + sisters));
                    from += sisters;
                }
                nodes.push(node);
            }
            level = next;
            depth += 1;
        }
        // The end of the children of the last node.
        nodes.push(Node {
            more: 0,
            pattern: NONE,
            first: edges.len() as u32,
        });
        Self { nodes, edges, words }
    }

    /// Size in bytes.
    pub(super) fn memory(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>() + self.edges.capacity() * 4
    }

    /// Reports every pattern in `ids`, the numbers of the words of a text, by start and then by end.
    pub(super) fn find(&self, ids: &[u32], mut report: impl FnMut(Found)) {
        for (start, &id) in ids.iter().enumerate() {
            if id == NO_WORD {
                continue;
            }
            let mut at = id as usize;
            let mut end = start + 1;
            loop {
                let node = self.nodes[at];
                if node.pattern != NONE {
                    report(Found {
                        start: start as u32,
                        end: end as u32,
                        pattern: node.pattern,
                    });
                }
                let Some(&next) = ids.get(end) else { break };
                if next == NO_WORD || node.more & bit(next) == 0 {
                    break;
                }
                let children = &self.edges[node.first as usize..self.nodes[at + 1].first as usize];
                let Ok(child) = children.binary_search(&next) else {
                    break;
                };
                at = self.words + node.first as usize + child;
                end += 1;
            }
        }
    }
}

/// The numbers of the words of a text, in place of what `ids` held.
pub(super) fn number_words(text: &Prepared, vocabulary: &Vocabulary, ids: &mut Vec<u32>) {
    ids.clear();
    let ends = text.tokens.iter().skip(1).map(|t| t.canon as usize);
    ids.extend(
        text.tokens
            .iter()
            .zip(ends.chain([text.stream.len()]))
            .map(|(token, end)| {
                // Behind every word stands a blank.
                vocabulary.get(text.stream.as_bytes().get(token.canon as usize..end - 1).unwrap_or(&[]))
            }),
    );
}
