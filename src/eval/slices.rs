//! The same table for parts of the corpus.

use serde::Serialize;

use super::corpus::Label;
use super::evaluate::{DecisionTable, round6};
use super::hits::{HitLog, Judged};
use super::probability::Reliability;
use super::proportion::Proportion;
use super::ranking::Ranking;

/// The messages with a tag.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Slice {
    /// The tag.
    pub tag: String,
    /// How many messages have it.
    pub messages: usize,
    /// Decisions by label.
    pub decisions: DecisionTable,
    /// Genuine messages declined.
    pub false_decline: Proportion,
    /// Pitches declined.
    pub decline_recall: Proportion,
    /// ROC-AUC, pitch against genuine, if there are both.
    pub roc_auc: Option<f64>,
    /// Expected calibration error, if the rule set is calibrated.
    pub calibration_error: Option<f64>,
    /// More genuine messages are declined here than elsewhere, beyond chance.
    pub stands_out: bool,
}

/// Probability and whether it is a pitch.
fn forecast((label, judged): (Label, Judged)) -> Option<(f64, bool)> {
    let probability = f64::from(judged.probability?) / 1e6;
    (label != Label::Unsure).then_some((probability, label == Label::Pitch))
}

/// Slices of at least so many messages, in the order of their tags. A tag that all messages have is no slice.
pub(super) fn all(log: &HitLog, judged: &[Judged], minimum: usize) -> Vec<Slice> {
    let whole = DecisionTable::count((0..log.len()).map(|i| (log.label(i), judged[i].decision)));
    log.tagged()
        .into_iter()
        .filter(|(_, messages)| messages.len() >= minimum.max(1) && messages.len() < log.len())
        .map(|(tag, messages)| {
            let of = |i: &u32| (log.label(*i as usize), judged[*i as usize]);
            let decisions = DecisionTable::count(messages.iter().map(of).map(|(l, j)| (l, j.decision)));
            let ranking = Ranking::new(messages.iter().map(of).filter_map(|(label, j)| match label {
                Label::Pitch => Some((j.score, true)),
                Label::Genuine => Some((j.score, false)),
                Label::Generic | Label::Unsure => None,
            }));
            let false_decline = decisions.false_decline();
            // One unlucky message is no pattern.
            let stands_out = false_decline.hits >= 2
                && false_decline
                    .wilson()
                    .zip(whole.false_decline().value())
                    .is_some_and(|((low, _), overall)| low > overall);
            Slice {
                tag: tag.to_owned(),
                messages: messages.len(),
                false_decline,
                decline_recall: decisions.decline_recall(),
                decisions,
                roc_auc: ranking.roc_auc().map(round6),
                calibration_error: Reliability::new(messages.iter().map(of).filter_map(forecast))
                    .map(|r| round6(r.expected_calibration_error())),
                stands_out,
            }
        })
        .collect()
}
