//! Which messages are copies of one template, whether they are all at hand or read from an archive twice.

use std::collections::{BTreeMap, BTreeSet};

use huckster::Timestamp;
use huckster::campaign::{CampaignIndex, EntryRef, Limits, Seed, Seen, Sketch, Sketcher, Template};

/// The same file gives the same answer: there is nobody here to hide the seed from.
const SEED: Seed = Seed::new(0);

/// Messages that are looked at together. Of more, the oldest are forgotten, so that memory stays below 100 MB.
pub(crate) const ROOM: usize = 200_000;

/// Copies whose texts are compared for a template at most.
pub(crate) const COMPARED: usize = 40;

/// Finds clusters in messages that come one by one.
#[derive(Debug)]
pub(crate) struct Finder {
    index: CampaignIndex,
    /// Entries from which on the forgotten ones are taken out.
    prune_at: usize,
    /// Messages so far.
    messages: usize,
    entries: Vec<Copy>,
}

/// What is remembered of a message that could be a copy.
#[derive(Debug)]
struct Copy {
    message: usize,
    entry: EntryRef,
    sender: Option<u64>,
    at: Option<Timestamp>,
}

/// A cluster.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) copies: u32,
    /// Different senders; `None` if none is known.
    pub(crate) senders: Option<u32>,
    pub(crate) first_seen: Option<Timestamp>,
    pub(crate) last_seen: Option<Timestamp>,
    pub(crate) rhythm: Vec<String>,
    /// The numbers of the messages, in the order in which they came.
    pub(crate) members: Vec<usize>,
    /// The texts of the first ones, until the template is made.
    texts: Vec<String>,
    pub(crate) template: Option<Template>,
}

impl Found {
    /// The text that the copies share; empty if there is none.
    pub(crate) fn text(&self) -> &str {
        self.template.as_ref().map_or("", Template::text)
    }

    /// Where the copies differ, and their rhythm.
    pub(crate) fn remarks(&self) -> String {
        let mut remarks: Vec<String> = self.template.iter().map(Template::difference).collect();
        remarks.extend(self.rhythm.iter().map(|r| format!("sent {r}")));
        remarks.join("; ")
    }
}

/// Turns texts into what is compared. One for all threads.
pub(crate) fn sketcher() -> Sketcher {
    Sketcher::new(SEED)
}

impl Finder {
    /// For so many messages.
    pub(crate) fn new(messages: usize) -> Self {
        // All of their time counts: an inbox is looked at as a whole.
        let limits = Limits::default().entries(messages).max_age_s(i64::MAX);
        Self {
            index: CampaignIndex::new(SEED, limits),
            prune_at: messages.saturating_mul(2).max(1),
            messages: 0,
            entries: Vec::new(),
        }
    }

    /// The next message.
    pub(crate) fn add(&mut self, sketch: Option<Sketch>, sender: Option<u64>, at: Option<Timestamp>) {
        let message = self.messages;
        self.messages += 1;
        let Some(sketch) = sketch else { return };
        let mut seen = Seen::new(message as u64, at.unwrap_or_default());
        seen.sender = sender;
        let entry = self.index.observe(seen, &sketch).entry;
        self.entries.push(Copy {
            message,
            entry,
            sender,
            at,
        });
        // What the index has forgotten need not be remembered here.
        if self.entries.len() >= self.prune_at {
            let index = &self.index;
            self.entries.retain(|copy| index.facts(copy.entry).is_some());
            // Equal texts share one entry of the index, so there may be little to take out.
            self.prune_at = self.prune_at.max(self.entries.len().saturating_mul(2));
        }
    }

    /// The clusters of at least `min` copies, the largest first, without templates.
    pub(crate) fn clusters(&self, min: u32) -> Vec<Found> {
        let mut members: BTreeMap<u64, Vec<&Copy>> = BTreeMap::new();
        for copy in &self.entries {
            if let Some(number) = self.index.cluster_number(copy.entry) {
                members.entry(number).or_default().push(copy);
            }
        }
        let describe = |members: Vec<&Copy>| {
            let cluster = self.index.cluster(members.first()?.entry)?;
            // The index estimates when there are many; here all are at hand.
            let senders: BTreeSet<u64> = members.iter().filter_map(|c| c.sender).collect();
            let times: Vec<Timestamp> = members.iter().filter_map(|c| c.at).collect();
            // A rhythm needs the time of every copy; those without would all stand at the beginning of time.
            let rhythm = cluster.cadence.filter(|_| times.len() == members.len());
            let rhythm = rhythm.map(|c| c.rhythms().iter().map(ToString::to_string).collect());
            (cluster.copies >= min).then(|| Found {
                copies: cluster.copies,
                senders: u32::try_from(senders.len()).ok().filter(|n| *n > 0),
                first_seen: times.iter().min().copied(),
                last_seen: times.iter().max().copied(),
                rhythm: rhythm.unwrap_or_default(),
                members: members.iter().map(|c| c.message).collect(),
                texts: Vec::new(),
                template: None,
            })
        };
        let mut found: Vec<Found> = members.into_values().filter_map(describe).collect();
        // The map was in the order of the clusters' numbers, so equally large ones stay in it.
        found.sort_by_key(|f| std::cmp::Reverse(f.copies));
        found
    }
}

/// Makes the templates from so many copies each, given the texts of all messages in the order in which they came; stops reading when it has enough.
pub(crate) fn templates<E>(
    found: &mut [Found],
    compared: usize,
    texts: impl Iterator<Item = Result<Option<String>, E>>,
) -> Result<(), E> {
    let mut wanted: BTreeMap<usize, usize> = BTreeMap::new();
    for (cluster, one) in found.iter().enumerate() {
        wanted.extend(one.members.iter().take(compared).map(|member| (*member, cluster)));
    }
    let mut texts = texts.enumerate();
    while let Some(&last) = wanted.keys().next_back() {
        let Some((i, text)) = texts.next() else { break };
        let text = text?;
        if let (Some(cluster), Some(text)) = (wanted.get(&i), text)
            && let Some(one) = found.get_mut(*cluster)
        {
            one.texts.push(text);
        }
        if i >= last {
            break;
        }
    }
    for one in found {
        let texts: Vec<&str> = one.texts.iter().map(String::as_str).collect();
        one.template = Template::of(&texts);
        one.texts = Vec::new();
    }
    Ok(())
}
