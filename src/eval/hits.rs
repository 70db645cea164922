//! Hit logs: which rules fired in which message, without any text.
//!
//! A log holds all that a verdict needs besides the texts: the rules that fired with their strength, what was known of
//! the message, and in its first line the table of rules, weights and limits. So verdicts, measures, ablations and fits
//! are table operations, and people can pool results without sharing messages.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::corpus::{Corpus, CorpusError, CorpusProblem, Label, unknown_label_help};
use super::parallel::{self, Threads};
use crate::coverage::Coverage;
use crate::rule::{Status, Weight};
use crate::score::{
    Circumstances, ComboShape, Decision, Fired, GroupLimits, Limits, Model, ModelProfile, Numbers, Policy, Profiled,
    RowData, RuleShape, Scale, ShapeTerm, Structure,
};
use crate::scorer::Scorer;
use crate::verdict::Provenance;

/// The version of the form.
const FORMAT: u32 = 1;

/// What fired in labelled messages, under one rule set.
///
/// ```
/// use huckster::Scorer;
/// use huckster::eval::{Corpus, HitLog, Label, Labeled};
///
/// let corpus: Corpus = [
///     Labeled::new("1", "We cut your cloud bill by 40%. Quick call?", Label::Pitch),
///     Labeled::new("2", "Can you send me the minutes of Tuesday?", Label::Genuine),
/// ]
/// .into_iter()
/// .collect();
/// let log = corpus.run(&Scorer::builtin());
///
/// let mut bytes = Vec::new();
/// log.write_jsonl(&mut bytes)?;
/// assert!(!String::from_utf8_lossy(&bytes).contains("cloud"));
/// assert_eq!(HitLog::read_jsonl("mine.hits", bytes.as_slice())?, log);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HitLog {
    pub(crate) table: Table,
    /// What the corpus was called.
    pub(crate) corpus: CorpusSummary,
    records: Vec<Record>,
    hits: Vec<(u32, u32)>,
    ids: Texts,
    tags: Interned,
    tag_sets: Vec<Vec<u32>>,
    clusters: Interned,
}

/// What a log says of the corpus it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CorpusSummary {
    /// The names of the files.
    pub name: String,
    /// [`Corpus::fingerprint`].
    pub fingerprint: String,
    /// The bias that the corpus card states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<String>,
    /// Whether there is a corpus card.
    #[serde(default)]
    pub has_card: bool,
}

/// Rules, weights, limits and policy of a log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) rule_set: Provenance,
    pub(crate) structure_fingerprint: String,
    pub(crate) policy: Policy,
    pub(crate) structure: Structure,
    pub(crate) numbers: Numbers,
    /// Rules on trial.
    pub(crate) preview: Vec<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Record {
    at: Circumstances,
    label: Label,
    cluster: u32,
    tags: u32,
    hits: (u32, u32),
}

/// One message of a log.
#[derive(Clone, Copy, Debug)]
pub struct LoggedMessage<'l> {
    log: &'l HitLog,
    index: usize,
}

/// What became of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Judged {
    /// The score in thousandths.
    pub score: i32,
    /// The decision.
    pub decision: Decision,
    /// The probability in parts per million, if the rule set is calibrated for the message.
    pub probability: Option<u32>,
}

impl Corpus {
    /// Judges every message on all cores, and keeps what fired.
    pub fn run(&self, scorer: &Scorer) -> HitLog {
        self.run_with(scorer, Threads::All, &|_| {})
    }

    /// The same on a given number of threads; `progress` is told how many messages are done. The log is the same for any
    /// number of threads.
    pub fn run_with(&self, scorer: &Scorer, threads: Threads, progress: &(impl Fn(usize) + Sync)) -> HitLog {
        let done = std::sync::atomic::AtomicUsize::new(0);
        let chunks = parallel::chunks(self.messages(), threads, |_, messages| {
            let mut scratch = scorer.scratch();
            let mut out = Vec::with_capacity(messages.len());
            for labeled in messages {
                let assessment = scorer.judge_with(&mut scratch, &labeled.message);
                let (at, lang, fired) = assessment.weighed();
                let hits: Vec<(u32, u32)> = fired.iter().map(|f| (f.rule, f.strength)).collect();
                out.push((at, lang, hits));
                let n = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                if n.is_multiple_of(64) {
                    progress(n);
                }
            }
            out
        });
        let mut log = HitLog::new(Table::of(scorer));
        log.corpus = CorpusSummary {
            name: self.name(),
            fingerprint: self.fingerprint(),
            bias: self.card().and_then(|c| c.bias.clone()),
            has_card: self.card().is_some(),
        };
        for (labeled, (at, lang, hits)) in self.messages().iter().zip(chunks.into_iter().flatten()) {
            let mut tags = labeled.tags.clone();
            let channel = labeled.message.channel.name();
            tags.push(format!("channel:{channel}"));
            tags.push(format!("lang:{}", lang.code()));
            log.push(
                &labeled.id,
                labeled.label,
                labeled.cluster.as_deref().unwrap_or(&labeled.id),
                tags,
                at,
                &hits,
            );
        }
        progress(self.len());
        log
    }
}

