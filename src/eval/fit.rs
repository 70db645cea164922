//! Weights that are earned: fitted to labelled messages, held near the weights that people gave.
//!
//! The loss is logistic on the additive score, with the limits of the groups kept as they are. A quadratic penalty (L2,
//! a Gaussian prior) draws every weight towards the weight it has now, so that few messages change little. Signs stay:
//! what speaks against a sender never speaks for one. Rules seen in too few clusters keep their weight.
//!
//! The minimum is found by coordinate descent with a Newton step per weight, halved until the loss falls: the loss is
//! smooth but for the knees of the limits. See J. Friedman, T. Hastie and R. Tibshirani (2010), 'Regularization paths for
//! generalized linear models via coordinate descent'. Clusters stay whole in every fold.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::{CorpusError, CorpusProblem, Label};
use super::evaluate::{
    DecisionTable, Estimate, EvaluationOptions, ProbabilityMeasures, Sampled, bootstrap_draws, probability_measures,
};
use super::hits::{HitLog, Judged, Weigher};
use super::parallel::{self, Threads};
use super::probability::fit_platt;
use super::proportion::Proportion;
use super::resample::ClusterBootstrap;
use super::slices::{self, Slice};
use crate::coverage::Coverage;
use crate::rule::Weight;
use crate::score::{Calibration, CostMatrix, Limits, Model, ModelProvenance, Numbers, Policy, Structure};

/// How weights are fitted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FitOptions {
    /// Strengths of the pull towards the present weights that are tried; the one with the least log loss on held-out
    /// folds is used. A pull of 4 means as much as four messages of the greatest doubt.
    pub pulls: Vec<f64>,
    /// Folds of the cross-validation.
    pub folds: usize,
    /// Shuffles clusters into folds, and starts the bootstrap.
    pub seed: u64,
    /// Rules that fired in fewer clusters keep their weight.
    pub minimum_clusters: usize,
    /// No fitted weight is larger, in logits. A larger weight of a rule file stays the bound of its rule.
    pub cap: f64,
    /// How much a generic message counts against a pitch or a genuine one; its aim is the middle of the review band.
    pub generic_share: f64,
    /// How much more a genuine message counts than a pitch: above 1 to decline less, as a wrong decline is the worst error.
    pub genuine_share: f64,
    /// Rules that keep their weight: an id, or the beginning of one followed by `*`, such as `persona.*`. For rules about
    /// facts that the corpus does not have as an inbox has them.
    pub keep: Vec<String>,
    /// On how many threads.
    pub threads: Threads,
}

impl FitOptions {
    fn keeps(&self, id: &str) -> bool {
        self.keep.iter().any(|k| match k.strip_suffix('*') {
            Some(beginning) => id.starts_with(beginning),
            None => id == k,
        })
    }
}

impl Default for FitOptions {
    fn default() -> Self {
        Self {
            pulls: vec![0.5, 1.0, 2.0, 4.0, 8.0, 16.0],
            folds: 5,
            seed: 20_261_125,
            minimum_clusters: 5,
            cap: 2.5,
            generic_share: 0.5,
            genuine_share: 1.0,
            keep: Vec::new(),
            threads: Threads::All,
        }
    }
}

/// Why a weight is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FitState {
    /// It was fitted.
    Fitted,
    /// It was fitted and stopped at the end of its range: its sign, or the cap.
    AtBound,
    /// It fired in too few clusters and was left alone.
    Frozen,
    /// It was to keep its weight.
    Kept,
}

/// What the fit did to one weight.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FittedWeight {
    /// The rule or combo.
    pub id: String,
    /// The weight before.
    pub before: Weight,
    /// The weight now.
    pub after: Weight,
    /// Why.
    pub state: FitState,
    /// Pitches in which it had a say.
    pub pitch: u64,
    /// Generic messages in which it had a say.
    pub generic: u64,
    /// Genuine messages in which it had a say.
    pub genuine: u64,
}

/// Measures on messages that the weights had not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CrossValidated {
    /// ROC-AUC, pitch against genuine.
    pub roc_auc: Estimate,
    /// ROC-AUC, pitch or generic against genuine.
    pub unwanted_roc_auc: Estimate,
    /// Decisions by label.
    pub decisions: DecisionTable,
    /// Genuine messages declined.
    pub false_decline: Proportion,
    /// Pitches among the declined.
    pub decline_precision: Proportion,
    /// Pitches declined.
    pub decline_recall: Proportion,
    /// Quality of the probabilities.
    pub probability: Option<ProbabilityMeasures>,
    /// The same by tag.
    pub slices: Vec<Slice>,
}

