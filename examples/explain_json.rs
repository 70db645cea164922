//! A verdict as JSON and back, and the three questions one asks of it: what would it take, why this rule, why not that
//! one.
//!
//! ```text
//! cargo run --example explain_json --features json
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;

use huckster::{Evidence, Field, Message, Scorer, Span, Verdict};

const MESSAGE: &str = r#"{
  "id": "m1",
  "channel": "direct",
  "text": "Hi Marta 🙂 we helped Brightwater cut reporting time by 40%. Pick a slot: https://calendly.com/tom/15min",
  "sender": {"name": "Tom Hale", "headline": "Account executive at Tabwell"},
  "recipient": {"name": "Marta Lindqvist", "headline": "Head of Data Platform at Norrvik Energi"},
  "timing": {"sent_at": "2026-01-29T14:37:00Z"}
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let scorer = Scorer::builtin();
    let message = Message::from_json(MESSAGE)?;
    let verdict = scorer.judge(message.clone());

    // The form that every program can read; README.md lists the keys.
    let json = serde_json::to_string_pretty(&verdict)?;
    println!("{json}\n");

    // And back again. The copy prints the same, and its rows add up to the same score.
    let copy: Verdict = serde_json::from_str(&json)?;
    if serde_json::to_string_pretty(&copy)? != json {
        return Err("the verdict changed on its way through JSON".into());
    }
    let sum: i32 = copy.rows.iter().map(|row| row.contribution().as_milli()).sum();
    println!(
        "the rows add up to {} thousandths, the score is {}\n",
        sum,
        copy.score()
    );

    // Offsets are bytes. JavaScript, Java and C# count UTF-16 units.
    let text = message.body.text().unwrap_or_default();
    for row in copy.rules() {
        for evidence in &row.evidence {
            let Evidence::Text {
                field: Field::Text,
                start,
                end,
                excerpt,
                ..
            } = evidence
            else {
                continue;
            };
            if let Some((from, to)) = Span::new(*start, *end).to_utf16(text) {
                println!(
                    "{:<24} bytes {start}..{end}, UTF-16 units {from}..{to}: \"{excerpt}\"",
                    row.rule
                );
            }
        }
    }

    // What would it take?
    if let Some(flip) = scorer.flip_set(message.clone()) {
        println!("\n{flip}");
    }

    // Why, and why not?
    println!();
    for id in [
        "sales.calendar-link",
        "sales.early-link",
        "campaign.many-senders",
        "sales.ask-booth",
        "sales.calender-link",
    ] {
        println!("{id}: {}", scorer.trace(message.clone(), id));
    }
    Ok(())
}
