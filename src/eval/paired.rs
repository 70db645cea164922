//! Two rule sets on the same messages: is the difference more than chance, and how many messages would tell.

use std::f64::consts::{LN_2, TAU};

use super::proportion::Z_95;

/// The standard normal quantile of 0.8.
const Z_80: f64 = 0.841_621_233_572_914_3;

/// McNemar's exact two-sided p-value for `b` messages that only the first set gets right and `c` that only the second
/// does.
///
/// If neither set is better, each of the `b + c` messages falls to either side like a toss of a coin; p is the chance of
/// a split at least as uneven, 0 to 1. Q. McNemar (1947), 'Note on the sampling error of the difference between
/// correlated proportions or percentages', with the binomial distribution in place of his chi-squared.
///
/// Takes at most some 10 square roots of `b + c` steps. Beyond 2^40 messages it is a bound from above: H. Chernoff
/// (1952), 'A measure of asymptotic efficiency for tests of a hypothesis based on the sum of observations'.
///
/// ```
/// use huckster::eval::{mcnemar_exact, mcnemar_mid_p};
///
/// assert_eq!(mcnemar_exact(0, 6), 2.0 / 64.0);
/// assert_eq!(mcnemar_mid_p(0, 6), 1.0 / 64.0);
/// ```
pub fn mcnemar_exact(b: u64, c: u64) -> f64 {
    if b == c {
        return 1.0;
    }
    let (_, tail) = tosses(b.min(c), b.max(c));
    (2.0 * tail).min(1.0)
}

/// McNemar's two-sided mid-p-value, which counts only half of the chance of the very split observed.
///
/// The test to prefer: the exact one errs on the safe side by so much that it misses real differences.
/// M. W. Fagerland, S. Lydersen and P. Laake (2013), 'The McNemar test for binary matched-pairs data: mid-p and
/// asymptotic are better than exact conditional'. As there, an even split gives 1 less half the chance of that split;
/// without messages it is 1. Arguments and effort as for [`mcnemar_exact`].
pub fn mcnemar_mid_p(b: u64, c: u64) -> f64 {
    if b == 0 && c == 0 {
        return 1.0;
    }
    let (point, tail) = tosses(b.min(c), b.max(c));
    if b == c {
        1.0 - point / 2.0
    } else {
        (2.0 * tail - point).min(1.0)
    }
}

/// The chance that `few + many` tosses of a coin give heads exactly `few` times, and at most that often;
/// `few <= many`.
fn tosses(few: u64, many: u64) -> (f64, f64) {
    let (few, many) = (few as f64, many as f64);
    let tosses = few + many;
    if tosses > (1u64 << 40) as f64 {
        return (0.0, (-deviance(few, many)).exp());
    }
    let point = chance(few, many);
    // From one number of heads to the one below, the chance changes by the factor heads / (tails + 1), which only ever
    // gets smaller. So once a term is lost in the sum, the rest is too.
    let (mut term, mut sum) = (1.0, 1.0);
    let mut heads = few;
    while heads > 0.0 && term > sum * f64::EPSILON / 16.0 {
        term *= heads / (tosses - heads + 1.0);
        sum += term;
        heads -= 1.0;
    }
    (point, point * sum)
}

/// The chance of exactly `few` heads and `many` tails.
///
/// C. Loader (2000), 'Fast and accurate computation of binomial probabilities': the large parts of the factorials
/// cancel on paper instead of in floating point.
fn chance(few: f64, many: f64) -> f64 {
    let tosses = few + many;
    if few == 0.0 {
        return (-tosses).exp2();
    }
    let correction = stirling_error(tosses) - stirling_error(few) - stirling_error(many);
    (tosses / few / many / TAU).sqrt() * (correction - deviance(few, many)).exp()
}

