//! `--html`: one page that loads nothing, with everything of the archive shown as text.
//!
//! The messages lie in the page as JSON and are drawn by its script when they are looked at, by setting text, never markup.
//! The policy of the page allows this one script and this one style sheet, by their hashes, and nothing else: no address
//! can be asked, whatever a message holds. Without script the page is a list of the newest messages.

mod charts;
mod entry;

use std::fmt::Write as _;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use huckster::{Decision, Scorer, Timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::entry::{Data, shown};
pub(crate) use self::entry::{Entries, Entry, Floor, Ids};
use super::Findings;
use super::summary::percent;
use super::tally::{DECISIONS, Sender};
use crate::args::Sort;
use crate::campaigns::day;
use crate::render::number;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Senders, campaigns and problems on the page.
const SENDERS: usize = 200;
pub(super) const CAMPAIGNS: usize = 100;
const PROBLEMS: usize = 200;
const REASONS: usize = 12;

/// Messages that can be read without script.
const PLAIN: usize = 300;

/// What the script is given besides the messages.
#[derive(Serialize)]
struct Head<'a> {
    rules: &'a std::collections::BTreeMap<u32, (String, String, String, String)>,
    /// The score from which is not accepted, and from which is declined, in thousandths.
    lines: (i32, i32),
    sort: &'static str,
    campaigns: Vec<(String, &'a [usize])>,
}

/// Writes the page.
pub(super) fn write(
    out: &mut impl Write,
    findings: &Findings<'_>,
    entries: &Entries,
    scorer: &Scorer,
) -> io::Result<()> {
    let tally = &findings.tally;
    let counts = &tally.counts;
    let owner = findings
        .inbox
        .archive()
        .owner()
        .and_then(|o| o.name.as_deref())
        .map(shown);
    let title = match &owner {
        Some(name) => format!("The inbox of {name}"),
        None => "The inbox".to_owned(),
    };
    let mut span = format!("{} incoming {}", number(counts.all()), plural(counts.all(), "message"));
    if let (Some(first), Some(last)) = (tally.first, tally.last) {
        let _ = write!(span, ", {} to {}", day(first), day(last));
    }
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; script-src \
         'sha256-{}'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#messages\">Skip to the messages</a>\n<header>\n\
         <h1>{}</h1>\n<p class=\"soft\">{}. Made on your machine by huckster; this page loads and sends nothing.</p>\n",
        hash(STYLE),
        hash(SCRIPT),
        escape(&title),
        bidi(&title),
        escape(&span),
    )?;
    cards(out, findings)?;
    out.write_all(
        b"<nav id=\"tabs\" class=\"tabs\" aria-label=\"Parts of the page\" hidden></nav>\n</header>\n<main>\n",
    )?;
    messages(out, entries)?;
    people(out, &tally.senders())?;
    campaigns(out, findings)?;
    pictures(out, findings)?;
    unread(out, findings)?;
    let head = Head {
        rules: &entries.rules(scorer),
        lines: {
            let (accept, decline) = scorer.policy().thresholds();
            (accept.as_milli(), decline.as_milli())
        },
        sort: match findings.args.sort {
            Sort::Oldest => "oldest",
            Sort::Decision => "decision",
        },
        campaigns: findings
            .campaigns
            .iter()
            .take(CAMPAIGNS)
            .map(|c| (shown(c.text()), c.members.as_slice()))
            .collect(),
    };
    write!(
        out,
        "</main>\n<footer class=\"soft\"><p>huckster {}, rules {}. A verdict is about a message, not about a person.</p>\
         </footer>\n<script type=\"application/json\" id=\"head\">",
        env!("CARGO_PKG_VERSION"),
        escape(&scorer.provenance().fingerprint)
    )?;
    raw(out, &serde_json::to_vec(&head).map_err(io::Error::from)?)?;
    out.write_all(b"</script>\n<script type=\"application/json\" id=\"data\">[")?;
    for (i, (n, json)) in entries.newest().enumerate() {
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        // The number was not known when the JSON was made.
        let rest = json.strip_prefix(b"{\"i\":0").unwrap_or(json);
        write!(out, "{{\"i\":{n}")?;
        raw(out, rest)?;
    }
    write!(out, "\n]</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// What the policy of the page calls a script or style sheet.
fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

/// JSON inside a script element: without `<` nothing can end the element, and U+2028 and U+2029 were taken out before.
fn raw(out: &mut impl Write, json: &[u8]) -> io::Result<()> {
    for (i, part) in json.split(|b| *b == b'<').enumerate() {
        if i > 0 {
            out.write_all(b"\\u003c")?;
        }
        out.write_all(part)?;
    }
    Ok(())
}

/// Text as markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text of the archive as markup, kept from turning its surroundings around.
fn bidi(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(&shown(text)))
}

fn plural(n: u64, what: &str) -> String {
    format!("{what}{}", if n == 1 { "" } else { "s" })
}

/// The figures to look at first.
fn cards(out: &mut impl Write, findings: &Findings<'_>) -> io::Result<()> {
    let tally = &findings.tally;
    let all = tally.counts.all();
    writeln!(out, "<dl class=\"cards\">")?;
    for decision in DECISIONS {
        let n = tally.counts.of(decision);
        let what = match decision {
            Decision::Decline => "only want to sell something",
            Decision::Review => "left for you to decide",
            Decision::Accept => "worth your time",
        };
        writeln!(
            out,
            "<div class=\"{decision}\"><dt>{}</dt><dd class=\"value\">{}</dd><dd>{} {what}</dd></div>",
            word(decision),
            number(n),
            percent(n, all)
        )?;
    }
    let requests = tally.requests;
    if requests.all() > 0 {
        let own = percent(requests.own, requests.all());
        writeln!(
            out,
            "<div><dt>Requests with words of their own</dt><dd class=\"value\">{own}</dd><dd>of {}; {} blank, {} with a \
             stock note</dd></div>",
            number(requests.all()),
            number(requests.blank),
            number(requests.stock)
        )?;
    }
    let soon = tally.soon;
    if soon.all() > 0 {
        writeln!(
            out,
            "<div><dt>Pitches within a week of accepting</dt><dd class=\"value\">{}</dd><dd>{} of {}; {} within 24 \
             hours</dd></div>",
            percent(soon.day + soon.week, soon.all()),
            number(soon.day + soon.week),
            number(soon.all()),
            number(soon.day)
        )?;
    }
    writeln!(out, "</dl>\n{}", charts::shares(&tally.counts))
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Decline => "Decline",
        Decision::Review => "Review",
        Decision::Accept => "Accept",
    }
}

