//! `huckster teach`: keeps what is right for a message in the preferences, and nothing of its text.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use huckster::{Decision, Preferences, SENDER_URL, Taught, Timestamp};
use serde_json::Value;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::args::{TaughtDecision, Teach};
use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input;
use crate::preferences::wrong;
use crate::render::{BOLD, clean_line, count};

/// What stands on top of a new file.
const HEADING: &str = "\
# What you want, whatever the score. Used with `--preferences`; `huckster teach` writes below, and keeps the rest as it is.
";

/// Runs the command.
pub(crate) fn run(args: &Teach, console: &Console) -> Result<Outcome, Failure> {
    let path = &args.preferences;
    let name = path.display().to_string();
    let decision = match args.decision {
        TaughtDecision::Accept => Some(Decision::Accept),
        TaughtDecision::Decline => Some(Decision::Decline),
        TaughtDecision::Forget => None,
    };
    let text = existing(path, &name)?;
    if text.is_none() && decision.is_none() {
        return Err(Failure::Message(format!("cannot read `{name}`: there is no such file")));
    }
    // The place of what is wrong is that of the user's own file, not of what we make of it.
    let text = text.unwrap_or_else(|| HEADING.to_owned());
    Preferences::parse(&name, &text).map_err(wrong)?;
    let mut taught = Taught::new(args.id.as_str(), decision.unwrap_or(Decision::Accept));
    if let Some(from) = &args.from {
        let of = find(from, &args.id)?;
        (taught.sender, taught.sent_at) = (of.sender, of.sent_at);
    }
    let mut document: DocumentMut = text
        .parse()
        .map_err(|e| Failure::Message(format!("`{name}` is not TOML: {e}")))?;
    // A file of comments only keeps them on top.
    let only_comments = document.is_empty();
    let changed = edit(&mut document, &taught, decision);
    if only_comments {
        let comments = document.trailing().as_str().unwrap_or("").to_owned();
        let first = document.get_mut("taught").and_then(Item::as_array_of_tables_mut);
        if let Some(table) = first.and_then(|tables| tables.get_mut(0)) {
            table.decor_mut().set_prefix(format!("{comments}\n"));
            document.set_trailing("");
        }
    }
    if changed == 0 {
        let id = clean_line(&args.id);
        console.error(&format!("nothing was taught about `{id}` that fits"));
        return Ok(Outcome::Bad);
    }
    let edited = document.to_string();
    Preferences::parse(&name, &edited).map_err(wrong)?;
    replace(path, &edited).map_err(|e| Failure::Message(format!("cannot write `{name}`: {e}")))?;
    let mut out = console.out();
    let bold = |text: &str| console.paint().on(BOLD, text);
    let id = clean_line(&args.id);
    match decision {
        None => writeln!(out, "{} {id} in {name}: the score decides again", bold("forgot"))?,
        Some(decision) => {
            let sender = taught.sender.as_deref().map(|s| format!(", from {}", clean_line(s)));
            let at = taught.sent_at.map(|at| format!(", sent {at}"));
            let (sender, at) = (sender.unwrap_or_default(), at.unwrap_or_default());
            writeln!(
                out,
                "{} {decision} for {id}{sender}{at} in {name}; nothing of the text",
                bold("kept")
            )?;
        }
    }
    out.flush()?;
    if decision.is_some() && taught.sender.is_none() {
        console.note(
            "only the id is kept; with --from and a message that names its sender, no other message can be meant",
        );
    }
    Ok(Outcome::Fine)
}

/// Writes the file anew in one step: after a crash it holds the old text or the new one, and never half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link goes on leading to the file.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".teaching");
    let new = path.with_file_name(name);
    let written = (|| {
        let mut file = File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if let Ok(old) = fs::metadata(&path) {
            fs::set_permissions(&new, old.permissions())?;
        }
        fs::rename(&new, &path)
    })();
    if written.is_err() {
        // Whatever is wrong with it was said by the first error.
        let _ = fs::remove_file(&new);
    }
    written
}

/// The text of the preferences, if there is such a file.
fn existing(path: &Path, name: &str) -> Result<Option<String>, Failure> {
    let quoted = format!("`{name}`");
    match fs::read(path) {
        Ok(bytes) => input::utf8(bytes, &quoted).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::unreadable(&quoted, &error)),
    }
}

