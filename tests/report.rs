//! Reports of what was measured: word for word in `tests/report/`, and a page that holds whatever names it is given. With
//! `UPDATE_GOLDEN=1` in the environment the files are written anew.
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop at what must not happen")]

use std::path::Path;

use huckster::eval::{Comparison, Corpus, Evaluation, EvaluationOptions, FitOptions, HitLog, Label, Labeled};
use huckster::{RuleSet, Scorer};

const RULES: &str = r#"
format = 1
[set]
name = "toy"
version = "1.0.0"
[[group]]
id = "offer"
knee = 3.0
[[group]]
id = "ask"
knee = 3.0
[[group]]
id = "reason"
kind = "mitigation"
knee = 3.0
[[rule]]
id = "toy.discount"
group = "offer"
weight = 1.2
summary = "Offers a discount"
phrases = ["discount"]
[[rule]]
id = "toy.quick-call"
group = "ask"
weight = 0.9
summary = "Wants a call"
phrases = ["quick call"]
[[rule]]
id = "toy.minutes"
group = "reason"
weight = -1.0
summary = "Asks for minutes"
phrases = ["minutes"]
[[rule]]
id = "toy.unused"
group = "offer"
weight = 1.0
summary = "Never there"
phrases = ["zeppelin"]
[[profile]]
coverage = ["text"]
prior = -0.2
"#;

/// The same with a heavier rule, and one that goes wrong.
fn other_rules() -> String {
    RULES
        .replace("weight = 0.9", "weight = 1.5")
        .replace("\"zeppelin\"", "\"again\"")
}

fn corpus() -> Corpus {
    let message = |id: &str, text: &str, label| Labeled::new(id, text.to_owned(), label);
    [
        message("p1", "A discount for you. Quick call?", Label::Pitch).tag("loud"),
        message("p2", "Our discount ends today, quick call tomorrow?", Label::Pitch).tag("loud"),
        message("p3", "Could we have a quick call?", Label::Pitch).tag("quiet"),
        message("p4", "We should talk about your boiler.", Label::Pitch).tag("quiet"),
        message("x1", "I would like to connect.", Label::Generic),
        message("g1", "Can you send me the minutes?", Label::Genuine).tag("quiet"),
        message("g2", "Here are the minutes of Tuesday.", Label::Genuine),
        message("g3", "Did the discount on my order arrive again?", Label::Genuine),
        message("g4", "See you at the concert again, quick call before?", Label::Genuine),
        message("u1", "Hello there, how is life?", Label::Unsure),
    ]
    .into_iter()
    .collect()
}

fn log(rules: &str) -> HitLog {
    let rules = RuleSet::parse("toy.toml", rules).unwrap();
    corpus().run(&Scorer::builder().rules(rules).build().unwrap())
}

fn evaluation() -> Evaluation {
    let mut options = EvaluationOptions::default();
    options.slice_minimum = 2;
    log(RULES).evaluate(&options).unwrap()
}

fn comparison() -> Comparison {
    Comparison::paired(&log(RULES), &log(&other_rules()), &EvaluationOptions::default()).unwrap()
}

fn same(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(
        found == expected,
        "{name} is another; UPDATE_GOLDEN=1 writes it anew:\n{found}"
    );
}

#[test]
fn words_of_the_reports() {
    same("evaluation.md", &evaluation().to_markdown());
    same("rules.csv", &evaluation().rules_csv());
    same("comparison.md", &comparison().to_markdown());
}

#[test]
fn json_is_the_serde_form() {
    let evaluation = evaluation();
    let json: serde_json::Value = serde_json::from_str(&evaluation.to_json().unwrap()).unwrap();
    assert_eq!(json, serde_json::to_value(&evaluation).unwrap());
    let auc = &json["roc_auc"]["pitch_vs_genuine"];
    assert!(auc["low"].as_f64().unwrap() <= auc["value"].as_f64().unwrap(), "{auc}");
    let json: serde_json::Value = serde_json::from_str(&comparison().to_json().unwrap()).unwrap();
    assert_eq!(json["changed"].as_array().unwrap().len(), comparison().changed.len());
}

#[test]
fn report_of_a_fit_has_every_changed_weight() {
    let mut options = FitOptions::default();
    options.folds = 2;
    options.minimum_clusters = 2;
    let fit = log(RULES).fit(&options).unwrap();
    let text = fit.to_markdown();
    let changed = fit.weights.iter().filter(|w| w.before != w.after);
    assert!(changed.clone().count() > 0);
    for weight in changed {
        let row = text
            .lines()
            .find(|l| l.starts_with(&format!("| `{}`", weight.id)))
            .unwrap();
        assert!(
            row.contains(&weight.before.to_string()) && row.contains(&weight.after.to_string()),
            "{row}"
        );
    }
    let json: serde_json::Value = serde_json::from_str(&fit.to_json().unwrap()).unwrap();
    assert_eq!(json["pull"].as_f64(), Some(fit.pull));
}

