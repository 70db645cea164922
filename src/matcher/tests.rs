//! The matcher against a slow one that tries every phrase at every token.

use proptest::prelude::*;

use std::collections::BTreeSet;

use super::*;
use crate::phrase::{self, Element};
use crate::text::{Reading, TokenKind};

fn lists() -> WordLists {
    WordLists::new()
        .with("who", &["founders", "a b", "b"])
        .with("do", &["grow", "b c", "c"])
}

/// All (start, end) token ranges of an alternative, by trying.
fn slow(elements: &[Element], text: &Prepared, lists: &WordLists) -> Vec<(u32, u32)> {
    fn from(elements: &[Element], at: usize, text: &Prepared, lists: &WordLists, ends: &mut Vec<u32>) {
        let Some((first, rest)) = elements.split_first() else {
            ends.push(at as u32);
            return;
        };
        let tokens = text.tokens();
        match first {
            Element::Token(word) => {
                if at < tokens.len() && text.word(at).as_bytes() == word.as_slice() {
                    from(rest, at + 1, text, lists, ends);
                }
            }
            Element::AnyStop => {
                if at < tokens.len() && tokens[at].kind.is_break() {
                    from(rest, at + 1, text, lists, ends);
                }
            }
            Element::List(name) => {
                for entry in &lists.lists[name] {
                    let words = phrase::canonical_words(entry);
                    if words
                        .iter()
                        .enumerate()
                        .all(|(i, w)| at + i < tokens.len() && text.word(at + i).as_bytes() == w.as_slice())
                    {
                        from(rest, at + words.len(), text, lists, ends);
                    }
                }
            }
            Element::Choice(texts) => {
                for entry in texts.iter() {
                    let words = phrase::canonical_words(entry);
                    if words
                        .iter()
                        .enumerate()
                        .all(|(i, w)| at + i < tokens.len() && text.word(at + i).as_bytes() == w.as_slice())
                    {
                        from(rest, at + words.len(), text, lists, ends);
                    }
                }
            }
            Element::Gap(width) => {
                for skip in 0..=usize::from(*width) {
                    if skip > 0 && tokens.get(at + skip - 1).is_none_or(|t| t.kind.is_break()) {
                        break;
                    }
                    from(rest, at + skip, text, lists, ends);
                }
            }
            Element::Start => {
                if is_at_start(text, at as u32) {
                    from(rest, at, text, lists, ends);
                }
            }
            Element::End => {
                if is_at_end(text, at as u32) {
                    from(rest, at, text, lists, ends);
                }
            }
        }
    }
    // The chain proper begins after `^` and its gap and ends before `$` and its gap: the anchors are no evidence.
    let mut found = Vec::new();
    let is_gap = |e: Option<&Element>| matches!(e, Some(Element::Gap(_)));
    let skip = if elements.first() == Some(&Element::Start) {
        1 + usize::from(is_gap(elements.get(1)))
    } else {
        0
    };
    let tail = if elements.last() == Some(&Element::End) {
        1 + usize::from(is_gap(elements.get(elements.len() - 2)))
    } else {
        0
    };
    let (head, inner, end) = (
        &elements[..skip],
        &elements[skip..elements.len() - tail],
        &elements[elements.len() - tail..],
    );
    let anchored = |at: usize, ends: &[u32]| -> Vec<u32> {
        ends.iter()
            .copied()
            .filter(|&e| {
                let mut after = Vec::new();
                from(end, e as usize, text, lists, &mut after);
                let starts = (0..=at).any(|s| {
                    let mut reached = Vec::new();
                    from(head, s, text, lists, &mut reached);
                    (skip == 0 && s == at) || (skip > 0 && reached.contains(&(at as u32)))
                });
                !after.is_empty() && starts
            })
            .collect()
    };
    for at in 0..text.tokens().len() {
        let mut ends = Vec::new();
        from(inner, at, text, lists, &mut ends);
        let ends = anchored(at, &ends);
        found.extend(ends.into_iter().map(|end| (at as u32, end)));
    }
    found
}

const WORDS: &[&str] = &["a", "b", "c", "d", "founders", "grow", "we", "15 minutes", "$5"];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![6 => prop::sample::select(WORDS).prop_map(String::from), 1 => Just(".".to_owned()), 1 => Just("?".to_owned()), 1 => Just("Hi Sam,".to_owned())],
        0..40,
    )
    .prop_map(|words| words.join(" "))
}

