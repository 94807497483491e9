//! The disk is full: every change is refused and none is half made, all that can be read
//! is read, and once there is room again the server goes on without a restart.
//!
//! On SQLite only. A PostgreSQL's disk is its own: the server hears 53100 from it or, where
//! its log has no room either, loses it until it is back, and says in both cases that it
//! is busy (`http/refusal.rs`). To fill that disk takes the right to mount one where the
//! tests' PostgreSQL sees it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use portal_api::{
    dynamo::reservation::ReservationRequest,
    path,
    problem::{Code, Problem},
};
use portal_server::{
    clock::Clock,
    config::Config,
    embedded::{Store, resets},
    http::{self, Who, routes::Row},
    ids,
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    Answer, Database, Server, bookings,
    charge_point::{self, ChargePoint},
    crash::{Table, browser_at, connect, serve},
    database, owned, people,
    program::Program,
    small_disk::{self, Ballast},
};

const RESET_TOKEN: &str = "a-letter-that-came-before-the-disk-was-full";

/// A request that is right.
struct Wish {
    method: Method,
    path: String,
    content_type: &'static str,
    body: String,
    key: String,
    cookie: Option<String>,
}

impl Wish {
    async fn ask(&self, program: &Program) -> Answer {
        let browser = browser_at(program, &self.cookie);
        let request = browser.request(self.method.clone(), &self.path);
        let request = match self.method {
            Method::GET | Method::DELETE => request,
            _ => request
                .header("content-type", self.content_type)
                .header("idempotency-key", &self.key)
                .body(self.body.clone()),
        };
        browser.send(request).await
    }
}

/// Who asks, by what stands before the `@`: whoever signs out does nothing else.
fn asker(row: &Row) -> Option<&'static str> {
    match (row.method.as_str(), &row.path[..]) {
        ("DELETE", path::SIGN_IN) => Some("host"),
        ("DELETE", path::DEVICES) => Some("new"),
        ("DELETE", of) if of == path::device("{id}") => Some("driver"),
        ("GET", path::FLEET_REPORT) => Some("manager"),
        (_, of) if of.contains("/groups") => Some("manager"),
        _ => match row.who {
            Who::Anybody => None,
            Who::SignedIn | Who::Drivers | Who::Bookers => Some("employee"),
            Who::Staff => Some("desk"),
        },
    }
}

async fn one(server: &Server, query: &'static str) -> String {
    let reader = server.store().readers();
    sqlx::query_scalar(query).fetch_one(reader).await.unwrap()
}

/// The path with the id of something that the asker may change.
async fn filled_in(server: &Server, row: &Row) -> String {
    let of = &row.path;
    let id = if *of == path::device("{id}") {
        let drivers = "select d.id from devices d join people p on p.id = d.person_id
            where p.email = 'driver@example.com'";
        one(server, drivers).await
    } else if *of == path::reservation("{id}") {
        // There is one to be extended, and one connector is held once.
        one(server, "select id from reservations where stage = 'held'").await
    } else if of.contains("{id}") {
        owned::id_for(server, of).await
    } else {
        String::new()
    };
    owned::with_part_of_group(server, of.replace("{id}", &id)).await
}

/// What a path that only reads is asked about.
fn question(server: &Server, path: &str) -> String {
    let now = server.clock().now();
    let recently = now.plus_seconds(-3 * 86_400).to_string();
    let (from, until) = (&recently[..10], &now.to_string()[..10]);
    match path {
        path::SEARCH => "?lat=47.995&lng=7.85".into(),
        path::BOOKING_OPTIONS => {
            let (start, end) = (now.plus_seconds(3_600), now.plus_seconds(7_200));
            format!("?location_id=site_BGO&evse_uid=NZ*QUA*ECP-BGO*1&start={start}&end={end}")
        }
        path::FLEET_REPORT => format!("?period_start={from}&period_end={until}"),
        // The receipts of two years take their time.
        path::RECEIPTS_ZIP => format!("?from_date={recently}"),
        _ => String::new(),
    }
}

