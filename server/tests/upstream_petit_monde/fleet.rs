//! Groups whose money and tokens Petit Monde looks after, and whose people we do.

use portal_api::{
    path,
    petit_monde::{
        booking::TokenStrategy,
        group::{Group, MadeTokens, Usage},
    },
    portal::{
        bookings::BookingDetail,
        groups::{ChargePage, GroupPage, TokenPage},
    },
};
use serde_json::{Value, json};

use crate::{
    Browser, Server, StandIn, book, groups, later, people, request, served, stand_in::Quirk,
    support::groups::euros,
};

/// A group that the driver looks after, as Petit Monde tells it.
pub async fn with_group(test: impl AsyncFn(&Server, &StandIn, &Browser)) {
    served(async |server, stand_in, driver| {
        stand_in.add_group(told("1810.40"));
        groups::organisation(server).await;
        let group = groups::make(server, "lager_sued", (None, None)).await;
        groups::join(server, "usr_driver", Some((&group, true))).await;
        groups::join(server, "usr_other", Some((&group, false))).await;
        test(server, stand_in, driver).await;
    })
    .await;
}

pub fn told(spent: &str) -> Value {
    let text = format!(
        r#"{{ "id": "group_lager_sued", "name": "Lager Süd", "monthly_limit": 2500.00,
            "per_session_limit": 60.00, "currency": "EUR", "spent_this_month": {spent},
            "token_count": 12, "created_at": "2025-01-01T00:00:00Z" }}"#
    );
    serde_json::from_str(&text).unwrap()
}

pub const ID: &str = "group_lager_sued";

#[tokio::test]
async fn what_a_group_may_spend_and_has_spent_petit_monde_says() {
    with_group(async |server, stand_in, driver| {
        let group: Group = driver.get(&path::fleet_group(ID)).await.json();
        let amounts = (
            group.monthly_limit,
            group.per_session_limit,
            group.spent_this_month,
        );
        let decimal = |text: &str| Some(text.parse().unwrap());
        assert_eq!(amounts, (decimal("2500"), decimal("60"), decimal("1810.4")));
        let calls = stand_in.calls();
        let page: GroupPage = driver.get(&path::group(ID)).await.json();
        assert_eq!(page.budget.left, decimal("689.6"));
        assert_eq!(stand_in.calls(), calls, "believed for a minute");
        server.clock().advance(61);
        stand_in.next(Quirk::Says(500, Vec::new(), json!({})));
        let page: GroupPage = driver.get(&path::group(ID)).await.json();
        assert_eq!(page.budget.left, decimal("689.6"), "as it said before");
        let stranger = people::add(server, "stranger@example.com", &[]).await;
        assert!(!stranger.is_empty());
        let stranger = server.signed_in("stranger@example.com").await;
        let calls = stand_in.calls();
        assert_eq!(stranger.get(&path::fleet_group(ID)).await.status, 404);
        assert_eq!(stand_in.calls(), calls);
    })
    .await;
}

#[tokio::test]
async fn what_a_group_booked_stands_among_its_charges() {
    with_group(async |server, stand_in, driver| {
        let mut wanted = request(server);
        wanted.token_strategy = Some(TokenStrategy::GroupToken);
        wanted.customer_id = None;
        wanted.fleet_group_id = Some(ID.into());
        let asked = book(driver, "key-of-group", &wanted).await;
        stand_in.say("client_price", json!(14.30));
        stand_in.say("client_price_currency", "EUR");
        stand_in.say("status", "CONFIRMED");
        later(server, driver, 5, &asked.id).await;
        let charges: ChargePage = driver.get(&path::group_charges(ID)).await.json();
        let charge = &charges.charges[0];
        let price = euros(1_430).major();
        assert_eq!(
            (charge.open, charge.amount, charge.mine),
            (true, price, true)
        );
        stand_in.say("client_price", json!(12.10));
        stand_in.say("status", "COMPLETED");
        later(server, driver, 4 * 3_600, &asked.id).await;
        let usage: Usage = driver.get(&path::fleet_usage(ID)).await.json();
        assert_eq!((usage.charges, usage.held), (1, euros(0).major()));
        assert_eq!(usage.by_member[0].spent, euros(1_210).major());
        let report = format!(
            "{}?period_start=2025-06-14&period_end=2025-06-14",
            path::FLEET_REPORT
        );
        stand_in.add_foreign(150);
        let table = driver.get(&report).await;
        let rows: Vec<_> = table.text.lines().collect();
        assert_eq!(rows.len(), 2, "{}", table.text);
        assert!(rows[1].contains(",12.1,EUR,"), "{}", rows[1]);
        assert!(
            !rows[1].contains('~') && !rows[1].contains(&asked.id),
            "{}",
            rows[1]
        );
    })
    .await;
}

