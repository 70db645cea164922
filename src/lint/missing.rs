//! What is not there and would help: a text, why this person, what the two share, one small thing to answer.
//!
//! Rules cannot know every good reason to write, so what is not seen is a hint, never more.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation as _;

use super::{Finding, Kind, Severity};
use crate::message::{Channel, Message};
use crate::profile::Profile;
use crate::rule::Weight;
use crate::score::ReviewReason;
use crate::scorer::Scorer;
use crate::span::Field;
use crate::verdict::{Evidence, RuleRow, Verdict};

/// From so many questions on, none is small.
const MANY_QUESTIONS: usize = 3;

/// Words of profiles that say nothing of a person, besides those of fewer than four letters.
const EMPTY_WORDS: [&str; 40] = [
    "about",
    "also",
    "and",
    "around",
    "based",
    "been",
    "build",
    "building",
    "business",
    "company",
    "director",
    "each",
    "from",
    "global",
    "great",
    "have",
    "head",
    "help",
    "helping",
    "international",
    "into",
    "lead",
    "leader",
    "leading",
    "make",
    "manager",
    "more",
    "people",
    "senior",
    "team",
    "that",
    "their",
    "them",
    "this",
    "what",
    "with",
    "work",
    "working",
    "years",
    "your",
];

pub(super) fn no_text(draft: &Message<'_>) -> Finding {
    let note = matches!(draft.channel, Channel::Invitation | Channel::Unknown);
    finding(
        Severity::Error,
        "There is no text".to_owned(),
        if note {
            "Say in one line who you are and why you write to this person."
        } else {
            "Say why you write to this person."
        },
    )
}

pub(super) fn findings(scorer: &Scorer, draft: &Message<'_>, verdict: &Verdict) -> Vec<Finding> {
    let mut all = Vec::new();
    let text = draft.body.text().unwrap_or("");
    // Without rules that speak for a sender, or with none for the language, nobody can tell what is missing.
    let can_tell = scorer.rules().any(|r| r.group == "ground" || r.group == "reference")
        && !verdict.review_reasons.contains(&ReviewReason::UnsupportedLanguage);
    if !can_tell {
        return all;
    }
    let within_a_talk = draft
        .thread
        .as_ref()
        .is_some_and(|t| !t.turns().is_empty() || t.recipient_replied() == Some(true));
    // Said in the text: what the caller knows, the reader need not.
    let said = |row: &&RuleRow| {
        let in_text = |e: &Evidence| matches!(e, Evidence::Text { field: Field::Text, .. });
        row.evidence.iter().any(in_text)
    };
    let speaks_for = |groups: &[&str]| {
        let mut for_sender = verdict.rules().filter(|r| r.contribution < Weight::ZERO).filter(said);
        for_sender.any(|r| groups.contains(&r.group.as_str()))
    };
    if !within_a_talk {
        let words = words(text);
        let recipient = draft.recipient.profile();
        let of_theirs = recipient.is_some_and(|r| profile_words(r).intersection(&words).next().is_some());
        let shared = shared(draft);
        let named = shared.iter().any(|name| mentions(text, name));
        if !of_theirs && !named && !speaks_for(&["reference", "purpose", "ground"]) {
            all.push(finding(
                Severity::Hint,
                "Nothing was found that says why you write to this one person".to_owned(),
                "Name the one thing of theirs that made you write: a post, a talk, a project, a question only they can answer.",
            ));
        }
        if !named && !speaks_for(&["ground"]) {
            all.push(if shared.is_empty() {
                finding(
                    Severity::Hint,
                    "Nothing was found that says what you share".to_owned(),
                    "If you share a person, a place, an employer or an interest, name it; if not, say in a few words who you are.",
                )
            } else {
                let some: Vec<&str> = shared.iter().take(3).map(String::as_str).collect();
                finding(
                    Severity::Hint,
                    format!("You share {}, and do not say so", some.join(", ")),
                    "Mention it in passing: it is the plainest reason to write.",
                )
            });
        }
    }
    let questions = questions(text);
    if questions.is_empty() {
        let asks = verdict.rules().any(|r| r.group == "ask") || speaks_for(&["purpose"]);
        if !asks {
            all.push(finding(
                Severity::Hint,
                "No question was found".to_owned(),
                "End with one small thing they can answer in a line, or leave no doubt that no answer is needed.",
            ));
        }
    } else if questions.len() >= MANY_QUESTIONS {
        let mut many = finding(
            Severity::Hint,
            format!("There are {} questions", questions.len()),
            "Ask the one that matters most; one small ask is easier to answer than several.",
        );
        many.evidence = questions;
        all.push(many);
    }
    all
}

