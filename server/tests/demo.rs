//! The demo's data is plausible in every figure.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "demo/bookings.rs"]
mod bookings;
#[path = "demo/disputes.rs"]
mod disputes;
#[path = "demo/groups.rs"]
mod groups;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use portal_api::time::Instant;
use portal_server::{
    clock::Clock,
    config::DemoSize,
    embedded::{
        Store,
        demo::{
            self, calendar,
            people::{PASSWORD, PASSWORD_HASH, PEOPLE},
            places::{PLACES, Place},
            plan::{Plan, Planned, plan},
        },
        sites::{Connector, Current},
        tariffs::Tariff,
    },
};
use sqlx::Row;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A large demo on a day in autumn, and one on a night when the clocks change.
fn plans() -> &'static [Plan] {
    static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
        let now = ["2026-11-21T09:30:00Z", "2026-03-29T01:10:00Z"];
        now.map(|now| plan(DemoSize::Large, at(now))).into()
    });
    &PLANS
}

fn place(session: &Planned) -> &'static Place {
    let place = PLACES.iter().find(|place| place.id == session.site_id);
    place.unwrap()
}

fn connectors(plan: &Plan) -> HashMap<(&str, u32), Connector> {
    let mut all = HashMap::new();
    for point in &plan.charge_points {
        for (number, connector) in (1..).zip(&point.connectors) {
            all.insert((&point.id[..], number), *connector);
        }
    }
    all
}

fn seconds(from: Instant, to: Instant) -> i64 {
    (to.millis() - from.millis()) / 1_000
}

#[test]
fn no_car_took_more_than_its_plug_and_battery_allow() {
    for plan in plans() {
        let connectors = connectors(plan);
        for session in &plan.sessions {
            let record = &session.record;
            let connector = connectors[&(&record.charge_point_id[..], record.connector)];
            let until = record.charged_until.or(record.end.map(|end| end.at));
            let Some(until) = until else { continue };
            let charging = seconds(record.started, until);
            assert!(
                record.energy_wh * 3_600 <= connector.power_w * charging,
                "{session:?} {connector:?}"
            );
            assert!((300..=90_000).contains(&record.energy_wh), "{session:?}");
            // No car takes more than 11 kW of alternating current.
            if connector.current == Current::Alternating {
                assert!(record.energy_wh * 3_600 <= 11_000 * charging);
            }
        }
    }
}

#[test]
fn charging_takes_minutes_at_a_fast_plug_and_hours_at_a_slow_one() {
    let plan = plan(DemoSize::Small, at("2026-11-21T09:30:00Z"));
    let connectors = connectors(&plan);
    let mut averages = BTreeMap::new();
    for session in &plan.sessions {
        let record = &session.record;
        let Some(end) = record.end.filter(|end| !end.early) else {
            continue;
        };
        let current = connectors[&(&record.charge_point_id[..], record.connector)].current;
        let until = record.charged_until.unwrap_or(end.at);
        let (sum, count) = averages.entry(current.as_str()).or_insert((0, 0));
        *sum += seconds(record.started, until) / 60;
        *count += 1;
    }
    let average = |current| {
        let (sum, count) = averages[current];
        sum / count
    };
    assert!((15..=50).contains(&average("dc")), "{}", average("dc"));
    assert!((100..=330).contains(&average("ac")), "{}", average("ac"));
}

