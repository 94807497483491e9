//! What stands on somebody's receipts beside their name.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{path, portal::Billing, problem::Problem};
use portal_server::embedded::bills;
use reqwest::Method;
use support::{
    Answer, Browser, both_stores,
    ground::{BERGEN, Ground},
    people,
};

async fn put(browser: &Browser, body: &str) -> Answer {
    let request = browser
        .request(Method::PUT, path::BILLING)
        .header("content-type", "application/json")
        .body(body.to_owned());
    browser.send(request).await
}

#[tokio::test]
async fn it_stands_on_receipts_from_then_on_and_not_on_those_before() {
    both_stores(async |server| {
        let ground = Ground::new();
        ground.lay(server).await;
        let driver = people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let before = ground.session(&driver, "1", BERGEN, "2025-03-01T10:00:00Z");
        ground.save(server, BERGEN, &before).await;
        let saved = put(
            &browser,
            r#"{"address":" Kai 7\n5013 Bergen ","vat_id":"NO 1"}"#,
        )
        .await;
        assert_eq!(saved.status, 200, "{}", saved.text);
        let shown: Billing = browser.get(path::BILLING).await.json();
        assert_eq!(shown.address.as_deref(), Some("Kai 7\n5013 Bergen"));
        let after = ground.session(&driver, "2", BERGEN, "2025-03-02T10:00:00Z");
        ground.save(server, BERGEN, &after).await;
        let mut reader = server.store().readers().acquire().await.unwrap();
        for (id, vat_id) in [(before.id, None), (after.id, Some("NO 1"))] {
            let bills = bills::of_session(&mut reader, &id).await.unwrap();
            assert_eq!(bills[0].parties.buyer.vat_id.as_deref(), vat_id);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_too_long_or_no_text_is_refused_by_its_name() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        for (field, body) in [
            (
                "address",
                format!(r#"{{"address":"{}","vat_id":null}}"#, "a".repeat(301)),
            ),
            (
                "vat_id",
                r#"{"address":null,"vat_id":"a\u0000b"}"#.to_owned(),
            ),
        ] {
            let answer = put(&browser, &body).await;
            assert_eq!(answer.status, 400, "{}", answer.text);
            assert_eq!(answer.json::<Problem>().field.as_deref(), Some(field));
        }
        let empty = put(&browser, r#"{"address":"  ","vat_id":""}"#).await;
        assert_eq!(empty.json::<Billing>(), Billing::default());
    })
    .await;
}
