//! `huckster triage`: the messages of LinkedIn's data archive, judged.
//!
//! The archive is read once to index it and once to judge its messages. Kept are the first messages of the list, what the
//! page holds, and up to 48 MB of texts for the templates of campaigns; if they are more, they are read again.

mod facts;
pub(crate) mod inbox;
mod judging;
mod lines;
mod page;
mod sheet;
mod summary;
mod tally;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread;

use huckster::campaign::Sketch;
use huckster::{Basis, Decision, Prepared, Scratch, Verdict};
use huckster_linkedin_export::{ArchiveError, Item};

use self::facts::Facts;
use self::inbox::Inbox;
use self::page::{Entries, Entry, Floor, Ids};
use self::tally::{Tally, rank};
use crate::args::{Sort, Triage};
use crate::campaigns::find::{self, Finder, Found};
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::preferences::Judging;
use crate::progress::Progress;
use crate::{render, setup};

/// Copies that are compared for the template of a campaign.
const COMPARED: usize = 16;

/// Bytes of texts that are kept at most.
const TEXTS: usize = 48 << 20;

/// What becomes of a message.
struct Judged {
    item: Item,
    verdict: Verdict,
    sketch: Option<Sketch>,
    line: Option<Vec<u8>>,
    entry: Option<Entry>,
}

/// A message that is shown in the terminal.
struct Kept {
    key: (usize, i64, usize),
    item: Item,
    verdict: Verdict,
}

/// All that is known at the end.
struct Findings<'a> {
    args: &'a Triage,
    inbox: &'a Inbox,
    tally: Tally,
    list: Vec<Kept>,
    /// The largest ones.
    campaigns: Vec<Found>,
    all_campaigns: usize,
}

/// Runs the command.
pub(crate) fn run(args: &Triage, console: &Console) -> Result<Outcome, Failure> {
    let csv_to_stdout = args.csv.as_deref() == Some(Path::new("-"));
    if args.json && csv_to_stdout {
        return Err(Failure::Message(
            "--json and --csv - both write to standard output; give --csv a file".to_owned(),
        ));
    }
    for path in args.html.iter().chain(args.csv.iter().filter(|_| !csv_to_stdout)) {
        spare_archive(path, &args.archive)?;
    }
    let (facts, mut problems) = match &args.facts {
        Some(path) => Facts::read(path)?,
        None => (Facts::default(), Vec::new()),
    };
    // A file may be wrong in every line.
    let bad = problems.len();
    problems.truncate(20);
    for problem in &problems {
        console.error(problem);
    }
    if bad > problems.len() {
        console.error(&format!("and {} more", render::count(bad - problems.len(), "line")));
    }
    let mut inbox = Inbox::open(&args.archive, args.me.as_deref())?;
    let judging = Judging::new(&args.preferences, setup::scorer(&args.rules, args.policy)?)?;
    let scorer = judging.scorer();
    inbox.prepare(args.mine.as_deref(), scorer)?;

    let mut sheet = match &args.csv {
        Some(_) if csv_to_stdout => Some(Sheet::new(Box::new(io::stdout().lock()))?),
        Some(path) => Some(Sheet::new(Box::new(create(path)?))?),
        None => None,
    };
    let mut json = args.json.then(|| BufWriter::new(io::stdout().lock()));
    let shows_campaigns = args.html.is_some() || !(args.json || csv_to_stdout);
    let sketcher = find::sketcher();
    let ids = Ids::new(scorer);
    let mut entries = args.html.as_ref().map(|_| Entries::new(args.page_messages));
    let floor = Floor::default();
    let mut texts = Texts::default();
    let mut tally = Tally::default();
    let mut finder = Finder::new(if shows_campaigns {
        inbox.len().min(find::ROOM)
    } else {
        0
    });
    let mut list: Vec<Kept> = Vec::new();
    let list_len = if args.json || csv_to_stdout { 0 } else { args.list };
    let mut number = 0;

    let progress = Progress::new("judging", inbox.len());
    let judge = |scratch: &mut Scratch, item: Result<Item, ArchiveError>| -> Result<Judged, ArchiveError> {
        let mut item = item?;
        facts.apply(&mut item);
        inbox::name_sender(&mut item);
        // What is too old for the page would be made in vain.
        let is_shown = args.html.is_some() && !floor.is_above(item.at);
        let mut sketch = None;
        let assessment = if shows_campaigns {
            // The text is read once for both. What is found of copies later does not change the verdict.
            scorer.judge_observed_with(scratch, &mut item.message, |text: &Prepared| {
                sketch = sketcher.sketch(text);
                None
            })
        } else {
            scorer.judge_with(scratch, &item.message)
        };
        let mut verdict = assessment.to_verdict();
        let found = (is_shown && verdict.decision != Decision::Accept).then(|| assessment.to_inspection());
        judging.settle(&item.message, &mut verdict);
        let flip = found
            .filter(|_| verdict.basis == Basis::Score)
            .and_then(|found| scorer.flip_set_of(&found));
        Ok(Judged {
            sketch,
            line: args.json.then(|| lines::line(&item, &verdict)),
            entry: is_shown.then(|| Entry::new(&item, &verdict, flip, &ids)),
            item,
            verdict,
        })
    };
    let each = |judged: Result<Judged, ArchiveError>| -> Result<(), Failure> {
        let Judged {
            item,
            verdict,
            sketch,
            line,
            entry,
        } = judged?;
        tally.add(&item, &verdict);
        if let (Some(out), Some(line)) = (&mut json, line) {
            out.write_all(&line)?;
        }
        if let Some(sheet) = &mut sheet {
            sheet.write(&sheet::cells(&item, &verdict))?;
        }
        if shows_campaigns {
            let sender = inbox::sender_key(&item.from).map(|key| inbox::number(&key));
            texts.add(item.message.body.text().filter(|_| sketch.is_some()));
            finder.add(sketch, sender, item.at);
        }
        if let Some(entries) = &mut entries {
            entries.add(number, item.at, entry, &verdict, &ids);
            floor.rise(entries.oldest());
        }
        let key = order(args.sort, &item, &verdict);
        if let Some((first, second)) = key {
            keep(&mut list, list_len, (first, second, number), item, verdict);
        }
        number += 1;
        Ok(())
    };
    let threads = args
        .threads
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get);
    judging::in_order(
        inbox.incoming(args.since, &progress),
        threads,
        || scorer.scratch(),
        judge,
        each,
    )?;
    drop(progress);
    if let Some(mut out) = json {
        out.flush()?;
    }
    if let Some(sheet) = sheet {
        sheet.finish()?;
    }

    let mut campaigns = finder.clusters(2);
    drop(finder);
    let all_campaigns = campaigns.len();
    campaigns.truncate(if args.html.is_some() {
        page::CAMPAIGNS
    } else {
        summary::CAMPAIGNS
    });
    if !campaigns.is_empty() {
        let progress = Progress::endless("comparing copies");
        let texts = inbox
            .incoming(args.since, &progress)
            .map(|item| Ok::<_, Failure>(inbox::text(item?)));
        find::templates(&mut campaigns, COMPARED, texts)?;
    }
    let findings = Findings {
        args,
        inbox: &inbox,
        tally,
        list,
        campaigns,
        all_campaigns,
    };
    if let (Some(path), Some(entries)) = (&args.html, entries) {
        let mut out = create(path)?;
        page::write(&mut out, &findings, &entries, scorer)
            .and_then(|()| out.flush())
            .map_err(|e| cannot_write(path, &e))?;
    }
    if !args.json && !csv_to_stdout {
        let mut out = console.out();
        summary::write(&mut out, &findings, console)?;
        out.flush()?;
    }
    Ok(Outcome::bad_if(bad > 0))
}

