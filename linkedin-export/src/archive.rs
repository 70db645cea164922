//! Opening an archive: the first pass over its files.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use huckster::Recipient;

use crate::container::{self, Container, Limits, Member};
use crate::dates;
use crate::error::{ArchiveError, Kind as ErrorKind};
use crate::index::{Invitations, MessageRow, Place, Threads, direction};
use crate::item::Messages;
use crate::kept;
use crate::kind::{self, Id, Kind, invitations, messages};
use crate::owner::{Found, Outcome, Owner, Search};
use crate::people::{Key, People, place, shown_name, urls};
use crate::report::{FileReport, Reason, Report};
use crate::table::{self, Next, Opened, Row};

/// How an archive is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    me: Option<String>,
    limits: Limits,
}

impl Options {
    /// The owner is found, and the limits are the usual ones.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says whose archive it is: the address of the profile, its last part, or the name as LinkedIn shows it.
    #[must_use]
    pub fn me(mut self, me: impl Into<String>) -> Self {
        self.me = Some(me.into());
        self
    }

    /// Sets other bounds on what is read.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// A data archive of LinkedIn: a zip, the folder it unpacks to, or its `messages.csv` or `Invitations.csv` alone.
///
/// Opening it reads every file once and keeps an index: 12 bytes for each message, and the small files. The messages
/// themselves are read again by [`messages`](Self::messages), so memory does not grow with their texts. Nothing is ever
/// written.
pub struct Archive {
    pub(crate) path: PathBuf,
    pub(crate) limits: Limits,
    /// Files of invitations, then files of messages.
    pub(crate) streams: Vec<(&'static Kind, Member)>,
    pub(crate) owner: Option<Owner>,
    /// Who the owner was known to be before the messages were read.
    pub(crate) known: Found,
    pub(crate) recipient: Recipient<'static>,
    pub(crate) employers: HashMap<String, String>,
    pub(crate) schools: HashMap<String, String>,
    pub(crate) people: People,
    pub(crate) invitations: Invitations,
    pub(crate) places: Vec<Place>,
    /// File and row of the message that repeats the note of an invitation, by the number of the invitation.
    pub(crate) notes: HashMap<u32, (Arc<str>, u64)>,
    report: Report,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive")
            .field("path", &self.path)
            .field("len", &self.len())
            .field("problems", &self.report.problem_count())
            .finish_non_exhaustive()
    }
}

impl Archive {
    /// Opens an archive and indexes it.
    ///
    /// # Errors
    ///
    /// If there is nothing to read at `path`; if a file is damaged or beyond the limits; or if it is not clear whose
    /// archive it is. What concerns single rows is no error: it is in the [`report`](Self::report).
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self, ArchiveError> {
        let path = path.as_ref();
        open(path, &options).map_err(|kind| ArchiveError::new(path, kind))
    }

    /// Whose archive it is; `None` if there is nothing in it that anybody wrote.
    pub fn owner(&self) -> Option<&Owner> {
        self.owner.as_ref()
    }

    /// What was read and what could not be.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// How many messages [`messages`](Self::messages) yields.
    pub fn len(&self) -> u64 {
        u64::from(self.invitations.count) + self.places.len() as u64 - self.notes.len() as u64
    }

    /// Whether there are no messages.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts another recipient into the messages to the owner: a profile that knows more than the archive, or one that a
    /// scorer has prepared.
    pub fn set_recipient(&mut self, recipient: impl Into<Recipient<'static>>) {
        self.recipient = recipient.into();
    }

    /// Reads all messages: the invitations in the order of their file, then the messages in the order of theirs.
    pub fn messages(&self) -> Messages<'_> {
        Messages::new(self)
    }
}

