//! stub
use super::{Comparison, Evaluation, Fit};
impl Evaluation {
    /// s
    pub fn to_markdown(&self) -> String {
        String::new()
    }
    /// s
    pub fn rules_csv(&self) -> String {
        String::new()
    }
}
impl Comparison {
    /// s
    pub fn to_markdown(&self) -> String {
        String::new()
    }
}
impl Fit {
    /// s
    pub fn to_markdown(&self) -> String {
        String::new()
    }
}
/// s
pub fn page(_: &[Evaluation], _: Option<&Comparison>) -> String {
    String::new()
}
