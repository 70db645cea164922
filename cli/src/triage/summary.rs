//! What the terminal shows: the messages to look at first, and the figures.

use std::io::{self, Write};

use huckster::{Decision, Timestamp};

use super::Findings;
use super::tally::{DECISIONS, Sender};
use crate::args::Sort;
use crate::campaigns::{day, title as campaign_title};
use crate::console::Console;
use crate::overview::{self, Judged};
use crate::render::{BOLD, DIM, DOUBTFUL, clean_line, decided, legend, number, pad, pad_left, shorten, width};

/// Rows of each table.
const SENDERS: usize = 8;
pub(super) const CAMPAIGNS: usize = 3;
const PROBLEMS: usize = 5;

/// Columns before a message: a day.
const INDENT: usize = 12;

/// Columns of figures.
const FIGURES: usize = 7;

/// Writes the summary.
pub(crate) fn write(out: &mut impl Write, findings: &Findings<'_>, console: &Console) -> io::Result<()> {
    list(out, findings, console)?;
    figures(out, findings, console)?;
    senders(out, findings, console)?;
    overview::reason_table(out, &findings.tally.reasons(), console)?;
    campaigns(out, findings, console)?;
    unread(out, findings, console)?;
    if let Some(legend) = legend(true, true, console.paint()).filter(|_| !findings.list.is_empty()) {
        writeln!(out, "\n  {legend}")?;
    }
    if let Some(page) = &findings.args.html {
        let page = clean_line(&page.display().to_string());
        writeln!(out, "\n  The page: {}", console.paint().on(BOLD, page))?;
    }
    Ok(())
}

fn heading(out: &mut impl Write, title: &str, console: &Console) -> io::Result<()> {
    let rule = "─".repeat(console.width().saturating_sub(width(title) + 1));
    writeln!(
        out,
        "{} {}\n",
        console.paint().on(BOLD, title),
        console.paint().on(DIM, rule)
    )
}

fn list(out: &mut impl Write, findings: &Findings<'_>, console: &Console) -> io::Result<()> {
    if findings.list.is_empty() {
        return Ok(());
    }
    let (title, all) = match findings.args.sort {
        Sort::Oldest => (
            "TO DECIDE, THE OLDEST FIRST",
            findings.tally.counts.of(Decision::Review),
        ),
        Sort::Decision => ("BY DECISION", findings.tally.counts.all()),
    };
    let shown = findings.list.len() as u64;
    let title = if shown < all {
        format!("{title}: {} of {}", number(shown), number(all))
    } else {
        format!("{title}: {}", number(all))
    };
    heading(out, &title, console)?;
    for kept in &findings.list {
        let judged = Judged {
            label: kept.item.at.map_or_else(|| "no date".to_owned(), day),
            message: &kept.item.message,
            verdict: kept.verdict.clone(),
        };
        overview::block(out, &judged, INDENT, console)?;
        writeln!(out)?;
    }
    Ok(())
}

fn figures(out: &mut impl Write, findings: &Findings<'_>, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let tally = &findings.tally;
    let all = tally.counts.all();
    let owner = findings.inbox.archive().owner().and_then(|o| o.name.as_deref());
    let whose = owner
        .map(|name| format!(" TO {}", clean_line(name).to_uppercase()))
        .unwrap_or_default();
    let mut title = format!(
        "{} {}{whose}",
        number(all),
        if all == 1 { "MESSAGE" } else { "MESSAGES" }
    );
    if let (Some(first), Some(last)) = (tally.first, tally.last) {
        title += &format!(", {} to {}", day(first), day(last));
    }
    heading(out, &title, console)?;
    let most = DECISIONS.map(|d| tally.counts.of(d)).into_iter().max().unwrap_or(0);
    for decision in DECISIONS {
        let n = tally.counts.of(decision);
        writeln!(
            out,
            "  {} {} {}  {}",
            paint.on(decided(decision), pad(&decision.to_string(), 7)),
            pad_left(&number(n), FIGURES),
            pad_left(&percent(n, all), 5),
            overview::bar(usize(n), usize(most), decision, paint)
        )?;
    }
    writeln!(out)?;
    let requests = tally.requests;
    if requests.all() > 0 {
        fact(out, "connection requests", requests.all(), "", console)?;
        for (what, n) in [
            ("without a note", requests.blank),
            ("with LinkedIn's stock text alone", requests.stock),
            ("with words of their own", requests.own),
        ] {
            fact(out, &format!("  {what}"), n, &percent(n, requests.all()), console)?;
        }
    }
    let soon = tally.soon;
    if soon.all() > 0 {
        fact(out, "pitches", soon.all(), "", console)?;
        for (what, n) in [
            ("within 24 hours of being accepted", soon.day),
            ("within a week of being accepted", soon.day + soon.week),
        ] {
            fact(out, &format!("  {what}"), n, &percent(n, soon.all()), console)?;
        }
    }
    for (what, n) in [
        ("messages of hidden members", tally.hidden),
        ("messages without a readable date", tally.undated),
    ] {
        if n > 0 {
            fact(out, what, n, "", console)?;
        }
    }
    Ok(())
}

