//! From a score to a decision, and the reasons to leave it to a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rule::Weight;
use crate::score::Calibration;

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Nothing speaks against the sender.
    Accept,
    /// A person should look.
    Review,
    /// They are only trying to sell something.
    Decline,
}

impl Decision {
    /// Whether this is [`Decision::Decline`].
    pub fn is_decline(self) -> bool {
        self == Self::Decline
    }

    /// Whether this is [`Decision::Accept`].
    pub fn is_accept(self) -> bool {
        self == Self::Accept
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::Decline => "decline",
        })
    }
}

/// Why a message is left to a person although its score is outside the review band, or why it is not declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ReviewReason {
    /// The score lies between the two thresholds.
    Score,
    /// There is no text, and little else is known.
    ThinEvidence,
    /// Strong evidence on both sides.
    Conflict,
    /// There are no rules for the language of the text.
    UnsupportedLanguage,
    /// A field was longer than the library reads.
    Truncated,
    /// All evidence against the sender is of one kind, and no rule of it is decisive.
    SingleSource,
}

impl ReviewReason {
    /// All reasons, in the order in which verdicts list them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Score,
        Self::ThinEvidence,
        Self::Conflict,
        Self::UnsupportedLanguage,
        Self::Truncated,
        Self::SingleSource,
    ];

    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The reason in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Score => "the evidence is neither clearly for nor clearly against",
            Self::ThinEvidence => "there is too little to judge by",
            Self::Conflict => "there is strong evidence on both sides",
            Self::UnsupportedLanguage => "there are no rules for this language",
            Self::Truncated => "the text is longer than what was read",
            Self::SingleSource => "all the evidence is of one kind",
        }
    }
}

/// What a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The score.
    Score,
    /// A rule of the caller's policy, by name; the score is still computed and shown.
    Policy(String),
}

/// Thresholds in score units, and when to leave the decision to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(crate) accept: Weight,
    pub(crate) decline: Weight,
    pub(crate) abstain: u8,
    pub(crate) conflict: Weight,
    pub(crate) group_floor: Weight,
    pub(crate) overrides: Vec<Override>,
}

/// A named fact that decides before the score does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Override {
    pub(crate) name: String,
    pub(crate) fact: String,
    pub(crate) decision: Decision,
}

/// What a wrong decision costs, in any unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostMatrix {
    /// A real person is declined.
    pub false_decline: f64,
    /// A pitch is accepted.
    pub false_accept: f64,
    /// A person has to look.
    pub review: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self::balanced()
    }
}

impl Policy {
    /// Accept below `accept`, decline from `decline` on, review between; `None` if they are in the wrong order.
    pub fn new(accept: Weight, decline: Weight) -> Option<Self> {
        (accept <= decline).then(|| Self {
            accept,
            decline,
            abstain: ReviewReason::ALL.iter().fold(0, |all, r| all | r.bit()),
            conflict: Weight::milli(2200),
            group_floor: Weight::milli(300),
            overrides: Vec::new(),
        })
    }

    const fn fixed(accept: i32, decline: i32) -> Self {
        Self {
            accept: Weight::milli(accept),
            decline: Weight::milli(decline),
            abstain: 0b11_1111,
            conflict: Weight::milli(2200),
            group_floor: Weight::milli(300),
            overrides: Vec::new(),
        }
    }

    /// The default: a wide review band, and a decline only on plain evidence.
    pub const fn balanced() -> Self {
        Self::fixed(0, 1_400)
    }

    /// Declines sooner and accepts less: for inboxes that drown.
    pub const fn strict() -> Self {
        Self::fixed(-300, 900)
    }

    /// Declines only the plainest cases and accepts more: for people who must not miss anyone.
    pub const fn lenient() -> Self {
        Self::fixed(500, 2_300)
    }

