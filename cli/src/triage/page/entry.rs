//! A message as the page holds it: small, and safe to show.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicI64, Ordering};

use huckster::{Basis, Evidence, Field, FlipSet, Row, Scorer, Span, Timestamp, Verdict};
use huckster_linkedin_export::Item;
use serde::{Deserialize, Serialize};

use crate::render::visible;
use crate::triage::inbox::sender_key;
use crate::triage::tally::{headline, rank};

/// Bytes of a text that the page shows. More is not read by the library either.
const TEXT: usize = 8 * 1024;

/// Bytes of all messages on a page. Browsers take more, but not on a phone.
const ALL: usize = 64 << 20;

/// Places of evidence that are marked for one row.
const PLACES: usize = 24;

/// A message in the form of its JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Data {
    /// Its number among the incoming messages.
    pub(super) i: usize,
    /// Decline, review, accept.
    pub(super) d: usize,
    /// The score in thousandths.
    pub(super) s: i32,
    /// The probability in thousandths.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    p: Option<u32>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) t: Option<i64>,
    /// The channel.
    pub(super) c: String,
    /// Where it stands in the archive.
    pub(super) f: String,
    /// What tells the sender from others.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    k: Option<String>,
    /// Name, headline and address of the sender.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) n: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub(super) h: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    u: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) j: Option<String>,
    /// The text; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) x: Option<String>,
    /// Whether the text goes on.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    cut: bool,
    w: Vec<DataRow>,
    /// Why a person should look.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    y: Vec<String>,
    /// The policy that decided.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    b: Option<String>,
    /// What it would take for a better decision.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    z: Option<String>,
    /// The reasons in one sentence.
    pub(super) q: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct DataRow {
    /// Its share of the score in thousandths.
    c: i32,
    /// The number of the rule, if it is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    r: Option<u32>,
    /// The reason, if the list of rules has it not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    q: Option<String>,
    /// Places in the text (0) and subject (1) in UTF-16 units.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    m: Vec<(u8, u32, u32)>,
    /// Evidence elsewhere, and facts.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    e: Vec<String>,
}

/// Numbers for the rules of a scorer, so that the page says of each once what it is about.
#[derive(Debug)]
pub(crate) struct Ids(HashMap<String, u32>);

impl Ids {
    pub(crate) fn new(scorer: &Scorer) -> Self {
        Self(
            scorer
                .rules()
                .zip(0..)
                .map(|(rule, n)| (rule.id.clone().into_owned(), n))
                .collect(),
        )
    }
}

/// The message as JSON.
#[derive(Debug)]
pub(crate) struct Entry(Vec<u8>);

impl Entry {
    pub(crate) fn new(item: &Item, verdict: &Verdict, flip: Option<FlipSet>, ids: &Ids) -> Self {
        let message = &item.message;
        let (text, cut) = message.body.text().map_or((None, false), |text| {
            let end = (0..=TEXT.min(text.len()))
                .rev()
                .find(|end| text.is_char_boundary(*end))
                .unwrap_or(0);
            (text.get(..end), end < text.len())
        });
        let subject = message.subject.as_deref();
        let fields = [text.map(Units::new), subject.map(Units::new)];
        let data = Data {
            i: 0,
            d: rank(verdict.decision),
            s: verdict.score.as_milli(),
            p: verdict.probability.map(|p| (p.ppm() + 500) / 1000),
            t: item.at.map(Timestamp::seconds),
            c: message.channel.name().to_owned(),
            f: place(item),
            k: sender_key(&item.from).map(|key| shown(&key)),
            n: item.from.name.as_deref().map(shown),
            h: shown(&headline(item)),
            u: item
                .from
                .profile_url
                .as_deref()
                .filter(|url| is_profile(url))
                .map(shown),
            j: subject.map(shown),
            x: text.map(shown),
            cut,
            w: verdict.rows.iter().map(|row| data_row(row, &fields, ids)).collect(),
            y: verdict.review_reasons.iter().map(|r| r.describe().to_owned()).collect(),
            b: match &verdict.basis {
                Basis::Policy(name) => Some(shown(name)),
                Basis::Score => None,
            },
            z: flip.map(|flip| shown(&flip.to_string())),
            q: shown(&verdict.explain_brief(2)),
        };
        let mut out = Vec::new();
        // Writing to memory cannot fail, and the data has no keys that JSON lacks.
        let written = serde_json::to_writer(&mut out, &data);
        debug_assert!(written.is_ok());
        Self(out)
    }
}

fn data_row(row: &Row, fields: &[Option<Units<'_>>; 2], ids: &Ids) -> DataRow {
    let rule = row.rule().and_then(|rule| ids.0.get(rule)).copied();
    let mut out = DataRow {
        c: row.contribution().as_milli(),
        r: rule,
        // The list of rules knows nothing of what silences them.
        q: (rule.is_none() || matches!(row, Row::Suppressed { .. })).then(|| shown(&row.summary())),
        m: Vec::new(),
        e: Vec::new(),
    };
    for evidence in row.evidence().iter().take(PLACES) {
        let place = match evidence {
            Evidence::Text { field, start, end, .. } => {
                let which: u8 = match field {
                    Field::Text => 0,
                    Field::Subject => 1,
                    _ => 2,
                };
                let units = fields.get(usize::from(which)).and_then(Option::as_ref);
                units
                    .and_then(|u| u.of(Span::new(*start, *end)))
                    .map(|(a, b)| (which, a, b))
            }
            _ => None,
        };
        match (place, evidence) {
            (Some(place), _) => out.m.push(place),
            // Behind what the page shows of the text.
            (None, Evidence::Text { field: Field::Text, .. }) => {}
            _ => out.e.push(shown(&evidence.to_string())),
        }
    }
    out
}

/// Places of a text in UTF-16 units, as browsers count.
struct Units<'t> {
    text: &'t str,
    ascii: bool,
}

