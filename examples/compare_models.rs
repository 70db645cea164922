//! Other weights without scanning again: each message is inspected once, and what was found is weighed by two models.
//! This is how weights are tried out on many messages, since inspecting is the slow part.
//!
//! ```text
//! cargo run --example compare_models
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;

use huckster::{Inspection, Scorer, Weight};

const MESSAGES: [&str; 5] = [
    "Could we schedule a 20-minute call this month? I have two questions about your thesis.",
    "Are you open to a quick chat about how we cut onboarding time by 40%?",
    "I'd like to add you to my professional network on LinkedIn.",
    "The lift on the north side is out of order until Thursday, please use the ramp.",
    "We guarantee 20 qualified leads a month or you do not pay.",
];

fn main() -> Result<(), Box<dyn Error>> {
    let today = Scorer::builtin();

    // A model holds weights, group limits and priors, and is bound to the rules it was made for. What it leaves out
    // stays as it is; `Model::parse` reads one from TOML.
    let mut model = today.model();
    model.id = Some("patient".into());
    for (rule, weight) in &mut model.weights {
        // Requests for a call count double; stock phrases count half.
        if rule.starts_with("sales.ask-") {
            *weight = weight.scaled(2_000);
        } else if rule.starts_with("generic.") {
            *weight = weight.scaled(500);
        }
    }
    let patient = today.with_model(&model)?;

    // Once through the text. An inspection holds findings and evidence, but no weights.
    let inspections: Vec<Inspection> = MESSAGES.iter().map(|text| today.inspect(*text)).collect();

    println!("{:<18} {:<18}", "built in", "patient");
    for (text, inspection) in MESSAGES.iter().zip(&inspections) {
        let (a, b) = (today.score(inspection), patient.score(inspection));
        let mark = if a.decision() == b.decision() { ' ' } else { '*' };
        println!(
            "{:<8} {:>9} {:<8} {:>9} {mark} {text}",
            a.decision(),
            a.score().to_string(),
            b.decision(),
            b.score().to_string()
        );
    }

    // Which rows made the difference?
    if let Some(inspection) = inspections.get(1) {
        let (a, b) = (today.score(inspection), patient.score(inspection));
        println!("\n\"{}\"", MESSAGES[1]);
        for row in a.rules() {
            let other = b
                .rules()
                .find(|r| r.rule == row.rule)
                .map_or(Weight::ZERO, |r| r.contribution);
            if other != row.contribution {
                println!("  {} -> {}  {}", row.contribution, other, row.summary);
            }
        }
        println!(
            "  weighed by {} of {}",
            b.rule_set.model.as_deref().unwrap_or("the rule files"),
            b.rule_set.name
        );
    }
    Ok(())
}
