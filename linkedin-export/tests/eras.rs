//! Archives of every era, as zip and as folder, are read to exactly the same story.
//!
//! The small archives in `tests/data` are what the generator writes. `UPDATE=1 cargo test --test eras` writes them again,
//! and what is read from them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at what must not happen"
)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::{ERAS, Era, MARTA};
use huckster::{Channel, Recipient};
use huckster_linkedin_export::{Archive, Direction, Item, Options};

fn data(era: Era) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(era.folder())
}

fn read(archive: &Archive) -> Vec<Item> {
    archive.messages().collect::<Result<_, _>>().unwrap()
}

/// The archives in the repository are those of the generator, and are read as the file beside them says.
#[test]
fn archives_are_read_as_expected() {
    for era in ERAS {
        let (files, folder) = (common::files(era), data(era));
        let update = std::env::var_os("UPDATE").is_some();
        if update {
            let _ = fs::remove_dir_all(&folder);
            common::write_folder(&files, &folder);
        }
        for (name, bytes) in &files {
            assert!(
                fs::read(folder.join(name)).unwrap() == *bytes,
                "{era:?} {name} is not what the generator writes"
            );
        }
        let archive = Archive::open(&folder, Options::new()).unwrap();
        let mut found = String::new();
        for item in read(&archive) {
            writeln!(found, "{}\n", common::shown(&item)).unwrap();
        }
        let owner = archive.owner().unwrap();
        let skills = owner.skills.join(", ");
        writeln!(
            found,
            "{} <{}> {} | {skills}\n{}\n\n{}",
            owner.name.as_deref().unwrap(),
            owner.profile_url.as_deref().unwrap_or("-"),
            owner.schools.join(", "),
            serde_json::to_string(&owner.profile).unwrap(),
            archive.report()
        )
        .unwrap();
        let expected = folder.with_extension("expected");
        if update {
            fs::write(&expected, &found).unwrap();
        }
        let expected = fs::read_to_string(expected).unwrap();
        for (found, expected) in found.lines().zip(expected.lines()) {
            assert_eq!(found, expected, "{era:?}");
        }
        assert_eq!(found.lines().count(), expected.lines().count(), "{era:?}");
    }
}

/// What is read is what was written, whatever the reader makes of it otherwise.
#[test]
fn nothing_is_lost_and_nothing_is_added() {
    for era in ERAS {
        let (items, archive) = common::items(&common::files(era));
        let mut expected: Vec<(String, &str, bool)> = common::requests()
            .iter()
            .map(|r| (r.note.to_owned(), r.from.name, r.from.slug == MARTA.slug))
            .collect();
        let notes: Vec<String> = expected.iter().map(|(note, ..)| note.clone()).collect();
        let messages = common::story().into_iter().filter(|m| !m.draft);
        expected.extend(
            messages
                .filter(|m| m.text.is_empty() || !notes.contains(&m.text.to_owned()))
                .map(|m| (m.text.to_owned(), m.from.name, m.from.slug == MARTA.slug)),
        );
        let found: Vec<(String, &str, bool)> = items
            .iter()
            .map(|i| {
                let text = i.message.body.text().unwrap_or_default().to_owned();
                (
                    text,
                    i.from.name.as_deref().unwrap_or("LinkedIn Member"),
                    i.direction == Direction::Outgoing,
                )
            })
            .collect();
        assert_eq!(found, expected, "{era:?}");
        assert_eq!(archive.report().merged_notes(), 2, "{era:?}");
        assert_eq!(archive.report().problem_count(), 0, "{era:?} {}", archive.report());
        assert_eq!(archive.report().drafts(), u64::from(era == Era::Y2025));
    }
}

fn starting<'i>(items: &'i [Item], text: &str) -> &'i Item {
    items
        .iter()
        .find(|i| i.message.body.text().is_some_and(|t| t.starts_with(text)))
        .unwrap()
}

