//! `huckster teach` and `--preferences`: what is kept, what is not, and what it does next time.
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop at what must not happen")]

mod common;

use std::fs;

use common::{Folder, Run, run};
use serde_json::Value;

const MESSAGES: &str = r#"{"id": "m1", "text": "We help clinics 10X their revenue. Worth a quick call?", "sender": {"name": "Ana Ruiz"}, "facts": {"sender.url": "https://www.linkedin.com/in/ana-ruiz"}, "timing": {"sent_at": "2026-01-29T14:37:00Z"}}
{"id": "m2", "text": "Lunch on Tuesday?", "sender": {"name": "Jo Field", "positions": [{"title": "Growth", "company": "Leadmill"}]}}
not json
{"id": "m3", "text": "Lunch on Friday?"}
"#;

/// A file of preferences with notes and an order of its own.
const MINE: &str =
    "# mine\nrecruiters = \"wanted\"   # for now\n\n[never]\ncompanies = [\n  \"Leadmill\", # twice a week\n]\n";

fn verdicts(messages: &str, preferences: &str) -> Vec<Value> {
    let Run { out, .. } = run(&["judge", "--jsonl", messages, "--preferences", preferences]);
    out.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn because(verdict: &Value) -> &str {
    verdict["basis"]["policy"].as_str().unwrap_or("")
}

#[test]
fn a_wrong_verdict_is_right_the_next_time() {
    let folder = Folder::new();
    let messages = folder.file("in.jsonl", MESSAGES);
    let mine = folder.file("mine.toml", MINE);
    let before = verdicts(&messages, &mine);
    assert_eq!((&before[0]["decision"], because(&before[0])), (&"decline".into(), ""));
    assert_eq!(
        because(&before[1]),
        "unwanted by your preferences: company Leadmill (the score alone says accept)"
    );

    let taught = run(&["teach", "m1", "accept", "--preferences", &mine, "--from", &messages]);
    assert_eq!((taught.status, taught.err.as_str()), (Some(0), ""), "{}", taught.out);
    let text = fs::read_to_string(&mine).unwrap();
    assert_eq!(
        text,
        format!(
            "{MINE}\n[[taught]]\nid = \"m1\"\ndecision = \"accept\"\nsender = \"https://www.linkedin.com/in/ana-ruiz\"\nsent_at = \"2026-01-29T14:37:00Z\"\n"
        ),
        "the rest stays as it was, and nothing of the text is there"
    );
    let after = verdicts(&messages, &mine);
    assert_eq!(after[0]["decision"], "accept");
    assert_eq!(
        because(&after[0]),
        "welcome by your preferences: you decided on this message yourself (the score alone says decline)"
    );
    assert_eq!(
        (&after[0]["rows"], &after[0]["score"]),
        (&before[0]["rows"], &before[0]["score"])
    );
    // The same message in the next archive, in another row.
    let moved = folder.file(
        "next.jsonl",
        MESSAGES.replace("\"m1\"", "\"m9\"").replace("\"m3\"", "\"m1\""),
    );
    let next = verdicts(&moved, &mine);
    assert_eq!((&next[0]["decision"], because(&next[3])), (&"accept".into(), ""));

    let Run { status, .. } = run(&["teach", "m1", "forget", "--preferences", &mine]);
    assert_eq!(status, Some(0));
    assert_eq!(fs::read_to_string(&mine).unwrap(), MINE, "undone");
    assert_eq!(verdicts(&messages, &mine), before);
}

#[test]
fn preferences_show_in_every_form_of_output() {
    let folder = Folder::new();
    let messages = folder.file("in.jsonl", MESSAGES.replace("not json\n", ""));
    let mine = folder.file(
        "mine.toml",
        "[always]\npeople = [\"Ana Ruiz\"]\n[weights]\nsales = 0.5\n",
    );
    let table = run(&["judge", &messages, "--preferences", &mine]);
    assert_eq!(table.status, Some(0), "{}", table.err);
    assert!(table.out.contains("welcome by your preferences"), "{}", table.out);
    let one = folder.file("one.json", MESSAGES.lines().next().unwrap());
    let shown = run(&["judge", &one, "--preferences", &mine]).out;
    assert!(shown.starts_with("ACCEPT  score +"), "{shown}");
    assert!(
        shown.contains("welcome by your preferences: person Ana Ruiz"),
        "{shown}"
    );
    assert!(!shown.contains("would be accepted without"), "{shown}");
    let json = run(&["judge", &one, "--preferences", &mine, "--json"]).out;
    let verdict: Value = serde_json::from_str(&json).unwrap();
    assert!(because(&verdict).starts_with("welcome by your preferences"));
    assert_eq!(verdict["probability"], Value::Null);
    assert_eq!(run(&["judge", &messages, "--preferences", &mine, "--json"]).out, {
        run(&["judge", "--jsonl", &messages, "--preferences", &mine]).out
    });
}

#[cfg(unix)]
#[test]
fn a_link_goes_on_leading_to_the_file() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = Folder::new();
    let real = folder.file("real.toml", MINE);
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
    let link = folder.path().join("link.toml");
    let link_name = link.to_str().unwrap();
    symlink(&real, &link).unwrap();
    assert_eq!(
        run(&["teach", "m1", "accept", "--preferences", link_name]).status,
        Some(0)
    );
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let text = fs::read_to_string(&real).unwrap();
    assert!(text.starts_with(MINE) && text.contains("id = \"m1\""), "{text}");
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
    let names = fs::read_dir(folder.path()).unwrap();
    assert_eq!(names.count(), 2, "nothing is left over");
}

