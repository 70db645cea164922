//! Fitted weights laid over the weights that people wrote.

use super::RuleSet;
use crate::rule::Weight;
use crate::score::{Calibration, Model, ModelError};

impl RuleSet {
    /// The set with the weights, limits, priors and calibration of a model.
    ///
    /// Layers that come later still change them. What the rule files say stays known as
    /// [`RuleView::hand_weight`](crate::RuleView::hand_weight).
    ///
    /// # Errors
    ///
    /// The model was made for other rules, names unknown ones, or has numbers out of range.
    pub fn with_model(mut self, model: &Model) -> Result<Self, ModelError> {
        let expected = self.structure_fingerprint();
        if model.fingerprint != expected {
            let found = model.fingerprint.clone();
            return Err(ModelError::ForeignRules { expected, found });
        }
        for (id, weight) in &model.weights {
            if weight.as_milli().abs() > Weight::LIMIT.as_milli() {
                return Err(ModelError::OutOfRange(id.clone()));
            }
            let place = match self.rules.iter_mut().find(|r| r.id == *id) {
                Some(rule) => (&mut rule.weight.value, &mut rule.hand_weight),
                None => match self.combos.iter_mut().find(|c| c.id == *id) {
                    Some(combo) => (&mut combo.weight.value, &mut combo.hand_weight),
                    None => return Err(ModelError::UnknownRule(id.clone())),
                },
            };
            place.1.get_or_insert(*place.0);
            *place.0 = *weight;
        }
        for (id, limits) in &model.groups {
            let Some(group) = self.groups.iter_mut().find(|g| g.id == *id) else {
                return Err(ModelError::UnknownGroup(id.clone()));
            };
            let limits = limits.checked().ok_or_else(|| ModelError::OutOfRange(id.clone()))?;
            (group.knee, group.cap, group.slope) = (limits.knee, limits.cap, limits.slope);
        }
        for new in &model.profiles {
            let Some(profile) = self.profiles.iter_mut().find(|p| p.coverage == new.coverage) else {
                return Err(ModelError::UnknownProfile(new.coverage.to_string()));
            };
            profile.prior = new.prior;
            profile.calibration = new
                .calibration()
                .map_err(|()| ModelError::OutOfRange(new.coverage.to_string()))?
                .map(Calibration::parameters);
        }
        self.model = Some(model.id.clone().unwrap_or_else(|| "unnamed".into()));
        Ok(self)
    }
}

/// Models in the folder of a rule set.
#[cfg(feature = "toml")]
mod file {
    use std::sync::Arc;

    use crate::ruleset::diagnostic::{Code, Diagnostic, Origin, RuleSetError, Source};
    use crate::ruleset::{Model, RuleSet};
    use crate::score::ModelError;
    use crate::wording::{WordingError, WordingModel};

    impl RuleSet {
        /// The set with the model in a file.
        pub(in crate::ruleset) fn with_model_file(self, name: &str, text: &str) -> Result<Self, RuleSetError> {
            let set = Model::parse(text).and_then(|model| self.with_model(&model));
            set.map_err(|error| {
                let code = match error {
                    ModelError::ForeignRules { .. } => Code::ForeignModel,
                    ModelError::Syntax(_) => Code::Syntax,
                    _ => Code::WrongValue,
                };
                unusable(code, &error, name, text)
            })
        }

        /// The set with the wording model in a file.
        pub(in crate::ruleset) fn with_wording_file(self, name: &str, text: &str) -> Result<Self, RuleSetError> {
            let model = WordingModel::parse(text).map_err(|error| {
                let code = match error {
                    WordingError::ForeignTokens { .. } => Code::ForeignModel,
                    WordingError::Syntax(_) => Code::Syntax,
                    _ => Code::WrongValue,
                };
                unusable(code, &error, name, text)
            })?;
            Ok(self.with_wording(model))
        }
    }

    fn unusable(code: Code, error: &dyn std::error::Error, name: &str, text: &str) -> RuleSetError {
        let source = Arc::new(Source {
            name: name.to_owned(),
            text: text.to_owned(),
        });
        let at = Origin { source, span: 0..0 };
        RuleSetError::new(vec![Diagnostic::error(code, &at, error.to_string())])
    }
}