    /// The policy called `strict`, `balanced` or `lenient`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "strict" => Self::strict(),
            "balanced" => Self::balanced(),
            "lenient" => Self::lenient(),
            _ => return None,
        })
    }

    /// The thresholds that cost least: accept while p x cost of a wrong accept stays below the cost of a look, decline
    /// once (1 - p) x cost of a wrong decline does.
    ///
    /// `None` if a cost is negative or not a number, if a wrong decision costs nothing, or if no score reaches a
    /// threshold because the calibration is flat.
    pub fn from_costs(costs: CostMatrix, calibration: Calibration) -> Option<Self> {
        let CostMatrix {
            false_decline,
            false_accept,
            review,
        } = costs;
        let good = |c: f64| c.is_finite() && c >= 0.0;
        if !(good(false_decline) && good(false_accept) && good(review) && false_decline > 0.0 && false_accept > 0.0) {
            return None;
        }
        let accept_below = (review / false_accept).min(1.0);
        let decline_from = (1.0 - review / false_decline).max(0.0);
        // When looking costs more than deciding wrongly there is no band: both lines lie where the costs meet.
        let (accept_below, decline_from) = if accept_below > decline_from {
            let meet = false_decline / (false_decline + false_accept);
            (meet, meet)
        } else {
            (accept_below, decline_from)
        };
        let score_of = |p: f64| -> Option<Weight> {
            let (slope, offset) = calibration.parameters();
            if slope == Weight::ZERO {
                return None;
            }
            let p = p.clamp(1e-6, 1.0 - 1e-6);
            let logit = (p / (1.0 - p)).ln() * 1000.0;
            let score = (logit - f64::from(offset.as_milli())) / slope.as_f64();
            score
                .is_finite()
                .then(|| Weight::milli(score.clamp(-1e6, 1e6).round() as i32))
        };
        Self::new(score_of(accept_below)?, score_of(decline_from)?)
    }

    /// The thresholds: accept below the first, decline from the second on.
    pub fn thresholds(&self) -> (Weight, Weight) {
        (self.accept, self.decline)
    }

    /// Switches a reason to abstain off. The review band itself ([`ReviewReason::Score`]) stays.
    #[must_use]
    pub fn ignoring(mut self, reason: ReviewReason) -> Self {
        if reason != ReviewReason::Score {
            self.abstain &= !reason.bit();
        }
        self
    }

    /// Accepts whenever the yes-or-no fact `fact` is true, whatever the score; `name` is shown as the basis.
    ///
    /// Facts are those of rule conditions, such as `have-met`, or the caller's own as `facts.crm.customer`.
    #[must_use]
    pub fn accept_if(mut self, name: &str, fact: &str) -> Self {
        self.overrides.push(Override {
            name: name.into(),
            fact: fact.into(),
            decision: Decision::Accept,
        });
        self
    }

    /// Declines whenever the yes-or-no fact `fact` is true, whatever the score; `name` is shown as the basis.
    #[must_use]
    pub fn decline_if(mut self, name: &str, fact: &str) -> Self {
        self.overrides.push(Override {
            name: name.into(),
            fact: fact.into(),
            decision: Decision::Decline,
        });
        self
    }

    pub(crate) fn abstains_for(&self, reason: ReviewReason) -> bool {
        self.abstain & reason.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn costs_give_ordered_thresholds(fd in 0.01f64..100.0, fa in 0.01f64..100.0, review in 0.0f64..100.0, slope in 1i32..3000, offset in -3000i32..3000) {
            let calibration = Calibration::new(Weight::milli(slope), Weight::milli(offset)).unwrap();
            let costs = CostMatrix { false_decline: fd, false_accept: fa, review };
            let policy = Policy::from_costs(costs, calibration).unwrap();
            prop_assert!(policy.accept <= policy.decline);
            // A dearer wrong decline never lowers the decline line.
            let dearer = Policy::from_costs(CostMatrix { false_decline: fd * 2.0, ..costs }, calibration).unwrap();
            prop_assert!(dearer.decline >= policy.decline);
        }
    }

    #[test]
    fn nonsense_costs_are_refused() {
        let calibration = Calibration::new(Weight::milli(1000), Weight::ZERO).unwrap();
        for (fd, fa, review) in [
            (0.0, 1.0, 1.0),
            (1.0, -1.0, 1.0),
            (f64::NAN, 1.0, 1.0),
            (1.0, 1.0, f64::INFINITY),
        ] {
            assert!(
                Policy::from_costs(
                    CostMatrix {
                        false_decline: fd,
                        false_accept: fa,
                        review
                    },
                    calibration
                )
                .is_none()
            );
        }
        assert!(Policy::new(Weight::milli(1), Weight::ZERO).is_none());
    }
}