/// The facts that are joined from several files are the same in every era that has them.
#[test]
fn facts_are_joined() {
    for era in ERAS {
        let (items, archive) = common::items(&common::files(era));
        let json = |item: &Item| serde_json::to_value(&item.message).unwrap();

        let bump = json(starting(&items, "Just bumping"));
        // The note is no message without an answer: it was accepted.
        assert_eq!(bump["thread"]["unanswered"], 1, "{era:?} {bump}");
        assert_eq!(bump["thread"]["recipient_replied"], false);
        assert_eq!(bump["timing"]["since_previous_message_s"], 3 * 86_400);
        assert_eq!(bump["timing"]["since_acceptance_s"], 3 * 86_400 + 10 * 3600 + 15 * 60);
        assert_eq!(bump["timing"]["sent_at"], "2026-02-11T10:15:00Z");
        assert_eq!(bump["relationship"]["recipient_wrote_first"], false);
        assert_eq!(bump["relationship"]["degree"], 1);
        assert_eq!(bump["sender"]["positions"][0]["company"], "Fill Your Calendar");
        assert_eq!(bump["recipient"]["headline"], "Head of Data at Norrvik Energi");
        assert_eq!(bump["facts"]["export.invited-by"], "sender");

        let answer = json(starting(&items, "Of course"));
        assert_eq!(answer["thread"]["recipient_replied"], true, "{era:?}");
        assert_eq!(answer["thread"]["unanswered"], 0);
        assert_eq!(answer["relationship"]["recipient_wrote_first"], true);
        assert_eq!(answer["relationship"]["shared_employers"][0], "Brightwater Labs");
        assert_eq!(answer["facts"]["export.endorsed-by-sender"], true);
        assert_eq!(answer["facts"]["export.invited-by"], "recipient");

        let inmail = starting(&items, "Hello Marta");
        assert_eq!(inmail.message.channel, Channel::InMail, "{era:?}");
        assert_eq!(inmail.message.subject.as_deref(), Some("Cloud cost"));
        assert_eq!(inmail.message.timing.unwrap().since_acceptance_s, None);
        // Nobody's connection: nothing is claimed.
        assert_eq!(json(inmail)["relationship"].get("degree"), None);

        let again = &items[0];
        assert!(again.message.body.is_blank() && again.message.channel == Channel::Invitation);
        assert_eq!(again.message.history.unwrap().earlier_requests, Some(1), "{era:?}");
        assert_eq!(items[1].message.history, None);
        assert_eq!(
            items[2].repeated.as_ref().unwrap().row,
            if era == Era::Y2025 { 10 } else { 9 },
            "{era:?}"
        );

        let karin = items
            .iter()
            .find(|i| i.from.name.as_deref() == Some("Karin Öst, Ph.D."))
            .unwrap();
        let karin = json(karin);
        assert_eq!(karin["relationship"]["have_met"], true, "{era:?}");
        assert_eq!(karin["relationship"]["shared_schools"][0], "Delft Institute of Tides");
        assert_eq!(karin["facts"]["export.recommended-by-recipient"], true);

        let thanks = starting(&items, "Thank you!");
        assert_eq!(thanks.direction, Direction::Outgoing);
        assert_eq!(
            thanks.message.sender.as_ref().unwrap().name.as_deref(),
            Some(MARTA.name)
        );
        let Recipient::Profile(to) = &thanks.message.recipient else {
            panic!("{era:?}")
        };
        assert_eq!(to.name.as_deref(), Some("Inês Duarte"));

        let hidden = starting(&items, "Hello?");
        assert_eq!(hidden.from.name, None);
        assert_eq!(json(hidden)["facts"]["export.folder"], "spam");

        if era > Era::Y2017 {
            let paid = json(starting(&items, "Hi %FIRSTNAME%"));
            assert_eq!(paid["facts"]["export.sponsored"], true, "{era:?}");
        }
        if era >= Era::Y2023 {
            let lunch = json(starting(&items, "Lunch"));
            assert_eq!(lunch["facts"]["export.participants"], 3, "{era:?}");
            assert_eq!(archive.owner().unwrap().profile_url.as_deref(), Some(&*MARTA.url()));
        }
        assert_eq!(archive.report().hidden_connections(), 1);
    }
}

