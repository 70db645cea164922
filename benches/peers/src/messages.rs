//! The messages: those of `benches/judge.rs`, half of them with letters beyond ASCII.

use huckster::{Decision, Message, Scorer};

/// How many of [`varied`] are accepted, left for review and declined; another outcome is another build, or a wrong one.
/// After a change of rules or weights, give it the new counts.
const EXPECTED: [usize; 3] = [1848, 755, 1397];

#[path = "../../notes/mod.rs"]
mod made_up;

pub(crate) use self::made_up::{ACCENTED, CJK, CYRILLIC, EMOJI, MIDDLES, Random, hostile, notes};

/// 4,000 different notes of about 250 bytes.
pub fn varied() -> Vec<String> {
    let (plain, accented) = (notes(2000, 250, MIDDLES, &[]), notes(2000, 250, MIDDLES, ACCENTED));
    plain.into_iter().zip(accented).flat_map(|(a, b)| [a, b]).collect()
}

/// Decisions, counted.
pub fn decisions(scorer: &Scorer, messages: &[Message<'_>]) -> [usize; 3] {
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

/// Fails if the built-in rules decide otherwise than they should.
pub fn check(scorer: &Scorer, texts: &[String]) -> Result<(), String> {
    let messages: Vec<Message<'_>> = texts.iter().map(|text| Message::direct(text.as_str())).collect();
    let found = decisions(scorer, &messages);
    if found == EXPECTED {
        Ok(())
    } else {
        Err(format!("the notes are decided {found:?}, not {EXPECTED:?}"))
    }
}
