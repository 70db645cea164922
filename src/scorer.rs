//! The scorer: compiled rules, and what turns a message into a verdict.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::coverage::Coverage;
use crate::detector::{Context, Detector, Finding, Findings, Ground, PreparedField, Role, RoleSet};
use crate::detectors;
use crate::error::{BuildError, BuildErrorKind};
use crate::matcher::{Entry, Hit, Matcher, Walk};
use crate::message::{Body, Message, Party, Recipient, Thread};
use crate::profile::Profile;
use crate::rule::{Phrase, RuleMeta, Status, Target, Weight, is_rule_id, namespace};
use crate::ruleset::{Condition, RuleSet, Term, TextCounts};
use crate::score::{
    Basis, Calibration, Circumstances, ComboShape, Decision, Fired, Limits, Model, ModelError, Numbers, Outcome,
    Policy, Probability, Profiled, RowData, RuleShape, Scale, ShapeTerm, Structure,
};
use crate::span::{Field, FieldSet, Span};
#[cfg(feature = "builtin")]
use crate::stored::Stored;
use crate::text::{self, Lang, MAX_FIELD_BYTES, MAX_FIELD_BYTES_RANGE, Masks, Quotes};
use crate::verdict::view::{Proof, Proofs, ProvenanceView, Reasons, RowView, RuleRowView, VerdictView};
use crate::verdict::{Evidence, Provenance, Row, Verdict};
use crate::wording::Numbered;

/// The owner of role phrases; detectors are numbered below.
const ROLES: u16 = u16::MAX;

/// The built-in rules, ready made: see `stored.rs`.
#[cfg(feature = "builtin")]
pub(crate) const COMPILED: &[u8] = include_bytes!("../rules/compiled.bin");

/// A detector reports at most this many findings per message, and as many more for each further [`MAX_FIELD_BYTES`] of its
/// text.
const MAX_FINDINGS: usize = 4096;

/// Of working space that was needed for a message with more bytes to read than this, nothing is kept for long.
const KEPT_BYTES: usize = 64 * 1024;

/// Judges messages.
///
/// Built once and cheap to clone; `Send + Sync`, so one serves all threads. Judging never fails and never panics:
/// everything that can go wrong goes wrong while building.
///
/// ```
/// use huckster::{Decision, Scorer};
/// let scorer = Scorer::builtin();
/// let verdict = scorer.judge("We help founders 10X their revenue. Worth a quick call this week?");
/// assert_eq!(verdict.decision(), Decision::Decline);
/// println!("{}", verdict.explain());
/// ```
#[derive(Clone)]
pub struct Scorer {
    engine: Arc<Engine>,
    weights: Arc<Weights>,
    policy: Policy,
    max_field_bytes: usize,
}

/// The part that costs time to build: detectors and automaton.
struct Engine {
    detectors: Vec<Loaded>,
    matcher: Matcher,
    /// The wording models beside the matcher's vocabulary.
    models: Vec<Numbered>,
    /// In the order of their ids.
    rules: Vec<RuleMeta>,
    shape: Structure,
    /// Index of each rule by id.
    index: HashMap<String, u32>,
    roles: Vec<Role>,
    /// The fields some phrase looks into.
    fields: FieldSet,
    /// Languages that have rules of their own.
    languages: Vec<Lang>,
    /// The reason each combo stands for, in the order of the structure.
    combo_summaries: Vec<String>,
    /// The reason each group stands for, in the order of the structure.
    group_summaries: Vec<String>,
    name: String,
    version: String,
    structure: String,
}

/// The numbers in use, and where they come from.
struct Weights {
    numbers: Numbers,
    fingerprint: String,
    model: Option<String>,
}

struct Loaded {
    detector: Box<dyn Detector>,
    /// The scorer's index of each of its rules; `None` for rules that are off.
    rules: Vec<Option<u32>>,
    phrases: Vec<Phrase>,
    needs: Coverage,
}

/// A recipient whose roles and names were worked out once, for an inbox of messages.
pub struct PreparedRecipient {
    profile: Profile<'static>,
    masks: Masks,
    roles: RoleSet,
    hits: Vec<Hit>,
    /// The engine whose role table the set refers to.
    engine: usize,
    /// How much of the profile's texts was read.
    max_field_bytes: usize,
}

impl PreparedRecipient {
    /// The profile.
    pub fn profile(&self) -> &Profile<'static> {
        &self.profile
    }
}

/// Working space of one thread. After a few messages nothing is allocated any more.
///
/// It is as large as the largest message needed. After one whose texts were longer than 64 KiB together, which takes a
/// higher [limit](ScorerBuilder::max_field_bytes) or a long thread, and a shorter one behind it, its memory is given back
/// when the next message comes.
#[derive(Default)]
pub struct Scratch {
    /// Bytes that were read for the last message, and the most for any.
    read: usize,
    most_read: usize,
    fields: Vec<PreparedField>,
    used: usize,
    walk: Walk,
    hits: Vec<Hit>,
    findings: Vec<Finding>,
    masks: Masks,
    quotes: Quotes,
    fired: Vec<Fired>,
    combos: Vec<bool>,
    rows: Vec<RowData>,
    space: detectors::wording::Space,
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

/// What is known of a message once the detectors have looked at it.
#[derive(Clone, Copy, Debug)]
struct Reading {
    at: Circumstances,
    lang: Lang,
    /// Index of the policy override that applies.
    overridden: Option<u16>,
}

/// The outcome of a judgement, borrowed from the scratch it was made in.
pub struct Assessment<'s> {
    scorer: &'s Scorer,
    scratch: &'s Scratch,
    message: &'s Message<'s>,
    reading: Reading,
    outcome: Outcome,
}

/// What the detectors found in one message, free of weights: made by [`Scorer::inspect`], weighed by
/// [`Scorer::score`].
#[derive(Clone, Debug)]
pub struct Inspection {
    id: Option<String>,
    reading: Reading,
    findings: Vec<Finding>,
    /// The evidence of each finding.
    evidence: Vec<Option<Evidence>>,
    engine: usize,
    rules: Vec<String>,
}

impl Inspection {
    /// The ids of the rules that fired, in order, with the strength of each finding in thousandths.
    pub fn findings(&self) -> impl Iterator<Item = (&str, u32)> {
        self.findings
            .iter()
            .zip(&self.rules)
            .map(|(f, id)| (id.as_str(), u32::from(f.strength)))
    }

    /// What was known of the message.
    pub fn coverage(&self) -> Coverage {
        self.reading.at.coverage
    }

    /// A finding whose place is not in the message: its detector is wrong.
    #[cfg(feature = "testing")]
    pub(crate) fn misplaced(&self) -> Option<&str> {
        let lost = |i: &usize| matches!(self.findings[*i].ground, Ground::At(..)) && self.evidence[*i].is_none();
        (0..self.findings.len()).find(lost).map(|i| self.rules[i].as_str())
    }

