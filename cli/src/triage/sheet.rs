//! `--csv`: a table that is safe to open in a spreadsheet.

use std::borrow::Cow;

use huckster::Verdict;
use huckster_linkedin_export::Item;

use super::tally::headline;
use crate::overview::REASONS;

/// The first line.
pub(crate) const HEADER: [&str; 14] = [
    "file",
    "row",
    "at",
    "channel",
    "decision",
    "score",
    "probability",
    "from",
    "profile_url",
    "headline",
    "why",
    "rules",
    "subject",
    "text",
];

/// The cells of a message.
pub(crate) fn cells(item: &Item, verdict: &Verdict) -> [String; 14] {
    let known = |text: Option<&str>| safe(text.unwrap_or_default()).into_owned();
    let rules: Vec<&str> = verdict.rules().map(|r| r.rule.as_str()).collect();
    [
        safe(&item.source.file).into_owned(),
        item.source.row.to_string(),
        item.at.map(|at| at.to_string()).unwrap_or_default(),
        item.message.channel.name().to_owned(),
        verdict.decision.to_string(),
        // A number with a plus would be a formula to some.
        verdict.score.to_string().trim_start_matches('+').to_owned(),
        verdict
            .probability
            .map(|p| format!("{:.3}", p.as_f64()))
            .unwrap_or_default(),
        known(item.from.name.as_deref()),
        known(item.from.profile_url.as_deref()),
        safe(&headline(item)).into_owned(),
        safe(&verdict.explain_brief(REASONS)).into_owned(),
        rules.join(" "),
        known(item.message.subject.as_deref()),
        known(item.message.body.text()),
    ]
}

/// Text that no spreadsheet takes for a formula: an apostrophe before what could begin one, also in full width, and
/// after white space and invisible characters, which some programs take away. See OWASP, "CSV Injection".
fn safe(text: &str) -> Cow<'_, str> {
    let begins = text.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    });
    let formula = begins.starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);
    // Left alone, a control character at the beginning may move what follows into a cell of its own.
    if formula || text.starts_with(['\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u{feff}=1",
            "＝1",
            "|cmd",
            "%0A",
            "\nx",
        ] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        for text in ["", "Hi", "a=b", "1-2", "'=1", "ü"] {
            assert_eq!(safe(text), text);
        }
    }
}
