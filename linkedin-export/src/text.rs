//! Fields as text: bytes to characters, doubly encoded text mended, HTML and entities to plain text.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use html5gum::{Token, Tokenizer};

/// The text of a field. Bytes that are no UTF-8 are read as Windows-1252, which is what spreadsheets write.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    match mend(&text) {
        Some(mended) => Cow::Owned(mended),
        None => text,
    }
}

/// A field of one line, such as a name: decoded, entities replaced, white space at the ends and doubled taken away.
pub(crate) fn line(bytes: &[u8]) -> Cow<'_, str> {
    let text = decode(bytes);
    let plain =
        |t: &str| !t.contains(['&', '\n', '\r', '\t', '\u{a0}']) && !t.contains("  ") && t.trim().len() == t.len();
    if plain(&text) {
        return text;
    }
    let words = entities(&text);
    Cow::Owned(words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The body of a message: decoded, HTML turned into lines of text, entities replaced, line ends `\n`, trimmed.
pub(crate) fn body(bytes: &[u8]) -> Cow<'_, str> {
    match decode(bytes) {
        Cow::Borrowed(text) => plain(text),
        Cow::Owned(text) => Cow::Owned(plain(&text).into_owned()),
    }
}

fn plain(text: &str) -> Cow<'_, str> {
    let plain = if is_html(text) {
        Cow::Owned(html(text))
    } else {
        entities(text)
    };
    let plain = match plain {
        text if !text.contains('\r') => text,
        text => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
    };
    match plain {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Text that was UTF-8, read as Windows-1252 and written as UTF-8 again, mended; `None` if it was not.
///
/// Every run of letters outside ASCII must turn out to be doubly encoded and to give a likely character: one honest
/// `é` is a sign that the text is as it was written.
fn mend(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| !c.is_ascii()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(|c: char| c.is_ascii()).unwrap_or(rest.len());
        let (bytes, _, lossy) = WINDOWS_1252.encode(&rest[..end]);
        let once = std::str::from_utf8(&bytes).ok().filter(|_| !lossy)?;
        if !once.chars().all(is_likely) {
            return None;
        }
        out.push_str(once);
        rest = &rest[end..];
    }
    out.push_str(rest);
    Some(out)
}

/// Letters people write mails in, and signs. Left out are blocks that an honest capital with a quotation mark behind it
/// would fall into, such as the phonetic letters.
fn is_likely(c: char) -> bool {
    matches!(c,
        '\u{a0}'..='\u{17f}' | '\u{370}'..='\u{52f}' | '\u{590}'..='\u{6ff}' | '\u{900}'..='\u{d7f}'
        | '\u{e00}'..='\u{e7f}' | '\u{1e00}'..='\u{20cf}' | '\u{2100}'..='\u{2bff}' | '\u{3000}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{fe00}'..='\u{fe0f}' | '\u{ff00}'..='\u{ffef}' | '\u{1f000}'..='\u{1faff}')
}

/// The tags that say that a text is HTML and not one about `x < y`.
const TAGS: [&str; 26] = [
    "p",
    "br",
    "a",
    "div",
    "span",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "table",
    "tr",
    "td",
    "img",
    "blockquote",
    "font",
    "pre",
    "code",
];

fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let tag = text[at + 1..].strip_prefix('/').unwrap_or(&text[at + 1..]);
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        // A tag of one letter counts only without anything in it: "a <b and c" is no HTML; links have `href`.
        let goes_on = match &tag[end..] {
            after if after.starts_with('>') || after.starts_with("/>") => true,
            after if after.starts_with(char::is_whitespace) => {
                let inside = after.trim_start();
                let closes = after.contains('>');
                match end {
                    1 => inside.starts_with("href") || inside.starts_with("class") || inside.starts_with("style"),
                    _ => closes && (inside.contains('=') || inside.starts_with(['/', '>'])),
                }
            }
            _ => false,
        };
        goes_on && TAGS.iter().any(|known| tag[..end].eq_ignore_ascii_case(known))
    })
}