    /// The same without the findings of some rules.
    pub(crate) fn without(&self, rules: &std::collections::BTreeSet<&str>) -> Self {
        let keep: Vec<usize> = (0..self.rules.len())
            .filter(|&i| !rules.contains(self.rules[i].as_str()))
            .collect();
        Self {
            id: self.id.clone(),
            reading: self.reading,
            findings: keep.iter().map(|&i| self.findings[i]).collect(),
            evidence: keep.iter().map(|&i| self.evidence[i].clone()).collect(),
            engine: self.engine,
            rules: keep.iter().map(|&i| self.rules[i].clone()).collect(),
        }
    }
}

/// Builds a [`Scorer`]: rules, detectors, policy.
#[must_use]
pub struct ScorerBuilder {
    rules: RuleSet,
    detectors: Vec<Box<dyn Detector>>,
    without: Vec<String>,
    policy: Policy,
    max_field_bytes: usize,
}

impl fmt::Debug for ScorerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScorerBuilder")
            .field("rules", &self.rules.name())
            .field("detectors", &self.detectors.len())
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl ScorerBuilder {
    /// Uses this rule set; each of its namespaces becomes a detector, the built-in ones with their logic in Rust.
    pub fn rules(mut self, rules: RuleSet) -> Self {
        self.rules = rules;
        self
    }

    /// Adds a detector.
    pub fn detector(mut self, detector: impl Detector + 'static) -> Self {
        self.detectors.push(Box::new(detector));
        self
    }

    /// Leaves out all rules of a namespace of the rule set, such as `persona`.
    pub fn without(mut self, namespace: &str) -> Self {
        self.without.push(namespace.to_owned());
        self
    }

    /// Uses this policy.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Reads up to so many bytes of each text, instead of [`MAX_FIELD_BYTES`]; see [`Scorer::with_max_field_bytes`].
    pub fn max_field_bytes(mut self, bytes: usize) -> Self {
        self.max_field_bytes = within_range(bytes);
        self
    }

    /// Compiles everything.
    ///
    /// # Errors
    ///
    /// Rules that do not fit together, detectors that declare ids twice or phrases that cannot be compiled: all at once
    /// where they are in rule files.
    pub fn build(self) -> Result<Scorer, BuildError> {
        build(self, None)
    }
}

/// The nearest limit that a scorer can have.
fn within_range(bytes: usize) -> usize {
    bytes.clamp(*MAX_FIELD_BYTES_RANGE.start(), *MAX_FIELD_BYTES_RANGE.end())
}

/// What is costly to work out of a rule set.
struct Compiled {
    matcher: Matcher,
    fingerprint: String,
    structure: String,
}

