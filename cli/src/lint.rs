//! `huckster lint`: a draft as its reader would see it, with each place marked and what to do instead.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use huckster::lint::{self, Degree, Finding, Length, Report, Severity};
use huckster::{Channel, Evidence, Field, Message, Profile};

use crate::args::{ChannelName, Lint};
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input;
use crate::render::{
    BAD, BOLD, DIM, DOUBTFUL, GOOD, HELP, Marked, clean_line, decided, field_text, pad_left, shorten, width, wrap,
};
use crate::{judge, setup};

/// Places that are quoted for a finding.
const QUOTED: usize = 3;

/// A place that has a smaller share of its rule, in thousandths, is quoted but not marked.
const MARKED: u32 = 150;

/// The column where reasons begin.
const LEFT: usize = 9;

/// Runs the command.
pub(crate) fn run(args: &Lint, console: &Console) -> Result<Outcome, Failure> {
    let recipient = profile(args.recipient.as_deref())?;
    let sender = profile(args.from.as_deref())?;
    let draft = draft(&args.draft, console)?;
    let scorer = setup::scorer(&args.rules, args.policy)?;
    let mut message = Message::text(draft);
    message.channel = match args.channel {
        None if args.subject.is_some() => Channel::InMail,
        None => Channel::Unknown,
        Some(ChannelName::Invitation) => Channel::Invitation,
        Some(ChannelName::Direct) => Channel::Direct,
        Some(ChannelName::InMail) => Channel::InMail,
    };
    message.subject = args.subject.as_deref().map(Into::into);
    message.sender = sender;
    if let Some(recipient) = recipient {
        message.recipient = recipient.into();
    }
    let report = lint::check(&scorer, message.clone());
    let mut out = console.out();
    if args.json {
        serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        write(&mut out, &message, &report, console)?;
    }
    out.flush()?;
    Ok(Outcome::bad_if(!report.is_accepted()))
}

/// The text itself, or what is in the file or standard input that it names.
fn draft(named: &str, console: &Console) -> Result<String, Failure> {
    let path = Path::new(named);
    let text = if named == "-" {
        input::stdin()?
    } else if path.is_file() {
        console.note(&format!("`{named}` is a file; looking at what is in it as one draft"));
        input::utf8(input::file(path)?, &format!("`{named}`"))?
    } else if judge::names_a_file(named) {
        return Err(judge::no_such_file(named));
    } else {
        return Ok(named.to_owned());
    };
    // The line end is the editor's or the shell's, not the draft's.
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The profile in a JSON file.
fn profile(path: Option<&Path>) -> Result<Option<Profile<'static>>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let name = format!("`{}`", path.display());
    let text = input::utf8(input::file(path)?, &name)?;
    let profile = Profile::from_json(&text)
        .map_err(|e| Failure::Message(format!("{name}, line {}, column {}: {}", e.line, e.column, e.message)))?;
    Ok(Some(profile.into_owned()))
}

fn write(out: &mut impl Write, message: &Message<'_>, report: &Report, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let verdict = &report.verdict;
    let decision = match (report.is_accepted(), verdict.decision.is_accept()) {
        (true, _) => paint.on(GOOD, "WOULD BE ACCEPTED"),
        (false, true) => paint.on(BAD, "NOT READY TO SEND"),
        (false, false) => paint.on(
            decided(verdict.decision),
            match verdict.decision {
                huckster::Decision::Decline => "WOULD BE DECLINED",
                _ => "WOULD BE LEFT FOR REVIEW",
            },
        ),
    };
    writeln!(out, "{decision}  score {}", paint.on(BOLD, verdict.score))?;
    for reason in &verdict.review_reasons {
        writeln!(out, "  a person would look: {}", reason.describe())?;
    }
    let reads = [
        ("generic", report.reads_as.generic),
        ("a pitch", report.reads_as.pitch),
        ("a machine", report.reads_as.machine),
    ];
    let reads = reads.map(|(what, weight)| {
        let degree = Degree::of(weight);
        let style = match degree {
            Degree::No => DIM,
            Degree::Somewhat => DOUBTFUL,
            Degree::Clearly => BAD,
        };
        format!("{what}: {}", paint.on(style, degree))
    });
    writeln!(out, "  reads as {}", reads.join(", as "))?;
    writeln!(out, "  {}", length(&report.text, console))?;
    if let Some(subject) = &report.subject {
        writeln!(out, "  subject: {}", length(subject, console))?;
    }
    texts(out, message, report, console)?;
    for (i, group) in groups(&report.findings).into_iter().enumerate() {
        if i == 0 {
            writeln!(out)?;
        }
        findings(out, &group, console)?;
    }
    Ok(())
}

