//! Drafts from the sender's side: what is found, where, and what is said about it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests may stop at what must not happen"
)]

use huckster::lint::{Degree, Finding, Kind, Report, Severity, check};
use huckster::{Channel, Decision, Evidence, Field, Message, Position, Profile, Relationship, RuleSet, Scorer, Weight};

const PITCH: &str = "Hi {{firstName}}, we help clinics fill night shifts. Worth a quick call this week?";
const GOOD: &str = "Hi Jonas, your note on axle sensors at Calder Rail settled an argument in our workshop. \
                    Which sensor did you end up with?";

fn lint<'m>(draft: impl Into<Message<'m>>) -> Report {
    check(&Scorer::builtin(), draft)
}

fn find(report: &Report, what: impl Fn(&Finding) -> bool) -> Option<&Finding> {
    report.findings.iter().find(|f| what(f))
}

fn missing(report: &Report) -> Vec<&str> {
    let missing = report.findings.iter().filter(|f| f.kind == Kind::Missing);
    missing.map(|f| f.reason.as_str()).collect()
}

/// A note of so many characters that nobody would mind.
fn note(characters: usize) -> String {
    let text = "Hello Jonas, which sensor did you end up with for the axles of the old carriages? ".repeat(200);
    let mut text: String = text.chars().take(characters - 1).collect();
    text.push('x');
    text
}

#[test]
fn a_pitch_is_told_where_and_what_to_do_instead() {
    let report = lint(PITCH);
    assert_eq!(
        (report.is_accepted(), report.verdict.decision),
        (false, Decision::Decline)
    );
    assert_eq!(report.severity(), Some(Severity::Error));
    let left_over = &report.findings[0];
    assert_eq!(
        (left_over.kind, left_over.severity),
        (Kind::Placeholder, Severity::Error)
    );
    assert_eq!(left_over.rule.as_deref(), Some("automation.leftover-field"));
    assert!(
        matches!(&left_over.evidence[..], [Evidence::Text { field: Field::Text, start: 3, end: 16, excerpt, .. }] if excerpt == "{{firstName}}"),
        "{left_over:?}"
    );
    assert!(find(&report, |f| f.kind == Kind::Pitch && f.severity == Severity::Warning).is_some());
    assert_eq!(Degree::of(report.reads_as.pitch), Degree::Clearly);
    assert_eq!(Degree::of(report.reads_as.machine), Degree::Clearly);
    assert_eq!(Degree::of(report.reads_as.generic), Degree::No);
    for finding in &report.findings {
        assert!(
            !finding.reason.is_empty() && finding.advice.ends_with('.'),
            "{finding:?}"
        );
        for evidence in &finding.evidence {
            if let Evidence::Text {
                field,
                start,
                end,
                excerpt,
                ..
            } = evidence
            {
                assert_eq!(*field, Field::Text);
                assert_eq!(&PITCH[*start as usize..*end as usize], excerpt);
            }
        }
    }
    // The worst first.
    assert!(report.findings.is_sorted_by_key(|f| std::cmp::Reverse(f.severity)));
}

#[test]
fn a_letter_is_fine_and_hints_do_not_hold_it_back() {
    let reader = Profile::new()
        .name("Jonas Weber")
        .headline("Maintenance engineer")
        .position(Position::current("Maintenance engineer", "Calder Rail"));
    let report = lint(Message::invitation(GOOD).recipient(reader));
    assert!(report.is_accepted(), "{report}");
    assert!(report.findings.iter().all(|f| f.severity == Severity::Hint), "{report}");
    assert_eq!(
        missing(&report),
        ["Nothing was found that says what you share"],
        "{report}"
    );
}

#[test]
fn generic_notes_read_as_generic() {
    let report = lint("I'd like to add you to my professional network.");
    assert_eq!(Degree::of(report.reads_as.generic), Degree::Clearly);
    assert!(find(&report, |f| f.kind == Kind::Generic).is_some());
    assert_eq!(
        missing(&report),
        [
            "Nothing was found that says why you write to this one person",
            "Nothing was found that says what you share",
            "No question was found",
        ]
    );
}

