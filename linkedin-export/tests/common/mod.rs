//! Archives for tests: one story, written in the form of each era. All people, firms and messages are made up.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses a part, and may stop"
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use csv::{QuoteStyle, WriterBuilder};
use huckster_linkedin_export::{Archive, ArchiveError, Item, Options};
use jiff::Timestamp;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The files of an archive with their names.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// How LinkedIn wrote archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Era {
    /// Seven columns, a direction, no conversations, no seconds.
    Y2017,
    /// Nine columns, connections without preamble.
    Y2021,
    /// Nine columns, connections with preamble.
    Y2022,
    /// Ten columns, addresses everywhere.
    Y2023,
    /// Thirteen columns, drafts.
    Y2025,
    /// Eleven columns, everything quoted.
    Y2026,
}

pub(crate) const ERAS: [Era; 6] = [Era::Y2017, Era::Y2021, Era::Y2022, Era::Y2023, Era::Y2025, Era::Y2026];

impl Era {
    pub(crate) fn folder(self) -> String {
        format!("{:?}", self).trim_start_matches('Y').to_owned()
    }
}

pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) slug: &'static str,
}

pub(crate) const MARTA: Person = Person {
    name: "Marta Lindqvist",
    slug: "marta-lindqvist",
};
pub(crate) const JO: Person = Person {
    name: "Jo Field",
    slug: "jo-field",
};
pub(crate) const TOMASZ: Person = Person {
    name: "Tomasz Wierzba",
    slug: "tomasz-wierzba",
};
pub(crate) const INES: Person = Person {
    name: "Inês Duarte",
    slug: "in%C3%AAs-duarte",
};
pub(crate) const DEAN: Person = Person {
    name: "Dean Orsborne",
    slug: "dean-orsborne-7",
};
pub(crate) const KARIN: Person = Person {
    name: "Karin Öst, Ph.D.",
    slug: "karin-ost",
};
/// No address: LinkedIn hides who it is, or it is a firm that paid.
pub(crate) const HIDDEN: Person = Person {
    name: "LinkedIn Member",
    slug: "",
};
pub(crate) const HARBOUR: Person = Person {
    name: "Growth Harbour",
    slug: "",
};

impl Person {
    pub(crate) fn url(&self) -> String {
        match self.slug {
            "" => String::new(),
            slug => format!("https://www.linkedin.com/in/{slug}"),
        }
    }
}

/// One connection request.
pub(crate) struct Request {
    pub(crate) from: Person,
    pub(crate) to: Person,
    pub(crate) at: &'static str,
    pub(crate) note: &'static str,
}

/// One message as the archive holds it, and the text that is to be read.
pub(crate) struct Sent {
    pub(crate) conversation: &'static str,
    pub(crate) title: &'static str,
    pub(crate) from: Person,
    pub(crate) to: Vec<Person>,
    pub(crate) at: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) content: &'static str,
    pub(crate) text: &'static str,
    pub(crate) folder: &'static str,
    pub(crate) attachment: &'static str,
    pub(crate) draft: bool,
}

const JO_NOTE: &str = "Hi Marta, I help data teams fill their calendar. Let's connect!";
const INES_NOTE: &str = "Dear Inês, your talk on tide gauges was a joy. May I ask about the dampers?";

pub(crate) fn requests() -> Vec<Request> {
    vec![
        Request {
            from: TOMASZ,
            to: MARTA,
            at: "2026-03-01T11:30:00Z",
            note: "",
        },
        Request {
            from: TOMASZ,
            to: MARTA,
            at: "2026-02-03T09:05:00Z",
            note: "",
        },
        Request {
            from: JO,
            to: MARTA,
            at: "2026-01-29T14:37:00Z",
            note: JO_NOTE,
        },
        Request {
            from: MARTA,
            to: INES,
            at: "2026-01-15T00:10:00Z",
            note: INES_NOTE,
        },
    ]
}

