//! An index on disk: versioned, checksummed, and checked in every part when it is read.
//!
//! Everything is little-endian. Header: eight bytes of name and version, the limits, the seed, and how much of each part
//! follows. Then the entries, the records, the free records, the counts, and the cells of the table that are in use. At
//! the end a checksum of all before it. The cells are stored as they are, and not found again from the entries, so that an
//! index gives the same answers after a restart as it would have given without.

use std::io::{self, Read, Write};
use std::sync::atomic::Ordering::Relaxed;

use super::clusters::{Books, Record, TIMES, Times};
use super::hash::{Seed, fold};
use super::index::{CampaignIndex, IndexStats, Limits, unpack};
use super::senders::Senders;
use super::sketch::{BITS, KEPT};

/// "HKCAMP" and the version of the format. Since version 2 the hash of a term says whether it is a pair of common words.
const NAME: [u8; 8] = *b"HKCAMP\x00\x02";

/// Why a snapshot cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SnapshotError(#[from] Kind);

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error("the snapshot cannot be read or written: {0}")]
    Io(#[from] io::Error),
    #[error("this is no snapshot of a campaign index")]
    NotOne,
    #[error("the snapshot has format {0}, this version reads format {format}", format = NAME[7])]
    Version(u8),
    #[error("the snapshot holds up to {0} entries, more than the {1} allowed")]
    TooLarge(u64, u64),
    #[error("the snapshot is damaged: {0}")]
    Damaged(&'static str),
}

impl From<io::Error> for SnapshotError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Kind::Damaged("it ends too early").into()
        } else {
            Kind::Io(error).into()
        }
    }
}

fn damaged(what: &'static str) -> SnapshotError {
    Kind::Damaged(what).into()
}

/// A running checksum: order and place of every word matter. It finds damage, not forgery; every value is checked again
/// when it is read.
struct Sum(u64);

impl Sum {
    const START: Self = Self(0x243f_6a88_85a3_08d3);

    fn add(&mut self, word: u64) {
        self.0 = fold(self.0 ^ word, 0x9e37_79b9_7f4a_7c15).rotate_left(23) ^ word;
    }
}

struct Out<W> {
    to: W,
    sum: Sum,
}

impl<W: Write> Out<W> {
    fn word(&mut self, word: u64) -> io::Result<()> {
        self.sum.add(word);
        self.to.write_all(&word.to_le_bytes())
    }
}

struct In<R> {
    from: R,
    sum: Sum,
}

impl<R: Read> In<R> {
    fn word(&mut self) -> Result<u64, SnapshotError> {
        let mut bytes = [0; 8];
        self.from.read_exact(&mut bytes)?;
        let word = u64::from_le_bytes(bytes);
        self.sum.add(word);
        Ok(word)
    }

    fn time(&mut self) -> Result<i64, SnapshotError> {
        self.word().map(u64::cast_signed)
    }

    fn number(&mut self, what: &'static str) -> Result<u32, SnapshotError> {
        u32::try_from(self.word()?).map_err(|_| damaged(what))
    }

    fn below(&mut self, limit: usize, what: &'static str) -> Result<u32, SnapshotError> {
        let number = self.number(what)?;
        if (number as usize) < limit {
            Ok(number)
        } else {
            Err(damaged(what))
        }
    }
}