#[test]
fn limits_are_those_of_the_channel() {
    let length = |message: Message<'_>| -> Option<(Severity, u32)> {
        let report = lint(message);
        let finding = find(&report, |f| f.kind == Kind::Length)?;
        match finding.evidence[..] {
            [Evidence::Text { start, .. }] => Some((finding.severity, start)),
            _ => panic!("{finding:?}"),
        }
    };
    let of_account = |premium: Option<bool>| {
        let mut profile = Profile::new().name("Marta Lindqvist");
        profile.premium = premium;
        profile
    };
    let note_from = |n: usize, premium| length(Message::invitation(note(n)).sender(of_account(premium)));
    assert_eq!(note_from(200, None), None);
    assert_eq!(note_from(201, None), Some((Severity::Hint, 200)));
    assert_eq!(note_from(201, Some(true)), None);
    assert_eq!(note_from(201, Some(false)), Some((Severity::Error, 200)));
    assert_eq!(note_from(300, Some(true)), None);
    assert_eq!(note_from(301, None), Some((Severity::Error, 300)));
    assert_eq!(length(Message::direct(note(8000))), None);
    assert_eq!(length(Message::direct(note(8001))), Some((Severity::Error, 8000)));
    assert_eq!(length(Message::inmail("Axles", note(1900))), None);
    assert_eq!(
        length(Message::inmail("Axles", note(1901))),
        Some((Severity::Error, 1900))
    );
    assert_eq!(
        length(Message::inmail(note(201), "Hello Jonas")),
        Some((Severity::Error, 200))
    );
    // White space at the ends is not sent.
    assert_eq!(
        length(Message::invitation(format!("  {}\n\n", note(300))).sender(of_account(Some(true)))),
        None
    );
}

#[test]
fn both_ways_of_counting_are_given() {
    // 150 rockets are 150 characters and 300 units; one more letter is too much only for who counts units.
    let rockets = "🚀".repeat(150);
    let report = lint(Message::invitation(format!("{rockets}é")));
    assert_eq!((report.text.characters, report.text.utf16), (151, 301));
    let left: Vec<i64> = report.text.limits.iter().map(|l| l.left).collect();
    assert_eq!(left, [-101, -1, 1599, 7699]);
    let finding = find(&report, |f| f.kind == Kind::Length).unwrap();
    assert_eq!(finding.severity, Severity::Warning);
    assert!(
        matches!(&finding.evidence[..], [Evidence::Text { start: 600, end: 602, excerpt, .. }] if excerpt == "é"),
        "{finding:?}"
    );
    // A character is never cut: the first that does not fit whole begins the surplus.
    let report = lint(Message::invitation(format!("a{}", "🚀".repeat(301))));
    let finding = find(&report, |f| f.kind == Kind::Length).unwrap();
    assert!(
        matches!(finding.evidence[..], [Evidence::Text { start: 597, .. }]),
        "{finding:?}"
    );
}

#[test]
fn what_the_two_share_is_asked_for_by_name() {
    let me = Profile::new()
        .name("Marta")
        .position(Position::past("Fitter", "Calder Rail"));
    let reader = Profile::new()
        .name("Jonas")
        .position(Position::current("Engineer", "calder rail "));
    let draft = |text: &'static str| Message::direct(text).sender(me.clone()).recipient(reader.clone());
    let unsaid = "You share Calder Rail, and do not say so";
    assert!(missing(&lint(draft("Hello Jonas, may I ask about the lathe?"))).contains(&unsaid));
    let report = lint(draft(
        "Hello Jonas, I was a fitter at Calder Rail. May I ask about the lathe?",
    ));
    assert!(missing(&report).is_empty(), "{report}");
    let related = Message::direct("Hello Jonas, may I ask about the lathe?")
        .relationship(Relationship::new().shared_school("Delft").shared_group("Lathes"));
    assert!(missing(&lint(related)).contains(&"You share Delft, Lathes, and do not say so"));
}

#[test]
fn a_talk_under_way_needs_no_introduction() {
    let json = r#"{"text": "Thanks, that helps.", "thread": {"unanswered": 0, "recipient_replied": true}}"#;
    let draft: Message<'_> = serde_json::from_str(json).unwrap();
    let of = missing(&lint(draft)).join("; ");
    assert!(!of.contains("share") && !of.contains("why"), "{of}");
}

#[test]
fn nothing_is_missed_in_a_language_without_rules() {
    let report = lint(Message::text("Bonvolu sendi la protokolon de mardo, mi dankas vin multe.").lang("eo"));
    assert_eq!(report.verdict.decision, Decision::Review);
    assert!(!report.is_accepted() && missing(&report).is_empty(), "{report}");
    assert!(report.to_string().contains("there are no rules for this language"));
}

#[test]
fn one_ask_is_better_than_three() {
    let report = lint("Hello Jonas. Is the lathe free? Which one is it? Could I come on Monday?");
    let many = find(&report, |f| f.reason == "There are 3 questions").unwrap();
    assert_eq!((many.kind, many.evidence.len()), (Kind::Missing, 3));
}

