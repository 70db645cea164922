//! Who writes to whom: sellers and those they usually sell to.

use std::collections::BTreeMap;

use super::{Declared, declared_detector};
use crate::coverage::{Coverage, Needs};
use crate::detector::{Context, Detector, Findings};
use crate::message::Party;
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;

/// Compares the roles of sender and recipient.
///
/// Roles are read from headlines and current titles by the lexicon of the rule set (`[[role]]`); `[[persona]]` says how
/// usual it is that the first contact of one role with another sells something. A pattern is not guilt: no rule here
/// is decisive, and two of a trade with common ground that can be checked are colleagues.
pub struct PersonaMismatch {
    declared: Declared,
    /// (seller, recipient) to 1, 2 or 3, by index in the role table.
    matrix: BTreeMap<(usize, usize), u8>,
    /// Seller to anyone with a known headline.
    anyone: BTreeMap<usize, u8>,
    sells_to_my_role: RuleIx,
    same_trade: RuleIx,
    lead_generator: RuleIx,
    thin_profile: RuleIx,
    reach_without_reach: RuleIx,
    odd_name: RuleIx,
}

declared_detector!(PersonaMismatch, "persona");

impl PersonaMismatch {
    /// With the rules of the namespace `persona`, the roles and the matrix of `set`.
    pub fn new(set: &RuleSet) -> Self {
        let declared = Declared::new(set, "persona");
        let role = |id: &str| set.roles.iter().position(|r| r.id == id);
        let mut matrix = BTreeMap::new();
        let mut anyone = BTreeMap::new();
        for persona in &set.personas {
            let Some(seller) = role(&persona.seller.value) else {
                continue;
            };
            if persona.anyone > 0 {
                anyone.insert(seller, persona.anyone);
            }
            for (to, (degree, _)) in &persona.to {
                if let Some(to) = role(to) {
                    matrix.insert((seller, to), *degree);
                }
            }
        }
        Self {
            sells_to_my_role: declared.rule("persona.sells-to-my-role"),
            same_trade: declared.rule("persona.same-trade"),
            lead_generator: declared.rule("persona.lead-generator"),
            thin_profile: declared.rule("persona.thin-profile"),
            reach_without_reach: declared.rule("persona.reach-without-reach"),
            odd_name: declared.rule("persona.odd-name"),
            declared,
            matrix,
            anyone,
        }
    }
}

impl Detector for PersonaMismatch {
    fn rules(&self) -> &[RuleMeta] {
        self.declared.rules()
    }

    fn phrases(&self) -> &[Phrase] {
        self.declared.phrases()
    }

    fn needs(&self) -> Needs {
        Coverage::SENDER
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.declared.inspect(cx, out);
        let Some(sender) = &cx.message().sender else { return };
        let report = |rule: RuleIx, strength: u32, role: usize, out: &mut Findings<'_>| match cx
            .role_evidence(Party::Sender, role)
        {
            Some((field, span)) => out.graded(rule, strength, field, span),
            None => out.fact(rule),
        };
        let theirs = cx.roles(Party::Recipient);
        let mut best: Option<(u8, usize)> = None;
        for seller in cx.roles(Party::Sender).iter() {
            let Some(role) = cx.role(seller) else { continue };
            if &*role.id == "leadgen" {
                report(self.lead_generator, 1000, seller, out);
            }
            if !role.sells {
                continue;
            }
            let known = cx.coverage().contains(Coverage::RECIPIENT);
            let direct = theirs
                .iter()
                .filter_map(|to| self.matrix.get(&(seller, to)).copied())
                .max();
            let degree = direct
                .or_else(|| self.anyone.get(&seller).copied().filter(|_| known))
                .unwrap_or(0);
            if best.is_none_or(|(d, _)| degree > d) && degree > 0 {
                best = Some((degree, seller));
            }
            // Coach to coach: the founding complaint.
            let same = theirs
                .iter()
                .filter_map(|r| cx.role(r))
                .any(|r| r.family == role.family && r.sells);
            if same {
                report(self.same_trade, 1000, seller, out);
            }
        }
        if let Some((degree, seller)) = best {
            let strength = match degree {
                1 => 250,
                2 => 600,
                _ => 1000,
            };
            report(self.sells_to_my_role, strength, seller, out);
        }
        // Sells reach, has none.
        let sells_reach = cx.has_role(Party::Sender, "coach-linkedin") || cx.has_role(Party::Sender, "coach-sales");
        let reach = sender.followers.or(sender.connections);
        if let Some(reach) = reach.filter(|n| sells_reach && *n < 200) {
            out.fact_value(self.reach_without_reach, "sender.followers", reach.into());
        }
        // An unverified or thin profile is a doubt, never "fake" as a fact; each sign alone says nothing.
        let few = sender.connections.is_some_and(|n| n < 30);
        let young = sender.account_age_days.is_some_and(|d| d < 60);
        let bare = sender.headline.as_ref().is_some_and(|h| h.trim().is_empty());
        let signs = u32::from(few) + u32::from(young) + u32::from(bare);
        if signs >= 2 && sender.verified != Some(true) {
            let value = sender.connections.unwrap_or(0);
            out.graded_fact(self.thin_profile, (signs - 1) * 500, "sender.connections", value.into());
        }
        // A display name with digits or a web address is a brand or a script. No other property of a name is looked at.
        if let Some(name) = &sender.name
            && (name.chars().filter(char::is_ascii_digit).count() >= 3
                || name.contains("www.")
                || name.contains(".com"))
        {
            out.fact(self.odd_name);
        }
    }
}
