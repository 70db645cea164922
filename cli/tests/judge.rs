//! `huckster judge` with texts and files.

mod common;

use common::{Folder, Run, run, run_with};
use serde_json::Value;

const PITCH: &str = "We help founders 10X their revenue. Worth a quick call this week?";

/// The sample inbox of the repository.
const INBOX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/inbox.jsonl");

/// A weight as it is printed, in thousandths.
fn milli(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-'])?.split_once('.')?;
    let size = digits.0.parse::<i64>().ok()? * 1000 + digits.1.parse::<i64>().ok()?;
    Some(if text.starts_with('-') { -size } else { size })
}

#[test]
fn a_text_is_shown_with_its_evidence_and_rows_that_add_up() {
    let Run { status, out, err } = run(&["judge", PITCH]);
    assert_eq!((status, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("DECLINE  score +"), "{out}");
    assert!(
        out.contains("[10X their revenue]") || out.contains("10X their revenue]"),
        "{out}"
    );
    assert!(out.contains("would be"), "{out}");
    let (mut sum, mut rows) = (0, 0);
    for line in out.lines() {
        let mut words = line.split_whitespace();
        let (Some(share), Some(second)) = (words.next().and_then(milli), words.next()) else {
            continue;
        };
        if second == "score" {
            assert_eq!(share, sum, "{out}");
        } else if let Some(total) = milli(second) {
            sum += share;
            rows += 1;
            assert_eq!(total, sum, "{out}");
        }
    }
    assert!(rows >= 3, "{out}");
}

#[test]
fn a_pipe_gets_no_escapes_and_colour_can_be_forced() {
    assert!(!run(&["judge", PITCH]).out.contains('\u{1b}'));
    assert!(!run(&["judge", INBOX]).out.contains('\u{1b}'));
    let painted = run(&["judge", PITCH, "--color", "always"]).out;
    assert!(painted.contains("\u{1b}["), "{painted}");
    assert!(
        !painted.contains("[10X"),
        "no brackets where there is colour: {painted}"
    );
    assert!(!run(&["judge", PITCH, "--color", "never"]).out.contains('\u{1b}'));
    let forced = [("CLICOLOR_FORCE", "1")];
    assert!(run_with(&["judge", PITCH], b"", &forced).out.contains('\u{1b}'));
    let both = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    assert!(
        !run_with(&["judge", PITCH, "--color", "never"], b"", &both)
            .out
            .contains('\u{1b}')
    );
    assert!(
        !run_with(&["judge", PITCH], b"", &[("NO_COLOR", "1")])
            .out
            .contains('\u{1b}')
    );
    // What a message brings along is never passed on.
    let nasty = "Hi \u{1b}[31m\u{1b}]0;title\u{7} \0 \u{202e}there";
    let shown = run_with(&["judge", "-"], nasty.as_bytes(), &[]).out;
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\0', '\u{202e}']), "{shown:?}");
}

#[test]
fn standard_input_is_a_text() {
    let from_input = run_with(&["judge", "-"], PITCH.as_bytes(), &[]);
    assert_eq!(from_input.status, Some(0));
    assert_eq!(from_input.out, run(&["judge", PITCH]).out);
    let bad = run_with(&["judge", "-"], b"abc\xff", &[]);
    assert_eq!(bad.status, Some(1));
    assert_eq!(
        bad.err,
        "error: standard input is not UTF-8: byte 4 does not belong there\n"
    );
    assert!(run_with(&["judge", "-"], b"", &[]).out.contains("(no note)"));
}

#[test]
fn json_is_one_verdict() {
    let Run { status, out, .. } = run(&["judge", PITCH, "--json"]);
    assert_eq!(status, Some(0));
    assert_eq!(out.lines().count(), 1);
    let verdict: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(verdict["decision"], "decline");
    let all = run(&["judge", INBOX, "--json"]);
    assert_eq!(all.out, run(&["judge", "--jsonl", INBOX]).out);
}

#[test]
fn a_file_of_messages_is_sorted() {
    let Run { status, out, err } = run(&["judge", INBOX]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let at = |what: &str| {
        out.lines()
            .position(|l| l.starts_with(what))
            .unwrap_or_else(|| panic!("no {what} in {out}"))
    };
    assert!(at("DECLINE ") < at("REVIEW ") && at("REVIEW ") < at("ACCEPT ") && at("ACCEPT ") < at("42 messages"));
    for n in 1..=42 {
        assert_eq!(
            out.lines().filter(|l| l.starts_with(&format!("m{n:02} "))).count(),
            1,
            "m{n:02}"
        );
    }
    assert!(out.contains("Most frequent reasons not to accept"));
    for line in out.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn json_files_hold_a_message_or_a_list() {
    let folder = Folder::new();
    let one = folder.file(
        "one.json",
        format!("{{\n  \"id\": \"x\",\n  \"text\": \"{PITCH}\"\n}}\n"),
    );
    assert!(run(&["judge", &one]).out.contains("  score\n"));
    let list = folder.file(
        "list.json",
        format!("[{{\"id\": \"x\", \"text\": \"{PITCH}\"}},\n {{\"txt\": \"a\"}}]"),
    );
    let Run { status, out, err } = run(&["judge", &list]);
    assert_eq!(status, Some(1));
    assert!(out.contains("DECLINE 1 ") && out.contains("unread"), "{out}");
    assert!(
        err.contains("list.json:2: column 3: a message has no key `txt`; did you mean `text`?"),
        "{err}"
    );
    assert_eq!(run(&["judge", &list, "--lenient"]).status, Some(0));
    let broken = folder.file("broken.json", "[{]");
    let Run { status, err, .. } = run(&["judge", &broken]);
    assert_eq!(status, Some(1));
    assert!(err.contains("broken.json:1: column 3"), "{err}");
    let empty = folder.file("empty.jsonl", "");
    assert!(run(&["judge", &empty]).out.contains("0 messages"));
}

#[test]
fn another_file_is_read_as_a_text() {
    let folder = Folder::new();
    let note = folder.file("note.txt", PITCH);
    let Run { status, out, err } = run(&["judge", &note]);
    assert_eq!(status, Some(0));
    assert!(err.starts_with("note: ") && err.contains("as one text"), "{err}");
    assert_eq!(out, run(&["judge", PITCH]).out);
}

#[test]
fn missing_and_broken_files_are_named() {
    let folder = Folder::new();
    for (args, said) in [
        (
            vec!["judge", "no-such-file.jsonl"],
            "error: cannot read `no-such-file.jsonl`: there is no such file",
        ),
        (
            vec!["judge", "--jsonl", "no-such-file"],
            "error: cannot read `no-such-file`: there is no such file",
        ),
        (
            vec!["judge", "x", "--recipient", "nobody.json"],
            "error: cannot read `nobody.json`: there is no such file",
        ),
        (vec!["judge", "x", "--rules", "no-rules.toml"], "no-rules.toml"),
        (
            vec!["judge", "--jsonl", folder.path().to_str().unwrap()],
            "error: cannot read",
        ),
    ] {
        let Run { status, out, err } = run(&args);
        assert_eq!((status, out.as_str()), (Some(1), ""), "{args:?}");
        assert!(err.contains(said), "{args:?}: {err}");
    }
    let bad = folder.file("bad.toml", "[[rule]\n");
    let Run { status, err, .. } = run(&["judge", "x", "--rules", &bad]);
    assert_eq!(status, Some(1));
    assert!(err.contains("error[HK001]") && err.contains("bad.toml:1"), "{err}");
}

#[test]
fn a_wrong_command_line_is_status_2() {
    for args in [
        vec!["judge"],
        vec!["judge", "x", "--policy", "harsh"],
        vec!["judge", "x", "--no-builtin"],
        vec!["judge", "x", "--threads", "2"],
        vec!["judge", "--jsonl", "-", "--threads", "0"],
        vec!["frobnicate"],
        vec![],
    ] {
        assert_eq!(run(&args).status, Some(2), "{args:?}");
    }
}

#[test]
fn policies_change_the_lines() {
    let lines = |policy| {
        let out = run(&["judge", PITCH, "--policy", policy]).out;
        out.lines().next().unwrap().split_once('(').unwrap().1.to_owned()
    };
    assert_ne!(lines("strict"), lines("balanced"));
    assert_ne!(lines("balanced"), lines("lenient"));
}

#[test]
fn a_trace_says_why() {
    let fired = run(&["judge", "Hi {{firstName}}", "--trace", "automation.leftover-field"]);
    assert_eq!(fired.status, Some(0));
    assert!(
        fired.out.contains("automation.leftover-field: it fired"),
        "{}",
        fired.out
    );
    let slip = run(&["judge", "Hi", "--trace", "automation.leftover-feild"]);
    assert_eq!(slip.status, Some(1));
    assert!(
        slip.out.contains("did you mean `automation.leftover-field`?"),
        "{}",
        slip.out
    );
}

#[test]
fn a_recipient_stands_in_where_a_message_names_none() {
    let folder = Folder::new();
    let me = folder.file("me.json", r#"{"name": "Ana Ruiz", "headline": "Head of Data"}"#);
    let lines = "{\"text\": \"Hello Ana\"}\n{\"text\": \"Hello Ana\", \"recipient\": {\"name\": \"Ana Ruiz\", \"headline\": \"Head of Data\"}}\n";
    let with = run_with(&["judge", "--jsonl", "-", "--recipient", &me], lines.as_bytes(), &[]);
    assert_eq!(with.status, Some(0), "{}", with.err);
    let (first, second) = with.out.trim_end().split_once('\n').unwrap();
    assert_eq!(first, second);
    assert!(first.contains("recipient"));
    let slip = folder.file("slip.json", r#"{"headlnie": "Head of Data"}"#);
    let Run { status, err, .. } = run(&["judge", "x", "--recipient", &slip]);
    assert_eq!(status, Some(1));
    assert!(err.contains("did you mean `headline`?"), "{err}");
    assert_eq!(run(&["judge", "x", "--recipient", &slip, "--lenient"]).status, Some(0));
}

#[test]
fn rules_are_laid_over_the_built_in_ones() {
    let folder = Folder::new();
    let mine = folder.file(
        "acme.toml",
        "[set]\nname = \"acme\"\n[[group]]\nid = \"acme\"\nsummary = \"ours\"\nknee = 1\ncap = 2\n[[rule]]\nid = \"acme.fax\"\ngroup = \"acme\"\nweight = 0.6\nsummary = \"Wants a fax\"\nphrases = [\"send [a] fax\"]\nhits = [\"Please send a fax\"]\nmisses = [\"Hello\"]\n",
    );
    let fired = |args: &[&str]| run(&[&["judge", "Please send a fax. We help founders scale."], args].concat()).out;
    let both = fired(&["--rules", &mine]);
    assert!(both.contains("acme.fax") && both.contains("sales."), "{both}");
    let alone = fired(&["--rules", &mine, "--no-builtin"]);
    assert!(alone.contains("acme.fax") && !alone.contains("sales."), "{alone}");
    assert!(!fired(&[]).contains("acme.fax"));
}
