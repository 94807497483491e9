//! Whatever is asked for: nobody's list ever holds somebody else's session, and
//! what is added up is what is listed.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::collections::BTreeMap;

use portal_api::{
    dynamo::{SessionPage, SessionStatus},
    path,
    portal::{Payment, SessionSummary},
    time::{Day, Instant},
};
use portal_server::embedded::{
    demo::dice::Dice,
    people::Role,
    sessions::{self, End, Record},
    sites::{self, ChargePoint, Connector, Current, Site},
    tariffs::{self, Tariff},
};
use sqlx::Row;
use support::{Browser, Server, both_stores, ground, people};

/// Two on either side of the date line, and one in between.
const ZONES: [chrono_tz::Tz; 3] = [
    chrono_tz::Pacific::Kiritimati,
    chrono_tz::Europe::Berlin,
    chrono_tz::Pacific::Honolulu,
];

const DRIVERS: [&str; 3] = ["ann@example.com", "ben@example.com", "cem@example.com"];

fn sites() -> Vec<Site> {
    let site = |(number, zone): (usize, &chrono_tz::Tz)| Site {
        id: format!("site_{number}"),
        name: format!("Place {number}"),
        address: "1 Quay Street".into(),
        city: "Somewhere".into(),
        country: "DE".into(),
        time_zone: *zone,
        operator_id: ground::OPERATOR.into(),
    };
    ZONES.iter().enumerate().map(site).collect()
}

fn prices() -> Vec<Tariff> {
    let tariff = |currency: &str| Tariff {
        per_kwh: 4_999,
        per_minute: 333,
        per_session: 2_500,
        idle_per_minute: 777,
        tax_rate: 1_900,
        ..ground::tariff(&format!("tariff_{currency}"), currency)
    };
    ["EUR", "JPY", "KWD"].map(tariff).into()
}

/// What a test knows about a session without asking.
#[derive(Clone, Debug)]
struct Known {
    id: String,
    driver: usize,
    site: usize,
    started: Instant,
    local_day: Day,
    status: SessionStatus,
}

fn roll(dice: &mut Dice, number: usize) -> (Known, Record, usize) {
    let pick = |dice: &mut Dice| usize::try_from(dice.within(0, 2)).unwrap();
    let (driver, site, tariff) = (pick(dice), pick(dice), pick(dice));
    // Near the turn of days, months and the year.
    let turn: Instant = "2024-12-31T12:00:00Z".parse().unwrap();
    let started = turn.plus_seconds(dice.within(-40 * 24, 40 * 24) * 3_600);
    let local = started.utc().unwrap().with_timezone(&ZONES[site]);
    let end = dice.chance(95).then(|| End {
        at: started.plus_seconds(dice.within(60, 30_000)),
        early: dice.chance(30),
    });
    let status = match end {
        None => SessionStatus::Active,
        Some(End { early: true, .. }) => SessionStatus::Stopped,
        Some(_) => SessionStatus::Completed,
    };
    let id = dice.id("sess_", 8);
    let record = Record {
        id: id.clone(),
        driver_id: format!("usr_{}", &DRIVERS[driver][..3]),
        charge_point_id: format!("CP-{site}"),
        connector: u32::try_from(number).unwrap() + 1,
        id_tag: None,
        payment: Payment::Invoice,
        discount_rate: dice.within(0, 2) * 500,
        promotional_code: None,
        started,
        energy_wh: dice.within(0, 60_000),
        readings: Vec::new(),
        charged_until: end.map(|_| started.plus_seconds(30)),
        end,
    };
    let known = Known {
        id,
        driver,
        site,
        started,
        local_day: Day(local.date_naive()),
        status,
    };
    (known, record, tariff)
}

async fn lay(server: &Server, dice: &mut Dice) -> Vec<Known> {
    const SESSIONS: usize = 240;
    let (sites, prices) = (sites(), prices());
    for email in DRIVERS {
        people::add(server, email, &[Role::Driver]).await;
    }
    let mut write = server.store().write().await.unwrap();
    ground::add_operator(&mut write).await;
    let connector = Connector {
        current: Current::Direct,
        power_w: 150_000,
    };
    for (number, site) in sites.iter().enumerate() {
        sites::put(&mut write, site).await.unwrap();
        tariffs::put(&mut write, &prices[number]).await.unwrap();
        let point = ChargePoint {
            id: format!("CP-{number}"),
            site_id: site.id.clone(),
            connectors: vec![connector; SESSIONS],
        };
        sites::add_charge_point(&mut write, &point).await.unwrap();
    }
    let mut known = Vec::new();
    for number in 0..SESSIONS {
        let (one, record, tariff) = roll(dice, number);
        let site = &sites[one.site];
        sessions::save(&mut write, &record, site, &prices[tariff])
            .await
            .unwrap();
        known.push(one);
    }
    write.commit().await.unwrap();
    known
}

/// Something to filter by: the parameters, and whether a session passes.
type Rolled = (String, Test);

/// Whether a session passes.
type Test = Box<dyn Fn(&Known) -> bool>;

