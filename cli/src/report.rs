//! The verdict on one message, in full: the text with its evidence, and rows that add up.

use std::io::{self, Write};

use huckster::{Basis, Evidence, Field, Message, Row, Scorer, Verdict, Weight};

use crate::console::Console;
use crate::render::{
    BOLD, DIM, Marked, clean_line, decided, field_text, legend, pad, pad_left, shorten, weighed, width, wrap,
};

/// Lines of a text that are shown at most; what matters in the rest stands in the rows.
const MAX_LINES: usize = 80;

/// Width of a weight such as `+10.000`.
const WEIGHT: usize = 7;

/// The two columns of weights with their gaps.
const LEFT: usize = 2 + WEIGHT + 2 + WEIGHT + 2;

/// Writes the verdict on a message.
pub(crate) fn write(
    out: &mut impl Write,
    message: &Message<'_>,
    verdict: &Verdict,
    scorer: &Scorer,
    console: &Console,
) -> io::Result<()> {
    head(out, verdict, scorer, console)?;
    texts(out, message, verdict, console)?;
    rows(out, verdict, console)?;
    // What the user decided does not hang on rules.
    if verdict.basis == Basis::Score
        && let Some(flip) = scorer.flip_set(message.clone())
    {
        writeln!(out)?;
        for line in wrap(&clean_line(&flip.to_string()), console.width() - 2) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// The decision, what it rests on, and the lines it was measured against.
fn head(out: &mut impl Write, verdict: &Verdict, scorer: &Scorer, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let decision = paint.on(decided(verdict.decision), verdict.decision.to_string().to_uppercase());
    let (accept, decline) = scorer.policy().thresholds();
    write!(out, "{decision}  score {}", paint.on(BOLD, verdict.score))?;
    if let Some(probability) = verdict.probability {
        write!(out, ", probability {probability}")?;
    }
    writeln!(
        out,
        "  {}",
        paint.on(DIM, format_args!("(accept below {accept}, decline from {decline})"))
    )?;
    if let Basis::Policy(name) = &verdict.basis {
        writeln!(out, "  decided by the policy \"{}\"", clean_line(name))?;
    }
    for reason in &verdict.review_reasons {
        writeln!(out, "  a person should look: {}", reason.describe())?;
    }
    let truncated = if verdict.truncated {
        ", cut where the library stops reading"
    } else {
        ""
    };
    let known = format!(
        "known: {}; language: {}{truncated}",
        verdict.coverage,
        language(&verdict.lang)
    );
    writeln!(out, "  {}", paint.on(DIM, known))
}

fn language(code: &str) -> &str {
    match code {
        "und" => "unknown",
        "mis" => "none with rules",
        code => code,
    }
}

/// The text, and the other fields that hold evidence.
fn texts(out: &mut impl Write, message: &Message<'_>, verdict: &Verdict, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let (mut against, mut in_favour) = (false, false);
    let mut fields = vec![Field::Text];
    let evidence = verdict
        .rows
        .iter()
        .filter(|r| r.contribution() != Weight::ZERO)
        .flat_map(Row::evidence);
    fields.extend(evidence.filter_map(|e| {
        if let Evidence::Text { field, .. } = e {
            Some(*field)
        } else {
            None
        }
    }));
    fields.sort_unstable();
    fields.dedup();
    let labelled = fields.len() > 1;
    for field in fields {
        let Some(text) = field_text(message, field) else {
            if field == Field::Text {
                let what = if message.body.is_blank() {
                    "(no note)"
                } else {
                    "(the text is not known)"
                };
                writeln!(out, "\n  {}", paint.on(DIM, what))?;
            }
            continue;
        };
        writeln!(out)?;
        if labelled {
            writeln!(out, "  {}", paint.on(DIM, format_args!("{field}:")))?;
        }
        let lines = Marked::new(text, field, verdict, paint).lines(console.width() - 2);
        for line in lines.iter().take(MAX_LINES) {
            writeln!(
                out,
                "{}",
                if line.is_empty() {
                    String::new()
                } else {
                    format!("  {line}")
                }
            )?;
        }
        if lines.len() > MAX_LINES {
            writeln!(
                out,
                "  {}",
                paint.on(DIM, format_args!("… {} more lines", lines.len() - MAX_LINES))
            )?;
        }
        let (bad, good) = Marked::has(verdict, field);
        (against, in_favour) = (against || bad, in_favour || good);
    }
    if let Some(legend) = legend(against, in_favour, paint) {
        writeln!(out, "\n  {legend}")?;
    }
    writeln!(out)
}

/// One line a row, and the sum.
fn rows(out: &mut impl Write, verdict: &Verdict, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let ids = verdict.rows.iter().filter_map(Row::rule).map(width).max().unwrap_or(0);
    let reason = console.width().saturating_sub(LEFT + 2 + ids).max(24);
    let mut total = Weight::ZERO;
    for row in &verdict.rows {
        total = total.plus(row.contribution());
        let summary = clean_line(&row.summary());
        let excerpt = excerpt(row);
        let share = pad_left(&row.contribution().to_string(), WEIGHT);
        let running = pad_left(&total.to_string(), WEIGHT);
        let style = weighed(row.contribution());
        write!(out, "  {}  {}  ", paint.on(style, share), paint.on(DIM, running))?;
        // What does not fit beside the summary goes below it, rather than being lost.
        let lines = wrap(&summary, reason);
        let (last, above) = lines
            .split_last()
            .map_or(("", &lines[..0]), |(last, above)| (last.as_str(), above));
        let id = |line: usize| match row.rule() {
            Some(rule) if line == 0 => rule.to_owned(),
            _ => String::new(),
        };
        let mut column = 0;
        for line in above {
            let text = format!("{}  {}", pad(line, reason), paint.on(DIM, id(column)));
            writeln!(out, "{}", text.trim_end())?;
            write!(out, "{}", " ".repeat(LEFT))?;
            column += 1;
        }
        let room = reason.saturating_sub(width(last) + 2);
        let beside = room >= width(&excerpt).min(24) && !excerpt.is_empty();
        let shown = if beside { shorten(&excerpt, room) } else { String::new() };
        let gap = if beside { "  " } else { "" };
        let fill = " ".repeat(reason.saturating_sub(width(last) + width(&shown) + gap.len()));
        let rule = id(column);
        if rule.is_empty() {
            writeln!(out, "{last}{gap}{}", paint.on(DIM, shown))?;
        } else {
            writeln!(
                out,
                "{last}{gap}{}{fill}  {}",
                paint.on(DIM, shown),
                paint.on(DIM, rule)
            )?;
        }
        if !beside && !excerpt.is_empty() {
            writeln!(
                out,
                "{}{}",
                " ".repeat(LEFT),
                paint.on(DIM, shorten(&excerpt, console.width() - LEFT))
            )?;
        }
    }
    let sum = pad_left(&verdict.score.to_string(), WEIGHT);
    writeln!(out, "  {}  {}", paint.on(BOLD, sum), paint.on(BOLD, "score"))
}

/// The first pieces of evidence of a row.
fn excerpt(row: &Row) -> String {
    let mut parts: Vec<String> = row.evidence().iter().map(|e| clean_line(&e.to_string())).collect();
    parts.dedup();
    parts.truncate(3);
    parts.join(", ")
}
