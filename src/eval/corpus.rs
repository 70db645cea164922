//! Labelled messages: reading them, and saying exactly what is wrong with a file.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::message::Message;
use crate::nearest::nearest;
use crate::preferences::Preferences;
use crate::ruleset::fnv1a;
use crate::score::Decision;

/// What the recipient thinks of a message, knowing how the world works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Sells, promotes, raises money or opens a sales sequence, also in disguise: should be declined.
    Pitch,
    /// Says nothing specific: should be reviewed.
    Generic,
    /// Has a concrete personal or professional reason: should be accepted.
    Genuine,
    /// The labeller could not tell. Counted and shown, but left out of every measure.
    Unsure,
}

impl Label {
    /// All labels, in the order of every table.
    pub const ALL: [Self; 4] = [Self::Pitch, Self::Generic, Self::Genuine, Self::Unsure];

    /// The label as written in a corpus.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pitch => "pitch",
            Self::Generic => "generic",
            Self::Genuine => "genuine",
            Self::Unsure => "unsure",
        }
    }

    /// The label called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.name() == name)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A message and what a person said of it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Labeled {
    /// Unlike any other in the corpus.
    pub id: String,
    /// The message.
    pub message: Message<'static>,
    /// What it is.
    pub label: Label,
    /// Messages that are not independent of each other: of one sender, one template, one source. They stay together in
    /// the folds of a fit and in the draws of a bootstrap. Without one, the message stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// What slices are made from. Channel and language are taken from the message and need no tag.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Labeled {
    /// A message with its label.
    pub fn new(id: impl Into<String>, message: impl Into<Message<'static>>, label: Label) -> Self {
        Self {
            id: id.into(),
            message: message.into(),
            label,
            cluster: None,
            tags: Vec::new(),
        }
    }

    /// In this cluster.
    #[must_use]
    pub fn cluster(mut self, cluster: impl Into<String>) -> Self {
        self.cluster = Some(cluster.into());
        self
    }

    /// With one more tag.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }
}

/// One thing that is wrong with a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CorpusProblem {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1; 0 if it is about the file as a whole.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl fmt::Display for CorpusProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        Ok(())
    }
}

/// A corpus cannot be used as it is: all problems at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct CorpusError {
    problems: Vec<CorpusProblem>,
}

impl From<Vec<CorpusProblem>> for CorpusError {
    fn from(problems: Vec<CorpusProblem>) -> Self {
        Self { problems }
    }
}

impl CorpusError {
    pub(crate) fn new(problems: Vec<CorpusProblem>) -> Self {
        Self { problems }
    }

    pub(crate) fn one(problem: CorpusProblem) -> Self {
        Self::new(vec![problem])
    }

    /// The problems, in the order of the files and lines.
    pub fn problems(&self) -> &[CorpusProblem] {
        &self.problems
    }
}

/// The page beside a corpus that says where its messages come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorpusCard {
    /// Where it was found.
    pub file: String,
    /// Its first heading.
    pub title: String,
    /// What it says under "Known bias", in one paragraph.
    pub bias: Option<String>,
}

