//! Shell completions and manual pages.

use std::io::{self, Write as _};

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Cli;
use crate::failure::{Failure, Outcome};

/// Prints the completions for a shell.
pub(crate) fn completions(shell: Shell) -> Result<Outcome, Failure> {
    // clap_complete cannot report that a pipe is closed, so it writes to memory.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "huckster", &mut text);
    print(&text)
}

/// Prints the manual page of huckster or of one of its commands.
pub(crate) fn page(path: &[String]) -> Result<Outcome, Failure> {
    let mut root = Cli::command();
    root.build();
    let mut command = &root;
    for name in path {
        command = command.find_subcommand(name).ok_or_else(|| {
            let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
            let under = command.get_bin_name().unwrap_or("huckster");
            Failure::Message(format!(
                "`{under}` has no command `{name}`; it has: {}",
                known.join(", ")
            ))
        })?;
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone())
        .source(concat!("huckster ", env!("CARGO_PKG_VERSION")))
        .render(&mut text)?;
    print(&text)
}

fn print(text: &[u8]) -> Result<Outcome, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()?;
    Ok(Outcome::Fine)
}
