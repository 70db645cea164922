//! The archive as a set of files: a zip, a folder, or one CSV. Nothing is ever written.

use std::fs::{self, File};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use crate::error::Kind;

/// Bounds on what is read, so that no file can exhaust the machine. All are far above what LinkedIn delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one file, unpacked: 4 GiB.
    pub file_bytes: u64,
    /// Bytes of all files that are read, unpacked: 8 GiB.
    pub total_bytes: u64,
    /// How many times its packed size a file in a zip may have; counted from 1 MiB on: 250.
    pub ratio: u64,
    /// Bytes of one row: 1 MiB. Longer rows are reported and left out.
    pub row_bytes: usize,
    /// Rows of `messages.csv`: 5 million, for which the index takes 32 bytes each; of `Invitations.csv` a tenth of that.
    pub rows: u64,
    /// Bytes of a file that is kept in memory, which is every other one: 32 MiB.
    pub kept_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4 << 30,
            total_bytes: 8 << 30,
            ratio: 250,
            row_bytes: 1 << 20,
            rows: 5_000_000,
            kept_bytes: 32 << 20,
        }
    }
}

/// Files below this size may be packed as tightly as they like.
const SMALL: u64 = 1 << 20;

/// A file of the archive.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its path in the archive; only a name, never a place on this machine.
    pub(crate) name: Arc<str>,
    pub(crate) size: u64,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Zip(Arc<Path>, Packed),
}

#[derive(Clone, Copy, Debug)]
struct Packed {
    start: u64,
    size: u64,
    crc: u32,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Stored,
    Deflated,
    Unknown,
    Encrypted,
}

impl Member {
    /// The last part of the name.
    pub(crate) fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    /// How many folders deep it lies.
    pub(crate) fn depth(&self) -> usize {
        self.name.matches(['/', '\\']).count()
    }

    /// Refuses what is too large, packed too tightly, encrypted, or packed in an unknown way.
    pub(crate) fn check(&self, limits: &Limits, kept: bool) -> Result<(), Kind> {
        let limit = if kept { limits.kept_bytes } else { limits.file_bytes };
        let file = self.name.clone();
        if self.size > limit {
            let size = self.size;
            return Err(Kind::TooLarge { file, size, limit });
        }
        let Place::Zip(_, packed) = &self.place else {
            return Ok(());
        };
        let ratio = self.size / packed.size.max(1);
        match packed.form {
            Form::Encrypted => Err(Kind::Encrypted(file)),
            Form::Unknown => Err(Kind::Compression(file)),
            _ if self.size > SMALL && ratio > limits.ratio => Err(Kind::Ratio {
                file,
                ratio,
                limit: limits.ratio,
            }),
            _ => Ok(()),
        }
    }

    /// A reader from the beginning. It gives an error if there is more than `size`, or if the checksum is wrong.
    pub(crate) fn open(&self) -> io::Result<MemberReader> {
        let (inner, crc) = match &self.place {
            Place::File(path) => (Inner::Plain(File::open(path)?.take(u64::MAX)), None),
            Place::Zip(path, packed) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(packed.start))?;
                let file = file.take(packed.size);
                let inner = if packed.form == Form::Stored {
                    Inner::Plain(file)
                } else {
                    Inner::Deflated(DeflateDecoder::new(file))
                };
                (inner, Some((Crc::new(), packed.crc)))
            }
        };
        Ok(MemberReader {
            inner,
            crc,
            left: self.size,
        })
    }
}

/// Reads one member.
pub(crate) struct MemberReader {
    inner: Inner,
    /// The checksum so far, and the one it should be.
    crc: Option<(Crc, u32)>,
    /// Bytes that may still come.
    left: u64,
}

enum Inner {
    Plain(io::Take<File>),
    Deflated(DeflateDecoder<io::Take<File>>),
}

