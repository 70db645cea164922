//! Layers: a later set changes an earlier one, and says so.

use super::diagnostic::{Code, Diagnostic, RuleSetError};
use super::item::{Change, Placed};
use super::{RESERVED_NAMESPACES, RuleSet};
use crate::rule::namespace;

impl RuleSet {
    /// Lays `over` on top of this set.
    ///
    /// A layer may add rules, combos, lists, roles and groups; replace the limits of a group or a profile's prior; add
    /// words to a list or drop them; and, in `[[override]]` tables, set or shift the weight of a rule, switch it on or
    /// off, add phrases to it or drop single ones. The fingerprint covers the result. The calibration of the set below is
    /// forgotten, since it was made for other rules; a layer may bring its own.
    ///
    /// # Errors
    ///
    /// An override that matches nothing, a rule in a reserved namespace, and everything that makes the result unusable.
    pub fn overlay(mut self, over: Self) -> Result<Self, RuleSetError> {
        let mut diagnostics = Vec::new();
        if self.builtin && !over.builtin {
            for (id, at) in over
                .rules
                .iter()
                .map(|r| (&r.id, &r.at))
                .chain(over.combos.iter().map(|c| (&c.id, &c.at)))
            {
                let space = namespace(id);
                if RESERVED_NAMESPACES.contains(&space) {
                    diagnostics.push(
                        Diagnostic::error(
                            Code::BadId,
                            at,
                            format!("the namespace `{space}` belongs to the built-in rules"),
                        )
                        .help("use a namespace of your own, such as `acme`, or an [[override]]"),
                    );
                }
            }
        }
        self.wording.extend(over.wording);
        for group in over.groups {
            match self.groups.iter_mut().find(|g| g.id == group.id) {
                Some(old) => *old = group,
                None => self.groups.push(group),
            }
        }
        for list in over.lists {
            let Some(old) = self.lists.iter_mut().find(|l| l.id == list.id) else {
                self.lists.push(list);
                continue;
            };
            if !list.words.is_empty() {
                old.words = list.words;
            }
            drop_texts(
                &mut old.words,
                &list.drop,
                &format!("the list `{}`", old.id),
                &mut diagnostics,
            );
            old.words.extend(list.add);
        }
        // A calibration says what a score means under exactly these rules, so it does not outlive a change of them.
        for profile in &mut self.profiles {
            profile.calibration = None;
        }
        for profile in over.profiles {
            match self.profiles.iter_mut().find(|p| p.coverage == profile.coverage) {
                Some(old) => *old = profile,
                None => self.profiles.push(profile),
            }
        }
        for role in over.roles {
            match self.roles.iter_mut().find(|r| r.id == role.id) {
                Some(old) => *old = role,
                None => self.roles.push(role),
            }
        }
        for persona in over.personas {
            match self
                .personas
                .iter_mut()
                .find(|p| p.seller.value == persona.seller.value)
            {
                Some(old) => *old = persona,
                None => self.personas.push(persona),
            }
        }
        self.rules.extend(over.rules);
        self.combos.extend(over.combos);
        self.sources.extend(over.sources);
        for change in over.overrides {
            let id = &change.id.value;
            let at = change.id.at.clone();
            if let Some(combo) = self.combos.iter_mut().find(|c| c.id == *id) {
                match (change.weight, change.enabled) {
                    (Some(Change::To(w)), _) => combo.weight = w,
                    (Some(Change::By(w)), _) => combo.weight.value = combo.weight.value.plus(w.value),
                    (None, Some(false)) => combo.weight.value = crate::rule::Weight::ZERO,
                    (None, _) => {}
                }
                self.changed.entry(id.clone()).or_default().push(at);
                continue;
            }
            let Some(rule) = self
                .rules
                .iter_mut()
                .find(|r| r.id == *id || r.renamed_from.as_deref() == Some(id))
            else {
                diagnostics.push(
                    Diagnostic::error(Code::DeadOverride, &at, format!("there is no rule `{id}` to override"))
                        .did_you_mean(id, self.rules.iter().map(|r| r.id.as_str())),
                );
                continue;
            };
            match change.weight {
                Some(Change::To(weight)) => rule.weight = weight,
                Some(Change::By(delta)) => {
                    rule.weight = Placed {
                        value: rule.weight.value.plus(delta.value),
                        at: delta.at,
                    }
                }
                None => {}
            }
            if let Some(enabled) = change.enabled {
                rule.enabled = enabled;
            }
            if let Some(status) = change.status {
                rule.status = status;
            }
            drop_texts(
                &mut rule.phrases,
                &change.drop,
                &format!("the rule `{}`", rule.id),
                &mut diagnostics,
            );
            rule.phrases.extend(change.add);
            self.changed.entry(rule.id.clone()).or_default().push(at);
        }
        if !over.name.is_empty() {
            self.name = format!("{} + {}", self.name, over.name);
            if !over.version.is_empty() {
                self.version = format!("{} + {}", self.version, over.version);
            }
        }
        diagnostics.extend(self.validate().into_iter().filter(Diagnostic::is_error));
        self.validated = diagnostics.is_empty();
        if self.validated {
            Ok(self)
        } else {
            Err(RuleSetError::new(diagnostics))
        }
    }
}

/// Takes texts out of a list; one that is not there is an error.
fn drop_texts(from: &mut Vec<Placed<String>>, drop: &[Placed<String>], whose: &str, diagnostics: &mut Vec<Diagnostic>) {
    for text in drop {
        let before = from.len();
        from.retain(|t| t.value != text.value);
        if from.len() == before {
            diagnostics.push(
                Diagnostic::error(
                    Code::DeadOverride,
                    &text.at,
                    format!("{whose} has no `{}` to drop", text.value),
                )
                .did_you_mean(&text.value, from.iter().map(|t| t.value.as_str())),
            );
        }
    }
}
