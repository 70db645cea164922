//! Quoted passages: what somebody else wrote is no evidence against the one who complains about it.

use super::scan::any_byte;
use crate::span::Span;

/// The quoted passages of a text, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quotes {
    ranges: Vec<Span>,
}

/// At most so many passages of a text, and as many more for each further [`MAX_FIELD_BYTES`](super::MAX_FIELD_BYTES).
const MAX_PASSAGES: usize = 8;

/// A passage of fewer words is a name or a term.
const MIN_WORDS: usize = 4;

/// With fewer words around it, the passage is the message.
const MIN_WORDS_AROUND: usize = 5;

impl Quotes {
    /// Those of this text.
    #[cfg(test)]
    fn find(text: &str) -> Self {
        let mut found = Self::default();
        found.read(text);
        found
    }

    /// Forgets all passages.
    pub(crate) fn clear(&mut self) {
        self.ranges.clear();
    }

    /// Finds passages in quotation marks, and lines that begin with `>`, in place of those of another text.
    // A function of its own, so that `benches/peers` can count it; it is called once for a text.
    #[inline(never)]
    pub(crate) fn read(&mut self, text: &str) {
        self.clear();
        if !has_mark(text.as_bytes()) {
            return;
        }
        let room = MAX_PASSAGES * super::pages(text.len());
        let (mut inside, mut at) = (0, 0);
        // A mark that is never closed is looked for once.
        let mut unclosed = [false; 2];
        let marks = ['"', '“', '„', '«', '>'];
        while let Some((skipped, c)) = text[at..].char_indices().find(|(_, c)| marks.contains(c)) {
            at += skipped;
            let next = at + c.len_utf8();
            let before = text[..at].chars().next_back();
            let opens = before.is_none_or(|b| b.is_whitespace() || "([:—–-*".contains(b));
            let end = match c {
                '"' | '“' | '„' if opens && !unclosed[0] => {
                    text[next..].find(['"', '”', '“', '‟']).map(|n| next + n)
                }
                '«' if !unclosed[1] => text[next..].find('»').map(|n| next + n),
                '>' if before.is_none_or(|b| b == '\n') => {
                    Some(text[next..].find('\n').map_or(text.len(), |n| next + n))
                }
                _ => None,
            };
            let Some(end) = end else {
                unclosed[0] |= opens && matches!(c, '"' | '“' | '„');
                unclosed[1] |= c == '«';
                at = next;
                continue;
            };
            let words = text[next..end].split_whitespace().count();
            if words >= MIN_WORDS && self.ranges.len() < room {
                inside += words;
                self.ranges.push(Span::new(next as u32, end as u32));
            }
            at = (end + text[end..].chars().next().map_or(0, char::len_utf8)).max(next);
        }
        if text.split_whitespace().count() < inside + MIN_WORDS_AROUND {
            self.clear();
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether a place lies in a quoted passage.
    pub(crate) fn cover(&self, span: Span) -> bool {
        // Passages do not touch: only the first that ends behind the place can hold it.
        let at = self.ranges.partition_point(|q| q.end < span.end);
        self.ranges
            .get(at)
            .is_some_and(|q| q.start <= span.start && span.end <= q.end)
    }
}

/// Whether a passage may begin somewhere: at one of `"`, `>`, `«`, `“`, `„`. Nearly all texts have none, which their bytes
/// tell faster than their characters.
fn has_mark(bytes: &[u8]) -> bool {
    let may_begin = |b: u8| (b == b'"') | (b == b'>') | (b == 0xC2) | (b == 0xE2);
    if !any_byte(bytes, may_begin) {
        return false;
    }
    bytes.iter().enumerate().any(|(i, byte)| match byte {
        b'"' | b'>' => true,
        0xC2 => bytes.get(i + 1) == Some(&0xAB),
        0xE2 => matches!(bytes.get(i + 1..i + 3), Some([0x80, 0x9C | 0x9E])),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passages(text: &str) -> Vec<&str> {
        let quotes = Quotes::find(text);
        quotes.ranges.iter().filter_map(|q| q.text(text)).collect()
    }

    #[test]
    fn passages_of_others() {
        assert_eq!(
            passages(r#"He wrote "we help you grow fast" and I laughed at it."#),
            ["we help you grow fast"]
        );
        assert_eq!(
            passages("Ich bekam „wir helfen Ihnen beim Wachsen“ und musste lachen."),
            ["wir helfen Ihnen beim Wachsen"]
        );
        assert_eq!(
            passages("Look what I got today, again:\n> we help you grow fast\nUnreal."),
            [" we help you grow fast"]
        );
        assert_eq!(
            passages("Reçu : « nous aidons les équipes à vendre » encore une fois ce matin"),
            [" nous aidons les équipes à vendre "]
        );
    }

    #[test]
    fn bytes_tell_marks_from_other_signs() {
        for mark in ['"', '“', '„', '«', '>'] {
            assert!(has_mark(format!("ü ’ – {mark}").as_bytes()), "{mark}");
        }
        assert!(!has_mark("It’s – “".trim_end_matches('“').as_bytes()));
        assert!(!has_mark("ü » ” ‘ ’ … °".as_bytes()));
    }

    #[test]
    fn terms_and_whole_messages_are_no_quotes() {
        assert!(passages(r#"The "garbage in" problem and "hero" talk of the year"#).is_empty());
        assert!(passages(r#""Hi Ana, we help you grow fast. Worth a call?""#).is_empty());
        assert!(passages(r#"A 5" pipe and a 6" pipe of the same make would do nicely here"#).is_empty());
        assert!(passages(r#"An opening " that never ends in this short note of mine"#).is_empty());
    }
}
