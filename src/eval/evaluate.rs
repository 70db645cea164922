//! How good a rule set is: everything that can be measured on a hit log.

use serde::Serialize;

use super::ablation::{self, Ablation};
use super::corpus::{CorpusError, CorpusProblem, Label};
use super::hits::{CorpusSummary, HitLog, Judged};
use super::parallel::Threads;
use super::probability::{Reliability, ReliabilityBin, log_loss};
use super::proportion::{Proportion, precision_at_prevalence};
use super::ranking::{CurvePoint, Ranking, RecallAtPrecision, ScoreCount};
use super::resample::{ClusterBootstrap, Interval};
use super::rules::{self, RuleMeasure, RuleOverlap};
use super::slices::{self, Slice};
use super::speed::Speed;
use crate::rule::Weight;
use crate::score::{CostMatrix, Decision};
use crate::verdict::Provenance;

/// What is measured, and how hard.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EvaluationOptions {
    /// Where the bootstrap starts; equal seeds give equal intervals.
    pub seed: u64,
    /// Draws of the bootstrap. On large logs fewer are made, see [`bootstrap_draws`].
    pub resamples: usize,
    /// The share of pitches in the inbox for which precision is restated, from 0 to 1.
    pub prevalence: f64,
    /// What wrong decisions cost.
    pub costs: CostMatrix,
    /// Whether rules, groups and detectors are left out one by one.
    pub ablation: bool,
    /// Slices with fewer messages are left out.
    pub slice_minimum: usize,
    /// On how many threads.
    pub threads: Threads,
}

impl Default for EvaluationOptions {
    /// 1,000 draws; three pitches in ten messages; a wrong decline as bad as ten wrong accepts or fifty looks.
    fn default() -> Self {
        Self {
            seed: 20_261_125,
            resamples: 1000,
            prevalence: 0.3,
            costs: CostMatrix {
                false_decline: 10.0,
                false_accept: 1.0,
                review: 0.2,
            },
            ablation: true,
            slice_minimum: 10,
            threads: Threads::All,
        }
    }
}

/// How many draws of the bootstrap are made on `messages` messages: as many as asked for, but not more than two hundred
/// million drawn messages altogether, and not fewer than a hundred.
///
/// The interval of a large corpus is narrow, so that the noise of a hundred draws does not matter.
pub fn bootstrap_draws(asked: usize, messages: usize) -> usize {
    asked.min((200_000_000 / messages.max(1)).max(100))
}

/// A value with its 95 % interval, from a bootstrap over clusters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The value, if there are messages of both kinds.
    pub value: Option<f64>,
    /// The lower end.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Estimate {
    pub(crate) fn new(value: Option<f64>, interval: &Interval) -> Self {
        let round = |x: f64| x.is_finite().then(|| round6(x));
        Self {
            value: value.and_then(round),
            low: value.and_then(|_| round(interval.low)),
            high: value.and_then(|_| round(interval.high)),
        }
    }
}

/// Six places are more than any corpus can tell, and the same on every platform.
pub(crate) fn round6(x: f64) -> f64 {
    let rounded = (x * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// The area under the ROC curve for the two tasks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RocAuc {
    /// The chance that a pitch scores above a genuine message, ties counting half.
    pub pitch_vs_genuine: Estimate,
    /// The chance that a pitch or a generic message scores above a genuine one.
    pub unwanted_vs_genuine: Estimate,
}

/// How many messages of a label ended in each decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DecisionCounts {
    /// Accepted.
    pub accept: u64,
    /// Left to a person.
    pub review: u64,
    /// Declined.
    pub decline: u64,
}

impl DecisionCounts {
    pub(crate) fn add(&mut self, decision: Decision) {
        match decision {
            Decision::Accept => self.accept += 1,
            Decision::Review => self.review += 1,
            Decision::Decline => self.decline += 1,
        }
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.accept + self.review + self.decline
    }
}

/// Decisions by label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DecisionTable {
    /// Of pitches.
    pub pitch: DecisionCounts,
    /// Of generic messages.
    pub generic: DecisionCounts,
    /// Of genuine messages.
    pub genuine: DecisionCounts,
    /// Of messages whose label is unsure; in no other measure.
    pub unsure: DecisionCounts,
}

impl DecisionTable {
    /// The counts of a label.
    pub fn of(&self, label: Label) -> DecisionCounts {
        match label {
            Label::Pitch => self.pitch,
            Label::Generic => self.generic,
            Label::Genuine => self.genuine,
            Label::Unsure => self.unsure,
        }
    }