/// A fitted model and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Fit {
    /// The model: weights, priors, calibration.
    pub model: Model,
    /// Every weight that had a say, changed or not, the largest change first.
    pub weights: Vec<FittedWeight>,
    /// The pull that was chosen.
    pub pull: f64,
    /// Held-out log loss of each pull.
    pub pulls: Vec<(f64, f64)>,
    /// What the present weights give on the same messages.
    pub before: CrossValidated,
    /// What fitted weights give on messages of folds they had not seen; pull and calibration are chosen inside each fold
    /// too (nested cross-validation), so that the figures flatter nobody.
    pub after: CrossValidated,
}

impl HitLog {
    /// Fits weights to the messages of the log.
    ///
    /// # Errors
    ///
    /// There are no pitches or no genuine messages, or fewer clusters of either than folds.
    pub fn fit(&self, options: &FitOptions) -> Result<Fit, CorpusError> {
        self.fit_with(options, &|_, _| {})
    }

    /// The same; `progress` is told how many of how many steps are done.
    ///
    /// # Errors
    ///
    /// There are no pitches or no genuine messages, or fewer clusters of either than folds.
    pub fn fit_with(
        &self,
        options: &FitOptions,
        progress: &(impl Fn(usize, usize) + Sync),
    ) -> Result<Fit, CorpusError> {
        self.check_classes()?;
        let folds = options.folds.max(2);
        let all: Vec<u32> = (0..self.len() as u32)
            .filter(|i| self.label(*i as usize) != Label::Unsure)
            .collect();
        for label in [Label::Pitch, Label::Genuine] {
            let mut clusters: Vec<u32> = all
                .iter()
                .filter(|i| self.label(**i as usize) == label)
                .map(|i| self.cluster(*i as usize))
                .collect();
            clusters.sort_unstable();
            clusters.dedup();
            if clusters.len() < folds {
                return Err(CorpusError::one(CorpusProblem {
                    file: self.corpus.name.clone(),
                    line: 0,
                    column: 0,
                    message: format!(
                        "there are {} independent clusters of {label} messages, but {folds} folds",
                        clusters.len()
                    ),
                    help: "label more messages, or ask for fewer folds".to_owned(),
                }));
            }
        }
        let problem = Problem::new(self, options);
        let steps = folds + 2;
        progress(0, steps);

        // The figures: every fold judged by weights that were fitted, chosen and calibrated without it.
        let outer = Folds::new(self, &all, folds, options.seed);
        let judged_outside = parallel::map(&(0..folds).collect::<Vec<_>>(), options.threads, |fold| {
            let (train, test) = outer.split(&all, *fold);
            let chosen = problem.choose(&train, folds - 1, Threads::Exactly(std::num::NonZeroUsize::MIN));
            let mut numbers = problem.numbers(&problem.minimise(&train, chosen.pull));
            calibrate(self, &train, &chosen.scores, &mut numbers);
            let mut weigher = Weigher::new(&self.table, &numbers);
            let judged: Vec<(u32, Judged)> = test
                .iter()
                .map(|i| {
                    (
                        *i,
                        weigher.judge(self.circumstances(*i as usize), self.hits(*i as usize), |_| false),
                    )
                })
                .collect();
            judged
        });
        progress(folds, steps);
        let before = self.judge();
        let mut outside = before.clone();
        for (i, judged) in judged_outside.into_iter().flatten() {
            outside[i as usize] = judged;
        }

        // The model: all messages.
        let chosen = problem.choose(&all, folds, options.threads);
        progress(folds + 1, steps);
        let solution = problem.minimise(&all, chosen.pull);
        let mut numbers = problem.numbers(&solution);
        calibrate(self, &all, &chosen.scores, &mut numbers);
        let after = CrossValidated::new(self, &outside, options);
        let mut model = numbers.to_model(&self.table.structure, &self.table.structure_fingerprint);
        model.provenance = Some(provenance(self, options, &chosen, &after));
        progress(steps, steps);
        Ok(Fit {
            weights: problem.report(&numbers),
            pull: chosen.pull,
            pulls: chosen.tried,
            before: CrossValidated::new(self, &before, options),
            after,
            model,
        })
    }
}

impl Fit {
    /// The thresholds that cost least, by the calibration for a coverage.
    pub fn policy_from_costs(&self, costs: CostMatrix, coverage: Coverage) -> Option<Policy> {
        let profile = self
            .model
            .profiles
            .iter()
            .filter(|p| coverage.contains(p.coverage))
            .max_by_key(|p| p.coverage.count())?;
        let calibration = Calibration::new(profile.calibration_slope?, profile.calibration_offset?)?;
        Policy::from_costs(costs, calibration)
    }
}

