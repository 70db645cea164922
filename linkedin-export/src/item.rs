//! The second pass: one message after the other.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use huckster::{
    Body, Channel, FactValue, History, Message, Position, Profile, Recipient, Relationship, Thread, Timestamp, Timing,
};

use crate::archive::{Archive, invitation_direction, io_error};
use crate::container::{Member, MemberReader};
use crate::dates;
use crate::error::{ArchiveError, Kind as ErrorKind};
use crate::index::{MessageRow, Place};
use crate::kind::{Id, invitations, messages};
use crate::people::{Known, place, shown_name, urls};
use crate::table::{self, Next, Opened, Row, Table};
use crate::text;

/// A message with where it is from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Item {
    /// The message with every fact the archive holds. Its `id` is file and row, such as `messages.csv:12`.
    pub message: Message<'static>,
    /// Where it stands.
    pub source: Source,
    /// Where it stands a second time: the note of an invitation is also the first message of the thread.
    pub repeated: Option<Source>,
    /// Who wrote it.
    pub from: Person,
    /// To whom. In a group this is the names as the archive lists them, without an address.
    pub to: Person,
    /// When, if that can be read. Invitations give no time zone; UTC is assumed.
    pub at: Option<Timestamp>,
    /// Whether the owner of the archive got it or wrote it.
    pub direction: Direction,
    /// The number of the conversation, if the archive has one.
    pub conversation: Option<String>,
}

/// A place in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// The name of the file in the archive.
    pub file: Arc<str>,
    /// The row of the file: the header is 1, blank rows and what is above the header are not counted.
    pub row: u64,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.row)
    }
}

/// Somebody who wrote or got a message. `Debug` prints lengths, so that logs stay free of names.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person {
    /// The name, if it is shown.
    pub name: Option<String>,
    /// The address of the profile, as the archive writes it.
    pub profile_url: Option<String>,
}

impl Person {
    fn new(name: &str, url: &str) -> Self {
        Self {
            name: shown_name(name).map(str::to_owned),
            profile_url: (!url.is_empty()).then(|| url.to_owned()),
        }
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("name", &self.name.as_ref().map(String::len))
            .field("profile_url", &self.profile_url.as_ref().map(String::len))
            .finish()
    }
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the owner of the archive.
    Incoming,
    /// From the owner.
    Outgoing,
}

impl Direction {
    fn new(outgoing: bool) -> Self {
        if outgoing { Self::Outgoing } else { Self::Incoming }
    }
}

/// The messages of an archive, read one by one. After an error there are no more.
pub struct Messages<'a> {
    archive: &'a Archive,
    /// Files not begun.
    files: std::slice::Iter<'a, (&'static crate::kind::Kind, Member)>,
    table: Option<(Id, &'a Member, Box<Table<MemberReader>>)>,
    /// Invitations and messages given out or passed over.
    invitations: u32,
    messages: usize,
    left: u64,
    failed: bool,
}

impl fmt::Debug for Messages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl<'a> Messages<'a> {
    pub(crate) fn new(archive: &'a Archive) -> Self {
        Self {
            archive,
            files: archive.streams.iter(),
            table: None,
            invitations: 0,
            messages: 0,
            left: archive.len(),
            failed: false,
        }
    }

    fn advance(&mut self) -> Result<Option<Item>, ErrorKind> {
        let archive = self.archive;
        loop {
            let Some((id, member, table)) = &mut self.table else {
                let Some((kind, member)) = self.files.next() else {
                    return Ok(None);
                };
                let reader = member.open().map_err(|e| io_error(member, 0, e))?;
                let opened = table::open(reader, &[kind], archive.limits.row_bytes);
                if let Opened::Table(table) = opened.map_err(|e| io_error(member, 0, e))? {
                    self.table = Some((kind.id, member, table));
                }
                continue;
            };
            let last = table.row();
            let (number, row) = match table.next().map_err(|e| io_error(member, last, e))? {
                Next::Row(number, row) => (number, row),
                // In the report since the first pass.
                Next::Bad(..) => continue,
                Next::End => {
                    self.table = None;
                    continue;
                }
            };
            let source = Source {
                file: member.name.clone(),
                row: number,
            };
            if *id == Id::Invitations {
                let Some(outgoing) = invitation_direction(&row, &archive.known) else {
                    continue;
                };
                let item = archive.invitation(&row, outgoing, self.invitations, source);
                self.invitations += 1;
                return Ok(Some(item));
            }
            let Some(message) = MessageRow::new(row) else { continue };
            let Some(place) = archive.places.get(self.messages) else {
                return Err(ErrorKind::Changed(source.file));
            };
            self.messages += 1;
            if !place.is_note() {
                return Ok(Some(archive.message(&message, *place, source)));
            }
        }
    }
}

