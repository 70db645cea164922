//! The command line as clap sees it; help, completions and the manual come from here.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use huckster::{CostMatrix, Policy, Timestamp};

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
  huckster triage Basic_LinkedInDataExport.zip --html report.html
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
    /// Find the messages of a file or archive that are copies of one template
    ///
    /// Names, companies, numbers and links may differ, and some of the words. LinkedIn's own texts are never a campaign.
    Campaigns(Campaigns),
    /// Judge the messages of LinkedIn's data archive, and say who only wants to sell
    ///
    /// Prints a summary and the messages to look at first; writes one page with all of it, JSON or CSV. Nothing leaves this
    /// machine.
    Triage(Triage),
    /// Look at a draft before it is sent: how it would read, and what to do instead
    ///
    /// Ends with status 1 if the draft would not be accepted, or cannot be sent as it is: a template variable is left over,
    /// it is too long, or there is no text.
    Lint(Lint),
    /// Say that a verdict was wrong: what is right for a message is kept in your preferences, without its text
    ///
    /// What is kept is the id of the message and, with --from, its sender and time.
    Teach(Teach),
    /// Look at rules, and check rule files
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Measure how good a rule set is on labelled messages
    ///
    /// Reads labelled messages, judges them, and prints what is worth knowing: genuine messages declined, ranking,
    /// calibration, what each rule is worth, and how fast the rules are.
    Bench(Bench),
    /// Compare two rule sets on the same labelled messages
    ///
    /// Says whether B is really better than A, or how many more messages it takes to tell, and lists the messages that
    /// are decided differently.
    Compare(Compare),
    /// Fit weights to labelled messages, and write them as a model
    ///
    /// The model is used with `--rules model.toml`, like a rule file.
    Fit(Fit),
    /// Look at labelled messages themselves
    #[command(subcommand)]
    Corpus(CorpusCommand),
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
  huckster judge inbox.jsonl --preferences preferences.toml
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

    #[command(flatten)]
    pub(crate) preferences: PreferencesFile,
}

/// Options of `huckster campaigns`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster campaigns inbox.jsonl
  huckster campaigns Basic_LinkedInDataExport.zip
  huckster campaigns inbox.jsonl --json | jq -r '.ids[]'")]
pub(crate) struct Campaigns {
    /// Messages: one JSON message a line, a .json file with a list of them, `-` for lines on standard input, or LinkedIn's
    /// data archive as zip or folder, of which the incoming messages are looked at
    #[arg(value_name = "FILE|ARCHIVE")]
    pub(crate) file: PathBuf,

    /// Whose archive it is, if that is not clear: the address of the profile, or the name as LinkedIn shows it
    #[arg(long, value_name = "URL|NAME")]
    pub(crate) me: Option<String>,

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

/// Options of `huckster triage`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster triage Basic_LinkedInDataExport.zip
  huckster triage Basic_LinkedInDataExport.zip --html report.html
  huckster triage export/ --since 2026-01-01 --sort decision --list 20
  huckster triage export/ --mine me.json --facts people.jsonl --csv inbox.csv
  huckster triage export/ --json | jq -r 'select(.decision == \"decline\").from.name'

Each line of --facts is a JSON object about one person: `profile_url` or `name`, and what you know of `headline`, `about`,
`services`, `connections`, `followers`, `account_age_days`, `verified`, `open_to_work`, `creator`, `premium`,
`mutual_connections`, `shared_groups`, `shared_events`, `have_met`, `is_customer`.")]
pub(crate) struct Triage {
    /// The archive: the zip that LinkedIn sends, the folder it unpacks to, or its messages.csv or Invitations.csv
    #[arg(value_name = "ARCHIVE")]
    pub(crate) archive: PathBuf,

    /// Write one self-contained page with every message, its evidence, senders, campaigns and charts
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Messages that the page shows one by one, the newest ones; its figures and charts count all
    #[arg(long, value_name = "N", default_value_t = 20_000, requires = "html")]
    pub(crate) page_messages: usize,

