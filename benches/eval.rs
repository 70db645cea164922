//! Evaluating a hit log of a million messages: reading it, measuring it, leaving out every rule once, comparing it.
//!
//! `cargo bench --features eval --bench eval`. The log is that of the written corpus, each line drawn again and again under
//! a new id, with a rule added here and there, so that scores and hits are spread as in a real one.

#![allow(clippy::expect_used, reason = "without its data a bench has nothing to do")]

use std::fmt::Write as _;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huckster::eval::{Comparison, Corpus, EvaluationOptions, HitLog};
use huckster::{Policy, Scorer};
use serde_json::Value;

const MESSAGES: usize = 1_000_000;

/// A small deterministic generator (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// A log of so many lines, as text.
fn log_text(messages: usize) -> String {
    let corpus = Corpus::load(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")).expect("the corpus is there");
    let log = corpus.run(&Scorer::builtin());
    let rules = log.rules().len();
    let mut bytes = Vec::new();
    log.write_jsonl(&mut bytes).expect("memory takes everything");
    let text = String::from_utf8(bytes).expect("JSON is UTF-8");
    let mut lines = text.lines();
    let mut out = lines.next().unwrap_or("").to_owned() + "\n";
    let lines: Vec<(Value, Vec<(u64, u64)>)> = lines
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("a line of the log");
            let hits = serde_json::from_value(value["hits"].clone()).expect("its hits");
            (value, hits)
        })
        .collect();
    let mut random = Random(11);
    for i in 0..messages {
        let (line, hits) = &lines[random.below(lines.len())];
        let mut hits = hits.clone();
        let extra = random.below(2 * rules) as u64;
        if extra < rules as u64 && hits.iter().all(|(r, _)| *r != extra) {
            hits.push((extra, 1000));
            hits.sort_unstable();
        }
        let hits: Vec<String> = hits.iter().map(|(r, s)| format!("[{r},{s}]")).collect();
        let _ = writeln!(
            out,
            "{{\"id\":\"m{i}\",\"label\":{},\"cluster\":\"c{}\",\"tags\":{},\"coverage\":{},\"hits\":[{}]}}",
            line["label"],
            i / 2,
            line["tags"],
            line["coverage"],
            hits.join(",")
        );
    }
    out
}

fn eval(c: &mut Criterion) {
    let text = log_text(MESSAGES);
    let log = HitLog::read_jsonl("million", text.as_bytes()).expect("a good log");
    assert_eq!(log.len(), MESSAGES);
    let other = log.clone().with_policy(Policy::strict());
    let options = EvaluationOptions::default();
    let mut group = c.benchmark_group("a million messages");
    group.sample_size(10).throughput(Throughput::Elements(MESSAGES as u64));
    group.bench_function("read", |b| {
        b.iter(|| HitLog::read_jsonl("million", text.as_bytes()).map(|l| l.len()))
    });
    group.bench_function("judge", |b| b.iter(|| log.judge().len()));
    group.bench_function("evaluate, all ablations", |b| {
        b.iter(|| log.evaluate(&options).map(|e| e.ablation.len()));
    });
    group.bench_function("compare", |b| {
        b.iter(|| Comparison::paired(&log, &other, &options).map(|c| c.changed.len()));
    });
    group.finish();
}

criterion_group!(benches, eval);
criterion_main!(benches);