fn build(builder: ScorerBuilder, compiled: Option<Compiled>) -> Result<Scorer, BuildError> {
    let ScorerBuilder {
        rules: mut set,
        detectors: custom,
        without,
        policy,
        max_field_bytes,
    } = builder;
    if !without.is_empty() {
        set = set.without(&without);
    }
    // Roles are numbered in the order of their ids, like rules, so that no other order can show in a verdict.
    set.roles.sort_by(|a, b| a.id.cmp(&b.id));
    let problems: Vec<_> = if set.validated {
        Vec::new()
    } else {
        set.validate().into_iter().filter(crate::Diagnostic::is_error).collect()
    };
    if !problems.is_empty() {
        return Err(BuildErrorKind::RuleSet(crate::RuleSetError::new(problems)).into());
    }
    let mut boxed: Vec<Box<dyn Detector>> = detectors::of_rule_set(&set);
    let from_set = boxed.len();
    boxed.extend(custom);
    if boxed.len() >= usize::from(ROLES) {
        return Err(BuildErrorKind::TooManyDetectors.into());
    }

    // Rules are numbered in the order of their ids, so that no other order can show in a verdict.
    let mut all: BTreeMap<String, (RuleMeta, Vec<(usize, usize)>)> = BTreeMap::new();
    for (d, detector) in boxed.iter().enumerate() {
        for (r, meta) in detector.rules().iter().enumerate() {
            if !is_rule_id(&meta.id) {
                return Err(BuildErrorKind::BadRuleId(meta.id.to_string()).into());
            }
            if d >= from_set && crate::ruleset::RESERVED_NAMESPACES.contains(&namespace(&meta.id)) && !meta.declared {
                return Err(BuildErrorKind::ReservedNamespace(meta.id.to_string()).into());
            }
            if meta.weight.as_milli().abs() > Weight::LIMIT.as_milli() {
                return Err(BuildErrorKind::WeightOutOfRange(meta.id.to_string()).into());
            }
            match all.get(meta.id.as_ref()) {
                Some(_) => return Err(BuildErrorKind::DuplicateRule(meta.id.to_string()).into()),
                None => all.insert(meta.id.to_string(), (meta.clone(), vec![(d, r)])),
            };
        }
    }
    let index: HashMap<String, u32> = all.keys().enumerate().map(|(i, id)| (id.clone(), i as u32)).collect();

    let mut groups: BTreeMap<String, (String, Limits)> = set
        .groups
        .iter()
        .map(|g| {
            let limits = Limits {
                knee: g.knee,
                cap: g.cap,
                slope: g.slope,
            };
            (g.id.clone(), (g.summary.clone(), limits))
        })
        .collect();
    // A detector in Rust may bring a group of its own.
    for (meta, _) in all.values() {
        groups.entry(meta.group.to_string()).or_insert_with(|| {
            let id = meta.group.to_string();
            let limits = Limits {
                knee: Weight::milli(1800),
                cap: Weight::milli(3000),
                slope: 250,
            };
            (id, limits)
        });
    }
    let group_index: BTreeMap<&str, u16> = groups
        .keys()
        .enumerate()
        .map(|(i, id)| (id.as_str(), i as u16))
        .collect();

    let mut shape = Structure {
        groups: groups.keys().cloned().collect(),
        ..Structure::default()
    };
    let mut rules = Vec::new();
    let mut locals: Vec<Vec<Option<u32>>> = boxed.iter().map(|d| vec![None; d.rules().len()]).collect();
    for (i, (meta, places)) in all.values().enumerate() {
        for (d, r) in places {
            locals[*d][*r] = Some(i as u32);
        }
        let mut unless = Vec::new();
        for id in &meta.unless {
            match index.get(id.as_ref()) {
                Some(i) => unless.push(*i),
                // A rule file may name a rule of a namespace that was left out.
                None if meta.declared => {}
                None => return Err(BuildErrorKind::UnknownRule(meta.id.to_string(), id.to_string()).into()),
            }
        }
        let group = group_index.get(meta.group.as_ref()).copied().unwrap_or(0);
        shape.rules.push(RuleShape {
            id: meta.id.to_string(),
            group,
            unless,
            decisive: meta.decisive,
        });
        rules.push(meta.clone());
    }

    let order = set.combos_in_order().unwrap_or_default();
    let combo_index: BTreeMap<&str, u32> = order
        .iter()
        .enumerate()
        .map(|(at, i)| (set.combos[*i].id.as_str(), at as u32))
        .collect();
    let term = |term: &Term| match term {
        Term::Id(id) => index
            .get(id)
            .map(|i| ShapeTerm::Rule(*i))
            .or_else(|| combo_index.get(id.as_str()).map(|i| ShapeTerm::Combo(*i))),
        Term::Group(group) => group_index.get(group.as_str()).map(|g| ShapeTerm::Group(*g)),
        Term::Known(coverage) => Some(ShapeTerm::Known(*coverage)),
    };
    let mut combo_summaries = Vec::new();
    let mut combo_weights = Vec::new();
    for i in &order {
        let combo = &set.combos[*i];
        let terms =
            |terms: &[crate::ruleset::Placed<Term>]| terms.iter().filter_map(|t| term(&t.value)).collect::<Vec<_>>();
        let all = terms(&combo.all);
        // A combo that needs a rule which is off can never fire.
        let possible = all.len() == combo.all.len();
        combo_weights.push(if possible { combo.weight.value } else { Weight::ZERO });
        combo_summaries.push(combo.summary.clone());
        shape.combos.push(ComboShape {
            id: combo.id.clone(),
            group: group_index.get(combo.group.value.as_str()).copied().unwrap_or(0),
            any: terms(&combo.any),
            none: terms(&combo.none),
            all: if possible {
                all
            } else {
                vec![ShapeTerm::Known(Coverage::NONE)]
            },
        });
        if !possible && let Some(last) = shape.combos.last_mut() {
            last.none.push(ShapeTerm::Known(Coverage::NONE));
        }
    }

    let lists = set.word_lists();
    let entries = boxed
        .iter()
        .enumerate()
        .flat_map(|(d, detector)| {
            detector.phrases().iter().enumerate().map(move |(p, phrase)| Entry {
                detector: d as u16,
                phrase: p as u32,
                text: phrase.text(),
                lists: phrase.lists.as_deref(),
                fields: phrase.fields,
                lang: phrase.lang,
            })
        })
        .chain(set.roles.iter().enumerate().flat_map(|(r, role)| {
            let lists = &lists;
            role.phrases.iter().map(move |text| Entry {
                detector: ROLES,
                phrase: r as u32,
                text: &text.value,
                lists: Some(lists),
                fields: FieldSet::ROLE,
                lang: None,
            })
        }));
    let mut fields = FieldSet::MESSAGE;
    for (d, detector) in boxed.iter().enumerate() {
        for phrase in detector.phrases() {
            fields = fields.union(phrase.fields);
            if let Target::Rule(rule) = phrase.target
                && rule.get() >= locals[d].len()
            {
                let name = detector.rules().first().map_or("?", |r| r.namespace());
                return Err(BuildErrorKind::RuleOutOfTable(name.to_owned(), rule.get()).into());
            }
        }
    }
    if !set.roles.is_empty() {
        fields = fields.union(FieldSet::ROLE);
    }
    let (mut matcher, identity) = if let Some(Compiled {
        matcher,
        fingerprint,
        structure,
    }) = compiled
    {
        (matcher, Some((fingerprint, structure)))
    } else {
        let matcher = Matcher::new(entries).map_err(|wrong| {
            let text = boxed
                .get(usize::from(wrong.detector))
                .and_then(|d| d.phrases().get(wrong.phrase as usize))
                .map_or_else(String::new, |p| p.text().to_owned());
            BuildErrorKind::Phrase(text, wrong.error)
        })?;
        (matcher, None)
    };

    let numbered = |model| Numbered::new(model, matcher.vocabulary_mut());
    let models = set.wording_models().iter().map(numbered).collect();

    let mut languages = vec![Lang::En, Lang::Unknown];
    languages.extend(set.rules.iter().filter_map(|r| r.lang));
    let loaded: Vec<Loaded> = boxed
        .into_iter()
        .zip(locals)
        .map(|(detector, rules)| Loaded {
            needs: detector.needs(),
            phrases: detector.phrases().to_vec(),
            detector,
            rules,
        })
        .collect();
    let weight_of = |rule: &RuleMeta| {
        if rule.status == Status::Preview {
            Weight::ZERO
        } else {
            rule.weight
        }
    };
    // A calibration says what a score means under exactly the rules it was made for.
    let calibrated = without.is_empty() && loaded.len() == from_set;
    let numbers = Numbers {
        rules: rules.iter().map(weight_of).collect(),
        combos: combo_weights,
        limits: groups.values().map(|(_, limits)| *limits).collect(),
        profiles: set
            .profiles
            .iter()
            .map(|p| Profiled {
                coverage: p.coverage,
                prior: p.prior,
                calibration: p
                    .calibration
                    .filter(|_| calibrated)
                    .and_then(|(a, b)| Calibration::new(a, b)),
            })
            .collect(),
    };
    let (fingerprint, structure) =
        identity.unwrap_or_else(|| (fingerprint(&set, &loaded[from_set..]), set.structure_fingerprint()));
    let weights = Weights {
        numbers,
        fingerprint,
        model: set.model.clone(),
    };
    let engine = Engine {
        detectors: loaded,
        matcher,
        models,
        index,
        rules,
        shape,
        roles: set
            .roles
            .iter()
            .map(|r| Role {
                id: r.id.as_str().into(),
                name: r.name.as_str().into(),
                family: r.family.as_str().into(),
                sells: r.sells,
            })
            .collect(),
        fields,
        languages,
        combo_summaries,
        group_summaries: groups.into_values().map(|(summary, _)| summary).collect(),
        name: set.name().to_owned(),
        version: set.version().to_owned(),
        structure,
    };
    Ok(Scorer {
        engine: Arc::new(engine),
        weights: Arc::new(weights),
        policy,
        max_field_bytes,
    })
}

/// That of the rule set; with detectors of the caller's own, joined by a hash of what they declare.
fn fingerprint(set: &RuleSet, custom: &[Loaded]) -> String {
    if custom.is_empty() {
        return set.fingerprint();
    }
    let declared = |loaded: &Loaded| {
        let phrases: Vec<String> = loaded
            .phrases
            .iter()
            .map(|p| format!("{:?}", (p.target, p.text(), p.fields)))
            .collect();
        format!("{:?}{phrases:?}{}", loaded.detector.rules(), loaded.needs)
    };
    let mut all: Vec<String> = custom.iter().map(declared).collect();
    // Their order means nothing.
    all.sort_unstable();
    format!(
        "{}-{:016x}",
        set.fingerprint(),
        crate::ruleset::fnv1a(all.iter().flat_map(|d| d.bytes()))
    )
}

