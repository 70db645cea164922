//! Messages from their public JSON, strictly: an unknown key is an error that says where, what, and how to mend it.

use crate::message::{Message, known_keys};
use crate::profile::Profile;

/// A JSON text is not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
#[non_exhaustive]
pub struct JsonError {
    /// The line, from 1; always 1 for a line of JSONL.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl<'a> Message<'a> {
    /// Reads a message, borrowing from `text` where it has no escapes.
    ///
    /// # Errors
    ///
    /// Bad JSON, a value of the wrong type, or a key that no message has.
    ///
    /// ```
    /// use huckster::Message;
    /// let error = Message::from_json(r#"{"text": "Hi", "sender": {"headlnie": "Nurse"}}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "column 27: `sender` has no key `headlnie`; did you mean `headline`?");
    /// assert!(Message::from_json_lenient(r#"{"text": "Hi", "mood": "good"}"#).is_ok());
    /// ```
    pub fn from_json(text: &'a str) -> Result<Self, JsonError> {
        read(text, "")
    }

    /// The same, but keys that no message has are ignored.
    ///
    /// # Errors
    ///
    /// Bad JSON, or a value of the wrong type.
    pub fn from_json_lenient(text: &'a str) -> Result<Self, JsonError> {
        is_object(text)?;
        serde_json::from_str(text).map_err(|e| problem(&e, ""))
    }
}

impl<'a> Profile<'a> {
    /// Reads a profile, such as that of the recipient of a whole inbox, borrowing from `text` where it has no escapes.
    ///
    /// # Errors
    ///
    /// Bad JSON, a value of the wrong type, or a key that no profile has.
    pub fn from_json(text: &'a str) -> Result<Self, JsonError> {
        read(text, "recipient")
    }
}

fn read<'de, T: serde::Deserialize<'de>>(text: &'de str, at: &str) -> Result<T, JsonError> {
    is_object(text)?;
    let mut unknown: Option<String> = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_ignored::deserialize(&mut deserializer, |path| {
        unknown.get_or_insert_with(|| path.to_string());
    })
    .map_err(|e| problem(&e, at))?;
    deserializer.end().map_err(|e| problem(&e, at))?;
    match unknown {
        None => Ok(value),
        Some(path) => Err(unknown_key(text, &path, at)),
    }
}

/// Serde would take a list for a struct, field by field.
fn is_object(text: &str) -> Result<(), JsonError> {
    let start = text.len() - text.trim_start().len();
    if text[start..].starts_with('[') {
        let message = "expected an object in braces, found a list".to_owned();
        return Err(JsonError {
            line: 1,
            column: start + 1,
            message,
        });
    }
    Ok(())
}

/// `at` is what was to be read: a message, or something in one.
fn problem(error: &serde_json::Error, at: &str) -> JsonError {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    let message = if error.is_data() {
        what.to_owned()
    } else {
        let sample = match at {
            "" => r#"a message is an object such as {"text": "Hi"}"#,
            _ => r#"a profile is an object such as {"name": "Jo Ek"}"#,
        };
        format!("{what}; this is not valid JSON: {sample}")
    };
    JsonError {
        line: error.line(),
        column: error.column(),
        message,
    }
}

