//! What was measured, as Markdown to read, CSV to sort and JSON to compute with.
//!
//! The tables are made once, by the functions at the end, and are the same in Markdown and on the page.

use std::collections::HashMap;
use std::fmt::Write;
use std::io;

use serde::Serialize;

use super::ablation::{Ablation, AblationKind};
use super::compare::{Comparison, Finding};
use super::corpus::Label;
use super::evaluate::{DecisionTable, Estimate, Evaluation};
use super::fit::{CrossValidated, Fit, FitState, FittedWeight};
use super::proportion::Proportion;
use super::rules::{Promotion, RuleMeasure};
use super::slices::Slice;
use super::table::{
    Cell, NONE, Table, change, clip, count, fixed, hits_of, id, number, percent, percent_range, plain, range, signed,
    words, wrapped,
};
use crate::rule::Weight;
use crate::verdict::Provenance;

/// Rules, and rules left out, in Markdown.
const RULES: usize = 20;
/// Slices in Markdown, with all that stand out.
const SLICES: usize = 20;
/// Changed messages in Markdown.
const CHANGED: usize = 1000;
/// Rules named in one cell.
const NAMED: usize = 5;

pub(super) const DECISIONS_NOTE: &str = "Right is: pitches declined, generic messages left to review, genuine ones \
    accepted.";
pub(super) const MEASURES_NOTE: &str =
    "Intervals of shares are Wilson's, the others are from a bootstrap over clusters.";
pub(super) const RULES_NOTE: &str = "Strong and sure before strong and rare. Hits by label; hit rate: share of all messages. S/O: share \
    of pitches among the hits if there were as many pitches as genuine messages (1 pitches only, 0.5 nothing, 0 genuine \
    only). LLR: what a hit alone adds to the log-odds, with its 95 % interval; the weight would be the same if rules were \
    independent of each other.";
pub(super) const ABLATION_NOTE: &str = "What changes without it. A negative change of ROC-AUC means that it is worth \
    having. Helps: decisions that get worse without it. Harms: decisions that get better.";
pub(super) const SLICES_NOTE: &str = "A slice stands out if at least two genuine messages are declined in it, and more \
    often than elsewhere, beyond chance.";
pub(super) const OVERLAPS_NOTE: &str =
    "Pairs that fire together in at least half of the messages in which either does.";
pub(super) const SPEED_NOTE: &str = "On one core of one machine, all messages of the corpus in turn: compare only figures \
    of the same run.";
pub(super) const TESTS_NOTE: &str = "Decisions by McNemar's exact test with mid-p, measures by a bootstrap over clusters; \
    all p-values corrected together after Holm. Better and worse are said of B.";

impl Evaluation {
    /// A report to read: the headline, decisions, measures, the slices that stand out, the most telling rules, and where
    /// the figures come from.
    ///
    /// The tables are padded, so that it reads well in a terminal too. It shows at most twenty rules and says how many
    /// there are besides; [`rules_csv`](Self::rules_csv) and [`to_json`](Self::to_json) hold all.
    ///
    /// ```
    /// use huckster::Scorer;
    /// use huckster::eval::{Corpus, EvaluationOptions, Label, Labeled};
    ///
    /// let corpus: Corpus = [
    ///     Labeled::new("1", "We cut your cloud bill by 40%. Open to a quick call?", Label::Pitch),
    ///     Labeled::new("2", "Can you send me the minutes of Tuesday?", Label::Genuine),
    /// ]
    /// .into_iter()
    /// .collect();
    /// let evaluation = corpus.run(&Scorer::builtin()).evaluate(&EvaluationOptions::default())?;
    /// assert!(evaluation.to_markdown().contains("**Genuine messages declined: 0.0 %**"));
    /// # Ok::<(), huckster::eval::CorpusError>(())
    /// ```
    pub fn to_markdown(&self) -> String {
        let mut out = format!("# {}\n\n", plain(&set_name(&self.rule_set)));
        let _ = writeln!(out, "{}\n", plain(&measured(self)));
        for line in headline(self) {
            let _ = writeln!(out, "- **{}: {}**, {}", line.name, line.value, line.detail);
        }
        section(&mut out, "Decisions", DECISIONS_NOTE, &decisions(&self.decisions));
        section(&mut out, "Measures", MEASURES_NOTE, &measures(self));
        if let Some(probability) = &self.probability {
            let note = "Bins of equal counts: what was said, and how often it was a pitch.";
            section(&mut out, "Calibration", note, &calibration(probability));
        }
        let (shown, left_out) = most_telling_slices(self, SLICES);
        section(&mut out, "Slices", SLICES_NOTE, &slices(&shown));
        rest(&mut out, left_out, "slices");
        let shown = &self.rules[..self.rules.len().min(RULES)];
        section(&mut out, "Rules", RULES_NOTE, &rules(shown));
        rest(&mut out, self.rules.len() - shown.len(), "rules that fired");
        let _ = writeln!(out, "\nRules that never fired: {}.", count(self.silent_rules as u64));
        if !self.ablation.is_empty() {
            let _ = write!(out, "\n## Ablation\n\n{}", wrapped(&plain(ABLATION_NOTE)));
            for (kinds, limit) in [
                (&[AblationKind::Group][..], usize::MAX),
                (&[AblationKind::Detector], usize::MAX),
                (&[AblationKind::Rule, AblationKind::Combo], RULES),
            ] {
                let (shown, left_out) = strongest(self, kinds, limit);
                if !shown.is_empty() {
                    let _ = write!(out, "\n{}", ablation(&shown).to_markdown());
                }
                rest(&mut out, left_out, "rules and combos with a smaller change");
            }
        }
        section(&mut out, "Overlaps", OVERLAPS_NOTE, &overlaps(self));
        section(&mut out, "Speed", SPEED_NOTE, &speed(std::slice::from_ref(self)));
        out.push_str("\n## Source\n\n");
        out.push_str(&source(self).to_markdown());
        let _ = write!(out, "\n{}", wrapped(&plain(&bias(self))));
        out
    }

