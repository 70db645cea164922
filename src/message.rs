//! The input: one type for connection requests, direct messages and InMails.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::coverage::Coverage;
use crate::profile::{Profile, Relationship, own};
use crate::scorer::PreparedRecipient;
use crate::text_serde::opt;
use crate::time::Timestamp;

/// A message to judge: its text and every fact the caller knows about it.
///
/// A plain text is enough; each further fact sharpens the verdict, and a fact that is absent is unknown and never
/// counts against anyone.
///
/// ```
/// use huckster::{Message, Profile, Relationship};
/// let message = Message::invitation("Hi Marta, loved the talk on grid data. May I ask about the ingest?")
///     .sender(Profile::new().name("Jonas Weber").headline("Data engineer at Calder Rail"))
///     .relationship(Relationship::new().mutual_connections(12));
/// ```
///
/// The serde form is the public JSON of the project: see `README.md`. `Debug` prints lengths, not texts.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Message<'a> {
    /// The caller's own identifier; copied to the verdict.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub id: Option<Cow<'a, str>>,
    /// How the message came.
    #[serde(skip_serializing_if = "is_default")]
    pub channel: Channel,
    /// The device it was sent from.
    #[serde(skip_serializing_if = "is_default")]
    pub client: Client,
    /// The language, if known, as an ISO 639-1 code; otherwise it is guessed from the text.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub lang: Option<Cow<'a, str>>,
    /// The subject line of an InMail or e-mail.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub subject: Option<Cow<'a, str>>,
    /// The text, in JSON `text`: `""` is a request without a note, absent is unknown.
    #[serde(rename = "text", borrow, skip_serializing_if = "Body::is_unknown")]
    pub body: Body<'a>,
    /// Who sent it.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Profile<'a>>,
    /// Who received it.
    #[serde(borrow, skip_serializing_if = "Recipient::is_unknown")]
    pub recipient: Recipient<'a>,
    /// What connects the two.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<Relationship<'a>>,
    /// What was written before.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread<'a>>,
    /// When it was sent, and how soon after what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// Earlier contact by the same sender outside this thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// What is known of copies of this message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignFacts>,
    /// Named facts for custom detectors, for example `crm.stage`.
    #[serde(borrow, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Cow<'a, str>, FactValue<'a>>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How a message came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Channel {
    /// Not known.
    #[default]
    Unknown,
    /// A connection request, with or without a note. JSON may also say `invite`.
    #[serde(alias = "invite")]
    Invitation,
    /// A message between connections. JSON may also say `dm`.
    #[serde(alias = "dm")]
    Direct,
    /// A paid message to a stranger.
    InMail,
    /// An e-mail.
    Email,
    /// A message through a shared group.
    Group,
    /// A message through a shared event.
    Event,
    /// Anything else.
    Other,
}

impl Channel {
    /// The channel as written in JSON; `unknown` if it is not known.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Invitation => "invitation",
            Self::Direct => "direct",
            Self::InMail => "inmail",
            Self::Email => "email",
            Self::Group => "group",
            Self::Event => "event",
            Self::Other => "other",
        }
    }
}

/// The device a request was sent from.
///
/// On the phone the connect button sends at once and a note needs the overflow menu, so a missing note says less
/// there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Client {
    /// Not known.
    #[default]
    Unknown,
    /// A phone.
    Mobile,
    /// A browser on a computer.
    Desktop,
}

/// The text of a message.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Body<'a> {
    /// The text was not given; nothing is concluded from that.
    #[default]
    Unknown,
    /// The message is known to have no text: a request without a note.
    Blank,
    /// The text.
    Text(Cow<'a, str>),
}

impl<'a> Body<'a> {
    /// `Blank` for a text of white space only, else the text.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.trim().is_empty() {
            Self::Blank
        } else {
            Self::Text(text)
        }
    }

    /// The text, if there is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unknown | Self::Blank => None,
        }
    }

    /// Whether the text was not given.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether it is known that there is no text.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_none(),
            Self::Blank => serializer.serialize_str(""),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Body<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(opt(deserializer)?.map_or(Self::Unknown, Self::new))
    }
}

/// Who received the message.
///
/// A recipient is usually one person for thousands of messages, so the part that depends on the recipient alone can be
/// worked out once: [`Scorer::prepare_recipient`](crate::Scorer::prepare_recipient).
#[derive(Clone, Default)]
pub enum Recipient<'a> {
    /// Not known.
    #[default]
    Unknown,
    /// A profile.
    Profile(Profile<'a>),
    /// A profile that a scorer has prepared.
    Prepared(Arc<PreparedRecipient>),
}

