//! Archives that nobody means well with: a clear answer, bounded memory, nothing written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at what must not happen"
)]

mod common;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use common::{Era, Files};
use huckster_linkedin_export::{Archive, ArchiveError, Limits, Options, Reason};
use zip::CompressionMethod;

/// Opens and reads everything, and says how many bytes were in use at most.
fn peak(path: &Path, options: &Options) -> (Result<(u64, Archive), ArchiveError>, u64) {
    let mut result = None;
    let info = allocation_counter::measure(|| {
        result = Some(Archive::open(path, options.clone()).map(|archive| {
            let read = archive.messages().map(Result::unwrap).count() as u64;
            assert_eq!(read, archive.len());
            (read, archive)
        }));
    });
    (result.unwrap(), info.bytes_max)
}

fn error(bytes: &[u8]) -> String {
    let error = common::open_bytes(bytes, Options::new()).err().unwrap();
    assert!(!error.help().is_empty());
    let text = error.to_string();
    let name = error.path().file_name().unwrap().to_string_lossy().into_owned();
    assert!(text.contains(&name), "{text}");
    text
}

fn real() -> Vec<u8> {
    common::zipped(&common::files(Era::Y2026), CompressionMethod::Deflated)
}

/// Every place where the bytes occur.
fn places(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    (0..bytes.len() - needle.len())
        .filter(|at| bytes[*at..].starts_with(needle))
        .collect()
}

/// The central directory entry of a file.
fn entry(bytes: &[u8], name: &str) -> usize {
    let entries = places(bytes, b"PK\x01\x02").into_iter();
    let mut named = entries.filter(|at| bytes[at + 46..].starts_with(name.as_bytes()));
    named.next().unwrap()
}

