//! What is known of copies of the message.

use super::{Declared, declared_detector};
use crate::coverage::{Coverage, Needs};
use crate::detector::{Context, Detector, Findings};
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;
use crate::span::Field;

/// Reads the campaign facts of a message: how many copies, from how many accounts.
///
/// LinkedIn's one-click texts exist in millions of copies and are nobody's campaign; very short texts are not either.
pub struct Campaign {
    declared: Declared,
    many_senders: RuleIx,
    many_copies: RuleIx,
}

declared_detector!(Campaign, "campaign");

/// Fewer words than this are alike by chance.
const MIN_WORDS: u32 = 8;

impl Campaign {
    /// With the rules of the namespace `campaign` of `set`.
    pub fn new(set: &RuleSet) -> Self {
        let declared = Declared::new(set, "campaign");
        Self {
            many_senders: declared.rule("campaign.many-senders"),
            many_copies: declared.rule("campaign.many-copies"),
            declared,
        }
    }
}

impl Detector for Campaign {
    fn rules(&self) -> &[RuleMeta] {
        self.declared.rules()
    }

    fn phrases(&self) -> &[Phrase] {
        self.declared.phrases()
    }

    fn needs(&self) -> Needs {
        Coverage::CAMPAIGN
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.declared.inspect(cx, out);
        let Some(facts) = cx.message().campaign else { return };
        if cx.prepared(Field::Text).is_none_or(|t| t.stats().words < MIN_WORDS) {
            return;
        }
        // Full strength from five accounts, or from twenty copies, on.
        if let Some(senders) = facts.distinct_senders.filter(|n| *n >= 2) {
            out.graded_fact(
                self.many_senders,
                (senders.min(5) - 1) * 250,
                "campaign.distinct_senders",
                senders.into(),
            );
        }
        if let Some(copies) = facts.copies.filter(|n| *n >= 3) {
            out.graded_fact(self.many_copies, copies.min(20) * 50, "campaign.copies", copies.into());
        }
    }
}
