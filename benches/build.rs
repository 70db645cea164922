//! Building: what a process pays once.
//!
//! `cargo bench --bench build`

use criterion::{Criterion, criterion_group, criterion_main};
use huckster::{RuleSet, Scorer};

fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("build");
    group.sample_size(10);
    let set = RuleSet::builtin();
    group.bench_function("builtin", |b| {
        b.iter(|| Scorer::builder().rules(set.clone()).build().map(|s| s.automaton()))
    });
    // How building grows with the number of phrases: no two alike, seven words each.
    for phrases in [100, 1_000, 10_000, 100_000] {
        let mut text = String::from(
            "[[group]]\nid = \"ask\"\nknee = 1\n[[rule]]\nid = \"acme.many\"\ngroup = \"ask\"\nweight = 1\nsummary = \"x\"\nphrases = [\n",
        );
        for i in 0..phrases {
            text.push_str(&format!("  \"w{} of the w{} in our w{}\",\n", i % 97, i, i % 31));
        }
        text.push_str("]\n");
        group.bench_function(format!("phrases/{phrases}"), |b| {
            b.iter(|| {
                let set = RuleSet::parse("many.toml", &text).map_err(|e| e.to_string())?;
                Scorer::builder().rules(set).build().map_err(|e| e.to_string())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, build);
criterion_main!(benches);