#[test]
fn no_text_is_no_draft() {
    for draft in [Message::blank_invitation(), Message::new(), Message::text(" \n ")] {
        let report = lint(draft);
        assert!(!report.is_accepted());
        assert_eq!(report.findings[0].reason, "There is no text");
        assert_eq!(report.text.characters, 0);
        assert!(report.text.limits.iter().all(|l| l.left == i64::from(l.max)));
    }
}

/// What says whether a draft passes is the decision of the reader's scorer, and nothing else but errors.
#[test]
fn acceptance_is_the_readers_decision() {
    let scorer = Scorer::builtin();
    for text in [PITCH, GOOD, "Hi", "Quick call?", "Dear Ana, the invoice is wrong."] {
        let (report, verdict) = (lint(text), scorer.judge(text));
        assert_eq!(report.verdict, verdict);
        let errors = report.findings.iter().any(|f| f.severity == Severity::Error);
        assert_eq!(
            report.is_accepted(),
            verdict.decision == Decision::Accept && !errors,
            "{text}"
        );
        let warned = report.findings.iter().any(|f| f.severity == Severity::Warning);
        assert!(!warned || verdict.decision != Decision::Accept, "{text}");
    }
}

#[test]
fn a_rule_without_advice_has_that_of_its_group() {
    // Advice that a rule carries is told as it is; the rest have that of their group.
    let set = RuleSet::parse(
        "own.toml",
        r#"
[[group]]
id = "manners"
summary = "manners"
knee = 1.0
cap = 2.0

[[rule]]
id = "own.told"
group = "manners"
weight = 0.4
summary = "Talks of llamas"
advice = "Leave the llamas at home."
phrases = ["llamas"]

[[rule]]
id = "own.untold"
group = "manners"
weight = 0.4
summary = "Talks of alpacas"
phrases = ["alpacas"]
"#,
    )
    .unwrap();
    let scorer = Scorer::builder().rules(set).build().unwrap();
    let report = check(&scorer, "llamas and alpacas");
    let advice: Vec<(&str, &str)> = report
        .findings
        .iter()
        .map(|f| (f.rule.as_deref().unwrap_or("-"), f.advice.as_str()))
        .collect();
    assert_eq!(
        advice,
        [
            ("own.told", "Leave the llamas at home."),
            ("own.untold", "Say it more plainly, or leave it out.")
        ]
    );
    // Such rules say nothing of what speaks for a sender, so nothing is said to be missing.
    assert!(missing(&report).is_empty());
}

/// Advice is kind, one or two lines, and writes nothing for anyone.
#[test]
fn advice_is_short_and_quotes_no_message() {
    for rule in RuleSet::builtin().rules() {
        if let Some(advice) = rule.advice() {
            assert!(advice.chars().count() <= 140, "{}: {advice}", rule.id());
            assert!(
                advice.ends_with('.') && !advice.contains(['"', '\n', '!']),
                "{}: {advice}",
                rule.id()
            );
        }
    }
}

#[test]
fn a_report_round_trips_and_is_always_the_same() {
    let draft = || Message::inmail("Hello", PITCH).sender(Profile::new().headline("Lead generation for clinics"));
    let report = lint(draft());
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    for _ in 0..3 {
        assert_eq!(serde_json::to_string(&lint(draft())).unwrap(), json);
    }
    assert_eq!(report.subject.as_ref().map(|s| s.utf16), Some(5));
    assert!(report.findings.iter().any(|f| f.contribution > Weight::ZERO));
    let text = report.to_string();
    assert_eq!(text.matches("instead: ").count(), report.findings.len());
    assert!(text.contains("placeholder"), "{text}");
}

#[test]
fn any_text_gets_a_report() {
    for text in [
        "?",
        "???",
        "\u{0}",
        "\u{202e}?\u{feff}",
        "{{{{{{",
        "é?é",
        "🚀?🚀 ?",
        &"? ".repeat(20_000),
        &"🚀".repeat(9000),
    ] {
        for channel in [Channel::Invitation, Channel::InMail, Channel::Direct] {
            let mut message = Message::text(text).subject(text);
            message.channel = channel;
            let report = lint(message);
            for finding in &report.findings {
                for evidence in &finding.evidence {
                    if let Evidence::Text {
                        start, end, excerpt, ..
                    } = evidence
                    {
                        assert_eq!(text.get(*start as usize..*end as usize), Some(excerpt.as_str()));
                    }
                }
            }
        }
    }
}
