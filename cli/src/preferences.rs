//! The user's preferences, laid over every verdict.

use std::sync::Arc;

use huckster::{Message, Preferences, PreferencesError, Scorer, Scratch, Verdict};

use crate::args::PreferencesFile;
use crate::failure::Failure;
use crate::input;

/// The preferences that the options name.
pub(crate) fn load(args: &PreferencesFile) -> Result<Option<Preferences>, Failure> {
    let Some(path) = &args.preferences else {
        return Ok(None);
    };
    let name = path.display().to_string();
    let text = input::utf8(input::file(path)?, &format!("`{name}`"))?;
    Preferences::parse(&name, &text).map(Some).map_err(wrong)
}

/// Preferences that cannot be used.
pub(crate) fn wrong(error: PreferencesError) -> Failure {
    Failure::Message(error.to_string())
}

/// A scorer with the user's weights, and what the user wants whatever the score. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Judging {
    scorer: Scorer,
    preferences: Option<Arc<Preferences>>,
}

impl Judging {
    /// The scorer under the preferences that the options name, if they name any.
    pub(crate) fn new(args: &PreferencesFile, scorer: Scorer) -> Result<Self, Failure> {
        Ok(match load(args)? {
            None => Self {
                scorer,
                preferences: None,
            },
            Some(preferences) => Self {
                scorer: preferences.weigh(&scorer).map_err(wrong)?,
                preferences: Some(Arc::new(preferences)),
            },
        })
    }

    /// The scorer, with the user's weights.
    pub(crate) fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// Appends the verdict on a message to a buffer as JSON. Without preferences nothing is allocated.
    pub(crate) fn write(
        &self,
        scratch: &mut Scratch,
        message: &Message<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), serde_json::Error> {
        if self.preferences.is_some() {
            serde_json::to_writer(out, &self.judge(scratch, message))
        } else {
            serde_json::to_writer(out, &self.scorer.judge_with(scratch, message))
        }
    }

    /// The verdict on a message, as the user wants it.
    pub(crate) fn judge(&self, scratch: &mut Scratch, message: &Message<'_>) -> Verdict {
        let mut verdict = self.scorer.judge_with(scratch, message).to_verdict();
        self.settle(message, &mut verdict);
        verdict
    }

    /// Lays what the user wants over a verdict of the scorer.
    pub(crate) fn settle(&self, message: &Message<'_>, verdict: &mut Verdict) {
        if let Some(preferences) = &self.preferences {
            preferences.apply(&self.scorer, message, verdict);
        }
    }
}