impl<'a> Recipient<'a> {
    /// The profile, if known.
    pub fn profile(&self) -> Option<&Profile<'a>> {
        match self {
            Self::Unknown => None,
            Self::Profile(profile) => Some(profile),
            Self::Prepared(prepared) => Some(prepared.profile()),
        }
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl PartialEq for Recipient<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.profile() == other.profile()
    }
}

impl<'a> From<Profile<'a>> for Recipient<'a> {
    fn from(profile: Profile<'a>) -> Self {
        Self::Profile(profile)
    }
}

impl From<&Arc<PreparedRecipient>> for Recipient<'_> {
    fn from(prepared: &Arc<PreparedRecipient>) -> Self {
        Self::Prepared(Arc::clone(prepared))
    }
}

impl Serialize for Recipient<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.profile().serialize(serializer)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Recipient<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Profile<'a>>::deserialize(deserializer)?.map_or(Self::Unknown, Self::Profile))
    }
}

/// What was written before this message in the same thread.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Thread<'a> {
    /// The earlier turns, oldest first.
    Turns(Vec<Turn<'a>>),
    /// Only their counts are known.
    Counts {
        /// Messages by the sender since the recipient last wrote.
        unanswered: Option<u32>,
        /// Whether the recipient ever wrote.
        recipient_replied: Option<bool>,
    },
}

impl Thread<'_> {
    /// Whether anything is known; a list without turns says that nothing was written before.
    pub fn is_known(&self) -> bool {
        !matches!(
            self,
            Self::Counts {
                unanswered: None,
                recipient_replied: None
            }
        )
    }

    /// Messages by the sender since the recipient last wrote (this one not counted).
    pub fn unanswered(&self) -> Option<u32> {
        match self {
            Self::Turns(turns) => Some(
                turns
                    .iter()
                    .rev()
                    .take_while(|t| t.from == Party::Sender)
                    .count()
                    .min(u32::MAX as usize) as u32,
            ),
            Self::Counts { unanswered, .. } => *unanswered,
        }
    }

    /// Whether the recipient ever wrote in this thread.
    pub fn recipient_replied(&self) -> Option<bool> {
        match self {
            Self::Turns(turns) => Some(turns.iter().any(|t| t.from == Party::Recipient)),
            Self::Counts { recipient_replied, .. } => *recipient_replied,
        }
    }

    /// The earlier turns, oldest first; none if only counts are known.
    pub fn turns(&self) -> &[Turn<'_>] {
        match self {
            Self::Turns(turns) => turns,
            Self::Counts { .. } => &[],
        }
    }

    fn into_owned(self) -> Thread<'static> {
        match self {
            Self::Turns(turns) => Thread::Turns(
                turns
                    .into_iter()
                    .map(|t| Turn {
                        from: t.from,
                        text: t.text.map(own),
                        at: t.at,
                    })
                    .collect(),
            ),
            Self::Counts {
                unanswered,
                recipient_replied,
            } => Thread::Counts {
                unanswered,
                recipient_replied,
            },
        }
    }
}

/// One earlier message of a thread.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn<'a> {
    /// Who wrote it.
    pub from: Party,
    /// What was written.
    #[serde(borrow, default, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub text: Option<Cow<'a, str>>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("from", &self.from)
            .field("text", &self.text.as_ref().map(|t| t.len()))
            .field("at", &self.at)
            .finish()
    }
}

/// One of the two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The one who wrote the message.
    Sender,
    /// The one who got it.
    Recipient,
}

impl Serialize for Thread<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Turns(turns) => turns.serialize(serializer),
            Self::Counts {
                unanswered,
                recipient_replied,
            } => ThreadCounts {
                unanswered: *unanswered,
                recipient_replied: *recipient_replied,
            }
            .serialize(serializer),
        }
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct ThreadCounts {
    #[serde(skip_serializing_if = "Option::is_none")]
    unanswered: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_replied: Option<bool>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Thread<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> de::Visitor<'de> for Visitor<'a> {
            type Value = Thread<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of earlier turns, or an object with `unanswered` and `recipient_replied`")
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut turns = Vec::new();
                while let Some(turn) = seq.next_element()? {
                    turns.push(turn);
                }
                Ok(Thread::Turns(turns))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let counts = ThreadCounts::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Thread::Counts {
                    unanswered: counts.unanswered,
                    recipient_replied: counts.recipient_replied,
                })
            }
        }
        deserializer.deserialize_any(Visitor(std::marker::PhantomData))
    }
}

/// When a message was sent. All durations are seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Timing {
    /// When it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// The sender's clock offset from UTC in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utc_offset_s: Option<i32>,
    /// Seconds since the sender viewed the recipient's profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_profile_view_s: Option<u64>,
    /// Seconds since the connection was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_acceptance_s: Option<u64>,
    /// Seconds since the previous message of the thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_previous_message_s: Option<u64>,
}

