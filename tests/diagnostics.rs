//! The messages of rule files that are wrong, word for word: `tests/diagnostics/*.toml` and `.json`, each with its `.out`.
//!
//! A file called `over-…` is laid over the built-in set; any other stands alone and is read and checked. With
//! `UPDATE_GOLDEN=1` in the environment the `.out` files are written anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests may stop at what must not happen"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use huckster::{Code, Diagnostic, RuleSet, Scorer, Severity};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

fn files() -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    let json = cfg!(feature = "json");
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml" || e == "json" && json));
    paths.sort();
    assert!(paths.len() >= 30, "only {} files", paths.len());
    paths
}

/// All that is said of a file.
fn diagnostics(path: &Path) -> Vec<Diagnostic> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).unwrap();
    let set = match RuleSet::parse(&name, &text) {
        Ok(set) => set,
        Err(error) => return error.diagnostics().to_vec(),
    };
    if !name.starts_with("over-") {
        return set.check();
    }
    match RuleSet::builtin().overlay(set) {
        Ok(_) => Vec::new(),
        Err(error) => error.diagnostics().to_vec(),
    }
}

#[test]
fn messages_are_as_written() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1");
    let mut failed = Vec::new();
    for path in files() {
        let found = diagnostics(&path)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n\n")
            + "\n";
        let golden = path.with_extension(if path.extension().is_some_and(|e| e == "json") {
            "json.out"
        } else {
            "out"
        });
        if update {
            std::fs::write(&golden, &found).unwrap();
            continue;
        }
        let expected = std::fs::read_to_string(&golden)
            .unwrap_or_default()
            .replace("\r\n", "\n");
        if found != expected {
            failed.push(format!(
                "{}\n--- expected\n{expected}--- found\n{found}",
                path.display()
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} files (UPDATE_GOLDEN=1 rewrites)\n\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// A golden file cannot fix what it should say, but these things hold for all.
#[test]
fn messages_point_at_a_place() {
    for path in files() {
        let found = diagnostics(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!found.is_empty(), "nothing is wrong with {name}");
        let code = name
            .trim_start_matches("over-")
            .split(['-', '.'])
            .next()
            .unwrap()
            .to_uppercase();
        assert!(
            found.iter().any(|d| d.code.as_str() == code),
            "{name} has no {code}: {}",
            found[0]
        );
        let text = std::fs::read_to_string(&path).unwrap();
        for diagnostic in &found {
            assert_eq!(diagnostic.file, name, "{diagnostic}");
            let line = text.lines().nth(diagnostic.line - 1).unwrap_or("");
            assert!(diagnostic.column <= line.chars().count() + 1, "{diagnostic}");
            // The byte range and the line agree.
            let before = &text[..diagnostic.span.start];
            assert_eq!(before.matches('\n').count() + 1, diagnostic.line, "{diagnostic}");
            assert!(
                diagnostic
                    .to_string()
                    .contains(line.chars().take(60).collect::<String>().as_str()),
                "{diagnostic}"
            );
            let json = serde_json::to_value(diagnostic).unwrap();
            assert_eq!(json["code"], diagnostic.code.as_str());
            assert_eq!(json["line"], diagnostic.line);
        }
    }
}

#[test]
fn every_code_is_shown() {
    let shown: BTreeSet<&str> = files()
        .iter()
        .flat_map(|p| diagnostics(p))
        .map(|d| d.code.as_str())
        .collect();
    let all = [
        Code::Syntax,
        Code::UnknownKey,
        Code::MissingKey,
        Code::WrongValue,
        Code::BadId,
        Code::UnknownReference,
        Code::ComboCycle,
        Code::BadWeight,
        Code::SignAgainstGroup,
        Code::BadPhrase,
        Code::DeadPhrase,
        Code::FailedExample,
        Code::MissingExample,
        Code::UntriedPhrase,
        Code::DeadOverride,
        Code::LoneDecliner,
    ];
    let missing: Vec<&str> = all.iter().map(|c| c.as_str()).filter(|c| !shown.contains(c)).collect();
    assert!(missing.is_empty(), "no file shows {missing:?}");
}

/// A file with errors builds no scorer, one with warnings does.
#[test]
fn errors_stop_a_build_and_warnings_do_not() {
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let Ok(set) = RuleSet::parse(&name, &text) else {
            continue;
        };
        if name.starts_with("over-") {
            continue;
        }
        let stops = set.validate().iter().any(Diagnostic::is_error);
        let built = Scorer::builder().rules(set).build();
        assert_eq!(built.is_err(), stops, "{name}");
        if let Err(error) = built {
            let problems = error.rule_set().unwrap().diagnostics();
            assert!(problems.iter().all(|d| d.severity == Severity::Error), "{name}");
        }
    }
}

/// Reading a file reports all its problems, not the first.
#[test]
fn problems_come_together_and_in_order() {
    let text = "[[rule]]\nid = \"Bad\"\nweight = 77\ngroup = 5\ncolour = 1\n\n[[rule]]\nid = \"t.b\"\nphrases = [1]\n";
    let error = RuleSet::parse("many.toml", text).unwrap_err();
    let found: Vec<(usize, &str)> = error.diagnostics().iter().map(|d| (d.line, d.code.as_str())).collect();
    assert!(found.is_sorted_by_key(|(line, _)| *line), "{found:?}");
    for expected in [(2, "HK010"), (3, "HK020"), (4, "HK004"), (5, "HK002"), (9, "HK004")] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    // What is good is kept all the same.
    let good = "[[group]]\nid = \"g\"\nknee = 1\n\
        [[rule]]\nid = \"t.good\"\ngroup = \"g\"\nweight = 1\nsummary = \"s\"\nphrases = [\"call\"]\n";
    let (set, problems) = RuleSet::parse_lenient("many.toml", &format!("{good}{text}"));
    assert!(!problems.is_empty());
    assert_eq!(set.rules().map(|r| r.id()).collect::<Vec<_>>(), ["t.good"]);
}
