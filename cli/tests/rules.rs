//! `huckster rules`, completions and the manual.

mod common;

use common::{Folder, Run, run};
use serde_json::Value;

const GOOD: &str = r#"
[set]
name = "acme"

[[rule]]
id = "acme.fax"
group = "ask"
weight = 0.6
summary = "Wants to go on by fax"
advice = "Write an e-mail."
notes = "Nobody has a fax."
phrases = ["(send|by) [a] fax"]
hits = ["May I send a fax?"]
misses = ["The fax machine is gone."]

[[override]]
id = "sales.pretext-flattery"
weight = 0.4
"#;

#[test]
fn the_list_is_a_table() {
    let Run { status, out, err } = run(&["rules", "list", "--group", "ask"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let mut lines = out.lines();
    let head = lines.next().unwrap();
    for title in ["rule", "group", "weight", "status", "reason"] {
        assert!(head.contains(title), "{head}");
    }
    let column = head.find("group").unwrap();
    let rules: Vec<&str> = lines.take_while(|l| !l.is_empty()).collect();
    assert!(rules.len() > 3);
    assert!(
        rules.iter().all(|l| l[column..].starts_with("ask ") && l.contains('.')),
        "{out}"
    );
    assert!(out.trim_end().ends_with(&format!("{} rules", rules.len())));
}

#[test]
fn the_list_is_json_too() {
    let all: Value = serde_json::from_str(&run(&["rules", "list", "--json"]).out).unwrap();
    let some: Value =
        serde_json::from_str(&run(&["rules", "list", "--json", "--namespace", "automation"]).out).unwrap();
    let (all, some) = (all.as_array().unwrap(), some.as_array().unwrap());
    assert!(!some.is_empty() && some.len() < all.len());
    assert!(
        some.iter()
            .all(|r| r["id"].as_str().unwrap().starts_with("automation.") && r["weight"].is_number())
    );
    let none = run(&["rules", "list", "--group", "aks"]);
    assert_eq!(none.status, Some(1));
    assert!(
        none.err
            .contains("there is no rule in a group `aks`; groups are: ask, "),
        "{}",
        none.err
    );
}

#[test]
fn a_rule_is_shown_in_full() {
    let folder = Folder::new();
    let path = folder.file("acme.toml", GOOD);
    let Run { status, out, .. } = run(&["rules", "show", "acme.fax", "--rules", &path]);
    assert_eq!(status, Some(0));
    for part in [
        "Wants to go on by fax",
        "+0.600",
        "ask",
        "Write an e-mail.",
        "Nobody has a fax.",
        "(send|by) [a] fax",
        "May I send a fax?",
        "The fax machine is gone.",
        "acme.toml:",
    ] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    let changed = run(&["rules", "show", "sales.pretext-flattery", "--rules", &path]).out;
    assert!(
        changed.contains("+0.400") && changed.contains("changed at"),
        "{changed}"
    );
}

#[test]
fn an_unknown_rule_has_a_suggestion() {
    let near = run(&["rules", "show", "sales.pretext-flatery"]);
    assert_eq!(near.status, Some(1));
    assert_eq!(
        near.err,
        "error: there is no rule `sales.pretext-flatery`; did you mean `sales.pretext-flattery`?\n"
    );
    assert!(run(&["rules", "show", "flattery"]).err.contains("similar: "));
}

#[test]
fn a_good_file_passes_the_check() {
    let folder = Folder::new();
    let path = folder.file("acme.toml", GOOD);
    let Run { status, err, .. } = run(&["rules", "check", &path]);
    assert_eq!(status, Some(0), "{err}");
    assert!(
        err.contains("acme.toml: 1 rule, no problems") && err.ends_with("0 errors, 0 warnings\n"),
        "{err}"
    );
    let alone = run(&["rules", "check", "--standalone", &path]);
    assert_eq!(alone.status, Some(1), "the group is in the built-in set");
    assert!(alone.err.contains("error[HK011]"), "{}", alone.err);
}

#[test]
fn a_bad_file_is_explained() {
    let folder = Folder::new();
    let good = folder.file("acme.toml", GOOD);
    let bad = folder.file("bad.toml", GOOD.replace("summary", "sumary"));
    let Run { status, out, err } = run(&["rules", "check", &good, &bad]);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(
        err.contains("error[HK002]") && err.contains("did you mean `summary`?") && err.contains("bad.toml:9:1"),
        "{err}"
    );
    assert!(err.ends_with("2 errors, 0 warnings\n"), "{err}");
    assert!(!err.contains('\u{1b}'));
    assert!(
        run(&["rules", "check", &bad, "--color", "always"])
            .err
            .contains("\u{1b}[")
    );

    let dead = folder.file("dead.toml", GOOD.replace("pretext-flattery", "pretext-flatery"));
    let err = run(&["rules", "check", &dead]).err;
    assert!(
        err.contains("error[HK050]") && err.contains("did you mean `sales.pretext-flattery`?"),
        "{err}"
    );

    let unfired = folder.file(
        "unfired.toml",
        GOOD.replace("May I send a fax?", "May I send a letter?"),
    );
    let Run { status, err, .. } = run(&["rules", "check", &unfired]);
    assert_eq!(status, Some(1));
    assert!(err.contains("error[HK040]"), "{err}");
}

#[test]
fn the_check_has_json() {
    let folder = Folder::new();
    let bad = folder.file("bad.toml", GOOD.replace("weight = 0.6", "weight = 60"));
    let Run { status, out, err } = run(&["rules", "check", "--json", &bad]);
    assert_eq!((status, err.as_str()), (Some(1), ""));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["errors"], 1);
    let problem = &report["files"][0]["diagnostics"][0];
    assert_eq!(
        (&problem["severity"], &problem["line"]),
        (&"error".into(), &8.into()),
        "{out}"
    );
}

#[test]
fn files_that_are_not_there_or_not_text_are_named() {
    let folder = Folder::new();
    let missing = run(&["rules", "check", "nowhere.toml"]);
    assert_eq!(missing.status, Some(1));
    assert_eq!(
        missing.err,
        "error: cannot read `nowhere.toml`: there is no such file\n"
    );
    let binary = folder.file("binary.toml", b"\xff\x00");
    let Run { status, err, .. } = run(&["rules", "check", &binary]);
    assert_eq!(status, Some(1));
    assert!(err.contains("is not UTF-8"), "{err}");
}

#[test]
fn completions_and_manual_pages_are_made() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let Run { status, out, .. } = run(&["completions", shell]);
        assert_eq!(status, Some(0));
        assert!(out.contains("huckster") && out.contains("jsonl"), "{shell}");
    }
    let page = run(&["man"]).out;
    assert!(page.contains(".TH huckster 1") && page.contains("judge"), "{page}");
    let page = run(&["man", "rules", "check"]).out;
    assert!(page.contains("standalone"), "{page}");
    assert_eq!(run(&["man", "nothing"]).status, Some(1));
}

#[test]
fn help_has_examples() {
    for args in [
        vec!["--help"],
        vec!["judge", "--help"],
        vec!["rules", "list", "--help"],
        vec!["rules", "show", "--help"],
    ] {
        let Run { status, out, .. } = run(&args);
        assert_eq!(status, Some(0));
        assert!(out.contains("Example"), "{args:?}: {out}");
    }
    assert_eq!(
        run(&["--version"]).out,
        format!("huckster {}\n", env!("CARGO_PKG_VERSION"))
    );
}
