//! The index: many sketches, which of them belong together, and what is known of each cluster.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering, fence};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::cadence::Cadence;
use super::clusters::{Books, Label, Public, Times};
use super::hash::{Keys, Seed, fold};
use super::recent::Settled;
use super::sketch::{BITS, KEPT, Sketch, View, copies};
use super::table::{BandKeys, Candidates, Table};
use crate::message::CampaignFacts;
use crate::time::Timestamp;

/// Candidates that are compared, at most.
const COMPARED: usize = 12;

/// From this similarity on (thousandths) a copy teaches nothing new and takes no entry of its own.
const SAME: u32 = 900;

/// Entries of one cluster, at most: different wordings by which further copies are found.
const EXEMPLARS: u32 = 32;

/// Entries that are spared in search of one to give up.
const SPARED: usize = 8;

/// How much an index may keep, and what it takes for a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Sketches that are kept, 64 to 100 million; the index takes at most 400 bytes for each. Near-identical copies share
    /// one. The default is 100,000.
    pub entries: usize,
    /// Seconds after which a cluster without new copies, or a single message, counts as never seen. The default is 400
    /// days.
    pub max_age_s: i64,
    /// How alike two texts must be, in thousandths, to be copies of one template; at least 450 where pairs of common words
    /// count, as in short texts. The default, 260, was chosen on measured curves: see `examples/campaign_curve`.
    pub similarity: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 100_000,
            max_age_s: 400 * 86_400,
            similarity: 260,
        }
    }
}

impl Limits {
    /// Keeps at most this many sketches.
    #[must_use]
    pub fn entries(mut self, entries: usize) -> Self {
        self.entries = entries;
        self
    }

    /// Forgets after this many seconds.
    #[must_use]
    pub fn max_age_s(mut self, seconds: i64) -> Self {
        self.max_age_s = seconds;
        self
    }

    /// Takes texts for copies from this similarity on, in thousandths.
    #[must_use]
    pub fn similarity(mut self, thousandths: u32) -> Self {
        self.similarity = thousandths;
        self
    }

    /// Within what an index can hold.
    pub(super) fn bounded(self) -> Self {
        Self {
            entries: self.entries.clamp(64, 100_000_000),
            max_age_s: self.max_age_s.max(1),
            similarity: self.similarity.clamp(1, 1000),
        }
    }
}

/// One message as an index sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// The caller's number for the message.
    pub id: u64,
    /// The caller's number for the account that sent it, if known.
    pub sender: Option<u64>,
    /// When it was sent, or else seen.
    pub at: Timestamp,
}

impl Seen {
    /// A message of an unknown sender.
    pub fn new(id: u64, at: Timestamp) -> Self {
        Self { id, sender: None, at }
    }

    /// Sets the sender.
    #[must_use]
    pub fn sender(mut self, sender: u64) -> Self {
        self.sender = Some(sender);
        self
    }
}

/// The entry that stands for a message in its index, until the entry is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryRef {
    entry: u32,
    version: u32,
}

/// What an index says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation {
    /// Copies, senders and first sighting, this message included, from what was seen before it.
    pub facts: CampaignFacts,
    /// The similarity of the most similar text seen before, in thousandths; 0 if there is none.
    pub similarity: u32,
    /// Asks the index again later, when more copies may have come.
    pub entry: EntryRef,
    /// Clusters that turned out to be one, besides the first.
    pub united: u32,
    /// Living clusters of at least two copies that had to be forgotten to make room. Copies that come later count
    /// from one; more [`Limits::entries`] would have kept them.
    pub forgotten: u32,
}

/// A cluster of copies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cluster {
    /// Its number: clusters are numbered as they are found, and one that is united with others keeps the smallest.
    pub number: u64,
    /// Copies seen.
    pub copies: u32,
    /// Different senders: exact up to 48, then estimated within about a seventh. 0 if no sender was known.
    pub senders: u32,
    /// When the first copy was sent.
    pub first_seen: Timestamp,
    /// When the last copy was sent.
    pub last_seen: Timestamp,
    /// The rhythm of the last sixteen copies, from five on.
    pub cadence: Option<Cadence>,
}

