//! Pictures drawn as SVG: no script, and colours from the style sheet, so that they follow light and dark.

use std::fmt::Write as _;

use super::escape;
use crate::render::number;
use crate::triage::summary::percent;
use crate::triage::tally::{Counts, DECISIONS, Soon, Tally};

/// Columns of the picture over time; with more months, several share a column.
const COLUMNS: usize = 60;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 26.0;
const TOP: f64 = 10.0;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Months in a row: the months of each column, and what came in them.
fn columns(tally: &Tally) -> (i32, Vec<(i32, Counts)>) {
    let index = |(year, month): &(i32, u8)| year.saturating_mul(12).saturating_add(i32::from(*month) - 1);
    let (Some(first), Some(last)) = (
        tally.months.keys().next().map(index),
        tally.months.keys().next_back().map(index),
    ) else {
        return (1, Vec::new());
    };
    let months = last.saturating_sub(first).saturating_add(1);
    // Whole quarters, years or more of them, beginning where such a one does.
    let step = [1, 3, 12, 60, 120, 1200]
        .into_iter()
        .find(|step| months / step <= COLUMNS as i32)
        .unwrap_or(months / COLUMNS as i32 + 1);
    let start = first.div_euclid(step);
    let n = last
        .div_euclid(step)
        .saturating_sub(start)
        .saturating_add(1)
        .clamp(1, 2 * COLUMNS as i32);
    let mut all: Vec<(i32, Counts)> = (0..n)
        .map(|i| ((start + i).saturating_mul(step), Counts::default()))
        .collect();
    for (month, counts) in &tally.months {
        let at = index(month).div_euclid(step) - start;
        if let Some((_, sum)) = usize::try_from(at).ok().and_then(|at| all.get_mut(at)) {
            sum.join(counts);
        }
    }
    (step, all)
}

fn label(month: i32, step: i32) -> String {
    let (year, m) = (month.div_euclid(12), month.rem_euclid(12));
    match step {
        1 => format!("{} {year}", MONTHS.get(m as usize).copied().unwrap_or_default()),
        3 => format!("Q{} {year}", m / 3 + 1),
        12 => year.to_string(),
        _ => format!("{year} to {}", (month + step - 1).div_euclid(12)),
    }
}