impl HitLog {
    pub(crate) fn new(table: Table) -> Self {
        Self {
            table,
            corpus: CorpusSummary::default(),
            records: Vec::new(),
            hits: Vec::new(),
            ids: Texts::default(),
            tags: Interned::default(),
            tag_sets: Vec::new(),
            clusters: Interned::default(),
        }
    }

    pub(crate) fn push(
        &mut self,
        id: &str,
        label: Label,
        cluster: &str,
        mut tags: Vec<String>,
        at: Circumstances,
        hits: &[(u32, u32)],
    ) {
        tags.sort_unstable();
        tags.dedup();
        let set: Vec<u32> = tags.iter().map(|t| self.tags.number(t)).collect();
        // Neighbours often have equal tags; a full search would cost more than it saves.
        let tags = match self.tag_sets.iter().rev().take(64).position(|s| *s == set) {
            Some(back) => self.tag_sets.len() - 1 - back,
            None => {
                self.tag_sets.push(set);
                self.tag_sets.len() - 1
            }
        };
        let from = self.hits.len() as u32;
        self.hits.extend_from_slice(hits);
        self.ids.push(id);
        let cluster = self.clusters.number(cluster);
        self.records.push(Record {
            at,
            label,
            cluster,
            tags: tags as u32,
            hits: (from, self.hits.len() as u32),
        });
    }

    /// How many messages it has.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The corpus it was made from.
    pub fn corpus(&self) -> &CorpusSummary {
        &self.corpus
    }

    /// The rules it was made with.
    pub fn rule_set(&self) -> &Provenance {
        &self.table.rule_set
    }

    /// The policy that decides.
    pub fn policy(&self) -> &Policy {
        &self.table.policy
    }

