//! Guests: a token for one booking, and a link that shows it.

use portal_api::portal::bookings::{GuestBooking, GuestLink};

use super::*;

/// An employee who has booked the first connector for a guest, in half an hour for one.
async fn invited(server: &Server) -> (Browser, Booking) {
    charge_point::lay(server).await;
    people::add(server, "host@example.com", &[Role::Employee]).await;
    let host = server.signed_in("host@example.com").await;
    let booking = book(&host, &for_guest(request(server, 1, 30, 60))).await;
    assert_eq!(
        status(server, &host, &booking.id).await,
        BookingStatus::Confirmed
    );
    (host, booking)
}

#[tokio::test]
async fn a_guest_s_token_works_in_its_time_at_its_plug_only() {
    both_stores(async |server| {
        let (host, booking) = invited(server).await;
        let token = booking.token.unwrap();
        assert_eq!(token.kind.as_deref(), Some("AD_HOC_USER"));
        assert!(token.uid.len() <= 20);
        let mut here = ChargePoint::connect(server, "CP-BGO").await;
        let mut there = ChargePoint::connect(server, "CP-AKL").await;
        let accepted = async |point: &mut ChargePoint| {
            let answer = point.call("Authorize", json!({ "idTag": token.uid })).await;
            answer["idTagInfo"]["status"] == "Accepted"
        };
        assert!(!accepted(&mut here).await, "too early");
        server.clock().advance(15 * 60);
        assert!(accepted(&mut here).await);
        assert!(!accepted(&mut there).await, "another charge point");
        let begin = |connector: i64| {
            json!({ "connectorId": connector, "idTag": token.uid, "meterStart": 0,
                "timestamp": "2025-06-14T15:15:00Z" })
        };
        let elsewhere = here.call("StartTransaction", begin(2)).await;
        assert_ne!(elsewhere["idTagInfo"]["status"], "Accepted");
        let started = here.call("StartTransaction", begin(1)).await;
        assert_eq!(started["idTagInfo"]["status"], "Accepted");
        assert_eq!(
            status(server, &host, &booking.id).await,
            BookingStatus::Attending
        );
        server.clock().advance(60 * 60);
        let stop = json!({ "transactionId": started["transactionId"], "meterStop": 10_000,
            "timestamp": "2025-06-14T16:15:00Z" });
        here.call("StopTransaction", stop).await;
        assert_eq!(
            status(server, &host, &booking.id).await,
            BookingStatus::Completed
        );
        assert_eq!(host.get(path::SESSIONS).await.value()["total"], 1);
        assert!(!accepted(&mut here).await, "it was used");
        server.clock().advance(60 * 60);
        assert!(!accepted(&mut here).await, "too late");
    })
    .await;
}

#[tokio::test]
async fn a_link_shows_the_booking_to_whoever_has_it() {
    both_stores(async |server| {
        let (host, booking) = invited(server).await;
        let guest = server.browser();
        let make = async |body: Value| host.post(&path::guest_link(&booking.id), &body).await;
        let link: GuestLink = make(json!({})).await.json();
        let ask = async |link: &GuestLink| {
            let secret = link.link.split_once('#').unwrap().1;
            guest.post(path::GUEST, &json!({ "secret": secret })).await
        };
        let shown: GuestBooking = ask(&link).await.json();
        assert_eq!(
            Some(&shown.uid),
            booking.token.as_ref().map(|token| &token.uid)
        );
        assert_eq!(shown.charge_point.connectors.len(), 1);
        assert_eq!(Some(shown.end), booking.reservation_end);
        assert!(!ask(&link).await.text.contains("host@example.com"));
        // A new one takes its place, and a letter takes it along.
        let sent: GuestLink = make(json!({ "email": "guest@example.org", "language": "fr" }))
            .await
            .json();
        assert!(sent.sent);
        assert_eq!(ask(&link).await.status, 404);
        assert_eq!(ask(&sent).await.status, 200);
        let body: String =
            sqlx::query_scalar("select body from letters where recipient = 'guest@example.org'")
                .fetch_one(server.store().readers())
                .await
                .unwrap();
        assert!(
            body.contains(&sent.link) && body.starts_with("Bonjour,"),
            "{body}"
        );
        for wrong in [json!({ "email": "nobody" }), json!({ "email": "a b@c" })] {
            assert_eq!(make(wrong).await.status, 422);
        }
        let nobody = json!({ "secret": "x" });
        assert_eq!(guest.post(path::GUEST, &nobody).await.status, 404);
        let cancel = path::cancel_booking(&booking.id);
        assert_eq!(host.post(&cancel, &json!({})).await.status, 200);
        assert_eq!(ask(&sent).await.status, 404);
        assert_eq!(make(json!({})).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn the_same_request_again_is_the_same_link_and_one_letter() {
    both_stores(async |server| {
        let (host, booking) = invited(server).await;
        let guest = server.browser();
        let make = async |key: &str, email: &str| {
            let path = path::guest_link(&booking.id);
            let body = json!({ "email": email });
            let answer = host.post_once(&path, key, &body).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.json::<GuestLink>()
        };
        let opens = async |link: &GuestLink| {
            let secret = link.link.split_once('#').unwrap().1;
            let body = json!({ "secret": secret });
            guest.post(path::GUEST, &body).await.status == 200
        };
        let letters = async || {
            let count: i64 =
                sqlx::query_scalar("select count(*) from letters where recipient like '%.org'")
                    .fetch_one(server.store().readers())
                    .await
                    .unwrap();
            count
        };
        let first = make("key-of-letter", "guest@example.org").await;
        let again = make("key-of-letter", "guest@example.org").await;
        assert_eq!(first, again);
        assert_eq!(letters().await, 1);
        assert!(opens(&first).await);
        let contents = support::database::contents(server.store()).await;
        assert!(contents.iter().all(|row| !row.contains("key-of-letter")));
        for (key, email, sent) in [
            ("key-of-letter", "other@example.org", 2),
            ("key-of-another", "guest@example.org", 3),
        ] {
            let link = make(key, email).await;
            assert_ne!(link, first);
            assert_eq!(letters().await, sent);
            assert!(opens(&link).await && !opens(&first).await);
        }
        let path = path::guest_link(&booking.id);
        let short = host.post_once(&path, "short", &json!({})).await;
        assert_eq!(short.status, 400);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_nowhere_and_guessing_is_slow() {
    both_stores(async |server| {
        let (host, booking) = invited(server).await;
        let answer = host.post(&path::guest_link(&booking.id), &json!({})).await;
        let link: GuestLink = answer.json();
        let secret = link.link.split_once('#').unwrap().1;
        let contents = support::database::contents(server.store()).await;
        assert!(contents.iter().all(|row| !row.contains(secret)));
        let guest = server.browser();
        let wrong = json!({ "secret": "wrong" });
        let mut last = 404;
        for _ in 0..61 {
            last = guest.post(path::GUEST, &wrong).await.status;
        }
        assert_eq!(last, 429);
    })
    .await;
}
