//! `--json`: a verdict with where the message is from, as one line.

use huckster::{Timestamp, Verdict};
use huckster_linkedin_export::Item;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    source: Source<'a>,
    /// The first message of a thread that repeats the note of an invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<Source<'a>>,
    from: From<'a>,
    at: Option<Timestamp>,
    direction: &'static str,
    channel: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<&'a str>,
    #[serde(flatten)]
    verdict: &'a Verdict,
}

#[derive(Serialize)]
struct Source<'a> {
    file: &'a str,
    row: u64,
}

impl<'a> std::convert::From<&'a huckster_linkedin_export::Source> for Source<'a> {
    fn from(source: &'a huckster_linkedin_export::Source) -> Self {
        Self {
            file: &source.file,
            row: source.row,
        }
    }
}

#[derive(Serialize)]
struct From<'a> {
    name: Option<&'a str>,
    profile_url: Option<&'a str>,
}

/// The line of a message, with its end.
pub(crate) fn line(item: &Item, verdict: &Verdict) -> Vec<u8> {
    let line = Line {
        source: (&item.source).into(),
        repeated: item.repeated.as_ref().map(Into::into),
        from: From {
            name: item.from.name.as_deref(),
            profile_url: item.from.profile_url.as_deref(),
        },
        at: item.at,
        direction: "incoming",
        channel: item.message.channel.name(),
        conversation: item.conversation.as_deref(),
        verdict,
    };
    let mut out = Vec::new();
    // Writing to memory cannot fail, and a verdict has no keys that JSON lacks.
    let written = serde_json::to_writer(&mut out, &line);
    debug_assert!(written.is_ok());
    out.push(b'\n');
    out
}
