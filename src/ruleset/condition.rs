//! Conditions on facts, the `when` table of a rule: comparisons only, no expressions.

use crate::message::{Channel, Client, FactValue, Message};

/// A fact that conditions may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Known(&'static str),
    /// `facts.<name>`: a caller's own fact.
    Custom(String),
}

/// What a condition asks of a fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Is(bool),
    Text(String),
    Compare(Comparison, i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

/// One line of a `when` table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) fact: Fact,
    pub(crate) test: Test,
}

/// The value of a fact, if known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FactRef<'m> {
    Bool(bool),
    Integer(i64),
    Text(&'m str),
}

/// The names of all fixed facts.
pub(crate) const FACTS: &[&str] = &[
    "blank",
    "channel",
    "client",
    "text.words",
    "text.characters",
    "text.links",
    "sender.connections",
    "sender.followers",
    "sender.account-age-days",
    "sender.verified",
    "sender.open-to-work",
    "sender.premium",
    "recipient.open-to-work",
    "degree",
    "mutual-connections",
    "shared-groups",
    "shared-employers",
    "shared-schools",
    "shared-events",
    "have-met",
    "recipient-wrote-first",
    "is-customer",
    "unanswered",
    "recipient-replied",
    "since-profile-view",
    "since-acceptance",
    "since-previous-message",
    "earlier-requests",
    "withdrawn-and-resent",
    "confirmed-pitches",
    "confirmed-genuine",
    "copies",
    "distinct-senders",
];

impl Fact {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name.strip_prefix("facts.") {
            Some(own) if !own.is_empty() => Some(Self::Custom(own.to_owned())),
            _ => FACTS.iter().find(|f| **f == name).map(|f| Self::Known(f)),
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Known(name) => (*name).to_owned(),
            Self::Custom(name) => format!("facts.{name}"),
        }
    }

    /// The value in `message`; `words`, `characters` and `links` of its text are handed in.
    pub(crate) fn value<'m>(&self, message: &'m Message<'_>, counts: TextCounts) -> Option<FactRef<'m>> {
        let name = match self {
            Self::Known(name) => *name,
            Self::Custom(name) => {
                return message.facts.get(name.as_str()).map(|value| match value {
                    FactValue::Bool(b) => FactRef::Bool(*b),
                    FactValue::Integer(i) => FactRef::Integer(*i),
                    FactValue::Text(t) => FactRef::Text(t),
                });
            }
        };
        let sender = message.sender.as_ref();
        let relationship = message.relationship.as_ref();
        let history = message.history.as_ref();
        let timing = message.timing.as_ref();
        let thread = message.thread.as_ref();
        let campaign = message.campaign.as_ref();
        let yes = |b: Option<bool>| b.map(FactRef::Bool);
        let number = |n: Option<u32>| n.map(|n| FactRef::Integer(i64::from(n)));
        let seconds = |n: Option<u64>| n.map(|n| FactRef::Integer(i64::try_from(n).unwrap_or(i64::MAX)));
        let count = |list: Option<usize>| list.map(|n| FactRef::Integer(n as i64));
        match name {
            "blank" => yes((!message.body.is_unknown()).then(|| message.body.is_blank())),
            "channel" => match message.channel {
                Channel::Unknown => None,
                Channel::Invitation => Some("invitation"),
                Channel::Direct => Some("direct"),
                Channel::InMail => Some("inmail"),
                Channel::Email => Some("email"),
                Channel::Group => Some("group"),
                Channel::Event => Some("event"),
                Channel::Other => Some("other"),
            }
            .map(FactRef::Text),
            "client" => match message.client {
                Client::Unknown => None,
                Client::Mobile => Some("mobile"),
                Client::Desktop => Some("desktop"),
            }
            .map(FactRef::Text),
            "text.words" => message.body.text().map(|_| FactRef::Integer(i64::from(counts.words))),
            "text.characters" => message.body.text().map(|t| FactRef::Integer(t.chars().count() as i64)),
            "text.links" => message.body.text().map(|_| FactRef::Integer(i64::from(counts.links))),
            "sender.connections" => number(sender?.connections),
            "sender.followers" => number(sender?.followers),
            "sender.account-age-days" => number(sender?.account_age_days),
            "sender.verified" => yes(sender?.verified),
            "sender.open-to-work" => yes(sender?.open_to_work),
            "sender.premium" => yes(sender?.premium),
            "recipient.open-to-work" => yes(message.recipient.profile()?.open_to_work),
            "degree" => number(relationship?.degree.map(u32::from)),
            "mutual-connections" => number(relationship?.mutual_connections),
            "shared-groups" => count(relationship?.shared_groups.as_ref().map(Vec::len)),
            "shared-employers" => count(relationship?.shared_employers.as_ref().map(Vec::len)),
            "shared-schools" => count(relationship?.shared_schools.as_ref().map(Vec::len)),
            "shared-events" => count(relationship?.shared_events.as_ref().map(Vec::len)),
            "have-met" => yes(relationship?.have_met),
            "recipient-wrote-first" => yes(relationship?.recipient_wrote_first),
            "is-customer" => yes(relationship?.is_customer),
            "unanswered" => number(thread?.unanswered()),
            "recipient-replied" => yes(thread?.recipient_replied()),
            "since-profile-view" => seconds(timing?.since_profile_view_s),
            "since-acceptance" => seconds(timing?.since_acceptance_s),
            "since-previous-message" => seconds(timing?.since_previous_message_s),
            "earlier-requests" => number(history?.earlier_requests),
            "withdrawn-and-resent" => yes(history?.withdrawn_and_resent),
            "confirmed-pitches" => number(history?.confirmed_pitches),
            "confirmed-genuine" => number(history?.confirmed_genuine),
            "copies" => number(campaign?.copies),
            "distinct-senders" => number(campaign?.distinct_senders),
            _ => None,
        }
    }
}

