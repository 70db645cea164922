//! Rule sets as data: loading, layering, checking.
//!
//! A rule set is one or more TOML files (or JSON with the same keys). `rules/` in the repository holds the built-in set
//! and is the best example; the keys are described in `CONTRIBUTING.md`.

mod check;
mod condition;
mod diagnostic;
mod fitted;
mod item;
mod layer;
mod node;
mod schema;
#[cfg(feature = "builtin")]
mod stored;
mod validate;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub(crate) use self::condition::{Condition, TextCounts};
pub use self::diagnostic::{Code, Diagnostic, RuleSetError, Severity};
use self::diagnostic::{Origin, Source};
use self::item::{ComboItem, GroupItem, ListItem, OverrideItem, PersonaItem, ProfileItem, RoleItem, RuleItem};
pub(crate) use self::item::{Placed, Term};
use crate::phrase::WordLists;
use crate::rule::{Status, Weight, namespace};
#[cfg(feature = "toml")]
use crate::score::Model;
use crate::wording::WordingModel;

/// In a folder of rules, the file that holds weights instead of rules.
#[cfg(feature = "toml")]
const MODEL_FILE: &str = "model.toml";

/// In a folder of rules, the file that holds the weights of the detector `wording`.
#[cfg(feature = "toml")]
const WORDING_FILE: &str = "wording.model";

/// The namespaces of the built-in rules; other sets may not add to them.
pub const RESERVED_NAMESPACES: &[&str] = &[
    "generic",
    "sales",
    "automation",
    "persona",
    "mitigation",
    "campaign",
    "wording",
    "core",
];

/// A set of rules with everything they need: groups, word lists, roles, combos, priors.
///
/// ```
/// use huckster::{RuleSet, Scorer};
/// let mine = RuleSet::parse("acme.toml", r#"
///     [[rule]]
///     id = "acme.fax"
///     group = "ask"
///     weight = 0.6
///     summary = "Wants to go on by fax"
///     phrases = ["(send|by) [a] fax"]
///     hits = ["May I send a fax?"]
///     misses = ["The fax machine is gone."]
/// "#)?;
/// let scorer = Scorer::builder().rules(RuleSet::builtin().overlay(mine)?).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub(crate) name: String,
    pub(crate) version: String,
    sources: Vec<Arc<Source>>,
    pub(crate) groups: Vec<GroupItem>,
    pub(crate) lists: Vec<ListItem>,
    pub(crate) roles: Vec<RoleItem>,
    pub(crate) personas: Vec<PersonaItem>,
    pub(crate) rules: Vec<RuleItem>,
    pub(crate) combos: Vec<ComboItem>,
    pub(crate) profiles: Vec<ProfileItem>,
    overrides: Vec<OverrideItem>,
    /// What was changed by a layer: rule id to the places of the changes.
    changed: BTreeMap<String, Vec<Origin>>,
    /// The model that the weights come from.
    pub(crate) model: Option<String>,
    /// Wording models; of those that know a language the last one speaks.
    wording: Vec<Arc<WordingModel>>,
    /// Written in this crate: may use the reserved namespaces.
    builtin: bool,
    /// Known to be free of errors, so that a scorer need not look again.
    pub(crate) validated: bool,
}

/// One rule, as it stands after all layers.
#[derive(Clone, Copy, Debug)]
pub struct RuleView<'s> {
    item: &'s RuleItem,
    set: &'s RuleSet,
}

#[cfg(feature = "builtin")]
macro_rules! builtin_files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../../rules/", $name)))),*] };
}

/// The files of the built-in set.
#[cfg(feature = "builtin")]
const BUILTIN: &[(&str, &str)] = builtin_files![
    "groups.toml",
    "lists.en.toml",
    "generic.toml",
    "generic.en.toml",
    "generic.other.toml",
    "sales.toml",
    "sales-offers.en.toml",
    "sales-approach.en.toml",
    "language.de.toml",
    "language.es.toml",
    "language.fr.toml",
    "language.it.toml",
    "language.nl.toml",
    "language.pt.toml",
    "automation.toml",
    "roles.toml",
    "persona.toml",
    "mitigation.toml",
    "mitigation.en.toml",
    "campaign.toml",
    "combos.toml",
    "wording.toml",
];