    /// One line a rule that fired, the most telling first: hits by label, what a hit says, and what changes without it.
    ///
    /// The last five columns are empty if nothing was left out by way of trial. Shares and log-odds are plain numbers with
    /// a point.
    pub fn rules_csv(&self) -> String {
        let mut out = "rule,group,weight,preview,promotion,pitch_hits,pitch_messages,generic_hits,generic_messages,\
                       genuine_hits,genuine_messages,clusters,spam_overall_ratio,log_likelihood_ratio,\
                       log_likelihood_ratio_low,log_likelihood_ratio_high,roc_auc_change,pitch_declined_change,\
                       genuine_declined_change,helps,harms\n"
            .to_owned();
        let left_out: HashMap<&str, &Ablation> = self
            .ablation
            .iter()
            .filter(|a| a.kind == AblationKind::Rule)
            .map(|a| (a.id.as_str(), a))
            .collect();
        for rule in &self.rules {
            let six = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{:.6}", v + 0.0));
            let ratio = rule.log_likelihood_ratio;
            let without = left_out.get(rule.rule.as_str());
            let promotion = match &rule.promotion {
                None => String::new(),
                Some(Promotion::Ready) => "ready".to_owned(),
                Some(Promotion::NotYet(lacks)) => format!("not yet: {}", lacks.join("; ")),
            };
            let fields = [
                rule.rule.clone(),
                rule.group.clone(),
                rule.weight.as_f64().to_string(),
                rule.preview.to_string(),
                promotion,
                rule.pitch.hits.to_string(),
                rule.pitch.of.to_string(),
                rule.generic.hits.to_string(),
                rule.generic.of.to_string(),
                rule.genuine.hits.to_string(),
                rule.genuine.of.to_string(),
                rule.clusters.to_string(),
                six(rule.spam_overall_ratio),
                six(ratio.map(|r| r.value)),
                six(ratio.map(|r| r.low)),
                six(ratio.map(|r| r.high)),
                six(without.and_then(|a| a.roc_auc_change)),
                without.map_or_else(String::new, |a| a.pitch_declined.to_string()),
                without.map_or_else(String::new, |a| a.genuine_declined.to_string()),
                without.map_or_else(String::new, |a| a.helps.to_string()),
                without.map_or_else(String::new, |a| a.harms.to_string()),
            ];
            out.push_str(&fields.map(|f| quoted(&f)).join(","));
            out.push('\n');
        }
        out
    }

    /// Everything, as indented JSON: the serde form.
    ///
    /// # Errors
    ///
    /// None is known: all of it can be written as JSON.
    pub fn to_json(&self) -> io::Result<String> {
        json(self)
    }
}

