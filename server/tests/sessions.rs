//! A driver's sessions over HTTP, from our own store.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "sessions/forbidden.rs"]
mod forbidden;
mod support;

use portal_api::{
    decimal::Decimal,
    dynamo::{ErrorBody, SessionPage, SessionStatus},
    path,
    portal::{SessionDetail, SessionSummary},
    problem::{Code, Problem},
};
use portal_server::embedded::{
    people::Role,
    sessions::{End, Record, WriteError},
};
use support::{
    Browser, Server, both_stores,
    ground::{AUCKLAND, BERGEN, Ground},
    people,
};

/// What a session of 10 kWh and half an hour costs: (5 + 3 + 1) and a fifth.
const USUAL_COST: i64 = 1_080;

async fn page(browser: &Browser, query: &str) -> SessionPage {
    let answer = browser.get(&format!("{}?{query}", path::SESSIONS)).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.json()
}

async fn summary(browser: &Browser, query: &str) -> SessionSummary {
    let answer = browser
        .get(&format!("{}?{query}", path::SESSION_SUMMARY))
        .await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.json()
}

fn ids(page: &SessionPage) -> Vec<&str> {
    let ids = page.sessions.iter();
    ids.map(|session| session.session_id.trim_start_matches("sess_"))
        .collect()
}

/// A driver with five ended sessions, in the order they are listed.
async fn five(server: &Server) -> (Ground, Browser) {
    let ground = Ground::new();
    ground.lay(server).await;
    let driver = people::driver(server).await;
    for (id, place, started) in [
        ("3", BERGEN, "2025-05-31T20:00:00Z"),
        // The first of June in Auckland, and earlier than the one in Bergen.
        ("4", AUCKLAND, "2025-05-31T13:00:00Z"),
        ("1", BERGEN, "2024-12-31T22:30:00Z"),
        ("5", BERGEN, "2025-06-10T08:00:00Z"),
        ("2", AUCKLAND, "2025-01-01T10:00:00Z"),
    ] {
        let mut record = ground.session(&driver, id, place, started);
        if id == "5" {
            record.end = record.end.map(|end| End { early: true, ..end });
        }
        ground.save(server, place, &record).await;
    }
    let browser = server.signed_in("driver@example.com").await;
    (ground, browser)
}

#[tokio::test]
async fn the_list_is_newest_first_by_the_calendar_of_the_place() {
    both_stores(async |server| {
        let (_, browser) = five(server).await;
        let page = page(&browser, "").await;
        assert_eq!(ids(&page), ["5", "4", "3", "2", "1"]);
        assert_eq!((page.total, page.limit, page.offset), (5, 50, 0));
        let day = |at: usize| page.sessions[at].local_day.unwrap().to_string();
        assert_eq!((day(1), day(2)), ("2025-06-01".into(), "2025-05-31".into()));
    })
    .await;
}