#[test]
fn nobody_is_in_two_places_and_no_plug_has_two_cars() {
    for plan in plans() {
        let mut by_driver: HashMap<&str, Vec<_>> = HashMap::new();
        let mut by_plug: HashMap<(&str, u32), Vec<_>> = HashMap::new();
        for session in &plan.sessions {
            let record = &session.record;
            let end = record.end.map_or(i64::MAX, |end| end.at.millis());
            let time = (record.started.millis(), end);
            // A group has many cards.
            let whose = record.id_tag.as_deref().unwrap_or(&record.driver_id);
            by_driver.entry(whose).or_default().push(time);
            let plug = (&record.charge_point_id[..], record.connector);
            by_plug.entry(plug).or_default().push(time);
        }
        for mut times in by_driver.into_values().chain(by_plug.into_values()) {
            times.sort_unstable();
            assert!(times.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            assert!(times.iter().all(|(from, to)| from < to));
        }
    }
}

#[test]
fn nobody_charges_where_it_is_shut() {
    for plan in plans() {
        for session in &plan.sessions {
            let place = place(session);
            let started = session.record.started;
            let shuts = calendar::shuts_at(&place.hours, place.zone, started);
            let shuts = shuts.unwrap_or_else(|| panic!("shut: {session:?}"));
            let end = session.record.end.map(|end| end.at);
            assert!(end.is_none_or(|end| end <= shuts), "{session:?}");
        }
    }
}

#[test]
fn only_one_session_is_under_way_and_the_others_are_over() {
    for now in ["2026-11-21T00:00:00Z", "2026-07-01T23:59:59Z"] {
        let now = at(now);
        let plan = plan(DemoSize::Small, now);
        let (over, under_way): (Vec<_>, Vec<_>) = plan
            .sessions
            .iter()
            .partition(|session| session.record.end.is_some());
        assert_eq!(under_way.len(), 1);
        assert_eq!(under_way[0].record.driver_id, plan.people[0].id);
        assert!(under_way[0].record.energy_wh > 1_000);
        assert!(over.iter().all(|one| one.record.end.unwrap().at < now));
    }
}

#[test]
fn the_first_driver_has_two_years_in_several_countries_and_currencies() {
    let now = at("2026-11-21T09:30:00Z");
    let plan = plan(DemoSize::Small, now);
    let tariffs: HashMap<_, _> = plan.tariffs.iter().map(|one| (&one.id[..], one)).collect();
    let mine: Vec<_> = plan
        .sessions
        .iter()
        .filter(|session| session.record.driver_id == plan.people[0].id)
        .collect();
    assert!((200..=260).contains(&mine.len()), "{}", mine.len());
    let countries: BTreeSet<_> = mine.iter().map(|session| place(session).country).collect();
    assert_eq!(countries.len(), 6, "{countries:?}");
    let currencies: BTreeSet<_> = mine
        .iter()
        .map(|session| tariffs[session.tariff_id].currency)
        .collect();
    assert_eq!(currencies.len(), 4, "{currencies:?}");
    let stopped = mine
        .iter()
        .filter(|one| one.record.end.is_some_and(|end| end.early))
        .count();
    assert!((3..=20).contains(&stopped), "{stopped}");
    let first = mine.iter().map(|one| one.record.started).min().unwrap();
    assert!((700..=731).contains(&(seconds(first, now) / 86_400)));
}

#[test]
fn everybody_has_as_many_sessions_as_promised() {
    let plan = &plans()[0];
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for session in &plan.sessions {
        *counts.entry(&session.record.driver_id).or_default() += 1;
    }
    let count = |email: &str| {
        let person = plan.people.iter().find(|person| person.email == email);
        counts.get(&person.unwrap().id[..]).copied().unwrap_or(0)
    };
    assert_eq!(count("many@example.com"), 10_000);
    assert!((35..=40).contains(&count("group@example.com")));
    assert!((54..=60).contains(&count("employee@example.com")));
    for nobody in ["new", "admin", "host", "desk"] {
        assert_eq!(count(&format!("{nobody}@example.com")), 0);
    }
    let employees = plan
        .people
        .iter()
        .filter(|person| person.email.ends_with("@isarhof.example"));
    let of_employees: Vec<_> = employees.map(|person| count(&person.email)).collect();
    assert_eq!(of_employees.len(), 500);
    assert!(of_employees.iter().all(|count| (5..=20).contains(count)));
}

#[test]
fn the_same_day_gives_the_same_demo() {
    let ended = |now| {
        let plan = plan(DemoSize::Small, at(now));
        let over = |session: &Planned| session.record.end.is_some();
        let sessions = plan.sessions.into_iter().filter(over);
        sessions.map(|session| session.record).collect::<Vec<_>>()
    };
    assert_eq!(ended("2026-11-21T00:00:01Z"), ended("2026-11-21T23:59:00Z"));
    assert_ne!(ended("2026-11-21T00:00:01Z"), ended("2026-11-22T00:00:01Z"));
}

#[test]
fn every_session_has_an_id_of_its_own() {
    for plan in plans() {
        let ids: HashSet<_> = plan.sessions.iter().map(|one| &one.record.id).collect();
        assert_eq!(ids.len(), plan.sessions.len());
    }
}

/// What a session costs at a tariff without rules, worked out in another way than
/// the server does it: in ten-thousandths of a thousandth, rounded at the end of each
/// line.
fn cost_by_hand(tariff: &Tariff, session: &Planned) -> i64 {
    let record = &session.record;
    let end = record.end.unwrap().at;
    let charged_until = record.charged_until.unwrap_or(end);
    let up = |quantity: i64, step: i64| (quantity + step - 1).div_euclid(step) * step;
    let minor = 10_i64.pow(tariff.currency.digits());
    let round = |numerator: i64, denominator: i64| {
        let whole = numerator / denominator;
        whole + i64::from(2 * (numerator % denominator) >= denominator)
    };
    let energy = up(record.energy_wh, tariff.energy_step_wh) * tariff.per_kwh * minor;
    let time = up(
        seconds(record.started, charged_until),
        tariff.time_step_seconds,
    );
    let idle = (seconds(charged_until, end) - tariff.idle_grace_seconds).max(0);
    let idle = up(idle, tariff.idle_step_seconds);
    let sum = round(energy, 10_000_000)
        + round(time * tariff.per_minute * minor, 600_000)
        + round(tariff.per_session * minor, 10_000)
        + round(idle * tariff.idle_per_minute * minor, 600_000);
    let net = sum - round(sum * record.discount_rate, 10_000);
    let on_top = if tariff.tax_included {
        0
    } else {
        tariff.tax_rate
    };
    net + round(net * on_top, 10_000)
}

async fn filled(folder: &std::path::Path, size: DemoSize, now: Instant) -> Store {
    std::fs::create_dir_all(folder).unwrap();
    let clock = Clock::standing_at(now);
    let store = Store::sqlite(&folder.join("demo.db"), &clock)
        .await
        .unwrap();
    demo::fill(&store, size, now).await.unwrap();
    store
}

#[tokio::test]
async fn every_cost_fits_its_tariff_to_the_cent_and_every_month_its_sessions() {
    let folder = std::env::temp_dir().join(format!("portal-demo-{}", std::process::id()));
    let now = at("2026-11-21T09:30:00Z");
    let store = filled(&folder, DemoSize::Large, now).await;
    let plan = &plans()[0];
    let tariffs: HashMap<_, _> = plan.tariffs.iter().map(|one| (&one.id[..], one)).collect();
    let rows = sqlx::query("select id, cost_minor from sessions where cost_minor is not null")
        .fetch_all(store.readers())
        .await
        .unwrap();
    let stored: HashMap<String, i64> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let given_back = disputes::given_back(&store).await;
    let ended = plan.sessions.iter().filter(|one| one.record.end.is_some());
    let mut by_hand = 0;
    for session in ended.clone() {
        let tariff = tariffs[session.tariff_id];
        assert!(stored[&session.record.id] > 0);
        if tariff.rules.is_empty() && session.record.promotional_code.is_none() {
            let credit = given_back.get(&session.record.id).unwrap_or(&0);
            let cost = cost_by_hand(tariff, session) - credit;
            assert_eq!(stored[&session.record.id], cost, "{session:?}");
            by_hand += 1;
        }
    }
    assert_eq!(ended.count(), stored.len());
    assert!(by_hand > stored.len() / 2, "{by_hand}");
    let wrong: i64 = sqlx::query_scalar(
        "select count(*) from session_months m where (sessions, cost_minor) <> (
            select count(*), sum(cost_minor) from sessions s
            where s.driver_id = m.driver_id and s.local_day / 100 = m.month
                and s.currency = m.currency and s.ended_at is not null)",
    )
    .fetch_one(store.readers())
    .await
    .unwrap();
    assert_eq!(wrong, 0);
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_people_to_sign_in_as_are_all_there() {
    let plan = plan(DemoSize::Small, at("2026-11-21T09:30:00Z"));
    let planned: Vec<_> = plan.people.iter().map(|person| &person.email[..]).collect();
    let promised: Vec<_> = PEOPLE.iter().map(|person| person.email).collect();
    assert_eq!(planned, promised);
}

#[test]
fn the_password_is_that_of_the_hash_which_is_as_strong_as_any() {
    use argon2::{Argon2, PasswordHash, PasswordVerifier};
    let hash = PasswordHash::new(PASSWORD_HASH).unwrap();
    let matches = |password: &str| Argon2::default().verify_password(password.as_bytes(), &hash);
    assert!(matches(PASSWORD).is_ok());
    assert!(matches("charge-behind").is_err());
    assert!(PASSWORD_HASH.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}