impl Comparison {
    /// A report to read: the conclusion, what the tests say, and the messages that were decided differently, the worst
    /// news first.
    ///
    /// It lists at most 1,000 messages and says how many there are besides; [`to_json`](Self::to_json) holds all.
    pub fn to_markdown(&self) -> String {
        let [a, b] = &self.rule_sets;
        let mut out = "# B against A\n\n".to_owned();
        let _ = writeln!(out, "**{}**\n", plain(&self.conclusion()));
        for (letter, set) in [("A", a), ("B", b)] {
            let fingerprint = plain(&clip(&set.fingerprint));
            let _ = writeln!(out, "- {letter}: {}, fingerprint {fingerprint}", plain(&set_name(set)));
        }
        let _ = writeln!(
            out,
            "- Corpus: {}, {} messages in {} clusters",
            plain(&clip(&self.corpus.name)),
            count(self.messages as u64),
            count(self.clusters as u64)
        );
        section(&mut out, "Decisions", DECISIONS_NOTE, &both_decisions(self));
        section(&mut out, "Tests", TESTS_NOTE, &decision_tests(self));
        let _ = write!(out, "\n{}", measure_tests(self).to_markdown());
        let _ = writeln!(
            out,
            "\n{} draws of the bootstrap, seed {}.",
            count(self.resamples as u64),
            self.seed
        );
        let note = format!("Messages: {}, the worst news first.", count(self.changed.len() as u64));
        section(&mut out, "Decided differently", &note, &changed(self, CHANGED));
        rest(&mut out, self.changed.len().saturating_sub(CHANGED), "messages");
        out
    }

    /// Everything, as indented JSON: the serde form.
    ///
    /// # Errors
    ///
    /// None is known: all of it can be written as JSON.
    pub fn to_json(&self) -> io::Result<String> {
        json(self)
    }
}

impl Fit {
    /// A report to read: what the fitted weights are worth on messages they had not seen, beside the weights there were,
    /// and every weight that changed.
    pub fn to_markdown(&self) -> String {
        let mut out = "# Fitted weights\n\n".to_owned();
        if let Some(p) = &self.model.provenance {
            let _ = writeln!(
                out,
                "Corpus {}: {} pitches, {} generic, {} genuine, in {} clusters; {} folds, seed {}.",
                plain(&clip(&p.corpus)),
                count(p.pitch),
                count(p.generic),
                count(p.genuine),
                count(p.clusters),
                p.folds,
                p.seed
            );
        }
        let note = "Before: the weights there were. After: fitted weights, on messages of folds they had not seen, with pull \
                    and calibration chosen inside each fold.";
        section(
            &mut out,
            "What it is worth",
            note,
            &before_and_after(&self.before, &self.after),
        );
        section(
            &mut out,
            "Decisions after",
            DECISIONS_NOTE,
            &decisions(&self.after.decisions),
        );
        let note = format!(
            "How strongly weights are drawn to what they were, and the log loss on held-out folds. Chosen: {}.",
            self.pull
        );
        let mut table = Table::new([number("pull"), number("log loss")]);
        for (pull, loss) in &self.pulls {
            let cells = [pull.to_string().into(), fixed(Some(*loss), 5).into()];
            table.push_marked(cells, *pull == self.pull);
        }
        section(&mut out, "Pull", &note, &table);
        let of = |state| self.weights.iter().filter(|w| w.state == state).count() as u64;
        let note = format!(
            "{} fitted, {} of them at the end of their range; {} seen too rarely and left alone. The largest change first; \
             hits by label.",
            count(of(FitState::Fitted) + of(FitState::AtBound)),
            count(of(FitState::AtBound)),
            count(of(FitState::Frozen))
        );
        section(&mut out, "Changed weights", &note, &changed_weights(&self.weights));
        out
    }

    /// Everything, as indented JSON: the serde form.
    ///
    /// # Errors
    ///
    /// None is known: all of it can be written as JSON.
    pub fn to_json(&self) -> io::Result<String> {
        json(self)
    }
}

fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// A field of a CSV line after RFC 4180.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// A heading, a note and a table, if there is anything in the table.
fn section(out: &mut String, title: &str, note: &str, table: &Table) {
    if !table.is_empty() {
        let note = wrapped(&plain(note));
        let _ = write!(out, "\n## {title}\n\n{note}\n{}", table.to_markdown());
    }
}

/// Says how many rows are not shown.
fn rest(out: &mut String, left_out: usize, what: &str) {
    if left_out > 0 {
        let _ = writeln!(out, "\nNot shown: {} {what}.", count(left_out as u64));
    }
}

// ---- what the reports say