#[test]
fn entries_are_changed_not_doubled() {
    let folder = Folder::new();
    let mine = folder.path().join("new.toml").to_str().unwrap().to_owned();
    let messages = folder.file("in.jsonl", MESSAGES);
    let by_id = run(&["teach", "m1", "decline", "--preferences", &mine]);
    assert_eq!(by_id.status, Some(0));
    assert!(by_id.err.starts_with("note: only the id is kept"), "{}", by_id.err);
    let text = fs::read_to_string(&mine).unwrap();
    assert!(
        text.starts_with("# What you want") && text.ends_with("[[taught]]\nid = \"m1\"\ndecision = \"decline\"\n"),
        "{text}"
    );
    run(&["teach", "m1", "accept", "--preferences", &mine, "--from", &messages]);
    run(&["teach", "m2", "decline", "--preferences", &mine, "--from", &messages]);
    run(&["teach", "m1", "decline", "--preferences", &mine]);
    let text = fs::read_to_string(&mine).unwrap();
    assert_eq!(
        (text.matches("[[taught]]").count(), text.matches("sender =").count()),
        (2, 2),
        "{text}"
    );
    assert_eq!(text.matches("\"decline\"").count(), 2, "{text}");
    // Tables in braces are understood, too.
    let braces = folder.file("braces.toml", "taught = [{ id = \"m1\", decision = \"accept\" }]\n");
    assert_eq!(
        run(&["teach", "m1", "decline", "--preferences", &braces]).status,
        Some(0)
    );
    let text = fs::read_to_string(&braces).unwrap();
    assert_eq!(text.matches("m1").count(), 1, "{text}");
    assert!(text.contains("decline"), "{text}");
}

#[test]
fn verdicts_with_sender_and_time_will_do() {
    let folder = Folder::new();
    let verdicts = folder.file(
        "verdicts.json",
        r#"[{"id": "messages.csv:12", "decision": "decline", "from": {"name": "Ana Ruiz", "profile_url": "https://www.linkedin.com/in/ana-ruiz"}, "at": "2026-01-29T14:37:00Z"},
            {"id": "messages.csv:13", "decision": "decline", "from": "Jo Field", "at": "2026-01-29T14:38:00Z"}]"#,
    );
    let mine = folder.path().join("mine.toml").to_str().unwrap().to_owned();
    for id in ["messages.csv:12", "messages.csv:13"] {
        assert_eq!(
            run(&["teach", id, "accept", "--preferences", &mine, "--from", &verdicts]).status,
            Some(0)
        );
    }
    let text = fs::read_to_string(&mine).unwrap();
    assert!(
        text.contains("sender = \"https://www.linkedin.com/in/ana-ruiz\"\nsent_at = \"2026-01-29T14:37:00Z\""),
        "{text}"
    );
    assert!(
        text.contains("sender = \"Jo Field\"\nsent_at = \"2026-01-29T14:38:00Z\""),
        "{text}"
    );
}

