//! The demo's tariffs: what charging costs in six countries, roughly.

use chrono::NaiveDate;
use portal_api::money::Currency;

use super::{calendar::instant, places::Place};
use crate::embedded::{
    promotions::NewPromotion,
    tariffs::{Days, Part, Rule, Tariff, price::Off},
};

/// One of the demo's tariffs, before its currency is known to be one.
struct Price {
    id: &'static str,
    name: &'static str,
    currency: &'static str,
    per_kwh: i64,
    per_minute: i64,
    per_session: i64,
    idle: (i64, i64),
    /// Watt-hours, seconds of charging, seconds of standing.
    steps: (i64, i64, i64),
    tax_rate: i64,
    tax_included: bool,
    rules: &'static [At],
}

/// Another price at certain times: what for, its name, days, minutes of the day.
type At = (Part, &'static str, Days, (i64, i64), i64);

const NIGHT: (i64, i64) = (22 * 60, 6 * 60);

/// By the kilowatt-hour and nothing else.
const BY_ENERGY: Price = Price {
    id: "",
    name: "",
    currency: "EUR",
    per_kwh: 0,
    per_minute: 0,
    per_session: 0,
    idle: (0, 0),
    steps: (1, 60, 60),
    tax_rate: 1_900,
    tax_included: false,
    rules: &[],
};

const PRICES: &[Price] = &[
    Price {
        id: "tariff_LAT11",
        name: "Laterne",
        per_kwh: 4_118,
        rules: &[(Part::Energy, "Nachtstrom", Days::ALL, NIGHT, 3_529)],
        ..BY_ENERGY
    },
    Price {
        id: "tariff_CAMP22",
        name: "Campus",
        per_kwh: 2_941,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_MARKT",
        name: "Einkauf",
        per_kwh: 4_622,
        idle: (840, 15 * 60),
        tax_included: true,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_WEIT150",
        name: "Weitstrom 150",
        per_kwh: 5_798,
        idle: (1_681, 10 * 60),
        rules: &[
            (Part::Parking, "Nachts frei stehen", Days::ALL, NIGHT, 0),
            (Part::Energy, "Wochenende", Days::WEEKEND, (0, 1_440), 5_210),
        ],
        ..BY_ENERGY
    },
    Price {
        id: "tariff_WEIT300",
        name: "Weitstrom 300",
        per_kwh: 6_639,
        per_session: 2_941,
        idle: (1_681, 5 * 60),
        ..BY_ENERGY
    },
    Price {
        id: "tariff_ELB22",
        name: "Elbladen AC",
        per_kwh: 4_370,
        per_session: 4_202,
        idle: (420, 120 * 60),
        ..BY_ENERGY
    },
    Price {
        id: "tariff_DEPOT",
        name: "Depot",
        per_kwh: 2_605,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_DEPOTDC",
        name: "Depot schnell",
        per_kwh: 3_782,
        idle: (840, 20 * 60),
        ..BY_ENERGY
    },
    Price {
        id: "tariff_ISARDC",
        name: "Isarladen schnell",
        per_kwh: 4_958,
        idle: (1_261, 10 * 60),
        ..BY_ENERGY
    },
    Price {
        id: "tariff_WERK11",
        name: "Werk",
        per_kwh: 2_353,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_HELV22",
        name: "Helvolt AC",
        currency: "CHF",
        per_kwh: 4_163,
        per_minute: 93,
        idle: (463, 30 * 60),
        tax_rate: 810,
        rules: &[(Part::Time, "Nachts ohne Zeittarif", Days::ALL, NIGHT, 0)],
        ..BY_ENERGY
    },
    Price {
        id: "tariff_HELVDC",
        name: "Helvolt DC",
        currency: "CHF",
        per_kwh: 6_013,
        per_session: 13_876,
        idle: (1_850, 10 * 60),
        tax_rate: 810,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_ALP11",
        name: "Alpenstrom AC",
        per_kwh: 3_917,
        per_minute: 83,
        tax_rate: 2_000,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_ALPDC",
        name: "Alpenstrom DC",
        per_kwh: 5_417,
        per_session: 4_167,
        idle: (1_667, 10 * 60),
        tax_rate: 2_000,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_RHIN22",
        name: "Bornes du Rhin",
        per_kwh: 2_083,
        per_minute: 208,
        steps: (1, 15 * 60, 60),
        tax_rate: 2_000,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_VOLTA",
        name: "Voltaroute",
        per_kwh: 4_917,
        idle: (3_333, 5 * 60),
        steps: (100, 60, 5 * 60),
        tax_rate: 2_000,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_KERB",
        name: "Kerbside",
        currency: "GBP",
        per_kwh: 4_917,
        per_session: 2_917,
        idle: (833, 20 * 60),
        tax_rate: 2_000,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_FJORD22",
        name: "Fjordlade AC",
        currency: "NOK",
        per_kwh: 28_000,
        per_minute: 1_600,
        idle: (4_000, 15 * 60),
        tax_rate: 2_500,
        ..BY_ENERGY
    },
    Price {
        id: "tariff_FJORDDC",
        name: "Fjordlade hurtig",
        currency: "NOK",
        per_kwh: 45_520,
        idle: (10_000, 10 * 60),
        tax_rate: 2_500,
        ..BY_ENERGY
    },
];

/// All of them.
pub fn tariffs() -> Vec<Tariff> {
    PRICES.iter().filter_map(tariff).collect()
}

fn tariff(price: &Price) -> Option<Tariff> {
    Some(Tariff {
        id: price.id.to_owned(),
        name: price.name.to_owned(),
        currency: Currency::new(price.currency)?,
        per_kwh: price.per_kwh,
        per_minute: price.per_minute,
        per_session: price.per_session,
        idle_per_minute: price.idle.0,
        idle_grace_seconds: price.idle.1,
        energy_step_wh: price.steps.0,
        time_step_seconds: price.steps.1,
        idle_step_seconds: price.steps.2,
        tax_rate: price.tax_rate,
        tax_included: price.tax_included,
        rules: (1..).zip(price.rules).map(rule).collect(),
    })
}

fn rule((priority, &(part, name, days, (from_minute, to_minute), price)): (i64, &At)) -> Rule {
    Rule {
        priority,
        name: name.to_owned(),
        part,
        days,
        from_minute,
        to_minute,
        price,
    }
}

/// A tenth off at Fjordlade, four times a person and until a while ago.
const WINTER: &str = "VINTER10";

/// All promotional codes.
pub fn promotions(today: NaiveDate) -> Vec<NewPromotion> {
    vec![NewPromotion {
        code: WINTER.to_owned(),
        off: Off::Percent(1_000),
        max_uses: Some(10_000),
        max_uses_per_person: Some(4),
        expires: instant(chrono_tz::UTC, today, 0).map(|at| at.plus_seconds(-30 * 86_400)),
    }]
}

/// The code that everybody gives who charges at a place.
pub fn promotion_at(place: &Place) -> Option<String> {
    (place.operator == "Fjordlade").then(|| WINTER.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::demo::places::PLACES;

    #[test]
    fn every_row_of_charge_points_has_a_tariff() {
        let known: Vec<_> = tariffs().into_iter().map(|tariff| tariff.id).collect();
        assert_eq!(known.len(), PRICES.len());
        for row in PLACES.iter().flat_map(|place| place.rows) {
            assert!(known.iter().any(|id| id == row.tariff), "{}", row.tariff);
        }
    }
}
