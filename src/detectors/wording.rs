//! Wording: a learned model over short sequences of words, for what no phrase can say.

use std::sync::Arc;

use super::{Declared, declared_detector};
use crate::detector::{Context, Detector, Findings};
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;
use crate::span::{Field, Span};
use crate::text::{Prepared, Quotes};
use crate::wording::{Lexicon, WordingModel, sequences};

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

/// What is kept while a text is looked at.
#[derive(Default)]
pub(crate) struct Space {
    /// A bit for each sequence of the model that was met.
    met: Vec<u64>,
    /// Those sequences, in the order in which they were met.
    found: Vec<Found>,
}

/// A sequence that was found.
#[derive(Clone, Copy, Default)]
struct Found {
    /// In thousandths; 0 if there is none.
    weight: i32,
    first: u32,
    last: u32,
}

/// The sum over a text.
struct Sum {
    total: i64,
    /// Sums of each sign: for, then against the sender.
    sides: [i64; 2],
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
        match cx.models.iter().find(|m| m.is_of(model)) {
            Some(numbered) => out.space.read(model, numbered, text, cx.quotes),
            // The detector was built with another rule set than the scorer.
            None => out.space.read(model, &**model, text, cx.quotes),
        }
        let sum = Sum::of(model, &out.space.found);
        let (rule, side) = if sum.total > 0 {
            (self.outreach, 1)
        } else {
            (self.letter, 0)
        };
        let strength = strength(sum.total);
        let shown = out.space.shown(side);
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
    fn of(model: &WordingModel, found: &[Found]) -> Self {
        let mut sides = [0; 2];
        for f in found {
            sides[usize::from(f.weight > 0)] += i64::from(f.weight.unsigned_abs());
        }
        let [letter, outreach] = sides;
        Self {
            total: held(i64::from(model.bias()) + outreach - letter, sides),
            sides,
        }
    }
}

impl Space {
    /// Notes all sequences of a model that are in a text. A sequence counts once, however often it stands there.
    fn read(&mut self, model: &WordingModel, lexicon: &impl Lexicon, text: &Prepared, quotes: &Quotes) {
        let Self { met, found } = self;
        found.clear();
        met.clear();
        met.resize(model.len().div_ceil(64), 0);
        sequences(text, quotes, lexicon, |key, first, last| {
            let Some((number, weight)) = model.find(key) else {
                return;
            };
            let bit = 1u64 << (number % 64);
            if let Some(seen) = met.get_mut(number as usize / 64)
                && *seen & bit == 0
            {
                *seen |= bit;
                found.push(Found {
                    weight,
                    first: first as u32,
                    last: last as u32,
                });
            }
        });
    }

    /// The heaviest of a sign that share no word.
    fn shown(&self, side: usize) -> [Found; SHOWN] {
        // The weight, and behind it the place counted from the end, so that of equals the first is the greatest.
        let mut heaviest = [0u64; KEPT];
        for (i, f) in self.found.iter().enumerate() {
            let rank = u64::from(f.weight.unsigned_abs()) << 32 | u64::from(u32::MAX - i as u32);
            if f.weight == 0 || usize::from(f.weight > 0) != side || rank < heaviest[KEPT - 1] {
                continue;
            }
            let mut at = KEPT - 1;
            while at > 0 && heaviest[at - 1] < rank {
                heaviest[at] = heaviest[at - 1];
                at -= 1;
            }
            heaviest[at] = rank;
        }
        let mut shown = [Found::default(); SHOWN];
        let mut n = 0;
        for rank in heaviest.into_iter().filter(|rank| *rank > 0) {
            let found = self.found[(u32::MAX - rank as u32) as usize];
            let apart = shown[..n].iter().all(|s| s.last < found.first || found.last < s.first);
            if n < SHOWN && apart {
                shown[n] = found;
                n += 1;
            }
        }
        shown
    }
}
