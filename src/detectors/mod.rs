//! The built-in detectors.
//!
//! Each owns one namespace of a rule set. Phrases and conditions come from the rule files; what phrases cannot say is
//! computed here and reported under rules that the files declare with `computed = true`.

mod automation_fingerprint;
mod campaign;
mod common_ground;
pub(crate) mod generic_request;
mod hosts;
mod persona_mismatch;
mod sales_phrase;
pub(crate) mod wording;

use std::sync::Arc;

pub use self::automation_fingerprint::AutomationFingerprint;
pub use self::campaign::Campaign;
pub use self::common_ground::CommonGround;
pub use self::generic_request::GenericRequest;
pub use self::persona_mismatch::PersonaMismatch;
pub use self::sales_phrase::SalesPhrase;
pub use self::wording::Wording;
use crate::detector::{Context, Detector, Findings};
use crate::rule::{Phrase, RuleIx, RuleMeta, Target};
use crate::ruleset::{Condition, RuleSet, TextCounts};

/// The detectors for all namespaces of a rule set, in the order of the namespaces.
pub(crate) fn of_rule_set(set: &RuleSet) -> Vec<Box<dyn Detector>> {
    set.namespaces()
        .iter()
        .map(|namespace| -> Box<dyn Detector> {
            match namespace.as_str() {
                "generic" => Box::new(GenericRequest::new(set)),
                "sales" => Box::new(SalesPhrase::new(set)),
                "automation" => Box::new(AutomationFingerprint::new(set)),
                "persona" => Box::new(PersonaMismatch::new(set)),
                "mitigation" => Box::new(CommonGround::new(set)),
                "campaign" => Box::new(Campaign::new(set)),
                "wording" => Box::new(Wording::new(set)),
                other => Box::new(Declared::new(set, other)),
            }
        })
        .collect()
}

/// The rules of one namespace as the rule files declare them: a detector that needs no Rust.
pub(crate) struct Declared {
    metas: Vec<RuleMeta>,
    phrases: Vec<Phrase>,
    /// Conditions of each rule that has any, and whether it has phrases too.
    conditions: Vec<(RuleIx, Vec<Condition>, bool)>,
    /// Rules whose phrases count only while their conditions hold.
    conditional: Vec<bool>,
}

impl Declared {
    pub(crate) fn new(set: &RuleSet, namespace: &str) -> Self {
        let lists = Arc::new(set.word_lists());
        let mut this = Self {
            metas: Vec::new(),
            phrases: Vec::new(),
            conditions: Vec::new(),
            conditional: Vec::new(),
        };
        for item in set
            .rules
            .iter()
            .filter(|r| crate::rule::namespace(&r.id) == namespace && r.enabled)
        {
            let ix = RuleIx::new(this.metas.len() as u32);
            for text in &item.phrases {
                this.phrases.push(Phrase {
                    target: Target::Rule(ix),
                    text: text.value.clone().into(),
                    fields: item.fields,
                    lang: item.lang,
                    lists: Some(Arc::clone(&lists)),
                });
            }
            this.conditional.push(!item.when.is_empty() && !item.phrases.is_empty());
            if !item.when.is_empty() {
                this.conditions.push((ix, item.when.clone(), !item.phrases.is_empty()));
            }
            this.metas.push(RuleMeta {
                id: item.id.clone().into(),
                group: item.group.value.clone().into(),
                weight: item.weight.value,
                summary: item.summary.clone().into(),
                advice: item.advice.clone().map(Into::into),
                unless: item.unless.iter().map(|u| u.value.clone().into()).collect(),
                decisive: item.decisive,
                count: item.count,
                lang: item.lang,
                min_words: item.min_words,
                status: item.status,
                declared: true,
            });
        }
        this
    }

    /// The index of a rule, or one that nothing is reported under if the rule is off.
    pub(crate) fn rule(&self, id: &str) -> RuleIx {
        RuleIx::new(
            self.metas
                .iter()
                .position(|m| m.id == id)
                .map_or(u32::MAX, |i| i as u32),
        )
    }
}

impl Detector for Declared {
    fn rules(&self) -> &[RuleMeta] {
        &self.metas
    }

    fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        let counts = TextCounts {
            words: cx.stats().words,
            links: cx.stats().links,
        };
        let holds = |conditions: &[Condition]| conditions.iter().all(|c| c.holds(cx.message(), counts) == Some(true));
        for hit in cx.hits() {
            let Some(Target::Rule(rule)) = cx.target(hit) else {
                continue;
            };
            if self.conditional.get(rule.get()) == Some(&true) {
                let met = self
                    .conditions
                    .iter()
                    .find(|(r, ..)| *r == rule)
                    .is_some_and(|(_, c, _)| holds(c));
                if !met {
                    continue;
                }
            }
            out.hit_in(rule, hit.field, hit.span);
        }
        for (rule, conditions, has_phrases) in &self.conditions {
            if !has_phrases && holds(conditions) {
                match conditions.first().and_then(|c| c.shown(cx.message(), counts)) {
                    Some((name, value)) => out.fact_value(*rule, name, value),
                    None => out.fact(*rule),
                }
            }
        }
    }
}

/// The part of a built-in detector that every one has.
macro_rules! declared_detector {
    ($type:ident, $namespace:literal) => {
        impl $type {
            /// With the rules of the built-in set.
            #[cfg(feature = "builtin")]
            pub fn builtin() -> Self {
                Self::new(&crate::RuleSet::builtin())
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))
                    .field("namespace", &$namespace)
                    .finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use declared_detector;
