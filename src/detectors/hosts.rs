//! Hosts whose links say what a message wants.
//!
//! Scheduling hosts and personalised-image hosts are those that outreach tools link to; LinkedIn's own shortener
//! `lnkd.in` is neutral, since LinkedIn rewrites every long link to it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkKind {
    Scheduling,
    PersonalisedMedia,
    Shortener,
    ChatMoveOff,
}

const SCHEDULING: &[&str] = &[
    "calendly.com",
    "cal.com",
    "chilipiper.com",
    "meetings.hubspot.com",
    "savvycal.com",
    "tidycal.com",
    "zcal.co",
    "oncehub.com",
    "scheduleonce.com",
    "youcanbook.me",
    "acuityscheduling.com",
    "as.me",
    "koalendar.com",
    "appointlet.com",
    "calendar.app.google",
    "doodle.com/bp",
    "vyte.in",
    "usemotion.com",
    "lemcal.com",
    "cal.read.ai",
    "revenuehero.io",
    "setmore.com",
    "simplybook.me",
    "picktime.com",
    "book.ms",
    "reclaim.ai",
    "outlook.office365.com/owa/calendar",
    "outlook.office.com/bookwithme",
    "calendar.google.com/calendar/appointments",
    "topmate.io",
    "harmonizely.com",
    "meetergo.com",
    "bookings.cloud.microsoft",
];

const MEDIA: &[&str] = &[
    "hyperise.io",
    "hyperise.com",
    "sendspark.com",
    "vidyard.com",
    "loom.com",
    "repliq.co",
    "bonjoro.com",
    "tavus.io",
    "videoask.com",
    "nexweave.com",
    "hippovideo.io",
    "sendpotion.com",
];

const SHORTENERS: &[&str] = &[
    "bit.ly",
    "t.ly",
    "tinyurl.com",
    "rb.gy",
    "rebrand.ly",
    "cutt.ly",
    "ow.ly",
    "buff.ly",
    "shorturl.at",
    "is.gd",
    "goo.gl",
    "tiny.cc",
    "dub.sh",
    "short.gy",
    "hubs.ly",
    "hubs.la",
];

const CHATS: &[&str] = &[
    "wa.me",
    "api.whatsapp.com",
    "chat.whatsapp.com",
    "t.me",
    "telegram.me",
    "line.me",
    "signal.me",
];

/// Query keys of campaign tracking. `trk` and `lipi` come from LinkedIn pages and are neutral.
const TRACKING: &[&str] = &[
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "hsa_",
    "hs_",
    "_hsenc",
    "_hsmi",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "li_fat_id",
    "aff",
    "affid",
];

/// Query keys that carry something about the recipient.
const PERSONAL: &[&str] = &[
    "first_name",
    "firstname",
    "fname",
    "recipient",
    "prospect",
    "lead_id",
    "contact_id",
    "email",
];

/// The url without scheme and `www.`.
fn bare(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.get(..4)
        .filter(|w| w.eq_ignore_ascii_case("www."))
        .map_or(url, |_| &url[4..])
}

/// All hosts, in the order in which they are asked.
fn hosts() -> impl Iterator<Item = (LinkKind, &'static str)> {
    let of = |kind, hosts: &'static [&'static str]| hosts.iter().map(move |host| (kind, *host));
    of(LinkKind::Scheduling, SCHEDULING)
        .chain(of(LinkKind::PersonalisedMedia, MEDIA))
        .chain(of(LinkKind::Shortener, SHORTENERS))
        .chain(of(LinkKind::ChatMoveOff, CHATS))
}

/// The host's name, and the start of a path if it carries one.
fn name_and_path(host: &str) -> (&str, Option<&str>) {
    host.split_once('/')
        .map_or((host, None), |(name, path)| (name, Some(path)))
}

/// The names of all hosts in one automaton: a text may be nothing but links. A hundred short names always compile; a DFA
/// of them would take three times as long, which the first link has to wait for.
static NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let names = hosts().map(|(_, host)| name_and_path(host).0);
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .ascii_case_insensitive(true)
        .build(names)
        .ok()
});

