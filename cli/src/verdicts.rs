//! `huckster corpus verdicts`: what a change of rules changes.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use huckster::eval::{RecordedVerdict, VerdictRecord};

use crate::args::{PolicyName, Verdicts};
use crate::console::Console;
use crate::corpus;
use crate::failure::{Failure, Outcome};
use crate::input;
use crate::render::{BAD, BOLD, DIM, clean_line, count, decided, pad, shorten};
use crate::setup;

/// Runs the command.
pub(crate) fn run(args: &Verdicts, console: &Console) -> Result<Outcome, Failure> {
    let scorer = setup::scorer(&args.rules, PolicyName::Balanced)?;
    let messages = corpus::load(&args.corpus, console)?;
    let now = VerdictRecord::of(&corpus::run(&messages, &scorer));
    let name = args.record.display().to_string();
    let before = if args.record.exists() {
        VerdictRecord::read_csv(&name, &input::utf8(input::file(&args.record)?, &format!("`{name}`"))?)?
    } else if args.update {
        VerdictRecord::default()
    } else {
        let message = format!("there is no record `{name}`; write it with --update");
        return Err(Failure::Message(message));
    };
    let intended: BTreeMap<String, String> = match &args.intended {
        None => BTreeMap::new(),
        Some(path) => input::utf8(input::file(path)?, &format!("`{}`", path.display()))?
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .map(|line| {
                let (id, why) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
                (id.to_owned(), why.trim().to_owned())
            })
            .collect(),
    };

    let mut out = console.out();
    let paint = console.paint();
    let changes = before.changes(&now);
    let text = |id: &str| {
        let found = messages.get(id).and_then(|m| m.message.body.text());
        shorten(
            &clean_line(found.unwrap_or("(no text)")),
            console.width().saturating_sub(4),
        )
    };
    let shown = |v: Option<RecordedVerdict>| {
        v.map_or_else(
            || pad("-", 7),
            |v| paint.on(decided(v.decision), pad(&v.decision.to_string(), 7)),
        )
    };
    let (mut better, mut worse) = (0, 0);
    for change in &changes {
        match change.direction() {
            Ordering::Less => worse += 1,
            Ordering::Greater => better += 1,
            Ordering::Equal => {}
        }
    }
    // A first record has nothing to be compared with.
    if before != VerdictRecord::default() {
        for change in &changes {
            let label = change.after.or(change.before).map_or("", |v| v.label.name());
            let sign = match change.direction() {
                Ordering::Less => paint.on(BAD, "worse "),
                Ordering::Greater => "better".to_owned(),
                Ordering::Equal => "      ".to_owned(),
            };
            let scores: Vec<String> = [change.before, change.after]
                .iter()
                .map(|v| v.map_or_else(|| "-".to_owned(), |v| v.score.to_string()))
                .collect();
            writeln!(
                out,
                "{sign}  {}  {}  {} -> {}  {}",
                pad(&change.id, 8),
                pad(label, 8),
                shown(change.before),
                shown(change.after),
                paint.on(DIM, scores.join(" -> "))
            )?;
            writeln!(out, "    {}", text(&change.id))?;
        }
        writeln!(
            out,
            "{}: {} better, {} worse",
            paint.on(BOLD, count(changes.len(), "decision") + " changed"),
            better,
            worse
        )?;
    }

    let mut unintended = 0;
    for id in now.declined_genuine() {
        if let Some(why) = intended.get(id) {
            writeln!(
                out,
                "{}",
                paint.on(DIM, format!("intended: {id} is declined though genuine. {why}"))
            )?;
        } else {
            unintended += 1;
            writeln!(out, "{} {id} is genuine and declined", paint.on(BAD, "error:"))?;
            writeln!(out, "    {}", text(id))?;
        }
    }
    if unintended > 0 {
        let list = args.intended.as_ref().map_or_else(
            || "a file given with --intended".to_owned(),
            |p| format!("`{}`", p.display()),
        );
        writeln!(
            out,
            "{} declined without being listed. Mend the rules, or list the ids in {list} with the reason.",
            count(unintended, "genuine message")
        )?;
    }
    let stale = before != now;
    if args.update && stale {
        let mut bytes = Vec::new();
        now.write_csv(&mut bytes)?;
        fs::write(&args.record, bytes).map_err(|e| Failure::Message(format!("cannot write `{name}`: {e}")))?;
        writeln!(out, "wrote {}", clean_line(&name))?;
    } else if stale {
        writeln!(
            out,
            "{} the record is out of date; write it again with --update",
            paint.on(BAD, "error:")
        )?;
    }
    out.flush()?;
    Ok(Outcome::bad_if(unintended > 0 || stale && !args.update))
}
