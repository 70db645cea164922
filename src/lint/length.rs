//! Counts against LinkedIn's limits.
//!
//! How LinkedIn counts is not documented. A browser counts UTF-16 units, in which most emoji are two; a person counts
//! characters. Both are given, and a text that fits only by the second is a warning.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Finding, Kind, Severity};
use crate::message::{Channel, Message};
use crate::rule::Weight;
use crate::span::Field;
use crate::verdict::Evidence;

/// A limit that LinkedIn sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limit {
    /// What is limited, such as `note`.
    pub name: Cow<'static, str>,
    /// How much is allowed.
    pub max: u32,
    /// UTF-16 units that are left; negative if there are too many.
    pub left: i64,
}

/// How long a text is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Length {
    /// Unicode scalar values.
    pub characters: u32,
    /// UTF-16 code units, as LinkedIn's page counts.
    pub utf16: u32,
    /// The limits, the smallest first.
    pub limits: Vec<Limit>,
}

const FREE_NOTE: (&str, u32) = ("free note", 200);
const NOTE: (&str, u32) = ("note", 300);
const IN_MAIL: (&str, u32) = ("InMail", 1_900);
const MESSAGE: (&str, u32) = ("message", 8_000);
const SUBJECT: (&str, u32) = ("subject", 200);

impl Length {
    fn new(text: &str, limits: &[(&'static str, u32)]) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let utf16 = count(text.encode_utf16().count());
        Self {
            characters: count(text.chars().count()),
            utf16,
            limits: limits
                .iter()
                .map(|(name, max)| Limit {
                    name: Cow::Borrowed(name),
                    max: *max,
                    left: i64::from(*max) - i64::from(utf16),
                })
                .collect(),
        }
    }

    /// Against the limits of notes, InMails and messages. White space at the ends is not sent, and not counted.
    pub(super) fn of_text(text: &str) -> Self {
        Self::new(text.trim(), &[FREE_NOTE, NOTE, IN_MAIL, MESSAGE])
    }

    /// Against the limit of subjects.
    pub(super) fn of_subject(text: &str) -> Self {
        Self::new(text.trim(), &[SUBJECT])
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} characters, {} UTF-16 units;", self.characters, self.utf16)?;
        for (i, Limit { name, max, left }) in self.limits.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            if *left < 0 {
                write!(f, "{comma} {name} {max}: {} too many", -left)?;
            } else {
                write!(f, "{comma} {name} {max}: {left} left")?;
            }
        }
        Ok(())
    }
}

/// What does not fit the channel.
pub(super) fn findings(draft: &Message<'_>) -> Vec<Finding> {
    let text = draft.body.text().unwrap_or("");
    let premium = draft.sender.as_ref().and_then(|s| s.premium);
    let mut all = Vec::new();
    match draft.channel {
        Channel::Invitation => {
            let free = premium == Some(false);
            let over = over(Field::Text, text, if free { FREE_NOTE } else { NOTE });
            let only_paid = premium.is_none() && over.is_none();
            all.extend(over);
            if only_paid && let Some(mut finding) = self::over(Field::Text, text, FREE_NOTE) {
                finding.severity = Severity::Hint;
                finding.reason = format!("{} if your account is a free one", finding.reason);
                all.push(finding);
            }
        }
        Channel::InMail => {
            all.extend(over(Field::Text, text, IN_MAIL));
            all.extend(draft.subject.as_deref().and_then(|s| over(Field::Subject, s, SUBJECT)));
        }
        _ => all.extend(over(Field::Text, text, MESSAGE)),
    }
    all
}

/// The finding that `text` is longer than a limit, with the part that is too much.
fn over(field: Field, text: &str, (name, max): (&'static str, u32)) -> Option<Finding> {
    let body = text.trim();
    let lead = text.len() - text.trim_start().len();
    let length = Length::new(body, &[(name, max)]);
    if length.utf16 <= max {
        return None;
    }
    let fits_in_characters = length.characters <= max;
    let mut units = 0;
    let cut = body
        .char_indices()
        .find(|(_, c)| {
            units += c.len_utf16();
            units > max as usize
        })
        .map_or(body.len(), |(at, _)| at);
    let (start, end) = (lead + cut, lead + body.len());
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let surplus = length.utf16 - max;
    Some(Finding {
        kind: Kind::Length,
        severity: if fits_in_characters {
            Severity::Warning
        } else {
            Severity::Error
        },
        reason: if fits_in_characters {
            format!(
                "{} characters fit a {name} ({max}), but they are {} UTF-16 units, as LinkedIn may count",
                length.characters, length.utf16
            )
        } else {
            format!("{surplus} too many for a {name} ({max})")
        },
        advice: "Shorten it until it fits; what can wait is the best to leave out.".to_owned(),
        rule: None,
        contribution: Weight::ZERO,
        evidence: vec![Evidence::Text {
            field,
            start: offset(start),
            end: offset(end),
            excerpt: text.get(start..end).unwrap_or("").to_owned(),
            share: None,
        }],
    })
}
