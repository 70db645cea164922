//! x
#![allow(missing_docs)]
mod coverage;
mod detector;
pub mod detectors;
mod error;
mod explain;
#[cfg(feature = "json")]
mod json;
mod matcher;
mod message;
mod nearest;
pub mod phrase;
mod profile;
mod rule;
mod ruleset;
mod score;
mod scorer;
mod span;
mod text;
mod text_serde;
mod time;
mod verdict;
pub use coverage::*; pub use detector::*; pub use error::*; pub use explain::*; pub use message::*; pub use profile::*; pub use rule::*; pub use ruleset::*; pub use score::*; pub use scorer::*; pub use span::*; pub use time::*; pub use verdict::*;
#[cfg(feature="json")] pub use json::JsonError;
pub use text::{Lang, Stats, Token, TokenKind, TokenFlags, Prepared, PlaceholderShape, MAX_FIELD_BYTES}; pub use matcher::{Hit, AutomatonKind};
