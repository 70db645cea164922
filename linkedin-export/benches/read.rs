//! Reading an archive: opening with its index, and reading all messages. Throughput in bytes of `messages.csv`, unpacked.
//!
//! `cargo bench -p huckster-linkedin-export`

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark stops at what must not happen"
)]

use std::fmt::Write as _;
use std::fs::File;
use std::hint::black_box;
use std::io::Write as _;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huckster_linkedin_export::{Archive, Options};
use zip::write::SimpleFileOptions;

const PARTS: [&str; 12] = [
    "the sensors on the north dam stayed dry",
    "we could meet at the ferry on Thursday",
    "our planners in Leeds are looking for a second reviewer",
    "how do you handle the night shift at the moment",
    "I applied for the analyst role last week",
    "São Paulo and Zürich answered – nobody else did",
    "most operators lose five hours a week on paper forms",
    "thanks for the notes &amp; the photos",
    "would you have fifteen minutes next week?",
    "the beam tests at the spring meeting",
    "my sister's school needs a speaker on bridges",
    "kind regards from the lake 🙂",
];

/// 20,000 messages of about 250 bytes in 4,000 conversations, each text different.
fn messages() -> String {
    let mut file = String::from(
        "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,ATTACHMENTS\n",
    );
    let me = "Marta Lindqvist,https://www.linkedin.com/in/marta-lindqvist";
    let mut state = 7u64;
    let mut below = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for i in 0..20_000usize {
        let (thread, turn) = (i / 5, i % 5);
        let other = format!("Person {thread},https://www.linkedin.com/in/person-{thread}");
        let (from, to) = if turn == 2 { (me, &*other) } else { (&*other, me) };
        let text = (0..6).map(|_| PARTS[below(PARTS.len())]).collect::<Vec<_>>();
        let date = format!(
            "2025-{:02}-{:02} {:02}:{turn:02}:00 UTC",
            thread % 12 + 1,
            thread % 28 + 1,
            thread % 24
        );
        writeln!(
            file,
            "2-{thread},,{from},{to},{date},,\"{}\n{i}\",INBOX,",
            text.join(",\n")
        )
        .expect("a string");
    }
    file
}

fn read(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let text = messages();
    let file = folder.path().join("messages.csv");
    std::fs::write(&file, &text).expect("a file");
    let zipped = folder.path().join("archive.zip");
    let mut zip = zip::ZipWriter::new(File::create(&zipped).expect("a file"));
    zip.start_file("messages.csv", SimpleFileOptions::default())
        .expect("an entry");
    zip.write_all(text.as_bytes()).expect("bytes");
    zip.finish().expect("a zip");

    let options = || Options::new().me("marta-lindqvist");
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
    for (name, path) in [("csv", &file), ("zip", &zipped)] {
        group.bench_function(format!("open {name}"), |b| {
            b.iter(|| Archive::open(black_box(path), options()).expect("an archive"));
        });
        let archive = Archive::open(path, options()).expect("an archive");
        assert_eq!(archive.len(), 20_000);
        group.bench_function(format!("messages {name}"), |b| {
            b.iter(|| {
                archive
                    .messages()
                    .map(|item| item.expect("a message").message.body.text().map_or(0, str::len))
                    .sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
