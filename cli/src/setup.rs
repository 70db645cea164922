//! From options to a rule set and a scorer.

use std::path::{Path, PathBuf};

use huckster::{Model, RuleSet, Scorer, WordingModel};

use crate::args::{PolicyName, RuleFiles};
use crate::failure::Failure;
use crate::input;

/// The built-in rules, if wanted, with the given files laid over them in order.
pub(crate) fn rule_set(args: &RuleFiles) -> Result<RuleSet, Failure> {
    let ground = match (args.no_builtin, args.by_hand) {
        (true, _) => None,
        (false, true) => Some(RuleSet::builtin_by_hand()),
        (false, false) => Some(RuleSet::builtin()),
    };
    layered(ground, &args.rules)
}

/// Files laid over a set in order; models come last, since they are made for the rules of all files together.
pub(crate) fn layered(ground: Option<RuleSet>, files: &[PathBuf]) -> Result<RuleSet, Failure> {
    let mut set = ground;
    let mut models = Vec::new();
    for path in files {
        if let Some(model) = model(path)? {
            models.push((path, model));
            continue;
        }
        if let Some(wording) = wording(path)? {
            set = Some(set.unwrap_or_else(RuleSet::empty).with_wording(wording));
            continue;
        }
        let layer = RuleSet::load(path)?;
        set = Some(match set {
            Some(below) => below.overlay(layer)?,
            None => layer,
        });
    }
    let mut set = set.unwrap_or_else(RuleSet::empty);
    for (path, model) in models {
        let failed = |e| Failure::Message(format!("`{}`: {e}", path.display()));
        set = set.with_model(&model).map_err(failed)?;
    }
    Ok(set)
}

/// The model in a file, if it is one and no rule file: only a model has a fingerprint.
fn model(path: &Path) -> Result<Option<Model>, Failure> {
    if !path.is_file() || path.extension().is_none_or(|e| e != "toml") {
        return Ok(None);
    }
    let name = format!("`{}`", path.display());
    let text = input::utf8(input::file(path)?, &name)?;
    if !text.lines().any(|line| line.starts_with("fingerprint")) {
        return Ok(None);
    }
    match Model::parse(&text) {
        Ok(model) => Ok(Some(model)),
        Err(error) => Err(Failure::Message(format!("{name}: {error}"))),
    }
}

/// The wording model in a file, if it is one by its name.
fn wording(path: &Path) -> Result<Option<WordingModel>, Failure> {
    if !path.is_file() || path.extension().is_none_or(|e| e != "model") {
        return Ok(None);
    }
    let name = format!("`{}`", path.display());
    let text = input::utf8(input::file(path)?, &name)?;
    match WordingModel::parse(&text) {
        Ok(model) => Ok(Some(model)),
        Err(error) => Err(Failure::Message(format!("{name}: {error}"))),
    }
}

/// A scorer with these rules.
pub(crate) fn scorer(args: &RuleFiles, policy: PolicyName) -> Result<Scorer, Failure> {
    let unchanged = args.rules.is_empty() && !args.no_builtin && !args.by_hand;
    // Ready made: a tenth of the time.
    let scorer = if unchanged {
        Scorer::builtin()
    } else {
        build(rule_set(args)?)?
    };
    Ok(scorer.with_policy(policy.policy()))
}

/// Compiles a rule set.
pub(crate) fn build(set: RuleSet) -> Result<Scorer, Failure> {
    Scorer::builder()
        .rules(set)
        .build()
        .map_err(|error| match error.rule_set() {
            Some(problems) => Failure::Diagnostics(problems.diagnostics().to_vec()),
            None => Failure::Message(format!("the rules cannot be used: {error}")),
        })
}