#[test]
fn errors_leave_the_file_as_it_was() {
    let folder = Folder::new();
    let messages = folder.file("in.jsonl", MESSAGES);
    let twice = folder.file("twice.jsonl", format!("{MESSAGES}{MESSAGES}"));
    let mine = folder.file("mine.toml", MINE);
    let broken = folder.file("broken.toml", "recruiters = \"wanted\"\n[alwys]\n");
    let typo = folder.file("typo.toml", "[weights]\nsale = 0\n");
    for (args, expected) in [
        (
            vec!["teach", "m7", "accept", "--preferences", &mine, "--from", &messages],
            "has the id `m7`; did you mean `m1`?",
        ),
        (
            vec!["teach", "zzzz", "accept", "--preferences", &mine, "--from", &messages],
            "has the id `zzzz`; 1 line could not be read",
        ),
        (
            vec!["teach", "m1", "accept", "--preferences", &mine, "--from", &twice],
            "twice.jsonl:5: `m1` stands in line 1 too",
        ),
        (
            vec!["teach", "m1", "forget", "--preferences", &mine],
            "error: nothing was taught about `m1` that fits",
        ),
        (
            vec!["teach", "m1", "accept", "--preferences", &broken],
            "broken.toml:2:2: unknown field `alwys`",
        ),
        (
            vec!["judge", "hi", "--preferences", &broken],
            "broken.toml:2:2: unknown field `alwys`",
        ),
        (
            vec!["judge", "hi", "--preferences", &typo],
            "typo.toml:2:8: there is no detector `sale`; did you mean `sales`?",
        ),
        (
            vec!["judge", "hi", "--preferences", "nowhere.toml"],
            "cannot read `nowhere.toml`: there is no such file",
        ),
    ] {
        let Run { status, out, err } = run(&args);
        assert_eq!((status, out.as_str()), (Some(1), ""), "{args:?}");
        assert!(err.contains(expected), "{args:?}\n{err}");
    }
    assert_eq!(fs::read_to_string(&mine).unwrap(), MINE);
    assert_eq!(run(&["teach", "m1", "maybe", "--preferences", &mine]).status, Some(2));
    assert_eq!(run(&["teach", "m1", "accept"]).status, Some(2));
}

#[test]
fn a_fit_takes_its_labels_from_what_was_taught() {
    let folder = Folder::new();
    let mut corpus = String::new();
    for i in 0..12 {
        let (text, label) = match i % 2 {
            0 => (
                format!("We help firms in town {i} grow revenue by {i}0%. Worth a quick call?"),
                "unsure",
            ),
            _ => (format!("Are the minutes of meeting {i} ready, Ana?"), "genuine"),
        };
        corpus += &format!("{{\"id\": \"c{i}\", \"message\": {{\"text\": \"{text}\"}}, \"label\": \"{label}\"}}\n");
    }
    let corpus = folder.file("corpus.jsonl", corpus);
    let model = folder.path().join("model.toml").to_str().unwrap().to_owned();
    let without = run(&["fit", "--corpus", &corpus, "-o", &model]);
    assert_eq!(without.status, Some(1), "no pitch is labelled: {}", without.out);
    let mine = folder.path().join("mine.toml").to_str().unwrap().to_owned();
    for i in [0, 2, 4, 6, 8, 10] {
        let id = format!("c{i}");
        let taught = run(&["teach", &id, "decline", "--preferences", &mine, "--from", &corpus]);
        assert_eq!(taught.status, Some(0), "{}", taught.err);
    }
    let fitted = run(&["fit", "--corpus", &corpus, "--preferences", &mine, "-o", &model]);
    assert_eq!(fitted.status, Some(0), "{}", fitted.err);
    assert!(
        fitted
            .err
            .contains("note: 6 messages of 6 taught are in the corpus and give its label"),
        "{}",
        fitted.err
    );
    let written = fs::read_to_string(&model).unwrap();
    assert!(
        written.contains("pitch = 6\n") && written.contains("genuine = 6\n"),
        "{written}"
    );
}