/// What an index has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexStats {
    /// Messages observed.
    pub observed: u64,
    /// Messages that joined an earlier one.
    pub joined: u64,
    /// Entries in use.
    pub entries: u64,
    /// Clusters of at least two copies.
    pub clusters: u64,
    /// Entries given up to make room.
    pub evicted: u64,
    /// Living clusters forgotten to make room.
    pub forgotten: u64,
    /// Bytes taken.
    pub bytes: u64,
}

/// A kept sketch. Written under the lock of the books; read by anyone, with a version that tells whether the reading is
/// whole: it is odd while the entry is written, and zero before it ever was.
///
/// Three cache lines, in this order: the first one holds what decides whether an entry is compared.
#[derive(Default)]
#[repr(C, align(64))]
pub(super) struct Entry {
    pub(super) label: AtomicU64,
    pub(super) version: AtomicU32,
    /// Different terms; bit 16 says that a copy was found by this entry since the hand last passed.
    pub(super) terms: AtomicU32,
    /// Three hashes to a word.
    pub(super) hashes: [AtomicU64; KEPT / 3],
}

/// Words of an entry's hashes in its first cache line.
const FIRST: usize = 6;

const _: () = assert!(size_of::<Entry>() == 192 && std::mem::offset_of!(Entry, hashes) + FIRST * 8 == 64);

/// The message that an entry stands for: the caller's number, the keyed hash of the sender, zero if unknown, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) id: u64,
    pub(super) sender: u64,
    pub(super) at: i64,
}

/// Where an index keeps it.
#[derive(Default)]
pub(super) struct SentCell {
    pub(super) id: AtomicU64,
    pub(super) sender: AtomicU64,
    pub(super) at: AtomicI64,
}

impl SentCell {
    pub(super) fn load(&self) -> Sent {
        Sent {
            id: self.id.load(Ordering::Relaxed),
            sender: self.sender.load(Ordering::Relaxed),
            at: self.at.load(Ordering::Relaxed),
        }
    }

    fn store(&self, sent: Sent) {
        self.id.store(sent.id, Ordering::Relaxed);
        self.sender.store(sent.sender, Ordering::Relaxed);
        self.at.store(sent.at, Ordering::Relaxed);
    }
}

/// Entries that are allocated together.
pub(super) struct Chunk {
    entries: Box<[Entry]>,
    sent: Box<[SentCell]>,
}

impl Chunk {
    fn new(len: usize) -> Self {
        Self {
            entries: (0..len).map(|_| Entry::default()).collect(),
            sent: (0..len).map(|_| SentCell::default()).collect(),
        }
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.entries) + size_of_val(&*self.sent)
    }

    /// The binary logarithm of the entries of a chunk in an index of so many: at most 128 chunks, so that the way to an entry
    /// is in the processor's cache, and none smaller than 1024 entries.
    fn shift(entries: usize) -> u32 {
        entries.div_ceil(128).next_power_of_two().ilog2().max(10)
    }
}

const USED: u32 = 1 << 16;

impl Entry {
    fn store_hashes(&self, hashes: &[u32; KEPT]) {
        for (word, three) in self.hashes.iter().zip(hashes.chunks_exact(3)) {
            let packed = three.iter().rev().fold(0, |word, hash| word << BITS | u64::from(*hash));
            word.store(packed, Ordering::Relaxed);
        }
    }

    /// The sketch, read into `hashes`; whole only if the version is the same before and after.
    pub(super) fn view<'h>(&self, hashes: &'h mut [u32; KEPT]) -> View<'h> {
        let terms = (self.terms.load(Ordering::Relaxed) & (USED - 1)) as usize;
        for (three, word) in hashes.chunks_exact_mut(3).zip(&self.hashes) {
            three.copy_from_slice(&unpack(word.load(Ordering::Relaxed)));
        }
        View {
            hashes: &hashes[..terms.min(KEPT)],
            terms,
        }
    }
}

