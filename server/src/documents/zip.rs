//! Many files as one, written while it is read: nothing but a list of names is
//! kept. Files are stored as they are, since documents are already compressed.

mod records;

use chrono::NaiveDateTime;

use self::records::{Entry, central_record, end_record, local_record};

/// An archive while it is written.
#[derive(Debug)]
pub struct Zip {
    entries: Vec<Entry>,
    written: u32,
    /// When its files were made.
    made: NaiveDateTime,
}

/// The archive would be larger than four gigabytes, or have more than 65,534 files.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the archive would be too large")]
pub struct TooLarge;

impl Zip {
    /// An empty archive whose files were all made at one time.
    pub const fn new(made: NaiveDateTime) -> Self {
        Self {
            entries: Vec::new(),
            written: 0,
            made,
        }
    }

    /// Adds a file, and says what is to be sent before its content.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<Vec<u8>, TooLarge> {
        let entry = Entry {
            name: safe(name),
            made: self.made,
            sum: crc32fast::hash(content),
            size: u32::try_from(content.len()).map_err(|_| TooLarge)?,
            place: self.written,
        };
        let record = local_record(&entry);
        self.count(record.len())?;
        self.count(content.len())?;
        self.entries.push(entry);
        Ok(record)
    }

    /// What is to be sent after the last file.
    pub fn end(self) -> Result<Vec<u8>, TooLarge> {
        let files = u16::try_from(self.entries.len()).map_err(|_| TooLarge)?;
        let mut records: Vec<u8> = self.entries.iter().flat_map(central_record).collect();
        let size = u32::try_from(records.len()).map_err(|_| TooLarge)?;
        // The largest numbers mean something else.
        if files == u16::MAX
            || self
                .written
                .checked_add(size)
                .is_none_or(|end| end == u32::MAX)
        {
            return Err(TooLarge);
        }
        records.extend(end_record(files, size, self.written));
        Ok(records)
    }

    fn count(&mut self, bytes: usize) -> Result<(), TooLarge> {
        let bytes = u32::try_from(bytes).map_err(|_| TooLarge)?;
        self.written = self.written.checked_add(bytes).ok_or(TooLarge)?;
        Ok(())
    }
}

/// A name that is one file in the folder where the archive is opened, on any
/// system.
fn safe(name: &str) -> String {
    let name: String = name
        .chars()
        .take(120)
        .map(|character| match character {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            _ if character.is_control() => '_',
            _ => character,
        })
        .collect();
    match name.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        assert_eq!(safe("../../etc/passwd"), "_._.._etc_passwd");
        assert_eq!(safe("C:\\a\0b"), "C__a_b");
        assert_eq!(safe("Reçu R-1.pdf"), "Reçu R-1.pdf");
    }

    #[test]
    fn more_than_four_gigabytes_are_refused() {
        let mut zip = Zip::new(NaiveDateTime::default());
        zip.written = u32::MAX - 50;
        assert_eq!(zip.add("a.pdf", &[0; 100]), Err(TooLarge));
    }

    #[test]
    fn more_files_than_can_be_counted_are_refused() {
        let mut zip = Zip::new(NaiveDateTime::default());
        for _ in 0..u16::MAX {
            zip.add("a", &[]).unwrap();
        }
        assert_eq!(zip.end(), Err(TooLarge));
    }
}