/// The place where the script draws, and the list for those without script.
fn messages(out: &mut impl Write, entries: &Entries) -> io::Result<()> {
    writeln!(
        out,
        "<section id=\"messages\" tabindex=\"-1\" aria-labelledby=\"messages-h\">\n<h2 id=\"messages-h\">Messages</h2>"
    )?;
    if entries.left_out > 0 {
        writeln!(
            out,
            "<p class=\"note\">The newest {} messages are shown one by one; {} older ones are in the figures and charts \
             alone.</p>",
            number(entries.len() as u64),
            number(entries.left_out as u64)
        )?;
    }
    writeln!(
        out,
        "<div id=\"app\" hidden></div>\n<noscript>\n<p class=\"note\">Without script this page shows the newest {PLAIN} \
         messages, and neither search nor evidence.</p>\n<ol class=\"plain\">"
    )?;
    for (_, json) in entries.newest().take(PLAIN) {
        let Ok(data) = serde_json::from_slice::<Data>(json) else {
            continue;
        };
        let decision = DECISIONS.get(data.d).copied().unwrap_or(Decision::Review);
        let when = data
            .t
            .map_or_else(|| "no date".to_owned(), |t| day(Timestamp::from_seconds(t)));
        writeln!(
            out,
            "<li><details><summary><span class=\"badge {decision}\">{}</span> <b>{}</b> <span \
             class=\"soft\">{when}</span><br><span class=\"soft\">{}</span></summary><p class=\"text\" \
             dir=\"auto\">{}</p><p class=\"soft\">{}</p></details></li>",
            word(decision),
            bidi(data.n.as_deref().unwrap_or("LinkedIn member (name hidden)")),
            escape(&data.q),
            escape(data.x.as_deref().unwrap_or("(no text)")),
            escape(&data.f)
        )?;
    }
    writeln!(out, "</ol>\n</noscript>\n</section>")
}

