//! Whoever leaves a group leaves what they booked on its account.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use futures_util::future::join_all;
use portal_api::{
    path,
    petit_monde::booking::{Booking, BookingStatus},
    portal::{
        bookings::BookingTrouble,
        groups::{MemberPage, MyGroups},
    },
};
use portal_server::embedded::{groups::Group, people::Role};
use serde_json::json;
use support::{
    Browser, Server,
    bookings::{self, book, book_in_a_crowd, detail, for_group, letters, request, status},
    both_stores, charge_point, groups, people,
    stock::import,
};

/// A group with a month's limit, who looks after it, and a member who drives, too.
async fn ready(server: &Server) -> (Group, Browser, Browser) {
    charge_point::lay(server).await;
    let group = bookings::group(server, "van", (Some(100_000), None)).await;
    people::add(server, "boss@example.com", &[Role::Manager]).await;
    groups::join(server, "usr_boss", Some((&group, true))).await;
    groups::join(server, "usr_member", None).await;
    let boss = server.signed_in("boss@example.com").await;
    let member = server.signed_in("member@example.com").await;
    (group, boss, member)
}

/// What the group has spent and set aside.
async fn sums(server: &Server) -> (i64, i64) {
    sqlx::query_as("select spent, held from group_months")
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}

async fn left_group_letters(server: &Server) -> usize {
    let kinds = letters(server).await;
    kinds
        .iter()
        .filter(|kind| *kind == "booking-left-group")
        .count()
}

#[tokio::test]
async fn what_a_member_booked_is_given_up_when_they_are_taken_out() {
    both_stores(async |server| {
        let (group, boss, member) = ready(server).await;
        bookings::terms(server, 900, 250, 240).await;
        let soon = book(&member, &for_group(request(server, 1, 40, 60), &group.id)).await;
        let late = book(&member, &for_group(request(server, 2, 90, 60), &group.id)).await;
        for booking in [&soon, &late] {
            assert_eq!(
                status(server, &member, &booking.id).await,
                BookingStatus::Confirmed
            );
        }
        let mut own = request(server, 3, 90, 60);
        own.customer_id = Some("usr_member".into());
        let own = book(&member, &own).await;
        // The group has it back whole, but for the one that is given up late.
        assert_eq!(sums(server).await, (0, 2 * 2_160));
        let gone = boss
            .delete(&path::group_member(&group.id, "usr_member"))
            .await;
        assert_eq!(gone.status, 204, "{}", gone.text);
        assert_eq!(sums(server).await, (250, 0));
        let told = |booking: &Booking| told(server, booking.id.clone());
        assert_eq!(told(&soon).await, ("CANCELLED".into(), Some(250)));
        assert_eq!(told(&late).await, ("CANCELLED".into(), Some(0)));
        assert_ne!(told(&own).await.0, "CANCELLED");
        assert_eq!(left_group_letters(server).await, 2);
    })
    .await;
}

async fn told(server: &Server, id: String) -> (String, Option<i64>) {
    sqlx::query_as("select status, price_minor from bookings where id = $1")
        .bind(id)
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}

