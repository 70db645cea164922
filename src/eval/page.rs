//! One page that shows how good rule sets are: figures, pictures and tables, in a single file.

use std::fmt::Write;

use super::ablation::{Ablation, AblationKind};
use super::compare::Comparison;
use super::evaluate::Evaluation;
use super::pictures;
use super::report::{self, Headline};
use super::table::{Table, clip, count, escape, fixed};

/// Rows of the tables of rules and of ablations, and dots in the picture of rules, in all: they are shared by the rule
/// sets.
const ROWS: usize = 1000;
/// Bars in the picture of rules left out.
const BARS: usize = 15;
/// Bars of groups and of detectors.
const GROUP_BARS: usize = 30;
/// So many rows of rules for one slice.
const SLICE_PER_ROWS: usize = 5;
const CHANGED: usize = 200;

/// A self-contained HTML page: the headline figures, pictures, and all tables.
///
/// Several evaluations are put side by side in one table first; then the first is shown in full, and the others folded.
/// A comparison, of the first two say, comes before the details. The page loads nothing, follows the light or dark
/// setting of the reader, fits a phone, prints, and can be read without script; with it, tables are sorted by a click.
/// Names of rules, tags and messages are escaped, and cut after 100 characters. Where there are very many rows, the page
/// holds the first and says how many there are besides, so that it stays below 2 MB. Equal evaluations give equal bytes.
///
/// ```
/// use huckster::Scorer;
/// use huckster::eval::{Corpus, EvaluationOptions, Label, Labeled, page};
///
/// let corpus: Corpus = [
///     Labeled::new("1", "We cut your cloud bill by 40%. Open to a quick call?", Label::Pitch),
///     Labeled::new("2", "Can you send me the minutes of Tuesday?", Label::Genuine),
/// ]
/// .into_iter()
/// .collect();
/// let evaluation = corpus.run(&Scorer::builtin()).evaluate(&EvaluationOptions::default())?;
/// let html = page(&[evaluation], None);
/// assert!(html.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), huckster::eval::CorpusError>(())
/// ```
pub fn page(evaluations: &[Evaluation], comparison: Option<&Comparison>) -> String {
    let title = match evaluations {
        [] => "Rule sets compared".to_owned(),
        [one] => format!("How good are the rules of {}?", report::set_name(&one.rule_set)),
        several => format!("How good are {} rule sets?", several.len()),
    };
    // Nothing may be loaded, even if something in the page said so.
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src \
         'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{0}</title>\n<style>\n{1}</style>\n</head>\n<body>\n<header>\n<h1>{0}</h1>\n",
        escape(&title),
        include_str!("page.css")
    );
    if let Some(first) = evaluations.first() {
        let _ = writeln!(out, "<p>{}</p>", escape(&report::measured(first)));
    }
    out.push_str("</header>\n<main>\n");
    let rows = ROWS / evaluations.len().max(1);
    match evaluations {
        [] => {}
        [one] => cards(&mut out, one),
        several => {
            heading(&mut out, "summary", "Side by side");
            note(
                &mut out,
                "Figures are of the messages of the corpus; messages per second are those of one core of this machine.",
            );
            out.push_str(&report::summary(several).to_html("Quality and speed of each rule set"));
        }
    }
    if let Some(comparison) = comparison {
        compared(&mut out, comparison);
    }
    for (n, evaluation) in evaluations.iter().enumerate() {
        let name = escape(&report::set_name(&evaluation.rule_set));
        if n > 0 {
            let _ = writeln!(out, "<details class=\"set\"><summary>{}. {name}</summary>", n + 1);
            cards(&mut out, evaluation);
        } else if evaluations.len() > 1 {
            let _ = writeln!(out, "<h2>1. {name}</h2>");
            cards(&mut out, evaluation);
        }
        details(&mut out, evaluation, n, rows);
        if n > 0 {
            out.push_str("</details>\n");
        }
    }
    let _ = write!(
        out,
        "</main>\n<footer><p>Made by huckster {}. All figures are in the JSON form of the report too.</p></footer>\n\
         <script>\n{}</script>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
        include_str!("page.js")
    );
    out
}

fn heading(out: &mut String, id: &str, text: &str) {
    let _ = writeln!(out, "<h2 id=\"{id}\">{}</h2>", escape(text));
}

fn note(out: &mut String, text: &str) {
    let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(text));
}

