//! Whose archive it is. LinkedIn does not say, so it is worked out, and not guessed.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use huckster::Profile;

use crate::error::Kind;
use crate::people::{Key, shown_name, slug};

/// The owner of the archive, with what it says of them. `Debug` prints lengths, so that logs stay free of names.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Owner {
    /// The name as other people see it.
    pub name: Option<String>,
    /// The address of the profile.
    pub profile_url: Option<String>,
    /// Name, headline, summary and positions.
    pub profile: Profile<'static>,
    /// Schools from `Education.csv`.
    pub schools: Vec<String>,
    /// Skills from `Skills.csv`.
    pub skills: Vec<String>,
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner")
            .field("name", &self.name.as_ref().map(String::len))
            .field("profile_url", &self.profile_url.as_ref().map(String::len))
            .field("profile", &self.profile)
            .field("schools", &self.schools.len())
            .field("skills", &self.skills.len())
            .finish()
    }
}

/// A person as the caller may name them.
#[derive(Clone, Debug)]
pub(crate) struct Me {
    text: String,
    url: Option<Key>,
    name: Option<Key>,
}

impl Me {
    /// A text with blanks is a name, an address is an address, and one word may be either.
    pub(crate) fn new(text: &str) -> Self {
        let url = match slug(text) {
            Some(slug) => Some(Key::of_slug(&slug)),
            None if text.contains(char::is_whitespace) => None,
            None => Some(Key::of_slug(&text.trim_start_matches("in/").to_lowercase())),
        };
        Self {
            text: text.to_owned(),
            url,
            name: slug(text).is_none().then(|| Key::of_name(text)),
        }
    }
}

/// Conversations that are looked at to see who is in most of them: at least this many pairs of conversation and person.
const SAMPLE: usize = 1 << 20;

/// A person is in most conversations from this share on, in percent.
const MOST: u64 = 80;

/// An archive in which so many people could be the owner is made up; more of them are counted, but not kept.
const MOST_CANDIDATES: usize = 1000;

/// How often each person was named.
#[derive(Debug, Default)]
struct Votes {
    counts: HashMap<Key, (u64, String)>,
    all: u64,
}

impl Votes {
    fn add(&mut self, key: Key, text: &str) {
        self.all += 1;
        if self.counts.len() < MOST_CANDIDATES || self.counts.contains_key(&key) {
            self.counts.entry(key).or_insert_with(|| (0, text.to_owned())).0 += 1;
        }
    }

    /// Who has at least 80 percent.
    fn dominant(&self) -> Option<(Key, String)> {
        let mut most = self.counts.iter().filter(|(_, (n, _))| n * 100 >= self.all * MOST);
        most.next().map(|(key, (_, text))| (*key, text.clone()))
    }
}

/// Gathers what speaks for whom.
#[derive(Debug, Default)]
pub(crate) struct Search {
    me: Option<Me>,
    /// Names that the owner goes by, from `Profile.csv` and the invitations.
    names: Vec<Key>,
    shown_name: Option<String>,
    /// How often an invitation, or a message that says its direction, is from or to this person.
    votes: Votes,
    name_votes: Votes,
    /// Addresses whose messages carry one of the names.
    carriers: BTreeSet<Key>,
    /// Who is in which conversation. If these are too many, only conversations whose number ends in zeros are kept.
    present: Vec<(u64, Key)>,
    settled: usize,
    zeros: u32,
    rows: u64,
    name_seen: bool,
    me_url_seen: bool,
    recipients_have_urls: bool,
}

/// Who the owner is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) url: Option<Key>,
    pub(crate) names: Vec<Key>,
}

impl Found {
    /// Whether a person is the owner: by address if there is one, else by name.
    pub(crate) fn is(&self, key: Key) -> bool {
        self.url == Some(key) || self.names.contains(&key)
    }
}

/// What the search comes to.
pub(crate) enum Outcome {
    Owner(Found),
    /// Nothing was written, so it does not matter.
    Nobody,
    /// It could be several people; if they are known by key only, their names must be looked up.
    Several(Vec<Key>),
    Wrong(Kind),
}

