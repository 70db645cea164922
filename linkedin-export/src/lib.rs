/*!
Reads the data archive that LinkedIn sends its members, and yields its invitations and messages as
[`huckster::Message`]s. It judges nothing, writes nothing and sends nothing.

```
use huckster_linkedin_export::{Archive, Direction, Options};

# let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/2026");
let archive = Archive::open(path, Options::new())?;
for item in archive.messages() {
    let item = item?;
    if item.direction == Direction::Incoming {
        println!("{} {:?} {}", item.source, item.at, item.message.channel.name());
    }
}
// What could not be read is counted, with file and row.
print!("{}", archive.report());
# assert!(archive.len() > 0 && archive.report().problem_count() == 0);
# Ok::<(), huckster_linkedin_export::ArchiveError>(())
```

# What is read

A zip, the folder it unpacks to, or `messages.csv` or `Invitations.csv` alone; archives from 2016 on. Files are known by
their names and columns by theirs, in whatever case and order. Spreadsheets may have been at it: byte order marks, UTF-16,
semicolons, preambles taken apart, text that was encoded twice.

| File | Gives |
| --- | --- |
| `Invitations.csv` | connection requests with their notes |
| `messages.csv` | messages, InMails, paid messages; drafts are left out and counted |
| `Connections.csv` | company, title and day of the connection |
| `Profile.csv`, `Positions.csv`, `Education.csv`, `Skills.csv` | the owner |
| `Endorsement_*_Info.csv`, `Recommendations_*.csv` | who spoke for whom |

# What is joined

- A note that is also the first message of a thread is one message, the invitation.
- Who wrote first, whether the recipient had written before, and how many messages had gone unanswered. The texts of
  earlier turns are not given: they would have to be kept.
- Seconds since the connection was accepted. The archive has the day only, so they count from the beginning of that day
  and are too many rather than too few.
- The owner's employers and schools that are also where the other person works. An empty list is never given, as the
  archive does not say where else they have been.
- Named facts, each only where it holds: `export.sponsored`, `export.participants` of a group, `export.folder` other than
  the inbox, `export.attachments`, `export.days-since-acceptance`, `export.invited-by` and
  `export.endorsed-by-sender`, `export.recommended-by-recipient` and the like.

# Whose archive it is

The archive does not say. The owner is who the invitations are from or to; else whose messages carry the name of
`Profile.csv`; else the one person who is in at least 80 percent of the conversations. If it could be two, opening fails
with [`candidates`](ArchiveError::candidates), and [`Options::me`] must say it.

# Bounds

Memory is an index of 32 bytes a message while the archive is opened, 12 afterwards, and the small files. [`Limits`] bound
sizes, rows and how tightly a file may be packed. Nothing in an archive can make this crate panic or write.
*/

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod archive;
mod container;
mod dates;
mod error;
mod index;
mod item;
mod kept;
mod kind;
mod owner;
mod people;
mod report;
mod table;
mod text;

pub use crate::archive::{Archive, Options};
pub use crate::container::Limits;
pub use crate::error::ArchiveError;
pub use crate::item::{Direction, Item, Messages, Person, Source};
pub use crate::owner::Owner;
pub use crate::people::slug as profile_slug;
pub use crate::report::{FileReport, Problem, Reason, Report};
