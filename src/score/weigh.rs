//! The arithmetic itself: from the rules that fired to rows, score and decision.
//!
//! It knows rules by number only, so that a scorer uses it right after the detectors, and the evaluation uses it on a
//! hit log, where neither texts nor detectors are left.

use crate::coverage::Coverage;
use crate::rule::Weight;
use crate::score::{Calibration, Decision, Limits, Policy, Probability, ReviewReason};

/// What the arithmetic has to know of rules, combos and groups besides their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Structure {
    /// In the order of their ids.
    pub(crate) rules: Vec<RuleShape>,
    /// Each after those it refers to.
    pub(crate) combos: Vec<ComboShape>,
    /// In the order of their ids.
    pub(crate) groups: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RuleShape {
    pub(crate) id: String,
    pub(crate) group: u16,
    /// If one of these fires, the rule contributes nothing.
    pub(crate) unless: Vec<u32>,
    pub(crate) decisive: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ComboShape {
    pub(crate) id: String,
    pub(crate) group: u16,
    pub(crate) all: Vec<ShapeTerm>,
    pub(crate) any: Vec<ShapeTerm>,
    pub(crate) none: Vec<ShapeTerm>,
}

/// What a combo looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeTerm {
    Rule(u32),
    Combo(u32),
    Group(u16),
    Known(Coverage),
}

/// The numbers, which a model may replace; in the order of the [`Structure`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) rules: Vec<Weight>,
    pub(crate) combos: Vec<Weight>,
    pub(crate) limits: Vec<Limits>,
    pub(crate) profiles: Vec<Profiled>,
}

/// Prior and calibration of messages of a coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Profiled {
    pub(crate) coverage: Coverage,
    pub(crate) prior: Weight,
    pub(crate) calibration: Option<Calibration>,
}

/// A rule that fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fired {
    pub(crate) rule: u32,
    /// Thousandths of the weight, all hits together.
    pub(crate) strength: u32,
    /// Set by [`Scale::weigh`].
    pub(crate) contribution: Weight,
    /// Set by [`Scale::weigh`].
    pub(crate) suppressed_by: Option<u32>,
    /// Range in the findings it was made from.
    pub(crate) findings: (u32, u32),
}