/// Zip, folder, folder in a folder, folder in a zip: the same messages.
#[test]
fn the_container_does_not_matter() {
    let files = common::files(Era::Y2026);
    let zipped = common::items(&files).0;
    let stored = common::items_of_bytes(&common::zipped(&files, zip::CompressionMethod::Stored)).0;
    assert_eq!(stored, zipped);
    let read_folder = |files: &common::Files| {
        let folder = tempfile::tempdir().unwrap();
        common::write_folder(files, folder.path());
        read(&Archive::open(folder.path(), Options::new()).unwrap())
    };
    assert_eq!(read_folder(&files), zipped);
    let inner: common::Files = files
        .iter()
        .map(|(n, b)| (format!("My export/{n}"), b.clone()))
        .collect();
    let texts = |items: Vec<Item>| {
        items
            .into_iter()
            .map(|i| (i.message.body, i.at, i.from))
            .collect::<Vec<_>>()
    };
    let expected = texts(zipped);
    assert_eq!(texts(read_folder(&inner)), expected);
    // What macOS adds to a zip is no file of ours.
    let inner = common::with(inner, "__MACOSX/My export/._messages.csv", *b"\0\x05\x16\x07");
    assert_eq!(texts(common::items(&inner).0), expected);
}

/// A file alone says less, but is read. Its name does not matter.
#[test]
fn one_file_alone() {
    let files = common::files(Era::Y2026);
    let (items, _) = common::items_of_bytes(common::bytes(&files, "messages.csv"));
    assert_eq!(items.len(), 11);
    assert_eq!(items.iter().filter(|i| i.direction == Direction::Outgoing).count(), 2);
    let (items, archive) = common::items_of_bytes(common::bytes(&files, "Invitations.csv"));
    assert_eq!(items.len(), 4);
    assert_eq!(archive.owner().unwrap().name.as_deref(), Some(MARTA.name));
    // Parts of a numbered file are one file.
    let all = String::from_utf8(common::bytes(&files, "Invitations.csv").to_vec()).unwrap();
    let (header, rows) = all.split_once('\n').unwrap();
    let (first, rest) = rows.split_once('\n').unwrap();
    let parts = common::without(files, "Invitations.csv");
    let parts = common::with(parts, "Invitations_2.csv", format!("{header}\n{rest}"));
    let parts = common::with(parts, "Invitations_1.csv", format!("{header}\n{first}\n"));
    let (parted, archive) = common::items(&parts);
    assert_eq!(
        parted[..4].iter().map(|i| &i.message.body).collect::<Vec<_>>(),
        items.iter().map(|i| &i.message.body).collect::<Vec<_>>()
    );
    assert_eq!(&*parted[1].source.file, "Invitations_2.csv");
    assert_eq!(archive.report().problem_count(), 0);
}

/// A caller who knows more of the recipient says so.
#[test]
fn the_recipient_may_be_another() {
    let folder = data(Era::Y2026);
    let mut archive = Archive::open(&folder, Options::new()).unwrap();
    let mut me = archive.owner().unwrap().profile.clone();
    me.services.push("Tide forecasts".into());
    archive.set_recipient(me.clone());
    for item in archive.messages().map(Result::unwrap) {
        let is_me = item.message.recipient.profile() == Some(&me);
        assert_eq!(is_me, item.direction == Direction::Incoming, "{}", item.source);
    }
}

/// People who are hidden are not one person, and the composer of InMails tells an InMail.
#[test]
fn hidden_people_and_composed_messages() {
    let header = "From,To,Sent At,Message,Direction\n";
    let row = |day: u32| format!("LinkedIn Member,Marta Lindqvist,\"1/{day}/26, 2:37 PM\",,INCOMING\n");
    let files = vec![(
        "Invitations.csv".to_owned(),
        format!("{header}{}{}", row(2), row(3)).into_bytes(),
    )];
    let composed = "<p class=\"\"spinmail-quill-editor__spin-break\"\">Hello</p>";
    let jo = common::JO.url();
    let messages = format!(
        "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,DATE,CONTENT\n\
         1,LinkedIn Member,,Marta Lindqvist,2026-02-02 10:00:00 UTC,Hello\n\
         2,Jo Field,{jo},Marta Lindqvist,2026-02-02 10:00:00 UTC,\"{composed}\"\n"
    );
    let items = common::items(&common::with(files, "messages.csv", messages)).0;
    assert!(
        items[..2]
            .iter()
            .all(|i| i.message.history.is_none() && i.from.name.is_none())
    );
    assert!(items[2].message.facts.is_empty(), "{:?}", items[2].message.facts);
    assert_eq!(items[3].message.channel, Channel::InMail);
    assert_eq!(items[3].message.body.text(), Some("Hello"));
    assert!(items[3].message.facts.is_empty());
}