/// The figures to look at first.
fn cards(out: &mut String, e: &Evaluation) {
    out.push_str("<dl class=\"cards\">\n");
    for Headline { name, value, detail } in report::headline(e) {
        let _ = writeln!(
            out,
            "<div><dt>{}</dt><dd class=\"value\">{}</dd><dd>{}</dd></div>",
            escape(name),
            escape(&value),
            escape(&detail)
        );
    }
    out.push_str("</dl>\n");
}

/// A picture, if there is one; `caption` may hold markup.
fn figure(out: &mut String, picture: &str, caption: &str) {
    if !picture.is_empty() {
        let _ = writeln!(out, "<figure>\n{picture}<figcaption>{caption}</figcaption>\n</figure>");
    }
}

/// A heading, a note and a table, if there is anything in the table.
fn section(out: &mut String, id: &str, title: &str, text: &str, table: &Table) {
    if !table.is_empty() {
        heading(out, id, title);
        note(out, text);
        out.push_str(&table.to_html(title));
    }
}

/// Says how many rows are not shown.
fn rest(out: &mut String, left_out: usize, what: &str) {
    if left_out > 0 {
        let text = format!(
            "Not shown here: {} {what}. The JSON form has all.",
            count(left_out as u64)
        );
        note(out, &text);
    }
}

/// Everything about one rule set; `n` keeps the ids of several apart, `rows` the page small.
fn details(out: &mut String, e: &Evaluation, n: usize, rows: usize) {
    let id = |name: &str| format!("{name}-{}", n + 1);
    let parts = [
        ("decisions", "Decisions", true),
        ("scores", "Scores", true),
        ("rules", "Rules", !e.rules.is_empty()),
        ("ablation", "Ablation", !e.ablation.is_empty()),
        ("slices", "Slices", !e.slices.is_empty()),
        ("overlaps", "Overlaps", !e.overlaps.is_empty()),
        ("speed", "Speed", e.speed.is_some()),
        ("source", "Source", true),
    ];
    let _ = write!(
        out,
        "<nav aria-label=\"Parts of {}\">",
        escape(&report::set_name(&e.rule_set))
    );
    for (name, title, _) in parts.iter().filter(|(_, _, there)| *there) {
        let _ = write!(out, "<a href=\"#{}\">{title}</a>", id(name));
    }
    out.push_str("</nav>\n");

    let decisions = report::decisions(&e.decisions);
    section(out, &id("decisions"), "Decisions", report::DECISIONS_NOTE, &decisions);
    out.push_str("<h3>Measures</h3>\n");
    note(out, report::MEASURES_NOTE);
    out.push_str(&report::measures(e).to_html("Measures"));

    heading(out, &id("scores"), "Scores");
    out.push_str("<div class=\"pictures\">\n");
    let (accept, decline) = e.thresholds;
    let caption = format!(
        "Scores by label. Below {accept} a message is accepted, from {decline} declined if there is evidence of two kinds, \
         between them reviewed. All strips have the same scale."
    );
    figure(out, &pictures::histogram(e), &caption);
    let caption = format!(
        "Precision and recall at every threshold, pitch against genuine. Average precision {}. The dots are the decisions \
         as they are.",
        fixed(e.average_precision.value, 3)
    );
    figure(out, &pictures::precision_recall(e), &caption);
    if let Some(probability) = &e.probability {
        let caption = format!(
            "Whether probabilities can be taken at their word: bins of equal counts, with 95 % intervals. On the line, what is \
             said comes true exactly. Calibration error {}.",
            fixed(Some(probability.calibration_error), 3)
        );
        figure(out, &pictures::reliability(probability), &caption);
    }
    out.push_str("</div>\n");
    match &e.probability {
        Some(probability) => {
            out.push_str("<details><summary>Calibration as a table</summary>\n");
            out.push_str(&report::calibration(probability).to_html("Calibration"));
            out.push_str("</details>\n");
        }
        None => note(
            out,
            "The rules are not calibrated, so there are no probabilities to check.",
        ),
    }

    if !e.rules.is_empty() {
        rules(out, &id("rules"), e, rows);
    }
    if !e.ablation.is_empty() {
        ablation(out, &id("ablation"), e, rows);
    }
    let (shown, left_out) = report::most_telling_slices(e, rows / SLICE_PER_ROWS);
    let table = report::slices(&shown);
    section(out, &id("slices"), "Slices", report::SLICES_NOTE, &table);
    rest(out, left_out, "slices");
    let overlaps = report::overlaps(e);
    section(out, &id("overlaps"), "Overlaps", report::OVERLAPS_NOTE, &overlaps);
    let speed = report::speed(std::slice::from_ref(e));
    section(out, &id("speed"), "Speed", report::SPEED_NOTE, &speed);
    let bias = report::bias(e);
    section(out, &id("source"), "Source", &bias, &report::source(e));
}