impl<'t> Units<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            ascii: text.is_ascii(),
        }
    }

    fn of(&self, span: Span) -> Option<(u32, u32)> {
        if self.ascii {
            return (span.end as usize <= self.text.len()).then_some((span.start, span.end));
        }
        span.to_utf16(self.text)
    }
}

/// File and row, also of the note that is the first message of a thread.
fn place(item: &Item) -> String {
    let mut place = format!("{}, row {}", item.source.file, item.source.row);
    if let Some(again) = &item.repeated {
        place += &format!("; also {}, row {}", again.file, again.row);
    }
    shown(&place)
}

/// Whether the page may have a link to it. Anything else of the archive is text.
fn is_profile(url: &str) -> bool {
    let path = url.strip_prefix("https://www.linkedin.com/in/");
    path.is_some_and(|path| !path.is_empty() && !path.contains(|c: char| c.is_whitespace() || c.is_control()))
}

/// What the page shows of a text of the archive: control characters and those that turn the line around become visible.
/// One UTF-16 unit stays one, so that places stay where they are.
pub(super) fn shown(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => c,
            '\r' => ' ',
            c => visible(c),
        })
        .collect()
}

/// The newest messages, in as much memory as a page may take.
#[derive(Debug)]
pub(crate) struct Entries {
    most: usize,
    bytes: usize,
    /// By time; what has none is older than all.
    kept: BTreeMap<(Option<i64>, usize), Vec<u8>>,
    pub(super) left_out: usize,
    used: BTreeSet<u32>,
}

impl Entries {
    /// At most so many messages.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            bytes: 0,
            kept: BTreeMap::new(),
            left_out: 0,
            used: BTreeSet::new(),
        }
    }

    /// The next message, and its number. Without an entry it is too old.
    pub(crate) fn add(
        &mut self,
        number: usize,
        at: Option<Timestamp>,
        entry: Option<Entry>,
        verdict: &Verdict,
        ids: &Ids,
    ) {
        // Of all, since how many came too late for the page depends on the threads.
        let rules = verdict.rows.iter().filter_map(Row::rule);
        self.used.extend(rules.filter_map(|rule| ids.0.get(rule)));
        let Some(entry) = entry else {
            self.left_out += 1;
            return;
        };
        self.bytes += entry.0.len();
        self.kept.insert((at.map(Timestamp::seconds), number), entry.0);
        while self.kept.len() > self.most || self.bytes > ALL {
            let Some((_, dropped)) = self.kept.pop_first() else {
                break;
            };
            self.bytes -= dropped.len();
            self.left_out += 1;
        }
    }

    /// When the oldest one on the page was sent, if the page is full.
    pub(crate) fn oldest(&self) -> Option<i64> {
        let ((at, _), _) = self.kept.first_key_value().filter(|_| self.kept.len() >= self.most)?;
        *at
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// The messages with their numbers as JSON, the newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.kept
            .iter()
            .rev()
            .map(|((_, number), json)| (*number, json.as_slice()))
    }

    /// The rules that fired: number, id, summary, group, advice.
    pub(super) fn rules(&self, scorer: &Scorer) -> BTreeMap<u32, (String, String, String, String)> {
        let used = |n: &u32| self.used.contains(n);
        let all = scorer.rules().zip(0u32..).filter(|(_, n)| used(n));
        all.map(|(rule, n)| {
            let advice = rule.advice.as_deref().unwrap_or_default();
            (
                n,
                (shown(&rule.id), shown(&rule.summary), shown(&rule.group), shown(advice)),
            )
        })
        .collect()
    }
}

/// What is older than this does not come onto the page any more. It may be known late, and is never too high.
#[derive(Debug)]
pub(crate) struct Floor(AtomicI64);

impl Default for Floor {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl Floor {
    pub(crate) fn rise(&self, to: Option<i64>) {
        if let Some(to) = to {
            self.0.fetch_max(to, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_above(&self, at: Option<Timestamp>) -> bool {
        let floor = self.0.load(Ordering::Relaxed);
        floor > i64::MIN && at.is_none_or(|at| at.seconds() < floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_archive_turns_the_line_around_or_moves_a_place() {
        let hostile = "a\u{202e}b\u{2028}c\0d\r\ne\u{2066}é🚀\u{85}";
        let safe = shown(hostile);
        assert!(!safe.contains(['\u{202e}', '\u{2028}', '\0', '\r', '\u{2066}', '\u{85}']));
        assert_eq!(safe.encode_utf16().count(), hostile.encode_utf16().count());
    }

    #[test]
    fn only_profiles_are_links() {
        assert!(is_profile("https://www.linkedin.com/in/jo-field"));
        for other in [
            "javascript:alert(1)",
            "https://www.linkedin.com.evil.example/in/x",
            "http://www.linkedin.com/in/x",
            "https://www.linkedin.com/in/",
            "https://www.linkedin.com/in/x y",
        ] {
            assert!(!is_profile(other), "{other}");
        }
    }
}
