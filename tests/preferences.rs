//! What one person wants, whatever the score: visible in the verdict, and nothing else changes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests may stop at what must not happen"
)]

use huckster::eval::{Corpus, Label, Labeled};
use huckster::{
    Basis, Decision, Message, Position, Preferences, Profile, Recruiters, SENDER_URL, Scorer, Taught, Timestamp,
    Timing, Verdict, Weight,
};

const PITCH: &str = "We help clinics 10X their revenue. Worth a quick call this week?";
const URL: &str = "https://www.linkedin.com/in/ana-ruiz";

fn from(name: &'static str) -> Message<'static> {
    Message::direct(PITCH).sender(Profile::new().name(name))
}

fn basis(verdict: &Verdict) -> &str {
    match &verdict.basis {
        Basis::Policy(name) => name,
        Basis::Score => "",
    }
}

/// The preference decides, the rows and the score stay, and the verdict says so.
fn decides(mine: &Preferences, message: &Message<'_>, decision: Decision, because: &str) {
    let scorer = Scorer::builtin();
    let (plain, verdict) = (scorer.judge(message.clone()), mine.judge(&scorer, message));
    assert_eq!(verdict.decision, decision);
    let word = if decision.is_accept() { "welcome" } else { "unwanted" };
    let expected = format!(
        "{word} by your preferences: {because} (the score alone says {})",
        plain.decision
    );
    assert_eq!(basis(&verdict), expected);
    assert!(verdict.explain().contains(&expected));
    assert!(verdict.explain_brief(2).contains(&expected));
    assert!(verdict.review_reasons.is_empty());
    assert_eq!(
        (&verdict.rows, verdict.score, verdict.probability),
        (&plain.rows, plain.score, plain.probability)
    );
    let sum: i32 = verdict.rows.iter().map(|r| r.contribution().as_milli()).sum();
    assert_eq!(sum, verdict.score.as_milli());
}

/// No preference applies, and nothing is different.
fn leaves(mine: &Preferences, message: &Message<'_>) {
    let scorer = Scorer::builtin();
    let plain = scorer.judge(message.clone());
    let mut verdict = plain.clone();
    assert!(!mine.apply(&scorer, message, &mut verdict));
    assert_eq!(verdict, plain);
}

#[test]
fn people_are_welcome_or_not_by_name_and_by_address() {
    let mine = Preferences::new()
        .always_person("Ana Ruiz")
        .never_person("https://www.linkedin.com/in/jo-field/");
    decides(&mine, &from("ana  RUIZ"), Decision::Accept, "person Ana Ruiz");
    leaves(&mine, &from("Ana Ruiz Gil"));
    leaves(&mine, &from("Jo Field"));
    let friendly = Message::direct("Lunch on Tuesday?").fact(SENDER_URL, "http://uk.linkedin.com/in/Jo-Field?x=1");
    let shown = "person https://www.linkedin.com/in/jo-field/";
    decides(&mine, &friendly, Decision::Decline, shown);
    // The address is surer than a name that others have too.
    decides(
        &mine,
        &from("Ana Ruiz").fact(SENDER_URL, "https://linkedin.com/in/jo-field"),
        Decision::Decline,
        shown,
    );
    leaves(&mine, &Message::direct(PITCH));
}

#[test]
fn companies_are_those_of_today() {
    let mine = Preferences::new().always_company("St Clare").never_company("Leadmill");
    let at = |position: Position<'static>| Message::direct(PITCH).sender(Profile::new().name("Jo").position(position));
    decides(
        &mine,
        &at(Position::current("Nurse", "ST CLARE")),
        Decision::Accept,
        "company St Clare",
    );
    leaves(&mine, &at(Position::past("Nurse", "St Clare")));
    let headline = |line: &'static str| Message::direct("Lunch?").sender(Profile::new().headline(line));
    decides(
        &mine,
        &headline("Growth @Leadmill | Dad"),
        Decision::Decline,
        "company Leadmill",
    );
    leaves(&mine, &headline("Leadmill fan"));
    // A person comes before a company.
    let mine = mine.always_person("Jo");
    decides(
        &mine,
        &at(Position::current("Growth", "Leadmill")),
        Decision::Accept,
        "person Jo",
    );
}

#[test]
fn recruiters_are_known_by_role_or_by_what_they_write() {
    let job =
        "Hello Marta, we are hiring a backend engineer for the ticketing team at Trammer, hybrid in Zagreb, EUR 70k.";
    let recruiter = Profile::new().name("Ivo Maric").headline("Technical Recruiter");
    let (wanted, unwanted) = (
        Preferences::new().recruiters(Recruiters::Wanted),
        Preferences::new().recruiters(Recruiters::Unwanted),
    );
    let by_role = Message::direct("Hello Marta, do you have a minute?").sender(recruiter.clone());
    decides(&wanted, &by_role, Decision::Accept, "recruiters");
    decides(&unwanted, &by_role, Decision::Decline, "recruiters");
    let by_text = Message::direct(job);
    decides(&unwanted, &by_text, Decision::Decline, "recruiters");
    let by_german = Message::direct("Guten Tag Frau Lind, ich habe eine spannende Vakanz, die zu Ihrem Profil passt.");
    assert!(Scorer::builtin().judge(by_german.clone()).fired("generic.de-recruiter"));
    decides(&unwanted, &by_german, Decision::Decline, "recruiters");
    // Who only hints at a job is not welcome for it, and need not be a recruiter.
    leaves(&wanted, &by_german);
    decides(&wanted, &by_text, Decision::Accept, "recruiters");
    // One who sells to the reader's firm is left to the score.
    let selling =
        Message::direct("We help hiring teams fill roles 3x faster with pre-vetted engineers.").sender(recruiter);
    leaves(&wanted, &selling);
    leaves(
        &unwanted,
        &Message::direct("Lunch on Tuesday?").sender(Profile::new().headline("Nurse")),
    );
}

#[test]
fn detectors_count_as_much_as_is_wanted() {
    let scorer = Scorer::builtin();
    let plain = scorer.judge(PITCH);
    let half = Preferences::new().weight("sales", 500).weigh(&scorer).unwrap();
    let verdict = half.judge(PITCH);
    assert!(verdict.rules().count() > 2 && verdict.score < plain.score);
    for (row, before) in verdict.rules().zip(plain.rules()) {
        let factor = if row.detector == "sales" { 500 } else { 1000 };
        assert_eq!((&row.rule, row.weight), (&before.rule, before.weight.scaled(factor)));
    }
    let sum: i32 = verdict.rows.iter().map(|r| r.contribution().as_milli()).sum();
    assert_eq!(sum, verdict.score.as_milli());
    assert_eq!(verdict.probability, None, "the calibration was made for other weights");
    let model = verdict.rule_set.model.unwrap();
    assert!(model.ends_with("with weights of your preferences"), "{model}");
    assert_ne!(verdict.rule_set.fingerprint, plain.rule_set.fingerprint);

    let off = Preferences::new()
        .weight("sales", 0)
        .weigh(&scorer)
        .unwrap()
        .judge(PITCH);
    assert!(
        off.rules()
            .filter(|r| r.detector == "sales")
            .all(|r| r.contribution == Weight::ZERO)
    );
    let same = Preferences::new().weight("sales", 1000).weigh(&scorer).unwrap();
    assert_eq!(same.judge(PITCH), plain);
    let error = Preferences::new().weight("sale", 0).weigh(&scorer).unwrap_err();
    assert_eq!(error.to_string(), "there is no detector `sale`; did you mean `sales`?");
    // No weight leaves its range.
    Preferences::new().weight("sales", 9_999).weigh(&scorer).unwrap();
}

fn sent(id: &'static str, name: &'static str, at: i64) -> Message<'static> {
    from(name)
        .id(id)
        .timing(Timing::new().sent_at(Timestamp::from_seconds(at)))
}