impl CrossValidated {
    fn new(log: &HitLog, judged: &[Judged], options: &FitOptions) -> Self {
        let costs = EvaluationOptions::default().costs;
        let decisions = DecisionTable::count((0..log.len()).map(|i| (log.label(i), judged[i].decision)));
        let sampled = Sampled::new(log, judged, costs);
        let draws = bootstrap_draws(1000, log.len());
        let bootstrap = ClusterBootstrap::new(&log.cluster_numbers(), options.seed, draws);
        let values = sampled.all(&vec![1; log.len()]);
        let intervals = bootstrap.intervals(options.threads.count(), |multiplicity| sampled.all(multiplicity));
        let estimate = |i: usize| Estimate::new(values[i].is_finite().then_some(values[i]), &intervals[i]);
        Self {
            roc_auc: estimate(Sampled::PITCH_AUC),
            unwanted_roc_auc: estimate(Sampled::UNWANTED_AUC),
            false_decline: decisions.false_decline(),
            decline_precision: decisions.decline_precision(),
            decline_recall: decisions.decline_recall(),
            decisions,
            probability: probability_measures(log, judged, estimate(Sampled::BRIER)),
            slices: slices::all(log, judged, 10),
        }
    }
}

fn provenance(log: &HitLog, options: &FitOptions, chosen: &Choice, after: &CrossValidated) -> ModelProvenance {
    let count = |label| (0..log.len()).filter(|i| log.label(*i) == label).count() as u64;
    let milli = |x: f64| Weight::milli((x * 1000.0).round() as i32);
    let mut measures = BTreeMap::new();
    let mut measure = |name: &str, value: Option<f64>| {
        if let Some(value) = value {
            measures.insert(name.to_owned(), milli(value));
        }
    };
    measure("roc-auc", after.roc_auc.value);
    measure("decline-precision", after.decline_precision.value());
    measure("decline-recall", after.decline_recall.value());
    measure("false-decline", after.false_decline.value());
    measure(
        "calibration-error",
        after.probability.as_ref().map(|p| p.calibration_error),
    );
    ModelProvenance {
        corpus: log.corpus.name.clone(),
        corpus_fingerprint: log.corpus.fingerprint.clone(),
        pitch: count(Label::Pitch),
        generic: count(Label::Generic),
        genuine: count(Label::Genuine),
        clusters: log.cluster_count() as u64,
        folds: options.folds as u64,
        seed: options.seed,
        pull: milli(chosen.pull),
        date: None,
        cross_validated: measures,
    }
}

/// Which fold each message is in.
struct Folds {
    /// By message.
    fold: Vec<u32>,
}

impl Folds {
    /// Deals whole clusters, the largest first, each to the fold that has fewest messages of its label. The seed decides
    /// between equals.
    fn new(log: &HitLog, messages: &[u32], folds: usize, seed: u64) -> Self {
        let mut sizes: BTreeMap<u32, [u32; 4]> = BTreeMap::new();
        for i in messages {
            sizes.entry(log.cluster(*i as usize)).or_default()[log.label(*i as usize) as usize] += 1;
        }
        let mut order: Vec<(u32, [u32; 4])> = sizes.into_iter().collect();
        let key = |cluster: u32| {
            let name = log.cluster_name(cluster);
            crate::ruleset::fnv1a(seed.to_le_bytes().into_iter().chain(name.bytes()))
        };
        order.sort_by_key(|(cluster, n)| (std::cmp::Reverse(n.iter().sum::<u32>()), key(*cluster), *cluster));
        let mut filled = vec![[0u32; 4]; folds];
        let mut fold = vec![0; log.cluster_count()];
        for (cluster, n) in order {
            let least = (0..folds).min_by_key(|f| {
                let load: u32 = (0..4).filter(|l| n[*l] > 0).map(|l| filled[*f][l]).sum();
                (load, *f)
            });
            let least = least.unwrap_or(0);
            fold[cluster as usize] = least as u32;
            (0..4).for_each(|l| filled[least][l] += n[l]);
        }
        Self {
            fold: (0..log.len()).map(|i| fold[log.cluster(i) as usize]).collect(),
        }
    }

    /// The messages outside a fold, and those in it.
    fn split(&self, messages: &[u32], fold: usize) -> (Vec<u32>, Vec<u32>) {
        messages.iter().partition(|i| self.fold[**i as usize] as usize != fold)
    }
}

/// A weight that has a say in a message.
#[derive(Clone, Copy, Debug)]
struct Feature {
    parameter: u32,
    /// The place of its group among the sums of the message.
    slot: u32,
    /// Share of the weight that counts.
    strength: f64,
}

/// One message, ready for fitting.
struct Sample {
    /// What the score should say: 1 pitch, 0 genuine, between for generic.
    target: f64,
    /// How much it counts.
    share: f64,
    /// The parameter of its prior, if there is one.
    prior: Option<u32>,
    features: Vec<Feature>,
    /// Limits of each group and sign that has a say.
    slots: Vec<Limits>,
}

