//! How good are the built-in rules, and which of them earn their place? Prints a report in Markdown; with the feature
//! `plots` and the name of a file, writes a page with pictures too.
//!
//! ```text
//! cargo run --release --features eval --example evaluate_rules
//! cargo run --release --features plots --example evaluate_rules -- report.html corpus/written-a.jsonl
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use huckster::Scorer;
use huckster::eval::{Corpus, EvaluationOptions, measure_speed};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/written-a.jsonl");
    let corpus = match arguments.get(1) {
        Some(path) => Corpus::load(path)?,
        None => Corpus::load(written)?,
    };

    // Everything is measured on the log of what fired; the messages are not needed again.
    let scorer = Scorer::builtin();
    let log = corpus.run(&scorer);
    let mut evaluation = log.evaluate(&EvaluationOptions::default())?;
    evaluation.speed = measure_speed(&scorer, &corpus, Duration::from_secs(1));
    println!("{}", evaluation.to_markdown());

    #[cfg(feature = "plots")]
    if let Some(path) = arguments.first() {
        std::fs::write(path, huckster::eval::page(&[evaluation], None))?;
        println!("Written: {path}");
    }
    Ok(())
}
