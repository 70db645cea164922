//! Weights apart from rules: what a fitter writes and a scorer takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::coverage::Coverage;
use crate::rule::Weight;
use crate::ruleset::Code;

/// Weights, group limits, priors and calibration for a given set of rules.
///
/// [`Scorer::model`](crate::Scorer::model) gives the one in use, [`Scorer::with_model`](crate::Scorer::with_model)
/// takes another without compiling the rules again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct Model {
    /// [`RuleSet::structure_fingerprint`](crate::RuleSet::structure_fingerprint) of the rules it was made for.
    pub fingerprint: String,
    /// A name of its own, shown in the provenance of verdicts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Weights by rule or combo id; what is missing keeps the weight of the rule file.
    #[serde(default)]
    pub weights: BTreeMap<String, Weight>,
    /// Limits by group id.
    #[serde(default)]
    pub groups: BTreeMap<String, GroupLimits>,
    /// Priors, and calibration if any, by coverage.
    #[serde(default)]
    pub profiles: Vec<ModelProfile>,
}

/// Limits of a group, see the design notes on saturation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupLimits {
    /// Totals up to here count in full.
    pub knee: Weight,
    /// Totals never count for more.
    pub cap: Weight,
    /// Share of the slope between the two.
    pub slope: Weight,
}

/// The prior of messages of a coverage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ModelProfile {
    /// What must be known; the profile that asks for most and fits is used.
    pub coverage: Coverage,
    /// The log-odds before any evidence.
    pub prior: Weight,
    /// Slope of the calibration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration_slope: Option<Weight>,
    /// Offset of the calibration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration_offset: Option<Weight>,
}

/// A model does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The text is no model file.
    #[error("not a model: {0}")]
    Syntax(String),
    /// It was made for other rules (HK070).
    #[error(
        "{}: the model was made for the rules {found}, but these are {expected}; fit it again",
        Code::ForeignModel
    )]
    ForeignRules {
        /// The fingerprint of the rules at hand.
        expected: String,
        /// The fingerprint in the model.
        found: String,
    },
    /// It names a rule that does not exist.
    #[error("the model has a weight for `{0}`, but there is no such rule")]
    UnknownRule(String),
    /// It names a group that does not exist.
    #[error("the model has limits for `{0}`, but there is no such group")]
    UnknownGroup(String),
    /// A limit, weight or calibration is outside its range.
    #[error("`{0}` is out of range")]
    OutOfRange(String),
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// [`ModelError::Syntax`] with line and column.
    #[cfg(feature = "toml")]
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        toml::from_str(text).map_err(|e| ModelError::Syntax(e.to_string().trim_end().to_owned()))
    }
}
