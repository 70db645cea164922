//! Checks that need the whole set: references, duplicates, signs, phrases, circles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::RuleSet;
use super::diagnostic::{Code, Diagnostic, Origin};
use super::item::{GroupKind, Placed, Term};
use crate::phrase;
use crate::rule::Weight;

impl RuleSet {
    /// Everything that makes the set unusable (errors) or worth a second look (warnings), without running examples.
    ///
    /// Takes time linear in the size of the set. [`RuleSet::check`] does this and runs the examples too.
    pub fn validate(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        self.duplicates(&mut out);
        self.references(&mut out);
        self.phrases(&mut out);
        self.combo_order(&mut out);
        for change in &self.overrides {
            // Overrides that were applied are gone; these have nothing below them.
            let id = &change.id.value;
            match self.rules.iter().any(|r| r.id == *id) {
                true => out.push(
                    Diagnostic::warning(
                        Code::DeadOverride,
                        &change.id.at,
                        format!("`{id}` is overridden in its own set"),
                    )
                    .help("overrides change the set below; lay this file over it"),
                ),
                false => out.push(
                    Diagnostic::error(
                        Code::DeadOverride,
                        &change.id.at,
                        format!("there is no rule `{id}` to override"),
                    )
                    .help("lay this file over the set that has the rule"),
                ),
            }
        }
        out
    }

    fn duplicates(&self, out: &mut Vec<Diagnostic>) {
        let mut twice = |what: &str, items: &mut dyn Iterator<Item = (&str, &Origin)>| {
            let mut seen: HashMap<String, &Origin> = HashMap::new();
            for (id, at) in items {
                if let Some(first) = seen.get(id) {
                    out.push(
                        Diagnostic::error(Code::BadId, at, format!("the {what} `{id}` is defined twice"))
                            .help(format!("it is also defined at {first}")),
                    );
                } else {
                    seen.insert(id.to_owned(), at);
                }
            }
        };
        let rules = self.rules.iter().map(|r| (r.id.as_str(), &r.at));
        twice(
            "rule",
            &mut rules.chain(self.combos.iter().map(|c| (c.id.as_str(), &c.at))),
        );
        twice("group", &mut self.groups.iter().map(|g| (g.id.as_str(), &g.at)));
        twice("list", &mut self.lists.iter().map(|l| (l.id.as_str(), &l.at)));
        twice("role", &mut self.roles.iter().map(|r| (r.id.as_str(), &r.at)));
        let profiles: Vec<(String, &Origin)> = self.profiles.iter().map(|p| (p.coverage.to_string(), &p.at)).collect();
        twice("profile", &mut profiles.iter().map(|(c, at)| (c.as_str(), *at)));
        if let Some(role) = self.roles.get(64) {
            out.push(Diagnostic::error(
                Code::WrongValue,
                &role.at,
                "a set may have at most 64 roles",
            ));
        }
    }

    fn references(&self, out: &mut Vec<Diagnostic>) {
        let groups: BTreeMap<&str, GroupKind> = self.groups.iter().map(|g| (g.id.as_str(), g.kind)).collect();
        let ids: BTreeSet<&str> = self
            .rules
            .iter()
            .map(|r| r.id.as_str())
            .chain(self.combos.iter().map(|c| c.id.as_str()))
            .collect();
        let roles: BTreeSet<&str> = self.roles.iter().map(|r| r.id.as_str()).collect();
        let unknown = |what: &str, name: &Placed<String>, known: &mut dyn Iterator<Item = &str>| {
            Diagnostic::error(
                Code::UnknownReference,
                &name.at,
                format!("there is no {what} `{}`", name.value),
            )
            .did_you_mean(&name.value, known)
        };
        let weights = self.rules.iter().map(|r| (&r.group, &r.weight));
        for (group, weight) in weights.chain(self.combos.iter().map(|c| (&c.group, &c.weight))) {
            match groups.get(group.value.as_str()) {
                None => out.push(unknown("group", group, &mut groups.keys().copied())),
                Some(GroupKind::Suspicion) if weight.value < Weight::ZERO => out.push(
                    Diagnostic::error(
                        Code::SignAgainstGroup,
                        &weight.at,
                        "a rule of a suspicion group weighs more than 0",
                    )
                    .help("rules that clear a sender belong to a group of kind `mitigation`"),
                ),
                Some(GroupKind::Mitigation) if weight.value > Weight::ZERO => {
                    out.push(Diagnostic::error(
                        Code::SignAgainstGroup,
                        &weight.at,
                        "a rule of a mitigation group weighs less than 0",
                    ));
                }
                Some(_) => {}
            }
        }
        for rule in &self.rules {
            for id in &rule.unless {
                if !ids.contains(id.value.as_str()) {
                    out.push(unknown("rule", id, &mut ids.iter().copied()));
                }
            }
            // One rule of a suspicion group this heavy crosses the line from any usual prior.
            if rule.weight.value >= Weight::milli(3000) && !rule.decisive && rule.enabled {
                out.push(
                    Diagnostic::warning(
                        Code::LoneDecliner,
                        &rule.weight.at,
                        format!(
                            "`{}` weighs enough to decline a message alone, but is not `decisive`",
                            rule.id
                        ),
                    )
                    .help(
                        "without a second group the verdict will be review; say `decisive = true` if that is not meant",
                    ),
                );
            }
        }
        for combo in &self.combos {
            for term in combo.all.iter().chain(&combo.any).chain(&combo.none) {
                match &term.value {
                    Term::Id(id) if !ids.contains(id.as_str()) => {
                        let placed = Placed {
                            value: id.clone(),
                            at: term.at.clone(),
                        };
                        out.push(unknown("rule", &placed, &mut ids.iter().copied()));
                    }
                    Term::Group(group) if !groups.contains_key(group.as_str()) => {
                        let placed = Placed {
                            value: group.clone(),
                            at: term.at.clone(),
                        };
                        out.push(unknown("group", &placed, &mut groups.keys().copied()));
                    }
                    _ => {}
                }
            }
        }
        for persona in &self.personas {
            let to = persona.to.iter().map(|(id, (_, at))| Placed {
                value: id.clone(),
                at: at.clone(),
            });
            for role in to.chain([persona.seller.clone()]) {
                if !roles.contains(role.value.as_str()) {
                    out.push(unknown("role", &role, &mut roles.iter().copied()));
                }
            }
        }
    }