/// The messages, newest conversation and newest message first.
pub(crate) fn story() -> Vec<Sent> {
    let sent = |conversation, from: Person, to: Person, at, content| Sent {
        conversation,
        title: "",
        from,
        to: vec![to],
        at,
        subject: "",
        content,
        text: content,
        folder: "INBOX",
        attachment: "",
        draft: false,
    };
    vec![
        Sent {
            draft: true,
            ..sent("2-ZHJhZnQ=", MARTA, DEAN, "2026-03-20T08:00:00Z", "Never sent")
        },
        Sent {
            attachment: "https://www.linkedin.com/dms/prv/poster.pdf",
            ..sent("2-a2FyaW4=", KARIN, MARTA, "2026-03-14T18:00:00Z", "")
        },
        Sent {
            folder: "SPAM",
            ..sent("2-aGlkZGVu", HIDDEN, MARTA, "2026-03-12T07:45:00Z", "Hello?")
        },
        Sent {
            title: "Lunch club",
            to: vec![MARTA, JO],
            ..sent("2-bHVuY2g=", INES, MARTA, "2026-03-10T09:00:00Z", "Lunch on Thursday?")
        },
        Sent {
            subject: "Cloud cost",
            text: "Hello Marta,\n\nwe \"cut\" bills, fast & for good; see ?a=1&copy=2.\n\nDean",
            ..sent(
                "2-ZGVhbg==",
                DEAN,
                MARTA,
                "2026-03-05T16:20:00Z",
                "Hello Marta,\n\nwe \"cut\" bills, fast &amp; for good; see ?a=1&copy=2.\n\nDean",
            )
        },
        Sent {
            title: "Sponsored Conversation",
            subject: "An offer for %FIRSTNAME%",
            text: "Hi %FIRSTNAME%,\nfill your funnel with us.\nBook here (https://harbour.example/book?x=1&y=2)",
            ..sent(
                "2-aGFyYm91cg==",
                HARBOUR,
                MARTA,
                "2026-03-02T12:00:00Z",
                "<p class=\"spinmail-quill-editor__spin-break\">Hi %FIRSTNAME%,</p><p class=\"spinmail-quill-editor__spin-break\">fill your funnel with us.<br><a href=\"https://harbour.example/book?x=1&amp;y=2\">Book here</a></p>",
            )
        },
        sent(
            "2-am8tMQ==",
            JO,
            MARTA,
            "2026-02-11T10:15:00Z",
            "Just bumping this, Marta.",
        ),
        sent(
            "2-am8tMQ==",
            JO,
            MARTA,
            "2026-02-08T10:15:00Z",
            "Thanks for connecting, Marta!\nWe book 20 calls a month for teams like yours.\nWorth a quick call?",
        ),
        sent("2-am8tMQ==", JO, MARTA, "2026-01-29T14:37:00Z", JO_NOTE),
        sent(
            "2-aW5lcw==",
            MARTA,
            INES,
            "2026-01-17T07:00:00Z",
            "Thank you! Do they rust?",
        ),
        sent(
            "2-aW5lcw==",
            INES,
            MARTA,
            "2026-01-16T09:30:00Z",
            "Of course, ask away – the dampers are a long story 🙂",
        ),
        sent("2-aW5lcw==", MARTA, INES, "2026-01-16T08:00:00Z", INES_NOTE),
    ]
}

fn form(at: &str, format: &str) -> String {
    let at: Timestamp = at.parse().unwrap();
    at.strftime(format).to_string()
}

