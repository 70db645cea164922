//! Looks at drafts before they are sent: how each would read, and what to do instead.
//!
//! ```text
//! cargo run --example lint_draft
//! cargo run --example lint_draft -- "Hi Ana, quick question about your lead flow - open to a call?"
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use huckster::{Message, Position, Profile, Scorer, lint};

const DRAFTS: [&str; 3] = [
    "Hi {{firstName}}, we help rail operators cut downtime by 40%. Worth a quick call this week?",
    "Hi Jonas, I came across your profile and would love to connect.",
    "Hi Jonas, your note on axle sensors at Calder Rail settled an argument in our workshop. Which sensor did you end up with?",
];

fn main() {
    let scorer = Scorer::builtin();
    // Both are optional: a draft alone is enough.
    let reader = Profile::new()
        .name("Jonas Weber")
        .headline("Maintenance engineer, axle sensors")
        .position(Position::current("Maintenance engineer", "Calder Rail"));
    let me = Profile::new()
        .name("Marta Lindqvist")
        .headline("Workshop lead at a tram depot");

    let given: Vec<String> = std::env::args().skip(1).collect();
    let drafts = if given.is_empty() {
        DRAFTS.map(str::to_owned).to_vec()
    } else {
        given
    };
    for draft in &drafts {
        let message = Message::invitation(draft.as_str())
            .sender(me.clone())
            .recipient(reader.clone());
        let report = lint::check(&scorer, message);

        // One: may it go out?
        println!("\"{draft}\"");
        println!("  -> {}", if report.is_accepted() { "fine" } else { "not yet" });

        // Two: what to do, one line a piece of advice. Several findings may have the same.
        let mut advice: Vec<&str> = report.findings.iter().map(|f| f.advice.as_str()).collect();
        advice.dedup();
        for line in advice {
            println!("  - {line}");
        }

        // Three: everything, as text. `serde` gives the same as JSON.
        for line in report.to_string().lines() {
            println!("  | {line}");
        }
        println!();
    }
}
