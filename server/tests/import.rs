//! What an operator has, brought in from a file while the server runs.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "import/groups.rs"]
mod of_groups;
#[path = "import/people.rs"]
mod of_people;
mod support;

use portal_api::{
    decimal::Decimal,
    path,
    portal::{
        Me, ResetConfirm, Tab,
        charge_points::{ChargePoint as Shown, ChargePointPage, ConnectorState, Plug},
    },
};
use portal_server::embedded::{
    sites::{self, BookingTerms},
    stock::Tally,
};
use serde_json::json;
use support::{
    Browser, Server, both_stores,
    charge_point::ChargePoint,
    database, disputes,
    program::{self, Program},
    stock::{EXAMPLE, KEY, example_but, import, refusal, sums, try_import},
};

const NOW: &str = "2025-06-14T15:00:00Z";

const PASSWORD: &str = "a kettle full of watts";

const PRICE: &str = "per_kwh = 0.49";

/// Chooses a password by the letter that somebody was sent, and signs in.
async fn by_letter(server: &Server, email: &str) -> Browser {
    let letters = disputes::letters(server).await;
    let (_, _, body) = letters.iter().find(|(_, to, _)| to == email).unwrap();
    let (_, token) = body
        .split_once("https://p.example/reset-password#")
        .unwrap();
    let confirm = ResetConfirm {
        token: token.split_whitespace().next().unwrap().to_owned(),
        password: PASSWORD.to_owned(),
    };
    let mut browser = server.browser();
    let confirmed = browser.post(path::PASSWORD_RESET_CONFIRM, &confirm).await;
    assert_eq!(confirmed.status, 204, "{}", confirmed.text);
    assert_eq!(browser.sign_in(email, PASSWORD).await.status, 200);
    browser
}

/// Imports the example with letters; gives its driver, signed in.
async fn driver(server: &Server) -> Browser {
    let done = try_import(server, EXAMPLE, Some("https://p.example")).await;
    assert_eq!(sums(&done.unwrap()), [8, 0, 0]);
    by_letter(server, "ada@example.com").await
}

async fn connect(server: &Server, key: &str) -> Result<ChargePoint, u16> {
    ChargePoint::try_connect(server, "QUAY-01", "QUAY-01", key, "ocpp1.6").await
}

/// Begins a charge with the driver's card.
async fn charge(server: &Server) -> ChargePoint {
    let mut point = connect(server, KEY).await.unwrap();
    let payload = json!({ "connectorId": 1, "idTag": "04A1B2C3D4E580", "meterStart": 1_000,
        "timestamp": NOW });
    let begun = point.call("StartTransaction", payload).await;
    assert_eq!(begun["idTagInfo"]["status"], "Accepted", "{begun}");
    point
}