impl CampaignIndex {
    /// Writes the index, with its seed: whoever can read the snapshot can write texts that crowd the index.
    ///
    /// Observers wait until it is written, look-ups do not. Give it a [`BufWriter`](io::BufWriter), and write to a new file
    /// that then takes the place of the old one.
    ///
    /// # Errors
    ///
    /// `to` cannot be written.
    pub fn write_to(&self, to: impl Write) -> Result<(), SnapshotError> {
        let books = self.books();
        books.recent.settle_all(&self.settled, &self.table);
        let mut out = Out { to, sum: Sum::START };
        out.word(u64::from_le_bytes(NAME))?;
        out.word(self.limits.entries as u64)?;
        out.word(self.limits.max_age_s.cast_unsigned())?;
        out.word(self.limits.similarity.into())?;
        out.word(self.seed.0[0])?;
        out.word(self.seed.0[1])?;
        out.word(books.used.into())?;
        out.word(books.records.len() as u64)?;
        out.word(books.free.len() as u64)?;
        for number in 0..books.used {
            let (Some(entry), Some(sent)) = (self.entry(number), self.sent(number)) else {
                return Err(damaged("an entry is missing"));
            };
            out.word(entry.label.load(Relaxed))?;
            out.word(u64::from(entry.version.load(Relaxed)) << 32 | u64::from(entry.terms.load(Relaxed)))?;
            for word in &entry.hashes {
                out.word(word.load(Relaxed))?;
            }
            out.word(sent.id.load(Relaxed))?;
            out.word(sent.sender.load(Relaxed))?;
            out.word(sent.at.load(Relaxed).cast_unsigned())?;
        }
        for (record, public) in books.records.iter().zip(&self.records) {
            out.word(u64::from(public.generation.load(Relaxed)) << 32 | u64::from(public.copies.load(Relaxed)))?;
            out.word(public.senders.load(Relaxed).into())?;
            out.word(public.first.load(Relaxed).cast_unsigned())?;
            out.word(public.last.load(Relaxed).cast_unsigned())?;
            out.word(public.number.load(Relaxed))?;
            out.word(public.parent.load(Relaxed))?;
            out.word(u64::from(record.refs) << 32 | u64::from(record.entries))?;
            out.word(record.senders.hashes().len() as u64)?;
            for hash in record.senders.hashes() {
                out.word((*hash).into())?;
            }
            out.word(record.times.as_slice().len() as u64)?;
            for at in record.times.as_slice() {
                out.word(at.cast_unsigned())?;
            }
        }
        for slot in &books.free {
            out.word((*slot).into())?;
        }
        out.word(books.hand.into())?;
        out.word(books.record_hand.into())?;
        out.word(books.next_number)?;
        out.word(books.now.cast_unsigned())?;
        let stats = books.stats;
        for count in [
            stats.observed,
            stats.joined,
            stats.entries,
            stats.clusters,
            stats.evicted,
            stats.forgotten,
        ] {
            out.word(count)?;
        }
        // The cells of one line after the other, as far as they are filled.
        for line in &self.table.lines {
            let cells: Vec<u64> = line.0.iter().map(|c| c.load(Relaxed)).take_while(|c| *c != 0).collect();
            out.word(cells.len() as u64)?;
            for cell in cells {
                out.word(cell)?;
            }
        }
        let sum = out.sum.0;
        out.word(sum)?;
        out.to.flush()?;
        Ok(())
    }

    /// Reads an index that [`write_to`](Self::write_to) has written.
    ///
    /// `most` is the number of entries the reader has memory for: a snapshot of an index for more is refused before
    /// anything is taken.
    ///
    /// # Errors
    ///
    /// `from` cannot be read, is no snapshot, is of another version, is damaged anywhere, or is too large.
    pub fn read_from(from: impl Read, most: usize) -> Result<Self, SnapshotError> {
        let mut input = In { from, sum: Sum::START };
        let name = input.word()?.to_le_bytes();
        if name[..7] != NAME[..7] {
            return Err(Kind::NotOne.into());
        }
        if name[7] != NAME[7] {
            return Err(Kind::Version(name[7]).into());
        }
        let entries = input.word()?;
        if entries > most as u64 {
            return Err(Kind::TooLarge(entries, most as u64).into());
        }
        let limits = Limits {
            entries: entries as usize,
            max_age_s: input.time()?,
            similarity: input.number("a limit")?,
        };
        if limits.bounded() != limits {
            return Err(damaged("a limit"));
        }
        let seed = Seed([input.word()?, input.word()?]);
        let mut index = Self::new(seed, limits);
        let used = input.below(limits.entries + 1, "the number of entries")?;
        let records = input.below(index.records.len() + 1, "the number of clusters")? as usize;
        let free = input.below(records + 1, "the number of free records")? as usize;
        for number in 0..used {
            index.read_entry(number, records, &mut input)?;
        }
        let mut books = Books::new(index.records.len());
        for slot in 0..records {
            let record = index.read_record(slot, records, &mut input)?;
            books.records.push(record);
        }
        for _ in 0..free {
            books.free.push(input.below(records, "a free record")?);
        }
        books.used = used;
        books.hand = input.below(limits.entries, "the place of the hand")?;
        books.record_hand = input.below(index.records.len().max(1), "the place of the hand")?;
        books.next_number = input.word()?;
        books.now = input.time()?;
        books.stats = IndexStats {
            observed: input.word()?,
            joined: input.word()?,
            entries: input.word()?,
            clusters: input.word()?,
            evicted: input.word()?,
            forgotten: input.word()?,
            bytes: 0,
        };
        *index.books_mut() = books;
        for line in &index.table.lines {
            let cells = input.below(line.0.len() + 1, "a line of the table")? as usize;
            for cell in &line.0[..cells] {
                let word = input.word()?;
                if super::table::entry_of(word).is_none_or(|entry| entry >= used) {
                    return Err(damaged("a cell of the table"));
                }
                cell.store(word, Relaxed);
            }
        }
        let sum = input.sum.0;
        if input.word()? != sum {
            return Err(damaged("the checksum is wrong"));
        }
        if index.has_a_circle() {
            return Err(damaged("clusters in a circle"));
        }
        Ok(index)
    }

