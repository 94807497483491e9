//! What is refused, and in which words.

use portal_api::{
    petit_monde::{LIMIT_EXCEEDED, SESSION_LIMIT_EXCEEDED, booking::TokenStrategy},
    portal::bookings::{BookingOptions, BookingTrouble},
};

use super::*;

#[tokio::test]
async fn a_request_against_a_rule_is_refused_in_its_own_sentence() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let plain = || request(server, 1, 60, 60);
        let with = |change: &dyn Fn(&mut BookingRequest)| {
            let mut request = plain();
            change(&mut request);
            request
        };
        for (wrong, status, says) in [
            (request(server, 1, 14, 60), 400, "at least 15 minutes ahead"),
            (request(server, 1, 60, 0), 400, "after reservation_start"),
            (request(server, 1, 60, 241), 400, "at most 240 minutes"),
            (
                with(&|wrong| wrong.location_id = "site_NONE".into()),
                404,
                "no such",
            ),
            // It stands elsewhere.
            (
                with(&|wrong| wrong.location_id = "site_AKL".into()),
                404,
                "no such",
            ),
            (
                with(&|wrong| wrong.evse_uid = "NZ*QUA*NONE".into()),
                404,
                "no such",
            ),
            (
                with(&|wrong| wrong.connector_id = Some("2".into())),
                400,
                "connector_id",
            ),
            (
                with(&|wrong| wrong.external_id = Some("x".repeat(101))),
                400,
                "external_id must be at most 100 characters",
            ),
        ] {
            let (got, said) = no(&try_book(&browser, &wrong).await);
            assert_eq!(got, status, "{said}");
            assert!(said.contains(says), "{said}");
        }
        let mut number: Value = serde_json::to_value(plain()).unwrap();
        number["connector_id"] = json!(1);
        let answer = browser
            .post_once(path::BOOKINGS, "number-key", &number)
            .await;
        assert_eq!(answer.status, 400);
        book(&browser, &request(server, 1, 16, 60)).await;
        let (taken, said) = no(&try_book(&browser, &plain()).await);
        assert_eq!(
            (taken, &said[..]),
            (409, "the EVSE is not available for that time")
        );
        // One after the other they fit.
        book(&browser, &request(server, 1, 76, 60)).await;
        bookings::terms(server, 0, 0, 600).await;
        book(&browser, &request(server, 2, 60, 480)).await;
        let mut write = server.store().write().await.unwrap();
        sqlx::query("update charge_points set takes_holds = 0")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let (got, said) = no(&try_book(&browser, &request(server, 3, 60, 60)).await);
        assert_eq!(
            (got, &said[..]),
            (400, "this location takes no reservations")
        );
    })
    .await;
}

#[tokio::test]
async fn a_strategy_takes_nobody_else_s_ids() {
    both_stores(async |server| {
        let driver = ready(server).await;
        people::add(server, "other@example.com", &[Role::Driver]).await;
        charge_point::give_card(server, "usr_driver", "04AA").await;
        charge_point::give_card(server, "usr_other", "04BB").await;
        let group = bookings::group(server, "van", (None, None)).await;
        let member = server.signed_in("member@example.com").await;
        let plain = || request(server, 1, 60, 60);
        let of = |customer: Option<&str>, token: Option<&str>| BookingRequest {
            customer_id: customer.map(str::to_owned),
            token_id: token.map(str::to_owned),
            ..plain()
        };
        let mut said = Vec::new();
        for wrong in [
            of(Some("usr_other"), None),
            of(Some("usr_nobody"), None),
            of(None, Some("04BB")),
            of(None, Some("04CC")),
            of(Some("usr_driver"), Some("04BB")),
            of(None, Some("other@example.com")),
        ] {
            let (status, sentence) = no(&try_book(&driver, &wrong).await);
            assert_eq!(status, 400, "{sentence}");
            said.push(sentence);
        }
        said.dedup();
        assert_eq!(said.len(), 1, "whether it exists can be told: {said:?}");
        let mut of_groups = Vec::new();
        for wrong in [&group.id[..], "group_nobody"] {
            let (status, sentence) = no(&try_book(&driver, &for_group(plain(), wrong)).await);
            assert_eq!(status, 400);
            of_groups.push(sentence);
        }
        assert_eq!(of_groups[0], of_groups[1]);
        assert_eq!(try_book(&driver, &for_guest(plain())).await.status, 403);
        let strange = BookingRequest {
            token_strategy: Some(TokenStrategy::Other("shared".into())),
            ..plain()
        };
        assert_eq!(try_book(&driver, &strange).await.status, 400);
        let foreign = BookingRequest {
            fleet_group_id: Some(group.id.clone()),
            ..plain()
        };
        assert_eq!(try_book(&driver, &foreign).await.status, 400);
        book(&driver, &of(None, Some("04aa"))).await;
        let of_member = for_group(request(server, 2, 60, 60), &group.id);
        book(&member, &of_member).await;
        let mut write = server.store().write().await.unwrap();
        sqlx::query("update group_tokens set status = 'BLOCKED', blocked_at = 1, reason = 'lost'")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let blocked = try_book(&member, &for_group(request(server, 3, 60, 60), &group.id)).await;
        assert_eq!(
            no(&blocked),
            (400, "the fleet group has no active token".to_owned())
        );
    })
    .await;
}

