//! Labelled messages from CSV, since that is what people have.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::corpus::{Corpus, CorpusProblem, Label, Labeled, decode, unknown_label_help};
use crate::message::Message;
use crate::nearest::nearest;

/// Which column of a CSV file is what.
///
/// A key is `id`, `label`, `cluster`, `tags`, or the path of a fact in the public JSON form of a message, such as `text`,
/// `channel`, `sender.headline` or `relationship.mutual_connections`. A column whose heading is such a key needs no entry.
///
/// ```
/// use huckster::eval::{Corpus, CsvColumns, Label};
///
/// let columns = CsvColumns::new()
///     .column("text", "Body")
///     .column("label", "Spam?")
///     .label("yes", Label::Pitch)
///     .label("no", Label::Genuine);
/// let csv = "Body;Spam?;sender.headline\n\"Quick call?\";yes;SDR\nSee you at 8;no;\n";
/// let mut corpus = Corpus::new();
/// assert!(corpus.add_csv("mine.csv", csv.as_bytes(), &columns).is_empty());
/// assert_eq!((corpus.len(), corpus.count(Label::Pitch)), (2, 1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvColumns {
    columns: BTreeMap<String, String>,
    labels: BTreeMap<String, Label>,
    delimiter: Option<u8>,
}

impl CsvColumns {
    /// Columns named as the keys, labels as written in a corpus; the delimiter is the most frequent of comma, semicolon
    /// and tab in the first line.
    pub fn new() -> Self {
        Self::default()
    }

    /// The column with this heading holds this key.
    #[must_use]
    pub fn column(mut self, key: impl Into<String>, heading: impl Into<String>) -> Self {
        self.columns.insert(key.into(), heading.into());
        self
    }

    /// This value stands for this label.
    #[must_use]
    pub fn label(mut self, value: impl Into<String>, label: Label) -> Self {
        self.labels.insert(value.into(), label);
        self
    }

    /// Cells are separated by this byte.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = Some(delimiter);
        self
    }
}

/// How a fact is written in JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    YesOrNo,
    List,
}

/// The keys that a column can hold; lists are split at `;`.
const KEYS: &[(&str, Kind)] = &[
    ("id", Kind::Text),
    ("label", Kind::Text),
    ("cluster", Kind::Text),
    ("tags", Kind::List),
    ("channel", Kind::Text),
    ("client", Kind::Text),
    ("lang", Kind::Text),
    ("subject", Kind::Text),
    ("text", Kind::Text),
    ("sender.name", Kind::Text),
    ("sender.headline", Kind::Text),
    ("sender.about", Kind::Text),
    ("sender.services", Kind::List),
    ("sender.connections", Kind::Number),
    ("sender.followers", Kind::Number),
    ("sender.account_age_days", Kind::Number),
    ("sender.verified", Kind::YesOrNo),
    ("sender.open_to_work", Kind::YesOrNo),
    ("recipient.name", Kind::Text),
    ("recipient.headline", Kind::Text),
    ("recipient.about", Kind::Text),
    ("relationship.degree", Kind::Number),
    ("relationship.mutual_connections", Kind::Number),
    ("relationship.shared_groups", Kind::List),
    ("relationship.shared_employers", Kind::List),
    ("relationship.shared_schools", Kind::List),
    ("relationship.shared_events", Kind::List),
    ("relationship.have_met", Kind::YesOrNo),
    ("relationship.recipient_wrote_first", Kind::YesOrNo),
    ("relationship.is_customer", Kind::YesOrNo),
    ("timing.sent_at", Kind::Text),
    ("timing.since_profile_view_s", Kind::Number),
    ("timing.since_acceptance_s", Kind::Number),
    ("timing.since_previous_message_s", Kind::Number),
];

