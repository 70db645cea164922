//! The contenders: each reads all texts once and says how much it found.

use std::collections::BTreeSet;

use aho_corasick::automaton::{Automaton, OverlappingState};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, dfa};
use huckster::{Message, RuleSet, Scorer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Reads all texts once, and says how much it found.
type Run = Box<dyn FnMut(&[String]) -> u64>;

/// One way to read messages.
pub struct Contender {
    pub name: &'static str,
    /// What it does of what huckster does.
    pub does: &'static str,
    run: Run,
}

impl Contender {
    pub fn run(&mut self, texts: &[String]) -> u64 {
        (self.run)(texts)
    }
}

/// The patterns as texts; those with classes, which only huckster knows, are left out.
pub fn patterns(scorer: &Scorer) -> Vec<String> {
    let all = scorer.patterns();
    all.into_iter().filter(|p| !p.chars().any(char::is_control)).collect()
}

/// What huckster is held against: one DFA of the literal patterns, each between blanks.
pub fn reference(scorer: &Scorer) -> Result<dfa::DFA, aho_corasick::BuildError> {
    dfa::DFA::new(padded(&patterns(scorer)))
}

/// A text as the reference reads it.
pub fn ready(text: &str) -> String {
    format!(" {} ", text.to_lowercase())
}

/// Between blanks, so that no pattern is found inside a word.
fn padded(patterns: &[String]) -> Vec<String> {
    patterns.iter().map(|p| format!(" {p} ")).collect()
}

pub fn overlapping(dfa: &dfa::DFA, text: &str) -> u64 {
    let (input, mut state, mut found) = (Input::new(text), OverlappingState::start(), 0);
    while dfa.try_find_overlapping(&input, &mut state).is_ok() && state.get_match().is_some() {
        found += 1;
    }
    found
}

/// All contenders that can be built, huckster first, and a line for each that cannot.
pub fn all(scorer: &Scorer) -> (Vec<Contender>, Vec<String>) {
    let patterns = patterns(scorer);
    let padded = padded(&patterns);
    let mut list = Vec::new();
    let mut missing = Vec::new();
    let mut add = |name, does, run: Run| list.push(Contender { name, does, run });

    let own = scorer.clone();
    let mut scratch = own.scratch();
    add(
        "huckster, a decision",
        "everything: classes, gaps, places, detectors, weights, decision",
        Box::new(move |texts| {
            let mut found = 0;
            for text in texts {
                let message = Message::direct(text.as_str());
                found += own.judge_with(&mut scratch, &message).rules().count() as u64;
            }
            found
        }),
    );
    let own = scorer.clone();
    let (mut scratch, mut line) = (own.scratch(), Vec::with_capacity(1 << 16));
    add(
        "huckster, a verdict as JSON",
        "the same, with all evidence written out",
        Box::new(move |texts| {
            let mut bytes = 0;
            for text in texts {
                line.clear();
                let message = Message::direct(text.as_str());
                if serde_json::to_writer(&mut line, &own.judge_with(&mut scratch, &message)).is_ok() {
                    bytes += line.len() as u64;
                }
            }
            bytes
        }),
    );

    match reference(scorer) {
        Ok(automaton) => {
            let lowered = automaton.clone();
            add(
                "aho-corasick, one DFA, bytes ready",
                "finds the literal parts, in text lower-cased beforehand: the reference",
                {
                    let mut ready: Vec<String> = Vec::new();
                    Box::new(move |texts| {
                        if ready.len() != texts.len() {
                            ready = texts.iter().map(|t| self::ready(t)).collect();
                        }
                        ready.iter().map(|text| overlapping(&lowered, text)).sum()
                    })
                },
            );
            add(
                "the plain way",
                "Unicode words, NFKC and lower case, then the same DFA",
                Box::new(move |texts| {
                    let mut found = 0;
                    for text in texts {
                        let mut words = String::from(" ");
                        for word in text.unicode_words() {
                            words.extend(word.nfkc().flat_map(char::to_lowercase));
                            words.push(' ');
                        }
                        found += overlapping(&automaton, &words);
                    }
                    found
                }),
            );
        }
        Err(error) => missing.push(format!("aho-corasick DFA: {error}")),
    }

    let categories: Vec<AhoCorasick> = categories().iter().filter_map(|p| nfa(&self::padded(p))).collect();
    add(
        "aho-corasick, one NFA a category",
        "lower case, then the literal parts of each namespace on its own",
        Box::new(move |texts| {
            let mut found = 0;
            for text in texts {
                let text = format!(" {} ", text.to_lowercase());
                found += categories
                    .iter()
                    .map(|a| a.find_overlapping_iter(&text).count() as u64)
                    .sum::<u64>();
            }
            found
        }),
    );

    let distinct: BTreeSet<&String> = padded.iter().collect();
    match daachorse::DoubleArrayAhoCorasick::<u32>::new(distinct) {
        Ok(daac) => add(
            "daachorse",
            "lower case, then the literal parts",
            Box::new(move |texts| {
                let mut found = 0;
                for text in texts {
                    found += daac.find_overlapping_iter(format!(" {} ", text.to_lowercase())).count() as u64;
                }
                found
            }),
        ),
        Err(error) => missing.push(format!("daachorse: {error}")),
    }

    let set = regex::RegexSetBuilder::new(patterns.iter().map(|p| format!(r"\b{}\b", regex::escape(p))))
        .size_limit(4 << 30)
        .dfa_size_limit(256 << 20)
        .build();
    match set {
        Ok(set) => add(
            "regex::RegexSet",
            "lower case, then which of the literal parts are there; not where",
            Box::new(move |texts| {
                texts
                    .iter()
                    .map(|text| set.matches(&text.to_lowercase()).iter().count() as u64)
                    .sum()
            }),
        ),
        Err(error) => missing.push(format!("RegexSet: {error}")),
    }

    add(
        "rustrict",
        "its own lists of profanity, spam and disguised words; none of these phrases",
        Box::new(|texts| {
            use rustrict::CensorStr;
            texts.iter().filter(|text| text.is_inappropriate()).count() as u64
        }),
    );

    #[cfg(feature = "yara")]
    match yara(&patterns) {
        Ok(contender) => list.push(contender),
        Err(error) => missing.push(format!("yara-x: {error}")),
    }
    #[cfg(not(feature = "yara"))]
    missing.push("yara-x: built only with `--features yara`".to_owned());
    (list, missing)
}

/// The literal parts of each namespace of the built-in rules.
fn categories() -> Vec<Vec<String>> {
    let set = RuleSet::builtin();
    let spaces: BTreeSet<String> = set
        .rules()
        .filter_map(|r| r.id().split('.').next().map(str::to_owned))
        .collect();
    spaces
        .iter()
        .filter_map(|space| {
            let mut builder = Scorer::builder().rules(set.clone());
            for other in spaces.iter().filter(|s| *s != space) {
                builder = builder.without(other);
            }
            builder.build().ok().map(|scorer| patterns(&scorer))
        })
        .filter(|patterns| !patterns.is_empty())
        .collect()
}

fn nfa(patterns: &[String]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .match_kind(MatchKind::Standard)
        .build(patterns)
        .ok()
}

/// YARA rules of a hundred strings each: one rule may not have all.
#[cfg(feature = "yara")]
fn yara(patterns: &[String]) -> Result<Contender, String> {
    let mut compiler = yara_x::Compiler::new();
    for (n, some) in patterns.chunks(100).enumerate() {
        let strings: Vec<String> = some
            .iter()
            .enumerate()
            .map(|(i, p)| {
                format!(
                    "$s{i} = \"{}\" nocase fullword",
                    p.replace('\\', "\\\\").replace('"', "\\\"")
                )
            })
            .collect();
        let rule = format!("rule r{n} {{ strings: {} condition: any of them }}", strings.join("\n"));
        compiler.add_source(rule.as_str()).map_err(|e| e.to_string())?;
    }
    let rules: &'static yara_x::Rules = Box::leak(Box::new(compiler.build()));
    let mut scanner = yara_x::Scanner::new(rules);
    Ok(Contender {
        name: "yara-x",
        does: "the literal parts as strings of rules, any case, whole words",
        run: Box::new(move |texts| {
            let mut found = 0;
            for text in texts {
                if let Ok(results) = scanner.scan(text.as_bytes()) {
                    found += results.matching_rules().len() as u64;
                }
            }
            found
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those that find overlapping places of the same patterns in the same bytes find as many of them.
    #[test]
    fn engines_of_the_same_kind_find_as_much() {
        let scorer = Scorer::builtin();
        let texts = crate::messages::notes(50, 250, crate::messages::MIDDLES, &[]);
        let (mut all, missing) = all(&scorer);
        assert!(missing.iter().all(|m| m.starts_with("yara-x")), "{missing:?}");
        let mut found = |name: &str| {
            let one = all.iter_mut().find(|c| c.name.starts_with(name));
            one.map(|c| c.run(&texts))
        };
        let (reference, double_array) = (found("aho-corasick, one DFA"), found("daachorse"));
        assert!(reference > Some(50), "{reference:?}");
        assert_eq!(reference, double_array);
    }
}