/// Fitted weights and calibration of the built-in set, made by `huckster fit`.
#[cfg(feature = "builtin")]
const MODEL: &str = include_str!("../../rules/model.toml");

/// The weights of the detector `wording`, made by `huckster fit --wording`.
#[cfg(feature = "builtin")]
const WORDING: &str = include_str!("../../rules/wording.model");

/// Ordinary professional messages, one a line, that a set should let pass.
#[cfg(feature = "builtin")]
const ORDINARY: &str = include_str!("../../rules/ordinary.en.txt");

impl RuleSet {
    /// A set without rules.
    pub fn empty() -> Self {
        Self {
            name: String::new(),
            version: String::new(),
            sources: Vec::new(),
            groups: Vec::new(),
            lists: Vec::new(),
            roles: Vec::new(),
            personas: Vec::new(),
            rules: Vec::new(),
            combos: Vec::new(),
            profiles: Vec::new(),
            overrides: Vec::new(),
            changed: BTreeMap::new(),
            model: None,
            wording: Vec::new(),
            builtin: false,
            validated: false,
        }
    }

    /// The rules of this crate, with fitted weights.
    #[cfg(feature = "builtin")]
    pub fn builtin() -> Self {
        static SET: std::sync::OnceLock<RuleSet> = std::sync::OnceLock::new();
        SET.get_or_init(|| {
            let set = Self::builtin_by_hand();
            // A model for other rules is left out; the tests of this crate see to it that it fits.
            let fitted = Model::parse(MODEL).and_then(|model| set.clone().with_model(&model));
            fitted.unwrap_or(set)
        })
        .clone()
    }

    /// The rules of this crate with the weights that people gave them, without the fitted model.
    #[cfg(feature = "builtin")]
    pub fn builtin_by_hand() -> Self {
        static SET: std::sync::OnceLock<RuleSet> = std::sync::OnceLock::new();
        SET.get_or_init(|| {
            let mut set = Self::empty();
            for (name, text) in BUILTIN {
                // Problems are found by the tests of this crate; a set that lacks a rule still works.
                let (file, _) = schema::read(Arc::new(Source {
                    name: format!("rules/{name}"),
                    text: (*text).to_owned(),
                }));
                set.append(file);
            }
            // One that does not fit leaves the detector silent; the tests of this crate see to it that it fits.
            set.wording = WordingModel::parse(WORDING).into_iter().map(Arc::new).collect();
            "builtin".clone_into(&mut set.name);
            env!("CARGO_PKG_VERSION").clone_into(&mut set.version);
            set.builtin = true;
            // By the tests of this crate.
            set.validated = true;
            set
        })
        .clone()
    }

    /// Reads a set from the text of one file; `name` is used in messages, and a name in `.json` is read as JSON.
    ///
    /// References to groups, lists and rules are checked when the set is layered or used, since they may be in another
    /// layer.
    ///
    /// # Errors
    ///
    /// All problems of the file at once.
    pub fn parse(name: &str, text: &str) -> Result<Self, RuleSetError> {
        let (set, diagnostics) = Self::parse_lenient(name, text);
        if diagnostics.iter().any(Diagnostic::is_error) {
            Err(RuleSetError::new(diagnostics))
        } else {
            Ok(set)
        }
    }

    /// Reads what can be read: each problem costs the rule it is in, not the set.
    pub fn parse_lenient(name: &str, text: &str) -> (Self, Vec<Diagnostic>) {
        let (mut set, diagnostics) = schema::read(Arc::new(Source {
            name: name.to_owned(),
            text: text.to_owned(),
        }));
        if set.name.is_empty() {
            set.name = Path::new(name)
                .file_stem()
                .map_or_else(|| name.to_owned(), |s| s.to_string_lossy().into_owned());
        }
        (set, diagnostics)
    }

    /// Reads a set from several texts, as if they were one file.
    ///
    /// # Errors
    ///
    /// All problems of all files at once.
    pub fn parse_all<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, RuleSetError> {
        let mut all = Vec::new();
        let mut set: Option<Self> = None;
        for (name, text) in files {
            let (file, diagnostics) = Self::parse_lenient(name, text);
            all.extend(diagnostics);
            match &mut set {
                Some(set) => set.append(file),
                None => set = Some(file),
            }
        }
        if all.iter().any(Diagnostic::is_error) {
            Err(RuleSetError::new(all))
        } else {
            Ok(set.unwrap_or_else(Self::empty))
        }
    }

