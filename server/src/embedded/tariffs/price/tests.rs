use proptest::prelude::*;

use super::*;
use crate::embedded::tariffs::{Days, Rule};

/// Monday, 3 March 2025, 12:00 in Oslo.
const NOON: Instant = Instant::from_millis(1_740_999_600_000);

fn tariff(currency: &str) -> Tariff {
    Tariff {
        id: "tariff_test".into(),
        name: "Test".into(),
        currency: Currency::new(currency).unwrap(),
        per_kwh: 35_000,
        per_minute: 0,
        per_session: 0,
        idle_per_minute: 10_000,
        idle_grace_seconds: 600,
        energy_step_wh: 1,
        time_step_seconds: 60,
        idle_step_seconds: 60,
        tax_rate: 2_500,
        tax_included: false,
        rules: Vec::new(),
    }
}

fn course(energy_wh: i64, charging: i64, idle: i64) -> Course<'static> {
    let charged_until = NOON.plus_seconds(charging);
    Course {
        started: NOON,
        charged_until,
        until: charged_until.plus_seconds(idle),
        energy_wh,
        readings: &[],
        zone: chrono_tz::Europe::Oslo,
    }
}

fn price(tariff: &Tariff, course: &Course<'_>) -> CostBreakdown {
    let cost = tariff.price("sess_1", course, &Reductions::default());
    let cost = cost.unwrap();
    assert!(cost.adds_up(), "{cost:?}");
    cost
}

fn minor(cost: &CostBreakdown, amount: Option<Decimal>) -> i64 {
    cost.money(amount.unwrap()).unwrap().minor
}

/// The amounts of the lines of a kind.
fn lines(cost: &CostBreakdown, kind: &ComponentKind) -> Vec<i64> {
    let of_kind = cost.components.iter().filter(|line| line.kind == *kind);
    of_kind.map(|line| minor(cost, Some(line.amount))).collect()
}

#[test]
fn a_charge_with_parking_and_tax_is_priced_line_by_line() {
    let cost = price(&tariff("NOK"), &course(21_600, 2_340, 780));
    assert_eq!(lines(&cost, &ComponentKind::Energy), [7_560]);
    assert_eq!(lines(&cost, &ComponentKind::Parking), [300]);
    assert_eq!(minor(&cost, cost.tax_amount), 1_965);
    assert_eq!(minor(&cost, cost.total_cost), 9_825);
}

#[test]
fn blocks_are_said_with_what_was_really_used() {
    let mut blocks = tariff("EUR");
    blocks.idle_step_seconds = 300;
    let cost = price(&blocks, &course(1_000, 600, 600 + 42 * 60));
    let parking = &cost.components[1];
    let number = |tenths| Some(Decimal::new(tenths, 1));
    assert_eq!(parking.quantity, number(450));
    assert_eq!(parking.used, number(420));
    assert_eq!(parking.step, number(50));
    assert_eq!(parking.free, number(100));
}

#[test]
fn the_grace_is_free_and_only_what_comes_after_it_costs() {
    let parking = |idle| {
        lines(
            &price(&tariff("EUR"), &course(1, 60, idle)),
            &ComponentKind::Parking,
        )
    };
    assert_eq!(parking(600), [] as [i64; 0]);
    assert_eq!(parking(601), [100]);
}

#[test]
fn contained_tax_is_taken_out_and_not_put_on() {
    let mut included = tariff("EUR");
    included.tax_included = true;
    let cost = price(&included, &course(10_000, 600, 0));
    assert_eq!(minor(&cost, cost.total_cost), 3_500);
    assert_eq!(minor(&cost, cost.tax_amount), 700);
}

#[test]
fn each_currency_is_rounded_to_its_own_digits() {
    for (currency, energy) in [("JPY", 39), ("EUR", 3_885), ("BHD", 38_850)] {
        let cost = price(&tariff(currency), &course(11_100, 600, 0));
        assert_eq!(lines(&cost, &ComponentKind::Energy), [energy], "{currency}");
    }
}