    /// The same log under another policy.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.table.policy = policy;
        self
    }

    /// The ids of the rules, in order.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &str> {
        self.table.structure.rules.iter().map(|r| r.id.as_str())
    }

    /// The log with what the detector `wording` reports for these log-odds, message by message, in place of what it
    /// reported.
    pub(super) fn with_wording(mut self, totals: &[Option<i32>]) -> Self {
        use crate::detectors::wording::{LETTER, OUTREACH, strength};
        let number = |id: &str| self.table.structure.rules.iter().position(|r| r.id == id);
        let (Some(outreach), Some(letter)) = (number(OUTREACH), number(LETTER)) else {
            return self;
        };
        let (outreach, letter) = (outreach as u32, letter as u32);
        let mut hits = Vec::with_capacity(self.hits.len());
        for (i, record) in self.records.iter_mut().enumerate() {
            let (from, to) = record.hits;
            let start = hits.len();
            let old = &self.hits[from as usize..to as usize];
            hits.extend(old.iter().filter(|(r, _)| *r != outreach && *r != letter));
            if let Some(total) = totals.get(i).copied().flatten() {
                let rule = if total > 0 { outreach } else { letter };
                let strength = strength(total.into());
                if strength > 0 {
                    hits.push((rule, strength));
                }
            }
            hits[start..].sort_unstable();
            record.hits = (start as u32, hits.len() as u32);
        }
        self.hits = hits;
        self
    }

    /// The messages, in the order of the corpus.
    pub fn messages(&self) -> impl ExactSizeIterator<Item = LoggedMessage<'_>> {
        (0..self.records.len()).map(|index| LoggedMessage { log: self, index })
    }

    /// How many clusters there are.
    pub fn cluster_count(&self) -> usize {
        self.clusters.names.len()
    }

    /// The cluster of each message, numbered from 0.
    pub(crate) fn cluster_numbers(&self) -> Vec<u32> {
        self.records.iter().map(|r| r.cluster).collect()
    }

    pub(crate) fn label(&self, index: usize) -> Label {
        self.records[index].label
    }

    pub(crate) fn id(&self, index: usize) -> &str {
        self.ids.get(index)
    }

    pub(crate) fn circumstances(&self, index: usize) -> Circumstances {
        self.records[index].at
    }

    pub(crate) fn cluster_name(&self, cluster: u32) -> &str {
        &self.clusters.names[cluster as usize]
    }

    pub(crate) fn cluster(&self, index: usize) -> u32 {
        self.records[index].cluster
    }

    /// Rule and strength of what fired, in the order of the rules.
    pub(crate) fn hits(&self, index: usize) -> &[(u32, u32)] {
        let (from, to) = self.records[index].hits;
        &self.hits[from as usize..to as usize]
    }

    /// Every tag with the messages that have it, in the order of their names.
    pub(crate) fn tagged(&self) -> BTreeMap<&str, Vec<u32>> {
        let mut sets: Vec<Vec<u32>> = vec![Vec::new(); self.tag_sets.len()];
        for (i, r) in self.records.iter().enumerate() {
            sets[r.tags as usize].push(i as u32);
        }
        let mut all: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (set, messages) in self.tag_sets.iter().zip(sets) {
            for tag in set {
                all.entry(self.tags.names[*tag as usize].as_str())
                    .or_default()
                    .extend(&messages);
            }
        }
        all.values_mut().for_each(|m| m.sort_unstable());
        all
    }

    /// Judges all messages by the weights and the policy of the log.
    pub fn judge(&self) -> Vec<Judged> {
        self.judge_by(&self.table.numbers)
    }

    /// Judges all messages by the weights of a model.
    ///
    /// # Errors
    ///
    /// The model was made for other rules, names unknown ones, or has numbers out of range.
    pub fn judge_with_model(&self, model: &Model) -> Result<Vec<Judged>, crate::ModelError> {
        Ok(self.judge_by(&self.table.numbers_with(model)?))
    }

    /// The same log with the weights of a model.
    ///
    /// # Errors
    ///
    /// As for [`judge_with_model`](Self::judge_with_model).
    pub fn with_model(mut self, model: &Model) -> Result<Self, crate::ModelError> {
        self.table.numbers = self.table.numbers_with(model)?;
        self.table.rule_set.model = model.id.clone().or(Some("unnamed".into()));
        Ok(self)
    }

    pub(crate) fn judge_by(&self, numbers: &Numbers) -> Vec<Judged> {
        let indices: Vec<u32> = (0..self.records.len() as u32).collect();
        let chunks = parallel::chunks(&indices, Threads::All, |_, indices| {
            let mut weigher = Weigher::new(&self.table, numbers);
            indices
                .iter()
                .map(|i| weigher.judge(self.circumstances(*i as usize), self.hits(*i as usize), |_| false))
                .collect::<Vec<_>>()
        });
        chunks.into_iter().flatten().collect()
    }

    /// Adds the messages of another log, so that results of several corpora can be pooled.
    ///
    /// # Errors
    ///
    /// It was made with other rules, weights or thresholds, or an id is in both.
    pub fn append(&mut self, other: &Self) -> Result<(), CorpusError> {
        let problem = |message: String, help: &str| {
            CorpusError::one(CorpusProblem {
                file: other.corpus.name.clone(),
                line: 0,
                column: 0,
                message,
                help: help.to_owned(),
            })
        };
        if self.table != other.table {
            let message = format!(
                "the log was made with {} ({}), not with {} ({})",
                other.table.rule_set.name,
                other.table.rule_set.fingerprint,
                self.table.rule_set.name,
                self.table.rule_set.fingerprint
            );
            return Err(problem(message, "pool logs of the same rules and policy only"));
        }
        let known: std::collections::HashSet<&str> = (0..self.len()).map(|i| self.id(i)).collect();
        if let Some(id) = (0..other.len()).map(|i| other.id(i)).find(|id| known.contains(id)) {
            let message = format!("the id `{id}` is in both logs");
            return Err(problem(message, "give the messages of one log other ids"));
        }
        for m in other.messages() {
            let i = m.index;
            self.push(
                m.id(),
                m.label(),
                m.cluster(),
                m.tags().map(str::to_owned).collect(),
                other.circumstances(i),
                other.hits(i),
            );
        }
        let name = format!("{} + {}", self.corpus.name, other.corpus.name);
        self.corpus = CorpusSummary {
            name,
            fingerprint: format!("{} + {}", self.corpus.fingerprint, other.corpus.fingerprint),
            bias: self.corpus.bias.take().or_else(|| other.corpus.bias.clone()),
            has_card: self.corpus.has_card && other.corpus.has_card,
        };
        Ok(())
    }

    /// The same log with numbers in place of ids and cluster names, which may hold names of people.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        let n = self.len();
        self.ids = Texts::default();
        (0..n).for_each(|i| self.ids.push(&format!("{}", i + 1)));
        let clusters = self.clusters.names.len();
        self.clusters = Interned::default();
        (0..clusters).for_each(|i| {
            self.clusters.number(&format!("c{}", i + 1));
        });
        self
    }

    /// Writes the log: its table in the first line, then one message a line.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_jsonl(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &Header::of(self)).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        for m in self.messages() {
            serde_json::to_writer(&mut *out, &Line::of(m)).map_err(io::Error::from)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Reads a log; `name` is used in messages.
    ///
    /// # Errors
    ///
    /// The first line that cannot be used, with its place.
    pub fn read_jsonl(name: &str, mut input: impl BufRead) -> Result<Self, CorpusError> {
        let fail = |line: usize, column: usize, message: String| {
            CorpusError::one(CorpusProblem {
                file: name.to_owned(),
                line,
                column,
                message,
                help: "write the hit log again".to_owned(),
            })
        };
        let mut text = String::new();
        let mut read = |text: &mut String, number: usize| {
            text.clear();
            match input.read_line(text) {
                Ok(0) => Ok(false),
                Ok(_) => Ok(true),
                Err(e) => Err(fail(number, 1, format!("cannot be read: {e}"))),
            }
        };
        if !read(&mut text, 1)? {
            return Err(fail(0, 0, "the file is empty".to_owned()));
        }
        let bad = |number: usize, e: &serde_json::Error| {
            let text = e.to_string();
            let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(m, _)| m);
            fail(number, e.column().max(1), message.to_owned())
        };
        if !text.contains("huckster_hit_log") {
            return Err(fail(1, 1, "this is not a hit log of huckster".to_owned()));
        }
        let header: Header = serde_json::from_str(&text).map_err(|e| bad(1, &e))?;
        let table = header.table().map_err(|message| fail(1, 1, message))?;
        let rules = table.structure.rules.len();
        let mut log = Self::new(table);
        log.corpus = header.corpus;
        let mut seen: HashMap<u64, ()> = HashMap::new();
        let mut number = 1;
        while read(&mut text, number + 1)? {
            number += 1;
            if text.trim().is_empty() {
                continue;
            }
            let line: Line<'_> = serde_json::from_str(&text).map_err(|e| {
                if e.is_eof() && !text.ends_with('\n') {
                    fail(
                        number,
                        e.column(),
                        "the file ends in the middle of a message".to_owned(),
                    )
                } else {
                    bad(number, &e)
                }
            })?;
            let Some(label) = Label::from_name(&line.label) else {
                let help = unknown_label_help(&line.label);
                return Err(fail(number, 1, format!("there is no label `{}`; {help}", line.label)));
            };
            // Two in a billion million-message logs share a hash by chance; an id twice is no chance.
            if seen.insert(crate::ruleset::fnv1a(line.id.bytes()), ()).is_some() {
                return Err(fail(number, 1, format!("the id `{}` stands twice", line.id)));
            }
            let ordered = line.hits.windows(2).all(|w| w[0].0 < w[1].0);
            if !ordered || line.hits.iter().any(|(r, _)| *r as usize >= rules) {
                return Err(fail(
                    number,
                    1,
                    "a hit is no rule of the table, or out of order".to_owned(),
                ));
            }
            let cluster = line.cluster.as_deref().unwrap_or(&line.id);
            let at = line.circumstances();
            let tags = line.tags.iter().map(|t| t.to_string()).collect();
            log.push(&line.id, label, cluster, tags, at, &line.hits);
        }
        Ok(log)
    }

    /// Writes the log as a table for spreadsheets: one message a line, with decision, score and the rules that fired. It
    /// cannot be read back.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_csv(&self, out: impl Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        let head = [
            "id",
            "label",
            "decision",
            "score",
            "probability",
            "cluster",
            "tags",
            "coverage",
            "hits",
        ];
        csv.write_record(head)?;
        for (m, judged) in self.messages().zip(self.judge()) {
            let hits: Vec<String> = self
                .hits(m.index)
                .iter()
                .map(|(r, s)| format!("{}:{s}", self.table.structure.rules[*r as usize].id))
                .collect();
            csv.write_record([
                m.id(),
                m.label().name(),
                &judged.decision.to_string(),
                &Weight::milli(judged.score).to_string(),
                &judged
                    .probability
                    .map_or_else(String::new, |p| format!("{:.3}", f64::from(p) / 1e6)),
                m.cluster(),
                &m.tags().collect::<Vec<_>>().join(" "),
                &self.circumstances(m.index).coverage.to_string(),
                &hits.join(" "),
            ])?;
        }
        csv.flush()
    }
}

