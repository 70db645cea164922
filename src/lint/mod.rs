/*!
The sender's side: how a draft would read to the person who gets it, and what to do instead.

The same engine judges a draft that judges what arrives; a [`Report`] turns the verdict round. It says whether the draft
reads as generic, as a pitch or as a machine, which words do that and what to do about each, how long it is against
LinkedIn's limits, which template variables are left over, and what is missing. Advice says what to change, and never
writes the message.

```
use huckster::{Message, Scorer, lint};

let draft = Message::invitation("Hi {{firstName}}, we help clinics fill shifts. Worth a quick call this week?");
let report = lint::check(&Scorer::builtin(), draft);
assert!(!report.is_accepted());
assert!(report.findings.iter().any(|f| f.kind == lint::Kind::Placeholder));
for finding in &report.findings {
    println!("{} {}: {} {}", finding.severity, finding.kind, finding.reason, finding.advice);
}
assert_eq!((report.text.characters, report.text.utf16), (76, 76));
```

What is known of the two people sharpens the report: with a recipient it sees the wrong name and the pasted headline,
with both it sees what they share. The reasons are those of the rules, told to the reader: "you" in a reason is the
recipient. Combinations of rules have no place of their own and give no finding; they show in the verdict.
*/

mod advice;
mod length;
mod missing;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::length::{Length, Limit};
use crate::message::{Body, Message};
use crate::rule::Weight;
use crate::score::Decision;
use crate::scorer::Scorer;
use crate::verdict::{Evidence, Row, RuleRow, Verdict};

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A template variable or an empty slot is left over.
    Placeholder,
    /// It is longer than LinkedIn takes.
    Length,
    /// It reads as a pitch.
    Pitch,
    /// It reads as a machine.
    Machine,
    /// It reads as if it could have gone to anyone.
    Generic,
    /// Something is not there that would help.
    Missing,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Placeholder => "placeholder",
            Self::Length => "length",
            Self::Pitch => "pitch",
            Self::Machine => "machine",
            Self::Generic => "generic",
            Self::Missing => "missing",
        })
    }
}

/// How much a finding matters; the larger, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Could be better; nobody would turn the message down for it.
    Hint,
    /// Helps to keep the message from being accepted.
    Warning,
    /// Cannot be sent like this: a variable is left over, it does not fit, or there is no text.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that could be better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
    /// Why. "You" is the person who reads the message.
    pub reason: String,
    /// What to do instead.
    pub advice: String,
    /// The rule behind it, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the rule contributes to the score; zero if there is no rule.
    pub contribution: Weight,
    /// Which words, which facts.
    pub evidence: Vec<Evidence>,
}

/// How strongly a draft reads as something: by the log-odds that the rules of that kind contribute, what a group's
/// limit takes back included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReadsAs {
    /// As if it could have gone to anyone.
    pub generic: Weight,
    /// As a pitch.
    pub pitch: Weight,
    /// As a machine.
    pub machine: Weight,
}

/// In words, how strongly a draft reads as something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Degree {
    /// Less than 0.3: the odds hardly move.
    No,
    /// From 0.3 on.
    Somewhat,
    /// From 1.0 on: the odds nearly treble.
    Clearly,
}

impl Degree {
    /// The degree of a contribution.
    pub fn of(weight: Weight) -> Self {
        match weight.as_milli() {
            1000.. => Self::Clearly,
            300.. => Self::Somewhat,
            _ => Self::No,
        }
    }
}

impl fmt::Display for Degree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::No => "no",
            Self::Somewhat => "somewhat",
            Self::Clearly => "clearly",
        })
    }
}

/// How a draft would read, and what to do instead. The serde form is that of `huckster lint --json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// Whether it would be accepted as it is: see [`is_accepted`](Self::is_accepted).
    pub accepted: bool,
    /// How strongly it reads as generic, as a pitch, as a machine.
    pub reads_as: ReadsAs,
    /// The length of the text, and the limits it is held against.
    pub text: Length,
    /// The length of the subject, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Length>,
    /// What could be better: the worst first, then in the order of the text.
    pub findings: Vec<Finding>,
    /// What the reader's scorer would say.
    pub verdict: Verdict,
}