#[test]
fn what_was_taught_holds_for_that_message_alone() {
    let message = sent("messages.csv:12", "Ana Ruiz", 1000);
    let taught = Taught::of(&message, Decision::Accept).unwrap();
    assert_eq!(
        (taught.sender.as_deref(), taught.sent_at),
        (Some("Ana Ruiz"), Some(Timestamp::from_seconds(1000)))
    );
    let mine = Preferences::new().never_person("Ana Ruiz").teach(taught);
    let because = "you decided on this message yourself";
    decides(&mine, &message, Decision::Accept, because);
    // In the next archive it stands in another row, and another message stands in its own.
    decides(
        &mine,
        &sent("messages.csv:15", "ana ruiz", 1000),
        Decision::Accept,
        because,
    );
    let other = Preferences::new().teach(Taught::of(&message, Decision::Accept).unwrap());
    leaves(&other, &sent("messages.csv:12", "Jo Field", 1000));
    leaves(&other, &sent("messages.csv:12", "Ana Ruiz", 1001));
    leaves(&other, &sent("messages.csv:13", "Ana Ruiz", 1001));
    leaves(&other, &from("Ana Ruiz").id("messages.csv:12"));
    // The address is taken where it is known.
    let known = message.clone().fact(SENDER_URL, URL);
    assert_eq!(
        Taught::of(&known, Decision::Accept).unwrap().sender.as_deref(),
        Some(URL)
    );
    // With the id alone, the id decides; what was said last counts.
    let by_id = Preferences::new()
        .teach(Taught::new("m1", Decision::Accept))
        .teach(Taught::new("m1", Decision::Decline));
    decides(&by_id, &from("Jo").id("m1"), Decision::Decline, because);
    leaves(&by_id, &from("Jo").id("m2"));
    leaves(&by_id, &from("Jo"));
    assert!(
        Taught::of(&from("Jo"), Decision::Accept).is_none(),
        "a message without id cannot be named"
    );
}