impl<'l> LoggedMessage<'l> {
    /// Its id.
    pub fn id(&self) -> &'l str {
        self.log.id(self.index)
    }

    /// Its label.
    pub fn label(&self) -> Label {
        self.log.label(self.index)
    }

    /// Its cluster; its own id if it stands alone.
    pub fn cluster(&self) -> &'l str {
        self.log.cluster_name(self.log.cluster(self.index))
    }

    /// Its tags, with `channel:…` and `lang:…`.
    pub fn tags(&self) -> impl Iterator<Item = &'l str> {
        let log = self.log;
        let set = &log.tag_sets[log.records[self.index].tags as usize];
        set.iter().map(move |t| log.tags.names[*t as usize].as_str())
    }

    /// What was known of it.
    pub fn coverage(&self) -> Coverage {
        self.log.circumstances(self.index).coverage
    }

    /// The rules that fired, with their strength in thousandths.
    pub fn hits(&self) -> impl Iterator<Item = (&'l str, u32)> {
        let log = self.log;
        let rules = &log.table.structure.rules;
        log.hits(self.index)
            .iter()
            .map(move |(r, s)| (rules[*r as usize].id.as_str(), *s))
    }
}

/// Weighs messages of a log; holds the working space.
pub(crate) struct Weigher<'a> {
    scale: Scale<'a>,
    fired: Vec<Fired>,
    combos: Vec<bool>,
    rows: Vec<RowData>,
}

