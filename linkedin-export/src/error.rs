//! Why an archive cannot be read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An archive cannot be read. `Display` says what is wrong and where, [`help`](Self::help) what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("`{}`: {kind}", path.display())]
pub struct ArchiveError {
    path: PathBuf,
    #[source]
    kind: Box<Kind>,
}

impl ArchiveError {
    pub(crate) fn new(path: &Path, kind: impl Into<Kind>) -> Self {
        Self {
            path: path.to_owned(),
            kind: Box::new(kind.into()),
        }
    }

    /// The archive.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What to do about it, one sentence.
    pub fn help(&self) -> &'static str {
        match &*self.kind {
            Kind::Io { .. } => "check that the file exists and may be read",
            Kind::NotAnArchive | Kind::NothingToRead | Kind::OtherCsv(_) => {
                "give the zip that LinkedIn sends for \"Get a copy of your data\", the folder it unpacks to, or its \
                 messages.csv or Invitations.csv"
            }
            Kind::BrokenZip(_) | Kind::Damaged { .. } => {
                "the file is damaged or incomplete; download it again, or ask LinkedIn for a new copy"
            }
            Kind::Encrypted(_) => "unpack it with its password, and give the folder",
            Kind::Compression(_) => "unpack it, and give the folder",
            Kind::TooLarge { .. } | Kind::TooLargeInAll { .. } | Kind::Ratio { .. } | Kind::TooManyRows { .. } => {
                "no export of LinkedIn is like this; if you trust the file, raise the limit in `Limits`"
            }
            Kind::Changed(_) => "read the archive again",
            Kind::NoOwner | Kind::SeveralOwners(_) => {
                "say who you are: your profile address, or your name as LinkedIn shows it"
            }
            Kind::UnknownMe(_) => "check the spelling, or give your profile address",
        }
    }

    /// Whether it is not clear whose archive it is, so that [`Options::me`](crate::Options::me) must say it.
    pub fn is_owner_unclear(&self) -> bool {
        matches!(&*self.kind, Kind::NoOwner | Kind::SeveralOwners(_) | Kind::UnknownMe(_))
    }

    /// Who might be the owner, if that is not clear: profile addresses or names, in the order of the alphabet.
    pub fn candidates(&self) -> &[String] {
        match &*self.kind {
            Kind::SeveralOwners(candidates) => candidates,
            _ => &[],
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Kind {
    #[error("{what} cannot be read")]
    Io {
        what: String,
        #[source]
        source: std::io::Error,
    },
    #[error("this is no zip, no folder and no file of LinkedIn's data archive")]
    NotAnArchive,
    #[error("there is no messages.csv and no Invitations.csv in it that can be read")]
    NothingToRead,
    #[error("this is {0} of LinkedIn's data archive, which holds no messages")]
    OtherCsv(&'static str),
    #[error("the zip is not complete: {0}")]
    BrokenZip(String),
    #[error("`{file}` is damaged after row {row}: {reason}")]
    Damaged { file: Arc<str>, row: u64, reason: String },
    #[error("`{0}` is encrypted")]
    Encrypted(Arc<str>),
    #[error("`{0}` is compressed in a way that is not read here")]
    Compression(Arc<str>),
    #[error("`{file}` is {size} bytes long; the limit is {limit}")]
    TooLarge { file: Arc<str>, size: u64, limit: u64 },
    #[error("the files are {size} bytes long together; the limit is {limit}")]
    TooLargeInAll { size: u64, limit: u64 },
    #[error("`{file}` says it unpacks to {ratio} times its size; the limit is {limit} times")]
    Ratio { file: Arc<str>, ratio: u64, limit: u64 },
    #[error("`{file}` has more than {limit} rows")]
    TooManyRows { file: Arc<str>, limit: u64 },
    #[error("`{0}` has changed while it was read")]
    Changed(Arc<str>),
    #[error("it does not say whose archive it is")]
    NoOwner,
    #[error("it could be the archive of {}", .0.join(" or of "))]
    SeveralOwners(Vec<String>),
    #[error("nobody in it is `{0}`")]
    UnknownMe(String),
}