fn phrase_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(WORDS).prop_map(String::from),
        1 => Just("{who}".to_owned()),
        1 => Just("{do}".to_owned()),
        1 => Just("{stop}".to_owned()),
        1 => Just("{?}".to_owned()),
        1 => Just("(a|b c)".to_owned()),
        1 => Just("(a|b|founders|c d|we)".to_owned()),
        1 => Just("[d]".to_owned()),
        1 => Just("{duration}".to_owned()),
    ];
    let gap = prop_oneof![3 => Just(" ".to_owned()), 1 => Just(" ...2 ".to_owned()), 1 => Just(" ... ".to_owned())];
    (any::<(bool, bool)>(), prop::collection::vec((piece, gap), 1..5)).prop_map(|((start, end), pieces)| {
        let mut text = if start {
            if pieces.len() > 2 {
                "^ ...2 ".to_owned()
            } else {
                "^ ".to_owned()
            }
        } else {
            String::new()
        };
        let count = pieces.len();
        for (i, (piece, gap)) in pieces.into_iter().enumerate() {
            text.push_str(&piece);
            if i + 1 < count {
                text.push_str(&gap);
            }
        }
        if end {
            text.push_str(if count % 2 == 0 { " ...2 $" } else { " $" });
        }
        text
    })
}

/// How texts are read for a matcher.
fn reading(matcher: &Matcher) -> Reading<'_> {
    Reading {
        letter: true,
        vocabulary: Some(matcher.vocabulary()),
        ..Reading::default()
    }
}

/// Fields and languages of phrases.
const VOICES: [(FieldSet, Option<Lang>); 4] = [
    (FieldSet::MESSAGE, None),
    (FieldSet::MESSAGE, Some(Lang::De)),
    (FieldSet::TEXT, Some(Lang::En)),
    (FieldSet::SENDER_HEADLINE, None),
];

proptest! {
    #[test]
    fn finds_what_a_slow_search_finds(phrases in prop::collection::vec(phrase_text(), 1..6), text in text()) {
        let lists = lists();
        let good: Vec<String> = phrases.into_iter().filter(|p| phrase::check(p, &lists).is_ok()).collect();
        let entries = good.iter().enumerate().map(|(i, text)| Entry {
            detector: 0, phrase: i as u32, text, lists: Some(&lists), fields: FieldSet::MESSAGE, lang: None,
        });
        let matcher = Matcher::new(entries).unwrap();
        let mut prepared = Prepared::default();
        prepared.read(&text, reading(&matcher));
        let (mut walk, mut hits) = (Walk::default(), Vec::new());
        // Twice, so that leftovers of the first walk would show.
        matcher.find(&prepared, Field::Text, Lang::Unknown, &mut walk, &mut hits);
        hits.clear();
        matcher.find(&prepared, Field::Text, Lang::Unknown, &mut walk, &mut hits);
        for (i, phrase) in good.iter().enumerate() {
            let slow_ranges: Vec<(u32, u32)> = phrase::parse(phrase, &lists).unwrap().iter()
                .flat_map(|alternative| slow(alternative, &prepared, &lists)).collect();
            let slow_ends: BTreeSet<u32> = slow_ranges.iter().filter_map(|&(s, e)| span_of(&prepared, s, e)).map(|s| s.end).collect();
            let slow_spans: BTreeSet<Span> = slow_ranges.iter().filter_map(|&(s, e)| span_of(&prepared, s, e)).collect();
            let fast: BTreeSet<Span> = hits.iter().filter(|h| h.phrase == i as u32).map(|h| h.span).collect();
            let fast_ends: BTreeSet<u32> = fast.iter().map(|s| s.end).collect();
            prop_assert_eq!(&fast_ends, &slow_ends, "{} in {:?}", phrase, text);
            prop_assert!(fast.is_subset(&slow_spans), "{} in {:?}", phrase, text);
            // Of several with the same end the shortest is there.
            let shortest = |end: &u32| slow_spans.iter().rfind(|s| s.end == *end);
            prop_assert!(slow_ends.iter().filter_map(shortest).all(|s| fast.contains(s)), "{} in {:?}", phrase, text);
        }
    }

    #[test]
    fn finds_what_the_byte_automaton_finds(
        phrases in prop::collection::vec((phrase_text(), 0..VOICES.len()), 1..12),
        text in text(),
        lang in 0..VOICES.len(),
        field in prop_oneof![Just(Field::Text), Just(Field::SenderHeadline)],
    ) {
        let lists = lists();
        let good: Vec<(String, usize)> = phrases.into_iter().filter(|(p, _)| phrase::check(p, &lists).is_ok()).collect();
        let entries = || good.iter().enumerate().map(|(i, (text, voice))| Entry {
            detector: i as u16 % 2, phrase: i as u32, text, lists: Some(&lists), fields: VOICES[*voice].0, lang: VOICES[*voice].1,
        });
        let fast = Matcher::new(entries()).unwrap();
        let slow = slow::Matcher::new(entries());
        let mut prepared = Prepared::default();
        prepared.read(&text, reading(&fast));
        let lang = VOICES[lang].1.unwrap_or(Lang::Unknown);
        let (mut fast_hits, mut slow_hits) = (Vec::new(), Vec::new());
        fast.find(&prepared, field, lang, &mut Walk::default(), &mut fast_hits);
        slow.find(&prepared, field, lang, &mut slow::Walk::default(), &mut slow_hits);
        prop_assert_eq!(fast.patterns(), slow.patterns());
        prop_assert_eq!(fast.patterns().len(), fast.pattern_count());
        fast_hits.sort_unstable();
        slow_hits.sort_unstable();
        prop_assert_eq!(&fast_hits, &slow_hits, "{:?} in {:?}", good, text);
    }
}