// A detector may hold anything that is `Send + Sync`, but `inspect` is pure by contract and takes `&self`: a panic in one
// judgement leaves nothing half-done for the next.
impl std::panic::UnwindSafe for Engine {}
impl std::panic::RefUnwindSafe for Engine {}

impl Scorer {
    /// A scorer with the rules of this crate and the default policy.
    ///
    /// The rules are compiled on the first call and shared afterwards.
    #[cfg(feature = "builtin")]
    pub fn builtin() -> Self {
        static SCORER: std::sync::OnceLock<Scorer> = std::sync::OnceLock::new();
        SCORER
            .get_or_init(|| {
                // The tests of this crate read it, and build it from its files, so neither can fail in a released crate.
                #[allow(clippy::expect_used)]
                Self::from_stored(COMPILED).unwrap_or_else(|| {
                    Self::builder()
                        .rules(RuleSet::builtin())
                        .build()
                        .expect("the built-in rules compile")
                })
            })
            .clone()
    }

    /// The bytes that [`from_stored`](Self::from_stored) reads; `set` is what the scorer was built from.
    #[cfg(all(test, feature = "builtin"))]
    pub(crate) fn to_stored(&self, set: &RuleSet) -> Vec<u8> {
        let mut out = Vec::new();
        set.put(&mut out);
        self.engine.matcher.put(&mut out);
        self.weights.fingerprint.put(&mut out);
        self.engine.structure.put(&mut out);
        out
    }

    /// A scorer of rules and tables as they stand in `rules/compiled.bin`.
    #[cfg(feature = "builtin")]
    pub(crate) fn from_stored(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let rules = RuleSet::get(from)?;
        let compiled = Compiled {
            matcher: Matcher::get(from)?,
            fingerprint: String::get(from)?,
            structure: String::get(from)?,
        };
        build(Self::builder().rules(rules), Some(compiled)).ok()
    }

    /// Starts a builder with no rules, no detectors and the default policy.
    pub fn builder() -> ScorerBuilder {
        ScorerBuilder {
            rules: RuleSet::empty(),
            detectors: Vec::new(),
            without: Vec::new(),
            policy: Policy::default(),
            max_field_bytes: MAX_FIELD_BYTES,
        }
    }

    /// Working space for [`judge_with`](Self::judge_with), one per thread.
    pub fn scratch(&self) -> Scratch {
        Scratch::default()
    }

    /// The policy in use.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The same rules under another policy; nothing is compiled again.
    #[must_use]
    pub fn with_policy(&self, policy: Policy) -> Self {
        Self { policy, ..self.clone() }
    }

    /// How many bytes of a text are read.
    pub fn max_field_bytes(&self) -> usize {
        self.max_field_bytes
    }

    /// The same rules on longer or shorter texts; nothing is compiled again.
    ///
    /// Up to `bytes` bytes of each text are read (message, subject, headlines, turns of a thread), or the nearest number
    /// within [`MAX_FIELD_BYTES_RANGE`]. What is behind them is left out, and the verdict says so and, by the policies of this
    /// crate, is left to a person. Time and working space grow about as fast as what is read. The default,
    /// [`MAX_FIELD_BYTES`], holds the 8,000 characters that a message on LinkedIn may have, where they are ASCII.
    ///
    /// ```
    /// use huckster::Scorer;
    /// let scorer = Scorer::builtin();
    /// let text = "The minutes of the meeting follow. ".repeat(1000) + "Are you open to a quick sales call?";
    /// assert!(scorer.judge(text.as_str()).truncated);
    ///
    /// let whole = scorer.with_max_field_bytes(1_000_000).judge(text.as_str());
    /// assert!(!whole.truncated);
    /// assert!(whole.rules().any(|row| row.group == "ask"));
    /// ```
    #[must_use]
    pub fn with_max_field_bytes(&self, bytes: usize) -> Self {
        Self {
            max_field_bytes: within_range(bytes),
            ..self.clone()
        }
    }

