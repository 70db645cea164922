//! Whether one rule set is really better than another.

use std::collections::HashMap;

use serde::Serialize;

use super::corpus::{CorpusError, CorpusProblem, Label};
use super::evaluate::{DecisionTable, EvaluationOptions, Sampled, bootstrap_draws, round6};
use super::hits::{CorpusSummary, HitLog};
use super::paired::{holm, mcnemar_mid_p, pairs_needed};
use super::resample::ClusterBootstrap;
use crate::rule::Weight;
use crate::score::Decision;
use crate::verdict::Provenance;

/// A difference is called one below this adjusted p-value.
const SIGNIFICANT: f64 = 0.05;

/// With fewer messages that differ, no number of further messages is named.
const ENOUGH_TO_EXTRAPOLATE: u64 = 5;

/// What a test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// B is better.
    Better,
    /// B is worse.
    Worse,
    /// The messages do not tell.
    CannotTell,
}

/// Decisions on the same messages that only one of the two sets got right.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DecisionTest {
    /// What is asked, such as "pitches declined".
    pub question: &'static str,
    /// How many of the messages each set got right.
    pub right: [u64; 2],
    /// Messages that were asked about.
    pub messages: u64,
    /// Right under A only.
    pub only_a: u64,
    /// Right under B only.
    pub only_b: u64,
    /// McNemar's exact test with the mid-p correction, two-sided.
    pub p: f64,
    /// The same after Holm's correction for all tests of the comparison.
    pub p_adjusted: f64,
    /// What it says.
    pub finding: Finding,
    /// If it does not tell: about how many more messages of this label would, should the difference be what it seems to
    /// be. `None` if no difference is to be seen at all.
    pub more_needed: Option<u64>,
}

/// A measure under both sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MeasureTest {
    /// The measure.
    pub measure: &'static str,
    /// Whether more is better.
    pub more_is_better: bool,
    /// Its value under each set.
    pub values: [Option<f64>; 2],
    /// B minus A.
    pub difference: Option<f64>,
    /// 95 % interval of the difference: percentiles of a bootstrap that draws whole clusters.
    pub interval: Option<(f64, f64)>,
    /// The bootstrap's p-value for no difference.
    pub p: f64,
    /// The same after Holm's correction.
    pub p_adjusted: f64,
    /// What it says.
    pub finding: Finding,
    /// If it does not tell: about how many more messages would.
    pub more_needed: Option<u64>,
}

/// A message that the two sets decide differently.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Changed {
    /// The message.
    pub id: String,
    /// What it is.
    pub label: Label,
    /// The decision under A and B.
    pub decisions: [Decision; 2],
    /// The score under A and B.
    pub scores: [Weight; 2],
    /// Rules that fired under A only.
    pub only_a: Vec<String>,
    /// Rules that fired under B only.
    pub only_b: Vec<String>,
}

/// Two rule sets on the same messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The rules, A and B.
    pub rule_sets: [Provenance; 2],
    /// The messages.
    pub corpus: CorpusSummary,
    /// How many.
    pub messages: usize,
    /// In how many clusters.
    pub clusters: usize,
    /// Decisions under A and B.
    pub decisions: [DecisionTable; 2],
    /// Tests on decisions.
    pub decision_tests: Vec<DecisionTest>,
    /// Tests on measures.
    pub measure_tests: Vec<MeasureTest>,
    /// Messages that were decided differently, the worst news first.
    pub changed: Vec<Changed>,
    /// Draws of the bootstrap.
    pub resamples: usize,
    /// Its seed.
    pub seed: u64,
}

