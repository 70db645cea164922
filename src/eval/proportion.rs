//! A share with the counts it comes from, and how sure one can be of it.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The standard normal quantile of 0.975: the half-width of a 95 % interval in standard errors.
pub(super) const Z_95: f64 = 1.959_963_984_540_054;

/// How many of how many.
///
/// `hits` above `of` count as `of`. Serialised with `hits`, `of`, `value`, `low` and `high`; the last three with six
/// decimals, and null if `of` is 0.
///
/// ```
/// use huckster::eval::Proportion;
///
/// let recall = Proportion::new(61, 64);
/// assert_eq!(recall.to_string(), "61 of 64 (95.3 %, 87.1 to 98.4)");
/// assert_eq!(Proportion::new(0, 0).value(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Proportion {
    /// How many have the property.
    pub hits: u64,
    /// How many were looked at.
    pub of: u64,
}

impl Proportion {
    /// `hits` of `of`.
    pub const fn new(hits: u64, of: u64) -> Self {
        Self { hits, of }
    }

    /// The share, 0 to 1; `None` of nothing.
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits.min(self.of) as f64 / self.of as f64)
    }

    /// The 95 % interval of the share, both ends between 0 and 1; `None` of nothing.
    ///
    /// The score interval without continuity correction: E. B. Wilson (1927), 'Probable inference, the law of succession,
    /// and statistical inference'. It also holds for few messages and for shares near 0 and 1, where the usual plus or
    /// minus two standard errors does not. It takes the messages as independent.
    pub fn wilson(self) -> Option<(f64, f64)> {
        let (hits, of) = (self.hits.min(self.of) as f64, self.of as f64);
        let z2 = Z_95 * Z_95;
        let lower = |hits: f64| {
            let root = (hits * (of - hits) / of + z2 / 4.0).sqrt();
            ((hits + z2 / 2.0 - Z_95 * root) / (of + z2)).max(0.0)
        };
        // The upper end is the lower end of the others, so that all of all reaches exactly 1.
        (self.of > 0).then(|| (lower(hits), 1.0 - lower(of - hits)))
    }
}

impl fmt::Display for Proportion {
    /// The counts, and in percent the share with its 95 % interval: `61 of 64 (95.3 %, 87.1 to 98.4)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hits, of } = self;
        let text = match (self.value(), self.wilson()) {
            (Some(value), Some((low, high))) => {
                let (value, low, high) = (value * 100.0, low * 100.0, high * 100.0);
                format!("{hits} of {of} ({value:.1} %, {low:.1} to {high:.1})")
            }
            _ => format!("{hits} of {of}"),
        };
        f.pad(&text)
    }
}

impl Serialize for Proportion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Proportion", 5)?;
        out.serialize_field("hits", &self.hits)?;
        out.serialize_field("of", &self.of)?;
        out.serialize_field("value", &self.value().map(round))?;
        out.serialize_field("low", &self.wilson().map(|(low, _)| round(low)))?;
        out.serialize_field("high", &self.wilson().map(|(_, high)| round(high)))?;
        out.end()
    }
}

/// For `serialize_with`: a number with six decimals.
pub(super) fn six_decimals<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(round(*number))
}

/// Six decimals hide the last bits, in which platforms differ.
fn round(number: f64) -> f64 {
    let scaled = number * 1e6;
    // Adding zero turns -0 into 0.
    if scaled.is_finite() {
        scaled.round() / 1e6 + 0.0
    } else {
        number
    }
}

