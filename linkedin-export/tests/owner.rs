//! Whose archive it is: found where it can be, asked for where it cannot.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at what must not happen"
)]

mod common;

use common::{DEAN, Era, INES, JO, MARTA, Person};
use huckster_linkedin_export::{Archive, ArchiveError, Direction, Options};

const HEADER: &str = "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,CONTENT\n";

fn row(conversation: &str, from: &Person, to: &Person) -> String {
    let (a, b) = (from.url(), to.url());
    format!(
        "{conversation},{},{a},{},{b},2026-01-01 10:00:00 UTC,Hello\n",
        from.name, to.name
    )
}

fn open(files: &[(&str, String)], me: Option<&str>) -> Result<Archive, ArchiveError> {
    let files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes()))
        .collect();
    let options = me.map_or_else(Options::new, |me| Options::new().me(me));
    // The archive is only asked for what it has indexed.
    common::open_with(&files, options)
}

fn owner(files: &[(&str, String)], me: Option<&str>) -> Result<String, Vec<String>> {
    match open(files, me) {
        Ok(archive) => {
            let owner = archive.owner().unwrap();
            Ok(owner.profile_url.clone().or(owner.name.clone()).unwrap())
        }
        Err(error) => {
            assert!(error.is_owner_unclear(), "{error}");
            assert!(!error.help().is_empty());
            Err(error.candidates().to_vec())
        }
    }
}

fn profile(name: &str) -> (&'static str, String) {
    let (first, last) = name.split_once(' ').unwrap();
    (
        "Profile.csv",
        format!("First Name,Last Name,Headline\n{first},{last},Engineer\n"),
    )
}

#[test]
fn one_conversation_alone_could_be_anybodys() {
    let both = format!("{HEADER}{}{}", row("1", &JO, &MARTA), row("1", &MARTA, &JO));
    let files = [("messages.csv", both)];
    assert_eq!(owner(&files, None), Err(vec![JO.url(), MARTA.url()]));
    // The caller decides.
    for me in [
        &*MARTA.url(),
        "marta-lindqvist",
        "MARTA  Lindqvist",
        "www.linkedin.com/in/Marta-Lindqvist/",
    ] {
        assert_eq!(owner(&files, Some(me)), Ok(MARTA.url()), "{me}");
    }
    assert_eq!(owner(&files, Some("Jo Field")), Ok(JO.url()));
    for nobody in ["marta-lindquist", "Somebody Else", "https://www.linkedin.com/in/nobody"] {
        assert_eq!(owner(&files, Some(nobody)), Err(vec![]), "{nobody}");
    }
    // A profile says it too.
    assert_eq!(
        owner(&[files[0].clone(), profile("Marta Lindqvist")], None),
        Ok(MARTA.url())
    );
}

#[test]
fn who_is_in_most_conversations() {
    let text = format!(
        "{HEADER}{}{}{}",
        row("1", &JO, &MARTA),
        row("2", &INES, &MARTA),
        row("3", &MARTA, &DEAN)
    );
    assert_eq!(owner(&[("messages.csv", text.clone())], None), Ok(MARTA.url()));
    // Jo is in all but one: two could be it.
    let text = (4..8).fold(text, |text, i| {
        text + &row(&i.to_string(), &JO, &MARTA) + &row(&i.to_string(), &INES, &JO)
    });
    assert_eq!(owner(&[("messages.csv", text)], None), Ok(MARTA.url()));
    // Nobody is in most.
    let text = format!("{HEADER}{}{}", row("1", &JO, &MARTA), row("2", &INES, &DEAN));
    assert_eq!(owner(&[("messages.csv", text)], None), Err(vec![]));
}

