//! The records of an archive, as PKWARE's APPNOTE 6.3 has them.

use chrono::{Datelike, NaiveDateTime, Timelike};

/// The oldest version that can read it.
const VERSION: u16 = 20;
/// Made on Unix, where a file has its rights.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// Files are as they are.
const STORED: u16 = 0;
/// A file that its owner can write and all can read.
const RIGHTS: u32 = 0o100_644 << 16;

/// A file of an archive.
#[derive(Debug)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub made: NaiveDateTime,
    /// The CRC-32 of its content.
    pub sum: u32,
    /// In bytes.
    pub size: u32,
    /// Where its record begins in the archive.
    pub place: u32,
}

/// What stands before a file's content.
pub fn local_record(entry: &Entry) -> Vec<u8> {
    let mut record = b"PK\x03\x04".to_vec();
    common(&mut record, entry);
    record.extend(entry.name.as_bytes());
    record
}

/// What stands in the list at the archive's end.
pub fn central_record(entry: &Entry) -> Vec<u8> {
    let mut record = b"PK\x01\x02".to_vec();
    short(&mut record, MADE_BY);
    common(&mut record, entry);
    // No comment, on the first disk, no text.
    record.extend([0; 6]);
    long(&mut record, RIGHTS);
    long(&mut record, entry.place);
    record.extend(entry.name.as_bytes());
    record
}

/// What stands behind that list.
pub fn end_record(files: u16, size: u32, place: u32) -> Vec<u8> {
    let mut record = b"PK\x05\x06".to_vec();
    // All on one disk.
    record.extend([0; 4]);
    short(&mut record, files);
    short(&mut record, files);
    long(&mut record, size);
    long(&mut record, place);
    // No comment.
    short(&mut record, 0);
    record
}

/// What both records of a file say.
fn common(record: &mut Vec<u8>, entry: &Entry) {
    short(record, VERSION);
    short(record, FLAGS);
    short(record, STORED);
    let (date, time) = dos(entry.made);
    short(record, time);
    short(record, date);
    long(record, entry.sum);
    // Compressed and not, which is the same.
    long(record, entry.size);
    long(record, entry.size);
    // Names are far shorter than that.
    short(record, u16::try_from(entry.name.len()).unwrap_or(u16::MAX));
    // Nothing more.
    short(record, 0);
}

/// A date and a time as MS-DOS counted them: since 1980, in steps of two seconds.
fn dos(made: NaiveDateTime) -> (u16, u16) {
    let small = |number: u32| u16::try_from(number).unwrap_or_default();
    let years = u16::try_from(made.year() - 1980)
        .unwrap_or_default()
        .min(127);
    let date = years << 9 | small(made.month()) << 5 | small(made.day());
    let time = small(made.hour()) << 11 | small(made.minute()) << 5 | small(made.second() / 2);
    (date, time)
}

fn short(record: &mut Vec<u8>, number: u16) {
    record.extend(number.to_le_bytes());
}

fn long(record: &mut Vec<u8>, number: u32) {
    record.extend(number.to_le_bytes());
}