fn finding(severity: Severity, reason: String, advice: &str) -> Finding {
    Finding {
        kind: Kind::Missing,
        severity,
        reason,
        advice: advice.to_owned(),
        rule: None,
        contribution: Weight::ZERO,
        evidence: Vec::new(),
    }
}

/// Words that say something, in lower case.
fn words(text: &str) -> BTreeSet<String> {
    text.unicode_words()
        .map(str::to_lowercase)
        .filter(|w| w.chars().count() >= 4 && !EMPTY_WORDS.contains(&w.as_str()))
        .collect()
}

/// The words by which a profile differs from others. The name is left out: a program can insert it too.
fn profile_words(profile: &Profile<'_>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for text in [&profile.headline, &profile.about].into_iter().flatten() {
        all.append(&mut words(text));
    }
    for position in &profile.positions {
        for text in [&position.title, &position.company].into_iter().flatten() {
            all.append(&mut words(text));
        }
    }
    all
}

/// What the two share by name, as far as the caller said: in the order of the lists, then employers of both profiles.
fn shared(draft: &Message<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    if let Some(r) = &draft.relationship {
        let lists = [
            &r.shared_employers,
            &r.shared_schools,
            &r.shared_groups,
            &r.shared_events,
        ];
        all.extend(lists.into_iter().flatten().flatten().map(ToString::to_string));
    }
    let employers = |p: &Profile<'_>| -> Vec<String> {
        let companies = p.positions.iter().filter_map(|p| p.company.as_deref());
        companies
            .map(|c| c.trim().to_owned())
            .filter(|c| !c.is_empty())
            .collect()
    };
    if let (Some(sender), Some(recipient)) = (&draft.sender, draft.recipient.profile()) {
        let theirs = employers(recipient);
        all.extend(
            employers(sender)
                .into_iter()
                .filter(|own| theirs.iter().any(|t| t.to_lowercase() == own.to_lowercase())),
        );
    }
    let mut seen = BTreeSet::new();
    all.retain(|name| seen.insert(name.to_lowercase()));
    all
}

fn mentions(text: &str, name: &str) -> bool {
    let folded = |t: &str| t.unicode_words().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let name = folded(name);
    !name.is_empty() && format!(" {} ", folded(text)).contains(&format!(" {name} "))
}

/// The sentences that end in a question mark. One inside a link ends nothing.
fn questions(text: &str) -> Vec<Evidence> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let ends = chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
        match c {
            '?' | '؟' | '？' if ends => {
                let from = start + (text[start..at].len() - text[start..at].trim_start().len());
                if from < at && text[from..at].contains(char::is_alphanumeric) {
                    all.push(Evidence::Text {
                        field: Field::Text,
                        start: u32::try_from(from).unwrap_or(u32::MAX),
                        end: u32::try_from(end).unwrap_or(u32::MAX),
                        excerpt: text[from..end].to_owned(),
                        share: None,
                    });
                }
                start = end;
            }
            '.' | '!' | '\n' if ends => start = end,
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_whole_sentences() {
        let shown = |text: &str| -> Vec<String> {
            let all = questions(text);
            all.iter()
                .filter_map(|e| match e {
                    Evidence::Text { excerpt, .. } => Some(excerpt.clone()),
                    Evidence::Fact { .. } => None,
                })
                .collect()
        };
        assert_eq!(
            shown("Hi Ana. Did v2.1 help? See https://a.b/?c=1 - or not?!"),
            ["Did v2.1 help?", "See https://a.b/?c=1 - or not?"]
        );
        assert!(shown("No. ?? ?").is_empty());
    }

    #[test]
    fn names_are_found_as_words() {
        assert!(mentions("I was at St. Clare, too", "St Clare") || mentions("I was at St Clare, too", "St Clare"));
        assert!(!mentions("the Clares", "Clare"));
        assert!(!mentions("anything", "?"));
    }
}
