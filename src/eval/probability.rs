//! How far the probabilities of a scorer can be taken at their word.

use serde::Serialize;

use super::proportion::{Proportion, six_decimals};

/// A probability, and what came of it.
///
/// Comes from `(probability, outcome)`, or from `(probability, outcome, count)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// 0 to 1.
    pub probability: f64,
    /// Whether it came true.
    pub outcome: bool,
    /// How often to count it.
    pub count: u64,
}

impl From<(f64, bool)> for Forecast {
    fn from((probability, outcome): (f64, bool)) -> Self {
        (probability, outcome, 1).into()
    }
}

impl From<&(f64, bool)> for Forecast {
    fn from(forecast: &(f64, bool)) -> Self {
        (*forecast).into()
    }
}

impl From<(f64, bool, u64)> for Forecast {
    fn from((probability, outcome, count): (f64, bool, u64)) -> Self {
        Self {
            probability,
            outcome,
            count,
        }
    }
}

impl Forecast {
    fn is_valid(&self) -> bool {
        (0.0..=1.0).contains(&self.probability)
    }
}

/// The mean squared distance of the probabilities from what came true (1) or did not (0).
///
/// 0 is perfect, 0.25 is what a constant 0.5 gets, 1 is always wrong with certainty. G. W. Brier (1950), 'Verification of
/// forecasts expressed in terms of probability', in the form for two outcomes. `None` without forecasts, or if a
/// probability is not between 0 and 1.
///
/// ```
/// use huckster::eval::brier;
///
/// assert_eq!(brier([(0.5, true), (1.0, true)]), Some(0.125));
/// // The same with counts.
/// assert_eq!(brier([(0.5, true, 2), (1.0, true, 2)]), Some(0.125));
/// ```
pub fn brier(forecasts: impl IntoIterator<Item: Into<Forecast>>) -> Option<f64> {
    mean(forecasts, |probability, outcome| {
        (probability - f64::from(u8::from(outcome))).powi(2)
    })
}

/// The mean of minus the natural logarithm of the probability given to what happened, in nats.
///
/// 0 is perfect, 0.693 is what a constant 0.5 gets. I. J. Good (1952), 'Rational decisions'. Probabilities are held
/// `f64::EPSILON` away from 0 and 1, as scikit-learn does, so that one wrong certainty costs 36 and not infinity. `None`
/// without forecasts, or if a probability is not between 0 and 1.
pub fn log_loss(forecasts: impl IntoIterator<Item: Into<Forecast>>) -> Option<f64> {
    mean(forecasts, |probability, outcome| {
        let probability = probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        -(if outcome { probability } else { 1.0 - probability }).ln()
    })
}

fn mean(forecasts: impl IntoIterator<Item: Into<Forecast>>, loss: impl Fn(f64, bool) -> f64) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for forecast in forecasts {
        let forecast: Forecast = forecast.into();
        if !forecast.is_valid() {
            return None;
        }
        sum += loss(forecast.probability, forecast.outcome) * forecast.count as f64;
        count += forecast.count as f64;
    }
    (count > 0.0).then(|| sum / count)
}

/// Forecasts of about the same probability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// The mean of the probabilities, 0 to 1.
    #[serde(serialize_with = "six_decimals")]
    pub mean_probability: f64,
    /// How many of these forecasts came true, with the interval of [`Proportion::wilson`].
    pub observed: Proportion,
}

/// The reliability table: whether what is said to happen in 30 of 100 cases happens in 30 of 100 cases.
///
/// The bins hold equal counts of forecasts and ascend in probability. Equal probabilities are never split between bins,
/// so counts differ where there are many of them. A bin holds at least 10 forecasts on average, so few forecasts have
/// fewer bins. M. H. DeGroot and S. E. Fienberg (1983), 'The comparison and evaluation of forecasters'; bins of equal
/// count as in K. Nguyen and B. O'Connor (2015), 'Posterior calibration and exploratory analysis for natural language
/// processing models'.
///
/// ```
/// use huckster::eval::Reliability;
///
/// // Of 100 messages at 20 %, 25 are pitches; of 100 at 80 %, 80 are.
/// let table = Reliability::new([(0.2, true, 25), (0.2, false, 75), (0.8, true, 80), (0.8, false, 20)]).unwrap();
/// assert_eq!(table.bins[0].observed.to_string(), "25 of 100 (25.0 %, 17.5 to 34.3)");
/// assert!((table.expected_calibration_error() - 0.025).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reliability {
    /// Ascending in probability; at least one, and none of them empty.
    pub bins: Vec<ReliabilityBin>,
}

