//! `huckster rules check`: problems of rule files, like a compiler prints them.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;

use huckster::{Diagnostic, RuleSet, Scorer};
use serde_json::{Value, json};

use crate::args::Check;
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input;
use crate::render::{DIM, clean_line, count, shorten, wrap};
use crate::setup;

/// What is wrong with one file or folder.
#[derive(Default)]
struct Problems {
    diagnostics: Vec<Diagnostic>,
    /// Ordinary messages that the built-in rules accept, and that these rules do not: decision and text.
    refused: Vec<(String, &'static str)>,
    /// How many rules were read.
    rules: usize,
}

/// Checks files.
pub(crate) fn run(args: &Check, console: &Console) -> Result<Outcome, Failure> {
    let (mut errors, mut warnings) = (0, 0);
    let mut all: Vec<Value> = Vec::new();
    for path in &args.files {
        let problems = check(path, args.standalone)?;
        let bad = problems.diagnostics.iter().filter(|d| d.is_error()).count();
        errors += bad;
        warnings += problems.diagnostics.len() - bad + problems.refused.len();
        let name = path.display().to_string();
        if args.json {
            all.push(as_json(&name, &problems));
        } else {
            print(&name, &problems, console);
        }
    }
    let totals = format!("{}, {}", count(errors, "error"), count(warnings, "warning"));
    if args.json {
        let mut out = console.out();
        let report = json!({ "errors": errors, "warnings": warnings, "files": all });
        serde_json::to_writer_pretty(&mut out, &report).map_err(std::io::Error::from)?;
        writeln!(out)?;
        out.flush()?;
    } else {
        console.say(&totals);
    }
    Ok(Outcome::bad_if(errors > 0))
}

fn check(path: &Path, standalone: bool) -> Result<Problems, Failure> {
    let mut problems = Problems::default();
    let layer = if path.is_dir() {
        match RuleSet::load(path) {
            Ok(set) => set,
            Err(error) => {
                problems.diagnostics = error.diagnostics().to_vec();
                return Ok(problems);
            }
        }
    } else {
        // Not `load`, which forgets the warnings of a file that has no errors.
        let name = path.display().to_string();
        let text = input::utf8(input::file(path)?, &format!("`{name}`"))?;
        let (set, diagnostics) = RuleSet::parse_lenient(&name, &text);
        problems.diagnostics = diagnostics;
        set
    };
    problems.rules = layer.rules().count();
    if problems.diagnostics.iter().any(Diagnostic::is_error) {
        // What refers to something unreadable would be reported once more.
        return Ok(problems);
    }
    if standalone {
        problems.diagnostics.extend(layer.check());
        return Ok(problems);
    }
    let set = match RuleSet::builtin().overlay(layer) {
        Ok(set) => set,
        Err(error) => {
            problems.diagnostics.extend(error.diagnostics().to_vec());
            return Ok(problems);
        }
    };
    let mut found = set.check();
    // The built-in rules have warnings of their own, which are not this file's doing; but a layer may break one of
    // their examples, and that is.
    if found.iter().any(|d| !within(d, path)) {
        let before: HashSet<String> = RuleSet::builtin().check().iter().map(Diagnostic::to_string).collect();
        found.retain(|d| within(d, path) || !before.contains(&d.to_string()));
    }
    let sound = !found.iter().any(Diagnostic::is_error);
    problems.diagnostics.extend(found);
    if sound {
        let scorer = setup::build(set)?;
        let before: HashSet<&str> = RuleSet::ordinary_notes_refused(&Scorer::builtin())
            .into_iter()
            .map(|(text, _)| text)
            .collect();
        problems.refused = RuleSet::ordinary_notes_refused(&scorer)
            .into_iter()
            .filter(|(text, _)| !before.contains(text))
            .map(|(text, verdict)| (verdict.explain_brief(2), text))
            .collect();
    }
    Ok(problems)
}

/// Whether a problem stands in the file or folder that is checked.
fn within(diagnostic: &Diagnostic, path: &Path) -> bool {
    Path::new(&diagnostic.file).starts_with(path)
}

fn print(name: &str, problems: &Problems, console: &Console) {
    console.diagnostics(&problems.diagnostics);
    for (why, text) in &problems.refused {
        console.warning("HK043", "an ordinary message is not accepted any more");
        for line in wrap(&format!("\"{}\"", clean_line(text)), console.width() - 2) {
            console.say(&format!("  {line}"));
        }
        console.say(&format!("  {}\n", shorten(&clean_line(why), console.width() - 2)));
    }
    if problems.diagnostics.is_empty() && problems.refused.is_empty() {
        let line = format!("{}: {}, no problems", clean_line(name), count(problems.rules, "rule"));
        console.say(&console.err_paint().on(DIM, line));
    }
}

fn as_json(name: &str, problems: &Problems) -> Value {
    let refused: Vec<Value> = problems
        .refused
        .iter()
        .map(|(why, text)| json!({ "code": "HK043", "text": text, "verdict": why }))
        .collect();
    json!({ "file": name, "rules": problems.rules, "diagnostics": problems.diagnostics, "ordinary_refused": refused })
}
