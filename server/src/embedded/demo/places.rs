//! Where the demo's people charge: invented places in real towns.

use chrono_tz::{Europe, Tz};

pub use super::rows::{Plugs, Row};
use super::{
    calendar::{ALWAYS, Hours, daily, shop, workdays},
    rows::{AC11, AC22, DC50, DC150, DC300, row},
};

/// A place with its charge points.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// What the demo's habits call it.
    pub key: &'static str,
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Street and number.
    pub address: &'static str,
    /// The town.
    pub city: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// What its clocks show.
    pub zone: Tz,
    /// Who runs it.
    pub operator: &'static str,
    /// Where it is, in millionths of a degree: north, then east.
    pub position: (i64, i64),
    /// When one can charge there.
    pub hours: Hours,
    /// Its charge points.
    pub rows: &'static [Row],
}

/// All of them.
pub const PLACES: &[Place] = &[
    Place {
        key: "home",
        id: "site_4WZ8QK",
        name: "Laternen Goethestraße",
        address: "Goethestraße 31",
        city: "Freiburg im Breisgau",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Stadtlicht Laden",
        position: (47_987_200, 7_846_100),
        hours: ALWAYS,
        rows: &[row("CP-GOE", 4, &[AC11], "tariff_LAT11")],
    },
    Place {
        key: "work",
        id: "site_7NB2MD",
        name: "Campus Rieselwerk",
        address: "Am Rieselgut 8",
        city: "Freiburg im Breisgau",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Nordhang Energie",
        position: (48_004_600, 7_794_200),
        hours: workdays(6, 20),
        rows: &[row("CP-RIES", 6, &[AC22, AC22], "tariff_CAMP22")],
    },
    Place {
        key: "market",
        id: "site_1YH5RC",
        name: "Markthalle am Bogen",
        address: "Bogenweg 2",
        city: "Freiburg im Breisgau",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Stadtlicht Laden",
        position: (47_995_100, 7_849_700),
        hours: shop(8, 21),
        rows: &[row("CP-BOGEN", 3, &[DC50, AC22], "tariff_MARKT")],
    },
    Place {
        key: "motorway",
        id: "site_9TF3XJ",
        name: "Autohof Ortenau Nord",
        address: "Carl-Benz-Ring 14",
        city: "Offenburg",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Weitstrom",
        position: (48_493_600, 7_922_700),
        hours: ALWAYS,
        rows: &[row("CP-ORTN", 4, &[DC150, DC150], "tariff_WEIT150")],
    },
    Place {
        key: "kassel",
        id: "site_2CD6VP",
        name: "Rasthof Habichtsring",
        address: "Am Habichtsring 1",
        city: "Kassel",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Weitstrom",
        position: (51_312_000, 9_488_100),
        hours: ALWAYS,
        rows: &[row("CP-HABI", 6, &[DC300], "tariff_WEIT300")],
    },
    Place {
        key: "hamburg",
        id: "site_6GE1SA",
        name: "Parkhaus Kaiufer",
        address: "Kaiufer 40",
        city: "Hamburg",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Elbladen",
        position: (53_558_600, 9_986_700),
        hours: daily(6, 23),
        rows: &[row("CP-KAIU", 8, &[AC22], "tariff_ELB22")],
    },
    Place {
        key: "basel",
        id: "site_5PM9KT",
        name: "Parking Rheinhafen",
        address: "Hafenstrasse 17",
        city: "Basel",
        country: "CH",
        zone: Europe::Zurich,
        operator: "Helvolt",
        position: (47_554_500, 7_589_900),
        hours: ALWAYS,
        rows: &[
            row("CP-RHH", 6, &[AC22], "tariff_HELV22"),
            row("CP-RHF", 2, &[DC150], "tariff_HELVDC"),
        ],
    },
    Place {
        key: "luzern",
        id: "site_8QA4NZ",
        name: "Garage Seeblick",
        address: "Seeburgstrasse 5",
        city: "Luzern",
        country: "CH",
        zone: Europe::Zurich,
        operator: "Helvolt",
        position: (47_050_200, 8_309_300),
        hours: daily(6, 24),
        rows: &[row("CP-SEEB", 4, &[AC22], "tariff_HELV22")],
    },
    Place {
        key: "bregenz",
        id: "site_3JK7WE",
        name: "Pfänderblick",
        address: "Seestraße 22",
        city: "Bregenz",
        country: "AT",
        zone: Europe::Vienna,
        operator: "Alpenstrom",
        position: (47_503_100, 9_747_100),
        hours: ALWAYS,
        rows: &[
            row("CP-PFAE", 3, &[DC150], "tariff_ALPDC"),
            row("CP-PFAA", 4, &[AC11], "tariff_ALP11"),
        ],
    },
    Place {
        key: "tyrol",
        id: "site_0RV8HB",
        name: "Rasthof Inntalblick",
        address: "Autobahnweg 3",
        city: "Innsbruck",
        country: "AT",
        zone: Europe::Vienna,
        operator: "Alpenstrom",
        position: (47_264_000, 11_394_400),
        hours: ALWAYS,
        rows: &[row("CP-INN", 6, &[DC300], "tariff_ALPDC")],
    },
    Place {
        key: "colmar",
        id: "site_4XS2GF",
        name: "Place des Tilleuls",
        address: "12 place des Tilleuls",
        city: "Colmar",
        country: "FR",
        zone: Europe::Paris,
        operator: "Bornes du Rhin",
        position: (48_079_400, 7_358_500),
        hours: ALWAYS,
        rows: &[row("CP-TILL", 4, &[AC22], "tariff_RHIN22")],
    },
    Place {
        key: "reims",
        id: "site_7DC0YM",
        name: "Aire des Hautes Vignes",
        address: "Aire des Hautes Vignes",
        city: "Reims",
        country: "FR",
        zone: Europe::Paris,
        operator: "Voltaroute",
        position: (49_253_500, 4_029_000),
        hours: ALWAYS,
        rows: &[row("CP-HVIG", 6, &[DC150], "tariff_VOLTA")],
    },
    Place {
        key: "london",
        id: "site_1LN6BQ",
        name: "Lambwater Yard",
        address: "4 Lambwater Yard",
        city: "London",
        country: "GB",
        zone: Europe::London,
        operator: "Kerbside Power",
        position: (51_513_600, -98_400),
        hours: daily(5, 24),
        rows: &[row("CP-LAMB", 4, &[DC50, AC22], "tariff_KERB")],
    },
    Place {
        key: "edinburgh",
        id: "site_9HW5ET",
        name: "Old Tannery Car Park",
        address: "Tannery Lane",
        city: "Edinburgh",
        country: "GB",
        zone: Europe::London,
        operator: "Kerbside Power",
        position: (55_948_400, -3_201_000),
        hours: ALWAYS,
        rows: &[row("CP-TANN", 6, &[AC22], "tariff_KERB")],
    },
    Place {
        key: "oslo",
        id: "site_6ZP3JX",
        name: "Fjordkanten P-hus",
        address: "Fjordkanten 11",
        city: "Oslo",
        country: "NO",
        zone: Europe::Oslo,
        operator: "Fjordlade",
        position: (59_910_900, 10_750_200),
        hours: ALWAYS,
        rows: &[row("CP-FJK", 8, &[AC22], "tariff_FJORD22")],
    },
    Place {
        key: "mjosa",
        id: "site_2KU8DV",
        name: "Mjøstunet",
        address: "Strandvegen 90",
        city: "Lillehammer",
        country: "NO",
        zone: Europe::Oslo,
        operator: "Fjordlade",
        position: (61_112_200, 10_470_700),
        hours: ALWAYS,
        rows: &[row("CP-MJO", 4, &[DC150], "tariff_FJORDDC")],
    },
    Place {
        key: "bergen",
        id: "site_01JQ8B",
        name: "Kai 7",
        address: "Skurekaien 7",
        city: "Bergen",
        country: "NO",
        zone: Europe::Oslo,
        operator: "Fjordlade",
        position: (60_392_100, 5_323_600),
        hours: ALWAYS,
        rows: &[row("CP-KAI7", 4, &[DC50, AC22], "tariff_FJORDDC")],
    },
    Place {
        key: "depot",
        id: "site_5BT1QR",
        name: "Depot Rheinwerft",
        address: "Agrippinaufer 60",
        city: "Köln",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Nordhang Energie",
        position: (50_963_900, 6_978_400),
        hours: daily(5, 23),
        rows: &[
            row("CP-RWA", 10, &[AC22, AC22], "tariff_DEPOT"),
            row("CP-RWD", 3, &[DC150], "tariff_DEPOTDC"),
        ],
    },
    Place {
        key: "cologne",
        id: "site_8MF6CL",
        name: "Parkhaus Severinsbogen",
        address: "Severinsbogen 3",
        city: "Köln",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Elbladen",
        position: (50_940_200, 6_959_900),
        hours: daily(6, 24),
        rows: &[row("CP-SEV", 8, &[AC22], "tariff_ELB22")],
    },
    Place {
        key: "taxi",
        id: "site_3VX9PS",
        name: "Taxihof Nordbahnhof",
        address: "Nordbahnstraße 28",
        city: "München",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Isarladen",
        position: (48_140_300, 11_558_300),
        hours: ALWAYS,
        rows: &[row("CP-TAXI", 6, &[DC150], "tariff_ISARDC")],
    },
    Place {
        key: "airport",
        id: "site_0AE4UW",
        name: "Ladepark Moosfeld",
        address: "Flughafenallee 2",
        city: "Freising",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Isarladen",
        position: (48_354_100, 11_785_000),
        hours: ALWAYS,
        rows: &[row("CP-MOOS", 8, &[DC300], "tariff_ISARDC")],
    },
    Place {
        key: "plant",
        id: "site_7SG2NH",
        name: "Werk Isarhof",
        address: "Isarhofstraße 1",
        city: "München",
        country: "DE",
        zone: Europe::Berlin,
        operator: "Isarladen",
        position: (48_189_300, 11_570_200),
        hours: workdays(5, 22),
        rows: &[row("CP-ISAR", 40, &[AC11, AC11], "tariff_WERK11")],
    },
];

/// Where the large demo's charge points stand by the thousand: nobody's car is there.
pub const PROVING_GROUND: Place = Place {
    key: "proving",
    id: "site_8PG4SV",
    name: "Prüffeld Isarhof",
    address: "Teststraße 1",
    city: "Garching bei München",
    country: "DE",
    zone: Europe::Berlin,
    operator: "Nordhang Energie",
    position: (48_262_400, 11_668_100),
    hours: ALWAYS,
    rows: &[row("CP-FELD", 1_000, &[AC11], "tariff_CAMP22")],
};

/// The place of a key.
pub fn place(key: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.key == key)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_place_and_charge_point_has_a_name_of_its_own() {
        let mut seen = HashSet::new();
        for place in PLACES {
            assert!(
                seen.insert(place.key) && seen.insert(place.id),
                "{}",
                place.key
            );
            assert!(place.rows.iter().all(|row| seen.insert(row.prefix)));
        }
    }
}
