//! The first pass: what must be known of all rows before the first message can be given out.
//!
//! A row of `messages.csv` takes 32 bytes here while the file is read, and 12 afterwards.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use huckster::Timestamp;

use crate::dates;
use crate::kind::{invitations, messages};
use crate::owner::{Found, Search};
use crate::people::{Key, hash, shown_name, urls};
use crate::table::Row;
use crate::text;

/// The fields of a row of `messages.csv` that both passes need, read the same way.
pub(crate) struct MessageRow<'t> {
    pub(crate) row: Row<'t>,
    pub(crate) from: Cow<'t, str>,
    pub(crate) from_url: Cow<'t, str>,
    pub(crate) to: Cow<'t, str>,
    /// Addresses of the recipients, if the file has them.
    pub(crate) to_urls: Cow<'t, str>,
    pub(crate) at: Option<Timestamp>,
    /// If the row says so itself, as it did until 2018.
    pub(crate) outgoing: Option<bool>,
}

impl<'t> MessageRow<'t> {
    /// `None` for a draft, which nobody sent.
    pub(crate) fn new(row: Row<'t>) -> Option<Self> {
        let yes =
            |column| row.bytes(column).eq_ignore_ascii_case(b"yes") || row.bytes(column).eq_ignore_ascii_case(b"true");
        if yes(messages::DRAFT) || yes(messages::CONVERSATION_DRAFT) {
            return None;
        }
        Some(Self {
            row,
            from: row.line(messages::FROM),
            from_url: row.line(messages::FROM_URL),
            to: row.line(messages::TO),
            to_urls: row.line(messages::TO_URLS),
            at: dates::time(&row.line(messages::DATE)),
            outgoing: direction(&row.line(messages::DIRECTION)),
        })
    }

    /// Who wrote it.
    pub(crate) fn sender(&self) -> Key {
        Key::new(&self.from, &self.from_url)
    }

    /// Which conversation it belongs to; if the file does not say, the one with the other person, or if nobody knows who
    /// that is, one of its own.
    fn conversation(&self, number: u32) -> u64 {
        let id = self.row.line(messages::CONVERSATION);
        if !id.is_empty() {
            return hash(&id);
        }
        if shown_name(&self.from).is_none() || shown_name(&self.to).is_none() {
            return hash(&number.to_string());
        }
        // The same pair in either direction.
        let (a, b) = (Key::of_name(&self.from), Key::of_name(&self.to));
        hash(&format!("{:?}", (a.min(b), a.max(b))))
    }

    pub(crate) fn is_group(&self) -> bool {
        urls(&self.to_urls).nth(1).is_some()
    }
}

/// `INCOMING`, `OUTGOING` and the words others use for them.
pub(crate) fn direction(text: &str) -> Option<bool> {
    match text.to_ascii_uppercase().as_str() {
        "OUTGOING" | "SENT" => Some(true),
        "INCOMING" | "RECEIVED" => Some(false),
        _ => None,
    }
}

/// What is kept of an invitation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Invited {
    pub(crate) at: Option<Timestamp>,
    pub(crate) outgoing: bool,
    pub(crate) noted: bool,
}

/// The invitations by the other person, and the notes.
#[derive(Debug, Default)]
pub(crate) struct Invitations {
    /// The first invitation between the owner and a person, by address and by name.
    first: HashMap<Key, Invited>,
    /// The number of the invitation with this note to or from this person.
    notes: HashMap<(Key, u64), u32>,
    /// People with notes.
    noted: HashSet<Key>,
    pub(crate) count: u32,
    /// When each person asked the owner, in the order of time once all are read.
    asked: HashMap<Key, Vec<Timestamp>>,
}

impl Invitations {
    /// Adds an invitation that will be given out as number `self.count`.
    pub(crate) fn add(&mut self, row: &Row<'_>, outgoing: bool, at: Option<Timestamp>) {
        let note = text::body(row.bytes(invitations::MESSAGE));
        let (name, url) = if outgoing {
            (invitations::TO, invitations::INVITEE_URL)
        } else {
            (invitations::FROM, invitations::INVITER_URL)
        };
        let noted = !note.is_empty();
        let this = Invited { at, outgoing, noted };
        let keys = [Key::of_shown_name(&row.line(name)), Key::of_url(&row.line(url))];
        for key in keys.into_iter().flatten() {
            self.first
                .entry(key)
                .and_modify(|first| {
                    if at.is_some_and(|at| first.at.is_none_or(|first| at < first)) {
                        *first = this;
                    }
                })
                .or_insert(this);
            if noted {
                self.notes
                    .entry((key, hash(&text::folded(&note))))
                    .or_insert(self.count);
                self.noted.insert(key);
            }
        }
        let [name, url] = keys;
        if let (Some(at), Some(person)) = (at.filter(|_| !outgoing), url.or(name)) {
            self.asked.entry(person).or_default().push(at);
        }
        self.count += 1;
    }