/// Finds copies of a template among many messages, in bounded memory.
///
/// The index keeps no text: a [`Sketch`] of each message, and counts. [`observe`](Self::observe) adds a message and says
/// what was seen of it before; [`lookup`](Self::lookup) asks without adding. Both take `&self`: any number of threads may
/// use one index. Look-ups never wait. Observers share a lock for the short part that changes counts, and search, compare
/// and fill the table outside it.
///
/// Equal calls in equal order give equal answers, also after a [`snapshot`](Self::write_to). With several threads the
/// order is the one in which their calls happen to come.
///
/// ```
/// use huckster::Timestamp;
/// use huckster::campaign::{CampaignIndex, Limits, Seed, Seen, Sketcher};
///
/// let sketcher = Sketcher::new(Seed::new(1));
/// let index = CampaignIndex::new(Seed::new(1), Limits::default());
/// let at = |day: i64| Timestamp::from_seconds(day * 86_400);
/// for (n, name) in ["Ana", "Tom", "Wen"].into_iter().enumerate() {
///     let text = format!("Hi {name}, we plan night shifts for regional clinics and cut agency spend by 30%. Worth a look?");
///     let sketch = sketcher.text(&text).unwrap();
///     let seen = index.observe(Seen::new(n as u64, at(n as i64)).sender(n as u64), &sketch);
///     assert_eq!(seen.facts.copies, Some(n as u32 + 1));
/// }
/// assert_eq!(index.clusters()[0].senders, 3);
/// ```
pub struct CampaignIndex {
    pub(super) seed: Seed,
    pub(super) keys: Keys,
    pub(super) limits: Limits,
    pub(super) table: Table,
    chunks: Box<[OnceLock<Chunk>]>,
    /// [`Chunk::shift`].
    shift: u32,
    pub(super) records: Box<[Public]>,
    pub(super) settled: Settled,
    books: Mutex<Books>,
}

impl std::fmt::Debug for CampaignIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CampaignIndex")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A candidate that is alike.
#[derive(Clone, Copy, Default)]
pub(super) struct Match {
    pub(super) entry: u32,
    version: u32,
    similarity: u32,
}

#[derive(Default)]
pub(super) struct Matches {
    list: [Match; COMPARED],
    len: usize,
}

impl Matches {
    pub(super) fn as_slice(&self) -> &[Match] {
        &self.list[..self.len]
    }
}

/// What a message has changed.
pub(super) struct Written {
    observation: Observation,
    /// The latest times of its cluster.
    times: Times,
    pub(super) placed: Placed,
}

/// What is to be put into the table.
pub(super) struct Placed {
    entry: EntryRef,
    /// It belongs to a cluster.
    kept: bool,
    /// Its number among the latest entries, if it is a new one.
    number: Option<u64>,
    spared: Spared,
}

/// Entries that were spared in search of one to give up, and whether they belong to a cluster.
#[derive(Default)]
struct Spared {
    list: [(u32, bool); SPARED],
    len: usize,
}

impl Spared {
    /// Whether there was room for it.
    fn add(&mut self, entry: u32, kept: bool) -> bool {
        let Some(place) = self.list.get_mut(self.len) else {
            return false;
        };
        *place = (entry, kept);
        self.len += 1;
        true
    }

    fn as_slice(&self) -> &[(u32, bool)] {
        &self.list[..self.len]
    }
}

/// Tells quickly, from the first cache line of an entry, that it is not alike.
struct TermSet([u64; Self::BITS / 64]);

impl TermSet {
    const BITS: usize = 8192;

    /// An entry of whose eighteen smallest hashes fewer are there is not compared. At the default similarity two texts of
    /// the same length share 41 of 100 terms: of 18 at most two with a probability of seven in a thousand, which is little
    /// beside the third that shares no band. Texts that share a band by chance share few other terms.
    const FEWEST: u32 = 3;

    fn new(sketch: View<'_>) -> Self {
        let mut set = [0; Self::BITS / 64];
        for &hash in sketch.hashes {
            let bit = hash as usize % Self::BITS;
            set[bit / 64] |= 1 << (bit % 64);
        }
        Self(set)
    }

    fn may_be_alike(&self, entry: &Entry) -> bool {
        let there = |hash: u32| {
            let bit = hash as usize % Self::BITS;
            (self.0[bit / 64] >> (bit % 64) & 1) as u32
        };
        let words = entry.hashes[..FIRST]
            .iter()
            .map(|word| unpack(word.load(Ordering::Relaxed)));
        words.flatten().map(there).sum::<u32>() >= Self::FEWEST
    }
}