    /// Reads a set from a file, or from all `.toml` and `.json` files of a folder in the order of their names.
    ///
    /// A file called `model.toml` in the folder is a [`Model`] for the rules of the others, one called `wording.model` a
    /// [`WordingModel`].
    ///
    /// # Errors
    ///
    /// All problems of all files; a file that cannot be opened is a problem of its own.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, RuleSetError> {
        let path = path.as_ref();
        let unreadable = |path: &Path, error: std::io::Error| {
            let source = Arc::new(Source {
                name: path.display().to_string(),
                text: String::new(),
            });
            let at = Origin { source, span: 0..0 };
            RuleSetError::new(vec![Diagnostic::error(
                Code::Syntax,
                &at,
                format!("cannot be read: {error}"),
            )])
        };
        let mut paths = vec![path.to_owned()];
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(|e| unreadable(path, e))?;
            paths = entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|p| p.extension().is_some_and(|e| e == "toml" || e == "json"))
                .collect();
            paths.sort();
        }
        #[cfg(feature = "toml")]
        let model = {
            let own = |p: &std::path::PathBuf| path.is_dir() && p.file_name().is_some_and(|n| n == MODEL_FILE);
            paths.iter().position(own).map(|i| paths.remove(i))
        };
        let mut files = Vec::new();
        for path in paths {
            let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
            files.push((path.display().to_string(), text));
        }
        let set = Self::parse_all(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
        #[cfg(feature = "toml")]
        let wording = path.join(WORDING_FILE);
        #[cfg(feature = "toml")]
        let set = if path.is_dir() && wording.is_file() {
            let text = std::fs::read_to_string(&wording).map_err(|e| unreadable(&wording, e))?;
            set.with_wording_file(&wording.display().to_string(), &text)?
        } else {
            set
        };
        #[cfg(feature = "toml")]
        if let Some(path) = model {
            let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
            return set.with_model_file(&path.display().to_string(), &text);
        }
        Ok(set)
    }

    /// Adds everything in `file`; duplicates are found when the set is validated.
    fn append(&mut self, file: Self) {
        self.sources.extend(file.sources);
        self.groups.extend(file.groups);
        self.lists.extend(file.lists);
        self.roles.extend(file.roles);
        self.personas.extend(file.personas);
        self.rules.extend(file.rules);
        self.combos.extend(file.combos);
        self.profiles.extend(file.profiles);
        self.overrides.extend(file.overrides);
        self.wording.extend(file.wording);
        self.builtin &= file.builtin;
        self.validated = false;
    }

    /// The set without the rules, combos and personas of these namespaces; references to them are forgotten.
    pub(crate) fn without(mut self, namespaces: &[String]) -> Self {
        let gone: std::collections::BTreeSet<String> = self
            .rules
            .iter()
            .map(|r| &r.id)
            .chain(self.combos.iter().map(|c| &c.id))
            .filter(|id| namespaces.iter().any(|n| n == namespace(id)))
            .cloned()
            .collect();
        self.rules.retain(|r| !gone.contains(&r.id));
        // A combo that needs what is gone cannot fire any more.
        let is_gone = |t: &Placed<Term>| matches!(&t.value, Term::Id(id) if gone.contains(id));
        self.combos
            .retain(|c| !gone.contains(&c.id) && !c.all.iter().any(is_gone));
        for combo in &mut self.combos {
            combo.any.retain(|t| !is_gone(t));
            combo.none.retain(|t| !is_gone(t));
        }
        self.combos.retain(|c| !(c.all.is_empty() && c.any.is_empty()));
        for rule in &mut self.rules {
            rule.unless.retain(|u| !gone.contains(&u.value));
        }
        self
    }

    /// The set with a wording model laid over those it has: for the languages that it knows it takes their place.
    #[must_use]
    pub fn with_wording(mut self, model: WordingModel) -> Self {
        self.wording.push(Arc::new(model));
        self
    }

    /// The wording models, in the order in which they were laid over each other.
    pub fn wording(&self) -> impl DoubleEndedIterator<Item = &WordingModel> {
        self.wording.iter().map(AsRef::as_ref)
    }

    pub(crate) fn wording_models(&self) -> &[Arc<WordingModel>] {
        &self.wording
    }

    /// The name of the set.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version of the set.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules in the order of their ids.
    pub fn rules(&self) -> impl Iterator<Item = RuleView<'_>> {
        let mut rules: Vec<&RuleItem> = self.rules.iter().collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules.into_iter().map(|item| RuleView { item, set: self })
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<RuleView<'_>> {
        self.rules
            .iter()
            .find(|r| r.id == id)
            .map(|item| RuleView { item, set: self })
    }

    /// The namespaces of the rules, in order.
    pub(crate) fn namespaces(&self) -> Vec<String> {
        let all: std::collections::BTreeSet<&str> = self.rules.iter().map(|r| namespace(&r.id)).collect();
        all.into_iter().map(str::to_owned).collect()
    }

    /// The word lists.
    pub(crate) fn word_lists(&self) -> WordLists {
        let mut lists = WordLists::new();
        for list in &self.lists {
            lists
                .lists
                .insert(list.id.clone(), list.words.iter().map(|w| w.value.clone()).collect());
        }
        lists
    }

    /// A 64-bit hash (FNV-1a) over everything that can change a verdict, in a canonical order.
    ///
    /// Two sets with the same fingerprint give the same verdicts with the same version of this crate.
    pub fn fingerprint(&self) -> String {
        format!("{:016x}", self.hash(true))
    }

    /// The same without weights, priors and limits: what a fitted model is bound to.
    pub fn structure_fingerprint(&self) -> String {
        format!("{:016x}", self.hash(false))
    }

    fn hash(&self, weights: bool) -> u64 {
        let weigh = |w: Weight| if weights { w.as_milli() } else { 0 };
        let mut lines: Vec<String> = Vec::new();
        if weights {
            // What a verdict shows besides numbers.
            lines.push(format!("set\0{}\0{}", self.name, self.version));
            lines.extend(
                self.rules
                    .iter()
                    .map(|r| format!("shown\0{}\0{}\0{:?}", r.id, r.summary, r.advice)),
            );
            lines.extend(self.combos.iter().map(|c| format!("shown\0{}\0{}", c.id, c.summary)));
        }
        for rule in &self.rules {
            let mut phrases: Vec<&str> = rule.phrases.iter().map(|p| p.value.as_str()).collect();
            phrases.sort_unstable();
            let mut unless: Vec<&str> = rule.unless.iter().map(|u| u.value.as_str()).collect();
            unless.sort_unstable();
            lines.push(format!(
                "rule\0{}\0{}\0{}\0{phrases:?}\0{:?}\0{unless:?}\0{:?}\0{}\0{:?}\0{}\0{:?}\0{}\0{}",
                rule.id,
                rule.group.value,
                weigh(rule.weight.value),
                rule.when,
                rule.lang,
                rule.fields.bits(),
                rule.status,
                rule.decisive,
                rule.count,
                rule.min_words,
                rule.enabled,
            ));
        }
        for combo in &self.combos {
            let terms = |terms: &[item::Placed<Term>]| {
                let mut all: Vec<String> = terms.iter().map(|t| format!("{:?}", t.value)).collect();
                all.sort_unstable();
                all
            };
            lines.push(format!(
                "combo\0{}\0{}\0{}\0{:?}\0{:?}\0{:?}",
                combo.id,
                combo.group.value,
                weigh(combo.weight.value),
                terms(&combo.all),
                terms(&combo.any),
                terms(&combo.none)
            ));
        }
        for list in &self.lists {
            let mut words: Vec<&str> = list.words.iter().map(|w| w.value.as_str()).collect();
            words.sort_unstable();
            lines.push(format!("list\0{}\0{words:?}", list.id));
        }
        for role in &self.roles {
            let mut phrases: Vec<&str> = role.phrases.iter().map(|p| p.value.as_str()).collect();
            phrases.sort_unstable();
            lines.push(format!(
                "role\0{}\0{}\0{}\0{phrases:?}",
                role.id, role.family, role.sells
            ));
        }
        for persona in &self.personas {
            let to: Vec<(&String, u8)> = persona.to.iter().map(|(k, v)| (k, v.0)).collect();
            lines.push(format!("persona\0{}\0{to:?}\0{}", persona.seller.value, persona.anyone));
        }
        lines.extend(
            self.wording
                .iter()
                .enumerate()
                .map(|(n, m)| format!("wording\0{n}\0{}", m.fingerprint())),
        );
        if weights {
            for group in &self.groups {
                let (knee, cap) = (group.knee.as_milli(), group.cap.as_milli());
                lines.push(format!(
                    "group\0{}\0{:?}\0{knee}\0{cap}\0{}",
                    group.id, group.kind, group.slope
                ));
            }
            for profile in &self.profiles {
                let calibration = profile.calibration.map(|(a, b)| (a.as_milli(), b.as_milli()));
                lines.push(format!(
                    "profile\0{}\0{}\0{calibration:?}",
                    profile.coverage,
                    profile.prior.as_milli()
                ));
            }
        }
        lines.sort_unstable();
        fnv1a(lines.iter().flat_map(|l| l.bytes().chain([b'\n'])))
    }
}