impl Search {
    pub(crate) fn new(me: Option<&str>, profile_name: Option<&str>) -> Self {
        let me = me.map(str::trim).filter(|me| !me.is_empty()).map(Me::new);
        let mut search = Self {
            names: me.iter().filter_map(|me| me.name).collect(),
            me,
            ..Self::default()
        };
        let me_name = search
            .me
            .as_ref()
            .filter(|me| me.url.is_none())
            .map(|me| me.text.clone());
        search.shown_name = profile_name.map(str::to_owned).or(me_name);
        if let Some(name) = profile_name
            && search.me.as_ref().is_none_or(|me| me.name.is_none())
        {
            search.names.push(Key::of_name(name));
        }
        search
    }

    /// A row says that it is from or to the owner.
    pub(crate) fn vote(&mut self, name: &str, url: &str) {
        if let Some(key) = Key::of_url(url) {
            self.me_url_seen |= self.me.as_ref().is_some_and(|me| me.url == Some(key));
            self.votes.add(key, url);
        }
        if shown_name(name).is_some() {
            self.name_votes.add(Key::of_name(name), name);
        }
    }

    /// Takes the name of the owner from what has said its direction.
    pub(crate) fn take_name(&mut self) {
        if self.me.is_none()
            && let Some((key, name)) = self.name_votes.dominant()
        {
            if !self.names.contains(&key) {
                self.names.push(key);
            }
            self.name_seen = true;
            self.shown_name = Some(name);
        }
    }

    /// Who the owner is, as far as the invitations tell.
    pub(crate) fn known(&self) -> Found {
        let me = self.me.as_ref().and_then(|me| me.url);
        Found {
            url: me.or_else(|| self.votes.dominant().map(|(key, _)| key)),
            names: self.names.clone(),
        }
    }

    /// Whether messages need not be looked at.
    pub(crate) fn is_settled(&self) -> bool {
        self.me.is_none() && self.votes.dominant().is_some()
    }

    /// A message of a conversation.
    pub(crate) fn message(&mut self, conversation: u64, from: (&str, Option<Key>), to: (&str, &[Key])) {
        self.rows += 1;
        let from_name = Key::of_name(from.0);
        self.recipients_have_urls |= !to.1.is_empty();
        self.name_seen |= self.names.contains(&from_name) || self.names.contains(&Key::of_name(to.0));
        if let Some(me) = &self.me {
            self.me_url_seen |= me.url.is_some() && (me.url == from.1 || to.1.iter().any(|key| me.url == Some(*key)));
        }
        if let Some(url) = from.1
            && self.names.contains(&from_name)
            && self.carriers.len() < MOST_CANDIDATES
        {
            self.carriers.insert(url);
        }
        if self.me.is_none() && self.keeps(conversation) {
            self.present
                .extend(from.1.iter().chain(to.1).map(|key| (conversation, *key)));
            let names = [from.0, to.0].into_iter().filter_map(Key::of_shown_name);
            self.present.extend(names.map(|key| (conversation, key)));
            self.settle();
        }
    }

    fn keeps(&self, conversation: u64) -> bool {
        conversation.trailing_zeros() >= self.zeros
    }

    /// Keeps the sample small: each pair once, and half the conversations if there are still too many.
    fn settle(&mut self) {
        if self.present.len() < self.settled + SAMPLE {
            return;
        }
        self.present.sort_unstable();
        self.present.dedup();
        while self.present.len() > SAMPLE && self.zeros < 63 {
            self.zeros += 1;
            let zeros = self.zeros;
            self.present
                .retain(|(conversation, _)| conversation.trailing_zeros() >= zeros);
        }
        self.settled = self.present.len();
    }

