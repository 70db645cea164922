//! Weights apart from rules: what a fitter writes and a scorer takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::coverage::Coverage;
use crate::rule::Weight;
use crate::ruleset::Code;
use crate::score::{Calibration, Limits, Numbers, Profiled, Structure};

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
    /// How it came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<ModelProvenance>,
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

/// How a model came about: on which messages, and how good it was on messages it had not seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelProvenance {
    /// The name of the corpus.
    pub corpus: String,
    /// Its fingerprint.
    pub corpus_fingerprint: String,
    /// Messages of each label.
    pub pitch: u64,
    /// Messages of each label.
    pub generic: u64,
    /// Messages of each label.
    pub genuine: u64,
    /// Independent clusters.
    pub clusters: u64,
    /// Folds of the cross-validation.
    pub folds: u64,
    /// Its seed.
    pub seed: u64,
    /// The pull towards the earlier weights.
    pub pull: Weight,
    /// The day, if whoever fitted it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Measures on held-out folds.
    #[serde(default)]
    pub cross_validated: BTreeMap<String, Weight>,
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
    /// It has a prior for a coverage that the rules have none for.
    #[error("the model has a prior for {0}, but the rules have none for it")]
    UnknownProfile(String),
    /// It names a group that does not exist.
    #[error("the model has limits for `{0}`, but there is no such group")]
    UnknownGroup(String),
    /// A limit, weight or calibration is outside its range.
    #[error("`{0}` is out of range")]
    OutOfRange(String),
}

impl GroupLimits {
    pub(crate) fn of(limits: Limits) -> Self {
        Self {
            knee: limits.knee,
            cap: limits.cap,
            slope: Weight::milli(limits.slope as i32),
        }
    }

    /// The limits, if they are in range.
    pub(crate) fn checked(self) -> Option<Limits> {
        let Self { knee, cap, slope } = self;
        let slope = u32::try_from(slope.as_milli()).ok().filter(|s| *s <= 1000)?;
        (Weight::ZERO <= knee && knee <= cap).then_some(Limits { knee, cap, slope })
    }
}

impl ModelProfile {
    /// The calibration if there is one; an error if it is half there or falls.
    pub(crate) fn calibration(&self) -> Result<Option<Calibration>, ()> {
        match (self.calibration_slope, self.calibration_offset) {
            (Some(slope), Some(offset)) => Calibration::new(slope, offset).map(Some).ok_or(()),
            (None, None) => Ok(None),
            _ => Err(()),
        }
    }
}

impl Profiled {
    pub(crate) fn to_model(self) -> ModelProfile {
        let parameters = self.calibration.map(Calibration::parameters);
        ModelProfile {
            coverage: self.coverage,
            prior: self.prior,
            calibration_slope: parameters.map(|p| p.0),
            calibration_offset: parameters.map(|p| p.1),
        }
    }

    pub(crate) fn from_model(model: &ModelProfile) -> Result<Self, ()> {
        Ok(Self {
            coverage: model.coverage,
            prior: model.prior,
            calibration: model.calibration()?,
        })
    }
}

impl Numbers {
    /// The numbers of rules of this structure, as a model.
    pub(crate) fn to_model(&self, structure: &Structure, fingerprint: &str) -> Model {
        let rules = structure.rules.iter().map(|r| &r.id).zip(&self.rules);
        let combos = structure.combos.iter().map(|c| &c.id).zip(&self.combos);
        let groups = structure.groups.iter().zip(&self.limits);
        Model {
            fingerprint: fingerprint.to_owned(),
            weights: rules.chain(combos).map(|(id, w)| (id.clone(), *w)).collect(),
            groups: groups
                .map(|(id, limits)| (id.clone(), GroupLimits::of(*limits)))
                .collect(),
            profiles: self.profiles.iter().copied().map(Profiled::to_model).collect(),
            ..Model::default()
        }
    }

    /// The same with what a model changes.
    pub(crate) fn with_model(
        &self,
        structure: &Structure,
        fingerprint: &str,
        model: &Model,
    ) -> Result<Self, ModelError> {
        if model.fingerprint != fingerprint {
            return Err(ModelError::ForeignRules {
                expected: fingerprint.to_owned(),
                found: model.fingerprint.clone(),
            });
        }
        let mut numbers = self.clone();
        for (id, weight) in &model.weights {
            if weight.as_milli().abs() > Weight::LIMIT.as_milli() {
                return Err(ModelError::OutOfRange(id.clone()));
            }
            if let Ok(i) = structure.rules.binary_search_by(|r| r.id.as_str().cmp(id)) {
                numbers.rules[i] = *weight;
            } else if let Some(i) = structure.combos.iter().position(|c| c.id == *id) {
                numbers.combos[i] = *weight;
            } else {
                return Err(ModelError::UnknownRule(id.clone()));
            }
        }
        for (id, new) in &model.groups {
            let Some(i) = structure.groups.iter().position(|g| g == id) else {
                return Err(ModelError::UnknownGroup(id.clone()));
            };
            numbers.limits[i] = new.checked().ok_or_else(|| ModelError::OutOfRange(id.clone()))?;
        }
        for new in &model.profiles {
            let new = Profiled::from_model(new).map_err(|()| ModelError::OutOfRange(new.coverage.to_string()))?;
            numbers.profiles.retain(|p| p.coverage != new.coverage);
            numbers.profiles.push(new);
        }
        Ok(numbers)
    }
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

    /// The model as a file, with a comment on top that says what it is.
    ///
    /// # Errors
    ///
    /// None in practice: a model has nothing that TOML lacks.
    #[cfg(feature = "eval")]
    pub fn to_toml(&self) -> Result<String, ModelError> {
        let body = toml::to_string(self).map_err(|e| ModelError::Syntax(e.to_string()))?;
        Ok(format!(
            "# Fitted weights, in logits. Made by `huckster fit`, not by hand: change rules and fit again.\n{body}"
        ))
    }
}
