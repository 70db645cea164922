//! Measuring rule sets.
mod corpus;
mod hits;
mod parallel;

pub use self::corpus::{Corpus, CorpusCard, CorpusError, CorpusProblem, Label, Labeled};
pub use self::hits::{CorpusSummary, HitLog, Judged, LoggedMessage};
pub use self::parallel::Threads;