/// FNV-1a, 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>): to tell rule sets apart, not to keep secrets.
pub(crate) fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl<'s> RuleView<'s> {
    /// The id.
    pub fn id(&self) -> &'s str {
        &self.item.id
    }

    /// The group.
    pub fn group(&self) -> &'s str {
        &self.item.group.value
    }

    /// The weight.
    pub fn weight(&self) -> Weight {
        self.item.weight.value
    }

    /// The weight in the rule file, which differs from [`weight`](Self::weight) where a model was fitted.
    pub fn hand_weight(&self) -> Weight {
        self.item.hand_weight.unwrap_or(self.item.weight.value)
    }

    /// The reason shown to the reader.
    pub fn summary(&self) -> &'s str {
        &self.item.summary
    }

    /// What a sender could do instead.
    pub fn advice(&self) -> Option<&'s str> {
        self.item.advice.as_deref()
    }

    /// Why the rule exists, and its known problems.
    pub fn notes(&self) -> Option<&'s str> {
        self.item.notes.as_deref()
    }

    /// The version that brought the rule.
    pub fn since(&self) -> Option<&'s str> {
        self.item.since.as_deref()
    }

    /// The id the rule had before.
    pub fn renamed_from(&self) -> Option<&'s str> {
        self.item.renamed_from.as_deref()
    }

    /// The phrases.
    pub fn phrases(&self) -> impl Iterator<Item = &'s str> {
        self.item.phrases.iter().map(|p| p.value.as_str())
    }

    /// The conditions, as text.
    pub fn conditions(&self) -> impl Iterator<Item = String> + 's {
        self.item.when.iter().map(Condition::to_string)
    }

    /// The rules that silence this one.
    pub fn unless(&self) -> impl Iterator<Item = &'s str> {
        self.item.unless.iter().map(|p| p.value.as_str())
    }

    /// Where the rule is in its life.
    pub fn status(&self) -> Status {
        self.item.status
    }

    /// Whether the rule is on.
    pub fn is_enabled(&self) -> bool {
        self.item.enabled
    }

    /// Whether the rule may decline a message on its own.
    pub fn is_decisive(&self) -> bool {
        self.item.decisive
    }

    /// Whether a detector written in Rust reports it.
    pub fn is_computed(&self) -> bool {
        self.item.computed
    }

    /// Messages that fire the rule.
    pub fn hits(&self) -> impl Iterator<Item = &'s crate::Message<'static>> {
        self.item.hits.iter().map(|e| &e.message)
    }

    /// Messages that must not.
    pub fn misses(&self) -> impl Iterator<Item = &'s crate::Message<'static>> {
        self.item.misses.iter().map(|e| &e.message)
    }

    /// Where the rule was written, as `file:line:column`.
    pub fn origin(&self) -> String {
        self.item.at.to_string()
    }

    /// Where later layers changed it.
    pub fn changes(&self) -> impl Iterator<Item = String> + 's {
        self.set
            .changed
            .get(&self.item.id)
            .into_iter()
            .flatten()
            .map(Origin::to_string)
    }
}
