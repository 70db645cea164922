//! Where the time goes: instructions of each stage, counted by callgrind, next to what cannot be less.
//!
//! The binary must have no debug information. With it, callgrind counts what the compiler has put into a function by the
//! file it came from, and a stage seems to cost less than it does.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::{Command, ExitCode};

use aho_corasick::dfa::DFA;
use huckster::{Message, Scorer};

use crate::{contenders, messages};

/// The option with which this program does what callgrind counts.
pub const COUNTED: &str = "--counted";

/// Stages of a decision, each with its function. None calls another.
const STAGES: &[(&str, &str)] = &[
    ("reading the text", "huckster::text::Prepared::read"),
    ("finding phrases", "huckster::matcher::Matcher::find"),
    ("quoted passages", "huckster::text::quote::Quotes::read"),
    (
        "`automation`",
        "<huckster::detectors::automation_fingerprint::AutomationFingerprint as huckster::detector::Detector>::inspect",
    ),
    (
        "`campaign`",
        "<huckster::detectors::campaign::Campaign as huckster::detector::Detector>::inspect",
    ),
    (
        "`generic`",
        "<huckster::detectors::generic_request::GenericRequest as huckster::detector::Detector>::inspect",
    ),
    (
        "`mitigation`",
        "<huckster::detectors::common_ground::CommonGround as huckster::detector::Detector>::inspect",
    ),
    (
        "`persona`",
        "<huckster::detectors::persona_mismatch::PersonaMismatch as huckster::detector::Detector>::inspect",
    ),
    (
        "`sales`",
        "<huckster::detectors::sales_phrase::SalesPhrase as huckster::detector::Detector>::inspect",
    ),
    (
        "`wording`",
        "<huckster::detectors::wording::Wording as huckster::detector::Detector>::inspect",
    ),
    ("weights and decision", "huckster::score::weigh::Scale::weigh"),
];

/// All of a decision.
const DECISION: &str = "huckster::scorer::Scorer::judge_with";
/// A decision, and its verdict as JSON.
const VERDICT: &str = "huckster_peers::stages::verdicts";
/// The reference, on text that is ready.
const REFERENCE: &str = "huckster_peers::stages::reference";
/// One look at every byte.
const VALIDATION: &str = "huckster_peers::stages::validation";

/// Notes that callgrind watches: it is fifty times slower.
const NOTES: usize = 1000;

/// What callgrind counts. Everything else, and everything that is done once, is left out.
pub fn run_counted() -> ExitCode {
    let scorer = Scorer::builtin();
    let texts = &messages::varied()[..NOTES];
    let notes: Vec<Message<'_>> = texts.iter().map(|t| Message::direct(t.as_str())).collect();
    let (mut scratch, mut line) = (scorer.scratch(), Vec::with_capacity(1 << 16));
    for note in &notes {
        black_box(scorer.judge_with(&mut scratch, note).decision());
    }
    black_box(verdicts(&scorer, &mut scratch, &notes, &mut line));
    let Ok(dfa) = contenders::reference(&scorer) else {
        return ExitCode::FAILURE;
    };
    let ready: Vec<String> = texts.iter().map(|t| contenders::ready(t)).collect();
    black_box(reference(&dfa, &ready));
    black_box(validation(texts));
    ExitCode::SUCCESS
}