    pub(crate) fn add(&mut self, label: Label, decision: Decision) {
        let counts = match label {
            Label::Pitch => &mut self.pitch,
            Label::Generic => &mut self.generic,
            Label::Genuine => &mut self.genuine,
            Label::Unsure => &mut self.unsure,
        };
        counts.add(decision);
    }

    pub(crate) fn count(messages: impl IntoIterator<Item = (Label, Decision)>) -> Self {
        let mut table = Self::default();
        messages.into_iter().for_each(|(l, d)| table.add(l, d));
        table
    }

    /// Genuine messages that were declined, of all genuine ones: the worst error, so the headline.
    pub fn false_decline(&self) -> Proportion {
        Proportion::new(self.genuine.decline, self.genuine.total())
    }

    /// Pitches among the declined messages.
    pub fn decline_precision(&self) -> Proportion {
        let declined = self.pitch.decline + self.generic.decline + self.genuine.decline;
        Proportion::new(self.pitch.decline, declined)
    }

    /// Declined messages among the pitches.
    pub fn decline_recall(&self) -> Proportion {
        Proportion::new(self.pitch.decline, self.pitch.total())
    }

    /// Accepted messages among the pitches.
    pub fn false_accept(&self) -> Proportion {
        Proportion::new(self.pitch.accept, self.pitch.total())
    }

    /// Reviewed messages among the generic ones.
    pub fn generic_reviewed(&self) -> Proportion {
        Proportion::new(self.generic.review, self.generic.total())
    }

    /// The share of all messages that a person has to look at.
    pub fn review_share(&self) -> Proportion {
        let all = [self.pitch, self.generic, self.genuine];
        Proportion::new(
            all.iter().map(|c| c.review).sum(),
            all.iter().map(DecisionCounts::total).sum(),
        )
    }

    /// Precision of a decline where a given share of the messages are pitches, as a corpus never has an inbox's mix.
    ///
    /// Bayes: the rates at which pitches and other messages are declined stay, their shares change.
    pub fn decline_precision_at(&self, prevalence: f64) -> Option<f64> {
        let others = self.generic.total() + self.genuine.total();
        let wrong = Proportion::new(self.generic.decline + self.genuine.decline, others);
        precision_at_prevalence(self.decline_recall().value()?, wrong.value()?, prevalence)
    }
}

/// What a decision on a message of a label costs: nothing if it is right, a look if it is review, else the wrong
/// decision. A generic message should be reviewed, so accepting it unseen costs as much as the look that was due.
pub fn decision_cost(costs: CostMatrix, label: Label, decision: Decision) -> f64 {
    match (label, decision) {
        (Label::Unsure, _) | (Label::Pitch, Decision::Decline) | (Label::Genuine, Decision::Accept) => 0.0,
        (Label::Pitch, Decision::Accept) => costs.false_accept,
        (Label::Genuine | Label::Generic, Decision::Decline) => costs.false_decline,
        (_, Decision::Review) | (Label::Generic, Decision::Accept) => costs.review,
    }
}

/// Costs per message.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// What a declined genuine or generic message costs.
    pub false_decline: f64,
    /// What an accepted pitch costs.
    pub false_accept: f64,
    /// What a look costs.
    pub review: f64,
    /// The mean over all messages.
    pub per_message: Estimate,
}

/// How well probabilities say how often a message is a pitch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProbabilityMeasures {
    /// Messages with a probability; the outcome is whether it is a pitch.
    pub messages: u64,
    /// Mean squared error: Brier (1950).
    pub brier: Estimate,
    /// Mean negative log-likelihood.
    pub log_loss: f64,
    /// Expected calibration error over the bins: the mean distance between said and seen, weighted by messages.
    pub calibration_error: f64,
    /// Bins of equal counts.
    pub bins: Vec<ReliabilityBin>,
}

/// A bar of the histogram of scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ScoreBin {
    /// Scores from here,
    pub from: Weight,
    /// to below here.
    pub to: Weight,
    /// How many messages of each label: pitch, generic, genuine.
    pub counts: [u64; 3],
}

/// How many messages of each label were measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// All of them.
    pub messages: usize,
    /// Independent clusters.
    pub clusters: usize,
    /// By label.
    pub pitch: u64,
    /// By label.
    pub generic: u64,
    /// By label.
    pub genuine: u64,
    /// Left out of every measure.
    pub unsure: u64,
}

