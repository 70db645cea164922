//! The figures of an inbox, counted message by message. Memory grows with senders and months, not with texts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use huckster::{Channel, Decision, Row, Timestamp, Verdict, Weight};
use huckster_linkedin_export::Item;

use super::inbox::sender_key;

const DAY_S: u64 = 86_400;

/// Numbers of each decision: declined, left for review, accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts([u64; 3]);

impl Counts {
    pub(crate) fn add(&mut self, decision: Decision) {
        if let Some(n) = self.0.get_mut(rank(decision)) {
            *n += 1;
        }
    }

    pub(crate) fn of(&self, decision: Decision) -> u64 {
        self.0.get(rank(decision)).copied().unwrap_or_default()
    }

    pub(crate) fn all(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(crate) fn join(&mut self, other: &Self) {
        for (n, more) in self.0.iter_mut().zip(other.0) {
            *n += more;
        }
    }
}

/// The decisions in the order in which they are shown.
pub(crate) const DECISIONS: [Decision; 3] = [Decision::Decline, Decision::Review, Decision::Accept];

/// The place of a decision among them.
pub(crate) fn rank(decision: Decision) -> usize {
    match decision {
        Decision::Decline => 0,
        Decision::Review => 1,
        Decision::Accept => 2,
    }
}

/// Somebody who wrote.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sender {
    pub(crate) name: String,
    pub(crate) headline: String,
    pub(crate) counts: Counts,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
}

/// How soon after the connection was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Soon {
    /// Within 24 hours.
    pub(crate) day: u64,
    /// Within seven days, but not 24 hours.
    pub(crate) week: u64,
    /// Within 30 days, but not seven.
    pub(crate) month: u64,
    pub(crate) later: u64,
    /// Requests, and messages of people whose day of connection is not known.
    pub(crate) unknown: u64,
}

impl Soon {
    pub(crate) fn all(&self) -> u64 {
        self.day + self.week + self.month + self.later + self.unknown
    }
}

/// Connection requests by their note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Requests {
    pub(crate) blank: u64,
    pub(crate) stock: u64,
    pub(crate) own: u64,
}

impl Requests {
    pub(crate) fn all(&self) -> u64 {
        self.blank + self.stock + self.own
    }
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) counts: Counts,
    /// Messages without a readable date.
    pub(crate) undated: u64,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
    pub(crate) requests: Requests,
    /// The pitches, which is: what was declined.
    pub(crate) soon: Soon,
    /// By year and month.
    pub(crate) months: BTreeMap<(i32, u8), Counts>,
    reasons: BTreeMap<String, (usize, String)>,
    senders: HashMap<String, Sender>,
    /// Messages of people whose name and address are hidden.
    pub(crate) hidden: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, item: &Item, verdict: &Verdict) {
        let decision = verdict.decision;
        self.counts.add(decision);
        match item.at {
            Some(at) => {
                stretch(&mut self.first, &mut self.last, at);
                self.months.entry(month(at)).or_default().add(decision);
            }
            None => self.undated += 1,
        }
        if item.message.channel == Channel::Invitation {
            let requests = &mut self.requests;
            if item.message.body.text().is_none() {
                requests.blank += 1;
            } else if is_stock(verdict) {
                requests.stock += 1;
            } else {
                requests.own += 1;
            }
        }
        if decision == Decision::Decline {
            let since = item.message.timing.and_then(|t| t.since_acceptance_s);
            let soon = &mut self.soon;
            *match since.map(|s| s / DAY_S) {
                Some(0) => &mut soon.day,
                Some(..7) => &mut soon.week,
                Some(..30) => &mut soon.month,
                Some(_) => &mut soon.later,
                None => &mut soon.unknown,
            } += 1;
        }
        if decision != Decision::Accept {
            let mut seen = BTreeSet::new();
            for row in verdict.rows.iter().filter(|r| r.contribution() > Weight::ZERO) {
                if let (Row::Rule(_) | Row::Combo { .. }, Some(rule)) = (row, row.rule())
                    && seen.insert(rule)
                {
                    match self.reasons.get_mut(rule) {
                        Some((n, _)) => *n += 1,
                        None => drop(self.reasons.insert(rule.to_owned(), (1, row.summary().into_owned()))),
                    }
                }
            }
        }
        let Some(key) = sender_key(&item.from) else {
            self.hidden += 1;
            return;
        };
        let sender = self.senders.entry(key).or_default();
        if sender.name.is_empty() {
            sender.name = item
                .from
                .name
                .clone()
                .or_else(|| item.from.profile_url.clone())
                .unwrap_or_default();
        }
        if sender.headline.is_empty() {
            sender.headline = headline(item);
        }
        sender.counts.add(decision);
        if let Some(at) = item.at {
            stretch(&mut sender.first, &mut sender.last, at);
        }
    }

    /// Rules with how often they speak against somebody who is not accepted, the most frequent first.
    pub(crate) fn reasons(&self) -> Vec<(&str, usize, String)> {
        let mut all: Vec<(&str, usize, String)> = self
            .reasons
            .iter()
            .map(|(rule, (n, why))| (&**rule, *n, why.clone()))
            .collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        all
    }

    /// Everybody who wrote, with their key; who pitches most first.
    pub(crate) fn senders(&self) -> Vec<(&str, &Sender)> {
        let mut all: Vec<(&str, &Sender)> = self.senders.iter().map(|(key, s)| (&**key, s)).collect();
        let order = |s: &Sender| DECISIONS.map(|d| std::cmp::Reverse(s.counts.of(d)));
        all.sort_by(|a, b| order(a.1).cmp(&order(b.1)).then_with(|| a.0.cmp(b.0)));
        all
    }
}

fn stretch(first: &mut Option<Timestamp>, last: &mut Option<Timestamp>, at: Timestamp) {
    *first = Some(first.map_or(at, |first| first.min(at)));
    *last = Some(last.map_or(at, |last| last.max(at)));
}

/// Year and month.
fn month(at: Timestamp) -> (i32, u8) {
    let text = at.to_string();
    let mut parts = text.rsplitn(3, '-').skip(1);
    let month = parts.next().and_then(|m| m.parse().ok()).unwrap_or(1);
    (parts.next().and_then(|y| y.parse().ok()).unwrap_or(1970), month)
}

/// Whether a note is one of the texts that LinkedIn writes itself.
fn is_stock(verdict: &Verdict) -> bool {
    verdict
        .rows
        .iter()
        .filter_map(Row::rule)
        .any(|rule| rule.starts_with("generic.stock-text"))
}

/// What the sender says of themselves, as far as known: the headline, or title and company.
pub(crate) fn headline(item: &Item) -> String {
    let Some(profile) = &item.message.sender else {
        return String::new();
    };
    if let Some(headline) = &profile.headline {
        return headline.clone().into_owned();
    }
    let Some(position) = profile.positions.first() else {
        return String::new();
    };
    let parts = [position.title.as_deref(), position.company.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" at ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_any_time() {
        for (seconds, expected) in [(0, (1970, 1)), (1_769_697_420, (2026, 1)), (-86_400, (1969, 12))] {
            assert_eq!(month(Timestamp::from_seconds(seconds)), expected);
        }
        let _ = (
            month(Timestamp::from_seconds(i64::MIN)),
            month(Timestamp::from_seconds(i64::MAX)),
        );
    }
}
