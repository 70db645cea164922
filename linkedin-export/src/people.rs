//! Who is who: keys of people, and what the archive says about each.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use huckster::Timestamp;
use percent_encoding::percent_decode_str;

use crate::kind::normalised;

/// A person as a number of eight bytes, so that an index of millions of rows stays small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u64);

impl Key {
    /// By profile address if there is one, else by name.
    pub(crate) fn new(name: &str, url: &str) -> Self {
        Self::of_url(url).unwrap_or_else(|| Self::of_name(name))
    }

    pub(crate) fn of_url(url: &str) -> Option<Self> {
        slug(url).map(|slug| Self::of_slug(&slug))
    }

    pub(crate) fn of_slug(slug: &str) -> Self {
        Self(hash(slug) & !1)
    }

    pub(crate) fn of_name(name: &str) -> Self {
        Self(hash(&crate::text::folded(name)) | 1)
    }

    /// By name, if the name is shown: people whose names are hidden are not all the same person.
    pub(crate) fn of_shown_name(name: &str) -> Option<Self> {
        shown_name(name).map(Self::of_name)
    }

    /// Whether it stands for a name and not for an address: the lowest bit says so.
    pub(crate) fn is_name(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Eight bytes for a text. Two of two million texts meet with a probability of one in ten million.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What tells the address of one LinkedIn profile from others: what stands behind `/in/`, decoded, in lower case, without
/// language, query and fragment; for addresses of other forms the whole path. `None` for other addresses.
///
/// ```
/// use huckster_linkedin_export::profile_slug;
/// assert_eq!(profile_slug("https://de.linkedin.com/in/Zo%C3%AB-Lund/?trk=x").as_deref(), Some("zoë-lund"));
/// assert_eq!(profile_slug("https://example.org/in/zoe"), None);
/// ```
pub fn slug(url: &str) -> Option<String> {
    const HOST: &str = "linkedin.com/";
    let lower = url.trim().to_lowercase();
    let path = &lower[lower.find(HOST)? + HOST.len()..];
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = match path.strip_prefix("in/") {
        Some(slug) => slug.split('/').next().unwrap_or_default(),
        None => path,
    };
    // Percent signs hide letters in any case.
    let path = percent_decode_str(path).decode_utf8_lossy().to_lowercase();
    (!path.is_empty()).then_some(path)
}

/// The profile addresses in a field: there is no separator that all eras share, so they are told by their shape.
pub(crate) fn urls(field: &str) -> impl Iterator<Item = &str> {
    let parts = field.split(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
    parts.filter(|part| part.contains("linkedin.com/"))
}

/// A name, unless it is what LinkedIn writes in place of one.
pub(crate) fn shown_name(name: &str) -> Option<&str> {
    (!name.is_empty() && !name.eq_ignore_ascii_case("LinkedIn Member")).then_some(name)
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Contact {
    /// Where the person works today, or worked when the archive was made.
    pub(crate) company: Box<str>,
    pub(crate) title: Box<str>,
    /// When the day of the connection begins.
    pub(crate) connected: Option<Timestamp>,
    has_url: bool,
}

/// Endorsements and recommendations between the owner and a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ties {
    pub(crate) endorsed_owner: bool,
    pub(crate) endorsed_by_owner: bool,
    pub(crate) recommended_owner: bool,
    pub(crate) recommended_by_owner: bool,
    /// Where the person worked when recommending or recommended.
    pub(crate) company: Box<str>,
}

/// Everybody the archive says something about.
#[derive(Debug, Default)]
pub(crate) struct People {
    contacts: Vec<Contact>,
    /// `None`: two contacts have this name.
    by_key: HashMap<Key, Option<u32>>,
    ties: HashMap<Key, Ties>,
}

/// What is known of a person.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known<'p> {
    pub(crate) contact: Option<&'p Contact>,
    /// By profile address.
    pub(crate) ties: Option<&'p Ties>,
    /// By name, where the contact's name is the only one of its kind.
    pub(crate) ties_by_name: Option<&'p Ties>,
}

impl People {
    pub(crate) fn add(&mut self, name: &str, url: &str, company: &str, title: &str, connected: Option<Timestamp>) {
        let by_url = Key::of_url(url);
        let at = u32::try_from(self.contacts.len()).ok();
        self.contacts.push(Contact {
            company: company.into(),
            title: title.into(),
            connected,
            has_url: by_url.is_some(),
        });
        if let Some(key) = by_url {
            self.by_key.insert(key, at);
        }
        if let Some(key) = Key::of_shown_name(name) {
            self.by_key.entry(key).and_modify(|taken| *taken = None).or_insert(at);
        }
    }

    pub(crate) fn tie(&mut self, name: &str, url: &str) -> &mut Ties {
        self.ties.entry(Key::new(name, url)).or_default()
    }

    pub(crate) fn find(&self, name: &str, url: &str) -> Known<'_> {
        let contact = |key: &Key| {
            let at = self.by_key.get(key).copied().flatten()?;
            self.contacts.get(at as usize)
        };
        let (url, name) = (Key::of_url(url), Key::of_shown_name(name));
        let by_url = url.as_ref().and_then(contact);
        // A name stands for a person only where one of the two has no address: two addresses are two people.
        let by_name = name
            .as_ref()
            .and_then(contact)
            .filter(|c| !c.has_url || url.is_none() || by_url.is_some());
        Known {
            contact: by_url.or(by_name),
            ties: url.as_ref().and_then(|url| self.ties.get(url)),
            ties_by_name: name.and_then(|name| self.ties.get(&name)).filter(|_| by_name.is_some()),
        }
    }
}

/// Names in the company column that are no company.
const NO_COMPANY: [&str; 28] = [
    "selfemployed",
    "selfemployment",
    "freelance",
    "freelancer",
    "independent",
    "independentconsultant",
    "consultant",
    "various",
    "retired",
    "student",
    "unemployed",
    "confidential",
    "stealth",
    "stealthstartup",
    "stealthmode",
    "none",
    "na",
    "private",
    "selbstständig",
    "selbständig",
    "freiberuflich",
    "freiberufler",
    "indépendant",
    "autónomo",
    "autônomo",
    "liberoprofessionista",
    "zzp",
    "zelfstandig",
];

/// A company or school so that two spellings of it are equal; `None` if it names none.
pub(crate) fn place(name: &str) -> Option<String> {
    let name = normalised(name);
    (!name.is_empty() && !NO_COMPANY.contains(&name.as_str())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_profile() {
        for same in [
            "https://www.linkedin.com/in/zo%C3%AB-lund",
            "http://linkedin.com/in/Zo%c3%8b-Lund/",
            "www.linkedin.com/in/zoë-lund?trk=x",
            "https://de.linkedin.com/in/zoë-lund/en#top",
        ] {
            assert_eq!(slug(same).as_deref(), Some("zoë-lund"), "{same}");
        }
        assert_eq!(
            slug("https://www.linkedin.com/pub/ann-lund/1/2/3").as_deref(),
            Some("pub/ann-lund/1/2/3")
        );
        for none in [
            "",
            "Ann Lund",
            "https://example.org/in/ann",
            "https://www.linkedin.com/",
            "https://www.linkedin.com/in/",
        ] {
            assert_eq!(slug(none).filter(|s| s != "in"), None, "{none}");
        }
        let two: Vec<_> = urls("https://www.linkedin.com/in/a,https://www.linkedin.com/in/b;, Doe").collect();
        assert_eq!(two, ["https://www.linkedin.com/in/a", "https://www.linkedin.com/in/b"]);
    }

    #[test]
    fn a_name_is_a_person_only_if_nothing_speaks_against_it() {
        let mut people = People::default();
        let url = |slug: &str| format!("https://www.linkedin.com/in/{slug}");
        people.add("Ann Lund", &url("ann"), "Acme", "", None);
        people.add("Bo Ek", "", "Berg", "", None);
        people.add("Cy Fox", "", "One", "", None);
        people.add("Cy Fox", "", "Two", "", None);
        people.add("LinkedIn Member", "", "Three", "", None);
        let company = |name: &str, url: &str| people.find(name, url).contact.map(|c| c.company.to_string());
        assert_eq!(company("Ann Lund", &url("ann")).as_deref(), Some("Acme"));
        assert_eq!(company("A. Lund", &url("ann")).as_deref(), Some("Acme"));
        assert_eq!(company("ann  lund", "").as_deref(), Some("Acme"));
        assert_eq!(company("Ann Lund", &url("another-ann")), None);
        assert_eq!(company("Bo Ek", &url("bo")).as_deref(), Some("Berg"));
        assert_eq!(company("Cy Fox", ""), None);
        assert_eq!(company("LinkedIn Member", ""), None);
    }

    #[test]
    fn places() {
        assert_eq!(place("Norrvik  Energi, AB"), place("norrvik energi AB"));
        assert_eq!(place("Self-employed"), None);
        assert_eq!(place(" - "), None);
    }
}