/// Name, version and model of a rule set.
pub(super) fn set_name(set: &Provenance) -> String {
    let name = if set.name.is_empty() { "rules" } else { &set.name };
    let mut out = clip(name);
    if !set.version.is_empty() {
        let _ = write!(out, " {}", clip(&set.version));
    }
    if let Some(model) = &set.model {
        let _ = write!(out, ", model {}", clip(model));
    }
    out
}

/// What was measured on what, in a sentence.
pub(super) fn measured(e: &Evaluation) -> String {
    let m = &e.measured;
    let unsure = match m.unsure {
        0 => String::new(),
        n => format!("; unsure and left out: {}", count(n)),
    };
    format!(
        "Measured on {}: {} pitches, {} generic, {} genuine{unsure}.",
        clip(&e.corpus.name),
        count(m.pitch),
        count(m.generic),
        count(m.genuine)
    )
}

/// One of the four figures to look at first.
pub(super) struct Headline {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) detail: String,
}

/// The figures to look at first, the worst error before all.
pub(super) fn headline(e: &Evaluation) -> [Headline; 4] {
    let share = |name, share: Proportion| Headline {
        name,
        value: percent(share.value()),
        detail: format!("95 % interval {} ({})", percent_range(share), hits_of(share)),
    };
    let upper = e.false_decline.wilson().map(|(_, high)| high);
    let auc = &e.roc_auc.pitch_vs_genuine;
    [
        Headline {
            name: "Genuine messages declined",
            value: percent(e.false_decline.value()),
            detail: format!(
                "at most {} by the 95 % interval ({})",
                percent(upper),
                hits_of(e.false_decline)
            ),
        },
        Headline {
            name: "ROC-AUC, pitch against genuine",
            value: fixed(auc.value, 3),
            detail: format!("95 % interval {}", range(auc.low, auc.high, 3)),
        },
        share("Pitches among the declined (precision)", e.decline_precision),
        share("Pitches declined (recall)", e.decline_recall),
    ]
}

/// The bias statement.
pub(super) fn bias(e: &Evaluation) -> String {
    match &e.corpus.bias {
        Some(bias) => {
            let bias: String = bias.chars().take(2000).collect();
            format!("Known bias of the corpus, as its card says: {bias}")
        }
        None if e.corpus.has_card => "The corpus card does not say how the corpus is biased.".to_owned(),
        None => {
            "There is no corpus card, so nothing is known of how these messages were chosen and labelled.".to_owned()
        }
    }
}

// ---- tables

/// Several rule sets, a line each.
#[cfg(feature = "plots")]
pub(super) fn summary(evaluations: &[Evaluation]) -> Table {
    let mut table = Table::new([
        words("rule set"),
        number("genuine declined"),
        number("at most"),
        number("ROC-AUC"),
        number("95 % interval"),
        number("precision"),
        number("recall"),
        number("review"),
        number("cost"),
        number("messages/s"),
        number("automaton, KiB"),
    ]);
    for (n, e) in evaluations.iter().enumerate() {
        let auc = &e.roc_auc.pitch_vs_genuine;
        let speed = e.speed.as_ref();
        table.push([
            format!("{}. {}", n + 1, set_name(&e.rule_set)).into(),
            percent(e.false_decline.value()).into(),
            percent(e.false_decline.wilson().map(|(_, high)| high)).into(),
            fixed(auc.value, 3).into(),
            range(auc.low, auc.high, 3).into(),
            percent(e.decline_precision.value()).into(),
            percent(e.decline_recall.value()).into(),
            percent(e.review_share.value()).into(),
            fixed(e.cost.per_message.value, 3).into(),
            speed
                .map_or_else(|| NONE.to_owned(), |s| count(s.messages_per_second as u64))
                .into(),
            speed
                .map_or_else(|| NONE.to_owned(), |s| count(s.automaton_bytes.div_ceil(1024) as u64))
                .into(),
        ]);
    }
    table
}

pub(super) fn decisions(decisions: &DecisionTable) -> Table {
    let mut table = Table::new([
        words("label"),
        number("messages"),
        number("accept"),
        number("share"),
        number("review"),
        number("share"),
        number("decline"),
        number("share"),
    ]);
    for label in Label::ALL {
        let counts = decisions.of(label);
        let total = counts.total();
        if label == Label::Unsure && total == 0 {
            continue;
        }
        let share = |n| Cell::from(percent(Proportion::new(n, total).value()));
        table.push([
            label.name().into(),
            total.into(),
            counts.accept.into(),
            share(counts.accept),
            counts.review.into(),
            share(counts.review),
            counts.decline.into(),
            share(counts.decline),
        ]);
    }
    table
}

