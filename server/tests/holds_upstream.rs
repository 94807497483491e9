//! Holds at a real Dynamo: asked for once, whatever breaks off, and only one's own are
//! seen.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::{
    dynamo::reservation::{ReservationRequest, ReservationStatus, Reservations},
    path,
    portal::holds::{HoldEnd, HoldStage, Holds},
};
use portal_server::{
    config::{DynamoUpstream, Secret},
    upstream::dynamo::Dynamo,
};
use serde_json::{Value, json};
use support::{Answer, Browser, Server, both_stores, people, upstream::LIMITS};
use tokio::{net::TcpListener, sync::Notify};

const KEY: &str = "dyn_live_CANARY_77aa";

/// What goes wrong with the next thing that is sent.
#[derive(Clone, Copy, PartialEq)]
enum Quirk {
    /// Nothing is done, and it says so.
    Says(u16),
    /// It is done, and the answer is lost.
    Loses,
    /// It is done, once it may be.
    Waits,
}

#[derive(Default)]
struct Inside {
    rows: Vec<Value>,
    quirks: Vec<Quirk>,
    made: usize,
    /// Rung when something waits until it may be done, and when it may.
    waits: Arc<Notify>,
    goes_on: Arc<Notify>,
}

/// A Dynamo's holds.
#[derive(Clone, Default)]
struct StandIn(Arc<Mutex<Inside>>);

