//! What would be without a rule, a combo, a group or a detector.
//!
//! Leaving something out changes only the messages in which it fired, so each ablation weighs those again and corrects
//! the counts of the whole. All ablations of a log together cost about as much as weighing every hit once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::Label;
use super::evaluate::round6;
use super::hits::{HitLog, Judged, Weigher};
use super::parallel::{self, Threads};
use super::ranking::{Ranking, ScoreCount};
use crate::rule::{Weight, namespace};
use crate::score::Decision;

/// What was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AblationKind {
    /// One rule.
    Rule,
    /// One combo.
    Combo,
    /// All rules and combos of a group.
    Group,
    /// All rules of a namespace.
    Detector,
}

/// What changes when something is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ablation {
    /// What kind of thing.
    pub kind: AblationKind,
    /// Which one.
    pub id: String,
    /// Messages in which it had a say.
    pub messages: u64,
    /// ROC-AUC, pitch against genuine, without it minus with it: negative if it is worth having.
    pub roc_auc_change: Option<f64>,
    /// More pitches declined without it (fewer if negative).
    pub pitch_declined: i64,
    /// More genuine messages declined without it.
    pub genuine_declined: i64,
    /// Decisions that get worse without it: what it is good for.
    pub helps: u64,
    /// Decisions that get better without it: the harm it does.
    pub harms: u64,
}

/// How good a decision is for a label: 2 right, 0 the worst.
fn quality(label: Label, decision: Decision) -> u8 {
    match (label, decision) {
        (Label::Unsure, _) => 0,
        (Label::Pitch, Decision::Decline) | (Label::Genuine, Decision::Accept) | (Label::Generic, Decision::Review) => {
            2
        }
        (Label::Pitch, Decision::Accept) | (Label::Genuine | Label::Generic, Decision::Decline) => 0,
        (Label::Pitch | Label::Genuine, Decision::Review) | (Label::Generic, Decision::Accept) => 1,
    }
}

/// Something to leave out, and the messages in which it has a say.
struct Unit {
    kind: AblationKind,
    id: String,
    rules: Vec<u32>,
    combos: Vec<u32>,
    messages: Vec<u32>,
}

/// Leaves out everything once.
pub(super) fn all(log: &HitLog, judged: &[Judged], threads: Threads) -> Vec<Ablation> {
    let units = units(log);
    let base = Counts::new(log, judged);
    parallel::map(&units, threads, |unit| one(log, judged, &base, unit))
}

fn units(log: &HitLog) -> Vec<Unit> {
    let structure = &log.table.structure;
    let mut with_rule: Vec<Vec<u32>> = vec![Vec::new(); structure.rules.len()];
    let mut with_combo: Vec<Vec<u32>> = vec![Vec::new(); structure.combos.len()];
    let mut weigher = Weigher::new(&log.table, &log.table.numbers);
    for i in 0..log.len() {
        for (rule, _) in log.hits(i) {
            with_rule[*rule as usize].push(i as u32);
        }
        weigher.judge(log.circumstances(i), log.hits(i), |_| false);
        for (combo, fired) in weigher.combos().iter().enumerate() {
            if *fired {
                with_combo[combo].push(i as u32);
            }
        }
    }
    let mut units = Vec::new();
    let mut groups: BTreeMap<u16, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    let mut detectors: BTreeMap<&str, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    for (r, rule) in structure
        .rules
        .iter()
        .enumerate()
        .filter(|(r, _)| !with_rule[*r].is_empty())
    {
        groups.entry(rule.group).or_default().0.push(r as u32);
        detectors.entry(namespace(&rule.id)).or_default().0.push(r as u32);
        units.push(Unit {
            kind: AblationKind::Rule,
            id: rule.id.clone(),
            rules: vec![r as u32],
            combos: Vec::new(),
            messages: with_rule[r].clone(),
        });
    }
    for (c, combo) in structure
        .combos
        .iter()
        .enumerate()
        .filter(|(c, _)| !with_combo[*c].is_empty())
    {
        groups.entry(combo.group).or_default().1.push(c as u32);
        detectors.entry(namespace(&combo.id)).or_default().1.push(c as u32);
        units.push(Unit {
            kind: AblationKind::Combo,
            id: combo.id.clone(),
            rules: Vec::new(),
            combos: vec![c as u32],
            messages: with_combo[c].clone(),
        });
    }
    let several = |kind, id: &str, (rules, combos): (Vec<u32>, Vec<u32>)| {
        let with = rules.iter().map(|r| &with_rule[*r as usize]);
        let mut messages: Vec<u32> = with
            .chain(combos.iter().map(|c| &with_combo[*c as usize]))
            .flatten()
            .copied()
            .collect();
        messages.sort_unstable();
        messages.dedup();
        Unit {
            kind,
            id: id.to_owned(),
            rules,
            combos,
            messages,
        }
    };
    for (group, parts) in groups {
        units.push(several(
            AblationKind::Group,
            &structure.groups[usize::from(group)],
            parts,
        ));
    }
    for (detector, parts) in detectors {
        units.push(several(AblationKind::Detector, detector, parts));
    }
    units
}