/// Counts, and what they fit.
fn length(length: &Length, console: &Console) -> String {
    let paint = console.paint();
    let units = if length.utf16 == length.characters {
        String::new()
    } else {
        format!(" ({} UTF-16 units)", length.utf16)
    };
    let limits: Vec<String> = length
        .limits
        .iter()
        .map(|limit| {
            let text = format!("{} {}", limit.name, thousands(limit.max));
            if limit.left < 0 {
                paint.on(BAD, format_args!("✗ {text}"))
            } else {
                paint.on(DIM, format_args!("✓ {text}"))
            }
        })
        .collect();
    let plural = if length.characters == 1 { "" } else { "s" };
    format!(
        "{} character{plural}{units}  {}",
        thousands(length.characters),
        limits.join("  ")
    )
}

fn thousands(n: u32) -> String {
    match n {
        0..1000 => n.to_string(),
        _ => format!("{},{:03}", n / 1000, n % 1000),
    }
}

/// The draft with each place marked, and the other fields that hold any.
fn texts(out: &mut impl Write, message: &Message<'_>, report: &Report, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let mut fields: Vec<Field> = report
        .findings
        .iter()
        .flat_map(places)
        .map(|(field, _)| field)
        .collect();
    fields.push(Field::Text);
    fields.sort_unstable();
    fields.dedup();
    let labelled = fields.len() > 1;
    for field in fields {
        let Some(text) = field_text(message, field) else {
            continue;
        };
        let marked: Vec<_> = report
            .findings
            .iter()
            .flat_map(places)
            .filter(|(at, _)| *at == field)
            .map(|(_, place)| from_first_word(text, place))
            .collect();
        writeln!(out)?;
        if labelled {
            writeln!(out, "  {}", paint.on(DIM, format_args!("{field}:")))?;
        }
        for line in Marked::places(text, marked, paint).lines(console.width() - 2) {
            writeln!(out, "{}", format!("  {line}").trim_end())?;
        }
    }
    Ok(())
}

/// The places of a finding in fields.
fn places(finding: &Finding) -> impl Iterator<Item = (Field, Range<usize>)> {
    finding.evidence.iter().filter_map(|e| match e {
        // Of a learned rule every second word may have a small part, which is nothing to mend.
        Evidence::Text {
            share: Some(..MARKED), ..
        } => None,
        Evidence::Text { field, start, end, .. } => Some((*field, *start as usize..*end as usize)),
        _ => None,
    })
}

/// The place without the end of the sentence before it, which some rules look at too.
fn from_first_word(text: &str, place: Range<usize>) -> Range<usize> {
    let words = text.get(place.clone()).unwrap_or("");
    let rest = words.trim_start_matches(|c: char| c.is_whitespace() || ".,;:!?".contains(c));
    if rest.is_empty() {
        place
    } else {
        place.end - rest.len()..place.end
    }
}

/// Findings with the same advice, together where the first of them stands.
fn groups(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let same = |g: &&mut Vec<&Finding>| {
            g.first()
                .is_some_and(|f| (f.kind, f.severity, &f.advice) == (finding.kind, finding.severity, &finding.advice))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// The reasons, and below them what to do instead.
fn findings(out: &mut impl Write, group: &[&Finding], console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let Some(first) = group.first() else { return Ok(()) };
    let room = console.width() - LEFT;
    let style = match first.severity {
        Severity::Error => BAD,
        Severity::Warning => DOUBTFUL,
        Severity::Hint => HELP,
    };
    for (i, finding) in group.iter().enumerate() {
        let label = if i == 0 {
            first.severity.to_string()
        } else {
            String::new()
        };
        let label = paint.on(style, pad_left(&label, LEFT - 2));
        let reason = clean_line(&finding.reason);
        let quoted = if finding.kind == lint::Kind::Length {
            String::new()
        } else {
            let parts = finding.evidence.iter().take(QUOTED).map(|e| clean_line(&e.to_string()));
            parts.collect::<Vec<_>>().join(", ")
        };
        let lines = wrap(&reason, room);
        for (n, line) in lines.iter().enumerate() {
            let margin = if n == 0 { format!("{label}  ") } else { " ".repeat(LEFT) };
            let beside = room.saturating_sub(width(line) + 2);
            let shown = if n + 1 < lines.len() || quoted.is_empty() || beside < 12 {
                String::new()
            } else {
                format!("  {}", paint.on(DIM, shorten(&quoted, beside)))
            };
            writeln!(out, "{margin}{line}{shown}")?;
        }
    }
    for (n, line) in wrap(&clean_line(&first.advice), room - 2).iter().enumerate() {
        let arrow = if n == 0 { "→ " } else { "  " };
        writeln!(out, "{}{}{line}", " ".repeat(LEFT), paint.on(HELP, arrow))?;
    }
    Ok(())
}
