//! `huckster bench`, `compare`, `fit` and `corpus`.

mod common;

use common::{Folder, Run, run};
use serde_json::Value;

/// The written corpus, of which a part is enough here.
fn corpus(name: &str) -> String {
    format!("{}/../corpus/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[allow(clippy::unwrap_used, reason = "a test may fail")]
fn json(args: &[&str]) -> Value {
    let Run { status, out, err } = run(args);
    assert_eq!(status, Some(0), "{err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn bench_says_what_matters_first() {
    let Run { status, out, err } = run(&["bench", "--corpus", &corpus("written-d.jsonl"), "--no-speed"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let headline = out
        .lines()
        .find(|l| l.starts_with("genuine messages declined"))
        .unwrap();
    assert!(headline.contains(" of 50 ("), "{headline}");
    for part in [
        "ROC-AUC pitch/genuine",
        "average precision",
        "Rules that tell most",
        "1000 draws of whole clusters",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    let row = out.lines().find(|l| l.starts_with("pitch   ")).unwrap();
    let numbers: Vec<u32> = row.split_whitespace().skip(1).map(|n| n.parse().unwrap()).collect();
    assert_eq!(numbers.iter().sum::<u32>(), 60);
}

#[test]
fn bench_writes_json_with_the_headline() {
    let path = corpus("written-e.jsonl");
    let all = json(&["bench", "--corpus", &path, "--json"]);
    for task in ["pitch_vs_genuine", "unwanted_vs_genuine"] {
        let auc = &all["roc_auc"][task];
        let number = |key: &str| auc[key].as_f64().unwrap();
        assert!(0.5 < number("low") && number("low") <= number("value") && number("value") <= number("high"));
    }
    assert!(all["speed"]["messages_per_second"].as_f64().unwrap() > 0.0);
    assert!(all["speed"]["automaton_bytes"].as_u64().unwrap() > 0);
    assert!(all["measured"]["messages"].as_u64().unwrap() > 300);
    // The same figures every time, but for speed.
    let args = ["bench", "--corpus", &path, "--json", "--no-speed"];
    assert_eq!(run(&args).out, run(&args).out);
    let other = json(&[
        "bench",
        "--corpus",
        &path,
        "--json",
        "--no-speed",
        "--no-ablation",
        "--seed",
        "7",
    ]);
    assert_eq!(
        other["roc_auc"]["pitch_vs_genuine"]["value"],
        all["roc_auc"]["pitch_vs_genuine"]["value"]
    );
    assert_ne!(
        other["roc_auc"]["pitch_vs_genuine"]["low"],
        all["roc_auc"]["pitch_vs_genuine"]["low"]
    );
    assert_eq!(other["ablation"], serde_json::json!([]));
}

#[test]
fn bench_measures_a_hit_log_as_it_measures_messages() {
    let folder = Folder::new();
    let hits = folder.path().join("d.hits.jsonl");
    let hits = hits.to_str().unwrap();
    let path = corpus("written-d.jsonl");
    let direct = json(&["bench", "--corpus", &path, "--json", "--no-speed", "--write-hits", hits]);
    let from_log = json(&["bench", "--hits", hits, "--json"]);
    assert_eq!(direct, from_log);
    let table = folder.path().join("d.csv");
    let page = folder.path().join("d.html");
    let rules = folder.path().join("rules.csv");
    let [table, page, rules] = [&table, &page, &rules].map(|p| p.to_str().unwrap());
    let args = [
        "bench",
        "--corpus",
        &path,
        "--no-speed",
        "--write-hits",
        table,
        "--html",
        page,
        "--csv",
        rules,
    ];
    let Run { status, err, .. } = run(&args);
    assert_eq!(status, Some(0), "{err}");
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    assert!(read(table).starts_with("id,label,decision,score,"));
    assert_eq!(read(table).lines().count(), 131);
    assert!(read(page).to_lowercase().starts_with("<!doctype html>") && read(page).contains("<svg"));
    assert!(!read(page).contains("http://") || !read(page).contains("src=\"http"));
    assert!(read(rules).starts_with("rule,"));
}

#[test]
fn several_sets_stand_side_by_side() {
    let folder = Folder::new();
    let off = folder.file(
        "off.toml",
        "[[override]]\nid = \"sales.price-terms\"\nenabled = false\n",
    );
    let all = json(&[
        "bench",
        "--corpus",
        &corpus("written-d.jsonl"),
        "--set",
        &off,
        "--json",
        "--no-speed",
        "--no-ablation",
    ]);
    let other = &all["others"][0];
    assert_ne!(all["rule_set"]["fingerprint"], other["rule_set"]["fingerprint"]);
    assert_eq!(all["measured"], other["measured"]);
}

#[test]
fn compare_tells_which_is_better_or_that_it_cannot() {
    let folder = Folder::new();
    let path = corpus("written-d.jsonl");
    let none = folder.file(
        "none.toml",
        "[[group]]\nid = \"ask\"\nknee = 1.0\n[[rule]]\nid = \"x.y\"\ngroup = \"ask\"\nweight = 1.0\nsummary = \"s\"\nphrases = [\"zzz\"]\n",
    );
    let args = [
        "compare",
        "--corpus",
        &path,
        "--no-builtin",
        "--a",
        &none,
        "--b",
        "builtin",
    ];
    let Run { status, out, err } = run(&args);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(out.contains("\nB is better in some ways (pitches declined"), "{out}");
    assert!(out.contains("decided differently, the worst news first"));
    let same = run(&["compare", "--corpus", &path, "--b", "builtin"]);
    assert!(
        same.out.contains("There is no difference on these messages."),
        "{}",
        same.out
    );
    let json = json(&[
        "compare",
        "--corpus",
        &path,
        "--a",
        "hand",
        "--b",
        &none,
        "--no-builtin",
        "--json",
    ]);
    assert!(json["conclusion"].as_str().unwrap().contains("worse"));
    let changed = json["changed"].as_array().unwrap();
    assert!(changed.len() > 50 && changed.iter().all(|c| c["decisions"][0] != c["decisions"][1]));
}

#[test]
fn a_fitted_model_is_used_like_a_rule_file() {
    let folder = Folder::new();
    let model = folder.path().join("model.toml");
    let report = folder.path().join("fit.md");
    let [model, report] = [&model, &report].map(|p| p.to_str().unwrap());
    let path = corpus("written-a.jsonl");
    let args = [
        "fit",
        "--corpus",
        &path,
        "-o",
        model,
        "--report",
        report,
        "--date",
        "2026-11-25",
        "--id",
        "mine",
    ];
    let Run { status, out, err } = run(&args);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("fitted, on folds it had not seen"), "{out}");
    let text = std::fs::read_to_string(model).unwrap();
    assert!(text.contains("date = \"2026-11-25\"") && text.contains("calibration-slope"));
    assert!(std::fs::read_to_string(report).unwrap().contains("| "));
    // The same bytes again.
    run(&args);
    assert_eq!(std::fs::read_to_string(model).unwrap(), text);
    let verdict = json(&[
        "judge",
        "--json",
        "--rules",
        model,
        "We help founders 10X their revenue. Quick call?",
    ]);
    assert_eq!(verdict["rule_set"]["model"], "mine");
    assert!(verdict["probability"].as_f64().unwrap() > 0.5);
    // A model of other rules is refused.
    let layer = folder.file(
        "off.toml",
        "[[override]]\nid = \"sales.price-terms\"\nenabled = false\n",
    );
    let Run { status, err, .. } = run(&["judge", "--rules", &layer, "--rules", model, "Hello"]);
    assert_eq!(status, Some(1));
    assert!(err.contains("HK070"), "{err}");
}

#[test]
fn recorded_verdicts_are_guarded() {
    let folder = Folder::new();
    let pitch = r#"{"id": "p", "message": {"text": "We guarantee 20 qualified leads a month or you do not pay. Book a call: https://calendly.com/x/15"}, "label": "pitch"}"#;
    let genuine = r#"{"id": "g", "message": {"text": "See you at the pool at eight"}, "label": "genuine"}"#;
    let messages = folder.file("c.jsonl", format!("{pitch}\n{genuine}\n"));
    let record = folder.path().join("verdicts.csv");
    let record = record.to_str().unwrap();
    let args = ["corpus", "verdicts", "--corpus", &messages, "--record", record];
    let missing = run(&args);
    assert_eq!(missing.status, Some(1));
    assert!(missing.err.contains("write it with --update"));
    let update = [&args[..], &["--update"]].concat();
    assert_eq!(run(&update).status, Some(0));
    let again = run(&args);
    assert_eq!(again.status, Some(0), "{}", again.out);
    assert!(again.out.contains("0 decisions changed"), "{}", again.out);

    // A rule that takes swimmers for sellers.
    let rule = "[[rule]]\nid = \"x.pool\"\ngroup = \"offer\"\nweight = 9.0\nsummary = \"s\"\nphrases = [\"pool\"]\ndecisive = true\n\
                [[group]]\nid = \"offer\"\nknee = 9.0\n";
    let rule = folder.file("pool.toml", rule);
    let with = [&args[..], &["--rules", &rule]].concat();
    let Run { status, out, .. } = run(&with);
    assert_eq!(status, Some(1), "{out}");
    assert!(
        out.contains("worse ") && out.contains("g is genuine and declined"),
        "{out}"
    );
    let intended = folder.file("intended.txt", "# why\ng Swimmers are out of fashion.\n");
    let listed = run(&[&with[..], &["--intended", &intended, "--update"]].concat());
    assert_eq!(listed.status, Some(0), "{}", listed.out);
    assert!(
        listed
            .out
            .contains("intended: g is declined though genuine. Swimmers are out of fashion.")
    );
}

#[test]
fn a_corpus_is_checked() {
    let folder = Folder::new();
    let line = |id: &str, text: &str, label: &str| {
        format!("{{\"id\": \"{id}\", \"message\": {{\"text\": \"{text}\"}}, \"label\": \"{label}\"}}\n")
    };
    let near = line(
        "1",
        "The lift in the north wing stops between the floors again",
        "genuine",
    ) + &line(
        "2",
        "The lift in the north wing stops between the floors again!",
        "genuine",
    ) + &line(
        "3",
        "We guarantee twenty leads a month or you pay nothing at all",
        "pitch",
    );
    let path = folder.file("near.jsonl", near);
    let Run { status, out, .. } = run(&["corpus", "check", "--corpus", &path]);
    assert_eq!(status, Some(1));
    assert!(
        out.contains("near-duplicate 1 ~ 2  1.00") && out.contains("no corpus card"),
        "{out}"
    );
    let whole = json(&["corpus", "check", "--corpus", &corpus(""), "--json"]);
    assert_eq!(whole["near_duplicates"], serde_json::json!([]));
    for cue in whole["cues"].as_array().unwrap() {
        assert!(cue["roc_auc"].as_f64().unwrap() < 0.6, "{cue}");
    }
}

#[test]
fn bad_input_is_told_with_its_place_and_nothing_is_measured() {
    let folder = Folder::new();
    let good = r#"{"id": "1", "message": {"text": "x"}, "label": "pitch"}"#;
    let bad = folder.file("bad.jsonl", format!("{good}\n{{\"id\": \"2\"\n"));
    let Run { status, out, err } = run(&["bench", "--corpus", &bad]);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(err.contains("bad.jsonl:2:"), "{err}");
    let one = folder.file("one.jsonl", good);
    for command in ["bench", "compare", "fit"] {
        let mut args = vec![command, "--corpus", &one];
        match command {
            "compare" => args.extend(["--b", "hand"]),
            "fit" => args.extend(["-o", "-"]),
            _ => {}
        }
        let Run { status, out, err } = run(&args);
        assert_eq!((status, out.as_str()), (Some(1), ""), "{command}");
        assert!(err.contains("no message is labelled genuine"), "{err}");
    }
    let csv = folder.file("mail.csv", "Body,Class\nQuick call?,spam\nSee you,ham\n");
    let mapped = [
        "bench",
        "--corpus",
        &csv,
        "--column",
        "text=Body",
        "--column",
        "label=Class",
        "--no-speed",
    ];
    let unmapped = run(&mapped);
    assert!(unmapped.err.contains("there is no label `spam`"), "{}", unmapped.err);
    let labels = ["--label", "spam=pitch", "--label", "ham=genuine"];
    assert_eq!(run(&[&mapped[..], &labels].concat()).status, Some(0));
    assert!(
        run(&["bench", "--corpus", "nothing.jsonl"])
            .err
            .contains("nothing.jsonl: cannot be read")
    );
}