    /// Judges a message: a text, or a [`Message`] with more facts.
    pub fn judge<'m>(&self, message: impl Into<Message<'m>>) -> Verdict {
        let message = message.into();
        self.judge_with(&mut self.scratch(), &message).to_verdict()
    }

    /// Judges a message in given working space, without allocating once the space has warmed up.
    pub fn judge_with<'s>(&'s self, scratch: &'s mut Scratch, message: &'s Message<'_>) -> Assessment<'s> {
        let reading = self.collect(scratch, message);
        let outcome = self.weigh(scratch, reading.at);
        Assessment {
            scorer: self,
            scratch,
            message,
            reading,
            outcome,
        }
    }

    /// Judges a message of which it is not known yet whether it is a copy: `observe` gets the prepared text, once, and says
    /// what is known of copies; that becomes the message's [`campaign`](Message::campaign), and the message is judged with
    /// it. The text is read once for both.
    ///
    /// Without a text, or if `observe` says nothing, the message keeps the facts it has.
    ///
    /// ```
    /// use huckster::campaign::{CampaignIndex, Limits, Seed, Seen, Sketcher};
    /// use huckster::{Message, Scorer, Timestamp};
    ///
    /// let scorer = Scorer::builtin();
    /// let (sketcher, index) = (Sketcher::new(Seed::new(1)), CampaignIndex::new(Seed::new(1), Limits::default()));
    /// let mut scratch = scorer.scratch();
    /// for (n, name) in ["Ana", "Tom", "Wen"].into_iter().enumerate() {
    ///     let text = format!("Hi {name}, we fill night shifts for regional clinics and cut agency spend by 30%. A look?");
    ///     let mut message = Message::direct(text);
    ///     let seen = Seen::new(n as u64, Timestamp::from_seconds(0)).sender(n as u64);
    ///     let assessment = scorer.judge_observed_with(&mut scratch, &mut message, |text| {
    ///         Some(index.observe(seen, &sketcher.sketch(text)?).facts)
    ///     });
    ///     assert_eq!(assessment.rules().any(|(rule, _)| rule == "campaign.many-senders"), n > 0);
    /// }
    /// ```
    #[cfg(feature = "campaign")]
    pub fn judge_observed_with<'s>(
        &'s self,
        scratch: &'s mut Scratch,
        message: &'s mut Message<'_>,
        observe: impl FnOnce(&crate::text::Prepared) -> Option<crate::message::CampaignFacts>,
    ) -> Assessment<'s> {
        let lang = self.prepare(scratch, message);
        let fields = &scratch.fields[..scratch.used];
        if let Some(text) = fields.iter().find(|f| f.field == Field::Text)
            && let Some(facts) = observe(&text.prepared)
        {
            message.campaign = Some(facts);
        }
        let message: &'s Message<'_> = message;
        let reading = self.detect(scratch, message, lang);
        let outcome = self.weigh(scratch, reading.at);
        Assessment {
            scorer: self,
            scratch,
            message,
            reading,
            outcome,
        }
    }

    /// Runs the detectors only. The findings can be weighed, several times and by other models, with
    /// [`score`](Self::score).
    pub fn inspect<'m>(&self, message: impl Into<Message<'m>>) -> Inspection {
        let message = message.into();
        let mut scratch = self.scratch();
        let reading = self.collect(&mut scratch, &message);
        self.inspection(&scratch, reading, &message)
    }

    /// What was found, in a form of its own.
    fn inspection(&self, scratch: &Scratch, reading: Reading, message: &Message<'_>) -> Inspection {
        let findings = &scratch.findings;
        Inspection {
            id: message.id.as_ref().map(|id| id.to_string()),
            reading,
            evidence: findings
                .iter()
                .map(|f| proof_of(f, message).map(Evidence::from))
                .collect(),
            rules: findings
                .iter()
                .map(|f| self.engine.rules[f.rule as usize].id.to_string())
                .collect(),
            findings: findings.clone(),
            engine: self.engine_id(),
        }
    }

    /// Weighs findings. Those of another scorer are matched by rule id; rules this one does not have are left out.
    pub fn score(&self, inspection: &Inspection) -> Verdict {
        let mut scratch = self.scratch();
        let mut evidence: Vec<Option<Evidence>> = Vec::new();
        let same = inspection.engine == self.engine_id();
        let mut found: Vec<(Finding, Option<Evidence>)> = Vec::new();
        for ((finding, id), proof) in inspection
            .findings
            .iter()
            .zip(&inspection.rules)
            .zip(&inspection.evidence)
        {
            let rule = if same {
                Some(finding.rule)
            } else {
                self.engine.index.get(id).copied()
            };
            if let Some(rule) = rule {
                found.push((Finding { rule, ..*finding }, proof.clone()));
            }
        }
        found.sort_by_key(|(f, _)| f.rule);
        for (finding, proof) in found {
            scratch.findings.push(finding);
            evidence.push(proof);
        }
        let outcome = self.weigh(&mut scratch, inspection.reading.at);
        let shown = Shown {
            scorer: self,
            scratch: &scratch,
            reading: inspection.reading,
            outcome,
            proofs: ProofSource::Kept(&evidence),
        };
        self.verdict(shown, inspection.id.as_deref())
    }

    /// The weights in use, as a model that could be changed and given back.
    pub fn model(&self) -> Model {
        let mut model = self
            .weights
            .numbers
            .to_model(&self.engine.shape, &self.engine.structure);
        model.id.clone_from(&self.weights.model);
        model
    }

    /// The same rules with other weights; nothing is compiled again.
    ///
    /// # Errors
    ///
    /// The model was made for other rules, names unknown ones, or has numbers out of range.
    pub fn with_model(&self, model: &Model) -> Result<Self, ModelError> {
        let (shape, structure) = (&self.engine.shape, &self.engine.structure);
        let numbers = self.weights.numbers.with_model(shape, structure, model)?;
        let Numbers { rules, combos, .. } = &numbers;
        let hashed = format!("{:?}", (rules, combos, &model.groups, &model.profiles));
        let hash = crate::ruleset::fnv1a(hashed.bytes());
        let weights = Weights {
            numbers,
            fingerprint: format!("{structure}-{hash:016x}"),
            model: model.id.clone().or(Some("unnamed".into())),
        };
        Ok(Self {
            engine: Arc::clone(&self.engine),
            weights: Arc::new(weights),
            policy: self.policy.clone(),
            max_field_bytes: self.max_field_bytes,
        })
    }

    /// Works out once what depends on the recipient alone.
    pub fn prepare_recipient(&self, profile: Profile<'_>) -> Arc<PreparedRecipient> {
        let profile = profile.into_owned();
        let mut masks = Masks::default();
        fill_masks(&mut masks, &profile);
        let message = Message::new().recipient(profile.clone());
        let mut scratch = self.scratch();
        self.read_fields(&mut scratch, &message, &masks, None);
        let roles = self.roles(&scratch.hits, Party::Recipient);
        let hits = scratch.hits.iter().filter(|h| h.detector == ROLES).copied().collect();
        Arc::new(PreparedRecipient {
            profile,
            masks,
            roles,
            hits,
            engine: self.engine_id(),
            max_field_bytes: self.max_field_bytes,
        })
    }

    /// The roles that the lexicon reads in a headline or title.
    ///
    /// ```
    /// let scorer = huckster::Scorer::builtin();
    /// let roles: Vec<&str> = scorer.roles_of("Executive coach").iter().map(|role| &*role.id).collect();
    /// assert!(roles.contains(&"coach-exec"));
    /// ```
    pub fn roles_of(&self, headline: &str) -> Vec<&Role> {
        let roles = self.prepare_recipient(Profile::new().headline(headline)).roles;
        self.engine
            .roles
            .iter()
            .enumerate()
            .filter(|(i, _)| roles.contains(*i))
            .map(|(_, role)| role)
            .collect()
    }

    /// Name, version and fingerprint of the rules, and the model.
    pub fn provenance(&self) -> Provenance {
        Provenance {
            name: self.engine.name.clone(),
            version: self.engine.version.clone(),
            fingerprint: self.weights.fingerprint.clone(),
            model: self.weights.model.clone(),
        }
    }

    /// The patterns that the phrases were compiled to, and the size of their automaton in bytes.
    pub fn automaton(&self) -> (usize, usize) {
        (self.engine.matcher.pattern_count(), self.engine.matcher.memory())
    }

    /// What the phrases were compiled to: every sequence of words that is looked for, in canonical form, in order. A
    /// class of tokens is one control character. Meant for comparing with other engines; this is not kept ready.
    pub fn patterns(&self) -> Vec<String> {
        self.engine.matcher.patterns()
    }

    /// What a rule declares, if the scorer has it.
    pub fn rule(&self, id: &str) -> Option<&RuleMeta> {
        self.engine.index.get(id).map(|i| &self.engine.rules[*i as usize])
    }

    /// The rules in the order of their ids.
    pub fn rules(&self) -> impl Iterator<Item = &RuleMeta> {
        self.engine.rules.iter()
    }

    /// The groups with the reason each stands for, in the order of their ids.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &str)> {
        let summaries = self.engine.group_summaries.iter().map(String::as_str);
        self.engine.shape.groups.iter().map(String::as_str).zip(summaries)
    }

    /// What the detector of a rule needs, and the phrases of the rule.
    pub(crate) fn declared_by(&self, id: &str) -> (Coverage, Vec<String>) {
        let Some(index) = self.engine.index.get(id) else {
            return (Coverage::NONE, Vec::new());
        };
        for loaded in &self.engine.detectors {
            if let Some(local) = loaded.rules.iter().position(|r| r.as_ref() == Some(index)) {
                let own = |p: &&Phrase| p.target == Target::Rule(crate::rule::RuleIx::new(local as u32));
                return (
                    loaded.needs,
                    loaded.phrases.iter().filter(own).map(|p| p.text().to_owned()).collect(),
                );
            }
        }
        (Coverage::NONE, Vec::new())
    }

    /// What the arithmetic needs: rules, numbers, and the fingerprint of the rules.
    #[cfg(feature = "eval")]
    pub(crate) fn table(&self) -> (&Structure, &Numbers, &str) {
        (&self.engine.shape, &self.weights.numbers, &self.engine.structure)
    }

    fn engine_id(&self) -> usize {
        Arc::as_ptr(&self.engine) as usize
    }

    /// Prepares the fields that some phrase looks into, and finds all phrases.
    fn read_fields(
        &self,
        scratch: &mut Scratch,
        message: &Message<'_>,
        masks: &Masks,
        known: Option<&PreparedRecipient>,
    ) -> Lang {
        let engine = &*self.engine;
        scratch.used = 0;
        scratch.read = 0;
        scratch.hits.clear();
        let mut lang = message.lang.as_deref().map_or(Lang::Unknown, Lang::from_code);
        let mut read = |field: Field, text: &str, lang: &mut Lang| {
            let needed = field == Field::Text || engine.fields.intersects(field.set());
            if !needed || text.trim().is_empty() {
                return;
            }
            if scratch.fields.len() == scratch.used {
                scratch.fields.push(PreparedField::default());
            }
            let slot = &mut scratch.fields[scratch.used];
            scratch.used += 1;
            scratch.read += text.len().min(self.max_field_bytes);
            slot.field = field;
            let letter = matches!(field, Field::Text | Field::Thread(_));
            let headline = !matches!(field, Field::Text | Field::Subject | Field::Thread(_));
            slot.prepared.read(
                text,
                text::Reading {
                    max_bytes: self.max_field_bytes,
                    letter,
                    headline,
                    masks: (!headline).then_some(masks),
                    vocabulary: Some(engine.matcher.vocabulary()),
                    disguises: !headline,
                },
            );
            if field == Field::Text && *lang == Lang::Unknown {
                *lang = slot.prepared.lang();
            }
            // Headlines mix languages: rules of all of them speak there.
            let heard = if headline { Lang::Unknown } else { *lang };
            engine
                .matcher
                .find(&slot.prepared, field, heard, &mut scratch.walk, &mut scratch.hits);
        };
        if let Body::Text(text) = &message.body {
            read(Field::Text, text, &mut lang);
        }
        if let Some(subject) = &message.subject {
            read(Field::Subject, subject, &mut lang);
        }
        if let Some(sender) = &message.sender {
            read_profile(sender, Party::Sender, &mut |field, text| read(field, text, &mut lang));
        }
        if known.is_none()
            && let Some(recipient) = message.recipient.profile()
        {
            read_profile(recipient, Party::Recipient, &mut |field, text| {
                read(field, text, &mut lang)
            });
        }
        if let Some(Thread::Turns(turns)) = &message.thread {
            for (i, turn) in turns.iter().enumerate().take(u16::MAX.into()) {
                if let Some(text) = &turn.text {
                    read(Field::Thread(i as u16), text, &mut lang);
                }
            }
        }
        if let Some(known) = known {
            scratch.hits.extend_from_slice(&known.hits);
        }
        scratch.hits.sort_unstable();
        scratch.hits.dedup();
        scratch.most_read = scratch.most_read.max(scratch.read);
        lang
    }

    fn roles(&self, hits: &[Hit], party: Party) -> RoleSet {
        let mut roles = RoleSet::default();
        let own = match party {
            Party::Sender => FieldSet::SENDER_HEADLINE.union(FieldSet::SENDER_TITLE),
            Party::Recipient => FieldSet::RECIPIENT_HEADLINE.union(FieldSet::RECIPIENT_TITLE),
        };
        for hit in hits
            .iter()
            .filter(|h| h.detector == ROLES && own.intersects(h.field.set()))
        {
            roles.insert(hit.phrase());
        }
        roles
    }

    /// Runs all detectors; afterwards the findings stand in the order of the rules.
    fn collect(&self, scratch: &mut Scratch, message: &Message<'_>) -> Reading {
        let lang = self.prepare(scratch, message);
        self.detect(scratch, message, lang)
    }

    /// The recipient as this scorer has prepared them.
    fn known_recipient<'p>(&self, message: &'p Message<'_>) -> Option<&'p PreparedRecipient> {
        match &message.recipient {
            Recipient::Prepared(p) if p.engine == self.engine_id() && p.max_field_bytes == self.max_field_bytes => {
                Some(p)
            }
            _ => None,
        }
    }

    /// Reads the message's texts.
    fn prepare(&self, scratch: &mut Scratch, message: &Message<'_>) -> Lang {
        if scratch.most_read > KEPT_BYTES && scratch.read <= KEPT_BYTES {
            *scratch = Scratch::default();
        }
        let prepared = self.known_recipient(message);
        let mut own = std::mem::take(&mut scratch.masks);
        let masks = match (prepared, message.recipient.profile()) {
            (Some(prepared), _) => &prepared.masks,
            (None, Some(profile)) => {
                fill_masks(&mut own, profile);
                &own
            }
            (None, None) => {
                own.clear();
                &own
            }
        };
        let lang = self.read_fields(scratch, message, masks, prepared);
        scratch.masks = own;
        lang
    }

    /// Runs all detectors on what was read.
    fn detect(&self, scratch: &mut Scratch, message: &Message<'_>, lang: Lang) -> Reading {
        let engine = &*self.engine;
        let prepared = self.known_recipient(message);
        let coverage = message.coverage();
        let fields = &scratch.fields[..scratch.used];
        let hits = &scratch.hits[..];
        let role_hits = &hits[hits.partition_point(|h| h.detector < ROLES)..];
        let roles = [
            self.roles(role_hits, Party::Sender),
            prepared.map_or_else(|| self.roles(role_hits, Party::Recipient), |p| p.roles),
        ];
        let body = text::within_limit(message.body.text().unwrap_or_default(), self.max_field_bytes);
        scratch.quotes.read(body);
        let quotes = &scratch.quotes;
        let room = MAX_FINDINGS * text::pages(body.len());
        scratch.findings.clear();
        let mut from = 0;
        for (d, loaded) in engine.detectors.iter().enumerate() {
            let to = from + hits[from..].partition_point(|h| usize::from(h.detector) <= d);
            let own_hits = &hits[from..to];
            from = to;
            if !coverage.contains(loaded.needs) {
                continue;
            }
            let cx = Context {
                message,
                coverage,
                fields,
                hits: own_hits,
                phrases: &loaded.phrases,
                lang,
                roles,
                role_hits,
                role_table: &engine.roles,
                quotes,
                max_field_bytes: self.max_field_bytes,
                models: &engine.models,
            };
            let mut out = Findings {
                list: &mut scratch.findings,
                rules: &loaded.rules,
                room,
                space: &mut scratch.space,
            };
            loaded.detector.inspect(&cx, &mut out);
        }
        let text = fields.iter().find(|f| f.field == Field::Text).map(|f| &f.prepared);
        let words = text.map_or(0, |t| t.stats().words);
        scratch.findings.retain(|f| {
            let meta = &engine.rules[f.rule as usize];
            // A complaint that quotes a pitch is not judged by the quote.
            let quoted = match f.ground {
                Ground::At(Field::Text, span) => meta.weight > Weight::ZERO && quotes.cover(span),
                _ => false,
            };
            !quoted && meta.min_words <= words && meta.lang.is_none_or(|l| l == lang || lang == Lang::Unknown)
        });
        // Stable within a rule by place, so that the order of detectors and phrases cannot show.
        scratch
            .findings
            .sort_unstable_by_key(|f| (f.rule, ground_order(f.ground), std::cmp::Reverse(f.strength)));
        let counts = TextCounts {
            words,
            links: text.map_or(0, |t| t.stats().links),
        };
        let overridden = self
            .policy
            .overrides
            .iter()
            .position(|o| Condition::is_true(&o.fact, message, counts));
        let truncated = fields.iter().any(|f| f.prepared.is_truncated());
        Reading {
            at: Circumstances {
                coverage,
                supported: engine.languages.contains(&lang),
                truncated,
                blank: !matches!(message.body, Body::Text(_)),
                overridden: overridden.map(|i| self.policy.overrides[i].decision),
            },
            lang,
            overridden: overridden.map(|i| i as u16),
        }
    }

    /// Turns findings into rows, score and decision.
    fn weigh(&self, scratch: &mut Scratch, at: Circumstances) -> Outcome {
        let engine = &*self.engine;
        let Scratch {
            findings,
            fired,
            combos,
            rows,
            ..
        } = scratch;
        fired.clear();
        let mut from = 0;
        while from < findings.len() {
            let rule = findings[from].rule;
            let to = from + findings[from..].iter().take_while(|f| f.rule == rule).count();
            let strongest = findings[from..to].iter().map(|f| f.strength).max().unwrap_or(0);
            let strength = match engine.rules[rule as usize].count {
                crate::rule::Count::Once => u32::from(strongest),
                crate::rule::Count::Repeat { max, step } => {
                    let further = ((to - from) as u32).min(max).saturating_sub(1);
                    u32::from(strongest) * (1000 + further * step) / 1000
                }
            };
            fired.push(Fired::new(rule, strength, (from as u32, to as u32)));
            from = to;
        }
        let scale = Scale {
            structure: &engine.shape,
            numbers: &self.weights.numbers,
            policy: &self.policy,
        };
        scale.weigh(at, fired, combos, rows)
    }

    /// The verdict with everything borrowed.
    fn view<'a>(&'a self, shown: Shown<'a>, id: Option<&'a str>) -> VerdictView<'a, Shown<'a>> {
        let Shown { reading, outcome, .. } = shown;
        let basis = reading
            .overridden
            .and_then(|i| self.policy.overrides.get(usize::from(i)))
            .map_or(Basis::Score, |o| Basis::Policy(o.name.clone()));
        VerdictView {
            id,
            decision: outcome.decision,
            basis,
            score: outcome.score,
            probability: outcome.probability.map(Probability::in_thousandths),
            review_reasons: Reasons(outcome.reasons),
            coverage: reading.at.coverage,
            lang: reading.lang.code(),
            truncated: reading.at.truncated,
            rows: shown,
            rule_set: ProvenanceView {
                name: &self.engine.name,
                version: &self.engine.version,
                fingerprint: &self.weights.fingerprint,
                model: self.weights.model.as_deref(),
            },
        }
    }

    /// The owned verdict.
    fn verdict(&self, shown: Shown<'_>, id: Option<&str>) -> Verdict {
        let view = self.view(shown, id);
        Verdict {
            id: view.id.map(str::to_owned),
            decision: view.decision,
            basis: view.basis,
            score: view.score,
            probability: view.probability,
            review_reasons: view.review_reasons.iter().collect(),
            coverage: view.coverage,
            lang: view.lang.into(),
            truncated: view.truncated,
            rows: view.rows.rows().map(Row::from).collect(),
            rule_set: view.rule_set.into(),
        }
    }
}