#[tokio::test]
async fn tokens_are_made_there_and_seen_here() {
    with_group(async |server, stand_in, driver| {
        let wanted = json!({ "count": 2, "type": "RFID", "label_prefix": "Transporter " });
        let bulk = path::bulk_tokens(ID);
        let made = driver.post_once(&bulk, "key-of-cards", &wanted).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.json::<MadeTokens>().created, 2);
        let again = driver.post_once(&bulk, "key-of-cards", &wanted).await;
        assert_eq!(again.text, made.text);
        let bulks = stand_in.asked();
        assert_eq!(
            bulks.iter().filter(|call| call.contains("/bulk")).count(),
            1
        );
        let page: TokenPage = driver.get(&path::group_tokens(ID)).await.json();
        assert_eq!((page.total, &page.tokens[0].id[..]), (2, "tok_PM1"));
        let other = server.signed_in("other@example.com").await;
        assert_eq!(
            other.post_once(&bulk, "key-of-other", &wanted).await.status,
            403
        );
        let lost = path::lost_token(ID, "tok_PM1");
        assert_eq!(other.post(&lost, &json!({})).await.status, 200);
        // What nothing documents is not promised.
        let replaced = driver
            .post(&path::replace_token(ID, "tok_PM1"), &json!({}))
            .await;
        assert_eq!(replaced.value()["code"], "elsewhere");
        let limits = json!({ "limits": { "monthly_limit": 9000 } });
        let changed = driver.patch(&path::fleet_group(ID), &limits).await;
        assert_eq!(changed.status, 409);
        let named = driver
            .patch(&path::fleet_group(ID), &json!({ "name": "South" }))
            .await;
        assert_eq!(named.json::<Group>().name, "South");
    })
    .await;
}

/// The driver's booking with the group's token.
pub async fn booked(server: &Server, driver: &Browser) -> String {
    let mut wanted = request(server);
    wanted.token_strategy = Some(TokenStrategy::GroupToken);
    wanted.customer_id = None;
    wanted.fleet_group_id = Some(ID.into());
    book(driver, "key-of-booked", &wanted).await.id
}

#[tokio::test]
async fn only_who_is_in_the_group_sees_its_numbers_and_only_while_the_booking_lasts() {
    for leaves in [true, false] {
        with_group(async |server, stand_in, driver| {
            let id = booked(server, driver).await;
            let wanted = json!({ "count": 2, "type": "VIRTUAL" });
            let bulk = path::bulk_tokens(ID);
            assert_eq!(driver.post(&bulk, &wanted).await.status, 201);
            let shown = async || {
                let detail = driver.get(&path::booking_detail(&id)).await;
                detail.json::<BookingDetail>().tokens.len()
            };
            assert_eq!(shown().await, 2);
            if leaves {
                let mut write = server.store().write().await.unwrap();
                sqlx::query("delete from group_members where person_id = 'usr_driver'")
                    .execute(&mut *write)
                    .await
                    .unwrap();
                write.commit().await.unwrap();
            } else {
                stand_in.say("status", "COMPLETED");
                later(server, driver, 4 * 3_600, &id).await;
            }
            assert_eq!(shown().await, 0, "leaves: {leaves}");
        })
        .await;
    }
}

