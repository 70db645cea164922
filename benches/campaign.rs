//! The index of campaigns when it is full: observations and look-ups a second, bytes an entry, two threads against one.
//!
//! `cargo bench --features campaign --bench campaign -- [ENTRIES ...]`; without numbers, 10,000 and 1,000,000. Ten
//! million take some minutes and 4 GB. Every message is another one: three quarters are like nothing before, one quarter
//! are copies of four thousand templates with a tenth of their words changed.

use std::fmt::Write as _;
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
        if own.next() % 10 == 0 {
            word = own.next();
        }
        // 30,000 words, of which the common ones are frequent.
        let rank = (word % 30_000).min((word >> 20) % 30_000);
        let _ = write!(text, " w{rank:x}");
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

fn observe(index: &CampaignIndex, from: u64, sketches: &[Sketch]) {
    for (i, sketch) in sketches.iter().enumerate() {
        let number = from + i as u64;
        let seen = Seen::new(number, Timestamp::from_seconds(number as i64)).sender(number % 50_000);
        std::hint::black_box(index.observe(seen, sketch));
    }
}

fn rate(n: usize, time: Duration) -> f64 {
    n as f64 / time.as_secs_f64()
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
    let block = sketches(&sketcher, 1 << 40, BLOCK);
    let start = Instant::now();
    let again = sketches(&sketcher, 1 << 41, BLOCK);
    println!("writing and sketching: {:.0} a second ({} terms)", rate(again.len(), start.elapsed()), block[0].terms());
    println!("entries      observed/s  looked up/s  2 threads  bytes an entry  clusters  evicted  forgotten");
    for size in sizes {
        let index = CampaignIndex::new(Seed::new(1), Limits::default().entries(size));
        let mut number = 0;
        // Until the index is full, and once again as much as is measured, so that giving up entries is part of it.
        while index.stats().evicted < size.min(BLOCK) as u64 {
            let block = sketches(&sketcher, number, BLOCK);
            observe(&index, number, &block);
            number += BLOCK as u64;
        }
        let mut single = Vec::new();
        let mut double = Vec::new();
        let mut look = Vec::new();
        for _ in 0..5 {
            let block = sketches(&sketcher, number, BLOCK);
            let start = Instant::now();
            observe(&index, number, &block);
            single.push(rate(block.len(), start.elapsed()));
            number += BLOCK as u64;

            let block = sketches(&sketcher, number, BLOCK);
            let start = Instant::now();
            for sketch in &block {
                std::hint::black_box(index.lookup(sketch, Timestamp::from_seconds(number as i64)));
            }
            look.push(rate(block.len(), start.elapsed()));

            let (a, b) = (sketches(&sketcher, number, BLOCK), sketches(&sketcher, number + BLOCK as u64, BLOCK));
            let start = Instant::now();
            std::thread::scope(|scope| {
                scope.spawn(|| observe(&index, number, &a));
                observe(&index, number + BLOCK as u64, &b);
            });
            double.push(rate(a.len() + b.len(), start.elapsed()));
            number += 2 * BLOCK as u64;
        }
        let median = |mut rates: Vec<f64>| {
            rates.sort_by(f64::total_cmp);
            rates[rates.len() / 2]
        };
        let (single, double, look) = (median(single), median(double), median(look));
        let stats = index.stats();
        println!(
            "{size:>10}  {single:>10.0}  {look:>11.0}  {:>8.2}x  {:>14.0}  {:>8}  {:>7}  {:>9}",
            double / single,
            stats.bytes as f64 / size as f64,
            stats.clusters,
            stats.evicted,
            stats.forgotten
        );
    }
}
