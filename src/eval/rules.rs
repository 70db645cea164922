//! What each rule is worth: hits by label, and what a hit says.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::association::{LogLikelihoodRatio, Overlap, spam_overall_ratio};
use super::corpus::Label;
use super::evaluate::round6;
use super::hits::HitLog;
use super::proportion::Proportion;
use crate::rule::Weight;

/// What is known of one rule after a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RuleMeasure {
    /// The rule.
    pub rule: String,
    /// Its group.
    pub group: String,
    /// Its weight.
    pub weight: Weight,
    /// On trial: fires, but weighs nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
    /// Pitches it fired in.
    pub pitch: Proportion,
    /// Generic messages it fired in.
    pub generic: Proportion,
    /// Genuine messages it fired in.
    pub genuine: Proportion,
    /// Clusters it fired in: many hits in one cluster are one observation.
    pub clusters: usize,
    /// SpamAssassin's S/O: the share of pitches among its hits if there were as many pitches as genuine messages. 1 means
    /// pitches only, 0.5 nothing, 0 genuine messages only.
    pub spam_overall_ratio: Option<f64>,
    /// What a hit alone adds to the log-odds: what the weight would be if rules were independent of each other.
    pub log_likelihood_ratio: Option<LogLikelihoodRatio>,
    /// For a rule on trial: whether it has earned its weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
}

/// Whether a rule on trial should count from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "because")]
pub enum Promotion {
    /// It has earned it.
    Ready,
    /// What it lacks.
    NotYet(Vec<String>),
}

/// Two rules that mostly fire together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleOverlap {
    /// One rule.
    pub a: String,
    /// The other.
    pub b: String,
    /// Messages in which both fired.
    pub both: u64,
    /// Messages in which only the first did.
    pub only_a: u64,
    /// Messages in which only the second did.
    pub only_b: u64,
    /// Messages with both, of those with either.
    pub jaccard: Option<f64>,
}

/// A rule on trial is ready from this S/O on,
const PROMOTION_RATIO: f64 = 0.95;
/// with hits in so many clusters,
const PROMOTION_CLUSTERS: usize = 5;
/// and hits in at most this share of the genuine messages.
const PROMOTION_GENUINE: f64 = 0.005;

/// The rules that fired, the most telling first.
pub(super) fn measure(log: &HitLog) -> Vec<RuleMeasure> {
    let structure = &log.table.structure;
    let mut totals = [0u64; 4];
    let mut counts = vec![[0u64; 4]; structure.rules.len()];
    let mut clusters: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); structure.rules.len()];
    for i in 0..log.len() {
        let label = log.label(i) as usize;
        totals[label] += 1;
        for (rule, _) in log.hits(i) {
            counts[*rule as usize][label] += 1;
            // Enough to say that there are plenty.
            if clusters[*rule as usize].len() < 1000 {
                clusters[*rule as usize].insert(log.cluster(i));
            }
        }
    }
    let mut measures: Vec<RuleMeasure> = (0..structure.rules.len())
        .filter(|r| counts[*r].iter().any(|n| *n > 0))
        .map(|r| {
            let of = |label: Label| Proportion::new(counts[r][label as usize], totals[label as usize]);
            let (pitch, genuine) = (of(Label::Pitch), of(Label::Genuine));
            let ratio = spam_overall_ratio(pitch, genuine);
            let preview = log.table.preview[r];
            RuleMeasure {
                rule: structure.rules[r].id.clone(),
                group: structure.groups[usize::from(structure.rules[r].group)].clone(),
                weight: log.table.numbers.rules[r],
                preview,
                pitch,
                generic: of(Label::Generic),
                genuine,
                clusters: clusters[r].len(),
                spam_overall_ratio: ratio.map(round6),
                log_likelihood_ratio: LogLikelihoodRatio::new(pitch, genuine),
                promotion: preview.then(|| promotion(ratio, genuine, clusters[r].len())),
            }
        })
        .collect();
    // By the end of the interval that is nearer to nothing: strong and sure before strong and rare.
    let told = |m: &RuleMeasure| match m.log_likelihood_ratio {
        Some(LogLikelihoodRatio { low, .. }) if low > 0.0 => low,
        Some(LogLikelihoodRatio { high, .. }) => (-high).max(0.0),
        None => 0.0,
    };
    let hits = |m: &RuleMeasure| m.pitch.hits + m.generic.hits + m.genuine.hits;
    measures.sort_by(|a, b| {
        (told(b).total_cmp(&told(a)))
            .then(hits(b).cmp(&hits(a)))
            .then_with(|| a.rule.cmp(&b.rule))
    });
    measures
}

fn promotion(ratio: Option<f64>, genuine: Proportion, clusters: usize) -> Promotion {
    let mut lacks = Vec::new();
    if ratio.is_none_or(|r| r < PROMOTION_RATIO) {
        lacks.push(format!("its S/O is below {PROMOTION_RATIO}"));
    }
    if clusters < PROMOTION_CLUSTERS {
        lacks.push(format!(
            "it fired in {clusters} clusters, fewer than {PROMOTION_CLUSTERS}"
        ));
    }
    if genuine.value().is_some_and(|v| v > PROMOTION_GENUINE) {
        lacks.push(format!(
            "it fires in more than {} % of the genuine messages",
            PROMOTION_GENUINE * 100.0
        ));
    }
    if lacks.is_empty() {
        Promotion::Ready
    } else {
        Promotion::NotYet(lacks)
    }
}

/// The pairs of rules that fire together most, at least five times and in at least half of the messages of either.
pub(super) fn overlaps(log: &HitLog, most: usize) -> Vec<RuleOverlap> {
    let mut single = vec![0u64; log.table.structure.rules.len()];
    let mut pairs: HashMap<(u32, u32), u64> = HashMap::new();
    for i in 0..log.len() {
        let hits = log.hits(i);
        for (n, (a, _)) in hits.iter().enumerate() {
            single[*a as usize] += 1;
            for (b, _) in &hits[n + 1..] {
                *pairs.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    let mut all: Vec<((u32, u32), Overlap)> = pairs
        .into_iter()
        .filter(|(_, both)| *both >= 5)
        .map(|((a, b), both)| {
            let overlap = Overlap {
                both,
                only_a: single[a as usize] - both,
                only_b: single[b as usize] - both,
            };
            ((a, b), overlap)
        })
        .filter(|(_, o)| o.jaccard().is_some_and(|j| j >= 0.5))
        .collect();
    let jaccard = |o: &Overlap| o.jaccard().unwrap_or(0.0);
    all.sort_by(|(x, a), (y, b)| {
        jaccard(b)
            .total_cmp(&jaccard(a))
            .then(b.both.cmp(&a.both))
            .then(x.cmp(y))
    });
    let id = |r: u32| log.table.structure.rules[r as usize].id.clone();
    all.truncate(most);
    all.into_iter()
        .map(|((a, b), o)| RuleOverlap {
            a: id(a),
            b: id(b),
            both: o.both,
            only_a: o.only_a,
            only_b: o.only_b,
            jaccard: o.jaccard().map(round6),
        })
        .collect()
}