fn fact(out: &mut impl Write, what: &str, n: u64, share: &str, console: &Console) -> io::Result<()> {
    let line = format!(
        "  {} {}  {what}",
        pad_left(&number(n), 7 + 1 + FIGURES),
        pad_left(share, 5)
    );
    let line = line.trim_end();
    if what.starts_with(' ') {
        writeln!(out, "{}", console.paint().on(DIM, line))
    } else {
        writeln!(out, "{line}")
    }
}

fn senders(out: &mut impl Write, findings: &Findings<'_>, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let all = findings.tally.senders();
    let pitching: Vec<&Sender> = all
        .iter()
        .map(|(_, s)| *s)
        .filter(|s| s.counts.of(Decision::Decline) > 0)
        .take(SENDERS)
        .collect();
    if pitching.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {}", paint.on(BOLD, "Who pitches most"))?;
    let names: Vec<String> = pitching.iter().map(|s| clean_line(&s.name)).collect();
    let column = names.iter().map(|n| width(n)).max().unwrap_or(0).min(30);
    let times: Vec<String> = pitching.iter().map(|s| period(s.first, s.last)).collect();
    let time_column = times.iter().map(|t| width(t)).max().unwrap_or(0);
    let room = console.width().saturating_sub(2 + 6 + 2 + column + 2 + time_column + 2);
    for ((sender, name), time) in pitching.iter().zip(&names).zip(&times) {
        let headline = shorten(&clean_line(&sender.headline), room.max(1));
        let line = format!(
            "  {}  {}  {}  {}",
            pad_left(&number(sender.counts.of(Decision::Decline)), 6),
            pad(&shorten(name, column), column),
            paint.on(DIM, pad(&headline, room)),
            paint.on(DIM, time)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn period(first: Option<Timestamp>, last: Option<Timestamp>) -> String {
    match (first.map(day), last.map(day)) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first,
        _ => String::new(),
    }
}

fn campaigns(out: &mut impl Write, findings: &Findings<'_>, console: &Console) -> io::Result<()> {
    let found = &findings.campaigns;
    if found.is_empty() {
        return Ok(());
    }
    let paint = console.paint();
    writeln!(out, "\n  {}", paint.on(BOLD, "Copies of one template"))?;
    let room = console.width() - 8;
    for one in found.iter().take(CAMPAIGNS) {
        let mut facts = campaign_title(one);
        let remarks = one.remarks();
        if !remarks.is_empty() {
            facts += &format!("; {remarks}");
        }
        writeln!(out, "  {}", shorten(&facts, console.width() - 2))?;
        let text = shorten(&clean_line(one.text()), room);
        writeln!(out, "    {} {}", paint.on(DIM, "│"), paint.on(DIM, text))?;
    }
    let shown = found.len().min(CAMPAIGNS);
    if findings.all_campaigns > shown {
        let more = format!(
            "  and {} more; `huckster campaigns` lists all",
            findings.all_campaigns - shown
        );
        writeln!(out, "{}", paint.on(DIM, more))?;
    }
    Ok(())
}

/// What could not be read, with rows.
fn unread(out: &mut impl Write, findings: &Findings<'_>, console: &Console) -> io::Result<()> {
    let report = findings.inbox.archive().report();
    let paint = console.paint();
    let n = report.problem_count();
    if n > 0 {
        writeln!(
            out,
            "\n  {}",
            paint.on(DOUBTFUL, format_args!("Not read as it should be: {}", number(n)))
        )?;
        for problem in report.problems().iter().take(PROBLEMS) {
            writeln!(
                out,
                "  {}",
                shorten(&clean_line(&problem.to_string()), console.width() - 2)
            )?;
        }
        if n > PROBLEMS as u64 {
            let more = format!("  and {} more", number(n - PROBLEMS as u64));
            writeln!(out, "{}", paint.on(DIM, more))?;
        }
    }
    Ok(())
}

fn usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// A share in percent; something is never nothing.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    match (part, (part * 200 + whole) / (whole.max(1) * 2)) {
        (0, _) => "0 %".to_owned(),
        (_, 0) => "<1 %".to_owned(),
        (_, percent) => format!("{percent} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        for (part, whole, expected) in [
            (0, 0, "0 %"),
            (1, 1000, "<1 %"),
            (1, 3, "33 %"),
            (2, 3, "67 %"),
            (5, 5, "100 %"),
        ] {
            assert_eq!(percent(part, whole), expected);
        }
    }
}
