//! From a tree of values to the items of a rule set; every problem becomes a diagnostic, the rest is kept.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::RuleSet;
use super::condition::{Condition, FACTS, Fact, Test};
use super::diagnostic::{Code, Diagnostic, Origin, Source};
use super::item::{
    Change, ComboItem, Example, GroupItem, GroupKind, ListItem, OverrideItem, PersonaItem, Placed, ProfileItem,
    RoleItem, RuleItem, Term,
};
use super::node::{self, Key, Node, Value};
use crate::coverage::Coverage;
use crate::message::{self, Message};
use crate::rule::{Count, Status, Weight, is_rule_id};
use crate::span::FieldSet;
use crate::text::Lang;

/// Reads one file. What could be read is in the set, what could not is in the diagnostics.
pub(super) fn read(source: Arc<Source>) -> (RuleSet, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let root = node::read(&source, &mut diagnostics);
    let reader = Reader {
        source,
        diagnostics: RefCell::new(diagnostics),
    };
    let set = reader.set(&root);
    let mut diagnostics = reader.diagnostics.into_inner();
    if diagnostics.iter().any(|d| d.code == Code::Syntax) {
        // What the parser guessed behind a slip of syntax is not worth complaining about.
        diagnostics.retain(|d| d.code == Code::Syntax);
    }
    diagnostics.sort_by_key(|d| d.span.start);
    (set, diagnostics)
}

struct Reader {
    source: Arc<Source>,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

/// A table being read: which of its keys have been asked for.
struct Table<'r> {
    reader: &'r Reader,
    at: Origin,
    entries: &'r [(Key, Node)],
    asked: RefCell<Vec<&'static str>>,
}

impl Reader {
    fn origin(&self, span: &std::ops::Range<usize>) -> Origin {
        Origin {
            source: Arc::clone(&self.source),
            span: span.clone(),
        }
    }

    fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    fn table<'r>(&'r self, node: &'r Node) -> Option<Table<'r>> {
        let Value::Table(entries) = &node.value else {
            let at = self.origin(&node.span);
            self.report(Diagnostic::error(
                Code::WrongValue,
                &at,
                format!("expected a table, found {}", node.value.kind()),
            ));
            return None;
        };
        // A header such as [[rule]] spans the header line; messages about the whole table point there.
        Some(Table {
            reader: self,
            at: self.origin(&node.span),
            entries,
            asked: RefCell::default(),
        })
    }

    fn set(&self, root: &Node) -> RuleSet {
        let mut set = RuleSet::empty();
        set.sources.push(Arc::clone(&self.source));
        let Some(root) = self.table(root) else { return set };
        if let Some(format) = root.number("format")
            && format.value != 1
        {
            self.report(
                Diagnostic::error(
                    Code::WrongValue,
                    &format.at,
                    format!("format {} is not known", format.value),
                )
                .help("this version of huckster reads format 1"),
            );
        }
        if let Some(node) = root.get("set")
            && let Some(table) = self.table(node)
        {
            set.name = table.text("name").map(|n| n.value).unwrap_or_default();
            set.version = table.text("version").map(|v| v.value).unwrap_or_default();
            let _ = table.text("language");
            let _ = table.text("notes");
            table.finish();
        }
        set.groups = self.each(&root, "group", Self::group);
        set.lists = self.each(&root, "list", Self::list);
        set.roles = self.each(&root, "role", Self::role);
        set.personas = self.each(&root, "persona", Self::persona);
        set.rules = self.each(&root, "rule", Self::rule);
        set.combos = self.each(&root, "combo", Self::combo);
        set.profiles = self.each(&root, "profile", Self::profile);
        set.overrides = self.each(&root, "override", Self::change);
        root.finish();
        set
    }