#[test]
fn names_do_where_there_are_no_addresses() {
    let header = "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,DATE,CONTENT\n";
    let row = |id: &str, from: &Person, to: &Person| {
        format!(
            "{id},{},{},{},2026-01-01 10:00:00 UTC,Hello\n",
            from.name,
            from.url(),
            to.name
        )
    };
    let text = format!("{header}{}{}", row("1", &JO, &MARTA), row("2", &INES, &MARTA));
    assert_eq!(
        owner(&[("messages.csv", text.clone())], None).as_deref(),
        Ok(MARTA.name)
    );
    assert_eq!(
        owner(&[("messages.csv", text.clone()), profile("Marta Lindqvist")], None).as_deref(),
        Ok(MARTA.name)
    );
    // Once she has written, the address is known.
    let text = text + &row("2", &MARTA, &INES);
    let files = [("messages.csv", text), profile("Marta Lindqvist")];
    assert_eq!(owner(&files, None), Ok(MARTA.url()));
    let archive = open(&files, None).unwrap();
    assert_eq!(archive.len(), 3);
}

#[test]
fn somebody_of_the_same_name() {
    let other = Person {
        name: MARTA.name,
        slug: "marta-lindqvist-99",
    };
    let text = format!(
        "{HEADER}{}{}{}",
        row("1", &MARTA, &JO),
        row("2", &MARTA, &other),
        row("2", &other, &MARTA)
    );
    let files = [("messages.csv", text), profile("Marta Lindqvist")];
    assert_eq!(owner(&files, None), Ok(MARTA.url()));
    let text = format!("{HEADER}{}{}", row("2", &MARTA, &other), row("2", &other, &MARTA));
    let files = [("messages.csv", text), profile("Marta Lindqvist")];
    assert_eq!(owner(&files, None), Err(vec![MARTA.url(), other.url()]));
    assert_eq!(
        owner(&files, Some("Marta Lindqvist")),
        Err(vec![MARTA.url(), other.url()])
    );
    assert_eq!(owner(&files, Some(&other.url())), Ok(other.url()));
}

#[test]
fn invitations_decide_first() {
    let header = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n";
    let row = |from: &Person, to: &Person, direction: &str| {
        format!(
            "{},{},\"1/2/26, 3:04 PM\",,{direction},{},{}\n",
            from.name,
            to.name,
            from.url(),
            to.url()
        )
    };
    let invitations = format!(
        "{header}{}{}",
        row(&MARTA, &INES, "OUTGOING"),
        row(&DEAN, &MARTA, "INCOMING")
    );
    let both = format!("{HEADER}{}", self::row("1", &JO, &MARTA));
    let files = [("Invitations.csv", invitations), ("messages.csv", both)];
    assert_eq!(owner(&files, None), Ok(MARTA.url()));
    // They contradict each other.
    let invitations = format!(
        "{header}{}{}",
        row(&MARTA, &INES, "OUTGOING"),
        row(&DEAN, &INES, "INCOMING")
    );
    assert_eq!(
        owner(&[("Invitations.csv", invitations)], None),
        Err(vec![INES.url(), MARTA.url()])
    );
}

#[test]
fn who_the_owner_is_decides_the_direction() {
    let files = common::files(Era::Y2026);
    let files = common::without(common::without(files, "Invitations.csv"), "Profile.csv");
    let directions = |me: &str| {
        let folder = tempfile::tempdir().unwrap();
        common::write_folder(&files, folder.path());
        let archive = Archive::open(folder.path(), Options::new().me(me)).unwrap();
        let items = archive.messages().map(Result::unwrap);
        items.filter(|i| i.direction == Direction::Outgoing).count()
    };
    assert_eq!(directions("marta-lindqvist"), 2);
    assert_eq!(directions("jo-field"), 3);
    assert_eq!(directions("karin-ost"), 1);
}

#[test]
fn nothing_written_nobodys_archive() {
    let (items, archive) = common::items(&vec![("messages.csv".to_owned(), HEADER.into())]);
    assert!(archive.owner().is_none() && archive.is_empty() && items.is_empty());
}