/// A CSV file. `always` quotes every field.
pub(crate) fn table(always: bool, header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let style = if always {
        QuoteStyle::Always
    } else {
        QuoteStyle::Necessary
    };
    let mut writer = WriterBuilder::new().quote_style(style).from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The archive of an era.
pub(crate) fn files(era: Era) -> Files {
    let text = |parts: &[&str]| parts.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
    let mut files: Files = Vec::new();

    let urls = era >= Era::Y2023;
    let mut header = vec!["From", "To", "Sent At", "Message", "Direction"];
    header.extend(if urls {
        &["inviterProfileUrl", "inviteeProfileUrl"][..]
    } else {
        &[]
    });
    let rows = requests().into_iter().map(|r| {
        let at = form(r.at, "%-m/%-d/%y, %-I:%M %p");
        let direction = if r.from.slug == MARTA.slug {
            "OUTGOING"
        } else {
            "INCOMING"
        };
        let mut row = text(&[r.from.name, r.to.name, &at, r.note, direction]);
        row.extend(urls.then(|| [r.from.url(), r.to.url()]).into_iter().flatten());
        row
    });
    files.push((
        "Invitations.csv".into(),
        table(false, &header, &rows.collect::<Vec<_>>()),
    ));

    let header: &[&str] = match era {
        Era::Y2017 => &["From", "To", "Date", "Subject", "Content", "Direction", "Folder"],
        Era::Y2021 | Era::Y2022 => &[
            "CONVERSATION ID",
            "CONVERSATION TITLE",
            "FROM",
            "SENDER PROFILE URL",
            "TO",
            "DATE",
            "SUBJECT",
            "CONTENT",
            "FOLDER",
        ],
        Era::Y2023 => &[
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
        ],
        Era::Y2025 => &[
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
            "IS MESSAGE DRAFT",
            "IS CONVERSATION DRAFT",
        ],
        Era::Y2026 => &[
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
        ],
    };
    // Only in 2025 are drafts marked as such; before and after they are not in the file.
    let rows = story().into_iter().filter(|m| era == Era::Y2025 || !m.draft).map(|m| {
        let cell = |column: &&str| -> String {
            match *column {
                "From" | "FROM" => m.from.name.into(),
                "To" | "TO" => m.to.iter().map(|p| p.name).collect::<Vec<_>>().join(", "),
                "Date" => form(m.at, "%m/%d/%y, %H:%M %p"),
                "DATE" => form(m.at, "%Y-%m-%d %H:%M:%S UTC"),
                "Subject" | "SUBJECT" => m.subject.into(),
                "Content" | "CONTENT" => m.content.into(),
                "Folder" | "FOLDER" => m.folder.into(),
                "Direction" if m.from.slug == MARTA.slug => "OUTGOING".into(),
                "Direction" => "INCOMING".into(),
                "CONVERSATION ID" => m.conversation.into(),
                "CONVERSATION TITLE" => m.title.into(),
                "SENDER PROFILE URL" => m.from.url(),
                "RECIPIENT PROFILE URLS" => m.to.iter().map(Person::url).collect::<Vec<_>>().join(","),
                "ATTACHMENTS" => m.attachment.into(),
                "IS MESSAGE DRAFT" => if m.draft { "Yes" } else { "No" }.into(),
                "IS CONVERSATION DRAFT" => "No".into(),
                other => panic!("{other}"),
            }
        };
        header.iter().map(cell).collect()
    });
    let name = if era == Era::Y2017 {
        "Messages.csv"
    } else {
        "messages.csv"
    };
    files.push((name.into(), table(era == Era::Y2026, header, &rows.collect::<Vec<_>>())));

    files.push(("Connections.csv".into(), connections(era)));
    let profile: (&[&str], Vec<String>) = (
        &[
            "First Name",
            "Last Name",
            "Maiden Name",
            "Address",
            "Birth Date",
            "Headline",
            "Summary",
            "Industry",
            "Zip Code",
            "Geo Location",
            "Twitter Handles",
            "Websites",
            "Instant Messengers",
        ],
        text(&[
            "Marta",
            "Lindqvist",
            "",
            "",
            "",
            "Head of Data at Norrvik Energi",
            "I keep grids up.\nI like ferns.",
            "Utilities",
            "",
            "",
            "",
            "",
            "",
        ]),
    );
    files.push(("Profile.csv".into(), table(false, profile.0, &[profile.1])));
    let rows = [
        text(&["Norrvik Energi", "Head of Data", "", "Umeå", "Jan 2020", ""]),
        text(&[
            "Brightwater Labs",
            "Analyst",
            "Tide models",
            "Delft",
            "Mar 2014",
            "Dec 2019",
        ]),
        text(&["Self-employed", "Diver", "", "", "2012", "2014"]),
    ];
    let header = [
        "Company Name",
        "Title",
        "Description",
        "Location",
        "Started On",
        "Finished On",
    ];
    files.push(("Positions.csv".into(), table(false, &header, &rows)));
    let header = [
        "School Name",
        "Start Date",
        "End Date",
        "Notes",
        "Degree Name",
        "Activities",
    ];
    let rows = [text(&["Delft Institute of Tides", "2008", "2013", "", "MSc", ""])];
    files.push(("Education.csv".into(), table(false, &header, &rows)));
    files.push((
        "Skills.csv".into(),
        table(false, &["Name"], &[text(&["Time series"]), text(&["Diving"])]),
    ));
    let header = [
        "Endorsement Date",
        "Skill Name",
        "Endorser First Name",
        "Endorser Last Name",
        "Endorser Public Url",
        "Endorsement Status",
    ];
    let url = INES.url().replace("https://", "");
    let row = text(&[
        "2025/06/01 10:00:00 UTC",
        "Diving",
        "Inês",
        "Duarte",
        if urls { &url } else { "" },
        "ACCEPTED",
    ]);
    files.push(("Endorsement_Received_Info.csv".into(), table(false, &header, &[row])));
    let name = if era == Era::Y2017 {
        "Recommendations Given.csv"
    } else {
        "Recommendations_Given.csv"
    };
    let header = [
        "First Name",
        "Last Name",
        "Company",
        "Job Title",
        "Text",
        "Creation Date",
        "Status",
    ];
    let row = text(&[
        "Karin",
        "Öst, Ph.D.",
        "Delft Institute of Tides",
        "Reader",
        "Patient and exact.",
        "2024-01-02",
        "VISIBLE",
    ]);
    files.push((name.into(), table(false, &header, &[row])));
    // Not the inbox.
    files.push((
        "guide_messages.csv".into(),
        b"CONVERSATION ID,FROM,DATE,CONTENT\n".to_vec(),
    ));
    files.push(("Ad_Targeting.csv".into(), b"Member Age,Company Names\n,\n".to_vec()));
    files
}

pub(crate) const PREAMBLE: &str =
    "Notes:\n\"Some e-mail addresses may be missing here, as your connections decide who sees them.\"\n\n";

fn connections(era: Era) -> Vec<u8> {
    let header: &[&str] = match era {
        Era::Y2017 => &[
            "First Name",
            "Last Name",
            "Address",
            "Email Address",
            "Company",
            "Position",
            "Connected On",
            "Websites",
            "Instant Messengers",
        ],
        Era::Y2021 | Era::Y2022 => &[
            "First Name",
            "Last Name",
            "Email Address",
            "Company",
            "Position",
            "Connected On",
        ],
        _ => &[
            "First Name",
            "Last Name",
            "URL",
            "Email Address",
            "Company",
            "Position",
            "Connected On",
        ],
    };
    let people = [
        (
            "Jo",
            "Field",
            JO.url(),
            "Fill Your Calendar",
            "Growth Partner",
            "2026-02-08",
        ),
        (
            "Inês",
            "Duarte",
            INES.url(),
            "Brightwater Labs",
            "Oceanographer",
            "2026-01-16",
        ),
        ("Karin", "Öst, Ph.D.", KARIN.url(), "", "", "2019-05-04"),
        ("", "", String::new(), "", "", "2020-06-07"),
    ];
    let rows = people.iter().map(|(first, last, url, company, position, on)| {
        let on = format!("{on}T10:00:00Z");
        let cell = |column: &&str| match *column {
            "First Name" => (*first).to_owned(),
            "Last Name" => (*last).to_owned(),
            "URL" => url.clone(),
            "Company" => (*company).to_owned(),
            "Position" => (*position).to_owned(),
            "Connected On" if era == Era::Y2017 => form(&on, "%m/%d/%y, %H:%M %p"),
            "Connected On" => form(&on, "%d %b %Y"),
            _ => String::new(),
        };
        header.iter().map(cell).collect::<Vec<_>>()
    });
    let mut file = table(false, header, &rows.collect::<Vec<_>>());
    if era >= Era::Y2022 {
        file.splice(0..0, PREAMBLE.bytes());
        // LinkedIn often ends this file without a line end.
        file.pop();
    }
    file
}

/// Replaces a file, or adds it.
pub(crate) fn with(mut files: Files, name: &str, bytes: impl Into<Vec<u8>>) -> Files {
    files.retain(|(n, _)| n != name);
    files.push((name.to_owned(), bytes.into()));
    files
}

pub(crate) fn without(mut files: Files, name: &str) -> Files {
    files.retain(|(n, _)| n != name);
    files
}

pub(crate) fn bytes<'f>(files: &'f Files, name: &str) -> &'f [u8] {
    &files.iter().find(|(n, _)| n == name).unwrap().1
}