    /// Write one JSON verdict a line, with `source`, `from`, `at`, in the order of the archive
    #[arg(long)]
    pub(crate) json: bool,

    /// Write a table for spreadsheets, in the order of the archive; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,

    /// Leave out what was sent before this day (UTC); what has no readable date stays in
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) since: Option<Timestamp>,

    /// Whose archive it is, if that is not clear: the address of the profile, or the name as LinkedIn shows it
    #[arg(long, value_name = "URL|NAME")]
    pub(crate) me: Option<String>,

    /// What the archive does not say about its owner, such as headline and services: a JSON profile
    #[arg(long, value_name = "FILE")]
    pub(crate) mine: Option<PathBuf>,

    /// What the archive does not say about others, such as headlines: one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,

    /// What comes first in the list and on the page
    #[arg(long, value_enum, default_value_t = Sort::Oldest, conflicts_with = "json")]
    pub(crate) sort: Sort,

    /// Messages that the terminal shows one by one
    #[arg(long, value_name = "N", default_value_t = 10, conflicts_with = "json")]
    pub(crate) list: usize,

    /// Threads; the output is the same for any number [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// How sure to be before declining
    #[arg(long, value_enum, default_value_t = PolicyName::Balanced)]
    pub(crate) policy: PolicyName,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    #[command(flatten)]
    pub(crate) preferences: PreferencesFile,
}

/// An order of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// What is left for you to decide, the oldest first; on the page then the others
    Oldest,
    /// Declined, left for review, accepted; the plainest cases first
    Decision,
}

fn day(text: &str) -> Result<Timestamp, String> {
    let full = if text.len() == 10 {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    };
    full.parse()
        .map_err(|_| "there is no such day; write it as 2026-01-31".to_owned())
}

/// Which rules are used.
#[derive(Debug, Args)]
pub(crate) struct RuleFiles {
    /// Lay the rules of a file or folder over the built-in ones; may be given several times. A model written by `huckster
    /// fit` is laid over them too
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) rules: Vec<PathBuf>,

    /// Use the built-in rules with the weights that people gave them, without the fitted model
    #[arg(long, conflicts_with = "no_builtin")]
    pub(crate) by_hand: bool,

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

/// Labelled messages.
#[derive(Debug, Args)]
pub(crate) struct CorpusFiles {
    /// Labelled messages: a .jsonl or .csv file, or a folder of .jsonl files; may be given several times
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) corpus: Vec<PathBuf>,

    /// Ignore JSON keys that no corpus has
    #[arg(long)]
    pub(crate) lenient: bool,

    /// Go on without the messages that cannot be read
    #[arg(long)]
    pub(crate) skip_bad: bool,

    /// CSV: the column that holds a key, such as `text=Body` or `sender.headline=Title`
    #[arg(long, value_name = "KEY=COLUMN", value_parser = pair)]
    pub(crate) column: Vec<(String, String)>,

    /// CSV: the label that a value stands for, such as `spam=pitch`
    #[arg(long, value_name = "VALUE=LABEL", value_parser = pair)]
    pub(crate) label: Vec<(String, String)>,

    /// CSV: what separates the cells, if it cannot be seen
    #[arg(long, value_name = "CHAR")]
    pub(crate) delimiter: Option<char>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("write it as LEFT=RIGHT")?;
    if left.is_empty() || right.is_empty() {
        return Err("one side of the = is empty".to_owned());
    }
    Ok((left.to_owned(), right.to_owned()))
}

/// How measures are taken.
#[derive(Debug, Args)]
pub(crate) struct Measuring {
    /// Where the bootstrap starts; equal seeds give equal intervals
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,

    /// Share of pitches in your inbox, for which precision is restated
    #[arg(long, value_name = "SHARE", default_value_t = 0.3, value_parser = share)]
    pub(crate) prevalence: f64,

