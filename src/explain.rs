//! Views of a verdict: text, one sentence, what it would take to be accepted, why a rule did not fire.
//!
//! Explanations are read off the rows, never computed a second time.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use crate::coverage::Coverage;
use crate::message::{Body, Message};
use crate::rule::Weight;
use crate::score::{Basis, Decision, ReviewReason};
use crate::scorer::{Inspection, Scorer};
use crate::span::Field;
use crate::verdict::{Evidence, Row, Verdict};

impl Verdict {
    /// The verdict as plain text: the decision, then one line a row with its contribution and the running total.
    ///
    /// ```
    /// let verdict = huckster::Scorer::builtin().judge("Quick question - worth a call?");
    /// let text = verdict.explain();
    /// assert!(text.starts_with(&verdict.decision().to_string()));
    /// ```
    pub fn explain(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{} (score {})", self.decision, self.score);
        if let Basis::Policy(name) = &self.basis {
            let _ = writeln!(out, "  decided by the policy \"{name}\"");
        }
        for reason in &self.review_reasons {
            let _ = writeln!(out, "  a person should look: {}", reason.describe());
        }
        let mut total = Weight::ZERO;
        for row in &self.rows {
            total = total.plus(row.contribution());
            let _ = write!(
                out,
                "{:>8} {:>8}  {}",
                row.contribution().to_string(),
                total.to_string(),
                row.summary()
            );
            for (i, evidence) in row.evidence().iter().take(3).enumerate() {
                let _ = out.write_str(if i == 0 { ": " } else { ", " });
                let _ = out.write_str(&evidence.to_string());
            }
            if let Some(rule) = row.rule() {
                let _ = write!(out, "  [{rule}]");
            }
            out.push('\n');
        }
        out
    }

    /// One sentence from the `n` rows that weigh most in the direction of the decision.
    pub fn explain_brief(&self, n: usize) -> String {
        if let Basis::Policy(name) = &self.basis {
            return format!("{}: by the policy \"{name}\".", capital(self.decision));
        }
        let mut rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|r| matches!(r, Row::Rule(_) | Row::Combo { .. }))
            .collect();
        let towards = |row: &&Row| match self.decision {
            Decision::Accept => row.contribution() < Weight::ZERO,
            Decision::Review | Decision::Decline => row.contribution() > Weight::ZERO,
        };
        rows.retain(towards);
        rows.sort_by_key(|r| {
            (
                std::cmp::Reverse(r.contribution().as_milli().abs()),
                r.rule().map(str::to_owned),
            )
        });
        let reasons: Vec<String> = rows.iter().take(n).map(|r| lower_first(&r.summary())).collect();
        if reasons.is_empty() {
            let why = match (self.decision, self.review_reasons.first()) {
                (Decision::Accept, _) => "nothing speaks against the sender",
                (_, Some(reason)) => reason.describe(),
                _ => "the evidence is weak",
            };
            return format!("{}: {why}.", capital(self.decision));
        }
        format!("{}: {}.", capital(self.decision), reasons.join("; "))
    }

    /// The rows with the largest contributions first, then by rule id: for display.
    pub fn rows_by_size(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| {
            let size = |r: &Row| r.contribution().as_milli().abs();
            size(b).cmp(&size(a)).then_with(|| a.rule().cmp(&b.rule()))
        });
        rows
    }
}

fn capital(decision: Decision) -> &'static str {
    match decision {
        Decision::Accept => "Accept",
        Decision::Review => "Review",
        Decision::Decline => "Decline",
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        // "LinkedIn" and "AI" keep their capitals.
        Some(first) if chars.clone().next().is_none_or(|c| !c.is_uppercase()) && !text.starts_with("LinkedIn") => {
            first.to_lowercase().collect::<String>() + chars.as_str()
        }
        _ => text.to_owned(),
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text {
                excerpt, field, share, ..
            } => {
                let mut short: String = excerpt.split_whitespace().collect::<Vec<_>>().join(" ");
                if short.chars().count() > 60 {
                    short = short.chars().take(57).collect::<String>() + "…";
                }
                write!(f, "\"{short}\"")?;
                if let Some(share) = share {
                    write!(f, " ({} %)", (share + 5) / 10)?;
                }
                if *field != Field::Text {
                    write!(f, " in {field}")
                } else {
                    Ok(())
                }
            }
            Self::Fact { fact, value } => {
                let name = fact.rsplit('.').next().unwrap_or(fact);
                match name.strip_suffix("_s") {
                    Some(name) => write!(f, "{} {}", name.replace('_', " "), duration(*value)),
                    None => write!(f, "{} {value}", name.replace(['_', '-'], " ")),
                }
            }
        }
    }
}