#[tokio::test]
async fn what_petit_monde_has_counted_is_not_counted_again() {
    with_group(async |server, stand_in, driver| {
        let id = booked(server, driver).await;
        stand_in.say("client_price", json!(14.30));
        stand_in.say("client_price_currency", "EUR");
        stand_in.say("status", "CONFIRMED");
        later(server, driver, 5, &id).await;
        let spent = async || {
            let group: Group = driver.get(&path::fleet_group(ID)).await.json();
            group.spent_this_month
        };
        let counted = Some("1810.4".parse().unwrap());
        server.clock().advance(4 * 3_600);
        // It says what is spent first, and of the booking within the same minute.
        assert_eq!(spent().await, counted);
        stand_in.say("status", "COMPLETED");
        later(server, driver, 0, &id).await;
        assert_eq!(spent().await, counted);
        let usage: Usage = driver.get(&path::fleet_usage(ID)).await.json();
        assert_eq!(usage.held, euros(0).major());
        assert_eq!(usage.by_member[0].spent, euros(1_430).major());
    })
    .await;
}

#[tokio::test]
async fn where_petit_monde_tells_no_sum_what_was_booked_here_counts() {
    with_group(async |server, stand_in, driver| {
        stand_in.add_group(told("null"));
        let id = booked(server, driver).await;
        stand_in.say("client_price", json!(14.30));
        stand_in.say("client_price_currency", "EUR");
        stand_in.say("status", "CONFIRMED");
        later(server, driver, 5, &id).await;
        server.clock().advance(4 * 3_600);
        stand_in.say("status", "COMPLETED");
        later(server, driver, 0, &id).await;
        server.clock().advance(61);
        let page: GroupPage = driver.get(&path::group(ID)).await.json();
        assert_eq!(page.budget.left, Some("2485.7".parse().unwrap()));
    })
    .await;
}

#[tokio::test]
async fn tokens_whose_answer_was_lost_are_never_made_again_with_the_same_key() {
    with_group(async |_, stand_in, driver| {
        let wanted = json!({ "count": 2, "type": "RFID" });
        let mint = async |key: &str| driver.post_once(&path::bulk_tokens(ID), key, &wanted).await;
        let asked = || {
            let calls = stand_in.asked();
            calls.iter().filter(|call| call.contains("/bulk")).count()
        };
        // What it says of the group is believed for a minute.
        driver.get(&path::fleet_group(ID)).await;
        stand_in.next(Quirk::Says(500, Vec::new(), json!({})));
        let lost = mint("key-of-lost").await;
        let again = mint("key-of-lost").await;
        assert_eq!((lost.status, again.status), (503, 503), "{}", again.text);
        assert!(again.text.contains("nobody knows"), "{}", again.text);
        assert_eq!((&lost.text, asked()), (&again.text, 1));
        // What is surely not made can be tried again.
        stand_in.next(Quirk::Says(400, Vec::new(), json!({ "error": "No" })));
        assert_eq!(mint("key-of-no").await.status, 400);
        assert_eq!(mint("key-of-no").await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn who_goes_away_while_tokens_are_made_gets_no_others_with_the_same_key() {
    with_group(async |server, stand_in, driver| {
        let wanted = json!({ "count": 2, "type": "RFID" });
        let bulk = path::bulk_tokens(ID);
        driver.get(&path::fleet_group(ID)).await;
        stand_in.is_asked().await;
        stand_in.next(Quirk::Hangs);
        let sent = driver
            .request(reqwest::Method::POST, &bulk)
            .header("content-type", "application/json")
            .header("idempotency-key", "key-of-gone")
            .body(serde_json::to_vec(&wanted).unwrap());
        let asking = tokio::spawn(sent.send());
        stand_in.is_asked().await;
        asking.abort();
        let calls = stand_in.calls();
        server.clock().advance(30);
        let again = driver.post_once(&bulk, "key-of-gone", &wanted).await;
        assert_eq!(again.status, 503, "{}", again.text);
        assert_eq!(stand_in.calls(), calls);
    })
    .await;
}
