//! Limits of a group: five ways of asking for a call are not five times as bad as one.

use crate::rule::Weight;

/// A concave, piecewise-linear saturation: full slope up to `knee`, then `slope` thousandths of it, up to `cap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) knee: Weight,
    pub(crate) cap: Weight,
    pub(crate) slope: u32,
}

impl Limits {
    /// What remains of a total of either sign.
    pub(crate) fn apply(self, total: Weight) -> Weight {
        let size = Weight::milli(total.as_milli().saturating_abs());
        if size <= self.knee {
            return total;
        }
        let beyond = Weight::milli(size.as_milli() - self.knee.as_milli()).scaled(self.slope);
        let held = self.knee.plus(beyond).min(self.cap).as_milli();
        Weight::milli(if total < Weight::ZERO { -held } else { held })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits {
        knee: Weight::milli(1800),
        cap: Weight::milli(3000),
        slope: 250,
    };

    #[test]
    fn full_up_to_the_knee_then_a_quarter_then_nothing() {
        for (total, held) in [
            (0, 0),
            (1800, 1800),
            (2200, 1900),
            (9000, 3000),
            (-2200, -1900),
            (-9000, -3000),
        ] {
            assert_eq!(LIMITS.apply(Weight::milli(total)), Weight::milli(held));
        }
    }

    proptest! {
        #[test]
        fn monotone_and_never_more(a in -20_000i32..20_000, b in 0i32..5_000) {
            let (low, high) = (LIMITS.apply(Weight::milli(a)), LIMITS.apply(Weight::milli(a + b)));
            prop_assert!(low <= high);
            prop_assert!(low.as_milli().abs() <= a.abs());
        }
    }
}
