//! Training the detector `wording`: from labelled messages to weights of sequences.
//!
//! A logistic model with an elastic net (L1 and L2), found by coordinate descent with a Newton step inside a trust region:
//! A. Genkin, D. Lewis and D. Madigan (2007), 'Large-scale Bayesian logistic regression for text categorization'; J.
//! Friedman, T. Hastie and R. Tibshirani (2010), 'Regularization paths for generalized linear models via coordinate
//! descent'. A sequence is held back the less the rarer it is, by its inverse document frequency: it may then say what
//! frequent words cannot, and frequent words, which stand in every text, say little. See K. Spärck Jones (1972), 'A
//! statistical interpretation of term specificity'.
//!
//! The model is trained by itself, not on what the rules leave over: rules were often tuned on the very corpus, so their
//! score is surer there than it is elsewhere, and a model of the rest learns too little. Instead [`WordingFit::apply`]
//! puts the scores of models *that had not seen the message* into a hit log, and [`HitLog::fit`] weighs the two rules of
//! the detector there together with all others (stacking: D. Wolpert (1992), 'Stacked generalization').

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::corpus::{Corpus, CorpusError, CorpusProblem, Label};
use super::evaluate::round6;
use super::hits::HitLog;
use super::parallel::{self, Threads};
use super::probability::fit_platt;
use super::ranking::Ranking;
use crate::detectors::wording;
use crate::rule::Weight;
use crate::ruleset::fnv1a;
use crate::score::ModelProvenance;
use crate::scorer::Scorer;
use crate::text::{Lang, Prepared, TokenFlags, TokenKind};
use crate::wording::{
    FIRST_WORD, Key, Lexicon, MAX_SEQUENCES, MAX_WEIGHT, ModelParts, SYMBOL_LIMIT, Shape, Symbol, UNKNOWN,
    WordingModel, sequences, text_of,
};

/// How a wording model is trained.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WordingOptions {
    /// Strengths of the quadratic penalty that are tried; the one with the least log loss on held-out folds is used.
    pub pulls: Vec<f64>,
    /// Strength of the absolute penalty, which takes sequences out altogether.
    pub sparsity: f64,
    /// Folds of the cross-validation. If there are at least as many files as folds, files stay whole, else clusters.
    pub folds: usize,
    /// Shuffles clusters into folds.
    pub seed: u64,
    /// Sequences that stand in fewer clusters are left out.
    pub minimum_clusters: usize,
    /// A language is known if there are so many clusters of pitches in it, and of genuine messages.
    pub language_clusters: usize,
    /// The most sequences of the model; those that matter least are left out and the others fitted again.
    pub sequences: usize,
    /// How much a generic message counts against a pitch or a genuine one.
    pub generic_share: f64,
    /// What a generic message is trained to be, from 0, a letter, to 1, a pitch. It is neither, so that stock texts stay in
    /// the middle, where a person looks.
    pub generic_aim: f64,
    /// On how many threads.
    pub threads: Threads,
}

impl Default for WordingOptions {
    fn default() -> Self {
        Self {
            pulls: vec![50.0, 100.0, 200.0, 400.0, 800.0],
            sparsity: 0.0,
            folds: 5,
            seed: 20_261_125,
            minimum_clusters: 3,
            language_clusters: 20,
            sequences: 8192,
            generic_share: 0.5,
            generic_aim: 0.5,
            threads: Threads::All,
        }
    }
}

/// A trained model, and what it says of messages it had not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WordingFit {
    /// The model.
    #[serde(skip)]
    pub model: WordingModel,
    /// The penalty that was chosen.
    pub pull: f64,
    /// Held-out log loss of each.
    pub pulls: Vec<(f64, f64)>,
    /// For each message of the corpus the log-odds, in thousandths, by a model trained without its fold; `None` for
    /// messages without a text, without a label, or in a language that the model does not know.
    pub held_out: Vec<Option<i32>>,
    /// ROC-AUC of the held-out log-odds, pitch against genuine.
    pub roc_auc: Option<f64>,
    /// The same for pitch or generic against genuine.
    pub unwanted_roc_auc: Option<f64>,
    /// ROC-AUC, pitch against genuine, by file and by language.
    pub slices: Vec<WordingSlice>,
    /// ROC-AUC of models trained on a part of the training folds, if it was asked for.
    pub learning_curve: Vec<LearningPoint>,
}