#[test]
fn a_bomb_is_not_unpacked() {
    let header = b"FROM,DATE,CONTENT\n".to_vec();
    let bomb = [header, vec![b'x'; 64 << 20]].concat();
    let files: Files = vec![("messages.csv".into(), bomb)];
    let zip = common::zipped(&files, CompressionMethod::Deflated);
    assert!(zip.len() < 1 << 20, "{}", zip.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.zip");
    fs::write(&path, &zip).unwrap();
    let (result, bytes) = peak(&path, &Options::new());
    let text = result.err().unwrap().to_string();
    assert!(text.contains("`messages.csv` says it unpacks to"), "{text}");
    assert!(bytes < 1 << 20, "{bytes} bytes");
    // Who insists may read it, and still does not keep it.
    let mut limits = Limits::default();
    limits.ratio = 5000;
    let (result, bytes) = peak(&path, &Options::new().limits(limits));
    assert_eq!(
        result.unwrap().1.report().counts().next().unwrap().1,
        Reason::RowTooLong
    );
    assert!(bytes < 4 << 20, "{bytes} bytes");
}

#[test]
fn a_bomb_that_lies_about_its_size() {
    let bomb = [b"FROM,DATE,CONTENT\n".to_vec(), b"a,2026-01-01,x\n".repeat(100_000)].concat();
    let mut zip = common::zipped(&vec![("messages.csv".into(), bomb)], CompressionMethod::Deflated);
    let at = entry(&zip, "messages.csv");
    zip[at + 24..at + 28].copy_from_slice(&1000u32.to_le_bytes());
    let text = error(&zip);
    assert!(
        text.contains("`messages.csv` is damaged after row") && text.contains("longer than it says"),
        "{text}"
    );
}

#[test]
fn all_files_together_have_a_limit() {
    let mut limits = Limits::default();
    limits.total_bytes = 1000;
    let text = common::open_bytes(&real(), Options::new().limits(limits))
        .err()
        .unwrap()
        .to_string();
    assert!(text.contains("bytes long together; the limit is 1000"), "{text}");
    let mut limits = Limits::default();
    limits.rows = 10;
    let text = common::open_bytes(&real(), Options::new().limits(limits))
        .err()
        .unwrap()
        .to_string();
    assert!(text.contains("has more than"), "{text}");
}

#[test]
fn five_gigabytes_declared() {
    let (name, size) = (b"messages.csv", 5u64 << 30);
    // A central directory with one entry, sizes in the zip64 field.
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend([45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    zip.extend([0xff; 8]);
    zip.extend([12, 0, 20, 0]);
    zip.extend(name);
    let extra = [&[1, 0, 16, 0][..], &size.to_le_bytes(), &size.to_le_bytes()].concat();
    zip.extend(&extra);
    zip.extend(b"FROM,DATE,CONTENT\n");
    let directory = zip.len() as u32;
    zip.extend(b"PK\x01\x02");
    zip.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    zip.extend([0xff; 8]);
    zip.extend([12, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    zip.extend(name);
    zip.extend(&extra);
    let length = zip.len() as u32 - directory;
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend(length.to_le_bytes());
    zip.extend(directory.to_le_bytes());
    zip.extend([0, 0]);
    let text = error(&zip);
    assert!(
        text.contains("`messages.csv` is 5368709120 bytes long; the limit is 4294967296"),
        "{text}"
    );

    // A file that is that long, if only on paper.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.csv");
    File::create(&path).unwrap().set_len(size).unwrap();
    for path in [folder.path(), &path] {
        let text = Archive::open(path, Options::new()).err().unwrap().to_string();
        assert!(text.contains("is 5368709120 bytes long"), "{text}");
    }
}

#[test]
fn names_are_only_names() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("outside");
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let files = common::files(Era::Y2026);
    let expected = common::items(&files).0.len();
    for prefix in [
        "../../outside/",
        "../outside/",
        "/outside/",
        "C:\\outside\\",
        "..\\..\\outside\\",
        outside.to_str().unwrap(),
    ] {
        let tricky: Files = files
            .iter()
            .map(|(n, b)| (format!("{prefix}/{n}"), b.clone()))
            .collect();
        let path = inside.join("archive.zip");
        fs::write(&path, common::zipped(&tricky, CompressionMethod::Deflated)).unwrap();
        let archive = Archive::open(&path, Options::new()).unwrap();
        assert_eq!(archive.messages().count(), expected, "{prefix}");
        assert!(!outside.exists());
        assert_eq!(fs::read_dir(&inside).unwrap().count(), 1);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn encrypted_and_unknown_compression() {
    let mut zip = real();
    let at = entry(&zip, "messages.csv");
    zip[at + 8] |= 1;
    assert!(error(&zip).contains("`messages.csv` is encrypted"), "{}", error(&zip));
    let mut zip = real();
    let at = entry(&zip, "messages.csv");
    zip[at + 10] = 93;
    assert!(error(&zip).contains("compressed in a way"), "{}", error(&zip));
}

#[test]
fn a_zip_cut_off_or_changed() {
    let zip = real();
    for end in (2..zip.len() - 1).step_by(97) {
        let text = error(&zip[..end]);
        assert!(text.contains("the zip is not complete"), "{end}: {text}");
    }
    // A bit that has changed in the packed text.
    let mut changed = 0;
    let at = places(&zip, b"PK\x03\x04")
        .into_iter()
        .find(|at| zip[at + 30..].starts_with(b"messages.csv"))
        .unwrap();
    for offset in (60..400).step_by(10) {
        let mut zip = zip.clone();
        zip[at + offset] ^= 4;
        let text = error(&zip);
        assert!(text.contains("`messages.csv` is damaged after row"), "{text}");
        changed += 1;
    }
    assert_eq!(changed, 34);
}

/// A long field is a row that cannot be read, and is not kept in memory.
#[test]
fn sixteen_megabytes_in_a_field() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.csv");
    let row = "1,Jo Field,INCOMING,Marta Lindqvist,2026-01-01 10:00:00 UTC,";
    let header = "CONVERSATION ID,FROM,DIRECTION,TO,DATE,CONTENT\n";
    let mut file = File::create(&path).unwrap();
    write!(file, "{header}{row}one\n{row}\"").unwrap();
    for _ in 0..16 {
        file.write_all(&[b'x'; 1 << 20]).unwrap();
    }
    write!(file, "\"\n{row}two\n").unwrap();
    let (result, bytes) = peak(&path, &Options::new());
    let (read, archive) = result.unwrap();
    assert_eq!(read, 2);
    let problem = &archive.report().problems()[0];
    assert_eq!((problem.row, problem.reason), (Some(3), Reason::RowTooLong));
    assert!(bytes < 3 << 20, "{bytes} bytes");

    // A quotation mark that is never closed swallows the rest, which is said.
    let mut file = File::create(&path).unwrap();
    write!(file, "{header}{row}one\n{row}\"").unwrap();
    for _ in 0..400_000 {
        writeln!(file, "{row}two").unwrap();
    }
    drop(file);
    let (result, bytes) = peak(&path, &Options::new());
    let (read, archive) = result.unwrap();
    assert_eq!(read, 1);
    assert_eq!(archive.report().problems()[0].reason, Reason::RowTooLong);
    assert!(bytes < 3 << 20, "{bytes} bytes");
    // As do a million separators.
    fs::write(&path, format!("{header}{row}one\n{}\n{row}two\n", ",".repeat(1 << 20))).unwrap();
    let (result, bytes) = peak(&path, &Options::new());
    assert_eq!(result.unwrap().0, 2);
    assert!(bytes < 3 << 20, "{bytes} bytes");
}

#[test]
fn a_wrong_file() {
    for (bytes, expected) in [
        (&b""[..], "no zip, no folder and no file of LinkedIn's"),
        (b"PK", "the zip is not complete"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no zip, no folder"),
        (b"{\"messages\": []}", "no zip, no folder"),
        (b"Dear Marta,\nhello from the lake.\n", "no zip, no folder"),
        (b"Name\nDiving\n", "no zip, no folder"),
        (
            b"First Name,Last Name,URL,Connected On\n",
            "this is Connections.csv of LinkedIn's data archive, which holds no",
        ),
    ] {
        let text = error(bytes);
        assert!(text.contains(expected), "{text}");
    }
    let others: Files = vec![
        ("notes.csv".into(), b"a,b\n".to_vec()),
        ("Profile.csv".into(), b"First Name\n".to_vec()),
    ];
    let text = error(&common::zipped(&others, CompressionMethod::Deflated));
    assert!(
        text.contains("there is no messages.csv and no Invitations.csv"),
        "{text}"
    );
    let wrong: Files = vec![("messages.csv".into(), b"a,b\n1,2\n".to_vec())];
    let text = error(&common::zipped(&wrong, CompressionMethod::Deflated));
    assert!(
        text.contains("there is no messages.csv and no Invitations.csv"),
        "{text}"
    );
    let folder = tempfile::tempdir().unwrap();
    let text = Archive::open(folder.path(), Options::new()).err().unwrap().to_string();
    assert!(text.contains("there is no messages.csv"), "{text}");
    let gone = Archive::open(folder.path().join("gone"), Options::new()).err().unwrap();
    assert!(gone.to_string().contains("cannot be read") && gone.help().contains("exists"));
}

/// Memory while opening is the index, and the index does not hold texts.
#[test]
fn memory_does_not_grow_with_the_texts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.csv");
    let write = |rows: u64, text: usize| {
        let mut file = std::io::BufWriter::new(File::create(&path).unwrap());
        writeln!(
            file,
            "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,CONTENT"
        )
        .unwrap();
        let text = "word ".repeat(text / 5);
        for i in 0..rows {
            let url = format!("https://www.linkedin.com/in/person-{}", i / 4);
            let me = "https://www.linkedin.com/in/marta-lindqvist";
            writeln!(
                file,
                "{},P {0},{url},Marta Lindqvist,{me},2026-01-01 10:00:{:02} UTC,{text}",
                i / 4,
                i % 60
            )
            .unwrap();
        }
    };
    let peak = |rows, text| {
        write(rows, text);
        let (result, bytes) = peak(&path, &Options::new().me("marta-lindqvist"));
        assert_eq!(result.unwrap().0, rows);
        bytes
    };
    let (short, long) = (peak(8192, 50), peak(8192, 5000));
    // Buffers may be a text longer.
    assert!(long < short + 64 * 1024, "{long} bytes instead of {short}");
    // 32 bytes a row, and half as much again while the list moves to twice its room. The 12 bytes a row that stay are
    // made when it no longer grows. Powers of two, so that no room is left over.
    let per_row = (peak(65_536, 50) - short) / (65_536 - 8192);
    assert!(per_row <= 32 + 16, "{per_row} bytes a row");
}
