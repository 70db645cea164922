//! Judging: one core, varied notes, never one note repeated (caches and branch predictor would learn it).
//!
//! `cargo bench --bench judge`; a group's throughput is messages per second. Ratios count, not times: `reference` is
//! an aho-corasick DFA alone over the same phrases, multiplied out, in the same notes in lower case. Every workload of
//! the built-in rules is judged once before it is timed, and must come out as [`EXPECTED`] says, so that a fast but
//! wrong build fails. After a change of rules or weights, give it the new counts.

mod notes;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;

use aho_corasick::automaton::{Automaton, OverlappingState};
use aho_corasick::{Input, dfa};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use huckster::{Decision, Message, Position, Profile, Relationship, RuleSet, Scorer};

use self::notes::{ACCENTED, CJK, CYRILLIC, EMOJI, MIDDLES, Random, hostile, notes};

/// Of each workload: how many messages are accepted, left to a person, and declined.
const EXPECTED: &[(&str, [usize; 3])] = &[
    ("ascii", [1819, 767, 1414]),
    ("accented", [1886, 736, 1378]),
    ("emoji", [1839, 761, 1400]),
    ("cyrillic", [0, 4000, 0]),
    ("cjk", [1, 3999, 0]),
    ("full", [1487, 1225, 1288]),
];

fn decisions(scorer: &Scorer, messages: &[Message<'_>]) -> [usize; 3] {
    let mut scratch = scorer.scratch();
    let mut counts = [0; 3];
    for message in messages {
        counts[match scorer.judge_with(&mut scratch, message).decision() {
            Decision::Accept => 0,
            Decision::Review => 1,
            Decision::Decline => 2,
        }] += 1;
    }
    counts
}

fn run(group: &mut BenchmarkGroup<'_, WallTime>, scorer: &Scorer, name: &str, messages: &[Message<'_>]) {
    group.throughput(Throughput::Elements(messages.len() as u64));
    group.bench_function(name, |b| b.iter(|| decisions(scorer, black_box(messages))));
}

/// The same after a look at what comes out.
fn run_expected(group: &mut BenchmarkGroup<'_, WallTime>, scorer: &Scorer, name: &str, messages: &[Message<'_>]) {
    let expected = EXPECTED
        .iter()
        .find(|(workload, _)| *workload == name)
        .map(|(_, counts)| *counts);
    assert_eq!(
        Some(decisions(scorer, messages)),
        expected,
        "the decisions of the workload `{name}`"
    );
    run(group, scorer, name, messages);
}

fn messages(texts: &[String]) -> Vec<Message<'_>> {
    texts.iter().map(|text| Message::direct(text.as_str())).collect()
}

/// An automaton over the patterns of a scorer, each between blanks, and how long it takes to find all of them.
fn reference(group: &mut BenchmarkGroup<'_, WallTime>, scorer: &Scorer, name: &str, texts: &[String]) {
    let patterns = scorer.patterns().into_iter().map(|pattern| format!(" {pattern} "));
    let Ok(dfa) = dfa::DFA::new(patterns) else { return };
    let lower: Vec<String> = texts.iter().map(|text| format!(" {} ", text.to_lowercase())).collect();
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function(name, |b| {
        b.iter(|| {
            let mut found = 0;
            for text in &lower {
                let (input, mut state) = (Input::new(text), OverlappingState::start());
                while dfa.try_find_overlapping(&input, &mut state).is_ok() && state.get_match().is_some() {
                    found += 1;
                }
            }
            found
        });
    });
}

fn text_only(c: &mut Criterion) {
    let scorer = Scorer::builtin();
    let mut group = c.benchmark_group("text-only");
    group.sample_size(20);
    let ascii = notes(4000, 250, MIDDLES, &[]);
    run_expected(&mut group, &scorer, "ascii", &messages(&ascii));
    reference(&mut group, &scorer, "reference", &ascii);
    for (name, middles, extras) in [
        ("accented", MIDDLES, ACCENTED),
        ("emoji", MIDDLES, EMOJI),
        ("cyrillic", CYRILLIC, &[]),
        ("cjk", CJK, &[]),
    ] {
        let texts = notes(4000, 250, middles, extras);
        run_expected(&mut group, &scorer, name, &messages(&texts));
    }
    group.finish();
}

