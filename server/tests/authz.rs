//! Who gets what from every path: a route without a line here fails.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{dynamo::dispute::DisputeRequest, path, portal::disputes::DisputeFile};
use portal_server::{
    config::DemoSize,
    embedded::{
        demo,
        people::{self as people_of_store, Role},
    },
    http::{self, Who, routes::Row},
};
use reqwest::Method;
use support::{Browser, Server, both_stores, disputes, people};

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

/// The demo's people, and one of another organisation.
async fn everybody(server: &Server) {
    demo::fill(server.store(), DemoSize::Small, server.clock().now())
        .await
        .unwrap();
    people::add(server, "elsewhere@example.com", &[Role::Employee]).await;
    let mut write = server.store().write().await.unwrap();
    let elsewhere = people::organisation("org_elsewhere", "Elsewhere");
    people_of_store::put_organisation(&mut write, &elsewhere)
        .await
        .unwrap();
    sqlx::query("update people set organisation_id = 'org_elsewhere' where id = 'usr_elsewhere'")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

async fn browser_of(server: &Server, actor: &str) -> Browser {
    match actor {
        "nobody" => server.browser(),
        actor => server.signed_in(&format!("{actor}@example.com")).await,
    }
}

/// The id of something of the owner's.
async fn owned_id(server: &Server, path: &str) -> String {
    if path.contains("/disputes/") {
        let owner = server.signed_in("employee@example.com").await;
        return disputes::file(&owner, &undisputed(server).await, "wrong")
            .await
            .dispute_id;
    }
    if path.contains("/groups/") {
        return "group_lager_sued".into();
    }
    if path == path::dispute_of("{id}") || path == path::receipt("{id}") {
        return undisputed(server).await;
    }
    if path == path::reservation("{id}") || path == path::extend_hold("{id}") {
        return add_hold(server).await;
    }
    if path.contains("/bookings/") {
        return add_booking(server).await;
    }
    let mine = if path.contains("/charge-points/") {
        "select id from charge_points order by id limit 1"
    } else if path == path::dispute_file("{id}") {
        add_file(server).await;
        "select id from dispute_files limit 1"
    } else if path.contains("/sessions/") {
        "select s.id from sessions s join people p on p.id = s.driver_id
        where p.email = 'employee@example.com' order by s.id limit 1"
    } else {
        server.signed_in("employee@example.com").await;
        "select d.id from devices d join people p on p.id = d.person_id
        where p.email = 'employee@example.com' order by d.id limit 1"
    };
    sqlx::query_scalar(mine)
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}

/// A path with a token of the group's in it, or somebody of the group.
async fn with_part_of_group(server: &Server, path: String) -> String {
    let (part, find) = if path.contains("{token}") {
        let first = "select id from group_tokens where group_id = 'group_lager_sued'
            order by position limit 1";
        ("{token}", first)
    } else {
        (
            "{person}",
            "select id from people where email = 'group@example.com'",
        )
    };
    if !path.contains(part) {
        return path;
    }
    let id: String = sqlx::query_scalar(find)
        .fetch_one(server.store().readers())
        .await
        .unwrap();
    path.replace(part, &id)
}

/// A plug that the owner holds for half an hour from now.
async fn add_hold(server: &Server) -> String {
    let mut write = server.store().write().await.unwrap();
    sqlx::query("update reservations set stage = 'over', ended = coalesce(ended, 'expired')")
        .execute(&mut *write)
        .await
        .unwrap();
    let now = server.clock().now();
    let id = sqlx::query_scalar(
        "insert into reservations (id, number, person_id, charge_point_id, connector, id_tag,
            sent_tag, stage, fingerprint, expires_at, created_at, updated_at)
            select 'rsv_' || n, n, p.id, 'CP-GOE-01', 1, 'x', 'X', 'held', '', $1, $2, $2
            from people p, (select count(*) + 1 as n from reservations) counted
            where p.email = 'employee@example.com' returning id",
    )
    .bind(now.plus_seconds(1_800).millis())
    .bind(now.millis())
    .fetch_one(&mut *write)
    .await
    .unwrap();
    write.commit().await.unwrap();
    id
}