pub(super) fn measures(e: &Evaluation) -> Table {
    let mut table = Table::new([
        words("measure"),
        number("value"),
        number("95 % interval"),
        number("messages"),
    ]);
    let share = |name: String, p: Proportion| -> [Cell; 4] {
        [
            name.into(),
            percent(p.value()).into(),
            percent_range(p).into(),
            hits_of(p).into(),
        ]
    };
    let estimate = |name: &str, e: &Estimate| -> [Cell; 4] {
        [
            name.into(),
            fixed(e.value, 3).into(),
            range(e.low, e.high, 3).into(),
            "".into(),
        ]
    };
    let alone = |name: String, value: String, detail: String| -> [Cell; 4] {
        [name.into(), value.into(), "".into(), detail.into()]
    };
    table.push(share("genuine messages declined".into(), e.false_decline));
    table.push(share(
        "pitches among the declined (precision)".into(),
        e.decline_precision,
    ));
    table.push(alone(
        format!("the same if {} are pitches", percent(Some(e.prevalence))),
        percent(e.decline_precision_at_prevalence),
        String::new(),
    ));
    table.push(share("pitches declined (recall)".into(), e.decline_recall));
    table.push(share("pitches accepted".into(), e.false_accept));
    table.push(share("generic messages reviewed".into(), e.generic_reviewed));
    table.push(share("left to review, of all".into(), e.review_share));
    table.push(estimate("ROC-AUC, pitch against genuine", &e.roc_auc.pitch_vs_genuine));
    table.push(estimate(
        "ROC-AUC, pitch or generic against genuine",
        &e.roc_auc.unwanted_vs_genuine,
    ));
    table.push(estimate("average precision", &e.average_precision));
    let mut recalls = e.recall_at_precision.clone();
    recalls.dedup();
    for recall in recalls {
        table.push(alone(
            format!("recall with a precision of {}", percent(Some(recall.precision))),
            percent(Some(recall.recall)),
            format!("score from {}", Weight::milli(recall.threshold)),
        ));
    }
    table.push(estimate("cost per message", &e.cost.per_message));
    if let Some(p) = &e.probability {
        table.push(estimate("Brier score", &p.brier));
        table.push(alone("log loss".into(), fixed(Some(p.log_loss), 3), count(p.messages)));
        table.push(alone(
            "calibration error".into(),
            fixed(Some(p.calibration_error), 3),
            count(p.messages),
        ));
    }
    table
}

pub(super) fn calibration(probability: &super::evaluate::ProbabilityMeasures) -> Table {
    let mut table = Table::new([
        number("probability"),
        number("pitches"),
        number("95 % interval"),
        number("messages"),
    ]);
    for bin in &probability.bins {
        table.push([
            percent(Some(bin.mean_probability)).into(),
            percent(bin.observed.value()).into(),
            percent_range(bin.observed).into(),
            hits_of(bin.observed).into(),
        ]);
    }
    table
}

/// All slices that stand out, then the largest; and how many are missing.
pub(super) fn most_telling_slices(e: &Evaluation, limit: usize) -> (Vec<&Slice>, usize) {
    let mut shown: Vec<&Slice> = e.slices.iter().collect();
    shown.sort_by(|a, b| {
        (b.stands_out.cmp(&a.stands_out))
            .then(b.messages.cmp(&a.messages))
            .then_with(|| a.tag.cmp(&b.tag))
    });
    shown.truncate(limit);
    let left_out = e.slices.len() - shown.len();
    (shown, left_out)
}

pub(super) fn slices(slices: &[&Slice]) -> Table {
    let mut table = Table::new([
        words("tag"),
        number("messages"),
        number("genuine declined"),
        number("95 % interval"),
        number("of"),
        number("pitches declined"),
        number("of"),
        number("ROC-AUC"),
        words("stands out"),
    ]);
    for slice in slices {
        let cells = [
            id(&slice.tag),
            (slice.messages as u64).into(),
            percent(slice.false_decline.value()).into(),
            percent_range(slice.false_decline).into(),
            hits_of(slice.false_decline).into(),
            percent(slice.decline_recall.value()).into(),
            hits_of(slice.decline_recall).into(),
            fixed(slice.roc_auc, 3).into(),
            if slice.stands_out { "yes" } else { "" }.into(),
        ];
        table.push_marked(cells, slice.stands_out);
    }
    table
}

