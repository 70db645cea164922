//! Where sketches are found: a table of fixed size from band keys to entries.
//!
//! Locality-sensitive hashing by one-permutation MinHash (Li, Owen and Zhang, *One Permutation Hashing*, 2012) with
//! optimal densification of empty lanes (Shrivastava, *Optimal Densification for Fast and Accurate Minwise Hashing*,
//! 2017). A band is two neighbouring lanes; two sketches of similarity J share a given band with probability about J².
//!
//! The table is set-associative, like a processor's cache: a band key names one line of eight cells, and when a line is
//! full, the oldest cell in it gives way. So a look-up costs one line a band, whatever the stream is made of, and many
//! equal keys can only crowd their own line: of one key, a line keeps the newest four. Cells of entries that belong to a
//! cluster hold half of a line against entries that are alone, so that a flood of single messages does not put a living
//! cluster out of reach. A cell that outlives its entry leads to a comparison that fails, and soon gives way.

use std::sync::atomic::{AtomicU64, Ordering};

use super::hash::{Keys, fold, mix};
use super::sketch::View;

/// Bands, and lanes: band `i` is made of the lanes `i` and `i + 1`.
pub(super) const BANDS: usize = 14;

/// Cells of a line: one cache line.
pub(super) const CELLS: usize = 8;

/// The most cells of a line that one key may take.
const SAME_KEY: usize = 4;

/// The cells of a line that entries of clusters hold against entries that are alone.
const KEPT_CELLS: usize = 4;

/// Marks the cell of an entry that belongs to a cluster. Entries are numbered below two to the 27th.
const CLUSTER: u64 = 1 << 31;

/// The entry that a cell leads to.
pub(super) fn entry_of(cell: u64) -> Option<u32> {
    (cell as u32 & !(CLUSTER as u32)).checked_sub(1)
}

/// The band keys of a sketch.
#[derive(Clone, Copy, Debug)]
pub(super) struct BandKeys(pub(super) [u64; BANDS]);

impl BandKeys {
    /// Keys of nothing.
    pub(super) const NONE: Self = Self([0; BANDS]);

    /// Bands that two sketches share.
    pub(super) fn shared(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| u32::from(a == b)).sum()
    }

    pub(super) fn new(keys: &Keys, sketch: View<'_>) -> Self {
        let mut lanes = [u32::MAX; BANDS];
        for &hash in sketch.hashes {
            let spread = fold(u64::from(hash) ^ keys.lane[0], keys.lane[1]);
            let lane = (((spread >> 32) * BANDS as u64) >> 32) as usize;
            lanes[lane] = lanes[lane].min(spread as u32 & !1);
        }
        let filled = lanes;
        for (i, lane) in lanes.iter_mut().enumerate() {
            // An odd value never comes from a word pair. A set that has any fills at least one lane.
            let mut step = 0;
            while *lane == u32::MAX && step < 1024 {
                let from = mix((i as u64) << 32 | step) as usize % BANDS;
                *lane = filled[from];
                step += 1;
            }
        }
        let mut bands = [0; BANDS];
        for (i, band) in bands.iter_mut().enumerate() {
            let pair = u64::from(lanes[i]) << 32 | u64::from(lanes[(i + 1) % BANDS]);
            *band = fold(pair ^ keys.band[0], keys.band[1].wrapping_add(2 * i as u64));
        }
        Self(bands)
    }
}

/// One cache line: cells with the newest first. A cell is a tag of 32 bits above the number of an entry plus one.
#[derive(Default)]
#[repr(align(64))]
pub(super) struct Line(pub(super) [AtomicU64; CELLS]);

pub(super) struct Table {
    pub(super) lines: Box<[Line]>,
}

/// Entries that share bands with a sketch: number, and how many bands, the most first.
pub(super) struct Candidates {
    list: [(u32, u32); Candidates::ROOM],
    len: usize,
}

impl Candidates {
    /// Different entries that are gathered: what a hostile line-up of keys can cost.
    const ROOM: usize = 32;

    pub(super) fn add(&mut self, entry: u32) {
        if let Some(known) = self.list[..self.len].iter_mut().find(|c| c.0 == entry) {
            known.1 += 1;
        } else if let Some(place) = self.list.get_mut(self.len) {
            *place = (entry, 1);
            self.len += 1;
        }
    }