/// The files of each kind, in the order of their parts.
fn classify(path: &Path, limits: &Limits, report: &mut Report) -> Result<Vec<(&'static Kind, Member)>, ErrorKind> {
    let members = match container::list(path)? {
        Container::Files(members) => members,
        Container::Single(member) => return single(member, limits),
    };
    let mut found: Vec<(&'static Kind, u32, Member)> = Vec::new();
    for member in members {
        let Some((kind, part)) = kind::of_file(member.file_name()) else {
            continue;
        };
        // The shallowest comes first; the parts of a file lie beside each other.
        let beside =
            |other: &Member| other.name.len() - other.file_name().len() == member.name.len() - member.file_name().len();
        let fits = found
            .iter()
            .filter(|(k, ..)| *k == kind)
            .all(|(_, p, m)| *p != part && m.depth() == member.depth() && beside(m));
        if fits {
            found.push((kind, part, member));
        } else {
            report.add(&member.name, None, Reason::SecondFile, None);
        }
    }
    found.sort_by_key(|(_, part, _)| *part);
    if !found.iter().any(|(kind, ..)| !kind.kept) {
        return Err(ErrorKind::NothingToRead);
    }
    Ok(found.into_iter().map(|(kind, _, member)| (kind, member)).collect())
}

/// A CSV alone may have any name; its header says what it is.
fn single(member: Member, limits: &Limits) -> Result<Vec<(&'static Kind, Member)>, ErrorKind> {
    member.check(limits, false)?;
    let reader = member.open().map_err(|e| io_error(&member, 0, e))?;
    match table::open(reader, &kind::KINDS, limits.row_bytes).map_err(|e| io_error(&member, 0, e))? {
        Opened::Table(table) if !table.kind().kept => Ok(vec![(table.kind(), member)]),
        // `Name` alone may be the header of anything.
        Opened::Table(table) if table.kind() != &kind::SKILLS => Err(ErrorKind::OtherCsv(table.kind().name)),
        _ => Err(ErrorKind::NotAnArchive),
    }
}

/// What went wrong while a member was read, `row` rows after its beginning.
pub(crate) fn io_error(member: &Member, row: u64, error: io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => ErrorKind::Damaged {
            file: member.name.clone(),
            row,
            reason: error.to_string(),
        },
        _ => ErrorKind::Io {
            what: format!("`{}`", member.name),
            source: error,
        },
    }
}