#[test]
fn names_stay_in_their_cells() {
    let mut evaluation = evaluation();
    for (rule, name) in evaluation.rules.iter_mut().zip(["a|b\n# c", "`x`", "=1+1,\"q\""]) {
        rule.rule = name.to_owned();
    }
    evaluation.rule_set.name = "\u{1b}[2J<b>*x*".to_owned();
    let text = evaluation.to_markdown();
    assert!(text.starts_with("# \u{fffd}\\[2J\\<b\\>\\*x\\* 1.0.0\n"), "{text}");
    let pipes = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<&str> = text
        .lines()
        .skip_while(|l| *l != "## Rules")
        .filter(|l| l.starts_with("| "))
        .collect();
    assert!(rows[..5].iter().all(|row| pipes(row) == 12), "{text}");
    assert!(text.contains("| `a\\|b # c` "), "{text}");

    let text = evaluation.rules_csv();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.records().map(|r| r.unwrap()[0].to_owned()).collect();
    assert_eq!(names, ["a|b\n# c", "`x`", "=1+1,\"q\""]);
}

#[cfg(feature = "plots")]
mod page {
    use super::*;
    use huckster::Weight;
    use huckster::eval::{Label, Proportion, ScoreBin, page};

    /// The tags of a page; panics where they do not close each other, and where an attribute is not quoted.
    fn tags(html: &str) -> Vec<String> {
        const VOID: [&str; 2] = ["meta", "br"];
        let (mut names, mut open) = (Vec::new(), Vec::new());
        let mut rest = html.strip_prefix("<!DOCTYPE html>").unwrap();
        while let Some((text, tag)) = rest.split_once('<') {
            assert!(
                !text.contains('>') || open.last().is_some_and(|t| t == "script" || t == "style"),
                "{text}"
            );
            let end = tag.find('>').unwrap();
            let (inside, after) = (&tag[..end], &tag[end + 1..]);
            assert!(inside.matches('"').count() % 2 == 0, "<{inside}>");
            rest = after;
            if let Some(name) = inside.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name));
                continue;
            }
            let name = inside.split([' ', '\n', '/']).next().unwrap().to_owned();
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "<{inside}>");
            let empty = inside.ends_with('/') || VOID.contains(&name.as_str());
            names.push(name.clone());
            if name == "script" || name == "style" {
                rest = &rest[rest.find(&format!("</{name}>")).unwrap()..];
            }
            if !empty {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
        names
    }

    fn count(tags: &[String], name: &str) -> usize {
        tags.iter().filter(|t| *t == name).count()
    }

    /// All ids, in order.
    fn ids(html: &str) -> Vec<&str> {
        html.split(" id=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect()
    }

    #[test]
    fn holds_everything() {
        let evaluation = evaluation();
        let html = page(std::slice::from_ref(&evaluation), None);
        let found = tags(&html);
        // Scores, precision and recall, rules, groups, detectors, rules left out; the toy is not calibrated.
        assert_eq!(count(&found, "svg"), 6);
        assert_eq!((count(&found, "h1"), count(&found, "script")), (1, 1));
        for rule in &evaluation.rules {
            assert!(html.contains(&format!("<code>{}</code>", rule.rule)), "{}", rule.rule);
            assert!(html.contains(&format!("<title>{}, weight", rule.rule)), "{}", rule.rule);
        }
        for part in ids(&html) {
            assert!(html.contains(&format!("href=\"#{part}\"")), "{part}");
        }
        assert_eq!(html, page(&[evaluation], None));
        // Nothing is fetched.
        let address = html.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "");
        for word in ["http:", "https:", "//", "@import", "url(", " src="] {
            let after_comments = address.replace("\n// A click", "").replace("        // What", "");
            assert!(!after_comments.contains(word), "{word}");
        }
    }

    #[test]
    fn several_and_their_comparison() {
        let mut second = evaluation();
        second.rule_set.name = "other".to_owned();
        let html = page(&[evaluation(), second.clone(), second], Some(&comparison()));
        let found = tags(&html);
        assert_eq!(count(&found, "svg"), 18);
        let mut parts = ids(&html);
        let all = parts.len();
        parts.sort_unstable();
        parts.dedup();
        assert_eq!(parts.len(), all);
        assert!(html.contains("id=\"comparison\"") && html.contains("id=\"summary\""));
        tags(&page(&[], Some(&comparison())));
        tags(&page(&[], None));
    }

    /// With names that would end elements and attributes, the page has the tags that it has with tame ones.
    #[test]
    fn names_are_not_markup() {
        const HOSTILE: [&str; 4] = [
            "</code><script>alert(1)</script>",
            "\" onload=\"alert(1)",
            "'><img src=x onerror=alert(1)>&lt;",
            "</title></svg><style>*{}\u{202e}\0",
        ];
        let rename = |name: fn(usize) -> String| {
            let mut e = evaluation();
            let mut n = 0;
            let mut next = || {
                n += 1;
                name(n)
            };
            e.rule_set.name = next();
            e.rule_set.version = next();
            e.rule_set.model = Some(next());
            e.rule_set.fingerprint = next();
            e.corpus.name = next();
            e.corpus.fingerprint = next();
            e.corpus.bias = Some(next());
            e.rules.iter_mut().for_each(|r| (r.rule, r.group) = (next(), next()));
            e.ablation.iter_mut().for_each(|a| a.id = next());
            e.slices.iter_mut().for_each(|s| s.tag = next());
            assert!(!e.rules.is_empty() && !e.ablation.is_empty() && !e.slices.is_empty());
            let mut c = comparison();
            c.rule_sets
                .iter_mut()
                .for_each(|set| (set.name, set.fingerprint) = (next(), next()));
            c.changed.iter_mut().for_each(|m| {
                m.id = next();
                m.only_a = vec![next(), next()];
                m.only_b = vec![next()];
            });
            assert!(!c.changed.is_empty());
            page(&[e.clone(), e], Some(&c))
        };
        let tame = rename(|n| format!("name-{n}"));
        let hostile = rename(|n| HOSTILE[n % 4].to_owned());
        assert_eq!(tags(&tame), tags(&hostile));
        assert!(hostile.contains("&lt;/code&gt;&lt;script&gt;alert(1)"));
    }

    #[test]
    fn empty_parts() {
        let mut e = evaluation();
        e.rules.clear();
        e.overlaps.clear();
        e.ablation.clear();
        e.slices.clear();
        e.histogram.clear();
        e.precision_recall.clear();
        e.recall_at_precision.clear();
        e.speed = None;
        e.probability = None;
        e.false_decline = Proportion::new(0, 0);
        e.roc_auc.pitch_vs_genuine.value = None;
        let html = page(std::slice::from_ref(&e), None);
        assert_eq!(count(&tags(&html), "svg"), 0);
        assert!(!html.split_once("<script>").unwrap().0.contains("NaN"));
        assert!(e.to_markdown().contains("**Genuine messages declined: –**"));
    }

    /// A million messages, 600 rules with the longest names, thousands of slices, scores and changes; twice.
    #[test]
    fn large_ones_stay_small() {
        let mut e = evaluation();
        e.rules = (0..600u64)
            .map(|n| {
                let mut rule = e.rules[n as usize % e.rules.len()].clone();
                rule.rule = format!("{n:0>80}");
                rule.group = "g".repeat(80);
                rule.pitch = Proportion::new(n * 700, 500_000);
                rule.genuine = Proportion::new(n * 3, 500_000);
                rule
            })
            .collect();
        e.ablation = (0..700)
            .map(|n| {
                let mut a = e.ablation[n % e.ablation.len()].clone();
                a.id = format!("{n:0>80}");
                a
            })
            .collect();
        e.slices = (0..5_000)
            .map(|n| {
                let mut slice = e.slices[0].clone();
                slice.tag = format!("{n:0>4000}");
                slice
            })
            .collect();
        e.histogram = (-4_000..4_000)
            .map(|n| ScoreBin {
                from: Weight::milli(n * 250),
                to: Weight::milli((n + 1) * 250),
                counts: [100, 3, 40],
            })
            .collect();
        e.corpus.name = "x".repeat(1_000_000);
        e.corpus.bias = Some("x ".repeat(1_000_000));
        let mut c = comparison();
        let changed = c.changed[0].clone();
        c.changed = (0..100_000)
            .map(|n| {
                let mut changed = changed.clone();
                changed.id = format!("{n:0>200}");
                changed.only_a = vec!["r".repeat(80); 30];
                changed
            })
            .collect();
        let one = page(std::slice::from_ref(&e), None);
        assert!(one.len() < 2_000_000, "{}", one.len());
        assert!(one.matches("<title>").count() > 600, "a dot for every rule");
        let several = page(&[e.clone(), e.clone(), e.clone(), e], Some(&c));
        assert!(several.len() < 2_000_000, "{}", several.len());
        assert!(several.contains("Not shown here: 99,800 messages."));
        tags(&several);
    }

    #[test]
    fn calibrated_rules_have_a_reliability_diagram() {
        let mut options = FitOptions::default();
        options.folds = 2;
        let log = log(RULES);
        let fit = log.fit(&options).unwrap();
        let e = log
            .with_model(&fit.model)
            .unwrap()
            .evaluate(&EvaluationOptions::default())
            .unwrap();
        assert!(e.probability.is_some());
        assert_eq!(e.decisions.of(Label::Pitch).total(), 4);
        let html = page(&[e], None);
        assert!(html.contains("Reliability diagram") && html.contains("Calibration as a table"));
        tags(&html);
    }
}
