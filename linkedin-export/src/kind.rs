//! The files that are read, found by their normalised names, and their columns, found by theirs.
//!
//! Names have changed over the years (`Company Follows.csv` and `Company_Follows.csv`), so only letters and digits
//! count, in any case.

/// Which kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Id {
    Messages,
    Invitations,
    Connections,
    Profile,
    Positions,
    Education,
    Skills,
    EndorsementsReceived,
    EndorsementsGiven,
    RecommendationsReceived,
    RecommendationsGiven,
}

/// A kind of file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) id: Id,
    /// The name today.
    pub(crate) name: &'static str,
    /// Each column with the names it has or had, normalised.
    pub(crate) columns: &'static [&'static [&'static str]],
    /// Columns without which a line is no header of this kind.
    pub(crate) header: &'static [usize],
    /// A row that ends before this column cannot be read.
    pub(crate) needed: usize,
    /// Whether it is kept in memory as a whole.
    pub(crate) kept: bool,
}

/// Columns of `messages.csv`.
pub(crate) mod messages {
    pub(crate) const CONVERSATION: usize = 0;
    pub(crate) const TITLE: usize = 1;
    pub(crate) const FROM: usize = 2;
    pub(crate) const FROM_URL: usize = 3;
    pub(crate) const TO: usize = 4;
    pub(crate) const TO_URLS: usize = 5;
    pub(crate) const DATE: usize = 6;
    pub(crate) const SUBJECT: usize = 7;
    pub(crate) const CONTENT: usize = 8;
    pub(crate) const FOLDER: usize = 9;
    pub(crate) const ATTACHMENTS: usize = 10;
    pub(crate) const DRAFT: usize = 11;
    pub(crate) const CONVERSATION_DRAFT: usize = 12;
    pub(crate) const DIRECTION: usize = 13;
}

pub(crate) static MESSAGES: Kind = Kind {
    id: Id::Messages,
    name: "messages.csv",
    columns: &[
        &["conversationid"],
        &["conversationtitle"],
        &["from"],
        &["senderprofileurl"],
        &["to"],
        &["recipientprofileurls", "recipientprofileurl"],
        &["date"],
        &["subject"],
        &["content"],
        &["folder"],
        &["attachments"],
        &["ismessagedraft"],
        &["isconversationdraft"],
        &["direction"],
    ],
    header: &[messages::FROM, messages::DATE, messages::CONTENT],
    needed: messages::CONTENT,
    kept: false,
};

/// Columns of `Invitations.csv`.
pub(crate) mod invitations {
    pub(crate) const FROM: usize = 0;
    pub(crate) const TO: usize = 1;
    pub(crate) const SENT_AT: usize = 2;
    pub(crate) const MESSAGE: usize = 3;
    pub(crate) const DIRECTION: usize = 4;
    pub(crate) const INVITER_URL: usize = 5;
    pub(crate) const INVITEE_URL: usize = 6;
}

pub(crate) static INVITATIONS: Kind = Kind {
    id: Id::Invitations,
    name: "Invitations.csv",
    columns: &[
        &["from"],
        &["to"],
        &["sentat"],
        &["message"],
        &["direction"],
        &["inviterprofileurl"],
        &["inviteeprofileurl"],
    ],
    header: &[invitations::FROM, invitations::TO, invitations::SENT_AT],
    needed: invitations::SENT_AT,
    kept: false,
};

/// Columns of `Connections.csv`.
pub(crate) mod connections {
    pub(crate) const FIRST_NAME: usize = 0;
    pub(crate) const LAST_NAME: usize = 1;
    pub(crate) const URL: usize = 2;
    pub(crate) const COMPANY: usize = 3;
    pub(crate) const POSITION: usize = 4;
    pub(crate) const CONNECTED_ON: usize = 5;
}

pub(crate) static CONNECTIONS: Kind = Kind {
    id: Id::Connections,
    name: "Connections.csv",
    columns: &[
        &["firstname"],
        &["lastname"],
        &["url", "profileurl"],
        &["company"],
        &["position"],
        &["connectedon"],
    ],
    header: &[connections::FIRST_NAME, connections::CONNECTED_ON],
    needed: connections::FIRST_NAME,
    kept: true,
};

/// Columns of `Profile.csv`.
pub(crate) mod profile {
    pub(crate) const FIRST_NAME: usize = 0;
    pub(crate) const LAST_NAME: usize = 1;
    pub(crate) const HEADLINE: usize = 2;
    pub(crate) const SUMMARY: usize = 3;
}

pub(crate) static PROFILE: Kind = Kind {
    id: Id::Profile,
    name: "Profile.csv",
    columns: &[&["firstname"], &["lastname"], &["headline"], &["summary"]],
    header: &[profile::FIRST_NAME, profile::LAST_NAME, profile::HEADLINE],
    needed: profile::FIRST_NAME,
    kept: true,
};

/// Columns of `Positions.csv`.
pub(crate) mod positions {
    pub(crate) const COMPANY: usize = 0;
    pub(crate) const TITLE: usize = 1;
    pub(crate) const FINISHED_ON: usize = 2;
}

pub(crate) static POSITIONS: Kind = Kind {
    id: Id::Positions,
    name: "Positions.csv",
    columns: &[&["companyname", "company"], &["title"], &["finishedon"]],
    header: &[positions::COMPANY, positions::TITLE],
    needed: positions::COMPANY,
    kept: true,
};