    fn each<T>(&self, root: &Table<'_>, key: &'static str, read: impl Fn(&Self, &Table<'_>) -> Option<T>) -> Vec<T> {
        let Some(node) = root.get(key) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            let at = self.origin(&node.span);
            self.report(
                Diagnostic::error(
                    Code::WrongValue,
                    &at,
                    format!("`{key}` must be a list of tables, found {}", node.value.kind()),
                )
                .help(format!("write it as [[{key}]]")),
            );
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| {
                let table = self.table(item)?;
                let read = read(self, &table);
                table.finish();
                read
            })
            .collect()
    }

    fn group(&self, table: &Table<'_>) -> Option<GroupItem> {
        let id = table.required_text("id");
        let knee = table.weight("knee");
        let cap = table.weight("cap");
        let slope = table.weight("slope").map_or(250, |w| w.value.as_milli());
        let summary = table.text("summary").map(|s| s.value);
        let kind = match table.text("kind") {
            Some(kind) if kind.value == "mitigation" => GroupKind::Mitigation,
            Some(kind) if kind.value != "suspicion" => {
                self.report(
                    Diagnostic::error(
                        Code::WrongValue,
                        &kind.at,
                        format!("there is no kind of group `{}`", kind.value),
                    )
                    .help("use `suspicion` or `mitigation`"),
                );
                return None;
            }
            _ => GroupKind::Suspicion,
        };
        let (id, knee) = (id?, knee?);
        let cap = cap.map_or(Weight::milli(i32::MAX), |c| c.value);
        if knee.value < Weight::ZERO || cap < knee.value || !(0..=1000).contains(&slope) {
            self.report(Diagnostic::error(
                Code::WrongValue,
                &table.at,
                "the limits of a group must be 0 <= knee <= cap, and 0 <= slope <= 1",
            ));
            return None;
        }
        Some(GroupItem {
            summary: summary.unwrap_or_else(|| id.value.clone()),
            id: id.value,
            kind,
            knee: knee.value,
            cap,
            slope: slope as u32,
            at: table.at.clone(),
        })
    }

    fn list(&self, table: &Table<'_>) -> Option<ListItem> {
        let id = table.required_text("id");
        let item = ListItem {
            words: table.texts("words"),
            add: table.texts("add"),
            drop: table.texts("drop"),
            id: id?.value,
            at: table.at.clone(),
        };
        if item.words.is_empty() && item.add.is_empty() && item.drop.is_empty() {
            self.report(Diagnostic::error(
                Code::MissingKey,
                &item.at,
                format!("the list `{}` has no `words`", item.id),
            ));
            return None;
        }
        Some(item)
    }

    fn role(&self, table: &Table<'_>) -> Option<RoleItem> {
        let id = table.required_text("id");
        let phrases = table.texts("phrases");
        let item = RoleItem {
            name: table
                .text("name")
                .map_or_else(|| id.as_ref().map_or(String::new(), |i| i.value.clone()), |n| n.value),
            family: table
                .text("family")
                .map_or_else(|| id.as_ref().map_or(String::new(), |i| i.value.clone()), |n| n.value),
            sells: table.bool("sells").unwrap_or(false),
            hits: table.texts("hits"),
            misses: table.texts("misses"),
            phrases,
            id: id?.value,
            at: table.at.clone(),
        };
        let _ = table.text("notes");
        Some(item)
    }

    fn persona(&self, table: &Table<'_>) -> Option<PersonaItem> {
        let seller = table.required_text("seller");
        let degree = |node: &Node| -> Option<u8> {
            match &node.value {
                Value::Number(n) if matches!(n.as_str(), "1" | "2" | "3") => n.parse().ok(),
                _ => {
                    let at = self.origin(&node.span);
                    self.report(Diagnostic::error(
                        Code::WrongValue,
                        &at,
                        "expected 1 (sometimes), 2 (common) or 3 (usual)",
                    ));
                    None
                }
            }
        };
        let mut to = BTreeMap::new();
        if let Some(node) = table.get("to")
            && let Some(columns) = self.table(node)
        {
            for (key, node) in columns.entries {
                if let Some(n) = degree(node) {
                    to.insert(key.name.clone(), (n, self.origin(&key.span)));
                }
            }
        }
        let anyone = table.get("anyone").and_then(degree).unwrap_or(0);
        Some(PersonaItem {
            seller: seller?,
            to,
            anyone,
        })
    }