/// A part of the corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WordingSlice {
    /// `file:…` or `lang:…`.
    pub name: String,
    /// Pitches with held-out log-odds.
    pub pitch: u64,
    /// Genuine messages with held-out log-odds.
    pub genuine: u64,
    /// ROC-AUC of the held-out log-odds.
    pub roc_auc: Option<f64>,
}

/// A model trained on a part of the messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LearningPoint {
    /// Thousandths of the clusters.
    pub permille: u32,
    /// Messages it was trained on, on average over the folds.
    pub messages: u64,
    /// ROC-AUC on the held-out folds, pitch against genuine.
    pub roc_auc: Option<f64>,
}

#[cfg(feature = "plots")]
impl WordingFit {
    /// The learning curve as an SVG picture; empty if none was asked for.
    pub fn picture(&self) -> String {
        super::pictures::learning_curve(&self.learning_curve)
    }
}

impl Corpus {
    /// Trains a model of the wording of these messages, read as `scorer` reads them.
    ///
    /// # Errors
    ///
    /// There are no pitches or no genuine messages, or too few of either in every language.
    pub fn fit_wording(&self, scorer: &Scorer, options: &WordingOptions) -> Result<WordingFit, CorpusError> {
        self.fit_wording_with(scorer, options, &[], &|_, _| {})
    }

    /// The same with a learning curve at these thousandths of the clusters; `progress` is told how many of how many steps
    /// are done.
    ///
    /// # Errors
    ///
    /// There are no pitches or no genuine messages, or too few of either in every language.
    pub fn fit_wording_with(
        &self,
        scorer: &Scorer,
        options: &WordingOptions,
        curve: &[u32],
        progress: &(impl Fn(usize, usize) + Sync),
    ) -> Result<WordingFit, CorpusError> {
        self.check_classes()?;
        let fail = |message: String, help: &str| {
            CorpusError::one(CorpusProblem {
                file: self.name(),
                line: 0,
                column: 0,
                message,
                help: help.to_owned(),
            })
        };
        let problem = Problem::new(self, scorer, options);
        if problem.languages.is_empty() {
            let message = format!(
                "in no language are there {} independent clusters of pitches and as many of genuine messages",
                options.language_clusters
            );
            return Err(fail(message, "label more messages, or ask for fewer clusters"));
        }
        let folds = problem.folds.iter().flatten().max().map_or(0, |f| f + 1);
        if folds < 2 {
            return Err(fail(
                "all messages are of one cluster, so nothing can be held out".to_owned(),
                "give independent messages clusters of their own",
            ));
        }
        let steps = options.pulls.len() + curve.len() + 1;
        progress(0, steps);

        let mut pulls = Vec::new();
        let mut best: Option<Tried> = None;
        for (n, pull) in options.pulls.iter().enumerate() {
            let scores = problem.held_out(*pull, 1000, folds);
            let pairs: Vec<(f64, bool)> = problem.pairs(&scores);
            let (slope, offset) = fit_platt(&pairs).unwrap_or((1.0, 0.0));
            let loss = pairs
                .iter()
                .map(|(s, pitch)| {
                    let x = slope * s + offset;
                    (if *pitch { -x } else { x }).exp().ln_1p()
                })
                .sum::<f64>()
                / pairs.len().max(1) as f64;
            pulls.push((*pull, round6(loss)));
            if best.as_ref().is_none_or(|b| round6(loss) < b.loss) {
                best = Some(Tried {
                    pull: *pull,
                    loss: round6(loss),
                    scores,
                    line: (slope, offset),
                });
            }
            progress(n + 1, steps);
        }
        let Some(Tried {
            pull,
            scores,
            line: (slope, offset),
            ..
        }) = best
        else {
            return Err(fail("no penalty is given to try".to_owned(), "give at least one"));
        };
        // What the text adds to the odds, whatever share of the corpus is pitches: the prior is not the wording's.
        let (pitch, genuine) =
            problem.pairs(&scores).iter().fold(
                (0.0, 0.0),
                |(p, g), (_, is)| {
                    if *is { (p + 1.0, g) } else { (p, g + 1.0) }
                },
            );
        let offset = offset - f64::ln(pitch / genuine);
        let milli = |x: f64| (x * 1000.0).round().clamp(-1e6, 1e6) as i32;
        let calibrated = |s: HeldOut| {
            let sides = [-slope * s.in_favour, slope * s.against].map(|x| milli(x).into());
            wording::held(milli(slope * s.score + offset).into(), sides) as i32
        };
        let held_out: Vec<Option<i32>> = scores.iter().map(|s| s.map(calibrated)).collect();

        let (weights, bias) = problem.train(&problem.all(), pull);
        progress(options.pulls.len() + 1, steps);
        let clamped = |x: f64| milli(x).clamp(-MAX_WEIGHT, MAX_WEIGHT);
        let sequences: Vec<(String, i32)> = problem
            .texts
            .iter()
            .zip(&weights)
            .map(|(text, w)| (text.clone(), clamped(w * slope)))
            .filter(|(_, w)| *w != 0)
            .collect();
        let mut learning_curve = Vec::new();
        for (n, permille) in curve.iter().enumerate() {
            let scores = problem.held_out(pull, *permille, folds);
            learning_curve.push(LearningPoint {
                permille: *permille,
                messages: problem.training_size(*permille, folds),
                roc_auc: problem.roc_auc(|i| scores[i].map(|s| milli(s.score)), false, |_| true),
            });
            progress(options.pulls.len() + 2 + n, steps);
        }
        let of = |i: usize| held_out[i];
        let roc_auc = problem.roc_auc(of, false, |_| true);
        let unwanted_roc_auc = problem.roc_auc(of, true, |_| true);
        let mut measures = BTreeMap::new();
        for (name, value) in [("roc-auc", roc_auc), ("unwanted-roc-auc", unwanted_roc_auc)] {
            if let Some(value) = value {
                measures.insert(name.to_owned(), Weight::milli(milli(value)));
            }
        }
        let model = WordingModel::new(ModelParts {
            id: format!("wording-{}", self.fingerprint()),
            languages: problem.languages.clone(),
            bias: clamped(bias * slope + offset),
            sequences,
            provenance: Some(ModelProvenance {
                corpus: self.name(),
                corpus_fingerprint: self.fingerprint(),
                pitch: self.count(Label::Pitch) as u64,
                generic: self.count(Label::Generic) as u64,
                genuine: self.count(Label::Genuine) as u64,
                clusters: problem.clusters_in(&problem.all()) as u64,
                folds: folds as u64,
                seed: options.seed,
                pull: Weight::milli(milli(pull)),
                date: None,
                cross_validated: measures,
            }),
        })
        .map_err(|e| fail(e.to_string(), "train with fewer sequences"))?;
        Ok(WordingFit {
            model,
            pull,
            pulls,
            slices: problem.slices(self, &held_out),
            held_out,
            roc_auc,
            unwanted_roc_auc,
            learning_curve,
        })
    }
}