/// What the rows of a verdict are made of.
#[derive(Clone, Copy)]
struct Shown<'a> {
    scorer: &'a Scorer,
    scratch: &'a Scratch,
    reading: Reading,
    outcome: Outcome,
    proofs: ProofSource<'a>,
}

/// Where the evidence of the findings is.
#[derive(Clone, Copy)]
enum ProofSource<'a> {
    /// In the message itself.
    Message(&'a Message<'a>),
    /// Kept from an earlier look at the message, by finding.
    Kept(&'a [Option<Evidence>]),
}

impl<'a> Shown<'a> {
    fn proof(&self, finding: usize) -> Option<Proof<'a>> {
        match self.proofs {
            ProofSource::Message(message) => proof_of(self.scratch.findings.get(finding)?, message),
            ProofSource::Kept(kept) => kept.get(finding)?.as_ref().map(Proof::from),
        }
    }

    fn rows(&self) -> impl Iterator<Item = RowView<'a>> {
        self.scratch.rows.iter().map(|row| self.row(row))
    }

    fn row(&self, row: &RowData) -> RowView<'a> {
        let engine = &*self.scorer.engine;
        let group = |n: u16| engine.shape.groups[usize::from(n)].as_str();
        match row {
            RowData::Prior(contribution) => RowView::Prior {
                contribution: *contribution,
            },
            RowData::Rule(i) => {
                let fired = &self.scratch.fired[*i as usize];
                let meta = &engine.rules[fired.rule as usize];
                let (first, end) = fired.findings;
                let evidence = Proofs::of((first..end).filter_map(|i| self.proof(i as usize)));
                match fired.suppressed_by {
                    Some(by) => RowView::Suppressed {
                        rule: &meta.id,
                        by: &engine.rules[by as usize].id,
                        contribution: Weight::ZERO,
                        summary: &meta.summary,
                        evidence,
                    },
                    None => RowView::Rule(RuleRowView {
                        detector: meta.namespace(),
                        rule: &meta.id,
                        group: &meta.group,
                        weight: self.scorer.weights.numbers.rules[fired.rule as usize],
                        strength: fired.strength,
                        contribution: fired.contribution,
                        summary: &meta.summary,
                        advice: meta.advice.as_deref(),
                        preview: meta.status == Status::Preview,
                        evidence,
                    }),
                }
            }
            RowData::Saturation(n, contribution) => RowView::Saturation {
                group: group(*n),
                contribution: *contribution,
            },
            RowData::Combo(combo, contribution) => {
                let shape = &engine.shape.combos[*combo as usize];
                RowView::Combo {
                    rule: &shape.id,
                    group: group(shape.group),
                    contribution: *contribution,
                    summary: &engine.combo_summaries[*combo as usize],
                }
            }
        }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows())
    }
}

