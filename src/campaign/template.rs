//! What copies have in common, and where they differ: the template with its slots.

use std::fmt;

use crate::text::{Prepared, Reading, TokenFlags, TokenKind};

/// Copies that are compared; of more, the first ones.
const COMPARED: usize = 40;

/// Tokens of a text that are compared.
const TOKENS: usize = 400;

/// What stands in at least this share of the copies (thousandths) belongs to the template.
const KEPT: usize = 700;

/// Words before a slot that make a capitalised filling a company.
const BEFORE_COMPANY: &[&str] = &[
    "at", "for", "with", "of", "as", "from", "join", "and", "like", "bei", "von", "für", "chez", "de", "pour", "en",
    "con", "da", "em", "presso", "bij", "van", "voor",
];

/// What fills a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Slot {
    /// A person's name.
    Name,
    /// A company, or another name after "at", "for" and the like.
    Company,
    /// A number, a sum, a time.
    Number,
    /// A link or an address.
    Link,
    /// Other words.
    Words,
}

impl Slot {
    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Company => "company",
            Self::Number => "number",
            Self::Link => "link",
            Self::Words => "…",
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Words => "some words",
            other => other.name(),
        })
    }
}

/// The text that copies share, with what differs marked as slots.
///
/// ```
/// use huckster::campaign::Template;
/// let template = Template::of(&[
///     "Hi Ana, we fill night shifts at Northgate. Worth a look?",
///     "Hi Tom, we fill night shifts at Calder Rail. Worth a look?",
///     "Hi Wen, we fill night shifts at Tessel. Worth a look?",
/// ]).unwrap();
/// assert_eq!(template.text(), "Hi {name}, we fill night shifts at {company}. Worth a look?");
/// assert_eq!(template.difference(), "only name and company differ");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    slots: Vec<Slot>,
}

impl Template {
    /// The template of at least two copies. The signs between words are those of one of the copies.
    ///
    /// Up to forty copies are compared, in up to 400 words each.
    pub fn of(copies: &[&str]) -> Option<Self> {
        if copies.len() < 2 {
            return None;
        }
        let read: Vec<(&str, Prepared)> = copies
            .iter()
            .take(COMPARED)
            .map(|text| {
                let mut prepared = Prepared::default();
                let letter = Reading {
                    letter: true,
                    ..Reading::default()
                };
                prepared.read(text, letter);
                (*text, prepared)
            })
            .collect();
        // The copy that shares most with the others shows the template best; of equals, the first.
        let shared = |i: usize| -> usize {
            let first = words(&read[i].1);
            (0..read.len().min(8))
                .map(|j| matches(&first, &words(&read[j].1)).iter().flatten().count())
                .sum()
        };
        let best = (0..read.len().min(8)).max_by_key(|i| (shared(*i), std::cmp::Reverse(*i)))?;
        let (text, shown) = &read[best];
        let own = words(shown);
        let mut kept = vec![0usize; own.len()];
        // What the other copies have where this one has something of its own.
        let mut capitals = vec![(0usize, 0usize); own.len()];
        for (_, other) in &read {
            let theirs = words(other);
            let found = matches(&own, &theirs);
            let mut next = 0;
            for (i, at) in found.iter().enumerate() {
                match at {
                    Some(at) => {
                        kept[i] += 1;
                        next = at + 1;
                    }
                    None => {
                        if let Some(token) = other.tokens().get(theirs.get(next).map_or(usize::MAX, |w| w.0)) {
                            capitals[i].1 += 1;
                            capitals[i].0 += usize::from(token.flags.has(TokenFlags::CAPITALIZED));
                        }
                    }
                }
            }
        }
        let fixed = |i: usize| kept[i] * 1000 >= KEPT * read.len();
        let mut out = String::new();
        let mut slots = Vec::new();
        let mut copied = 0;
        let mut i = 0;
        while i < own.len() {
            let token = shown.tokens()[own[i].0];
            let kind = filled(token.kind);
            if kind.is_none() && fixed(i) {
                i += 1;
                continue;
            }
            let from = i;
            i += 1;
            // A class of its own is a slot of its own; what differs otherwise is one slot as far as it goes.
            if kind.is_none() {
                while i < own.len()
                    && !fixed(i)
                    && filled(shown.tokens()[own[i].0].kind).is_none()
                    && adjoins(text, shown, &own, i)
                {
                    i += 1;
                }
            }
            let slot = kind.unwrap_or_else(|| {
                let capital = token.flags.has(TokenFlags::CAPITALIZED) && {
                    let (with, all) = capitals[from];
                    with * 10 >= all * 7
                };
                let inside = from > 0 && own[from].0 == own[from - 1].0 + 1;
                match capital && (inside || i - from <= 2) {
                    false => Slot::Words,
                    true if from > 0 && BEFORE_COMPANY.contains(&shown.word(own[from - 1].0)) => Slot::Company,
                    true => Slot::Name,
                }
            });
            let (start, end) = (
                token.span.start as usize,
                shown.tokens()[own[i - 1].0].span.end as usize,
            );
            out.push_str(text.get(copied..start).unwrap_or(""));
            out.push('{');
            out.push_str(slot.name());
            out.push('}');
            copied = end;
            slots.push(slot);
        }
        let end = own.last().map_or(text.len(), |w| shown.tokens()[w.0].span.end as usize);
        let rest = text.len() - end;
        out.push_str(
            text.get(copied..)
                .filter(|_| rest < 16 || own.len() < TOKENS)
                .unwrap_or(" …"),
        );
        Some(Self { text: out, slots })
    }