#[tokio::test]
async fn a_session_is_shown_as_documented_and_with_its_place() {
    both_stores(async |server| {
        let (_, browser) = five(server).await;
        let answer = browser.get(&path::session("sess_4")).await;
        let expected = serde_json::json!({
            "session_id": "sess_4", "charge_point_id": "CP-AKL", "connector_id": 1,
            "site_id": "site_AKL", "started_at": "2025-05-31T13:00:00Z",
            "ended_at": "2025-05-31T13:30:00Z", "duration_minutes": 30, "energy_kwh": 10.0,
            "total_cost": 10.8, "currency": "NZD", "status": "completed",
            "receipt_available": true, "dispute_status": null, "site_name": "Quay",
            "time_zone": "Pacific/Auckland", "local_day": "2025-06-01"
        });
        assert_eq!(answer.value()["session"], expected);
        let listed: SessionPage = page(&browser, "").await;
        assert_eq!(answer.json::<SessionDetail>().session, listed.sessions[1]);
        assert!(
            answer.text.contains(r#""total_cost":10.80,"#),
            "{}",
            answer.text
        );
    })
    .await;
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap() {
    both_stores(async |server| {
        let (_, browser) = five(server).await;
        assert_eq!(ids(&page(&browser, "limit=2").await), ["5", "4"]);
        let second = page(&browser, "limit=2&offset=2").await;
        assert_eq!(ids(&second), ["3", "2"]);
        assert_eq!((second.total, second.limit, second.offset), (5, 2, 2));
        assert_eq!(ids(&page(&browser, "limit=2&offset=4").await), ["1"]);
        let beyond = page(&browser, "offset=999999").await;
        assert_eq!((beyond.sessions.len(), beyond.total), (0, 5));
    })
    .await;
}

#[tokio::test]
async fn days_are_those_of_the_place_and_instants_are_instants() {
    both_stores(async |server| {
        let (_, browser) = five(server).await;
        for (query, expected) in [
            ("from=2025-06-01", &["5", "4"][..]),
            ("to=2025-05-31", &["3", "2", "1"]),
            ("from=2025-05-31&to=2025-05-31", &["3"]),
            ("from=2024-12-31&to=2024-12-31", &["1"]),
            ("from=2025-05-31T13:00:00Z", &["5", "4", "3"]),
            ("from=2025-05-31T13:00:01Z", &["5", "3"]),
            ("to=2025-05-31T13:00:00Z", &["4", "2", "1"]),
            ("to=2025-06-01T01:00:00%2B12:00", &["4", "2", "1"]),
            ("from=2025-06-01&to=2025-05-01", &[]),
        ] {
            let page = page(&browser, query).await;
            assert_eq!(ids(&page), expected, "{query}");
            assert_eq!(page.total, expected.len() as u64, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_place_and_a_status_narrow_the_list() {
    both_stores(async |server| {
        let (_, browser) = five(server).await;
        for (query, expected) in [
            ("site_id=site_AKL", &["4", "2"][..]),
            ("site_id=site_NONE", &[]),
            ("status=stopped", &["5"]),
            ("status=completed&site_id=site_BGO", &["3", "1"]),
            ("status=active", &[]),
            ("status=&site_id=", &["5", "4", "3", "2", "1"]),
            (
                "user_id=usr_other&driver_id=usr_other",
                &["5", "4", "3", "2", "1"],
            ),
        ] {
            let page = page(&browser, query).await;
            assert_eq!(ids(&page), expected, "{query}");
            assert_eq!(page.total, expected.len() as u64, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_parameter_is_refused_as_dynamo_does_and_named() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        for (field, value) in [
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "abc"),
            ("offset", "-1"),
            ("from", "yesterday"),
            ("to", "2025-02-30"),
            ("status", "gone"),
            ("site_id", "..%2Fetc"),
        ] {
            let query = format!("{field}={value}");
            let answer = browser.get(&format!("{}?{query}", path::SESSIONS)).await;
            assert_eq!(answer.status, 400, "{query}");
            let error = answer.json::<ErrorBody>().error;
            assert_eq!(error.code, "invalid_request");
            assert_eq!(error.details.unwrap()[0].field, field);
        }
        let answer = browser
            .get(&format!("{}?from=x", path::SESSION_SUMMARY))
            .await;
        let problem: Problem = answer.json();
        assert_eq!(
            (answer.status, problem.field.as_deref()),
            (400, Some("from"))
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_another_drivers_sessions() {
    both_stores(async |server| {
        let (_, _) = five(server).await;
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let other = server.signed_in("other@example.com").await;
        assert_eq!(page(&other, "").await.total, 0);
        assert_eq!(page(&other, "site_id=site_BGO").await.total, 0);
        let nothing = summary(&other, "").await;
        assert_eq!(
            (nothing.total, nothing.months.len(), nothing.sites.len()),
            (0, 0, 0)
        );
        let foreign = other.get(&path::session("sess_4")).await;
        let unknown = other.get(&path::session("sess_none")).await;
        for answer in [&foreign, &unknown] {
            assert_eq!(answer.status, 404);
            assert_eq!(answer.json::<Problem>().code, Code::NotFound);
            assert!(!answer.text.contains("sess_"), "{}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_is_signed_out_or_no_driver_gets_nothing() {
    both_stores(async |server| {
        people::add(server, "desk@example.com", &[Role::Staff]).await;
        let desk = server.signed_in("desk@example.com").await;
        let stranger = server.browser();
        for path in [
            path::SESSIONS.to_owned(),
            path::SESSION_SUMMARY.to_owned(),
            path::session("sess_4"),
        ] {
            assert_eq!(stranger.get(&path).await.status, 401, "{path}");
            assert_eq!(desk.get(&path).await.status, 403, "{path}");
        }
        let refused: ErrorBody = stranger.get(path::SESSIONS).await.json();
        assert_eq!(refused.error.code, "unauthorized");
    })
    .await;
}

#[tokio::test]
async fn a_session_under_way_shows_the_meter_and_grows_with_the_clock() {
    both_stores(async |server| {
        let ground = Ground::new();
        ground.lay(server).await;
        let driver = people::driver(server).await;
        let mut record = ground.session(&driver, "now", BERGEN, "2025-06-14T14:30:00Z");
        record.end = None;
        ground.save(server, BERGEN, &record).await;
        let browser = server.signed_in("driver@example.com").await;
        let shown = page(&browser, "").await;
        let session = &shown.sessions[0];
        assert_eq!(session.status, SessionStatus::Active);
        assert_eq!(
            (session.ended_at, session.duration_minutes),
            (None, Some(30))
        );
        assert_eq!(session.energy_kwh, Some(Decimal::new(10, 0)));
        assert_eq!(session.cost().unwrap().minor, USUAL_COST);
        assert_eq!(shown.total, 1);
        server.clock().advance(600);
        let later: SessionDetail = browser.get(&path::session("sess_now")).await.json();
        let later = later.session;
        assert_eq!(later.duration_minutes, Some(40));
        assert_eq!(later.cost().unwrap().minor, USUAL_COST + 120);
        assert_eq!(later.energy_kwh, session.energy_kwh);
        let month = &summary(&browser, "").await.months[0];
        assert_eq!(month.costs[0].amount, later.total_cost.unwrap());
        assert_eq!(page(&browser, "status=active").await.total, 1);
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_settled_once_and_for_all() {
    both_stores(async |server| {
        let ground = Ground::new();
        ground.lay(server).await;
        let driver = people::driver(server).await;
        let ended = ground.session(&driver, "a", BERGEN, "2025-06-14T14:00:00Z");
        let active = Record {
            end: None,
            ..ended.clone()
        };
        ground.save(server, BERGEN, &active).await;
        ground.save(server, BERGEN, &active).await;
        ground.save(server, BERGEN, &ended).await;
        for again in [&ended, &active] {
            let refused = ground.try_save(server, BERGEN, again).await;
            assert!(matches!(refused, Err(WriteError::Ended)), "{refused:?}");
        }
        let browser = server.signed_in("driver@example.com").await;
        assert_eq!(summary(&browser, "").await.total, 1);
        assert_eq!(
            page(&browser, "").await.sessions[0].cost().unwrap().minor,
            USUAL_COST
        );
    })
    .await;
}

#[tokio::test]
async fn the_summary_has_every_month_and_every_place() {
    both_stores(async |server| {
        let (_, browser) = five(server).await;
        let all = summary(&browser, "").await;
        let months: Vec<_> = all
            .months
            .iter()
            .map(|one| (one.month.number(), one.sessions))
            .collect();
        assert_eq!(
            months,
            [(202_506, 2), (202_505, 1), (202_501, 1), (202_412, 1)]
        );
        let june: Vec<_> = all.months[0]
            .costs
            .iter()
            .map(|cost| cost.currency.code())
            .collect();
        assert_eq!(june, ["NOK", "NZD"]);
        assert_eq!(all.months[0].energy_kwh, Decimal::new(20, 0));
        let places: Vec<_> = all.sites.iter().map(|site| &site.name[..]).collect();
        assert_eq!(places, ["Kai 7", "Quay"]);
        let june = summary(&browser, "from=2025-06-01").await;
        assert_eq!((june.total, june.months.len()), (2, 1));
        assert_eq!(june.months[0], all.months[0]);
        assert_eq!(june.sites, all.sites);
    })
    .await;
}
