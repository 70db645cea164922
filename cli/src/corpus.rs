//! Labelled messages: reading them as the options say, and `huckster corpus check`.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use huckster::Scorer;
use huckster::eval::{self, Corpus, CorpusError, CorpusProblem, CsvColumns, HitLog, Label, Threads};
use serde_json::json;

use crate::args::{CorpusCheck, CorpusFiles};
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input;
use crate::progress::Progress;
use crate::render::{BAD, BOLD, DIM, clean_line, count, pad, pad_left, shorten};

/// The corpus that the options name. Problems end the command, unless bad messages are to be skipped.
pub(crate) fn load(args: &CorpusFiles, console: &Console) -> Result<Corpus, Failure> {
    read(args, &args.corpus, console)
}

fn read(args: &CorpusFiles, paths: &[PathBuf], console: &Console) -> Result<Corpus, Failure> {
    if paths.is_empty() {
        return Err(Failure::Message(
            "no labelled messages are given; name them with --corpus".to_owned(),
        ));
    }
    let mut corpus = Corpus::new();
    if args.lenient {
        corpus = corpus.ignoring_unknown_keys();
    }
    let mut problems: Vec<CorpusProblem> = Vec::new();
    for path in paths {
        if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("tsv"))
        {
            let bytes = input::file(path)?;
            problems.extend(corpus.add_csv(&path.display().to_string(), &bytes, &columns(args)?));
        } else {
            problems.extend(corpus.add_path(path));
        }
    }
    if !problems.is_empty() {
        if !args.skip_bad || corpus.is_empty() {
            return Err(Failure::Corpus(CorpusError::from(problems)));
        }
        let skipped = problems.len();
        for problem in problems.iter().take(5) {
            console.note(&problem.to_string());
        }
        console.note(&format!(
            "{} left out, {} kept",
            count(skipped, "problem"),
            count(corpus.len(), "message")
        ));
    }
    if corpus.repeated() > 0 {
        console.note(&format!(
            "{} word for word like an earlier one; intervals will be too short",
            count(corpus.repeated(), "message")
        ));
    }
    Ok(corpus)
}

fn columns(args: &CorpusFiles) -> Result<CsvColumns, Failure> {
    let mut columns = CsvColumns::new();
    for (key, heading) in &args.column {
        columns = columns.column(key, heading);
    }
    for (value, label) in &args.label {
        let label = Label::from_name(label).ok_or_else(|| {
            Failure::Message(format!(
                "--label {value}={label}: there is no label `{label}`; labels are pitch, generic, genuine and unsure"
            ))
        })?;
        columns = columns.label(value, label);
    }
    if let Some(delimiter) = args.delimiter {
        let byte = u8::try_from(delimiter)
            .map_err(|_| Failure::Message(format!("--delimiter {delimiter}: not an ASCII character")))?;
        columns = columns.delimiter(byte);
    }
    Ok(columns)
}

/// Judges a corpus, with a bar.
pub(crate) fn run(corpus: &Corpus, scorer: &Scorer) -> HitLog {
    let progress = Progress::new("judging", corpus.len());
    corpus.run_with(scorer, Threads::All, &|done| progress.at(done))
}

/// Hit logs, pooled.
pub(crate) fn pooled(paths: &[PathBuf]) -> Result<HitLog, Failure> {
    let mut pool: Option<HitLog> = None;
    for path in paths {
        let log = hit_log(path)?;
        match &mut pool {
            Some(pool) => pool.append(&log)?,
            None => pool = Some(log),
        }
    }
    pool.ok_or_else(|| Failure::Message("no hit log is given".to_owned()))
}

/// The hit log in a file.
pub(crate) fn hit_log(path: &Path) -> Result<HitLog, Failure> {
    let _progress = Progress::endless("reading the hit log");
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| Failure::unreadable(&format!("`{name}`"), &e))?;
    Ok(HitLog::read_jsonl(&name, BufReader::with_capacity(1 << 20, file))?)
}

/// Runs `huckster corpus check`.
pub(crate) fn check(args: &CorpusCheck, console: &Console) -> Result<Outcome, Failure> {
    let corpus = load(&args.corpus, console)?;
    let other = if args.against.is_empty() {
        None
    } else {
        Some(read(&args.corpus, &args.against, console)?)
    };
    let duplicates = eval::near_duplicates(&corpus, other.as_ref(), args.similarity);
    let cues = eval::cues(&corpus);
    let telling = |auc: Option<f64>| auc.is_some_and(|a| a > 0.6);
    let mut out = console.out();
    if args.json {
        let labels: serde_json::Map<String, serde_json::Value> = Label::ALL
            .iter()
            .map(|l| (l.name().to_owned(), corpus.count(*l).into()))
            .collect();
        let report = json!({
            "messages": corpus.len(),
            "labels": labels,
            "card": corpus.card(),
            "near_duplicates": duplicates,
            "cues": cues,
        });
        serde_json::to_writer_pretty(&mut out, &report).map_err(std::io::Error::from)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(Outcome::bad_if(!duplicates.is_empty()));
    }
    let paint = console.paint();
    let labels: Vec<String> = Label::ALL
        .iter()
        .filter(|l| corpus.count(**l) > 0)
        .map(|l| format!("{} {l}", corpus.count(*l)))
        .collect();
    writeln!(
        out,
        "{}: {}",
        paint.on(BOLD, count(corpus.len(), "message")),
        labels.join(", ")
    )?;
    match corpus.card() {
        Some(card) => writeln!(
            out,
            "{}",
            paint.on(DIM, format!("card: {} ({})", clean_line(&card.title), card.file))
        )?,
        None => writeln!(
            out,
            "{}",
            paint.on(
                BAD,
                "no corpus card: nobody can tell where the messages come from. Put a README.md beside them."
            )
        )?,
    }
    writeln!(
        out,
        "\nDo outward signs give the label away? (ROC-AUC of each alone; 0.5 is not at all)"
    )?;
    for cue in &cues {
        let auc = cue.roc_auc.map_or_else(|| "  -  ".to_owned(), |a| format!("{a:.3}"));
        let auc = if telling(cue.roc_auc) { paint.on(BAD, auc) } else { auc };
        writeln!(
            out,
            "  {}  {auc}   pitch {} genuine {}",
            pad(cue.cue, 36),
            pad_left(&format!("{:.2}", cue.pitch), 7),
            pad_left(&format!("{:.2}", cue.genuine), 7)
        )?;
    }
    writeln!(out)?;
    if duplicates.is_empty() {
        writeln!(out, "No two messages in nearly the same words.")?;
    }
    for pair in &duplicates {
        writeln!(
            out,
            "{} {} ~ {}  {:.2}",
            paint.on(BAD, "near-duplicate"),
            pair.a,
            pair.b,
            pair.similarity
        )?;
        for id in [&pair.a, &pair.b] {
            let found = corpus.get(id).or_else(|| other.as_ref().and_then(|o| o.get(id)));
            let text = found.and_then(|m| m.message.body.text()).unwrap_or("");
            writeln!(out, "  {}", shorten(&clean_line(text), console.width() - 2))?;
        }
    }
    out.flush()?;
    Ok(Outcome::bad_if(!duplicates.is_empty()))
}