fn one(log: &HitLog, judged: &[Judged], base: &Counts, unit: &Unit) -> Ablation {
    let mut numbers = log.table.numbers.clone();
    for combo in &unit.combos {
        numbers.combos[*combo as usize] = Weight::ZERO;
    }
    let mut weigher = Weigher::new(&log.table, &numbers);
    let mut counts = base.clone();
    let (mut pitch_declined, mut genuine_declined, mut helps, mut harms) = (0, 0, 0, 0);
    for i in unit.messages.iter().map(|i| *i as usize) {
        let label = log.label(i);
        let before = judged[i];
        let after = weigher.judge(log.circumstances(i), log.hits(i), |rule| {
            unit.rules.binary_search(&rule).is_ok()
        });
        counts.add(label, before.score, -1);
        counts.add(label, after.score, 1);
        let change = i64::from(after.decision.is_decline()) - i64::from(before.decision.is_decline());
        match label {
            Label::Pitch => pitch_declined += change,
            Label::Genuine => genuine_declined += change,
            Label::Generic | Label::Unsure => {}
        }
        match quality(label, after.decision).cmp(&quality(label, before.decision)) {
            std::cmp::Ordering::Less => helps += 1,
            std::cmp::Ordering::Greater => harms += 1,
            std::cmp::Ordering::Equal => {}
        }
    }
    let change = counts
        .roc_auc()
        .zip(base.roc_auc())
        .map(|(after, before)| after - before);
    Ablation {
        kind: unit.kind,
        id: unit.id.clone(),
        messages: unit.messages.len() as u64,
        roc_auc_change: change.map(round6),
        pitch_declined,
        genuine_declined,
        helps,
        harms,
    }
}

/// How many pitches and genuine messages have each score: one place per thousandth, so that a message can be moved.
#[derive(Clone, Debug)]
struct Counts {
    low: i32,
    /// Pitches, genuine messages.
    at: Vec<[i64; 2]>,
}

impl Counts {
    fn new(log: &HitLog, judged: &[Judged]) -> Self {
        let low = judged.iter().map(|j| j.score).min().unwrap_or(0);
        let high = judged.iter().map(|j| j.score).max().unwrap_or(0);
        let mut counts = Self {
            low,
            at: vec![[0; 2]; (high - low) as usize + 1],
        };
        for (i, j) in judged.iter().enumerate() {
            counts.add(log.label(i), j.score, 1);
        }
        counts
    }

    fn add(&mut self, label: Label, score: i32, n: i64) {
        let column = match label {
            Label::Pitch => 0,
            Label::Genuine => 1,
            Label::Generic | Label::Unsure => return,
        };
        if score < self.low {
            let more = (self.low - score) as usize;
            self.at.splice(0..0, std::iter::repeat_n([0; 2], more));
            self.low = score;
        }
        let place = (score - self.low) as usize;
        if place >= self.at.len() {
            self.at.resize(place + 1, [0; 2]);
        }
        self.at[place][column] += n;
    }

    fn roc_auc(&self) -> Option<f64> {
        let counts = (self.low..)
            .zip(&self.at)
            .filter(|(_, n)| **n != [0; 2])
            .map(|(score, [pitch, genuine])| ScoreCount {
                score,
                positives: pitch.unsigned_abs(),
                negatives: genuine.unsigned_abs(),
            })
            .collect();
        Ranking::from_counts(counts).roc_auc()
    }
}
