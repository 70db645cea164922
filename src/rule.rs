//! Rules as detectors declare them: identity, group, weight, phrases.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::phrase::WordLists;
use crate::span::FieldSet;
use crate::text::Lang;

/// A contribution to the log-odds that a message is a huckster's, in thousandths of a natural logit.
///
/// Integers add exactly, in any order, on every platform. 0.7 doubles the odds, 1.1 triples them, 1.6 is times five,
/// 2.3 times ten, 3.0 times twenty; a minus sign means the same in the other direction.
///
/// ```
/// use huckster::Weight;
/// let weight: Weight = "1.100".parse()?;
/// assert_eq!(weight, Weight::milli(1_100));
/// assert_eq!(weight.to_string(), "+1.100");
/// # Ok::<(), huckster::WeightError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(i32);

/// A text is not a weight: a decimal between -10 and 10 with at most three places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a weight is a decimal between -10 and 10 with at most three places")]
pub struct WeightError;

impl Weight {
    /// No contribution.
    pub const ZERO: Self = Self(0);
    /// The largest magnitude a rule may have.
    pub const LIMIT: Self = Self(10_000);

    /// From thousandths.
    pub const fn milli(thousandths: i32) -> Self {
        Self(thousandths)
    }

    /// In thousandths.
    pub const fn as_milli(self) -> i32 {
        self.0
    }

    /// As a number of natural logits, for evaluation; scoring never uses floats.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// The sum, held at the ends of the range.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// `self` x `permille` / 1000, rounded half to even.
    #[must_use]
    pub const fn scaled(self, permille: u32) -> Self {
        let product = self.0 as i64 * permille as i64;
        let (floor, rest) = (product.div_euclid(1000), product.rem_euclid(1000));
        let up = rest > 500 || rest == 500 && floor.rem_euclid(2) == 1;
        Self((floor + up as i64) as i32)
    }
}

impl std::str::FromStr for Weight {
    type Err = WeightError;

    fn from_str(text: &str) -> Result<Self, WeightError> {
        let (sign, digits) = match text.as_bytes().first() {
            Some(b'-') => (-1, &text[1..]),
            Some(b'+') => (1, &text[1..]),
            _ => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        // Trailing zeros beyond the third place change nothing.
        let places = fraction.trim_end_matches('0');
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || places.len() > 3 || !all_digits(whole) || !all_digits(fraction) {
            return Err(WeightError);
        }
        let number = |s: &str| s.bytes().fold(0, |n, b| n * 10 + i32::from(b - b'0'));
        let fraction = number(places) * [1000, 100, 10, 1][places.len()];
        let milli = sign * (number(whole) * 1000 + fraction);
        if milli.abs() > Self::LIMIT.0 {
            Err(WeightError)
        } else {
            Ok(Self(milli))
        }
    }
}

impl fmt::Display for Weight {
    /// Always with sign and three places: `+0.900`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let size = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:03}", size / 1000, size % 1000))
    }
}

impl Serialize for Weight {
    /// A number of logits. Three places are exact in the shortest form of a double.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let logits = f64::deserialize(deserializer)?;
        let milli = (logits * 1000.0).round();
        // Scores are sums of weights, so more than a rule may have is fine here.
        if milli.abs() > f64::from(i32::MAX) || (milli / 1000.0 - logits).abs() > 1e-9 {
            return Err(D::Error::custom("a weight has at most three decimal places"));
        }
        Ok(Self(milli as i32))
    }
}

/// The index of a rule in the table that its detector declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIx(u32);

impl RuleIx {
    /// The rule at position `index` of [`Detector::rules`](crate::Detector::rules).
    pub const fn new(index: u32) -> Self {
        Self(index)
    }

    /// The position.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// How a rule counts several hits in one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Count {
    /// The strongest hit counts, once.
    #[default]
    Once,
    /// Each further hit adds `step` thousandths of the rule's weight, up to `max` hits.
    Repeat {
        /// Hits that count at most.
        max: u32,
        /// Thousandths of the weight that each hit after the first adds.
        step: u32,
    },
}

/// Where a rule is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Status {
    /// In force.
    #[default]
    Stable,
    /// On trial: runs and is shown, but weighs nothing.
    Preview,
    /// In force, but on its way out.
    Deprecated,
}

/// What a detector declares about one of its rules.
///
/// ```
/// use huckster::{RuleMeta, Weight};
/// static RULES: [RuleMeta; 1] =
///     [RuleMeta::new("acme.fax", "style", Weight::milli(400), "Offers to answer by fax")];
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RuleMeta {
    /// `namespace.kebab-name`, lower case, never reused.
    pub id: Cow<'static, str>,
    /// The group whose limits apply.
    pub group: Cow<'static, str>,
    /// What one full-strength hit contributes.
    pub weight: Weight,
    /// The reason shown to the reader, one line.
    pub summary: Cow<'static, str>,
    /// What a sender could do instead.
    pub advice: Option<Cow<'static, str>>,
    /// If one of these rules fires, this one contributes nothing.
    pub unless: Vec<Cow<'static, str>>,
    /// Whether this rule may decline a message on its own.
    pub decisive: bool,
    /// How several hits count.
    pub count: Count,
    /// The language the rule is for; `None` for all.
    pub lang: Option<Lang>,
    /// Fewer words than this in the text and the rule is silent.
    pub min_words: u32,
    /// Where the rule is in its life.
    pub status: Status,
    /// Metadata (all but the id) comes from a rule file; without one the rule is off.
    pub(crate) declared: bool,
}