    /// What a wrong decline, a wrong accept and a look cost
    #[arg(long, value_name = "DECLINE,ACCEPT,LOOK", value_parser = costs, default_value = "10,1,0.2")]
    pub(crate) costs: CostMatrix,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text
        .parse()
        .map_err(|_| "a share is a number between 0 and 1".to_owned())?;
    if share > 0.0 && share < 1.0 {
        Ok(share)
    } else {
        Err("a share is a number between 0 and 1".to_owned())
    }
}

fn costs(text: &str) -> Result<CostMatrix, String> {
    let wrong = "three numbers of at least 0, as in 10,1,0.2";
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    match numbers.as_deref() {
        Ok([false_decline, false_accept, review])
            if [false_decline, false_accept, review].iter().all(|n| **n >= 0.0) =>
        {
            Ok(CostMatrix {
                false_decline: *false_decline,
                false_accept: *false_accept,
                review: *review,
            })
        }
        _ => Err(wrong.to_owned()),
    }
}

/// Options of `huckster bench`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster bench --corpus corpus/
  huckster bench --corpus mine.jsonl --rules acme.toml --html report.html
  huckster bench --corpus mail.csv --column text=Body --label spam=pitch --label ham=genuine
  huckster bench --corpus mine.jsonl --set acme.toml --set acme-strict.toml
  huckster bench --corpus mine.jsonl --write-hits mine.hits.jsonl --anonymous
  huckster bench --hits mine.hits.jsonl --json | jq .roc_auc.pitch_vs_genuine")]
pub(crate) struct Bench {
    #[command(flatten)]
    pub(crate) corpus: CorpusFiles,

    /// A hit log instead of messages; several are pooled
    #[arg(long, value_name = "FILE", conflicts_with_all = ["corpus", "rules", "set", "by_hand"], required_unless_present = "corpus")]
    pub(crate) hits: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    /// Measure one more set beside it: these files over the same ground; may be given several times
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) set: Vec<PathBuf>,

    /// How sure to be before declining
    #[arg(long, value_enum, default_value_t = PolicyName::Balanced)]
    pub(crate) policy: PolicyName,

    #[command(flatten)]
    pub(crate) measuring: Measuring,

    /// Leave nothing out one by one
    #[arg(long)]
    pub(crate) no_ablation: bool,

    /// Do not measure how fast the rules are
    #[arg(long)]
    pub(crate) no_speed: bool,

    /// Write everything as JSON
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,

    /// Write everything as Markdown
    #[arg(long)]
    pub(crate) markdown: bool,

    /// Write a page with pictures to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Write the table of rules to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,

    /// Write the hit log, which holds no text, to this file; as a table if its name ends in .csv
    #[arg(long, value_name = "FILE", conflicts_with = "hits")]
    pub(crate) write_hits: Option<PathBuf>,

    /// Write numbers in place of ids and cluster names into the hit log
    #[arg(long, requires = "write_hits")]
    pub(crate) anonymous: bool,
}

/// Options of `huckster compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
A and B are files laid over the built-in rules, or one of these words: `builtin` for the built-in rules as they are, `hand`
for the built-in rules with the weights that people gave them. Without --a, A is the built-in rules.

Examples:
  huckster compare --corpus mine.jsonl --b acme.toml
  huckster compare --corpus corpus/ --a hand --b builtin
  huckster compare --corpus mine.jsonl --a acme.toml --b acme.toml model.toml --json
  huckster compare --corpus corpus/ --no-builtin --a old/rules --b rules")]
pub(crate) struct Compare {
    #[command(flatten)]
    pub(crate) corpus: CorpusFiles,

    /// The first set
    #[arg(long, value_name = "FILE|DIR", num_args = 1..)]
    pub(crate) a: Vec<PathBuf>,

    /// The second set
    #[arg(long, value_name = "FILE|DIR", num_args = 1.., required_unless_present = "hits")]
    pub(crate) b: Vec<PathBuf>,

    /// Two hit logs instead of messages and rules: A and B
    #[arg(long, value_name = "FILE", num_args = 2, conflicts_with_all = ["corpus", "a", "b"], required_unless_present = "corpus")]
    pub(crate) hits: Vec<PathBuf>,