/// Everything that was measured of one rule set.
///
/// ```
/// use huckster::Scorer;
/// use huckster::eval::{Corpus, EvaluationOptions, Label, Labeled};
///
/// let corpus: Corpus = [
///     Labeled::new("1", "We cut your cloud bill by 40%. Open to a quick call?", Label::Pitch),
///     Labeled::new("2", "Can you send me the minutes of Tuesday?", Label::Genuine),
/// ]
/// .into_iter()
/// .collect();
/// let evaluation = corpus.run(&Scorer::builtin()).evaluate(&EvaluationOptions::default())?;
/// assert_eq!(evaluation.roc_auc.pitch_vs_genuine.value, Some(1.0));
/// assert_eq!(evaluation.false_decline.hits, 0);
/// # Ok::<(), huckster::eval::CorpusError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evaluation {
    /// The rules that were measured.
    pub rule_set: Provenance,
    /// The messages they were measured on.
    pub corpus: CorpusSummary,
    /// How many there were.
    pub measured: Measured,
    /// How well scores rank.
    pub roc_auc: RocAuc,
    /// Average precision, pitch against genuine, ties grouped.
    pub average_precision: Estimate,
    /// Recall at precisions of 0.95 and 0.99, pitch against genuine.
    pub recall_at_precision: Vec<RecallAtPrecision>,
    /// Decisions by label.
    pub decisions: DecisionTable,
    /// Genuine messages declined.
    pub false_decline: Proportion,
    /// Pitches among the declined.
    pub decline_precision: Proportion,
    /// Pitches that were declined.
    pub decline_recall: Proportion,
    /// Pitches that were accepted.
    pub false_accept: Proportion,
    /// Generic messages that were left to a person.
    pub generic_reviewed: Proportion,
    /// All messages that were left to a person.
    pub review_share: Proportion,
    /// The share of pitches for which precision is restated.
    pub prevalence: f64,
    /// Precision of a decline at that share.
    pub decline_precision_at_prevalence: Option<f64>,
    /// Expected cost.
    pub cost: Cost,
    /// Quality of the probabilities, if the rule set is calibrated.
    pub probability: Option<ProbabilityMeasures>,
    /// Accept below, decline from.
    pub thresholds: (Weight, Weight),
    /// The rules that fired, by the evidence they give.
    pub rules: Vec<RuleMeasure>,
    /// Rules that never fired.
    pub silent_rules: usize,
    /// Pairs of rules that mostly fire together.
    pub overlaps: Vec<RuleOverlap>,
    /// What would be without each rule, combo, group and detector.
    pub ablation: Vec<Ablation>,
    /// The same table for parts of the corpus.
    pub slices: Vec<Slice>,
    /// Scores by label.
    pub histogram: Vec<ScoreBin>,
    /// The precision-recall curve, at most 200 points of it.
    pub precision_recall: Vec<CurvePoint>,
    /// Draws of the bootstrap behind the intervals.
    pub resamples: usize,
    /// Its seed.
    pub seed: u64,
    /// How fast the rules are, if that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
}

impl HitLog {
    /// Measures everything.
    ///
    /// # Errors
    ///
    /// There are no pitches, or no genuine messages.
    pub fn evaluate(&self, options: &EvaluationOptions) -> Result<Evaluation, CorpusError> {
        self.evaluate_with(options, &|_| {})
    }

