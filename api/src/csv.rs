//! A cell of a table for spreadsheets: RFC 4180, and safe to open.

/// A text as a cell, also one that others typed.
pub fn cell(text: &str) -> String {
    quoted(&harmless(text))
}

/// A text that no spreadsheet takes for a formula: the apostrophe says that what
/// follows is text.
fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    [if formula { "'" } else { "" }, text].concat()
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n', ';', '\t']) || text.trim() != text {
        ["\"", &text.replace('"', "\"\""), "\""].concat()
    } else {
        text.to_owned()
    }
}