    /// A and B stand alone, without the built-in rules below
    #[arg(long)]
    pub(crate) no_builtin: bool,

    /// How sure to be before declining
    #[arg(long, value_enum, default_value_t = PolicyName::Balanced)]
    pub(crate) policy: PolicyName,

    #[command(flatten)]
    pub(crate) measuring: Measuring,

    /// Write everything as JSON
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,

    /// Write everything as Markdown
    #[arg(long)]
    pub(crate) markdown: bool,

    /// Show at most so many changed messages
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) changed: usize,
}

/// Options of `huckster fit`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster fit --corpus mine.jsonl -o model.toml
  huckster judge inbox.jsonl --rules model.toml
  huckster fit --corpus mine.jsonl --rules acme.toml -o model.toml --report fit.md --date 2026-11-25
  huckster fit --corpus mine.jsonl --preferences preferences.toml -o model.toml
  huckster fit --wording --corpus mine.jsonl -o mine.model
  huckster judge inbox.jsonl --rules mine.model")]
pub(crate) struct Fit {
    #[command(flatten)]
    pub(crate) corpus: CorpusFiles,

    /// A hit log instead of messages; several are pooled
    #[arg(long, value_name = "FILE", conflicts_with_all = ["corpus", "rules", "by_hand", "preferences"], required_unless_present = "corpus")]
    pub(crate) hits: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    #[command(flatten)]
    pub(crate) preferences: PreferencesFile,

    /// Where to write the model; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// Train the detector `wording` instead: which sequences of words tell pitches from letters
    #[arg(long, conflicts_with_all = ["hits", "report", "genuine_share"])]
    pub(crate) wording: bool,

    /// With --wording: also train on parts of the messages, to show what more of them would bring
    #[arg(long, requires = "wording")]
    pub(crate) learning_curve: bool,

    /// With --learning-curve: where to write it as a picture
    #[arg(long, value_name = "FILE.svg", requires = "learning_curve")]
    pub(crate) picture: Option<PathBuf>,

    /// Where to write the report, in Markdown
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    /// Write the report as JSON to standard output
    #[arg(long)]
    pub(crate) json: bool,

    /// A name for the model, shown in verdicts
    #[arg(long, value_name = "NAME")]
    pub(crate) id: Option<String>,

    /// The day, for the provenance
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,

    /// Folds of the cross-validation
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=50))]
    pub(crate) folds: u8,

    /// Rules that fired in fewer independent clusters keep their weight [default: 5]; with --wording, sequences that stand
    /// in fewer are left out [default: 3]
    #[arg(long, value_name = "N")]
    pub(crate) minimum_clusters: Option<usize>,

    /// Rules that keep their weight, such as `persona.*`; may be given several times
    #[arg(long, value_name = "RULE")]
    pub(crate) keep: Vec<String>,

    /// How much a generic message counts; its aim is the middle of the review band
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    pub(crate) generic_share: f64,

    /// How much more a genuine message counts than a pitch; above 1 to decline less
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    pub(crate) genuine_share: f64,

    /// How sure to be before declining
    #[arg(long, value_enum, default_value_t = PolicyName::Balanced)]
    pub(crate) policy: PolicyName,

    #[command(flatten)]
    pub(crate) measuring: Measuring,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CorpusCommand {
    /// Check labelled messages: errors, near-duplicates, and signs that give the labels away
    #[command(after_help = "\
Examples:
  huckster corpus check --corpus corpus/
  huckster corpus check --corpus mine.jsonl --against other.jsonl")]
    Check(CorpusCheck),
    /// Compare today's verdicts with recorded ones
    ///
    /// Ends with status 1 if a genuine message is declined that is not listed as intended, or if the record is out of date.
    #[command(after_help = "\
Examples:
  huckster corpus verdicts --corpus corpus/ --record corpus/verdicts.csv --intended corpus/intended.txt
  huckster corpus verdicts --corpus corpus/ --record corpus/verdicts.csv --update")]
    Verdicts(Verdicts),
}

