//! The small files: what is known of the owner, the connections, and who spoke for whom.

use std::ops::ControlFlow;

use huckster::Position;

use crate::archive::read;
use crate::container::{Limits, Member};
use crate::dates;
use crate::error::Kind as ErrorKind;
use crate::kind::{Id, Kind, connections, education, endorsements, positions, profile, recommendations, skills};
use crate::owner::Owner;
use crate::people::People;
use crate::report::{Reason, Report};
use crate::table::Row;
use crate::text;

/// Rows of such a file. A member can have 30,000 connections.
const ROWS: u64 = 200_000;

/// Reads one of the files that are kept in memory.
pub(crate) fn read_file(
    kind: &'static Kind,
    member: &Member,
    limits: &Limits,
    report: &mut Report,
    owner: &mut Owner,
    people: &mut People,
) -> Result<(), ErrorKind> {
    read(kind, member, limits, report, |number, row, report| {
        if number > ROWS {
            let file = member.name.clone();
            return Err(ErrorKind::TooManyRows { file, limit: ROWS });
        }
        match kind.id {
            Id::Messages | Id::Invitations => {}
            Id::Connections => connection(&row, people, report, (member, number)),
            Id::Profile => owner_profile(&row, owner),
            Id::Positions => owner.profile.positions.extend(position(&row)),
            Id::Education => owner.schools.extend(some(&row.line(education::SCHOOL))),
            Id::Skills => owner.skills.extend(some(&row.line(skills::NAME))),
            Id::EndorsementsReceived | Id::EndorsementsGiven => {
                let name = full_name(&row, endorsements::FIRST_NAME, endorsements::LAST_NAME);
                let url = row.line(endorsements::URL);
                if !name.is_empty() || !url.is_empty() {
                    let ties = people.tie(&name, &url);
                    match kind.id {
                        Id::EndorsementsReceived => ties.endorsed_owner = true,
                        _ => ties.endorsed_by_owner = true,
                    }
                }
            }
            Id::RecommendationsReceived | Id::RecommendationsGiven => {
                let name = full_name(&row, recommendations::FIRST_NAME, recommendations::LAST_NAME);
                if !name.is_empty() {
                    let ties = people.tie(&name, "");
                    ties.company = row.line(recommendations::COMPANY).into();
                    match kind.id {
                        Id::RecommendationsReceived => ties.recommended_owner = true,
                        _ => ties.recommended_by_owner = true,
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(())
}

fn connection(row: &Row<'_>, people: &mut People, report: &mut Report, source: (&Member, u64)) {
    let name = full_name(row, connections::FIRST_NAME, connections::LAST_NAME);
    let url = row.line(connections::URL);
    if name.is_empty() && url.is_empty() {
        report.hidden_connections += 1;
        return;
    }
    let day = row.line(connections::CONNECTED_ON);
    let connected = dates::day(&day);
    if connected.is_none() {
        report.add(&source.0.name, Some(source.1), Reason::Date, Some(&day));
    }
    people.add(
        &name,
        &url,
        &row.line(connections::COMPANY),
        &row.line(connections::POSITION),
        connected,
    );
}

fn owner_profile(row: &Row<'_>, owner: &mut Owner) {
    let name = full_name(row, profile::FIRST_NAME, profile::LAST_NAME);
    owner.name = some(&name);
    owner.profile.name = some(&name).map(Into::into);
    owner.profile.headline = some(&row.line(profile::HEADLINE)).map(Into::into);
    owner.profile.about = some(&text::body(row.bytes(profile::SUMMARY))).map(Into::into);
}

fn position(row: &Row<'_>) -> Option<Position<'static>> {
    let (title, company) = (row.line(positions::TITLE), row.line(positions::COMPANY));
    // No end: held today. A file without the column does not say.
    let ended = row
        .has(positions::FINISHED_ON)
        .then(|| !row.line(positions::FINISHED_ON).is_empty());
    let mut position = Position::default();
    position.title = some(&title).map(Into::into);
    position.company = some(&company).map(Into::into);
    position.current = ended.map(|ended| !ended);
    (position != Position::default()).then_some(position)
}

fn full_name(row: &Row<'_>, first: usize, last: usize) -> String {
    format!("{} {}", row.line(first), row.line(last)).trim().to_owned()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
