//! Positions: byte spans in a named field of a message.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A half-open range of byte offsets into one field of a message as the caller gave it.
///
/// Spans produced by this crate always lie on character boundaries of that field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` to `end` in bytes.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether the span covers nothing.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether the two spans share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The text under this span; `None` if the span does not fit `text`.
    ///
    /// ```
    /// use huckster::Span;
    /// assert_eq!(Span::new(3, 7).text("Hi Sara"), Some("Sara"));
    /// assert_eq!(Span::new(3, 70).text("Hi Sara"), None);
    /// ```
    pub fn text(self, text: &str) -> Option<&str> {
        text.get(self.start as usize..self.end as usize)
    }

    /// The same range in UTF-16 code units, as JavaScript, Java and C# count; `None` if the span does not fit `text`.
    ///
    /// ```
    /// use huckster::Span;
    /// // The rocket is four bytes, but two UTF-16 units.
    /// assert_eq!(Span::new(5, 8).to_utf16("🚀 new"), Some((3, 6)));
    /// ```
    pub fn to_utf16(self, text: &str) -> Option<(u32, u32)> {
        let before = text.get(..self.start as usize)?;
        let inside = self.text(text)?;
        let start = before.encode_utf16().count() as u32;
        Some((start, start + inside.encode_utf16().count() as u32))
    }
}

/// The field of a message that a [`Span`] points into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The message itself: `text`.
    #[default]
    Text,
    /// The subject of an InMail or e-mail: `subject`.
    Subject,
    /// `sender.headline`
    SenderHeadline,
    /// `sender.positions[n].title`
    SenderTitle(u16),
    /// `sender.about`
    SenderAbout,
    /// `recipient.headline`
    RecipientHeadline,
    /// `recipient.positions[n].title`
    RecipientTitle(u16),
    /// `recipient.about`
    RecipientAbout,
    /// `thread[n].text`
    Thread(u16),
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Subject => f.write_str("subject"),
            Self::SenderHeadline => f.write_str("sender.headline"),
            Self::SenderTitle(n) => write!(f, "sender.positions[{n}].title"),
            Self::SenderAbout => f.write_str("sender.about"),
            Self::RecipientHeadline => f.write_str("recipient.headline"),
            Self::RecipientTitle(n) => write!(f, "recipient.positions[{n}].title"),
            Self::RecipientAbout => f.write_str("recipient.about"),
            Self::Thread(n) => write!(f, "thread[{n}].text"),
        }
    }
}

impl Field {
    /// Reads the form that [`Display`](fmt::Display) writes.
    pub fn from_path(path: &str) -> Option<Self> {
        let index = |prefix: &str, suffix: &str| path.strip_prefix(prefix)?.strip_suffix(suffix)?.parse().ok();
        Some(match path {
            "text" => Self::Text,
            "subject" => Self::Subject,
            "sender.headline" => Self::SenderHeadline,
            "sender.about" => Self::SenderAbout,
            "recipient.headline" => Self::RecipientHeadline,
            "recipient.about" => Self::RecipientAbout,
            _ => {
                if let Some(n) = index("sender.positions[", "].title") {
                    Self::SenderTitle(n)
                } else if let Some(n) = index("recipient.positions[", "].title") {
                    Self::RecipientTitle(n)
                } else {
                    Self::Thread(index("thread[", "].text")?)
                }
            }
        })
    }

    /// The set that holds every field of this one's kind.
    pub const fn set(self) -> FieldSet {
        match self {
            Self::Text => FieldSet::TEXT,
            Self::Subject => FieldSet::SUBJECT,
            Self::SenderHeadline => FieldSet::SENDER_HEADLINE,
            Self::SenderTitle(_) => FieldSet::SENDER_TITLE,
            Self::SenderAbout => FieldSet::SENDER_ABOUT,
            Self::RecipientHeadline => FieldSet::RECIPIENT_HEADLINE,
            Self::RecipientTitle(_) => FieldSet::RECIPIENT_TITLE,
            Self::RecipientAbout => FieldSet::RECIPIENT_ABOUT,
            Self::Thread(_) => FieldSet::THREAD,
        }
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = String::deserialize(deserializer)?;
        Self::from_path(&path).ok_or_else(|| serde::de::Error::custom(format!("no field is called `{path}`")))
    }
}

/// Which kinds of field a phrase is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldSet(u16);

impl FieldSet {
    /// No field.
    pub const NONE: Self = Self(0);
    /// The message text.
    pub const TEXT: Self = Self(1);
    /// The subject line.
    pub const SUBJECT: Self = Self(1 << 1);
    /// The sender's headline.
    pub const SENDER_HEADLINE: Self = Self(1 << 2);
    /// The titles of the sender's positions.
    pub const SENDER_TITLE: Self = Self(1 << 3);
    /// The sender's "about" text.
    pub const SENDER_ABOUT: Self = Self(1 << 4);
    /// The recipient's headline.
    pub const RECIPIENT_HEADLINE: Self = Self(1 << 5);
    /// The titles of the recipient's positions.
    pub const RECIPIENT_TITLE: Self = Self(1 << 6);
    /// The recipient's "about" text.
    pub const RECIPIENT_ABOUT: Self = Self(1 << 7);
    /// The texts of earlier turns of the thread.
    pub const THREAD: Self = Self(1 << 8);
    /// Text and subject: where a rule looks unless it says otherwise.
    pub const MESSAGE: Self = Self(Self::TEXT.0 | Self::SUBJECT.0);
    /// Where a role is read from: headlines and titles of both parties.
    pub const ROLE: Self =
        Self(Self::SENDER_HEADLINE.0 | Self::SENDER_TITLE.0 | Self::RECIPIENT_HEADLINE.0 | Self::RECIPIENT_TITLE.0);

    /// The names of the single fields, as rule files write them.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("text", Self::TEXT),
        ("subject", Self::SUBJECT),
        ("sender.headline", Self::SENDER_HEADLINE),
        ("sender.title", Self::SENDER_TITLE),
        ("sender.about", Self::SENDER_ABOUT),
        ("recipient.headline", Self::RECIPIENT_HEADLINE),
        ("recipient.title", Self::RECIPIENT_TITLE),
        ("recipient.about", Self::RECIPIENT_ABOUT),
        ("thread", Self::THREAD),
    ];

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a field.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every field of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    #[cfg(feature = "builtin")]
    pub(crate) const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    pub(crate) const fn bits(self) -> u16 {
        self.0
    }
}

impl Default for FieldSet {
    fn default() -> Self {
        Self::MESSAGE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_paths_round_trip() {
        for field in [
            Field::Text,
            Field::Subject,
            Field::SenderHeadline,
            Field::SenderTitle(3),
            Field::SenderAbout,
            Field::RecipientHeadline,
            Field::RecipientTitle(0),
            Field::RecipientAbout,
            Field::Thread(12),
        ] {
            assert_eq!(Field::from_path(&field.to_string()), Some(field));
        }
        assert_eq!(Field::from_path("thread[x].text"), None);
        assert_eq!(Field::from_path("body"), None);
    }

    #[test]
    fn spans_refuse_what_does_not_fit() {
        assert_eq!(Span::new(1, 2).text("é"), None, "inside a character");
        assert_eq!(Span::new(0, 2).text("é"), Some("é"));
        assert_eq!(Span::new(1, 2).to_utf16("é"), None);
    }
}
