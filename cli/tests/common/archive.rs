//! Archives in LinkedIn's form, made in a test. All people, firms and messages are made up.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A message to Marta Lindqvist.
#[derive(Clone, Copy)]
pub struct Mail<'a> {
    pub name: &'a str,
    pub url: &'a str,
    pub at: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
}

/// The fixtures of the library that reads archives.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../linkedin-export/tests/data")
}

/// Writes an archive into a folder.
pub fn write<'a>(folder: &Path, mails: impl IntoIterator<Item = Mail<'a>>) -> String {
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join("Profile.csv"),
        "First Name,Last Name,Headline\nMarta,Lindqvist,Head of Data at Norrvik Energi\n",
    )
    .unwrap();
    let mut out = csv::Writer::from_path(folder.join("messages.csv")).unwrap();
    out.write_record([
        "CONVERSATION ID",
        "CONVERSATION TITLE",
        "FROM",
        "SENDER PROFILE URL",
        "TO",
        "RECIPIENT PROFILE URLS",
        "DATE",
        "SUBJECT",
        "CONTENT",
        "FOLDER",
        "ATTACHMENTS",
    ])
    .unwrap();
    let me = "https://www.linkedin.com/in/marta-lindqvist";
    for mail in mails {
        let conversation = format!("c-{}", mail.url);
        out.write_record([
            &conversation,
            "",
            mail.name,
            mail.url,
            "Marta Lindqvist",
            me,
            mail.at,
            mail.subject,
            mail.text,
            "INBOX",
            "",
        ])
        .unwrap();
    }
    out.flush().unwrap();
    folder.to_str().unwrap().to_owned()
}

/// The files of a folder as a zip.
pub fn zipped(folder: &Path, to: &Path) -> String {
    let mut zip = ZipWriter::new(fs::File::create(to).unwrap());
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        zip.start_file(file.file_name().to_str().unwrap(), SimpleFileOptions::default())
            .unwrap();
        zip.write_all(&fs::read(file.path()).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    to.to_str().unwrap().to_owned()
}
