//! Lays the rules of one company over the built-in set: `examples/data/acme.toml` adds a group, rules and a
//! combination, drops one phrase of a built-in rule and lowers the weight of another. Judges messages before and after,
//! and shows what a mistake in a rule file looks like.
//!
//! ```text
//! cargo run --example custom_rules
//! cargo run --example custom_rules -- my-rules.toml
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)] // An example is there to print.

use std::error::Error;
use std::path::PathBuf;

use huckster::{Message, RuleSet, Scorer};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/data/acme.toml"),
        PathBuf::from,
    );

    // Errors come all at once, each with file, line and column. Printing the error prints every one of them.
    let layered = RuleSet::load(&path).and_then(|acme| RuleSet::builtin().overlay(acme));
    let rules = match layered {
        Ok(rules) => rules,
        Err(problems) => {
            eprintln!("{problems}");
            return Err("the rule file cannot be used".into());
        }
    };

    // The examples inside the file are its tests. `check` runs those of the built-in rules as well; look at our own.
    let name = path.display().to_string();
    let remarks: Vec<_> = rules
        .check()
        .into_iter()
        .filter(|d| d.file.starts_with(&name))
        .collect();
    for remark in &remarks {
        println!("{remark}\n");
    }
    println!(
        "{}, version {}: {} remarks\n",
        rules.name(),
        rules.version(),
        remarks.len()
    );

    let before = Scorer::builtin();
    let after = Scorer::builder().rules(rules.clone()).build()?;
    for message in [
        // The dropped phrase.
        Message::direct("Valve 3 stuck again in hall 2. Should the same happen to you, tap it twice and call Petra."),
        // The lighter rule.
        Message::direct("We will be at booth 12 all day, and Petra has your sample."),
        // The new rule with the new combination.
        Message::direct("We have 40 refurbished forklifts in stock. Only this week, so be quick!"),
        // A fact of the caller's own.
        Message::direct("Any news on the refurbished forklifts?").fact("crm.open-tickets", 1),
    ] {
        println!("\"{}\"", message.body.text().unwrap_or_default());
        for (name, scorer) in [("before", &before), ("after", &after)] {
            let verdict = scorer.judge(message.clone());
            println!(
                "  {name:<7} {:<8} {}  {}",
                verdict.decision(),
                verdict.score(),
                verdict.explain_brief(2)
            );
        }
    }

    // Every rule knows where it was written and what changed it.
    println!();
    for id in ["sales.probe-same-for-you", "sales.ask-booth"] {
        if let Some(rule) = rules.rule(id) {
            println!("{id} now weighs {}; written at {}", rule.weight(), rule.origin());
            for place in rule.changes() {
                println!(
                    "  changed at {}",
                    place.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&place)
                );
            }
        }
    }

    // A mistake costs the rule it is in, and all mistakes are reported together.
    let wrong = r#"
[[rule]]
id = "acme.fax"
group = "ask"
weight = 0.6
summary = "Wants to go on by fax"
phrases = ["(send|by [a] fax"]
misess = ["The fax machine is gone."]

[[override]]
id = "sales.ask-both"
enabled = false
"#;
    let (rest, mut problems) = RuleSet::parse_lenient("mistakes.toml", wrong);
    if let Err(more) = RuleSet::builtin().overlay(rest) {
        problems.extend(more.diagnostics().iter().cloned());
    }
    println!("\nA file with mistakes:\n");
    for problem in &problems {
        println!("{problem}\n");
    }
    Ok(())
}
