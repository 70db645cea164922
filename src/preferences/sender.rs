//! Who sent a message, in the form in which people and companies are compared.

use super::SENDER_URL;
use crate::message::{FactValue, Message};

/// The keys by which a sender may be known.
#[derive(Debug, Default)]
pub(super) struct SenderKeys {
    /// The address of the profile, then the name.
    person: Vec<String>,
    companies: Vec<String>,
}

impl SenderKeys {
    pub(super) fn new(message: &Message<'_>) -> Self {
        let sender = message.sender.as_ref();
        let name = sender.and_then(|s| s.name.as_deref());
        let headline = sender.and_then(|s| s.headline.as_deref());
        let held = sender.into_iter().flat_map(|s| s.current_positions());
        let companies = held
            .filter_map(|p| p.company.as_deref())
            .chain(headline.into_iter().flat_map(employers))
            .map(company_key);
        Self {
            person: url(message)
                .into_iter()
                .chain(name)
                .map(person_key)
                .filter(|k| !k.is_empty())
                .collect(),
            companies: companies.filter(|k| !k.is_empty()).collect(),
        }
    }

    pub(super) fn person(&self) -> impl Iterator<Item = &str> {
        self.person.iter().map(String::as_str)
    }

    pub(super) fn companies(&self) -> impl Iterator<Item = &str> {
        self.companies.iter().map(String::as_str)
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.person.iter().any(|k| k == key)
    }
}

/// The address of the sender's profile, if the caller gave it.
pub(super) fn url<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    match message.facts.get(SENDER_URL) {
        Some(FactValue::Text(url)) if !url.trim().is_empty() => Some(url.trim()),
        _ => None,
    }
}

/// A name without regard to case and spacing.
pub(super) fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The same for companies.
pub(super) fn company_key(name: &str) -> String {
    name_key(name)
}

/// The member's own part of the address of a profile, else the name. Country hosts, language suffixes and what comes after
/// a question mark are not part of it.
pub(super) fn person_key(who: &str) -> String {
    let lower = who.trim().to_lowercase();
    let Some((_, rest)) = lower.split_once("linkedin.com/in/") else {
        return name_key(who);
    };
    let member = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    format!("linkedin.com/in/{member}")
}

/// The companies of a headline: what follows "at" or "@", up to the next sign that ends it.
fn employers(headline: &str) -> impl Iterator<Item = &str> {
    let parts = headline.split(['|', '•', '·', ';', ',', '/', '(', ')']);
    parts.filter_map(|part| {
        let after = part
            .char_indices()
            .filter_map(|(i, c)| {
                let before = part[..i].chars().next_back().is_none_or(char::is_whitespace);
                match c {
                    '@' if before => Some(i + 1),
                    _ if before && part[i..].get(..3).is_some_and(|w| w.eq_ignore_ascii_case("at ")) => Some(i + 3),
                    _ => None,
                }
            })
            .next_back()?;
        let name = &part[after..];
        let end = [" - ", " – ", " — "].iter().filter_map(|sign| name.find(sign)).min();
        Some(name[..end.unwrap_or(name.len())].trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_by_the_members_part() {
        let key = "linkedin.com/in/ana-ruiz";
        for url in [
            "https://www.linkedin.com/in/ana-ruiz",
            "http://es.linkedin.com/in/Ana-Ruiz/",
            "linkedin.com/in/ana-ruiz?trk=x",
            " https://www.linkedin.com/in/ana-ruiz/en ",
        ] {
            assert_eq!(person_key(url), key, "{url}");
        }
        assert_eq!(person_key("  Ana   RUIZ "), "ana ruiz");
    }

    #[test]
    fn companies_are_read_from_headlines() {
        let all = |headline: &str| employers(headline).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            all("Nurse at St Clare | Mentor @Care Circle"),
            ["St Clare", "Care Circle"]
        );
        assert_eq!(all("Data lead at Calder Rail – grids"), ["Calder Rail"]);
        assert!(all("Creative attorney; chat with me").is_empty());
        assert_eq!(all("Chef at heart at Merel"), ["Merel"]);
        assert!(all("Ünal at").is_empty());
    }
}