/// The text of HTML, with a line for each paragraph, and the address of each link behind its words.
fn html(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut link: Option<(String, usize)> = None;
    let mut hidden = false;
    for Ok(token) in Tokenizer::new(source) {
        match token {
            Token::String(text) if !hidden => out.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(tag) => match &*String::from_utf8_lossy(&tag.name) {
                "br" => out.push('\n'),
                "p" | "div" | "li" | "tr" | "h1" | "h2" | "h3" | "h4" | "blockquote" => end_line(&mut out),
                "style" | "script" => hidden = !tag.self_closing,
                "a" => {
                    let address = tag.attributes.get(b"href".as_slice());
                    let address = address.map(|a| String::from_utf8_lossy(a).trim().to_owned());
                    link = address.filter(|a| is_address(a)).map(|a| (a, out.len()));
                }
                name if TAGS.contains(&name) || is_inline(name) => {}
                // No tag of a letter: somebody wrote `<name>`.
                name => {
                    out.push('<');
                    out.push_str(name);
                    out.push('>');
                }
            },
            Token::EndTag(tag) => match &*String::from_utf8_lossy(&tag.name) {
                "p" | "div" | "li" | "tr" | "h1" | "h2" | "h3" | "h4" | "blockquote" => end_line(&mut out),
                "style" | "script" => hidden = false,
                "a" => {
                    if let Some((address, from)) = link.take()
                        && out.get(from..).is_none_or(|words| !words.contains(&address))
                    {
                        out.push_str(" (");
                        out.push_str(&address);
                        out.push(')');
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    out
}

fn is_address(text: &str) -> bool {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme));
    begins("http://") || begins("https://") || begins("mailto:")
}

fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "html"
            | "head"
            | "body"
            | "title"
            | "meta"
            | "link"
            | "thead"
            | "tbody"
            | "th"
            | "small"
            | "sub"
            | "sup"
            | "hr"
            | "h5"
            | "h6"
            | "section"
            | "article"
            | "center"
            | "label"
            | "button"
            | "form"
            | "input"
            | "svg"
    )
}

fn end_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// The longest entity there is has 33 signs.
const LONGEST_ENTITY: usize = 33;

/// Replaces entities such as `&amp;` and `&#39;`. Only those that end in a semicolon: `?a=1&copy=2` is an address.
fn entities(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices('&') {
        if at < done {
            continue;
        }
        let rest = &text[at..];
        let end = rest.bytes().take(LONGEST_ENTITY).position(|b| b == b';');
        let Some(entity) = end.and_then(|end| rest.get(..=end)) else {
            continue;
        };
        let named = |b: u8| b.is_ascii_alphanumeric() || b == b'#';
        if entity.len() < 3 || !entity[1..entity.len() - 1].bytes().all(named) {
            continue;
        }
        let mut decoded = String::new();
        for Ok(token) in Tokenizer::new(entity) {
            if let Token::String(text) = token {
                decoded.push_str(&String::from_utf8_lossy(&text));
            }
        }
        out.push_str(&text[done..at]);
        out.push_str(&decoded);
        done = at + entity.len();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The text in lower case with single blanks, to see whether two texts say the same.
pub(crate) fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        body(text.as_bytes()).into_owned()
    }

    #[test]
    fn html_becomes_lines() {
        let spin =
            "<p class=\"spinmail-quill-editor__spin-break\">Hi Marta,</p><p class=\"x\">two &amp; three<br>four</p>";
        assert_eq!(of(spin), "Hi Marta,\ntwo & three\nfour");
        assert_eq!(
            of("See <a href=\"https://example.org/a?b=1&amp;c=2\">the guide</a>."),
            "See the guide (https://example.org/a?b=1&c=2)."
        );
        assert_eq!(
            of("<a href=\"https://example.org\">https://example.org</a>"),
            "https://example.org"
        );
        // The script is no text, and a link that runs a script is none.
        assert_eq!(
            of("<p>a</p><script>alert(1)</script><a href=\"javascript:alert(1)\">b</a>"),
            "a\nb"
        );
        // Cut off in the middle of a tag.
        assert_eq!(of("<p>One</p><p>Two</p><a hre"), "One\nTwo");
        assert_eq!(of("<P>Upper</P>\r\n<p>case</p>"), "Upper\n\ncase");
    }

    #[test]
    fn what_only_looks_like_html_stays() {
        for text in [
            "if x < y and y > z",
            "I <3 this",
            "a <b and c> d",
            "<name> please fill in",
            "Vec<u8> or Vec<T>",
            "I <p someone else's post, a=b",
        ] {
            assert_eq!(of(text), text);
        }
        assert_eq!(of("<p>Dear <name>,</p>"), "Dear <name>,");
    }

    #[test]
    fn entities_of_plain_text() {
        assert_eq!(
            of("Tea &amp; toast &#39;now&#x27;&nbsp;ok"),
            "Tea & toast 'now'\u{a0}ok"
        );
        for same in ["?a=1&copy=2", "AT&T", "R&D;", "& ; &", "&;", "&bogus;", "&é;"] {
            assert_eq!(of(same), same);
        }
        assert_eq!(line(b" Jane&nbsp; Doe,  Ph.D. "), "Jane Doe, Ph.D.");
    }

    #[test]
    fn mojibake_is_mended_and_honest_text_is_not() {
        assert_eq!(of("CafÃ© dâ€™AngoulÃªme ðŸ™‚"), "Café d’Angoulême 🙂");
        assert_eq!(of("Ð¿Ñ€Ð¸Ð²ÐµÑ‚"), "привет");
        for honest in [
            "Café",
            "LIBERTÉ\u{a0}!",
            "TSCHÜ…",
            "“smart”",
            "Größe ×2",
            "naïve 🙂",
            "Ã",
            "日本",
            "FORÊT “Ê”",
        ] {
            assert_eq!(of(honest), honest);
        }
        // A name in Windows-1252.
        assert_eq!(line(b"Ren\xe9 M\xfcller"), "René Müller");
    }
}
