//! Exact templates: for one inbox, where the same note from nine people is enough to know.

use std::collections::{HashMap, VecDeque};

use super::hash::fold;
use super::index::Seen;
use super::senders::Senders;
use super::sketch::Sketch;
use crate::message::CampaignFacts;
use crate::time::Timestamp;

/// Counts texts that are equal once names, companies, numbers and links are masked.
///
/// Cheaper and stricter than a [`CampaignIndex`](super::CampaignIndex): one changed word makes another template. Bounded:
/// beyond the limit the template that was seen first is forgotten.
///
/// ```
/// use huckster::Timestamp;
/// use huckster::campaign::{ExactTemplates, Seed, Seen, Sketcher};
/// let (sketcher, mut templates) = (Sketcher::new(Seed::new(1)), ExactTemplates::new(1000));
/// for (n, name) in ["Ana", "Tom"].into_iter().enumerate() {
///     let text = format!("Hi {name}, we plan night shifts for regional clinics and cut agency spend by 30%. Worth a look?");
///     let seen = Seen::new(n as u64, Timestamp::from_seconds(0)).sender(n as u64);
///     let facts = templates.observe(seen, &sketcher.text(&text).unwrap());
///     assert_eq!(facts.copies, Some(n as u32 + 1));
/// }
/// ```
#[derive(Debug)]
pub struct ExactTemplates {
    limit: usize,
    templates: HashMap<u64, Known>,
    order: VecDeque<u64>,
}

#[derive(Debug, Default)]
struct Known {
    copies: u32,
    senders: Senders,
    first: i64,
}

impl ExactTemplates {
    /// Keeps at most `limit` templates, and at least one; about 250 bytes each.
    pub fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            templates: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// Adds a message, and says what was seen of it before, this one included.
    pub fn observe(&mut self, seen: Seen, sketch: &Sketch) -> CampaignFacts {
        let skeleton = sketch.skeleton();
        let at = seen.at.seconds();
        if !self.templates.contains_key(&skeleton) {
            if self.templates.len() >= self.limit
                && let Some(oldest) = self.order.pop_front()
            {
                self.templates.remove(&oldest);
            }
            self.order.push_back(skeleton);
        }
        let known = self.templates.entry(skeleton).or_insert_with(|| Known {
            first: at,
            ..Known::default()
        });
        known.copies = known.copies.saturating_add(1);
        known.first = known.first.min(at);
        if let Some(sender) = seen.sender {
            known
                .senders
                .add(fold(sender ^ 0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9).max(1));
        }
        let senders = known.senders.count();
        CampaignFacts {
            copies: Some(known.copies),
            distinct_senders: (senders > 0).then_some(senders),
            first_seen: Some(Timestamp::from_seconds(known.first)),
            ..CampaignFacts::default()
        }
    }
}