/// Seconds in the largest unit that says enough.
fn duration(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// What would have to be different for another decision: see [`Scorer::flip_set`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FlipSet {
    /// The decision without these rules.
    pub decision: Decision,
    /// The rules, with the reason each stands for.
    pub rules: Vec<(String, String)>,
}

impl std::fmt::Display for FlipSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = match self.decision {
            Decision::Accept => "accepted",
            Decision::Review => "left for review",
            Decision::Decline => "declined",
        };
        let reasons: Vec<String> = self.rules.iter().map(|(_, summary)| lower_first(summary)).collect();
        write!(f, "would be {verb} without: {}", reasons.join("; "))
    }
}

/// Why a rule fired in a message, or why not: see [`Scorer::trace`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trace {
    /// There is no such rule, or it is off.
    NoSuchRule {
        /// The known id closest to it.
        nearest: Option<String>,
    },
    /// It fired and counts.
    Fired,
    /// It fired, but another silenced it.
    Suppressed {
        /// The other rule.
        by: String,
    },
    /// Its detector was not asked, since something must be known that is not.
    NotEvaluated {
        /// What is missing.
        missing: Coverage,
    },
    /// It is for another language.
    OtherLanguage {
        /// The rule's language.
        rule: String,
        /// The message's.
        message: String,
    },
    /// The message has fewer words than it asks for.
    TooShort {
        /// Words it asks for.
        min_words: u32,
    },
    /// Phrases were looked for and not found.
    NoPhrase {
        /// The phrase that came closest, with the share of its words that occur in the text, in percent.
        closest: Option<(String, u8)>,
    },
    /// Its conditions do not hold, or its detector saw no reason.
    NoReason,
}

impl std::fmt::Display for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchRule { nearest: Some(near) } => write!(f, "there is no such rule; did you mean `{near}`?"),
            Self::NoSuchRule { nearest: None } => f.write_str("there is no such rule, or it is switched off"),
            Self::Fired => f.write_str("it fired"),
            Self::Suppressed { by } => write!(f, "it fired, but does not count because of `{by}`"),
            Self::NotEvaluated { missing } => write!(f, "not evaluated: no {missing}"),
            Self::OtherLanguage { rule, message } => write!(f, "it is for `{rule}`, and the text is in `{message}`"),
            Self::TooShort { min_words } => write!(f, "the text has fewer than {min_words} words"),
            Self::NoPhrase {
                closest: Some((phrase, share)),
            } => {
                write!(
                    f,
                    "no phrase matched; closest is `{phrase}`, {share} % of whose words occur"
                )
            }
            Self::NoPhrase { closest: None } => f.write_str("no phrase matched, and none came close"),
            Self::NoReason => f.write_str("its conditions do not hold"),
        }
    }
}