/// Share of the measured messages in which a rule fired.
pub(super) fn hit_rate(rule: &RuleMeasure) -> Proportion {
    let labels = [rule.pitch, rule.generic, rule.genuine];
    Proportion::new(labels.iter().map(|p| p.hits).sum(), labels.iter().map(|p| p.of).sum())
}

/// Whether the hits say, beyond chance, the contrary of the weight.
fn contradicts(rule: &RuleMeasure) -> bool {
    rule.log_likelihood_ratio.is_some_and(|ratio| {
        (rule.weight > Weight::ZERO && ratio.high < 0.0) || (rule.weight < Weight::ZERO && ratio.low > 0.0)
    })
}

pub(super) fn rules(rules: &[RuleMeasure]) -> Table {
    let mut table = Table::new([
        words("rule"),
        words("group"),
        number("weight"),
        number("pitch"),
        number("generic"),
        number("genuine"),
        number("hit rate"),
        number("S/O"),
        number("LLR"),
        number("95 % interval"),
        words("note"),
    ]);
    for rule in rules {
        let ratio = rule.log_likelihood_ratio;
        let interval = ratio.map_or_else(
            || NONE.to_owned(),
            |r| format!("{} to {}", signed(Some(r.low), 2), signed(Some(r.high), 2)),
        );
        let contradicts = contradicts(rule);
        let note = match &rule.promotion {
            Some(Promotion::Ready) => "on trial: ready".to_owned(),
            Some(Promotion::NotYet(lacks)) => format!("on trial: {}", lacks.join("; ")),
            None if contradicts => "says the contrary of its weight".to_owned(),
            None => String::new(),
        };
        let cells = [
            id(&rule.rule),
            id(&rule.group),
            rule.weight.to_string().into(),
            rule.pitch.hits.into(),
            rule.generic.hits.into(),
            rule.genuine.hits.into(),
            percent(hit_rate(rule).value()).into(),
            fixed(rule.spam_overall_ratio, 3).into(),
            signed(ratio.map(|r| r.value), 2).into(),
            interval.into(),
            note.into(),
        ];
        table.push_marked(cells, contradicts);
    }
    table
}

/// What changes most when it is left out, for good or ill; and how many are missing.
pub(super) fn strongest<'e>(e: &'e Evaluation, kinds: &[AblationKind], limit: usize) -> (Vec<&'e Ablation>, usize) {
    let mut all: Vec<&Ablation> = e.ablation.iter().filter(|a| kinds.contains(&a.kind)).collect();
    let size = |a: &Ablation| a.roc_auc_change.unwrap_or(0.0).abs();
    all.sort_by(|a, b| {
        (size(b).total_cmp(&size(a)))
            .then((b.helps + b.harms).cmp(&(a.helps + a.harms)))
            .then_with(|| a.id.cmp(&b.id))
    });
    let left_out = all.len().saturating_sub(limit);
    all.truncate(limit);
    (all, left_out)
}

pub(super) fn ablation(left_out: &[&Ablation]) -> Table {
    let mut table = Table::new([
        words("without"),
        number("messages"),
        number("ROC-AUC"),
        number("pitches declined"),
        number("genuine declined"),
        number("helps"),
        number("harms"),
    ]);
    for a in left_out {
        table.push([
            id(&a.id),
            a.messages.into(),
            signed(a.roc_auc_change, 4).into(),
            change(a.pitch_declined).into(),
            change(a.genuine_declined).into(),
            a.helps.into(),
            a.harms.into(),
        ]);
    }
    table
}

pub(super) fn overlaps(e: &Evaluation) -> Table {
    let mut table = Table::new([
        words("rule"),
        words("and"),
        number("both"),
        number("only the first"),
        number("only the second"),
        number("Jaccard"),
    ]);
    for o in &e.overlaps {
        table.push([
            id(&o.a),
            id(&o.b),
            o.both.into(),
            o.only_a.into(),
            o.only_b.into(),
            fixed(o.jaccard, 2).into(),
        ]);
    }
    table
}