/// Half price from one o'clock on, a quarter on the whole day if nothing else holds.
fn with_rules() -> Tariff {
    let rule = |priority, name: &str, from_minute, price| Rule {
        priority,
        name: name.into(),
        part: Part::Energy,
        days: Days::ALL,
        from_minute,
        to_minute: 14 * 60,
        price,
    };
    let mut ruled = tariff("EUR");
    ruled.rules = vec![
        rule(2, "All day", 0, 8_750),
        rule(1, "Siesta", 13 * 60, 17_500),
    ];
    ruled
}

#[test]
fn where_several_rules_apply_the_first_in_order_wins() {
    let cost = price(&with_rules(), &course(6_000, 3 * 3_600, 0));
    let rules: Vec<_> = cost
        .components
        .iter()
        .map(|line| line.rule.as_deref())
        .collect();
    assert_eq!(rules, [Some("All day"), Some("Siesta"), None]);
    assert_eq!(lines(&cost, &ComponentKind::Energy), [175, 350, 700]);
}

#[test]
fn a_meter_s_readings_say_how_much_flowed_before_the_price_changed() {
    let mut ruled = with_rules();
    ruled.rules.remove(0);
    let readings = [Reading {
        at: NOON.plus_seconds(3_600),
        energy_wh: 3_000,
        power_w: None,
    }];
    let course = Course {
        readings: &readings,
        ..course(4_000, 7_200, 0)
    };
    let cost = price(&ruled, &course);
    assert_eq!(lines(&cost, &ComponentKind::Energy), [1_050, 175]);
    let even = price(
        &ruled,
        &Course {
            readings: &[],
            ..course
        },
    );
    assert_eq!(lines(&even, &ComponentKind::Energy), [700, 350]);
}

#[test]
fn reductions_come_off_one_after_the_other_before_the_tax() {
    let euro = Currency::new("EUR").unwrap();
    let with = |off| Reductions {
        discount_rate: 1_000,
        promotion: Some(Promotion {
            code: "VINTER10".into(),
            off,
        }),
    };
    let price = |off| {
        let cost = tariff("EUR").price("sess_1", &course(10_000, 600, 0), &with(off));
        let cost = cost.unwrap();
        assert!(cost.adds_up(), "{cost:?}");
        let off = cost
            .adjustments
            .iter()
            .map(|line| minor(&cost, Some(line.amount)));
        (off.collect::<Vec<_>>(), minor(&cost, cost.total_cost))
    };
    assert_eq!(price(Off::Percent(1_000)), (vec![-350, -315], 3_544));
    assert_eq!(
        price(Off::Amount(Money::new(5_000, euro))),
        (vec![-350, -3_150], 0)
    );
    let yen = Money::new(500, Currency::new("JPY").unwrap());
    assert_eq!(price(Off::Amount(yen)), (vec![-350], 3_938));
}

#[test]
fn what_makes_no_sense_has_no_price() {
    let none = |tariff: &Tariff, energy| {
        tariff
            .price("s", &course(energy, 60, 0), &Reductions::default())
            .is_err()
    };
    assert!(none(&tariff("EUR"), -1));
    assert!(none(&tariff("EUR"), i64::MAX));
    let mut broken = tariff("EUR");
    broken.energy_step_wh = 0;
    assert!(none(&broken, 1));
}

prop_compose! {
    fn rules()(windows in prop::collection::vec((0_i64..1_440, 0_i64..=1_440, 0_i64..60_000, 0_usize..3), 0..4)) -> Vec<Rule> {
        let parts = [Part::Energy, Part::Time, Part::Parking];
        (1..).zip(windows).map(|(priority, (from_minute, to_minute, price, part))| Rule {
            priority,
            name: format!("Rule {priority}"),
            part: parts[part],
            days: Days::ALL,
            from_minute,
            to_minute,
            price,
        }).collect()
    }
}

