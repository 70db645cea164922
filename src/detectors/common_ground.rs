//! What clears a sender: common ground that can be checked, and purposes that are no sale.

use super::{Declared, declared_detector};
use crate::detector::{Context, Detector, Findings};
use crate::message::Party;
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;
use crate::span::Field;
use crate::text::{TokenFlags, TokenKind};

/// Weighs what speaks for the sender.
///
/// Facts from the caller weigh much: the two have met, the recipient wrote first, they share employer, school or many
/// connections. Claims in the text weigh little, as claims are free.
pub struct CommonGround {
    declared: Declared,
    mutual_connections: RuleIx,
    shared_employer: RuleIx,
    shared_school: RuleIx,
    shared_event: RuleIx,
    shared_group: RuleIx,
    mutual_thread: RuleIx,
    own_words: RuleIx,
}

declared_detector!(CommonGround, "mitigation");

impl CommonGround {
    /// With the rules of the namespace `mitigation` of `set`.
    pub fn new(set: &RuleSet) -> Self {
        let declared = Declared::new(set, "mitigation");
        Self {
            mutual_connections: declared.rule("mitigation.mutual-connections"),
            shared_employer: declared.rule("mitigation.shared-employer"),
            shared_school: declared.rule("mitigation.shared-school"),
            shared_event: declared.rule("mitigation.shared-event"),
            shared_group: declared.rule("mitigation.shared-group"),
            mutual_thread: declared.rule("mitigation.mutual-thread"),
            own_words: declared.rule("mitigation.own-words"),
            declared,
        }
    }
}

impl Detector for CommonGround {
    fn rules(&self) -> &[RuleMeta] {
        self.declared.rules()
    }

    fn phrases(&self) -> &[Phrase] {
        self.declared.phrases()
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.declared.inspect(cx, out);
        let message = cx.message();
        if let Some(shared) = &message.relationship {
            if let Some(n) = shared.mutual_connections.filter(|n| *n >= 3) {
                // A handful says little, from forty on it is a circle: full strength there.
                let strength = match n {
                    0..=4 => 150,
                    5..=9 => 300,
                    10..=19 => 550,
                    20..=39 => 800,
                    _ => 1000,
                };
                out.graded_fact(
                    self.mutual_connections,
                    strength,
                    "relationship.mutual_connections",
                    n.into(),
                );
            }
            let lists = [
                (
                    self.shared_employer,
                    &shared.shared_employers,
                    "relationship.shared_employers",
                ),
                (
                    self.shared_school,
                    &shared.shared_schools,
                    "relationship.shared_schools",
                ),
                (self.shared_event, &shared.shared_events, "relationship.shared_events"),
                (self.shared_group, &shared.shared_groups, "relationship.shared_groups"),
            ];
            for (rule, list, name) in lists {
                if let Some(n) = list.as_ref().map(Vec::len).filter(|n| *n > 0) {
                    out.fact_value(rule, name, n as i64);
                }
            }
        }
        // Both have written: an exchange, not a ladder. The last word being the recipient's makes this a reply.
        if let Some(thread) = &message.thread
            && thread.recipient_replied() == Some(true)
        {
            let replies = thread
                .turns()
                .iter()
                .filter(|t| t.from == Party::Recipient)
                .count()
                .max(1);
            let strength = if thread.unanswered() == Some(0) { 1000 } else { 500 };
            out.graded_fact(self.mutual_thread, strength, "thread.replies", replies as i64);
        }
        self.own_words(cx, out);
    }
}

impl CommonGround {
    /// The text takes up unusual words of the recipient's own "about" text or titles, other than pasting the headline.
    fn own_words(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        let Some(about) = cx.message().recipient.profile().and_then(|p| p.about.as_deref()) else {
            return;
        };
        let Some(text) = cx.prepared(Field::Text) else { return };
        let about = crate::text::within_limit(about, crate::text::MAX_FIELD_BYTES);
        let (mut looked, mut shared, mut first) = (0, 0, None);
        for (i, token) in text.tokens().iter().enumerate() {
            let word = text.word(i);
            let unusual = token.kind == TokenKind::Word
                && (word.chars().count() >= 8 || token.flags.has(TokenFlags::CAPITALIZED) && word.len() >= 4);
            // A letter that takes something up does so early; this also bounds the time.
            looked += u32::from(unusual);
            if unusual && looked <= 60 && contains_word(about, word) {
                shared += 1;
                first.get_or_insert(token.span);
            }
        }
        if let Some(span) = first.filter(|_| shared >= 2) {
            out.hit(self.own_words, span);
        }
    }
}

/// Whether `text` holds the lower-case `word` as a word, in any case; without allocation.
fn contains_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|w| w.chars().flat_map(char::to_lowercase).eq(word.chars()))
}
