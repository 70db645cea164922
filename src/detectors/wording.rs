//! Wording: a learned model over short sequences of words, for what no phrase can say.

use std::sync::Arc;

use super::{Declared, declared_detector};
use crate::detector::{Context, Detector, Findings};
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;
use crate::span::{Field, Span};
use crate::text::Prepared;
use crate::wording::{MAX_SEQUENCES, WordingModel, sequences};

/// Reported above zero.
pub(crate) const OUTREACH: &str = "wording.reads-like-outreach";

/// Reported below zero.
pub(crate) const LETTER: &str = "wording.reads-like-a-letter";

/// Log-odds, in thousandths, at which a rule has its full weight.
const FULL: i64 = 3000;

/// A row shows this many sequences.
const SHOWN: usize = 4;

/// So many of the heaviest are kept, since some lie in each other.
const KEPT: usize = 12;

/// Reads what the choice of words says, by a [`WordingModel`].
///
/// The polished pitch has no sales word, and honest people use all of them. What separates them is spread over many small
/// choices: who asks whom for what, and how the reason for writing is worded. Each sequence of the model that is in the
/// text adds its weight, once; the sum is the log-odds that the text is a pitch. Above zero it is reported as
/// `wording.reads-like-outreach`, below as `wording.reads-like-a-letter`, in full from 3 logits (odds of 20) on. The
/// evidence are the sequences that weigh most in that direction, each with its share in it.
///
/// Names, companies, numbers and links are no words to the model, quoted passages are left out, and on texts in a language
/// that no model knows it is silent. Innocent messages that read the same: a supplier's account manager, a recruiter with
/// a real opening, a founder who asks for advice. Both rules therefore stay below what decides.
pub struct Wording {
    declared: Declared,
    models: Vec<Arc<WordingModel>>,
    outreach: RuleIx,
    letter: RuleIx,
}

declared_detector!(Wording, "wording");

/// A sequence that was found.
#[derive(Clone, Copy, Default)]
struct Found {
    /// In thousandths; 0 if there is none.
    weight: i32,
    first: u32,
    last: u32,
}

/// The sum over a text, and the heaviest sequences of each sign: for, then against the sender.
struct Sum {
    total: i64,
    /// Sums of each sign.
    sides: [i64; 2],
    heaviest: [[Found; KEPT]; 2],
}

impl Wording {
    /// With the rules of the namespace `wording` and the wording models of `set`.
    pub fn new(set: &RuleSet) -> Self {
        let declared = Declared::new(set, "wording");
        Self {
            outreach: declared.rule(OUTREACH),
            letter: declared.rule(LETTER),
            models: set.wording_models().to_vec(),
            declared,
        }
    }
}

impl Detector for Wording {
    fn rules(&self) -> &[RuleMeta] {
        self.declared.rules()
    }

    fn phrases(&self) -> &[Phrase] {
        self.declared.phrases()
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.declared.inspect(cx, out);
        let Some(text) = cx.prepared(Field::Text) else { return };
        // The model laid over last comes first.
        let Some(model) = self.models.iter().rev().find(|m| m.knows(cx.lang())) else {
            return;
        };
        let sum = Sum::of(model, text, cx);
        let (rule, side) = if sum.total > 0 {
            (self.outreach, 1)
        } else {
            (self.letter, 0)
        };
        let strength = strength(sum.total);
        let shown = sum.shown(side);
        for found in shown.iter().filter(|f| f.weight != 0) {
            let token = |i: u32| text.tokens().get(i as usize).map_or(Span::default(), |t| t.span);
            let span = Span::new(token(found.first).start, token(found.last).end);
            let share = i64::from(found.weight).abs() * 1000 / sum.sides[side].max(1);
            out.graded_share(rule, strength, share as u32, Field::Text, span);
        }
    }
}

/// Log-odds in thousandths as thousandths of a rule's weight.
pub(crate) fn strength(total: i64) -> u32 {
    (total.abs() * 1000 / FULL).min(1000) as u32
}

/// The total, but never more than the sequences of its sign say: the bias alone is no evidence.
pub(crate) fn held(total: i64, [letter, outreach]: [i64; 2]) -> i64 {
    total.clamp(-letter, outreach)
}

impl Sum {
    fn of(model: &WordingModel, text: &Prepared, cx: &Context<'_>) -> Self {
        let mut sum = Self {
            total: i64::from(model.bias()),
            sides: [0; 2],
            heaviest: [[Found::default(); KEPT]; 2],
        };
        let mut met = [0u64; MAX_SEQUENCES / 64];
        sequences(text, cx.quotes, model, |key, first, last| {
            let Some((number, weight)) = model.find(key) else {
                return;
            };
            let (slot, bit) = (number as usize / 64, 1u64 << (number % 64));
            // A sequence counts once, however often it stands there.
            if let Some(seen) = met.get_mut(slot)
                && *seen & bit == 0
            {
                *seen |= bit;
                sum.add(Found {
                    weight,
                    first: first as u32,
                    last: last as u32,
                });
            }
        });
        sum.total = held(sum.total, sum.sides);
        sum
    }

    fn add(&mut self, found: Found) {
        self.total += i64::from(found.weight);
        let side = usize::from(found.weight > 0);
        self.sides[side] += i64::from(found.weight).abs();
        let list = &mut self.heaviest[side];
        // Of equals the first stays.
        if found.weight.abs() <= list[KEPT - 1].weight.abs() {
            return;
        }
        let mut at = KEPT - 1;
        while at > 0 && list[at - 1].weight.abs() < found.weight.abs() {
            list[at] = list[at - 1];
            at -= 1;
        }
        list[at] = found;
    }

    /// The heaviest of a sign that share no word.
    fn shown(&self, side: usize) -> [Found; SHOWN] {
        let mut shown = [Found::default(); SHOWN];
        let mut n = 0;
        for found in self.heaviest[side].iter().filter(|f| f.weight != 0) {
            let apart = shown[..n].iter().all(|s| s.last < found.first || found.last < s.first);
            if n < SHOWN && apart {
                shown[n] = *found;
                n += 1;
            }
        }
        shown
    }
}
