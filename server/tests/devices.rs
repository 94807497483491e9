//! Where somebody is signed in.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    path,
    portal::{Device, Devices},
};
use portal_server::embedded::people::Role;
use reqwest::{Method, header::USER_AGENT};
use support::{Browser, both_stores, people};

async fn devices(browser: &Browser) -> Vec<Device> {
    browser.get(path::DEVICES).await.json::<Devices>().devices
}

#[tokio::test(flavor = "multi_thread")]
async fn every_device_is_listed_the_newest_use_first() {
    both_stores(async |server| {
        people::driver(server).await;
        let phone = server.signed_in("driver@example.com").await;
        server.clock().advance(3600);
        let laptop = server.signed_in("driver@example.com").await;
        server.clock().advance(3600);
        phone.get(path::ME).await;
        let listed = devices(&phone).await;
        assert_eq!(listed.len(), 2);
        assert!(listed[0].current && !listed[1].current);
        assert_eq!(listed[0].last_seen_at, server.clock().now());
        assert!(listed[0].signed_in_at < listed[1].signed_in_at);
        assert!(!devices(&laptop).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_noted_every_quarter_of_an_hour_only() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let signed_in = server.clock().now();
        server.clock().advance(14 * 60);
        assert_eq!(devices(&browser).await[0].last_seen_at, signed_in);
        server.clock().advance(60);
        assert_eq!(
            devices(&browser).await[0].last_seen_at,
            server.clock().now()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_known_by_its_browser_and_system() {
    both_stores(async |server| {
        people::driver(server).await;
        let mut browser = server.browser();
        let body = serde_json::json!({
            "email": "driver@example.com", "password": people::PASSWORD
        });
        let request = browser
            .request(Method::POST, path::SIGN_IN)
            .header(
                USER_AGENT,
                "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
            )
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = browser.send(request).await;
        let cookie = answer.header("set-cookie").unwrap();
        browser.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        let listed = devices(&browser).await;
        assert_eq!(listed[0].browser.as_deref(), Some("Firefox"));
        assert_eq!(listed[0].system.as_deref(), Some("Android"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_device_is_signed_out_at_once() {
    both_stores(async |server| {
        people::driver(server).await;
        let phone = server.signed_in("driver@example.com").await;
        let laptop = server.signed_in("driver@example.com").await;
        let listed = devices(&laptop).await;
        let other = listed.iter().find(|device| !device.current).unwrap();
        assert_eq!(laptop.delete(&path::device(&other.id)).await.status, 204);
        assert_eq!(phone.get(path::ME).await.status, 401);
        assert_eq!(laptop.get(path::ME).await.status, 200);
        let again = laptop.delete(&path::device(&other.id)).await;
        assert_eq!(again.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_device_is_as_if_it_were_not_there() {
    both_stores(async |server| {
        people::driver(server).await;
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let mine = server.signed_in("driver@example.com").await;
        let theirs = server.signed_in("other@example.com").await;
        let id = devices(&theirs).await[0].id.clone();
        let foreign = mine.delete(&path::device(&id)).await;
        let missing = mine.delete(&path::device("dev_aaaaaaaaaaaaaaaa")).await;
        assert_eq!((foreign.status, missing.status), (404, 404));
        let without_id = |text: &str| {
            let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
            value.as_object_mut().unwrap().remove("request_id").unwrap();
            value
        };
        assert_eq!(without_id(&foreign.text), without_id(&missing.text));
        assert_eq!(theirs.get(path::ME).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_other_devices_can_be_ended_at_once() {
    both_stores(async |server| {
        people::driver(server).await;
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let one = server.signed_in("driver@example.com").await;
        let two = server.signed_in("driver@example.com").await;
        let three = server.signed_in("driver@example.com").await;
        let stranger = server.signed_in("other@example.com").await;
        assert_eq!(two.delete(path::DEVICES).await.status, 204);
        assert_eq!(one.get(path::ME).await.status, 401);
        assert_eq!(three.get(path::ME).await.status, 401);
        assert_eq!(two.get(path::ME).await.status, 200);
        assert_eq!(stranger.get(path::ME).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forgotten_devices_are_neither_listed_nor_kept() {
    both_stores(async |server| {
        people::driver(server).await;
        server.signed_in("driver@example.com").await;
        server.clock().advance(15 * 24 * 60 * 60);
        let browser = server.signed_in("driver@example.com").await;
        assert_eq!(devices(&browser).await.len(), 1);
        portal_server::tasks::clean(&server.app).await.unwrap();
        let kept: i64 = sqlx::query_scalar("select count(*) from devices")
            .fetch_one(server.store().readers())
            .await
            .unwrap();
        assert_eq!(kept, 1);
    })
    .await;
}