    fn read_entry(&self, number: u32, records: usize, input: &mut In<impl Read>) -> Result<(), SnapshotError> {
        let what = "an entry";
        let (entry, sent) = self.entry_to_write(number).ok_or_else(|| damaged(what))?;
        let label = input.word()?;
        let version_and_terms = input.word()?;
        let (version, terms) = ((version_and_terms >> 32) as u32, version_and_terms as u32);
        if label as u32 as usize > records || version % 2 == 1 || version == 0 {
            return Err(damaged(what));
        }
        let mut hashes = [0; KEPT];
        for (three, place) in hashes.chunks_exact_mut(3).zip(&entry.hashes) {
            let word = input.word()?;
            if word >> (3 * BITS) != 0 {
                return Err(damaged(what));
            }
            three.copy_from_slice(&unpack(word));
            place.store(word, Relaxed);
        }
        let kept = (terms as u16 as usize).min(KEPT);
        if kept == 0 || !hashes[..kept].windows(2).all(|w| w[0] < w[1]) || terms >> 17 != 0 {
            return Err(damaged(what));
        }
        entry.label.store(label, Relaxed);
        entry.version.store(version, Relaxed);
        entry.terms.store(terms, Relaxed);
        sent.id.store(input.word()?, Relaxed);
        sent.sender.store(input.word()?, Relaxed);
        sent.at.store(input.time()?, Relaxed);
        Ok(())
    }

    fn read_record(&self, slot: usize, records: usize, input: &mut In<impl Read>) -> Result<Record, SnapshotError> {
        let what = "a cluster";
        let public = self.records.get(slot).ok_or_else(|| damaged(what))?;
        let generation_and_copies = input.word()?;
        public.generation.store((generation_and_copies >> 32) as u32, Relaxed);
        public.copies.store(generation_and_copies as u32, Relaxed);
        public.senders.store(input.number(what)?, Relaxed);
        public.first.store(input.time()?, Relaxed);
        public.last.store(input.time()?, Relaxed);
        public.number.store(input.word()?, Relaxed);
        let parent = input.word()?;
        if parent as u32 as usize > records {
            return Err(damaged(what));
        }
        public.parent.store(parent, Relaxed);
        let refs_and_entries = input.word()?;
        let mut hashes = vec![0; input.below(super::senders::KEPT + 1, what)? as usize];
        for hash in &mut hashes {
            *hash = input.number(what)?;
        }
        let mut times = [0; TIMES];
        let timed = input.below(TIMES + 1, what)? as usize;
        for at in &mut times[..timed] {
            *at = input.time()?;
        }
        Ok(Record {
            refs: (refs_and_entries >> 32) as u32,
            entries: refs_and_entries as u32,
            senders: Senders::from_hashes(&hashes).ok_or_else(|| damaged(what))?,
            times: Times::from_slice(&times[..timed]).ok_or_else(|| damaged(what))?,
        })
    }

    /// Whether the way from some record to its root never ends.
    fn has_a_circle(&self) -> bool {
        let n = self.records.len();
        // 0 not seen, 1 on the way, 2 known to end.
        let mut state = vec![0u8; n];
        for start in 0..n {
            let mut way = Vec::new();
            let mut at = start;
            while state[at] == 0 {
                state[at] = 1;
                way.push(at);
                match self.up(at) {
                    Some(up) => at = up,
                    None => break,
                }
            }
            let ends = state[at] == 2 || self.up(at).is_none();
            if !ends {
                return true;
            }
            for slot in way {
                state[slot] = 2;
            }
        }
        false
    }

    /// The record that another one was united with.
    fn up(&self, slot: usize) -> Option<usize> {
        let label = super::clusters::Label::load(&self.records.get(slot)?.parent);
        let up = label.slot()? as usize;
        let same = self.records.get(up)?.generation.load(Relaxed) == label.generation();
        same.then_some(up)
    }
}
