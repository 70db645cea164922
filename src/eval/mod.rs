/*!
Measuring rule sets: how good is one on labelled messages, which of its rules earn their place, is another one really
better, and which weights fit an inbox.

Everything begins with a [`Corpus`] of labelled messages. [`Corpus::run`] judges them and gives a [`HitLog`], which holds
what fired but no text; all the rest works on logs, so people can pool results without sharing messages.

```
use huckster::eval::{Comparison, Corpus, EvaluationOptions, FitOptions};
use huckster::{RuleSet, Scorer};

let corpus = Corpus::load(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/written-d.jsonl"))?;
let hand = Scorer::builder().rules(RuleSet::builtin_by_hand()).build()?;
let log = corpus.run(&hand);

// How good is it? What is each rule worth?
let options = EvaluationOptions::default();
let evaluation = log.evaluate(&options)?;
println!("genuine messages declined: {}", evaluation.false_decline);
for rule in evaluation.rules.iter().take(3) {
    println!("{} in {} pitches, {} genuine messages", rule.rule, rule.pitch.hits, rule.genuine.hits);
}

// Which weights fit these messages?
let fit = log.fit(&FitOptions::default())?;
println!("on folds it had not seen: {}", fit.after.decline_precision);

// Is that really better?
let fitted = log.clone().with_model(&fit.model)?;
println!("{}", Comparison::paired(&log, &fitted, &options)?.conclusion());
# Ok::<(), Box<dyn std::error::Error>>(())
```

| Question | Answer |
| --- | --- |
| how good is a rule set | [`HitLog::evaluate`], [`Evaluation`] |
| is B better than A | [`Comparison::paired`]: McNemar's test, a bootstrap over clusters, Holm's correction |
| which weights fit | [`HitLog::fit`], [`Fit`] |
| what does it cost | [`measure_speed`] |
| is a corpus fit to measure on | [`near_duplicates`], [`cues`] |
| what does a change of rules change | [`VerdictRecord`] |
| reports | [`Evaluation::to_markdown`], [`Evaluation::rules_csv`]; with the feature `plots` a page with pictures, `page` |

Floats are used here and only here; they are rounded to six places in every output, so that results are the same on every
platform. Intervals hold 95 %.
*/

mod ablation;
mod association;
mod compare;
mod corpus;
mod csv_corpus;
mod evaluate;
mod fit;
mod hits;
#[cfg(feature = "plots")]
mod page;
mod paired;
mod parallel;
#[cfg(feature = "plots")]
mod pictures;
mod probability;
mod proportion;
mod ranking;
mod report;
mod resample;
mod rules;
mod similarity;
mod slices;
mod speed;
mod table;
mod verdicts;
mod wording;

pub use self::ablation::{Ablation, AblationKind};
pub use self::association::{LogLikelihoodRatio, Overlap, spam_overall_ratio};
pub use self::compare::{Changed, Comparison, DecisionTest, Finding, MeasureTest};
pub use self::corpus::{Corpus, CorpusCard, CorpusError, CorpusProblem, Label, Labeled};
pub use self::csv_corpus::CsvColumns;
pub use self::evaluate::{
    Cost, DecisionCounts, DecisionTable, Estimate, Evaluation, EvaluationOptions, Measured, ProbabilityMeasures,
    RocAuc, ScoreBin, bootstrap_draws, decision_cost,
};
pub use self::fit::{CrossValidated, Fit, FitOptions, FitState, FittedWeight};
pub use self::hits::{CorpusSummary, HitLog, Judged, LoggedMessage};
#[cfg(feature = "plots")]
pub use self::page::page;
pub use self::paired::{holm, mcnemar_exact, mcnemar_mid_p, pairs_needed};
pub use self::parallel::Threads;
pub use self::probability::{Forecast, Reliability, ReliabilityBin, brier, fit_platt, log_loss};
pub use self::proportion::{Proportion, precision_at_prevalence};
pub use self::ranking::{CurvePoint, Ranking, RecallAtPrecision, ScoreCount};
pub use self::resample::{ClusterBootstrap, Interval};
pub use self::rules::{Promotion, RuleMeasure, RuleOverlap};
pub use self::similarity::{Cue, NearDuplicate, cues, near_duplicates};
pub use self::slices::Slice;
pub use self::speed::{Speed, measure_speed};
pub use self::verdicts::{RecordedVerdict, VerdictChange, VerdictRecord};
pub use self::wording::{LearningPoint, WordingFit, WordingOptions, WordingSlice};