    fn rule(&self, table: &Table<'_>) -> Option<RuleItem> {
        let id = table.required_text("id");
        if let Some(id) = &id
            && !is_rule_id(&id.value)
        {
            self.report(
                Diagnostic::error(Code::BadId, &id.at, format!("`{}` is not a rule id", id.value))
                    .help("write it as namespace.kebab-name, in lower case, such as acme.call-ask"),
            );
            // Read on, so that all problems of the rule show at once.
        }
        let group = table.required_text("group");
        let weight = table.required_weight("weight");
        let summary = table.required_text("summary");
        let phrases = table.texts("phrases");
        let when = self.when(table);
        let computed = table.bool("computed").unwrap_or(false);
        let unless = table.texts("unless");
        let (hits, misses) = (self.examples(table, "hits"), self.examples(table, "misses"));
        let (lang, fields, status, count) = (
            self.lang(table),
            self.fields(table),
            self.status(table),
            self.count(table),
        );
        let (advice, notes) = (table.text("advice"), table.text("notes"));
        let (since, renamed_from) = (table.text("since"), table.text("renamed-from"));
        let decisive = table.bool("decisive").unwrap_or(false);
        let enabled = table.bool("enabled").unwrap_or(true);
        let min_words = table
            .number("min-words")
            .and_then(|n| u32::try_from(n.value).ok())
            .unwrap_or(0);
        let id = id?;
        if phrases.is_empty() && when.is_empty() && !computed && (table.has("phrases") || table.has("when")) {
            // What is wrong with them has been said, unless the list is empty.
            if table.has("phrases") && !table.has("when") && self.diagnostics.borrow().is_empty() {
                self.report(Diagnostic::error(
                    Code::MissingKey,
                    &id.at,
                    format!("`phrases` of `{}` is empty", id.value),
                ));
            }
            return None;
        }
        if !table.has("phrases") && !table.has("when") && !computed {
            self.report(
                Diagnostic::error(
                    Code::MissingKey,
                    &id.at,
                    format!("the rule `{}` has neither `phrases` nor `when`", id.value),
                )
                .help("a rule that a detector written in Rust reports says `computed = true`"),
            );
            return None;
        }
        Some(RuleItem {
            hand_weight: None,
            group: group?,
            weight: weight?,
            summary: summary?.value,
            advice: advice.map(|a| a.value),
            notes: notes.map(|n| n.value),
            since: since.map(|s| s.value),
            renamed_from: renamed_from.map(|s| s.value),
            phrases,
            when,
            unless,
            hits,
            misses,
            lang,
            fields,
            status,
            decisive,
            count,
            min_words,
            computed,
            enabled,
            at: id.at.clone(),
            id: is_rule_id(&id.value).then_some(id.value)?,
        })
    }

    fn when(&self, table: &Table<'_>) -> Vec<Condition> {
        let Some(node) = table.get("when") else {
            return Vec::new();
        };
        let Some(conditions) = self.table(node) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (key, node) in conditions.entries {
            let Some(fact) = Fact::from_name(&key.name) else {
                let at = self.origin(&key.span);
                self.report(
                    Diagnostic::error(Code::UnknownReference, &at, format!("there is no fact `{}`", key.name))
                        .did_you_mean(&key.name, FACTS.iter().copied()),
                );
                continue;
            };
            let test = match &node.value {
                Value::Bool(yes) => Ok(Test::Is(*yes)),
                Value::Number(n) => n
                    .parse()
                    .map(|n| Test::Compare(super::condition::Comparison::Equal, n))
                    .map_err(|_| "facts are whole numbers".to_owned()),
                Value::Text(text) => Condition::parse_test(text),
                other => Err(format!(
                    "expected true, false, a number or a comparison, found {}",
                    other.kind()
                )),
            };
            match test {
                Ok(test) => out.push(Condition { fact, test }),
                Err(message) => {
                    self.report(Diagnostic::error(Code::WrongValue, &self.origin(&node.span), message));
                }
            }
        }
        out
    }