#[tokio::test]
async fn who_goes_sees_why_and_keeps_what_another_group_pays() {
    both_stores(async |server| {
        let (group, boss, _) = ready(server).await;
        let other = groups::make_in(server, "other", "NOK", (None, None)).await;
        let mut write = server.store().write().await.unwrap();
        for statement in [
            "insert into group_members (group_id, person_id, admin, added_at)
                values ('group_other', 'usr_member', 0, 0)",
            "insert into group_tokens (id, uid, group_id, position, kind, label, created_at)
                values ('tok_other', 'OTHER1', 'group_other', 1, 'RFID', 'Van 1', 0)",
        ] {
            sqlx::query(statement).execute(&mut *write).await.unwrap();
        }
        write.commit().await.unwrap();
        let member = server.signed_in("member@example.com").await;
        let ours = book(&member, &for_group(request(server, 1, 90, 60), &group.id)).await;
        let theirs = book(&member, &for_group(request(server, 2, 90, 60), &other.id)).await;
        let gone = member
            .delete(&path::group_member(&group.id, "usr_member"))
            .await;
        assert_eq!(gone.status, 204, "{}", gone.text);
        let ours = detail(&member, &ours.id).await;
        assert_eq!(ours.booking.status, BookingStatus::Cancelled);
        assert_eq!(ours.trouble, Some(BookingTrouble::LeftGroup));
        assert_eq!(
            status(server, &member, &theirs.id).await,
            BookingStatus::Confirmed
        );
        // Whoever comes back begins anew.
        groups::join(server, "usr_member", Some((&group, false))).await;
        let again = book(&member, &for_group(request(server, 1, 90, 60), &group.id)).await;
        assert_eq!(
            status(server, &member, &again.id).await,
            BookingStatus::Confirmed
        );
        let all: MemberPage = boss.get(&path::group_members(&group.id)).await.json();
        assert_eq!(all.total, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_books_while_they_are_taken_out_has_nothing_left_on_the_groups_account() {
    both_stores(async |server| {
        let (group, boss, member) = ready(server).await;
        for round in 0..8 {
            groups::join(server, "usr_member", Some((&group, false))).await;
            let tries = (1..=4).map(|connector| {
                let request = request(server, connector, 60 + round * 60, 60);
                let request = for_group(request, &group.id);
                let member = &member;
                async move { book_in_a_crowd(member, &request).await.status }
            });
            let one = path::group_member(&group.id, "usr_member");
            let (tried, gone) = tokio::join!(join_all(tries), boss.delete(&one));
            assert_eq!(gone.status, 204, "{}", gone.text);
            // Refused as nobody's group, or as nobody who books at all.
            let fair = |status: &u16| [202, 400, 403].contains(status);
            assert!(tried.iter().all(fair), "{tried:?}");
            server.app.charging.go_on_with_bookings().await.unwrap();
            let open: i64 = sqlx::query_scalar(
                "select count(*) from bookings where status in ('REQUESTED', 'PENDING',
                    'CONFIRMED')",
            )
            .fetch_one(server.store().readers())
            .await
            .unwrap();
            assert_eq!(open, 0, "round {round}");
        }
    })
    .await;
}

const MOVES: &str = r#"
[[organisations]]
id = "org_QUAY"
name = "Quayside Freight"

[[organisations]]
id = "org_NEW"
name = "New Freight"

[[people]]
email = "boss@example.com"
name = "boss"
organisation = "org_NEW"

[[people]]
email = "member@example.com"
name = "member"
organisation = "org_QUAY"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_the_company_leaves_its_groups_to_whoever_looks_after_it() {
    both_stores(async |server| {
        let (group, boss, member) = ready(server).await;
        people::add(server, "heir@example.com", &[Role::OrganisationAdmin]).await;
        groups::join(server, "usr_heir", None).await;
        let theirs = book(&boss, &for_group(request(server, 1, 90, 60), &group.id)).await;
        let kept = book(&member, &for_group(request(server, 2, 90, 60), &group.id)).await;
        import(server, MOVES).await;
        // The file makes drivers of them, who sign in anew.
        let boss = server.signed_in("boss@example.com").await;
        let member = server.signed_in("member@example.com").await;
        let limits = path::fleet_group(&group.id);
        let refused = boss.patch(&limits, &json!({})).await;
        assert_eq!(refused.status, 404, "{}", refused.text);
        let mine: MyGroups = boss.get(path::GROUPS).await.json();
        assert!(mine.groups.is_empty());
        assert_eq!(
            status(server, &boss, &theirs.id).await,
            BookingStatus::Cancelled
        );
        assert_eq!(
            status(server, &member, &kept.id).await,
            BookingStatus::Confirmed
        );
        assert_eq!(left_group_letters(server).await, 1);
        let heir = server.signed_in("heir@example.com").await;
        let mine: MyGroups = heir.get(path::GROUPS).await.json();
        assert!(mine.groups[0].admin);
        let set = heir
            .patch(&limits, &json!({ "limits": { "monthly_limit": 500 } }))
            .await;
        assert_eq!(set.status, 200, "{}", set.text);
        // The same again changes nothing.
        let [added, changed, _] = import(server, MOVES).await;
        assert_eq!((added, changed), (0, 0));
    })
    .await;
}