impl Fired {
    pub(crate) fn new(rule: u32, strength: u32, findings: (u32, u32)) -> Self {
        Self {
            rule,
            strength,
            contribution: Weight::ZERO,
            suppressed_by: None,
            findings,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum RowData {
    Prior(Weight),
    /// Index in the rules that fired.
    Rule(u32),
    Saturation(u16, Weight),
    Combo(u32, Weight),
}

/// What a decision needs to know besides the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Circumstances {
    pub(crate) coverage: Coverage,
    /// There are rules for the language of the text.
    pub(crate) supported: bool,
    pub(crate) truncated: bool,
    pub(crate) blank: bool,
    /// What a fact of the caller's policy decides.
    pub(crate) overridden: Option<Decision>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub(crate) decision: Decision,
    pub(crate) score: Weight,
    pub(crate) probability: Option<Probability>,
    /// Bits of [`ReviewReason`].
    pub(crate) reasons: u8,
}

/// Rules, numbers and policy together.
#[derive(Clone, Copy)]
pub(crate) struct Scale<'a> {
    pub(crate) structure: &'a Structure,
    pub(crate) numbers: &'a Numbers,
    pub(crate) policy: &'a Policy,
}

impl Numbers {
    /// The profile that asks for most and fits.
    pub(crate) fn profile(&self, coverage: Coverage) -> Option<&Profiled> {
        self.profiles
            .iter()
            .filter(|p| coverage.contains(p.coverage))
            .max_by_key(|p| (p.coverage.count(), p.coverage))
    }
}

impl Scale<'_> {
    /// Weighs the rules that fired, which stand in the order of their numbers. `combos` and `rows` are working space; the
    /// rows are left there for whoever wants to show them.
    // A function of its own, so that `benches/peers` can count it; it is called once for a message.
    #[inline(never)]
    pub(crate) fn weigh(
        &self,
        at: Circumstances,
        fired: &mut [Fired],
        combos: &mut Vec<bool>,
        rows: &mut Vec<RowData>,
    ) -> Outcome {
        let Self {
            structure,
            numbers,
            policy,
        } = *self;
        rows.clear();
        // 1. Rules.
        for f in fired.iter_mut() {
            f.contribution = numbers.rules[f.rule as usize].scaled(f.strength);
            f.suppressed_by = None;
        }
        // 2. Suppression, one level: what is itself suppressed still suppresses.
        for i in 0..fired.len() {
            let unless = &structure.rules[fired[i].rule as usize].unless;
            let by = unless
                .iter()
                .copied()
                .find(|u| fired.binary_search_by_key(u, |f| f.rule).is_ok());
            if let Some(by) = by {
                fired[i].suppressed_by = Some(by);
                fired[i].contribution = Weight::ZERO;
            }
        }
        // 3. Prior.
        let profile = numbers.profile(at.coverage);
        let prior = profile.map_or(Weight::ZERO, |p| p.prior);
        rows.push(RowData::Prior(prior));
        let mut score = prior;
        for (i, f) in fired.iter().enumerate() {
            rows.push(RowData::Rule(i as u32));
            score = score.plus(f.contribution);
        }
        // 4. Combos look at what fired, not at weights.
        combos.clear();
        combos.resize(structure.combos.len(), false);
        let combo_rows = rows.len();
        // A rule that did not fire most often has a bit that none did.
        let bit = |rule: u32| 1u64 << (rule % 64);
        let present = fired.iter().fold(0, |bits, f| bits | bit(f.rule));
        for (i, combo) in structure.combos.iter().enumerate() {
            if let Some(ShapeTerm::Rule(rule)) = combo.all.first()
                && present & bit(*rule) == 0
            {
                continue;
            }
            let holds = |term: &ShapeTerm| match term {
                ShapeTerm::Rule(rule) => fired
                    .binary_search_by_key(rule, |f| f.rule)
                    .is_ok_and(|i| fired[i].suppressed_by.is_none()),
                ShapeTerm::Combo(c) => combos[*c as usize],
                ShapeTerm::Group(group) => fired
                    .iter()
                    .any(|f| f.suppressed_by.is_none() && structure.rules[f.rule as usize].group == *group),
                ShapeTerm::Known(coverage) => at.coverage.contains(*coverage),
            };
            let fires = combo.all.iter().all(holds)
                && (combo.any.is_empty() || combo.any.iter().any(holds))
                && !combo.none.iter().any(holds);
            combos[i] = fires;
            if fires {
                rows.push(RowData::Combo(i as u32, numbers.combos[i]));
                score = score.plus(numbers.combos[i]);
            }
        }
        // 5. Limits of the groups, both signs apart.
        let group_of = |f: &Fired| bit(structure.rules[f.rule as usize].group.into());
        let mut touched = fired.iter().fold(0, |bits, f| bits | group_of(f));
        for row in &rows[combo_rows..] {
            if let RowData::Combo(c, _) = row {
                touched |= bit(structure.combos[*c as usize].group.into());
            }
        }
        let (mut positive, mut negative, mut sources) = (Weight::ZERO, Weight::ZERO, 0);
        for (g, limits) in numbers.limits.iter().enumerate() {
            if touched & bit(g as u32) == 0 {
                continue;
            }
            let members = fired
                .iter()
                .filter(|f| usize::from(structure.rules[f.rule as usize].group) == g)
                .map(|f| f.contribution);
            let added = rows[combo_rows..].iter().filter_map(|row| match row {
                RowData::Combo(c, w) if usize::from(structure.combos[*c as usize].group) == g => Some(*w),
                _ => None,
            });
            let (mut plus, mut minus) = (Weight::ZERO, Weight::ZERO);
            for w in members.chain(added) {
                if w > Weight::ZERO {
                    plus = plus.plus(w);
                } else {
                    minus = minus.plus(w);
                }
            }
            let (held_plus, held_minus) = (limits.apply(plus), limits.apply(minus));
            positive = positive.plus(held_plus);
            negative = negative.plus(held_minus);
            sources += u32::from(held_plus >= policy.group_floor);
            let delta = held_plus.as_milli() - plus.as_milli() + held_minus.as_milli() - minus.as_milli();
            if delta != 0 {
                let delta = Weight::milli(delta);
                rows.push(RowData::Saturation(g as u16, delta));
                score = score.plus(delta);
            }
        }
        let decisive = fired
            .iter()
            .any(|f| f.contribution > Weight::ZERO && structure.rules[f.rule as usize].decisive);

        let (decision, reasons) = decide(policy, at, score, positive, negative, sources >= 2 || decisive);
        let probability = profile.and_then(|p| p.calibration).map(|c| c.probability(score));
        Outcome {
            decision,
            score,
            probability,
            reasons,
        }
    }
}

fn decide(
    policy: &Policy,
    at: Circumstances,
    score: Weight,
    positive: Weight,
    negative: Weight,
    enough_sources: bool,
) -> (Decision, u8) {
    if let Some(decision) = at.overridden {
        return (decision, 0);
    }
    let mut reasons = 0;
    let mut because = |reason: ReviewReason, holds: bool| {
        if holds && policy.abstains_for(reason) {
            reasons |= reason.bit();
        }
    };
    let by_score = if score < policy.accept {
        Decision::Accept
    } else if score >= policy.decline {
        Decision::Decline
    } else {
        Decision::Review
    };
    because(ReviewReason::Score, by_score == Decision::Review);
    let acquainted = at.coverage.contains(Coverage::SENDER) || at.coverage.contains(Coverage::RELATIONSHIP);
    because(ReviewReason::ThinEvidence, at.blank && !acquainted);
    let conflict =
        positive >= policy.conflict && Weight::ZERO.as_milli() - negative.as_milli() >= policy.conflict.as_milli();
    because(ReviewReason::Conflict, conflict && by_score != Decision::Accept);
    because(ReviewReason::UnsupportedLanguage, !at.supported);
    because(ReviewReason::Truncated, at.truncated);
    because(
        ReviewReason::SingleSource,
        by_score == Decision::Decline && !enough_sources,
    );
    if reasons == 0 {
        (by_score, 0)
    } else {
        (Decision::Review, reasons)
    }
}