/// What the link `url` is for, if that can be told from its host, which may be a subdomain.
pub(super) fn kind(url: &str) -> Option<LinkKind> {
    if bare(url).starts_with("meetings-") && url.contains(".hubspot.com") {
        return Some(LinkKind::Scheduling);
    }
    let url = bare(url);
    let end = url.find(['/', '?', '#', ':']).unwrap_or(url.len());
    let there = &url[..end];
    let names = NAMES.as_ref()?.find_overlapping_iter(there);
    let whole = names.filter(|m| {
        let apart = m.start().checked_sub(1).is_none_or(|dot| there.as_bytes()[dot] == b'.');
        m.end() == there.len() && apart
    });
    let known = whole.filter_map(|m| hosts().nth(m.pattern().as_usize()).map(|host| (m.pattern(), host)));
    known
        .filter(|(_, (_, host))| {
            name_and_path(host)
                .1
                .is_none_or(|path| url.get(end + 1..).is_some_and(|rest| rest.starts_with(path)))
        })
        .min_by_key(|(place, _)| *place)
        .map(|(_, (kind, _))| kind)
}

fn has_query_key(url: &str, keys: &[&str]) -> bool {
    let Some((_, query)) = url.split_once('?') else {
        return false;
    };
    query
        .split(['&', ';'])
        .filter_map(|pair| pair.split('=').next())
        .any(|key| {
            keys.iter().any(|known| {
                if known.ends_with('_') {
                    key.get(..known.len()).is_some_and(|k| k.eq_ignore_ascii_case(known))
                } else {
                    key.eq_ignore_ascii_case(known)
                }
            })
        })
}

/// Whether the link is tagged for a campaign.
pub(super) fn is_tracked(url: &str) -> bool {
    has_query_key(url, TRACKING)
}

/// Whether the link carries something about the recipient.
pub(super) fn is_personal(url: &str) -> bool {
    has_query_key(url, PERSONAL)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether `url` is on `host`, which may be a subdomain, and may carry the start of a path.
    fn is_on(url: &str, host: &str) -> bool {
        let url = bare(url);
        let (name, path) = host.split_once('/').map_or((host, None), |(n, p)| (n, Some(p)));
        let end = url.find(['/', '?', '#', ':']).unwrap_or(url.len());
        let there = &url[..end];
        let same = there.len() >= name.len()
            && there.is_char_boundary(there.len() - name.len())
            && there[there.len() - name.len()..].eq_ignore_ascii_case(name)
            && (there.len() == name.len() || there.as_bytes()[there.len() - name.len() - 1] == b'.');
        same && path.is_none_or(|p| url.get(end + 1..).is_some_and(|rest| rest.starts_with(p)))
    }

    proptest! {
        #[test]
        fn one_automaton_finds_what_asking_every_host_finds(
            pieces in prop::collection::vec(prop_oneof![
                4 => prop::sample::select(hosts().map(|(_, host)| host).collect::<Vec<_>>()),
                3 => prop::sample::select(&["https://", "www.", ".", "/", "?", ":", "team.", "WA.ME", "not", "bp", "é", "meetings-eu1.hubspot.com"][..]),
            ], 0..5),
        ) {
            let url = pieces.concat();
            let meetings = bare(&url).starts_with("meetings-") && url.contains(".hubspot.com");
            let asked = hosts().find(|(_, host)| is_on(&url, host)).map(|(kind, _)| kind);
            prop_assert_eq!(kind(&url), if meetings { Some(LinkKind::Scheduling) } else { asked }, "{}", url);
        }
    }

    #[test]
    fn hosts_and_their_subdomains() {
        for (url, expected) in [
            ("https://calendly.com/ines/15min", Some(LinkKind::Scheduling)),
            ("http://team.as.me/x", Some(LinkKind::Scheduling)),
            ("https://meetings-eu1.hubspot.com/tom", Some(LinkKind::Scheduling)),
            ("https://outlook.office.com/bookwithme/user", Some(LinkKind::Scheduling)),
            ("https://outlook.office.com/mail", None),
            ("www.loom.com/share/1", Some(LinkKind::PersonalisedMedia)),
            ("bit.ly/2", Some(LinkKind::Shortener)),
            ("https://lnkd.in/abc", None),
            ("https://wa.me/4930", Some(LinkKind::ChatMoveOff)),
            ("https://notcalendly.com/x", None),
            ("https://pandas.me/x", None),
        ] {
            assert_eq!(kind(url), expected, "{url}");
        }
        assert!(is_tracked("https://x.org/a?b=1&utm_source=li"));
        assert!(is_tracked("https://x.org/a?hsa_acc=1"));
        assert!(!is_tracked("https://x.org/a?trk=feed&lipi=1"));
        assert!(is_personal("https://img.x.org/i.png?first_name=Ana"));
    }
}
