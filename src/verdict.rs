//! The answer: a decision with rows that add up to its score.

pub(crate) mod view;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::coverage::Coverage;
use crate::rule::Weight;
use crate::score::{Basis, Decision, Probability, ReviewReason};
use crate::span::Field;

/// The judgement of one message, owned and serialisable.
///
/// `score` is exactly the sum of the contributions of `rows`. The JSON form is public: see `README.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The identifier the caller gave the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What to do.
    pub decision: Decision,
    /// What the decision rests on.
    #[serde(default = "by_score", skip_serializing_if = "is_by_score")]
    pub basis: Basis,
    /// The log-odds that this is a huckster: the sum of the rows.
    pub score: Weight,
    /// The probability, if the model is calibrated for this coverage.
    pub probability: Option<Probability>,
    /// Why a person should look; empty unless the decision is review.
    pub review_reasons: Vec<ReviewReason>,
    /// What was known.
    pub coverage: Coverage,
    /// The language the text was taken to be in, an ISO 639-1 code; `und` for unknown, `mis` for one without rules.
    pub lang: Cow<'static, str>,
    /// Whether a field was longer than the library reads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// The evidence; contributions add up to `score`.
    pub rows: Vec<Row>,
    /// Which rules judged.
    pub rule_set: Provenance,
}

fn by_score() -> Basis {
    Basis::Score
}

fn is_by_score(basis: &Basis) -> bool {
    *basis == Basis::Score
}

/// One line of a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Row {
    /// The log-odds before any evidence, for messages of this coverage.
    Prior {
        /// Its share of the score.
        contribution: Weight,
    },
    /// A rule that fired.
    Rule(RuleRow),
    /// A rule that fired, but counts for nothing because of another.
    Suppressed {
        /// The rule.
        rule: String,
        /// The rule that silenced it.
        by: String,
        /// Always zero.
        contribution: Weight,
        /// What the rule is about.
        summary: String,
        /// Where it fired.
        evidence: Vec<Evidence>,
    },
    /// What a group's limit takes back.
    Saturation {
        /// The group.
        group: String,
        /// Its share of the score.
        contribution: Weight,
    },
    /// Several rules that mean more together.
    Combo {
        /// The combo.
        rule: String,
        /// The group whose limit applies.
        group: String,
        /// Its share of the score.
        contribution: Weight,
        /// What it is about.
        summary: String,
    },
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RuleRow {
    /// The namespace of the rule.
    pub detector: String,
    /// The rule.
    pub rule: String,
    /// The group whose limit applies.
    pub group: String,
    /// The weight of the rule.
    pub weight: Weight,
    /// The strength of the finding in thousandths, if it was not full.
    #[serde(default = "full", skip_serializing_if = "is_full")]
    pub strength: u32,
    /// Its share of the score.
    pub contribution: Weight,
    /// The reason in words.
    pub summary: String,
    /// What a sender could do instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Whether the rule is on trial and weighs nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
    /// Which words, which facts.
    pub evidence: Vec<Evidence>,
}

fn full() -> u32 {
    1000
}

fn is_full(strength: &u32) -> bool {
    *strength == 1000
}

/// What a row rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Evidence {
    /// A place in a field.
    Text {
        /// The field.
        field: Field,
        /// Offset of the first byte.
        start: u32,
        /// Offset after the last byte.
        end: u32,
        /// The words there.
        excerpt: String,
        /// How much of the row rests on this place, in thousandths, if the detector can tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share: Option<u32>,
    },
    /// A fact the caller gave, or that follows from it.
    Fact {
        /// Its name.
        fact: Cow<'static, str>,
        /// Its value.
        value: i64,
    },
}

/// Which rules judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Provenance {
    /// Name of the rule set.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Name of the model, if the weights are not those of the rule files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl Row {
    /// Its share of the score.
    pub fn contribution(&self) -> Weight {
        match self {
            Self::Prior { contribution }
            | Self::Suppressed { contribution, .. }
            | Self::Saturation { contribution, .. }
            | Self::Combo { contribution, .. } => *contribution,
            Self::Rule(row) => row.contribution,
        }
    }

    /// The rule or combo behind the row, if it is one.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Rule(row) => Some(&row.rule),
            Self::Suppressed { rule, .. } | Self::Combo { rule, .. } => Some(rule),
            Self::Prior { .. } | Self::Saturation { .. } => None,
        }
    }

    /// The row in words.
    pub fn summary(&self) -> Cow<'_, str> {
        match self {
            Self::Prior { .. } => Cow::Borrowed("Before any evidence"),
            Self::Rule(row) => Cow::Borrowed(&row.summary),
            Self::Suppressed { summary, by, .. } => Cow::Owned(format!("{summary} (not counted because of {by})")),
            Self::Saturation { group, .. } => Cow::Owned(format!("More of the same kind: {group}")),
            Self::Combo { summary, .. } => Cow::Borrowed(summary),
        }
    }

    /// What it rests on.
    pub fn evidence(&self) -> &[Evidence] {
        match self {
            Self::Rule(row) => &row.evidence,
            Self::Suppressed { evidence, .. } => evidence,
            _ => &[],
        }
    }
}

impl Verdict {
    /// What to do.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// The score.
    pub fn score(&self) -> Weight {
        self.score
    }

    /// Whether the rule with this id fired and counts.
    pub fn fired(&self, id: &str) -> bool {
        self.rows
            .iter()
            .any(|row| !matches!(row, Row::Suppressed { .. }) && row.rule() == Some(id))
    }

    /// The rules that fired and count.
    pub fn rules(&self) -> impl Iterator<Item = &RuleRow> {
        self.rows
            .iter()
            .filter_map(|row| if let Row::Rule(rule) = row { Some(rule) } else { None })
    }
}
