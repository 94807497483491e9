//! Groups for tests.

use portal_api::{
    money::{Currency, Money},
    petit_monde::group::{BulkTokens, TokenKind},
    time::Month,
};
use portal_server::embedded::{
    groups::{
        self, Group,
        limits::{self, Balance},
        members,
        tokens::{self, Record},
    },
    people::put_organisation,
};

use super::{Server, charge_point, people};

/// What all groups of tests belong to.
pub const ORGANISATION: &str = "org_QUAY";

pub fn euros(minor: i64) -> Money {
    money(minor, "EUR")
}

pub fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::new(code).unwrap())
}

/// Adds that organisation.
pub async fn organisation(server: &Server) {
    let mut write = server.store().write().await.unwrap();
    let organisation = people::organisation(ORGANISATION, "Quayside Freight");
    put_organisation(&mut write, &organisation).await.unwrap();
    write.commit().await.unwrap();
}

/// Makes a group with limits of a month and of one charge, in cents.
pub async fn make(server: &Server, id: &str, limits: (Option<i64>, Option<i64>)) -> Group {
    make_in(server, id, "EUR", limits).await
}

/// The same, in another currency.
pub async fn make_in(
    server: &Server,
    id: &str,
    code: &str,
    (monthly_limit, per_session_limit): (Option<i64>, Option<i64>),
) -> Group {
    let group = Group {
        id: format!("group_{id}"),
        name: format!("Group {id}"),
        organisation_id: ORGANISATION.into(),
        person_id: format!("usr_of_{id}"),
        parent_tag: id.to_uppercase(),
        currency: Currency::new(code).unwrap(),
        monthly_limit,
        per_session_limit,
        time_zone: groups::USUAL_ZONE,
        created: server.clock().now(),
    };
    let mut write = server.store().write().await.unwrap();
    groups::put(&mut write, &group).await.unwrap();
    write.commit().await.unwrap();
    group
}

/// A group that pays in kroner where charge points are, and its three cards.
pub async fn ready(server: &Server, limits: (Option<i64>, Option<i64>)) -> (Group, Vec<Record>) {
    charge_point::lay(server).await;
    organisation(server).await;
    let group = make_in(server, "fleet", "NOK", limits).await;
    let asked = BulkTokens {
        count: 3,
        kind: TokenKind::Rfid,
        label_prefix: Some("Transporter ".into()),
    };
    let mut write = server.store().write().await.unwrap();
    let cards = tokens::mint(&mut write, &group, &asked, server.clock().now())
        .await
        .unwrap();
    write.commit().await.unwrap();
    (group, cards)
}

/// What a group has spent and set aside in June 2025.
pub async fn balance(server: &Server, group: &Group) -> Balance {
    let mut reader = server.store().readers().acquire().await.unwrap();
    let month = Month::from_number(202_506).unwrap();
    limits::month(&mut reader, &group.id, month).await.unwrap()
}

/// Gives a group other limits.
pub async fn limit(server: &Server, group: &Group, limits: (Option<i64>, Option<i64>)) {
    let mut write = server.store().write().await.unwrap();
    groups::limit(&mut write, group, limits).await.unwrap();
    write.commit().await.unwrap();
}

/// Makes somebody a colleague, and takes them into a group if one is named.
pub async fn join(server: &Server, person_id: &str, group: Option<(&Group, bool)>) {
    let mut write = server.store().write().await.unwrap();
    sqlx::query("update people set organisation_id = $2 where id = $1")
        .bind(person_id)
        .bind(ORGANISATION)
        .execute(&mut *write)
        .await
        .unwrap();
    if let Some((group, admin)) = group {
        members::add(
            &mut write,
            &group.id,
            person_id,
            admin,
            server.clock().now(),
        )
        .await
        .unwrap();
    }
    write.commit().await.unwrap();
}
