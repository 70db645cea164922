//! Messages and profiles from files, lines and standard input.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use huckster::{Message, PreparedRecipient, Profile, Recipient, Scorer};
use serde_json::value::RawValue;

use crate::failure::Failure;

/// How messages are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Unknown keys are ignored.
    pub(crate) lenient: bool,
    /// Stands in where a message names no recipient.
    pub(crate) recipient: Option<Arc<PreparedRecipient>>,
}

/// A message of a file: where it begins, counted from 1, and its JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'t> {
    pub(crate) line: usize,
    column: usize,
    pub(crate) text: &'t [u8],
}

impl<'t> Item<'t> {
    /// The JSON.
    pub(crate) fn bytes(&self) -> &'t [u8] {
        self.text
    }
}

/// What is wrong with a message of a file, and where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Reading {
    /// Reads the recipient's profile, if there is one.
    pub(crate) fn new(lenient: bool, recipient: Option<&Path>, scorer: &Scorer) -> Result<Self, Failure> {
        let Some(path) = recipient else {
            return Ok(Self {
                lenient,
                recipient: None,
            });
        };
        let name = format!("`{}`", path.display());
        let text = utf8(file(path)?, &name)?;
        let profile = if lenient {
            serde_json::from_str(&text).map_err(|e| Failure::Message(format!("{name}: {e}")))
        } else {
            Profile::from_json(&text)
                .map_err(|e| Failure::Message(format!("{name}, line {}, column {}: {}", e.line, e.column, e.message)))
        }?;
        Ok(Self {
            lenient,
            recipient: Some(scorer.prepare_recipient(profile)),
        })
    }

    /// A message that is only a text.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Message<'t> {
        self.addressed(Message::text(text))
    }

    /// A message of one line of JSON. The error has no line: the caller knows it.
    pub(crate) fn line<'t>(&self, line: &'t [u8]) -> Result<Message<'t>, String> {
        let text = std::str::from_utf8(line).map_err(|e| format!("byte {} is not UTF-8", e.valid_up_to() + 1))?;
        self.parse(text)
            .map_err(|e| format!("column {}: {}", e.column, e.message))
    }

    /// A message of a file.
    pub(crate) fn item<'t>(&self, item: Item<'t>) -> Result<Message<'t>, Problem> {
        let text = std::str::from_utf8(item.text).map_err(|e| Problem {
            line: item.line,
            message: format!("byte {} is not UTF-8", e.valid_up_to() + 1),
        })?;
        self.parse(text).map_err(|e| {
            // The error counts from the start of the message.
            let column = if e.line <= 1 {
                e.column + item.column - 1
            } else {
                e.column
            };
            let line = item.line + e.line.saturating_sub(1);
            Problem {
                line,
                message: format!("column {column}: {}", e.message),
            }
        })
    }

    fn parse<'t>(&self, text: &'t str) -> Result<Message<'t>, huckster::JsonError> {
        let message = if self.lenient {
            Message::from_json_lenient(text)
        } else {
            Message::from_json(text)
        };
        message.map(|m| self.addressed(m))
    }

    fn addressed<'t>(&self, mut message: Message<'t>) -> Message<'t> {
        if let Some(known) = &self.recipient
            && message.recipient.is_unknown()
        {
            message.recipient = Recipient::from(known);
        }
        message
    }
}

/// The bytes of a file.
pub(crate) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|e| Failure::unreadable(&format!("`{}`", path.display()), &e))
}

/// All of standard input.
pub(crate) fn stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|e| Failure::unreadable("standard input", &e))?;
    utf8(bytes, "standard input")
}

/// Bytes as text, without a byte order mark.
pub(crate) fn utf8(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    let mut text = String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to() + 1;
        Failure::Message(format!("{name} is not UTF-8: byte {at} does not belong there"))
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// The lines of a JSONL file that are not blank.
pub(crate) fn jsonl_items(bytes: &[u8]) -> Vec<Item<'_>> {
    let bytes = without_mark(bytes);
    let lines = bytes.split(|b| *b == b'\n').enumerate();
    lines
        .map(|(i, line)| Item {
            line: i + 1,
            column: 1,
            text: line,
        })
        .filter(|item| !is_blank(item.text))
        .collect()
}

/// The messages of a JSON text: a list of them, or one or more one after the other. `true` if it was a single message.
pub(crate) fn json_items(text: &str) -> Result<(Vec<Item<'_>>, bool), Problem> {
    let problem = |e: serde_json::Error| {
        let full = e.to_string();
        let what = full.rsplit_once(" at line ").map_or(full.as_str(), |(what, _)| what);
        Problem {
            line: e.line(),
            message: format!("column {}: {what}", e.column()),
        }
    };
    let is_list = text.trim_start().starts_with('[');
    let values: Vec<&RawValue> = if is_list {
        serde_json::from_str(text).map_err(problem)?
    } else {
        serde_json::Deserializer::from_str(text)
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(problem)?
    };
    let mut items = Vec::with_capacity(values.len());
    let (mut line, mut line_start, mut seen) = (1, 0, 0);
    for value in values {
        // The values are parts of `text`.
        let at = value.get().as_ptr() as usize - text.as_ptr() as usize;
        for (i, byte) in text.bytes().enumerate().take(at).skip(seen) {
            if byte == b'\n' {
                (line, line_start) = (line + 1, i + 1);
            }
        }
        seen = at;
        let column = text[line_start..at].chars().count() + 1;
        items.push(Item {
            line,
            column,
            text: value.get().as_bytes(),
        });
    }
    let single = !is_list && items.len() == 1;
    Ok((items, single))
}

/// Without a byte order mark, which some programs write before the first line.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Whether a line holds nothing.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_a_json_text_know_their_place() {
        let (items, single) = json_items("[\n  {\"text\": \"é\"}, {\"txt\": 1}]").unwrap();
        assert_eq!(
            items.iter().map(|i| (i.line, i.column)).collect::<Vec<_>>(),
            [(2, 3), (2, 18)]
        );
        assert!(!single);
        let problem = Reading::default().item(items[1]).unwrap_err();
        assert_eq!(
            (problem.line, problem.message.starts_with("column 1")),
            (2, true),
            "{}",
            problem.message
        );
        assert!(json_items(" {\"text\":\n\"a\"} ").unwrap().1);
        assert_eq!(json_items("{}\n{}").unwrap().0[1].line, 2);
        assert_eq!(json_items("{}\n{").unwrap_err().line, 2);
    }

    #[test]
    fn blank_lines_are_counted_and_skipped() {
        let lines: Vec<usize> = jsonl_items(b"\xef\xbb\xbf{}\r\n \t\r\n\n{}\n")
            .iter()
            .map(|i| i.line)
            .collect();
        assert_eq!(lines, [1, 4]);
    }
}