/// How far the split lies from an even one, as half the deviance: `tosses` times the Kullback-Leibler divergence.
fn deviance(few: f64, many: f64) -> f64 {
    let tosses = few + many;
    if few == 0.0 {
        return tosses * LN_2;
    }
    let d = (many - few) / tosses;
    tosses / 2.0 * ((-d * d).ln_1p() + 2.0 * d * d.atanh())
}

/// What Stirling's formula lacks: `ln n! - (ln(2 pi n) / 2 + n ln n - n)`, for whole `n` above 0.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let factorial: f64 = (1..=n as u32).map(f64::from).product();
        return factorial.ln() - ((TAU * n).ln() / 2.0 + n * n.ln() - n);
    }
    let n2 = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / n2) / n2) / n2) / n2) / n
}

/// p-values adjusted for testing all of them, in the order given: comparing each with 0.05 keeps the chance of even one
/// false alarm at 5 %.
///
/// S. Holm (1979), 'A simple sequentially rejective multiple test procedure'. Values that are not numbers stay so and
/// count as no test.
///
/// ```
/// assert_eq!(huckster::eval::holm(&[0.5, 0.01, 0.02]), [0.5, 0.03, 0.04]);
/// ```
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).filter(|&i| !p_values[i].is_nan()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = p_values.to_vec();
    let mut last = 0.0_f64;
    for (rank, &i) in order.iter().enumerate() {
        last = last.max(p_values[i] * (order.len() - rank) as f64).min(1.0);
        adjusted[i] = last;
    }
    adjusted
}