/// What is minimised. Parameters are rules, then combos, then priors.
struct Problem<'l> {
    log: &'l HitLog,
    options: &'l FitOptions,
    samples: Vec<Sample>,
    /// Present values.
    start: Vec<f64>,
    /// Ends of the range.
    bounds: Vec<(f64, f64)>,
    /// For each message in which a parameter has a say: message, place of the feature.
    places: Vec<Vec<(u32, u32)>>,
    /// Why a parameter is not fitted.
    states: Vec<Option<FitState>>,
}

/// The pull that held out best.
struct Choice {
    pull: f64,
    tried: Vec<(f64, f64)>,
    /// Score of each message by weights that had not seen it.
    scores: Vec<f64>,
}

/// The values in use while descending: parameters, sums of the groups of each sample, scores.
struct State {
    values: Vec<f64>,
    sums: Vec<Vec<f64>>,
    scores: Vec<f64>,
}

impl<'l> Problem<'l> {
    fn new(log: &'l HitLog, options: &'l FitOptions) -> Self {
        let Structure { rules, combos, .. } = &log.table.structure;
        let numbers = &log.table.numbers;
        let policy = &log.table.policy;
        let middle = (policy.accept.as_f64() + policy.decline.as_f64()) / 2.0;
        let count = |label| (0..log.len()).filter(|i| log.label(*i) == label).count() as f64;
        let (pitches, genuine) = (count(Label::Pitch), count(Label::Genuine));
        // Pitches and genuine messages count alike as a whole, whatever their numbers, before the caller's share.
        let balance = (pitches + genuine) / 2.0;
        let first_prior = rules.len() + combos.len();
        let mut places: Vec<Vec<(u32, u32)>> = vec![Vec::new(); first_prior + numbers.profiles.len()];
        let mut clusters: Vec<Vec<u32>> = vec![Vec::new(); first_prior];
        let mut weigher = Weigher::new(&log.table, numbers);
        let samples: Vec<Sample> = (0..log.len())
            .map(|i| {
                let at = log.circumstances(i);
                weigher.judge(at, log.hits(i), |_| false);
                let mut slots: Vec<((u16, bool), Limits)> = Vec::new();
                let mut features = Vec::new();
                let rule_features = weigher.active().map(|f| {
                    (
                        f.rule as usize,
                        rules[f.rule as usize].group,
                        numbers.rules[f.rule as usize],
                        f.strength,
                    )
                });
                let fired = weigher.combos().iter().enumerate().filter(|(_, fired)| **fired);
                let combo_features = fired.map(|(c, _)| (rules.len() + c, combos[c].group, numbers.combos[c], 1000));
                for (parameter, group, weight, strength) in rule_features.chain(combo_features) {
                    let key = (group, weight < Weight::ZERO);
                    let slot = slots.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                        slots.push((key, numbers.limits[usize::from(group)]));
                        slots.len() - 1
                    });
                    places[parameter].push((i as u32, features.len() as u32));
                    clusters[parameter].push(log.cluster(i));
                    features.push(Feature {
                        parameter: parameter as u32,
                        slot: slot as u32,
                        strength: f64::from(strength) / 1000.0,
                    });
                }
                let prior = numbers
                    .profile(at.coverage)
                    .and_then(|p| numbers.profiles.iter().position(|q| q.coverage == p.coverage))
                    .map(|p| (first_prior + p) as u32);
                if let Some(prior) = prior {
                    places[prior as usize].push((i as u32, u32::MAX));
                }
                let (target, share) = match log.label(i) {
                    Label::Pitch => (1.0, balance / pitches),
                    Label::Genuine => (0.0, options.genuine_share * balance / genuine),
                    Label::Generic => (logistic(middle), options.generic_share),
                    Label::Unsure => (0.5, 0.0),
                };
                Sample {
                    target,
                    share,
                    prior,
                    features,
                    slots: slots.into_iter().map(|(_, limits)| limits).collect(),
                }
            })
            .collect();
        let weights: Vec<f64> = numbers
            .rules
            .iter()
            .chain(&numbers.combos)
            .map(|w| w.as_f64())
            .collect();
        let ids = rules.iter().map(|r| &r.id).chain(combos.iter().map(|c| &c.id));
        let mut states: Vec<Option<FitState>> = clusters
            .into_iter()
            .zip(&weights)
            .zip(ids)
            .map(|((mut clusters, weight), id)| {
                clusters.sort_unstable();
                clusters.dedup();
                if options.keeps(id) {
                    Some(FitState::Kept)
                } else {
                    // A weight of nothing has no sign to keep: on trial, or switched off.
                    let rare = clusters.len() < options.minimum_clusters || *weight == 0.0;
                    rare.then_some(FitState::Frozen)
                }
            })
            .collect();
        let mut bounds: Vec<(f64, f64)> = weights
            .iter()
            .map(|w| {
                let cap = options.cap.max(w.abs());
                if *w < 0.0 { (-cap, 0.0) } else { (0.0, cap) }
            })
            .collect();
        let mut start = weights;
        for profile in &numbers.profiles {
            start.push(profile.prior.as_f64());
            bounds.push((-10.0, 10.0));
            states.push(None);
        }
        Self {
            log,
            options,
            samples,
            start,
            bounds,
            places,
            states,
        }
    }

    /// Fits to some messages and gives the parameters.
    fn minimise(&self, messages: &[u32], pull: f64) -> Vec<f64> {
        let mut inside = vec![false; self.samples.len()];
        messages.iter().for_each(|i| inside[*i as usize] = true);
        let mut state = self.state(self.start.clone());
        // Priors have no opinion of a person behind them worth holding on to.
        let pull_of = |parameter: usize| {
            if parameter < self.start.len() - self.log.table.numbers.profiles.len() {
                pull
            } else {
                pull / 10.0
            }
        };
        for _ in 0..200 {
            let mut largest: f64 = 0.0;
            for parameter in 0..self.start.len() {
                if self.states[parameter].is_none() {
                    let moved = self.step(&mut state, &inside, parameter, pull_of(parameter));
                    largest = largest.max(moved.abs());
                }
            }
            // A tenth of the thousandth that weights are rounded to.
            if largest < 1e-4 {
                break;
            }
        }
        state.values
    }

    fn state(&self, values: Vec<f64>) -> State {
        let mut sums = Vec::with_capacity(self.samples.len());
        let mut scores = Vec::with_capacity(self.samples.len());
        for sample in &self.samples {
            let mut own = vec![0.0; sample.slots.len()];
            for f in &sample.features {
                own[f.slot as usize] += values[f.parameter as usize] * f.strength;
            }
            let held: f64 = own
                .iter()
                .zip(&sample.slots)
                .map(|(sum, limits)| saturate(*limits, *sum))
                .sum();
            scores.push(held + sample.prior.map_or(0.0, |p| values[p as usize]));
            sums.push(own);
        }
        State { values, sums, scores }
    }

    /// One Newton step along one parameter, halved until the loss falls. Gives how far it went.
    fn step(&self, state: &mut State, inside: &[bool], parameter: usize, pull: f64) -> f64 {
        let places = || self.places[parameter].iter().filter(|(i, _)| inside[*i as usize]);
        let (value, start) = (state.values[parameter], self.start[parameter]);
        let (mut gradient, mut curvature) = (pull * (value - start), pull);
        for (i, place) in places() {
            let sample = &self.samples[*i as usize];
            let slope = match sample.features.get(*place as usize) {
                Some(f) => {
                    let sum = state.sums[*i as usize][f.slot as usize];
                    f.strength * saturation_slope(sample.slots[f.slot as usize], sum)
                }
                None => 1.0,
            };
            let p = logistic(state.scores[*i as usize]);
            gradient += sample.share * (p - sample.target) * slope;
            curvature += sample.share * p * (1.0 - p) * slope * slope;
        }
        let (low, high) = self.bounds[parameter];
        let mut step = (-gradient / curvature).clamp(-0.5, 0.5);
        for _ in 0..12 {
            let new = (value + step).clamp(low, high);
            let moved = new - value;
            if moved.abs() < 1e-6 {
                return 0.0;
            }
            let mut change = pull / 2.0 * ((new - start).powi(2) - (value - start).powi(2));
            for (i, place) in places() {
                let sample = &self.samples[*i as usize];
                let score = state.scores[*i as usize];
                let (_, after) = self.moved(state, *i as usize, *place, moved);
                change += sample.share * (loss(after, sample.target) - loss(score, sample.target));
            }
            if change < 0.0 {
                state.values[parameter] = new;
                // Every message is moved, also those outside, so that the state stays whole.
                for (i, place) in &self.places[parameter] {
                    let (sum, score) = self.moved(state, *i as usize, *place, moved);
                    if let Some(f) = self.samples[*i as usize].features.get(*place as usize) {
                        state.sums[*i as usize][f.slot as usize] = sum;
                    }
                    state.scores[*i as usize] = score;
                }
                return moved;
            }
            step /= 2.0;
        }
        0.0
    }

    /// The sum of the group and the score of a message, if a parameter moves.
    fn moved(&self, state: &State, i: usize, place: u32, by: f64) -> (f64, f64) {
        let sample = &self.samples[i];
        let score = state.scores[i];
        match sample.features.get(place as usize) {
            None => (0.0, score + by),
            Some(f) => {
                let limits = sample.slots[f.slot as usize];
                let sum = state.sums[i][f.slot as usize];
                let new = sum + by * f.strength;
                (new, score - saturate(limits, sum) + saturate(limits, new))
            }
        }
    }

    /// Tries all pulls on folds of some messages.
    fn choose(&self, messages: &[u32], folds: usize, threads: Threads) -> Choice {
        let folds = folds.max(2);
        let inner = Folds::new(self.log, messages, folds, self.options.seed ^ 1);
        let pulls = if self.options.pulls.is_empty() {
            FitOptions::default().pulls
        } else {
            self.options.pulls.clone()
        };
        let jobs: Vec<(f64, usize)> = pulls.iter().flat_map(|p| (0..folds).map(move |f| (*p, f))).collect();
        let held_out = parallel::map(&jobs, threads, |(pull, fold)| {
            let (train, test) = inner.split(messages, *fold);
            let state = self.state(self.minimise(&train, *pull));
            test.iter().map(|i| (*i, state.scores[*i as usize])).collect::<Vec<_>>()
        });
        let mut best: Option<Choice> = None;
        let mut tried = Vec::new();
        for (n, pull) in pulls.iter().enumerate() {
            let mut scores = vec![0.0; self.samples.len()];
            let own = &held_out[n * folds..(n + 1) * folds];
            own.iter().flatten().for_each(|(i, score)| scores[*i as usize] = *score);
            let total: f64 = messages.iter().map(|i| self.samples[*i as usize].share).sum();
            let loss: f64 = messages
                .iter()
                .map(|i| &self.samples[*i as usize])
                .zip(messages.iter().map(|i| scores[*i as usize]))
                .map(|(sample, score)| sample.share * loss(score, sample.target))
                .sum();
            let mean = super::evaluate::round6(loss / total);
            tried.push((*pull, mean));
            if best
                .as_ref()
                .is_none_or(|b| tried.iter().any(|(p, l)| *p == b.pull && mean < *l))
            {
                best = Some(Choice {
                    pull: *pull,
                    tried: Vec::new(),
                    scores,
                });
            }
        }
        let mut best = best.unwrap_or(Choice {
            pull: 1.0,
            tried: Vec::new(),
            scores: Vec::new(),
        });
        best.tried = tried;
        best
    }

    /// Parameters as numbers of the scorer.
    fn numbers(&self, values: &[f64]) -> Numbers {
        let milli = |x: f64| Weight::milli((x * 1000.0).round() as i32);
        let mut numbers = self.log.table.numbers.clone();
        let rules = numbers.rules.len();
        let combos = numbers.combos.len();
        for (weight, value) in numbers.rules.iter_mut().chain(&mut numbers.combos).zip(values) {
            *weight = milli(*value);
        }
        for (profile, value) in numbers.profiles.iter_mut().zip(&values[rules + combos..]) {
            profile.prior = milli(*value);
            profile.calibration = None;
        }
        numbers
    }

    fn report(&self, numbers: &Numbers) -> Vec<FittedWeight> {
        let Structure { rules, combos, .. } = &self.log.table.structure;
        let ids = rules.iter().map(|r| &r.id).chain(combos.iter().map(|c| &c.id));
        let after = numbers.rules.iter().chain(&numbers.combos);
        let mut all: Vec<FittedWeight> = ids
            .zip(after)
            .enumerate()
            .filter(|(p, _)| !self.places[*p].is_empty())
            .map(|(p, (id, after))| {
                let count = |label| {
                    let own = self.places[p].iter().map(|(i, _)| self.log.label(*i as usize));
                    own.filter(|l| *l == label).count() as u64
                };
                let (low, high) = self.bounds[p];
                let value = after.as_f64();
                let at_bound = value.abs() < 1e-9 || value <= low || value >= high;
                FittedWeight {
                    id: id.clone(),
                    before: Weight::milli((self.start[p] * 1000.0).round() as i32),
                    after: *after,
                    state: self.states[p].unwrap_or(if at_bound { FitState::AtBound } else { FitState::Fitted }),
                    pitch: count(Label::Pitch),
                    generic: count(Label::Generic),
                    genuine: count(Label::Genuine),
                }
            })
            .collect();
        let change = |w: &FittedWeight| (w.after.as_milli() - w.before.as_milli()).abs();
        all.sort_by(|a, b| change(b).cmp(&change(a)).then_with(|| a.id.cmp(&b.id)));
        all
    }
}

