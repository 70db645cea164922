//! Campaigns: recognises the machine by its many copies.

mod cadence;
mod clusters;
mod common;
mod exact;
mod hash;
mod index;
mod merge;
mod senders;
mod sketch;
mod snapshot;
mod stock;
mod table;
mod template;

pub use self::cadence::{Cadence, FEWEST_SENDS, Rhythm, Send};
pub use self::exact::ExactTemplates;
pub use self::hash::Seed;
pub use self::index::{CampaignIndex, Cluster, EntryRef, IndexStats, Limits, Observation, Seen};
pub use self::merge::MergeError;
pub use self::sketch::{Sketch, Sketcher};
pub use self::snapshot::SnapshotError;
pub use self::template::{Slot, Template};