/// How many messages it takes in all to find the observed difference again with 80 % power at 5 %, two-sided.
///
/// `b` and `c` as for [`mcnemar_exact`], observed among `pairs` messages. R. J. Connor (1987), 'Sample size for testing
/// differences in proportions for the paired-sample design', after O. S. Miettinen (1968), 'The matched pairs design in
/// the case of all-or-none responses'. A guide and no more: the observed difference is itself uncertain.
///
/// `None` if `b == c`, or if `b + c` is more than `pairs`.
///
/// ```
/// // 30 against 15 among 100 is not quite enough; 155 messages would be.
/// assert_eq!(huckster::eval::pairs_needed(30, 15, 100), Some(155));
/// ```
pub fn pairs_needed(b: u64, c: u64, pairs: u64) -> Option<u64> {
    let discordant = b.checked_add(c).filter(|&sum| b != c && sum <= pairs)? as f64;
    let (difference, pairs) = (b.abs_diff(c) as f64, pairs as f64);
    let spread = (discordant - difference * difference / pairs).max(0.0);
    let needed = (Z_95 * discordant.sqrt() + Z_80 * spread.sqrt()) / difference;
    Some((pairs * needed * needed).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn mcnemar_against_forty_digits() {
        // mpmath 1.4.1 with 40 digits: sums of binomial(n, k) / 2^n. scipy 1.17.1 (2 * binom.cdf(min(b, c), b + c, .5),
        // and less binom.pmf) and statsmodels 0.15.0 (mcnemar([[0, b], [c, 0]], exact=True)) agree to 13 digits.
        // The first three are Bentur, Cavo and Ezra in Fagerland, Lydersen and Laake (2013).
        for (b, c, exact, mid_p) in [
            (1, 7, 0.070_312_5, 0.039_062_5),
            (6, 16, 0.052_478_790_283_203_125, 0.034_689_664_840_698_24),
            (25, 2, 5.647_540_092_468_262e-6, 3.032_386_302_947_998e-6),
            (40, 60, 0.056_887_933_640_980_79, 0.046_044_066_929_342_804),
            (450, 550, 0.001_730_536_084_976_317_6, 0.001_561_138_839_699_202),
            (5_000, 5_200, 0.048_787_963_126_822_45, 0.047_675_974_243_219_95),
            (
                4_990_000,
                5_010_000,
                2.544_800_491_155_173e-10,
                2.539_599_986_487_010_5e-10,
            ),
            (
                4_995_000,
                5_005_000,
                0.001_567_101_905_695_398_5,
                0.001_565_401_832_984_087_4,
            ),
            (5_000_000, 5_000_000, 1.0, 0.999_873_843_377_052_9),
            (
                4_950_000,
                5_050_000,
                1.798_846_242_552_914e-219,
                1.781_018_286_725_611e-219,
            ),
            (4_999_999, 5_000_000, 1.0, 0.999_747_686_754_105_8),
            (0, 100, 1.577_721_810_442_023_6e-30, 7.888_609_052_210_118e-31),
            (3, 1_000, 3.923_720_417_925_807e-294, 1.967_734_018_522_424_7e-294),
        ] {
            let close =
                |ours: f64, theirs: f64| assert!((ours / theirs - 1.0).abs() < 1e-11, "{b} {c}: {ours} {theirs}");
            close(mcnemar_exact(b, c), exact);
            close(mcnemar_mid_p(b, c), mid_p);
            close(mcnemar_exact(c, b), exact);
            close(mcnemar_mid_p(c, b), mid_p);
        }
    }

    #[test]
    fn ends_of_the_range() {
        assert_eq!((mcnemar_exact(0, 0), mcnemar_mid_p(0, 0)), (1.0, 1.0));
        assert_eq!((mcnemar_exact(0, 1), mcnemar_mid_p(0, 1)), (1.0, 0.5));
        assert_eq!((mcnemar_exact(0, u64::MAX), mcnemar_mid_p(u64::MAX, 0)), (0.0, 0.0));
        assert_eq!(
            (mcnemar_exact(u64::MAX, u64::MAX), mcnemar_mid_p(u64::MAX, u64::MAX)),
            (1.0, 1.0)
        );
        // One step beyond the exact range p may jump up, never down.
        let half = 1u64 << 39;
        for off in [1, 1_000_000, 3_000_000] {
            let (within, beyond) = (
                mcnemar_exact(half - off, half + off),
                mcnemar_exact(half - off + 1, half + off),
            );
            assert!(within < beyond && beyond < within * 16.0, "{within} {beyond}");
        }
    }

    #[test]
    fn stirling_error_by_sums_of_logarithms() {
        // mpmath 1.4.1 with 40 digits: log(factorial(n)) - (log(2 * pi * n) / 2 + n * log(n) - n).
        for (n, error) in [
            (1.0, 0.081_061_466_795_327_26),
            (15.0, 0.005_554_733_551_962_801),
            (16.0, 0.005_207_655_919_609_640_4),
            (40.0, 0.002_083_289_938_302_421_8),
        ] {
            // Below 16 it is the difference of two numbers up to 28; from there on, the series lacks at most 1.1e-16.
            let tolerance = if n < 16.0 { 1e-14 } else { 1.2e-16 };
            assert!(
                (stirling_error(n) - error).abs() < tolerance,
                "{n}: {}",
                stirling_error(n)
            );
        }
        for n in 1..=200u32 {
            let exact: f64 = (1..=n).map(|i| f64::from(i).ln()).sum();
            let x = f64::from(n);
            let error = exact - ((TAU * x).ln() / 2.0 + x * x.ln() - x);
            assert!((stirling_error(x) - error).abs() < 1e-12, "{n}");
        }
    }

    #[test]
    fn holm_as_statsmodels() {
        // statsmodels 0.15.0: multipletests(p, method='holm')[1].
        let close = |ours: Vec<f64>, theirs: &[f64]| {
            assert_eq!(ours.len(), theirs.len());
            assert!(
                std::iter::zip(&ours, theirs).all(|(a, b)| (a - b).abs() < 1e-15),
                "{ours:?}"
            );
        };
        close(
            holm(&[0.01, 0.04, 0.03, 0.005, 0.5, 0.03]),
            &[0.05, 0.12, 0.12, 0.03, 0.5, 0.12],
        );
        close(holm(&[0.6, 0.7]), &[1.0, 1.0]);
        assert!(holm(&[]).is_empty());
        let with_gap = holm(&[0.01, f64::NAN, 0.03]);
        assert!(with_gap[0] == 0.02 && with_gap[1].is_nan() && with_gap[2] == 0.03);
    }

    #[test]
    fn pairs_as_published() {
        // Connor's formula with scipy 1.17.1 quantiles: p = (b + c) / n, d = (b - c) / n,
        // ((norm.ppf(.975) * sqrt(p) + norm.ppf(.8) * sqrt(p - d**2)) / d)**2, before rounding up:
        // 154.5986, 22.0113, 154.5986, 1959.8604, 19619.8413, 76.0875, 3.8415.
        for (b, c, pairs, needed) in [
            (30, 15, 100, 155),
            (5, 45, 100, 23),
            (15, 5, 100, 155),
            (12, 4, 1_000, 1_960),
            (3, 2, 500, 19_620),
            (1, 0, 10, 77),
            (10, 0, 10, 4),
        ] {
            assert_eq!(pairs_needed(b, c, pairs), Some(needed));
            assert_eq!(pairs_needed(c, b, pairs), Some(needed));
        }
        assert_eq!(pairs_needed(7, 7, 100), None);
        assert_eq!(pairs_needed(0, 0, 0), None);
        assert_eq!(pairs_needed(3, 1, 3), None);
        assert_eq!(pairs_needed(u64::MAX, 1, u64::MAX), None);
        assert_eq!(pairs_needed(1, 0, u64::MAX), Some(u64::MAX));
    }

    /// C(n, k) in whole numbers.
    fn choose(n: u64, k: u64) -> u128 {
        (1..=u128::from(k)).fold(1, |c, i| c * (u128::from(n) + 1 - i) / i)
    }

    proptest! {
        #[test]
        fn mcnemar_as_summed(b in 0u64..=60, c in 0u64..=60) {
            let (n, k) = (b + c, b.min(c));
            let all = 2f64.powi(n as i32);
            let tail = (0..=k).map(|i| choose(n, i)).sum::<u128>() as f64 / all;
            let point = choose(n, k) as f64 / all;
            let exact = (2.0 * tail).min(1.0);
            let mid_p = match n {
                0 => 1.0,
                _ if b == c => 1.0 - point / 2.0,
                _ => exact - point,
            };
            prop_assert!((mcnemar_exact(b, c) / exact - 1.0).abs() < 1e-12);
            prop_assert!((mcnemar_mid_p(b, c) / mid_p - 1.0).abs() < 1e-12);
        }

        #[test]
        fn any_counts(b in 0u64..100_000_000, c: u64, big: u64) {
            for (b, c) in [(b, c % 100_000_000), (big, c)] {
                let (exact, mid_p) = (mcnemar_exact(b, c), mcnemar_mid_p(b, c));
                prop_assert!(0.0 <= mid_p && mid_p <= exact && exact <= 1.0);
            }
        }

        /// Holm's procedure as he describes it: reject in ascending order until one p-value is too large.
        #[test]
        fn holm_as_described(p in prop::collection::vec(0.0f64..0.2, 1..12), level in 0.001f64..0.5) {
            let adjusted = holm(&p);
            let mut order: Vec<usize> = (0..p.len()).collect();
            order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
            let mut rejecting = true;
            for (done, &i) in order.iter().enumerate() {
                rejecting = rejecting && p[i] * (p.len() - done) as f64 <= level;
                prop_assert_eq!(adjusted[i] <= level, rejecting);
            }
        }

        /// Only the shares matter, not how many messages they were seen in.
        #[test]
        fn pairs_depend_on_shares(b in 0u64..50, c in 0u64..50, others in 0u64..500, times in 2u64..9) {
            let pairs = b + c + others;
            prop_assert_eq!(pairs_needed(b, c, pairs), pairs_needed(b * times, c * times, pairs * times));
        }
    }
}