impl Timing {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time of sending.
    #[must_use]
    pub fn sent_at(mut self, at: Timestamp) -> Self {
        self.sent_at = Some(at);
        self
    }

    /// Sets the seconds since the sender viewed the recipient's profile.
    #[must_use]
    pub fn since_profile_view_s(mut self, seconds: u64) -> Self {
        self.since_profile_view_s = Some(seconds);
        self
    }

    /// Sets the seconds since the connection was accepted.
    #[must_use]
    pub fn since_acceptance_s(mut self, seconds: u64) -> Self {
        self.since_acceptance_s = Some(seconds);
        self
    }

    /// Sets the seconds since the previous message.
    #[must_use]
    pub fn since_previous_message_s(mut self, seconds: u64) -> Self {
        self.since_previous_message_s = Some(seconds);
        self
    }
}

/// Earlier contact by the same sender outside this thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct History {
    /// Connection requests by this sender before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier_requests: Option<u32>,
    /// A request was withdrawn and sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_and_resent: Option<bool>,
    /// Earlier messages of this sender that the user confirmed to be pitches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_pitches: Option<u32>,
    /// Earlier messages of this sender that the user confirmed to be welcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_genuine: Option<u32>,
}

/// What is known of copies of this message, from whoever sees more than one inbox or one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CampaignFacts {
    /// Copies of this text seen so far, this one included; names, numbers and links may differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u32>,
    /// How many different accounts sent them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct_senders: Option<u32>,
    /// When the first copy was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Timestamp>,
    /// Copies whose times of sending the next number rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timed_sends: Option<u32>,
    /// Gaps between these sends that are a program's: whole days, or always the same, in thousandths of all gaps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regular_gaps: Option<u32>,
}

impl CampaignFacts {
    /// `copies` copies from `distinct_senders` accounts.
    pub fn new(copies: u32, distinct_senders: u32) -> Self {
        Self {
            copies: Some(copies),
            distinct_senders: Some(distinct_senders),
            ..Self::default()
        }
    }
}

/// The value of a named fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FactValue<'a> {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

impl From<bool> for FactValue<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for FactValue<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl<'a> From<&'a str> for FactValue<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value.into())
    }
}

