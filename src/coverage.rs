//! What is known about a message.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The kinds of facts that a message carries, as a small set.
///
/// The coverage of a message selects the prior (a text alone and a text with all its facts mean different things at
/// the same score) and is reported in the verdict. The same type says what a detector needs before it can speak, see
/// [`Detector::needs`](crate::Detector::needs).
///
/// ```
/// use huckster::{Coverage, Message, Profile};
/// let message = Message::invitation("Hello Ines").sender(Profile::new().headline("Nurse"));
/// assert_eq!(message.coverage().to_string(), "text + sender");
/// assert!(message.coverage().contains(Coverage::SENDER));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coverage(u16);

/// What a detector needs to know before it can say anything.
pub type Needs = Coverage;

impl Coverage {
    /// Nothing is known.
    pub const NONE: Self = Self(0);
    /// The text is known, or is known to be blank.
    pub const TEXT: Self = Self(1);
    /// There is a subject line.
    pub const SUBJECT: Self = Self(1 << 1);
    /// Something is known of the sender's profile.
    pub const SENDER: Self = Self(1 << 2);
    /// Something is known of the recipient's profile.
    pub const RECIPIENT: Self = Self(1 << 3);
    /// Something is known of what the two share.
    pub const RELATIONSHIP: Self = Self(1 << 4);
    /// Earlier turns, or their counts, are known.
    pub const THREAD: Self = Self(1 << 5);
    /// Some time is known.
    pub const TIMING: Self = Self(1 << 6);
    /// It is known how many copies of the message exist.
    pub const CAMPAIGN: Self = Self(1 << 7);
    /// Earlier contact of this sender is known.
    pub const HISTORY: Self = Self(1 << 8);

    /// Every single kind with its name, in the order used everywhere.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("text", Self::TEXT),
        ("subject", Self::SUBJECT),
        ("sender", Self::SENDER),
        ("recipient", Self::RECIPIENT),
        ("relationship", Self::RELATIONSHIP),
        ("thread", Self::THREAD),
        ("timing", Self::TIMING),
        ("campaign", Self::CAMPAIGN),
        ("history", Self::HISTORY),
    ];

    /// The single kind called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(n, _)| *n == name).map(|(_, c)| *c)
    }

    /// The set as bits, for hit logs and stored rules.
    #[cfg(any(feature = "eval", all(test, feature = "builtin")))]
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }

    /// The set of these bits; bits that mean nothing are dropped.
    #[cfg(any(feature = "eval", feature = "builtin"))]
    pub(crate) const fn from_bits(bits: u16) -> Self {
        Self(bits & 0x1ff)
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything in `other` is known.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether nothing is known.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many kinds are known.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// The kinds of `self` that are missing from `other`.
    #[must_use]
    pub const fn missing_from(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The names of the kinds in the set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .iter()
            .filter(move |(_, c)| self.contains(*c))
            .map(|(n, _)| *n)
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing");
        }
        for (i, name) in self.names().enumerate() {
            if i > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for Coverage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut set = Self::NONE;
        for name in Vec::<String>::deserialize(deserializer)? {
            set = set.union(
                Self::from_name(&name).ok_or_else(|| D::Error::custom(format!("no coverage is called `{name}`")))?,
            );
        }
        Ok(set)
    }
}
