//! An inbox at a glance: messages by decision, each with its reasons, and a table of what occurs most.

use std::collections::BTreeMap;
use std::io::{self, Write};

use huckster::{Decision, Field, Message, Row, Verdict, Weight};

use crate::console::Console;
use crate::preferences::Judging;
use crate::render::{
    BOLD, DIM, Marked, Paint, clean_line, count, decided, field_text, legend, number, pad, pad_left, shorten, width,
    wrap,
};

/// Reasons in one sentence about a message.
pub(crate) const REASONS: usize = 3;

/// Reasons in the table at the end.
pub(crate) const FREQUENT: usize = 8;

/// Columns of the longest bar.
const BAR: usize = 24;

/// A message that was judged.
pub(crate) struct Judged<'m> {
    pub(crate) label: String,
    pub(crate) message: &'m Message<'m>,
    pub(crate) verdict: Verdict,
}

/// Writes the messages, each with the line where it begins, by decision.
pub(crate) fn write(
    out: &mut impl Write,
    messages: &[(usize, Message<'_>)],
    problems: usize,
    judging: &Judging,
    trace: Option<&str>,
    console: &Console,
) -> io::Result<()> {
    let paint = console.paint();
    let scorer = judging.scorer();
    let mut scratch = scorer.scratch();
    let judged: Vec<Judged<'_>> = messages
        .iter()
        .map(|(line, message)| Judged {
            label: message.id.as_deref().map_or_else(|| format!("line {line}"), clean_line),
            message,
            verdict: judging.judge(&mut scratch, message),
        })
        .collect();
    // Ids are a column as long as they are short.
    let indent = judged.iter().map(|j| width(&j.label)).max().unwrap_or(0).clamp(2, 12) + 2;
    for decision in [Decision::Decline, Decision::Review, Decision::Accept] {
        let mut group: Vec<&Judged<'_>> = judged.iter().filter(|j| j.verdict.decision == decision).collect();
        if group.is_empty() {
            continue;
        }
        // The plainest cases first; equal ones stay in the order of the file.
        group.sort_by_key(|j| std::cmp::Reverse(j.verdict.score));
        let title = format!("{} {}", decision.to_string().to_uppercase(), group.len());
        let rule = "─".repeat(console.width().saturating_sub(width(&title) + 1));
        writeln!(out, "{} {}\n", paint.on(decided(decision), title), paint.on(DIM, rule))?;
        for one in group {
            block(out, one, indent, console)?;
            if let Some(id) = trace {
                let why = scorer.trace(one.message.clone(), id).to_string();
                writeln!(out, "{}{}: {}", " ".repeat(indent), clean_line(id), clean_line(&why))?;
            }
            writeln!(out)?;
        }
    }
    summary(out, &judged, problems, console)
}

/// Who wrote, what came of it and why, and how the text begins.
pub(crate) fn block(out: &mut impl Write, one: &Judged<'_>, indent: usize, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let verdict = &one.verdict;
    let left = " ".repeat(indent);
    let room = console.width() - indent;
    let score = verdict.score.to_string();
    let (name, headline) = sender(one.message);
    let name = shorten(&name, room - 2 - width(&score));
    let rest = (room - 2 - width(&score)).saturating_sub(width(&name));
    let headline = if headline.is_empty() || rest < 8 {
        String::new()
    } else {
        shorten(&headline, rest - 3)
    };
    let gap = if headline.is_empty() { "" } else { " · " };
    let fill = " ".repeat((room - width(&score)).saturating_sub(width(&name) + width(&headline) + width(gap)));
    let label = pad(&shorten(&one.label, indent - 2), indent);
    writeln!(
        out,
        "{}{}{}{fill}{}",
        paint.on(DIM, label),
        paint.on(BOLD, name),
        paint.on(DIM, format_args!("{gap}{headline}")),
        paint.on(decided(verdict.decision), score)
    )?;
    let why = clean_line(&verdict.explain_brief(REASONS));
    for (i, line) in wrap(&why, room).iter().enumerate() {
        match line.split_once(':') {
            Some((decision, reasons)) if i == 0 => {
                writeln!(out, "{left}{}:{reasons}", paint.on(decided(verdict.decision), decision))?;
            }
            _ => writeln!(out, "{left}{line}")?,
        }
    }
    let text = match field_text(one.message, Field::Text) {
        Some(text) => Marked::new(text, Field::Text, verdict, paint).one_line(room - 2, verdict.decision, DIM),
        None if one.message.body.is_blank() => paint.on(DIM, "(no note)"),
        None => paint.on(DIM, "(the text is not known)"),
    };
    writeln!(out, "{left}{} {text}", paint.on(DIM, "│"))
}

/// Name and headline, as far as known.
pub(crate) fn sender(message: &Message<'_>) -> (String, String) {
    let Some(profile) = &message.sender else {
        return ("unknown sender".to_owned(), String::new());
    };
    let clean = |text: Option<&str>| text.map(clean_line).unwrap_or_default();
    let (name, headline) = (clean(profile.name.as_deref()), clean(profile.headline.as_deref()));
    match (name.is_empty(), headline.is_empty()) {
        (true, true) => ("unknown sender".to_owned(), headline),
        (true, false) => (headline, String::new()),
        (false, _) => (name, headline),
    }
}

/// How many of each, and the reasons that occur most among those not accepted.
fn summary(out: &mut impl Write, judged: &[Judged<'_>], problems: usize, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let title = count(judged.len(), "message");
    let rule = "─".repeat(console.width().saturating_sub(width(&title) + 1));
    writeln!(out, "{} {}\n", paint.on(BOLD, title), paint.on(DIM, rule))?;
    let of = |decision| judged.iter().filter(|j| j.verdict.decision == decision).count();
    let counts = [Decision::Decline, Decision::Review, Decision::Accept].map(|d| (d, of(d)));
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    for (decision, n) in counts {
        let word = paint.on(decided(decision), pad(&decision.to_string(), 7));
        writeln!(
            out,
            "  {word} {}  {}",
            pad_left(&n.to_string(), 5),
            bar(n, most, decision, paint)
        )?;
    }
    if problems > 0 {
        let what = paint.on(BOLD, pad("unread", 7));
        writeln!(
            out,
            "  {what} {}  {}",
            pad_left(&problems.to_string(), 5),
            paint.on(DIM, "see the errors above")
        )?;
    }
    reasons(out, judged, console)?;
    if let Some(legend) = legend(true, true, paint).filter(|_| !judged.is_empty()) {
        writeln!(out, "\n  {legend}")?;
    }
    Ok(())
}

/// The reasons that occur most.
fn reasons(out: &mut impl Write, judged: &[Judged<'_>], console: &Console) -> io::Result<()> {
    let mut seen: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for one in judged.iter().filter(|j| j.verdict.decision != Decision::Accept) {
        for row in one.verdict.rows.iter().filter(|r| r.contribution() > Weight::ZERO) {
            if let (Row::Rule(_) | Row::Combo { .. }, Some(rule)) = (row, row.rule()) {
                seen.entry(rule).or_insert_with(|| (0, clean_line(&row.summary()))).0 += 1;
            }
        }
    }
    let mut seen: Vec<(&str, usize, String)> = seen.into_iter().map(|(rule, (n, why))| (rule, n, why)).collect();
    seen.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    reason_table(out, &seen, console)
}

/// Reasons with how often each occurs, the most frequent first; only the first few are shown.
pub(crate) fn reason_table(out: &mut impl Write, seen: &[(&str, usize, String)], console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let seen = &seen[..seen.len().min(FREQUENT)];
    if seen.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {}", paint.on(BOLD, "Most frequent reasons not to accept"))?;
    let ids = seen.iter().map(|(rule, ..)| width(rule)).max().unwrap_or(0);
    let room = console.width().saturating_sub(2 + 6 + 2 + 2 + ids).max(20);
    for (rule, n, why) in seen {
        let why = pad(&shorten(why, room), room);
        writeln!(
            out,
            "  {}  {why}  {}",
            pad_left(&number(*n as u64), 6),
            paint.on(DIM, rule)
        )?;
    }
    Ok(())
}

pub(crate) fn bar(n: usize, most: usize, decision: Decision, paint: Paint) -> String {
    // Something is never nothing.
    let columns = if n == 0 { 0 } else { (n * BAR).div_ceil(most.max(1)) };
    paint.on(decided(decision), "█".repeat(columns))
}
