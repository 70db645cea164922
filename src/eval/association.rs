//! What a hit of a rule says about a message, and how much two rules say the same.

use serde::Serialize;

use super::proportion::{Proportion, Z_95, six_decimals};

/// SpamAssassin's S/O: of the hits, the share that falls on pitches, if both kinds were equally frequent.
///
/// `pitch` is how many of the pitches the rule hits, `genuine` how many of the genuine messages. The ratio of the rates,
/// `pitch rate / (pitch rate + genuine rate)`, as `masses/hit-frequencies` in Apache SpamAssassin computes it: 1 hits
/// only pitches, 0 only genuine messages, and a rule without hits has 0.5. It does not depend on how many messages of
/// each kind the corpus has. `None` if the corpus lacks one of the kinds.
///
/// ```
/// use huckster::eval::{Proportion, spam_overall_ratio};
///
/// let ratio = spam_overall_ratio(Proportion::new(30, 100), Proportion::new(10, 1_000));
/// assert!((ratio.unwrap() - 0.3 / 0.31).abs() < 1e-12);
/// ```
pub fn spam_overall_ratio(pitch: Proportion, genuine: Proportion) -> Option<f64> {
    let (pitch, genuine) = (pitch.value()?, genuine.value()?);
    let both = pitch + genuine;
    Some(if both > 0.0 { pitch / both } else { 0.5 })
}

/// How much a hit shifts the log-odds that a message is a pitch, in natural logits, with its 95 % interval.
///
/// Above 0 a hit speaks for a pitch, below 0 against it; 0.7 doubles the odds. This is the unit of
/// [`Weight`](crate::Weight), and the weight a rule would deserve if it were the only one.
///
/// ```
/// use huckster::eval::{LogLikelihoodRatio, Proportion};
///
/// let ratio = LogLikelihoodRatio::new(Proportion::new(30, 100), Proportion::new(1, 100)).unwrap();
/// assert!(ratio.low > 1.3 && ratio.high < 4.8);
/// // No hit on a genuine message is not proof: the interval says so.
/// let ratio = LogLikelihoodRatio::new(Proportion::new(2, 10), Proportion::new(0, 10)).unwrap();
/// assert!(ratio.low < 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LogLikelihoodRatio {
    /// The estimate.
    #[serde(serialize_with = "six_decimals")]
    pub value: f64,
    /// The lower end of the interval.
    #[serde(serialize_with = "six_decimals")]
    pub low: f64,
    /// The upper end.
    #[serde(serialize_with = "six_decimals")]
    pub high: f64,
}

impl LogLikelihoodRatio {
    /// From how many of the pitches, and how many of the genuine messages, the rule hits; `None` if the corpus lacks one
    /// of the kinds.
    ///
    /// Half a message is added to each of the four cells, hit or not by pitch or genuine, always and not only to empty
    /// ones, so that counts of 0 have a finite ratio: J. B. S. Haldane (1956), 'The estimation and significance of the
    /// logarithm of a ratio of frequencies', and F. J. Anscombe (1956), 'On estimating binomial response relations'.
    /// The interval is the delta method's for the logarithm of a risk ratio: D. Katz, J. Baptista, S. P. Azen and
    /// M. C. Pike (1978), 'Obtaining confidence intervals for the risk ratio in cohort studies'.
    pub fn new(pitch: Proportion, genuine: Proportion) -> Option<Self> {
        if pitch.of == 0 || genuine.of == 0 {
            return None;
        }
        let cells = |p: Proportion| (p.hits.min(p.of) as f64 + 0.5, p.of as f64 + 1.0);
        let ((a, pitches), (c, others)) = (cells(pitch), cells(genuine));
        let value = (a / pitches).ln() - (c / others).ln();
        let variance = (1.0 / a - 1.0 / pitches) + (1.0 / c - 1.0 / others);
        let half = Z_95 * variance.sqrt();
        Some(Self {
            value,
            low: value - half,
            high: value + half,
        })
    }
}

/// On how many messages two rules hit together and apart.
///
/// ```
/// use huckster::eval::Overlap;
///
/// // Nearly all that the narrow rule hits, the broad one hits as well.
/// let overlap = Overlap { both: 9, only_a: 1, only_b: 90 };
/// assert_eq!(overlap.jaccard(), Some(0.09));
/// assert_eq!(overlap.containment(), Some(0.9));
/// assert_eq!(overlap.swapped().containment(), Some(9.0 / 99.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Overlap {
    /// Messages that both hit.
    pub both: u64,
    /// Messages that only the first hits.
    pub only_a: u64,
    /// Messages that only the second hits.
    pub only_b: u64,
}

impl Overlap {
    /// The share of messages hit by either that both hit, 0 to 1; `None` without hits.
    ///
    /// P. Jaccard (1912), 'The distribution of the flora in the alpine zone'.
    pub fn jaccard(self) -> Option<f64> {
        share(self.both, self.only_a as f64 + self.only_b as f64)
    }

    /// The share of the hits of the first that the second hits too, 0 to 1; `None` if the first has none.
    ///
    /// A. Z. Broder (1997), 'On the resemblance and containment of documents'.
    pub fn containment(self) -> Option<f64> {
        share(self.both, self.only_a as f64)
    }

    /// The same with first and second exchanged.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self {
            both: self.both,
            only_a: self.only_b,
            only_b: self.only_a,
        }
    }
}