#[test]
fn nothing_of_a_text_is_kept_or_printed() {
    let message = sent("m1", "Ana Ruiz", 1000);
    let taught = Taught::of(&message, Decision::Accept).unwrap();
    let json = serde_json::to_string(&taught).unwrap();
    assert_eq!(
        json,
        r#"{"id":"m1","decision":"accept","sender":"Ana Ruiz","sent_at":"1970-01-01T00:16:40Z"}"#
    );
    let debug = format!(
        "{taught:?}{:?}",
        Preferences::new().always_person("Ana Ruiz").teach(taught.clone())
    );
    assert!(!debug.contains("Ana"), "{debug}");
}

#[test]
fn taught_messages_are_labels_for_a_fit() {
    let mut corpus = Corpus::new();
    for (id, label) in [
        ("a", Label::Unsure),
        ("b", Label::Genuine),
        ("c", Label::Generic),
        ("d", Label::Pitch),
    ] {
        corpus
            .push(Labeled::new(id, Message::text(format!("Message {id}")), label))
            .unwrap();
    }
    let before = corpus.fingerprint();
    let mine = Preferences::new()
        .teach(Taught::new("a", Decision::Accept))
        .teach(Taught::new("b", Decision::Decline))
        .teach(Taught::new("d", Decision::Decline))
        .teach(Taught::new("elsewhere", Decision::Decline));
    assert_eq!(corpus.relabel_by(&mine), 3);
    let labels: Vec<Label> = corpus.messages().iter().map(|m| m.label).collect();
    assert_eq!(labels, [Label::Genuine, Label::Pitch, Label::Generic, Label::Pitch]);
    assert_ne!(corpus.fingerprint(), before);
}

