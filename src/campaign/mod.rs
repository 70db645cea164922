/*!
Campaigns: recognises the machine by its many copies.

One message shows little; a program gives itself away by sending the same thing to many. An application that sees many
messages, one inbox over years or a provider's stream, learns here which belong to one template, how many senders share
it, and in what rhythm they come.

```text
Prepared text --Sketcher--> Sketch --CampaignIndex--> CampaignFacts --Scorer--> rules `campaign.*`, `automation.regular-copies`
```

- [`Sketcher`] turns a prepared text into a [`Sketch`]: which word pairs and content words it has, with names, companies,
  numbers and links masked. [`Scorer::judge_observed_with`](crate::Scorer::judge_observed_with) reads a text once for the
  sketch and the verdict.
- [`CampaignIndex`] finds the earlier copies, in bounded memory, from many threads. It can be written to a file and read
  again, and two can be merged.
- [`ExactTemplates`] is enough for one inbox: the same note from nine people.
- [`Cadence`] says what the times of sending tell.
- [`Template`] shows what copies share, with the slots marked.

LinkedIn's own default invitations and one-click messages are nobody's campaign: they have no sketch.

# What makes two texts copies

Jaccard's index of their terms, at least 0.26 by default, and at least eight terms shared. A term is a pair of neighbouring
words of a sentence, or a content word; pairs of two words that any note may hold are left out. Texts with fewer than sixteen
such terms, and those that share too little of them, are copies too if they agree word for word: with the pairs of common
words the index is at least 0.45, twelve terms are shared, and four of them are no such pairs. At the length of a note
this separates where SimHash does not. A note has fewer terms than a sketch keeps, so its similarity is exact and not an
estimate. Clusters grow by the most similar texts found (single linkage): two wordings that have little in common are one
cluster once a third is near both.

`cargo run --release --features campaign --example campaign_curve` measures recall and precision on generated messages
whose truth is known, long and short, and draws the curve.

# Why the index is written here

Crates for MinHash keep a growing map from band to list, or estimate similarity alone. This index needs a bound on
memory and on the time of a hostile message, eviction that tells when it costs a living cluster, look-ups that never
wait, secret seeds, a checked file format, and merging; what is left of MinHash then is forty lines.

# Costs

About 380 bytes for each entry when the index is full. A look-up touches fourteen cache lines of the table and compares at
most twelve entries. Observers share one lock for the part that changes counts.
`cargo bench --features campaign --bench campaign` measures it.

# Hostile streams

Equal texts share one entry. A line of the table holds at most four cells of one key, and entries that are alone cannot
push those of clusters out of half of it. With a [`Seed::random`] nobody can choose which texts meet. Whoever floods an
index with more living clusters than it has room for makes it forget, and
[`Observation::forgotten`] says so.
*/

mod cadence;
mod clusters;
mod common;
mod exact;
mod hash;
mod index;
mod merge;
mod recent;
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