/// All are read whole.
fn lengths(c: &mut Criterion) {
    let scorer = Scorer::builtin().with_max_field_bytes(2_000_000);
    let mut group = c.benchmark_group("bytes");
    group.sample_size(20);
    for (bytes, n) in [
        (30, 4000),
        (250, 4000),
        (2000, 500),
        (8000, 125),
        (100_000, 20),
        (1_000_000, 2),
    ] {
        let texts = notes(n, bytes, MIDDLES, &[]);
        group.throughput(Throughput::Bytes(texts.iter().map(|t| t.len() as u64).sum()));
        let messages = messages(&texts);
        group.bench_function(bytes.to_string(), |b| {
            b.iter(|| decisions(&scorer, black_box(&messages)))
        });
    }
    group.finish();
}

fn adversarial(c: &mut Criterion) {
    let scorer = Scorer::builtin();
    let mut group = c.benchmark_group("adversarial");
    group.sample_size(20);
    for (name, pieces) in [
        (
            "partial",
            &["we help", "your", "you to", "our team", "would you", "we", "of your"][..],
        ),
        ("one-word", &["you"]),
        ("placeholders", &["{{first_name}}", "[Company]", "{Hi|Hey}", "%NAME%"]),
        ("emoji", &["🚀", "👨‍👩‍👧", "🙂🙏"]),
        ("links", &["https://example.org/a?b=c", "calendly.com/x", "bit.ly/2"]),
        (
            "figures",
            &["15 minutes", "$5k", "30 %", "half an hour", "10x", "+49 30 1234567"],
        ),
        ("letters", &["f r e e", "l3ads", "$ales", "a"]),
    ] {
        run(&mut group, &scorer, name, &messages(&hostile(1000, 250, pieces)));
    }
    group.finish();
}

fn facts(c: &mut Criterion) {
    let scorer = Scorer::builtin();
    let mut group = c.benchmark_group("facts");
    group.sample_size(20);
    let texts = notes(4000, 250, MIDDLES, ACCENTED);
    let me = scorer.prepare_recipient(
        Profile::new()
            .name("Ana Ruiz")
            .headline("Head of Operations")
            .position(Position::current("Head", "Calder Rail")),
    );
    let full: Vec<Message<'_>> = messages(&texts)
        .into_iter()
        .enumerate()
        .map(|(i, message)| {
            let headline = [
                "Business coach | Speaker",
                "Nurse at St Clare",
                "Lead generation expert",
                "Data engineer",
            ][i % 4];
            let sender = Profile::new().name("Jo Field").headline(headline);
            message
                .sender(sender.connections(i as u32 % 900))
                .relationship(Relationship::new().mutual_connections(i as u32 % 40))
                .recipient(&me)
        })
        .collect();
    run_expected(&mut group, &scorer, "full", &full);
    group.finish();
}

/// A rule of `n` phrases of three words of the notes, so that many of them begin in every note.
fn rules(n: usize) -> Result<Scorer, Box<dyn std::error::Error>> {
    let words: Vec<&str> = MIDDLES
        .iter()
        .flat_map(|m| m.split([' ', ',']))
        .filter(|w| !w.is_empty())
        .collect();
    let mut random = Random(3);
    let mut text = String::from(
        "[[group]]\nid = \"ask\"\nknee = 1\n[[rule]]\nid = \"acme.many\"\ngroup = \"ask\"\nweight = 1\nsummary = \"x\"\nphrases = [\n",
    );
    // No two alike: a duplicate is a warning, and a hundred thousand warnings take their time.
    let mut phrases = BTreeSet::new();
    while phrases.len() < n {
        let mut word = || words[random.below(words.len())];
        phrases.insert([word(), word(), word()].join(" "));
    }
    for phrase in phrases {
        writeln!(text, "  \"{phrase}\",")?;
    }
    text.push_str("]\n");
    let (set, _) = RuleSet::parse_lenient("many.toml", &text);
    Ok(Scorer::builder().rules(set).build()?)
}

fn rule_sets(c: &mut Criterion) {
    let mut group = c.benchmark_group("phrases");
    group.sample_size(20);
    let texts = notes(4000, 250, MIDDLES, &[]);
    for n in [100, 1000, 10_000, 100_000] {
        let Ok(scorer) = rules(n) else { continue };
        run(&mut group, &scorer, &n.to_string(), &messages(&texts));
        // The DFA of a hundred thousand phrases would take hundreds of megabytes.
        if n <= 10_000 {
            reference(&mut group, &scorer, &format!("{n}-reference"), &texts);
        }
    }
    group.finish();
}

criterion_group!(benches, text_only, lengths, adversarial, facts, rule_sets);
criterion_main!(benches);