impl Reliability {
    /// At most this many bins if nothing else is said.
    pub const BINS: usize = 10;
    const MIN_MEAN_COUNT: u64 = 10;

    /// With [`Reliability::BINS`] bins; `None` without forecasts, or if a probability is not between 0 and 1.
    pub fn new(forecasts: impl IntoIterator<Item: Into<Forecast>>) -> Option<Self> {
        Self::with_bins(forecasts, Self::BINS)
    }

    /// With at most `bins` bins, and at least one.
    pub fn with_bins(forecasts: impl IntoIterator<Item: Into<Forecast>>, bins: usize) -> Option<Self> {
        let mut forecasts: Vec<Forecast> = forecasts.into_iter().map(Into::into).collect();
        if !forecasts.iter().all(Forecast::is_valid) {
            return None;
        }
        forecasts.retain(|forecast| forecast.count > 0);
        forecasts.sort_by(|a, b| a.probability.total_cmp(&b.probability));
        let total = forecasts
            .iter()
            .fold(0u64, |sum, forecast| sum.saturating_add(forecast.count));
        let wanted = u128::from((bins as u64).min(total / Self::MIN_MEAN_COUNT).max(1));

        let mut table = Vec::new();
        let (mut seen, mut edge) = (0u64, 1);
        let mut bin = ReliabilityBin::default();
        // Both zeros are the same probability.
        for ties in forecasts.chunk_by(|a, b| a.probability == b.probability) {
            for tie in ties {
                bin.add(tie);
                seen = seen.saturating_add(tie.count);
            }
            // Edges lie at multiples of total / wanted. Ties that reach over several edges use them all up.
            if u128::from(seen) * wanted >= u128::from(total) * edge {
                table.push(std::mem::take(&mut bin));
                edge = u128::from(seen) * wanted / u128::from(total) + 1;
            }
        }
        (!table.is_empty()).then_some(Self { bins: table })
    }

    /// How far the bins' mean probabilities are from the observed shares, on average over the forecasts: 0 to 1.
    ///
    /// M. P. Naeini, G. F. Cooper and M. Hauskrecht (2015), 'Obtaining well calibrated probabilities using Bayesian
    /// binning'. Chance alone keeps it above 0, the more so the fewer forecasts a bin has.
    pub fn expected_calibration_error(&self) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for bin in &self.bins {
            let of = bin.observed.of as f64;
            sum += (bin.mean_probability * of - bin.observed.hits as f64).abs();
            count += of;
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }
}

impl ReliabilityBin {
    fn add(&mut self, forecast: &Forecast) {
        let hits = if forecast.outcome { forecast.count } else { 0 };
        self.observed.hits = self.observed.hits.saturating_add(hits);
        self.observed.of = self.observed.of.saturating_add(forecast.count);
        // A running mean never leaves the range of what it averages.
        let share = forecast.count as f64 / self.observed.of as f64;
        self.mean_probability += (forecast.probability - self.mean_probability) * share;
    }
}

