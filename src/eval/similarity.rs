//! Is a corpus fit to measure on? Messages that are nearly the same, and signs that give a label away.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

use super::corpus::{Corpus, Label};
use super::evaluate::round6;
use super::ranking::Ranking;

/// Two messages in nearly the same words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearDuplicate {
    /// One message.
    pub a: String,
    /// The other.
    pub b: String,
    /// Runs of three words that both have, of those that either has: 1 for the same words in the same order.
    pub similarity: f64,
}

/// How well something that should not matter tells pitches from genuine messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cue {
    /// What was counted.
    pub cue: &'static str,
    /// ROC-AUC of the count alone, turned so that it is at least 0.5. Above 0.6 the corpus gives its labels away.
    pub roc_auc: Option<f64>,
    /// Its mean in pitches.
    pub pitch: f64,
    /// Its mean in genuine messages.
    pub genuine: f64,
}

/// A run of words that stands in more messages than this marks no pair: it is idiom.
const COMMON: usize = 100;

/// Pairs of messages inside `corpus`, and between it and `other` if given, of at least this similarity (the Jaccard index
/// of runs of three words; Broder 1997, 'On the resemblance and containment of documents'). Messages of one cluster
/// belong together and are not compared; nor are texts of fewer than five words.
pub fn near_duplicates(corpus: &Corpus, other: Option<&Corpus>, similarity: f64) -> Vec<NearDuplicate> {
    let all: Vec<_> = corpus
        .messages()
        .iter()
        .chain(other.map_or(&[][..], Corpus::messages))
        .collect();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let runs: Vec<BTreeSet<[u32; 3]>> = all
        .iter()
        .map(|m| {
            let text = m.message.body.text().unwrap_or("").to_lowercase();
            let words: Vec<u32> = text
                .unicode_words()
                .map(|w| {
                    let next = numbers.len() as u32;
                    *numbers.entry(w.to_owned()).or_insert(next)
                })
                .collect();
            if words.len() < 5 {
                return BTreeSet::new();
            }
            words.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
        })
        .collect();
    let mut holders: HashMap<[u32; 3], Vec<u32>> = HashMap::new();
    for (i, runs) in runs.iter().enumerate() {
        for run in runs {
            holders.entry(*run).or_default().push(i as u32);
        }
    }
    let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for messages in holders.values().filter(|m| m.len() <= COMMON) {
        for (n, a) in messages.iter().enumerate() {
            for b in &messages[n + 1..] {
                *shared.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    let mut found: Vec<NearDuplicate> = shared
        .into_iter()
        .filter(|((a, b), _)| {
            let (x, y) = (all[*a as usize], all[*b as usize]);
            let inside = (*a as usize) < corpus.len();
            inside && (x.cluster.is_none() || x.cluster != y.cluster)
        })
        .filter_map(|((a, b), both)| {
            let either = runs[a as usize].len() + runs[b as usize].len() - both;
            let jaccard = both as f64 / either as f64;
            (jaccard >= similarity).then(|| NearDuplicate {
                a: all[a as usize].id.clone(),
                b: all[b as usize].id.clone(),
                similarity: round6(jaccard),
            })
        })
        .collect();
    found.sort_by(|x, y| {
        y.similarity
            .total_cmp(&x.similarity)
            .then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b)))
    });
    found
}

/// How well length, greeting, marks, emoji, digits and links alone tell pitches from genuine messages.
///
/// A corpus in which they do teaches a rule set its writers' habits.
pub fn cues(corpus: &Corpus) -> Vec<Cue> {
    type Count = fn(&str) -> usize;
    const COUNTED: &[(&str, Count)] = &[
        ("characters", |t| t.chars().count()),
        ("words", |t| t.unicode_words().count()),
        ("line breaks", |t| t.matches('\n').count()),
        ("question marks", |t| t.matches('?').count()),
        ("exclamation marks", |t| t.matches('!').count()),
        ("commas", |t| t.matches(',').count()),
        ("dashes", |t| t.matches(['–', '—']).count()),
        ("emoji", |t| t.chars().filter(|c| u32::from(*c) >= 0x1F300).count()),
        ("digits", |t| t.chars().filter(char::is_ascii_digit).count()),
        ("links", |t| t.matches("http").count() + t.matches("www.").count()),
        ("capital letters", |t| t.chars().filter(|c| c.is_uppercase()).count()),
        ("begins in lower case", |t| {
            usize::from(t.chars().next().is_some_and(char::is_lowercase))
        }),
        ("comma or ! in the first four words", |t| {
            usize::from(t.split_whitespace().take(4).any(|w| w.ends_with([',', '!'])))
        }),
    ];
    let texts: Vec<(&str, bool)> = corpus
        .messages()
        .iter()
        .filter(|m| matches!(m.label, Label::Pitch | Label::Genuine))
        .filter_map(|m| Some((m.message.body.text()?, m.label == Label::Pitch)))
        .collect();
    COUNTED
        .iter()
        .map(|(cue, count)| {
            let counts: Vec<(i32, bool)> = texts.iter().map(|(t, pitch)| (count(t) as i32, *pitch)).collect();
            let mean = |of: bool| {
                let own: Vec<f64> = counts
                    .iter()
                    .filter(|(_, p)| *p == of)
                    .map(|(n, _)| f64::from(*n))
                    .collect();
                round6(own.iter().sum::<f64>() / own.len().max(1) as f64)
            };
            let (pitch, genuine) = (mean(true), mean(false));
            Cue {
                cue,
                roc_auc: Ranking::new(counts).roc_auc().map(|a| round6(a.max(1.0 - a))),
                pitch,
                genuine,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Labeled;

    fn corpus(texts: &[(&'static str, &'static str)]) -> Corpus {
        texts
            .iter()
            .map(|(id, text)| Labeled::new(*id, *text, Label::Genuine))
            .collect()
    }

    #[test]
    fn near_copies_are_found_and_different_messages_are_not() {
        let own = corpus(&[
            ("a", "The lift in the north wing stops between the floors again"),
            ("b", "the lift in the NORTH wing stops between the floors, again!"),
            ("c", "Your order of forty chairs leaves the yard on Monday morning"),
        ]);
        let found = near_duplicates(&own, None, 0.5);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].a.as_str(), found[0].b.as_str(), found[0].similarity),
            ("a", "b", 1.0)
        );
        let other = corpus(&[("z", "Your order of forty chairs leaves the yard on Tuesday morning")]);
        let found = near_duplicates(&own, Some(&other), 0.5);
        assert!(found.iter().any(|d| d.a == "c" && d.b == "z"), "{found:?}");
        let near = found.iter().find(|d| d.b == "z").map(|d| d.similarity);
        // Nine runs each, seven of them shared.
        assert_eq!(near, Some(round6(7.0 / 11.0)));
    }

    #[test]
    fn a_telling_sign_is_told() {
        let mut all = Corpus::new();
        for i in 0..20 {
            let pitch = i % 2 == 0;
            let text = if pitch { "Call now!!" } else { "See you at the pool" };
            let label = if pitch { Label::Pitch } else { Label::Genuine };
            all.push(Labeled::new(i.to_string(), text, label)).unwrap();
        }
        let marks = cues(&all).into_iter().find(|c| c.cue == "exclamation marks").unwrap();
        assert_eq!((marks.roc_auc, marks.pitch, marks.genuine), (Some(1.0), 2.0, 0.0));
    }
}