    /// The same; `progress` is told what is being done.
    ///
    /// # Errors
    ///
    /// There are no pitches, or no genuine messages.
    pub fn evaluate_with(
        &self,
        options: &EvaluationOptions,
        progress: &(impl Fn(&str) + Sync),
    ) -> Result<Evaluation, CorpusError> {
        self.check_classes()?;
        progress("judging");
        let judged = self.judge();
        let decisions = DecisionTable::count((0..self.len()).map(|i| (self.label(i), judged[i].decision)));
        let count = |label| decisions.of(label).total();

        progress("intervals");
        let measure = Sampled::new(self, &judged, options.costs);
        let resamples = bootstrap_draws(options.resamples, self.len());
        let clusters = self.cluster_numbers();
        let bootstrap = ClusterBootstrap::new(&clusters, options.seed, resamples);
        let ones = vec![1; self.len()];
        let values = measure.all(&ones);
        let intervals = bootstrap.intervals(options.threads.count(), |multiplicity| measure.all(multiplicity));
        let estimate = |i: usize| Estimate::new(values[i].is_finite().then_some(values[i]), &intervals[i]);

        let ranking = measure.ranking();
        let recall_at_precision = [0.95, 0.99]
            .iter()
            .filter_map(|p| ranking.recall_at_precision(*p))
            .collect();

        progress("rules");
        let rules = rules::measure(self);
        let overlaps = rules::overlaps(self, 20);
        progress("ablation");
        let ablation = if options.ablation {
            ablation::all(self, &judged, options.threads)
        } else {
            Vec::new()
        };
        let silent_rules = self.table.structure.rules.len() - rules.len();
        Ok(Evaluation {
            rule_set: self.table.rule_set.clone(),
            corpus: self.corpus.clone(),
            measured: Measured {
                messages: self.len(),
                clusters: self.cluster_count(),
                pitch: count(Label::Pitch),
                generic: count(Label::Generic),
                genuine: count(Label::Genuine),
                unsure: count(Label::Unsure),
            },
            roc_auc: RocAuc {
                pitch_vs_genuine: estimate(Sampled::PITCH_AUC),
                unwanted_vs_genuine: estimate(Sampled::UNWANTED_AUC),
            },
            average_precision: estimate(Sampled::AVERAGE_PRECISION),
            recall_at_precision,
            false_decline: decisions.false_decline(),
            decline_precision: decisions.decline_precision(),
            decline_recall: decisions.decline_recall(),
            false_accept: decisions.false_accept(),
            generic_reviewed: decisions.generic_reviewed(),
            review_share: decisions.review_share(),
            prevalence: options.prevalence,
            decline_precision_at_prevalence: decisions.decline_precision_at(options.prevalence).map(round6),
            decisions,
            cost: Cost {
                false_decline: options.costs.false_decline,
                false_accept: options.costs.false_accept,
                review: options.costs.review,
                per_message: estimate(Sampled::COST),
            },
            probability: probability_measures(self, &judged, estimate(Sampled::BRIER)),
            thresholds: (self.table.policy.accept, self.table.policy.decline),
            rules,
            silent_rules,
            overlaps,
            ablation,
            slices: slices::all(self, &judged, options.slice_minimum),
            histogram: histogram(self, &judged),
            precision_recall: curve(&ranking),
            resamples,
            seed: options.seed,
            speed: None,
        })
    }

    /// That both pitches and genuine messages are there.
    pub(crate) fn check_classes(&self) -> Result<(), CorpusError> {
        let missing = [Label::Pitch, Label::Genuine]
            .into_iter()
            .find(|label| !(0..self.len()).any(|i| self.label(i) == *label));
        let Some(missing) = missing else { return Ok(()) };
        Err(CorpusError::one(CorpusProblem {
            file: self.corpus.name.clone(),
            line: 0,
            column: 0,
            message: format!("no message of the {} is labelled {missing}", self.len()),
            help: "a rule set is measured by telling pitches from genuine messages, so both are needed".to_owned(),
        }))
    }
}

/// Quality of the probabilities, if there are any.
pub(super) fn probability_measures(log: &HitLog, judged: &[Judged], brier: Estimate) -> Option<ProbabilityMeasures> {
    let pairs = probabilities(log, judged);
    let reliability = Reliability::new(pairs.iter().copied())?;
    Some(ProbabilityMeasures {
        messages: pairs.len() as u64,
        brier,
        log_loss: round6(log_loss(pairs)?),
        calibration_error: round6(reliability.expected_calibration_error()),
        bins: reliability.bins,
    })
}

/// Probability and outcome (whether it is a pitch) of the messages that have both.
fn probabilities(log: &HitLog, judged: &[Judged]) -> Vec<(f64, bool)> {
    (0..log.len())
        .filter(|i| log.label(*i) != Label::Unsure)
        .filter_map(|i| Some((f64::from(judged[i].probability?) / 1e6, log.label(i) == Label::Pitch)))
        .collect()
}

/// The measures that get an interval: computed again for every draw, so sorted once.
pub(crate) struct Sampled<'l> {
    log: &'l HitLog,
    judged: &'l [Judged],
    costs: CostMatrix,
    /// Messages by falling score, but for the unsure ones.
    order: Vec<u32>,
}

impl<'l> Sampled<'l> {
    pub(crate) const PITCH_AUC: usize = 0;
    pub(crate) const UNWANTED_AUC: usize = 1;
    pub(crate) const AVERAGE_PRECISION: usize = 2;
    pub(crate) const COST: usize = 3;
    pub(crate) const BRIER: usize = 4;
    pub(crate) const FALSE_DECLINE: usize = 5;

