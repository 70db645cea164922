//! The arithmetic: from findings to a score, in integers.

mod calibrate;
mod model;
mod policy;
mod saturate;
mod weigh;

pub use self::calibrate::{Calibration, Probability};
pub use self::model::{GroupLimits, Model, ModelError, ModelProfile, ModelProvenance};
pub use self::policy::{Basis, CostMatrix, Decision, Policy, ReviewReason};
pub(crate) use self::saturate::Limits;
pub(crate) use self::weigh::{
    Circumstances, ComboShape, Fired, Numbers, Outcome, Profiled, RowData, RuleShape, Scale, ShapeTerm, Structure,
};