fn rules(out: &mut String, id: &str, e: &Evaluation, rows: usize) {
    heading(out, id, "Rules");
    let caption = "Each dot is a rule; the more hits, the larger. Its name is shown when the mouse is over it. \
                   <span class=\"key\" style=\"--c:var(--pitch)\"></span>speaks against a sender \
                   <span class=\"key\" style=\"--c:var(--genuine)\"></span>speaks for a sender \
                   <span class=\"key\" style=\"--c:var(--generic)\"></span>on trial. Above, hits are pitches; below, genuine \
                   messages.";
    figure(out, &pictures::rules(e, rows), caption);
    note(out, report::RULES_NOTE);
    let shown = &e.rules[..e.rules.len().min(rows)];
    out.push_str(&report::rules(shown).to_html("Rules"));
    rest(out, e.rules.len() - shown.len(), "rules");
    note(
        out,
        &format!("Rules that never fired: {}.", count(e.silent_rules as u64)),
    );
}

fn ablation(out: &mut String, id: &str, e: &Evaluation, rows: usize) {
    const RULES: &[AblationKind] = &[AblationKind::Rule, AblationKind::Combo];
    heading(out, id, "Ablation");
    note(out, report::ABLATION_NOTE);
    out.push_str("<div class=\"pictures\">\n");
    for (what, kinds, limit) in [
        ("the groups", &[AblationKind::Group][..], GROUP_BARS),
        ("the rules and combos that change most", RULES, BARS),
        ("the detectors", &[AblationKind::Detector], GROUP_BARS),
    ] {
        let (shown, _) = report::strongest(e, kinds, limit);
        let by_worth = by_worth(shown);
        figure(
            out,
            &pictures::ablation(what, &by_worth),
            &format!("Without each of {what}. To the right of the line is what is worth having."),
        );
    }
    out.push_str("</div>\n");
    for (title, kind) in [("Groups", AblationKind::Group), ("Detectors", AblationKind::Detector)] {
        let (shown, left_out) = report::strongest(e, &[kind], rows);
        if !shown.is_empty() {
            let _ = writeln!(out, "<h3>{title}</h3>");
            out.push_str(&report::ablation(&shown).to_html(&format!("{title} left out")));
            rest(out, left_out, &title.to_lowercase());
        }
    }
    let (shown, left_out) = report::strongest(e, RULES, rows);
    let title = "All rules and combos left out";
    let _ = writeln!(out, "<details><summary>{title}</summary>");
    out.push_str(&report::ablation(&shown).to_html(title));
    rest(out, left_out, "rules and combos");
    out.push_str("</details>\n");
}

/// What is worth most first.
fn by_worth(mut shown: Vec<&Ablation>) -> Vec<&Ablation> {
    let change = |a: &Ablation| a.roc_auc_change.unwrap_or(0.0);
    shown.sort_by(|a, b| change(a).total_cmp(&change(b)).then_with(|| a.id.cmp(&b.id)));
    shown
}

fn compared(out: &mut String, comparison: &Comparison) {
    heading(out, "comparison", "B against A");
    let _ = writeln!(out, "<p class=\"verdict\">{}</p>", escape(&comparison.conclusion()));
    let [a, b] = &comparison.rule_sets;
    let _ = writeln!(
        out,
        "<p>A is {} (fingerprint <code>{}</code>), B is {} (fingerprint <code>{}</code>).</p>",
        escape(&report::set_name(a)),
        escape(&clip(&a.fingerprint)),
        escape(&report::set_name(b)),
        escape(&clip(&b.fingerprint))
    );
    out.push_str(&report::both_decisions(comparison).to_html("Decisions under A and B"));
    note(out, report::TESTS_NOTE);
    out.push_str(&report::decision_tests(comparison).to_html("Tests on decisions"));
    out.push_str(&report::measure_tests(comparison).to_html("Tests on measures"));
    let text = format!(
        "Bootstrap over clusters: {} draws, seed {}.",
        count(comparison.resamples as u64),
        comparison.seed
    );
    note(out, &text);
    let changed = report::changed(comparison, CHANGED);
    if changed.is_empty() {
        note(out, "No message is decided differently.");
    } else {
        out.push_str("<h3>Decided differently</h3>\n");
        let all = count(comparison.changed.len() as u64);
        note(out, &format!("Messages: {all}, the worst news first."));
        out.push_str(&changed.to_html("Messages that are decided differently"));
        rest(out, comparison.changed.len().saturating_sub(CHANGED), "messages");
    }
}