/// How somebody can book what they want.
pub async fn options(browser: &Browser, wanted: &BookingRequest) -> BookingOptions {
    let path = format!(
        "{}?location_id=site_BGO&evse_uid={}&start={}&end={}",
        path::BOOKING_OPTIONS,
        wanted.evse_uid,
        wanted.reservation_start,
        wanted.reservation_end
    );
    browser.get(&path).await.json()
}

#[tokio::test]
async fn a_group_books_within_its_limits_and_no_further() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        // An hour is thought to cost 21.60.
        let group = bookings::group(server, "van", (Some(5_000), Some(3_000))).await;
        let member = server.signed_in("member@example.com").await;
        let wanted =
            |connector, minutes| for_group(request(server, connector, 60, minutes), &group.id);
        let first = book(&member, &wanted(1, 60)).await;
        book(&member, &wanted(2, 60)).await;
        let over = try_book(&member, &wanted(3, 60)).await;
        assert_eq!(no(&over), (400, LIMIT_EXCEEDED.to_owned()));
        let long = try_book(&member, &wanted(3, 120)).await;
        assert_eq!(no(&long), (400, SESSION_LIMIT_EXCEEDED.to_owned()));
        let before = options(&member, &wanted(3, 60)).await;
        assert!(before.free && before.longest_minutes == 240);
        let choice = before.choices.last().unwrap();
        let left = choice.left.as_ref().unwrap().amount.units_at(2);
        assert_eq!((choice.fits, left), (false, Some(5_000 - 2 * 2_160)));
        // What is given up can be spent otherwise.
        let cancel = path::cancel_booking(&first.id);
        assert_eq!(member.post(&cancel, &json!({})).await.status, 200);
        let after = options(&member, &wanted(3, 60)).await;
        let suggested = &after.choices[0];
        assert_eq!(suggested.group_id.as_ref(), Some(&group.id));
        assert!(suggested.fits);
        book(&member, &wanted(3, 60)).await;
    })
    .await;
}

