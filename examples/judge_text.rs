//! Judges texts of which nothing else is known, and shows the three ways to read the answer.
//!
//! ```text
//! cargo run --example judge_text
//! cargo run --example judge_text -- "Hi Ana, are you open to a quick call about your lead flow?"
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;

use huckster::{Decision, Scorer};

const TEXTS: [&str; 4] = [
    "We help founders 10X their revenue without hiring. Worth a quick call this week?",
    "Hi, I came across your profile and would love to connect.",
    "Hello Ines, the invoice for order 5512 shows the old address. Could you send a new one before Friday?",
    "Hi {{firstName}}, loved your recent post!",
];

fn main() -> Result<(), Box<dyn Error>> {
    // The built-in rules are compiled on the first call and shared afterwards.
    let scorer = Scorer::builtin();
    let given: Vec<String> = std::env::args().skip(1).collect();
    let texts = if given.is_empty() {
        TEXTS.map(str::to_owned).to_vec()
    } else {
        given
    };

    for text in &texts {
        let verdict = scorer.judge(text.as_str());
        println!("\"{text}\"");

        // One: the decision, for a program.
        let action = match verdict.decision() {
            Decision::Accept => "show it",
            Decision::Review => "put it into the second tab",
            Decision::Decline => "answer with a polite no",
        };
        println!("  -> {action}");

        // Two: a sentence, for a list.
        println!("  {}", verdict.explain_brief(2));

        // Three: the arithmetic, for whoever asks why. Each row shows its share and the running total.
        for line in verdict.explain().lines() {
            println!("  | {line}");
        }
        println!();
    }
    Ok(())
}
