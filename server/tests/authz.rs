//! Who gets what from every path: a route without a line here fails.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::path;
use portal_server::{
    embedded::people::Role,
    http::{self, Who, routes::Row},
};
use reqwest::Method;
use support::{Browser, Server, both_stores, owned, people};

/// What each actor gets: signed out, the owner, another driver, a driver of
/// another organisation, the operator's staff. An id in a path is the owner's.
struct Expected {
    who: Who,
    statuses: [u16; 5],
}

fn expected(row: &Row) -> Expected {
    let device = path::device("{id}");
    let of_session = [path::session("{id}"), path::cost_breakdown("{id}")];
    let (who, statuses) = match (row.method.as_str(), row.path.as_str()) {
        ("GET", path::HEALTH | path::READY) => (Who::Anybody, [200; 5]),
        // An empty body is refused before anybody is asked who they are.
        ("POST", path::SIGN_IN | path::PASSWORD_RESET | path::PASSWORD_RESET_CONFIRM) => {
            (Who::Anybody, [400; 5])
        }
        ("DELETE", path::SIGN_IN) => (Who::Anybody, [204; 5]),
        ("GET", path::ME | path::DEVICES) => (Who::SignedIn, [401, 200, 200, 200, 200]),
        ("GET", path::WHO) => (Who::Anybody, [204, 200, 200, 200, 200]),
        ("PATCH", path::ME) => (Who::SignedIn, [401, 200, 200, 200, 200]),
        ("DELETE", path::DEVICES) => (Who::SignedIn, [401, 204, 204, 204, 204]),
        ("DELETE", of) if of == device => (Who::SignedIn, [401, 204, 404, 404, 404]),
        ("GET" | "PUT", path::BILLING) => (Who::Drivers, [401, 200, 200, 200, 403]),
        ("GET", path::SESSIONS | path::SESSION_SUMMARY) => {
            (Who::Drivers, [401, 200, 200, 200, 403])
        }
        ("GET", of) if of_session.iter().any(|path| path == of) => {
            (Who::Drivers, [401, 200, 404, 404, 403])
        }
        ("GET", of) if of == path::receipt("{id}") => (Who::Drivers, [401, 200, 404, 404, 403]),
        ("GET", path::SESSIONS_CSV | path::RECEIPTS_ZIP) => {
            (Who::Drivers, [401, 200, 200, 200, 403])
        }
        ("POST", of) if of == path::dispute_of("{id}") => (Who::Drivers, [401, 201, 404, 404, 403]),
        ("GET", path::DISPUTES) => (Who::Drivers, [401, 200, 200, 200, 403]),
        ("GET", of) if of == path::dispute("{id}") => (Who::Drivers, [401, 200, 404, 404, 403]),
        ("POST", of) if of == path::dispute_messages("{id}") => {
            (Who::Drivers, [401, 200, 404, 404, 403])
        }
        // Only the kind of the body is wrong.
        ("POST", path::DISPUTE_FILES) => (Who::Drivers, [401, 415, 415, 415, 403]),
        ("GET", of) if of == path::dispute_file("{id}") => {
            (Who::SignedIn, [401, 200, 404, 404, 200])
        }
        ("GET", path::DESK_DISPUTES) => (Who::Staff, [401, 403, 403, 403, 200]),
        ("POST", of)
            if [
                path::desk_review("{id}"),
                path::desk_question("{id}"),
                path::desk_decision("{id}"),
            ]
            .contains(&of.to_owned()) =>
        {
            (Who::Staff, [401, 403, 403, 403, 200])
        }
        ("GET", path::RESERVATIONS) => (Who::Drivers, [401, 200, 200, 200, 403]),
        // Staff book for guests, and hold nothing.
        ("GET", path::CHARGE_POINTS | path::HOLDS | path::EVENTS | path::BOOKINGS) => {
            (Who::Bookers, [401, 200, 200, 200, 200])
        }
        // Where one can charge is no secret among those who book.
        ("GET", of) if of == path::charge_point("{id}") => {
            (Who::Bookers, [401, 200, 200, 200, 200])
        }
        // Nothing says where.
        ("GET", path::SEARCH | path::BOOKING_OPTIONS) | ("POST", path::BOOKINGS) => {
            (Who::Bookers, [401, 400, 400, 400, 400])
        }
        ("GET", of) if of == path::booking("{id}") || of == path::booking_detail("{id}") => {
            (Who::Bookers, [401, 200, 404, 404, 404])
        }
        ("POST", of) if of == path::cancel_booking("{id}") || of == path::guest_link("{id}") => {
            (Who::Bookers, [401, 200, 404, 404, 404])
        }
        // Without its secret.
        ("POST", path::GUEST) => (Who::Anybody, [400; 5]),
        // There is no such charge point.
        ("POST", path::RESERVATIONS) => (Who::Drivers, [401, 404, 404, 404, 403]),
        ("DELETE", of) if of == path::reservation("{id}") => {
            (Who::Drivers, [401, 204, 404, 404, 403])
        }
        ("POST", of) if of == path::extend_hold("{id}") => {
            (Who::Drivers, [401, 200, 404, 404, 403])
        }
        ("GET", path::USAGE) => (Who::SignedIn, [401, 200, 200, 200, 200]),
        // Nothing says from when until when.
        ("GET", path::FLEET_REPORT) => (Who::SignedIn, [401, 403, 400, 403, 403]),
        (method, of) if of.contains("/groups") => of_groups(method, of),
        // Not a WebSocket.
        ("GET", of) if of == path::ocpp("{id}") => (Who::Anybody, [400; 5]),
        (method, path) => panic!("nobody says who may {method} {path}"),
    };
    Expected { who, statuses }
}