impl<'a> Weigher<'a> {
    pub(crate) fn new(table: &'a Table, numbers: &'a Numbers) -> Self {
        Self {
            scale: Scale {
                structure: &table.structure,
                numbers,
                policy: &table.policy,
            },
            fired: Vec::new(),
            combos: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Judges a message as if the rules in `without` had not fired.
    pub(crate) fn judge(&mut self, at: Circumstances, hits: &[(u32, u32)], without: impl Fn(u32) -> bool) -> Judged {
        self.fired.clear();
        let kept = hits.iter().filter(|(rule, _)| !without(*rule));
        self.fired
            .extend(kept.map(|(rule, strength)| Fired::new(*rule, *strength, (0, 0))));
        let outcome = self.scale.weigh(at, &mut self.fired, &mut self.combos, &mut self.rows);
        Judged {
            score: outcome.score.as_milli(),
            decision: outcome.decision,
            probability: outcome.probability.map(crate::Probability::ppm),
        }
    }

    /// Which combos fired in the last judgement.
    pub(crate) fn combos(&self) -> &[bool] {
        &self.combos
    }

    /// The rules behind the last judgement that were not silenced.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Fired> {
        self.fired.iter().filter(|f| f.suppressed_by.is_none())
    }
}

impl Table {
    fn of(scorer: &Scorer) -> Self {
        let (structure, numbers, structure_fingerprint) = scorer.table();
        Self {
            rule_set: scorer.provenance(),
            structure_fingerprint: structure_fingerprint.to_owned(),
            policy: scorer.policy().clone(),
            structure: structure.clone(),
            numbers: numbers.clone(),
            preview: scorer.rules().map(|r| r.status == Status::Preview).collect(),
        }
    }