async fn shown(browser: &Browser) -> Shown {
    let page: ChargePointPage = browser.get(path::CHARGE_POINTS).await.json();
    assert_eq!(page.total, 1);
    page.charge_points.into_iter().next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_imported_signs_in_by_letter_and_finds_the_charge_points() {
    both_stores(async |server| {
        let browser = driver(server).await;
        let point = shown(&browser).await;
        assert_eq!(point.charge_point_id, "QUAY-01");
        assert_eq!(point.place.name, "Quay 7");
        assert_eq!(point.place.operator.as_deref(), Some("Harbour Charging"));
        assert_eq!(point.place.hours.len(), 7);
        assert!(point.place.position.is_some());
        let [first, second] = &point.connectors[..] else {
            panic!("two connectors");
        };
        assert_eq!(first.plug, Some(Plug::Type2));
        assert_eq!(first.evse_id.as_deref(), Some("DE*HAR*EQUAY-01*1"));
        assert_eq!(second.evse_id.as_deref(), Some("DE*HAR*EQUAY-01*2"));
        assert_eq!(second.power_kw, Some(Decimal::new(150, 0)));
        let terms = first.terms.as_ref().unwrap();
        assert_eq!(terms.per_kwh, Decimal::new(49, 2));
        assert_eq!(terms.tax_percent, Decimal::new(19, 0));
        assert_eq!(terms.idle_free_minutes, 15);
        assert_eq!(terms.at_times[0].days, [1, 2, 3, 4, 5]);
        assert_eq!(terms.at_times[0].from_minute, 22 * 60);
        let desk = by_letter(server, "desk@example.com").await;
        let me: Me = desk.get(path::ME).await.json();
        assert_eq!(me.tabs, [Tab::Home, Tab::Charge, Tab::Desk, Tab::Account]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_point_connects_with_its_key_and_charges_for_a_card() {
    both_stores(async |server| {
        let browser = driver(server).await;
        assert_eq!(
            connect(server, "another-key-than-that").await.err(),
            Some(401)
        );
        let mut point = charge(server).await;
        point.status(1, "Charging", NOW).await;
        assert_eq!(
            shown(&browser).await.connectors[0].state,
            ConnectorState::Occupied
        );
        let sessions = browser.get(path::SESSIONS).await;
        assert!(sessions.text.contains("QUAY-01"), "{}", sessions.text);
        // A new key counts from the next connection on, and brings nothing else to an end.
        let another = example_but(&[(KEY, "another-key-than-that")]);
        assert_eq!(import(server, &another).await, [0, 1, 7]);
        point.status(1, "Charging", NOW).await;
        assert_eq!(connect(server, KEY).await.err(), Some(401));
        assert!(connect(server, "another-key-than-that").await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_changes_nothing() {
    both_stores(async |server| {
        let done = try_import(server, EXAMPLE, None).await.unwrap();
        assert_eq!(done.0.map(|tally| tally.added), [1, 1, 1, 1, 1, 2, 1]);
        assert_eq!(disputes::letters(server).await, []);
        let before = database::contents(server.store()).await;
        let again = try_import(server, EXAMPLE, Some("https://p.example")).await;
        let again = again.unwrap();
        assert_eq!(sums(&again), [0, 0, 8]);
        assert_eq!(database::contents(server.store()).await, before);
        let people = Tally {
            unchanged: 2,
            ..Tally::default()
        };
        assert_eq!(again.0[5], people);
        assert!(
            again
                .to_string()
                .ends_with("groups: 0 added, 0 changed, 1 unchanged")
        );
        // What the file doesn't speak of stays.
        assert_eq!(import(server, "").await, [0, 0, 0]);
        assert_eq!(database::contents(server.store()).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_brought_up_to_date_and_seen_at_once() {
    both_stores(async |server| {
        let browser = driver(server).await;
        for (old, new) in [
            (PRICE, "per_kwh = 0.55"),
            ("price = 0.39", "price = 0.42"),
            ("vat_id = \"DE 123 456 789\"", "vat_id = \"DE 1\""),
            ("name = \"Quay 7\"", "name = \"Quay 8\""),
            (
                "from = \"08:00\", to = \"22:00\"",
                "from = \"09:00\", to = \"21:00\"",
            ),
            ("53.543300", "53.5433012"),
            ("power_kw = 22,", "power_kw = 11,"),
            ("takes_holds = true", "takes_holds = false"),
            ("Ada Lindqvist", "Ada L."),
            ("language = \"de\"", "language = \"fr\""),
            ("\"04A1B2C3D4E580\", ", "\"04A1B2C3D4E580\", \"CARD-2\", "),
        ] {
            let changed = example_but(&[(old, new)]);
            assert_eq!(import(server, &changed).await, [0, 1, 7], "{new}");
            assert_eq!(import(server, &changed).await, [0, 0, 8], "{new}");
            import(server, EXAMPLE).await;
        }
        let all = [
            (PRICE, "per_kwh = 0.55"),
            ("name = \"Quay 7\"", "name = \"Quay 8\""),
            ("power_kw = 22,", "power_kw = 11,"),
        ];
        import(server, &example_but(&all)).await;
        let point = shown(&browser).await;
        assert_eq!(point.place.name, "Quay 8");
        assert_eq!(point.connectors[0].power_kw, Some(Decimal::new(11, 0)));
        let terms = point.connectors[0].terms.as_ref().unwrap();
        assert_eq!(terms.per_kwh, Decimal::new(55, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tariff_that_priced_a_session_keeps_its_prices() {
    both_stores(async |server| {
        let browser = driver(server).await;
        drop(charge(server).await);
        let before = database::contents(server.store()).await;
        let dearer = [(PRICE, "per_kwh = 0.55"), ("Quay 7", "Quay 8")];
        let refused = refusal(server, &example_but(&dearer)).await;
        assert!(
            refused.contains("tariffs, entry 1 (tariff_quay_2026)") && refused.contains("new"),
            "{refused}"
        );
        let rule = refusal(server, &example_but(&[("price = 0.39", "price = 0.4")])).await;
        assert!(rule.contains("an id of their own"), "{rule}");
        let told = |rows: Vec<String>| -> Vec<String> {
            // Its connection ends meanwhile, which is no doing of the import.
            let own = |row: &String| !row.starts_with("events") && !row.starts_with("counters");
            let still = rows.into_iter().filter(own);
            still
                .filter(|row| !row.starts_with("charge_points: "))
                .collect()
        };
        let after = database::contents(server.store()).await;
        assert_eq!(told(after), told(before));
        // Another name costs nothing; another tariff costs from the next session on.
        let named = example_but(&[("name = \"Quay\"", "name = \"The quay\"")]);
        assert_eq!(import(server, &named).await, [0, 1, 7]);
        let next = example_but(&[
            ("tariff_quay_2026", "tariff_quay_2027"),
            (PRICE, "per_kwh = 0.55"),
        ]);
        assert_eq!(import(server, &next).await, [1, 1, 6]);
        let terms = shown(&browser).await.connectors[0].terms.clone().unwrap();
        assert_eq!(terms.per_kwh, Decimal::new(55, 2));
        let priced: String = sqlx::query_scalar("select tariff_id from sessions")
            .fetch_one(server.store().readers())
            .await
            .unwrap();
        assert_eq!(priced, "tariff_quay_2026");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_past_sessions_and_their_receipts_stand_on_stays() {
    both_stores(async |server| {
        driver(server).await;
        let zone = [("Europe/Berlin", "Europe/London")];
        let prefix = [("\"HAR\"", "\"QUA\"")];
        assert_eq!(import(server, &example_but(&zone)).await, [0, 1, 7]);
        // The connector whose EVSE id follows from the prefix changes with it.
        assert_eq!(import(server, &example_but(&prefix)).await, [0, 3, 5]);
        import(server, EXAMPLE).await;
        let mut point = charge(server).await;
        let stop = json!({ "transactionId": 1, "meterStop": 5_000, "timestamp": NOW });
        point.call("StopTransaction", stop).await;
        let other = "[[operators]]\nid = \"oper_other\"\nname = \"Other\"\naddress = \"Here\"\n\
            vat_id = \"1\"\ncolour = \"#000000\"\nreceipt_prefix = \"OTH\"\n";
        let sold = [("operator = \"oper_harbour\"", "operator = \"oper_other\"")];
        for (text, told) in [
            (example_but(&zone), "(site_quay): time_zone stays as it is"),
            (
                example_but(&sold) + other,
                "(site_quay): operator stays as it is",
            ),
            (
                example_but(&prefix),
                "receipts have numbers that begin otherwise",
            ),
        ] {
            let refused = refusal(server, &text).await;
            assert!(refused.contains(told), "{refused}");
        }
        assert_eq!(import(server, EXAMPLE).await, [0, 0, 8]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_books_on_the_terms_in_the_file_and_on_the_usual_ones_where_it_says_nothing() {
    both_stores(async |server| {
        let terms = async || {
            let mut reader = server.store().readers().acquire().await.unwrap();
            let operator = sites::operator(&mut reader, "oper_harbour").await.unwrap();
            operator.unwrap().booking
        };
        import(server, EXAMPLE).await;
        assert_eq!(terms().await, BookingTerms::default());
        let lines = [
            ("booking_minutes = 240\n", "booking_minutes = 600\n"),
            ("booking_days_ahead = 30\n", "booking_days_ahead = 90\n"),
            ("free_cancel_minutes = 60\n", "free_cancel_minutes = 30\n"),
            ("late_cancel_fee = 0\n", "late_cancel_fee = 250\n"),
            ("no_show_fee = 0\n", "no_show_fee = 500\n"),
        ];
        assert_eq!(import(server, &example_but(&lines)).await, [0, 1, 7]);
        let said = BookingTerms {
            booking_minutes: 600,
            booking_days_ahead: 90,
            free_cancel_minutes: 30,
            late_cancel_fee: 250,
            no_show_fee: 500,
        };
        assert_eq!(terms().await, said);
        assert_eq!(import(server, &example_but(&lines)).await, [0, 0, 8]);
        let silent = lines.map(|(line, _)| (line, ""));
        assert_eq!(import(server, &example_but(&silent)).await, [0, 1, 7]);
        assert_eq!(terms().await, BookingTerms::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_imports_beside_a_running_server_and_names_nobody() {
    let folder = database::folder();
    let running = Program::start(&folder, &[]);
    let file = folder.join("stock.toml");
    std::fs::write(&file, EXAMPLE).unwrap();
    let import = || {
        let mut command = program::command(&folder);
        command
            .args(["import", "stock.toml", "--letters", "--data"])
            .arg(&folder);
        command.output().unwrap()
    };
    let done = import();
    assert!(done.status.success(), "{done:?}");
    let said = String::from_utf8(done.stdout).unwrap();
    assert_eq!(
        said,
        "tariffs: 1 added, 0 changed, 0 unchanged\noperators: 1 added, 0 changed, 0 unchanged\n\
         places: 1 added, 0 changed, 0 unchanged\ncharge_points: 1 added, 0 changed, 0 unchanged\n\
         organisations: 1 added, 0 changed, 0 unchanged\npeople: 2 added, 0 changed, 0 unchanged\n\
         groups: 1 added, 0 changed, 0 unchanged\n"
    );
    assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
    let as_point = ("QUAY-01", "QUAY-01", KEY);
    let connected = ChargePoint::connect_to(running.address, as_point, "ocpp2.0.1").await;
    assert!(connected.is_ok());
    std::fs::write(&file, "people = 3").unwrap();
    let refused = import();
    assert_eq!(refused.status.code(), Some(1));
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(
        why.contains("stock.toml") && why.contains("people: this must be"),
        "{why}"
    );
    std::fs::write(&file, vec![b'#'; 10_000_001]).unwrap();
    let why = String::from_utf8(import().stderr).unwrap();
    assert!(why.contains("larger than 10 MB"), "{why}");
    running.kill();
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn its_help_is_found() {
    let folder = database::folder();
    let said = |arguments: &[&str]| {
        let output = program::command(&folder).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&["--help"]).contains("portal-server import"));
    assert!(said(&["import", "--help"]).contains("--letters"));
    assert!(said(&["import"]).contains("needs one FILE"));
    assert!(said(&["import", "a", "b"]).contains("needs one FILE"));
    assert!(said(&["import", "a", "--letter"]).contains("--letter"));
    assert!(said(&["a"]).contains("is no setting"));
    assert!(said(&["import", "nowhere.toml"]).contains("nowhere.toml"));
    std::fs::remove_dir_all(folder).unwrap();
}
