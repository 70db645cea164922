//! `huckster campaigns`: which messages of a file are copies of one template.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::Path;

use huckster::campaign::{CampaignIndex, Cluster, EntryRef, Limits, Seed, Seen, Sketcher, Template};
use huckster::{Message, Timestamp};
use serde::Serialize;

use crate::args::Campaigns;
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input::{self, Reading};
use crate::render::{BAD, BOLD, DIM, clean_line, count, shorten, width, wrap};

/// The same file gives the same answer: there is nobody here to hide the seed from.
const SEED: Seed = Seed::new(0);

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
    ids: &'a [String],
}

/// A cluster with its messages in the order of the file.
#[derive(Debug)]
struct Found {
    copies: u32,
    senders: Option<u32>,
    first_seen: Option<Timestamp>,
    last_seen: Option<Timestamp>,
    rhythm: Vec<String>,
    ids: Vec<String>,
    template: Option<Template>,
}

/// Runs the command.
pub(crate) fn run(args: &Campaigns, console: &Console) -> Result<Outcome, Failure> {
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
    let found = find(&messages, args.min.get());
    let mut out = console.out();
    if args.json {
        for cluster in &found {
            let line = Line {
                copies: cluster.copies,
                senders: cluster.senders,
                template: cluster.template.as_ref().map_or("", Template::text),
                first_seen: cluster.first_seen,
                last_seen: cluster.last_seen,
                ids: &cluster.ids,
            };
            serde_json::to_writer(&mut out, &line).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    } else {
        write(&mut out, &found, messages.len(), console)?;
    }
    out.flush()?;
    Ok(outcome)
}

/// The clusters of at least `min` copies, the largest first.
fn find(messages: &[(usize, Message<'_>)], min: u32) -> Vec<Found> {
    let sketcher = Sketcher::new(SEED);
    // Room for all of them, and for all of their time: a file is looked at as a whole.
    let limits = Limits::default().entries(messages.len()).max_age_s(i64::MAX);
    let index = CampaignIndex::new(SEED, limits);
    let mut entries: Vec<Option<EntryRef>> = Vec::with_capacity(messages.len());
    for (number, (_, message)) in messages.iter().enumerate() {
        let sketch = message.body.text().and_then(|text| sketcher.text(text));
        entries.push(sketch.map(|sketch| {
            let at = sent(message).unwrap_or_default();
            let mut seen = Seen::new(number as u64, at);
            seen.sender = sender(message);
            index.observe(seen, &sketch).entry
        }));
    }
    let mut members: BTreeMap<u64, (Cluster, Vec<usize>)> = BTreeMap::new();
    for (i, entry) in entries.iter().enumerate() {
        if let Some(cluster) = entry.and_then(|e| index.cluster(e)) {
            members
                .entry(cluster.number)
                .or_insert_with(|| (cluster, Vec::new()))
                .1
                .push(i);
        }
    }
    let mut found: Vec<Found> = members
        .into_values()
        .filter(|(cluster, _)| cluster.copies >= min)
        .map(|(cluster, members)| describe(&cluster, &members, messages))
        .collect();
    // The map was in the order of the clusters' numbers, so equally large ones stay in it.
    found.sort_by_key(|f| std::cmp::Reverse(f.copies));
    found
}

fn describe(cluster: &Cluster, members: &[usize], messages: &[(usize, Message<'_>)]) -> Found {
    let texts: Vec<&str> = members.iter().filter_map(|i| messages[*i].1.body.text()).collect();
    let ids = members
        .iter()
        .map(|i| {
            let (line, message) = &messages[*i];
            message
                .id
                .as_deref()
                .map_or_else(|| format!("line {line}"), str::to_owned)
        })
        .collect();
    // The index estimates when there are many; here all are at hand.
    let senders: BTreeSet<u64> = members.iter().filter_map(|i| sender(&messages[*i].1)).collect();
    let times: Vec<Timestamp> = members.iter().filter_map(|i| sent(&messages[*i].1)).collect();
    // A rhythm needs the time of every copy; those without would all stand at the beginning of time.
    let rhythm = cluster
        .cadence
        .filter(|_| times.len() == members.len())
        .map(|c| c.rhythms().iter().map(ToString::to_string).collect())
        .unwrap_or_default();
    Found {
        copies: cluster.copies,
        senders: u32::try_from(senders.len()).ok().filter(|n| *n > 0),
        first_seen: times.iter().min().copied(),
        last_seen: times.iter().max().copied(),
        rhythm,
        ids,
        template: Template::of(&texts),
    }
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

fn write(out: &mut impl io::Write, found: &[Found], messages: usize, console: &Console) -> io::Result<()> {
    let paint = console.paint();
    let room = console.width() - 4;
    for cluster in found {
        let mut title = format!("{} copies", cluster.copies);
        match cluster.senders {
            Some(senders) => title += &format!(" from {}", count(senders as usize, "sender")),
            None => title += " from unknown senders",
        }
        if let (Some(first), Some(last)) = (cluster.first_seen, cluster.last_seen) {
            // The day is enough here.
            let day = |at: Timestamp| at.to_string().split('T').next().unwrap_or_default().to_owned();
            title += &format!(", {} to {}", day(first), day(last));
        }
        let difference = cluster.template.as_ref().map(Template::difference).unwrap_or_default();
        let rule = "─".repeat(console.width().saturating_sub(width(&title) + 1));
        writeln!(out, "{} {}", paint.on(BOLD, &title), paint.on(DIM, rule))?;
        let mut facts = vec![difference];
        facts.extend(cluster.rhythm.iter().map(|r| format!("sent {r}")));
        writeln!(out, "  {}", facts.join("; "))?;
        let text = cluster.template.as_ref().map_or("", Template::text);
        for line in wrap(&clean_line(text), room) {
            writeln!(out, "  {} {line}", paint.on(DIM, "│"))?;
        }
        let mut ids: Vec<String> = cluster.ids.iter().take(SHOWN_IDS).map(|id| clean_line(id)).collect();
        if cluster.ids.len() > SHOWN_IDS {
            ids.push(format!("and {} more", cluster.ids.len() - SHOWN_IDS));
        }
        writeln!(out, "  {}\n", paint.on(DIM, shorten(&ids.join(", "), room)))?;
    }
    let copies: usize = found.iter().map(|f| f.ids.len()).sum();
    let campaigns = count(found.len(), "campaign");
    writeln!(
        out,
        "{}: {} of {} belong to one",
        paint.on(BOLD, campaigns),
        copies,
        count(messages, "message")
    )
}
