//! The two parties and what they share.
//!
//! There is on purpose no field for photo, gender, age, ethnicity, nationality or place.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text_serde::{opt, seq};

/// What is known of a person: the sender or the recipient. Everything is optional; absent means unknown.
///
/// `Debug` prints lengths and counts, not texts, so that logs stay free of personal data.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Profile<'a> {
    /// Display name. Used only to see whether a note addresses the right person and to mask names, never as evidence
    /// about the person.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    /// The line under the name.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub headline: Option<Cow<'a, str>>,
    /// The "about" text.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub about: Option<Cow<'a, str>>,
    /// Present and past positions.
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<Position<'a>>,
    /// Services the profile offers.
    #[serde(borrow, deserialize_with = "seq", skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Cow<'a, str>>,
    /// Number of first-degree connections. LinkedIn shows at most "500+"; give 500 then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// Number of followers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followers: Option<u32>,
    /// Age of the account in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_age_days: Option<u32>,
    /// Whether LinkedIn verified identity or workplace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// Whether the profile says it is open to work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_to_work: Option<bool>,
    /// Whether creator mode is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<bool>,
    /// Whether the account pays for Premium or Sales Navigator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premium: Option<bool>,
}

/// One position in a profile.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Position<'a> {
    /// Job title.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'a, str>>,
    /// Company name as LinkedIn shows it.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub company: Option<Cow<'a, str>>,
    /// Industry.
    #[serde(borrow, deserialize_with = "opt", skip_serializing_if = "Option::is_none")]
    pub industry: Option<Cow<'a, str>>,
    /// Whether the position is held today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<bool>,
}

impl<'a> Position<'a> {
    /// A present position.
    pub fn current(title: impl Into<Cow<'a, str>>, company: impl Into<Cow<'a, str>>) -> Self {
        Self {
            title: Some(title.into()),
            company: Some(company.into()),
            current: Some(true),
            ..Self::default()
        }
    }

    /// A past position.
    pub fn past(title: impl Into<Cow<'a, str>>, company: impl Into<Cow<'a, str>>) -> Self {
        Self {
            current: Some(false),
            ..Self::current(title, company)
        }
    }

    fn into_owned(self) -> Position<'static> {
        Position {
            title: self.title.map(own),
            company: self.company.map(own),
            industry: self.industry.map(own),
            current: self.current,
        }
    }
}

impl<'a> Profile<'a> {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the display name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the headline.
    #[must_use]
    pub fn headline(mut self, headline: impl Into<Cow<'a, str>>) -> Self {
        self.headline = Some(headline.into());
        self
    }

    /// Sets the "about" text.
    #[must_use]
    pub fn about(mut self, about: impl Into<Cow<'a, str>>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// Adds a position.
    #[must_use]
    pub fn position(mut self, position: Position<'a>) -> Self {
        self.positions.push(position);
        self
    }

    /// Sets the number of connections.
    #[must_use]
    pub fn connections(mut self, connections: u32) -> Self {
        self.connections = Some(connections);
        self
    }

    /// Sets the number of followers.
    #[must_use]
    pub fn followers(mut self, followers: u32) -> Self {
        self.followers = Some(followers);
        self
    }

    /// Sets the age of the account in days.
    #[must_use]
    pub fn account_age_days(mut self, days: u32) -> Self {
        self.account_age_days = Some(days);
        self
    }

    /// Sets whether LinkedIn verified the account.
    #[must_use]
    pub fn verified(mut self, verified: bool) -> Self {
        self.verified = Some(verified);
        self
    }

    /// Whether nothing at all is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The positions held today: those marked so, or all that are not marked as ended.
    pub fn current_positions(&self) -> impl Iterator<Item = &Position<'a>> {
        self.positions.iter().filter(|p| p.current != Some(false))
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Profile<'static> {
        Profile {
            name: self.name.map(own),
            headline: self.headline.map(own),
            about: self.about.map(own),
            positions: self.positions.into_iter().map(Position::into_owned).collect(),
            services: self.services.into_iter().map(own).collect(),
            connections: self.connections,
            followers: self.followers,
            account_age_days: self.account_age_days,
            verified: self.verified,
            open_to_work: self.open_to_work,
            creator: self.creator,
            premium: self.premium,
        }
    }
}

