//! Campaigns: recognises the machine by its many copies.

mod cadence;
mod clusters;
mod common;
mod hash;
mod index;
mod senders;
mod sketch;
mod stock;
mod table;

pub use self::cadence::{Cadence, FEWEST_SENDS, Rhythm, Send};
pub use self::hash::Seed;
pub use self::index::{CampaignIndex, Cluster, EntryRef, IndexStats, Limits, Observation, Seen};
pub use self::sketch::{Sketch, Sketcher};
