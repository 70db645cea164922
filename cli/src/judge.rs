//! `huckster judge`: finds out what is to be judged, and in which form.

use std::io::Write as _;
use std::path::Path;

use huckster::{Message, Trace};

use crate::args::Judge;
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input::{self, Item, Reading};
use crate::preferences::Judging;
use crate::render::{BAD, BOLD, clean_line};
use crate::{jsonl, overview, report, setup};

/// Runs the command.
pub(crate) fn run(args: &Judge, console: &Console) -> Result<Outcome, Failure> {
    // A wrong file name is told before a rule set is compiled.
    if let Some(path) = &args.jsonl
        && path != Path::new("-")
        && !path.exists()
    {
        return Err(no_such_file(&path.display().to_string()));
    }
    let judging = Judging::new(&args.preferences, setup::scorer(&args.rules, args.policy)?)?;
    let reading = Reading::new(args.lenient, args.recipient.as_deref(), judging.scorer())?;
    let job = Job {
        args,
        console,
        judging: &judging,
        reading: &reading,
    };
    match (&args.jsonl, &args.text) {
        (Some(path), _) => jsonl::run(path, args.threads, &judging, &reading, console),
        (None, Some(text)) => job.text_or_file(text),
        // clap asks for one of them.
        (None, None) => Err(Failure::Message("there is nothing to judge".to_owned())),
    }
}

/// What all forms of input need.
#[derive(Clone, Copy)]
struct Job<'a> {
    args: &'a Judge,
    console: &'a Console,
    judging: &'a Judging,
    reading: &'a Reading,
}

impl Job<'_> {
    fn text_or_file(self, text: &str) -> Result<Outcome, Failure> {
        if text == "-" {
            return self.message(&self.reading.text(&input::stdin()?));
        }
        let path = Path::new(text);
        if !path.is_file() {
            return if path.is_dir() && !text.is_empty() {
                self.console
                    .note(&format!("`{text}` is a folder too, but is judged as a text"));
                self.message(&self.reading.text(text))
            } else if names_a_file(text) {
                Err(no_such_file(text))
            } else {
                self.message(&self.reading.text(text))
            };
        }
        let bytes = input::file(path)?;
        let kind = path.extension().map(|e| e.to_ascii_lowercase());
        match kind.as_deref().and_then(|e| e.to_str()) {
            Some("jsonl" | "ndjson") => self.items(&input::jsonl_items(&bytes), text),
            Some("json") => {
                let json = input::utf8(bytes, &format!("`{text}`"))?;
                let (items, single) = input::json_items(&json)
                    .map_err(|p| Failure::Message(format!("{text}:{}: {}", p.line, p.message)))?;
                match items.first() {
                    Some(item) if single => {
                        let message = self
                            .reading
                            .item(*item)
                            .map_err(|p| Failure::Message(format!("{text}:{}: {}", p.line, p.message)))?;
                        self.message(&message)
                    }
                    _ => self.items(&items, text),
                }
            }
            _ => {
                self.console
                    .note(&format!("`{text}` is a file; judging what is in it as one text"));
                let content = input::utf8(bytes, &format!("`{text}`"))?;
                self.message(&self.reading.text(&content))
            }
        }
    }

    /// One message, in full.
    fn message(self, message: &Message<'_>) -> Result<Outcome, Failure> {
        let mut out = self.console.out();
        let verdict = self.judging.judge(&mut self.judging.scorer().scratch(), message);
        if self.args.json {
            serde_json::to_writer(&mut out, &verdict).map_err(std::io::Error::from)?;
            writeln!(out)?;
            out.flush()?;
            return Ok(Outcome::Fine);
        }
        report::write(&mut out, message, &verdict, self.judging.scorer(), self.console)?;
        let outcome = match &self.args.trace {
            Some(id) => {
                let trace = self.judging.scorer().trace(message.clone(), id);
                writeln!(
                    out,
                    "\n{}: {}",
                    self.console.paint().on(BOLD, clean_line(id)),
                    clean_line(&trace.to_string())
                )?;
                Outcome::bad_if(matches!(trace, Trace::NoSuchRule { .. }))
            }
            None => Outcome::Fine,
        };
        out.flush()?;
        Ok(outcome)
    }

    /// The messages of a file, sorted.
    fn items(self, items: &[Item<'_>], name: &str) -> Result<Outcome, Failure> {
        if self.args.json {
            return self.items_as_json(items, name);
        }
        let mut outcome = Outcome::Fine;
        let mut messages = Vec::new();
        let mut problems = 0;
        for item in items {
            match self.reading.item(*item) {
                Ok(message) => messages.push((item.line, message)),
                Err(problem) => {
                    problems += 1;
                    self.console.say(&format!(
                        "{} {}:{}: {}",
                        self.console.err_paint().on(BAD, "error:"),
                        clean_line(name),
                        problem.line,
                        clean_line(&problem.message)
                    ));
                    outcome = Outcome::Bad;
                }
            }
        }
        let mut out = self.console.out();
        overview::write(
            &mut out,
            &messages,
            problems,
            self.judging,
            self.args.trace.as_deref(),
            self.console,
        )?;
        out.flush()?;
        Ok(outcome)
    }

    fn items_as_json(self, items: &[Item<'_>], name: &str) -> Result<Outcome, Failure> {
        let mut out = self.console.out();
        let mut scratch = self.judging.scorer().scratch();
        let mut outcome = Outcome::Fine;
        for item in items {
            match self.reading.item(*item) {
                Ok(message) => {
                    let verdict = self.judging.judge(&mut scratch, &message);
                    serde_json::to_writer(&mut out, &verdict).map_err(std::io::Error::from)?;
                    writeln!(out)?;
                }
                Err(problem) => {
                    outcome = Outcome::Bad;
                    self.console
                        .error(&format!("{name}:{}: {}", problem.line, problem.message));
                }
            }
        }
        out.flush()?;
        Ok(outcome)
    }
}

/// Whether a text that names no file was meant to.
pub(crate) fn names_a_file(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    !text.contains(char::is_whitespace)
        && [".json", ".jsonl", ".ndjson", ".txt", ".eml"]
            .iter()
            .any(|e| lower.ends_with(e))
}

/// A file that is not there.
pub(crate) fn no_such_file(name: &str) -> Failure {
    Failure::unreadable(&format!("`{name}`"), &std::io::ErrorKind::NotFound.into())
}
