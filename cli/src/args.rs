//! The command line as clap sees it; help, completions and the manual come from here.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use huckster::Policy;

/// Judges connection requests and short professional messages: accept, review or decline, with the evidence.
#[derive(Debug, Parser)]
#[command(
    name = "huckster",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "\
Examples:
  huckster judge \"We help founders 10X their revenue. Worth a quick call?\"
  huckster judge inbox.jsonl
  huckster judge --jsonl inbox.jsonl > verdicts.jsonl
  huckster campaigns inbox.jsonl
  huckster rules show sales.pretext-flattery

Exit status: 0 if all is well, 1 if something in the input was bad, 2 for a wrong command line."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge a text, a file of messages, or a stream of messages
    ///
    /// A TEXT that names an existing file stands for what is in the file: .jsonl (one message a line) and .json (a message
    /// or a list of them) are sorted into decline, review and accept; any other file is read as one text.
    Judge(Judge),
    /// Find the messages of a file that are copies of one template
    ///
    /// Names, companies, numbers and links may differ, and some of the words. LinkedIn's own texts are never a campaign.
    Campaigns(Campaigns),
    /// Look at rules, and check rule files
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Print completions for a shell
    #[command(
        after_help = "Example:\n  huckster completions bash > ~/.local/share/bash-completion/completions/huckster"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page in roff
    #[command(after_help = "Examples:\n  huckster man | man -l -\n  huckster man rules check > huckster-rules-check.1")]
    Man {
        /// The command to describe; without one, all of huckster
        command: Vec<String>,
    },
}

/// Options of `huckster judge`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster judge \"Hi Ana, loved your post. Do you struggle to get leads?\"
  huckster judge - < note.txt
  huckster judge inbox.jsonl --policy strict --recipient me.json
  huckster judge --jsonl inbox.jsonl | jq -r 'select(.decision == \"decline\").id'
  huckster judge --trace automation.leftover-field \"Hi {{firstName}}\"")]
pub(crate) struct Judge {
    /// The text to judge, a file, or `-` for standard input
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub(crate) text: Option<String>,

    /// Judge one JSON message a line; write one JSON verdict a line. `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) jsonl: Option<PathBuf>,

    /// Threads for --jsonl; the output is the same for any number [default: all cores]
    #[arg(long, value_name = "N", conflicts_with = "text")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Write verdicts as JSON, one a line
    #[arg(long, conflicts_with = "jsonl")]
    pub(crate) json: bool,

    /// Say why this rule fired, or why it did not
    #[arg(long, value_name = "RULE_ID", conflicts_with_all = ["jsonl", "json"])]
    pub(crate) trace: Option<String>,

    /// Whose inbox it is: a JSON profile, used for messages that name no recipient
    #[arg(long, value_name = "FILE")]
    pub(crate) recipient: Option<PathBuf>,

    /// How sure to be before declining
    #[arg(long, value_enum, default_value_t = PolicyName::Balanced)]
    pub(crate) policy: PolicyName,

    /// Ignore JSON keys that no message has
    #[arg(long)]
    pub(crate) lenient: bool,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,
}

/// Options of `huckster campaigns`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster campaigns inbox.jsonl
  huckster campaigns inbox.jsonl --json | jq -r '.ids[]'")]
pub(crate) struct Campaigns {
    /// Messages: one JSON message a line, a .json file with a list of them, or `-` for lines on standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Leave out clusters with fewer copies
    #[arg(long, value_name = "COPIES", default_value = "2")]
    pub(crate) min: NonZeroU32,

    /// Write one JSON object a cluster
    #[arg(long)]
    pub(crate) json: bool,

    /// Ignore JSON keys that no message has
    #[arg(long)]
    pub(crate) lenient: bool,
}

/// Which rules are used.
#[derive(Debug, Args)]
pub(crate) struct RuleFiles {
    /// Lay the rules of a file or folder over the built-in ones; may be given several times
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) rules: Vec<PathBuf>,

    /// Use the files given with --rules alone
    #[arg(long, requires = "rules")]
    pub(crate) no_builtin: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules with their weights
    #[command(after_help = "\
Examples:
  huckster rules list --group ask
  huckster rules list --namespace acme --rules acme.toml")]
    List(List),
    /// Show all about one rule: weight, reason, phrases, examples
    #[command(after_help = "Example:\n  huckster rules show sales.pretext-flattery")]
    Show(Show),
    /// Check rule files and run their examples
    ///
    /// Each file is laid over the built-in rules, as `judge --rules` does, so that it may refer to them.
    #[command(after_help = "\
Examples:
  huckster rules check acme.toml
  huckster rules check --standalone my-own-rules/")]
    Check(Check),
}

/// Options of `huckster rules list`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only rules of this group, such as `offer`
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,

    /// Only rules of this namespace, the part of the id before the dot
    #[arg(long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,

    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,
}

/// Options of `huckster rules show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The rule, such as `sales.pretext-flattery`
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,
}

/// Options of `huckster rules check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Rule files, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    pub(crate) files: Vec<PathBuf>,

    /// The files are whole sets of their own: leave the built-in rules away
    #[arg(long)]
    pub(crate) standalone: bool,

    /// Write the problems as JSON to standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The policies that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyName {
    /// Declines sooner: for inboxes that drown
    Strict,
    /// Declines on plain evidence only
    Balanced,
    /// Declines the plainest cases only: for people who must not miss anyone
    Lenient,
}

impl PolicyName {
    /// The policy itself.
    pub(crate) fn policy(self) -> Policy {
        match self {
            Self::Strict => Policy::strict(),
            Self::Balanced => Policy::balanced(),
            Self::Lenient => Policy::lenient(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
