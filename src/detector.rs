//! The extension point: what looks at a message and reports.

use std::sync::Arc;

use crate::coverage::{Coverage, Needs};
use crate::detectors;
use crate::matcher::Hit;
use crate::message::{Message, Party};
use crate::rule::{Phrase, RuleIx, RuleMeta, Target};
use crate::span::{Field, Span};
use crate::text::{Lang, Prepared, Quotes, Stats, Token};
use crate::wording::Numbered;

/// Looks at one message and reports which of its rules fire.
///
/// Three ways to write one, from easy to full: a rule file, which needs no Rust; [`detector_fn`] with a closure; this
/// trait. A detector of phrases is two static tables and no logic:
///
/// ```
/// use huckster::{Detector, Phrase, RuleIx, RuleMeta, Scorer, Weight};
///
/// struct Fax;
/// static RULES: [RuleMeta; 1] =
///     [RuleMeta::new("acme.fax", "ask", Weight::milli(600), "Wants to go on by fax")];
/// static PHRASES: [Phrase; 1] = [Phrase::new(RuleIx::new(0), "(send|by) [a] fax")];
///
/// impl Detector for Fax {
///     fn rules(&self) -> &[RuleMeta] { &RULES }
///     fn phrases(&self) -> &[Phrase] { &PHRASES }
/// }
///
/// let scorer = Scorer::builder().rules(huckster::RuleSet::builtin()).detector(Fax).build()?;
/// assert!(scorer.judge("May I send a fax?").fired("acme.fax"));
/// # Ok::<(), huckster::BuildError>(())
/// ```
///
/// Detectors do not see each other's findings, so their order means nothing. `inspect` must be pure: no clock, no
/// randomness, no input or output, and time linear in the message. `huckster::testing::check_detector` (feature
/// `testing`) tests all of that.
pub trait Detector: Send + Sync {
    /// The rules this detector may report; read once, when a scorer is built.
    fn rules(&self) -> &[RuleMeta];

    /// Phrases to find; read once, when a scorer is built.
    fn phrases(&self) -> &[Phrase] {
        &[]
    }

    /// What must be known for the detector to say anything; it is not asked otherwise.
    fn needs(&self) -> Needs {
        Coverage::NONE
    }

    /// Looks at one message. By default every hit of a phrase reports its rule.
    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        report_hits(cx, out);
    }
}

/// Reports the rule of every phrase that was found: what [`Detector::inspect`] does by default.
pub fn report_hits(cx: &Context<'_>, out: &mut Findings<'_>) {
    for hit in cx.hits() {
        if let Some(Target::Rule(rule)) = cx.target(hit) {
            out.hit_in(rule, hit.field, hit.span);
        }
    }
}

