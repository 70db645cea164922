//! Many messages at once are judged as they are one by one.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at what must not happen"
)]

mod common;

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use huckster::{Message, RuleMeta, RuleSet, Scorer, Verdict, Weight, detector_fn};
use proptest::prelude::*;

fn threads(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

fn batch(scorer: &Scorer, messages: &[Message<'_>]) -> Vec<Verdict> {
    let mut all = Vec::new();
    scorer.judge_batch(&mut scorer.scratch(), messages, |place, assessment| {
        assert_eq!(place, all.len());
        all.push(assessment.to_verdict());
    });
    all
}

fn parallel(scorer: &Scorer, n: usize, messages: &[Message<'_>]) -> Vec<Verdict> {
    let mut all = Vec::new();
    let keep = |place: usize, assessment: &huckster::Assessment<'_>| (place, assessment.to_verdict());
    scorer.judge_batch_parallel(threads(n), messages, keep, |place, (kept, verdict)| {
        assert_eq!((place, kept), (all.len(), all.len()));
        all.push(verdict);
    });
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stood in the scratch before, and wherever the blocks of the threads end.
    #[test]
    fn a_batch_gives_what_one_by_one_gives(
        order in prop::collection::vec(0..80usize, 0..300),
        n in 1..5usize,
    ) {
        let scorer = Scorer::builtin();
        let pool = common::messages(80);
        let messages: Vec<_> = order.iter().map(|i| pool[*i].clone()).collect();
        let single: Vec<_> = messages.iter().map(|m| scorer.judge(m.clone())).collect();
        prop_assert_eq!(&batch(&scorer, &messages), &single);
        prop_assert_eq!(&parallel(&scorer, n, &messages), &single);
    }
}

#[test]
fn messages_may_be_made_on_the_way() {
    let scorer = Scorer::builtin();
    let texts = ["Worth a quick call?", "Lunch on Tuesday?"];
    let mut scores = Vec::new();
    let owned = texts.iter().map(|text| Message::direct(*text));
    scorer.judge_batch(&mut scorer.scratch(), owned, |_, a| scores.push(a.score()));
    assert_eq!(scores, texts.map(|text| scorer.judge(Message::direct(text)).score));
}

#[test]
fn few_messages_for_many_threads() {
    let scorer = Scorer::builtin();
    for n in [0, 1, 63, 64, 65, 129] {
        let messages: Vec<_> = (0..n).map(|i| Message::direct(format!("Invoice {i}"))).collect();
        assert_eq!(
            parallel(&scorer, 16, &messages),
            batch(&scorer, &messages),
            "{n} messages"
        );
    }
}

/// Counts those of its kind that are there.
struct Counted<'c>(&'c AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn results_do_not_pile_up_while_nobody_takes_them() {
    let scorer = Scorer::builtin();
    let messages = vec![Message::direct("Lunch?"); 6400];
    let there = AtomicUsize::new(0);
    let mut most = 0;
    let keep = |_, _: &huckster::Assessment<'_>| {
        there.fetch_add(1, Ordering::SeqCst);
        Counted(&there)
    };
    scorer.judge_batch_parallel(threads(2), &messages, keep, |place, _| {
        // Time for the others to run ahead, were they not held back.
        if place % 640 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        most = most.max(there.load(Ordering::SeqCst));
    });
    // Of each thread: two blocks that wait and one that is being judged or handed over; and the one being taken.
    assert!(most <= (2 * 3 + 1) * 64, "{most}");
    assert_eq!(there.load(Ordering::SeqCst), 0);
}

#[test]
fn a_panic_comes_through_and_nothing_hangs() {
    let rule = RuleMeta::new("acme.panics", "ask", Weight::milli(100), "Panics");
    let panics = detector_fn(rule, |cx| {
        assert!(!cx.text().contains("boom"), "as it should");
        false
    });
    let scorer = Scorer::builder()
        .rules(RuleSet::builtin())
        .detector(panics)
        .build()
        .unwrap();
    let mut messages = vec![Message::direct("Lunch?"); 1000];
    let run = |messages: &[Message<'_>], limit: usize| {
        catch_unwind(AssertUnwindSafe(|| {
            scorer.judge_batch_parallel(
                threads(3),
                messages,
                |_, a| a.score(),
                |place, _| assert!(place < limit),
            );
        }))
    };
    assert!(run(&messages, 1000).is_ok());
    assert!(run(&messages, 10).is_err(), "the closure of the caller");
    messages[500] = Message::direct("boom");
    assert!(run(&messages, 1000).is_err(), "a detector");
}
