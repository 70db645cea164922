//! What can go wrong while a scorer is built.

use crate::phrase::PhraseError;
use crate::ruleset::RuleSetError;

/// A scorer cannot be built.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct BuildError(#[from] BuildErrorKind);

impl BuildError {
    /// The problems in rule files, if that is what went wrong.
    pub fn rule_set(&self) -> Option<&RuleSetError> {
        match &self.0 {
            BuildErrorKind::RuleSet(error) => Some(error),
            _ => None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildErrorKind {
    #[error("{0}")]
    RuleSet(RuleSetError),
    #[error("`{0}` is not a rule id; write it as namespace.kebab-name, in lower case")]
    BadRuleId(String),
    #[error("the rule `{0}` is in a namespace of the built-in rules; use one of your own")]
    ReservedNamespace(String),
    #[error("two detectors declare the rule `{0}`")]
    DuplicateRule(String),
    #[error("the weight of `{0}` is outside -10 to 10")]
    WeightOutOfRange(String),
    #[error("the rule `{0}` is suppressed by `{1}`, which does not exist")]
    UnknownRule(String, String),
    #[error("a phrase of `{0}` points at rule {1}, which is outside the detector's table")]
    RuleOutOfTable(String, usize),
    #[error("the phrase `{0}` cannot be compiled: {1}")]
    Phrase(String, PhraseError),
    #[error("more than 65,534 detectors")]
    TooManyDetectors,
}
