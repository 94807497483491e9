//! Something of everybody's for every path: the demo's people, and what an id in a path
//! names. The owner is the demo's employee, and its manager's the group.

use portal_api::{dynamo::dispute::DisputeRequest, path, portal::disputes::DisputeFile};
use portal_server::{
    config::DemoSize,
    embedded::{
        demo,
        people::{self as people_of_store, Role},
    },
};
use reqwest::Method;

use super::{Server, disputes, people};

/// The demo's people, and one of another organisation.
pub async fn everybody(server: &Server) {
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

/// The id of something of the owner's.
pub async fn id_for(server: &Server, path: &str) -> String {
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
pub async fn with_part_of_group(server: &Server, path: String) -> String {
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
    for statement in [
        "update reservations set stage = 'over', ended = coalesce(ended, 'expired')",
        "update counters set value = value + 1 where name = 'reservation'",
    ] {
        sqlx::query(statement).execute(&mut *write).await.unwrap();
    }
    let now = server.clock().now();
    let id = sqlx::query_scalar(
        "insert into reservations (id, number, person_id, charge_point_id, connector, id_tag,
            sent_tag, stage, fingerprint, expires_at, created_at, updated_at)
            select 'rsv_' || n, n, p.id, 'CP-GOE-01', 1, 'x', 'X', 'held', '', $1, $2, $2
            from people p, (select value as n from counters where name = 'reservation') c
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
pub fn body(server: &Server, path: &str) -> String {
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