impl Report {
    /// Whether the reader's scorer would accept the draft and nothing in it keeps it from being sent.
    pub fn is_accepted(&self) -> bool {
        self.accepted
    }

    /// The worst that was found, if anything was.
    pub fn severity(&self) -> Option<Severity> {
        self.findings.first().map(|f| f.severity)
    }
}

/// Looks at a draft as its reader's `scorer` would.
///
/// Sender and recipient are worth giving if known. The channel says which limits of length are held against the draft: a
/// note of an invitation has 300 characters, or 200 from a free account; an InMail 1,900 and a subject of 200; anything
/// else 8,000.
pub fn check<'m>(scorer: &Scorer, draft: impl Into<Message<'m>>) -> Report {
    let draft = draft.into();
    let verdict = scorer.judge(draft.clone());
    let doubted = verdict.decision != Decision::Accept;
    let mut findings: Vec<Finding> = verdict
        .rules()
        .filter(|row| row.contribution > Weight::ZERO && !is_taken_back(&row.rule, &verdict))
        .map(|row| of_rule(row, doubted))
        .collect();
    let text = draft.body.text().unwrap_or("");
    findings.extend(length::findings(&draft));
    if matches!(draft.body, Body::Text(_)) {
        findings.extend(missing::findings(scorer, &draft, &verdict));
    } else {
        findings.push(missing::no_text(&draft));
    }
    findings.sort_by_cached_key(|f| (std::cmp::Reverse(f.severity), f.kind, place(f), f.rule.clone()));
    let accepted = !doubted && findings.iter().all(|f| f.severity < Severity::Error);
    Report {
        accepted,
        reads_as: reads_as(&verdict),
        text: Length::of_text(text),
        subject: draft.subject.as_deref().map(Length::of_subject),
        findings,
        verdict,
    }
}

/// A rule about few words, and the combo that takes its weight back where they say something.
const BRIEF: &str = "generic.brief";
const CLUE: &str = "core.brief-with-a-clue";

/// Rules that say that something of a template was left over.
const LEFT_OVER: [&str; 5] = [
    "automation.leftover-field",
    "automation.leftover-braces",
    "automation.spintax",
    "automation.value-junk",
    "automation.empty-slot",
];

fn of_rule(row: &RuleRow, doubted: bool) -> Finding {
    let left_over = LEFT_OVER.contains(&row.rule.as_str());
    let kind = if left_over {
        Kind::Placeholder
    } else {
        kind(&row.group, &row.rule)
    };
    let severity = match (left_over, doubted) {
        (true, _) => Severity::Error,
        (false, true) if row.contribution >= Weight::milli(300) => Severity::Warning,
        _ => Severity::Hint,
    };
    Finding {
        kind,
        severity,
        reason: row.summary.clone(),
        advice: row
            .advice
            .clone()
            .unwrap_or_else(|| advice::of_group(&row.group, kind).to_owned()),
        rule: Some(row.rule.clone()),
        contribution: row.contribution,
        evidence: row.evidence.clone(),
    }
}

/// Few words with a clue in them are judged by the clue: what [`BRIEF`] gives, [`CLUE`] takes back.
fn is_taken_back(rule: &str, verdict: &Verdict) -> bool {
    rule == BRIEF && verdict.rows.iter().any(|row| row.rule() == Some(CLUE))
}

/// The kind that a group stands for; a group of the caller's own goes by the namespace of its rule.
fn kind(group: &str, rule: &str) -> Kind {
    match (group, crate::rule::namespace(rule)) {
        ("generic", _) => Kind::Generic,
        ("automation" | "campaign", _) => Kind::Machine,
        (
            "offer" | "claim" | "bait" | "ask" | "probe" | "pretext" | "pressure" | "trade" | "persona" | "wording",
            _,
        ) => Kind::Pitch,
        (_, "generic") => Kind::Generic,
        (_, "automation" | "campaign") => Kind::Machine,
        _ => Kind::Pitch,
    }
}

