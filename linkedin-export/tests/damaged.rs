//! Archives that were re-saved, cut off or mixed up: what can be read is read, and the rest is reported.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at what must not happen"
)]

mod common;

use common::{Era, Files};
use huckster_linkedin_export::{Item, Options, Problem, Reason};

/// What the messages say, without where they stand.
fn story(items: &[Item]) -> Vec<String> {
    let json = |item: &Item| {
        let mut message = serde_json::to_value(&item.message).unwrap();
        message["id"] = serde_json::Value::Null;
        format!(
            "{:?} {:?} {:?} {:?} {message}",
            item.at, item.direction, item.from.name, item.from.profile_url
        )
    };
    items.iter().map(json).collect()
}

fn each(files: Files, change: impl Fn(&str, String) -> Vec<u8>) -> Files {
    files
        .into_iter()
        .map(|(name, bytes)| (name.clone(), change(&name, String::from_utf8(bytes).unwrap())))
        .collect()
}

/// Reads a CSV and writes it with another separator.
fn separated(text: &str, separator: u8) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for record in reader.records() {
        writer.write_record(&record.unwrap()).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn spreadsheets_change_nothing() {
    for era in common::ERAS {
        let files = common::files(era);
        let expected = story(&common::items(&files).0);
        let is_same = |files: &Files, what: &str| {
            let (items, archive) = common::items(files);
            assert_eq!(story(&items), expected, "{era:?} {what}");
            assert_eq!(
                archive.report().problem_count(),
                0,
                "{era:?} {what}\n{}",
                archive.report()
            );
        };
        let marked = |_: &str, text: String| [b"\xef\xbb\xbf", text.as_bytes()].concat();
        is_same(&each(files.clone(), marked), "byte order mark");
        is_same(
            &each(files.clone(), |_, text| separated(&text, b';')),
            "semicolons and CRLF",
        );
        is_same(&each(files.clone(), |_, text| separated(&text, b'\t')), "tabs");
        let utf16 = |_: &str, text: String| {
            let tabs = String::from_utf8(separated(&text, b'\t')).unwrap();
            "\u{feff}"
                .encode_utf16()
                .chain(tabs.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        is_same(&each(files.clone(), utf16), "UTF-16");
        let crlf_header = |_: &str, text: String| text.replacen('\n', "\r\n", 1).into_bytes();
        is_same(&each(files.clone(), crlf_header), "CRLF in the header");
        // UTF-8 read as Windows-1252 and saved as UTF-8.
        let mojibake = |_: &str, text: String| {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(text.as_bytes())
                .0
                .into_owned()
                .into_bytes()
        };
        is_same(&each(files.clone(), mojibake), "encoded twice");
        let no_emoji = each(files.clone(), |_, text| text.replace(" 🙂", "").into_bytes());
        let narrow = each(no_emoji.clone(), |_, text| {
            encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
        });
        assert_eq!(
            story(&common::items(&narrow).0),
            story(&common::items(&no_emoji).0),
            "{era:?} Windows-1252"
        );
        let padded = |name: &str, text: String| match text.strip_prefix(common::PREAMBLE) {
            Some(rest) => format!("Notes:,,,,,,\nMay be \"missing,,,,,,\nin part,,,,,,\n,,,,,,\n{rest}").into_bytes(),
            None if name.starts_with("Conn") => format!("Notes:\n{text}").into_bytes(),
            None => text.into_bytes(),
        };
        is_same(&each(files.clone(), padded), "preamble taken apart");
        let dates = |name: &str, text: String| match name {
            "Connections.csv" => text
                .replace(" Feb 2026", "-Feb-26")
                .replace(" Jan 2026", "-Jan-26")
                .into_bytes(),
            _ => text.into_bytes(),
        };
        is_same(&each(files.clone(), dates), "dates of a spreadsheet");
        let renamed: Files = files
            .iter()
            .map(|(name, bytes)| {
                (
                    name.to_uppercase().replace("_GIVEN", " Given").replace("_INFO", "info"),
                    bytes.clone(),
                )
            })
            .collect();
        is_same(&renamed, "names in other case");
        let blank_rows = |_: &str, text: String| format!("{}\n\n,,,,,,\n", text.trim_end()).into_bytes();
        is_same(&each(files.clone(), blank_rows), "blank rows at the end");
    }
}

#[test]
fn columns_may_stand_anywhere() {
    let files = common::files(Era::Y2026);
    let expected = story(&common::items(&files).0);
    let turned = each(files, |_, text| {
        let (preamble, table) = match text.strip_prefix(common::PREAMBLE) {
            Some(table) => (common::PREAMBLE, table),
            None => ("", &*text),
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(table.as_bytes());
        let mut writer = csv::Writer::from_writer(preamble.as_bytes().to_vec());
        for (i, record) in reader.records().enumerate() {
            let record = record.unwrap();
            let extra = if i == 0 { "New Column" } else { "new" };
            writer.write_record(record.iter().rev().chain([extra])).unwrap();
        }
        writer.into_inner().unwrap()
    });
    let (items, archive) = common::items(&turned);
    assert_eq!(story(&items), expected);
    assert_eq!(archive.report().problem_count(), 0, "{}", archive.report());
}

fn problems(report: &huckster_linkedin_export::Report) -> Vec<(String, Option<u64>, Reason, Option<String>)> {
    let one = |p: &Problem| (p.file.to_string(), p.row, p.reason, p.value.clone());
    report.problems().iter().map(one).collect()
}

#[test]
fn rows_that_cannot_be_read_are_reported_with_their_place() {
    let files = common::files(Era::Y2026);
    let (url, me) = (common::JO.url(), common::MARTA.url());
    let messages = format!(
        "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,ATTACHMENTS\n\
         c,,Jo Field,{url},Marta Lindqvist,{me},yesterday,,one,INBOX,\n\
         \n\
         c,,Jo Field,{url},Marta Lindqvist,{me},2026-01-01 10:00:00 UTC\n\
         c,,Jo Field,{url},Marta Lindqvist,{me},2026-01-01 10:00:00 UTC,,two, and more,INBOX,\n\
         c,,Jo Field,{url},Marta Lindqvist,{me},2026-01-01 10:00:00 UTC,,three\n\
         c,,Jo Field,{url},Marta Lindqvist,{me},2026-01-01 10:00:00 UTC,,four,INBOX,,\n\
         c,,Jo Field,{url},Marta Lindqvist,{me},2026-01-02 10:00:00 UTC,,\"five is cut"
    );
    let files = common::with(files, "messages.csv", messages);
    let invitations = "From,To,Sent At,Message,Direction\nA B,C D,\"1/2/26, 3:04 PM\",hello,SIDEWAYS\n\
         Jo Field,Marta Lindqvist,\"1/2/26, 3:04 PM\",no direction but names,\nJo Field,Marta Lindqvist,soon,no date,RECEIVED\n";
    let files = common::with(files, "Invitations.csv", invitations);
    let (items, archive) = common::items(&files);
    let texts: Vec<_> = items.iter().map(|i| i.message.body.text().unwrap()).collect();
    assert_eq!(texts, ["no direction but names", "no date", "one", "three"]);
    let file =
        |name: &str, row, reason, value: Option<&str>| (name.to_owned(), Some(row), reason, value.map(str::to_owned));
    assert_eq!(
        problems(archive.report()),
        [
            file("Invitations.csv", 2, Reason::Direction, Some("SIDEWAYS")),
            file("Invitations.csv", 4, Reason::Date, Some("soon")),
            file("messages.csv", 2, Reason::Date, Some("yesterday")),
            file("messages.csv", 3, Reason::ShortRow, None),
            file("messages.csv", 4, Reason::LongRow, None),
            // Empty fields too many may be a comma too many in the text.
            file("messages.csv", 6, Reason::LongRow, None),
            file("messages.csv", 7, Reason::CutOff, None),
        ]
    );
    let report = archive.report().to_string();
    assert!(
        report.contains("messages.csv: 2 x more fields than the header has; left out"),
        "{report}"
    );
    let undated = &items[2];
    assert!(undated.at.is_none() && undated.message.thread.is_none() && undated.message.timing.is_none());
}

#[test]
fn more_problems_than_are_kept_are_counted() {
    let rows = "a,b\n".repeat(3000);
    let file = format!("From,To,Sent At,Message,Direction\nA,B,1/2/26,x,INCOMING\n{rows}A,B,1/2/26,x,INCOMING\n");
    let (items, archive) = common::items(&vec![("Invitations.csv".to_owned(), file.into_bytes())]);
    assert_eq!(items.len(), 2);
    assert_eq!(archive.report().problem_count(), 3000);
    assert_eq!(archive.report().problems().len(), 1000);
    assert_eq!(
        archive.report().counts().collect::<Vec<_>>(),
        [("Invitations.csv", Reason::ShortRow, 3000)]
    );
}

/// Wherever a file is cut off, no text is given out that was not written like this, and none goes missing unseen.
#[test]
fn a_file_cut_off_anywhere() {
    for era in [Era::Y2021, Era::Y2026] {
        let files = common::files(era);
        let whole = common::bytes(&files, "messages.csv").to_vec();
        let written = |text: &str| common::story().iter().any(|m| m.text == text) || text.is_empty();
        for end in (0..whole.len()).step_by(5) {
            let cut = common::with(files.clone(), "messages.csv", &whole[..end]);
            let Ok((archive, _folder)) =
                common::open_bytes(&common::zipped(&cut, zip::CompressionMethod::Stored), Options::new())
            else {
                panic!("{era:?} cut at {end}: invitations can be read in any case");
            };
            let mut read = 0;
            for item in archive.messages() {
                let item = item.unwrap();
                let text = item.message.body.text().unwrap_or_default();
                assert!(written(text), "{era:?} cut at {end}: {text:?}");
                read += usize::from(item.source.file.starts_with("messages"));
            }
            // Rows that are there in part or in full are read, joined to an invitation, or reported.
            let rows = csv::ReaderBuilder::new()
                .flexible(true)
                .from_reader(&whole[..end])
                .into_byte_records();
            let rows = rows
                .filter(|row| !row.as_ref().unwrap().iter().all(<[u8]>::is_empty))
                .count();
            let report = archive.report();
            let seen = read as u64 + report.merged_notes() + report.problem_count();
            assert!(seen >= rows as u64, "{era:?} cut at {end}: {seen} of {rows}\n{report}");
        }
    }
}

#[test]
fn files_of_the_same_kind_are_not_mixed() {
    let files = common::files(Era::Y2026);
    let expected = story(&common::items(&files).0);
    let old = common::bytes(&files, "messages.csv").to_vec();
    let files = common::with(files, "old export/messages.csv", old);
    let (items, archive) = common::items(&files);
    assert_eq!(story(&items), expected);
    assert_eq!(
        problems(archive.report()),
        [("old export/messages.csv".to_owned(), None, Reason::SecondFile, None)]
    );
}

#[test]
fn a_file_without_a_header_is_reported() {
    let files = common::with(common::files(Era::Y2026), "Connections.csv", "nothing,to,see\n1,2,3\n");
    let (items, archive) = common::items(&files);
    assert_eq!(items.len(), 13);
    assert_eq!(
        problems(archive.report()),
        [("Connections.csv".to_owned(), None, Reason::Header, None)]
    );
}