impl CampaignIndex {
    /// An empty index. The table of band keys (about 112 bytes for each of [`Limits::entries`]) is taken at once, the rest
    /// as it is needed.
    pub fn new(seed: Seed, limits: Limits) -> Self {
        let limits = limits.bounded();
        let records = Books::room(limits.entries);
        let shift = Chunk::shift(limits.entries);
        Self {
            seed,
            keys: Keys::new(seed),
            limits,
            table: Table::new(limits.entries),
            chunks: (0..limits.entries.div_ceil(1 << shift))
                .map(|_| OnceLock::new())
                .collect(),
            shift,
            records: (0..records).map(|_| Public::default()).collect(),
            settled: Settled::new(),
            books: Mutex::new(Books::new(records)),
        }
    }

    /// The seed.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The limits.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Adds a message, and says what was seen of it before.
    ///
    /// The sketch must come from a [`Sketcher`](super::Sketcher) of the same seed; with another one nothing is ever found.
    pub fn observe(&self, seen: Seen, sketch: &Sketch) -> Observation {
        let keys = BandKeys::new(&self.keys, sketch.view());
        let sent = Sent {
            id: seen.id,
            sender: self.sender(seen.sender),
            at: seen.at.seconds(),
        };
        let oldest = self.oldest(sent.at);
        let since = self.settled.count();
        let mut matches = self.matches(&keys, sketch, oldest);
        let mut books = self.books();
        // Another thread may have opened the cluster meanwhile.
        if matches.as_slice().is_empty()
            && let Some(mut missed) = books.recent.missed(since, &keys, &self.table)
        {
            matches = self.matches_of(&mut missed, sketch, oldest);
        }
        let written = self.record(&mut books, sent, sketch, &keys, &matches);
        drop(books);
        let mut observation = written.observation;
        written.times.describe(&mut observation.facts);
        self.place(&keys, &written.placed);
        observation
    }

    /// What is known of a text, without adding it: copies seen so far, this one not included. `None` if nothing like it
    /// was seen, or not since [`Limits::max_age_s`] before `at`.
    ///
    /// Never waits for anyone.
    pub fn lookup(&self, sketch: &Sketch, at: Timestamp) -> Option<CampaignFacts> {
        let keys = BandKeys::new(&self.keys, sketch.view());
        let oldest = self.oldest(at.seconds());
        let matches = self.matches(&keys, sketch, oldest);
        matches.as_slice().iter().find_map(|found| {
            let entry = self.entry(found.entry)?;
            let (label, sent) = (Label::load(&entry.label), self.sent(found.entry)?.load());
            fence(Ordering::Acquire);
            if entry.version.load(Ordering::Relaxed) != found.version {
                return None;
            }
            match self
                .root(label)
                .and_then(|root| self.records.get(root as usize)?.facts())
            {
                Some((facts, last)) => (last >= oldest).then_some(facts),
                None => (sent.at >= oldest).then(|| single(sent)),
            }
        })
    }

    /// What is known now of a message that was observed. `None` if its entry was given up.
    pub fn facts(&self, entry: EntryRef) -> Option<CampaignFacts> {
        let books = self.books();
        let place = self.entry(entry.entry)?;
        if place.version.load(Ordering::Relaxed) != entry.version {
            return None;
        }
        match self.root(Label::load(&place.label)) {
            Some(root) => {
                let mut facts = self.records.get(root as usize)?.facts()?.0;
                books.times(root).describe(&mut facts);
                Some(facts)
            }
            None => Some(single(self.sent(entry.entry)?.load())),
        }
    }

    /// The number of the cluster that a message belongs to now, as in [`Cluster::number`]. `None` if it has no copies, or its
    /// entry was given up. Cheaper than [`cluster`](Self::cluster).
    pub fn cluster_number(&self, entry: EntryRef) -> Option<u64> {
        let _books = self.books();
        let place = self.entry(entry.entry)?;
        if place.version.load(Ordering::Relaxed) != entry.version {
            return None;
        }
        let root = self.root(Label::load(&place.label))?;
        let public = self.records.get(root as usize)?;
        public.facts()?;
        Some(public.number.load(Ordering::Relaxed))
    }

