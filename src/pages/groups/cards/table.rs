//! Cards and numbers as a table for a spreadsheet.

use portal_api::{csv::cell, portal::groups::GroupToken};

use super::{
    super::{group::Here, tokens::kind},
    blocked,
};
use crate::{i18n::words, ui::number::together};

/// All of them, one a line, below a line with the columns' names.
pub fn table(tokens: &[GroupToken], here: Here) -> String {
    let head = [
        words::group_column_label(),
        words::group_column_number(),
        words::group_column_vehicle(),
        words::group_column_kind(),
        words::group_column_status(),
    ];
    let mut table = line(&head);
    for token in tokens {
        let status = blocked(token, here).unwrap_or_else(words::group_works);
        table += &line(&cells(token, &kind(token), &status));
    }
    table
}

fn cells(token: &GroupToken, kind: &str, status: &str) -> [String; 5] {
    [
        token.label.clone(),
        token.uid.as_deref().map(number).unwrap_or_default(),
        token.vehicle.clone().unwrap_or_default(),
        kind.to_owned(),
        status.to_owned(),
    ]
}

/// A token's number. What a spreadsheet would count with comes in parts: it would lose
/// all but fifteen digits, and the zeros at the front.
fn number(uid: &str) -> String {
    let counts = |sign: u8| sign.is_ascii_digit() || sign == b'E';
    if uid.bytes().all(counts) {
        together(uid).join(" ")
    } else {
        uid.to_owned()
    }
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use portal_api::petit_monde::group::{TokenKind, TokenStatus};
    use portal_api::time::Instant;

    use super::*;

    #[test]
    fn what_somebody_wrote_on_a_card_is_text_and_no_formula() {
        let token = GroupToken {
            id: "tok_1".into(),
            uid: Some("04C5D1AA22".into()),
            kind: TokenKind::Rfid,
            status: TokenStatus::Active,
            label: "=1+1, \"van\"".into(),
            vehicle: None,
            blocked_at: None,
            reason: None,
            replaced_by: None,
            created_at: Instant::from_millis(0),
        };
        assert_eq!(
            line(&cells(&token, "Card", "Works")),
            "\"'=1+1, \"\"van\"\"\",04C5D1AA22,,Card,Works\r\n"
        );
    }

    #[test]
    fn a_number_keeps_its_digits_in_a_spreadsheet() {
        for (uid, cell) in [
            ("0049155501002003", "0049 1555 0100 2003"),
            ("04123456E89012", "0412 3456 E890 12"),
            ("04C5D1AA221180", "04C5D1AA221180"),
        ] {
            assert_eq!(number(uid), cell);
        }
    }
}
