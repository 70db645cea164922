//! Recorded verdicts: what a rule set said of a corpus before, so that a change of rules shows what it changes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::corpus::{CorpusError, CorpusProblem, Label};
use super::hits::HitLog;
use crate::rule::Weight;
use crate::score::Decision;

/// The verdict on one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RecordedVerdict {
    /// What the message is.
    pub label: Label,
    /// What was decided.
    pub decision: Decision,
    /// The score.
    pub score: Weight,
}

/// Verdicts by message, to be kept in a file beside the corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerdictRecord {
    verdicts: BTreeMap<String, RecordedVerdict>,
}

/// A message whose decision changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerdictChange {
    /// The message.
    pub id: String,
    /// What it was; `None` if the message is new.
    pub before: Option<RecordedVerdict>,
    /// What it is; `None` if the message is gone.
    pub after: Option<RecordedVerdict>,
}

const HEAD: [&str; 4] = ["id", "label", "decision", "score"];

impl VerdictRecord {
    /// The verdicts of a log.
    pub fn of(log: &HitLog) -> Self {
        let verdicts = log
            .messages()
            .zip(log.judge())
            .map(|(m, judged)| {
                let verdict = RecordedVerdict {
                    label: m.label(),
                    decision: judged.decision,
                    score: Weight::milli(judged.score),
                };
                (m.id().to_owned(), verdict)
            })
            .collect();
        Self { verdicts }
    }

    /// The verdicts, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, RecordedVerdict)> {
        self.verdicts.iter().map(|(id, v)| (id.as_str(), *v))
    }

    /// Reads a record that [`write_csv`](Self::write_csv) wrote; `name` is used in messages.
    ///
    /// # Errors
    ///
    /// The first line that cannot be used, with its place.
    pub fn read_csv(name: &str, text: &str) -> Result<Self, CorpusError> {
        let fail = |line: u64, message: String| {
            CorpusError::one(CorpusProblem {
                file: name.to_owned(),
                line: line as usize,
                column: 1,
                message,
                help: "write the record again".to_owned(),
            })
        };
        let mut verdicts = BTreeMap::new();
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let record = record.map_err(|e| fail(e.position().map_or(1, csv::Position::line), e.to_string()))?;
            let line = record.position().map_or(1, csv::Position::line);
            let cell = |i: usize| record.get(i).unwrap_or("");
            let bad = |i: usize| fail(line, format!("`{}` is no {}", cell(i), HEAD[i]));
            let verdict = RecordedVerdict {
                label: Label::from_name(cell(1)).ok_or_else(|| bad(1))?,
                decision: match cell(2) {
                    "accept" => Decision::Accept,
                    "review" => Decision::Review,
                    "decline" => Decision::Decline,
                    _ => return Err(bad(2)),
                },
                score: cell(3)
                    .parse::<f64>()
                    .ok()
                    .filter(|s| s.abs() < 1e6)
                    .map(|s| Weight::milli((s * 1000.0).round() as i32))
                    .ok_or_else(|| bad(3))?,
            };
            if verdicts.insert(cell(0).to_owned(), verdict).is_some() {
                return Err(fail(line, format!("the id `{}` stands twice", cell(0))));
            }
        }
        Ok(Self { verdicts })
    }

    /// Writes the record, in the order of the ids.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_csv(&self, out: impl Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(HEAD)?;
        for (id, v) in &self.verdicts {
            csv.write_record([id, v.label.name(), &v.decision.to_string(), &v.score.to_string()])?;
        }
        csv.flush()
    }

    /// The messages whose decision is another one now, the worst news first.
    pub fn changes(&self, now: &Self) -> Vec<VerdictChange> {
        let ids: std::collections::BTreeSet<&String> = self.verdicts.keys().chain(now.verdicts.keys()).collect();
        let mut changes: Vec<VerdictChange> = ids
            .into_iter()
            .map(|id| VerdictChange {
                id: id.clone(),
                before: self.verdicts.get(id).copied(),
                after: now.verdicts.get(id).copied(),
            })
            .filter(|c| c.before.map(|v| v.decision) != c.after.map(|v| v.decision))
            .collect();
        changes.sort_by_key(|c| std::cmp::Reverse(c.harm()));
        changes
    }

    /// Genuine messages that are declined.
    pub fn declined_genuine(&self) -> impl Iterator<Item = &str> {
        let declined = |v: &RecordedVerdict| v.label == Label::Genuine && v.decision.is_decline();
        self.verdicts
            .iter()
            .filter(move |(_, v)| declined(v))
            .map(|(id, _)| id.as_str())
    }
}

impl VerdictChange {
    /// How much worse it got: above 0 worse, below 0 better.
    fn harm(&self) -> i32 {
        let cost = |v: &RecordedVerdict| match (v.label, v.decision) {
            (Label::Genuine | Label::Generic, Decision::Decline) => 10,
            (Label::Pitch, Decision::Accept) => 3,
            (Label::Genuine | Label::Pitch, Decision::Review) => 1,
            _ => 0,
        };
        self.after.as_ref().map_or(0, cost) - self.before.as_ref().map_or(0, cost)
    }

    /// Whether the change is for the better, for the worse, or neither.
    pub fn direction(&self) -> std::cmp::Ordering {
        0.cmp(&self.harm())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(rows: &[(&str, Label, Decision)]) -> VerdictRecord {
        let verdicts = rows
            .iter()
            .map(|(id, label, decision)| {
                let verdict = RecordedVerdict {
                    label: *label,
                    decision: *decision,
                    score: Weight::milli(-1250),
                };
                ((*id).to_owned(), verdict)
            })
            .collect();
        VerdictRecord { verdicts }
    }

    #[test]
    fn records_survive_a_file() {
        let before = record(&[
            ("a, b", Label::Pitch, Decision::Decline),
            ("c", Label::Genuine, Decision::Accept),
        ]);
        let mut bytes = Vec::new();
        before.write_csv(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(VerdictRecord::read_csv("v.csv", &text).unwrap(), before);
        let error = VerdictRecord::read_csv("v.csv", "id,label,decision,score\nx,pitch,maybe,1\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "v.csv:2:1: `maybe` is no decision; write the record again"
        );
    }

    #[test]
    fn the_worst_news_comes_first() {
        use Decision::{Accept, Decline, Review};
        let before = record(&[
            ("a", Label::Pitch, Review),
            ("b", Label::Genuine, Accept),
            ("c", Label::Genuine, Review),
        ]);
        let after = record(&[
            ("a", Label::Pitch, Decline),
            ("b", Label::Genuine, Decline),
            ("c", Label::Genuine, Review),
            ("d", Label::Pitch, Decline),
        ]);
        let changes = before.changes(&after);
        let ids: Vec<&str> = changes.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["b", "d", "a"]);
        assert_eq!(changes[0].direction(), std::cmp::Ordering::Less);
        assert_eq!(changes[2].direction(), std::cmp::Ordering::Greater);
        assert_eq!(after.declined_genuine().collect::<Vec<_>>(), ["b"]);
    }
}