    pub(crate) fn numbers_with(&self, model: &Model) -> Result<Numbers, crate::ModelError> {
        self.numbers
            .with_model(&self.structure, &self.structure_fingerprint, model)
    }
}

// ---- the form in a file

#[derive(Serialize, Deserialize)]
struct Header {
    huckster_hit_log: u32,
    corpus: CorpusSummary,
    rule_set: Provenance,
    structure: String,
    policy: PolicyForm,
    groups: Vec<GroupForm>,
    rules: Vec<RuleForm>,
    #[serde(default)]
    combos: Vec<ComboForm>,
    #[serde(default)]
    profiles: Vec<ModelProfile>,
}

#[derive(Serialize, Deserialize)]
struct PolicyForm {
    accept: Weight,
    decline: Weight,
    conflict: Weight,
    group_floor: Weight,
    abstain: u8,
}

#[derive(Serialize, Deserialize)]
struct GroupForm {
    id: String,
    #[serde(flatten)]
    limits: GroupLimits,
}

#[derive(Serialize, Deserialize)]
struct RuleForm {
    id: String,
    group: String,
    weight: Weight,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unless: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    decisive: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    preview: bool,
}

#[derive(Serialize, Deserialize)]
struct ComboForm {
    id: String,
    group: String,
    weight: Weight,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    all: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    any: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    none: Vec<String>,
}

/// One message of a log.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    label: std::borrow::Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow)]
    cluster: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", borrow)]
    tags: Vec<std::borrow::Cow<'a, str>>,
    /// Bits of [`Coverage`].
    coverage: u16,
    /// 1 blank, 2 truncated, 4 no rules for its language.
    #[serde(default, skip_serializing_if = "is_zero")]
    flags: u8,
    /// What a fact of the caller's policy decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decided: Option<Decision>,
    /// Rule, by its place in the table, and strength in thousandths.
    hits: Vec<(u32, u32)>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(n: &u8) -> bool {
    *n == 0
}

impl<'a> Line<'a> {
    fn of(m: LoggedMessage<'a>) -> Self {
        let at = m.log.circumstances(m.index);
        Self {
            id: m.id().into(),
            label: m.label().name().into(),
            cluster: (m.cluster() != m.id()).then(|| m.cluster().into()),
            tags: m.tags().map(Into::into).collect(),
            coverage: at.coverage.bits(),
            flags: u8::from(at.blank) | u8::from(at.truncated) << 1 | u8::from(!at.supported) << 2,
            decided: at.overridden,
            hits: m.log.hits(m.index).to_vec(),
        }
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances {
            coverage: Coverage::from_bits(self.coverage),
            blank: self.flags & 1 != 0,
            truncated: self.flags & 2 != 0,
            supported: self.flags & 4 == 0,
            overridden: self.decided,
        }
    }
}

impl Header {
    fn of(log: &HitLog) -> Self {
        let Table {
            rule_set,
            structure_fingerprint,
            policy,
            structure,
            numbers,
            preview,
        } = &log.table;
        let group = |g: u16| structure.groups[usize::from(g)].clone();
        let term = |term: &ShapeTerm| match term {
            ShapeTerm::Rule(r) => structure.rules[*r as usize].id.clone(),
            ShapeTerm::Combo(c) => structure.combos[*c as usize].id.clone(),
            ShapeTerm::Group(g) => format!("group:{}", group(*g)),
            ShapeTerm::Known(coverage) => format!("known:{}", coverage.bits()),
        };
        let terms = |terms: &[ShapeTerm]| terms.iter().map(term).collect();
        Self {
            huckster_hit_log: FORMAT,
            corpus: log.corpus.clone(),
            rule_set: rule_set.clone(),
            structure: structure_fingerprint.clone(),
            policy: PolicyForm {
                accept: policy.accept,
                decline: policy.decline,
                conflict: policy.conflict,
                group_floor: policy.group_floor,
                abstain: policy.abstain,
            },
            groups: structure
                .groups
                .iter()
                .zip(&numbers.limits)
                .map(|(id, limits)| GroupForm {
                    id: id.clone(),
                    limits: GroupLimits::of(*limits),
                })
                .collect(),
            rules: structure
                .rules
                .iter()
                .zip(&numbers.rules)
                .zip(preview)
                .map(|((rule, weight), preview)| RuleForm {
                    id: rule.id.clone(),
                    group: group(rule.group),
                    weight: *weight,
                    unless: rule
                        .unless
                        .iter()
                        .map(|u| structure.rules[*u as usize].id.clone())
                        .collect(),
                    decisive: rule.decisive,
                    preview: *preview,
                })
                .collect(),
            combos: structure
                .combos
                .iter()
                .zip(&numbers.combos)
                .map(|(combo, weight)| ComboForm {
                    id: combo.id.clone(),
                    group: group(combo.group),
                    weight: *weight,
                    all: terms(&combo.all),
                    any: terms(&combo.any),
                    none: terms(&combo.none),
                })
                .collect(),
            profiles: numbers.profiles.iter().copied().map(Profiled::to_model).collect(),
        }
    }