    /// The text, with slots such as `{name}`, `{company}`, `{number}`, `{link}` and `{…}`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The slots in the order of the text.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Where the copies differ, in words: "only name and company differ".
    pub fn difference(&self) -> String {
        let mut kinds = self.slots.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let names: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        match names.as_slice() {
            [] => "nothing differs".to_owned(),
            [one] if *one == Slot::Words.to_string() => "some words differ".to_owned(),
            [one] => format!("only the {one} differs"),
            [most @ .., last] => {
                let only = if kinds.contains(&Slot::Words) { "" } else { "only " };
                format!("{only}{} and {last} differ", most.join(", "))
            }
        }
    }
}

/// What a class of tokens stands for, if copies may differ in it.
fn filled(kind: TokenKind) -> Option<Slot> {
    match kind {
        TokenKind::Name => Some(Slot::Name),
        TokenKind::Company => Some(Slot::Company),
        TokenKind::Number
        | TokenKind::Money
        | TokenKind::Percent
        | TokenKind::Duration
        | TokenKind::Multiple
        | TokenKind::Phone => Some(Slot::Number),
        TokenKind::Url | TokenKind::Email => Some(Slot::Link),
        _ => None,
    }
}

/// The tokens that are no sentence ends: number, and word.
fn words(prepared: &Prepared) -> Vec<(usize, &str)> {
    let all = prepared.tokens().iter().enumerate();
    all.filter(|(_, t)| !t.kind.is_break())
        .map(|(i, _)| (i, prepared.word(i)))
        .take(TOKENS)
        .collect()
}

/// Whether only white space stands between a word and the one before.
fn adjoins(text: &str, prepared: &Prepared, own: &[(usize, &str)], i: usize) -> bool {
    let (before, here) = (prepared.tokens()[own[i - 1].0].span, prepared.tokens()[own[i].0].span);
    text.get(before.end as usize..here.start as usize)
        .is_some_and(|between| !between.contains(['.', '!', '?', '\n']))
}

/// The longest common subsequence: for each word of `a`, its partner in `b`.
fn matches(a: &[(usize, &str)], b: &[(usize, &str)]) -> Vec<Option<usize>> {
    let width = b.len() + 1;
    let mut longest = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i].1 == b[j].1 {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let mut found = vec![None; a.len()];
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i].1 == b[j].1 {
            found[i] = Some(j);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_named_by_what_fills_them() {
        let template = Template::of(&[
            "Hello Ana,\nSaw that Northgate is hiring 12 nurses. Our rota tool helps: https://a.example/x",
            "Hello Tom,\nSaw that Calder Rail is hiring 40 nurses. Our rota tool helps: https://b.example/y",
            "Hello Wen,\nSaw that Tessel is hiring 7 nurses. Our rota tool helps: https://c.example/z",
        ])
        .unwrap();
        assert_eq!(
            template.text(),
            "Hello {name},\nSaw that {name} is hiring {number} nurses. Our rota tool helps: {link}"
        );
        assert_eq!(template.difference(), "only name, number and link differ");
    }

    #[test]
    fn words_that_differ_are_one_slot_and_shared_ones_stay() {
        let template = Template::of(&[
            "we plan your night shifts quickly and without fuss",
            "we plan your night shifts rather slowly and without fuss",
            "we plan your night shifts in no time and without fuss",
        ])
        .unwrap();
        assert_eq!(template.text(), "we plan your night shifts {…} and without fuss");
        assert_eq!(template.difference(), "some words differ");
    }

    #[test]
    fn copies_without_a_difference_have_no_slots() {
        let template = Template::of(&["we plan night shifts"; 3]).unwrap();
        assert_eq!(
            (template.text(), template.difference().as_str()),
            ("we plan night shifts", "nothing differs")
        );
        assert_eq!(Template::of(&["alone"]), None);
        assert_eq!(Template::of(&[]), None);
    }

    #[test]
    fn any_texts_have_some_template() {
        let long = "word ".repeat(3000);
        for copies in [["", ""], ["a", ""], ["💥", "\u{200b}"], [&long, "word"], ["é à", "à é"]] {
            let template = Template::of(&copies).unwrap();
            assert!(template.text().len() < 20_000);
        }
    }
}
