//! huckster beside other ways to find the same phrases, in one run, on the same messages.
//!
//! ```text
//! cargo build --release -p huckster-cli
//! cargo run --release --features yara --manifest-path benches/peers/Cargo.toml -- --tool target/release/huckster --write BENCHMARKS.md
//! ```
//!
//! Contenders take turns, round after round, so that a machine whose speed drifts is slow for all of them; what counts is
//! the ratio within a round. Without `--write` the tables go to standard output. `--tool` adds start-up and
//! `judge --jsonl` of the command line tool.

mod contenders;
mod messages;
mod report;
mod scaling;
mod stages;

use std::path::PathBuf;
use std::process::ExitCode;

/// Rounds of all contenders.
const ROUNDS: usize = 11;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (mut target, mut tool) = (None, None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            // What callgrind runs.
            stages::COUNTED => return stages::run_counted(),
            report::BUILD => {
                report::print_build();
                return ExitCode::SUCCESS;
            }
            "--write" => target = args.next().map(PathBuf::from),
            "--tool" => tool = args.next().map(PathBuf::from),
            _ => {
                eprintln!("unknown option `{arg}`; there are --write FILE and --tool FILE");
                return ExitCode::from(2);
            }
        }
    }
    match report::run(ROUNDS, target.as_deref(), tool.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