impl Read for MemberReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match &mut self.inner {
            Inner::Plain(reader) => reader.read(buffer)?,
            Inner::Deflated(reader) => reader.read(buffer)?,
        };
        let damaged = |what: &str| Err(io::Error::new(io::ErrorKind::InvalidData, what));
        let Some(left) = self.left.checked_sub(n as u64) else {
            return damaged("it is longer than it says");
        };
        self.left = left;
        if let Some((crc, expected)) = &mut self.crc {
            crc.update(&buffer[..n]);
            if n == 0 && !buffer.is_empty() {
                if left > 0 {
                    return damaged("it is shorter than it says");
                }
                if crc.sum() != *expected {
                    return damaged("its checksum is wrong");
                }
            }
        }
        Ok(n)
    }
}

/// What a path leads to.
pub(crate) enum Container {
    /// A zip or a folder, with its files in the order of their names.
    Files(Vec<Member>),
    /// A single file that is no zip.
    Single(Member),
}

/// Lists the files of the archive at `path`.
pub(crate) fn list(path: &Path) -> Result<Container, Kind> {
    let io = |source: io::Error| Kind::Io {
        what: "it".to_owned(),
        source,
    };
    let about = fs::metadata(path).map_err(io)?;
    let mut members = if about.is_dir() {
        folder(path).map_err(io)?
    } else if about.is_file() {
        let mut file = File::open(path).map_err(io)?;
        let mut magic = [0; 2];
        let n = file.read(&mut magic).map_err(io)?;
        if &magic[..n] != b"PK" {
            let name = path.file_name().map(|n| n.to_string_lossy());
            return Ok(Container::Single(Member {
                name: name.unwrap_or_default().into(),
                size: about.len(),
                place: Place::File(path.to_owned()),
            }));
        }
        file.rewind().map_err(io)?;
        zip(path, file)?
    } else {
        return Err(Kind::NotAnArchive);
    };
    members.sort_by(|a, b| (a.depth(), &a.name).cmp(&(b.depth(), &b.name)));
    Ok(Container::Files(members))
}

/// The files of a folder and of the folders right in it, where a zip of a folder unpacks to.
fn folder(root: &Path) -> io::Result<Vec<Member>> {
    let mut members = Vec::new();
    let mut add = |folder: &Path, prefix: &str, inner: Option<&mut Vec<(PathBuf, String)>>| -> io::Result<()> {
        let mut inner = inner;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            // Follows links; pipes and devices are no files.
            let Ok(about) = fs::metadata(entry.path()) else {
                continue;
            };
            if about.is_file() {
                members.push(Member {
                    name: name.into(),
                    size: about.len(),
                    place: Place::File(entry.path()),
                });
            } else if about.is_dir()
                && let Some(inner) = &mut inner
            {
                inner.push((entry.path(), format!("{name}/")));
            }
        }
        Ok(())
    };
    let mut inner = Vec::new();
    add(root, "", Some(&mut inner))?;
    for (path, prefix) in inner {
        // A folder beside the export that may not be read is none of our business.
        let _ = add(&path, &prefix, None);
    }
    Ok(members)
}

fn zip(path: &Path, file: File) -> Result<Vec<Member>, Kind> {
    let broken = |e: zip::result::ZipError| Kind::BrokenZip(e.to_string());
    let mut archive = ZipArchive::new(io::BufReader::new(file)).map_err(broken)?;
    let path: Arc<Path> = path.into();
    let mut members = Vec::new();
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).map_err(broken)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if entry.is_dir() || !name.to_ascii_lowercase().ends_with(".csv") {
            continue;
        }
        let Some(start) = entry.data_start() else {
            return Err(Kind::BrokenZip(format!("`{name}` is not where it should be")));
        };
        members.push(Member {
            name: name.into(),
            size: entry.size(),
            place: Place::Zip(
                path.clone(),
                Packed {
                    start,
                    size: entry.compressed_size(),
                    crc: entry.crc32(),
                    form: match entry.compression() {
                        _ if entry.encrypted() => Form::Encrypted,
                        CompressionMethod::Stored => Form::Stored,
                        CompressionMethod::DEFLATE => Form::Deflated,
                        _ => Form::Unknown,
                    },
                },
            ),
        });
    }
    Ok(members)
}
