//! What a session cost and why, over HTTP, from our own store.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    decimal::Decimal,
    dynamo::{
        ErrorBody, SessionPage,
        cost::{AdjustmentKind, ComponentKind, CostBreakdown},
    },
    path,
    portal::SessionDetail,
};
use portal_server::embedded::{
    bills,
    promotions::{self, NewPromotion},
    sessions::{End, Record},
    tariffs::{
        Days, Part, Rule,
        price::{Off, Reading},
    },
};
use support::{
    Browser, Server, both_stores,
    ground::{BERGEN, Ground, at},
    people,
};

async fn cost(browser: &Browser, id: &str) -> CostBreakdown {
    let answer = browser.get(&path::cost_breakdown(id)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn detail(browser: &Browser, id: &str) -> SessionDetail {
    let answer = browser.get(&path::session(id)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

/// A driver, and a session in Bergen that stood there for an hour after charging.
async fn stood_long(server: &Server, ground: &Ground) -> (Browser, Record) {
    ground.lay(server).await;
    let driver = people::driver(server).await;
    let mut record = ground.session(&driver, "long", BERGEN, "2025-03-02T16:05:00Z");
    record.charged_until = Some(record.started.plus_seconds(1_800));
    record.end = Some(End {
        at: record.started.plus_seconds(1_800 + 3_600),
        early: false,
    });
    record.readings = vec![Reading {
        at: record.started.plus_seconds(900),
        energy_wh: 6_000,
        power_w: Some(21_500),
    }];
    ground.save(server, BERGEN, &record).await;
    (server.signed_in("driver@example.com").await, record)
}

#[tokio::test]
async fn every_line_is_there_and_all_of_it_is_what_the_list_says() {
    both_stores(async |server| {
        let (browser, record) = stood_long(server, &Ground::new()).await;
        let cost = cost(&browser, &record.id).await;
        let lines = cost.components.iter();
        let lines: Vec<_> = lines.map(|line| (line.kind.clone(), line.amount)).collect();
        let amount = |cents| Decimal::new(cents, 2);
        assert_eq!(
            lines,
            [
                (ComponentKind::Energy, amount(500)),
                (ComponentKind::Time, amount(300)),
                (ComponentKind::Flat, amount(100)),
                (ComponentKind::Parking, amount(1_000)),
            ]
        );
        assert!(cost.adds_up(), "{cost:?}");
        assert_eq!(cost.components[3].free, decimal("10"));
        assert_eq!(cost.total_cost, decimal("22.80"));
        let list: SessionPage = browser.get(path::SESSIONS).await.json();
        assert_eq!(list.sessions[0].total_cost, cost.total_cost);
        assert_eq!(list.sessions[0].receipt_available, Some(true));
    })
    .await;
}

#[tokio::test]
async fn a_rule_makes_a_line_of_its_own_and_is_named() {
    both_stores(async |server| {
        let mut ground = Ground::new();
        ground.tariffs[BERGEN].rules = vec![Rule {
            priority: 1,
            name: "Kveld".into(),
            part: Part::Energy,
            days: Days::ALL,
            from_minute: 17 * 60 + 20,
            to_minute: 24 * 60,
            price: 2_500,
        }];
        let (browser, record) = stood_long(server, &ground).await;
        let cost = cost(&browser, &record.id).await;
        let energy: Vec<_> = cost
            .components
            .iter()
            .filter(|line| line.kind == ComponentKind::Energy)
            .map(|line| (line.rule.as_deref(), line.quantity, line.to))
            .collect();
        let change = Some(at("2025-03-02T16:20:00Z"));
        let end = record.charged_until;
        assert_eq!(
            energy,
            [
                (None, decimal("6"), change),
                (Some("Kveld"), decimal("4"), end),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_session_under_way_costs_what_it_has_so_far() {
    both_stores(async |server| {
        let ground = Ground::new();
        ground.lay(server).await;
        let driver = people::driver(server).await;
        let mut record = ground.session(&driver, "now", BERGEN, "2025-06-14T14:00:00Z");
        record.end = None;
        ground.save(server, BERGEN, &record).await;
        let browser = server.signed_in("driver@example.com").await;
        let cost = cost(&browser, &record.id).await;
        assert_eq!(cost.total_cost, decimal("14.40"));
        let detail = detail(&browser, &record.id).await;
        assert_eq!(detail.session.total_cost, cost.total_cost);
        assert!(detail.receipts.is_empty());
    })
    .await;
}

#[tokio::test]
async fn all_about_a_session_is_there_and_its_tag_is_masked() {
    both_stores(async |server| {
        let ground = Ground::new();
        let (browser, record) = stood_long(server, &ground).await;
        let elsewhere = Record {
            id: "sess_else".into(),
            connector: 2,
            started: record.started.plus_seconds(600),
            ..record.clone()
        };
        ground.save(server, BERGEN, &elsewhere).await;
        let answer = browser.get(&path::session(&record.id)).await;
        assert!(!answer.text.contains("04A1B2"), "{}", answer.text);
        let detail: SessionDetail = answer.json();
        assert_eq!(detail.id_tag.as_deref(), Some("····E580"));
        assert_eq!(detail.evse_id.as_deref(), Some("NZ*QUA*ECP-BGO*1"));
        assert_eq!(detail.power_kw, decimal("22"));
        assert_eq!(detail.readings[0].energy_kwh, Decimal::new(6, 0));
        assert_eq!(detail.charged_until, record.charged_until);
        assert_eq!(detail.overlaps, [elsewhere.id]);
        assert_eq!(detail.receipts[0].number, "QUA-2025-000001");
        assert_eq!(detail.receipts[0].corrects, None);
    })
    .await;
}

#[tokio::test]
async fn a_promotional_code_holds_as_often_as_it_may() {
    both_stores(async |server| {
        let ground = Ground::new();
        ground.lay(server).await;
        let driver = people::driver(server).await;
        let mut write = server.store().write().await.unwrap();
        let code = NewPromotion {
            code: "VINTER10".into(),
            off: Off::Percent(1_000),
            max_uses: Some(5),
            max_uses_per_person: Some(2),
            expires: Some(at("2025-04-01T00:00:00Z")),
        };
        promotions::add(&mut write, &code).await.unwrap();
        write.commit().await.unwrap();
        for (id, started) in [
            ("1", "2025-03-01T10:00:00Z"),
            ("late", "2025-04-01T10:00:00Z"),
            ("2", "2025-03-02T10:00:00Z"),
            ("3", "2025-03-03T10:00:00Z"),
        ] {
            let mut record = ground.session(&driver, id, BERGEN, started);
            record.promotional_code = Some("VINTER10".into());
            ground.save(server, BERGEN, &record).await;
        }
        let browser = server.signed_in("driver@example.com").await;
        for (id, total) in [
            ("1", "9.72"),
            ("late", "10.80"),
            ("2", "9.72"),
            ("3", "10.80"),
        ] {
            let cost = cost(&browser, &format!("sess_{id}")).await;
            assert_eq!(cost.total_cost, decimal(total), "{id}");
            let code = cost.adjustments.first();
            assert_eq!(code.is_some(), total == "9.72", "{id}");
            assert!(code.is_none_or(|code| code.kind == AdjustmentKind::PromotionalCode));
        }
    })
    .await;
}

#[tokio::test]
async fn a_credit_is_a_new_line_with_a_new_receipt_and_the_month_knows() {
    both_stores(async |server| {
        let (browser, record) = stood_long(server, &Ground::new()).await;
        let now = at("2025-06-14T15:00:00Z");
        let mut write = server.store().write().await.unwrap();
        let number = bills::credit(&mut write, &record.id, 1_000, "disp_1", now);
        assert_eq!(number.await.unwrap(), "QUA-2025-000002");
        let more = bills::credit(&mut write, &record.id, 1_281, "disp_1", now);
        assert!(more.await.is_err(), "more than is left");
        write.commit().await.unwrap();
        let cost = cost(&browser, &record.id).await;
        assert!(cost.adds_up(), "{cost:?}");
        assert_eq!(cost.total_cost, decimal("12.80"));
        assert_eq!(cost.adjustments[0].kind, AdjustmentKind::Credit);
        let detail = detail(&browser, &record.id).await;
        assert_eq!(detail.session.total_cost, cost.total_cost);
        let corrects = detail.receipts[1].corrects.as_deref();
        assert_eq!(corrects, Some("QUA-2025-000001"));
        let summary: portal_api::portal::SessionSummary =
            browser.get(path::SESSION_SUMMARY).await.json();
        assert_eq!(summary.months[0].costs[0].amount, cost.total_cost.unwrap());
    })
    .await;
}

#[tokio::test]
async fn somebody_else_s_cost_is_not_there() {
    both_stores(async |server| {
        let (_, record) = stood_long(server, &Ground::new()).await;
        people::add(
            server,
            "other@example.com",
            &[portal_server::embedded::people::Role::Driver],
        )
        .await;
        let other = server.signed_in("other@example.com").await;
        for id in [&record.id[..], "sess_nothing", "..%2f"] {
            let answer = other.get(&path::cost_breakdown(id)).await;
            assert_eq!(answer.status, 404, "{id}");
            assert_eq!(answer.json::<ErrorBody>().error.code, "not_found");
        }
    })
    .await;
}