impl CorpusCard {
    /// Takes title and bias out of a Markdown page.
    pub fn parse(file: &str, text: &str) -> Self {
        let title = text
            .lines()
            .find_map(|l| l.strip_prefix("# "))
            .unwrap_or(file)
            .trim()
            .to_owned();
        let lower = text.to_lowercase();
        // Lower-casing may change lengths, so the place is only trusted on a character boundary.
        let bias = lower
            .find("known bias")
            .and_then(|at| text.get(at..))
            .map(|rest| {
                let rest = &rest["known bias".len().min(rest.len())..];
                let body = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
                body.split("\n\n")
                    .next()
                    .unwrap_or("")
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .filter(|b| !b.is_empty());
        Self {
            file: file.to_owned(),
            title,
            bias,
        }
    }

    /// Looks for `<stem>.md`, `CARD.md` or `README.md` beside a corpus file, or inside a corpus folder.
    pub fn beside(path: &Path) -> Option<Self> {
        let folder = if path.is_dir() { path } else { path.parent()? };
        let own = path.file_stem().map(|stem| folder.join(stem).with_extension("md"));
        own.into_iter()
            .chain(["CARD.md", "README.md"].map(|n| folder.join(n)))
            .find_map(|p| {
                let text = std::fs::read_to_string(&p).ok()?;
                Some(Self::parse(&p.display().to_string(), &text))
            })
    }
}

/// Labelled messages.
///
/// ```
/// use huckster::eval::{Corpus, Label};
///
/// let text = r#"{"id": "1", "message": {"text": "We cut your cloud bill by 40%. Quick call?"}, "label": "pitch"}
/// {"id": "2", "message": {"text": "Can you send me the minutes of Tuesday?"}, "label": "genuine", "tags": ["work"]}"#;
/// let corpus = Corpus::parse("mine.jsonl", text.as_bytes())?;
/// assert_eq!(corpus.count(Label::Pitch), 1);
///
/// let error = Corpus::parse("bad.jsonl", br#"{"id": "1", "message": {"text": "x"}, "label": "spam"}"#).unwrap_err();
/// assert!(error.to_string().starts_with("bad.jsonl:1:48: there is no label `spam`"), "{error}");
/// # Ok::<(), huckster::eval::CorpusError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    messages: Vec<Labeled>,
    /// Where each was read: file number and line.
    places: Vec<(u32, u32)>,
    files: Vec<String>,
    card: Option<CorpusCard>,
    index: HashMap<String, u32>,
    /// Hash of each message that has a text, for those that stand twice.
    contents: HashMap<u64, u32>,
    repeated: usize,
    lenient: bool,
}

impl Corpus {
    /// An empty corpus, to be filled with [`push`](Self::push).
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads JSONL; `name` is used in messages.
    ///
    /// # Errors
    ///
    /// Every line that cannot be used, with its place.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, CorpusError> {
        let (corpus, problems) = Self::parse_lenient(name, bytes);
        if problems.is_empty() {
            Ok(corpus)
        } else {
            Err(CorpusError::new(problems))
        }
    }

    /// Reads what can be read, and tells the rest.
    pub fn parse_lenient(name: &str, bytes: &[u8]) -> (Self, Vec<CorpusProblem>) {
        let mut corpus = Self::new();
        let problems = corpus.add_jsonl(name, bytes);
        (corpus, problems)
    }