fn reads_as(verdict: &Verdict) -> ReadsAs {
    let mut reads = ReadsAs::default();
    // A limit takes back what its group gave, and groups that speak for the sender are none of this.
    let given: Vec<(&str, &str)> = verdict
        .rows
        .iter()
        .filter(|r| r.contribution() > Weight::ZERO)
        .filter_map(|r| match r {
            Row::Rule(rule) => Some((rule.group.as_str(), rule.rule.as_str())),
            Row::Combo { group, rule, .. } => Some((group.as_str(), rule.as_str())),
            _ => None,
        })
        .collect();
    for row in &verdict.rows {
        if row.rule().is_some_and(|rule| is_taken_back(rule, verdict)) {
            continue;
        }
        let of = match row {
            Row::Rule(rule) if rule.contribution > Weight::ZERO => kind(&rule.group, &rule.rule),
            Row::Combo {
                group,
                rule,
                contribution,
                ..
            } if *contribution > Weight::ZERO => kind(group, rule),
            Row::Saturation { group, .. } => match given.iter().find(|(g, _)| g == group) {
                Some((group, rule)) => kind(group, rule),
                None => continue,
            },
            _ => continue,
        };
        let into = match of {
            Kind::Generic => &mut reads.generic,
            Kind::Machine | Kind::Placeholder => &mut reads.machine,
            _ => &mut reads.pitch,
        };
        *into = into.plus(row.contribution());
    }
    reads
}

/// Where a finding stands first; what has no place comes last.
fn place(finding: &Finding) -> (bool, crate::span::Field, u32) {
    finding
        .evidence
        .iter()
        .find_map(|e| match e {
            Evidence::Text { field, start, .. } => Some((false, *field, *start)),
            Evidence::Fact { .. } => None,
        })
        .unwrap_or((true, crate::span::Field::Text, 0))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReadsAs {
            generic,
            pitch,
            machine,
        } = self.reads_as;
        writeln!(
            f,
            "{} (score {}); reads as generic: {}, as a pitch: {}, as a machine: {}",
            self.verdict.decision,
            self.verdict.score,
            Degree::of(generic),
            Degree::of(pitch),
            Degree::of(machine),
        )?;
        for reason in &self.verdict.review_reasons {
            writeln!(f, "  a person would look: {}", reason.describe())?;
        }
        writeln!(f, "{}", self.text)?;
        for finding in &self.findings {
            write!(f, "{} ({}): {}", finding.severity, finding.kind, finding.reason)?;
            for (i, evidence) in finding.evidence.iter().take(3).enumerate() {
                write!(f, "{}{evidence}", if i == 0 { ": " } else { ", " })?;
            }
            if let Some(rule) = &finding.rule {
                write!(f, "  [{rule}]")?;
            }
            writeln!(f, "\n  instead: {}", finding.advice)?;
        }
        Ok(())
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;

    /// A rule that was renamed would silently be no placeholder any more.
    #[test]
    fn the_rules_about_left_over_variables_exist() {
        let scorer = Scorer::builtin();
        for id in LEFT_OVER {
            assert!(scorer.rule(id).is_some(), "{id}");
        }
    }

    #[test]
    fn few_words_with_a_clue_are_not_called_generic() {
        let scorer = Scorer::builtin();
        let found = |draft: &str| {
            let report = check(&scorer, draft);
            report.findings.iter().any(|f| f.rule.as_deref() == Some(BRIEF))
        };
        assert!(found("Still waiting over here, friend."));
        let pitch = "We help clinics fill night shifts. Worth a quick call this week?";
        let fired = scorer.judge(pitch);
        assert!(fired.fired(BRIEF) && fired.fired(CLUE), "{}", fired.explain());
        assert!(!found(pitch));
    }

    #[test]
    fn every_group_of_the_built_in_rules_has_a_kind_and_advice_of_its_own() {
        let scorer = Scorer::builtin();
        let fallback = advice::of_group("?", Kind::Pitch);
        for (group, _) in scorer.groups() {
            let mut rules = scorer.rules().filter(|r| r.group == group && r.weight > Weight::ZERO);
            if let Some(rule) = rules.next() {
                assert_ne!(advice::of_group(group, kind(group, &rule.id)), fallback, "{group}");
            }
        }
    }
}
