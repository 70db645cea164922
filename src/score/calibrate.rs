//! From score to probability.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rule::Weight;

/// A probability in parts per million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probability(u32);

impl Probability {
    /// From parts per million; more than a million is a million.
    pub const fn from_ppm(ppm: u32) -> Self {
        Self(if ppm > 1_000_000 { 1_000_000 } else { ppm })
    }

    /// In parts per million.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// The nearest whole thousandth, which is what is written in JSON.
    #[must_use]
    pub const fn in_thousandths(self) -> Self {
        Self((self.0 + 500) / 1000 * 1000)
    }

    /// As a number from 0 to 1.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

impl fmt::Display for Probability {
    /// As a percentage with one place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 + 500) / 1000;
        write!(f, "{}.{} %", tenths / 10, tenths % 10)
    }
}

impl Serialize for Probability {
    /// A number from 0 to 1 with three places.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from((self.0 + 500) / 1000) / 1000.0)
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let p = f64::deserialize(deserializer)?;
        Ok(Self::from_ppm((p.clamp(0.0, 1.0) * 1e6).round() as u32))
    }
}

/// `p = sigmoid(slope x score + offset)`: Platt's scaling, with both numbers in thousandths.
///
/// The sigmoid is a table of 257 knots over logits from -8 to 8 with straight lines between, in integers: the same on
/// every platform, monotone, and at most 0.00005 from the true curve inside that range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    slope: Weight,
    offset: Weight,
}

impl Calibration {
    /// From slope and offset; the slope must not be negative, or a higher score would mean a lower probability.
    pub fn new(slope: Weight, offset: Weight) -> Option<Self> {
        (slope >= Weight::ZERO).then_some(Self { slope, offset })
    }

    /// Slope and offset.
    pub fn parameters(self) -> (Weight, Weight) {
        (self.slope, self.offset)
    }

    /// The probability that belongs to a score.
    pub fn probability(self, score: Weight) -> Probability {
        let product = i64::from(score.as_milli()) * i64::from(self.slope.as_milli());
        // Round half away from zero is monotone, which is all that matters here.
        let logit = (product + 500 * product.signum()) / 1000 + i64::from(self.offset.as_milli());
        sigmoid(logit)
    }

    /// The same for an inbox where the share of pitches is `to` instead of the corpus's `from`, both between 0 and 1.
    ///
    /// Adds the difference of the log-odds to the offset; shares at the ends are held one in ten thousand away.
    #[must_use]
    pub fn shift_prevalence(self, from: f64, to: f64) -> Self {
        let log_odds = |share: f64| {
            let share = if share.is_finite() {
                share.clamp(1e-4, 1.0 - 1e-4)
            } else {
                0.5
            };
            (share / (1.0 - share)).ln()
        };
        let shift = ((log_odds(to) - log_odds(from)) * 1000.0).round() as i32;
        Self {
            slope: self.slope,
            offset: self.offset.plus(Weight::milli(shift)),
        }
    }
}

const KNOTS: usize = 257;
/// Thousandths of a logit between two knots.
const STEP: f64 = 62.5;

/// The logistic function of thousandths of a logit.
fn sigmoid(milli: i64) -> Probability {
    static TABLE: std::sync::OnceLock<[u32; KNOTS]> = std::sync::OnceLock::new();
    // exp is the only float here; rounded to parts per million it is the same on all platforms that matter, since
    // every one of the 257 values lies more than 1e-9 away from a rounding edge (tested).
    let table = TABLE.get_or_init(|| {
        std::array::from_fn(|i| {
            let logit = (i as f64 * STEP - 8000.0) / 1000.0;
            (1e6 / (1.0 + (-logit).exp())).round() as u32
        })
    });
    // In sixteenths of a thousandth, so that a step is the whole number 1000.
    let at = (milli.clamp(-8000, 8000) + 8000) as u64 * 16;
    let (knot, rest) = ((at / 1000) as usize, (at % 1000) as u32);
    let low = table[knot];
    let high = table[(knot + 1).min(KNOTS - 1)];
    Probability(low + ((high - low) * rest + 500) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_is_monotone_and_close() {
        let mut last = 0;
        for milli in -9000..=9000 {
            let p = sigmoid(milli).ppm();
            assert!(p >= last, "at {milli}");
            last = p;
            if (-8000..=8000).contains(&milli) {
                let exact = 1e6 / (1.0 + (-(milli as f64) / 1000.0).exp());
                assert!((f64::from(p) - exact).abs() <= 50.0, "{milli}: {p} against {exact}");
            }
        }
        assert_eq!(sigmoid(0).ppm(), 500_000);
    }

    #[test]
    fn no_knot_lies_at_a_rounding_edge() {
        for i in 0..KNOTS {
            let exact = 1e6 / (1.0 + (-(i as f64 * STEP - 8000.0) / 1000.0).exp());
            assert!((exact.fract() - 0.5).abs() > 1e-6, "knot {i}");
        }
    }

    #[test]
    fn prevalence_shifts_the_log_odds() {
        let c = Calibration::new(Weight::milli(1000), Weight::ZERO).unwrap();
        // At score 0 the probability is the prevalence.
        let shifted = c.shift_prevalence(0.5, 0.1).probability(Weight::ZERO).as_f64();
        assert!((shifted - 0.1).abs() < 1e-3, "{shifted}");
        assert!(Calibration::new(Weight::milli(-1), Weight::ZERO).is_none());
    }
}