impl RuleMeta {
    /// A rule with its defaults: counted once, in all languages, stable, not decisive.
    pub const fn new(id: &'static str, group: &'static str, weight: Weight, summary: &'static str) -> Self {
        Self {
            id: Cow::Borrowed(id),
            group: Cow::Borrowed(group),
            weight,
            summary: Cow::Borrowed(summary),
            advice: None,
            unless: Vec::new(),
            decisive: false,
            count: Count::Once,
            lang: None,
            min_words: 0,
            status: Status::Stable,
            declared: false,
        }
    }

    /// The part of the id before the first dot.
    pub fn namespace(&self) -> &str {
        namespace(&self.id)
    }
}

/// The part of a rule id before the first dot.
pub(crate) fn namespace(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

/// Whether `id` has the form `namespace.kebab-name`.
pub(crate) fn is_rule_id(id: &str) -> bool {
    let word = |s: &str| {
        s.starts_with(|c: char| c.is_ascii_lowercase())
            && s.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !s.ends_with('-')
            && !s.contains("--")
    };
    id.split_once('.')
        .is_some_and(|(space, name)| word(space) && word(name))
        && id.len() <= 80
}

/// What a phrase stands for when it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The rule at this index of the detector's table.
    Rule(RuleIx),
    /// A number that means something to the detector's own `inspect`.
    Mark(u32),
}

/// A phrase that a detector wants found; the syntax is described at [`crate::phrase`].
///
/// Phrases of all detectors are compiled into one automaton, so that a text is searched once.
#[derive(Clone, Debug)]
pub struct Phrase {
    pub(crate) target: Target,
    pub(crate) text: Cow<'static, str>,
    pub(crate) fields: FieldSet,
    pub(crate) lang: Option<Lang>,
    pub(crate) lists: Option<Arc<WordLists>>,
}

impl Phrase {
    /// A phrase whose hits report the rule at `rule`, looked for in text and subject.
    pub const fn new(rule: RuleIx, text: &'static str) -> Self {
        Self {
            target: Target::Rule(rule),
            text: Cow::Borrowed(text),
            fields: FieldSet::MESSAGE,
            lang: None,
            lists: None,
        }
    }

    /// A phrase whose hits only show up in [`Context::hits`](crate::Context::hits), under the number `mark`.
    pub const fn mark(mark: u32, text: &'static str) -> Self {
        Self {
            target: Target::Mark(mark),
            text: Cow::Borrowed(text),
            fields: FieldSet::MESSAGE,
            lang: None,
            lists: None,
        }
    }

    /// Looks in these fields instead.
    #[must_use]
    pub const fn in_fields(mut self, fields: FieldSet) -> Self {
        self.fields = fields;
        self
    }

    /// The phrase as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it stands for.
    pub const fn target(&self) -> Target {
        self.target
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weights_are_exact_decimals() {
        for (text, milli) in [
            ("0.9", 900),
            ("1", 1000),
            ("-1.25", -1250),
            ("+0.005", 5),
            ("2.3000", 2300),
            ("10", 10_000),
        ] {
            assert_eq!(text.parse(), Ok(Weight::milli(milli)), "{text}");
        }
        for bad in ["", ".5", "1.", "1.0005", "1e3", "10.001", "-", "--1", "nan", "1,5"] {
            assert_eq!(bad.parse::<Weight>().is_err(), bad != "1.", "{bad}");
        }
        assert_eq!(serde_json::to_string(&Weight::milli(2415)).unwrap(), "2.415");
        assert_eq!(serde_json::to_string(&Weight::milli(-800)).unwrap(), "-0.8");
    }

    #[test]
    fn scaling_rounds_half_to_even() {
        assert_eq!(Weight::milli(5).scaled(500), Weight::milli(2));
        assert_eq!(Weight::milli(7).scaled(500), Weight::milli(4));
        assert_eq!(Weight::milli(-5).scaled(500), Weight::milli(-2));
        assert_eq!(Weight::milli(-7).scaled(500), Weight::milli(-4));
        assert_eq!(Weight::milli(900).scaled(1000), Weight::milli(900));
    }

    proptest! {
        #[test]
        fn weights_round_trip(milli in -10_000i32..=10_000) {
            let weight = Weight::milli(milli);
            prop_assert_eq!(weight.to_string().parse(), Ok(weight));
            let json = serde_json::to_string(&weight).unwrap();
            prop_assert_eq!(serde_json::from_str::<Weight>(&json).unwrap(), weight);
        }
    }

    #[test]
    fn rule_ids() {
        for good in ["sales.call-ask", "acme.x", "a1.b-2"] {
            assert!(is_rule_id(good), "{good}");
        }
        for bad in [
            "",
            "sales",
            "Sales.x",
            "sales.",
            ".x",
            "sales.a_b",
            "sales.a--b",
            "sales.a-",
            "a.b.c",
            "a b.c",
        ] {
            assert!(!is_rule_id(bad), "{bad}");
        }
    }
}
