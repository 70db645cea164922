//! The syntax of phrases.
//!
//! | written | means |
//! | --- | --- |
//! | `quick call` | these words, in this order, within one sentence |
//! | `(quick\|short)` | one of the choices |
//! | `[intro]` | may be missing |
//! | `{duration}` | a token of this class: `url email phone number money percent duration multiple emoji placeholder mention hashtag name company` |
//! | `{audience}` | an entry of the word list `audience` |
//! | `...` `...7` | a gap of up to four, or up to seven, words; never over a sentence end |
//! | `^` | the start of the message, or right after the salutation; `^ ...3 thanks` is within its first words |
//! | `$` | the end of the message, or right before the sign-off |
//! | `{stop}` | a sentence end, or an edge of the message |
//! | `{?}` | a sentence end written with a question mark |
//!
//! Words pass through the same preparation as messages: "15-minute" meets `{duration}`, "don't" meets "do not". Choices
//! and optional words multiply out, to at most [`MAX_EXPANSIONS`] per phrase; word lists do not count.
//!
//! ```
//! use huckster::phrase;
//! assert!(phrase::check("(quick|short) [intro] call", &Default::default()).is_ok());
//! let error = phrase::check("(quick call", &Default::default()).unwrap_err();
//! assert_eq!(error.to_string(), "the bracket at character 1 is never closed");
//! ```

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::text::{Prepared, Reading, TokenKind};

/// The most alternatives that one phrase may expand to.
pub const MAX_EXPANSIONS: usize = 256;

/// The widest gap, in words.
pub const MAX_GAP: u8 = 12;

/// Named word lists that phrases may refer to; an entry may have several words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordLists {
    pub(crate) lists: BTreeMap<String, Vec<String>>,
}

impl WordLists {
    /// No lists.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list or replaces it.
    #[must_use]
    pub fn with(mut self, id: &str, words: &[&str]) -> Self {
        self.lists
            .insert(id.to_owned(), words.iter().map(|w| (*w).to_owned()).collect());
        self
    }

    /// Whether there is a list called `id`.
    pub fn contains(&self, id: &str) -> bool {
        self.lists.contains_key(id)
    }

    /// The names of the lists, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(String::as_str)
    }
}

/// What is wrong with a phrase.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhraseError {
    /// Nothing is left of it once canonicalised.
    #[error("nothing is left to look for")]
    Empty,
    /// A bracket has no partner.
    #[error("the bracket at character {at} is never closed")]
    Unclosed {
        /// Its position, counted from 1.
        at: usize,
    },
    /// A closing bracket has no partner.
    #[error("the closing bracket at character {at} was never opened")]
    Unopened {
        /// Its position, counted from 1.
        at: usize,
    },
    /// Choices multiply out to too many alternatives.
    #[error("expands to more than {MAX_EXPANSIONS} alternatives; put the choices into a word list")]
    TooManyExpansions,
    /// There is no such class or list.
    #[error("there is no class or word list `{{{name}}}`{}", nearest.as_ref().map(|n| format!("; did you mean `{{{n}}}`?")).unwrap_or_default())]
    UnknownClass {
        /// The name in braces.
        name: String,
        /// The closest known name.
        nearest: Option<String>,
    },
    /// A gap stands at an end.
    #[error("a gap must stand between words, or between an anchor and a word")]
    GapAtEdge,
    /// A gap is wider than [`MAX_GAP`].
    #[error("a gap may be at most {MAX_GAP} words wide")]
    GapTooWide,
    /// `^` or `$` stands in the middle.
    #[error("`^` must be the first thing in a phrase and `$` the last")]
    AnchorInside,
    /// A word list is empty.
    #[error("the word list `{name}` is empty")]
    EmptyList {
        /// The name of the list.
        name: String,
    },
}