impl StandIn {
    async fn start(&self) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    fn with<T>(&self, change: impl FnOnce(&mut Inside) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    fn next(&self, quirk: Quirk) {
        self.with(|inside| inside.quirks.push(quirk));
    }

    fn rows(&self) -> Vec<Value> {
        self.with(|inside| inside.rows.clone())
    }
}

async fn answer(State(stand_in): State<StandIn>, request: Request) -> Response {
    assert_eq!(
        request.headers()[header::AUTHORIZATION],
        format!("Bearer {KEY}")
    );
    let (head, body) = request.into_parts();
    let rest = head
        .uri
        .path()
        .strip_prefix("/api/v1/reservations")
        .unwrap()
        .to_owned();
    let body = axum::body::to_bytes(body, 100_000).await.unwrap();
    let quirk = match head.method {
        Method::GET => None,
        _ => stand_in.with(|inside| inside.quirks.pop()),
    };
    if let Some(Quirk::Says(status)) = quirk {
        return StatusCode::from_u16(status).unwrap().into_response();
    }
    if quirk == Some(Quirk::Waits) {
        let bells = stand_in.with(|inside| (inside.waits.clone(), inside.goes_on.clone()));
        bells.0.notify_one();
        bells.1.notified().await;
    }
    let response = match head.method {
        Method::POST => {
            let mut row: Value = serde_json::from_slice(&body).unwrap();
            stand_in.with(|inside| {
                inside.made += 1;
                row["reservation_id"] = format!("rsv_{}", inside.made).into();
                row["status"] = "active".into();
                inside.rows.push(row.clone());
            });
            (StatusCode::CREATED, Json(row)).into_response()
        }
        Method::DELETE => {
            stand_in.with(|inside| {
                let found = inside
                    .rows
                    .iter_mut()
                    .find(|row| rest[1..] == row["reservation_id"]);
                found.unwrap()["status"] = "cancelled".into();
            });
            StatusCode::NO_CONTENT.into_response()
        }
        _ => Json(json!({ "data": stand_in.rows() })).into_response(),
    };
    if quirk == Some(Quirk::Loses) {
        return std::future::pending().await;
    }
    response
}

/// A server in front of a stand-in in which somebody else holds a plug.
async fn served(test: impl AsyncFn(&Server, &StandIn, &Browser)) {
    both_stores(async |server| {
        let stand_in = StandIn::default();
        stand_in.with(|inside| {
            inside.rows.push(
                json!({ "reservation_id": "rsv_other", "charge_point_id": "CP-9",
                "connector_id": 1, "id_tag": "somebody@example.com", "status": "active",
                "expires_at": "2025-06-14T18:00:00Z" }),
            );
            inside.rows.push(json!("not a row"));
        });
        let upstream = DynamoUpstream {
            url: stand_in.start().await.parse().unwrap(),
            key: Secret::new(KEY),
            time_zone: chrono_tz::Europe::Oslo,
        };
        let dynamo = Dynamo::new(&upstream, server.clock().clone(), LIMITS).unwrap();
        let mut app = server.app.clone();
        app.reservations = Some(Arc::new(dynamo));
        people::driver(server).await;
        let front = Server::of(app).await;
        let driver = front.signed_in("driver@example.com").await;
        test(&front, &stand_in, &driver).await;
    })
    .await;
}

fn request(connector: u32) -> ReservationRequest {
    ReservationRequest {
        charge_point_id: "CP-KAI7-02".into(),
        connector_id: connector,
        expires_at: "2025-06-14T15:30:00Z".parse().unwrap(),
        id_tag: "driver@example.com".into(),
    }
}

async fn ask(driver: &Browser, key: &str, connector: u32) -> Answer {
    driver
        .post_once(path::RESERVATIONS, key, &request(connector))
        .await
}

async fn holds(driver: &Browser) -> Holds {
    driver.get(path::HOLDS).await.json()
}

#[tokio::test]
async fn a_hold_is_made_there_seen_and_given_up() {
    served(async |_, stand_in, driver| {
        let held = ask(driver, "key-of-first", 2).await;
        assert_eq!(held.status, 201, "{}", held.text);
        assert_eq!(stand_in.rows().len(), 3);
        let again = ask(driver, "key-of-first", 2).await;
        assert_eq!((again.status, again.text), (201, held.text.clone()));
        let all = holds(driver).await.holds;
        assert_eq!(all.len(), 1, "nobody else's");
        assert_eq!((&all[0].stage, &all[0].free), (&HoldStage::Held, &None));
        let path = path::reservation(&all[0].reservation.reservation_id);
        assert_eq!(driver.delete(&path).await.status, 204);
        assert_eq!(driver.delete(&path).await.status, 204);
        let over = holds(driver).await.holds.remove(0);
        assert_eq!(over.end, Some(HoldEnd::Cancelled));
        let listed: Reservations = driver.get(path::RESERVATIONS).await.json();
        assert_eq!(listed.data[0].status, ReservationStatus::Cancelled);
        assert_eq!(
            driver.delete(&path::reservation("rsv_other")).await.status,
            404
        );
        assert_eq!(driver.delete(&path::reservation("../x")).await.status, 404);
        let extend = path::extend_hold("rsv_1");
        let longer = json!({ "expires_at": "2025-06-14T16:00:00Z" });
        assert_eq!(
            driver.post(&extend, &longer).await.value()["code"],
            "elsewhere"
        );
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_is_found_there_and_nothing_is_held_twice() {
    served(async |server, stand_in, driver| {
        stand_in.next(Quirk::Loses);
        let lost = ask(driver, "key-of-lost", 2).await;
        assert_eq!(lost.status, 503, "{}", lost.text);
        // For as long as it may be under way, nobody tries again.
        let busy = ask(driver, "key-of-lost", 2).await;
        assert_eq!(busy.status, 409);
        assert!(busy.header("retry-after").is_some());
        server.clock().advance(11);
        let found = ask(driver, "key-of-lost", 2).await;
        assert_eq!(found.status, 201, "{}", found.text);
        assert_eq!(stand_in.rows().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_it_refuses_can_be_tried_again() {
    served(async |server, stand_in, driver| {
        stand_in.next(Quirk::Says(409));
        let refused = ask(driver, "key-refused", 2).await;
        let details = &refused.value()["error"]["details"][0];
        assert_eq!(
            (refused.status, &details["message"]),
            (409, &json!("rejected"))
        );
        stand_in.next(Quirk::Says(429));
        assert_eq!(ask(driver, "key-refused", 2).await.status, 503);
        // Whatever it did with a key that it doesn't know, it is looked for before.
        stand_in.next(Quirk::Says(401));
        assert_eq!(ask(driver, "key-refused", 2).await.status, 503);
        server.clock().advance(11);
        assert_eq!(ask(driver, "key-refused", 2).await.status, 201);
        ask(driver, "key-second", 3).await;
        let third = ask(driver, "key-third", 4).await;
        let details = &third.value()["error"]["details"][0];
        assert_eq!(
            (third.status, &details["message"]),
            (409, &json!("most_holds"))
        );
        server.clock().advance(30 * 60);
        let lapsed = holds(driver).await.holds;
        assert!(lapsed.iter().all(|hold| hold.end == Some(HoldEnd::Expired)));
        let mut foreign = request(5);
        foreign.expires_at = "2025-06-14T16:30:00Z".parse().unwrap();
        foreign.id_tag = "somebody@example.com".into();
        assert_eq!(driver.post(path::RESERVATIONS, &foreign).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn of_two_at_once_only_one_takes_the_last_place() {
    served(async |_, stand_in, driver| {
        assert_eq!(ask(driver, "key-of-first", 2).await.status, 201);
        let (waits, goes_on) =
            stand_in.with(|inside| (inside.waits.clone(), inside.goes_on.clone()));
        stand_in.next(Quirk::Waits);
        let (second, third) = tokio::join!(ask(driver, "key-of-second", 3), async {
            waits.notified().await;
            let third = ask(driver, "key-of-third", 4).await;
            goes_on.notify_one();
            third
        });
        assert_eq!(second.status, 201, "{}", second.text);
        // The page asks again with the same key as soon as it may.
        assert_eq!(
            (third.status, third.header("retry-after").is_some()),
            (409, true)
        );
        let third = ask(driver, "key-of-third", 4).await;
        let details = &third.value()["error"]["details"][0];
        assert_eq!(
            (third.status, &details["message"]),
            (409, &json!("most_holds"))
        );
        let live = holds(driver).await.holds;
        assert_eq!(live.iter().filter(|hold| hold.end.is_none()).count(), 2);
    })
    .await;
}