/// A round number that is not smaller.
fn round_up(n: u64) -> u64 {
    let mut unit = 1u64;
    loop {
        for step in [1, 2, 4, 5] {
            let round = unit.saturating_mul(step);
            if round >= n {
                return round;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// Messages over time, by decision. Empty if fewer than two columns have any.
pub(super) fn over_time(tally: &Tally) -> String {
    let (step, columns) = columns(tally);
    let most = columns.iter().map(|(_, c)| c.all()).max().unwrap_or(0);
    if columns.len() < 2 || most == 0 {
        return String::new();
    }
    let top = round_up(most);
    let (plot_w, plot_h) = (WIDTH - LEFT - 8.0, HEIGHT - BOTTOM - TOP);
    let slot = plot_w / columns.len() as f64;
    let bar = (slot * 0.78).min(44.0);
    let y = |n: u64| TOP + plot_h - plot_h * n as f64 / top as f64;
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Messages over time by decision; \
         the table below has the figures\">"
    );
    let lines = if top >= 4 { 4 } else { top };
    for i in 0..=lines {
        let n = top * i / lines.max(1);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{0}\" y1=\"{1:.1}\" y2=\"{1:.1}\"/><text class=\"end\" x=\"{2}\" \
             y=\"{3:.1}\">{4}</text>",
            WIDTH - 8.0,
            y(n),
            LEFT - 6.0,
            y(n) + 4.0,
            number(n)
        );
    }
    let every = columns.len().div_ceil(10).max(1);
    for (i, (month, counts)) in columns.iter().enumerate() {
        let x = LEFT + slot * i as f64 + (slot - bar) / 2.0;
        let name = label(*month, step);
        let parts: Vec<String> = DECISIONS
            .iter()
            .map(|d| format!("{} {d}", number(counts.of(*d))))
            .collect();
        let _ = write!(svg, "<g><title>{name}: {}</title>", parts.join(", "));
        let _ = write!(
            svg,
            "<rect class=\"hit\" x=\"{:.2}\" y=\"{TOP}\" width=\"{slot:.2}\" height=\"{plot_h:.1}\"/>",
            LEFT + slot * i as f64
        );
        let mut below = 0;
        for decision in DECISIONS {
            let n = counts.of(decision);
            if n > 0 {
                let _ = write!(
                    svg,
                    "<rect class=\"{decision}\" x=\"{x:.2}\" y=\"{:.2}\" width=\"{bar:.2}\" height=\"{:.2}\"/>",
                    y(below + n),
                    (y(below) - y(below + n)).max(0.5)
                );
                below += n;
            }
        }
        svg.push_str("</g>");
        if i % every == 0 {
            let _ = write!(
                svg,
                "<text class=\"middle\" x=\"{:.2}\" y=\"{}\">{name}</text>",
                x + bar / 2.0,
                HEIGHT - 8.0
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The figures of the picture over time as rows of a table.
pub(super) fn over_time_rows(tally: &Tally) -> String {
    let (step, columns) = columns(tally);
    let mut out = String::new();
    for (month, counts) in columns.iter().rev().filter(|(_, c)| c.all() > 0) {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", label(*month, step));
        for decision in DECISIONS {
            let _ = write!(out, "<td>{}</td>", number(counts.of(decision)));
        }
        let _ = writeln!(out, "<td>{}</td></tr>", number(counts.all()));
    }
    out
}

/// Bars with a label before and a figure behind them, as a table.
pub(super) fn bars(caption: &str, class: &str, rows: &[(String, u64)], whole: u64) -> String {
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let mut out = format!("<table class=\"bars\"><caption>{}</caption><tbody>\n", escape(caption));
    for (name, n) in rows {
        let share = percent(*n, whole);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td><svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" \
             aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"10\"/><rect class=\"{class}\" \
             width=\"{:.2}\" height=\"10\"/></svg></td><td class=\"n\">{}</td><td class=\"n soft\">{share}</td></tr>",
            escape(name),
            *n as f64 * 100.0 / most as f64,
            number(*n)
        );
    }
    out.push_str("</tbody></table>\n");
    out
}

/// How soon after the acceptance pitches came.
pub(super) fn soon(soon: &Soon) -> String {
    let rows: Vec<(String, u64)> = [
        ("within 24 hours", soon.day),
        ("within a week", soon.week),
        ("within a month", soon.month),
        ("later", soon.later),
        ("not connected, or not known", soon.unknown),
    ]
    .into_iter()
    .map(|(name, n)| (name.to_owned(), n))
    .collect();
    bars("Pitches by time since you accepted", "decline", &rows, soon.all())
}

/// One bar of three colours.
pub(super) fn shares(counts: &Counts) -> String {
    let all = counts.all().max(1) as f64;
    let mut out =
        String::from("<svg class=\"shares\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    let mut x = 0.0;
    for decision in DECISIONS {
        let w = counts.of(decision) as f64 * 100.0 / all;
        let _ = write!(
            out,
            "<rect class=\"{decision}\" x=\"{x:.2}\" width=\"{w:.2}\" height=\"4\"/>"
        );
        x += w;
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use huckster::Decision;

    fn tally(months: &[(i32, u8)]) -> Tally {
        let mut tally = Tally::default();
        for month in months {
            tally.months.entry(*month).or_default().add(Decision::Review);
        }
        tally
    }

    #[test]
    fn every_message_is_in_a_column() {
        for months in [
            vec![(2026, 1), (2026, 12)],
            vec![(2015, 3), (2026, 1)],
            vec![(1970, 1), (2026, 1), (2026, 1)],
            vec![(-5000, 1), (9999, 12)],
        ] {
            let tally = tally(&months);
            let (_, columns) = columns(&tally);
            let n: u64 = columns.iter().map(|(_, c)| c.all()).sum();
            assert_eq!(n, months.len() as u64, "{months:?}");
            assert!(columns.len() <= 2 * COLUMNS);
        }
        assert_eq!(over_time(&tally(&[])), "");
    }

    #[test]
    fn round_numbers() {
        for (n, expected) in [(1, 1), (3, 4), (6, 10), (11, 20), (45, 50), (101, 200)] {
            assert_eq!(round_up(n), expected);
        }
    }
}
