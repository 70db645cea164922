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

    // The examples inside the file are its tests. (They run for the built-in rules too, so look at one's own only.)
    let own: Vec<_> = rules.check().into_iter().filter(|d| path.ends_with(&d.file) || d.file == path.to_string_lossy()).collect();
    for diagnostic in &own {
        println!("{diagnostic}\n");
    }
    println!("{} {}: {} remarks on {}\n", rules.name(), rules.version(), own.len(), path.file_name().map_or_else(Default::default, |n| n.to_string_lossy()));

    let before = Scorer::builtin();
    let after = Scorer::builder().rules(rules.clone()).build()?;
    for message in [
        // The dropped phrase.
        Message::direct("I took the liberty of correcting the load table in your manual, see page 12."),
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
            println!("  {name:<7} {:<8} {}  {}", verdict.decision(), verdict.score(), verdict.explain_brief(2));
        }
    }

    // Every rule knows where it was written and what changed it.
    println!();
    for id in ["sales.bait-unasked-check", "sales.ask-booth"] {
        if let Some(rule) = rules.rule(id) {
            let changes: Vec<String> = rule.changes().map(|place| place.rsplit(['/', '\\']).next().unwrap_or("").to_owned()).collect();
            println!("{id}: weight {}, written at {}, changed at {}", rule.weight(), rule.origin(), changes.join(", "));
        }
    }

    // A mistake costs the rule it is in; all mistakes are reported together.
    let wrong = r#"
[[rule]]
id = "acme.fax"
group = "ask"
weigth = 0.6
summary = "Wants to go on by fax"
phrases = ["(send|by [a] fax"]
"#;
    let (_, problems) = RuleSet::parse_lenient("mistakes.toml", wrong);
    println!("\nA file with mistakes:\n");
    for problem in &problems {
        println!("{problem}\n");
    }
    Ok(())
}