impl fmt::Debug for Scorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scorer")
            .field("rule_set", &self.engine.name)
            .field("rules", &self.engine.rules.len())
            .field("patterns", &self.engine.matcher.pattern_count())
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PreparedRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedRecipient")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

impl Assessment<'_> {
    /// What to do.
    pub fn decision(&self) -> Decision {
        self.outcome.decision
    }

    /// The score.
    pub fn score(&self) -> Weight {
        self.outcome.score
    }

    /// The probability, if the model is calibrated for this coverage.
    pub fn probability(&self) -> Option<Probability> {
        self.outcome.probability
    }

    /// What was known.
    pub fn coverage(&self) -> Coverage {
        self.reading.at.coverage
    }

    /// The rules that fired, in the order of their ids, with what each contributes; suppressed ones contribute zero.
    pub fn rules(&self) -> impl Iterator<Item = (&str, Weight)> {
        self.scratch
            .fired
            .iter()
            .map(|f| (self.scorer.engine.rules[f.rule as usize].id.as_ref(), f.contribution))
    }

    /// The prepared text of the message, if it has one, and its quoted passages.
    #[cfg(feature = "eval")]
    pub(crate) fn prepared_text(&self) -> Option<(&text::Prepared, &Quotes)> {
        let mut fields = self.scratch.fields[..self.scratch.used].iter();
        let text = fields.find(|f| f.field == Field::Text)?;
        Some((&text.prepared, &self.scratch.quotes))
    }

    /// What was weighed: circumstances, language, and the rules that fired.
    #[cfg(feature = "eval")]
    pub(crate) fn weighed(&self) -> (Circumstances, Lang, &[Fired]) {
        (self.reading.at, self.reading.lang, &self.scratch.fired)
    }

    /// What was found, to be weighed again; as [`Scorer::inspect`] gives, without reading the message once more.
    pub fn to_inspection(&self) -> Inspection {
        self.scorer.inspection(self.scratch, self.reading, self.message)
    }

    /// The owned form, with evidence. To write it out at once, serialise the assessment itself: the bytes are the same.
    pub fn to_verdict(&self) -> Verdict {
        self.scorer.verdict(self.shown(), self.message.id.as_deref())
    }

    fn shown(&self) -> Shown<'_> {
        Shown {
            scorer: self.scorer,
            scratch: self.scratch,
            reading: self.reading,
            outcome: self.outcome,
            proofs: ProofSource::Message(self.message),
        }
    }
}