prop_compose! {
    fn tariffs()(
        prices in (0_i64..60_000, 0_i64..5_000, 0_i64..30_000, 0_i64..20_000),
        grace in 0_i64..2_000,
        steps in (1_i64..2_000, 1_i64..200, 1_i64..200),
        tax_rate in 0_i64..3_000,
        tax_included: bool,
        currency in prop::sample::select(vec!["EUR", "JPY", "BHD", "NOK"]),
        rules in rules(),
    ) -> Tariff {
        Tariff {
            per_kwh: prices.0,
            per_minute: prices.1,
            per_session: prices.2,
            idle_per_minute: prices.3,
            idle_grace_seconds: grace,
            energy_step_wh: steps.0,
            time_step_seconds: steps.1 * 6,
            idle_step_seconds: steps.2 * 6,
            tax_rate,
            tax_included,
            rules,
            ..tariff(currency)
        }
    }
}

proptest! {
    #[test]
    fn every_bill_adds_up_and_nothing_is_negative_without_a_discount(
        tariff in tariffs(),
        start in 0_i64..200_000_000,
        energy in 0_i64..200_000,
        charging in 0_i64..100_000,
        idle in 0_i64..50_000,
        discount_rate in 0_i64..=10_000,
    ) {
        let mut course = course(energy, charging, idle);
        let moved = |at: Instant| at.plus_seconds(start);
        course.started = moved(course.started);
        course.charged_until = moved(course.charged_until);
        course.until = moved(course.until);
        let cost = tariff.price("s", &course, &Reductions { discount_rate, promotion: None }).unwrap();
        prop_assert!(cost.adds_up(), "{:?}", cost);
        prop_assert!(cost.components.iter().all(|line| !line.amount.is_negative()));
        let sold: i64 = cost.components.iter()
            .filter(|line| line.kind == ComponentKind::Energy)
            .map(|line| line.quantity.unwrap().units_at(3).unwrap())
            .sum();
        let up = (energy + tariff.energy_step_wh - 1) / tariff.energy_step_wh * tariff.energy_step_wh;
        let flows = charging > 0 || energy == 0;
        prop_assert!(!flows || sold == up, "{} of {}", sold, up);
    }

    /// With steps of one and nothing flat or free, what two halves cost is what
    /// the whole costs, but for one rounding at the cut.
    #[test]
    fn a_session_taken_apart_costs_the_same(
        rules in rules(),
        start in 0_i64..10_000,
        minutes in 2_i64..3_000,
        at in 1_i64..2_999,
        energy in 0_i64..200_000,
    ) {
        prop_assume!(at < minutes);
        let mut plain = tariff("EUR");
        plain.per_minute = 700;
        plain.rules = rules;
        plain.idle_grace_seconds = 0;
        // On whole minutes, where every price changes.
        let began = Instant::from_millis(NOON.millis().div_euclid(60_000) * 60_000).plus_seconds(start * 60);
        let cut = began.plus_seconds(at * 60);
        let end = began.plus_seconds(minutes * 60);
        let before = i64::try_from(i128::from(energy) * i128::from(at) / i128::from(minutes)).unwrap();
        let part = |from, to, energy_wh| {
            let whole = Course { started: from, charged_until: to, until: to, energy_wh, readings: &[], zone: chrono_tz::Europe::Oslo };
            price(&plain, &whole)
        };
        let whole = part(began, end, energy);
        let (left, right) = (part(began, cut, before), part(cut, end, energy - before));
        let apart = left.components.len() + right.components.len();
        let subtotal = |cost: &CostBreakdown| minor(cost, cost.subtotal);
        let difference = (subtotal(&whole) - subtotal(&left) - subtotal(&right)).abs();
        // A watt-hour at each price change may fall on either side, and each line rounds once.
        prop_assert!(difference <= i64::try_from(apart).unwrap() * 2, "{} in {} lines", difference, apart);
    }
}
