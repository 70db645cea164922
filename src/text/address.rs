//! Urls, host names and e-mail addresses at the start of a text.

/// Top-level domains that are no English word, so that `word.tld` is an address even without a path.
const CLEAR: &[&str] = &[
    "com",
    "org",
    "net",
    "io",
    "ai",
    "app",
    "dev",
    "gov",
    "edu",
    "biz",
    "xyz",
    "ly",
    "gle",
    "eu",
    "uk",
    "de",
    "fr",
    "es",
    "nl",
    "pt",
    "br",
    "ch",
    "pl",
    "se",
    "dk",
    "fi",
    "cz",
    "ca",
    "au",
    "nz",
    "ie",
    "jp",
    "cn",
    "kr",
    "ru",
    "tv",
    "cc",
    "gg",
    "sh",
    "fm",
    "info",
    "tech",
    "cloud",
    "online",
    "agency",
    "digital",
    "consulting",
    "solutions",
    "services",
    "studio",
    "co",
    "vc",
    "space",
    "website",
    "academy",
    "coach",
    "software",
    "systems",
    "finance",
    "capital",
    "ventures",
];

/// Top-level domains that are words too: they count with a path after them.
const DOUBTFUL: &[&str] = &[
    "me", "so", "to", "in", "it", "is", "at", "be", "us", "no", "link", "page", "site", "google", "team", "world",
    "life", "live", "health", "video",
];

/// Length in bytes of the url or host name that `text` begins with.
pub(super) fn url(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://", "ftp://", "www."]
        .iter()
        .find(|s| starts_with(text, s))?
        .len();
    let end = url_end(text, scheme);
    (end > scheme).then_some(end)
}

/// Length of the bare host name, with its path if it has one, that `text` begins with.
pub(super) fn host(text: &str) -> Option<usize> {
    let end = host_end(text)?;
    let tld = text[..end].rsplit('.').next()?;
    let path = text[end..].starts_with('/') && text[end + 1..].starts_with(|c: char| c.is_alphanumeric());
    let known = |list: &[&str]| list.iter().any(|t| tld.eq_ignore_ascii_case(t));
    if !(known(CLEAR) || path && known(DOUBTFUL)) || text[..end].eq_ignore_ascii_case("asp.net") {
        return None;
    }
    Some(if text[end..].starts_with(['/', '?', '#']) {
        url_end(text, end)
    } else {
        end
    })
}

/// Length of the e-mail address that `text` begins with.
pub(super) fn email(text: &str) -> Option<usize> {
    let local = text
        .bytes()
        .take(65)
        .position(|b| !(b.is_ascii_alphanumeric() || b"._%+-".contains(&b)))
        .filter(|&n| n > 0 && text.as_bytes()[n] == b'@')?;
    host_end(&text[local + 1..]).map(|n| local + 1 + n)
}

/// End of `label(.label)+` with an alphabetic last label, at most 253 bytes (RFC 1035).
fn host_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = 0;
    let mut label = 0;
    let mut last = None;
    while end < bytes.len().min(254) {
        match bytes[end] {
            b if b.is_ascii_alphanumeric() => {}
            b'-' if end > label => {}
            b'.' if end > label => {
                label = end + 1;
                end += 1;
                continue;
            }
            _ => break,
        }
        end += 1;
        if label > 0 {
            last = Some((label, end));
        }
    }
    let (start, end) = last?;
    let boundary = text[end..]
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let tld = &bytes[start..end];
    (boundary && tld.len() >= 2 && tld.iter().all(u8::is_ascii_alphabetic)).then_some(end)
}

/// Where an url ends that has been read up to `from`: at white space or a closing sign, without trailing punctuation.
fn url_end(text: &str, from: usize) -> usize {
    let stop = text[from..]
        .find(|c: char| c.is_whitespace() || c.is_control() || "<>\"()[]{}|\\^“”".contains(c))
        .map_or(text.len(), |n| from + n);
    text[..stop]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '’'])
        .len()
        .max(from)
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}