#[tokio::test]
async fn a_booking_begins_as_far_ahead_as_the_operator_says_and_no_second_further() {
    both_stores(async |server| {
        let browser = ready(server).await;
        for days in [30, 1] {
            let mut write = server.store().write().await.unwrap();
            let said = sqlx::query("update operators set booking_days_ahead = $1").bind(days);
            said.execute(&mut *write).await.unwrap();
            write.commit().await.unwrap();
            let furthest = server.clock().now().plus_seconds(days * 24 * 60 * 60);
            let further = bookings::request_from(furthest.plus_seconds(1), 1, 60);
            let options = options(&browser, &further).await;
            assert_eq!(options.days_ahead.map(i64::from), Some(days));
            assert!(options.choices.iter().all(|choice| !choice.fits));
            let sentence = format!("reservation_start must be at most {days} days ahead");
            assert_eq!(no(&try_book(&browser, &further).await), (400, sentence));
            book(&browser, &bookings::request_from(furthest, 1, 60)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_plug_that_cannot_be_kept_is_refused_with_a_reason() {
    both_stores(async |server| {
        let browser = ready(server).await;
        for (change, trouble, word) in [
            (
                "update connectors set state = 'faulted', state_at = 0 where connector = 1",
                BookingTrouble::Faulted,
                BookingStatus::Rejected,
            ),
            (
                "update connectors set state = 'unavailable'",
                BookingTrouble::Unavailable,
                BookingStatus::Rejected,
            ),
            (
                "update connectors set state = 'available', tariff_id = null",
                BookingTrouble::NoTariff,
                BookingStatus::Failed,
            ),
            (
                "update connectors set tariff_id = 'tariff_BGO'",
                BookingTrouble::Closed,
                BookingStatus::Rejected,
            ),
        ] {
            let answer = try_book(&browser, &request(server, 1, 60, 60)).await;
            let booking: Booking = answer.json();
            // What the server does about it by itself is done.
            status(server, &browser, &booking.id).await;
            let mut write = server.store().write().await.unwrap();
            sqlx::query(change).execute(&mut *write).await.unwrap();
            // Asked for, and not looked at since.
            sqlx::query(
                "update bookings set status = 'REQUESTED', price_minor = null, trouble = null,
                    cpo_reservation_id = null where id = $1",
            )
            .bind(&booking.id)
            .execute(&mut *write)
            .await
            .unwrap();
            sqlx::query("update sites set hours = 'listed' where $1 = 'closed'")
                .bind(trouble.as_str())
                .execute(&mut *write)
                .await
                .unwrap();
            write.commit().await.unwrap();
            assert_eq!(
                status(server, &browser, &booking.id).await,
                word,
                "{trouble:?}"
            );
            let shown = detail(&browser, &booking.id).await;
            assert_eq!(shown.trouble, Some(trouble.clone()));
            let offered = options(&browser, &request(server, 2, 120, 60)).await;
            assert_eq!(offered.closed, trouble == BookingTrouble::Closed);
            assert!(shown.booking.client_price.unwrap().is_zero());
            let mut write = server.store().write().await.unwrap();
            sqlx::query("update connectors set tariff_id = 'tariff_BGO'")
                .execute(&mut *write)
                .await
                .unwrap();
            write.commit().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn what_nobody_documented_is_refused_and_changes_nothing() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let booked = book(&browser, &request(server, 1, 60, 60)).await;
        let mut wanted = serde_json::to_value(request(server, 2, 60, 60)).unwrap();
        wanted["reservation_until"] = json!("2025-06-14T16:00:00Z");
        let cancel = path::cancel_booking(&booked.id);
        for (path, body) in [
            (path::BOOKINGS, wanted),
            (&cancel[..], json!({ "reason": "ill", "refund": true })),
        ] {
            let answer = browser.post_once(path, "key-of-more", &body).await;
            let sentence = "the body is not as documented".to_owned();
            assert_eq!(no(&answer), (400, sentence), "{body}");
        }
        let all: Bookings = browser.get(path::BOOKINGS).await.json();
        assert_eq!(all.total, Some(1));
        assert!(!all.bookings[0].status.is_over());
    })
    .await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_how_long_to_wait_as_documented() {
    both_stores(async |server| {
        let browser = ready(server).await;
        book(&browser, &request(server, 1, 60, 60)).await;
        let mut write = server.store().write().await.unwrap();
        sqlx::query("update tries set count = 200 where kind = 'bookings'")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        server.clock().advance(3_600 - 45);
        let answer = try_book(&browser, &request(server, 2, 60, 60)).await;
        let sentence = "Rate limit exceeded. Retry after 45 seconds.".to_owned();
        assert_eq!(no(&answer), (429, sentence));
        assert_eq!(answer.header("retry-after"), Some("45"));
    })
    .await;
}
