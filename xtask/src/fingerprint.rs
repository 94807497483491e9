//! Telling whether anything changed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::failure::{Result, While};

/// Sixteen hexadecimal digits that change with the content.
pub fn of_bytes(bytes: &[u8]) -> String {
    let mut whole = Fingerprint::default();
    whole.add(bytes);
    whole.finish()
}

/// The same of a file.
pub fn of_file(file: &Path) -> Result<String> {
    let bytes = fs::read(file).when(format_args!("reading {}", file.display()))?;
    Ok(of_bytes(&bytes))
}

/// The same of many things, one after another.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds a thing, set off from what came before.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Adds the names and contents of a file or of all that is in a folder.
    /// What isn't there counts as empty.
    pub fn add_tree(&mut self, path: &Path) -> Result<()> {
        for file in files(path)? {
            self.add(file.to_string_lossy().as_bytes());
            self.add(&fs::read(&file).when(format_args!("reading {}", file.display()))?);
        }
        Ok(())
    }

    /// Sixteen hexadecimal digits.
    pub fn finish(self) -> String {
        let digest = self.0.finalize();
        digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// Every file in a folder and below, in a fixed order; a file is its own list.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).when(format_args!("reading {}", path.display()))? {
        found.extend(files(&entry?.path())?);
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_thing_ends_and_the_next_begins_matters() {
        let of = |parts: [&str; 2]| {
            let mut whole = Fingerprint::default();
            for part in parts {
                whole.add(part.as_bytes());
            }
            whole.finish()
        };
        assert_ne!(of(["ab", "c"]), of(["a", "bc"]));
        assert_eq!(of(["ab", "c"]), of(["ab", "c"]));
        assert_eq!(of(["ab", "c"]).len(), 16);
    }
}
