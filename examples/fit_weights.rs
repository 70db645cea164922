//! Weights for one's own messages: fit them, see what changed, and ask whether they are really better.
//!
//! ```text
//! cargo run --release --features eval --example fit_weights
//! cargo run --release --features eval --example fit_weights -- mine.jsonl
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;
use std::path::{Path, PathBuf};

use huckster::eval::{Comparison, Corpus, EvaluationOptions, FitOptions, FitState};
use huckster::{CostMatrix, Coverage, Model, RuleSet, Scorer};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/written-d.jsonl"),
        PathBuf::from,
    );
    let corpus = Corpus::load(path)?;
    // From the weights that people gave the rules.
    let scorer = Scorer::builder().rules(RuleSet::builtin_by_hand()).build()?;
    let log = corpus.run(&scorer);
    let fit = log.fit(&FitOptions::default())?;

    println!("On messages the weights had not seen:");
    println!(
        "  genuine declined  {} before, {} after",
        fit.before.false_decline, fit.after.false_decline
    );
    println!(
        "  pitches declined  {} before, {} after",
        fit.before.decline_recall, fit.after.decline_recall
    );
    println!("What changed most:");
    for w in fit.weights.iter().filter(|w| w.state != FitState::Frozen).take(5) {
        println!("  {:<32} {} -> {}", w.id, w.before, w.after);
    }

    // A model is a file of its own, and fits these rules only.
    let file = fit.model.to_toml()?;
    let fitted = scorer.with_model(&Model::parse(&file)?)?;
    println!(
        "Probability of a pitch: {:?}",
        fitted.judge("Quick call about your pipeline?").probability
    );

    // What hurts decides the thresholds.
    let costs = CostMatrix {
        false_decline: 10.0,
        false_accept: 1.0,
        review: 0.2,
    };
    if let Some(policy) = fit.policy_from_costs(costs, Coverage::TEXT) {
        let (accept, decline) = policy.thresholds();
        println!("By these costs: accept below {accept}, decline from {decline}");
    }

    // On the very messages they were fitted to, new weights always look good; the figures above do not.
    let comparison = Comparison::paired(&log, &corpus.run(&fitted), &EvaluationOptions::default())?;
    println!("{}", comparison.conclusion());
    Ok(())
}