impl<'a> Message<'a> {
    /// A message of which nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text of unknown channel.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            body: Body::new(text),
            ..Self::default()
        }
    }

    /// A connection request with this note; an empty note is a request without one.
    pub fn invitation(note: impl Into<Cow<'a, str>>) -> Self {
        Self {
            channel: Channel::Invitation,
            ..Self::text(note)
        }
    }

    /// A connection request without a note.
    pub fn blank_invitation() -> Self {
        Self {
            channel: Channel::Invitation,
            body: Body::Blank,
            ..Self::default()
        }
    }

    /// A direct message.
    pub fn direct(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            channel: Channel::Direct,
            ..Self::text(text)
        }
    }

    /// An InMail with subject and text.
    pub fn inmail(subject: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            channel: Channel::InMail,
            subject: Some(subject.into()),
            ..Self::text(text)
        }
    }

    /// Sets the caller's identifier.
    #[must_use]
    pub fn id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the device.
    #[must_use]
    pub fn client(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// Sets the subject line.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<Cow<'a, str>>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Sets the language, an ISO 639-1 code such as `"de"`.
    #[must_use]
    pub fn lang(mut self, lang: impl Into<Cow<'a, str>>) -> Self {
        self.lang = Some(lang.into());
        self
    }

    /// Sets the sender.
    #[must_use]
    pub fn sender(mut self, sender: Profile<'a>) -> Self {
        self.sender = Some(sender);
        self
    }

    /// Sets the recipient: a [`Profile`] or one that was prepared.
    #[must_use]
    pub fn recipient(mut self, recipient: impl Into<Recipient<'a>>) -> Self {
        self.recipient = recipient.into();
        self
    }

    /// Sets what connects the two.
    #[must_use]
    pub fn relationship(mut self, relationship: Relationship<'a>) -> Self {
        self.relationship = Some(relationship);
        self
    }

    /// Sets the earlier turns, oldest first.
    #[must_use]
    pub fn thread(mut self, turns: impl IntoIterator<Item = Turn<'a>>) -> Self {
        self.thread = Some(Thread::Turns(turns.into_iter().collect()));
        self
    }

    /// Sets the timing.
    #[must_use]
    pub fn timing(mut self, timing: Timing) -> Self {
        self.timing = Some(timing);
        self
    }

    /// Sets the history.
    #[must_use]
    pub fn history(mut self, history: History) -> Self {
        self.history = Some(history);
        self
    }

    /// Sets what is known of copies.
    #[must_use]
    pub fn campaign(mut self, campaign: CampaignFacts) -> Self {
        self.campaign = Some(campaign);
        self
    }

    /// Adds a named fact for custom detectors and rules.
    #[must_use]
    pub fn fact(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<FactValue<'a>>) -> Self {
        self.facts.insert(name.into(), value.into());
        self
    }

    /// Which kinds of facts are known.
    pub fn coverage(&self) -> Coverage {
        let known = [
            (!self.body.is_unknown(), Coverage::TEXT),
            (
                self.subject.as_ref().is_some_and(|s| !s.trim().is_empty()),
                Coverage::SUBJECT,
            ),
            (self.sender.as_ref().is_some_and(|p| !p.is_empty()), Coverage::SENDER),
            (
                self.recipient.profile().is_some_and(|p| !p.is_empty()),
                Coverage::RECIPIENT,
            ),
            (
                self.relationship.as_ref().is_some_and(|r| !r.is_empty()),
                Coverage::RELATIONSHIP,
            ),
            (self.thread.as_ref().is_some_and(Thread::is_known), Coverage::THREAD),
            (self.timing.is_some_and(|t| t != Timing::default()), Coverage::TIMING),
            (
                self.campaign.is_some_and(|c| c != CampaignFacts::default()),
                Coverage::CAMPAIGN,
            ),
            (self.history.is_some_and(|h| h != History::default()), Coverage::HISTORY),
        ];
        known
            .iter()
            .filter(|(yes, _)| *yes)
            .fold(Coverage::NONE, |all, (_, one)| all.union(*one))
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Message<'static> {
        Message {
            id: self.id.map(own),
            channel: self.channel,
            client: self.client,
            lang: self.lang.map(own),
            subject: self.subject.map(own),
            body: match self.body {
                Body::Unknown => Body::Unknown,
                Body::Blank => Body::Blank,
                Body::Text(text) => Body::Text(own(text)),
            },
            sender: self.sender.map(Profile::into_owned),
            recipient: match self.recipient {
                Recipient::Unknown => Recipient::Unknown,
                Recipient::Profile(profile) => Recipient::Profile(profile.into_owned()),
                Recipient::Prepared(prepared) => Recipient::Prepared(prepared),
            },
            relationship: self.relationship.map(Relationship::into_owned),
            thread: self.thread.map(Thread::into_owned),
            timing: self.timing,
            history: self.history,
            campaign: self.campaign,
            facts: self
                .facts
                .into_iter()
                .map(|(name, value)| {
                    let value = match value {
                        FactValue::Bool(b) => FactValue::Bool(b),
                        FactValue::Integer(i) => FactValue::Integer(i),
                        FactValue::Text(t) => FactValue::Text(own(t)),
                    };
                    (own(name), value)
                })
                .collect(),
        }
    }
}

impl<'a> From<&'a str> for Message<'a> {
    fn from(text: &'a str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Message<'_> {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("Unknown"),
            Self::Blank => f.write_str("Blank"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
        }
    }
}

impl fmt::Debug for Recipient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.profile().fmt(f)
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("body", &self.body)
            .field("subject", &self.subject.as_ref().map(|s| s.len()))
            .field("coverage", &format_args!("{}", self.coverage()))
            .finish_non_exhaustive()
    }
}

/// The keys that the public JSON has at a path such as `sender.positions`; `None` where any key is good.
pub(crate) fn known_keys(path: &str) -> Option<&'static [&'static str]> {
    Some(match path {
        "" => &[
            "id",
            "channel",
            "client",
            "lang",
            "subject",
            "text",
            "sender",
            "recipient",
            "relationship",
            "thread",
            "timing",
            "history",
            "campaign",
            "facts",
        ],
        "sender" | "recipient" => &[
            "name",
            "headline",
            "about",
            "positions",
            "services",
            "connections",
            "followers",
            "account_age_days",
            "verified",
            "open_to_work",
            "creator",
            "premium",
        ],
        "sender.positions" | "recipient.positions" => &["title", "company", "industry", "current"],
        "relationship" => &[
            "degree",
            "mutual_connections",
            "shared_groups",
            "shared_employers",
            "shared_schools",
            "shared_events",
            "have_met",
            "recipient_wrote_first",
            "is_customer",
        ],
        "thread" => &["from", "text", "at", "unanswered", "recipient_replied"],
        "timing" => &[
            "sent_at",
            "utc_offset_s",
            "since_profile_view_s",
            "since_acceptance_s",
            "since_previous_message_s",
        ],
        "history" => &[
            "earlier_requests",
            "withdrawn_and_resent",
            "confirmed_pitches",
            "confirmed_genuine",
        ],
        "campaign" => &[
            "copies",
            "distinct_senders",
            "first_seen",
            "timed_sends",
            "regular_gaps",
        ],
        _ => return None,
    })
}