    pub(crate) fn new(log: &'l HitLog, judged: &'l [Judged], costs: CostMatrix) -> Self {
        let mut order: Vec<u32> = (0..log.len() as u32)
            .filter(|i| log.label(*i as usize) != Label::Unsure)
            .collect();
        order.sort_by_key(|i| (std::cmp::Reverse(judged[*i as usize].score), *i));
        Self {
            log,
            judged,
            costs,
            order,
        }
    }

    /// Pitch against genuine.
    fn ranking(&self) -> Ranking {
        let of = |i: &u32| match self.log.label(*i as usize) {
            Label::Pitch => Some((self.judged[*i as usize].score, true)),
            Label::Genuine => Some((self.judged[*i as usize].score, false)),
            _ => None,
        };
        Ranking::new(self.order.iter().filter_map(of))
    }

    /// All measures where message `i` counts `multiplicity[i]` times; not a number where one cannot be had.
    pub(crate) fn all(&self, multiplicity: &[u32]) -> [f64; 6] {
        let mut pitch: Vec<ScoreCount> = Vec::new();
        let mut unwanted: Vec<ScoreCount> = Vec::new();
        let (mut cost, mut messages) = (0.0, 0u64);
        let (mut squares, mut with_probability) = (0.0, 0u64);
        let (mut genuine, mut genuine_declined) = (0u64, 0u64);
        for i in self.order.iter().map(|i| *i as usize) {
            let n = u64::from(multiplicity[i]);
            if n == 0 {
                continue;
            }
            let (label, judged) = (self.log.label(i), self.judged[i]);
            for (counts, positive) in [
                (&mut pitch, (label != Label::Generic).then_some(label == Label::Pitch)),
                (&mut unwanted, Some(label != Label::Genuine)),
            ] {
                let Some(positive) = positive else { continue };
                if counts.last().is_none_or(|c| c.score != judged.score) {
                    counts.push(ScoreCount {
                        score: judged.score,
                        positives: 0,
                        negatives: 0,
                    });
                }
                if let Some(last) = counts.last_mut() {
                    *if positive {
                        &mut last.positives
                    } else {
                        &mut last.negatives
                    } += n;
                }
            }
            cost += n as f64 * decision_cost(self.costs, label, judged.decision);
            messages += n;
            if let Some(p) = judged.probability {
                let outcome = f64::from(u8::from(label == Label::Pitch));
                squares += n as f64 * (f64::from(p) / 1e6 - outcome).powi(2);
                with_probability += n;
            }
            if label == Label::Genuine {
                genuine += n;
                genuine_declined += n * u64::from(judged.decision.is_decline());
            }
        }
        let (pitch, unwanted) = (Ranking::from_counts(pitch), Ranking::from_counts(unwanted));
        let share = |sum: f64, of: u64| if of == 0 { f64::NAN } else { sum / of as f64 };
        [
            pitch.roc_auc().unwrap_or(f64::NAN),
            unwanted.roc_auc().unwrap_or(f64::NAN),
            pitch.average_precision().unwrap_or(f64::NAN),
            share(cost, messages),
            share(squares, with_probability),
            share(genuine_declined as f64, genuine),
        ]
    }
}

/// Scores in steps of a quarter, from the lowest to the highest.
fn histogram(log: &HitLog, judged: &[Judged]) -> Vec<ScoreBin> {
    const STEP: i32 = 250;
    let counted = (0..log.len()).filter(|i| log.label(*i) != Label::Unsure);
    let bin = |score: i32| score.div_euclid(STEP);
    let Some((low, high)) = counted
        .clone()
        .map(|i| bin(judged[i].score))
        .fold(None, |range, b| match range {
            None => Some((b, b)),
            Some((low, high)) => Some((b.min(low), b.max(high))),
        })
    else {
        return Vec::new();
    };
    let mut bins: Vec<ScoreBin> = (low..=high)
        .map(|b| ScoreBin {
            from: Weight::milli(b * STEP),
            to: Weight::milli((b + 1) * STEP),
            counts: [0; 3],
        })
        .collect();
    for i in counted {
        bins[(bin(judged[i].score) - low) as usize].counts[log.label(i) as usize] += 1;
    }
    bins
}

/// The precision-recall curve, thinned.
fn curve(ranking: &Ranking) -> Vec<CurvePoint> {
    let points = ranking.precision_recall_curve();
    let step = points.len().div_ceil(200).max(1);
    let last = points.len().saturating_sub(1);
    points
        .iter()
        .enumerate()
        .filter(|(i, _)| i % step == 0 || *i == last)
        .map(|(_, p)| *p)
        .collect()
}
