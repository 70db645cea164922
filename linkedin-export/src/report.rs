//! What was read and what could not be.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Problems kept with their place; more are counted only.
const KEPT: usize = 1000;

/// What was read and what could not be. `Display` is a summary of a few lines.
///
/// Every problem is counted. The first 1,000 are kept with file and row.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) files: Vec<FileReport>,
    pub(crate) drafts: u64,
    pub(crate) merged_notes: u64,
    pub(crate) hidden_connections: u64,
    problems: Vec<Problem>,
    counts: BTreeMap<(Arc<str>, Reason), u64>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileReport {
    /// Its name in the archive.
    pub file: Arc<str>,
    /// Rows under the header; blank ones are not counted.
    pub rows: u64,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The name of the file in the archive.
    pub file: Arc<str>,
    /// The row, counted like [`Source::row`](crate::Source::row); `None` if it concerns the whole file.
    pub row: Option<u64>,
    /// What is wrong.
    pub reason: Reason,
    /// The value that is wrong, at most 60 characters of it.
    pub value: Option<String>,
}

/// Why something could not be read. `Display` is a sentence without a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The date is missing or not understood. The message is there, without a time.
    Date,
    /// It is not clear who wrote to whom. The row is left out.
    Direction,
    /// The row has fewer fields than needed. It is left out.
    ShortRow,
    /// The row has more fields than the header, so they cannot be told apart. It is left out.
    LongRow,
    /// The row is longer than the limit, or a quotation mark is never closed. It is left out.
    RowTooLong,
    /// The file ends within the row. It is left out.
    CutOff,
    /// The file has no header that is known. It is left out.
    Header,
    /// There is another file of this kind, which was read. This one is left out.
    SecondFile,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Date => "the date is not understood; read without it",
            Self::Direction => "it is not clear who wrote to whom; left out",
            Self::ShortRow => "too few fields; left out",
            Self::LongRow => "more fields than the header has; left out",
            Self::RowTooLong => "longer than the limit, or a quotation mark is never closed; left out",
            Self::CutOff => "the file ends within this row; left out",
            Self::Header => "no header of LinkedIn's was found; file left out",
            Self::SecondFile => "there is another file of this kind; file left out",
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        write!(f, ": {}", self.reason)?;
        match &self.value {
            Some(value) => write!(f, " ({value:?})"),
            None => Ok(()),
        }
    }
}

impl Report {
    /// The files that were read, in the order of reading.
    pub fn files(&self) -> &[FileReport] {
        &self.files
    }

    /// Drafts, which nobody sent and which are left out.
    pub fn drafts(&self) -> u64 {
        self.drafts
    }

    /// Notes of invitations that were also the first message of a thread; each is one message.
    pub fn merged_notes(&self) -> u64 {
        self.merged_notes
    }

    /// Rows of `Connections.csv` of people who have hidden or closed their account: nothing but a date.
    pub fn hidden_connections(&self) -> u64 {
        self.hidden_connections
    }

    /// The first 1,000 problems, in the order of reading.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// All problems counted, by file and reason, in the order of the alphabet.
    pub fn counts(&self) -> impl Iterator<Item = (&str, Reason, u64)> {
        self.counts.iter().map(|((file, reason), n)| (&**file, *reason, *n))
    }

    /// How many problems there are.
    pub fn problem_count(&self) -> u64 {
        self.counts.values().sum()
    }

    pub(crate) fn add(&mut self, file: &Arc<str>, row: Option<u64>, reason: Reason, value: Option<&str>) {
        *self.counts.entry((file.clone(), reason)).or_default() += 1;
        if self.problems.len() < KEPT {
            self.problems.push(Problem {
                file: file.clone(),
                row,
                reason,
                value: value.map(|v| v.chars().take(60).collect()),
            });
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            writeln!(f, "{}: {} rows", file.file, file.rows)?;
        }
        for (n, what) in [
            (self.drafts, "drafts left out"),
            (self.merged_notes, "notes that are also the first message of a thread"),
            (self.hidden_connections, "connections without name"),
        ] {
            if n > 0 {
                writeln!(f, "{n} {what}")?;
            }
        }
        for (file, reason, n) in self.counts() {
            writeln!(f, "{file}: {n} x {reason}")?;
        }
        Ok(())
    }
}