    /// The cluster that a message belongs to now. `None` if it has no copies, or its entry was given up.
    pub fn cluster(&self, entry: EntryRef) -> Option<Cluster> {
        let books = self.books();
        let place = self.entry(entry.entry)?;
        if place.version.load(Ordering::Relaxed) != entry.version {
            return None;
        }
        let root = self.root(Label::load(&place.label))?;
        self.describe(&books, root)
    }

    /// All clusters of at least two copies, the largest first.
    pub fn clusters(&self) -> Vec<Cluster> {
        let books = self.books();
        let mut clusters: Vec<Cluster> = books
            .roots(&self.records)
            .filter_map(|r| self.describe(&books, r))
            .collect();
        clusters.sort_unstable_by_key(|c| (std::cmp::Reverse(c.copies), c.number));
        clusters
    }

    /// What the index has done so far.
    pub fn stats(&self) -> IndexStats {
        let books = self.books();
        let chunks: usize = self.chunks.iter().filter_map(OnceLock::get).map(Chunk::bytes).sum();
        let bytes = size_of_val(&*self.table.lines)
            + size_of_val(&*self.chunks)
            + chunks
            + size_of_val(&*self.records)
            + books.bytes();
        IndexStats {
            bytes: bytes as u64,
            ..books.stats
        }
    }