    fn table(&self) -> Result<Table, String> {
        if self.huckster_hit_log != FORMAT {
            return Err(format!("a hit log of format {}, not {FORMAT}", self.huckster_hit_log));
        }
        let groups: HashMap<&str, u16> = self
            .groups
            .iter()
            .enumerate()
            .map(|(i, g)| (g.id.as_str(), i as u16))
            .collect();
        let rules: HashMap<&str, u32> = self
            .rules
            .iter()
            .enumerate()
            .map(|(i, r)| (r.id.as_str(), i as u32))
            .collect();
        let combos: HashMap<&str, u32> = self
            .combos
            .iter()
            .enumerate()
            .map(|(i, c)| (c.id.as_str(), i as u32))
            .collect();
        if rules.len() != self.rules.len() || combos.len() != self.combos.len() || groups.len() != self.groups.len() {
            return Err("an id stands twice in the table".to_owned());
        }
        let missing = |what: &str, id: &str| format!("the table has no {what} `{id}`");
        let group = |id: &str| groups.get(id).copied().ok_or_else(|| missing("group", id));
        let term = |text: &String, combo: usize| {
            if let Some(id) = text.strip_prefix("group:") {
                return group(id).map(ShapeTerm::Group);
            }
            if let Some(bits) = text.strip_prefix("known:") {
                let bits = bits.parse().map_err(|_| missing("coverage", bits))?;
                return Ok(ShapeTerm::Known(Coverage::from_bits(bits)));
            }
            if let Some(rule) = rules.get(text.as_str()) {
                return Ok(ShapeTerm::Rule(*rule));
            }
            match combos.get(text.as_str()) {
                // Each after those it refers to, or weighing would read ahead.
                Some(c) if (*c as usize) < combo => Ok(ShapeTerm::Combo(*c)),
                _ => Err(missing("rule or earlier combo", text)),
            }
        };
        let mut structure = Structure {
            groups: self.groups.iter().map(|g| g.id.clone()).collect(),
            ..Structure::default()
        };
        for rule in &self.rules {
            let unless: Result<Vec<u32>, String> = rule
                .unless
                .iter()
                .map(|u| rules.get(u.as_str()).copied().ok_or_else(|| missing("rule", u)))
                .collect();
            structure.rules.push(RuleShape {
                id: rule.id.clone(),
                group: group(&rule.group)?,
                unless: unless?,
                decisive: rule.decisive,
            });
        }
        for (i, combo) in self.combos.iter().enumerate() {
            let terms = |list: &[String]| list.iter().map(|t| term(t, i)).collect::<Result<Vec<_>, _>>();
            structure.combos.push(ComboShape {
                id: combo.id.clone(),
                group: group(&combo.group)?,
                all: terms(&combo.all)?,
                any: terms(&combo.any)?,
                none: terms(&combo.none)?,
            });
        }
        let limits: Option<Vec<Limits>> = self.groups.iter().map(|g| g.limits.checked()).collect();
        let profiles: Result<Vec<Profiled>, ()> = self.profiles.iter().map(Profiled::from_model).collect();
        let PolicyForm {
            accept,
            decline,
            conflict,
            group_floor,
            abstain,
        } = self.policy;
        let policy = Policy::new(accept, decline).ok_or("the thresholds of the policy are in the wrong order")?;
        Ok(Table {
            rule_set: self.rule_set.clone(),
            structure_fingerprint: self.structure.clone(),
            policy: Policy {
                conflict,
                group_floor,
                abstain,
                ..policy
            },
            structure,
            numbers: Numbers {
                rules: self.rules.iter().map(|r| r.weight).collect(),
                combos: self.combos.iter().map(|c| c.weight).collect(),
                limits: limits.ok_or("the limits of a group are out of range")?,
                profiles: profiles.map_err(|()| "a calibration is out of range")?,
            },
            preview: self.rules.iter().map(|r| r.preview).collect(),
        })
    }
}

/// Many short texts in one block of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Texts {
    all: String,
    ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len() as u32);
    }

    fn get(&self, index: usize) -> &str {
        let from = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.all[from as usize..self.ends[index] as usize]
    }
}

/// Texts with a number each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Interned {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Interned {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(n) = self.numbers.get(name) {
            return *n;
        }
        let n = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), n);
        n
    }
}
