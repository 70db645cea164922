//! Judges one note several times, with one more kind of fact each time: sender, recipient, relationship, timing,
//! thread, copies, and a fact of the caller's own. What is not given is unknown and counts against nobody.
//!
//! ```text
//! cargo run --example judge_full
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;

use huckster::{CampaignFacts, Client, Message, Party, Policy, Position, Profile, Relationship, Scorer, Timing, Turn};

fn main() -> Result<(), Box<dyn Error>> {
    let scorer = Scorer::builtin();

    let recipient = Profile::new()
        .name("Marta Lindqvist")
        .headline("Executive coach for engineers who lead")
        .position(Position::current("Executive coach", "Lindqvist Coaching"))
        .position(Position::past("Nurse", "St Clare"));
    let seller = Profile::new()
        .name("Jo Field")
        .headline("Business coach for coaches | I help coaches get clients")
        .position(Position::current("Founder", "Field Growth"))
        .connections(500)
        .followers(6_100)
        .account_age_days(410);

    // The same words, with more known each time.
    let text = "Thanks for connecting, Marta! How are you finding new clients at the moment? \
                It was a strange winter here, and everybody I meet says something else.";
    let bare = Message::direct(text);
    let with_sender = bare.clone().client(Client::Desktop).sender(seller);
    let with_both = with_sender.clone().recipient(recipient.clone());
    let with_ties = with_both
        .clone()
        .relationship(Relationship::new().degree(1).mutual_connections(2).have_met(false));
    let with_timing = with_ties.clone().timing(
        Timing::new()
            .sent_at("2026-01-29T14:37:00Z".parse()?)
            .since_acceptance_s(6),
    );
    let with_copies = with_timing.clone().campaign(CampaignFacts::new(31, 4));
    for message in [&bare, &with_sender, &with_both, &with_ties, &with_timing, &with_copies] {
        let verdict = scorer.judge(message.clone());
        println!(
            "{:<8} {}  known: {}",
            verdict.decision(),
            verdict.score(),
            verdict.coverage
        );
    }
    println!("\nWith everything known:\n\n{}", scorer.judge(with_copies).explain());

    // Facts that can be checked weigh more than words: the same question from somebody she wrote to first.
    let colleague = Profile::new().name("Ana Ruiz").headline("Nurse manager at St Clare");
    let message = Message::direct("How are you finding new clients at the moment?")
        .sender(colleague)
        .recipient(recipient)
        .relationship(
            Relationship::new()
                .mutual_connections(44)
                .shared_employer("St Clare")
                .have_met(true)
                .recipient_wrote_first(true),
        )
        .thread([
            Turn {
                from: Party::Recipient,
                text: Some("Ana! I left the ward and coach now.".into()),
                at: None,
            },
            Turn {
                from: Party::Sender,
                text: Some("I heard. Brave.".into()),
                at: None,
            },
            Turn {
                from: Party::Recipient,
                text: Some("Ask me anything.".into()),
                at: None,
            },
        ])
        .timing(Timing::new().since_previous_message_s(7_200))
        .fact("crm.customer", true);
    println!(
        "The same question from a former colleague:\n\n{}",
        scorer.judge(message.clone()).explain()
    );

    // A rule of the house decides before the score does; the score is still there to be read.
    let house = scorer.with_policy(Policy::balanced().accept_if("customers are always read", "facts.crm.customer"));
    println!("{}", house.judge(message).explain_brief(3));
    Ok(())
}