fn roll_filter(dice: &mut Dice) -> Rolled {
    let mut parameters = Vec::new();
    let mut tests: Vec<Test> = Vec::new();
    let turn: Instant = "2024-12-31T12:00:00Z".parse().unwrap();
    for name in ["from", "to"] {
        let from = name == "from";
        let instant = turn.plus_seconds(dice.within(-40 * 24, 40 * 24) * 3_600);
        match dice.within(0, 3) {
            0 => {
                parameters.push(format!("{name}={instant}"));
                tests.push(Box::new(move |one| {
                    if from {
                        one.started >= instant
                    } else {
                        one.started <= instant
                    }
                }));
            }
            1 => {
                let day = Day(instant.utc().unwrap().date_naive());
                parameters.push(format!("{name}={day}"));
                tests.push(Box::new(move |one| {
                    if from {
                        one.local_day >= day
                    } else {
                        one.local_day <= day
                    }
                }));
            }
            _ => {}
        }
    }
    if dice.chance(30) {
        let site = usize::try_from(dice.within(0, 3)).unwrap();
        parameters.push(format!("site_id=site_{site}"));
        tests.push(Box::new(move |one| one.site == site));
    }
    if dice.chance(30) {
        let status = dice.pick(&SessionStatus::KNOWN).unwrap().clone();
        parameters.push(format!("status={}", status.as_str()));
        tests.push(Box::new(move |one| one.status == status));
    }
    // Whatever else is said about whose sessions, it changes nothing.
    parameters.push("driver_id=usr_ben&user_id=usr_cem".into());
    (
        parameters.join("&"),
        Box::new(move |one| tests.iter().all(|test| test(one))),
    )
}

async fn all_pages(browser: &Browser, filter: &str, limit: i64) -> SessionPage {
    let mut all: Option<SessionPage> = None;
    loop {
        let offset = all.as_ref().map_or(0, |all| all.sessions.len());
        let query = format!("{}?{filter}&limit={limit}&offset={offset}", path::SESSIONS);
        let page: SessionPage = browser.get(&query).await.json();
        let done = page.sessions.is_empty();
        match &mut all {
            None => all = Some(page),
            Some(all) => all.sessions.extend(page.sessions),
        }
        if done {
            return all.unwrap();
        }
    }
}

/// By month and currency: sessions, watt-hours, smallest units.
type Totals = BTreeMap<(i32, String), (u64, i64)>;

fn listed(page: &SessionPage) -> Totals {
    let mut totals = Totals::new();
    for session in &page.sessions {
        let cost = session.cost().unwrap();
        let month = session.local_day.unwrap().month().number();
        let total = totals
            .entry((month, cost.currency.code().into()))
            .or_default();
        total.0 += 1;
        total.1 += cost.minor;
    }
    totals
}

/// Checks the summary against the pages.
fn compare(summary: &SessionSummary, page: &SessionPage, filter: &str) {
    let listed = listed(page);
    assert_eq!(summary.total, page.total, "{filter}");
    let mut costs = 0;
    for month in &summary.months {
        let number = month.month.number();
        let of_month = |totals: &Totals| -> u64 {
            let sessions = totals.iter().filter(|((month, _), _)| *month == number);
            sessions.map(|(_, (sessions, _))| sessions).sum()
        };
        assert_eq!(month.sessions, of_month(&listed), "{filter}");
        for cost in &month.costs {
            let (_, minor) = listed[&(number, cost.currency.code().to_owned())];
            let amount = cost.amount.units_at(cost.currency.digits());
            assert_eq!(amount, Some(minor), "{filter}");
            costs += 1;
        }
        let sessions = page.sessions.iter();
        let energy: i64 = sessions
            .filter(|one| one.local_day.unwrap().month() == month.month)
            .map(|one| one.energy_kwh.unwrap().units_at(3).unwrap())
            .sum();
        assert_eq!(month.energy_kwh.units_at(3), Some(energy), "{filter}");
    }
    assert_eq!(costs, listed.len(), "{filter}");
}

#[tokio::test]
async fn every_filter_only_narrows_the_drivers_own_and_every_sum_is_of_what_is_listed() {
    both_stores(async |server| {
        let mut dice = Dice::of("session scope");
        let known = lay(server, &mut dice).await;
        let mut browsers = Vec::new();
        for email in DRIVERS {
            browsers.push(server.signed_in(email).await);
        }
        for round in 0..150 {
            let driver = round % DRIVERS.len();
            let (filter, passes) = roll_filter(&mut dice);
            let page = all_pages(&browsers[driver], &filter, dice.within(1, 100)).await;
            let mut expected: Vec<_> = known
                .iter()
                .filter(|one| one.driver == driver && passes(one))
                .collect();
            expected.sort_by_key(|one| (one.local_day, one.started, &one.id));
            let expected: Vec<_> = expected.iter().rev().map(|one| &one.id).collect();
            let shown: Vec<_> = page.sessions.iter().map(|one| &one.session_id).collect();
            assert_eq!(shown, expected, "{filter}");
            assert_eq!(page.total, expected.len() as u64, "{filter}");
            let query = format!("{}?{filter}", path::SESSION_SUMMARY);
            compare(&browsers[driver].get(&query).await.json(), &page, &filter);
        }
    })
    .await;
}

#[tokio::test]
async fn the_kept_months_are_what_a_recount_gives() {
    both_stores(async |server| {
        lay(server, &mut Dice::of("recount")).await;
        let months = async |text: &'static str| {
            let rows = sqlx::query(text).fetch_all(server.store().readers()).await;
            let mut months: Vec<(String, i64, String, [i64; 3])> = rows
                .unwrap()
                .iter()
                .map(|row| {
                    let sums = [row.get(3), row.get(4), row.get(5)];
                    (row.get(0), row.get(1), row.get(2), sums)
                })
                .collect();
            months.sort();
            months
        };
        let kept = months(
            "select driver_id, month, currency, sessions, energy_wh, cost_minor
                from session_months",
        );
        let counted = months(
            "select driver_id, local_day / 100, currency, count(*),
                cast(sum(energy_wh) as bigint), cast(sum(cost_minor) as bigint)
                from sessions where ended_at is not null
                group by driver_id, local_day / 100, currency",
        );
        let (kept, counted) = (kept.await, counted.await);
        assert!(kept.len() > 15, "{}", kept.len());
        assert_eq!(kept, counted);
    })
    .await;
}
