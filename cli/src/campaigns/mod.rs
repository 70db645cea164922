//! `huckster campaigns`: which messages of a file or an archive are copies of one template.

pub(crate) mod find;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::Path;

use huckster::{Message, Timestamp};
use serde::Serialize;

use self::find::{Finder, Found};
use crate::args::Campaigns;
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input::{self, Reading};
use crate::progress::Progress;
use crate::render::{BAD, BOLD, DIM, clean_line, count, shorten, width, wrap};
use crate::triage::inbox::{self, Inbox};

/// Ids that are shown of a cluster.
const SHOWN_IDS: usize = 8;

/// The lines of `--json`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    copies: u32,
    /// How many different senders; null if none is known.
    senders: Option<u32>,
    template: &'a str,
    first_seen: Option<Timestamp>,
    last_seen: Option<Timestamp>,
    ids: &'a [&'a str],
}

/// Runs the command.
pub(crate) fn run(args: &Campaigns, console: &Console) -> Result<Outcome, Failure> {
    let is_zip = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    let (found, ids, outcome) = if is_zip || args.file.is_dir() {
        of_archive(args, console)?
    } else {
        of_file(args, console)?
    };
    let mut out = console.out();
    if args.json {
        for cluster in &found {
            let own: Vec<&str> = cluster
                .members
                .iter()
                .filter_map(|i| ids.get(*i).map(String::as_str))
                .collect();
            let line = Line {
                copies: cluster.copies,
                senders: cluster.senders,
                template: cluster.text(),
                first_seen: cluster.first_seen,
                last_seen: cluster.last_seen,
                ids: &own,
            };
            serde_json::to_writer(&mut out, &line).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    } else {
        write(&mut out, &found, &ids, console)?;
    }
    out.flush()?;
    Ok(outcome)
}

/// Clusters, and the ids of all messages.
type Clusters = (Vec<Found>, Vec<String>, Outcome);

fn of_file(args: &Campaigns, console: &Console) -> Result<Clusters, Failure> {
    let name = args.file.display().to_string();
    let bytes = if args.file == Path::new("-") {
        input::stdin()?.into_bytes()
    } else {
        input::file(&args.file)?
    };
    let is_json = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let text = input::utf8(bytes, &format!("`{name}`"))?;
    let items = if is_json {
        let (items, _) =
            input::json_items(&text).map_err(|p| Failure::Message(format!("{name}:{}: {}", p.line, p.message)))?;
        items
    } else {
        input::jsonl_items(text.as_bytes())
    };
    let reading = Reading {
        lenient: args.lenient,
        recipient: None,
    };
    let mut outcome = Outcome::Fine;
    let mut messages: Vec<(usize, Message<'_>)> = Vec::new();
    for item in items {
        match reading.item(item) {
            Ok(message) => messages.push((item.line, message)),
            Err(problem) => {
                outcome = Outcome::Bad;
                console.say(&format!(
                    "{} {}:{}: {}",
                    console.err_paint().on(BAD, "error:"),
                    clean_line(&name),
                    problem.line,
                    clean_line(&problem.message)
                ));
            }
        }
    }
    let sketcher = find::sketcher();
    // Room for all of them.
    let mut finder = Finder::new(messages.len());
    for (_, message) in &messages {
        let sketch = message.body.text().and_then(|text| sketcher.text(text));
        finder.add(sketch, sender(message), sent(message));
    }
    let mut found = finder.clusters(args.min.get());
    let texts = messages.iter().map(|(_, m)| Ok(m.body.text().map(str::to_owned)));
    find::templates::<Failure>(&mut found, find::COMPARED, texts)?;
    let id = |(line, message): &(usize, Message<'_>)| {
        let id = message.id.as_deref().map(str::to_owned);
        id.unwrap_or_else(|| format!("line {line}"))
    };
    Ok((found, messages.iter().map(id).collect(), outcome))
}

/// The incoming messages of an archive, which is read twice, so that its texts need not be kept.
fn of_archive(args: &Campaigns, console: &Console) -> Result<Clusters, Failure> {
    let inbox = Inbox::open(&args.file, args.me.as_deref())?;
    let sketcher = find::sketcher();
    let mut finder = Finder::new(inbox.len().min(find::ROOM));
    let mut ids = Vec::new();
    let progress = Progress::new("comparing", inbox.len());
    for item in inbox.incoming(None, &progress) {
        let item = item?;
        let sketch = item.message.body.text().and_then(|text| sketcher.text(text));
        finder.add(
            sketch,
            inbox::sender_key(&item.from).map(|key| inbox::number(&key)),
            item.at,
        );
        ids.push(item.source.to_string());
    }
    let mut found = finder.clusters(args.min.get());
    let texts = inbox
        .incoming(None, &progress)
        .map(|item| Ok::<_, Failure>(inbox::text(item?)));
    find::templates(&mut found, find::COMPARED, texts)?;
    drop(progress);
    let problems = inbox.archive().report().problem_count();
    if problems > 0 {
        console.note(&format!(
            "{} of the archive could not be read as it should be; `huckster triage` lists them",
            count(usize::try_from(problems).unwrap_or(usize::MAX), "row")
        ));
    }
    Ok((found, ids, Outcome::Fine))
}

fn sent(message: &Message<'_>) -> Option<Timestamp> {
    message.timing.and_then(|t| t.sent_at)
}

/// Accounts have no numbers here; name and headline together tell them apart.
fn sender(message: &Message<'_>) -> Option<u64> {
    let profile = message.sender.as_ref()?;
    if profile.name.is_none() && profile.headline.is_none() {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    (profile.name.as_deref(), profile.headline.as_deref()).hash(&mut hasher);
    Some(hasher.finish())
}

fn write(out: &mut impl io::Write, found: &[Found], ids: &[String], console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let room = console.width() - 4;
    for cluster in found {
        let title = title(cluster);
        let rule = "─".repeat(console.width().saturating_sub(width(&title) + 1));
        writeln!(out, "{} {}", paint.on(BOLD, &title), paint.on(DIM, rule))?;
        writeln!(out, "  {}", cluster.remarks())?;
        for line in wrap(&clean_line(cluster.text()), room) {
            writeln!(out, "  {} {line}", paint.on(DIM, "│"))?;
        }
        let own = cluster.members.iter().filter_map(|i| ids.get(*i));
        let mut shown: Vec<String> = own.take(SHOWN_IDS).map(|id| clean_line(id)).collect();
        if cluster.members.len() > SHOWN_IDS {
            shown.push(format!("and {} more", cluster.members.len() - SHOWN_IDS));
        }
        writeln!(out, "  {}\n", paint.on(DIM, shorten(&shown.join(", "), room)))?;
    }
    let copies: usize = found.iter().map(|f| f.members.len()).sum();
    let campaigns = count(found.len(), "campaign");
    writeln!(
        out,
        "{}: {} of {} belong to one",
        paint.on(BOLD, campaigns),
        copies,
        count(ids.len(), "message")
    )
}

/// How many copies, from how many, from when to when.
pub(crate) fn title(cluster: &Found) -> String {
    let mut title = format!("{} copies", cluster.copies);
    match cluster.senders {
        Some(senders) => title += &format!(" from {}", count(senders as usize, "sender")),
        None => title += " from unknown senders",
    }
    if let (Some(first), Some(last)) = (cluster.first_seen, cluster.last_seen) {
        title += &format!(", {} to {}", day(first), day(last));
    }
    title
}

/// The day alone, where the time says too much.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_string().split('T').next().unwrap_or_default().to_owned()
}
