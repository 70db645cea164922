//! The archive as an inbox: opened with what the caller adds, and its incoming messages.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use huckster::{FactValue, Message, Profile, Recipient, SENDER_URL, Scorer, Timestamp};
use huckster_linkedin_export::{Archive, ArchiveError, Direction, Item, Options, Person, profile_slug};

use crate::failure::Failure;
use crate::input;
use crate::progress::Progress;

/// Messages after which the progress is told.
const PROGRESS: usize = 64;

/// An archive of which the incoming messages are looked at.
#[derive(Debug)]
pub(crate) struct Inbox {
    archive: Archive,
}

impl Inbox {
    /// Opens and indexes an archive.
    pub(crate) fn open(path: &Path, me: Option<&str>) -> Result<Self, Failure> {
        let progress = Progress::endless("reading the archive");
        let options = me.map_or_else(Options::new, |me| Options::new().me(me));
        let archive = Archive::open(path, options);
        drop(progress);
        Ok(Self { archive: archive? })
    }

    /// Works out what depends on the owner alone, with what `mine` adds to the archive.
    pub(crate) fn prepare(&mut self, mine: Option<&Path>, scorer: &Scorer) -> Result<(), Failure> {
        let mut owner = self.archive.owner().map(|o| o.profile.clone()).unwrap_or_default();
        if let Some(path) = mine {
            let name = format!("`{}`", path.display());
            let text = input::utf8(input::file(path)?, &name)?;
            let profile = Profile::from_json(&text).map_err(|e| {
                Failure::Message(format!("{name}, line {}, column {}: {}", e.line, e.column, e.message))
            })?;
            fill(&mut owner, profile.into_owned());
        }
        if !owner.is_empty() {
            self.archive
                .set_recipient(Recipient::from(&scorer.prepare_recipient(owner)));
        }
        Ok(())
    }

    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Messages of both directions.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.archive.len()).unwrap_or(usize::MAX)
    }

    /// The incoming messages that were not sent before `since`, in the order of the archive. `progress` is told how many
    /// messages of both directions were read.
    pub(crate) fn incoming<'a>(
        &'a self,
        since: Option<Timestamp>,
        progress: &'a Progress,
    ) -> impl Iterator<Item = Result<Item, ArchiveError>> + Send + 'a {
        let messages = self.archive.messages().zip(1..);
        let messages = messages.map(|(item, read)| {
            if read % PROGRESS == 0 {
                progress.at(read);
            }
            item
        });
        messages.filter(move |item| match item {
            Ok(item) => {
                item.direction == Direction::Incoming && since.is_none_or(|since| item.at.is_none_or(|at| at >= since))
            }
            Err(_) => true,
        })
    }
}

/// Replaces what `with` knows.
fn fill(profile: &mut Profile<'static>, with: Profile<'static>) {
    macro_rules! replace {
        ($($field:ident)*) => { $(if with.$field.is_some() { profile.$field = with.$field; })* };
    }
    replace!(name headline about connections followers account_age_days verified open_to_work creator premium);
    if !with.positions.is_empty() {
        profile.positions = with.positions;
    }
    if !with.services.is_empty() {
        profile.services = with.services;
    }
}

/// What tells a sender from others: the address of the profile, else the name. `None` for somebody hidden.
pub(crate) fn sender_key(person: &Person) -> Option<String> {
    let by_url = person.profile_url.as_deref().and_then(profile_slug);
    by_url.or_else(|| person.name.as_deref().map(name_key))
}

/// Says in the message who sent it, for preferences and rules of one's own.
pub(crate) fn name_sender(item: &mut Item) {
    if let Some(url) = &item.from.profile_url {
        item.message
            .facts
            .insert(SENDER_URL.into(), FactValue::Text(url.clone().into()));
    }
}

/// A name so that two spellings of it are equal. No address has a blank before it.
pub(crate) fn name_key(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    format!(" {}", words.join(" "))
}

/// A number for a key.
pub(crate) fn number(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The text of a message.
pub(crate) fn text(item: Item) -> Option<String> {
    match item.message {
        Message {
            body: huckster::Body::Text(text),
            ..
        } => Some(text.into_owned()),
        _ => None,
    }
}
