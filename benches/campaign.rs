//! The index of campaigns when it is full: observations and look-ups a second, bytes an entry, two threads against one.
//!
//! `cargo bench --features campaign --bench campaign -- [ENTRIES ...]`; without numbers, 10,000 and 1,000,000. Ten
//! million take some minutes and 4 GB. Every message is another one: three quarters are like nothing before, one quarter
//! are copies of four thousand templates with a tenth of their words changed.

#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use huckster::Timestamp;
use huckster::campaign::{CampaignIndex, Limits, Seed, Seen, Sketch, Sketcher};

/// Messages that are made, and then timed, at a time.
const BLOCK: usize = 100_000;

/// Of every hundred messages so many are copies of a template.
const COPIES: u64 = 25;

const TEMPLATES: u64 = 4_000;

/// A small deterministic generator (splitmix64).
#[derive(Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Forty words: of a template with a tenth of them changed, or of nobody.
fn write_note(text: &mut String, number: u64) {
    let mut own = Random(number);
    let copy = own.next() % 100 < COPIES;
    let mut words = Random(if copy { own.next() % TEMPLATES } else { own.next() } ^ 0x5eed);
    text.clear();
    text.push_str("Hi Ana,");
    for i in 0..40 {
        let mut word = words.next();
        if own.next().is_multiple_of(10) {
            word = own.next();
        }
        // 30,000 words, of which the common ones are frequent.
        let rank = (word % 30_000).min((word >> 20) % 30_000);
        // In letters, so that it is read as a word.
        text.push_str(" w");
        for shift in [0, 4, 8, 12] {
            text.push(char::from(b'a' + (rank >> shift & 15) as u8));
        }
        if i % 13 == 12 {
            text.push('.');
        }
    }
}

fn sketches(sketcher: &Sketcher, from: u64, n: usize) -> Vec<Sketch> {
    let mut text = String::new();
    (from..from + n as u64)
        .filter_map(|number| {
            write_note(&mut text, number);
            sketcher.text(&text)
        })
        .collect()
}

fn seen(number: u64) -> Seen {
    Seen::new(number, Timestamp::from_seconds(number as i64)).sender(number % 50_000)
}

fn observe(index: &CampaignIndex, from: u64, sketches: &[Sketch]) {
    for (number, sketch) in (from..).zip(sketches) {
        std::hint::black_box(index.observe(seen(number), sketch));
    }
}

fn rate(n: usize, time: Duration) -> f64 {
    n as f64 / time.as_secs_f64()
}

/// The time this thread was on a processor: what others do on the machine is left out, apart from the caches they fill.
/// Only Linux says it; elsewhere it is the time on the wall.
fn on_processor(work: impl FnOnce()) -> Duration {
    let told = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    };
    let (before, start) = (told(), Instant::now());
    work();
    match (before, told()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed(),
    }
}

fn main() {
    // `cargo bench` says --bench, `cargo test` says nothing: then once round is enough to see that it runs.
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut sizes: Vec<usize> = args.iter().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = if args.iter().any(|a| a == "--bench") {
            vec![10_000, 1_000_000]
        } else {
            vec![1_000]
        };
    }
    let sketcher = Sketcher::new(Seed::new(1));
    let texts: Vec<String> = (0..BLOCK as u64)
        .map(|number| {
            let mut text = String::new();
            write_note(&mut text, number | 1 << 40);
            text
        })
        .collect();
    let mut terms = 0;
    let time = on_processor(|| {
        terms = texts
            .iter()
            .filter_map(|text| sketcher.text(text))
            .map(|s| s.terms())
            .sum();
    });
    println!(
        "texts read and sketched: {:.0} a second ({} terms on average)",
        rate(BLOCK, time),
        terms / BLOCK
    );
    println!("A second is one of processor time; two threads are compared with one on the wall.");
    println!("entries      observed/s  looked up/s  2 threads  bytes an entry  clusters  forgotten");
    for size in sizes {
        measure(&sketcher, size);
    }
}

fn measure(sketcher: &Sketcher, size: usize) {
    let index = CampaignIndex::new(Seed::new(1), Limits::default().entries(size));
    let mut number = 0;
    let mut block = || {
        let from = number;
        number += BLOCK as u64;
        (from, sketches(sketcher, from, BLOCK))
    };
    // Until the index is full, and some more, so that giving up entries is part of it.
    while index.stats().evicted < size.min(BLOCK) as u64 {
        let (from, sketches) = block();
        observe(&index, from, &sketches);
    }
    let (mut observed, mut looked_up, mut speedups) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let (from, sketches) = block();
        let start = Instant::now();
        let time = on_processor(|| observe(&index, from, &sketches));
        let one = start.elapsed();
        observed.push(rate(BLOCK, time));

        let (a, b) = (block(), block());
        let start = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| observe(&index, a.0, &a.1));
            observe(&index, b.0, &b.1);
        });
        speedups.push(2.0 * one.as_secs_f64() / start.elapsed().as_secs_f64());

        let (from, sketches) = block();
        let time = on_processor(|| {
            for sketch in &sketches {
                std::hint::black_box(index.lookup(sketch, Timestamp::from_seconds(from as i64)));
            }
        });
        looked_up.push(rate(BLOCK, time));
    }
    let median = |figures: &mut Vec<f64>| {
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    let stats = index.stats();
    println!(
        "{size:>10}  {:>10.0}  {:>11.0}  {:>8.2}x  {:>14.0}  {:>8}  {:>9}",
        median(&mut observed),
        median(&mut looked_up),
        median(&mut speedups),
        stats.bytes as f64 / size as f64,
        stats.clusters,
        stats.forgotten
    );
}
