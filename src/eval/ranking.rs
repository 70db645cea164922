//! How well scores put pitches above the rest.

use serde::Serialize;

use super::proportion::six_decimals;

/// How many messages of either kind have one score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ScoreCount {
    /// The score in thousandths.
    pub score: i32,
    /// Messages that are what is looked for.
    pub positives: u64,
    /// The others.
    pub negatives: u64,
}

/// A place on a curve: what happens if every score of at least `threshold` counts as positive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// In thousandths.
    pub threshold: i32,
    /// 0 to 1.
    #[serde(serialize_with = "six_decimals")]
    pub x: f64,
    /// 0 to 1.
    #[serde(serialize_with = "six_decimals")]
    pub y: f64,
}

/// The largest recall at which precision is still good enough.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RecallAtPrecision {
    /// In thousandths; scores of at least this count as positive.
    pub threshold: i32,
    /// The share of the positives that is found, 0 to 1.
    #[serde(serialize_with = "six_decimals")]
    pub recall: f64,
    /// The share of positives in what is found, 0 to 1.
    #[serde(serialize_with = "six_decimals")]
    pub precision: f64,
}

/// The distinct scores of a corpus with the messages that have them.
///
/// Scores are integers and often equal, so every measure here treats equal scores as one threshold: the order of the
/// messages never matters.
///
/// ```
/// use huckster::eval::Ranking;
///
/// let ranking = Ranking::new([(2_100, true), (800, true), (800, false), (-400, false)]);
/// assert_eq!(ranking.roc_auc(), Some(0.875));
/// assert_eq!(ranking.average_precision(), Some(0.5 + 0.5 * 2.0 / 3.0));
/// let best = ranking.recall_at_precision(0.95).unwrap();
/// assert_eq!((best.threshold, best.recall), (2_100, 0.5));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    /// Ascending; no score twice, none without messages.
    counts: Vec<ScoreCount>,
    positives: u64,
    negatives: u64,
}

impl Ranking {
    /// From scores in thousandths and whether the message is what is looked for.
    pub fn new(scores: impl IntoIterator<Item = (i32, bool)>) -> Self {
        let count = |(score, positive): (i32, bool)| ScoreCount {
            score,
            positives: u64::from(positive),
            negatives: u64::from(!positive),
        };
        Self::from_counts(scores.into_iter().map(count).collect())
    }

    /// From counts in any order; equal scores are merged. Counts in ascending order take linear time.
    ///
    /// Each kind is held at 2^63 - 1 messages in all.
    pub fn from_counts(mut counts: Vec<ScoreCount>) -> Self {
        counts.sort_by_key(|count| count.score);
        let mut ranking = Self::default();
        // Twice the product of the two totals then fits in 128 bits.
        let room = |total: u64| i64::MAX as u64 - total;
        for mut count in counts {
            count.positives = count.positives.min(room(ranking.positives));
            count.negatives = count.negatives.min(room(ranking.negatives));
            ranking.positives += count.positives;
            ranking.negatives += count.negatives;
            match ranking.counts.last_mut() {
                Some(last) if last.score == count.score => {
                    last.positives += count.positives;
                    last.negatives += count.negatives;
                }
                _ if count.positives + count.negatives > 0 => ranking.counts.push(count),
                _ => {}
            }
        }
        ranking
    }

    /// The distinct scores, ascending.
    pub fn counts(&self) -> &[ScoreCount] {
        &self.counts
    }

    /// How many messages are what is looked for.
    pub fn positives(&self) -> u64 {
        self.positives
    }

    /// How many are not.
    pub fn negatives(&self) -> u64 {
        self.negatives
    }

    /// The area under the ROC curve: the chance that a random positive scores above a random negative, ties counting
    /// half. 0.5 is guessing, 1 is perfect; `None` if one of the kinds is missing.
    ///
    /// H. B. Mann and D. R. Whitney (1947), 'On a test of whether one of two random variables is stochastically larger
    /// than the other'; as an area: J. A. Hanley and B. J. McNeil (1982), 'The meaning and use of the area under a
    /// receiver operating characteristic (ROC) curve'. Exact integers up to the one division.
    pub fn roc_auc(&self) -> Option<f64> {
        let (mut below, mut doubled) = (0, 0);
        for count in &self.counts {
            let negatives = u128::from(count.negatives);
            doubled += u128::from(count.positives) * (2 * below + negatives);
            below += negatives;
        }
        let pairs = u128::from(self.positives) * u128::from(self.negatives);
        (pairs > 0).then(|| doubled as f64 / (2 * pairs) as f64)
    }