impl WordingFit {
    /// The log with the rules of the detector `wording` as models report them that had not seen the message: without
    /// this, a fit or a measure on the messages that the model was trained on would flatter it.
    ///
    /// The log must be of the same corpus; logs of rule sets without the detector stay as they are.
    #[must_use]
    pub fn apply(&self, log: HitLog) -> HitLog {
        log.with_wording(&self.held_out)
    }
}

/// Numbers words as they come. Every sequence counts, but a full stop alone.
#[derive(Default)]
struct Interner {
    numbers: RefCell<HashMap<String, Symbol>>,
}

impl Interner {
    fn word(&self, word: &str) -> Symbol {
        let mut numbers = self.numbers.borrow_mut();
        if let Some(n) = numbers.get(word) {
            return *n;
        }
        // What would not survive being written into a model file.
        let plain = word.starts_with(char::is_alphanumeric)
            && word.chars().all(|c| c.is_alphanumeric() || "'-+&#./".contains(c))
            && !word.contains("'''");
        let next = FIRST_WORD + numbers.len() as Symbol;
        if !plain || next >= SYMBOL_LIMIT {
            return UNKNOWN;
        }
        numbers.insert(word.to_owned(), next);
        next
    }
}

impl Lexicon for Interner {
    fn symbol(&self, text: &Prepared, token: usize) -> Symbol {
        self.word(text.word(token))
    }