pub(super) fn speed(evaluations: &[Evaluation]) -> Table {
    let mut table = Table::new([
        words("rule set"),
        number("messages/s"),
        number("median, µs"),
        number("deviation, µs"),
        number("fastest, µs"),
        number("text, MB/s"),
        number("patterns"),
        number("KiB"),
    ]);
    for e in evaluations {
        let Some(s) = &e.speed else { continue };
        table.push([
            set_name(&e.rule_set).into(),
            count(s.messages_per_second as u64).into(),
            fixed(Some(s.median_ns / 1e3), 2).into(),
            fixed(Some(s.deviation_ns / 1e3), 2).into(),
            fixed(Some(s.minimum_ns / 1e3), 2).into(),
            fixed(Some(s.bytes_per_second / 1e6), 1).into(),
            (s.patterns as u64).into(),
            (s.automaton_bytes.div_ceil(1024) as u64).into(),
        ]);
    }
    table
}

/// Where the figures come from, so that they can be had again.
pub(super) fn source(e: &Evaluation) -> Table {
    let mut table = Table::new([words("what"), words("value")]);
    let (accept, decline) = e.thresholds;
    let costs = format!(
        "{} for a wrong decline, {} for an accepted pitch, {} for a look",
        e.cost.false_decline, e.cost.false_accept, e.cost.review
    );
    let rows: [(&str, Cell); 9] = [
        ("rule set", set_name(&e.rule_set).into()),
        ("fingerprint of the rules", id(&e.rule_set.fingerprint)),
        (
            "thresholds",
            format!("accept below {accept}, decline from {decline}").into(),
        ),
        ("corpus", clip(&e.corpus.name).into()),
        ("fingerprint of the corpus", id(&e.corpus.fingerprint)),
        (
            "messages, clusters",
            format!(
                "{}, {}",
                count(e.measured.messages as u64),
                count(e.measured.clusters as u64)
            )
            .into(),
        ),
        ("costs", costs.into()),
        (
            "bootstrap",
            format!("{} draws, seed {}", count(e.resamples as u64), e.seed).into(),
        ),
        ("measured by", concat!("huckster ", env!("CARGO_PKG_VERSION")).into()),
    ];
    for (what, value) in rows {
        table.push([what.into(), value]);
    }
    table
}

pub(super) fn both_decisions(comparison: &Comparison) -> Table {
    let mut table = Table::new([
        words("label"),
        words("rules"),
        number("accept"),
        number("review"),
        number("decline"),
    ]);
    for label in Label::ALL {
        let [a, b] = comparison.decisions.map(|d| d.of(label));
        if a.total() == 0 {
            continue;
        }
        for (letter, counts) in [("A", a), ("B", b)] {
            table.push([
                label.name().into(),
                letter.into(),
                counts.accept.into(),
                counts.review.into(),
                counts.decline.into(),
            ]);
        }
    }
    table
}

fn finding(finding: Finding, more_needed: Option<u64>) -> String {
    match (finding, more_needed) {
        (Finding::Better, _) => "better".to_owned(),
        (Finding::Worse, _) => "worse".to_owned(),
        (Finding::CannotTell, Some(n)) if n > 0 => format!("cannot tell, about {} more needed", count(n)),
        (Finding::CannotTell, _) => "cannot tell".to_owned(),
    }
}

/// A p-value.
fn chance(p: f64) -> String {
    if p < 0.000_1 {
        "under 0.0001".to_owned()
    } else {
        fixed(Some(p), 4)
    }
}

pub(super) fn decision_tests(comparison: &Comparison) -> Table {
    let mut table = Table::new([
        words("decisions"),
        number("of"),
        number("A"),
        number("B"),
        number("only A"),
        number("only B"),
        number("p"),
        number("corrected"),
        words("B is"),
    ]);
    for t in &comparison.decision_tests {
        let cells = [
            t.question.into(),
            t.messages.into(),
            t.right[0].into(),
            t.right[1].into(),
            t.only_a.into(),
            t.only_b.into(),
            chance(t.p).into(),
            chance(t.p_adjusted).into(),
            finding(t.finding, t.more_needed).into(),
        ];
        table.push_marked(cells, t.finding != Finding::CannotTell);
    }
    table
}

pub(super) fn measure_tests(comparison: &Comparison) -> Table {
    let mut table = Table::new([
        words("measure"),
        number("A"),
        number("B"),
        number("difference"),
        number("95 % interval"),
        number("p"),
        number("corrected"),
        words("B is"),
    ]);
    for t in &comparison.measure_tests {
        let interval = t.interval.map_or_else(
            || NONE.to_owned(),
            |(low, high)| format!("{} to {}", signed(Some(low), 4), signed(Some(high), 4)),
        );
        let cells = [
            t.measure.into(),
            fixed(t.values[0], 4).into(),
            fixed(t.values[1], 4).into(),
            signed(t.difference, 4).into(),
            interval.into(),
            chance(t.p).into(),
            chance(t.p_adjusted).into(),
            finding(t.finding, t.more_needed).into(),
        ];
        table.push_marked(cells, t.finding != Finding::CannotTell);
    }
    table
}

