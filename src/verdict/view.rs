//! A verdict as it is worked out: everything borrowed, so that writing one out allocates nothing.
//!
//! The types here mirror those of the owned verdict, and serialise to the same bytes, which a property test holds them to.

use serde::{Serialize, Serializer};

use super::{Evidence, Provenance, Row, RuleRow, is_by_score, is_full};
use crate::coverage::Coverage;
use crate::rule::Weight;
use crate::score::{Basis, Decision, Probability, ReviewReason};
use crate::span::Field;

/// A rule shows at most this many pieces of evidence.
const MAX_EVIDENCE: usize = 6;

#[derive(Serialize)]
pub(crate) struct VerdictView<'a, R: Serialize> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<&'a str>,
    pub(crate) decision: Decision,
    #[serde(skip_serializing_if = "is_by_score")]
    pub(crate) basis: Basis,
    pub(crate) score: Weight,
    pub(crate) probability: Option<Probability>,
    pub(crate) review_reasons: Reasons,
    pub(crate) coverage: Coverage,
    pub(crate) lang: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) truncated: bool,
    pub(crate) rows: R,
    pub(crate) rule_set: ProvenanceView<'a>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum RowView<'a> {
    Prior {
        contribution: Weight,
    },
    Rule(RuleRowView<'a>),
    Suppressed {
        rule: &'a str,
        by: &'a str,
        contribution: Weight,
        summary: &'a str,
        evidence: Proofs<'a>,
    },
    Saturation {
        group: &'a str,
        contribution: Weight,
    },
    Combo {
        rule: &'a str,
        group: &'a str,
        contribution: Weight,
        summary: &'a str,
    },
}

#[derive(Serialize)]
pub(crate) struct RuleRowView<'a> {
    pub(crate) detector: &'a str,
    pub(crate) rule: &'a str,
    pub(crate) group: &'a str,
    pub(crate) weight: Weight,
    #[serde(skip_serializing_if = "is_full")]
    pub(crate) strength: u32,
    pub(crate) contribution: Weight,
    pub(crate) summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) preview: bool,
    pub(crate) evidence: Proofs<'a>,
}

/// Borrowed [`Evidence`].
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
pub(crate) enum Proof<'a> {
    Text {
        field: Field,
        start: u32,
        end: u32,
        excerpt: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        share: Option<u32>,
    },
    Fact {
        fact: &'a str,
        value: i64,
    },
}

#[derive(Serialize)]
pub(crate) struct ProvenanceView<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<&'a str>,
}

/// Bits of [`ReviewReason`].
#[derive(Clone, Copy)]
pub(crate) struct Reasons(pub(crate) u8);

impl Reasons {
    pub(crate) fn iter(self) -> impl Iterator<Item = ReviewReason> {
        ReviewReason::ALL.into_iter().filter(move |r| self.0 & r.bit() != 0)
    }
}

impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// The evidence of a row.
#[derive(Clone, Copy, Default)]
pub(crate) struct Proofs<'a>([Option<Proof<'a>>; MAX_EVIDENCE]);

impl<'a> Proofs<'a> {
    /// The first few, without those that lie in another.
    pub(crate) fn of(all: impl Iterator<Item = Proof<'a>>) -> Self {
        let mut kept = Self::default();
        let mut len = 0;
        for new in all {
            if let (
                Some(Some(Proof::Text {
                    field,
                    start,
                    end,
                    excerpt,
                    ..
                })),
                Proof::Text {
                    field: f,
                    start: s,
                    end: e,
                    excerpt: x,
                    ..
                },
            ) = (kept.0[..len].last_mut(), new)
            {
                // Of hits inside each other the longer one says all.
                if *field == f && s >= *start && e <= *end {
                    continue;
                }
                if *field == f && s == *start {
                    (*end, *excerpt) = (e, x);
                    continue;
                }
            }
            if let Some(slot) = kept.0.get_mut(len) {
                *slot = Some(new);
                len += 1;
            }
        }
        kept
    }

    fn to_owned(self) -> Vec<Evidence> {
        self.0.into_iter().flatten().map(Evidence::from).collect()
    }
}

impl Serialize for Proofs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().flatten())
    }
}

impl From<Proof<'_>> for Evidence {
    fn from(proof: Proof<'_>) -> Self {
        match proof {
            Proof::Text {
                field,
                start,
                end,
                excerpt,
                share,
            } => Self::Text {
                field,
                start,
                end,
                excerpt: excerpt.to_owned(),
                share,
            },
            Proof::Fact { fact, value } => Self::Fact {
                fact: fact.to_owned().into(),
                value,
            },
        }
    }
}

impl<'a> From<&'a Evidence> for Proof<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        match evidence {
            Evidence::Text {
                field,
                start,
                end,
                excerpt,
                share,
            } => Self::Text {
                field: *field,
                start: *start,
                end: *end,
                excerpt,
                share: *share,
            },
            Evidence::Fact { fact, value } => Self::Fact { fact, value: *value },
        }
    }
}

impl From<RowView<'_>> for Row {
    fn from(row: RowView<'_>) -> Self {
        match row {
            RowView::Prior { contribution } => Self::Prior { contribution },
            RowView::Rule(row) => Self::Rule(RuleRow {
                detector: row.detector.to_owned(),
                rule: row.rule.to_owned(),
                group: row.group.to_owned(),
                weight: row.weight,
                strength: row.strength,
                contribution: row.contribution,
                summary: row.summary.to_owned(),
                advice: row.advice.map(str::to_owned),
                preview: row.preview,
                evidence: row.evidence.to_owned(),
            }),
            RowView::Suppressed {
                rule,
                by,
                contribution,
                summary,
                evidence,
            } => Self::Suppressed {
                rule: rule.to_owned(),
                by: by.to_owned(),
                contribution,
                summary: summary.to_owned(),
                evidence: evidence.to_owned(),
            },
            RowView::Saturation { group, contribution } => Self::Saturation {
                group: group.to_owned(),
                contribution,
            },
            RowView::Combo {
                rule,
                group,
                contribution,
                summary,
            } => Self::Combo {
                rule: rule.to_owned(),
                group: group.to_owned(),
                contribution,
                summary: summary.to_owned(),
            },
        }
    }
}

impl From<ProvenanceView<'_>> for Provenance {
    fn from(view: ProvenanceView<'_>) -> Self {
        Self {
            name: view.name.to_owned(),
            version: view.version.to_owned(),
            fingerprint: view.fingerprint.to_owned(),
            model: view.model.map(str::to_owned),
        }
    }
}