#[inline(never)]
fn verdicts(scorer: &Scorer, scratch: &mut huckster::Scratch, notes: &[Message<'_>], line: &mut Vec<u8>) -> usize {
    let mut bytes = 0;
    for note in notes {
        line.clear();
        if serde_json::to_writer(&mut *line, &scorer.judge_with(scratch, note)).is_ok() {
            bytes += line.len();
        }
    }
    bytes
}

#[inline(never)]
fn reference(dfa: &DFA, ready: &[String]) -> u64 {
    ready.iter().map(|text| contenders::overlapping(dfa, text)).sum()
}

#[inline(never)]
fn validation(texts: &[String]) -> usize {
    texts
        .iter()
        .filter(|text| std::str::from_utf8(black_box(text.as_bytes())).is_ok())
        .count()
}

pub fn write(out: &mut String, scorer: &Scorer, texts: &[String]) {
    let _ = writeln!(out, "## Where the time goes\n");
    if let Err(why) = counts(out) {
        let _ = writeln!(out, "Instructions were not counted: {why}.");
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let floor = |work: &dyn Fn(&str) -> u64| {
        let mut times: Vec<f64> = (0..9)
            .map(|_| crate::report::seconds(|| texts.iter().map(|t| work(t)).sum()))
            .collect();
        crate::report::median(&mut times)
    };
    let judged = floor(&|text| {
        let message = Message::direct(text);
        u64::from(scorer.judge(message).truncated)
    });
    let sum = floor(&|text| text.bytes().map(u64::from).sum());
    let valid = floor(&|text| u64::from(std::str::from_utf8(black_box(text.as_bytes())).is_ok()));
    let lower = floor(&|text| text.to_lowercase().len() as u64);
    let nanos = |time: f64| time * 1e9 / texts.len() as f64;
    let _ = writeln!(
        out,
        "\nThe floor, ns a note of {} bytes: one pass over the bytes {:.0}, UTF-8 validation {:.0}, lower-casing into a new string {:.0}; a verdict made with \
         nothing prepared, `Scorer::judge`, {:.0}.\n",
        bytes / texts.len(),
        nanos(sum),
        nanos(valid),
        nanos(lower),
        nanos(judged)
    );
}

/// The table of the stages.
fn counts(out: &mut String) -> Result<(), String> {
    let told = counted()?;
    // "1,234 (5.6%)  file:function [object]"
    let count = |function: &str| {
        told.lines()
            .find(|line| line.contains(&format!(":{function} [")))
            .and_then(|line| line.split_whitespace().next()?.replace(',', "").parse::<u64>().ok())
            .ok_or_else(|| format!("callgrind saw no `{function}`"))
    };
    let decision = count(DECISION)?;
    let (mut rows, mut unseen) = (Vec::new(), Vec::new());
    for (name, function) in STAGES {
        match count(function) {
            Ok(count) => rows.push((*name, count)),
            // Some detectors want facts that the notes do not give; all other stages are there for every note.
            Err(_) if name.starts_with('`') => unseen.push(*name),
            Err(why) => return Err(why),
        }
    }
    let stages: u64 = rows.iter().map(|row| row.1).sum();
    rows.push(("what is between the stages", decision.saturating_sub(stages)));
    rows.push(("**a decision**", decision));
    rows.push(("writing its verdict as JSON", count(VERDICT)?.saturating_sub(decision)));
    rows.push(("floor: the DFA alone, bytes ready", count(REFERENCE)?));
    rows.push(("floor: UTF-8 validation", count(VALIDATION)?));
    let _ = writeln!(
        out,
        "Instructions a note, counted by callgrind over {NOTES} of the notes, with all that a stage calls. The stages add up to a decision.\n\n\
         | stage | instructions a note | of a decision |\n| --- | ---: | ---: |"
    );
    for (name, count) in rows {
        let _ = writeln!(
            out,
            "| {name} | {} | {:.1} % |",
            count / NOTES as u64,
            count as f64 * 100.0 / decision.max(1) as f64
        );
    }
    if !unseen.is_empty() {
        let _ = writeln!(
            out,
            "\nNot called for notes of which only the text is known: {}.",
            unseen.join(", ")
        );
    }
    Ok(())
}

/// What callgrind says of every function.
fn counted() -> Result<String, String> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let file = std::env::temp_dir().join(format!("huckster-peers-{}.callgrind", std::process::id()));
    let counted = [VERDICT, REFERENCE, VALIDATION];
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .args(counted.map(|function| format!("--toggle-collect={function}")))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(own)
        .arg(COUNTED)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .map_err(|e| format!("valgrind: {e}"))?;
    if !status.success() {
        return Err("valgrind failed".to_owned());
    }
    let output = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100"])
        .arg(&file)
        .output()
        .map_err(|e| format!("callgrind_annotate: {e}"))?;
    let _ = std::fs::remove_file(&file);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
