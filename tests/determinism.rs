//! The same message gives the same bytes: over threads, clones, builds and orders of detectors.
#![allow(clippy::unwrap_used, reason = "a test may stop at what must not happen")]

mod common;

use std::collections::BTreeSet;

use huckster::{Decision, Detector, Message, Phrase, RuleIx, RuleMeta, RuleSet, Scorer, Span, Weight, detector_fn};

const COUNT: usize = 210;

/// One judgement as it would be written to a file.
fn line(scorer: &Scorer, scratch: &mut huckster::Scratch, message: &Message<'_>) -> String {
    serde_json::to_string(&scorer.judge_with(scratch, message).to_verdict()).unwrap()
}

fn one_by_one(scorer: &Scorer, messages: &[Message<'_>]) -> Vec<String> {
    let mut scratch = scorer.scratch();
    messages
        .iter()
        .map(|message| line(scorer, &mut scratch, message))
        .collect()
}

/// Message `i` is judged by thread `i % threads`, each with its own scratch.
fn threaded(scorer: &Scorer, messages: &[Message<'_>], threads: usize) -> Vec<String> {
    let mut lines = vec![String::new(); messages.len()];
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|t| {
                scope.spawn(move || {
                    let mut scratch = scorer.scratch();
                    let mine = messages.iter().enumerate().skip(t).step_by(threads);
                    mine.map(|(i, message)| (i, line(scorer, &mut scratch, message)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for worker in workers {
            for (i, text) in worker.join().unwrap() {
                lines[i] = text;
            }
        }
    });
    lines
}

fn assert_same(found: &[String], expected: &[String], what: &str) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found, expected, "message {i}: {what}");
    }
}

#[test]
fn the_messages_are_varied_enough_to_show_a_difference() {
    let scorer = Scorer::builtin();
    let verdicts: Vec<_> = common::messages(COUNT).into_iter().map(|m| scorer.judge(m)).collect();
    for decision in [Decision::Accept, Decision::Review, Decision::Decline] {
        let count = verdicts.iter().filter(|v| v.decision == decision).count();
        assert!(count >= 10, "only {count} of {COUNT} messages end in {decision}");
    }
    let rules: BTreeSet<&str> = verdicts
        .iter()
        .flat_map(|v| v.rules().map(|r| r.rule.as_str()))
        .collect();
    assert!(rules.len() >= 60, "only {} rules fire", rules.len());
    let langs: BTreeSet<&str> = verdicts.iter().map(|v| v.lang.as_ref()).collect();
    assert!(langs.len() >= 6, "only the languages {langs:?}");
    assert!(verdicts.iter().any(|v| v.truncated));
    let distinct: BTreeSet<String> = verdicts
        .iter()
        .map(|v| serde_json::to_string(&v.rows).unwrap())
        .collect();
    assert!(
        distinct.len() >= COUNT * 3 / 4,
        "only {} different verdicts",
        distinct.len()
    );
}

#[test]
fn threads_and_clones_change_nothing() {
    let scorer = Scorer::builtin();
    let messages = common::messages(COUNT);
    let expected: Vec<String> = messages
        .iter()
        .map(|m| serde_json::to_string(&scorer.judge(m.clone())).unwrap())
        .collect();
    assert_same(&one_by_one(&scorer, &messages), &expected, "a reused scratch");
    for threads in [1, 2, 8] {
        assert_same(
            &threaded(&scorer, &messages, threads),
            &expected,
            &format!("{threads} threads"),
        );
    }
    let clone = scorer.clone();
    drop(scorer);
    assert_same(&threaded(&clone, &messages, 2), &expected, "a clone");
}

#[test]
fn a_scratch_keeps_nothing_of_earlier_messages() {
    let scorer = Scorer::builtin();
    let messages = common::messages(COUNT);
    let forwards = one_by_one(&scorer, &messages);
    let mut scratch = scorer.scratch();
    let mut backwards: Vec<String> = messages.iter().rev().map(|m| line(&scorer, &mut scratch, m)).collect();
    backwards.reverse();
    assert_same(&backwards, &forwards, "judged in another order");
}

#[test]
fn building_again_changes_nothing() {
    let messages = common::messages(COUNT);
    let expected = one_by_one(&Scorer::builtin(), &messages);
    for _ in 0..2 {
        let again = Scorer::builder().rules(RuleSet::builtin()).build().unwrap();
        assert_same(&one_by_one(&again, &messages), &expected, "built again");
    }
}

struct Phrases;

static RULES: [RuleMeta; 2] = [
    RuleMeta::new("zeta.call", "ask", Weight::milli(150), "Asks for a call"),
    RuleMeta::new("zeta.network", "generic", Weight::milli(250), "Speaks of a network"),
];
static PHRASES: [Phrase; 3] = [
    Phrase::new(RuleIx::new(1), "network"),
    Phrase::new(RuleIx::new(0), "(quick|short) call"),
    Phrase::new(RuleIx::new(0), "quick call"),
];

impl Detector for Phrases {
    fn rules(&self) -> &[RuleMeta] {
        &RULES
    }
    fn phrases(&self) -> &[Phrase] {
        &PHRASES
    }
}

#[test]
fn the_order_of_detectors_changes_nothing() {
    let messages = common::messages(COUNT);
    let first = || {
        detector_fn(
            RuleMeta::new("alpha.first-word", "own", Weight::milli(70), "Has a text"),
            |cx| {
                let end = cx.text().chars().next()?.len_utf8();
                Some(Span::new(0, end as u32))
            },
        )
    };
    let long = || {
        let meta = RuleMeta::new("midway.long", "own", Weight::milli(90), "Is long");
        detector_fn(meta, |cx| cx.stats().words > 20)
    };
    let builder = || Scorer::builder().rules(RuleSet::builtin());
    let orders = [
        builder().detector(first()).detector(Phrases).detector(long()),
        builder().detector(long()).detector(Phrases).detector(first()),
        builder().detector(Phrases).detector(first()).detector(long()),
    ];
    let lines: Vec<Vec<String>> = orders
        .into_iter()
        .map(|b| one_by_one(&b.build().unwrap(), &messages))
        .collect();
    for id in ["alpha.first-word", "midway.long", "zeta.call", "zeta.network"] {
        assert!(lines[0].iter().any(|l| l.contains(id)), "`{id}` never fires");
    }
    assert_same(&lines[1], &lines[0], "detectors the other way round");
    assert_same(&lines[2], &lines[0], "detectors turned round");
}

/// A scratch is not tied to the scorer it came from.
#[test]
fn a_scratch_may_serve_several_scorers() {
    let large = Scorer::builtin();
    let small = Scorer::builder().detector(Phrases).build().unwrap();
    let messages = common::messages(60);
    let expected = [one_by_one(&large, &messages), one_by_one(&small, &messages)];
    let mut scratch = large.scratch();
    for (i, message) in messages.iter().enumerate() {
        assert_eq!(line(&large, &mut scratch, message), expected[0][i], "message {i}");
        assert_eq!(
            line(&small, &mut scratch, message),
            expected[1][i],
            "message {i}, the small one"
        );
    }
}
