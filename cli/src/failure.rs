//! How a command can end.

use std::io;

use huckster::eval::CorpusError;
use huckster::{Diagnostic, RuleSetError};
use huckster_linkedin_export::ArchiveError;

/// How a command ended that ran through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// Something in the input was bad; what it was has been said already.
    Bad,
}

impl Outcome {
    /// Bad if `bad`.
    pub(crate) fn bad_if(bad: bool) -> Self {
        if bad { Self::Bad } else { Self::Fine }
    }
}

/// Why a command could not run through.
#[derive(Debug)]
pub(crate) enum Failure {
    /// To be told in one sentence.
    Message(String),
    /// Rule files with problems.
    Diagnostics(Vec<Diagnostic>),
    /// A corpus with problems.
    Corpus(CorpusError),
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// A file or standard input cannot be read.
    pub(crate) fn unreadable(name: &str, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            _ => error.to_string(),
        };
        Self::Message(format!("cannot read {name}: {why}"))
    }
}

impl From<io::Error> for Failure {
    /// Errors of reading are turned into messages where they happen, so what is left is writing.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<CorpusError> for Failure {
    fn from(error: CorpusError) -> Self {
        Self::Corpus(error)
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let help = match error.is_owner_unclear() {
            true => "; use --me",
            false => "",
        };
        Self::Message(format!("{error}: {}{help}", error.help()))
    }
}

impl From<RuleSetError> for Failure {
    fn from(error: RuleSetError) -> Self {
        Self::Diagnostics(error.diagnostics().to_vec())
    }
}
