//! The evaluation: what is measured on a log is what the scorer says, fast ways agree with slow ones, and a bad corpus
//! gives a place, never a number.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::num::NonZeroUsize;
use std::path::Path;

use huckster::eval::{
    AblationKind, Comparison, Corpus, CsvColumns, EvaluationOptions, Finding, HitLog, Label, Labeled, Threads,
    VerdictRecord,
};
use huckster::{Policy, RuleSet, Scorer};

fn corpus(name: &str) -> Corpus {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    Corpus::load(path).unwrap()
}

fn threads(n: usize) -> Threads {
    Threads::Exactly(NonZeroUsize::new(n).unwrap())
}

#[test]
fn a_log_says_what_the_scorer_says() {
    let corpus = corpus("");
    assert!(corpus.len() >= 2500, "{}", corpus.len());
    for policy in [Policy::balanced(), Policy::strict()] {
        let scorer = Scorer::builtin().with_policy(policy);
        let log = corpus.run(&scorer);
        let mut scratch = scorer.scratch();
        for (labeled, judged) in corpus.messages().iter().zip(log.judge()) {
            let direct = scorer.judge_with(&mut scratch, &labeled.message);
            assert_eq!(judged.score, direct.score().as_milli(), "{}", labeled.id);
            assert_eq!(judged.decision, direct.decision(), "{}", labeled.id);
            assert_eq!(
                judged.probability,
                direct.probability().map(|p| p.ppm()),
                "{}",
                labeled.id
            );
        }
    }
}

#[test]
fn a_model_weighs_a_log_as_it_weighs_messages() {
    let corpus = corpus("written-a.jsonl");
    let scorer = Scorer::builtin();
    let log = corpus.run(&scorer);
    let mut model = scorer.model();
    for weight in model.weights.values_mut() {
        *weight = weight.scaled(1_500);
    }
    let other = scorer.with_model(&model).unwrap();
    let expected: Vec<i32> = corpus.run(&other).judge().iter().map(|j| j.score).collect();
    let weighed: Vec<i32> = log.judge_with_model(&model).unwrap().iter().map(|j| j.score).collect();
    assert_eq!(weighed, expected);
    model.fingerprint = "other".into();
    assert!(log.judge_with_model(&model).unwrap_err().to_string().contains("HK070"));
}

#[test]
fn logs_survive_a_file_and_hold_no_text() {
    let corpus = corpus("written-f.jsonl");
    let log = corpus.run(&Scorer::builtin());
    let mut bytes = Vec::new();
    log.write_jsonl(&mut bytes).unwrap();
    assert_eq!(HitLog::read_jsonl("a", bytes.as_slice()).unwrap(), log);
    let text = String::from_utf8(bytes).unwrap();
    for labeled in corpus.messages() {
        let message = &labeled.message;
        let sender = message.sender.as_ref().and_then(|s| s.headline.as_deref());
        for secret in [message.body.text(), sender]
            .into_iter()
            .flatten()
            .filter(|t| t.len() > 20)
        {
            assert!(!text.contains(secret), "{secret}");
        }
    }
    let hidden = log.clone().anonymous();
    assert!(hidden.messages().zip(1..).all(|(m, n)| m.id() == n.to_string()));
    assert_eq!(hidden.judge(), log.judge());
}

