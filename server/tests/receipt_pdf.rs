//! Receipts, as other programs read them: poppler and qpdf.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "receipt_pdf/sample.rs"]
mod sample;
#[path = "receipt_pdf/tools.rs"]
mod tools;
#[path = "receipt_pdf/typed.rs"]
mod typed;

use portal_api::{
    decimal::Decimal,
    language::Language,
    money::{Currency, Money},
};
use portal_server::documents::{
    colour::Colour,
    receipt::{Charge, Receipt, Tax, pdf},
};

use self::{
    sample::{charge, nok, receipt},
    tools::{checked, info, pages, structure, text},
};

/// What `pdftotext` finds, with any run of spaces as one.
fn said(name: &str, receipt: &Receipt) -> String {
    let file = checked(name, &pdf(receipt).unwrap());
    let text = text(&file);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_says(said: &str, wanted: &[&str]) {
    for text in wanted {
        assert!(said.contains(text), "{text:?} is missing in\n{said}");
    }
}

#[test]
fn a_receipt_says_everything_in_every_language() {
    for language in Language::ALL {
        let name = format!("language-{}", language.code());
        let said = said(&name, &receipt(language));
        assert_says(
            &said,
            &[
                "R-2025-000123",
                "Fjordlading AS",
                "Havnegata 12",
                "NO 987 654 321 MVA",
                "Mara Lindqvist",
                "Kaivopuisto",
                "NO*FJL*E0042*2",
                "CP-KAI7-02",
                "•••• 4711",
                "45 min sold for 42",
                "Visa •••• 4242",
                "https://portal.example.com/sessions/sess_4QT9ZK",
                "16:05 (CET)",
                "1/1",
            ],
        );
        let own: &[&str] = match language {
            Language::En => &[
                "Receipt number",
                "2 March 2025, 16:05",
                "NOK 97.20",
                "VAT 25% on NOK 77.76",
            ],
            Language::De => &[
                "Belegnummer",
                "2. März 2025, 16:05",
                "97,20 NOK",
                "USt. 25 % auf 77,76 NOK",
            ],
            Language::Fr => &[
                "Numéro du reçu",
                "2 mars 2025 à 16:05",
                "97,20 NOK",
                "TVA 25 % sur 77,76 NOK",
            ],
            Language::Es => &[
                "Número de recibo",
                "2 de marzo de 2025, 16:05",
                "97,20 NOK",
                "IVA 25 % sobre 77,76 NOK",
            ],
        };
        assert_says(&said, own);
    }
}

#[test]
fn the_same_receipt_has_the_same_bytes() {
    let receipt = receipt(Language::De);
    let first = pdf(&receipt).unwrap();
    assert!(first == pdf(&receipt).unwrap());
    let elsewhere = std::thread::spawn(move || pdf(&receipt).unwrap());
    assert!(first == elsewhere.join().unwrap());
}

#[test]
fn a_receipt_is_tagged_and_says_what_it_is() {
    let file = checked("tagged", &pdf(&receipt(Language::Fr)).unwrap());
    let info = info(&file);
    for line in [
        "Reçu R-2025-000123",
        "Fjordlading AS",
        "Tagged: yes",
        "Page size: 595.276 x 841.89 pts (A4)",
    ] {
        assert!(info.contains(line), "{line:?} is missing in\n{info}");
    }
    let structure = structure(&file);
    for tag in [
        "H1", "H2", "Table", "THead", "TH", "TD", "TFoot", "Figure", "Link", "Lbl",
    ] {
        assert!(structure.contains(tag), "{tag} is missing in\n{structure}");
    }
    let raw = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
    for claim in ["<pdfaid:part>2", "<pdfaid:conformance>A", "<pdfuaid:part>1"] {
        assert!(raw.contains(claim), "{claim}");
    }
}

#[test]
fn a_correction_names_what_it_corrects() {
    let receipt = Receipt {
        number: "R-2025-000124".to_owned(),
        corrects: Some("R-2025-000123".to_owned()),
        ..receipt(Language::En)
    };
    let said = said("correction", &receipt);
    assert_says(
        &said,
        &["R-2025-000124", "Corrects receipt", "R-2025-000123"],
    );
}

#[test]
fn taxes_can_be_part_of_the_charges() {
    let receipt = Receipt {
        taxes_included: true,
        taxes: vec![
            Tax {
                rate: Decimal::new(25, 0),
                net: nok(4000),
                tax: nok(1000),
            },
            Tax {
                rate: Decimal::new(125, 1),
                net: nok(4195),
                tax: nok(525),
            },
        ],
        subtotal: nok(9720),
        ..receipt(Language::En)
    };
    assert_says(
        &said("included", &receipt),
        &[
            "Includes VAT 25% on NOK 40.00",
            "Includes VAT 12.5% on NOK 41.95",
            "NOK 5.25",
        ],
    );
}

#[test]
fn every_currency_keeps_its_digits() {
    for (code, minor, wanted) in [("JPY", 1250, "JPY 1,250"), ("BHD", 1250, "BHD 1.250")] {
        let amount = Money::new(minor, Currency::new(code).unwrap());
        let receipt = Receipt {
            charges: vec![Charge {
                amount,
                ..charge("Energy", None, 0)
            }],
            subtotal: amount,
            taxes: Vec::new(),
            total: amount,
            ..receipt(Language::En)
        };
        assert_says(&said(code, &receipt), &[wanted]);
    }
}

#[test]
fn many_charges_go_on_on_the_next_page_under_the_same_heading() {
    let many = |number| charge(&format!("Charge number {number}"), Some("a reason"), 100);
    let receipt = Receipt {
        charges: (1..=40).map(many).collect(),
        ..receipt(Language::En)
    };
    let file = checked("many", &pdf(&receipt).unwrap());
    let all = text(&file);
    for number in 1..=40 {
        assert!(
            all.contains(&format!("Charge number {number}\n"))
                || all.contains(&format!("Charge number {number} ")),
            "{number}"
        );
    }
    let count = pages(&file);
    assert!(count > 1);
    assert!(all.contains(&format!("{count}/{count}")));
    assert!(all.matches("Unit price").count() >= 2, "{all}");
}

#[test]
fn a_logo_is_drawn_and_a_broken_one_is_left_out() {
    let with = |logo: Vec<u8>| {
        pdf(&Receipt {
            logo: Some(logo),
            ..receipt(Language::En)
        })
        .unwrap()
    };
    let without = pdf(&receipt(Language::En)).unwrap();
    let whole = with(sample::LOGO.to_vec());
    let file = checked("logo", &whole);
    assert!(structure(&file).matches("Figure").count() >= 2);
    let mut cut = sample::LOGO.to_vec();
    cut.truncate(cut.len() / 2);
    for broken in [Vec::new(), b"no picture".to_vec(), cut] {
        assert!(with(broken) == without);
    }
}

#[test]
fn a_receipt_needs_nothing_that_may_be_unknown() {
    let mut receipt = receipt(Language::En);
    let session = &mut receipt.session;
    session.place = None;
    session.address = None;
    session.evse_id = None;
    session.charge_point = None;
    session.connector = None;
    session.card = None;
    receipt.buyer.lines.clear();
    receipt.buyer.vat_id = None;
    receipt.paid = None;
    receipt.taxes.clear();
    receipt.charges.clear();
    receipt.colour = Colour::WHITE;
    assert_says(&said("little", &receipt), &["R-2025-000123", "NOK 97.20"]);
}