impl Scorer {
    /// The fewest rules without which the decision on `message` would be better for the sender, if there are any.
    ///
    /// Takes the rules away by weight, largest first, until the decision changes, and then puts back those that were
    /// not needed.
    pub fn flip_set<'m>(&self, message: impl Into<Message<'m>>) -> Option<FlipSet> {
        self.flip_set_of(&self.inspect(message))
    }

    /// The same for a message that was read before: see [`Assessment::to_inspection`](crate::Assessment::to_inspection).
    ///
    /// ```
    /// let scorer = huckster::Scorer::builtin();
    /// let message = huckster::Message::text("We cut your cloud bill by 40%. Open to a quick call on Tuesday?");
    /// let mut scratch = scorer.scratch();
    /// let inspection = scorer.judge_with(&mut scratch, &message).to_inspection();
    /// assert_eq!(scorer.flip_set_of(&inspection), scorer.flip_set(message));
    /// ```
    pub fn flip_set_of(&self, inspection: &Inspection) -> Option<FlipSet> {
        let verdict = self.score(inspection);
        if verdict.decision == Decision::Accept || verdict.basis != Basis::Score {
            return None;
        }
        let mut candidates: Vec<(Weight, String, String)> = verdict
            .rules()
            .filter(|row| row.contribution > Weight::ZERO)
            .map(|row| (row.contribution, row.rule.clone(), row.summary.clone()))
            .collect();
        candidates.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let better = |without: &BTreeSet<&str>| {
            let decision = self.score(&inspection.without(without)).decision;
            (decision < verdict.decision).then_some(decision)
        };
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        let mut reached = None;
        for (_, rule, _) in &candidates {
            taken.insert(rule);
            reached = better(&taken);
            if reached.is_some() {
                break;
            }
        }
        reached?;
        // Lightest first: is it needed? A rule may silence another, so what was needed before may not be any more.
        loop {
            let before = taken.len();
            for (_, rule, _) in candidates.iter().rev() {
                if taken.len() > 1 && taken.remove(rule.as_str()) && better(&taken).is_none() {
                    taken.insert(rule);
                }
            }
            if taken.len() == before {
                break;
            }
        }
        let decision = better(&taken)?;
        let rules = candidates
            .iter()
            .filter(|(_, rule, _)| taken.contains(rule.as_str()))
            .map(|(_, rule, summary)| (rule.clone(), summary.clone()))
            .collect();
        Some(FlipSet { decision, rules })
    }

    /// Why the rule `id` fired in `message`, or why it did not. A slow path, for people.
    ///
    /// ```
    /// let scorer = huckster::Scorer::builtin();
    /// let why = scorer.trace("Hello", "automation.instant-message");
    /// assert_eq!(why.to_string(), "its conditions do not hold");
    /// ```
    pub fn trace<'m>(&self, message: impl Into<Message<'m>>, id: &str) -> Trace {
        let message = message.into();
        let Some(rule) = self.rule(id) else {
            let nearest = crate::nearest::nearest(id, self.rules().map(|r| r.id.as_ref())).map(str::to_owned);
            return Trace::NoSuchRule { nearest };
        };
        let verdict = self.judge(message.clone());
        for row in &verdict.rows {
            match row {
                Row::Rule(row) if row.rule == id => return Trace::Fired,
                Row::Suppressed { rule, by, .. } if rule == id => return Trace::Suppressed { by: by.clone() },
                _ => {}
            }
        }
        let (needs, phrases) = self.declared_by(id);
        if !verdict.coverage.contains(needs) {
            return Trace::NotEvaluated {
                missing: needs.missing_from(verdict.coverage),
            };
        }
        if let Some(lang) = rule.lang
            && verdict.lang != "und"
            && verdict.lang != lang.code()
        {
            return Trace::OtherLanguage {
                rule: lang.code().into(),
                message: verdict.lang.into_owned(),
            };
        }
        let words: BTreeSet<Vec<u8>> = match &message.body {
            Body::Text(text) => crate::phrase::canonical_words(text).into_iter().collect(),
            Body::Unknown | Body::Blank => BTreeSet::new(),
        };
        if rule.min_words as usize > words.len() {
            return Trace::TooShort {
                min_words: rule.min_words,
            };
        }
        if phrases.is_empty() {
            return Trace::NoReason;
        }
        let closest = phrases
            .into_iter()
            .map(|text| {
                let plain: String = text
                    .chars()
                    .map(|c| if "()[]{}|^$.".contains(c) { ' ' } else { c })
                    .collect();
                let wanted = crate::phrase::canonical_words(&plain);
                let found = wanted.iter().filter(|w| words.contains(*w)).count();
                let share = if wanted.is_empty() {
                    0
                } else {
                    (found * 100 / wanted.len()) as u8
                };
                (share, std::cmp::Reverse(text))
            })
            .max()
            .filter(|(share, _)| *share > 0)
            .map(|(share, text)| (text.0, share));
        Trace::NoPhrase { closest }
    }
}

impl ReviewReason {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::ThinEvidence => "thin-evidence",
            Self::Conflict => "conflict",
            Self::UnsupportedLanguage => "unsupported-language",
            Self::Truncated => "truncated",
            Self::SingleSource => "single-source",
        }
    }
}