#[test]
fn damaged_logs_are_refused_with_their_place() {
    let corpus: Corpus = [
        Labeled::new("1", "We cut your cloud bill by 40%. Quick call?", Label::Pitch),
        Labeled::new("2", "See you at eight", Label::Genuine),
    ]
    .into_iter()
    .collect();
    let mut bytes = Vec::new();
    corpus.run(&Scorer::builtin()).write_jsonl(&mut bytes).unwrap();
    let good = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    for (text, expected) in [
        (String::new(), "x: the file is empty"),
        ("{}\n".into(), "x:1:1: this is not a hit log of huckster"),
        (good[..good.len() - 5].into(), "x:3:"),
        (format!("{good}{}\n", lines[1]), "x:4:1: the id `1` stands twice"),
        (
            good.replace("\"label\":\"pitch\"", "\"label\":\"pich\""),
            "x:2:1: there is no label `pich`; did you mean `pitch`?",
        ),
        (
            good.replace("[[", "[[99999,1000],["),
            "x:2:1: a hit is no rule of the table, or out of order",
        ),
        (
            good.replace("\"huckster_hit_log\":1", "\"huckster_hit_log\":9"),
            "x:1:1: a hit log of format 9, not 1",
        ),
    ] {
        let error = HitLog::read_jsonl("x", text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}

#[test]
fn logs_of_equal_rules_are_pooled() {
    let scorer = Scorer::builtin();
    let mut pool = corpus("written-a.jsonl").run(&scorer);
    let other = corpus("written-b.jsonl").run(&scorer);
    let together: Vec<_> = pool.judge().into_iter().chain(other.judge()).collect();
    pool.append(&other).unwrap();
    assert_eq!(pool.judge(), together);
    assert!(
        pool.append(&other)
            .unwrap_err()
            .to_string()
            .contains("the id `b001` is in both logs")
    );
    let strict = other.clone().with_policy(Policy::strict());
    assert!(
        pool.append(&strict)
            .unwrap_err()
            .to_string()
            .contains("pool logs of the same rules")
    );
}

#[test]
fn measures_agree_with_slow_ones_and_with_any_number_of_threads() {
    let corpus = corpus("written-d.jsonl");
    let scorer = Scorer::builtin();
    let log = corpus.run_with(&scorer, threads(1), &|_| {});
    assert_eq!(corpus.run_with(&scorer, threads(5), &|_| {}), log);
    let mut options = EvaluationOptions::default();
    options.resamples = 200;
    options.threads = threads(1);
    let evaluation = log.evaluate(&options).unwrap();
    options.threads = threads(3);
    assert_eq!(log.evaluate(&options).unwrap(), evaluation);

    // Every pair of a pitch and a genuine message, one by one.
    let of = |label| -> Vec<i32> {
        let pairs = log.messages().zip(log.judge());
        pairs
            .filter(|(m, _)| m.label() == label)
            .map(|(_, j)| j.score)
            .collect()
    };
    let (pitch, genuine) = (of(Label::Pitch), of(Label::Genuine));
    let mut won = 0.0;
    for p in &pitch {
        for g in &genuine {
            won += f64::from(u8::from(p > g)) + 0.5 * f64::from(u8::from(p == g));
        }
    }
    let auc = won / (pitch.len() * genuine.len()) as f64;
    let measured = evaluation.roc_auc.pitch_vs_genuine;
    assert!((measured.value.unwrap() - auc).abs() < 1e-6);
    assert!(measured.low.unwrap() <= auc && auc <= measured.high.unwrap());
    assert_eq!(evaluation.decisions.pitch.total() as usize, pitch.len());
    let declined = log.messages().zip(log.judge());
    let wrong = declined
        .filter(|(m, j)| m.label() == Label::Genuine && j.decision.is_decline())
        .count();
    assert_eq!(evaluation.false_decline.hits as usize, wrong);
    let counted: u64 = evaluation.histogram.iter().map(|b| b.counts.iter().sum::<u64>()).sum();
    assert_eq!(counted as usize, corpus.len() - corpus.count(Label::Unsure));
}

#[test]
fn leaving_a_rule_out_is_switching_it_off() {
    let corpus = corpus("written-a.jsonl");
    let log = corpus.run(&Scorer::builtin());
    let mut options = EvaluationOptions::default();
    options.resamples = 100;
    let with = log.evaluate(&options).unwrap();
    let units = with
        .ablation
        .iter()
        .filter(|a| a.kind == AblationKind::Rule && a.helps + a.harms > 0);
    let chosen: Vec<_> = units.step_by(9).take(6).collect();
    assert!(chosen.len() >= 4);
    for ablation in chosen {
        let off = format!("[[override]]\nid = \"{}\"\nenabled = false\n", ablation.id);
        let set = RuleSet::builtin()
            .overlay(RuleSet::parse("off.toml", &off).unwrap())
            .unwrap();
        let without = corpus
            .run(&Scorer::builder().rules(set).build().unwrap())
            .evaluate(&options)
            .unwrap();
        let id = &ablation.id;
        let change = |a: u64, b: u64| a as i64 - b as i64;
        assert_eq!(
            ablation.pitch_declined,
            change(without.decisions.pitch.decline, with.decisions.pitch.decline),
            "{id}"
        );
        assert_eq!(
            ablation.genuine_declined,
            change(without.decisions.genuine.decline, with.decisions.genuine.decline),
            "{id}"
        );
        let auc = |e: &huckster::eval::Evaluation| e.roc_auc.pitch_vs_genuine.value.unwrap();
        assert!(
            (ablation.roc_auc_change.unwrap() - (auc(&without) - auc(&with))).abs() < 2e-6,
            "{id}"
        );
    }
}

#[test]
fn a_set_is_no_better_than_itself_and_better_than_nothing() {
    let corpus = corpus("written-d.jsonl");
    let log = corpus.run(&Scorer::builtin());
    let options = EvaluationOptions::default();
    let same = Comparison::paired(&log, &log, &options).unwrap();
    assert!(same.changed.is_empty());
    assert_eq!(same.conclusion(), "There is no difference on these messages.");

    // Rules that see nothing but a word.
    let word = r#"
        [[group]]
        id = "ask"
        knee = 1.0
        [[rule]]
        id = "acme.word"
        group = "ask"
        weight = 1.0
        summary = "Has the word"
        phrases = ["synergies"]
    "#;
    let nothing = Scorer::builder()
        .rules(RuleSet::parse("n.toml", word).unwrap())
        .build()
        .unwrap();
    let other = corpus.run(&nothing);
    let comparison = Comparison::paired(&other, &log, &options).unwrap();
    assert!(
        comparison.conclusion().starts_with("B is better"),
        "{}",
        comparison.conclusion()
    );
    let pitches = &comparison.decision_tests[0];
    assert_eq!(
        (pitches.question, pitches.finding, pitches.only_a),
        ("pitches declined", Finding::Better, 0)
    );
    // Each changed message really is decided differently, and all of them are listed.
    let differ = log
        .judge()
        .iter()
        .zip(other.judge())
        .filter(|(x, y)| x.decision != y.decision)
        .count();
    assert_eq!(comparison.changed.len(), differ);
    assert!(comparison.changed.iter().all(|c| c.decisions[0] != c.decisions[1]));

    let another = Comparison::paired(&log, &self::corpus("written-a.jsonl").run(&Scorer::builtin()), &options);
    assert!(another.unwrap_err().to_string().contains("messages, the other"));
}

#[test]
fn a_difference_too_small_to_tell_says_how_many_more() {
    // One more set of which nobody can say whether it is better: twelve pitches more, seven fewer, of a hundred.
    let all: Corpus = (0..200)
        .map(|i| {
            let word = match i {
                0..12 => "alpha",
                12..19 => "beta",
                _ => "other",
            };
            let label = if i < 100 { Label::Pitch } else { Label::Genuine };
            Labeled::new(i.to_string(), format!("{word} message number {i} of the lot"), label)
        })
        .collect();
    let set = |word: &str| {
        let text = format!(
            "[[group]]\nid = \"ask\"\nknee = 3.0\n[[rule]]\nid = \"acme.{word}\"\ngroup = \"ask\"\nweight = 2.0\n\
             summary = \"x\"\nphrases = [\"{word}\"]\ndecisive = true\n"
        );
        let rules = RuleSet::parse("x.toml", &text).unwrap();
        all.run(&Scorer::builder().rules(rules).build().unwrap())
    };
    let comparison = Comparison::paired(&set("beta"), &set("alpha"), &EvaluationOptions::default()).unwrap();
    let test = &comparison.decision_tests[0];
    assert_eq!((test.only_a, test.only_b, test.finding), (7, 12, Finding::CannotTell));
    // Connor's formula by hand: (1.96 sqrt(0.19) + 0.8416 sqrt(0.19 - 0.0025))^2 / 0.0025 = 595 pairs.
    let more = test.more_needed.unwrap();
    assert!((490..500).contains(&more), "{more}");
    assert!(
        comparison.conclusion().starts_with("Cannot tell: about "),
        "{}",
        comparison.conclusion()
    );
}

#[test]
fn a_bad_corpus_gives_a_place() {
    let good = r#"{"id": "1", "message": {"text": "x"}, "label": "pitch"}"#;
    for (bytes, expected) in [
        (
            b"".to_vec(),
            "c: there are no messages in it; a corpus has one JSON object a line",
        ),
        (b"\n \n".to_vec(), "c: there are no messages in it"),
        (
            format!("{good}\n{good}\n").into_bytes(),
            "c:2:1: the id `1` is taken by line 1; give every message an id",
        ),
        (
            format!(
                "{good}\n{}\n",
                good.replace("\"1\"", "\"2\"").replace("pitch", "genuine")
            )
            .into_bytes(),
            "c:2:1: the same message is called genuine here and pitch at line 1; decide for one label",
        ),
        (
            good.replace("pitch", "spam").into_bytes(),
            "c:1:48: there is no label `spam`; labels are pitch",
        ),
        (
            good.replace("pitch", "ptich").into_bytes(),
            "c:1:48: there is no label `ptich`; did you mean `pitch`?",
        ),
        (
            good.replace("\"pitch\"", "3").into_bytes(),
            "c:1:48: `label`: invalid type: integer `3`",
        ),
        (
            good.replace("\"label\": \"pitch\"", "\"x\": 1").into_bytes(),
            "c:1:1: there is no `label`",
        ),
        (
            good.replace("label", "lable").into_bytes(),
            "c:1:1: there is no `label`",
        ),
        (
            good.replace("\"id\": \"1\", ", "").into_bytes(),
            "c:1:1: there is no `id`",
        ),
        (
            good.replace("\"text\"", "\"txt\"").into_bytes(),
            "c:1:25: a message has no key `txt`; did you mean `text`?",
        ),
        (
            good.replace("}, \"l", "}, \"extra\": 1, \"l").into_bytes(),
            "c:1:48: there is no key `extra`",
        ),
        (
            good.as_bytes()[..30].to_vec(),
            "c:1:30: the file ends in the middle of a message; it looks half written",
        ),
        (b"[1]".to_vec(), "c:1:1: this is not a JSON object"),
        (b"\xff\xfe{\0".to_vec(), "c:1:1: the file is UTF-16; save it as UTF-8"),
        (
            [good.as_bytes(), b"\n{\"id\": \"caf\xe9\"}"].concat(),
            "c:2:12: the byte 0xE9 is not UTF-8; the file may be Latin-1",
        ),
        (
            [good.as_bytes(), b"\n{\"id\": \"caf\xc3"].concat(),
            "c:2:12: the file ends in the middle of a character; it looks half written",
        ),
    ] {
        let error = Corpus::parse("c", &bytes).unwrap_err().to_string();
        assert!(
            error.starts_with(expected),
            "{error}\n{expected}\n{}",
            String::from_utf8_lossy(&bytes)
        );
    }
    // The good rest is still there.
    let (rest, problems) = Corpus::parse_lenient("c", format!("{good}\nnonsense\n").as_bytes());
    assert_eq!((rest.len(), problems.len()), (1, 1));
    // A byte order mark and Windows line ends do no harm.
    assert_eq!(
        Corpus::parse("c", format!("\u{feff}{good}\r\n").as_bytes())
            .unwrap()
            .len(),
        1
    );
    assert!(
        Corpus::load("no/such/file.jsonl")
            .unwrap_err()
            .to_string()
            .contains("cannot be read")
    );
}

#[test]
fn one_class_is_no_corpus() {
    let only: Corpus = (0..9)
        .map(|i| Labeled::new(i.to_string(), format!("Note {i}"), Label::Genuine))
        .collect();
    let expected = "no message is labelled pitch; there is 9 genuine";
    assert!(only.check_classes().unwrap_err().to_string().contains(expected));
    let log = only.run(&Scorer::builtin());
    let error = log.evaluate(&EvaluationOptions::default()).unwrap_err().to_string();
    assert!(error.contains("no message of the 9 is labelled pitch"), "{error}");
    assert!(log.fit(&huckster::eval::FitOptions::default()).is_err());
    assert!(Comparison::paired(&log, &log, &EvaluationOptions::default()).is_err());
}

#[test]
fn tables_are_read_with_their_columns() {
    let columns = CsvColumns::new()
        .column("text", "Body")
        .column("label", "Class")
        .column("sender.connections", "Contacts")
        .label("1", Label::Pitch)
        .label("0", Label::Genuine);
    let csv = "Body,Class,Contacts,relationship.have_met\n\"Two,\nlines\",1,500,no\nPlain,0,,yes\n,0,3,\n";
    let mut corpus = Corpus::new();
    assert_eq!(corpus.add_csv("t.csv", csv.as_bytes(), &columns), []);
    let first = &corpus.messages()[0];
    assert_eq!(first.message.body.text(), Some("Two,\nlines"));
    assert_eq!(first.message.sender.as_ref().unwrap().connections, Some(500));
    assert_eq!(first.message.relationship.as_ref().unwrap().have_met, Some(false));
    assert!(corpus.messages()[1].message.sender.is_none());
    assert_eq!(corpus.messages()[2].id, "row-3");

    let problems = |csv: &str, columns: &CsvColumns| {
        let all = Corpus::new().add_csv("t.csv", csv.as_bytes(), columns);
        all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (csv, columns, expected) in [
        ("", CsvColumns::new(), "t.csv:1:1: no column holds the text"),
        (
            "a,label\nx,pitch\n",
            CsvColumns::new(),
            "t.csv:1:1: no column holds the text; say which column it is",
        ),
        ("text,label\n", CsvColumns::new(), "t.csv: there are no messages in it"),
        (
            "text,label\nx,\n",
            CsvColumns::new(),
            "t.csv:2:2: column `label`: there is no label",
        ),
        (
            "text,label\nx,junk\n",
            CsvColumns::new(),
            "t.csv:2:2: column `label`: there is no label `junk`",
        ),
        (
            "text,label,sender.connections\nx,pitch,many\n",
            CsvColumns::new(),
            "t.csv:2:3: column `sender.connections`: `many` is not a whole number",
        ),
        (
            "text,label\nx,pitch\n",
            CsvColumns::new().column("txt", "text"),
            "t.csv: no message has the key `txt`; did you mean `text`?",
        ),
        (
            "text,label\nx,pitch\n",
            CsvColumns::new().column("lang", "Language"),
            "t.csv:1:1: there is no column `Language`",
        ),
        (
            "text;label;id\nx;pitch;1\ny;pitch;1\n",
            CsvColumns::new(),
            "t.csv:3:1: the id `1` is taken by line 2",
        ),
    ] {
        let text = problems(csv, &columns);
        assert!(text.starts_with(expected), "{text}\n{expected}");
    }
}

#[test]
fn the_recorded_verdicts_of_the_corpus_are_those_of_today() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/verdicts.csv")).unwrap();
    let record = VerdictRecord::read_csv("corpus/verdicts.csv", &text).unwrap();
    let now = VerdictRecord::of(&corpus("").run(&Scorer::builtin()));
    let changed: Vec<String> = record.changes(&now).iter().map(|c| c.id.clone()).collect();
    assert_eq!(
        changed,
        Vec::<String>::new(),
        "run `huckster corpus verdicts` with --update and look at the changes"
    );
}
