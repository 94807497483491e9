//! What people type, whatever it is.

use portal_api::language::Language;
use portal_server::documents::receipt::pdf;
use proptest::prelude::*;

use super::{
    assert_says, said,
    sample::{HOSTILE, UNSEEN, receipt},
    tools::{checked, pages, text},
};

#[test]
fn what_people_type_arrives_as_typed() {
    for (number, typed) in HOSTILE.iter().enumerate() {
        let mut receipt = receipt(Language::En);
        receipt.buyer.name = (*typed).to_owned();
        receipt.charges[0].text = (*typed).to_owned();
        receipt.session.place = Some((*typed).to_owned());
        let said = said(&format!("hostile-{number}"), &receipt);
        let wanted = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(&wanted), "{wanted:?} is missing in\n{said}");
    }
}

#[test]
fn what_cannot_be_shown_breaks_nothing() {
    for (number, typed) in UNSEEN.iter().enumerate() {
        let mut receipt = receipt(Language::En);
        receipt.buyer.name = (*typed).to_owned();
        receipt.seller.name = (*typed).to_owned();
        receipt.charges[0].detail = Some((*typed).to_owned());
        assert_says(
            &said(&format!("unseen-{number}"), &receipt),
            &["R-2025-000123"],
        );
    }
}

#[test]
fn a_text_without_an_end_goes_on_over_pages() {
    let mut receipt = receipt(Language::En);
    receipt.charges[0].detail = Some("endless ".repeat(1500));
    receipt.buyer.name = "W".repeat(3000);
    let file = checked("endless", &pdf(&receipt).unwrap());
    assert_eq!(text(&file).matches("endless").count(), 1500);
    assert!(pages(&file) > 2);
}

#[test]
fn nothing_in_a_receipt_runs() {
    let mut receipt = receipt(Language::En);
    receipt.charges[0].text =
        ") Tj ET /OpenAction << /S /JavaScript /JS (app.alert(1)) >>".to_owned();
    let bytes = pdf(&receipt).unwrap();
    let raw = String::from_utf8_lossy(&bytes);
    for key in [
        "/JavaScript",
        "/JS",
        "/OpenAction",
        "/Launch",
        "/EmbeddedFile",
        "/AA",
    ] {
        assert!(!raw.contains(key), "{key}");
    }
}

#[test]
fn every_character_can_be_written() {
    let all: Vec<char> = ('\0'..='\u{1ffff}')
        .chain('\u{e0000}'..='\u{e01ff}')
        .collect();
    for some in all.chunks(4000) {
        let mut receipt = receipt(Language::En);
        receipt.charges[0].detail = Some(some.iter().collect());
        pdf(&receipt).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_can_be_written(name in any::<String>(), place in "\\PC{0,60}", detail in any::<String>()) {
        let mut receipt = receipt(Language::En);
        receipt.seller.name = name;
        receipt.session.place = Some(place);
        receipt.charges[0].detail = Some(detail);
        prop_assert!(pdf(&receipt).is_ok());
    }
}
