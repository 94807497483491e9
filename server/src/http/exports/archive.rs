//! Receipts and a table in one archive, made while it is sent: no more than one
//! receipt and the table's text are held at a time.

use std::vec;

use bytes::Bytes;
use portal_api::language::Language;

use super::{BreaksOff, table, walk::Walk};
use crate::{
    documents::zip::Zip,
    http::dynamo::driver,
    provider::{Entry, Failure, Wanted},
};

/// The most characters of a place in a file's name.
const PLACE_LONGEST: usize = 60;

/// An archive on its way.
pub struct Archive {
    walk: Walk,
    language: Language,
    page: vec::IntoIter<Entry>,
    table: String,
    /// Until it has ended.
    zip: Option<Zip>,
}

impl Archive {
    /// At its beginning.
    pub fn new(walk: Walk, language: Language) -> Self {
        let made = walk.app.clock.now().utc().unwrap_or_default().naive_utc();
        Self {
            walk,
            language,
            page: Vec::new().into_iter(),
            table: table::head(),
            zip: Some(Zip::new(made)),
        }
    }

    /// The next part; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Bytes>, BreaksOff> {
        loop {
            let Some(entry) = self.page.next() else {
                match self.walk.next().await? {
                    Some(page) => self.page = page.into_iter(),
                    None => return self.end(),
                }
                continue;
            };
            self.table.push_str(&table::row(&entry));
            if let Some(receipt) = self.receipt(&entry).await? {
                return self.file(&name(&entry), &receipt);
            }
        }
    }

    /// The receipt of a session, if there is one yet.
    async fn receipt(&self, entry: &Entry) -> Result<Option<Vec<u8>>, Failure> {
        let Walk { app, caller, .. } = &self.walk;
        let id = &entry.session.session_id;
        if entry.session.receipt_available == Some(false) {
            return Ok(None);
        }
        let wanted = Wanted {
            session_id: id,
            number: entry.more.receipt.as_deref(),
            language: self.language,
            link: &app.link_of_session(id),
        };
        match app.sessions.receipt(driver(caller), wanted).await {
            Ok(receipt) => Ok(Some(receipt)),
            Err(Failure::NotReady { .. } | Failure::NotFound) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    fn file(&mut self, name: &str, content: &[u8]) -> Result<Option<Bytes>, BreaksOff> {
        let Some(zip) = &mut self.zip else {
            return Ok(None);
        };
        let mut bytes = zip.add(name, content)?;
        bytes.extend_from_slice(content);
        Ok(Some(bytes.into()))
    }

    /// The table, and the list of all files.
    fn end(&mut self) -> Result<Option<Bytes>, BreaksOff> {
        let Some(mut zip) = self.zip.take() else {
            return Ok(None);
        };
        let mut bytes = zip.add(table::NAME, self.table.as_bytes())?;
        bytes.extend_from_slice(self.table.as_bytes());
        bytes.extend(zip.end()?);
        Ok(Some(bytes.into()))
    }
}

/// Such as `2025-03-02_Kai-7_QUA-2025-000123.pdf`: sorted by day, and nothing in
/// it that a file system could misunderstand.
fn name(Entry { session, more }: &Entry) -> String {
    let day = session.local_day.map(|day| day.to_string());
    let place = session.site_name.as_deref().unwrap_or_default();
    let number = more.receipt.as_ref().unwrap_or(&session.session_id);
    let parts = [day.unwrap_or_default(), plain(place), plain(number)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("_") + ".pdf"
}

/// Letters and digits of any script, with a hyphen for all that is between them.
fn plain(text: &str) -> String {
    let words = text.split(|sign: char| !sign.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let plain: String = words.join("-").chars().take(PLACE_LONGEST).collect();
    plain.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_place_becomes_a_part_of_a_name() {
        for (place, part) in [
            ("Kai 7", "Kai-7"),
            ("../../etc/passwd", "etc-passwd"),
            ("Größe \u{202e}gpj.exe", "Größe-gpj-exe"),
            ("<script>alert('x')</script>", "script-alert-x-script"),
            ("…", ""),
        ] {
            assert_eq!(plain(place), part);
        }
        assert_eq!(plain(&"ä ".repeat(99)).chars().count(), 59);
    }
}