    /// Reads a `.jsonl` file, or all those of a folder in the order of their names, with the card beside it.
    ///
    /// # Errors
    ///
    /// Every line that cannot be used, with its place.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CorpusError> {
        let (corpus, problems) = Self::load_lenient(path);
        if problems.is_empty() {
            Ok(corpus)
        } else {
            Err(CorpusError::new(problems))
        }
    }

    /// Loads what can be read, and tells the rest.
    pub fn load_lenient(path: impl AsRef<Path>) -> (Self, Vec<CorpusProblem>) {
        let mut corpus = Self::new();
        let problems = corpus.add_path(path.as_ref());
        (corpus, problems)
    }

    /// Ignores keys that no corpus has, in what is read from now on.
    #[must_use]
    pub fn ignoring_unknown_keys(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Adds the messages of a file or folder.
    pub fn add_path(&mut self, path: &Path) -> Vec<CorpusProblem> {
        if self.card.is_none() {
            self.card = CorpusCard::beside(path);
        }
        let paths = match corpus_files(path) {
            Ok(paths) => paths,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for path in paths {
            let name = path.display().to_string();
            match std::fs::read(&path) {
                Ok(bytes) => problems.extend(self.add_jsonl(&name, &bytes)),
                Err(error) => problems.push(CorpusProblem {
                    file: name,
                    line: 0,
                    column: 0,
                    message: format!("cannot be read: {error}"),
                    help: String::new(),
                }),
            }
        }
        problems
    }

    /// Adds the messages of a JSONL text.
    pub fn add_jsonl(&mut self, name: &str, bytes: &[u8]) -> Vec<CorpusProblem> {
        let text = match decode(name, bytes) {
            Ok(text) => text,
            Err(problem) => return vec![problem],
        };
        let file = self.file(name);
        let mut problems = Vec::new();
        let mut any = false;
        // The last line of a finished file ends in a line break.
        let unfinished = text.split('\n').count() - 1;
        for (i, line) in text.split('\n').enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            any = true;
            let problem = |(column, message, help): (usize, String, String)| CorpusProblem {
                file: name.to_owned(),
                line: i + 1,
                column,
                message,
                help,
            };
            let result = read_line(line, self.lenient).map_err(|(column, message, help)| {
                if i == unfinished && message.starts_with("EOF") {
                    let message = "the file ends in the middle of a message".to_owned();
                    (
                        column,
                        message,
                        "it looks half written; write it again or take the line out".to_owned(),
                    )
                } else {
                    (column, message, help)
                }
            });
            let added = result.and_then(|labeled| self.add(labeled, (file, i as u32 + 1)).map_err(|(m, h)| (1, m, h)));
            if let Err(parts) = added {
                problems.push(problem(parts));
            }
        }
        if !any {
            problems.push(CorpusProblem {
                file: name.to_owned(),
                line: 0,
                column: 0,
                message: "there are no messages in it".to_owned(),
                help: "a corpus has one JSON object a line, with `id`, `message` and `label`".to_owned(),
            });
        }
        problems
    }

    /// Adds one message.
    ///
    /// # Errors
    ///
    /// Its id is taken, or the same message is there with another label.
    pub fn push(&mut self, labeled: Labeled) -> Result<(), CorpusError> {
        let file = self.file("memory");
        let line = self.messages.len() as u32 + 1;
        self.add(labeled, (file, line)).map_err(|(message, help)| {
            CorpusError::one(CorpusProblem {
                file: "memory".to_owned(),
                line: line as usize,
                column: 1,
                message,
                help,
            })
        })
    }

    /// The number of a file name.
    pub(crate) fn file(&mut self, name: &str) -> u32 {
        if self.files.last().is_none_or(|last| last != name) {
            self.files.push(name.to_owned());
        }
        self.files.len() as u32 - 1
    }

    pub(crate) fn add(&mut self, labeled: Labeled, place: (u32, u32)) -> Result<(), (String, String)> {
        let at = |corpus: &Self, i: u32| {
            let (file, line) = corpus.places[i as usize];
            if file == place.0 {
                format!("line {line}")
            } else {
                format!("{}, line {line}", corpus.files[file as usize])
            }
        };
        if let Some(first) = self.index.get(&labeled.id) {
            return Err((
                format!("the id `{}` is taken by {}", labeled.id, at(self, *first)),
                "give every message an id of its own".to_owned(),
            ));
        }
        let number = self.messages.len() as u32;
        // Requests without a note are alike by nature.
        if labeled.message.body.text().is_some_and(|t| !t.trim().is_empty()) {
            let mut bare = labeled.message.clone();
            bare.id = None;
            let json = serde_json::to_string(&bare).unwrap_or_default();
            let hash = fnv1a(json.bytes());
            match self.contents.get(&hash) {
                Some(first) if self.messages[*first as usize].label != labeled.label => {
                    return Err((
                        format!(
                            "the same message is called {} here and {} at {}",
                            labeled.label,
                            self.messages[*first as usize].label,
                            at(self, *first)
                        ),
                        "decide for one label, or call it unsure".to_owned(),
                    ));
                }
                Some(_) => self.repeated += 1,
                None => {
                    self.contents.insert(hash, number);
                }
            }
        }
        self.index.insert(labeled.id.clone(), number);
        self.messages.push(labeled);
        self.places.push(place);
        Ok(())
    }

    /// Gives messages other labels: `label` is asked for each, and `None` leaves it as it is. Says how many it answered
    /// for, whether or not the label was another before.
    pub fn relabel(&mut self, mut label: impl FnMut(&Labeled) -> Option<Label>) -> usize {
        let mut answered = 0;
        for message in &mut self.messages {
            if let Some(new) = label(message) {
                message.label = new;
                answered += 1;
            }
        }
        answered
    }

    /// Labels the messages that a person has decided on: accept is genuine, decline is a pitch. Says how many there were.
    ///
    /// A message without an id of its own goes by that of the corpus.
    pub fn relabel_by(&mut self, preferences: &Preferences) -> usize {
        self.relabel(|labeled| {
            let mut message = labeled.message.clone();
            message.id.get_or_insert_with(|| labeled.id.clone().into());
            match preferences.decided(&message)? {
                Decision::Accept => Some(Label::Genuine),
                Decision::Decline => Some(Label::Pitch),
                Decision::Review => None,
            }
        })
    }

    /// The messages, in the order in which they were read.
    pub fn messages(&self) -> &[Labeled] {
        &self.messages
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// How many messages have a label.
    pub fn count(&self, label: Label) -> usize {
        self.messages.iter().filter(|m| m.label == label).count()
    }

    /// How many messages stand there more than once, word for word and with the same facts and label.
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// The message with this id.
    pub fn get(&self, id: &str) -> Option<&Labeled> {
        self.index.get(id).map(|i| &self.messages[*i as usize])
    }

    /// The file and line of message number `index`.
    pub fn place(&self, index: usize) -> Option<(&str, usize)> {
        let (file, line) = self.places.get(index)?;
        Some((self.files.get(*file as usize)?, *line as usize))
    }

    /// The names of the files it was read from.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The card beside it.
    pub fn card(&self) -> Option<&CorpusCard> {
        self.card.as_ref()
    }

    /// With this card.
    #[must_use]
    pub fn with_card(mut self, card: CorpusCard) -> Self {
        self.card = Some(card);
        self
    }

    /// A name for reports: the file names without their folders.
    pub fn name(&self) -> String {
        let short = |f: &String| {
            Path::new(f)
                .file_name()
                .map_or_else(|| f.clone(), |n| n.to_string_lossy().into_owned())
        };
        match self.files.as_slice() {
            [] => "nothing".to_owned(),
            [one] => short(one),
            [first, .., last] => format!("{} to {}, {} files", short(first), short(last), self.files.len()),
        }
    }

    /// A 64-bit hash (FNV-1a) of all messages and labels in order: tells corpora apart in reports and models.
    pub fn fingerprint(&self) -> String {
        let bytes = self.messages.iter().flat_map(|m| {
            let line = format!(
                "{}\0{}\0{}\n",
                m.id,
                m.label,
                serde_json::to_string(&m.message).unwrap_or_default()
            );
            line.into_bytes()
        });
        format!("{:016x}", fnv1a(bytes))
    }

    /// That something can be measured on it: both pitches and genuine messages are there.
    ///
    /// # Errors
    ///
    /// Which of the two is missing.
    pub fn check_classes(&self) -> Result<(), CorpusError> {
        let counts: BTreeMap<&str, usize> = Label::ALL.iter().map(|l| (l.name(), self.count(*l))).collect();
        let missing = [Label::Pitch, Label::Genuine].into_iter().find(|l| self.count(*l) == 0);
        let Some(missing) = missing else { return Ok(()) };
        let there: Vec<String> = counts
            .iter()
            .filter(|(_, n)| **n > 0)
            .map(|(l, n)| format!("{n} {l}"))
            .collect();
        let there = if there.is_empty() {
            "nothing".to_owned()
        } else {
            there.join(", ")
        };
        Err(CorpusError::one(CorpusProblem {
            file: self.name(),
            line: 0,
            column: 0,
            message: format!("no message is labelled {missing}; there is {there}"),
            help: "a rule set is measured by telling pitches from genuine messages, so both are needed".to_owned(),
        }))
    }
}

impl FromIterator<Labeled> for Corpus {
    /// Messages whose id is taken, or which contradict an earlier label, are left out.
    fn from_iter<I: IntoIterator<Item = Labeled>>(messages: I) -> Self {
        let mut corpus = Self::new();
        for labeled in messages {
            let _ = corpus.push(labeled);
        }
        corpus
    }
}

/// The corpus files that a path stands for.
fn corpus_files(path: &Path) -> Result<Vec<PathBuf>, CorpusProblem> {
    let whole = |message: String, help: &str| CorpusProblem {
        file: path.display().to_string(),
        line: 0,
        column: 0,
        message,
        help: help.to_owned(),
    };
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(|e| whole(format!("cannot be read: {e}"), ""))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(whole(
            "there is no .jsonl file in this folder".to_owned(),
            "name the corpus file itself",
        ));
    }
    Ok(paths)
}