    fn shapes(&self, symbol: Symbol) -> u8 {
        const STOP: Symbol = TokenKind::Stop as Symbol;
        match symbol {
            UNKNOWN => 0,
            STOP => !Shape::Single.bit(),
            _ => u8::MAX,
        }
    }

    fn may_know(&self, _: Key) -> bool {
        true
    }
}

/// One message.
struct Sample {
    label: Label,
    lang: Lang,
    cluster: u32,
    file: u32,
    /// Its sequences, by number, in order.
    sequences: Vec<u32>,
}

/// What a model that had not seen a message says of it.
#[derive(Clone, Copy)]
struct HeldOut {
    score: f64,
    /// Sum of the weights above zero.
    against: f64,
    /// Sum of the weights below zero.
    in_favour: f64,
}

/// A penalty that was tried.
struct Tried {
    pull: f64,
    loss: f64,
    scores: Vec<Option<HeldOut>>,
    /// Slope and offset of the calibration.
    line: (f64, f64),
}

struct Problem<'o> {
    options: &'o WordingOptions,
    /// By message; `None` for those that are not used.
    samples: Vec<Option<Sample>>,
    /// The fold of each message.
    folds: Vec<Option<usize>>,
    /// Sequences as written, in order.
    texts: Vec<String>,
    /// The messages that have each sequence.
    columns: Vec<Vec<u32>>,
    languages: Vec<Lang>,
}