    fn examples(&self, table: &Table<'_>, key: &'static str) -> Vec<Example> {
        let Some(node) = table.get(key) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            table.wrong(node, "a list of examples");
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| {
                let at = self.origin(&item.span);
                let message = match &item.value {
                    Value::Text(text) => Message::text(text.clone()),
                    Value::Table(_) => {
                        self.check_message_keys(item, "");
                        match Message::deserialize(item) {
                            Ok(message) => message.into_owned(),
                            Err(error) => {
                                self.report(Diagnostic::error(
                                    Code::WrongValue,
                                    &at,
                                    format!("not a message: {error}"),
                                ));
                                return None;
                            }
                        }
                    }
                    other => {
                        self.report(Diagnostic::error(
                            Code::WrongValue,
                            &at,
                            format!("an example is a text or a message table, found {}", other.kind()),
                        ));
                        return None;
                    }
                };
                Some(Example { message, at })
            })
            .collect()
    }

    fn check_message_keys(&self, node: &Node, path: &str) {
        match &node.value {
            Value::Table(entries) => {
                let Some(known) = message::known_keys(path) else { return };
                for (key, value) in entries {
                    if known.contains(&key.name.as_str()) {
                        let inner = if path.is_empty() {
                            key.name.clone()
                        } else {
                            format!("{path}.{}", key.name)
                        };
                        self.check_message_keys(value, &inner);
                    } else {
                        let at = self.origin(&key.span);
                        self.report(
                            Diagnostic::error(Code::UnknownKey, &at, format!("a message has no `{}` here", key.name))
                                .did_you_mean(&key.name, known.iter().copied()),
                        );
                    }
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.check_message_keys(item, path)),
            _ => {}
        }
    }

    fn lang(&self, table: &Table<'_>) -> Option<Lang> {
        let lang = table.text("lang")?;
        match Lang::from_code(&lang.value) {
            Lang::Unknown | Lang::Other => {
                self.report(
                    Diagnostic::error(
                        Code::WrongValue,
                        &lang.at,
                        format!("the language `{}` cannot be told apart", lang.value),
                    )
                    .help("known are en, de, fr, es, pt, it and nl; without `lang` a rule speaks in all languages"),
                );
                None
            }
            known => Some(known),
        }
    }

    fn fields(&self, table: &Table<'_>) -> FieldSet {
        let names = table.texts("fields");
        if names.is_empty() {
            return FieldSet::MESSAGE;
        }
        names.iter().fold(FieldSet::NONE, |all, name| {
            match FieldSet::NAMES.iter().find(|(known, _)| *known == name.value) {
                Some((_, one)) => all.union(*one),
                None => {
                    self.report(
                        Diagnostic::error(
                            Code::UnknownReference,
                            &name.at,
                            format!("there is no field `{}`", name.value),
                        )
                        .did_you_mean(&name.value, FieldSet::NAMES.iter().map(|(n, _)| *n)),
                    );
                    all
                }
            }
        })
    }

    fn status(&self, table: &Table<'_>) -> Status {
        let Some(status) = table.text("status") else {
            return Status::Stable;
        };
        match status.value.as_str() {
            "stable" => Status::Stable,
            "preview" => Status::Preview,
            "deprecated" => Status::Deprecated,
            other => {
                self.report(
                    Diagnostic::error(Code::WrongValue, &status.at, format!("there is no status `{other}`"))
                        .help("use `stable`, `preview` or `deprecated`"),
                );
                Status::Stable
            }
        }
    }

    fn count(&self, table: &Table<'_>) -> Count {
        let Some(node) = table.get("count") else {
            return Count::Once;
        };
        match &node.value {
            Value::Text(text) if text == "once" => Count::Once,
            Value::Table(_) => {
                let Some(count) = self.table(node) else {
                    return Count::Once;
                };
                let max = count.number("max").and_then(|n| u32::try_from(n.value).ok());
                let step = count
                    .weight("step")
                    .and_then(|w| u32::try_from(w.value.as_milli()).ok());
                count.finish();
                match (max, step) {
                    (Some(max @ 1..=100), Some(step @ 0..=1000)) => Count::Repeat { max, step },
                    _ => {
                        let at = self.origin(&node.span);
                        self.report(Diagnostic::error(
                            Code::WrongValue,
                            &at,
                            "`count` needs `max` from 1 to 100 and `step` from 0 to 1",
                        ));
                        Count::Once
                    }
                }
            }
            _ => {
                table.wrong(node, "\"once\" or { max = 3, step = 0.5 }");
                Count::Once
            }
        }
    }

    fn combo(&self, table: &Table<'_>) -> Option<ComboItem> {
        let id = table.required_text("id");
        let weight = table.required_weight("weight");
        let summary = table.text("summary");
        let group = table.required_text("group");
        let terms = |key: &'static str| -> Vec<Placed<Term>> {
            table
                .texts(key)
                .into_iter()
                .filter_map(|text| self.term(text))
                .collect()
        };
        let (all, any, none) = (terms("all"), terms("any"), terms("none"));
        let _ = table.text("notes");
        let id = id?;
        if !is_rule_id(&id.value) {
            self.report(
                Diagnostic::error(Code::BadId, &id.at, format!("`{}` is not a combo id", id.value))
                    .help("write it as namespace.kebab-name, in lower case"),
            );
            return None;
        }
        if all.is_empty() && any.is_empty() {
            self.report(Diagnostic::error(
                Code::MissingKey,
                &id.at,
                format!("the combo `{}` needs `all` or `any`", id.value),
            ));
            return None;
        }
        Some(ComboItem {
            hand_weight: None,
            group: group?,
            weight: weight?,
            summary: summary.map_or_else(|| id.value.clone(), |s| s.value),
            all,
            any,
            none,
            at: id.at.clone(),
            id: id.value,
        })
    }

    fn term(&self, text: Placed<String>) -> Option<Placed<Term>> {
        let value = if let Some(group) = text.value.strip_prefix("group:") {
            Term::Group(group.to_owned())
        } else if let Some(name) = text.value.strip_prefix("known:") {
            match Coverage::from_name(name) {
                Some(coverage) => Term::Known(coverage),
                None => {
                    self.report(
                        Diagnostic::error(
                            Code::UnknownReference,
                            &text.at,
                            format!("no coverage is called `{name}`"),
                        )
                        .did_you_mean(name, Coverage::NAMES.iter().map(|(n, _)| *n)),
                    );
                    return None;
                }
            }
        } else {
            Term::Id(text.value)
        };
        Some(Placed { value, at: text.at })
    }

    fn profile(&self, table: &Table<'_>) -> Option<ProfileItem> {
        let mut coverage = Coverage::NONE;
        for name in table.texts("coverage") {
            match Coverage::from_name(&name.value) {
                Some(one) => coverage = coverage.union(one),
                None => self.report(
                    Diagnostic::error(
                        Code::UnknownReference,
                        &name.at,
                        format!("no coverage is called `{}`", name.value),
                    )
                    .did_you_mean(&name.value, Coverage::NAMES.iter().map(|(n, _)| *n)),
                ),
            }
        }
        let prior = table.required_weight("prior");
        let slope = table.weight("calibration-slope");
        let offset = table.weight("calibration-offset");
        Some(ProfileItem {
            coverage,
            prior: prior?.value,
            calibration: slope.zip(offset).map(|(a, b)| (a.value, b.value)),
            at: table.at.clone(),
        })
    }

    fn change(&self, table: &Table<'_>) -> Option<OverrideItem> {
        let id = table.required_text("id");
        let weight = table.get("weight").and_then(|node| match &node.value {
            Value::Text(text) if text.starts_with(['+', '-']) => self.parse_weight(text, node).map(|value| {
                Change::By(Placed {
                    value,
                    at: self.origin(&node.span),
                })
            }),
            Value::Number(text) => self.parse_weight(text, node).map(|value| {
                Change::To(Placed {
                    value,
                    at: self.origin(&node.span),
                })
            }),
            _ => {
                table.wrong(node, "a number, or a text such as \"+0.2\"");
                None
            }
        });
        let enabled = table.bool("enabled");
        let status = table.has("status").then(|| self.status(table));
        let (add, drop) = (table.texts("add"), table.texts("drop"));
        Some(OverrideItem {
            id: id?,
            weight,
            enabled,
            status,
            add,
            drop,
        })
    }

    fn parse_weight(&self, text: &str, node: &Node) -> Option<Weight> {
        match text.replace('_', "").parse() {
            Ok(weight) => Some(weight),
            Err(error) => {
                let at = self.origin(&node.span);
                self.report(Diagnostic::error(Code::BadWeight, &at, format!("`{text}`: {error}")));
                None
            }
        }
    }
}