impl Iterator for Messages<'_> {
    type Item = Result<Item, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = match self.advance() {
            Ok(None) if self.left == 0 => return None,
            Ok(Some(item)) if self.left > 0 => Ok(item),
            // The file is not what it was when it was indexed.
            Ok(_) => Err(ErrorKind::Changed(self.archive.path.to_string_lossy().into())),
            Err(kind) => Err(kind),
        };
        self.left = self.left.saturating_sub(1);
        self.failed = next.is_err();
        Some(next.map_err(|kind| ArchiveError::new(&self.archive.path, kind)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        (0, Some(left))
    }
}

type Facts = BTreeMap<std::borrow::Cow<'static, str>, FactValue<'static>>;

impl Archive {
    fn invitation(&self, row: &Row<'_>, outgoing: bool, number: u32, source: Source) -> Item {
        let from = (row.line(invitations::FROM), row.line(invitations::INVITER_URL));
        let to = (row.line(invitations::TO), row.line(invitations::INVITEE_URL));
        let other = if outgoing { &to } else { &from };
        let known = self.people.find(&other.0, &other.1);
        let at = dates::time(&row.line(invitations::SENT_AT));

        let note = text::body(row.bytes(invitations::MESSAGE)).into_owned();
        let mut message = Message::invitation(note).id(source.to_string());
        self.parties(&mut message, outgoing, shown_name(&other.0), known, true);
        message.relationship = Some(self.relationship(known)).filter(|r| !r.is_empty());
        message.timing = at.map(|at| Timing::new().sent_at(at));
        let earlier = self.invitations.earlier(&from.0, &from.1, at);
        if earlier > 0 && !outgoing {
            // Only recent invitations are in an archive, so none says nothing.
            let mut history = History::default();
            history.earlier_requests = Some(earlier);
            message.history = Some(history);
        }
        ties(&mut message.facts, known, outgoing);
        Item {
            message,
            source,
            repeated: self.notes.get(&number).map(|(file, row)| Source {
                file: file.clone(),
                row: *row,
            }),
            from: Person::new(&from.0, &from.1),
            to: Person::new(&to.0, &to.1),
            at,
            direction: Direction::new(outgoing),
            conversation: None,
        }
    }

    fn message(&self, m: &MessageRow<'_>, place: Place, source: Source) -> Item {
        let outgoing = place.outgoing();
        let group = m.is_group();
        let to_url = if group {
            ""
        } else {
            urls(&m.to_urls).next().unwrap_or_default()
        };
        let (name, url) = if outgoing {
            (&*m.to, to_url)
        } else {
            (&*m.from, &*m.from_url)
        };
        let known = if outgoing && group {
            Known::default()
        } else {
            self.people.find(name, url)
        };
        let subject = m.row.line(messages::SUBJECT);
        let title = m.row.line(messages::TITLE);
        let content = m.row.bytes(messages::CONTENT);

        // The day of the connection begins somewhere on earth up to 14 hours before it does in UTC; that a message came
        // later is only said if it did so in UTC.
        let connected = known.contact.and_then(|c| c.connected);
        let since =
            m.at.zip(connected)
                .and_then(|(at, day)| u64::try_from(at.since(day)).ok());
        let sponsored = !outgoing && is_sponsored(m, &title, content);

        let mut message = Message::new().id(source.to_string());
        message.body = Body::new(text::body(content).into_owned());
        message.channel = match () {
            () if sponsored => Channel::InMail,
            // A subject is what an InMail has; connections could once write one too.
            () if since.is_none() && (!subject.is_empty() || is_composed(content)) => Channel::InMail,
            () => Channel::Direct,
        };
        message.subject = (!subject.is_empty()).then(|| subject.into_owned().into());
        self.parties(
            &mut message,
            outgoing,
            shown_name(name).filter(|_| !(group && outgoing)),
            known,
            !(group && outgoing),
        );

        let mut relationship = self.relationship(known);
        relationship.degree = since.map(|_| 1);
        if place.is_timed() {
            relationship.recipient_wrote_first = Some(place.recipient_first());
            message.thread = Some(Thread::Counts {
                unanswered: Some(place.unanswered),
                recipient_replied: Some(place.replied()),
            });
        }
        message.relationship = Some(relationship).filter(|r| !r.is_empty());

        let mut timing = Timing::default();
        timing.sent_at = m.at;
        timing.since_acceptance_s = since;
        timing.since_previous_message_s = place.gap();
        message.timing = Some(timing).filter(|t| *t != Timing::default());

        let facts = &mut message.facts;
        if sponsored {
            facts.insert("export.sponsored".into(), true.into());
        }
        if group {
            let people = urls(&m.to_urls).count() + 1;
            facts.insert(
                "export.participants".into(),
                i64::try_from(people).unwrap_or(i64::MAX).into(),
            );
        }
        let folder = m.row.line(messages::FOLDER);
        if !folder.is_empty() && !folder.eq_ignore_ascii_case("inbox") {
            facts.insert("export.folder".into(), FactValue::Text(folder.to_lowercase().into()));
        }
        if !m.row.bytes(messages::ATTACHMENTS).trim_ascii().is_empty() {
            facts.insert("export.attachments".into(), true.into());
        }
        if let Some(since) = since {
            let days = i64::try_from(since / 86_400).unwrap_or(i64::MAX);
            facts.insert("export.days-since-acceptance".into(), days.into());
        }
        if !group && let Some(invited) = self.invitations.first(name, url) {
            let by = if invited.outgoing == outgoing {
                "sender"
            } else {
                "recipient"
            };
            facts.insert("export.invited-by".into(), by.into());
        }
        ties(facts, known, outgoing);

        let conversation = m.row.line(messages::CONVERSATION);
        Item {
            message,
            source,
            repeated: None,
            from: Person::new(&m.from, &m.from_url),
            to: Person::new(&m.to, to_url),
            at: m.at,
            direction: Direction::new(outgoing),
            conversation: (!conversation.is_empty()).then(|| conversation.into_owned()),
        }
    }