    /// The most promising `n`, in an order that depends on nothing but the table.
    pub(super) fn best(&mut self, n: usize) -> &[(u32, u32)] {
        let list = &mut self.list[..self.len];
        if list.len() > 1 {
            list.sort_unstable_by_key(|&(entry, bands)| (std::cmp::Reverse(bands), entry));
        }
        &list[..list.len().min(n)]
    }
}

impl Table {
    /// Room for the keys of `entries` sketches.
    pub(super) fn new(entries: usize) -> Self {
        let lines = (entries * BANDS).div_ceil(CELLS).max(BANDS);
        Self {
            lines: (0..lines).map(|_| Line::default()).collect(),
        }
    }

    fn line(&self, key: u64) -> Option<&Line> {
        // The upper half of the key chooses the line, the lower half is the tag.
        self.lines.get((((key >> 32) * self.lines.len() as u64) >> 32) as usize)
    }

    /// The entries that share a band.
    pub(super) fn find(&self, keys: &BandKeys) -> Candidates {
        let mut candidates = Candidates {
            list: [(0, 0); Candidates::ROOM],
            len: 0,
        };
        // First a word of every line, so that the memory fetches all of them at once and not one after the other.
        let mut newest = [0; BANDS];
        for (cell, key) in newest.iter_mut().zip(&keys.0) {
            *cell = self.line(*key).map_or(0, |line| line.0[0].load(Ordering::Relaxed));
        }
        for (cell, key) in newest.iter().zip(&keys.0) {
            // Lines fill from the front.
            if *cell == 0 {
                continue;
            }
            let Some(line) = self.line(*key) else { continue };
            // All cells without a branch first: most lines hold nothing of this key.
            let is_key = |cell: &AtomicU64| cell.load(Ordering::Relaxed) >> 32 == u64::from(*key as u32);
            let cells = line.0.iter().map(is_key).enumerate();
            let mut hits = cells.fold(0u32, |hits, (i, hit)| hits | u32::from(hit) << i);
            while hits != 0 {
                let cell = line.0[hits.trailing_zeros() as usize % CELLS].load(Ordering::Relaxed);
                if let Some(entry) = entry_of(cell) {
                    candidates.add(entry);
                }
                hits &= hits - 1;
            }
        }
        candidates
    }

    /// Puts an entry under its keys, in front. `kept` says that the entry belongs to a cluster.
    ///
    /// Two threads in one line at a time may lose or double a cell: that costs a hint, never a wrong answer, since every
    /// candidate is compared.
    pub(super) fn insert(&self, keys: &BandKeys, entry: u32, kept: bool) {
        for key in &keys.0 {
            let Some(line) = self.line(*key) else { continue };
            let tag = u64::from(*key as u32) << 32;
            let new = tag | u64::from(entry + 1) | if kept { CLUSTER } else { 0 };
            let mut cells = [0; CELLS];
            let (mut filled, mut same, mut clusters) = (0, 0, usize::from(kept));
            let mut again = CELLS;
            for (i, (cell, place)) in cells.iter_mut().zip(&line.0).enumerate() {
                *cell = place.load(Ordering::Relaxed);
                if *cell == 0 {
                    break;
                }
                filled += 1;
                if (*cell ^ new) & !CLUSTER == 0 {
                    again = i;
                }
                same += usize::from(*cell >> 32 == tag >> 32);
                clusters += usize::from(*cell & CLUSTER != 0);
            }
            let oldest = |which: &dyn Fn(u64) -> bool| cells[..filled].iter().rposition(|c| which(*c));
            // The cell that gives way, or the first empty one.
            let gap = if again < filled {
                again
            } else if same >= SAME_KEY {
                oldest(&|c| c >> 32 == tag >> 32).unwrap_or(CELLS - 1)
            } else if filled < CELLS {
                filled
            } else {
                oldest(&|c| (c & CLUSTER != 0) == (clusters > KEPT_CELLS)).unwrap_or(CELLS - 1)
            };
            let mut moved = new;
            for (cell, place) in cells.iter().zip(&line.0).take(gap + 1) {
                place.store(moved, Ordering::Relaxed);
                moved = *cell;
            }
        }
    }
}
