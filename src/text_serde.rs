//! Deserialisation helpers that borrow from the input where it has no escapes.
//!
//! Serde borrows for a bare `Cow<str>` field only; inside `Option` or `Vec` it would copy.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

pub(crate) fn opt<'de: 'a, 'a, D: Deserializer<'de>>(d: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(Option::<Text<'a>>::deserialize(d)?.map(|t| t.0))
}

pub(crate) fn seq<'de: 'a, 'a, D: Deserializer<'de>>(d: D) -> Result<Vec<Cow<'a, str>>, D::Error> {
    Ok(opt_seq(d)?.unwrap_or_default())
}

pub(crate) fn opt_seq<'de: 'a, 'a, D: Deserializer<'de>>(d: D) -> Result<Option<Vec<Cow<'a, str>>>, D::Error> {
    Ok(Option::<Vec<Text<'a>>>::deserialize(d)?.map(|v| v.into_iter().map(|t| t.0).collect()))
}
