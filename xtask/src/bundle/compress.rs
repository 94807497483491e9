//! A smaller file beside each file that gets smaller.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

use crate::{
    failure::{Result, While},
    fingerprint, parallel,
};

/// Smaller files fit into a packet as they are.
const SMALLEST: usize = 256;

/// What is compressed already is left alone.
const ENDINGS: [&str; 10] = [
    "css",
    "html",
    "js",
    "json",
    "pack",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// Writes `.br` and `.gz` beside every file in a folder that is worth it.
pub fn all(folder: &Path) -> Result<()> {
    let mut files = fingerprint::files(folder)?;
    files.retain(|file| is_worth_it(file));
    parallel::each(files, |file| {
        one(&file).when(format_args!("compressing {}", file.display()))
    })
}

fn is_worth_it(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

fn one(file: &Path) -> io::Result<()> {
    let content = fs::read(file)?;
    if content.len() < SMALLEST {
        return Ok(());
    }
    for (ending, smaller) in [("br", brotli(&content)?), ("gz", gzip(&content)?)] {
        if smaller.len() < content.len() {
            let mut name = file.as_os_str().to_owned();
            name.push(".");
            name.push(ending);
            fs::write(PathBuf::from(name), smaller)?;
        }
    }
    Ok(())
}

/// As small as brotli can make it.
fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut smaller = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut smaller, 1 << 16, 11, 24);
    encoder.write_all(content)?;
    drop(encoder);
    Ok(smaller)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