    /// Must be called when all are added.
    pub(crate) fn finish(&mut self) {
        self.asked.values_mut().for_each(|times| times.sort_unstable());
    }

    /// The first invitation between the owner and a person.
    pub(crate) fn first(&self, name: &str, url: &str) -> Option<&Invited> {
        let by_url = Key::of_url(url).and_then(|key| self.first.get(&key));
        by_url.or_else(|| self.first.get(&Key::of_shown_name(name)?))
    }

    /// How many requests the person of an invitation to the owner had sent before it; 0 if its time is not known.
    pub(crate) fn earlier(&self, name: &str, url: &str, at: Option<Timestamp>) -> u32 {
        let person = Key::of_url(url).or_else(|| Key::of_shown_name(name));
        let (Some(at), Some(asked)) = (at, person.and_then(|person| self.asked.get(&person))) else {
            return 0;
        };
        let earlier = asked.partition_point(|other| *other < at);
        u32::try_from(earlier).unwrap_or(u32::MAX)
    }

    /// The invitation whose note the message repeats.
    fn repeated_by(&self, message: &MessageRow<'_>) -> Option<u32> {
        if self.noted.is_empty() || message.is_group() {
            return None;
        }
        let to_url = urls(&message.to_urls).next().unwrap_or_default();
        let people = [
            Key::of_url(&message.from_url),
            Key::of_shown_name(&message.from),
            Key::of_url(to_url),
            Key::of_shown_name(&message.to),
        ];
        let mut noted = people
            .into_iter()
            .flatten()
            .filter(|key| self.noted.contains(key))
            .peekable();
        noted.peek()?;
        let text = hash(&text::folded(&text::body(message.row.bytes(messages::CONTENT))));
        noted.find_map(|key| self.notes.get(&(key, text)).copied())
    }
}

/// A row of `messages.csv` while the file is read.
#[derive(Clone, Copy, Debug)]
struct Entry {
    conversation: u64,
    sender: Key,
    at: i64,
    number: u32,
    outgoing: Option<bool>,
    group: bool,
}

/// No time.
const NEVER: i64 = i64::MAX;

/// What the other rows say about a message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// Seconds since the message before, plus one; 0 if there is none or it is not known.
    gap: u32,
    /// Messages by the same sender since the recipient last wrote.
    pub(crate) unanswered: u32,
    flags: u8,
}

impl Place {
    const OUTGOING: u8 = 1;
    const REPLIED: u8 = 2;
    const RECIPIENT_FIRST: u8 = 4;
    const TIMED: u8 = 8;
    const NOTE: u8 = 16;

    fn set(&mut self, flag: u8, yes: bool) {
        self.flags |= if yes { flag } else { 0 };
    }

    pub(crate) fn outgoing(self) -> bool {
        self.flags & Self::OUTGOING != 0
    }

    /// Whether the recipient had written before.
    pub(crate) fn replied(self) -> bool {
        self.flags & Self::REPLIED != 0
    }

    /// Whether the conversation began with the recipient.
    pub(crate) fn recipient_first(self) -> bool {
        self.flags & Self::RECIPIENT_FIRST != 0
    }

    /// Whether it is known when the message was sent, and so what came before.
    pub(crate) fn is_timed(self) -> bool {
        self.flags & Self::TIMED != 0
    }

    /// Whether it repeats the note of an invitation, with which it is given out.
    pub(crate) fn is_note(self) -> bool {
        self.flags & Self::NOTE != 0
    }

    pub(crate) fn gap(self) -> Option<u64> {
        self.gap.checked_sub(1).map(u64::from)
    }
}

/// A message that repeats the note of an invitation, or seems to.
#[derive(Debug)]
pub(crate) struct Repeat {
    number: u32,
    pub(crate) invitation: u32,
    pub(crate) file: Arc<str>,
    pub(crate) row: u64,
}

/// The messages while they are read.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    entries: Vec<Entry>,
    repeats: Vec<Repeat>,
    /// How much more often the next row of a conversation is older than newer.
    newest_first: i64,
}

impl Threads {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn add(
        &mut self,
        message: &MessageRow<'_>,
        source: (&Arc<str>, u64),
        invitations: &Invitations,
        search: Option<&mut Search>,
    ) {
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let conversation = message.conversation(number);
        let sender = message.sender();
        let at = message.at.map_or(NEVER, Timestamp::seconds);
        if let Some(search) = search {
            let to: Vec<Key> = urls(&message.to_urls).filter_map(Key::of_url).collect();
            let from_url = Some(sender).filter(|key| !key.is_name());
            match message.outgoing {
                Some(true) => search.vote(&message.from, &message.from_url),
                Some(false) if to.len() <= 1 => {
                    search.vote(&message.to, urls(&message.to_urls).next().unwrap_or_default())
                }
                _ => {}
            }
            search.message(conversation, (&message.from, from_url), (&message.to, &to));
        }
        if let Some(last) = self.entries.last()
            && last.conversation == conversation
            && last.at != NEVER
            && at != NEVER
        {
            self.newest_first += (last.at - at).signum();
        }
        if let Some(invitation) = invitations.repeated_by(message) {
            self.repeats.push(Repeat {
                number,
                invitation,
                file: source.0.clone(),
                row: source.1,
            });
        }
        self.entries.push(Entry {
            conversation,
            sender,
            at,
            number,
            outgoing: message.outgoing,
            group: message.is_group(),
        });
    }