/// Calls `each` for every row of a file that can be read, until it breaks, and reports the others. `false` if the file has
/// no header.
pub(crate) fn read(
    kind: &'static Kind,
    member: &Member,
    limits: &Limits,
    report: &mut Report,
    mut each: impl FnMut(u64, Row<'_>, &mut Report) -> Result<ControlFlow<()>, ErrorKind>,
) -> Result<bool, ErrorKind> {
    let file = &member.name;
    let reader = member.open().map_err(|e| io_error(member, 0, e))?;
    let mut table = match table::open(reader, &[kind], limits.row_bytes).map_err(|e| io_error(member, 0, e))? {
        Opened::Table(table) => table,
        Opened::Empty => return Ok(true),
        Opened::NoHeader => {
            report.add(file, None, Reason::Header, None);
            return Ok(false);
        }
    };
    loop {
        let row = table.row();
        match table.next().map_err(|e| io_error(member, row, e))? {
            Next::Row(number, row) => {
                if each(number, row, report)?.is_break() {
                    break;
                }
            }
            Next::Bad(number, reason) => report.add(file, Some(number), reason, None),
            Next::End => break,
        }
    }
    let rows = table.row() - 1;
    report.files.push(FileReport {
        file: file.clone(),
        rows,
    });
    Ok(true)
}

fn open(path: &Path, options: &Options) -> Result<Archive, ErrorKind> {
    let limits = options.limits;
    let mut report = Report::default();
    let files = classify(path, &limits, &mut report)?;
    let mut size = 0u64;
    for (kind, member) in &files {
        member.check(&limits, kind.kept)?;
        size = size.saturating_add(member.size);
    }
    if size > limits.total_bytes {
        let limit = limits.total_bytes;
        return Err(ErrorKind::TooLargeInAll { size, limit });
    }

    let mut owner = Owner::default();
    let mut people = People::default();
    for (kind, member) in files.iter().filter(|(kind, _)| kind.kept) {
        kept::read_file(kind, member, &limits, &mut report, &mut owner, &mut people)?;
    }
    let index = |names: &mut dyn Iterator<Item = &str>| -> HashMap<String, String> {
        names.filter_map(|name| Some((place(name)?, name.to_owned()))).collect()
    };
    let employers = index(&mut owner.profile.positions.iter().filter_map(|p| p.company.as_deref()));
    let schools = index(&mut owner.schools.iter().map(String::as_str));

    let mut search = Search::new(options.me.as_deref(), owner.name.as_deref());
    let streams = |kind: &'static Kind| files.iter().filter(move |(k, _)| *k == kind).map(|(_, member)| member);
    // Who the owner is must be known before the direction of an invitation that does not say it.
    for member in streams(&kind::INVITATIONS) {
        read(
            &kind::INVITATIONS,
            member,
            &limits,
            &mut Report::default(),
            |_, row, _| {
                if let Some(outgoing) = direction(&row.line(invitations::DIRECTION)) {
                    let (name, url) = if outgoing {
                        (invitations::FROM, invitations::INVITER_URL)
                    } else {
                        (invitations::TO, invitations::INVITEE_URL)
                    };
                    search.vote(&row.line(name), &row.line(url));
                }
                Ok(ControlFlow::Continue(()))
            },
        )?;
    }
    search.take_name();

    let known = search.known();
    let mut requests = Invitations::default();
    let mut readable = false;
    for member in streams(&kind::INVITATIONS) {
        let file = &member.name;
        readable |= read(
            &kind::INVITATIONS,
            member,
            &limits,
            &mut report,
            |number, row, report| {
                let Some(outgoing) = invitation_direction(&row, &known) else {
                    report.add(
                        file,
                        Some(number),
                        Reason::Direction,
                        Some(&row.line(invitations::DIRECTION)),
                    );
                    return Ok(ControlFlow::Continue(()));
                };
                let sent = row.line(invitations::SENT_AT);
                let at = dates::time(&sent);
                if at.is_none() {
                    report.add(file, Some(number), Reason::Date, Some(&sent));
                }
                let limit = (limits.rows / 10).min(u64::from(u32::MAX));
                if u64::from(requests.count) >= limit {
                    return Err(ErrorKind::TooManyRows {
                        file: file.clone(),
                        limit,
                    });
                }
                requests.add(&row, outgoing, at);
                Ok(ControlFlow::Continue(()))
            },
        )?;
    }

    requests.finish();

    let mut threads = Threads::default();
    let searching = !search.is_settled();
    for member in streams(&kind::MESSAGES) {
        let file = &member.name;
        readable |= read(&kind::MESSAGES, member, &limits, &mut report, |number, row, report| {
            let Some(message) = MessageRow::new(row) else {
                report.drafts += 1;
                return Ok(ControlFlow::Continue(()));
            };
            if message.at.is_none() {
                report.add(file, Some(number), Reason::Date, Some(&row.line(messages::DATE)));
            }
            let limit = limits.rows.min(u64::from(u32::MAX));
            if threads.len() as u64 >= limit {
                return Err(ErrorKind::TooManyRows {
                    file: file.clone(),
                    limit,
                });
            }
            let source = (file, number);
            threads.add(&message, source, &requests, searching.then_some(&mut search));
            Ok(ControlFlow::Continue(()))
        })?;
    }
    if !readable {
        return Err(ErrorKind::NothingToRead);
    }

    let streamed: Vec<(&'static Kind, Member)> = [&kind::INVITATIONS, &kind::MESSAGES]
        .into_iter()
        .flat_map(|kind| streams(kind).map(move |member| (kind, member.clone())))
        .collect();
    let (found, owner) = match search.decide() {
        Outcome::Owner(found) => {
            let owner = named(owner, &found, &search, &streamed, &limits)?;
            (found, Some(owner))
        }
        Outcome::Nobody => (Found::default(), None),
        Outcome::Several(keys) => {
            let shown = shown(&keys, &search, &streamed, &limits)?;
            let label = |(key, shown): (Key, Shown)| if key.is_name() { shown.name } else { shown.url };
            let mut names: Vec<String> = shown.into_iter().map(label).collect();
            names.sort_unstable();
            names.dedup();
            return Err(ErrorKind::SeveralOwners(names));
        }
        Outcome::Wrong(kind) => return Err(kind),
    };
    let (places, notes) = threads.finish(&found, &requests);
    report.merged_notes = notes.len() as u64;
    let profile = owner.as_ref().map(|o| o.profile.clone()).filter(|p| !p.is_empty());
    Ok(Archive {
        path: path.to_owned(),
        limits,
        streams: streamed,
        owner,
        known,
        recipient: profile.map_or(Recipient::Unknown, Recipient::Profile),
        employers,
        schools,
        people,
        invitations: requests,
        places,
        notes: notes
            .into_iter()
            .map(|note| (note.invitation, (note.file, note.row)))
            .collect(),
        report,
    })
}

/// The direction of an invitation: as it says, or by who the owner is known to be so far.
pub(crate) fn invitation_direction(row: &Row<'_>, owner: &Found) -> Option<bool> {
    direction(&row.line(invitations::DIRECTION)).or_else(|| {
        let is = |name, url| owner.is(Key::new(&row.line(name), &row.line(url)));
        let from = is(invitations::FROM, invitations::INVITER_URL);
        let to = is(invitations::TO, invitations::INVITEE_URL);
        (from != to).then_some(from)
    })
}

/// A person as found in a row.
#[derive(Debug, Default)]
struct Shown {
    name: String,
    url: String,
}

/// Name and address of people of whom only the key is known, from the first message they have part in.
fn shown(
    keys: &[Key],
    search: &Search,
    streams: &[(&'static Kind, Member)],
    limits: &Limits,
) -> Result<HashMap<Key, Shown>, ErrorKind> {
    let mut found: HashMap<Key, Shown> = HashMap::new();
    for key in keys {
        if let Some(text) = search.shown(*key) {
            let mut shown = Shown::default();
            *(if key.is_name() { &mut shown.name } else { &mut shown.url }) = text.to_owned();
            found.insert(*key, shown);
        }
    }
    for (kind, member) in streams {
        if kind.id != Id::Messages || found.len() == keys.len() {
            continue;
        }
        read(kind, member, limits, &mut Report::default(), |_, row, _| {
            let (name, url) = (row.line(messages::FROM), row.line(messages::FROM_URL));
            let (to, to_urls) = (row.line(messages::TO), row.line(messages::TO_URLS));
            let mut person = |key: Option<Key>, name: &str, url: &str| {
                if let Some(key) = key.filter(|key| keys.contains(key)) {
                    found.entry(key).or_insert_with(|| Shown {
                        name: name.to_owned(),
                        url: url.to_owned(),
                    });
                }
            };
            person(Key::of_url(&url), &name, &url);
            person(Some(Key::of_name(&name)), &name, &url);
            for url in urls(&to_urls) {
                person(Key::of_url(url), "", url);
            }
            person(Some(Key::of_name(&to)), &to, "");
            Ok(if found.len() == keys.len() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
    }
    Ok(found)
}

/// Fills in what the owner is called.
fn named(
    mut owner: Owner,
    found: &Found,
    search: &Search,
    streams: &[(&'static Kind, Member)],
    limits: &Limits,
) -> Result<Owner, ErrorKind> {
    let mut name = search.shown_name().map(str::to_owned);
    if let Some(key) = found
        .url
        .or_else(|| found.names.first().copied().filter(|_| name.is_none()))
    {
        let person = shown(&[key], search, streams, limits)?.remove(&key).unwrap_or_default();
        owner.profile_url = found.url.is_some().then_some(person.url).filter(|url| !url.is_empty());
        name = name.or_else(|| shown_name(&person.name).map(str::to_owned));
    }
    owner.name = name.or(owner.name);
    if owner.profile.name.is_none() {
        owner.profile.name = owner.name.clone().map(Into::into);
    }
    Ok(owner)
}
