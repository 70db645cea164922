//! What is known of each cluster: counts that anyone may read, and books that one thread at a time may change.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering, fence};

use super::cadence::Cadence;
use super::index::IndexStats;
use super::recent::Recent;
use super::senders::Senders;
use crate::message::CampaignFacts;
use crate::time::Timestamp;

/// Times of sending that are kept of a cluster: the latest.
pub(super) const TIMES: usize = 16;

/// Entries for each record of a cluster. A stream of nothing but pairs runs out of records before entries, and then the
/// stalest cluster is forgotten.
const ENTRIES_PER_RECORD: usize = 8;

/// Records that are looked at in search of the stalest.
const LOOKED_AT: usize = 16;

/// Points to a record of a certain generation, so that it means nothing once the record is used for another cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(pub(super) u64);

impl Label {
    pub(super) const NONE: Self = Self(0);

    fn new(generation: u32, slot: u32) -> Self {
        Self(u64::from(generation) << 32 | u64::from(slot + 1))
    }

    pub(super) fn load(place: &AtomicU64) -> Self {
        Self(place.load(Ordering::Acquire))
    }

    pub(super) fn slot(self) -> Option<u32> {
        (self.0 as u32).checked_sub(1)
    }

    pub(super) fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// The part of a record that is read without a lock.
#[derive(Default)]
pub(super) struct Public {
    pub(super) generation: AtomicU32,
    pub(super) copies: AtomicU32,
    pub(super) senders: AtomicU32,
    pub(super) first: AtomicI64,
    pub(super) last: AtomicI64,
    pub(super) number: AtomicU64,
    /// The record this one was united with.
    pub(super) parent: AtomicU64,
}

impl Public {
    /// Counts, and when the last copy was sent. `None` if the record changes hands meanwhile.
    pub(super) fn facts(&self) -> Option<(CampaignFacts, i64)> {
        let generation = self.generation.load(Ordering::Acquire);
        // Senders first: they are written last, so there are never more of them than copies.
        let senders = self.senders.load(Ordering::Acquire);
        let copies = self.copies.load(Ordering::Relaxed);
        let (first, last) = (self.first.load(Ordering::Relaxed), self.last.load(Ordering::Relaxed));
        fence(Ordering::Acquire);
        if copies == 0 || self.generation.load(Ordering::Relaxed) != generation {
            return None;
        }
        let facts = CampaignFacts {
            copies: Some(copies),
            distinct_senders: (senders > 0).then_some(senders),
            first_seen: Some(Timestamp::from_seconds(first)),
            ..CampaignFacts::default()
        };
        Some((facts, last))
    }
}

/// The latest times of sending, in rising order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    latest: [i64; TIMES],
    len: u8,
}

impl Times {
    pub(super) fn as_slice(&self) -> &[i64] {
        &self.latest[..usize::from(self.len).min(TIMES)]
    }

    /// From stored ones: not too many, and in rising order.
    pub(super) fn from_slice(times: &[i64]) -> Option<Self> {
        let mut latest = [0; TIMES];
        latest.get_mut(..times.len())?.copy_from_slice(times);
        let len = times.len() as u8;
        times.is_sorted().then_some(Self { latest, len })
    }

    fn add(&mut self, at: i64) {
        let len = usize::from(self.len);
        let place = self.as_slice().partition_point(|t| *t <= at);
        if len < TIMES {
            self.latest.copy_within(place..len, place + 1);
            self.latest[place] = at;
            self.len += 1;
        } else if place > 0 {
            // The earliest gives way.
            self.latest.copy_within(1..place, 0);
            self.latest[place - 1] = at;
        }
    }

    /// Says in the facts how regularly the copies come.
    pub(super) fn describe(&self, facts: &mut CampaignFacts) {
        Cadence::describe_times::<TIMES>(self.as_slice(), facts);
    }
}

/// The part of a record that only the holder of the lock sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Entries and united records that point here; without any, the record is free.
    pub(super) refs: u32,
    /// Entries of the whole cluster, at its root.
    pub(super) entries: u32,
    pub(super) senders: Senders,
    pub(super) times: Times,
}

/// What changes with every message.
#[derive(Debug)]
pub(super) struct Books {
    pub(super) records: Vec<Record>,
    pub(super) free: Vec<u32>,
    /// Entries that were written at least once.
    pub(super) used: u32,
    /// The next entry to be given up.
    pub(super) hand: u32,
    /// The next record to be looked at when there is none left.
    pub(super) record_hand: u32,
    pub(super) next_number: u64,
    /// The latest time seen.
    pub(super) now: i64,
    pub(super) stats: IndexStats,
    /// The latest entries, whose cells may not be in the table yet.
    pub(super) recent: Recent,
}

impl Books {
    /// Records for an index of that many entries.
    pub(super) fn room(entries: usize) -> usize {
        entries / ENTRIES_PER_RECORD
    }

