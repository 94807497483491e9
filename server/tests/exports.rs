//! Exports, as another program reads them: Python's own `csv` and `zipfile`.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use chrono::NaiveDate;
use portal_api::decimal::Decimal;
use portal_server::documents::{
    csv::{self, Cell},
    zip::Zip,
};
use support::python::python;

#[test]
fn python_reads_every_cell_back() {
    let typed = [
        "plain",
        "a,b;c",
        "say \"hi\"",
        "two\r\nlines",
        " spaced ",
        "Ωמ🚗",
        "=1+1",
        "-2",
        "@x",
    ];
    let mut table = csv::row(&typed.map(Cell::Text));
    table += &csv::row(&[Cell::Number(Decimal::new(-84, 2)), Cell::Empty]);
    let read = python(
        "import csv, io, json, sys\n\
         text = io.TextIOWrapper(sys.stdin.buffer, 'utf-8', newline='')\n\
         print(json.dumps(list(csv.reader(text, strict=True)), ensure_ascii=False))",
        table.as_bytes(),
    );
    let read: Vec<Vec<String>> = serde_json::from_str(&read).unwrap();
    let wanted = typed.map(|text| match text {
        "=1+1" | "-2" | "@x" => format!("'{text}"),
        _ => text.to_owned(),
    });
    assert_eq!(
        read,
        [wanted.to_vec(), vec!["-0.84".to_owned(), String::new()]]
    );
}

#[test]
fn python_reads_every_file_back() {
    let made = NaiveDate::from_ymd_opt(2025, 3, 2).unwrap();
    let mut zip = Zip::new(made.and_hms_opt(16, 47, 10).unwrap());
    let mut archive = Vec::new();
    for number in 0..1000 {
        let content = format!("%PDF {number}").repeat(number % 7);
        archive.extend(
            zip.add(&format!("Reçu {number}.pdf"), content.as_bytes())
                .unwrap(),
        );
        archive.extend(content.as_bytes());
    }
    archive.extend(zip.end().unwrap());
    let read = python(
        "import io, sys, zipfile\n\
         file = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))\n\
         print(file.testzip(), len(file.namelist()), file.namelist()[999])\n\
         print(file.read('Reçu 3.pdf').decode(), file.getinfo('Reçu 3.pdf').date_time)",
        &archive,
    );
    assert_eq!(
        read,
        "None 1000 Reçu 999.pdf\n%PDF 3%PDF 3%PDF 3 (2025, 3, 2, 16, 47, 10)\n"
    );
}

#[test]
fn an_archive_can_be_empty() {
    let archive = Zip::new(NaiveDate::default().into()).end().unwrap();
    let read = python(
        "import io, sys, zipfile\n\
         print(zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).namelist())",
        &archive,
    );
    assert_eq!(read, "[]\n");
}
