//! From options to a rule set and a scorer.

use huckster::{RuleSet, Scorer};

use crate::args::{PolicyName, RuleFiles};
use crate::failure::Failure;

/// The built-in rules, if wanted, with the given files laid over them in order.
pub(crate) fn rule_set(args: &RuleFiles) -> Result<RuleSet, Failure> {
    let mut set = (!args.no_builtin).then(RuleSet::builtin);
    for path in &args.rules {
        let layer = RuleSet::load(path)?;
        set = Some(match set {
            Some(below) => below.overlay(layer)?,
            None => layer,
        });
    }
    Ok(set.unwrap_or_else(RuleSet::empty))
}

/// A scorer with these rules.
pub(crate) fn scorer(args: &RuleFiles, policy: PolicyName) -> Result<Scorer, Failure> {
    build(rule_set(args)?).map(|scorer| scorer.with_policy(policy.policy()))
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