pub(super) fn changed(comparison: &Comparison, limit: usize) -> Table {
    // The same rules with other weights fire in the same messages.
    let same = comparison
        .changed
        .iter()
        .all(|c| c.only_a.is_empty() && c.only_b.is_empty());
    let mut columns = vec![
        words("message"),
        words("label"),
        words("A"),
        words("B"),
        number("score A"),
        number("score B"),
    ];
    if !same {
        columns.extend([words("rules only in A"), words("rules only in B")]);
    }
    let mut table = Table::new(columns);
    let named = |rules: &[String]| {
        let mut ids: Vec<String> = rules.iter().take(NAMED).cloned().collect();
        if rules.len() > NAMED {
            ids.push(format!("and {} more", rules.len() - NAMED));
        }
        Cell::Ids(ids)
    };
    for c in comparison.changed.iter().take(limit) {
        let worst = c.label == Label::Genuine && c.decisions[1].is_decline();
        let mut cells: Vec<Cell> = vec![
            id(&c.id),
            c.label.name().into(),
            c.decisions[0].to_string().into(),
            c.decisions[1].to_string().into(),
            c.scores[0].to_string().into(),
            c.scores[1].to_string().into(),
        ];
        if !same {
            cells.extend([named(&c.only_a), named(&c.only_b)]);
        }
        table.push_marked(cells, worst);
    }
    table
}

fn before_and_after(before: &CrossValidated, after: &CrossValidated) -> Table {
    let mut table = Table::new([
        words("measure"),
        number("before"),
        number("95 % interval"),
        number("after"),
        number("95 % interval"),
    ]);
    let mut shares = |name: &str, of: fn(&CrossValidated) -> Proportion| {
        let (a, b) = (of(before), of(after));
        table.push([
            name.into(),
            percent(a.value()).into(),
            percent_range(a).into(),
            percent(b.value()).into(),
            percent_range(b).into(),
        ]);
    };
    shares("genuine messages declined", |c| c.false_decline);
    shares("pitches among the declined (precision)", |c| c.decline_precision);
    shares("pitches declined (recall)", |c| c.decline_recall);
    let mut estimates = |name: &str, of: fn(&CrossValidated) -> Option<Estimate>| {
        let shown = |e: Option<Estimate>| -> [Cell; 2] {
            match e {
                Some(e) => [fixed(e.value, 3).into(), range(e.low, e.high, 3).into()],
                None => [NONE.into(), NONE.into()],
            }
        };
        let ([a, a_range], [b, b_range]) = (shown(of(before)), shown(of(after)));
        table.push([name.into(), a, a_range, b, b_range]);
    };
    estimates("ROC-AUC, pitch against genuine", |c| Some(c.roc_auc));
    estimates("ROC-AUC, pitch or generic against genuine", |c| {
        Some(c.unwanted_roc_auc)
    });
    estimates("Brier score", |c| c.probability.as_ref().map(|p| p.brier));
    let mut values = |name: &str, of: fn(&super::evaluate::ProbabilityMeasures) -> f64| {
        let shown = |c: &CrossValidated| Cell::from(fixed(c.probability.as_ref().map(of), 3));
        table.push([name.into(), shown(before), "".into(), shown(after), "".into()]);
    };
    values("log loss", |p| p.log_loss);
    values("calibration error", |p| p.calibration_error);
    table
}

fn changed_weights(weights: &[FittedWeight]) -> Table {
    let mut table = Table::new([
        words("rule"),
        number("before"),
        number("after"),
        number("change"),
        number("pitch"),
        number("generic"),
        number("genuine"),
        words("note"),
    ]);
    for w in weights.iter().filter(|w| w.before != w.after) {
        let note = match w.state {
            FitState::AtBound => "at the end of its range",
            FitState::Fitted | FitState::Frozen | FitState::Kept => "",
        };
        table.push([
            id(&w.id),
            w.before.to_string().into(),
            w.after.to_string().into(),
            signed(Some(w.after.as_f64() - w.before.as_f64()), 3).into(),
            w.pitch.into(),
            w.generic.into(),
            w.genuine.into(),
            note.into(),
        ]);
    }
    table
}
