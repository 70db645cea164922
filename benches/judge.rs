//! Judging: one core, varied notes, never one note repeated (caches and branch predictor would learn it).
//!
//! `cargo bench --bench judge`; a group's throughput is messages per second.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huckster::{Message, Position, Profile, Relationship, Scorer};

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

const OPENINGS: &[&str] = &[
    "Hi Ana,",
    "Hello Tom -",
    "Hey,",
    "Dear Dr. Lund,",
    "Thanks for connecting!",
    "Quick question.",
    "Good morning Wen,",
    "Marek,",
];
const MIDDLES: &[&str] = &[
    "we help regional clinics fill empty slots without calling through lists",
    "I read your notes on flood gauges and wondered how you keep the sensors dry",
    "our group is looking for a second reviewer for the tender on street lights",
    "I saw that you are hiring two planners in Leeds, congrats on the growth",
    "how are you handling the night shift rota at the moment",
    "I applied for the analyst role last week and would be glad about a hint on the team",
    "we put together a short guide for owners of print shops, happy to send it over",
    "you mentioned the beam tests at the spring meeting, did the second run work out",
    "my sister's school needs a speaker on bridges for its project day",
    "most operators we talk to lose five hours a week on paper forms",
];
const ENDINGS: &[&str] = &[
    "Worth a chat next week?",
    "Would you have 15 minutes on Tuesday?",
    "Many thanks and kind regards, Jo",
    "No pressure at all.",
    "Let me know what you think!",
    "Here is the link: https://example.org/a?id=7",
    "Best,\nPriya",
    "Shall I send the details?",
];
const ACCENTED: &[&str] = &[
    "– I’d love to hear more 🙂",
    "“as discussed”",
    "São Paulo, Zürich, Łódź",
    "naïve, café, Größe",
];

/// `n` different notes of about 250 bytes; a part of them with typographic signs, accents and emoji.
fn notes(n: usize, accented: bool) -> Vec<String> {
    let mut random = Random(7);
    (0..n)
        .map(|i| {
            let mut note = OPENINGS[random.below(OPENINGS.len())].to_owned();
            while note.len() < 150 + random.below(160) {
                note.push(' ');
                note.push_str(MIDDLES[random.below(MIDDLES.len())]);
                note.push_str(if random.below(3) == 0 { ". " } else { "," });
                if accented && random.below(2) == 0 {
                    note.push(' ');
                    note.push_str(ACCENTED[random.below(ACCENTED.len())]);
                }
            }
            // A number of its own keeps any two notes apart.
            format!("{note} {} {i}", ENDINGS[random.below(ENDINGS.len())])
        })
        .collect()
}

fn judge(c: &mut Criterion) {
    let scorer = Scorer::builtin();
    let mut group = c.benchmark_group("judge_with");
    for (name, accented, full) in [("ascii", false, false), ("accented", true, false), ("full", true, true)] {
        let texts = notes(4000, accented);
        let me = scorer.prepare_recipient(
            Profile::new()
                .name("Ana Ruiz")
                .headline("Head of Operations")
                .position(Position::current("Head", "Calder Rail")),
        );
        let messages: Vec<Message<'_>> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| {
                let message = Message::direct(text.as_str());
                if !full {
                    return message;
                }
                let headline = [
                    "Business coach | Speaker",
                    "Nurse at St Clare",
                    "Lead generation expert",
                    "Data engineer",
                ][i % 4];
                message
                    .sender(
                        Profile::new()
                            .name("Jo Field")
                            .headline(headline)
                            .connections(i as u32 % 900),
                    )
                    .relationship(Relationship::new().mutual_connections(i as u32 % 40))
                    .recipient(&me)
            })
            .collect();
        group.throughput(Throughput::Elements(messages.len() as u64));
        group.bench_function(name, |b| {
            let mut scratch = scorer.scratch();
            b.iter(|| {
                let mut declined = 0;
                for message in &messages {
                    declined += usize::from(scorer.judge_with(&mut scratch, message).decision().is_decline());
                }
                declined
            });
        });
    }
    group.finish();
}

criterion_group!(benches, judge);
criterion_main!(benches);