impl Table<'_> {
    fn get(&self, key: &'static str) -> Option<&Node> {
        self.asked.borrow_mut().push(key);
        self.entries.iter().find(|(k, _)| k.name == key).map(|(_, node)| node)
    }

    fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(k, _)| k.name == key)
    }

    fn wrong(&self, node: &Node, expected: &str) {
        let at = self.reader.origin(&node.span);
        let message = format!("expected {expected}, found {}", node.value.kind());
        self.reader.report(Diagnostic::error(Code::WrongValue, &at, message));
    }

    fn placed<T>(&self, node: &Node, value: T) -> Placed<T> {
        Placed {
            value,
            at: self.reader.origin(&node.span),
        }
    }

    fn text(&self, key: &'static str) -> Option<Placed<String>> {
        let node = self.get(key)?;
        match &node.value {
            Value::Text(text) => Some(self.placed(node, text.clone())),
            _ => {
                self.wrong(node, "a text");
                None
            }
        }
    }

    fn missing(&self, key: &str) {
        let message = format!("`{key}` is missing");
        self.reader
            .report(Diagnostic::error(Code::MissingKey, &self.at, message));
    }

    fn required_text(&self, key: &'static str) -> Option<Placed<String>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.text(key)
    }

    fn bool(&self, key: &'static str) -> Option<bool> {
        let node = self.get(key)?;
        match node.value {
            Value::Bool(yes) => Some(yes),
            _ => {
                self.wrong(node, "true or false");
                None
            }
        }
    }

    fn number(&self, key: &'static str) -> Option<Placed<i64>> {
        let node = self.get(key)?;
        match &node.value {
            Value::Number(text) => text
                .replace('_', "")
                .parse()
                .ok()
                .map(|n| self.placed(node, n))
                .or_else(|| {
                    self.wrong(node, "a whole number");
                    None
                }),
            _ => {
                self.wrong(node, "a whole number");
                None
            }
        }
    }

    fn weight(&self, key: &'static str) -> Option<Placed<Weight>> {
        let node = self.get(key)?;
        match &node.value {
            Value::Number(text) => self.reader.parse_weight(text, node).map(|w| self.placed(node, w)),
            _ => {
                self.wrong(node, "a number");
                None
            }
        }
    }

    fn required_weight(&self, key: &'static str) -> Option<Placed<Weight>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.weight(key)
    }

    fn texts(&self, key: &'static str) -> Vec<Placed<String>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            self.wrong(node, "a list of texts");
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| match &item.value {
                Value::Text(text) => Some(self.placed(item, text.clone())),
                _ => {
                    self.wrong(item, "a text");
                    None
                }
            })
            .collect()
    }

    /// Reports the keys that nothing asked for.
    fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries {
            if !asked.contains(&key.name.as_str()) {
                let at = self.reader.origin(&key.span);
                self.reader.report(
                    Diagnostic::error(
                        Code::UnknownKey,
                        &at,
                        format!("the key `{}` is not known here", key.name),
                    )
                    .did_you_mean(&key.name, asked.iter().copied()),
                );
            }
        }
    }
}