async fn body(server: &Server, path: &str) -> String {
    let now = server.clock().now();
    let body = match path {
        path::SIGN_IN => {
            json!({ "email": "admin@example.com", "password": people::PASSWORD,
            "shared_device": false })
        }
        path::ME => json!({ "name": "Somebody Else" }),
        path::BILLING => json!({ "address": "2 Quay Street", "vat_id": null }),
        path::PASSWORD_RESET => json!({ "email": "employee@example.com", "language": "en" }),
        path::PASSWORD_RESET_CONFIRM => {
            json!({ "token": RESET_TOKEN, "password": "another-charge-ahead" })
        }
        path::DISPUTE_FILES => return "%PDF-1.7 startxref 9 %%EOF".into(),
        path::GUEST => json!({ "secret": guests_secret(server).await }),
        path::RESERVATIONS => json!(ReservationRequest {
            charge_point_id: "CP-BGO".into(),
            connector_id: 2,
            expires_at: now.plus_seconds(900),
            id_tag: "employee@example.com".into(),
        }),
        path::BOOKINGS => {
            let employee = "select id from people where email = 'employee@example.com'";
            let mut request = bookings::request_from(now.plus_seconds(86_400), 1, 60);
            request.customer_id = Some(one(server, employee).await);
            json!(request)
        }
        of if of == path::fleet_group("group_lager_sued") => json!({ "name": "Early shift" }),
        _ => return owned::body(server, path),
    };
    body.to_string()
}

/// Of a link that was made while there was room.
async fn guests_secret(server: &Server) -> String {
    let booking = owned::id_for(server, &path::guest_link("{id}")).await;
    let owner = server.signed_in("employee@example.com").await;
    let made = owner.post(&path::guest_link(booking), &json!({})).await;
    let link = made.value()["link"].as_str().unwrap().to_owned();
    link.split_once('#').unwrap().1.to_owned()
}

async fn wish(server: &Server, row: &Row, cookies: &Cookies) -> Wish {
    let path = filled_in(server, row).await;
    let content_type = match &path[..] {
        path::DISPUTE_FILES => "application/pdf",
        _ => "application/json",
    };
    let reads = row.method == Method::GET;
    Wish {
        body: if reads {
            String::new()
        } else {
            body(server, &path).await
        },
        path: if reads {
            path.clone() + &question(server, &path)
        } else {
            path
        },
        method: row.method.clone(),
        content_type,
        key: ids::new_token().unwrap(),
        cookie: asker(row).and_then(|asker| cookies[asker].clone()),
    }
}

/// What everybody's browser keeps.
type Cookies = BTreeMap<&'static str, Option<String>>;

async fn sign_everybody_in(server: &Server) -> Cookies {
    let mut cookies = Cookies::new();
    // Who signs out everywhere else has to be somewhere else.
    for asker in [
        "employee", "manager", "desk", "driver", "new", "new", "host",
    ] {
        let browser = server.signed_in(&format!("{asker}@example.com")).await;
        cookies.insert(asker, browser.cookie);
    }
    cookies
}

/// Whether a route has an answer that is one and ends.
fn answers(row: &Row) -> bool {
    row.path != path::EVENTS && row.path != path::USAGE && row.path != path::ocpp("{id}")
}

