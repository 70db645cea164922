//! Measuring rule sets.

mod ablation;
mod association;
mod compare;
mod corpus;
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
mod slices;
mod speed;
mod table;

pub use self::ablation::{Ablation, AblationKind};
pub use self::association::{LogLikelihoodRatio, Overlap, spam_overall_ratio};
pub use self::compare::{Changed, Comparison, DecisionTest, Finding, MeasureTest};
pub use self::corpus::{Corpus, CorpusCard, CorpusError, CorpusProblem, Label, Labeled};
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
pub use self::slices::Slice;
pub use self::speed::{Speed, measure_speed};
