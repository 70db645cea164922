//! What is wrong with a rule file, and where, printed like a compiler message.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

/// The text of a rule file with its name, kept for messages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Where in a rule file something stands.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) source: Arc<Source>,
    pub(crate) span: Range<usize>,
}

impl Origin {
    /// Line and column, both counted from 1, the column in characters.
    fn position(&self) -> (usize, usize) {
        let before = self.source.text.get(..self.span.start).unwrap_or(&self.source.text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        (line, before[start..].chars().count() + 1)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.position();
        write!(f, "{}:{line}:{column}", self.source.name)
    }
}

/// The kind of a problem; codes are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// HK001: the file is not TOML (or JSON).
    Syntax,
    /// HK002: a key that nothing reads.
    UnknownKey,
    /// HK003: a key that must be there is not.
    MissingKey,
    /// HK004: a value of the wrong type or out of its range.
    WrongValue,
    /// HK010: an id is malformed, taken, or in a reserved namespace.
    BadId,
    /// HK011: refers to a rule, group, role or list that does not exist.
    UnknownReference,
    /// HK012: combos refer to each other in a circle.
    ComboCycle,
    /// HK020: a weight is out of range or has more than three decimals.
    BadWeight,
    /// HK021: the sign of a weight does not fit the kind of its group.
    SignAgainstGroup,
    /// HK030: a phrase cannot be compiled.
    BadPhrase,
    /// HK031: a phrase is a duplicate, or is swallowed by another of its rule.
    DeadPhrase,
    /// HK040: an example did not fire, or a counter-example did.
    FailedExample,
    /// HK041: a rule has no example or no counter-example.
    MissingExample,
    /// HK042: no example uses a phrase.
    UntriedPhrase,
    /// HK050: an override matches nothing.
    DeadOverride,
    /// HK060: one rule alone crosses the decline line.
    LoneDecliner,
    /// HK070: a model belongs to other rules.
    ForeignModel,
}

impl Code {
    /// The code as printed, such as `HK011`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "HK001",
            Self::UnknownKey => "HK002",
            Self::MissingKey => "HK003",
            Self::WrongValue => "HK004",
            Self::BadId => "HK010",
            Self::UnknownReference => "HK011",
            Self::ComboCycle => "HK012",
            Self::BadWeight => "HK020",
            Self::SignAgainstGroup => "HK021",
            Self::BadPhrase => "HK030",
            Self::DeadPhrase => "HK031",
            Self::FailedExample => "HK040",
            Self::MissingExample => "HK041",
            Self::UntriedPhrase => "HK042",
            Self::DeadOverride => "HK050",
            Self::LoneDecliner => "HK060",
            Self::ForeignModel => "HK070",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look; the set loads.
    Warning,
    /// The rule, or the set, cannot be used.
    Error,
}

/// One problem in a rule file.
///
/// `Display` prints it with its source line and a marker, like a compiler message.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Byte range in the file.
    #[serde(skip)]
    pub span: Range<usize>,
    #[serde(skip)]
    source_line: String,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, severity: Severity, at: &Origin, message: impl Into<String>) -> Self {
        let (line, column) = at.position();
        Self {
            code,
            severity,
            file: at.source.name.clone(),
            line,
            column,
            message: message.into(),
            help: None,
            span: at.span.clone(),
            source_line: at.source.text.lines().nth(line - 1).unwrap_or("").to_owned(),
        }
    }

    pub(crate) fn error(code: Code, at: &Origin, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, at, message)
    }

    pub(crate) fn warning(code: Code, at: &Origin, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, at, message)
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" if there is a near name.
    #[must_use]
    pub(crate) fn did_you_mean<'k>(self, name: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        match crate::nearest::nearest(name, known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Whether the set cannot be used as it is.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = if self.is_error() { "error" } else { "warning" };
        writeln!(f, "{level}[{}]: {}", self.code, self.message)?;
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{margin}--> {}:{}:{}", self.file, self.line, self.column)?;
        // A line of thousands of characters helps nobody: show a window around the place.
        let skip = if self.column > 100 { self.column - 40 } else { 0 };
        let shown: String = self
            .source_line
            .chars()
            .skip(skip)
            .take(120)
            .map(|c| if c == '\t' { ' ' } else { c })
            .collect();
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}{shown}", if skip > 0 { "…" } else { "" })?;
        let room = shown.chars().count().saturating_sub(self.column - 1 - skip).max(1);
        let width = self.span.len().clamp(1, room);
        let indent = self.column - 1 - skip + usize::from(skip > 0);
        write!(f, "{margin} | {}{}", " ".repeat(indent), "^".repeat(width))?;
        if let Some(help) = &self.help {
            write!(f, "\n{margin} = help: {help}")?;
        }
        Ok(())
    }
}

/// All that is wrong with a rule set.
#[derive(Clone, Debug)]
pub struct RuleSetError {
    diagnostics: Vec<Diagnostic>,
}

impl RuleSetError {
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    /// The problems, errors and warnings, in the order of the files.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for RuleSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.diagnostics.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleSetError {}