/// A plug that the owner has booked for a guest, later than all others.
async fn add_booking(server: &Server) -> String {
    let mut write = server.store().write().await.unwrap();
    let id = sqlx::query_scalar(
        "insert into bookings (id, booker_id, payer_id, site_id, charge_point_id, connector,
            evse_uid, starts_at, ends_at, strategy, tag, status, status_at, currency,
            estimate_minor, created_at, updated_at)
            select '00000000-0000-4000-8000-' || (100000000000 + n), p.id, p.id, c.site_id, c.id, 1,
                'x', $1 + n * 3600000, $1 + (n + 1) * 3600000, 'ad_hoc', 'X', 'CONFIRMED', $2,
                'EUR', 100, $2, $2
            from people p, charge_points c, (select count(*) as n from bookings) counted
            where p.email = 'employee@example.com' and c.id = 'CP-GOE-01' returning id",
    )
    .bind(server.clock().now().plus_seconds(1_000_000).millis())
    .bind(server.clock().now().millis())
    .fetch_one(&mut *write)
    .await
    .unwrap();
    write.commit().await.unwrap();
    id
}

/// A session of the owner's that nobody disputes yet.
async fn undisputed(server: &Server) -> String {
    // Nobody files so many in an hour.
    server.clock().advance(60 * 60);
    sqlx::query_scalar(
        "select s.id from sessions s join people p on p.id = s.driver_id
        where p.email = 'employee@example.com' and s.cost_minor > 0
            and not exists (select 1 from disputes d where d.session_id = s.id)
        order by s.id limit 1",
    )
    .fetch_one(server.store().readers())
    .await
    .unwrap()
}

/// A paper that goes with a dispute of the owner's.
async fn add_file(server: &Server) {
    let owner = server.signed_in("employee@example.com").await;
    let request = owner
        .request(Method::POST, path::DISPUTE_FILES)
        .header("content-type", "application/pdf")
        .body("%PDF-1.7 startxref 9 %%EOF");
    let file: DisputeFile = owner.send(request).await.json();
    let request = DisputeRequest {
        files: vec![file.id],
        ..disputes::saying("see the paper")
    };
    let filed = disputes::try_file(&owner, &undisputed(server).await, &request).await;
    assert_eq!(filed.status, 201, "{}", filed.text);
}

/// What would be right to send, or nothing.
fn body(server: &Server, path: &str) -> String {
    let later = server.clock().now().plus_seconds(1_800);
    match path.rsplit('/').next() {
        Some("dispute") => r#"{"reason":"wrong"}"#.into(),
        Some("groups") => r#"{"name":"Night shift"}"#.into(),
        Some("bulk") => r#"{"count":1,"type":"RFID"}"#.into(),
        Some("members") => r#"{"email":"admin@example.com"}"#.into(),
        Some(token) if token.starts_with("tok_") => r#"{"label":"Van"}"#.into(),
        Some(person) if person.starts_with("usr_") => r#"{"admin":false}"#.into(),
        Some("messages" | "questions") => r#"{"text":"well"}"#.into(),
        Some("decision") => r#"{"outcome":"rejected","text":"no"}"#.into(),
        Some("extend") => format!(r#"{{"expires_at":"{later}"}}"#),
        Some("reservations") => format!(
            r#"{{"charge_point_id":"CP-NONE","connector_id":1,"expires_at":"{later}",
                "id_tag":"x"}}"#
        ),
        _ => "{}".into(),
    }
}

async fn ask(server: &Server, browser: &Browser, row: &Row, path: &str) -> u16 {
    let request = browser.request(row.method.clone(), path);
    let request = match row.method {
        Method::GET | Method::DELETE => request,
        _ => request
            .header("content-type", "application/json")
            .body(body(server, path)),
    };
    // Some answers never end.
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_gives_everybody_exactly_what_is_theirs() {
    both_stores(async |server| {
        everybody(server).await;
        for row in http::routes_of(&server.app) {
            let expected = expected(&row);
            assert_eq!(row.who, expected.who, "{} {}", row.method, row.path);
            for (actor, status) in ACTORS.into_iter().zip(expected.statuses) {
                let id = if row.path.contains("{id}") {
                    owned_id(server, &row.path).await
                } else {
                    String::new()
                };
                let path = row.path.replace("{id}", &id);
                let path = with_part_of_group(server, path).await;
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