    /// The area under the precision-recall curve as average precision: precision at each threshold, weighted by the
    /// recall that the threshold adds. Guessing gives the share of positives, 1 is perfect; `None` without positives.
    ///
    /// No line is drawn between the points, since between them precision does not move along a line: J. Davis and
    /// M. Goadrich (2006), 'The relationship between precision-recall and ROC curves'. The sum is scikit-learn's
    /// `average_precision_score`.
    pub fn average_precision(&self) -> Option<f64> {
        let (mut sum, mut found) = (0.0, 0);
        for point in self.descending() {
            sum += (point.positives - found) as f64 * point.precision();
            found = point.positives;
        }
        (self.positives > 0).then(|| sum / self.positives as f64)
    }

    /// The threshold that finds most positives with at least this precision, 0 to 1; the highest of several.
    ///
    /// `None` if no threshold that finds a positive is that precise.
    pub fn recall_at_precision(&self, precision: f64) -> Option<RecallAtPrecision> {
        let (mut best, mut found) = (None, 0);
        for point in self.descending() {
            if point.positives > found && point.precision() >= precision {
                found = point.positives;
                best = Some(point);
            }
        }
        best.map(|point| RecallAtPrecision {
            threshold: point.score,
            recall: point.positives as f64 / self.positives as f64,
            precision: point.precision(),
        })
    }

    /// Recall (x) and precision (y) at every threshold, the highest first; empty without positives.
    ///
    /// There is no made-up first point with recall 0 and precision 1.
    pub fn precision_recall_curve(&self) -> Vec<CurvePoint> {
        if self.positives == 0 {
            return Vec::new();
        }
        let point = |point: ScoreCount| CurvePoint {
            threshold: point.score,
            x: point.positives as f64 / self.positives as f64,
            y: point.precision(),
        };
        self.descending().map(point).collect()
    }

    /// False-positive rate (x) and recall (y) at every threshold, the highest first; empty if one of the kinds is
    /// missing.
    ///
    /// The first point, 0 and 0 with nothing found, belongs to no score and is left out.
    pub fn roc_curve(&self) -> Vec<CurvePoint> {
        if self.positives == 0 || self.negatives == 0 {
            return Vec::new();
        }
        let point = |point: ScoreCount| CurvePoint {
            threshold: point.score,
            x: point.negatives as f64 / self.negatives as f64,
            y: point.positives as f64 / self.positives as f64,
        };
        self.descending().map(point).collect()
    }

    /// For every distinct score, the highest first, how many messages score at least that.
    fn descending(&self) -> impl Iterator<Item = ScoreCount> {
        let mut sum = ScoreCount {
            score: 0,
            positives: 0,
            negatives: 0,
        };
        self.counts.iter().rev().map(move |count| {
            sum.score = count.score;
            sum.positives += count.positives;
            sum.negatives += count.negatives;
            sum
        })
    }
}

