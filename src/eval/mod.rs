//! Measuring rule sets.

mod ablation;
mod association;
mod compare;
mod corpus;
mod csv_corpus;
mod evaluate;
mod fit;
mod hits;
mod paired;
mod parallel;
mod probability;
mod proportion;
mod ranking;
mod report;
mod resample;
mod rules;
mod similarity;
mod slices;
mod speed;
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
pub use self::paired::{holm, mcnemar_exact, mcnemar_mid_p, pairs_needed};
pub use self::parallel::Threads;
pub use self::probability::{Forecast, Reliability, ReliabilityBin, brier, fit_platt, log_loss};
pub use self::proportion::{Proportion, precision_at_prevalence};
pub use self::ranking::{CurvePoint, Ranking, RecallAtPrecision, ScoreCount};
pub use self::report::page;
pub use self::resample::{ClusterBootstrap, Interval};
pub use self::rules::{Promotion, RuleMeasure, RuleOverlap};
pub use self::similarity::{Cue, NearDuplicate, cues, near_duplicates};
pub use self::slices::Slice;
pub use self::speed::{Speed, measure_speed};
pub use self::verdicts::{RecordedVerdict, VerdictChange, VerdictRecord};
pub use self::wording::{LearningPoint, WordingFit, WordingOptions, WordingSlice};