/// Counts of the message text that conditions may ask for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TextCounts {
    pub(crate) words: u32,
    pub(crate) links: u32,
}

impl Condition {
    /// Reads the right side of a condition: `true`, a number, `"<60s"`, `">=3"` or a text.
    pub(crate) fn parse_test(text: &str) -> Result<Test, String> {
        let (comparison, rest) = if let Some(rest) = text.strip_prefix("<=") {
            (Comparison::AtMost, rest)
        } else if let Some(rest) = text.strip_prefix(">=") {
            (Comparison::AtLeast, rest)
        } else if let Some(rest) = text.strip_prefix('<') {
            (Comparison::Less, rest)
        } else if let Some(rest) = text.strip_prefix('>') {
            (Comparison::More, rest)
        } else if let Some(rest) = text.strip_prefix('=') {
            (Comparison::Equal, rest)
        } else {
            return Ok(Test::Text(text.to_owned()));
        };
        let rest = rest.trim();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err("a comparison needs a number, as in \"<60s\" or \">=3\"".to_owned());
        }
        let unit = match rest[digits..].trim() {
            "" | "s" => 1,
            "min" | "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            other => return Err(format!("`{other}` is no unit of time; use s, min, h or d")),
        };
        rest[..digits]
            .parse::<i64>()
            .ok()
            .and_then(|n| n.checked_mul(unit))
            .map(|n| Test::Compare(comparison, n))
            .ok_or_else(|| "a comparison needs a number, as in \"<60s\" or \">=3\"".to_owned())
    }

    /// Whether the yes-or-no fact called `name` is known to be true.
    pub(crate) fn is_true(name: &str, message: &Message<'_>, counts: TextCounts) -> bool {
        Fact::from_name(name).and_then(|fact| fact.value(message, counts)) == Some(FactRef::Bool(true))
    }

    /// Whether the condition holds; `None` if the fact is unknown.
    pub(crate) fn holds(&self, message: &Message<'_>, counts: TextCounts) -> Option<bool> {
        Some(match (self.fact.value(message, counts)?, &self.test) {
            (FactRef::Bool(value), Test::Is(wanted)) => value == *wanted,
            (FactRef::Text(value), Test::Text(wanted)) => value == wanted,
            (FactRef::Integer(value), Test::Compare(comparison, limit)) => match comparison {
                Comparison::Less => value < *limit,
                Comparison::AtMost => value <= *limit,
                Comparison::Equal => value == *limit,
                Comparison::AtLeast => value >= *limit,
                Comparison::More => value > *limit,
            },
            _ => false,
        })
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.fact.name();
        match &self.test {
            Test::Is(yes) => write!(f, "{name} is {yes}"),
            Test::Text(text) => write!(f, "{name} is {text}"),
            Test::Compare(comparison, limit) => {
                let sign = match comparison {
                    Comparison::Less => "<",
                    Comparison::AtMost => "<=",
                    Comparison::Equal => "=",
                    Comparison::AtLeast => ">=",
                    Comparison::More => ">",
                };
                write!(f, "{name} {sign} {limit}")
            }
        }
    }
}

impl Condition {
    /// Name and value of the fact, to be shown as evidence.
    pub(crate) fn shown(&self, message: &Message<'_>, counts: TextCounts) -> Option<(&'static str, i64)> {
        let Fact::Known(name) = self.fact else { return None };
        match self.fact.value(message, counts)? {
            FactRef::Integer(value) => Some((name, value)),
            FactRef::Bool(value) => Some((name, i64::from(value))),
            FactRef::Text(_) => None,
        }
    }
}
