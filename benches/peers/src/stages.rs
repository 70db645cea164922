//! Where the time goes: instructions of each stage, counted by callgrind, next to what cannot be less.

use std::fmt::Write as _;
use std::process::Command;

use huckster::{Message, Scorer};

use crate::messages;

/// Stages, each with what its function is called.
const STAGES: &[(&str, &str)] = &[
    ("all of a judgement", "huckster::scorer::Scorer::judge_with"),
    ("text to words", "huckster::text::lexer::read"),
    ("phrases", "huckster::matcher::Matcher::find"),
    (
        "`sales`",
        "<huckster::detectors::sales_phrase::SalesPhrase as huckster::detector::Detector>::inspect",
    ),
    (
        "`generic`",
        "<huckster::detectors::generic_request::GenericRequest as huckster::detector::Detector>::inspect",
    ),
    (
        "`automation`",
        "<huckster::detectors::automation_fingerprint::AutomationFingerprint as huckster::detector::Detector>::inspect",
    ),
    (
        "`mitigation`",
        "<huckster::detectors::common_ground::CommonGround as huckster::detector::Detector>::inspect",
    ),
    (
        "`wording`",
        "<huckster::detectors::wording::Wording as huckster::detector::Detector>::inspect",
    ),
    ("weights and decision", "huckster::score::weigh::Scale::weigh"),
];

/// Notes that callgrind watches: it is fifty times slower.
const NOTES: usize = 1000;

/// Judges the notes once, for callgrind.
pub fn judge_only() {
    let scorer = Scorer::builtin();
    let texts = messages::varied();
    let notes: Vec<Message<'_>> = texts.iter().take(NOTES).map(|t| Message::direct(t.as_str())).collect();
    std::hint::black_box(messages::decisions(&scorer, &notes));
}

pub fn write(out: &mut String, scorer: &Scorer, texts: &[String]) {
    let _ = writeln!(out, "## Where the time goes\n");
    match counted() {
        Ok(counts) => {
            let all = counts.iter().find(|c| c.0 == STAGES[0].0).map_or(0, |c| c.1).max(1);
            let _ = writeln!(
                out,
                "Instructions a note, counted by callgrind over {NOTES} of the notes; a stage holds what it calls. What the compiler has put into other functions is counted with those or not at all, so the shares are \
                 lower bounds and do not add up.\n\n\
                 | stage | instructions a note | share |\n| --- | ---: | ---: |"
            );
            for (name, count) in &counts {
                let _ = writeln!(
                    out,
                    "| {name} | {} | {:.0} % |",
                    count / NOTES as u64,
                    *count as f64 * 100.0 / all as f64
                );
            }
        }
        Err(why) => {
            let _ = writeln!(out, "Instructions were not counted: {why}.");
        }
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
    let valid = floor(&|text| u64::from(std::str::from_utf8(std::hint::black_box(text.as_bytes())).is_ok()));
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

fn counted() -> Result<Vec<(&'static str, u64)>, String> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let file = std::env::temp_dir().join(format!("huckster-peers-{}.callgrind", std::process::id()));
    let status = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--collect-atstart=no",
            "--toggle-collect=*Scorer::judge_with*",
        ])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(own)
        .arg("--judge-only")
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
    let text = String::from_utf8_lossy(&output.stdout);
    // "1,234 (5.6%)  file:function [object]": a function that was put into others stands there once for each file.
    let count = |function: &str| {
        text.lines()
            .filter(|line| line.contains(&format!(":{function} [")))
            .filter_map(|line| line.split_whitespace().next()?.replace(',', "").parse::<u64>().ok())
            .max()
    };
    Ok(STAGES
        .iter()
        .filter_map(|(name, function)| Some((*name, count(function)?)))
        .collect())
}
