//! The programs that read what was written.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The document as a file in which `qpdf` finds no mistake.
pub fn checked(name: &str, pdf: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("receipts");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.pdf"));
    std::fs::write(&file, pdf).unwrap();
    run("qpdf", &["--check"], &file, &[]);
    file
}

/// Its text in reading order.
pub fn text(file: &Path) -> String {
    run("pdftotext", &["-enc", "UTF-8"], file, &["-"])
}

/// What it says about itself, with any run of spaces as one.
pub fn info(file: &Path) -> String {
    let info = run("pdfinfo", &[], file, &[]);
    let lines = info
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

/// Its structure for screen readers.
pub fn structure(file: &Path) -> String {
    run("pdfinfo", &["-struct"], file, &[])
}

/// How many pages it has.
pub fn pages(file: &Path) -> usize {
    let info = info(file);
    let line = info.lines().find_map(|line| line.strip_prefix("Pages: "));
    line.unwrap().parse().unwrap()
}

fn run(program: &str, before: &[&str], file: &Path, after: &[&str]) -> String {
    let output = Command::new(program)
        .args(before)
        .arg(file)
        .args(after)
        .output();
    let output = output.unwrap_or_else(|problem| {
        panic!("{program} is needed (on Debian: apt install poppler-utils qpdf): {problem}")
    });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}