    fn phrases(&self, out: &mut Vec<Diagnostic>) {
        let lists = self.word_lists();
        let rules = self.rules.iter().map(|r| (&r.id, &r.phrases));
        for (id, phrases) in rules.chain(self.roles.iter().map(|r| (&r.id, &r.phrases))) {
            let mut seen: HashMap<&str, ()> = HashMap::new();
            for text in phrases {
                if let Err(error) = phrase::check(&text.value, &lists) {
                    out.push(Diagnostic::error(Code::BadPhrase, &text.at, error.to_string()));
                }
                if seen.insert(text.value.as_str(), ()).is_some() {
                    out.push(Diagnostic::warning(
                        Code::DeadPhrase,
                        &text.at,
                        format!("`{id}` has this phrase twice"),
                    ));
                }
            }
            // A plain phrase inside another plain phrase makes the longer one dead. Quadratic only within one rule.
            let plain: Vec<&Placed<String>> = phrases
                .iter()
                .filter(|p| !p.value.contains(['(', '[', '{', '^', '$', '.']))
                .take(500)
                .collect();
            for long in &plain {
                let padded = format!(" {} ", long.value.to_lowercase());
                let inside = plain.iter().find(|short| {
                    short.value.len() < long.value.len()
                        && padded.contains(&format!(" {} ", short.value.to_lowercase()))
                });
                if let Some(short) = inside {
                    out.push(Diagnostic::warning(
                        Code::DeadPhrase,
                        &long.at,
                        format!(
                            "`{}` is found wherever this is, so this phrase adds nothing",
                            short.value
                        ),
                    ));
                }
            }
        }
    }

    /// Combos may refer to combos, but not in a circle.
    fn combo_order(&self, out: &mut Vec<Diagnostic>) {
        if let Err(stuck) = self.combos_in_order() {
            let names: Vec<&str> = stuck.iter().map(|i| self.combos[*i].id.as_str()).collect();
            if let Some(first) = stuck.first() {
                out.push(Diagnostic::error(
                    Code::ComboCycle,
                    &self.combos[*first].at,
                    format!("these combos refer to each other in a circle: {}", names.join(", ")),
                ));
            }
        }
    }

    /// Indexes of the combos, each after those it refers to, otherwise by id; or those that are left in a circle.
    pub(crate) fn combos_in_order(&self) -> Result<Vec<usize>, Vec<usize>> {
        let mut waiting: Vec<usize> = (0..self.combos.len()).collect();
        waiting.sort_by_key(|i| &self.combos[*i].id);
        let mut done: BTreeSet<&str> = BTreeSet::new();
        let mut order = Vec::new();
        let names: BTreeSet<&str> = self.combos.iter().map(|c| c.id.as_str()).collect();
        while !waiting.is_empty() {
            let before = order.len();
            waiting.retain(|&i| {
                let combo = &self.combos[i];
                let ready = combo
                    .all
                    .iter()
                    .chain(&combo.any)
                    .chain(&combo.none)
                    .all(|t| match &t.value {
                        Term::Id(id) => !names.contains(id.as_str()) || done.contains(id.as_str()),
                        _ => true,
                    });
                if ready {
                    done.insert(&combo.id);
                    order.push(i);
                }
                !ready
            });
            if order.len() == before {
                return Err(waiting);
            }
        }
        Ok(order)
    }
}
