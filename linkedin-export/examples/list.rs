//! What an archive holds: `cargo run --example list -- ARCHIVE [WHO I AM]`.

#![allow(clippy::print_stdout, clippy::print_stderr)] // An example is there to print.

use std::collections::BTreeMap;

use huckster_linkedin_export::{Archive, ArchiveError, Options};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments
        .next()
        .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/2026").to_owned());
    let options = arguments.next().map_or_else(Options::new, |me| Options::new().me(me));
    if let Err(error) = list(&path, options) {
        eprintln!("{error}\nhelp: {}", error.help());
        std::process::exit(1);
    }
}

fn list(path: &str, options: Options) -> Result<(), ArchiveError> {
    let archive = Archive::open(path, options)?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for item in archive.messages() {
        let item = item?;
        *counts
            .entry(format!("{} {:?}", item.message.channel.name(), item.direction))
            .or_default() += 1;
    }
    for (kind, n) in counts {
        println!("{n:>9} {kind}");
    }
    print!("{}", archive.report());
    Ok(())
}
