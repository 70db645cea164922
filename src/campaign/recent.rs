//! The latest entries: what a thread that looked into the table a moment ago may have missed.
//!
//! An entry is written under the lock, but its cells go into the table after the lock is given back, since that is most of the
//! work. So that of two threads with copies of one template only one opens a cluster, whoever holds the lock looks through the
//! entries whose cells were not in the table yet when it searched there. Most often there is none, or one.

use std::sync::atomic::{AtomicU64, Ordering};

use super::table::{BandKeys, Candidates, Table};

/// Entries that may wait for their cells: more than there are threads in the middle of an observation. The next one puts the
/// cells of the longest waiting into the table itself.
const RECENT: u64 = 64;

/// How far the cells of all entries are in the table. Entries are counted in the order of their writing.
pub(super) struct Settled {
    count: AtomicU64,
    /// At the place of each of the latest entries: its number plus one, once its cells are in the table.
    done: [AtomicU64; RECENT as usize],
}

impl Settled {
    pub(super) fn new() -> Self {
        Self {
            count: AtomicU64::new(0),
            done: [const { AtomicU64::new(0) }; RECENT as usize],
        }
    }

    /// The cells of so many entries were in the table before this call.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    fn done(&self, number: u64) -> &AtomicU64 {
        &self.done[(number % RECENT) as usize]
    }

    /// The cells of an entry are in the table. Also if others have said so before.
    pub(super) fn settle(&self, number: u64) {
        self.done(number).fetch_max(number + 1, Ordering::SeqCst);
        loop {
            let count = self.count();
            if self.done(count).load(Ordering::SeqCst) != count + 1 {
                return;
            }
            // If it fails, another thread has counted on from here.
            let _ = self
                .count
                .compare_exchange(count, count + 1, Ordering::SeqCst, Ordering::SeqCst);
        }
    }
}

/// The latest entries, under the lock.
#[derive(Debug)]
pub(super) struct Recent {
    /// Entries written so far.
    written: u64,
    slots: Box<[Slot]>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    keys: BandKeys,
    entry: u32,
    kept: bool,
}

impl Recent {
    pub(super) fn new() -> Self {
        let empty = Slot {
            keys: BandKeys::NONE,
            entry: 0,
            kept: false,
        };
        Self {
            written: 0,
            slots: vec![empty; RECENT as usize].into(),
        }
    }

    fn slot(&self, number: u64) -> &Slot {
        &self.slots[(number % RECENT) as usize]
    }

    /// An entry was written, and will be put into the table. Gives its number for [`Settled::settle`].
    pub(super) fn add(&mut self, keys: &BandKeys, entry: u32, kept: bool, settled: &Settled, table: &Table) -> u64 {
        if self.written >= settled.count() + RECENT {
            self.settle(self.written - RECENT, settled, table);
        }
        let number = self.written;
        self.written += 1;
        self.slots[(number % RECENT) as usize] = Slot {
            keys: *keys,
            entry,
            kept,
        };
        number
    }

    /// Does for another thread what it has not come to yet.
    fn settle(&self, number: u64, settled: &Settled, table: &Table) {
        let slot = self.slot(number);
        table.insert(&slot.keys, slot.entry, slot.kept);
        settled.settle(number);
    }

    /// Puts all cells into the table.
    pub(super) fn settle_all(&self, settled: &Settled, table: &Table) {
        for number in settled.count()..self.written {
            self.settle(number, settled, table);
        }
    }

    /// Candidates among the entries whose cells were not in the table yet when [`Settled::count`] gave `since`. `None` if
    /// there are none.
    pub(super) fn missed(&self, since: u64, keys: &BandKeys, table: &Table) -> Option<Candidates> {
        let first = since.max(self.written.saturating_sub(RECENT));
        let latest = (first..self.written).map(|number| self.slot(number));
        // More has come since than is remembered: the rest of that is in the table by now.
        let forgotten = first > since;
        if !forgotten && !latest.clone().any(|slot| slot.keys.shared(keys) > 0) {
            return None;
        }
        let mut candidates = table.find(keys);
        for slot in latest {
            (0..slot.keys.shared(keys)).for_each(|_| candidates.add(slot.entry));
        }
        Some(candidates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::hash::mix;
    use crate::campaign::table::BANDS;

    fn keys(of: u64) -> BandKeys {
        BandKeys(std::array::from_fn(|i| mix(of << 8 | i as u64)))
    }

    #[test]
    fn what_is_not_in_the_table_yet_is_found_among_the_latest() {
        let (table, settled, mut recent) = (Table::new(1000), Settled::new(), Recent::new());
        assert!(recent.missed(settled.count(), &keys(1), &table).is_none());
        let since = settled.count();
        let number = recent.add(&keys(1), 7, false, &settled, &table);
        let mut found = recent.missed(since, &keys(1), &table).unwrap();
        assert_eq!(found.best(9), [(7, BANDS as u32)]);
        assert!(recent.missed(since, &keys(2), &table).is_none());
        table.insert(&keys(1), 7, false);
        settled.settle(number);
        assert!(recent.missed(settled.count(), &keys(1), &table).is_none());
    }

    #[test]
    fn nobody_waits_for_a_thread_that_sleeps() {
        let (table, settled, mut recent) = (Table::new(10_000), Settled::new(), Recent::new());
        let since = settled.count();
        // The first never says that it is done; all others do.
        for i in 0..RECENT + 10 {
            let number = recent.add(&keys(i), i as u32, false, &settled, &table);
            if i > 0 {
                table.insert(&keys(i), i as u32, false);
                settled.settle(number);
            }
        }
        assert_eq!(settled.count(), RECENT + 10);
        // Who searched before all that finds the oldest too.
        for of in [0, 1, RECENT + 9] {
            let mut found = recent.missed(since, &keys(of), &table).unwrap();
            assert_eq!(found.best(9)[0].0, of as u32);
        }
        // Late, and already done by another: nothing goes back.
        settled.settle(0);
        assert_eq!(settled.count(), RECENT + 10);
        recent.add(&keys(99), 99, false, &settled, &table);
        assert_eq!(settled.count(), RECENT + 10);
        recent.settle_all(&settled, &table);
        assert_eq!(settled.count(), RECENT + 11);
    }

    #[test]
    fn threads_that_settle_in_any_order_come_to_the_same_count() {
        let settled = Settled::new();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let settled = &settled;
                scope.spawn(move || (0..RECENT / 4).for_each(|i| settled.settle(i * 4 + thread)));
            }
        });
        assert_eq!(settled.count(), RECENT);
    }
}
