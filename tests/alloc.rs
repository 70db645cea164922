//! Once a scratch has warmed up, judging allocates nothing.

mod common;

use huckster::{Message, Profile, Scorer};

const COUNT: usize = 320;

/// Judges all messages and lists those for which the allocator was called.
fn allocating(scorer: &Scorer, scratch: &mut huckster::Scratch, messages: &[Message<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    for (i, message) in messages.iter().enumerate() {
        let mut score = None;
        let info = allocation_counter::measure(|| score = Some(scorer.judge_with(scratch, message).score()));
        assert!(score.is_some());
        if info.count_total > 0 {
            let text: String = message.body.text().unwrap_or("").chars().take(160).collect();
            let (times, bytes, coverage) = (info.count_total, info.bytes_total, message.coverage());
            found.push(format!(
                "message {i}: {times} times, {bytes} bytes ({coverage}) {text:?}"
            ));
        }
    }
    found
}

#[test]
fn the_counter_counts() {
    let scorer = Scorer::builtin();
    let message = Message::direct("Quick question: worth a call this week?");
    let cold = allocation_counter::measure(|| {
        let mut scratch = scorer.scratch();
        assert!(scorer.judge_with(&mut scratch, &message).rules().count() > 0);
    });
    assert!(cold.count_total > 0, "a cold scratch cannot do without");
}

#[test]
fn a_warm_scratch_allocates_nothing() {
    let scorer = Scorer::builtin();
    let mut messages = common::messages(COUNT);
    let mut scratch = scorer.scratch();
    allocating(&scorer, &mut scratch, &messages);
    let found = allocating(&scorer, &mut scratch, &messages);
    assert!(
        found.is_empty(),
        "{} of {COUNT} messages:\n{}",
        found.len(),
        found.join("\n")
    );
    // Not even when they come in another order.
    messages.reverse();
    let found = allocating(&scorer, &mut scratch, &messages);
    assert!(
        found.is_empty(),
        "backwards, {} of {COUNT} messages:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn nor_does_a_batch() {
    let scorer = Scorer::builtin();
    let messages = common::messages(COUNT);
    let mut scratch = scorer.scratch();
    let mut run = || {
        let mut judged = 0;
        let info = allocation_counter::measure(|| scorer.judge_batch(&mut scratch, &messages, |_, _| judged += 1));
        assert_eq!(judged, messages.len());
        info.count_total
    };
    run();
    assert_eq!(run(), 0);
}

/// What a verdict is written to: room that was made beforehand.
#[cfg(feature = "json")]
#[test]
fn writing_a_verdict_allocates_nothing() {
    let scorer = Scorer::builtin();
    let messages = common::messages(COUNT);
    let (mut scratch, mut line) = (scorer.scratch(), Vec::with_capacity(1 << 16));
    allocating(&scorer, &mut scratch, &messages);
    for message in &messages {
        line.clear();
        let info = allocation_counter::measure(|| {
            let assessment = scorer.judge_with(&mut scratch, message);
            assert!(serde_json::to_writer(&mut line, &assessment).is_ok());
        });
        assert_eq!(info.count_total, 0, "{message:?}");
        assert_eq!(
            Some(&line),
            serde_json::to_vec(&scorer.judge(message.clone())).ok().as_ref()
        );
    }
}

/// Notes as long as LinkedIn lets an invitation be.
fn short_notes() -> Vec<Message<'static>> {
    let messages: Vec<_> = common::messages(COUNT)
        .into_iter()
        .filter(|m| m.body.text().is_some_and(|text| text.len() <= 400) && m.thread.is_none())
        .collect();
    assert!(messages.len() > 20, "{}", messages.len());
    messages
}

#[test]
fn a_scratch_stays_small() {
    let scorer = Scorer::builtin();
    let messages = short_notes();
    // What is made once for all scratches, when it is first needed, is made before.
    allocating(&scorer, &mut scorer.scratch(), &messages).clear();
    let mut kept = None;
    let info = allocation_counter::measure(|| {
        let mut scratch = scorer.scratch();
        allocating(&scorer, &mut scratch, &messages).clear();
        kept = Some(scratch);
    });
    assert!(kept.is_some() && info.bytes_current < 64 * 1024, "{info:?}");
}

/// What a huge message took is given back once the ones behind it are small again.
#[test]
fn a_scratch_becomes_small_again() {
    let scorer = Scorer::builtin().with_max_field_bytes(1_000_000);
    let huge = Message::direct("We help {{firstName}} 10X revenue. Worth a quick call? ".repeat(18_000));
    let messages = short_notes();
    allocating(&scorer, &mut scorer.scratch(), &messages).clear();
    let (mut grown, mut kept) = (0, None);
    let info = allocation_counter::measure(|| {
        let mut scratch = scorer.scratch();
        let huge = std::slice::from_ref(&huge);
        grown = allocation_counter::measure(|| allocating(&scorer, &mut scratch, huge).clear()).bytes_current;
        allocating(&scorer, &mut scratch, &messages).clear();
        kept = Some(scratch);
    });
    assert!(grown > 1_000_000, "{grown}");
    assert!(kept.is_some() && info.bytes_current < 64 * 1024, "{info:?}");
    // While they are huge, it is kept.
    let mut scratch = scorer.scratch();
    let twice = [huge.clone(), huge];
    allocating(&scorer, &mut scratch, &twice).clear();
    assert_eq!(allocating(&scorer, &mut scratch, &twice).len(), 0);
}

#[test]
fn nor_with_a_prepared_recipient() {
    let scorer = Scorer::builtin();
    let me = scorer.prepare_recipient(
        Profile::new()
            .name("Marta Lindqvist")
            .headline("Head of Data | Speaker")
            .about("I build spectrometers."),
    );
    let messages: Vec<_> = common::messages(COUNT).into_iter().map(|m| m.recipient(&me)).collect();
    let mut scratch = scorer.scratch();
    allocating(&scorer, &mut scratch, &messages);
    let found = allocating(&scorer, &mut scratch, &messages);
    assert!(
        found.is_empty(),
        "{} of {COUNT} messages:\n{}",
        found.len(),
        found.join("\n")
    );
}