macro_rules! forward {
    ($($(#[$meta:meta])* [$($generics:tt)*] $type:ty),* $(,)?) => {$(
        $(#[$meta])*
        impl<$($generics)*> Detector for $type {
            fn rules(&self) -> &[RuleMeta] {
                (**self).rules()
            }
            fn phrases(&self) -> &[Phrase] {
                (**self).phrases()
            }
            fn needs(&self) -> Needs {
                (**self).needs()
            }
            fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
                (**self).inspect(cx, out);
            }
        }
    )*};
}

forward!([D: Detector + ?Sized] Box<D>, [D: Detector + ?Sized] Arc<D>, ['d, D: Detector + ?Sized] &'d D);

/// `None` has no rules and reports nothing, so a detector can be left out at run time.
impl<D: Detector> Detector for Option<D> {
    fn rules(&self) -> &[RuleMeta] {
        self.as_ref().map_or(&[], D::rules)
    }
    fn phrases(&self) -> &[Phrase] {
        self.as_ref().map_or(&[], D::phrases)
    }
    fn needs(&self) -> Needs {
        self.as_ref().map_or(Coverage::NONE, D::needs)
    }
    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        if let Some(detector) = self {
            detector.inspect(cx, out);
        }
    }
}

/// What a closure says of a message: nothing, a finding, or a finding at a place in the text.
pub trait Outcome {
    /// Reports the finding, if there is one.
    fn report(self, rule: RuleIx, out: &mut Findings<'_>);
}

impl Outcome for bool {
    fn report(self, rule: RuleIx, out: &mut Findings<'_>) {
        if self {
            out.fact(rule);
        }
    }
}

impl Outcome for Option<Span> {
    fn report(self, rule: RuleIx, out: &mut Findings<'_>) {
        if let Some(span) = self {
            out.hit(rule, span);
        }
    }
}

/// A detector of one rule from a closure that returns `bool` or `Option<Span>`.
///
/// ```
/// use huckster::{RuleMeta, Scorer, Weight, detector_fn};
/// let shouting = detector_fn(
///     RuleMeta::new("acme.shouting", "generic", Weight::milli(500), "Mostly capitals"),
///     |cx| cx.stats().letters > 20 && cx.stats().uppercase * 2 > cx.stats().letters,
/// );
/// let scorer = Scorer::builder().rules(huckster::RuleSet::builtin()).detector(shouting).build()?;
/// assert!(scorer.judge("THIS IS THE CHANCE OF YOUR LIFE").fired("acme.shouting"));
/// # Ok::<(), huckster::BuildError>(())
/// ```
pub fn detector_fn<F, O>(rule: RuleMeta, inspect: F) -> impl Detector
where
    F: Fn(&Context<'_>) -> O + Send + Sync,
    O: Outcome,
{
    struct Closure<F> {
        rules: [RuleMeta; 1],
        inspect: F,
    }
    impl<F: Fn(&Context<'_>) -> O + Send + Sync, O: Outcome> Detector for Closure<F> {
        fn rules(&self) -> &[RuleMeta] {
            &self.rules
        }
        fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
            (self.inspect)(cx).report(RuleIx::new(0), out);
        }
    }
    Closure { rules: [rule], inspect }
}

/// A set of roles, as bits in the order of the scorer's role table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleSet(u64);

impl RoleSet {
    pub(crate) fn insert(&mut self, role: usize) {
        self.0 |= 1u64.checked_shl(role as u32).unwrap_or(0);
    }

    pub(crate) fn contains(self, role: usize) -> bool {
        self.0 & 1u64.checked_shl(role as u32).unwrap_or(0) != 0
    }

    /// Whether no role was recognised.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |i| self.contains(*i))
    }
}

/// A role of the lexicon.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Role {
    /// The id, such as `coach-business`.
    pub id: Box<str>,
    /// The role in words, such as `business coach`.
    pub name: Box<str>,
    /// The trade it belongs to, such as `coach`.
    pub family: Box<str>,
    /// Whether the role lives from selling to strangers.
    pub sells: bool,
}

/// One field of the message, prepared.
#[derive(Clone, Debug, Default)]
pub(crate) struct PreparedField {
    pub(crate) field: Field,
    pub(crate) prepared: Prepared,
}

/// Everything a detector may look at.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    pub(crate) message: &'c Message<'c>,
    pub(crate) coverage: Coverage,
    pub(crate) fields: &'c [PreparedField],
    pub(crate) hits: &'c [Hit],
    pub(crate) phrases: &'c [Phrase],
    pub(crate) lang: Lang,
    pub(crate) roles: [RoleSet; 2],
    pub(crate) role_hits: &'c [Hit],
    pub(crate) role_table: &'c [Role],
    /// Passages of the text that somebody else wrote.
    pub(crate) quotes: &'c Quotes,
    /// How many bytes of a field are read.
    pub(crate) max_field_bytes: usize,
    /// The wording models beside the vocabulary that the text was read with.
    pub(crate) models: &'c [Numbered],
}

impl<'c> Context<'c> {
    /// The message with all facts the caller gave.
    pub fn message(&self) -> &'c Message<'c> {
        self.message
    }