/// Sender and time of the message with this id in a file of messages, or of verdicts that name them.
fn find(path: &Path, id: &str) -> Result<Taught, Failure> {
    let name = path.display().to_string();
    let bytes = input::file(path)?;
    let is_list = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let text;
    let items = if is_list {
        text = input::utf8(bytes, &format!("`{name}`"))?;
        input::json_items(&text)
            .map_err(|p| Failure::Message(format!("{name}:{}: {}", p.line, p.message)))?
            .0
    } else {
        input::jsonl_items(&bytes)
    };
    let mut found: Option<(usize, Taught)> = None;
    let mut ids = Vec::new();
    let mut unread = 0;
    for item in items {
        let Ok(message) = serde_json::from_slice::<Value>(item.text) else {
            unread += 1;
            continue;
        };
        // A corpus keeps its messages under a key of their own.
        let own = message.get("id").and_then(Value::as_str);
        let inner = message.get("message").filter(|m| m.is_object()).unwrap_or(&message);
        let Some(this) = own.or_else(|| inner.get("id").and_then(Value::as_str)) else {
            continue;
        };
        if this != id {
            ids.push(this.to_owned());
            continue;
        }
        if let Some((first, _)) = &found {
            return Err(Failure::Message(format!(
                "{name}:{}: `{id}` stands in line {first} too; which of the two is meant cannot be told",
                item.line
            )));
        }
        found = Some((item.line, described(id, inner)));
    }
    if let Some((_, taught)) = found {
        return Ok(taught);
    }
    let near = ids
        .iter()
        .map(|other| (strsim::osa_distance(other, id), other))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    let hint = match (near, unread) {
        (Some((_, near)), _) => format!("; did you mean `{near}`?"),
        (None, 0) => String::new(),
        (None, n) => format!("; {} could not be read", count(n, "line")),
    };
    Err(Failure::Message(format!(
        "no message in `{name}` has the id `{id}`{hint}"
    )))
}

/// What a message or a verdict says of its sender and time.
fn described(id: &str, of: &Value) -> Taught {
    let text = |keys: &[&str]| -> Option<String> {
        let mut at = of;
        for key in keys {
            at = at.get(key)?;
        }
        at.as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
    };
    let time = of.get("timing").and_then(|t| t.get("sent_at")).or_else(|| of.get("at"));
    let mut taught = Taught::new(id, Decision::Accept);
    taught.sender = text(&["facts", SENDER_URL])
        .or_else(|| text(&["from", "profile_url"]))
        .or_else(|| text(&["sender", "name"]))
        .or_else(|| text(&["from", "name"]))
        .or_else(|| text(&["from"]));
    taught.sent_at = time.and_then(|t| serde_json::from_value::<Timestamp>(t.clone()).ok());
    taught
}

/// Puts the decision in place of an earlier one on the same message, or adds it; without a decision, takes it out. Says how
/// many entries changed.
fn edit(document: &mut DocumentMut, taught: &Taught, decision: Option<Decision>) -> usize {
    let entry = document
        .entry("taught")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if !entry.is_array_of_tables() {
        // It may also be written as a list of tables in braces.
        let whole = std::mem::take(entry);
        *entry = match whole.into_array_of_tables() {
            Ok(tables) => Item::ArrayOfTables(tables),
            Err(other) => other,
        };
    }
    let Some(tables) = entry.as_array_of_tables_mut() else {
        return 0;
    };
    let sent_at = taught.sent_at.map(|at| at.to_string());
    let same = |table: &Table| {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        // What is known on one side only contradicts nothing.
        let agrees = |key: &str, new: Option<&str>| text(key).is_none_or(|old| new.is_none_or(|new| old == new));
        text("id") == Some(taught.id.as_str())
            && agrees("sender", taught.sender.as_deref())
            && agrees("sent_at", sent_at.as_deref())
    };
    let matching: Vec<usize> = (0..tables.len()).filter(|i| tables.get(*i).is_some_and(same)).collect();
    let write = |table: &mut Table, decision: Decision| {
        table["id"] = value(taught.id.as_str());
        table["decision"] = value(decision.to_string());
        if let Some(sender) = &taught.sender {
            table["sender"] = value(sender.as_str());
        }
        if let Some(at) = &sent_at {
            table["sent_at"] = value(at.as_str());
        }
    };
    let keep = usize::from(decision.is_some());
    for index in matching.iter().skip(keep).rev() {
        tables.remove(*index);
    }
    match (decision, matching.first()) {
        (None, _) => {
            let gone = matching.len();
            if tables.is_empty() {
                document.remove("taught");
            }
            gone
        }
        (Some(decision), Some(index)) => {
            if let Some(table) = tables.get_mut(*index) {
                write(table, decision);
            }
            1
        }
        (Some(decision), None) => {
            let mut table = Table::new();
            write(&mut table, decision);
            tables.push(table);
            1
        }
    }
}
