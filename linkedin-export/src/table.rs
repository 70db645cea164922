//! One CSV file as rows with named columns: encoding, separator and header found, rows of bounded length.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::{UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::kind::{Kind, normalised};
use crate::report::Reason;
use crate::text;

/// The header is looked for in so many bytes; LinkedIn's preamble has about 500.
const HEAD: usize = 64 * 1024;

/// Rows with more fields are broken.
const FIELDS: usize = 1024;

/// Bytes that were read ahead, and those after them.
type After<R> = io::Chain<io::Cursor<Vec<u8>>, R>;

type Decoded<R> = DecodeReaderBytes<After<R>, Vec<u8>>;

type Input<R> = BufReader<After<Decoded<R>>>;

/// The rows of a file.
pub(crate) struct Table<R> {
    kind: &'static Kind,
    input: Input<R>,
    core: Reader,
    /// The place of each column of the kind in this file.
    places: Vec<Option<usize>>,
    /// Fields of the header.
    width: usize,
    /// The row read last, in the order of fields.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    row_bytes: usize,
    /// Whether rows with so many fields, fewer than the header, have come before.
    short: Vec<bool>,
    /// The last byte read.
    last: u8,
    /// The number of the row read last; the header is 1.
    row: u64,
}

/// A row, or why there is none.
pub(crate) enum Next<'t> {
    /// A row with its number.
    Row(u64, Row<'t>),
    /// A row that cannot be read.
    Bad(u64, Reason),
    End,
}

/// The fields of a row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    places: &'t [Option<usize>],
    bytes: &'t [u8],
    ends: &'t [usize],
}

impl<'t> Row<'t> {
    /// The bytes of a column; none if the file or the row has no such column.
    pub(crate) fn bytes(&self, column: usize) -> &'t [u8] {
        let place = self.places.get(column).copied().flatten();
        place.and_then(|place| self.field(place)).unwrap_or_default()
    }

    fn field(&self, place: usize) -> Option<&'t [u8]> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes.get(start..end)
    }

    /// A column that is one line.
    pub(crate) fn line(&self, column: usize) -> Cow<'t, str> {
        text::line(self.bytes(column))
    }

    /// Whether the file has the column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.places.get(column).copied().flatten().is_some()
    }

    fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

/// What a header search found.
pub(crate) enum Opened<R> {
    Table(Box<Table<R>>),
    /// The file has no byte, or white space only.
    Empty,
    /// No line is a header of any of the kinds.
    NoHeader,
}