    /// The place of every message, in the order of the rows, and the messages that repeat the note of an invitation.
    pub(crate) fn finish(mut self, owner: &Found, invitations: &Invitations) -> (Vec<Place>, Vec<Repeat>) {
        let newest_first = self.newest_first > 0;
        // Messages of the same second are in the order of the file, whichever way that goes.
        self.entries.sort_unstable_by_key(|e| {
            let number = if newest_first { u32::MAX - e.number } else { e.number };
            (e.conversation, e.at, number)
        });
        let mut places = vec![Place::default(); self.entries.len()];
        let repeats: HashMap<u32, u32> = self.repeats.iter().map(|r| (r.number, r.invitation)).collect();
        let mut copies: HashMap<u32, u32> = HashMap::new();
        for thread in self.entries.chunk_by(|a, b| a.conversation == b.conversation) {
            sweep(thread, owner, invitations, &mut places, &repeats, &mut copies);
        }
        // A note is repeated once; what says the same in another conversation is another message.
        self.repeats.retain(|r| copies.get(&r.invitation) == Some(&r.number));
        for repeat in &self.repeats {
            if let Some(place) = places.get_mut(repeat.number as usize) {
                place.set(Place::NOTE, true);
            }
        }
        (places, self.repeats)
    }
}

/// Works out the places of one conversation, oldest message first.
fn sweep(
    thread: &[Entry],
    owner: &Found,
    invitations: &Invitations,
    places: &mut [Place],
    repeats: &HashMap<u32, u32>,
    copies: &mut HashMap<u32, u32>,
) {
    let is_outgoing = |e: &Entry| e.outgoing.unwrap_or_else(|| owner.is(e.sender));
    // Messages by each of the others since the owner last wrote, and by the owner since anybody else did.
    let mut by_others: HashMap<Key, u32> = HashMap::new();
    let (mut by_owner, mut owner_wrote, mut others_wrote) = (0, false, false);
    let mut last = None;
    let mut seen = HashSet::new();
    // A request with a note comes before the conversation, whose first message may not be in the archive.
    let began = thread.first().filter(|e| e.at != NEVER).map(|first| {
        let invited = invitations.first.get(&first.sender).filter(|_| !first.group);
        is_outgoing(first) || invited.is_some_and(|i| i.outgoing && i.noted && came_before(i.at, first.at))
    });
    for e in thread {
        let Some(place) = places.get_mut(e.number as usize) else {
            continue;
        };
        let outgoing = is_outgoing(e);
        place.set(Place::OUTGOING, outgoing);
        // The note of a request is the first that its sender writes.
        let note = repeats.get(&e.number).filter(|_| seen.insert(e.sender));
        if let Some(invitation) = note {
            let copy = copies.entry(*invitation).or_insert(e.number);
            *copy = e.number.min(*copy);
        }
        seen.insert(e.sender);
        if e.at == NEVER {
            continue;
        }
        place.set(Place::TIMED, true);
        if note.is_some() {
            // It was answered: by accepting. What follows is no follow-up to it.
            (owner_wrote, others_wrote) = (owner_wrote || outgoing, others_wrote || !outgoing);
            continue;
        }
        if let Some(last) = last.replace(e.at) {
            place.gap = u32::try_from(e.at - last).unwrap_or(u32::MAX).saturating_add(1);
        }
        let owner_began = began.unwrap_or(false);
        if outgoing {
            place.unanswered = by_owner;
            place.set(Place::REPLIED, others_wrote);
            place.set(Place::RECIPIENT_FIRST, !owner_began);
            (by_owner, owner_wrote) = (by_owner + 1, true);
            by_others.clear();
        } else {
            let count = by_others.entry(e.sender).or_default();
            place.unanswered = *count;
            place.set(Place::REPLIED, owner_wrote);
            place.set(Place::RECIPIENT_FIRST, owner_began);
            (*count, by_owner, others_wrote) = (*count + 1, 0, true);
        }
    }
}

/// Whether an invitation came before a message. `Sent At` has no zone, so a day is allowed for.
fn came_before(invitation: Option<Timestamp>, message: i64) -> bool {
    invitation.is_none_or(|at| at.seconds() <= message.saturating_add(86_400))
}