/// For whoever has forgotten their password.
async fn bring_a_letter(server: &Server) {
    let mut write = server.store().write().await.unwrap();
    let until = server.clock().now().plus_seconds(resets::LIFETIME);
    let hash = ids::hash(RESET_TOKEN);
    resets::add(&mut write, &hash, "usr_elsewhere", until)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

/// What is held is held where a charge point will be connected.
async fn move_hold(server: &Server) {
    let mut write = server.store().write().await.unwrap();
    let here = "update reservations set charge_point_id = 'CP-BGO' where stage = 'held'";
    sqlx::query(here).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}

/// Something to ask of every route: what reads, and what changes, removals last.
async fn prepare(folder: &Path) -> (Vec<Wish>, Vec<Wish>) {
    let config = Config {
        data: folder.to_owned(),
        ..Config::default()
    };
    let clock = Clock::system();
    let store = Database::Sqlite.open(folder, &clock).await;
    let server = Server::start(config, clock, store).await;
    owned::everybody(&server).await;
    charge_point::lay(&server).await;
    bring_a_letter(&server).await;
    let cookies = sign_everybody_in(&server).await;
    let (mut reads, mut changes) = (Vec::new(), Vec::new());
    let mut rows = http::routes_of(&server.app);
    rows.retain(answers);
    // Removals last. The others make disputes of their own, and this path takes a session
    // that has none.
    let is_dispute = |row: &Row| row.path == path::dispute_of("{id}");
    rows.sort_by_key(|row| (row.method == Method::DELETE, is_dispute(row)));
    for row in rows {
        let wish = wish(&server, &row, &cookies).await;
        let list = if row.method == Method::GET {
            &mut reads
        } else {
            &mut changes
        };
        list.push(wish);
    }
    move_hold(&server).await;
    server.stop().await;
    (reads, changes)
}

/// Says no as the path's system does, and when to ask again.
fn assert_refused(answer: &Answer, wish: &Wish) {
    let said = format!("{} {}: {}", wish.method, wish.path, answer.text);
    assert_eq!(answer.status, 503, "{said}");
    assert!(answer.header("retry-after").is_some(), "{said}");
    let petit_monde = ["/api/v1/client/", "/api/v1/fleet/"];
    if petit_monde.iter().any(|start| wish.path.starts_with(start)) {
        assert!(answer.value()["error"].is_string(), "{said}");
    } else if wish.path.starts_with("/api/v1/") {
        assert!(answer.value()["error"]["code"].is_string(), "{said}");
    } else {
        assert_eq!(answer.json::<Problem>().code, Code::Busy, "{said}");
    }
}

async fn assert_all_is_read(program: &Program, reads: &[Wish]) {
    for wish in reads {
        let answer = wish.ask(program).await;
        let said = format!("{}: {} {}", wish.path, answer.status, answer.text);
        assert!((200..300).contains(&answer.status), "{said}");
    }
}

async fn assert_all_is_done(program: &Program, changes: &[Wish]) {
    for wish in changes {
        let answer = wish.ask(program).await;
        let said = format!(
            "{} {}: {} {}",
            wish.method, wish.path, answer.status, answer.text
        );
        assert!((200..300).contains(&answer.status), "{said}");
    }
}

/// Makes it so long since everybody was here that the server would note that they are.
async fn age_sign_ins(store: &Store) {
    let mut write = store.write().await.unwrap();
    sqlx::query(
        "update devices set last_seen_at = last_seen_at - 1200000,
            signed_in_at = signed_in_at - 1200000",
    )
    .execute(&mut *write)
    .await
    .unwrap();
    write.commit().await.unwrap();
}

/// A charge point reports what its second connector is doing.
async fn report(point: &mut ChargePoint) -> Value {
    let status = json!({ "connectorId": 2, "status": "Available", "errorCode": "NoError",
        "timestamp": Clock::system().now().to_string() });
    point.call("StatusNotification", status).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_every_change_and_no_question() {
    let Some(folder) = small_disk::folder("a_full_disk_refuses_every_change_and_no_question")
    else {
        return;
    };
    let (reads, changes) = prepare(&folder).await;
    let program = Program::start(&folder, &[]);
    let mut point = connect(&program).await;
    assert_eq!(report(&mut point).await, json!({}));
    let store = Store::sqlite(&database::file(&folder), &Clock::system())
        .await
        .unwrap();
    assert_all_is_read(&program, &reads).await;
    age_sign_ins(&store).await;

    let ballast = Ballast::fill(&folder);
    let before = database::contents(&store).await;
    assert_all_is_read(&program, &reads).await;
    for wish in &changes {
        assert_refused(&wish.ask(&program).await, wish);
    }
    assert_eq!(
        report(&mut point).await,
        "InternalError",
        "it is to say so again"
    );
    assert!(
        database::contents(&store).await == before,
        "half of something was written"
    );

    drop(ballast);
    assert_eq!(report(&mut point).await, json!({}));
    let table = Table::new(BTreeSet::new());
    tokio::select! {
        () = serve(point, &table, async || {}, async || {}) => panic!("the server is gone"),
        () = assert_all_is_done(&program, &changes) => {}
    }
    // What the server does unasked, it does again, too.
    program.says("letter: ");
    let whole: String = sqlx::query_scalar("pragma integrity_check")
        .fetch_one(store.readers())
        .await
        .unwrap();
    assert_eq!(whole, "ok");
    store.close().await;
    program.kill();
}
