//! What a rule set is made of, as data.

use std::collections::BTreeMap;

use super::condition::Condition;
use super::diagnostic::Origin;
use crate::coverage::Coverage;
use crate::message::Message;
use crate::rule::{Count, Status, Weight};
use crate::span::FieldSet;
use crate::text::Lang;

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) at: Origin,
}

/// Whether rules of a group speak for or against the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum GroupKind {
    #[default]
    Suspicion,
    Mitigation,
}

/// Limits of a group: see `score/saturate.rs`.
#[derive(Clone, Debug)]
pub(crate) struct GroupItem {
    pub(crate) id: String,
    pub(crate) summary: String,
    pub(crate) kind: GroupKind,
    pub(crate) knee: Weight,
    pub(crate) cap: Weight,
    /// Thousandths of the slope between knee and cap.
    pub(crate) slope: u32,
    pub(crate) at: Origin,
}

#[derive(Clone, Debug)]
pub(crate) struct ListItem {
    pub(crate) id: String,
    pub(crate) words: Vec<Placed<String>>,
    pub(crate) add: Vec<Placed<String>>,
    pub(crate) drop: Vec<Placed<String>>,
    pub(crate) at: Origin,
}

#[derive(Clone, Debug)]
pub(crate) struct RoleItem {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) family: String,
    pub(crate) sells: bool,
    pub(crate) phrases: Vec<Placed<String>>,
    pub(crate) hits: Vec<Placed<String>>,
    pub(crate) misses: Vec<Placed<String>>,
    pub(crate) at: Origin,
}

#[derive(Clone, Debug)]
pub(crate) struct PersonaItem {
    pub(crate) seller: Placed<String>,
    /// How usual it is (1 to 3) that the seller's first contact sells something to this role.
    pub(crate) to: BTreeMap<String, (u8, Origin)>,
    pub(crate) anyone: u8,
}

/// An example or a counter-example.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) message: Message<'static>,
    pub(crate) at: Origin,
}

#[derive(Clone, Debug)]
pub(crate) struct RuleItem {
    pub(crate) id: String,
    pub(crate) group: Placed<String>,
    pub(crate) weight: Placed<Weight>,
    /// The weight in the rule file, where a model has brought another.
    pub(crate) hand_weight: Option<Weight>,
    pub(crate) summary: String,
    pub(crate) advice: Option<String>,
    pub(crate) notes: Option<String>,
    pub(crate) since: Option<String>,
    pub(crate) renamed_from: Option<String>,
    pub(crate) phrases: Vec<Placed<String>>,
    pub(crate) when: Vec<Condition>,
    pub(crate) unless: Vec<Placed<String>>,
    pub(crate) hits: Vec<Example>,
    pub(crate) misses: Vec<Example>,
    pub(crate) lang: Option<Lang>,
    pub(crate) fields: FieldSet,
    pub(crate) status: Status,
    pub(crate) decisive: bool,
    pub(crate) count: Count,
    pub(crate) min_words: u32,
    /// Reported by a detector written in Rust, not by phrases or conditions.
    pub(crate) computed: bool,
    pub(crate) enabled: bool,
    pub(crate) at: Origin,
}

/// A reference inside a combo.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Term {
    /// A rule or another combo, by id.
    Id(String),
    /// `group:ask`: any rule of the group with a positive (or, for mitigation, negative) weight.
    Group(String),
    /// `known:timing`
    Known(Coverage),
}

#[derive(Clone, Debug)]
pub(crate) struct ComboItem {
    pub(crate) id: String,
    pub(crate) group: Placed<String>,
    pub(crate) weight: Placed<Weight>,
    /// The weight in the rule file, where a model has brought another.
    pub(crate) hand_weight: Option<Weight>,
    pub(crate) summary: String,
    pub(crate) all: Vec<Placed<Term>>,
    pub(crate) any: Vec<Placed<Term>>,
    pub(crate) none: Vec<Placed<Term>>,
    pub(crate) at: Origin,
}

#[derive(Clone, Debug)]
pub(crate) struct ProfileItem {
    pub(crate) coverage: Coverage,
    pub(crate) prior: Weight,
    /// `probability = sigmoid(slope x score + offset)`, in thousandths.
    pub(crate) calibration: Option<(Weight, Weight)>,
    pub(crate) at: Origin,
}

/// A change that a later layer makes to a rule.
#[derive(Clone, Debug)]
pub(crate) struct OverrideItem {
    pub(crate) id: Placed<String>,
    pub(crate) weight: Option<Change>,
    pub(crate) enabled: Option<bool>,
    pub(crate) status: Option<Status>,
    pub(crate) add: Vec<Placed<String>>,
    pub(crate) drop: Vec<Placed<String>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Change {
    To(Placed<Weight>),
    By(Placed<Weight>),
}
