//! Files that are refused: with the place, the value and what is allowed, and nothing written.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_server::embedded::stock;
use std::path::Path;
use support::{
    both_stores, database,
    stock::{EXAMPLE, example_but, import, refusal, try_import},
};

/// What is changed in the example, and what is said of it.
const WRONG: [(&str, &str, &str); 53] = [
    (
        "[[operators]]",
        "[[owners]]",
        "the file: owners is no table here",
    ),
    (
        "[[people]]",
        "[people",
        "the file: line 110: unclosed table",
    ),
    (
        "vat_id = \"DE 1",
        "vat = \"DE 1",
        "operators, entry 1 (oper_harbour): vat is no field here",
    ),
    (
        "vat_id = \"DE 123 456 789\"",
        "",
        "vat_id is missing; it must be 1 to 30 characters",
    ),
    (
        "\"oper_harbour\"",
        "\"harbour\"",
        "id = \"harbour\" is not allowed; it must be oper_",
    ),
    (
        "name = \"Harbour Charging\"",
        "name = \"\"",
        "name = \"\" is not allowed; it must be 1 to",
    ),
    ("#0a5fa8", "blue", "colour = \"blue\" is not allowed"),
    (
        "# logo = \"logo.png\"",
        "logo = \"Cargo.toml\"",
        "logo = \"Cargo.toml\" is not allowed",
    ),
    (
        "# logo = \"logo.png\"",
        "logo = \"none.png\"",
        "it must be the path of a PNG",
    ),
    (
        "\"HAR\"",
        "\"har\"",
        "receipt_prefix = \"har\" is not allowed",
    ),
    (
        "booking_minutes = 240",
        "booking_minutes = 14",
        "booking_minutes = 14 is not allowed; it must be a whole number of minutes from 15",
    ),
    (
        "booking_minutes = 240",
        "booking_minutes = 10081",
        "booking_minutes = 10081 is not allowed",
    ),
    (
        "booking_days_ahead = 30",
        "booking_days_ahead = 0",
        "booking_days_ahead = 0 is not allowed; it must be a whole number of days from 1",
    ),
    (
        "booking_days_ahead = 30",
        "booking_days_ahead = 366",
        "booking_days_ahead = 366 is not allowed",
    ),
    (
        "free_cancel_minutes = 60",
        "free_cancel_minutes = -1",
        "free_cancel_minutes = -1 is not allowed; it must be a whole number of minutes",
    ),
    (
        "late_cancel_fee = 0",
        "late_cancel_fee = 2.50",
        "late_cancel_fee = 2.5 is not allowed; it must be a whole number of the currency's",
    ),
    (
        "no_show_fee = 0",
        "no_show_fee = \"5 EUR\"",
        "no_show_fee = \"5 EUR\" is not allowed",
    ),
    (
        "\"tariff_quay_2026\"",
        "7",
        "tariffs, entry 1: id = 7 is not allowed",
    ),
    ("\"EUR\"", "\"euro\"", "currency = \"euro\" is not allowed"),
    (
        "per_kwh = 0.49",
        "per_kwh = -0.49",
        "per_kwh = -0.49 is not allowed; it must be a number",
    ),
    (
        "per_kwh = 0.49",
        "per_kwh = 0.12345",
        "per_kwh = 0.12345 is not allowed",
    ),
    (
        "per_kwh = 0.49",
        "per_kwh = \"0.49\"",
        "per_kwh = \"0.49\" is not allowed",
    ),
    (
        "tax_percent = 19",
        "tax_percent = 119",
        "tax_percent = 119 is not allowed",
    ),
    (
        "tax_included = true",
        "tax_included = 1",
        "tax_included = 1 is not allowed",
    ),
    (
        "idle_free_minutes = 15",
        "idle_free_minutes = 0.5",
        "idle_free_minutes = 0.5",
    ),
    (
        "energy_step_wh = 1\n",
        "energy_step_wh = 0\n",
        "energy_step_wh = 0 is not allowed",
    ),
    (
        "time_step_seconds = 60",
        "time_step_seconds = 10",
        "a multiple of 6",
    ),
    (
        "part = \"energy\"",
        "part = \"power\"",
        "rules, entry 1 (Night): part = \"power\"",
    ),
    (
        "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n",
        "days = [\"mo\"]\n",
        "days = [\"mo\"]",
    ),
    (
        "to = \"06:00\"",
        "to = \"22:00\"",
        "to = \"22:00\" is not allowed; it must be another",
    ),
    (
        "to = \"06:00\"",
        "to = \"6:00\"",
        "to = \"6:00\" is not allowed; it must be a time from",
    ),
    (
        "priority = 2",
        "priority = 1",
        "rules, entry 2 (Nights are free to stand): priority = 1",
    ),
    (
        "operator = \"oper_harbour\"",
        "operator = \"oper_x\"",
        "operator = \"oper_x\" is nowhere",
    ),
    (
        "\"DE\"",
        "\"Germany\"",
        "places, entry 1 (site_quay): country = \"Germany\"",
    ),
    (
        "Europe/Berlin",
        "Europe/Hamburg",
        "time_zone = \"Europe/Hamburg\" is not allowed",
    ),
    (
        "latitude = 53.543300",
        "",
        "latitude is missing; it must be a number of degrees",
    ),
    (
        "latitude = 53",
        "latitude = 93",
        "latitude = 93.5433 is not allowed",
    ),
    (
        "to = \"24:00\"",
        "to = \"05:00\"",
        "hours, entry 1: to = \"05:00\" is not allowed",
    ),
    (
        "\"sat\", \"sun\"",
        "\"fri\", \"sun\"",
        "hours, entry 2: days = [\"fri\", \"sun\"]",
    ),
    (
        "\"QUAY-01\"",
        "\"QUAY 01\"",
        "charge_points, entry 1 (QUAY 01): id = \"QUAY 01\"",
    ),
    (
        "place = \"site_quay\"",
        "place = \"site_x\"",
        "place = \"site_x\" is nowhere",
    ),
    (
        "choose-a-key-of-your-own",
        "fifteen-signs-1",
        "key is not allowed; it must be 16 to 64",
    ),
    (
        "number = 2",
        "number = 1",
        "connectors, entry 2: number = 1 is not allowed",
    ),
    (
        "\"type2\"",
        "\"schuko\"",
        "connectors, entry 1: plug = \"schuko\" is not allowed",
    ),
    (
        "power_kw = 22,",
        "power_kw = 0,",
        "power_kw = 0 is not allowed",
    ),
    ("power_kw = 150, ", "", "entry 2: power_kw is missing"),
    (
        "power_kw = 22, tariff = \"tariff_quay_2026\"",
        "power_kw = 22, tariff = \"tariff_x\"",
        "entry 1 (QUAY-01), connectors, entry 1: tariff = \"tariff_x\" is nowhere",
    ),
    (
        "email = \"ada@example.com\"",
        "email = \"ada\"",
        "email = \"ada\" is not allowed",
    ),
    (
        "language = \"de\"",
        "language = \"it\"",
        "language = \"it\" is not allowed",
    ),
    (
        "organisation = \"org_isarhof\"",
        "organisation = \"org_elsewhere\"",
        "entry 1 (ada@example.com): organisation = \"org_elsewhere\" is nowhere",
    ),
    (
        "organisation = \"org_isarhof\"",
        "",
        "organisation_admin = true is not allowed; it must be true or false; a driver's only",
    ),
    (
        "\"04A1B2C3D4E580\", \"ada@",
        "\"eve@",
        "people, entry 1 (ada@example.com): tags = ",
    ),
    (
        "desk = true",
        "desk = true\ntags = [\"CARD-9\"]",
        "entry 2 (desk@example.com): tags = ",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_wrong_is_told_with_its_place_and_nothing_is_written() {
    both_stores(async |server| {
        let empty = database::contents(server.store()).await;
        for (old, new, told) in WRONG {
            let refused = refusal(server, &example_but(&[(old, new)])).await;
            assert!(refused.contains(told), "{new}: {refused}");
            assert!(refused.starts_with("nothing was imported\n"), "{refused}");
        }
        assert_eq!(database::contents(server.store()).await, empty);
    })
    .await;
}

#[test]
fn a_key_is_never_told_and_all_mistakes_are_told_at_once() {
    let text = example_but(&[
        ("choose-a-key-of-your-own", "too short"),
        ("language = \"de\"", "language = \"it\""),
        ("#0a5fa8", "blue"),
    ]);
    let refused = stock::read(&text, Path::new("")).unwrap_err();
    assert_eq!(refused.0.len(), 3, "{refused}");
    assert!(!refused.to_string().contains("too short"), "{refused}");
    let syntax = EXAMPLE.replace("key = \"choose-a-key-of-your-own\"", "key = \"secret");
    let refused = stock::read(&syntax, Path::new("")).unwrap_err().to_string();
    assert!(refused.contains("the file: line"), "{refused}");
    assert!(!refused.contains("secret"), "{refused}");
}

#[test]
fn nothing_stands_in_a_file_twice() {
    let (_, people) = EXAMPLE.split_once("[[people]]").unwrap();
    let twice = [EXAMPLE, "[[people]]", people].concat();
    let refused = stock::read(&twice, Path::new("")).unwrap_err().to_string();
    assert!(
        refused.contains("people, entry 3 (ada@example.com): \"ada@example.com\" stands in"),
        "{refused}"
    );
    assert!(
        refused.contains("\"04A1B2C3D4E580\" stands in the file twice"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_is_not_taken() {
    both_stores(async |server| {
        let first = example_but(&[
            ("# dynamo_user_id", "dynamo_user_id"),
            ("# petit_monde_customer_id", "petit_monde_customer_id"),
        ]);
        import(server, &first).await;
        let before = database::contents(server.store()).await;
        let eve = "[[people]]\nemail = \"eve@example.com\"\nname = \"Eve\"\n";
        for (text, told) in [
            (
                [eve, "tags = [\"04a1b2c3d4e580\"]"].concat(),
                "tags = \"04A1B2C3D4E580\" is not allowed; it is the card of somebody else",
            ),
            (
                [eve, "dynamo_user_id = \"usr_2f9c\""].concat(),
                "dynamo_user_id is not allowed; it is somebody else's",
            ),
            (
                [eve, "petit_monde_customer_id = \"cust_emp042\""].concat(),
                "petit_monde_customer_id is not allowed; it is somebody else's",
            ),
            (
                example_but(&[("\"oper_harbour\"", "\"oper_other\"")]),
                "receipt_prefix = \"HAR\" is not allowed; another operator has it",
            ),
        ] {
            let refused = refusal(server, &text).await;
            assert!(refused.contains(told), "{refused}");
        }
        assert_eq!(database::contents(server.store()).await, before);
        // A card is handed on where the file says so of both.
        let handed =
            example_but(&[("\"04A1B2C3D4E580\", ", "")]) + eve + "tags = [\"04A1B2C3D4E580\"]";
        assert!(try_import(server, &handed, None).await.is_ok());
        let holder: String =
            sqlx::query_scalar("select p.email from id_tags t join people p on p.id = t.person_id")
                .fetch_one(server.store().readers())
                .await
                .unwrap();
        assert_eq!(holder, "eve@example.com");
    })
    .await;
}