/// The text of a file, or what is wrong with its encoding.
pub(crate) fn decode<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, CorpusProblem> {
    let problem = |line, column, message: String, help: &str| CorpusProblem {
        file: name.to_owned(),
        line,
        column,
        message,
        help: help.to_owned(),
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(problem(1, 1, "the file is UTF-16".to_owned(), "save it as UTF-8"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line_start = good.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        let line = good.iter().filter(|b| **b == b'\n').count() + 1;
        let column = String::from_utf8_lossy(&good[line_start..]).chars().count() + 1;
        match bytes.get(error.valid_up_to()) {
            Some(byte) if error.error_len().is_some() => problem(
                line,
                column,
                format!("the byte 0x{byte:02X} is not UTF-8"),
                "the file may be Latin-1 or Windows-1252; save it as UTF-8",
            ),
            _ => problem(
                line,
                column,
                "the file ends in the middle of a character".to_owned(),
                "it looks half written",
            ),
        }
    })
}

/// Column, message, help.
type LineError = (usize, String, String);

/// Keys of a line.
const KEYS: [&str; 5] = ["id", "message", "label", "cluster", "tags"];

fn read_line(line: &str, lenient: bool) -> Result<Labeled, LineError> {
    let column_of = |part: &str| {
        let at = (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
        line.get(..at).map_or(1, |before| before.chars().count() + 1)
    };
    let problem = |column: usize, message: &str, help: &str| (column, message.to_owned(), help.to_owned());
    if !line.trim_start().starts_with('{') {
        return Err(problem(
            1,
            "this is not a JSON object",
            "a corpus has one JSON object a line",
        ));
    }
    let mut keys: BTreeMap<String, &RawValue> = serde_json::from_str(line).map_err(|e| {
        // Columns of serde_json count bytes.
        let column = line
            .get(..e.column().min(line.len()))
            .map_or(e.column(), |s| s.chars().count());
        (column.max(1), without_place(&e), String::new())
    })?;
    fn value<T: serde::de::DeserializeOwned>(raw: &RawValue, what: &str, column: usize) -> Result<T, LineError> {
        let wrong = |e: serde_json::Error| (column, format!("{what}: {}", without_place(&e)), String::new());
        serde_json::from_str(raw.get()).map_err(wrong)
    }
    let Some(id) = keys.remove("id") else {
        return Err(problem(1, "there is no `id`", "give every message an id of its own"));
    };
    let id: String = value(id, "`id`", column_of(id.get()))?;
    if id.is_empty() {
        return Err(problem(1, "the `id` is empty", "give every message an id of its own"));
    }
    let Some(raw) = keys.remove("label") else {
        return Err(problem(
            1,
            "there is no `label`",
            "say pitch, generic, genuine or unsure",
        ));
    };
    let name: String = value(raw, "`label`", column_of(raw.get()))?;
    let Some(label) = Label::from_name(&name) else {
        let help = unknown_label_help(&name);
        return Err((column_of(raw.get()), format!("there is no label `{name}`"), help));
    };
    let cluster = match keys.remove("cluster") {
        Some(raw) => value(raw, "`cluster`", column_of(raw.get()))?,
        None => None,
    };
    let tags = match keys.remove("tags") {
        Some(raw) => value(raw, "`tags`", column_of(raw.get()))?,
        None => Vec::new(),
    };
    let read = |json: &str| {
        let message = if lenient {
            Message::from_json_lenient(json)
        } else {
            Message::from_json(json)
        };
        message.map(Message::into_owned)
    };
    let message = match keys.remove("message") {
        Some(raw) => {
            if let Some((key, value)) = keys.iter().next()
                && !lenient
            {
                let help = match nearest(key, KEYS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("a line has the keys {}", KEYS.join(", ")),
                };
                return Err((column_of(value.get()), format!("there is no key `{key}`"), help));
            }
            let start = column_of(raw.get());
            read(raw.get()).map_err(|e| (start + e.column.saturating_sub(1), e.message, String::new()))?
        }
        // The keys of the message may also stand beside the label.
        None if keys.contains_key("text") || keys.contains_key("channel") => {
            let json = serde_json::to_string(&keys).map_err(|e| problem(1, &e.to_string(), ""))?;
            read(&json).map_err(|e| (1, e.message, String::new()))?
        }
        None => {
            let help = "put the message, in its public JSON form, under `message`";
            return Err(problem(1, "there is no `message`", help));
        }
    };
    Ok(Labeled {
        id,
        message,
        label,
        cluster,
        tags,
    })
}

/// What to write instead of a label that does not exist.
pub(crate) fn unknown_label_help(name: &str) -> String {
    match nearest(name, Label::ALL.map(Label::name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "labels are pitch, generic, genuine and unsure".to_owned(),
    }
}

fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.as_str(), |(m, _)| m)
        .to_owned()
}
