//! How good are the rules on labelled messages? Decisions by label, and the area under the ROC curve.
//!
//! Reads JSONL with `label` and either `message` (the public form) or the keys of a message beside the label; other keys
//! are ignored.
//!
//! `cargo run --release --features json --example measure_corpus -- corpus/written-a.jsonl corpus/written-b.jsonl`

#![allow(clippy::print_stdout, reason = "an example shows its result")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use huckster::{Decision, Message, Scorer};

/// The chance that a pitch scores above a genuine message, ties counting half (Mann and Whitney's U over its maximum).
fn roc_auc(above: &[i32], below: &[i32]) -> Option<f64> {
    let pairs = above.len() * below.len();
    let halves: u64 = above
        .iter()
        .flat_map(|a| below.iter().map(move |b| 1 + a.cmp(b) as i64))
        .map(|h| u64::try_from(h).unwrap_or(0))
        .sum();
    (pairs > 0).then(|| halves as f64 / (2 * pairs) as f64)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/written-a.jsonl");
        files.push(corpus.display().to_string());
    }
    let scorer = Scorer::builtin();
    let mut scratch = scorer.scratch();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|e| format!("{file}: {e}"))?;
        let mut scores: BTreeMap<String, Vec<i32>> = BTreeMap::new();
        let mut decisions: BTreeMap<String, [u32; 3]> = BTreeMap::new();
        for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let at = |e: &dyn std::fmt::Display| format!("{file}, line {}: {e}", i + 1);
            let json: serde_json::Value = serde_json::from_str(line).map_err(|e| at(&e))?;
            let label = json["label"].as_str().ok_or_else(|| at(&"no `label`"))?;
            let inner = json.get("message").unwrap_or(&json).to_string();
            let message = Message::from_json_lenient(&inner).map_err(|e| at(&e))?;
            let assessment = scorer.judge_with(&mut scratch, &message);
            scores
                .entry(label.into())
                .or_default()
                .push(assessment.score().as_milli());
            decisions.entry(label.into()).or_default()[assessment.decision() as usize] += 1;
        }
        println!("{}", Path::new(&file).file_name().unwrap_or_default().to_string_lossy());
        println!(
            "  {:<10}{:>8}{:>8}{:>8}",
            "",
            Decision::Accept,
            Decision::Review,
            Decision::Decline
        );
        for (label, [accept, review, decline]) in &decisions {
            println!("  {label:<10}{accept:>8}{review:>8}{decline:>8}");
        }
        let of = |label: &str| scores.get(label).map_or(&[][..], Vec::as_slice);
        if let Some(auc) = roc_auc(of("pitch"), of("genuine")) {
            println!("  ROC-AUC pitch against genuine: {auc:.3}");
        }
    }
    Ok(())
}