/// Who wrote, who pitches most first.
fn people(out: &mut impl Write, senders: &[(&str, &Sender)]) -> io::Result<()> {
    writeln!(
        out,
        "<section id=\"senders\" aria-labelledby=\"senders-h\">\n<h2 id=\"senders-h\">Senders</h2>\n<p class=\"note\">{} {} \
         wrote; those who pitch most come first{}.</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-labelledby=\"senders-h\"><table>\n<thead><tr><th scope=\"col\">Sender</th><th scope=\"col\" \
         class=\"n\">Decline</th><th scope=\"col\" class=\"n\">Review</th><th scope=\"col\" class=\"n\">Accept</th><th \
         scope=\"col\">First</th><th scope=\"col\">Last</th></tr></thead>\n<tbody>",
        number(senders.len() as u64),
        if senders.len() == 1 { "person" } else { "people" },
        if senders.len() > SENDERS {
            format!(", {SENDERS} are shown")
        } else {
            String::new()
        }
    )?;
    for (key, sender) in senders.iter().take(SENDERS) {
        let days = [sender.first, sender.last].map(|at| at.map(day).unwrap_or_default());
        write!(
            out,
            "<tr><th scope=\"row\"><span class=\"who\" data-key=\"{}\">{}</span><span class=\"soft clip\">{}</span></th>",
            escape(&shown(key)),
            bidi(&sender.name),
            bidi(&sender.headline)
        )?;
        for decision in DECISIONS {
            let n = sender.counts.of(decision);
            let class = if n == 0 {
                "n none".to_owned()
            } else {
                format!("n {decision}")
            };
            write!(out, "<td class=\"{class}\">{}</td>", number(n))?;
        }
        writeln!(
            out,
            "<td class=\"day\">{}</td><td class=\"day\">{}</td></tr>",
            days[0], days[1]
        )?;
    }
    writeln!(out, "</tbody></table></div>\n</section>")
}

/// Templates that several messages share.
fn campaigns(out: &mut impl Write, findings: &Findings<'_>) -> io::Result<()> {
    let found = &findings.campaigns;
    writeln!(
        out,
        "<section id=\"campaigns\" aria-labelledby=\"campaigns-h\">\n<h2 id=\"campaigns-h\">Campaigns</h2>"
    )?;
    if found.is_empty() {
        return writeln!(
            out,
            "<p class=\"note\">No two messages are copies of one template.</p>\n</section>"
        );
    }
    writeln!(
        out,
        "<p class=\"note\">Messages that are copies of one template, whoever sent them; what differs is shown as a slot. \
         LinkedIn's own texts are left out.{}</p>",
        if findings.all_campaigns > found.len() {
            format!(
                " The largest {CAMPAIGNS} of {} are shown.",
                number(findings.all_campaigns as u64)
            )
        } else {
            String::new()
        }
    )?;
    for (i, one) in found.iter().take(CAMPAIGNS).enumerate() {
        let mut facts = Vec::new();
        match one.senders {
            Some(n) => facts.push(format!("{} {}", number(n.into()), plural(n.into(), "sender"))),
            None => facts.push("unknown senders".to_owned()),
        }
        if let (Some(first), Some(last)) = (one.first_seen, one.last_seen) {
            facts.push(if day(first) == day(last) {
                day(first)
            } else {
                format!("{} to {}", day(first), day(last))
            });
        }
        facts.push(one.remarks());
        facts.retain(|fact| !fact.is_empty());
        writeln!(
            out,
            "<article class=\"campaign\" data-campaign=\"{i}\"><h3>{} copies</h3><p class=\"soft\">{}</p><p class=\"text \
             template\" dir=\"auto\">{}</p></article>",
            number(one.copies.into()),
            escape(&facts.join(" · ")),
            slots(one.text())
        )?;
    }
    writeln!(out, "</section>")
}