    pub(super) fn new(records: usize) -> Self {
        Self {
            // Reserved, so that it never moves; the system gives the memory when it is first used.
            records: Vec::with_capacity(records),
            free: Vec::with_capacity(records),
            used: 0,
            hand: 0,
            record_hand: 0,
            next_number: 0,
            now: i64::MIN,
            stats: IndexStats::default(),
            recent: Recent::new(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.records.capacity() * size_of::<Record>() + self.free.capacity() * size_of::<u32>()
    }

    pub(super) fn record(&self, slot: u32) -> Option<&Record> {
        self.records.get(slot as usize)
    }

    /// The records at the root of a cluster.
    pub(super) fn roots<'b>(&'b self, records: &'b [Public]) -> impl Iterator<Item = u32> + 'b {
        let root = |(_, public): &(u32, &Public)| {
            public.copies.load(Ordering::Relaxed) > 0 && Label::load(&public.parent) == Label::NONE
        };
        (0..self.records.len() as u32)
            .zip(records)
            .filter(root)
            .map(|(slot, _)| slot)
    }

    /// The label that points to a record now.
    pub(super) fn label(&self, records: &[Public], slot: u32) -> Label {
        records.get(slot as usize).map_or(Label::NONE, |public| {
            Label::new(public.generation.load(Ordering::Relaxed), slot)
        })
    }

    /// A record for a new cluster; if there is none left, that of the stalest of a few.
    pub(super) fn open(&mut self, records: &[Public], oldest: i64) -> Option<u32> {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None if self.records.len() < records.len() => {
                self.records.push(Record::default());
                self.records.len() as u32 - 1
            }
            None => {
                let n = records.len();
                let last = |slot: usize| records[slot].last.load(Ordering::Relaxed);
                let stalest = (0..LOOKED_AT.min(n))
                    .map(|i| (self.record_hand as usize + i) % n)
                    .filter(|slot| Label::load(&records[*slot].parent) == Label::NONE)
                    .min_by_key(|slot| last(*slot))?;
                self.record_hand = ((self.record_hand as usize + LOOKED_AT) % n) as u32;
                self.stats.forgotten += u64::from(last(stalest) >= oldest);
                self.release(records, stalest as u32);
                self.free.pop()?
            }
        };
        let public = records.get(slot as usize)?;
        public.number.store(self.next_number, Ordering::Relaxed);
        self.next_number += 1;
        self.stats.clusters += 1;
        Some(slot)
    }

    /// Frees a record; labels that point to it become void.
    fn release(&mut self, records: &[Public], slot: u32) {
        let (Some(public), Some(record)) = (records.get(slot as usize), self.records.get_mut(slot as usize)) else {
            return;
        };
        *record = Record::default();
        if Label::load(&public.parent) == Label::NONE {
            self.stats.clusters = self.stats.clusters.saturating_sub(1);
        }
        // Wraps after four billion clusters in one slot.
        let generation = public.generation.load(Ordering::Relaxed).wrapping_add(1);
        public.generation.store(generation, Ordering::Release);
        public.parent.store(Label::NONE.0, Ordering::Relaxed);
        public.senders.store(0, Ordering::Relaxed);
        public.copies.store(0, Ordering::Relaxed);
        public.first.store(i64::MAX, Ordering::Relaxed);
        public.last.store(i64::MIN, Ordering::Relaxed);
        self.free.push(slot);
    }

    /// The record a label points to, if it still does.
    fn valid(records: &[Public], label: Label) -> Option<u32> {
        let slot = label.slot()?;
        let public = records.get(slot as usize)?;
        (public.generation.load(Ordering::Relaxed) == label.generation()).then_some(slot)
    }

    /// The record at the root of a label.
    fn root(records: &[Public], label: Label) -> Option<u32> {
        let mut slot = Self::valid(records, label)?;
        loop {
            let parent = Label::load(&records.get(slot as usize)?.parent);
            if parent == Label::NONE {
                return Some(slot);
            }
            slot = Self::valid(records, parent)?;
        }
    }

    /// An entry gets a label.
    pub(super) fn enter(&mut self, records: &[Public], label: Label) {
        if let Some(slot) = Self::valid(records, label) {
            self.records[slot as usize].refs += 1;
        }
        if let Some(root) = Self::root(records, label) {
            self.records[root as usize].entries += 1;
        }
    }

    /// An entry loses its label.
    pub(super) fn leave(&mut self, records: &[Public], label: Label) {
        let Some(mut slot) = Self::valid(records, label) else {
            return;
        };
        if let Some(root) = Self::root(records, label) {
            let entries = &mut self.records[root as usize].entries;
            *entries = entries.saturating_sub(1);
        }
        loop {
            let refs = &mut self.records[slot as usize].refs;
            *refs = refs.saturating_sub(1);
            if *refs > 0 {
                return;
            }
            let parent = Label::load(&records[slot as usize].parent);
            self.release(records, slot);
            match Self::valid(records, parent) {
                Some(up) => slot = up,
                None => return,
            }
        }
    }

    /// An entry loses its label to make room; a cluster that ends by it is counted if it was alive.
    pub(super) fn leave_for_room(&mut self, records: &[Public], label: Label, oldest: i64) {
        let root = Self::root(records, label);
        let ends = root.is_some_and(|r| {
            self.records[r as usize].entries <= 1 && records[r as usize].last.load(Ordering::Relaxed) >= oldest
        });
        self.stats.forgotten += u64::from(ends);
        self.leave(records, label);
    }

    /// Makes two clusters one, and gives the record of it.
    ///
    /// The record with more entries stays the root, so that the way to the root is short; the smaller number stays too.
    pub(super) fn unite(&mut self, records: &[Public], a: u32, b: u32) -> u32 {
        let entries = |slot: u32| self.records[slot as usize].entries;
        let (root, other) = if entries(a) >= entries(b) { (a, b) } else { (b, a) };
        let moved = std::mem::take(&mut self.records[other as usize]);
        let (above, below) = (&records[root as usize], &records[other as usize]);
        let label = self.label(records, root);
        let record = &mut self.records[root as usize];
        record.refs += 1;
        record.entries += moved.entries;
        record.senders.unite(&moved.senders);
        for at in moved.times.as_slice() {
            record.times.add(*at);
        }
        let senders = record.senders.count();
        self.records[other as usize].refs = moved.refs;
        let get = |place: &AtomicU32| place.load(Ordering::Relaxed);
        above
            .copies
            .store(get(&above.copies).saturating_add(get(&below.copies)), Ordering::Relaxed);
        above.senders.store(senders, Ordering::Release);
        above
            .first
            .fetch_min(below.first.load(Ordering::Relaxed), Ordering::Relaxed);
        above
            .last
            .fetch_max(below.last.load(Ordering::Relaxed), Ordering::Relaxed);
        above
            .number
            .fetch_min(below.number.load(Ordering::Relaxed), Ordering::Relaxed);
        below.parent.store(label.0, Ordering::Release);
        self.stats.clusters = self.stats.clusters.saturating_sub(1);
        root
    }

    /// Counts copies of a sender.
    pub(super) fn add(&mut self, records: &[Public], root: u32, copies: u32, sender: u64, at: i64) {
        let (Some(public), Some(record)) = (records.get(root as usize), self.records.get_mut(root as usize)) else {
            return;
        };
        record.senders.add(sender);
        record.times.add(at);
        let senders = record.senders.count();
        let before = public.copies.load(Ordering::Relaxed);
        if before == 0 {
            public.first.store(at, Ordering::Relaxed);
            public.last.store(at, Ordering::Relaxed);
        } else {
            public.first.fetch_min(at, Ordering::Relaxed);
            public.last.fetch_max(at, Ordering::Relaxed);
        }
        public.copies.store(before.saturating_add(copies), Ordering::Relaxed);
        public
            .senders
            .store(senders.min(before.saturating_add(copies)), Ordering::Release);
    }

    /// Adds the counts of a cluster of another index.
    pub(super) fn add_record(&mut self, records: &[Public], root: u32, theirs: &Public, their: &Record) {
        let (Some(public), Some(record)) = (records.get(root as usize), self.records.get_mut(root as usize)) else {
            return;
        };
        record.senders.unite(&their.senders);
        for at in their.times.as_slice() {
            record.times.add(*at);
        }
        let before = public.copies.load(Ordering::Relaxed);
        let copies = before.saturating_add(theirs.copies.load(Ordering::Relaxed));
        let (first, last) = (
            theirs.first.load(Ordering::Relaxed),
            theirs.last.load(Ordering::Relaxed),
        );
        if before == 0 {
            public.first.store(first, Ordering::Relaxed);
            public.last.store(last, Ordering::Relaxed);
        } else {
            public.first.fetch_min(first, Ordering::Relaxed);
            public.last.fetch_max(last, Ordering::Relaxed);
        }
        public.copies.store(copies, Ordering::Relaxed);
        public
            .senders
            .store(record.senders.count().min(copies), Ordering::Release);
        self.now = self.now.max(last);
    }

    /// The latest times of sending of a cluster.
    pub(super) fn times(&self, root: u32) -> Times {
        self.record(root).map(|r| r.times).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_times_are_kept_in_order() {
        let mut times = Times::default();
        for at in (0..40).map(|i| (i * 7) % 40) {
            times.add(at);
        }
        assert_eq!(times.as_slice(), (24..40).collect::<Vec<i64>>());
        times.add(3);
        assert_eq!(times.as_slice()[0], 24);
        assert_eq!(
            Times::from_slice(times.as_slice()).unwrap().as_slice(),
            times.as_slice()
        );
        assert!(Times::from_slice(&[2, 1]).is_none() && Times::from_slice(&[0; TIMES + 1]).is_none());
    }
}
