//! Preferences from TOML, with the place of what is wrong.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{Factor, Names, Preferences, PreferencesError, Recruiters, Taught, company_key, person_key};
use crate::score::Decision;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    recruiters: Option<Spanned<String>>,
    always: Lists,
    never: Lists,
    weights: BTreeMap<String, Spanned<f64>>,
    taught: Vec<Spanned<Taught>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Lists {
    people: Vec<Spanned<String>>,
    companies: Vec<Spanned<String>>,
}

impl Preferences {
    /// Reads a preferences file; `name` is used in messages.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with its place: no TOML, a key that nothing reads, a value out of range, somebody
    /// who is always and never welcome.
    pub fn parse(name: &str, text: &str) -> Result<Self, PreferencesError> {
        let fail = |span: Range<usize>, message: String| {
            let (line, column) = position(text, span.start);
            PreferencesError {
                file: name.to_owned(),
                line,
                column,
                message,
            }
        };
        let file: File = toml::from_str(text)
            .map_err(|e| fail(e.span().unwrap_or_default(), e.message().trim_end().replace('\n', ", ")))?;
        let mut preferences = Self {
            file: name.to_owned(),
            ..Self::default()
        };
        preferences.recruiters = match &file.recruiters {
            None => None,
            Some(word) => Some(match word.get_ref().as_str() {
                "wanted" => Recruiters::Wanted,
                "unwanted" => Recruiters::Unwanted,
                other => {
                    let message = format!("`{other}` is neither \"wanted\" nor \"unwanted\"");
                    return Err(fail(word.span(), message));
                }
            }),
        };
        let names = |list: Vec<Spanned<String>>, key: fn(&str) -> String, other: &Names| {
            let mut all = Names::new();
            for one in list {
                let span = one.span();
                let shown = one.into_inner();
                let key = key(&shown);
                if key.is_empty() {
                    return Err(fail(
                        span,
                        "an empty name would stand for nobody; take it out".to_owned(),
                    ));
                }
                if other.contains_key(&key) {
                    let message = format!("`{shown}` is always welcome and never; take one of the two out");
                    return Err(fail(span, message));
                }
                all.insert(key, shown);
            }
            Ok(all)
        };
        preferences.always.people = names(file.always.people, person_key, &Names::new())?;
        preferences.always.companies = names(file.always.companies, company_key, &Names::new())?;
        preferences.never.people = names(file.never.people, person_key, &preferences.always.people)?;
        preferences.never.companies = names(file.never.companies, company_key, &preferences.always.companies)?;
        for (detector, factor) in file.weights {
            let value = *factor.get_ref() * 1000.0;
            if !(0.0..=f64::from(Self::MOST)).contains(&value) || (value - value.round()).abs() > 1e-6 {
                let message = format!(
                    "the weight of `{detector}` is {}; it is a number from 0 (off) to 4 with at most three decimals",
                    factor.get_ref()
                );
                return Err(fail(factor.span(), message));
            }
            let at = position(text, factor.span().start);
            // In range, as was just seen.
            let thousandths = value.round() as u32;
            preferences.factors.insert(detector, Factor { thousandths, at });
        }
        for one in file.taught {
            let span = one.span();
            let taught = one.into_inner();
            if taught.id.is_empty() && (taught.sender.is_none() || taught.sent_at.is_none()) {
                return Err(fail(span, "a decision without the id of its message".to_owned()));
            }
            if taught.decision == Decision::Review {
                let message = "a decision is \"accept\" or \"decline\"; take the entry out to leave it to the score";
                return Err(fail(span, message.to_owned()));
            }
            preferences = preferences.teach(taught);
        }
        Ok(preferences)
    }
}

/// Line and column of an offset, both from 1, the column in characters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}
