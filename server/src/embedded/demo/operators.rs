//! Whoever runs the demo's places: invented, with invented numbers.

use crate::embedded::sites::{BookingTerms, Operator};

struct Invented {
    id: &'static str,
    name: &'static str,
    address: &'static str,
    vat_id: &'static str,
    colour: &'static str,
    logo: Option<&'static [u8]>,
    prefix: &'static str,
}

macro_rules! logo {
    ($name:literal) => {
        Some(include_bytes!(concat!("logos/", $name, ".png")) as &[u8])
    };
}

const OPERATORS: &[Invented] = &[
    Invented {
        id: "oper_STADTLI",
        name: "Stadtlicht Laden",
        address: "Lindenhof 4\n50667 Köln\nDeutschland",
        vat_id: "DE 990 100 001",
        colour: "#5b4b00",
        logo: None,
        prefix: "STL",
    },
    Invented {
        id: "oper_ISARLAD",
        name: "Isarladen",
        address: "Floßgasse 12\n80337 München\nDeutschland",
        vat_id: "DE 990 100 002",
        colour: "#1d4ed8",
        logo: None,
        prefix: "ISA",
    },
    Invented {
        id: "oper_ELBLADE",
        name: "Elbladen",
        address: "Kranhöft 7\n20457 Hamburg\nDeutschland",
        vat_id: "DE 990 100 003",
        colour: "#0a5fa8",
        logo: logo!("elbladen"),
        prefix: "ELB",
    },
    Invented {
        id: "oper_NORDHAN",
        name: "Nordhang Energie",
        address: "Am Umschlag 1\n21129 Hamburg\nDeutschland",
        vat_id: "DE 990 100 004",
        colour: "#334155",
        logo: None,
        prefix: "NHE",
    },
    Invented {
        id: "oper_FJORDLA",
        name: "Fjordlade",
        address: "Strandkaien 9\n5013 Bergen\nNorge",
        vat_id: "NO 990 100 005 MVA",
        colour: "#7a1f3d",
        logo: logo!("fjordlade"),
        prefix: "FJL",
    },
    Invented {
        id: "oper_KERBSID",
        name: "Kerbside Power",
        address: "3 Tanner’s Yard\nLondon SE1 3ZZ\nUnited Kingdom",
        vat_id: "GB 990 1000 06",
        colour: "#9a3412",
        logo: None,
        prefix: "KSP",
    },
    Invented {
        id: "oper_VOLTARO",
        name: "Voltaroute",
        address: "18 quai des Chartrons\n33000 Bordeaux\nFrance",
        vat_id: "FR 99 901 000 07",
        colour: "#6d28d9",
        logo: None,
        prefix: "VLR",
    },
    Invented {
        id: "oper_BORNESR",
        name: "Bornes du Rhin",
        address: "2 rue du Bassin\n67000 Strasbourg\nFrance",
        vat_id: "FR 99 901 000 08",
        colour: "#0f766e",
        logo: None,
        prefix: "BDR",
    },
    Invented {
        id: "oper_ALPENST",
        name: "Alpenstrom",
        address: "Innlände 20\n6020 Innsbruck\nÖsterreich",
        vat_id: "AT U 990 100 09",
        colour: "#b91c1c",
        logo: None,
        prefix: "ALP",
    },
    Invented {
        id: "oper_HELVOLT",
        name: "Helvolt",
        address: "Limmatsteg 5\n8001 Zürich\nSchweiz",
        vat_id: "CHE-990.100.010 MWST",
        colour: "#be123c",
        logo: None,
        prefix: "HLV",
    },
    Invented {
        id: "oper_WEITSTR",
        name: "Weitstrom",
        address: "Rastring 100\n34123 Kassel\nDeutschland",
        vat_id: "DE 990 100 011",
        colour: "#0b6e4f",
        logo: logo!("weitstrom"),
        prefix: "WEI",
    },
];

/// All of them.
pub fn operators() -> Vec<Operator> {
    let operator = |one: &Invented| Operator {
        id: one.id.to_owned(),
        name: one.name.to_owned(),
        address: one.address.to_owned(),
        vat_id: one.vat_id.to_owned(),
        colour: one.colour.to_owned(),
        logo: one.logo.map(<[u8]>::to_vec),
        receipt_prefix: one.prefix.to_owned(),
        booking: booking(one.name),
    };
    OPERATORS.iter().map(operator).collect()
}

/// What they say about bookings: fees at the motorway, whole days at the campus.
fn booking(name: &str) -> BookingTerms {
    let usual = BookingTerms::default();
    match name {
        "Weitstrom" => BookingTerms {
            late_cancel_fee: 250,
            no_show_fee: 500,
            ..usual
        },
        "Nordhang Energie" => BookingTerms {
            booking_minutes: 600,
            free_cancel_minutes: 30,
            ..usual
        },
        _ => usual,
    }
}

/// The id of the operator of that name; nothing if there is none.
pub fn id_of(name: &str) -> &'static str {
    let known = OPERATORS.iter().find(|one| one.name == name);
    known.map_or("", |one| one.id)
}