    /// Sets sender and recipient: one is the owner, the other is who is known by this name, if it is one person.
    fn parties(
        &self,
        message: &mut Message<'static>,
        outgoing: bool,
        name: Option<&str>,
        known: Known<'_>,
        single: bool,
    ) {
        let mut other = Profile::new();
        other.name = name.map(|n| n.to_owned().into());
        if let Some(contact) = known.contact {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned().into());
            let mut position = Position::default();
            (position.title, position.company) = (some(&contact.title), some(&contact.company));
            if position != Position::default() {
                position.current = Some(true);
                other.positions.push(position);
            }
        }
        let other = Some(other).filter(|other| single && !other.is_empty());
        if outgoing {
            message.sender = self.owner().map(|o| o.profile.clone()).filter(|p| !p.is_empty());
            message.recipient = other.map_or(Recipient::Unknown, Recipient::Profile);
        } else {
            message.sender = other;
            message.recipient = self.recipient.clone();
        }
    }

    /// What the two share, as far as the archive tells: where the other works or worked, and a recommendation.
    fn relationship(&self, known: Known<'_>) -> Relationship<'static> {
        let mut relationship = Relationship::new();
        let companies = [
            known.contact.map(|c| &*c.company),
            known.ties_by_name.map(|t| &*t.company),
        ];
        let mut seen = Vec::new();
        for company in companies.into_iter().flatten().filter_map(place) {
            if seen.contains(&company) {
                continue;
            }
            if let Some(employer) = self.employers.get(&company) {
                relationship = relationship.shared_employer(employer.clone());
            }
            if let Some(school) = self.schools.get(&company) {
                relationship = relationship.shared_school(school.clone());
            }
            seen.push(company);
        }
        // Who recommends must say in which position they worked together.
        if known
            .ties_by_name
            .is_some_and(|t| t.recommended_owner || t.recommended_by_owner)
        {
            relationship = relationship.have_met(true);
        }
        relationship
    }
}

/// Endorsements and recommendations as named facts.
fn ties(facts: &mut Facts, known: Known<'_>, outgoing: bool) {
    for ties in [known.ties, known.ties_by_name].into_iter().flatten() {
        for (fact, by_owner, holds) in [
            ("endorsed", false, ties.endorsed_owner),
            ("endorsed", true, ties.endorsed_by_owner),
            ("recommended", false, ties.recommended_owner),
            ("recommended", true, ties.recommended_by_owner),
        ] {
            if holds {
                let by = if by_owner == outgoing { "sender" } else { "recipient" };
                facts.insert(format!("export.{fact}-by-{by}").into(), true.into());
            }
        }
    }
}

/// Made in the composer for InMails and paid messages, which writes paragraphs of a class of its own.
fn is_composed(content: &[u8]) -> bool {
    content.trim_ascii_start().starts_with(b"<") && contains(content, b"spinmail-quill-editor")
}

fn contains(content: &[u8], needle: &[u8]) -> bool {
    content.windows(needle.len()).any(|w| w == needle)
}

/// Paid for and sent to many: the sender has no profile, and the text is made in the composer for such messages, or is
/// called sponsored, or has an unfilled variable of that composer. With a profile, the composer alone is an InMail's.
fn is_sponsored(m: &MessageRow<'_>, title: &str, content: &[u8]) -> bool {
    m.from_url.is_empty()
        && (title == "Sponsored Conversation"
            || m.row.has(messages::FROM_URL) && (contains(content, b"%FIRSTNAME%") || is_composed(content)))
}