impl ScoreCount {
    /// The share of positives. Only asked of scores that have messages.
    fn precision(&self) -> f64 {
        self.positives as f64 / (self.positives + self.negatives) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 48 scores in steps of half a logit, so that nearly all are tied, and their labels: drawn once with numpy.
    const SCORES: [i32; 48] = [
        0, -1000, 2500, 2000, 0, 0, 2000, 0, 1000, 0, 2000, 3000, 500, 0, -500, 0, -1500, -500, 0, 1000, 2500, -500,
        -1000, 2000, -1000, -500, 0, 1500, 1000, -500, -500, 1000, 3000, 1000, -500, 1500, 1000, 1000, -1500, 1500,
        1000, 1500, 1000, 0, 1000, -500, 2500, 0,
    ];
    const LABELS: [u8; 48] = [
        0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1,
        1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0,
    ];

    fn tied() -> Ranking {
        Ranking::new(std::iter::zip(SCORES, LABELS.map(|label| label == 1)))
    }

    fn close(a: Option<f64>, b: f64) {
        let a = a.unwrap();
        assert!((a - b).abs() < 1e-14, "{a} is not {b}");
    }

    #[test]
    fn areas_as_scikit_learn() {
        // scikit-learn 1.9.1: roc_auc_score(y, s), average_precision_score(y, s).
        let ranking = tied();
        assert_eq!((ranking.positives(), ranking.negatives()), (19, 29));
        close(ranking.roc_auc(), 0.809_437_386_569_872_9);
        close(ranking.average_precision(), 0.733_627_144_265_215_7);
        // y = [1, 0, 1, 1, 0, 0, 0, 1], s = [0, 0, 1, 1, 1, 0, 0, 0]; then sample_weight=[3, 1, 4, 1, 5, 9, 2, 6].
        let labels = [1, 0, 1, 1, 0, 0, 0, 1].map(|label| label == 1);
        let scores = [0, 0, 1000, 1000, 1000, 0, 0, 0];
        let ranking = Ranking::new(std::iter::zip(scores, labels));
        close(ranking.roc_auc(), 0.625);
        close(ranking.average_precision(), 0.583_333_333_333_333_3);
        let weights = [3, 1, 4, 1, 5, 9, 2, 6];
        let weighted = (0..8).map(|i| ScoreCount {
            score: scores[i],
            positives: if labels[i] { weights[i] } else { 0 },
            negatives: if labels[i] { 0 } else { weights[i] },
        });
        let ranking = Ranking::from_counts(weighted.collect());
        close(ranking.roc_auc(), 0.531_512_605_042_016_8);
        close(ranking.average_precision(), 0.468_894_009_216_589_86);
        // One score for all: y = [1, 0, 1, 0, 0].
        let ranking = Ranking::new([true, false, true, false, false].map(|label| (500, label)));
        close(ranking.roc_auc(), 0.5);
        close(ranking.average_precision(), 0.4);
        // Two messages, y = [1, 0].
        let ranking = Ranking::new([(1, true), (2, false)]);
        close(ranking.roc_auc(), 0.0);
        close(ranking.average_precision(), 0.5);
    }

    #[test]
    fn curves_as_scikit_learn() {
        // scikit-learn 1.9.1: precision_recall_curve(y, s), reversed; roc_curve(y, s, drop_intermediate=False).
        let close = |curve: &[CurvePoint], expected: [(i32, f64, f64); 10]| {
            assert_eq!(curve.len(), 10);
            for (point, (threshold, x, y)) in std::iter::zip(curve, expected) {
                assert_eq!(point.threshold, threshold);
                assert!((point.x - x).abs() < 1e-14 && (point.y - y).abs() < 1e-14, "{point:?}");
            }
        };
        close(
            &tied().precision_recall_curve(),
            [
                (3000, 0.105_263_157_894_736_84, 1.0),
                (2500, 0.210_526_315_789_473_67, 0.8),
                (2000, 0.421_052_631_578_947_35, 0.888_888_888_888_888_8),
                (1500, 0.526_315_789_473_684_2, 0.769_230_769_230_769_3),
                (1000, 0.789_473_684_210_526_3, 0.652_173_913_043_478_3),
                (500, 0.842_105_263_157_894_7, 0.666_666_666_666_666_6),
                (0, 0.894_736_842_105_263_2, 0.485_714_285_714_285_7),
                (-500, 0.947_368_421_052_631_5, 0.418_604_651_162_790_7),
                (-1000, 1.0, 0.413_043_478_260_869_57),
                (-1500, 1.0, 0.395_833_333_333_333_3),
            ],
        );
        close(
            &tied().roc_curve(),
            [
                (3000, 0.0, 0.105_263_157_894_736_84),
                (2500, 0.034_482_758_620_689_655, 0.210_526_315_789_473_67),
                (2000, 0.034_482_758_620_689_655, 0.421_052_631_578_947_35),
                (1500, 0.103_448_275_862_068_96, 0.526_315_789_473_684_2),
                (1000, 0.275_862_068_965_517_24, 0.789_473_684_210_526_3),
                (500, 0.275_862_068_965_517_24, 0.842_105_263_157_894_7),
                (0, 0.620_689_655_172_413_8, 0.894_736_842_105_263_2),
                (-500, 0.862_068_965_517_241_3, 0.947_368_421_052_631_5),
                (-1000, 0.931_034_482_758_620_7, 1.0),
                (-1500, 1.0, 1.0),
            ],
        );
    }

    #[test]
    fn recall_at_fixed_precision() {
        let at = |precision| tied().recall_at_precision(precision).map(|best| best.threshold);
        // From the curve above: precision falls below 0.85 at 2500 and is above it again at 2000.
        assert_eq!(at(1.0), Some(3000));
        assert_eq!(at(0.85), Some(2000));
        assert_eq!(at(0.5), Some(500));
        // All positives are found from -1000 on; the lower threshold adds only negatives.
        assert_eq!(at(0.0), Some(-1000));
        assert_eq!(at(1.1), None);
        assert_eq!(at(f64::NAN), None);
        let best = tied().recall_at_precision(0.85).unwrap();
        assert_eq!((best.recall, best.precision), (8.0 / 19.0, 8.0 / 9.0));
        // 19 of 20 is 0.95, not just below it.
        let exact = Ranking::from_counts(vec![ScoreCount {
            score: 0,
            positives: 19,
            negatives: 1,
        }]);
        assert_eq!(exact.recall_at_precision(0.95).map(|best| best.recall), Some(1.0));
    }

    #[test]
    fn a_kind_is_missing() {
        let nothing = Ranking::new([]);
        assert_eq!((nothing.roc_auc(), nothing.average_precision()), (None, None));
        assert_eq!(nothing.recall_at_precision(0.0), None);
        let positives = Ranking::new([(1, true), (2, true)]);
        assert_eq!((positives.roc_auc(), positives.average_precision()), (None, Some(1.0)));
        assert_eq!(
            (positives.precision_recall_curve().len(), positives.roc_curve().len()),
            (2, 0)
        );
        let negatives = Ranking::new([(1, false)]);
        assert_eq!((negatives.roc_auc(), negatives.average_precision()), (None, None));
        assert_eq!(
            (negatives.precision_recall_curve().len(), negatives.roc_curve().len()),
            (0, 0)
        );
        assert_eq!(negatives.recall_at_precision(0.0), None);
    }

    #[test]
    fn counts_are_merged_and_held() {
        let count = |score, positives, negatives| ScoreCount {
            score,
            positives,
            negatives,
        };
        let ranking = Ranking::from_counts(vec![count(5, 1, 0), count(-5, 0, 2), count(5, 3, 4), count(0, 0, 0)]);
        assert_eq!(ranking.counts(), [count(-5, 0, 2), count(5, 4, 4)]);
        let huge = Ranking::from_counts(vec![
            count(i32::MIN, u64::MAX, u64::MAX),
            count(i32::MAX, u64::MAX, u64::MAX),
        ]);
        assert_eq!((huge.positives(), huge.roc_auc()), (i64::MAX as u64, Some(0.5)));
        assert_eq!(huge.average_precision(), Some(0.5));
    }

    fn naive_auc(scores: &[(i32, bool)]) -> Option<f64> {
        let (mut wins, mut pairs) = (0.0, 0.0);
        for (high, _) in scores.iter().filter(|s| s.1) {
            for (low, _) in scores.iter().filter(|s| !s.1) {
                wins += f64::from(u8::from(high > low)) + 0.5 * f64::from(u8::from(high == low));
                pairs += 1.0;
            }
        }
        (pairs > 0.0).then(|| wins / pairs)
    }

    /// Recall and precision at every threshold from `high` down, each counted anew.
    fn naive_curve(scores: &[(i32, bool)], high: i32) -> Vec<(i32, f64, f64)> {
        let all = scores.iter().filter(|s| s.1).count() as f64;
        let mut curve = Vec::new();
        for threshold in (-high..=high).rev() {
            let found: Vec<_> = scores.iter().filter(|s| s.0 >= threshold).collect();
            let right = found.iter().filter(|s| s.1).count() as f64;
            if !found.is_empty() {
                curve.push((threshold, right / all, right / found.len() as f64));
            }
        }
        curve
    }

    proptest! {
        #[test]
        fn as_counted_slowly(scores in prop::collection::vec((-6i32..=6, any::<bool>()), 0..60), wanted in 0.0f64..1.0) {
            let ranking = Ranking::new(scores.iter().copied());
            // Sums of halves are exact, so both divide the same numbers.
            prop_assert_eq!(ranking.roc_auc(), naive_auc(&scores));
            let curve = naive_curve(&scores, 6);
            if scores.iter().any(|s| s.1) {
                let (mut recall, mut area, mut best) = (0.0, 0.0, None);
                for &(_, r, p) in &curve {
                    area += (r - recall) * p;
                    recall = r;
                    // The best recall so far that is precise enough.
                    if p >= wanted && r > best.unwrap_or(0.0) {
                        best = Some(r);
                    }
                }
                prop_assert!((ranking.average_precision().unwrap() - area).abs() < 1e-12);
                prop_assert_eq!(ranking.recall_at_precision(wanted).map(|b| b.recall), best);
                for point in ranking.precision_recall_curve() {
                    prop_assert!(curve.contains(&(point.threshold, point.x, point.y)));
                }
            } else {
                prop_assert_eq!(ranking.average_precision(), None);
                prop_assert_eq!(ranking.recall_at_precision(wanted), None);
            }
        }

        /// The trapezoids under the ROC curve are the Mann-Whitney area.
        #[test]
        fn area_under_the_curve(scores in prop::collection::vec((any::<i32>(), any::<bool>()), 0..40)) {
            let ranking = Ranking::new(scores);
            let (mut area, mut last) = (0.0, (0.0, 0.0));
            for point in ranking.roc_curve() {
                area += (point.x - last.0) * (point.y + last.1) / 2.0;
                last = (point.x, point.y);
            }
            match ranking.roc_auc() {
                Some(auc) => prop_assert!((auc - area).abs() < 1e-12),
                None => prop_assert_eq!(last, (0.0, 0.0)),
            }
        }
    }
}
