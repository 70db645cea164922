//! `huckster lint`: the draft with its places marked, counts, advice, and an exit status for scripts.
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop at what must not happen")]

mod common;

use common::{Folder, Run, run, run_with};
use serde_json::Value;

const PITCH: &str = "Hi {{firstName}}, we help clinics fill night shifts. Worth a quick call this week?";
const GOOD: &str = "Hi Jonas, your note on axle sensors at Calder Rail settled an argument in our workshop. Which sensor did you end up with?";

#[test]
fn a_pitch_is_marked_and_advised() {
    let Run { status, out, err } = run(&["lint", PITCH]);
    assert_eq!((status, err.as_str()), (Some(1), ""), "{out}");
    assert!(out.starts_with("WOULD BE DECLINED  score +"), "{out}");
    assert!(
        out.contains("reads as generic: no, as a pitch: clearly, as a machine: clearly"),
        "{out}"
    );
    assert!(out.contains("Hi [{{firstName}}], [we help clinics fill"), "{out}");
    assert!(
        out.contains("82 characters  ✓ free note 200  ✓ note 300  ✓ InMail 1,900  ✓ message 8,000"),
        "{out}"
    );
    let at = |what: &str| out.find(what).unwrap_or_else(|| panic!("no {what} in {out}"));
    assert!(at("  error  A template variable") < at("→ Fill in the variable"));
    assert!(at("  error  ") < at("warning  ") && at("warning  ") < at("   hint  "));
    for line in out.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    assert!(!out.contains('\u{1b}'));
    let painted = run(&["lint", PITCH, "--color", "always"]).out;
    assert!(painted.contains("\u{1b}[") && !painted.contains("[{{"), "{painted}");
}

#[test]
fn a_good_draft_ends_with_status_0() {
    let Run { status, out, err } = run(&["lint", GOOD]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(
        out.starts_with("WOULD BE ACCEPTED") && out.contains("hint") && !out.contains("warning"),
        "{out}"
    );
}

#[test]
fn a_draft_that_cannot_be_sent_ends_with_status_1() {
    let long = "The sensor runs warm on the old carriages. ".repeat(8);
    for (channel, status) in [("invitation", 1), ("direct", 0), ("inmail", 0)] {
        let ended = run(&["lint", &long, "--channel", channel]);
        assert_eq!(ended.status, Some(status), "{channel}: {}", ended.out);
    }
    let Run { out, .. } = run(&["lint", &long, "--channel", "invitation"]);
    assert!(
        out.starts_with("NOT READY TO SEND") && out.contains("✗ note 300"),
        "{out}"
    );
    assert!(out.contains("43 too many for a note (300)"), "{out}");
    assert_eq!(run(&["lint", ""]).status, Some(1));
}

#[test]
fn standard_input_is_a_draft() {
    let given = run_with(&["lint", "-"], format!("{PITCH}\n").as_bytes(), &[]);
    assert_eq!(
        given.out,
        run(&["lint", PITCH]).out,
        "the line end is not part of the draft"
    );
    assert_eq!(
        run_with(&["lint", "-"], b"a\xff", &[]).err,
        "error: standard input is not UTF-8: byte 2 does not belong there\n"
    );
    let nasty = run_with(&["lint", "-"], "Hi \u{1b}[31m \u{202e}there?".as_bytes(), &[]).out;
    assert!(!nasty.contains(['\u{1b}', '\u{202e}']), "{nasty:?}");
}

#[test]
fn a_file_is_a_draft() {
    let folder = Folder::new();
    let file = folder.file("note.txt", format!("{PITCH}\r\n"));
    let from_file = run(&["lint", &file]);
    assert_eq!(
        (from_file.status, &from_file.out),
        (Some(1), &run(&["lint", PITCH]).out)
    );
    assert!(from_file.err.contains("is a file"), "{}", from_file.err);
    // A slip in a name must not pass as a good draft.
    let slip = run(&["lint", "nowhere.txt"]);
    assert_eq!(
        (slip.status, slip.err.as_str()),
        (Some(1), "error: cannot read `nowhere.txt`: there is no such file\n")
    );
}

#[test]
fn json_is_one_report() {
    let Run { status, out, .. } = run(&["lint", PITCH, "--json"]);
    assert_eq!((status, out.lines().count()), (Some(1), 1));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&report["accepted"], &report["verdict"]["decision"]),
        (&false.into(), &"decline".into())
    );
    assert_eq!(report["findings"][0]["kind"], "placeholder");
    assert_eq!(report["findings"][0]["evidence"][0]["excerpt"], "{{firstName}}");
    assert_eq!(report["text"]["utf16"], 82);
}

#[test]
fn both_people_may_be_given() {
    let folder = Folder::new();
    let ana = folder.file(
        "ana.json",
        r#"{"name": "Ana Ruiz", "positions": [{"title": "Nurse", "company": "St Clare"}]}"#,
    );
    let me = folder.file(
        "me.json",
        r#"{"name": "Jo", "headline": "Lead generation for clinics", "positions": [{"company": "St Clare", "current": false}]}"#,
    );
    let draft = "Hello Anna, is the ward as cold as it was?";
    let out = run(&["lint", draft, "--for", &ana, "--from", &me]).out;
    assert!(out.contains("[Anna]") && out.contains("Greets somebody else"), "{out}");
    assert!(
        out.contains("sender.headline:\n  [Lead generation] for clinics"),
        "{out}"
    );
    assert!(out.contains("You share St Clare, and do not say so"), "{out}");
    let bad = folder.file("bad.json", r#"{"nme": "Ana"}"#);
    let error = run(&["lint", draft, "--for", &bad]);
    assert_eq!(error.status, Some(1));
    assert!(
        error.err.contains("bad.json`, line 1, column 2: ") && error.err.contains("did you mean `name`?"),
        "{}",
        error.err
    );
    assert_eq!(error.out, "");
}

#[test]
fn a_wrong_command_line_is_status_2() {
    assert_eq!(run(&["lint"]).status, Some(2));
    assert_eq!(run(&["lint", "x", "--channel", "pigeon"]).status, Some(2));
}
