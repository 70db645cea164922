//! x
#![allow(dead_code, missing_docs, unused)]
mod coverage; mod message; mod profile; mod span; mod text; mod text_serde; mod time; mod scorer; pub mod phrase; mod nearest; mod matcher; mod rule;
pub use coverage::*; pub use message::*; pub use profile::*; pub use span::*; pub use time::*;  pub use rule::*;
pub struct Detector; pub struct Context;
