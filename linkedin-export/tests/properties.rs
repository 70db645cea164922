//! Whatever is in the files, nothing panics, and what is counted is what is read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at what must not happen"
)]

mod common;

use common::{ERAS, Files};
use huckster_linkedin_export::Options;
use proptest::prelude::*;
use proptest::sample::Index;

const NAMES: [&str; 13] = [
    "messages.csv",
    "Invitations.csv",
    "Connections.csv",
    "Profile.csv",
    "Positions.csv",
    "Education.csv",
    "Skills.csv",
    "Endorsement_Received_Info.csv",
    "Endorsement_Given_Info.csv",
    "Recommendations_Received.csv",
    "Recommendations_Given.csv",
    "messages_2.csv",
    "folder/messages.csv",
];

fn check(bytes: &[u8], me: Option<&str>) {
    let options = me.map_or_else(Options::new, |me| Options::new().me(me));
    match common::open_bytes(bytes, options) {
        Ok((archive, _folder)) => {
            let items: Vec<_> = archive.messages().map(Result::unwrap).collect();
            assert_eq!(items.len() as u64, archive.len());
            let again: Vec<_> = archive.messages().map(Result::unwrap).collect();
            assert_eq!(items, again);
            let _ = archive.report().to_string();
            for item in items {
                let json = serde_json::to_string(&item.message).unwrap();
                let back: huckster::Message<'_> = serde_json::from_str(&json).unwrap();
                assert_eq!(back, item.message);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty() && !error.help().is_empty()),
    }
}

/// Fields as they could be anywhere: dates, addresses, quotation marks, tags, other scripts.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "\\PC{0,12}",
        1 => "[<>&;/pba= \"'%]{0,20}",
        1 => "[0-9]{1,4}[-/. ][0-9A-Za-z]{1,4}[-/. ][0-9]{1,4}(, [0-9]{1,2}:[0-9]{2}( [AP]M)?)?",
        1 => "2026-0[1-9]-1[0-9] 1[0-9]:00:00 UTC",
        1 => "https://www.linkedin.com/in/[a-c%]{1,2}",
        1 => Just("INCOMING".to_owned()),
        1 => Just("OUTGOING".to_owned()),
        1 => Just("Yes".to_owned()),
    ]
}

/// A file with a header of an era and rows of anything.
fn filled(name: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let rows = proptest::collection::vec(proptest::collection::vec(field(), 0..13), 0..12);
    (0..ERAS.len(), rows, any::<bool>()).prop_map(move |(era, rows, quoted)| {
        let files = common::files(ERAS[era]);
        let header = files
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map_or(&b"Name\n"[..], |(_, bytes)| bytes);
        let header = header
            .split_inclusive(|b| *b == b'\n')
            .find(|line| line.len() > 40)
            .unwrap_or(b"Name\n");
        let mut file = header.to_vec();
        for row in rows {
            let cell = |cell: &String| {
                if quoted {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            };
            file.extend(row.iter().map(cell).collect::<Vec<_>>().join(",").bytes());
            file.push(b'\n');
        }
        file
    })
}

proptest! {
    #[test]
    fn any_bytes_as_any_file(
        files in proptest::collection::vec((0..NAMES.len(), proptest::collection::vec(any::<u8>(), 0..300)), 1..6),
        era in 0..ERAS.len(),
    ) {
        let mut archive = common::files(ERAS[era]);
        for (name, bytes) in files {
            archive = common::with(archive, NAMES[name], bytes);
        }
        check(&common::zipped(&archive, zip::CompressionMethod::Stored), None);
    }

    #[test]
    fn any_fields_under_real_headers(
        messages in filled("messages.csv"),
        invitations in filled("Invitations.csv"),
        connections in filled("Connections.csv"),
        profile in filled("Profile.csv"),
        me in proptest::option::of(Just("https://www.linkedin.com/in/a")),
    ) {
        let files: Files = vec![
            ("messages.csv".into(), messages.clone()),
            ("Invitations.csv".into(), invitations),
            ("Connections.csv".into(), connections),
            ("Profile.csv".into(), profile),
        ];
        check(&common::zipped(&files, zip::CompressionMethod::Deflated), me);
        check(&messages, me);
    }

    #[test]
    fn real_archives_with_changed_bytes(
        era in 0..ERAS.len(),
        changes in proptest::collection::vec((any::<Index>(), any::<Index>(), any::<u8>()), 1..20),
    ) {
        let mut files = common::files(ERAS[era]);
        for (file, place, byte) in &changes {
            let at = file.index(files.len());
            let bytes = &mut files[at].1;
            let place = place.index(bytes.len());
            bytes[place] = *byte;
        }
        check(&common::zipped(&files, zip::CompressionMethod::Stored), None);
        let mut zip = common::zipped(&common::files(ERAS[era]), zip::CompressionMethod::Deflated);
        for (_, place, byte) in &changes {
            let place = place.index(zip.len());
            zip[place] = *byte;
        }
        check(&zip, None);
    }

    #[test]
    fn any_bytes_alone(bytes in proptest::collection::vec(any::<u8>(), 0..600), zip in any::<bool>()) {
        let bytes = if zip { [b"PK", &bytes[..]].concat() } else { bytes };
        check(&bytes, None);
    }
}
