//! What a rule set costs, beside what it is worth.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::corpus::Corpus;
use crate::scorer::Scorer;

/// How fast a scorer judges the messages of a corpus on one core, and how large it is.
///
/// Times depend on the machine and on what else it does: compare figures of one run only.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Speed {
    /// Messages per second, by the median round.
    pub messages_per_second: f64,
    /// Nanoseconds per message in the median round.
    pub median_ns: f64,
    /// Median distance of a round from the median, in nanoseconds per message.
    pub deviation_ns: f64,
    /// Nanoseconds per message in the fastest round.
    pub minimum_ns: f64,
    /// Bytes of message text per second, by the median round.
    pub bytes_per_second: f64,
    /// Rounds over the whole corpus.
    pub rounds: usize,
    /// Messages in a round.
    pub messages: usize,
    /// Patterns the phrases were compiled to.
    pub patterns: usize,
    /// The size in bytes of the automaton that finds them.
    pub automaton_bytes: usize,
}

/// Judges the corpus again and again for about `time`, at least three rounds after a round to warm up.
///
/// All messages of the corpus are judged in turn: repeating one message would flatter caches and branch predictors.
/// `None` if the corpus is empty.
pub fn measure_speed(scorer: &Scorer, corpus: &Corpus, time: Duration) -> Option<Speed> {
    let messages = corpus.messages();
    if messages.is_empty() {
        return None;
    }
    let mut scratch = scorer.scratch();
    let mut round = || {
        let start = Instant::now();
        for labeled in messages {
            std::hint::black_box(scorer.judge_with(&mut scratch, &labeled.message).score());
        }
        start.elapsed().as_nanos() as f64 / messages.len() as f64
    };
    round();
    let start = Instant::now();
    let mut rounds: Vec<f64> = Vec::new();
    while rounds.len() < 3 || (start.elapsed() < time && rounds.len() < 1000) {
        rounds.push(round());
    }
    let median = median(&mut rounds.clone());
    let deviation = self::median(&mut rounds.iter().map(|r| (r - median).abs()).collect::<Vec<_>>());
    let bytes: usize = messages.iter().map(|m| m.message.body.text().map_or(0, str::len)).sum();
    let per_second = 1e9 / median;
    let (patterns, automaton_bytes) = scorer.automaton();
    Some(Speed {
        messages_per_second: per_second.round(),
        median_ns: median.round(),
        deviation_ns: deviation.round(),
        minimum_ns: rounds.iter().copied().fold(f64::INFINITY, f64::min).round(),
        bytes_per_second: (per_second * bytes as f64 / messages.len() as f64).round(),
        rounds: rounds.len(),
        messages: messages.len(),
        patterns,
        automaton_bytes,
    })
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => 0.0,
        _ if n % 2 == 1 => values[n / 2],
        _ => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}