/// Of a group that the manager looks after: for others there is none.
fn of_groups(method: &str, of: &str) -> (Who, [u16; 5]) {
    let made = [
        path::bulk_tokens("{id}"),
        path::group_members("{id}"),
        path::replace_token("{id}", "{token}"),
    ];
    let statuses = match (method, of) {
        ("GET", path::FLEET_GROUPS | path::GROUPS) => [401, 200, 200, 200, 200],
        // Only who looks after a company makes groups.
        ("POST", path::FLEET_GROUPS) => [401, 403, 201, 403, 403],
        ("POST", of) if made.iter().any(|path| path == of) => [401, 404, 201, 404, 404],
        ("DELETE", _) => [401, 404, 204, 404, 404],
        _ => [401, 404, 200, 404, 404],
    };
    (Who::SignedIn, statuses)
}

/// By what stands before the `@`.
const ACTORS: [&str; 5] = ["nobody", "employee", "manager", "elsewhere", "desk"];

async fn browser_of(server: &Server, actor: &str) -> Browser {
    match actor {
        "nobody" => server.browser(),
        actor => server.signed_in(&format!("{actor}@example.com")).await,
    }
}

async fn ask(server: &Server, browser: &Browser, row: &Row, path: &str) -> u16 {
    let request = browser.request(row.method.clone(), path);
    let request = match row.method {
        Method::GET | Method::DELETE => request,
        _ => request
            .header("content-type", "application/json")
            .body(owned::body(server, path)),
    };
    // Some answers never end.
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_gives_everybody_exactly_what_is_theirs() {
    both_stores(async |server| {
        owned::everybody(server).await;
        for row in http::routes_of(&server.app) {
            let expected = expected(&row);
            assert_eq!(row.who, expected.who, "{} {}", row.method, row.path);
            for (actor, status) in ACTORS.into_iter().zip(expected.statuses) {
                let id = if row.path.contains("{id}") {
                    owned::id_for(server, &row.path).await
                } else {
                    String::new()
                };
                let path = row.path.replace("{id}", &id);
                let path = owned::with_part_of_group(server, path).await;
                let browser = browser_of(server, actor).await;
                let got = ask(server, &browser, &row, &path).await;
                assert_eq!(got, status, "{actor}: {} {path}", row.method);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_counts_from_the_next_request_on() {
    both_stores(async |server| {
        people::add(server, "desk@example.com", &[Role::Staff]).await;
        let browser = server.signed_in("desk@example.com").await;
        assert_eq!(browser.get(path::SESSIONS).await.status, 403);
        let mut write = server.store().write().await.unwrap();
        sqlx::query("insert into person_roles (person_id, role) values ('usr_desk', 'driver')")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        assert_eq!(browser.get(path::SESSIONS).await.status, 200);
    })
    .await;
}