/// As the [`Verdict`], but nothing is allocated.
///
/// ```
/// # #[cfg(feature = "json")] {
/// let scorer = huckster::Scorer::builtin();
/// let (mut scratch, message) = (scorer.scratch(), huckster::Message::from("Quick question: who buys your toner?"));
/// let assessment = scorer.judge_with(&mut scratch, &message);
/// let mut line = Vec::with_capacity(4096);
/// serde_json::to_writer(&mut line, &assessment)?;
/// assert_eq!(line, serde_json::to_vec(&assessment.to_verdict())?);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Serialize for Assessment<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let id = self.message.id.as_deref();
        self.scorer.view(self.shown(), id).serialize(serializer)
    }
}

impl fmt::Debug for Assessment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcome.fmt(f)
    }
}

fn ground_order(ground: Ground) -> (u8, Field, Span, i64, &'static str) {
    match ground {
        Ground::At(field, span) => (0, field, span, 0, ""),
        Ground::Fact(name, value) => (1, Field::Text, Span::default(), value, name),
        Ground::Bare => (2, Field::Text, Span::default(), 0, ""),
    }
}

fn proof_of<'m>(finding: &Finding, message: &'m Message<'_>) -> Option<Proof<'m>> {
    match finding.ground {
        Ground::At(field, span) => Some(Proof::Text {
            field,
            start: span.start,
            end: span.end,
            excerpt: span.text(field_text(message, field)?)?,
            share: (finding.share > 0).then_some(finding.share.into()),
        }),
        Ground::Fact(name, value) => Some(Proof::Fact { fact: name, value }),
        Ground::Bare => None,
    }
}

/// The text of a field as the caller gave it.
pub(crate) fn field_text<'m>(message: &'m Message<'_>, field: Field) -> Option<&'m str> {
    let title = |profile: &'m Profile<'_>, n: u16| profile.positions.get(usize::from(n))?.title.as_deref();
    let sender = message.sender.as_ref();
    let recipient = message.recipient.profile();
    match field {
        Field::Text => message.body.text(),
        Field::Subject => message.subject.as_deref(),
        Field::SenderHeadline => sender?.headline.as_deref(),
        Field::SenderTitle(n) => title(sender?, n),
        Field::SenderAbout => sender?.about.as_deref(),
        Field::RecipientHeadline => recipient?.headline.as_deref(),
        Field::RecipientTitle(n) => title(recipient?, n),
        Field::RecipientAbout => recipient?.about.as_deref(),
        Field::Thread(n) => message.thread.as_ref()?.turns().get(usize::from(n))?.text.as_deref(),
    }
}

fn read_profile<'p>(profile: &'p Profile<'_>, party: Party, read: &mut dyn FnMut(Field, &'p str)) {
    let (headline, about): (Field, Field) = match party {
        Party::Sender => (Field::SenderHeadline, Field::SenderAbout),
        Party::Recipient => (Field::RecipientHeadline, Field::RecipientAbout),
    };
    if let Some(text) = &profile.headline {
        read(headline, text);
    }
    for (i, position) in profile.positions.iter().enumerate().take(u16::MAX.into()) {
        if let Some(title) = position.title.as_deref().filter(|_| position.current != Some(false)) {
            let n = i as u16;
            let field = if party == Party::Sender {
                Field::SenderTitle(n)
            } else {
                Field::RecipientTitle(n)
            };
            read(field, title);
        }
    }
    if let Some(text) = &profile.about {
        read(about, text);
    }
}

fn fill_masks(masks: &mut Masks, profile: &Profile<'_>) {
    masks.clear();
    if let Some(name) = &profile.name {
        masks.add_name(name);
    }
    for position in profile.current_positions() {
        if let Some(company) = &position.company {
            masks.add_company(company);
        }
    }
}
