//! Cards and numbers as a table for a spreadsheet.

use portal_api::{csv::cell, portal::groups::GroupToken};

use super::{
    super::{group::Here, tokens::kind},
    blocked,
};
use crate::i18n::words;

/// All of them, one a line, below a line with the columns' names.
pub fn table(tokens: &[GroupToken], here: Here) -> String {
    let head = [
        words::group_column_label(),
        words::group_column_number(),
        words::group_column_vehicle(),
        words::group_column_kind(),
        words::group_column_status(),
    ];
    let mut table = line(&head.each_ref().map(String::as_str));
    for token in tokens {
        let status = blocked(token, here).unwrap_or_else(words::group_works);
        table += &line(&cells(token, &kind(token), &status));
    }
    table
}

fn cells<'a>(token: &'a GroupToken, kind: &'a str, status: &'a str) -> [&'a str; 5] {
    [
        &token.label,
        token.uid.as_deref().unwrap_or_default(),
        token.vehicle.as_deref().unwrap_or_default(),
        kind,
        status,
    ]
}

fn line(cells: &[&str]) -> String {
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
}