fn share(part: u64, rest: f64) -> Option<f64> {
    let all = part as f64 + rest;
    (all > 0.0).then(|| part as f64 / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ratio_as_published() {
        // Rows of SpamAssassin's rules/STATISTICS-set0.txt (354116 spam, 168179 ham): SPAM%, HAM%, S/O. The counts are
        // the ones that give these percentages.
        for (spam_percent, ham_percent, published) in [
            (85.9927, 0.0077, "1.000"), // BAYES_99
            (0.0028, 7.1882, "0.000"),  // ALL_TRUSTED
            (5.5792, 0.0339, "0.994"),  // HTML_SHORT_LINK_IMG_1
            (0.2722, 0.0262, "0.912"),  // FB_GET_MEDS
            (0.4482, 0.0577, "0.886"),  // SUBJ_ILLEGAL_CHARS
            (0.1548, 0.0381, "0.803"),  // HTTPS_HTTP_MISMATCH
        ] {
            let rate = |percent: f64, of: u64| Proportion::new((percent / 100.0 * of as f64).round() as u64, of);
            let ratio = spam_overall_ratio(rate(spam_percent, 354_116), rate(ham_percent, 168_179)).unwrap();
            assert_eq!(format!("{ratio:.3}"), published);
        }
        // The example of SpamAssassin's wiki page HitFrequencies, 2614 spam and 3703 ham.
        for (spam, ham, published) in [
            (136, 0, "1.000"),
            (0, 77, "0.000"),
            (66, 1, "0.989"),
            (42, 2, "0.967"),
            (90, 6, "0.955"),
        ] {
            let ratio = spam_overall_ratio(Proportion::new(spam, 2_614), Proportion::new(ham, 3_703)).unwrap();
            assert_eq!(format!("{ratio:.3}"), published);
        }
        // T_RCVD_IN_DNSWL_HI in rules/25_dnswl.cf: no hits, 0.500.
        assert_eq!(
            spam_overall_ratio(Proportion::new(0, 9), Proportion::new(0, 9)),
            Some(0.5)
        );
        assert_eq!(spam_overall_ratio(Proportion::new(1, 9), Proportion::new(0, 0)), None);
        assert_eq!(spam_overall_ratio(Proportion::new(0, 0), Proportion::new(1, 9)), None);
    }

    #[test]
    fn log_ratio_as_statsmodels() {
        // statsmodels 0.15.0: t = Table2x2([[a + .5, n - a + .5], [c + .5, m - c + .5]], shift_zeros=False);
        // t.log_riskratio, t.log_riskratio_confint().
        for (a, n, c, m, value, low, high) in [
            (
                66,
                2_614,
                1,
                3_703,
                4.139_886_058_820_691,
                2.522_408_786_905_255,
                5.757_363_330_736_127,
            ),
            (
                0,
                10,
                0,
                20,
                0.646_627_164_925_052_5,
                -3.204_825_177_128_949,
                4.498_079_506_979_054,
            ),
            (
                10,
                10,
                0,
                20,
                3.691_149_602_648_475_4,
                0.949_503_979_533_867_3,
                6.432_795_225_763_083,
            ),
            (
                5,
                200,
                40,
                300,
                -1.592_748_525_184_268_1,
                -2.465_344_557_891_91,
                -0.720_152_492_476_626_3,
            ),
            (
                1,
                1,
                0,
                1,
                1.098_612_288_668_109_8,
                -1.431_690_335_095_211,
                3.628_914_912_431_431,
            ),
        ] {
            let ratio = LogLikelihoodRatio::new(Proportion::new(a, n), Proportion::new(c, m)).unwrap();
            for (ours, theirs) in [(ratio.value, value), (ratio.low, low), (ratio.high, high)] {
                assert!((ours - theirs).abs() < 1e-12, "{ratio:?}");
            }
        }
        assert_eq!(
            LogLikelihoodRatio::new(Proportion::new(0, 0), Proportion::new(1, 2)),
            None
        );
        assert_eq!(
            LogLikelihoodRatio::new(Proportion::new(1, 2), Proportion::new(0, 0)),
            None
        );
    }

    #[test]
    fn no_hits_no_overlap() {
        assert_eq!(Overlap::default().jaccard(), None);
        let apart = Overlap {
            both: 0,
            only_a: 0,
            only_b: 3,
        };
        assert_eq!((apart.jaccard(), apart.containment()), (Some(0.0), None));
        let huge = Overlap {
            both: u64::MAX,
            only_a: u64::MAX,
            only_b: u64::MAX,
        };
        assert_eq!((huge.jaccard(), huge.containment()), (Some(1.0 / 3.0), Some(0.5)));
    }

    proptest! {
        #[test]
        fn any_counts(a: u64, n in 1u64.., c: u64, m in 1u64..) {
            let ratio = LogLikelihoodRatio::new(Proportion::new(a, n), Proportion::new(c, m)).unwrap();
            prop_assert!(ratio.low <= ratio.value && ratio.value <= ratio.high && ratio.high.is_finite());
            // Exchanging the kinds changes the sign.
            let other = LogLikelihoodRatio::new(Proportion::new(c, m), Proportion::new(a, n)).unwrap();
            prop_assert!((ratio.value + other.value).abs() < 1e-9 && (ratio.low + other.high).abs() < 1e-9);
            let ratio = spam_overall_ratio(Proportion::new(a, n), Proportion::new(c, m)).unwrap();
            prop_assert!((0.0..=1.0).contains(&ratio));
        }

        #[test]
        fn overlap_as_sets(a in prop::collection::btree_set(0u8..20, 1..15), b in prop::collection::btree_set(0u8..20, 1..15)) {
            let both = a.intersection(&b).count();
            let overlap = Overlap { both: both as u64, only_a: (a.len() - both) as u64, only_b: (b.len() - both) as u64 };
            prop_assert_eq!(overlap.jaccard(), Some(both as f64 / a.union(&b).count() as f64));
            prop_assert_eq!(overlap.containment(), Some(both as f64 / a.len() as f64));
            prop_assert_eq!(overlap.swapped().containment(), Some(both as f64 / b.len() as f64));
        }
    }
}
