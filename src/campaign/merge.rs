//! Two indexes become one: shards of a distributed engine, or the inboxes of a team.

use std::collections::BTreeMap;

use super::clusters::Label;
use super::index::{CampaignIndex, Sent};
use super::sketch::{KEPT, Sketch};
use super::table::BandKeys;

/// Two indexes do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only indexes of the same seed can be merged: the sketches of others mean nothing here")]
pub struct MergeError(());

impl CampaignIndex {
    /// Takes over all that another index has seen: entries, and clusters with their counts.
    ///
    /// Clusters of the two that share a template become one, and copies, senders and times add up; what both indexes
    /// have seen is counted twice. Of united senders and times as many are kept as of any cluster, so the order of merging
    /// does not matter for them. If this index gets full, it gives up entries as it does when observing. Nobody else may
    /// change `other` meanwhile, or counts may be between two states.
    ///
    /// # Errors
    ///
    /// The seeds differ.
    pub fn merge(&self, other: &Self) -> Result<(), MergeError> {
        if self.seed() != other.seed() {
            return Err(MergeError(()));
        }
        // The entries of each cluster of the other index, and single messages, in the order in which they came.
        let mut clusters: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut order: Vec<(Option<u32>, u32)> = Vec::new();
        let used = other.books().used;
        for number in 0..used {
            let Some(entry) = other.entry(number) else { continue };
            let root = other.root(Label::load(&entry.label));
            match root {
                Some(root) => {
                    let members = clusters.entry(root).or_default();
                    if members.is_empty() {
                        order.push((Some(root), number));
                    }
                    members.push(number);
                }
                None => order.push((None, number)),
            }
        }
        for (root, number) in order {
            match root {
                None => self.take_over(other, number),
                Some(root) => {
                    let mut own = None;
                    for number in clusters.remove(&root).unwrap_or_default() {
                        own = self.take_entry(other, number, own);
                    }
                    if let Some(own) = own {
                        self.add_counts(other, root, own);
                    }
                }
            }
        }
        let theirs = other.books().stats;
        let mut books = self.books();
        books.stats.observed += theirs.observed;
        books.stats.joined += theirs.joined;
        books.stats.forgotten += theirs.forgotten;
        Ok(())
    }

    /// A single message.
    fn take_over(&self, other: &Self, number: u32) {
        let Some((sketch, sent)) = stored(other, number) else {
            return;
        };
        let keys = BandKeys::new(&self.keys, sketch.view());
        let matches = self.matches(&keys, &sketch, self.oldest(sent.at));
        let mut books = self.books();
        let written = self.record(&mut books, sent, &sketch, &keys, &matches);
        // It was counted where it was observed.
        books.stats.observed -= 1;
        drop(books);
        self.place(&keys, &written.placed);
    }

    /// An entry of a cluster. Gives the label of the cluster it went to.
    fn take_entry(&self, other: &Self, number: u32, own: Option<Label>) -> Option<Label> {
        let Some((sketch, sent)) = stored(other, number) else {
            return own;
        };
        let keys = BandKeys::new(&self.keys, sketch.view());
        let matches = self.matches(&keys, &sketch, self.oldest(sent.at));
        let mut books = self.books();
        let oldest = self.oldest(books.now);
        let mut root = own.and_then(|label| self.root(label));
        for found in matches.as_slice() {
            let Some(place) = self.entry(found.entry) else { continue };
            match (root, self.root(Label::load(&place.label))) {
                (Some(a), Some(b)) if a != b => root = Some(books.unite(&self.records, a, b)),
                (None, Some(b)) => root = Some(b),
                (_, Some(_)) => {}
                (known, None) => {
                    let opened = match known {
                        Some(root) => root,
                        None => books.open(&self.records, oldest)?,
                    };
                    self.adopt(&mut books, opened, found.entry);
                    root = Some(opened);
                }
            }
        }
        let root = match root {
            Some(root) => root,
            None => books.open(&self.records, oldest)?,
        };
        let label = books.label(&self.records, root);
        let placed = self.create(&mut books, sent, &sketch, &keys, label);
        drop(books);
        self.place(&keys, &placed);
        Some(label)
    }

    /// Adds the counts of a cluster of the other index to one here.
    fn add_counts(&self, other: &Self, theirs: u32, own: Label) {
        let Some(record) = other.books().record(theirs).cloned() else {
            return;
        };
        let Some(public) = other.records.get(theirs as usize) else {
            return;
        };
        let mut books = self.books();
        if let Some(root) = self.root(own) {
            books.add_record(&self.records, root, public, &record);
        }
    }
}

/// The sketch of an entry, and the message it stands for. The skeleton is not kept.
fn stored(index: &CampaignIndex, number: u32) -> Option<(Sketch, Sent)> {
    let mut hashes = [0; KEPT];
    let terms = index.entry(number)?.view(&mut hashes).terms;
    let sketch = Sketch::from_parts(hashes, u16::try_from(terms).ok()?, 0)?;
    Some((sketch, index.sent(number)?.load()))
}
