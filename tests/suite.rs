//! A table of messages with what should be made of them: `tests/suite/*.toml`.
//!
//! Every `[[case]]` has a `name`, a `message` in its public form, and any of `decision` (the decision), `not` (a decision
//! it must not be), `fires` (rules that count), `suppressed` (rules that fire, but do not count), `silent` (rules that do
//! not fire), `review-reasons`, `coverage`, `lang` and `policy`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests may stop at what must not happen"
)]

use std::collections::BTreeSet;
use std::path::Path;

use huckster::{Decision, Message, Policy, ReviewReason, Row, Scorer, testing::check_evidence};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    name: String,
    message: serde_json::Value,
    decision: Option<Decision>,
    not: Option<Decision>,
    #[serde(default)]
    fires: Vec<String>,
    #[serde(default)]
    suppressed: Vec<String>,
    #[serde(default)]
    silent: Vec<String>,
    review_reasons: Option<Vec<ReviewReason>>,
    coverage: Option<Vec<String>>,
    lang: Option<String>,
    policy: Option<String>,
}

impl Case {
    /// What is wrong, if anything.
    fn run(&self, scorer: &Scorer) -> Result<(), String> {
        let json = self.message.to_string();
        let message = Message::from_json(&json).map_err(|e| e.to_string())?;
        let scorer = match &self.policy {
            Some(name) => scorer.with_policy(Policy::named(name).ok_or("no such policy")?),
            None => scorer.clone(),
        };
        let verdict = scorer.judge(message.clone());
        let mut wrong = Vec::new();
        if let Some(decision) = self.decision.filter(|d| *d != verdict.decision) {
            wrong.push(format!("expected {decision}"));
        }
        if self.not == Some(verdict.decision) {
            wrong.push(format!("must not be {}", verdict.decision));
        }
        for id in self.fires.iter().chain(&self.suppressed).chain(&self.silent) {
            if scorer.rule(id).is_none() && !verdict.fired(id) && !id.starts_with("core.") {
                wrong.push(format!("there is no rule `{id}`"));
            }
        }
        for id in self.fires.iter().filter(|id| !verdict.fired(id)) {
            wrong.push(format!("`{id}` does not fire: {}", scorer.trace(message.clone(), id)));
        }
        let silenced = |id: &str| {
            verdict
                .rows
                .iter()
                .any(|row| matches!(row, Row::Suppressed { rule, .. } if rule == id))
        };
        for id in self.suppressed.iter().filter(|id| !silenced(id)) {
            wrong.push(format!("`{id}` is not suppressed"));
        }
        for id in self.silent.iter().filter(|id| verdict.fired(id)) {
            wrong.push(format!("`{id}` fires"));
        }
        if let Some(reasons) = self.review_reasons.as_ref().filter(|r| **r != verdict.review_reasons) {
            wrong.push(format!(
                "expected the reasons {reasons:?}, found {:?}",
                verdict.review_reasons
            ));
        }
        let names: Vec<String> = verdict.coverage.names().map(str::to_owned).collect();
        if let Some(coverage) = self.coverage.as_ref().filter(|c| **c != names) {
            wrong.push(format!("expected the coverage {coverage:?}, found {names:?}"));
        }
        if let Some(lang) = self.lang.as_ref().filter(|l| **l != verdict.lang) {
            wrong.push(format!("expected the language {lang}, found {}", verdict.lang));
        }
        wrong.extend(check_evidence(&verdict, &message).err());
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(format!("{}\n{}", wrong.join("; "), verdict.explain()))
        }
    }

    fn asks_something(&self) -> bool {
        let lists = [&self.fires, &self.suppressed, &self.silent];
        self.decision.is_some()
            || self.not.is_some()
            || self.review_reasons.is_some()
            || self.coverage.is_some()
            || self.lang.is_some()
            || lists.iter().any(|l| !l.is_empty())
    }
}

fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let read: File = toml::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
        all.extend(read.case.into_iter().map(|case| (file.clone(), case)));
    }
    all
}

#[test]
fn all_cases() {
    let scorer = Scorer::builtin();
    let cases = cases();
    let mut names = BTreeSet::new();
    let mut failed = Vec::new();
    for (file, case) in &cases {
        assert!(names.insert(&case.name), "two cases are called `{}`", case.name);
        assert!(case.asks_something(), "`{}` asks for nothing", case.name);
        if let Err(what) = case.run(&scorer) {
            failed.push(format!("{file}: {}: {what}", case.name));
        }
    }
    assert!(names.len() >= 60, "only {} cases", names.len());
    assert!(
        failed.is_empty(),
        "{} of {} cases fail\n\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}

/// The table itself has no holes: all decisions and most reasons occur.
#[test]
fn the_table_covers_decisions_and_reasons() {
    let cases = cases();
    for decision in [Decision::Accept, Decision::Review, Decision::Decline] {
        assert!(
            cases.iter().filter(|(_, c)| c.decision == Some(decision)).count() >= 4,
            "{decision}"
        );
    }
    for reason in [
        ReviewReason::Score,
        ReviewReason::UnsupportedLanguage,
        ReviewReason::ThinEvidence,
    ] {
        assert!(
            cases
                .iter()
                .any(|(_, c)| c.review_reasons.as_ref().is_some_and(|r| r.contains(&reason))),
            "{reason:?}"
        );
    }
}