/// Opens a file as a table of the first kind whose header is in it.
///
/// The header is looked for line by line, not skipped to: the preamble of `Connections.csv` has three lines as LinkedIn
/// writes it, but more or fewer, and unbalanced quotation marks, after a spreadsheet.
pub(crate) fn open<R: Read>(reader: R, kinds: &[&'static Kind], row_bytes: usize) -> io::Result<Opened<R>> {
    let mut input = decoded(reader)?;
    let mut head = Vec::new();
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if head.iter().all(|b| b.is_ascii_whitespace() || *b == 0) && head.len() < HEAD {
        return Ok(Opened::Empty);
    }
    let mut start = 0;
    for line in head.split_inclusive(|b| matches!(b, b'\n' | b'\r')) {
        for separator in *b",;\t" {
            let names = fields_of(line, separator);
            for kind in kinds {
                let place = |column: &usize| {
                    let known = kind.columns[*column];
                    names.iter().position(|name| known.contains(&name.as_str()))
                };
                if kind.header.iter().all(|column| place(column).is_some()) {
                    let places = (0..kind.columns.len()).map(|column| place(&column)).collect();
                    let after = head.split_off(start + line.len());
                    return Ok(Opened::Table(Box::new(Table {
                        kind,
                        input: BufReader::with_capacity(HEAD, io::Cursor::new(after).chain(input)),
                        core: ReaderBuilder::new().delimiter(separator).build(),
                        places,
                        width: names.len(),
                        bytes: vec![0; row_bytes.min(4096)],
                        ends: vec![0; 32],
                        row_bytes,
                        short: vec![false; names.len()],
                        last: 0,
                        row: 1,
                    })));
                }
            }
        }
        start += line.len();
    }
    Ok(Opened::NoHeader)
}

/// Bytes as UTF-8, if they are UTF-16 or have a byte order mark; else as they are.
fn decoded<R: Read>(mut reader: R) -> io::Result<Decoded<R>> {
    let mut first = Vec::with_capacity(4);
    reader.by_ref().take(4).read_to_end(&mut first)?;
    let mut builder = DecodeReaderBytesBuilder::new();
    builder.utf8_passthru(true).strip_bom(true).bom_override(true);
    // Every header begins with two ASCII letters or a quotation mark and a letter.
    match *first {
        [a, 0, b, 0] if a > 0 && b > 0 => {
            builder.encoding(Some(UTF_16LE));
        }
        [0, a, 0, b] if a > 0 && b > 0 => {
            builder.encoding(Some(UTF_16BE));
        }
        _ => {}
    }
    Ok(builder.build(io::Cursor::new(first).chain(reader)))
}

/// The normalised fields of a line.
fn fields_of(line: &[u8], separator: u8) -> Vec<String> {
    let mut reader = ReaderBuilder::new().delimiter(separator).build();
    let (mut bytes, mut ends) = (vec![0; line.len() + 1], vec![0; line.len() + 2]);
    let (_, read, written, mut fields) = reader.read_record(line, &mut bytes, &mut ends);
    if read == line.len() {
        // A line without an end: nothing more comes.
        fields += reader.read_record(&[], &mut bytes[written..], &mut ends[fields..]).3;
    }
    let mut start = 0;
    let mut names = Vec::with_capacity(fields);
    for end in &ends[..fields] {
        names.push(normalised(&text::decode(&bytes[start..*end])));
        start = *end;
    }
    names
}

impl<R: Read> Table<R> {
    pub(crate) fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// The number of the row read last.
    pub(crate) fn row(&self) -> u64 {
        self.row
    }

    /// The next row that is not blank.
    pub(crate) fn next(&mut self) -> io::Result<Next<'_>> {
        loop {
            let Some((written, fields, too_long)) = self.record()? else {
                return Ok(Next::End);
            };
            self.row += 1;
            if too_long {
                return Ok(Next::Bad(self.row, Reason::RowTooLong));
            }
            let row = self.row_of(written, fields);
            if row.is_blank() {
                self.row -= 1;
                continue;
            }
            // Empty fields at the end are no excuse: a text with a comma that is not quoted ends like that too.
            if fields > self.width {
                return Ok(Next::Bad(self.row, Reason::LongRow));
            }
            if fields < self.width {
                // A file that is cut off ends in a short row, whatever the last byte is; some programs leave out empty
                // fields at the end, but not in the last row alone.
                let usual = std::mem::replace(&mut self.short[fields], true);
                let whole = usual && self.last == b'\n';
                if !whole && self.input.fill_buf()?.is_empty() {
                    return Ok(Next::Bad(self.row, Reason::CutOff));
                }
                if self.places[self.kind.needed].is_none_or(|place| place >= fields) {
                    return Ok(Next::Bad(self.row, Reason::ShortRow));
                }
            }
            return Ok(Next::Row(self.row, self.row_of(written, fields)));
        }
    }

    fn row_of(&self, written: usize, fields: usize) -> Row<'_> {
        Row {
            places: &self.places,
            bytes: &self.bytes[..written],
            ends: &self.ends[..fields],
        }
    }

    /// Reads a record: its bytes, its fields, and whether it is too long, in which case there is nothing in it.
    fn record(&mut self) -> io::Result<Option<(usize, usize, bool)>> {
        let (mut written, mut fields, mut too_long) = (0, 0, false);
        loop {
            let input = self.input.fill_buf()?;
            let (result, read, bytes, ends) =
                self.core
                    .read_record(input, &mut self.bytes[written..], &mut self.ends[fields..]);
            self.last = read.checked_sub(1).map_or(self.last, |at| input[at]);
            self.input.consume(read);
            written += bytes;
            fields += ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.bytes.len() < self.row_bytes => {
                    let longer = (2 * self.bytes.len()).min(self.row_bytes);
                    self.bytes.resize(longer, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < FIELDS => {
                    self.ends.resize(2 * self.ends.len(), 0);
                }
                // Read on to the end of the row, but keep nothing of it.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    (written, fields, too_long) = (0, 0, true);
                }
                ReadRecordResult::Record => return Ok(Some((written, fields, too_long))),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{CONNECTIONS, MESSAGES, connections, messages};

    fn read(bytes: &[u8], kind: &'static Kind, column: usize) -> Vec<String> {
        let Opened::Table(mut table) = open(bytes, &[kind], 1000).unwrap() else {
            return vec!["no table".to_owned()];
        };
        let mut out = Vec::new();
        loop {
            out.push(match table.next().unwrap() {
                Next::Row(row, fields) => format!("{row} {}", text::body(fields.bytes(column))),
                Next::Bad(row, reason) => format!("{row} {reason:?}"),
                Next::End => return out,
            });
        }
    }

    #[test]
    fn the_header_is_found_wherever_it_is() {
        let rows = "Ann,Lund,a@example.org,Acme,Nurse,08 Feb 2026\n,,,,,07 Jun 2026\n";
        let header = "First Name,Last Name,Email Address,Company,Position,Connected On\n";
        for preamble in [
            "",
            "Notes:\n\"When exporting, you may notice\"\n\n",
            "\"Notes:\"\n\"One line\nand another\"\n\n",
            "Notes:,,,,,,\n\"never closed,,,,,,\n,,,,,,\n",
            "\u{feff}",
        ] {
            let file = format!("{preamble}{header}{rows}");
            assert_eq!(
                read(file.as_bytes(), &CONNECTIONS, connections::POSITION),
                ["2 Nurse", "3 "],
                "{preamble:?}"
            );
        }
    }

    #[test]
    fn other_separators_and_encodings() {
        let file = "\"From\";\"Date\";\"Content\"\r\nAnn;2026;\"a; b\r\nc\"\r\n";
        assert_eq!(read(file.as_bytes(), &MESSAGES, messages::CONTENT), ["2 a; b\nc"]);
        let file = "FROM\tDATE\tCONTENT\nZoë\t2026\tüber";
        let utf16: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16, &MESSAGES, messages::CONTENT), ["2 über"]);
        let with_mark = [&[0xff, 0xfe], &utf16[..]].concat();
        assert_eq!(read(&with_mark, &MESSAGES, messages::CONTENT), ["2 über"]);
        let utf16: Vec<u8> = file.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&utf16, &MESSAGES, messages::FROM), ["2 Zoë"]);
    }

    #[test]
    fn odd_rows() {
        let long = "x".repeat(1001);
        let file = format!(
            "FROM,DATE,CONTENT,FOLDER\n\n,,,\n  \na,b,c\na,b\na,b,c,d,,,\na,b,c,d,e\na,b,{long},d\na,b,\"{long}\",d\na,b,e,f\na,b,\"cut"
        );
        assert_eq!(
            read(file.as_bytes(), &MESSAGES, messages::CONTENT),
            [
                "2 c",
                "3 ShortRow",
                "4 LongRow",
                "5 LongRow",
                "6 RowTooLong",
                "7 RowTooLong",
                "8 e",
                "9 CutOff"
            ]
        );
        // A quotation mark that is never closed.
        let file = format!("FROM,DATE,CONTENT\na,b,c\na,b,\"{}", "x,y,z\n".repeat(1000));
        assert_eq!(
            read(file.as_bytes(), &MESSAGES, messages::CONTENT),
            ["2 c", "3 RowTooLong"]
        );
        assert_eq!(read(b"FROM,DATE,CONTENT", &MESSAGES, messages::CONTENT), [""; 0]);
        assert_eq!(read(b"a,b,c\n1,2,3\n", &MESSAGES, messages::CONTENT), ["no table"]);
    }
}