    /// Which kinds of facts are known.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// The text as given; empty if there is none.
    pub fn text(&self) -> &'c str {
        self.message.body.text().unwrap_or("")
    }

    /// The part of the text that is read.
    pub(crate) fn read_text(&self) -> &'c str {
        crate::text::within_limit(self.text(), self.max_field_bytes)
    }

    /// The prepared form of a field, if the field is there and some phrase asks for it.
    pub fn prepared(&self, field: Field) -> Option<&'c Prepared> {
        self.fields.iter().find(|f| f.field == field).map(|f| &f.prepared)
    }

    /// The tokens of the text.
    pub fn tokens(&self) -> &'c [Token] {
        self.prepared(Field::Text).map_or(&[], Prepared::tokens)
    }

    /// The canonical word at token `i` of the text.
    pub fn word(&self, i: usize) -> &'c str {
        self.prepared(Field::Text).map_or("", |p| p.word(i))
    }

    /// The counts of the text; all zero if there is none.
    pub fn stats(&self) -> Stats {
        self.prepared(Field::Text).map(|p| *p.stats()).unwrap_or_default()
    }

    /// The sentences of the text, as ranges of tokens without the sentence ends.
    pub fn sentences(&self) -> impl Iterator<Item = std::ops::Range<usize>> + 'c {
        let tokens = self.tokens();
        let mut at = 0;
        std::iter::from_fn(move || {
            while tokens.get(at).is_some_and(|t| t.kind.is_break()) {
                at += 1;
            }
            let start = at;
            while tokens.get(at).is_some_and(|t| !t.kind.is_break()) {
                at += 1;
            }
            (at > start).then_some(start..at)
        })
    }

    /// The hits of this detector's phrases, by field and place.
    pub fn hits(&self) -> &'c [Hit] {
        self.hits
    }

    /// What the phrase behind a hit stands for.
    pub fn target(&self, hit: &Hit) -> Option<Target> {
        self.phrases.get(hit.phrase()).map(Phrase::target)
    }

    /// The language of the text: the caller's word, else the vote of the function words.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The roles recognised in headline and current titles of a party.
    pub fn roles(&self, party: Party) -> RoleSet {
        self.roles[party as usize]
    }

    /// Whether a party has the role with this id.
    pub fn has_role(&self, party: Party, id: &str) -> bool {
        let roles = self.roles(party);
        self.role_table
            .iter()
            .position(|r| &*r.id == id)
            .is_some_and(|i| roles.contains(i))
    }

    /// The role at an index of a [`RoleSet`].
    pub(crate) fn role(&self, index: usize) -> Option<&'c Role> {
        self.role_table.get(index)
    }

    /// Where a role was read.
    pub(crate) fn role_evidence(&self, party: Party, role: usize) -> Option<(Field, Span)> {
        let of_party = |field: Field| match party {
            Party::Sender => matches!(field, Field::SenderHeadline | Field::SenderTitle(_)),
            Party::Recipient => matches!(field, Field::RecipientHeadline | Field::RecipientTitle(_)),
        };
        self.role_hits
            .iter()
            .find(|h| h.phrase() == role && of_party(h.field))
            .map(|h| (h.field, h.span))
    }
}

/// What a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    At(Field, Span),
    /// A named fact with its value.
    Fact(&'static str, i64),
    /// The detector gave no detail.
    Bare,
}

/// One finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Index in the scorer's table of rules.
    pub(crate) rule: u32,
    /// Thousandths of full strength.
    pub(crate) strength: u16,
    /// Thousandths of the rule that rest on this ground; 0 if that is not known.
    pub(crate) share: u16,
    pub(crate) ground: Ground,
}

/// The sink that a detector reports into. Nothing is allocated after warm-up.
pub struct Findings<'f> {
    pub(crate) list: &'f mut Vec<Finding>,
    /// The scorer's index of each rule of this detector; `None` for rules that are off.
    pub(crate) rules: &'f [Option<u32>],
    /// The most findings one detector may report.
    pub(crate) room: usize,
    /// Where the built-in detectors keep what they need while they look.
    pub(crate) space: &'f mut detectors::wording::Space,
}

impl Findings<'_> {
    fn push(&mut self, rule: RuleIx, strength: u32, share: u32, ground: Ground) {
        let Some(Some(rule)) = self.rules.get(rule.get()) else {
            return;
        };
        if self.room > 0 && strength > 0 {
            self.room -= 1;
            self.list.push(Finding {
                rule: *rule,
                strength: strength.min(1000) as u16,
                share: share.min(1000) as u16,
                ground,
            });
        }
    }

    /// The rule fired at a place in the text.
    pub fn hit(&mut self, rule: RuleIx, span: Span) {
        self.hit_in(rule, Field::Text, span);
    }

    /// The rule fired at a place in a field.
    pub fn hit_in(&mut self, rule: RuleIx, field: Field, span: Span) {
        self.push(rule, 1000, 0, Ground::At(field, span));
    }

    /// The rule fired; there is no place to point at.
    pub fn fact(&mut self, rule: RuleIx) {
        self.push(rule, 1000, 0, Ground::Bare);
    }

    /// The rule fired because of a fact, which is shown with its value.
    pub fn fact_value(&mut self, rule: RuleIx, name: &'static str, value: i64) {
        self.push(rule, 1000, 0, Ground::Fact(name, value));
    }

    /// The rule fired with part of its weight: `strength` from 0 (not at all) to 1000 (in full).
    pub fn graded(&mut self, rule: RuleIx, strength: u32, field: Field, span: Span) {
        self.push(rule, strength, 0, Ground::At(field, span));
    }

    /// The same for a rule that rests on several places: `share` says how much of it rests on this one, in thousandths.
    /// The strength is that of the rule as a whole.
    pub fn graded_share(&mut self, rule: RuleIx, strength: u32, share: u32, field: Field, span: Span) {
        self.push(rule, strength, share, Ground::At(field, span));
    }

    /// The rule fired with part of its weight because of a fact.
    pub fn graded_fact(&mut self, rule: RuleIx, strength: u32, name: &'static str, value: i64) {
        self.push(rule, strength, 0, Ground::Fact(name, value));
    }
}
