//! A receipt to look at, and texts that are not easy to show.

use chrono::NaiveDate;
use portal_api::{
    decimal::Decimal,
    language::Language,
    money::{Currency, Money},
};
use portal_server::documents::{
    colour::Colour,
    receipt::{Charge, Moment, Party, Receipt, Session, Tax},
};

/// A small picture, half of it see-through.
pub const LOGO: &[u8] = include_bytes!("logo.png");

/// Texts that could be markup or run the other way; every font we have can show them.
pub const HOSTILE: &[&str] = &[
    "<script>alert('x')</script> & <b>bold</b>",
    ") Tj ET /OpenAction << /S /URI >> endstream endobj",
    "\\) \\( \\n %% {{name}} ${name} #{name} %s",
    "Ωμέγα Жуков Ţepeş Łódź Đặng Œuvre ß",
    "smile 😀 and arrow → here",
    "=1+1 @SUM(A1) -2+3",
];

/// Texts with characters that no font has, or that cannot be seen.
pub const UNSEEN: &[&str] = &[
    "",
    " ",
    "\0\u{1}\u{1b}[31m\u{7f}\u{85}",
    "\u{202e}gnp.exe\u{202c} \u{2066}x\u{2069}",
    "👨‍👩‍👧 🦩 漢字 ไทย हिन्दी",
    "\u{feff}\u{fffe}\u{ffff}\u{e000}\u{10ffff}\u{f0000}",
    "a\u{301}\u{302}\u{303}\u{304}\u{305} \u{301}",
    "שלום 12 עולם (abc) مرحبا بالعالم ١٢٣",
    "line\nbreak\r\n\ttab\u{2028}separator\u{2029}",
    "\u{200d}\u{200b}\u{ad}\u{fe0f}",
];

/// Norwegian øre.
pub fn nok(minor: i64) -> Money {
    Money::new(minor, Currency::new("NOK").unwrap())
}

/// Something that is paid for.
pub fn charge(text: &str, detail: Option<&str>, minor: i64) -> Charge {
    Charge {
        text: text.to_owned(),
        detail: detail.map(str::to_owned),
        quantity: "21.6 kWh".to_owned(),
        unit_price: "NOK 3.50".to_owned(),
        amount: nok(minor),
    }
}

/// A receipt as most are.
pub fn receipt(language: Language) -> Receipt {
    Receipt {
        number: "R-2025-000123".to_owned(),
        corrects: None,
        issued: NaiveDate::from_ymd_opt(2025, 3, 2).unwrap(),
        language,
        seller: party(
            "Fjordlading AS",
            &["Havnegata 12", "5003 Bergen", "Norway"],
            Some("NO 987 654 321 MVA"),
        ),
        colour: Colour(0x0b, 0x6e, 0x4f),
        logo: None,
        buyer: party(
            "Mara Lindqvist",
            &["Nordwind Flotte GmbH", "Speicherstraße 9", "20457 Hamburg"],
            Some("DE 123456789"),
        ),
        session: session(),
        charges: vec![
            charge("Energy", None, 7560),
            Charge {
                quantity: "45 min".to_owned(),
                unit_price: "NOK 0.10".to_owned(),
                ..charge(
                    "Parking after charging",
                    Some("45 min sold for 42: in blocks of 5 min"),
                    300,
                )
            },
            Charge {
                quantity: String::new(),
                unit_price: String::new(),
                ..charge("Discount VINTER10", None, -84)
            },
        ],
        subtotal: nok(7776),
        taxes: vec![Tax {
            rate: Decimal::new(25, 0),
            net: nok(7776),
            tax: nok(1944),
        }],
        taxes_included: false,
        total: nok(9720),
        paid: Some("Visa •••• 4242".to_owned()),
        link: "https://portal.example.com/sessions/sess_4QT9ZK".to_owned(),
    }
}

fn party(name: &str, lines: &[&str], vat_id: Option<&str>) -> Party {
    Party {
        name: name.to_owned(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        vat_id: vat_id.map(str::to_owned),
    }
}

fn session() -> Session {
    let day = NaiveDate::from_ymd_opt(2025, 3, 2).unwrap();
    let moment = |hour, minute| Moment {
        local: day.and_hms_opt(hour, minute, 0).unwrap(),
        zone: "CET".to_owned(),
    };
    Session {
        place: Some("Kaivopuisto, upper deck".to_owned()),
        address: Some("Strandkaien 4, 5013 Bergen".to_owned()),
        evse_id: Some("NO*FJL*E0042*2".to_owned()),
        charge_point: Some("CP-KAI7-02".to_owned()),
        connector: Some("2 · CCS".to_owned()),
        card: Some("•••• 4711".to_owned()),
        started: moment(16, 5),
        ended: moment(16, 47),
        energy: Decimal::new(216, 1),
    }
}