impl Corpus {
    /// Adds the rows of a CSV text. A row without an `id` gets its row number, as `row-12`.
    ///
    /// Columns that are no key and are not named in `columns` are not read. An empty cell is an unknown fact, but an empty
    /// `text` is a request without a note.
    pub fn add_csv(&mut self, name: &str, bytes: &[u8], columns: &CsvColumns) -> Vec<CorpusProblem> {
        let problem = |line: usize, column: usize, message: String, help: String| CorpusProblem {
            file: name.to_owned(),
            line,
            column,
            message,
            help,
        };
        let text = match decode(name, bytes) {
            Ok(text) => text,
            Err(problem) => return vec![problem],
        };
        let first = text.lines().next().unwrap_or("");
        let delimiter = columns.delimiter.unwrap_or_else(|| {
            let count = |d: &u8| first.bytes().filter(|b| b == d).count();
            // The first of equals, so commas win.
            *b"\t;,".iter().max_by_key(|d| count(d)).unwrap_or(&b',')
        });
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let headings: Vec<String> = match reader.headers() {
            Ok(headings) => headings.iter().map(|h| h.trim().to_owned()).collect(),
            Err(error) => return vec![problem(1, 1, error.to_string(), String::new())],
        };
        let mut problems = Vec::new();
        // Key, kind and place of each column that is read.
        let mut read: Vec<(&str, Kind, usize)> = Vec::new();
        for (key, heading) in &columns.columns {
            let Some((key, kind)) = KEYS.iter().find(|(k, _)| k == key) else {
                let help = match nearest(key, KEYS.iter().map(|(k, _)| *k)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "see the keys of a message in its public JSON form".to_owned(),
                };
                problems.push(problem(0, 0, format!("no message has the key `{key}`"), help));
                continue;
            };
            match headings.iter().position(|h| h == heading) {
                Some(place) => read.push((key, *kind, place)),
                None => {
                    let help = format!("the columns are {}", headings.join(", "));
                    problems.push(problem(1, 1, format!("there is no column `{heading}`"), help));
                }
            }
        }
        for (place, heading) in headings.iter().enumerate() {
            let taken = read.iter().any(|(k, _, p)| k == heading || *p == place);
            if let Some((key, kind)) = KEYS.iter().find(|(k, _)| k == heading && !taken) {
                read.push((key, *kind, place));
            }
        }
        for needed in ["text", "label"] {
            if problems.is_empty() && !read.iter().any(|(k, ..)| *k == needed) {
                let help = format!("say which column it is; the columns are {}", headings.join(", "));
                problems.push(problem(1, 1, format!("no column holds the {needed}"), help));
            }
        }
        if !problems.is_empty() {
            return problems;
        }
        let file = self.file(name);
        let mut record = csv::StringRecord::new();
        let mut row = 0;
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => row += 1,
                Ok(false) => break,
                Err(error) => {
                    let line = error.position().map_or(0, |p| p.line() as usize);
                    problems.push(problem(line, 1, error.to_string(), String::new()));
                    break;
                }
            }
            let line = record.position().map_or(row + 1, |p| p.line() as usize);
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let labeled = labeled(&record, &read, columns, row);
            let added = labeled.and_then(|labeled| {
                self.add(labeled, (file, line as u32))
                    .map_err(|(m, h)| (String::new(), m, h))
            });
            if let Err((heading, message, help)) = added {
                let column = headings.iter().position(|h| *h == heading).map_or(1, |c| c + 1);
                let message = if heading.is_empty() {
                    message
                } else {
                    format!("column `{heading}`: {message}")
                };
                problems.push(problem(line, column, message, help));
            }
        }
        if row == 0 {
            let help = "a corpus has one message a row, with `text` and `label`".to_owned();
            problems.push(problem(0, 0, "there are no messages in it".to_owned(), help));
        }
        problems
    }
}

/// Heading of the column, message, help.
type CellError = (String, String, String);

fn labeled(
    record: &csv::StringRecord,
    read: &[(&'static str, Kind, usize)],
    columns: &CsvColumns,
    row: usize,
) -> Result<Labeled, CellError> {
    let mut message = Map::new();
    let (mut id, mut cluster, mut tags, mut label) = (format!("row-{row}"), None, Vec::new(), None);
    for (key, kind, place) in read {
        let heading = || columns.columns.get(*key).cloned().unwrap_or_else(|| (*key).to_owned());
        let cell = record.get(*place).unwrap_or("");
        let trimmed = cell.trim();
        let wrong = |what: &str| (heading(), format!("`{trimmed}` is not {what}"), String::new());
        if trimmed.is_empty() && *key != "text" {
            continue;
        }
        match *key {
            "id" => id = trimmed.to_owned(),
            "cluster" => cluster = Some(trimmed.to_owned()),
            "tags" => tags = list(trimmed),
            "label" => {
                let known = columns.labels.get(trimmed).copied();
                label = known.or_else(|| Label::from_name(&trimmed.to_lowercase()));
                if label.is_none() {
                    let help = if columns.labels.is_empty() {
                        unknown_label_help(trimmed)
                    } else {
                        format!("say which label `{trimmed}` stands for")
                    };
                    return Err((heading(), format!("there is no label `{trimmed}`"), help));
                }
            }
            path => {
                let value = match kind {
                    Kind::Text => Value::from(if path == "text" { cell } else { trimmed }),
                    Kind::Number => Value::from(trimmed.parse::<i64>().map_err(|_| wrong("a whole number"))?),
                    Kind::YesOrNo => Value::from(match trimmed.to_lowercase().as_str() {
                        "true" | "yes" | "1" => true,
                        "false" | "no" | "0" => false,
                        _ => return Err(wrong("true or false")),
                    }),
                    Kind::List => Value::from(list(trimmed)),
                };
                match path.split_once('.') {
                    None => {
                        message.insert(path.to_owned(), value);
                    }
                    Some((outer, inner)) => {
                        let object = message.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                        if let Value::Object(object) = object {
                            object.insert(inner.to_owned(), value);
                        }
                    }
                }
            }
        }
    }
    let Some(label) = label else {
        let heading = columns
            .columns
            .get("label")
            .cloned()
            .unwrap_or_else(|| "label".to_owned());
        return Err((heading, "there is no label".to_owned(), unknown_label_help("")));
    };
    let json = Value::Object(message).to_string();
    let message = Message::from_json(&json).map_err(|e| (String::new(), e.message, String::new()))?;
    Ok(Labeled {
        id,
        message: message.into_owned(),
        label,
        cluster,
        tags,
    })
}

fn list(cell: &str) -> Vec<String> {
    cell.split(';')
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect()
}
