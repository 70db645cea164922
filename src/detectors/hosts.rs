//! Hosts whose links say what a message wants.
//!
//! Scheduling hosts and personalised-image hosts are those that outreach tools link to; LinkedIn's own shortener
//! `lnkd.in` is neutral, since LinkedIn rewrites every long link to it.

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

/// What the link `url` is for, if that can be told from its host.
pub(super) fn kind(url: &str) -> Option<LinkKind> {
    let on_one_of = |hosts: &[&str]| hosts.iter().any(|host| is_on(url, host));
    if on_one_of(SCHEDULING) || bare(url).starts_with("meetings-") && url.contains(".hubspot.com") {
        Some(LinkKind::Scheduling)
    } else if on_one_of(MEDIA) {
        Some(LinkKind::PersonalisedMedia)
    } else if on_one_of(SHORTENERS) {
        Some(LinkKind::Shortener)
    } else if on_one_of(CHATS) {
        Some(LinkKind::ChatMoveOff)
    } else {
        None
    }
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
    use super::*;

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