/// `path` is that of an unknown key, such as `sender.positions.0.titel`.
fn unknown_key(text: &str, path: &str, at: &str) -> JsonError {
    // serde_ignored writes `?` for the inside of an Option.
    let names = path.split('.').filter(|p| *p != "?" && p.parse::<usize>().is_err());
    let mut parts: Vec<&str> = at.split('.').filter(|p| !p.is_empty()).chain(names).collect();
    let key = parts.pop().unwrap_or(path);
    let parent = parts.join(".");
    let nearest = known_keys(&parent).and_then(|known| crate::nearest::nearest(key, known.iter().copied()));
    let owner = if parent.is_empty() {
        "a message".to_owned()
    } else {
        format!("`{parent}`")
    };
    let hint = match nearest {
        Some(near) => format!("; did you mean `{near}`?"),
        None => String::new(),
    };
    // The last place where it stands as a key: values come in quotes too, but no colon follows them.
    let quoted = format!("\"{key}\"");
    let place = text
        .match_indices(&quoted)
        .find(|(i, _)| text[i + quoted.len()..].trim_start().starts_with(':'));
    let offset = place.map_or(0, |(i, _)| i);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |n| n + 1);
    JsonError {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message: format!("{owner} has no key `{key}`{hint}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Body, CampaignFacts, FactValue, Party, Thread, Turn};
    use crate::{Client, History, Position, Relationship, Timestamp, Timing};

    /// A message with every field of the public form.
    fn full() -> Message<'static> {
        let mut profile = Profile::new()
            .name("Ana Ruiz")
            .headline("Nurse")
            .about("I care.")
            .position(Position {
                industry: Some("Health".into()),
                ..Position::current("Nurse", "St Clare")
            })
            .connections(512)
            .followers(3)
            .account_age_days(1200)
            .verified(true);
        profile.services = vec!["Care".into()];
        (profile.open_to_work, profile.creator, profile.premium) = (Some(false), Some(false), Some(true));
        let relationship = Relationship::new()
            .degree(2)
            .mutual_connections(12)
            .shared_group("g")
            .shared_employer("e")
            .shared_school("s")
            .shared_event("v")
            .have_met(true)
            .recipient_wrote_first(false)
            .is_customer(false);
        let at = Some(Timestamp::from_seconds(1_769_697_420));
        let mut timing = Timing::new()
            .since_profile_view_s(4)
            .since_acceptance_s(60)
            .since_previous_message_s(259_200);
        (timing.sent_at, timing.utc_offset_s) = (at, Some(3600));
        let history = History {
            earlier_requests: Some(1),
            withdrawn_and_resent: Some(false),
            confirmed_pitches: Some(0),
            confirmed_genuine: Some(2),
        };
        let campaign = CampaignFacts {
            first_seen: at,
            timed_sends: Some(8),
            regular_gaps: Some(6),
            ..CampaignFacts::new(14, 9)
        };
        Message::inmail("Re", "Hello")
            .id("m1")
            .client(Client::Desktop)
            .lang("en")
            .sender(profile.clone())
            .recipient(profile)
            .relationship(relationship)
            .thread([Turn {
                from: Party::Sender,
                text: Some("x".into()),
                at,
            }])
            .timing(timing)
            .history(history)
            .campaign(campaign)
            .fact("crm.stage", FactValue::Text("lead".into()))
    }

    #[test]
    fn the_table_of_known_keys_is_that_of_serde() {
        fn compare(value: &serde_json::Value, path: &str) {
            match value {
                serde_json::Value::Object(map) => {
                    let Some(known) = known_keys(path) else { return };
                    for (key, inner) in map {
                        assert!(known.contains(&key.as_str()), "{path}.{key} is written, but not known");
                        compare(
                            inner,
                            if path.is_empty() {
                                key.clone()
                            } else {
                                format!("{path}.{key}")
                            }
                            .as_str(),
                        );
                    }
                    let written = map.keys().map(String::as_str);
                    let missing: Vec<_> = known.iter().filter(|k| !written.clone().any(|w| w == **k)).collect();
                    // The two counts are another form of the thread.
                    assert!(
                        missing.is_empty() || path == "thread",
                        "{path}: never written: {missing:?}"
                    );
                }
                serde_json::Value::Array(items) => items.iter().for_each(|item| compare(item, path)),
                _ => {}
            }
        }
        compare(&serde_json::to_value(full()).unwrap(), "");
    }

    #[test]
    fn messages_round_trip() {
        let json = serde_json::to_string(&full()).unwrap();
        assert_eq!(Message::from_json(&json).unwrap(), full());
        let counts = r#"{"text":"","thread":{"unanswered":3,"recipient_replied":false}}"#;
        let message = Message::from_json(counts).unwrap();
        assert_eq!(message.body, Body::Blank);
        assert!(matches!(
            message.thread,
            Some(Thread::Counts {
                unanswered: Some(3),
                recipient_replied: Some(false)
            })
        ));
        assert_eq!(serde_json::to_string(&message).unwrap(), counts);
    }

    #[test]
    fn texts_without_escapes_are_borrowed() {
        let json = r#"{"text": "plain", "sender": {"headline": "Nurse", "services": ["a"]}}"#;
        let message = Message::from_json(json).unwrap();
        let borrowed = |text: &str| json.as_bytes().as_ptr_range().contains(&text.as_ptr());
        assert!(borrowed(message.body.text().unwrap()));
        assert!(borrowed(message.sender.as_ref().unwrap().headline.as_ref().unwrap()));
        assert!(borrowed(&message.sender.as_ref().unwrap().services[0]));
    }

    #[test]
    fn errors_say_where_and_what() {
        for (json, expected) in [
            (
                r#"{"txt": "x"}"#,
                "column 2: a message has no key `txt`; did you mean `text`?",
            ),
            (
                r#"{"sender": {"positions": [{"titel": "x"}]}}"#,
                "column 28: `sender.positions` has no key `titel`; did you mean `title`?",
            ),
            (
                r#"{"timing": {"sent_at": "yesterday"}}"#,
                "column 34: invalid value: string \"yesterday\", expected a time such as \"2026-01-29T14:37:00Z\" or seconds since 1970",
            ),
            (
                r#"{"text": 5}"#,
                "column 10: invalid type: integer `5`, expected a string",
            ),
            (r#"{"text": "x""#, "column 12: EOF while parsing an object"),
            (r#"{"text": "\ud800"}"#, "column 17: unexpected end of hex escape"),
            (
                "not json",
                "column 2: expected ident; this is not valid JSON: a message is an object such as {\"text\": \"Hi\"}",
            ),
            (
                r#"{"text": "x"} x"#,
                "column 15: trailing characters; this is not valid JSON",
            ),
            ("[]", "column 1: expected an object in braces, found a list"),
        ] {
            let error = Message::from_json(json).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{json}: {error}");
        }
    }
}