/// One element of an expanded phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// A canonical word or class, without blanks.
    Token(Vec<u8>),
    /// A sentence end of either kind.
    AnyStop,
    /// An entry of a list.
    List(String),
    /// One of these plain texts: choices that were not multiplied out.
    Choice(Rc<[String]>),
    /// Up to so many words.
    Gap(u8),
    /// `^`
    Start,
    /// `$`
    End,
}

/// Says whether `text` is a good phrase.
///
/// # Errors
///
/// The first thing that is wrong with it.
pub fn check(text: &str, lists: &WordLists) -> Result<(), PhraseError> {
    parse(text, lists).map(|_| ())
}

/// Up to so many alternatives choices are multiplied out: long literals are rare, and rare is fast to find.
const FEW: usize = 4;

/// All alternatives of a phrase.
pub(crate) fn parse(text: &str, lists: &WordLists) -> Result<Vec<Vec<Element>>, PhraseError> {
    let symbols = symbols(text)?;
    match expand(&symbols, lists, FEW) {
        Err(PhraseError::TooManyExpansions) => expand(&symbols, lists, MAX_EXPANSIONS),
        outcome => outcome,
    }
}

/// Multiplies out to at most `limit` alternatives; beyond [`FEW`], choices between plain words stay one element.
fn expand(symbols: &[(Symbol<'_>, usize)], lists: &WordLists, limit: usize) -> Result<Vec<Vec<Element>>, PhraseError> {
    let mut parser = Parser {
        symbols,
        at: 0,
        lists,
        limit,
    };
    let alternatives = parser.alternatives(0)?;
    if let Some(&(Symbol::Close(_), at)) = parser.symbols.get(parser.at) {
        return Err(PhraseError::Unopened { at });
    }
    alternatives.into_iter().map(canonical).collect()
}

/// Folds those choices into one that are plain texts and mean the same wherever they stand.
fn fold_choices(alternatives: Vec<Vec<Piece<'_>>>) -> Vec<Vec<Piece<'_>>> {
    let plain_text = |pieces: &[Piece<'_>]| -> Option<String> {
        let words: Option<Vec<&str>> = pieces
            .iter()
            .map(|p| if let Piece::Words(w) = p { Some(*w) } else { None })
            .collect();
        words
            .filter(|w| !w.is_empty())
            .map(|w| w.join(" "))
            .filter(|text| !joins_neighbours(text))
    };
    let mut texts = Vec::new();
    let mut rest = Vec::new();
    let mut last_plain = None;
    for pieces in alternatives {
        match plain_text(&pieces) {
            Some(text) => {
                texts.push(text);
                last_plain = Some(pieces);
            }
            None => rest.push(pieces),
        }
    }
    if texts.len() > 1 {
        rest.push(vec![Piece::Element(Element::Choice(texts.into()))]);
    } else {
        rest.extend(last_plain);
    }
    rest
}

/// Whether a text has words that become one token with a word beside them, such as "15" and "minutes".
fn joins_neighbours(text: &str) -> bool {
    let words = canonical_words(text);
    words.is_empty()
        || text.contains(|c: char| c.is_ascii_digit())
        || words
            .iter()
            .filter_map(|w| std::str::from_utf8(w).ok())
            .any(crate::text::is_part_of_figure)
}

/// The canonical words of a list entry or another plain text, as they stand in the stream between blanks.
pub(crate) fn canonical_words(text: &str) -> Vec<Vec<u8>> {
    plain_words(text).unwrap_or_else(|| read_words(text))
}

/// The same for words that reading cannot change: most of those in rule files.
fn plain_words(text: &str) -> Option<Vec<Vec<u8>>> {
    let is_plain = |word: &str| {
        word.bytes().all(|b| b.is_ascii_lowercase()) && word != "cannot" && !crate::text::is_part_of_figure(word)
    };
    let words = text.split(' ').filter(|word| !word.is_empty());
    words
        .map(|word| is_plain(word).then(|| word.as_bytes().to_vec()))
        .collect()
}

fn read_words(text: &str) -> Vec<Vec<u8>> {
    thread_local! {
        // Building a scorer canonicalises some ten thousand short texts.
        static PREPARED: std::cell::RefCell<Prepared> = std::cell::RefCell::default();
    }
    PREPARED.with_borrow_mut(|prepared| {
        prepared.read(text, Reading::default());
        let inner = 1..prepared.tokens().len().saturating_sub(1);
        inner.map(|i| prepared.word(i).as_bytes().to_vec()).collect()
    })
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Symbol<'t> {
    Open(char),
    Close(char),
    Bar,
    Class(&'t str),
    Gap(u8),
    Start,
    End,
    Words(&'t str),
}

/// Cuts a phrase into symbols, each with its position counted from 1.
fn symbols(text: &str) -> Result<Vec<(Symbol<'_>, usize)>, PhraseError> {
    let mut out: Vec<(Symbol<'_>, usize)> = Vec::new();
    let mut rest = text;
    // The position of `counted`, from 1.
    let (mut at, mut counted) = (1, text);
    while let Some(c) = rest.chars().next() {
        at += counted[..counted.len() - rest.len()].chars().count();
        counted = rest;
        let after = &rest[c.len_utf8()..];
        let symbol = match c {
            '(' | '[' => Symbol::Open(c),
            ')' | ']' => Symbol::Close(c),
            '|' => Symbol::Bar,
            '^' => Symbol::Start,
            // "$5k" is money.
            '$' if !after.starts_with(|c: char| c.is_ascii_digit()) => Symbol::End,
            '{' => {
                let end = after.find('}').ok_or(PhraseError::Unclosed { at })?;
                let name = after[..end].trim();
                rest = &after[end + 1..];
                out.push((Symbol::Class(name), at));
                continue;
            }
            '.' if rest.starts_with("...") => {
                let digits = rest[3..].bytes().take_while(u8::is_ascii_digit).count();
                let width = match &rest[3..3 + digits] {
                    "" => 4,
                    n => n
                        .parse()
                        .ok()
                        .filter(|n| *n <= MAX_GAP)
                        .ok_or(PhraseError::GapTooWide)?,
                };
                rest = &rest[3 + digits..];
                out.push((Symbol::Gap(width), at));
                continue;
            }
            c if c.is_whitespace() => {
                rest = after;
                continue;
            }
            _ => {
                let end = rest
                    .char_indices()
                    .find(|&(i, c)| {
                        c.is_whitespace() || "()[]{}|^".contains(c) || i > 0 && rest[i..].starts_with("...")
                    })
                    .map_or(rest.len(), |(i, _)| i);
                let end = end.max(c.len_utf8());
                out.push((Symbol::Words(&rest[..end]), at));
                rest = &rest[end..];
                continue;
            }
        };
        out.push((symbol, at));
        rest = after;
    }
    Ok(out)
}

/// A symbol as it stands in one alternative, before words are canonicalised together.
#[derive(Clone, Debug)]
enum Piece<'t> {
    Words(&'t str),
    Element(Element),
}

struct Parser<'l> {
    symbols: &'l [(Symbol<'l>, usize)],
    at: usize,
    lists: &'l WordLists,
    limit: usize,
}

impl<'l> Parser<'l> {
    /// Reads choices up to a closing bracket or the end.
    fn alternatives(&mut self, depth: usize) -> Result<Vec<Vec<Piece<'l>>>, PhraseError> {
        // Deep nesting multiplies nothing, but recursion must end.
        if depth > 16 {
            return Err(PhraseError::TooManyExpansions);
        }
        let mut done: Vec<Vec<Piece<'l>>> = Vec::new();
        let mut open: Vec<Vec<Piece<'l>>> = vec![Vec::new()];
        while let Some((symbol, at)) = self.symbols.get(self.at).copied() {
            let group = match symbol {
                Symbol::Close(_) => break,
                Symbol::Bar => {
                    self.at += 1;
                    done.append(&mut open);
                    open.push(Vec::new());
                    continue;
                }
                Symbol::Open(bracket) => {
                    self.at += 1;
                    let mut inner = self.alternatives(depth + 1)?;
                    let close = if bracket == '(' { ')' } else { ']' };
                    match self.symbols.get(self.at) {
                        Some((Symbol::Close(c), _)) if *c == close => self.at += 1,
                        _ => return Err(PhraseError::Unclosed { at }),
                    }
                    if self.limit > FEW {
                        inner = fold_choices(inner);
                    }
                    if bracket == '[' {
                        inner.push(Vec::new());
                    }
                    inner
                }
                Symbol::Words(words) => {
                    self.at += 1;
                    vec![vec![Piece::Words(words)]]
                }
                Symbol::Class(name) => {
                    self.at += 1;
                    vec![vec![Piece::Element(self.class(name)?)]]
                }
                Symbol::Gap(width) => {
                    self.at += 1;
                    vec![vec![Piece::Element(Element::Gap(width))]]
                }
                Symbol::Start => {
                    self.at += 1;
                    vec![vec![Piece::Element(Element::Start)]]
                }
                Symbol::End => {
                    self.at += 1;
                    vec![vec![Piece::Element(Element::End)]]
                }
            };
            if open.len().saturating_mul(group.len()) + done.len() > self.limit {
                return Err(PhraseError::TooManyExpansions);
            }
            open = if let [only] = group.as_slice() {
                open.iter_mut().for_each(|head| head.extend_from_slice(only));
                open
            } else {
                open.iter()
                    .flat_map(|head| group.iter().map(|tail| [head.as_slice(), tail].concat()))
                    .collect()
            };
        }
        done.append(&mut open);
        Ok(done)
    }

    fn class(&self, name: &str) -> Result<Element, PhraseError> {
        if let Some(words) = self.lists.lists.get(name) {
            if words.iter().all(|w| canonical_words(w).is_empty()) {
                return Err(PhraseError::EmptyList { name: name.to_owned() });
            }
            return Ok(Element::List(name.to_owned()));
        }
        match name {
            "stop" => Ok(Element::AnyStop),
            "?" => Ok(Element::Token(vec![TokenKind::Question as u8])),
            _ => match TokenKind::CLASSES.iter().find(|(class, _)| *class == name) {
                Some((_, kind)) => Ok(Element::Token(vec![*kind as u8])),
                None => {
                    let known = TokenKind::CLASSES
                        .iter()
                        .map(|(n, _)| *n)
                        .chain(["stop", "?"])
                        .chain(self.lists.names());
                    Err(PhraseError::UnknownClass {
                        name: name.to_owned(),
                        nearest: crate::nearest::nearest(name, known).map(str::to_owned),
                    })
                }
            },
        }
    }
}

/// Canonicalises each run of words as one text, so that "15 minutes" becomes a duration, and checks the form.
fn canonical(pieces: Vec<Piece<'_>>) -> Result<Vec<Element>, PhraseError> {
    let mut out: Vec<Element> = Vec::new();
    let mut words = String::new();
    let flush = |words: &mut String, out: &mut Vec<Element>| {
        out.extend(canonical_words(words).into_iter().map(Element::Token));
        words.clear();
    };
    for piece in pieces {
        match piece {
            Piece::Words(w) => {
                words.push(' ');
                words.push_str(w);
            }
            Piece::Element(element) => {
                flush(&mut words, &mut out);
                out.push(element);
            }
        }
    }
    flush(&mut words, &mut out);
    let anchors = usize::from(out.first() == Some(&Element::Start)) + usize::from(out.last() == Some(&Element::End));
    if out
        .iter()
        .filter(|e| matches!(e, Element::Start | Element::End))
        .count()
        != anchors
    {
        return Err(PhraseError::AnchorInside);
    }
    // Gaps that meet are one gap.
    let mut merged: Vec<Element> = Vec::with_capacity(out.len());
    for element in out {
        if let (Element::Gap(more), Some(Element::Gap(width))) = (&element, merged.last_mut()) {
            *width = width.saturating_add(*more);
            if *width > MAX_GAP {
                return Err(PhraseError::GapTooWide);
            }
        } else {
            merged.push(element);
        }
    }
    if merged
        .iter()
        .all(|e| matches!(e, Element::Start | Element::End | Element::Gap(_)))
    {
        return Err(PhraseError::Empty);
    }
    // Between an anchor and a word a gap says how far off the word may be.
    if matches!(merged.first(), Some(Element::Gap(_))) || matches!(merged.last(), Some(Element::Gap(_))) {
        return Err(PhraseError::GapAtEdge);
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(text: &str) -> Vec<String> {
        let lists = WordLists::new().with("who", &["founders", "business owners"]);
        let mut all: Vec<String> = parse(text, &lists)
            .unwrap()
            .iter()
            .map(|alternative| {
                let words: Vec<String> = alternative
                    .iter()
                    .map(|e| match e {
                        Element::Token(t) if t[0] < 32 => format!("<{}>", t[0]),
                        Element::Token(t) => String::from_utf8(t.clone()).unwrap(),
                        Element::AnyStop => ".".into(),
                        Element::List(l) => format!("{{{l}}}"),
                        Element::Choice(c) => c.join("/"),
                        Element::Gap(n) => format!("...{n}"),
                        Element::Start => "^".into(),
                        Element::End => "$".into(),
                    })
                    .collect();
                words.join(" ")
            })
            .collect();
        all.sort();
        all
    }

    #[test]
    fn expansions() {
        assert_eq!(
            show("(quick|short) [intro] call"),
            ["quick call", "quick intro call", "short call", "short intro call"]
        );
        assert_eq!(show("^ I'm {who} ...2 15 minutes {?}"), ["^ i am {who} ...2 <9> <2>"]);
        assert_eq!(show("a [(b|c) d]"), ["a", "a b d", "a c d"]);
        assert_eq!(
            show("done-for-you ... $5k $"),
            ["done for you ...4 <7> $"].map(String::from).to_vec()
        );
        assert_eq!(show("one|two"), ["one", "two"]);
        assert_eq!(show("(a|b|c) [x] (d|e)"), ["a/b/c d/e", "a/b/c x d/e"]);
        assert!(
            show("(ten|two|six) (days|weeks)").iter().all(|s| s == "<9>"),
            "number and unit stay together"
        );
    }

    proptest! {
        #[test]
        fn plain_words_are_those_that_reading_finds(words in prop::collection::vec(
            prop_oneof![4 => "[a-z]{1,9}", 1 => "[a-z0-9'$. -]{0,6}",
                1 => prop::sample::select(&["cannot", "an", "half", "hour", "two", "minutes", "million", "rs", "usd", "x"][..]).prop_map(String::from)],
            0..7,
        )) {
            let text = words.join(" ");
            if let Some(plain) = plain_words(&text) {
                prop_assert_eq!(plain, read_words(&text), "{}", text);
            }
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (text, error) in [
            ("", "nothing is left to look for"),
            ("!!", "nothing is left to look for"),
            ("[a]", "nothing is left to look for"),
            ("(a", "the bracket at character 1 is never closed"),
            ("a b)", "the closing bracket at character 4 was never opened"),
            ("(a]", "the bracket at character 1 is never closed"),
            (
                "a {duratoin}",
                "there is no class or word list `{duratoin}`; did you mean `{duration}`?",
            ),
            (
                "... a",
                "a gap must stand between words, or between an anchor and a word",
            ),
            ("a ...9 ...9 b", "a gap may be at most 12 words wide"),
            ("a ...99 b", "a gap may be at most 12 words wide"),
            ("a ^ b", "`^` must be the first thing in a phrase and `$` the last"),
            (
                &"[a]".repeat(20),
                "expands to more than 256 alternatives; put the choices into a word list",
            ),
        ] {
            assert_eq!(parse(text, &WordLists::new()).unwrap_err().to_string(), error, "{text}");
        }
    }
}
