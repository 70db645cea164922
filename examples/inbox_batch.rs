//! Judges an inbox on two threads. The scorer is shared, each thread has its own scratch, and the recipient is
//! prepared once. Judging allocates nothing once the scratch has warmed up; taking a verdict out of it does.
//!
//! ```text
//! cargo run --release --example inbox_batch --features json
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;
use std::num::NonZero;
use std::path::PathBuf;

use huckster::{Decision, Message, Profile, Recipient, Scorer, Verdict};

/// A line of the table.
struct Line {
    id: String,
    sender: String,
    decision: Decision,
    score: String,
    reason: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/data/inbox.jsonl");
    let text = std::fs::read_to_string(&path)?;

    // The messages borrow from `text`. An unknown key is an error that names the nearest known one.
    let mut inbox = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        inbox.push(Message::from_json(line).map_err(|error| format!("line {}, {error}", n + 1))?);
    }

    let scorer = Scorer::builtin();
    // Everybody here wrote to the same person.
    let owner: Profile<'static> = inbox
        .first()
        .and_then(|m| m.recipient.profile())
        .cloned()
        .ok_or("the inbox is empty")?
        .into_owned();
    let me = scorer.prepare_recipient(owner);
    for message in &mut inbox {
        message.recipient = Recipient::from(&me);
    }

    let mut lines = Vec::new();
    scorer.judge_batch_parallel(
        NonZero::new(2).ok_or("no thread")?,
        &inbox,
        // An assessment borrows from the scratch of its thread; what outlives the next message is taken out of it.
        |place, assessment| line(&inbox[place], &assessment.to_verdict()),
        |_, line| lines.push(line),
    );

    println!("{:<5} {:<22} {:<8} {:>7}  reason", "id", "sender", "decision", "score");
    for Line {
        id,
        sender,
        decision,
        score,
        reason,
    } in &lines
    {
        println!("{id:<5} {sender:<22} {decision:<8} {score:>7}  {reason}");
    }
    println!();
    for decision in [Decision::Decline, Decision::Review, Decision::Accept] {
        println!(
            "{decision:<8} {}",
            lines.iter().filter(|line| line.decision == decision).count()
        );
    }
    Ok(())
}

fn line(message: &Message<'_>, verdict: &Verdict) -> Line {
    let sender = message.sender.as_ref().and_then(|s| s.name.as_deref()).unwrap_or("?");
    let brief = verdict.explain_brief(1);
    Line {
        id: verdict.id.clone().unwrap_or_default(),
        sender: sender.chars().take(22).collect(),
        decision: verdict.decision(),
        score: verdict.score().to_string(),
        reason: brief
            .split_once(": ")
            .map_or(brief.as_str(), |(_, reason)| reason)
            .to_owned(),
    }
}