/// Slope and offset of the probability `sigmoid(slope x score + offset)` that fits scores, in logits, to outcomes.
///
/// J. C. Platt (1999), 'Probabilistic outputs for support vector machines and comparisons to regularized likelihood
/// methods', with his targets a little inside 0 and 1, so that scores which separate the outcomes perfectly have a finite
/// slope too. Fitted by Newton's method with backtracking: H.-T. Lin, C.-J. Lin and R. C. Weng (2007), 'A note on Platt's
/// probabilistic outputs for support vector machines'.
///
/// The slope is never negative: where higher scores go with fewer outcomes, or all scores are equal, it is 0 and the
/// offset gives everyone the mean target. `None` if one of the outcomes is missing or a score is not finite.
///
/// ```
/// use huckster::eval::fit_platt;
///
/// let scores = [(-2.0, false), (-1.0, false), (-0.5, true), (0.5, false), (1.0, true), (2.0, true)];
/// let (slope, offset) = fit_platt(&scores).unwrap();
/// assert!(slope > 0.5 && slope < 1.0 && offset.abs() < 1e-9);
/// ```
pub fn fit_platt(scores: &[(f64, bool)]) -> Option<(f64, f64)> {
    let positives = scores.iter().filter(|(_, outcome)| *outcome).count() as f64;
    let negatives = scores.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 || scores.iter().any(|(score, _)| !score.is_finite()) {
        return None;
    }
    let (high, low) = ((positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0));
    let target = |outcome| if outcome { high } else { low };
    let mean = (positives * high + negatives * low) / (positives + negatives);
    let flat = (0.0, (mean / (1.0 - mean)).ln());
    if scores.iter().all(|(score, _)| *score == scores[0].0) {
        return Some(flat);
    }

    let loss = |(slope, offset): (f64, f64)| -> f64 {
        let each = |&(score, outcome): &(f64, bool)| {
            let logit: f64 = slope * score + offset;
            let distance = if logit >= 0.0 { 1.0 } else { 0.0 } - target(outcome);
            distance * logit + (-logit.abs()).exp().ln_1p()
        };
        scores.iter().map(each).sum()
    };
    let mut at = flat;
    let mut loss_at = loss(at);
    for _ in 0..100 {
        let (slope, offset) = at;
        let (mut gradient, mut offset_gradient) = (0.0, 0.0);
        // A small ridge keeps the matrix of second derivatives invertible.
        let (mut ss, mut so, mut oo) = (1e-12, 0.0, 1e-12);
        for &(score, outcome) in scores {
            let probability = 1.0 / (1.0 + (-(slope * score + offset)).exp());
            let error = probability - target(outcome);
            let weight = probability * (1.0 - probability);
            gradient += error * score;
            offset_gradient += error;
            ss += weight * score * score;
            so += weight * score;
            oo += weight;
        }
        let determinant = ss * oo - so * so;
        let step = (
            (so * offset_gradient - oo * gradient) / determinant,
            (so * gradient - ss * offset_gradient) / determinant,
        );
        let descent = gradient * step.0 + offset_gradient * step.1;
        // This near to the minimum the gain drowns in the rounding of the loss, but a full step still squares the error.
        if descent.abs() <= 1e-10 * loss_at {
            at = (slope + step.0, offset + step.1);
            break;
        }
        let shrunk = std::iter::successors(Some(1.0), |size| Some(size / 2.0)).take(34);
        let next = shrunk
            .map(|size| (size, (slope + size * step.0, offset + size * step.1)))
            .map(|(size, next)| (size, next, loss(next)))
            .find(|(size, _, loss_next)| *loss_next < loss_at + 1e-4 * size * descent);
        // Only scores too large to square get here without a step that helps.
        let Some((_, next, loss_next)) = next else { break };
        (at, loss_at) = (next, loss_next);
    }
    // The loss is convex, so with the slope held at 0 or above, the minimum lies at slope 0.
    Some(if at.0 > 0.0 { at } else { flat })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCORES: [i32; 48] = [
        0, -1000, 2500, 2000, 0, 0, 2000, 0, 1000, 0, 2000, 3000, 500, 0, -500, 0, -1500, -500, 0, 1000, 2500, -500,
        -1000, 2000, -1000, -500, 0, 1500, 1000, -500, -500, 1000, 3000, 1000, -500, 1500, 1000, 1000, -1500, 1500,
        1000, 1500, 1000, 0, 1000, -500, 2500, 0,
    ];
    const LABELS: [u8; 48] = [
        0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1,
        1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0,
    ];

    fn tied() -> Vec<(f64, bool)> {
        std::iter::zip(SCORES, LABELS)
            .map(|(score, label)| (f64::from(score) / 1000.0, label == 1))
            .collect()
    }

    fn close(a: Option<f64>, b: f64) {
        let a = a.unwrap();
        assert!((a - b).abs() < 1e-14, "{a} is not {b}");
    }

    #[test]
    fn losses_as_scikit_learn() {
        // scikit-learn 1.9.1: brier_score_loss(y, p), log_loss(y, p) with p = round(sigmoid(score), 3).
        let forecasts: Vec<(f64, bool)> = tied()
            .into_iter()
            .map(|(score, label)| ((1000.0 / (1.0 + (-score).exp())).round() / 1000.0, label))
            .collect();
        close(brier(&forecasts), 0.216_453_812_500_000_04);
        close(log_loss(&forecasts), 0.625_352_215_831_636_7);
        // The same with sample_weight; two of the certainties are wrong.
        let weighted = [
            (0.1, false, 2),
            (0.9, true, 3),
            (1.0, true, 1),
            (0.0, true, 1),
            (0.35, false, 7),
        ];
        close(brier(weighted), 0.136_25);
        close(log_loss(weighted), 2.827_566_884_289_532_7);
        close(log_loss([(0.0, true), (0.25, false)]), 18.165_667_730_784_467);
    }

    #[test]
    fn nothing_to_measure() {
        let none: [(f64, bool); 0] = [];
        assert_eq!((brier(none), log_loss(none)), (None, None));
        assert_eq!(Reliability::new(none), None);
        for wrong in [f64::NAN, -0.1, 1.1, f64::INFINITY] {
            let forecasts = [(0.5, true), (wrong, true)];
            assert_eq!((brier(forecasts), log_loss(forecasts)), (None, None));
            assert_eq!(Reliability::new(forecasts), None);
        }
        assert_eq!(brier([(0.5, true, 0)]), None);
        assert_eq!(Reliability::new([(0.5, true, 0)]), None);
    }

    /// 100 different probabilities, out of order.
    fn spread() -> Vec<(f64, bool)> {
        (0..100)
            .map(|i| {
                let probability = (f64::from(i * 37 % 100) + 0.5) / 100.0;
                (probability, f64::from(i * 61 % 100) / 100.0 < probability.powf(1.5))
            })
            .collect()
    }

    #[test]
    fn bins_as_scikit_learn() {
        // scikit-learn 1.9.1: calibration_curve(y, p, n_bins=10, strategy='quantile'), and mean(abs(observed - mean)).
        let observed = [1, 2, 0, 3, 2, 5, 6, 5, 8, 10];
        let table = Reliability::new(spread()).unwrap();
        assert_eq!(table.bins.len(), 10);
        for (i, bin) in table.bins.iter().enumerate() {
            assert_eq!(bin.observed, Proportion::new(observed[i], 10));
            assert!((bin.mean_probability - (0.05 + 0.1 * i as f64)).abs() < 1e-14);
        }
        close(Some(table.expected_calibration_error()), 0.11);
        // The same with n_bins=4.
        let table = Reliability::with_bins(spread(), 4).unwrap();
        let observed: Vec<u64> = table.bins.iter().map(|bin| bin.observed.hits).collect();
        assert_eq!(observed, [3, 5, 14, 20]);
        assert!(table.bins.iter().all(|bin| bin.observed.of == 25));
    }

    #[test]
    fn ties_stay_together_and_few_forecasts_have_few_bins() {
        let counts = |forecasts: &[(f64, bool, u64)], bins| -> Vec<u64> {
            let table = Reliability::with_bins(forecasts.iter().copied(), bins).unwrap();
            table.bins.iter().map(|bin| bin.observed.of).collect()
        };
        // The ties at 0.2 fill three of four bins, and what follows shares the fourth.
        let over_edges = [(0.1, true, 5), (0.2, true, 30), (0.3, true, 1), (0.4, true, 4)];
        assert_eq!(counts(&over_edges, 4), [35, 5]);
        assert_eq!(
            counts(&[(0.1, true, 10), (0.2, true, 20), (0.3, true, 10)], 4),
            [10, 20, 10]
        );
        assert_eq!(counts(&[(0.0, true, 10), (-0.0, true, 10)], 2), [20]);
        assert_eq!(counts(&[(0.1, true, 5), (0.2, true, 5), (0.3, true, 9)], 10), [19]);
        assert_eq!(counts(&[(0.1, true, 5), (0.2, true, 5), (0.3, true, 10)], 10), [10, 10]);
        assert_eq!(counts(&[(0.1, true, 50), (0.2, true, 50)], 0), [100]);
        assert_eq!(counts(&[(0.1, true, u64::MAX)], usize::MAX), [u64::MAX]);
    }

    #[test]
    fn platt_as_scikit_learn() {
        // scipy 1.17.1: minimize(method='trust-exact', gtol=1e-12) on Platt's loss with his targets;
        // scikit-learn 1.9.1 (sklearn.calibration._SigmoidCalibration().fit, signs changed) agrees to 6 digits.
        let fits = |scores: &[(f64, bool)], slope: f64, offset: f64| {
            let fit = fit_platt(scores).unwrap();
            assert!((fit.0 - slope).abs() < 1e-7 && (fit.1 - offset).abs() < 1e-7, "{fit:?}");
        };
        fits(&tied(), 1.068_682_028_663_500_8, -1.152_770_566_876_804);
        // Perfectly separated.
        fits(
            &[(-2.0, false), (-1.0, false), (1.0, true), (2.0, true)],
            0.673_996_393_980_073,
            0.0,
        );
        let one = [
            (-3.0, false),
            (-2.5, false),
            (-1.0, false),
            (-0.5, false),
            (0.0, false),
            (4.0, true),
        ];
        fits(&one, 0.407_182_538_602_495_2, -1.200_016_019_122_090_3);
    }

    #[test]
    fn platt_without_a_slope() {
        assert_eq!(fit_platt(&[]), None);
        assert_eq!(fit_platt(&[(1.0, true), (2.0, true)]), None);
        assert_eq!(fit_platt(&[(1.0, false)]), None);
        assert_eq!(fit_platt(&[(f64::NAN, false), (1.0, true)]), None);
        assert_eq!(fit_platt(&[(f64::INFINITY, true), (1.0, false)]), None);
        // Equal scores, and scores that point the wrong way: everyone gets the mean target, here (3/4 + 3/4 + 1/3) / 3.
        let mean: f64 = (0.75 + 0.75 + 1.0 / 3.0) / 3.0;
        for scores in [
            [(2.0, true), (2.0, true), (2.0, false)],
            [(1.0, true), (2.0, true), (9.0, false)],
        ] {
            let (slope, offset) = fit_platt(&scores).unwrap();
            assert_eq!(slope, 0.0);
            assert!((offset - (mean / (1.0 - mean)).ln()).abs() < 1e-12);
        }
        let (slope, offset) = fit_platt(&[(f64::MAX, true), (f64::MIN, false)]).unwrap();
        assert!(slope >= 0.0 && offset.is_finite());
    }

    fn forecasts() -> impl Strategy<Value = Vec<(f64, bool, u64)>> {
        // Hundredths, so that ties are common.
        let probability = (0u32..=100).prop_map(|percent| f64::from(percent) / 100.0);
        prop::collection::vec((probability, any::<bool>(), 0u64..5), 1..80)
    }

    proptest! {
        /// A count is the same as so many single forecasts, and both are the sums of the definition.
        #[test]
        fn losses_as_summed(forecasts in forecasts()) {
            let single: Vec<(f64, bool)> =
                forecasts.iter().flat_map(|&(p, y, n)| std::iter::repeat_n((p, y), n as usize)).collect();
            prop_assume!(!single.is_empty());
            let n = single.len() as f64;
            let squares: f64 = single.iter().map(|&(p, y)| if y { (1.0 - p) * (1.0 - p) } else { p * p }).sum();
            let logs: f64 = single
                .iter()
                .map(|&(p, y)| -(if y { p } else { 1.0 - p }).clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln())
                .sum();
            for (ours, slow) in [
                (brier(&single), squares / n),
                (brier(forecasts.iter().copied()), squares / n),
                (log_loss(&single), logs / n),
                (log_loss(forecasts.iter().copied()), logs / n),
            ] {
                prop_assert!((ours.unwrap() - slow).abs() < 1e-12);
            }
        }

        #[test]
        fn bins_hold_what_they_should(forecasts in forecasts(), bins in 1usize..12) {
            let table = Reliability::with_bins(forecasts.iter().copied(), bins);
            let total: u64 = forecasts.iter().map(|f| f.2).sum();
            prop_assume!(total > 0);
            let table = table.unwrap();
            prop_assert!(table.bins.len() <= bins.min((total / 10).max(1) as usize));
            // Walk through the sorted forecasts: every bin is the next so many of them, and ends between probabilities.
            let mut single: Vec<(f64, bool)> =
                forecasts.iter().flat_map(|&(p, y, n)| std::iter::repeat_n((p, y), n as usize)).collect();
            single.sort_by(|a, b| a.0.total_cmp(&b.0));
            let (mut rest, mut error) = (&single[..], 0.0);
            for bin in &table.bins {
                let (inside, after) = rest.split_at(bin.observed.of as usize);
                prop_assert!(after.first().is_none_or(|next| next.0 > inside[inside.len() - 1].0));
                let mean = inside.iter().map(|f| f.0).sum::<f64>() / inside.len() as f64;
                let hits = inside.iter().filter(|f| f.1).count();
                prop_assert!((bin.mean_probability - mean).abs() < 1e-12);
                prop_assert_eq!(bin.observed.hits, hits as u64);
                error += (hits as f64 / inside.len() as f64 - mean).abs() * inside.len() as f64 / total as f64;
                rest = after;
            }
            prop_assert!(rest.is_empty());
            prop_assert!((table.expected_calibration_error() - error).abs() < 1e-12);
        }

        /// Without ties no two bins differ by more than one forecast.
        #[test]
        fn bins_are_equal(n in 1usize..300, bins in 1usize..12) {
            let table = Reliability::with_bins((0..n).map(|i| (i as f64 / 300.0, true)), bins).unwrap();
            let wanted = bins.min((n / 10).max(1));
            prop_assert_eq!(table.bins.len(), wanted);
            for bin in table.bins {
                prop_assert!([n / wanted, n.div_ceil(wanted)].contains(&(bin.observed.of as usize)));
            }
        }

        /// At the minimum of a convex loss the slopes vanish; at the edge of the allowed range the loss rises inwards.
        #[test]
        fn platt_is_the_minimum(scores in prop::collection::vec((-8000i32..8000, any::<bool>()), 2..60)) {
            let scores: Vec<(f64, bool)> = scores.iter().map(|&(s, y)| (f64::from(s) / 1000.0, y)).collect();
            let positives = scores.iter().filter(|s| s.1).count() as f64;
            let negatives = scores.len() as f64 - positives;
            let Some((slope, offset)) = fit_platt(&scores) else {
                prop_assert!(positives * negatives == 0.0);
                return Ok(());
            };
            let (mut by_slope, mut by_offset) = (0.0, 0.0);
            for &(score, outcome) in &scores {
                let target = if outcome { (positives + 1.0) / (positives + 2.0) } else { 1.0 / (negatives + 2.0) };
                let error = 1.0 / (1.0 + (-slope * score - offset).exp()) - target;
                by_slope += error * score;
                by_offset += error;
            }
            prop_assert!(slope >= 0.0);
            prop_assert!(by_offset.abs() < 1e-8, "{}", by_offset);
            prop_assert!(by_slope > -1e-8 && (slope == 0.0 || by_slope < 1e-8), "{} {}", slope, by_slope);
        }
    }
}