    /// Waits until no one changes counts. Whoever panicked while doing so left them whole: there is nothing in there that
    /// can.
    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn books_mut(&mut self) -> &mut Books {
        self.books.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    fn chunk(&self, number: u32) -> Option<(&OnceLock<Chunk>, usize)> {
        let number = number as usize;
        Some((self.chunks.get(number >> self.shift)?, number & ((1 << self.shift) - 1)))
    }

    pub(super) fn entry(&self, number: u32) -> Option<&Entry> {
        let (chunk, at) = self.chunk(number)?;
        chunk.get()?.entries.get(at)
    }

    /// The message that an entry stands for.
    pub(super) fn sent(&self, number: u32) -> Option<&SentCell> {
        let (chunk, at) = self.chunk(number)?;
        chunk.get()?.sent.get(at)
    }

    /// An entry that is about to be written.
    pub(super) fn entry_to_write(&self, number: u32) -> Option<(&Entry, &SentCell)> {
        let (chunk, at) = self.chunk(number)?;
        let chunk = chunk.get_or_init(|| Chunk::new(1 << self.shift));
        Some((chunk.entries.get(at)?, chunk.sent.get(at)?))
    }

    /// What is from before this time counts as never seen.
    pub(super) fn oldest(&self, now: i64) -> i64 {
        now.saturating_sub(self.limits.max_age_s)
    }

    /// The keyed hash of a sender; zero if unknown.
    pub(super) fn sender(&self, sender: Option<u64>) -> u64 {
        sender.map_or(0, |s| fold(s ^ self.keys.sender[0], self.keys.sender[1]).max(1))
    }

    fn describe(&self, books: &Books, root: u32) -> Option<Cluster> {
        let public = self.records.get(root as usize)?;
        let (facts, last) = public.facts()?;
        Some(Cluster {
            number: public.number.load(Ordering::Relaxed),
            copies: facts.copies?,
            senders: facts.distinct_senders.unwrap_or(0),
            first_seen: facts.first_seen?,
            last_seen: Timestamp::from_seconds(last),
            cadence: Cadence::of_times(books.times(root).as_slice()),
        })
    }

    /// The candidates that are alike and not from before `oldest`, the most similar first.
    pub(super) fn matches(&self, keys: &BandKeys, sketch: &Sketch, oldest: i64) -> Matches {
        self.matches_of(&mut self.table.find(keys), sketch, oldest)
    }

    fn matches_of(&self, candidates: &mut Candidates, sketch: &Sketch, oldest: i64) -> Matches {
        let mut matches = Matches::default();
        let best = candidates.best(COMPARED);
        if best.is_empty() {
            return matches;
        }
        let mut roots = [None; COMPARED];
        // First a word of all, so that the memory fetches them at once and not one after the other.
        let mut labels = [Label::NONE; COMPARED];
        for (label, (entry, _)) in labels.iter_mut().zip(best) {
            *label = self.entry(*entry).map_or(Label::NONE, |e| Label::load(&e.label));
        }
        let terms = TermSet::new(sketch.view());
        for (&(entry, _), label) in best.iter().zip(labels) {
            if !self.entry(entry).is_some_and(|e| terms.may_be_alike(e)) {
                continue;
            }
            // Of a cluster that is found already, no second entry is compared: entries of large clusters are what fills a
            // list of candidates, and each costs a trip to memory.
            let root = self.root(label);
            if root.is_some() && roots[..matches.len].contains(&root) {
                continue;
            }
            let Some((version, similarity)) = self.compare(entry, sketch.view()) else {
                continue;
            };
            if self.is_alive(entry, root, oldest) {
                matches.list[matches.len] = Match {
                    entry,
                    version,
                    similarity,
                };
                roots[matches.len] = root;
                matches.len += 1;
                if similarity >= SAME {
                    break;
                }
            }
        }
        if matches.len > 1 {
            matches.list[..matches.len].sort_unstable_by_key(|m| (std::cmp::Reverse(m.similarity), m.entry));
        }
        matches
    }

    /// Whether an entry, or the cluster it belongs to, was seen since `oldest`.
    fn is_alive(&self, number: u32, root: Option<u32>, oldest: i64) -> bool {
        let record = root.and_then(|r| self.records.get(r as usize));
        record.is_some_and(|r| r.last.load(Ordering::Relaxed) >= oldest)
            || self
                .sent(number)
                .is_some_and(|sent| sent.at.load(Ordering::Relaxed) >= oldest)
    }

    /// Version of an entry and its similarity; `None` if it is no copy, or was written meanwhile.
    fn compare(&self, number: u32, sketch: View<'_>) -> Option<(u32, u32)> {
        let entry = self.entry(number)?;
        let version = entry.version.load(Ordering::Acquire);
        if version == 0 || version % 2 == 1 {
            return None;
        }
        let mut hashes = [0; KEPT];
        let view = entry.view(&mut hashes);
        fence(Ordering::Acquire);
        if entry.version.load(Ordering::Relaxed) != version {
            return None;
        }
        Some((version, copies(sketch, view, self.limits.similarity)?))
    }

    /// The record at the root of a label; `None` for single messages and forgotten clusters.
    pub(super) fn root(&self, mut label: Label) -> Option<u32> {
        loop {
            let slot = label.slot()?;
            let public = self.records.get(slot as usize)?;
            if public.generation.load(Ordering::Acquire) != label.generation() {
                return None;
            }
            let parent = Label::load(&public.parent);
            if parent.slot().is_none() {
                return Some(slot);
            }
            label = parent;
        }
    }

    /// Writes down a message.
    pub(super) fn record(
        &self,
        books: &mut Books,
        sent: Sent,
        sketch: &Sketch,
        keys: &BandKeys,
        matches: &Matches,
    ) -> Written {
        books.stats.observed += 1;
        books.now = books.now.max(sent.at);
        let oldest = self.oldest(sent.at);
        let forgotten = books.stats.forgotten;
        let mut best = None;
        let mut root: Option<u32> = None;
        let mut united = 0;
        for found in matches.as_slice() {
            let Some(entry) = self.entry(found.entry) else { continue };
            // Given up since it was compared.
            if entry.version.load(Ordering::Relaxed) != found.version {
                continue;
            }
            let own = self.root(Label::load(&entry.label));
            let joined = match (root, own) {
                (None, Some(own)) => own,
                (Some(root), Some(own)) if root == own => root,
                (Some(root), Some(own)) => {
                    united += 1;
                    books.unite(&self.records, root, own)
                }
                (root, None) => {
                    let Some(root) = root.or_else(|| books.open(&self.records, oldest)) else {
                        continue;
                    };
                    self.adopt(books, root, found.entry);
                    root
                }
            };
            root = Some(joined);
            best = best.or(Some(*found));
        }
        let (facts, similarity, times, placed) = match root.zip(best) {
            None => (
                single(sent),
                0,
                Times::default(),
                self.create(books, sent, sketch, keys, Label::NONE),
            ),
            Some((root, best)) => {
                books.stats.joined += 1;
                books.add(&self.records, root, 1, sent.sender, sent.at);
                let facts = self.records.get(root as usize).and_then(Public::facts);
                let facts = facts.map_or_else(CampaignFacts::default, |(facts, _)| facts);
                let times = books.times(root);
                let full = books.record(root).is_none_or(|r| r.entries >= EXEMPLARS);
                let placed = if best.similarity >= SAME || full {
                    self.use_again(best, sent.at)
                } else {
                    let label = books.label(&self.records, root);
                    self.create(books, sent, sketch, keys, label)
                };
                (facts, best.similarity, times, placed)
            }
        };
        Written {
            observation: Observation {
                facts,
                similarity,
                entry: placed.entry,
                united,
                forgotten: (books.stats.forgotten - forgotten) as u32,
            },
            times,
            placed,
        }
    }

    /// A copy was found by an entry and gets none of its own.
    ///
    /// The entry is placed once more: its cells come to the front again, so that a living cluster stays within reach.
    fn use_again(&self, found: Match, at: i64) -> Placed {
        if let (Some(entry), Some(sent)) = (self.entry(found.entry), self.sent(found.entry)) {
            sent.at.fetch_max(at, Ordering::Relaxed);
            entry.terms.fetch_or(USED, Ordering::Relaxed);
        }
        let entry = EntryRef {
            entry: found.entry,
            version: found.version,
        };
        Placed {
            entry,
            kept: true,
            number: None,
            spared: Spared::default(),
        }
    }

    /// Makes a single message the member of a cluster.
    pub(super) fn adopt(&self, books: &mut Books, root: u32, number: u32) {
        let (Some(entry), Some(sent)) = (self.entry(number), self.sent(number)) else {
            return;
        };
        // It may have belonged to a cluster that was forgotten.
        books.leave(&self.records, Label::load(&entry.label));
        let label = books.label(&self.records, root);
        entry.label.store(label.0, Ordering::Release);
        books.enter(&self.records, label);
        let sent = sent.load();
        books.add(&self.records, root, 1, sent.sender, sent.at);
    }

    /// Writes a new entry, over an old one if the index is full. [`place`](Self::place) must follow.
    pub(super) fn create(
        &self,
        books: &mut Books,
        sent: Sent,
        sketch: &Sketch,
        keys: &BandKeys,
        label: Label,
    ) -> Placed {
        // The cluster that the entry is for must not be the one that is forgotten for its sake.
        books.enter(&self.records, label);
        let (number, spared) = self.make_room(books);
        let kept = label != Label::NONE;
        let mut version = 0;
        if let Some((entry, cell)) = self.entry_to_write(number) {
            version = entry.version.load(Ordering::Relaxed) | 1;
            entry.version.store(version, Ordering::Relaxed);
            fence(Ordering::Release);
            entry.store_hashes(sketch.hashes());
            entry.terms.store(sketch.terms() as u32, Ordering::Relaxed);
            cell.store(sent);
            entry.label.store(label.0, Ordering::Relaxed);
            // Zero means never written, also after four billion times.
            version = version.checked_add(1).unwrap_or(2);
            entry.version.store(version, Ordering::Release);
        }
        Placed {
            entry: EntryRef { entry: number, version },
            kept,
            number: Some(books.recent.add(keys, number, kept, &self.settled, &self.table)),
            spared,
        }
    }

    /// Puts an entry into the table under its keys, after those that were spared for it. It needs no lock.
    pub(super) fn place(&self, keys: &BandKeys, placed: &Placed) {
        for &(number, kept) in placed.spared.as_slice() {
            // Its cells are as old as it is, and must not give way before it.
            if let Some(entry) = self.entry(number) {
                let keys = BandKeys::new(&self.keys, entry.view(&mut [0; KEPT]));
                self.table.insert(&keys, number, kept);
            }
        }
        self.table.insert(keys, placed.entry.entry, placed.kept);
        if let Some(number) = placed.number {
            self.settled.settle(number);
        }
    }

    /// The number of an entry that may be written: a new one, or the oldest that can be spared.
    ///
    /// The hand goes round like a clock's. It passes, a few times at most, over entries by which copies were found since
    /// its last round, and over the last entry of a living cluster.
    fn make_room(&self, books: &mut Books) -> (u32, Spared) {
        let mut spared = Spared::default();
        let capacity = self.limits.entries as u32;
        if books.used < capacity {
            books.used += 1;
            books.stats.entries += 1;
            return (books.used - 1, spared);
        }
        let oldest = self.oldest(books.now);
        let mut chosen = books.hand;
        loop {
            let number = books.hand;
            books.hand = (books.hand + 1) % capacity;
            let (Some(entry), Some(sent)) = (self.entry(number), self.sent(number)) else {
                chosen = number;
                break;
            };
            let used = entry.terms.load(Ordering::Relaxed) & USED != 0;
            let root = self.root(Label::load(&entry.label));
            let living = root
                .and_then(|r| self.records.get(r as usize))
                .is_some_and(|r| r.last.load(Ordering::Relaxed) >= oldest);
            let last = root.and_then(|r| books.record(r)).is_some_and(|r| r.entries <= 1);
            let found_lately = used && sent.at.load(Ordering::Relaxed) >= oldest;
            if !(found_lately || last && living) {
                chosen = number;
                break;
            }
            if !spared.add(number, root.is_some()) {
                // None of them can be spared; the first has been passed over longest.
                break;
            }
            entry.terms.fetch_and(USED - 1, Ordering::Relaxed);
        }
        if let Some(entry) = self.entry(chosen) {
            let label = Label::load(&entry.label);
            entry.label.store(Label::NONE.0, Ordering::Relaxed);
            books.stats.evicted += 1;
            books.leave_for_room(&self.records, label, oldest);
        }
        (chosen, spared)
    }
}

fn single(sent: Sent) -> CampaignFacts {
    CampaignFacts {
        copies: Some(1),
        distinct_senders: (sent.sender != 0).then_some(1),
        first_seen: Some(Timestamp::from_seconds(sent.at)),
        ..CampaignFacts::default()
    }
}

/// The three hashes of a word.
pub(super) fn unpack(word: u64) -> [u32; 3] {
    let mask = (1 << BITS) - 1;
    [0, BITS, 2 * BITS].map(|shift| (word >> shift & mask) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::hash::mix;

    /// An entry and a sketch of 66 terms each, of which they share so many.
    fn pair(shared: usize, random: u64) -> (Entry, Sketch) {
        let mut all: Vec<u32> = Vec::new();
        for i in 0.. {
            let hash = (mix(random << 16 | i) & ((1 << BITS) - 1)) as u32;
            if !all.contains(&hash) {
                all.push(hash);
            }
            if all.len() == 2 * KEPT - shared {
                break;
            }
        }
        let sorted = |terms: &[u32]| {
            let mut hashes: [u32; KEPT] = std::array::from_fn(|i| terms[i]);
            hashes.sort_unstable();
            hashes
        };
        let entry = Entry::default();
        entry.store_hashes(&sorted(&all[..KEPT]));
        (
            entry,
            Sketch::from_parts(sorted(&all[KEPT - shared..]), KEPT as u16, 0).unwrap(),
        )
    }

    #[test]
    fn the_first_line_of_an_entry_tells_who_is_not_alike() {
        let passed = |shared: usize| {
            let pairs = (0..4000).map(|random| pair(shared, random));
            pairs
                .filter(|(entry, sketch)| TermSet::new(sketch.view()).may_be_alike(entry))
                .count()
        };
        // Copies at the default similarity: 28 of 104 are 0.27. At most 7 in a thousand may be lost.
        assert!(passed(28) >= 3972, "{}", passed(28));
        // Texts that share a band and little else.
        assert!(passed(4) <= 400, "{}", passed(4));
        assert_eq!(passed(KEPT), 4000);
    }

    #[test]
    fn chunks_are_few_and_not_small() {
        for entries in [64, 100_000, 131_073, 10_000_000, 100_000_000] {
            let len = 1 << Chunk::shift(entries);
            assert!(len >= 1024 && entries.div_ceil(len) <= 128, "{entries}");
        }
    }
}
