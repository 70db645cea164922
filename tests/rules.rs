//! The built-in rules: free of errors, tried by examples, and quiet on ordinary notes.

use std::collections::BTreeSet;

use huckster::{Decision, Diagnostic, RESERVED_NAMESPACES, RuleSet, Scorer};

fn printed<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> String {
    diagnostics
        .into_iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[test]
fn the_built_in_set_is_valid() {
    let problems = RuleSet::builtin().validate();
    let errors: Vec<_> = problems.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{} errors\n{}", errors.len(), printed(errors));
}

/// Reading drops a rule that has a problem without a word, so the files are read again here, one by one.
#[test]
fn every_file_of_the_built_in_set_is_read_whole() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let mut ids = BTreeSet::new();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "toml") || path.ends_with("model.toml") {
            continue;
        }
        files += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        let (set, diagnostics) = RuleSet::parse_lenient(&path.display().to_string(), &text);
        assert!(
            !diagnostics.iter().any(Diagnostic::is_error),
            "{}",
            printed(&diagnostics)
        );
        for rule in set.rules() {
            assert!(ids.insert(rule.id().to_owned()), "`{}` stands in two files", rule.id());
        }
    }
    assert!(files >= 10, "only {files} files in {folder}");
    // No file is left out of the embedded set, and no rule of a file.
    let builtin: BTreeSet<String> = RuleSet::builtin().rules().map(|r| r.id().to_owned()).collect();
    let forgotten: Vec<_> = ids.symmetric_difference(&builtin).collect();
    assert!(
        forgotten.is_empty(),
        "in the files or in the set, but not in both: {forgotten:?}"
    );
}

/// A change of a phrase makes another rule set, for which the weights have to be fitted again.
#[test]
fn the_fitted_model_belongs_to_the_rules() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let text = std::fs::read_to_string(format!("{folder}/model.toml")).unwrap();
    let model = huckster::Model::parse(&text).unwrap();
    let by_hand = RuleSet::builtin_by_hand();
    if let Err(error) = by_hand.clone().with_model(&model) {
        panic!("{error}; see \"Fit the weights\" in CONTRIBUTING.md");
    }
    // The embedded set has those weights, and still knows what the rule files say.
    let (builtin, by_hand) = (RuleSet::builtin(), by_hand);
    let mut moved = 0;
    for (rule, hand) in builtin.rules().zip(by_hand.rules()) {
        assert_eq!(
            model.weights.get(rule.id()).copied().unwrap_or(hand.weight()),
            rule.weight(),
            "{}",
            rule.id()
        );
        assert_eq!(rule.hand_weight(), hand.weight());
        moved += usize::from(rule.weight() != hand.weight());
    }
    assert!(moved > 50, "only {moved} weights were fitted");
    // A folder of rules brings its model along.
    assert_eq!(
        RuleSet::load(folder).unwrap().rule("sales.mlm").map(|r| r.weight()),
        builtin.rule("sales.mlm").map(|r| r.weight())
    );
}

#[test]
fn the_examples_of_the_built_in_set_hold() {
    let problems = RuleSet::builtin().check();
    let errors: Vec<_> = problems.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{} errors\n{}", errors.len(), printed(errors));
}

#[test]
fn ids_are_unique_and_in_reserved_namespaces() {
    let set = RuleSet::builtin();
    let mut seen = BTreeSet::new();
    for rule in set.rules() {
        assert!(seen.insert(rule.id()), "`{}` twice", rule.id());
        let namespace = rule.id().split('.').next().unwrap();
        assert!(
            RESERVED_NAMESPACES.contains(&namespace),
            "anyone may take `{}`",
            rule.id()
        );
        assert_eq!(set.rule(rule.id()).map(|r| r.origin()), Some(rule.origin()));
    }
    assert!(seen.len() > 100, "only {} rules", seen.len());
}

#[test]
fn every_rule_has_examples_and_counter_examples() {
    let set = RuleSet::builtin();
    let bare: Vec<String> = set
        .rules()
        .filter(|r| r.is_enabled() && (r.hits().count() == 0 || r.misses().count() == 0))
        .map(|r| format!("{} at {}", r.id(), r.origin()))
        .collect();
    assert!(
        bare.is_empty(),
        "{} rules without hits or without misses:\n{}",
        bare.len(),
        bare.join("\n")
    );
}

/// What the rules are about must be sayable to the reader.
#[test]
fn every_rule_has_a_summary_of_one_line() {
    for rule in RuleSet::builtin().rules() {
        let summary = rule.summary();
        assert!(
            !summary.trim().is_empty() && !summary.contains('\n'),
            "{}: {summary:?}",
            rule.id()
        );
        assert!(summary.chars().count() <= 120, "{}: {summary}", rule.id());
    }
}

#[test]
fn ordinary_notes_are_not_declined_and_seldom_doubted() {
    let scorer = Scorer::builtin();
    let refused = RuleSet::ordinary_notes_refused(&scorer);
    let list = |decision: Decision| -> Vec<String> {
        let of_kind = refused.iter().filter(|(_, v)| v.decision == decision);
        of_kind
            .map(|(note, verdict)| format!("{note}\n{}", verdict.explain()))
            .collect()
    };
    let (declined, doubted) = (list(Decision::Decline), list(Decision::Review));
    assert!(
        declined.is_empty(),
        "{} ordinary notes are declined:\n{}",
        declined.len(),
        declined.join("\n")
    );
    let text = include_str!("../rules/ordinary.en.txt");
    let all = text
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .count();
    assert!(all >= 50, "only {all} ordinary notes");
    println!(
        "{} of {all} ordinary notes are left for review:\n{}",
        doubted.len(),
        doubted.join("\n")
    );
    assert!(
        refused.len() * 10 <= all,
        "{} of {all} ordinary notes are not accepted",
        refused.len()
    );
}