#[test]
fn a_file_says_the_same_as_the_builder() {
    let text = r#"
recruiters = "unwanted"
always = { people = ["Ana Ruiz", "https://www.linkedin.com/in/jo"], companies = ["St Clare"] }
[never]
people = ["Bo"]
companies = ["Leadmill"]
[weights]
persona = 0.5
sales = 2
[[taught]]
id = "m1"
decision = "decline"
sender = "Jo"
sent_at = "2026-01-29T14:37:00Z"
"#;
    let mine = Preferences::parse("mine.toml", text).unwrap();
    assert_eq!(mine.taught()[0].sent_at, Some("2026-01-29T14:37:00Z".parse().unwrap()));
    let scorer = Scorer::builtin();
    decides(&mine, &from("Ana Ruiz"), Decision::Accept, "person Ana Ruiz");
    decides(&mine, &from("Bo"), Decision::Decline, "person Bo");
    let weighed = mine.weigh(&scorer).unwrap();
    let weight = |scorer: &Scorer, id: &str| scorer.model().weights[id];
    let (one, other) = ("persona.same-trade", "sales.calendar-link");
    assert_eq!(weight(&weighed, one), weight(&scorer, one).scaled(500));
    assert_eq!(weight(&weighed, other), weight(&scorer, other).scaled(2000));
    assert_eq!(
        Preferences::parse("empty.toml", "")
            .unwrap()
            .weigh(&scorer)
            .unwrap()
            .judge(PITCH),
        scorer.judge(PITCH)
    );
}

#[test]
fn errors_say_where_and_how_to_mend() {
    for (text, expected) in [
        (
            "recruiters = \"maybe\"",
            "p.toml:1:14: `maybe` is neither \"wanted\" nor \"unwanted\"",
        ),
        (
            "[always]\npeple = []",
            "p.toml:2:1: unknown field `peple`, expected `people` or `companies`",
        ),
        (
            "[always]\npeople = [\"Ä\", \"Ana\"]\n[never]\npeople = [\"Ö\", \" ana\"]",
            "p.toml:4:16: ` ana` is always welcome and never; take one of the two out",
        ),
        (
            "[never]\ncompanies = [\" \"]",
            "p.toml:2:14: an empty name would stand for nobody; take it out",
        ),
        (
            "[weights]\nsales = 5",
            "p.toml:2:9: the weight of `sales` is 5; it is a number from 0 (off) to 4 with at most three decimals",
        ),
        (
            "[weights]\nsales = 0.0001",
            "p.toml:2:9: the weight of `sales` is 0.0001;",
        ),
        ("[weights]\nsales = nan", "p.toml:2:9: the weight of `sales` is NaN;"),
        (
            "[[taught]]\nid = \"a\"\ndecision = \"review\"",
            "p.toml:1:1: a decision is \"accept\" or \"decline\"; take the entry out to leave it to the score",
        ),
        (
            "[[taught]]\nid = \"a\"\ndecision = \"maybe\"",
            "p.toml:3:12: unknown variant `maybe`, expected one of `accept`, `review`, `decline`",
        ),
        ("[[taught]]\ndecision = \"accept\"", "p.toml:1:1: missing field `id`"),
        (
            "[[taught]]\nid = \"\"\ndecision = \"accept\"",
            "p.toml:1:1: a decision without the id of its message",
        ),
        (
            "[[taught]]\nid = \"a\"\ndecision = \"accept\"\nsent_at = \"today\"",
            "p.toml:4:11: invalid value: string \"today\"",
        ),
        ("recruiters = ", "p.toml:1:14: "),
    ] {
        let error = Preferences::parse("p.toml", text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}\n{error}\n{expected}");
        assert!(!error.contains('\n'), "{error}");
    }
    let mine = Preferences::parse("p.toml", "[weights]\n\"persna\" = 0.5").unwrap();
    let error = mine.weigh(&Scorer::builtin()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "p.toml:2:12: there is no detector `persna`; did you mean `persona`?"
    );
}
