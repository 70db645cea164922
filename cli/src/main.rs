//! The command line tool of huckster: reads arguments and files, and shows what the library says.

mod args;
mod bench;
mod campaigns;
mod check;
mod compare;
mod console;
mod corpus;
mod failure;
mod fit;
mod input;
mod jsonl;
mod judge;
mod lint;
mod manual;
mod overview;
mod preferences;
mod progress;
mod render;
mod report;
mod rules;
mod setup;
mod teach;
mod triage;
mod verdicts;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command, CorpusCommand, RulesCommand};
use crate::console::Console;
use crate::failure::{Failure, Outcome};

/// Messages are read on one thread, judged on others and let go on a third: the usual allocator of glibc spends a fifth of the
/// time of `triage` on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let console = Console::new(cli.color);
    let result = match &cli.command {
        Command::Judge(args) => judge::run(args, &console),
        Command::Campaigns(args) => campaigns::run(args, &console),
        Command::Triage(args) => triage::run(args, &console),
        Command::Lint(args) => lint::run(args, &console),
        Command::Teach(args) => teach::run(args, &console),
        Command::Rules(RulesCommand::List(args)) => rules::list(args, &console),
        Command::Rules(RulesCommand::Show(args)) => rules::show(args, &console),
        Command::Rules(RulesCommand::Check(args)) => check::run(args, &console),
        Command::Bench(args) => bench::run(args, &console),
        Command::Compare(args) => compare::run(args, &console),
        Command::Fit(args) => fit::run(args, &console),
        Command::Corpus(CorpusCommand::Check(args)) => corpus::check(args, &console),
        Command::Corpus(CorpusCommand::Verdicts(args)) => verdicts::run(args, &console),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man { command } => manual::page(command),
    };
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Bad) => ExitCode::FAILURE,
        // The reader of our output has seen enough, as `head` has.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            console.failure(&failure);
            ExitCode::FAILURE
        }
    }
}