/// The precision that a given recall and false-positive rate mean in an inbox with the given share of pitches.
///
/// Bayes' theorem: `recall x prevalence / (recall x prevalence + false_positive_rate x (1 - prevalence))`. A corpus
/// rarely has the share of pitches that an inbox has, so precision measured on the one says little about the other.
/// All numbers are between 0 and 1; `None` if one is not, or if nothing would be declined.
///
/// ```
/// use huckster::eval::precision_at_prevalence;
///
/// // One message in ten is a pitch: of 100, 9 pitches and 0.9 others are declined.
/// let precision = precision_at_prevalence(0.9, 0.01, 0.1).unwrap();
/// assert!((precision - 9.0 / 9.9).abs() < 1e-12);
/// ```
pub fn precision_at_prevalence(recall: f64, false_positive_rate: f64, prevalence: f64) -> Option<f64> {
    let shares = [recall, false_positive_rate, prevalence];
    let right = recall * prevalence;
    let wrong = false_positive_rate * (1.0 - prevalence);
    let defined = shares.iter().all(|share| (0.0..=1.0).contains(share)) && right + wrong > 0.0;
    defined.then(|| right / (right + wrong))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wilson_as_statsmodels() {
        // statsmodels 0.15.0: proportion_confint(hits, of, method='wilson').
        for (hits, of, low, high) in [
            (61, 64, 0.871_003_462_599_063_1, 0.983_930_983_213_707),
            (0, 10, 0.0, 0.277_532_799_862_889_26),
            (10, 10, 0.722_467_200_137_110_6, 1.0),
            (1, 1, 0.206_549_314_377_237_4, 1.0),
            (3, 7, 0.158_219_855_251_469_64, 0.749_541_635_472_342_8),
            (238, 21_186, 0.009_900_635_997_730_205, 0.012_744_245_973_340_44),
            (999_999, 1_000_000, 0.999_994_335_088_195_7, 0.999_999_823_475_423_3),
        ] {
            let (l, h) = Proportion::new(hits, of).wilson().unwrap();
            assert!(
                (l - low).abs() < 1e-14 && (h - high).abs() < 1e-14,
                "{hits} of {of}: {l} {h}"
            );
        }
        assert_eq!(Proportion::new(0, 3).wilson().unwrap().0, 0.0);
        assert_eq!(Proportion::new(3, 3).wilson().unwrap().1, 1.0);
        assert_eq!(Proportion::new(0, 0).wilson(), None);
    }

    #[test]
    fn shown_and_serialised() {
        let text = |p: Proportion| serde_json::to_string(&p).unwrap();
        assert_eq!(
            text(Proportion::new(61, 64)),
            r#"{"hits":61,"of":64,"value":0.953125,"low":0.871003,"high":0.983931}"#
        );
        assert_eq!(
            text(Proportion::default()),
            r#"{"hits":0,"of":0,"value":null,"low":null,"high":null}"#
        );
        assert_eq!(Proportion::default().to_string(), "0 of 0");
        assert_eq!(Proportion::new(1, 2).to_string(), "1 of 2 (50.0 %, 9.5 to 90.5)");
        assert_eq!(round(-1e-9).to_string(), "0");
        assert_eq!(round(f64::MAX), f64::MAX);
    }

    #[test]
    fn precision_needs_shares() {
        assert_eq!(precision_at_prevalence(0.5, 0.0, 0.2), Some(1.0));
        assert_eq!(precision_at_prevalence(0.0, 0.5, 0.2), Some(0.0));
        assert_eq!(precision_at_prevalence(0.0, 0.0, 0.5), None);
        assert_eq!(precision_at_prevalence(f64::NAN, 0.1, 0.5), None);
        assert_eq!(precision_at_prevalence(1.1, 0.1, 0.5), None);
        assert_eq!(precision_at_prevalence(0.9, 0.1, -0.5), None);
    }

    proptest! {
        /// Wilson's ends are the shares p at which the observed share lies z standard errors of p away.
        #[test]
        fn wilson_inverts_the_score_test(hits in 0u64..400, others in 0u64..400) {
            let p = Proportion::new(hits, hits + others);
            let (Some(value), Some((low, high))) = (p.value(), p.wilson()) else {
                prop_assert_eq!(hits + others, 0);
                return Ok(());
            };
            prop_assert!(0.0 <= low && low <= value && value <= high && high <= 1.0);
            for end in [low, high] {
                let squared_distance = (value - end).powi(2) * p.of as f64;
                prop_assert!((squared_distance - Z_95 * Z_95 * end * (1.0 - end)).abs() < 1e-10);
            }
        }

        #[test]
        fn any_counts(hits: u64, of in 1u64..) {
            let p = Proportion::new(hits, of);
            let (low, high) = p.wilson().unwrap();
            let value = p.value().unwrap();
            prop_assert!(0.0 <= low && low <= high && high <= 1.0 && (0.0..=1.0).contains(&value));
        }

        /// Counting a corpus of that prevalence gives the same precision.
        #[test]
        fn precision_as_counted(hits in 0u64..50, false_hits in 1u64..50) {
            let counted = hits as f64 / (hits + false_hits) as f64;
            let restated = precision_at_prevalence(hits as f64 / 50.0, false_hits as f64 / 150.0, 0.25).unwrap();
            prop_assert!((restated - counted).abs() < 1e-12);
        }
    }
}