    /// Those of `among`, or of all, who are in most conversations.
    fn in_most(&mut self, among: impl Fn(Key) -> bool) -> Vec<Key> {
        self.present.sort_unstable();
        self.present.dedup();
        let mut conversations = 0;
        let mut last = None;
        let mut counts: HashMap<Key, u64> = HashMap::new();
        for (conversation, key) in &self.present {
            if last.replace(*conversation) != Some(*conversation) {
                conversations += 1;
            }
            *counts.entry(*key).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .filter(|(key, n)| n * 100 >= conversations * MOST && among(*key));
        let mut most: Vec<Key> = most.map(|(key, _)| key).collect();
        most.sort_unstable();
        most
    }

    /// The name the archive gives the owner.
    pub(crate) fn shown_name(&self) -> Option<&str> {
        self.shown_name.as_deref()
    }

    /// The address or name an invitation gave for a key.
    pub(crate) fn shown(&self, key: Key) -> Option<&str> {
        let vote = self.votes.counts.get(&key).or_else(|| self.name_votes.counts.get(&key));
        vote.map(|(_, text)| text.as_str())
    }

    /// Decides, in this order: what the caller says; what invitations say; whose messages carry the owner's name; who is
    /// in most conversations. Of several people, none.
    pub(crate) fn decide(&mut self) -> Outcome {
        // Until 2018 messages say their direction, as invitations do.
        self.take_name();
        let names = self.names.clone();
        let owner = |url: Option<Key>| {
            Outcome::Owner(Found {
                url,
                names: names.clone(),
            })
        };
        if let Some(me) = self.me.clone() {
            if let Some(url) = me.url.filter(|_| self.me_url_seen) {
                return owner(Some(url));
            }
            let carriers = self.carriers();
            return match (&carriers[..], me.name) {
                ([one], Some(_)) => owner(Some(*one)),
                ([], Some(name)) if self.name_seen || self.name_votes.counts.contains_key(&name) => owner(None),
                // Before 2023 a recipient has no address in the file.
                ([], None) if !self.recipients_have_urls && self.votes.counts.is_empty() => owner(me.url),
                ([], _) => Outcome::Wrong(Kind::UnknownMe(me.text)),
                _ => Outcome::Several(carriers),
            };
        }
        if self.rows == 0 && self.votes.counts.is_empty() && self.name_votes.counts.is_empty() {
            return Outcome::Nobody;
        }
        let mut several = Vec::new();
        if let Some((url, _)) = self.votes.dominant() {
            return owner(Some(url));
        }
        several.extend(self.votes.counts.keys().copied());
        let carriers = self.carriers();
        match &carriers[..] {
            [] => {}
            [one] => return owner(Some(*one)),
            _ => {
                let most = self.in_most(|key| carriers.contains(&key));
                if let [one] = most[..] {
                    return owner(Some(one));
                }
                several = carriers;
            }
        }
        // Only a name, and it is one of those who wrote or got something.
        if self.name_seen && several.is_empty() && !self.names.is_empty() {
            return owner(None);
        }
        if several.is_empty() {
            several = self.in_most(|key| !key.is_name());
            if let [one] = several[..] {
                return owner(Some(one));
            }
        }
        // Before 2023 recipients have no address, so nobody's may be in most conversations.
        if several.is_empty() {
            several = self.in_most(Key::is_name);
            if let [one] = several[..] {
                return Outcome::Owner(Found {
                    url: None,
                    names: vec![one],
                });
            }
        }
        if several.is_empty() {
            several.extend(self.name_votes.counts.keys().copied());
        }
        several.sort_unstable();
        match several.is_empty() {
            true => Outcome::Wrong(Kind::NoOwner),
            false => Outcome::Several(several),
        }
    }

    fn carriers(&self) -> Vec<Key> {
        self.carriers.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::hash;

    #[test]
    fn of_very_many_conversations_a_sample_decides() {
        let mut search = Search::new(None, None);
        let me = Key::of_slug("marta");
        let conversations = 800_000;
        for i in 0..conversations {
            let other = Key::of_slug(&i.to_string());
            // In one of ten she is not.
            let to = if i % 10 == 0 { &[][..] } else { &[me][..] };
            search.message(hash(&i.to_string()), ("", Some(other)), ("", to));
        }
        assert!(
            search.zeros > 0 && search.present.len() < 2 * SAMPLE,
            "{} {}",
            search.zeros,
            search.present.len()
        );
        assert!(matches!(search.decide(), Outcome::Owner(Found { url, .. }) if url == Some(me)));
    }
}
