//! Strategies for the crate `proptest`: messages as hostile or as ordinary as a test wants them.

use proptest::prelude::*;

use crate::{
    CampaignFacts, Channel, Client, History, Message, Party, Position, Profile, Relationship, Thread, Timestamp,
    Timing, Turn,
};

/// Any text: words of outreach and of ordinary letters, signs, links, figures, emoji, other scripts, control characters.
pub fn text() -> BoxedStrategy<String> {
    const PIECES: &[&str] = &[
        "Hi Sam,",
        "Hello there",
        "quick call",
        "15 minutes",
        "10X",
        "30%",
        "$5k",
        "we help founders",
        "grow",
        "?",
        "!",
        ".",
        "\n",
        "\n\n",
        ",",
        "{{firstName}}",
        "{Hi|Hey}",
        "[Name]",
        "https://example.org/a?utm_source=x",
        "a@example.org",
        "#tag",
        "@me",
        "🚀",
        "👨‍👩‍👧",
        "ﬁne",
        "𝗯𝗼𝗹𝗱",
        "sсale",
        "f r e e",
        "l3ads",
        "don't",
        "can’t",
        "Müller",
        "привет",
        "你好世界",
        "สวัสดี",
        "שלום",
        "\u{200B}",
        "\u{0}",
        "e\u{301}",
        "Best,\nTom",
        "thanks for connecting",
        "would love to connect",
        "I",
        "you",
        "the",
    ];
    prop_oneof![
        4 => prop::collection::vec((prop::sample::select(PIECES), prop_oneof![4 => Just(" "), 1 => Just("")]), 0..40)
            .prop_map(|pieces| pieces.into_iter().flat_map(|(a, b)| [a, b]).collect::<String>()),
        1 => any::<String>(),
        1 => "\\PC{0,200}",
    ]
    .boxed()
}

/// A short text for names and headlines.
fn short() -> BoxedStrategy<String> {
    prop_oneof![
        prop::sample::select(
            &[
                "Marta Lindqvist",
                "Business coach | Helping founders grow",
                "Lead generation expert",
                "Nurse",
                "Head of Data at Norrvik",
                "Sam",
                "Acme Inc.",
                "",
            ][..]
        )
        .prop_map(String::from),
        "\\PC{0,30}",
    ]
    .boxed()
}

/// Any profile.
pub fn profile() -> BoxedStrategy<Profile<'static>> {
    let texts = (
        prop::option::of(short()),
        prop::option::of(short()),
        prop::option::of(short()),
    );
    let position = (short(), short(), prop::option::of(any::<bool>()));
    let numbers = (
        prop::option::of(0u32..40_000),
        prop::option::of(0u32..40_000),
        prop::option::of(0u32..9000),
    );
    (
        texts,
        prop::collection::vec(position, 0..3),
        numbers,
        prop::option::of(any::<bool>()),
    )
        .prop_map(
            |((name, headline, about), positions, (connections, followers, age), verified)| {
                let mut profile = Profile::new();
                profile.name = name.map(Into::into);
                profile.headline = headline.map(Into::into);
                profile.about = about.map(Into::into);
                for (title, company, current) in positions {
                    profile = profile.position(Position {
                        current,
                        ..Position::current(title, company)
                    });
                }
                (profile.connections, profile.followers, profile.account_age_days) = (connections, followers, age);
                profile.verified = verified;
                profile
            },
        )
        .boxed()
}

/// Any relationship.
pub fn relationship() -> BoxedStrategy<Relationship<'static>> {
    let flags = prop::array::uniform3(prop::option::of(any::<bool>()));
    let lists = prop::array::uniform4(prop::option::of(prop::collection::vec(short(), 0..3)));
    (prop::option::of(1u8..4), prop::option::of(0u32..500), flags, lists)
        .prop_map(
            |(degree, mutual, [met, first, customer], [groups, employers, schools, events])| {
                let mut relationship = Relationship::new();
                (relationship.degree, relationship.mutual_connections) = (degree, mutual);
                (
                    relationship.have_met,
                    relationship.recipient_wrote_first,
                    relationship.is_customer,
                ) = (met, first, customer);
                let own = |list: Option<Vec<String>>| list.map(|l| l.into_iter().map(Into::into).collect());
                (relationship.shared_groups, relationship.shared_employers) = (own(groups), own(employers));
                (relationship.shared_schools, relationship.shared_events) = (own(schools), own(events));
                relationship
            },
        )
        .boxed()
}

fn thread() -> BoxedStrategy<Thread<'static>> {
    let party = prop_oneof![Just(Party::Sender), Just(Party::Recipient)];
    let turn =
        (party, prop::option::of(text()), prop::option::of(0i64..2_000_000_000)).prop_map(|(from, text, at)| Turn {
            from,
            text: text.map(Into::into),
            at: at.map(Timestamp::from_seconds),
        });
    prop_oneof![
        prop::collection::vec(turn, 0..4).prop_map(Thread::Turns),
        (prop::option::of(0u32..9), prop::option::of(any::<bool>())).prop_map(|(unanswered, recipient_replied)| {
            Thread::Counts {
                unanswered,
                recipient_replied,
            }
        }),
    ]
    .boxed()
}

/// Any message, with any set of facts.
pub fn message() -> BoxedStrategy<Message<'static>> {
    let channel = prop_oneof![
        Just(Channel::Unknown),
        Just(Channel::Invitation),
        Just(Channel::Direct),
        Just(Channel::InMail),
        Just(Channel::Email),
    ];
    let client = prop_oneof![Just(Client::Unknown), Just(Client::Mobile), Just(Client::Desktop)];
    let seconds = || prop::option::of(0u64..2_000_000);
    let timing = (prop::option::of(0i64..2_000_000_000), seconds(), seconds(), seconds()).prop_map(
        |(sent, view, accept, previous)| {
            let mut timing = Timing::new();
            timing.sent_at = sent.map(Timestamp::from_seconds);
            (timing.since_profile_view_s, timing.since_acceptance_s) = (view, accept);
            timing.since_previous_message_s = previous;
            timing
        },
    );
    let history = (prop::option::of(0u32..5), prop::option::of(any::<bool>())).prop_map(|(requests, resent)| History {
        earlier_requests: requests,
        withdrawn_and_resent: resent,
        ..History::default()
    });
    let campaign = (0u32..40, 0u32..20).prop_map(|(copies, senders)| CampaignFacts::new(copies, senders));
    let text_part = (channel, client, prop::option::of(text()), prop::option::of(short()));
    let people = (
        prop::option::of(profile()),
        prop::option::of(profile()),
        prop::option::of(relationship()),
    );
    let rest = (
        prop::option::of(thread()),
        prop::option::of(timing),
        prop::option::of(history),
        prop::option::of(campaign),
    );
    (text_part, people, rest)
        .prop_map(
            |(
                (channel, client, text, subject),
                (sender, recipient, relationship),
                (thread, timing, history, campaign),
            )| {
                let mut message = text.map_or_else(Message::new, Message::text);
                (message.channel, message.client) = (channel, client);
                message.subject = subject.map(Into::into);
                message.sender = sender;
                if let Some(recipient) = recipient {
                    message = message.recipient(recipient);
                }
                message.relationship = relationship;
                (message.thread, message.timing) = (thread, timing);
                (message.history, message.campaign) = (history, campaign);
                message
            },
        )
        .boxed()
}
