//! All patterns found in one walk over the words of a text.
//!
//! Patterns are sequences of words; a node of the tree is a sequence that some pattern begins with. From each word of
//! a text the tree is followed as far as it goes. A word that no pattern knows ends every walk, and a word that
//! begins no pattern costs one look.

use super::NONE;
use crate::text::{NO_WORD, Token};

/// A tree over word numbers.
///
/// What a word leads to is a number: a node, or, with [`LEAF`], a pattern that nothing follows.
#[derive(Debug, Default)]
pub(super) struct Trie {
    /// What each word leads to, or `NONE`.
    pub(super) roots: Vec<u32>,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// Marks a pattern among nodes. There is no memory for so many of either.
const LEAF: u32 = 1 << 31;

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// One bit for each word that goes on from here, see [`bit`].
    pub(super) more: u64,
    /// The pattern that ends here, or `NONE`.
    pub(super) pattern: u32,
    /// Its first edge; its edges end where those of the next node begin. Up to [`FEW`] stand one after the other, more
    /// are a table of open addressing.
    pub(super) first: u32,
}

/// So many edges are read through faster than hashed.
const FEW: usize = 8;

#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// [`NO_WORD`] where a slot of a table is free.
    pub(super) word: u32,
    pub(super) to: u32,
}

/// A pattern found at tokens `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) pattern: u32,
}

/// One of 63 bits for a number, all but the lowest: a quick look whether something may be in a set.
pub(super) fn bit(number: u32) -> u64 {
    2 << ((u64::from(number.wrapping_mul(0x9e37_79b9)) * 63) >> 32)
}

/// A slot of a table of `size` slots, a power of two.
fn slot(word: u32, size: usize) -> usize {
    (word.wrapping_mul(0x85eb_ca6b) >> (32 - size.trailing_zeros())) as usize
}

impl Trie {
    /// A tree over `patterns`, which are all different, each a sequence of numbers below `words`.
    pub(super) fn new(patterns: &[Box<[u32]>], words: usize) -> Self {
        let mut order: Vec<u32> = (0..patterns.len() as u32).collect();
        let pattern = |i: u32| &*patterns[i as usize];
        order.sort_unstable_by_key(|&i| pattern(i));
        // A node is a range of the sorted patterns that begin alike, and the number of words in which they do. What is
        // to do next is all that was numbered and not yet written down.
        let mut todo: Vec<(usize, usize, usize)> = Vec::new();
        let split = |from: usize, to: usize, depth: usize, todo: &mut Vec<(usize, usize, usize)>| {
            let mut edges: Vec<Edge> = Vec::new();
            let mut at = from;
            while at < to {
                let word = pattern(order[at])[depth];
                let sisters = order[at..to].iter().take_while(|i| pattern(**i)[depth] == word).count();
                let to = if sisters == 1 && pattern(order[at]).len() == depth + 1 {
                    order[at] | LEAF
                } else {
                    todo.push((at, at + sisters, depth + 1));
                    todo.len() as u32 - 1
                };
                edges.push(Edge { word, to });
                at += sisters;
            }
            edges
        };
        // No words are no pattern.
        let filled = order
            .iter()
            .position(|i| !pattern(*i).is_empty())
            .unwrap_or(order.len());
        let mut roots = vec![NONE; words];
        for edge in split(filled, order.len(), 0, &mut todo) {
            if let Some(root) = roots.get_mut(edge.word as usize) {
                *root = edge.to;
            }
        }
        let (mut nodes, mut edges): (Vec<Node>, Vec<Edge>) = (Vec::new(), Vec::new());
        while let Some(&(mut from, to, depth)) = todo.get(nodes.len()) {
            let mut node = Node {
                more: 0,
                pattern: NONE,
                first: edges.len() as u32,
            };
            if pattern(order[from]).len() == depth {
                node.pattern = order[from];
                from += 1;
            }
            let children = split(from, to, depth, &mut todo);
            node.more = children.iter().fold(0, |more, edge| more | bit(edge.word));
            nodes.push(node);
            if children.len() <= FEW {
                edges.extend(children);
                continue;
            }
            let size = (2 * children.len()).next_power_of_two();
            let first = edges.len();
            edges.resize(
                first + size,
                Edge {
                    word: NO_WORD,
                    to: NONE,
                },
            );
            for child in children {
                let mut at = slot(child.word, size);
                while edges[first + at].word != NO_WORD {
                    at = (at + 1) % size;
                }
                edges[first + at] = child;
            }
        }
        // The end of the edges of the last node.
        nodes.push(Node {
            more: 0,
            pattern: NONE,
            first: edges.len() as u32,
        });
        Self { roots, nodes, edges }
    }

    /// Size in bytes.
    pub(super) fn memory(&self) -> usize {
        self.roots.capacity() * 4
            + self.nodes.capacity() * size_of::<Node>()
            + self.edges.capacity() * size_of::<Edge>()
    }

    /// Reports every pattern that a text from some token on begins with: of how many words it is, and which. The shortest
    /// comes first.
    pub(super) fn starting(&self, text: &[Token], mut report: impl FnMut(usize, u32)) {
        let Some((first, rest)) = text.split_first() else {
            return;
        };
        let mut at = self.roots.get(first.word as usize).copied().unwrap_or(NONE);
        let mut rest = rest.iter();
        while at != NONE {
            let words = text.len() - rest.len();
            if at & LEAF != 0 {
                return report(words, at & !LEAF);
            }
            let pattern = self.nodes[at as usize].pattern;
            if pattern != NONE {
                report(words, pattern);
            }
            let Some(next) = rest.next() else { return };
            at = self.next(at as usize, next.word);
        }
    }

    /// Every pattern as the numbers of its words, in no particular order.
    pub(super) fn patterns(&self) -> Vec<Vec<u32>> {
        let mut all = Vec::new();
        let roots = self.roots.iter().enumerate();
        let mut todo: Vec<(Vec<u32>, u32)> = roots.map(|(word, to)| (vec![word as u32], *to)).collect();
        while let Some((words, at)) = todo.pop() {
            if at == NONE || at & LEAF != 0 {
                all.extend((at != NONE).then_some(words));
                continue;
            }
            let (node, end) = (self.nodes[at as usize], self.nodes[at as usize + 1].first);
            for edge in &self.edges[node.first as usize..end as usize] {
                todo.push(([words.as_slice(), &[edge.word]].concat(), edge.to));
            }
            all.extend((node.pattern != NONE).then_some(words));
        }
        all
    }

    /// What a word leads to from a node, or `NONE`.
    fn next(&self, node: usize, word: u32) -> u32 {
        let (from, to) = (self.nodes[node], self.nodes[node + 1].first as usize);
        if word == NO_WORD || from.more & bit(word) == 0 {
            return NONE;
        }
        let edges = &self.edges[from.first as usize..to];
        if edges.len() <= FEW {
            return edges.iter().find(|edge| edge.word == word).map_or(NONE, |edge| edge.to);
        }
        let mut at = slot(word, edges.len());
        loop {
            let edge = edges[at];
            if edge.word == word || edge.word == NO_WORD {
                return edge.to;
            }
            at = (at + 1) % edges.len();
        }
    }
}