/// The column of `Education.csv`.
pub(crate) mod education {
    pub(crate) const SCHOOL: usize = 0;
}

pub(crate) static EDUCATION: Kind = Kind {
    id: Id::Education,
    name: "Education.csv",
    columns: &[&["schoolname", "school"]],
    header: &[education::SCHOOL],
    needed: education::SCHOOL,
    kept: true,
};

/// The column of `Skills.csv`.
pub(crate) mod skills {
    pub(crate) const NAME: usize = 0;
}

pub(crate) static SKILLS: Kind = Kind {
    id: Id::Skills,
    name: "Skills.csv",
    columns: &[&["name"]],
    header: &[skills::NAME],
    needed: skills::NAME,
    kept: true,
};

/// Columns of the two files of endorsements; the person is the other one.
pub(crate) mod endorsements {
    pub(crate) const FIRST_NAME: usize = 0;
    pub(crate) const LAST_NAME: usize = 1;
    pub(crate) const URL: usize = 2;
}

pub(crate) static ENDORSEMENTS_RECEIVED: Kind = Kind {
    id: Id::EndorsementsReceived,
    name: "Endorsement_Received_Info.csv",
    columns: &[&["endorserfirstname"], &["endorserlastname"], &["endorserpublicurl"]],
    header: &[endorsements::FIRST_NAME],
    needed: endorsements::FIRST_NAME,
    kept: true,
};

pub(crate) static ENDORSEMENTS_GIVEN: Kind = Kind {
    id: Id::EndorsementsGiven,
    name: "Endorsement_Given_Info.csv",
    columns: &[&["endorseefirstname"], &["endorseelastname"], &["endorseepublicurl"]],
    header: &[endorsements::FIRST_NAME],
    needed: endorsements::FIRST_NAME,
    kept: true,
};

/// Columns of the two files of recommendations.
pub(crate) mod recommendations {
    pub(crate) const FIRST_NAME: usize = 0;
    pub(crate) const LAST_NAME: usize = 1;
    pub(crate) const COMPANY: usize = 2;
    pub(crate) const TEXT: usize = 3;
}

const RECOMMENDATIONS: Kind = Kind {
    id: Id::RecommendationsReceived,
    name: "Recommendations_Received.csv",
    columns: &[&["firstname"], &["lastname"], &["company"], &["text"]],
    header: &[recommendations::FIRST_NAME, recommendations::TEXT],
    needed: recommendations::FIRST_NAME,
    kept: true,
};

pub(crate) static RECOMMENDATIONS_RECEIVED: Kind = RECOMMENDATIONS;

pub(crate) static RECOMMENDATIONS_GIVEN: Kind = Kind {
    id: Id::RecommendationsGiven,
    name: "Recommendations_Given.csv",
    ..RECOMMENDATIONS
};

/// All kinds.
pub(crate) static KINDS: [&Kind; 11] = [
    &MESSAGES,
    &INVITATIONS,
    &CONNECTIONS,
    &PROFILE,
    &POSITIONS,
    &EDUCATION,
    &SKILLS,
    &ENDORSEMENTS_RECEIVED,
    &ENDORSEMENTS_GIVEN,
    &RECOMMENDATIONS_RECEIVED,
    &RECOMMENDATIONS_GIVEN,
];

/// Letters and digits in lower case.
pub(crate) fn normalised(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The kind and part of a file, from its name without folders: `messages.csv`, `Messages_2.csv`.
pub(crate) fn of_file(name: &str) -> Option<(&'static Kind, u32)> {
    // What macOS keeps beside a file in a zip.
    if name.starts_with("._") {
        return None;
    }
    let (stem, extension) = name.rsplit_once('.')?;
    if !extension.eq_ignore_ascii_case("csv") {
        return None;
    }
    let named = |stem: &str| {
        let stem = normalised(stem);
        KINDS
            .into_iter()
            .find(|kind| normalised(kind.name.trim_end_matches(".csv")) == stem)
    };
    if let Some(kind) = named(stem) {
        return Some((kind, 0));
    }
    let (stem, number) = stem.rsplit_once('_')?;
    Some((named(stem)?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        let name = |file: &str| of_file(file).map(|(kind, part)| (kind.name, part));
        assert_eq!(name("Messages.CSV"), Some(("messages.csv", 0)));
        assert_eq!(name("messages_12.csv"), Some(("messages.csv", 12)));
        assert_eq!(
            name("Recommendations Given.csv"),
            Some(("Recommendations_Given.csv", 0))
        );
        assert_eq!(
            name("endorsement received_info.csv"),
            Some(("Endorsement_Received_Info.csv", 0))
        );
        for other in [
            "guide_messages.csv",
            "learning_coach_messages.csv",
            "coach_messages.csv",
            "._messages.csv",
            "messages.csv.bak",
            "messages",
            "messages (1).csv",
            "Comments_1.csv",
        ] {
            assert_eq!(name(other), None, "{other}");
        }
    }

    #[test]
    fn columns_fit_their_lists() {
        for kind in KINDS {
            assert!(
                kind.header
                    .iter()
                    .chain([&kind.needed])
                    .all(|c| *c < kind.columns.len()),
                "{}",
                kind.name
            );
            for name in kind.columns.iter().flat_map(|names| names.iter()) {
                assert_eq!(*name, normalised(name));
            }
        }
    }
}