/// The texts that could be copies, as long as they take little room; else they are read from the archive again.
#[derive(Debug)]
struct Texts {
    kept: Option<Vec<Option<Box<str>>>>,
    bytes: usize,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            kept: Some(Vec::new()),
            bytes: 0,
        }
    }
}

impl Texts {
    fn add(&mut self, text: Option<&str>) {
        let Some(kept) = &mut self.kept else { return };
        kept.push(text.map(Box::from));
        self.bytes += size_of::<Box<str>>() + text.map_or(0, str::len);
        if self.bytes > TEXTS {
            self.kept = None;
        }
    }
}

/// The place of a message in the list, if it belongs there: what comes first is small.
fn order(sort: Sort, item: &Item, verdict: &Verdict) -> Option<(usize, i64)> {
    match sort {
        Sort::Oldest => {
            let undecided = verdict.decision == Decision::Review;
            undecided.then(|| (0, item.at.map_or(i64::MAX, |at| at.seconds())))
        }
        Sort::Decision => Some((rank(verdict.decision), -i64::from(verdict.score.as_milli()))),
    }
}

/// Keeps the first `most` messages in order.
fn keep(list: &mut Vec<Kept>, most: usize, key: (usize, i64, usize), item: Item, verdict: Verdict) {
    let at = list.partition_point(|kept| kept.key < key);
    if at < most {
        list.truncate(most - 1);
        list.insert(at, Kept { key, item, verdict });
    }
}

/// Nothing that is written may take the place of a file of the archive.
fn spare_archive(path: &Path, archive: &Path) -> Result<(), Failure> {
    let (Ok(path_), Ok(archive)) = (path.canonicalize(), archive.canonicalize()) else {
        // A file that is not there yet overwrites nothing.
        return Ok(());
    };
    if path_ == archive || path_.starts_with(&archive) && path_.extension().is_some_and(|e| e != "html") {
        return Err(Failure::Message(format!(
            "`{}` is part of the archive and would be overwritten; choose another name",
            path.display()
        )));
    }
    Ok(())
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    File::create(path)
        .map(BufWriter::new)
        .map_err(|e| cannot_write(path, &e))
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::Message(format!("cannot write `{}`: {error}", path.display()))
}

/// A table for spreadsheets.
struct Sheet(csv::Writer<Box<dyn Write>>);

impl Sheet {
    fn new(mut out: Box<dyn Write>) -> Result<Self, Failure> {
        // Without the mark, Excel takes UTF-8 for something else.
        out.write_all("\u{feff}".as_bytes())?;
        let mut sheet = Self(csv::WriterBuilder::new().from_writer(out));
        sheet.write(&sheet::HEADER)?;
        Ok(sheet)
    }

    fn write(&mut self, cells: &[impl AsRef<[u8]>]) -> Result<(), Failure> {
        self.0
            .write_record(cells)
            .map_err(|e| Failure::Output(io::Error::from(e)))
    }

    fn finish(mut self) -> Result<(), Failure> {
        Ok(self.0.flush()?)
    }
}