impl Comparison {
    /// Compares the logs of two rule sets over the same messages.
    ///
    /// Asks four questions of decisions (McNemar's test) and four of measures (cluster bootstrap); the p-values are
    /// corrected together after Holm. Decisions in one cluster depend on each other, which McNemar's test does not know;
    /// the bootstrap does.
    ///
    /// # Errors
    ///
    /// The logs hold other messages or labels, or there are no pitches or no genuine messages.
    pub fn paired(a: &HitLog, b: &HitLog, options: &EvaluationOptions) -> Result<Self, CorpusError> {
        a.check_classes()?;
        let b = &aligned(a, b)?;
        let judged = [a.judge(), b.judge()];
        let labels: Vec<Label> = (0..a.len()).map(|i| a.label(i)).collect();

        /// What is asked, of which messages, and what is right.
        type Question = (&'static str, Label, fn(Decision) -> bool);
        let questions: [Question; 5] = [
            ("pitches declined", Label::Pitch, |d| d == Decision::Decline),
            ("pitches not accepted", Label::Pitch, |d| d != Decision::Accept),
            ("genuine messages not declined", Label::Genuine, |d| {
                d != Decision::Decline
            }),
            ("genuine messages accepted", Label::Genuine, |d| d == Decision::Accept),
            ("generic messages reviewed", Label::Generic, |d| d == Decision::Review),
        ];
        let mut decision_tests: Vec<DecisionTest> = questions
            .iter()
            .map(|(question, label, right)| {
                let (mut asked, mut both) = (0, [0u64; 2]);
                let (mut only_a, mut only_b) = (0, 0);
                for i in (0..a.len()).filter(|i| labels[*i] == *label) {
                    let (x, y) = (right(judged[0][i].decision), right(judged[1][i].decision));
                    asked += 1;
                    both[0] += u64::from(x);
                    both[1] += u64::from(y);
                    only_a += u64::from(x && !y);
                    only_b += u64::from(y && !x);
                }
                DecisionTest {
                    question,
                    right: both,
                    messages: asked,
                    only_a,
                    only_b,
                    p: mcnemar_mid_p(only_a, only_b),
                    p_adjusted: 1.0,
                    finding: Finding::CannotTell,
                    // From a handful of differences nothing can be told of how large the difference is.
                    more_needed: pairs_needed(only_a, only_b, asked)
                        .filter(|_| only_a + only_b >= ENOUGH_TO_EXTRAPOLATE)
                        .map(|n| n.saturating_sub(asked)),
                }
            })
            .collect();

        let sampled = [
            Sampled::new(a, &judged[0], options.costs),
            Sampled::new(b, &judged[1], options.costs),
        ];
        let resamples = bootstrap_draws(options.resamples, a.len());
        let bootstrap = ClusterBootstrap::new(&a.cluster_numbers(), options.seed, resamples);
        let intervals = bootstrap.intervals(options.threads.count(), |multiplicity| {
            let (x, y) = (sampled[0].all(multiplicity), sampled[1].all(multiplicity));
            std::array::from_fn::<f64, 6, _>(|i| y[i] - x[i])
        });
        let ones = vec![1; a.len()];
        let values = [sampled[0].all(&ones), sampled[1].all(&ones)];
        let measures = [
            ("ROC-AUC, pitch against genuine", true, Sampled::PITCH_AUC),
            ("ROC-AUC, unwanted against genuine", true, Sampled::UNWANTED_AUC),
            ("average precision", true, Sampled::AVERAGE_PRECISION),
            ("cost per message", false, Sampled::COST),
            ("Brier score", false, Sampled::BRIER),
            ("genuine messages declined", false, Sampled::FALSE_DECLINE),
        ];
        let mut measure_tests: Vec<MeasureTest> = measures
            .iter()
            .filter(|(_, _, i)| values.iter().all(|v| v[*i].is_finite()))
            .map(|(measure, more_is_better, i)| {
                let difference = values[1][*i] - values[0][*i];
                let interval = &intervals[*i];
                // The standard error falls with the root of the number of messages; 2.8 of them make 80 % power at 5 %.
                let needed = (2.8 * interval.standard_error / difference).powi(2) * a.len() as f64;
                MeasureTest {
                    measure,
                    more_is_better: *more_is_better,
                    values: [Some(round6(values[0][*i])), Some(round6(values[1][*i]))],
                    difference: Some(round6(difference)),
                    interval: Some((round6(interval.low), round6(interval.high))),
                    p: if difference == 0.0 { 1.0 } else { interval.p_zero },
                    p_adjusted: 1.0,
                    finding: Finding::CannotTell,
                    more_needed: (needed.is_finite() && needed < 1e9)
                        .then(|| (needed.ceil() as u64).saturating_sub(a.len() as u64)),
                }
            })
            .collect();

        let mut p: Vec<f64> = decision_tests.iter().map(|t| t.p).collect();
        p.extend(measure_tests.iter().map(|t| t.p));
        let adjusted = holm(&p);
        for (test, adjusted) in decision_tests.iter_mut().zip(&adjusted) {
            test.p = round6(test.p);
            test.p_adjusted = round6(*adjusted);
            if *adjusted < SIGNIFICANT {
                let better = test.only_b > test.only_a;
                test.finding = if better { Finding::Better } else { Finding::Worse };
                test.more_needed = None;
            }
        }
        for (test, adjusted) in measure_tests.iter_mut().zip(&adjusted[decision_tests.len()..]) {
            test.p = round6(test.p);
            test.p_adjusted = round6(*adjusted);
            if *adjusted < SIGNIFICANT {
                let better = (test.difference > Some(0.0)) == test.more_is_better;
                test.finding = if better { Finding::Better } else { Finding::Worse };
                test.more_needed = None;
            }
        }

        let mut changed: Vec<(i32, Changed)> = (0..a.len())
            .filter(|i| judged[0][*i].decision != judged[1][*i].decision)
            .map(|i| {
                let fired = |log: &HitLog| -> Vec<String> {
                    let ids = log
                        .hits(i)
                        .iter()
                        .map(|(r, _)| &log.table.structure.rules[*r as usize].id);
                    ids.cloned().collect()
                };
                let (x, y) = (fired(a), fired(b));
                let change = Changed {
                    id: a.id(i).to_owned(),
                    label: labels[i],
                    decisions: [judged[0][i].decision, judged[1][i].decision],
                    scores: [Weight::milli(judged[0][i].score), Weight::milli(judged[1][i].score)],
                    only_a: x.iter().filter(|id| !y.contains(id)).cloned().collect(),
                    only_b: y.iter().filter(|id| !x.contains(id)).cloned().collect(),
                };
                (news(&change), change)
            })
            .collect();
        changed.sort_by(|(x, a), (y, b)| x.cmp(y).then_with(|| a.id.cmp(&b.id)));
        let table = |judged: &[super::hits::Judged]| {
            DecisionTable::count(labels.iter().zip(judged).map(|(l, j)| (*l, j.decision)))
        };
        Ok(Self {
            rule_sets: [a.table.rule_set.clone(), b.table.rule_set.clone()],
            corpus: a.corpus.clone(),
            messages: a.len(),
            clusters: a.cluster_count(),
            decisions: [table(&judged[0]), table(&judged[1])],
            decision_tests,
            measure_tests,
            changed: changed.into_iter().map(|(_, c)| c).collect(),
            resamples,
            seed: options.seed,
        })
    }

    /// One sentence: which set is better, or that the messages do not tell and how many more would.
    pub fn conclusion(&self) -> String {
        let told = |finding: Finding| {
            let decisions = self
                .decision_tests
                .iter()
                .filter(|t| t.finding == finding)
                .map(|t| t.question);
            let measures = self
                .measure_tests
                .iter()
                .filter(|t| t.finding == finding)
                .map(|t| t.measure);
            decisions.chain(measures).collect::<Vec<_>>()
        };
        let (better, worse) = (told(Finding::Better), told(Finding::Worse));
        match (better.is_empty(), worse.is_empty()) {
            (false, true) => format!("B is better: {}.", better.join("; ")),
            (true, false) => format!("B is worse: {}.", worse.join("; ")),
            (false, false) => format!(
                "B is better in some ways ({}) and worse in others ({}).",
                better.join("; "),
                worse.join("; ")
            ),
            (true, true) if self.changed.is_empty() && self.measure_tests.iter().all(|t| t.difference == Some(0.0)) => {
                "There is no difference on these messages.".to_owned()
            }
            (true, true) => {
                let needed = self
                    .decision_tests
                    .iter()
                    .filter_map(|t| t.more_needed)
                    .chain(self.measure_tests.iter().filter_map(|t| t.more_needed))
                    .min();
                match needed {
                    Some(n) => format!(
                        "Cannot tell: about {n} more labelled messages are needed, if the difference is what it seems to be."
                    ),
                    None => "Cannot tell: no difference is to be seen on these messages.".to_owned(),
                }
            }
        }
    }
}

/// How bad the news of a change is: the lower the worse.
fn news(change: &Changed) -> i32 {
    let [before, after] = change.decisions;
    match (change.label, after) {
        (Label::Genuine, Decision::Decline) => 0,
        (Label::Genuine, Decision::Review) if before == Decision::Accept => 1,
        (Label::Generic, Decision::Decline) => 2,
        (Label::Pitch, Decision::Accept) => 3,
        (Label::Pitch, Decision::Review) if before == Decision::Decline => 4,
        (Label::Generic, Decision::Accept) => 5,
        (Label::Unsure, _) => 9,
        _ => 7,
    }
}

/// The messages of `b` in the order of `a`.
fn aligned(a: &HitLog, b: &HitLog) -> Result<HitLog, CorpusError> {
    let problem = |message: String| {
        Err(CorpusError::one(CorpusProblem {
            file: b.corpus.name.clone(),
            line: 0,
            column: 0,
            message,
            help: "compare logs of the same corpus".to_owned(),
        }))
    };
    if a.len() != b.len() {
        return problem(format!("one log has {} messages, the other {}", a.len(), b.len()));
    }
    let places: HashMap<&str, usize> = (0..b.len()).map(|i| (b.id(i), i)).collect();
    let mut sorted = HitLog::new(b.table.clone());
    sorted.corpus = b.corpus.clone();
    for i in 0..a.len() {
        let Some(place) = places.get(a.id(i)).copied() else {
            return problem(format!("the message `{}` is in one log only", a.id(i)));
        };
        if b.label(place) != a.label(i) {
            return problem(format!(
                "the message `{}` is {} in one log and {} in the other",
                a.id(i),
                a.label(i),
                b.label(place)
            ));
        }
        let cluster = b.cluster_name(b.cluster(place));
        sorted.push(
            a.id(i),
            a.label(i),
            cluster,
            Vec::new(),
            b.circumstances(place),
            b.hits(place),
        );
    }
    Ok(sorted)
}