/// A template as markup, with its slots as chips.
fn slots(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        out += &escape(&shown(before));
        let slot = ["{name}", "{company}", "{number}", "{link}", "{…}"]
            .into_iter()
            .find(|s| after.starts_with(s));
        match slot {
            Some(slot) => {
                let name = slot.trim_matches(['{', '}']);
                let _ = write!(
                    out,
                    "<span class=\"slot\">{}</span>",
                    if name == "…" { "words" } else { name }
                );
                rest = after.get(slot.len()..).unwrap_or_default();
            }
            None => {
                out.push('{');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    out + &escape(&shown(rest))
}

/// Charts.
fn pictures(out: &mut impl Write, findings: &Findings<'_>) -> io::Result<()> {
    let tally = &findings.tally;
    writeln!(
        out,
        "<section id=\"charts\" aria-labelledby=\"charts-h\">\n<h2 id=\"charts-h\">Over time</h2>"
    )?;
    let picture = charts::over_time(tally);
    if !picture.is_empty() {
        writeln!(
            out,
            "<figure tabindex=\"0\">{picture}<figcaption class=\"legend\"><span class=\"decline\">decline</span> <span \
             class=\"review\">review</span> <span class=\"accept\">accept</span></figcaption></figure>\n<details><summary>The \
             figures</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">When</th><th \
             scope=\"col\">Decline</th><th scope=\"col\">Review</th><th scope=\"col\">Accept</th><th scope=\"col\">All</th>\
             </tr></thead><tbody>\n{}</tbody></table></div></details>",
            charts::over_time_rows(tally)
        )?;
    } else {
        writeln!(
            out,
            "<p class=\"note\">There are too few dates for a picture over time.</p>"
        )?;
    }
    writeln!(out, "<div class=\"two\">")?;
    if tally.soon.all() > 0 {
        writeln!(out, "{}", charts::soon(&tally.soon))?;
    }
    let requests = tally.requests;
    if requests.all() > 0 {
        let rows = [
            ("without a note", requests.blank),
            ("LinkedIn's stock text", requests.stock),
            ("words of their own", requests.own),
        ];
        let rows = rows.map(|(name, n)| (name.to_owned(), n));
        writeln!(
            out,
            "{}",
            charts::bars("Connection requests by their note", "review", &rows, requests.all())
        )?;
    }
    let reasons: Vec<(String, u64)> = tally
        .reasons()
        .into_iter()
        .take(REASONS)
        .map(|(_, n, why)| (shown(&why), n as u64))
        .collect();
    if !reasons.is_empty() {
        let whole = tally.counts.all() - tally.counts.of(Decision::Accept);
        writeln!(
            out,
            "{}",
            charts::bars(
                "Most frequent reasons not to accept, in messages not accepted",
                "decline",
                &reasons,
                whole
            )
        )?;
    }
    writeln!(out, "</div>\n</section>")
}

/// What was read, and what could not be.
fn unread(out: &mut impl Write, findings: &Findings<'_>) -> io::Result<()> {
    let report = findings.inbox.archive().report();
    writeln!(
        out,
        "<section id=\"reading\" aria-labelledby=\"reading-h\">\n<h2 id=\"reading-h\">The archive</h2>\n<ul>"
    )?;
    for file in report.files() {
        writeln!(
            out,
            "<li>{}: {} {}</li>",
            bidi(&file.file),
            number(file.rows),
            plural(file.rows, "row")
        )?;
    }
    for (n, what) in [
        (report.drafts(), "drafts left out"),
        (
            report.merged_notes(),
            "notes that are also the first message of a thread, counted once",
        ),
        (report.hidden_connections(), "connections without a name"),
        (findings.tally.hidden, "messages of members whose name is hidden"),
        (findings.tally.undated, "messages without a readable date"),
    ] {
        if n > 0 {
            writeln!(out, "<li>{} {what}</li>", number(n))?;
        }
    }
    writeln!(out, "</ul>")?;
    let n = report.problem_count();
    if n == 0 {
        writeln!(out, "<p class=\"note\">Every row was read.</p>")?;
    } else {
        writeln!(
            out,
            "<h3>Not read as it should be: {}</h3>\n<ul class=\"problems\">",
            number(n)
        )?;
        for problem in report.problems().iter().take(PROBLEMS) {
            writeln!(out, "<li>{}</li>", bidi(&problem.to_string()))?;
        }
        if n > PROBLEMS as u64 {
            writeln!(out, "<li>and {} more</li>", number(n - PROBLEMS as u64))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</section>")
}