pub(crate) fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

impl fmt::Debug for Profile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("name", &self.name.as_ref().map(|t| t.len()))
            .field("headline", &self.headline.as_ref().map(|t| t.len()))
            .field("about", &self.about.as_ref().map(|t| t.len()))
            .field("positions", &self.positions.len())
            .field("connections", &self.connections)
            .field("followers", &self.followers)
            .field("account_age_days", &self.account_age_days)
            .field("verified", &self.verified)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Position<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Position")
            .field("title", &self.title.as_ref().map(|t| t.len()))
            .field("company", &self.company.as_ref().map(|t| t.len()))
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

/// What connects sender and recipient. Everything is optional; absent means unknown, an empty list means none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Relationship<'a> {
    /// 1 connected, 2 friend of a friend, 3 further away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degree: Option<u8>,
    /// Number of connections in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutual_connections: Option<u32>,
    /// Groups both belong to.
    #[serde(
        borrow,
        deserialize_with = "crate::text_serde::opt_seq",
        skip_serializing_if = "Option::is_none"
    )]
    pub shared_groups: Option<Vec<Cow<'a, str>>>,
    /// Employers both have had.
    #[serde(
        borrow,
        deserialize_with = "crate::text_serde::opt_seq",
        skip_serializing_if = "Option::is_none"
    )]
    pub shared_employers: Option<Vec<Cow<'a, str>>>,
    /// Schools both went to.
    #[serde(
        borrow,
        deserialize_with = "crate::text_serde::opt_seq",
        skip_serializing_if = "Option::is_none"
    )]
    pub shared_schools: Option<Vec<Cow<'a, str>>>,
    /// Events both attended.
    #[serde(
        borrow,
        deserialize_with = "crate::text_serde::opt_seq",
        skip_serializing_if = "Option::is_none"
    )]
    pub shared_events: Option<Vec<Cow<'a, str>>>,
    /// The caller knows that the two have met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have_met: Option<bool>,
    /// The recipient wrote first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient_wrote_first: Option<bool>,
    /// One is a customer of the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_customer: Option<bool>,
}

impl<'a> Relationship<'a> {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the degree.
    #[must_use]
    pub fn degree(mut self, degree: u8) -> Self {
        self.degree = Some(degree);
        self
    }

    /// Sets the number of mutual connections.
    #[must_use]
    pub fn mutual_connections(mut self, count: u32) -> Self {
        self.mutual_connections = Some(count);
        self
    }

    /// Says whether the two have met.
    #[must_use]
    pub fn have_met(mut self, met: bool) -> Self {
        self.have_met = Some(met);
        self
    }

    /// Says whether the recipient wrote first.
    #[must_use]
    pub fn recipient_wrote_first(mut self, first: bool) -> Self {
        self.recipient_wrote_first = Some(first);
        self
    }

    /// Says whether one is a customer of the other.
    #[must_use]
    pub fn is_customer(mut self, customer: bool) -> Self {
        self.is_customer = Some(customer);
        self
    }

    /// Adds an employer both have had.
    #[must_use]
    pub fn shared_employer(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.shared_employers.get_or_insert_default().push(name.into());
        self
    }

    /// Adds a school both went to.
    #[must_use]
    pub fn shared_school(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.shared_schools.get_or_insert_default().push(name.into());
        self
    }

    /// Adds a group both belong to.
    #[must_use]
    pub fn shared_group(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.shared_groups.get_or_insert_default().push(name.into());
        self
    }

    /// Adds an event both attended.
    #[must_use]
    pub fn shared_event(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.shared_events.get_or_insert_default().push(name.into());
        self
    }

    /// Whether nothing at all is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Relationship<'static> {
        let all = |v: Option<Vec<Cow<'a, str>>>| v.map(|v| v.into_iter().map(own).collect());
        Relationship {
            degree: self.degree,
            mutual_connections: self.mutual_connections,
            shared_groups: all(self.shared_groups),
            shared_employers: all(self.shared_employers),
            shared_schools: all(self.shared_schools),
            shared_events: all(self.shared_events),
            have_met: self.have_met,
            recipient_wrote_first: self.recipient_wrote_first,
            is_customer: self.is_customer,
        }
    }
}