/// The built-in phrases, on the built-in examples and on pieces of them in no order.
#[cfg(feature = "builtin")]
#[test]
fn finds_what_the_byte_automaton_finds_with_the_built_in_phrases() {
    let set = crate::RuleSet::builtin();
    let lists = set.word_lists();
    let entries = || {
        set.rules.iter().enumerate().flat_map(|(rule, item)| {
            item.phrases.iter().map({
                let lists = &lists;
                move |text| Entry {
                    detector: 0,
                    phrase: rule as u32,
                    text: &text.value,
                    lists: Some(lists),
                    fields: item.fields,
                    lang: item.lang,
                }
            })
        })
    };
    let fast = Matcher::new(entries()).unwrap();
    let slow = slow::Matcher::new(entries());
    let examples = set.rules.iter().flat_map(|rule| rule.hits.iter().chain(&rule.misses));
    let texts: Vec<&str> = examples.filter_map(|example| example.message.body.text()).collect();
    let words: Vec<&str> = texts.iter().flat_map(|text| text.split(' ')).collect();
    // A step without a common divisor walks through all words in another order.
    let shuffled = (0..texts.len()).map(|i| {
        let pieces: Vec<String> = (0..12)
            .map(|k| {
                words[(i * 7919 + k * 104_729) % words.len()..]
                    .iter()
                    .take(4)
                    .copied()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        pieces.join(" ")
    });
    let (mut prepared, mut walk, mut slow_walk) = (Prepared::default(), Walk::default(), slow::Walk::default());
    let mut hits = 0;
    for text in texts.iter().map(ToString::to_string).chain(shuffled) {
        prepared.read(&text, reading(&fast));
        for lang in [Lang::Unknown, Lang::En, Lang::Fr] {
            let (mut found, mut expected) = (Vec::new(), Vec::new());
            fast.find(&prepared, Field::Text, lang, &mut walk, &mut found);
            slow.find(&prepared, Field::Text, lang, &mut slow_walk, &mut expected);
            found.sort_unstable();
            found.dedup();
            expected.sort_unstable();
            expected.dedup();
            hits += expected.len();
            assert_eq!(found, expected, "{text}");
        }
    }
    assert!(hits > texts.len(), "the examples are there to be found");
}

#[test]
fn accents_may_be_dropped_in_their_languages() {
    let entries = |lang| {
        ["élargir mon réseau", "für Sie"]
            .into_iter()
            .enumerate()
            .map(move |(i, text)| Entry {
                detector: 0,
                phrase: i as u32,
                text,
                lists: None,
                fields: FieldSet::MESSAGE,
                lang,
            })
    };
    let count = |lang, text: &str| {
        let matcher = Matcher::new(entries(lang)).unwrap();
        let (mut prepared, mut hits) = (Prepared::default(), Vec::new());
        prepared.read(text, reading(&matcher));
        matcher.find(&prepared, Field::Text, Lang::Unknown, &mut Walk::default(), &mut hits);
        hits.len()
    };
    assert_eq!(count(Some(Lang::Fr), "elargir mon reseau"), 1);
    assert_eq!(count(Some(Lang::De), "etwas fuer Sie"), 1);
    assert_eq!(count(None, "elargir mon reseau"), 0);
}

#[test]
fn many_parts_and_many_hits_stay_linear() {
    // A thousand places of each of five parts, and of two that are found seven times each: the walk keeps no more than gaps
    // allow.
    let phrases = ["a ...12 b ...12 a ...12 b ...12 c", "a ...12 b"];
    let entries = phrases.iter().enumerate().map(|(phrase, text)| Entry {
        detector: 0,
        phrase: phrase as u32,
        text,
        lists: None,
        fields: FieldSet::MESSAGE,
        lang: None,
    });
    let matcher = Matcher::new(entries).unwrap();
    let text = format!("{} c", "a b ".repeat(1000));
    let (mut prepared, mut walk, mut hits) = (Prepared::default(), Walk::default(), Vec::new());
    prepared.read(&text, reading(&matcher));
    matcher.find(&prepared, Field::Text, Lang::Unknown, &mut walk, &mut hits);
    let of = |phrase| hits.iter().filter(|hit| hit.phrase == phrase).count();
    assert_eq!((of(0), of(1)), (1, 1000));
    assert!(walk.seen.found.len() <= prepared.tokens().len());
    assert!(walk.strung.len() <= prepared.tokens().len() * (1 + usize::from(phrase::MAX_GAP)));
    assert_eq!(prepared.tokens()[1].kind, TokenKind::Word);
}