/// Options of `huckster corpus check`.
#[derive(Debug, Args)]
pub(crate) struct CorpusCheck {
    #[command(flatten)]
    pub(crate) corpus: CorpusFiles,

    /// Look for near-duplicates in these labelled messages too
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) against: Vec<PathBuf>,

    /// Messages are near-duplicates from this share of common runs of three words on
    #[arg(long, value_name = "SHARE", default_value_t = 0.3, value_parser = share)]
    pub(crate) similarity: f64,

    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Options of `huckster corpus verdicts`.
#[derive(Debug, Args)]
pub(crate) struct Verdicts {
    #[command(flatten)]
    pub(crate) corpus: CorpusFiles,

    /// The recorded verdicts
    #[arg(long, value_name = "FILE")]
    pub(crate) record: PathBuf,

    /// Ids of genuine messages that may be declined, one a line, each with its reason after a space
    #[arg(long, value_name = "FILE")]
    pub(crate) intended: Option<PathBuf>,

    /// Write today's verdicts into the record
    #[arg(long)]
    pub(crate) update: bool,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,
}

/// What one person wants, whatever the score.
#[derive(Debug, Args)]
pub(crate) struct PreferencesFile {
    /// Your preferences: who is always welcome or never, recruiters, weights of detectors, and what `huckster teach` kept
    #[arg(long, value_name = "FILE")]
    pub(crate) preferences: Option<PathBuf>,
}

/// Options of `huckster lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster lint \"Hi Ana, your talk on grid data settled an argument here. Are the slides public?\"
  huckster lint - --channel invitation --for ana.json --from me.json < note.txt
  huckster lint - --json < note.txt | jq -r '.findings[].advice'

Exit status: 0 if the draft would be accepted, 1 if not, 2 for a wrong command line.")]
pub(crate) struct Lint {
    /// The draft, a file with one, or `-` for standard input
    pub(crate) draft: String,

    /// How it will be sent, which sets the limit of its length [default: a message of up to 8,000 characters]
    #[arg(long, value_enum, value_name = "CHANNEL")]
    pub(crate) channel: Option<ChannelName>,

    /// The subject of an InMail
    #[arg(long, value_name = "TEXT")]
    pub(crate) subject: Option<String>,

    /// Who will get it: a JSON profile
    #[arg(long = "for", value_name = "FILE")]
    pub(crate) recipient: Option<PathBuf>,

    /// Who sends it: your own JSON profile
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,

    /// Write the report as JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// How sure the reader is before declining
    #[arg(long, value_enum, default_value_t = PolicyName::Balanced)]
    pub(crate) policy: PolicyName,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,
}

/// How a draft will be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChannelName {
    /// The note of a connection request: 300 characters, 200 from a free account
    Invitation,
    /// A message to a connection: 8,000 characters
    Direct,
    /// An InMail: 1,900 characters, and 200 for the subject
    #[value(name = "inmail")]
    InMail,
}

/// Options of `huckster teach`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huckster teach m7 accept --preferences preferences.toml --from inbox.jsonl
  huckster teach m7 forget --preferences preferences.toml
  huckster judge inbox.jsonl --preferences preferences.toml

Nothing else is written or sent. With --from, the sender (the address of the profile, or the
name) and the time are kept too: ids of an archive are rows of a file, and another message may
stand there the next time.")]
pub(crate) struct Teach {
    /// The id of the message
    pub(crate) id: String,

    /// What is right for it
    #[arg(value_enum)]
    pub(crate) decision: TaughtDecision,

    /// The file to keep it in; it is made if it is not there
    #[arg(long, value_name = "FILE")]
    pub(crate) preferences: PathBuf,

    /// The messages, or verdicts with sender and time, among which it is: .jsonl, or .json with a list
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
}

/// What is right for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TaughtDecision {
    /// It is welcome
    Accept,
    /// It is not
    Decline,
    /// Take back what was taught; the score decides again
    Forget,
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