impl<'o> Problem<'o> {
    fn new(corpus: &Corpus, scorer: &Scorer, options: &'o WordingOptions) -> Self {
        let interner = Interner::default();
        let mut scratch = scorer.scratch();
        let mut cluster_numbers: HashMap<&str, u32> = HashMap::new();
        // A cluster that is spread over files goes with the first.
        let mut cluster_files: Vec<u32> = Vec::new();
        let mut files: HashMap<&str, u32> = HashMap::new();
        let mut raw: Vec<Option<(Sample, Vec<Key>)>> = Vec::new();
        let mut lower_case: HashMap<Symbol, BTreeSet<u32>> = HashMap::new();
        for (i, labeled) in corpus.messages().iter().enumerate() {
            let next = cluster_numbers.len() as u32;
            let cluster = *cluster_numbers
                .entry(labeled.cluster.as_deref().unwrap_or(&labeled.id))
                .or_insert(next);
            let next = files.len() as u32;
            let file = *files.entry(corpus.place(i).map_or("", |p| p.0)).or_insert(next);
            if cluster as usize == cluster_files.len() {
                cluster_files.push(file);
            }
            let assessment = scorer.judge_with(&mut scratch, &labeled.message);
            let (_, lang, _) = assessment.weighed();
            let Some((text, quotes)) = assessment.prepared_text() else {
                raw.push(None);
                continue;
            };
            if labeled.label == Label::Unsure || lang == Lang::Other {
                raw.push(None);
                continue;
            }
            let mut keys: BTreeSet<Key> = BTreeSet::new();
            sequences(text, quotes, &interner, |key, _, _| {
                keys.insert(key);
            });
            for (t, token) in text.tokens().iter().enumerate() {
                if token.kind == TokenKind::Word && !token.flags.has(TokenFlags::CAPITALIZED) {
                    lower_case
                        .entry(interner.word(text.word(t)))
                        .or_default()
                        .insert(cluster);
                }
            }
            let sample = Sample {
                label: labeled.label,
                lang,
                cluster,
                file: cluster_files[cluster as usize],
                sequences: Vec::new(),
            };
            raw.push(Some((sample, keys.into_iter().collect())));
        }

        let count = |lang: Lang, label: Label| {
            let own = raw.iter().flatten().map(|(s, _)| s);
            let clusters: BTreeSet<u32> = own
                .filter(|s| s.lang == lang && s.label == label)
                .map(|s| s.cluster)
                .collect();
            clusters.len()
        };
        let languages: Vec<Lang> = [Lang::En, Lang::De, Lang::Fr, Lang::Es, Lang::Pt, Lang::It, Lang::Nl]
            .into_iter()
            .filter(|l| {
                [Label::Pitch, Label::Genuine]
                    .iter()
                    .all(|label| count(*l, *label) >= options.language_clusters)
            })
            .collect();
        raw.iter_mut().for_each(|r| {
            let known = |s: &Sample| s.lang == Lang::Unknown || languages.contains(&s.lang);
            if r.as_ref().is_some_and(|(s, _)| !known(s)) {
                *r = None;
            }
        });

        // Words that are never written small are names, also where they begin a sentence.
        let names = |key: &Key| {
            key.symbols()
                .iter()
                .any(|s| *s >= FIRST_WORD && lower_case.get(s).is_none_or(|c| c.len() < options.minimum_clusters))
        };
        let mut support: HashMap<Key, BTreeSet<u32>> = HashMap::new();
        for (sample, keys) in raw.iter().flatten() {
            for key in keys {
                support.entry(*key).or_default().insert(sample.cluster);
            }
        }
        let words: HashMap<Symbol, String> = interner
            .numbers
            .into_inner()
            .into_iter()
            .map(|(word, n)| (n, word))
            .collect();
        let mut kept: Vec<(String, Key)> = support
            .iter()
            .filter(|(key, clusters)| clusters.len() >= options.minimum_clusters && !names(key))
            .map(|(key, _)| (text_of(*key, |s| words.get(&s).cloned().unwrap_or_default()), *key))
            .collect();
        kept.sort_unstable();
        let numbers: HashMap<Key, u32> = kept.iter().enumerate().map(|(n, (_, key))| (*key, n as u32)).collect();
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); kept.len()];
        let samples: Vec<Option<Sample>> = raw
            .into_iter()
            .enumerate()
            .map(|(i, r)| {
                let (mut sample, keys) = r?;
                sample.sequences = keys.iter().filter_map(|k| numbers.get(k).copied()).collect();
                sample.sequences.sort_unstable();
                sample
                    .sequences
                    .iter()
                    .for_each(|n| columns[*n as usize].push(i as u32));
                Some(sample)
            })
            .collect();
        let mut this = Self {
            options,
            folds: Vec::new(),
            samples,
            texts: kept.into_iter().map(|(text, _)| text).collect(),
            columns,
            languages,
        };
        this.folds = this.deal(cluster_numbers);
        this
    }

    /// Deals whole files, or whole clusters if there are few files, to the folds: the largest first, each to the fold that
    /// has fewest messages.
    fn deal(&self, clusters: HashMap<&str, u32>) -> Vec<Option<usize>> {
        let folds = self.options.folds.max(2);
        let files: BTreeSet<u32> = self.samples.iter().flatten().map(|s| s.file).collect();
        let whole_files = files.len() >= folds;
        let unit = |s: &Sample| if whole_files { s.file } else { s.cluster };
        let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
        self.samples
            .iter()
            .flatten()
            .for_each(|s| *sizes.entry(unit(s)).or_default() += 1);
        let names: HashMap<u32, &str> = clusters.into_iter().map(|(name, n)| (n, name)).collect();
        let mut order: Vec<(u32, usize)> = sizes.into_iter().collect();
        order.sort_by_key(|(u, n)| {
            let name = if whole_files {
                ""
            } else {
                names.get(u).copied().unwrap_or("")
            };
            let hash = fnv1a(self.options.seed.to_le_bytes().into_iter().chain(name.bytes()));
            (std::cmp::Reverse(*n), hash, *u)
        });
        let mut filled = vec![0usize; folds];
        let mut of: BTreeMap<u32, usize> = BTreeMap::new();
        for (u, n) in order {
            let least = (0..folds).min_by_key(|f| (filled[*f], *f)).unwrap_or(0);
            filled[least] += n;
            of.insert(u, least);
        }
        self.samples
            .iter()
            .map(|s| s.as_ref().and_then(|s| of.get(&unit(s)).copied()))
            .collect()
    }

    fn all(&self) -> Vec<u32> {
        (0..self.samples.len() as u32)
            .filter(|i| self.samples[*i as usize].is_some())
            .collect()
    }

    fn clusters_in(&self, messages: &[u32]) -> usize {
        let clusters: BTreeSet<u32> = messages
            .iter()
            .filter_map(|i| self.samples[*i as usize].as_ref().map(|s| s.cluster))
            .collect();
        clusters.len()
    }

    /// The messages outside a fold, of a part of the clusters.
    fn training(&self, fold: usize, permille: u32) -> Vec<u32> {
        let chosen = |cluster: u32| {
            let hash = fnv1a(self.options.seed.to_le_bytes().into_iter().chain(cluster.to_le_bytes()));
            // The high bits of this hash are the well mixed ones.
            (hash >> 32) % 1000 < u64::from(permille)
        };
        self.all()
            .into_iter()
            .filter(|i| {
                let own = self.samples[*i as usize].as_ref().is_some_and(|s| chosen(s.cluster));
                own && self.folds[*i as usize] != Some(fold)
            })
            .collect()
    }

    fn training_size(&self, permille: u32, folds: usize) -> u64 {
        (0..folds).map(|f| self.training(f, permille).len() as u64).sum::<u64>() / folds.max(1) as u64
    }

    /// The score of every message by a model trained without its fold.
    fn held_out(&self, pull: f64, permille: u32, folds: usize) -> Vec<Option<HeldOut>> {
        let of_folds = parallel::map(&(0..folds).collect::<Vec<_>>(), self.options.threads, |fold| {
            let (weights, bias) = self.train(&self.training(*fold, permille), pull);
            (0..self.samples.len())
                .filter(|i| self.folds[*i] == Some(*fold))
                .filter_map(|i| {
                    let sample = self.samples[i].as_ref()?;
                    let own = sample.sequences.iter().map(|n| weights[*n as usize]);
                    let against = own.clone().filter(|w| *w > 0.0).sum();
                    let in_favour = own.clone().filter(|w| *w < 0.0).sum();
                    let score = bias + own.sum::<f64>();
                    Some((
                        i,
                        HeldOut {
                            score,
                            against,
                            in_favour,
                        },
                    ))
                })
                .collect::<Vec<_>>()
        });
        let mut scores = vec![None; self.samples.len()];
        for (i, score) in of_folds.into_iter().flatten() {
            scores[i] = Some(score);
        }
        scores
    }

    /// Scores of pitches and genuine messages.
    fn pairs(&self, scores: &[Option<HeldOut>]) -> Vec<(f64, bool)> {
        self.samples
            .iter()
            .zip(scores)
            .filter_map(|(s, score)| match s.as_ref()?.label {
                Label::Pitch => Some(((*score)?.score, true)),
                Label::Genuine => Some(((*score)?.score, false)),
                Label::Generic | Label::Unsure => None,
            })
            .collect()
    }

    fn roc_auc(
        &self,
        score: impl Fn(usize) -> Option<i32>,
        unwanted: bool,
        within: impl Fn(&Sample) -> bool,
    ) -> Option<f64> {
        let pairs = self.samples.iter().enumerate().filter_map(|(i, s)| {
            let s = s.as_ref().filter(|s| within(s))?;
            let bad = match s.label {
                Label::Pitch => true,
                Label::Generic if unwanted => true,
                Label::Genuine => false,
                Label::Generic | Label::Unsure => return None,
            };
            Some((score(i)?, bad))
        });
        Ranking::new(pairs).roc_auc().map(round6)
    }

    fn slices(&self, corpus: &Corpus, held_out: &[Option<i32>]) -> Vec<WordingSlice> {
        let file = |i: usize| {
            let path = corpus.place(i).map_or("", |p| p.0);
            path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
        };
        let mut parts: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (i, sample) in self.samples.iter().enumerate() {
            if let Some(sample) = sample {
                parts.entry(format!("file:{}", file(i))).or_default().insert(i);
                parts
                    .entry(format!("lang:{}", sample.lang.code()))
                    .or_default()
                    .insert(i);
            }
        }
        parts
            .into_iter()
            .map(|(name, messages)| {
                let own: Vec<(i32, bool)> = messages
                    .iter()
                    .filter_map(|i| match self.samples[*i].as_ref()?.label {
                        Label::Pitch => Some((held_out[*i]?, true)),
                        Label::Genuine => Some((held_out[*i]?, false)),
                        Label::Generic | Label::Unsure => None,
                    })
                    .collect();
                WordingSlice {
                    name,
                    pitch: own.iter().filter(|(_, p)| *p).count() as u64,
                    genuine: own.iter().filter(|(_, p)| !*p).count() as u64,
                    roc_auc: Ranking::new(own).roc_auc().map(round6),
                }
            })
            .collect()
    }

    /// Trains on some messages: weights of all sequences, and the bias. Of too many sequences the ones that matter most
    /// are kept, and fitted again.
    fn train(&self, messages: &[u32], pull: f64) -> (Vec<f64>, f64) {
        let mut inside = vec![false; self.samples.len()];
        messages.iter().for_each(|i| inside[*i as usize] = true);
        let mut columns: Vec<(u32, Vec<u32>)> = Vec::new();
        for (n, column) in self.columns.iter().enumerate() {
            let rows: Vec<u32> = column.iter().copied().filter(|i| inside[*i as usize]).collect();
            if rows.len() >= self.options.minimum_clusters && self.clusters_in(&rows) >= self.options.minimum_clusters {
                columns.push((n as u32, rows));
            }
        }
        let (mut weights, mut bias) = self.descend(messages, &columns, pull);
        let most = self.options.sequences.min(MAX_SEQUENCES);
        if weights.iter().filter(|w| **w != 0.0).count() > most {
            // How much a sequence moves scores as a whole: its weight by the root of how often it moves one.
            let mut order: Vec<usize> = (0..columns.len()).collect();
            let matters = |c: usize| weights[c].abs() * (columns[c].1.len() as f64).sqrt();
            order.sort_by(|a, b| matters(*b).total_cmp(&matters(*a)).then(a.cmp(b)));
            order.truncate(most);
            order.sort_unstable();
            columns = order.into_iter().map(|c| columns[c].clone()).collect();
            (weights, bias) = self.descend(messages, &columns, pull);
        }
        let mut all = vec![0.0; self.columns.len()];
        columns.iter().zip(weights).for_each(|((n, _), w)| all[*n as usize] = w);
        (all, bias)
    }

    /// Minimises the loss over the weights of the columns and a bias.
    fn descend(&self, messages: &[u32], columns: &[(u32, Vec<u32>)], pull: f64) -> (Vec<f64>, f64) {
        let n = self.samples.len();
        let (mut target, mut share) = (vec![0.0; n], vec![0.0; n]);
        for i in messages {
            let label = self.samples[*i as usize].as_ref().map(|s| s.label);
            (target[*i as usize], share[*i as usize]) = match label {
                Some(Label::Pitch) => (1.0, 1.0),
                Some(Label::Generic) => (self.options.generic_aim, self.options.generic_share),
                Some(Label::Genuine) => (0.0, 1.0),
                Some(Label::Unsure) | None => (0.0, 0.0),
            };
        }
        let documents = messages.len() as f64;
        let idf: Vec<f64> = columns
            .iter()
            .map(|(_, rows)| ((1.0 + documents) / (1.0 + rows.len() as f64)).ln() + 1.0)
            .collect();
        let mut scores = vec![0.0; n];
        let mut chances = vec![0.5; n];
        let mut weights = vec![0.0f64; columns.len()];
        let mut bias = 0.0;
        let mut regions = vec![1.0f64; columns.len() + 1];
        for _ in 0..100 {
            let mut largest: f64 = 0.0;
            for c in 0..=columns.len() {
                let (rows, value, quadratic, absolute) = match columns.get(c) {
                    Some((_, rows)) => (
                        rows.as_slice(),
                        weights[c],
                        pull / (idf[c] * idf[c]),
                        self.options.sparsity / idf[c],
                    ),
                    None => (messages, bias, 0.0, 0.0),
                };
                let (mut gradient, mut curvature) = (quadratic * value, quadratic);
                for i in rows {
                    let i = *i as usize;
                    gradient += share[i] * (chances[i] - target[i]);
                    curvature += share[i] * chances[i] * (1.0 - chances[i]);
                }
                // The minimum of the quadratic model with the absolute penalty: soft thresholding.
                let aim = curvature * value - gradient;
                let new = (aim.abs() - absolute).max(0.0).copysign(aim) / curvature.max(1e-9);
                let step = (new - value).clamp(-regions[c], regions[c]);
                regions[c] = (2.0 * step.abs()).max(regions[c] / 2.0);
                if step.abs() < 1e-5 {
                    continue;
                }
                largest = largest.max(step.abs());
                match weights.get_mut(c) {
                    Some(w) => *w += step,
                    None => bias += step,
                }
                for i in rows {
                    let i = *i as usize;
                    scores[i] += step;
                    chances[i] = 1.0 / (1.0 + f64::exp(-scores[i]));
                }
            }
            // Half of the thousandth that weights are rounded to.
            if largest < 5e-4 {
                break;
            }
        }
        (weights, bias)
    }
}