/// Fits a calibration per profile on scores that the weights had not seen: Platt's scaling, pitch against all others. A
/// profile with few messages takes that of all.
fn calibrate(log: &HitLog, messages: &[u32], scores: &[f64], numbers: &mut Numbers) {
    const ENOUGH: usize = 100;
    let calibration = |pairs: &[(f64, bool)]| {
        let (slope, offset) = fit_platt(pairs)?;
        let milli = |x: f64| Weight::milli((x * 1000.0).round() as i32);
        Calibration::new(milli(slope), milli(offset))
    };
    let pair = |i: &u32| (scores[*i as usize], log.label(*i as usize) == Label::Pitch);
    let all: Vec<(f64, bool)> = messages.iter().map(pair).collect();
    let whole = calibration(&all);
    let profiles = numbers.clone();
    for profile in &mut numbers.profiles {
        let own: Vec<(f64, bool)> = messages
            .iter()
            .filter(|i| {
                let coverage = log.circumstances(**i as usize).coverage;
                profiles
                    .profile(coverage)
                    .is_some_and(|p| p.coverage == profile.coverage)
            })
            .map(pair)
            .collect();
        profile.calibration = if own.len() >= ENOUGH {
            calibration(&own).or(whole)
        } else {
            whole
        };
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Negative log-likelihood of a target between 0 and 1, without overflow.
fn loss(score: f64, target: f64) -> f64 {
    score.max(0.0) - score * target + (-score.abs()).exp().ln_1p()
}

/// The limits of a group on a sum of one sign, without rounding.
fn saturate(limits: Limits, sum: f64) -> f64 {
    let (knee, cap) = (limits.knee.as_f64(), limits.cap.as_f64());
    let size = sum.abs();
    if size <= knee {
        return sum;
    }
    let held = (knee + (size - knee) * f64::from(limits.slope) / 1000.0).min(cap);
    held.copysign(sum)
}

/// How much a small change of the sum changes what is held.
fn saturation_slope(limits: Limits, sum: f64) -> f64 {
    let size = sum.abs();
    if size <= limits.knee.as_f64() {
        1.0
    } else if saturate(limits, size) < limits.cap.as_f64() {
        f64::from(limits.slope) / 1000.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturation_agrees_with_the_integers() {
        let limits = Limits {
            knee: Weight::milli(1200),
            cap: Weight::milli(2000),
            slope: 250,
        };
        for milli in (-9000..9000).step_by(7) {
            let exact = limits.apply(Weight::milli(milli)).as_f64();
            assert!(
                (saturate(limits, f64::from(milli) / 1000.0) - exact).abs() <= 0.0006,
                "{milli}"
            );
        }
    }

    /// A log of made-up rules: 0 and 1 speak against the sender and 2 for one, 3 is rare, 4 says nothing. Of rules against
    /// the sender, up to `knee` counts in full.
    fn made_up(messages: u32, knee: f64) -> HitLog {
        let header = r#"{"huckster_hit_log":1,"corpus":{"name":"made up","fingerprint":"0"},
            "rule_set":{"name":"x","version":"1","fingerprint":"f"},"structure":"s",
            "policy":{"accept":0.0,"decline":1.4,"conflict":9.0,"group_floor":0.0,"abstain":0},
            "groups":[{"id":"bad","knee":KNEE,"cap":9.0,"slope":0.25},{"id":"good","knee":2.0,"cap":4.0,"slope":0.5}],
            "rules":[{"id":"t.a","group":"bad","weight":0.5},{"id":"t.b","group":"bad","weight":0.5},
                {"id":"t.c","group":"good","weight":-0.5},{"id":"t.d","group":"bad","weight":0.9},
                {"id":"t.e","group":"bad","weight":0.4}],
            "profiles":[{"coverage":["text"],"prior":-0.2}]}"#;
        let mut text = header.replace('\n', " ").replace("KNEE", &knee.to_string()) + "\n";
        let mut random = crate::splitmix::SplitMix64::new(3);
        for i in 0..messages {
            let pitch = i % 2 == 0;
            let mut hits = Vec::new();
            let mut draw = |rule: u32, of_pitches: usize, of_genuine: usize| {
                let chance = if pitch { of_pitches } else { of_genuine };
                if random.below(100) < chance {
                    hits.push(format!("[{rule},1000]"));
                }
            };
            draw(0, 50, 20);
            draw(1, 40, 20);
            draw(2, 10, 60);
            draw(4, 30, 30);
            if i == 8 {
                hits.insert(
                    hits.len() - usize::from(hits.last().is_some_and(|h| h.starts_with("[4"))),
                    "[3,1000]".into(),
                );
            }
            let label = if pitch { "pitch" } else { "genuine" };
            text += &format!(
                "{{\"id\":\"{i}\",\"label\":\"{label}\",\"cluster\":\"c{}\",\"coverage\":1,\"hits\":[{}]}}\n",
                i / 4,
                hits.join(",")
            );
        }
        HitLog::read_jsonl("made up", text.as_bytes()).unwrap()
    }

    fn objective(problem: &Problem<'_>, values: &[f64], pull: f64) -> f64 {
        let state = problem.state(values.to_vec());
        let data: f64 = problem
            .samples
            .iter()
            .zip(&state.scores)
            .map(|(sample, score)| sample.share * loss(*score, sample.target))
            .sum();
        let priors = values.len() - problem.log.table.numbers.profiles.len();
        let penalty: f64 = values
            .iter()
            .zip(&problem.start)
            .enumerate()
            .map(|(i, (v, s))| (if i < priors { pull } else { pull / 10.0 }) / 2.0 * (v - s).powi(2))
            .sum();
        data + penalty
    }

    #[test]
    fn no_small_move_makes_the_solution_better() {
        let log = made_up(400, 1.2);
        let options = FitOptions::default();
        let problem = Problem::new(&log, &options);
        let all: Vec<u32> = (0..400).collect();
        for pull in [0.5, 8.0] {
            let solution = problem.minimise(&all, pull);
            let best = objective(&problem, &solution, pull);
            assert!(best < objective(&problem, &problem.start, pull));
            for i in 0..solution.len() {
                if problem.states[i].is_some() {
                    assert_eq!(solution[i], problem.start[i]);
                    continue;
                }
                for by in [-0.01, 0.01] {
                    let mut moved = solution.clone();
                    moved[i] = (moved[i] + by).clamp(problem.bounds[i].0, problem.bounds[i].1);
                    assert!(
                        objective(&problem, &moved, pull) >= best - 1e-9,
                        "{i} by {by} at pull {pull}"
                    );
                }
            }
        }
    }

    #[test]
    fn weights_go_where_the_messages_say() {
        let log = made_up(400, 9.0);
        let fit = log.fit(&FitOptions::default()).unwrap();
        let weight = |id: &str| fit.model.weights[id].as_f64();
        // The log odds ratios that the generator was given: (50:50) / (20:80), (40:60) / (20:80), (30:70) / (30:70).
        assert!((weight("t.a") - 4f64.ln()).abs() < 0.5, "{}", weight("t.a"));
        assert!((weight("t.b") - (8f64 / 3.0).ln()).abs() < 0.5, "{}", weight("t.b"));
        assert!(weight("t.c") < -1.0);
        assert!(weight("t.e") < 0.5);
        // Seen once.
        assert_eq!(fit.model.weights["t.d"], Weight::milli(900));
        let state = |id: &str| fit.weights.iter().find(|w| w.id == id).map(|w| w.state);
        assert_eq!(state("t.d"), Some(FitState::Frozen));
        assert!(fit.after.roc_auc.value > Some(0.75));
        let probability = fit.after.probability.as_ref().unwrap();
        assert!(probability.calibration_error < 0.1, "{}", probability.calibration_error);
        assert_eq!(log.fit(&FitOptions::default()).unwrap(), fit);
    }

    #[test]
    fn signs_and_kept_weights_hold() {
        // Turned round, so that every weight would like to change its sign.
        let mut log = made_up(400, 9.0);
        for w in &mut log.table.numbers.rules {
            *w = Weight::milli(-w.as_milli());
        }
        let options = FitOptions {
            keep: vec!["t.e*".into()],
            ..FitOptions::default()
        };
        let fit = log.fit(&options).unwrap();
        assert_eq!(fit.model.weights["t.a"], Weight::ZERO);
        assert_eq!(fit.model.weights["t.c"], Weight::ZERO);
        assert_eq!(fit.model.weights["t.e"], Weight::milli(-400));
    }

    #[test]
    fn clusters_stay_whole_and_folds_are_even() {
        let log = made_up(400, 9.0);
        let all: Vec<u32> = (0..400).collect();
        let folds = Folds::new(&log, &all, 5, 7);
        for i in 0..400 {
            let same = (0..400).filter(|j| log.cluster(*j) == log.cluster(i));
            assert!(same.into_iter().all(|j| folds.fold[j] == folds.fold[i]));
        }
        for fold in 0..5 {
            let (train, test) = folds.split(&all, fold);
            assert_eq!((train.len(), test.len()), (320, 80));
        }
    }

    #[test]
    fn too_few_clusters_are_an_error() {
        let error = made_up(12, 9.0).fit(&FitOptions::default()).unwrap_err().to_string();
        assert!(
            error.starts_with("made up: there are 3 independent clusters of pitch messages, but 5 folds"),
            "{error}"
        );
    }

    #[test]
    fn loss_is_that_of_the_textbook() {
        for (score, target) in [(0.3, 1.0), (-2.0, 0.0), (4.0, 0.668)] {
            let p = logistic(score);
            let expected = -(target * p.ln() + (1.0 - target) * (1.0 - p).ln());
            assert!((loss(score, target) - expected).abs() < 1e-12);
        }
        assert!(loss(1e6, 0.0).is_finite());
    }
}