pub(crate) fn write_folder(files: &Files, path: &Path) {
    fs::create_dir_all(path).unwrap();
    for (name, bytes) in files {
        let path = path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

pub(crate) fn zipped(files: &Files, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method))
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Writes a zip and opens it.
pub(crate) fn open(files: &Files) -> Result<Archive, ArchiveError> {
    open_with(files, Options::new())
}

pub(crate) fn open_with(files: &Files, options: Options) -> Result<Archive, ArchiveError> {
    open_bytes(&zipped(files, CompressionMethod::Deflated), options).map(|(archive, _)| archive)
}

/// Opens a file with these bytes; the folder it is in lives as long as the result.
pub(crate) fn open_bytes(bytes: &[u8], options: Options) -> Result<(Archive, tempfile::TempDir), ArchiveError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Basic_LinkedInDataExport_03-21-2026.zip");
    fs::write(&path, bytes).unwrap();
    Archive::open(&path, options).map(|archive| (archive, folder))
}

/// Opens and reads everything.
pub(crate) fn items(files: &Files) -> (Vec<Item>, Archive) {
    items_of_bytes(&zipped(files, CompressionMethod::Deflated))
}

pub(crate) fn items_of_bytes(bytes: &[u8]) -> (Vec<Item>, Archive) {
    let (archive, _folder) = open_bytes(bytes, Options::new()).unwrap();
    let items: Vec<Item> = archive.messages().collect::<Result<_, _>>().unwrap();
    assert_eq!(items.len() as u64, archive.len());
    (items, archive)
}

/// An item as text: where and who, and the message as JSON.
pub(crate) fn shown(item: &Item) -> String {
    let person = |p: &huckster_linkedin_export::Person| {
        format!(
            "{} <{}>",
            p.name.as_deref().unwrap_or("-"),
            p.profile_url.as_deref().unwrap_or("-")
        )
    };
    format!(
        "{} {:?} {} | {} -> {} | {} | {}\n{}",
        item.source,
        item.direction,
        item.at.map_or("-".to_owned(), |at| at.to_string()),
        person(&item.from),
        person(&item.to),
        item.conversation.as_deref().unwrap_or("-"),
        item.repeated.as_ref().map_or("-".to_owned(), ToString::to_string),
        serde_json::to_string(&item.message).unwrap(),
    )
}

/// A generator of numbers (splitmix64, <https://prng.di.unimi.it/splitmix64.c>).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}
