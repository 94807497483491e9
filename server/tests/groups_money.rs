//! What a group's people learn of its money: charges, sums, and one letter in time.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    decimal::Decimal,
    path,
    petit_monde::group::Usage,
    portal::groups::{ChargePage, GroupPage, MemberPage},
};
use portal_server::{
    embedded::{
        Write,
        groups::{
            Group,
            limits::{self, Claim},
        },
        people::Role,
    },
    tasks,
};
use support::{
    Browser, Server, both_stores, ground,
    groups::{self, euros},
    large_group, people,
};

async fn claim(write: &mut Write, group: &Group, (reference, at): (&str, &str), minor: i64) {
    let claim = Claim {
        reference,
        amount: euros(minor),
        at: ground::at(at),
        person_id: Some("usr_member"),
    };
    limits::claim(write, group, &claim).await.unwrap();
}

async fn settle(write: &mut Write, reference: &str, minor: i64) {
    limits::settle(write, reference, Some(euros(minor)))
        .await
        .unwrap();
}

/// A group, and those who look after it and are in it.
async fn ready(server: &Server, limit: i64) -> (Group, [Browser; 2]) {
    groups::organisation(server).await;
    let group = groups::make(server, "night", (Some(limit), None)).await;
    let mut browsers = Vec::new();
    for (name, role, admin) in [
        ("admin", Role::Manager, true),
        ("member", Role::Driver, false),
    ] {
        let email = format!("{name}@example.com");
        let id = people::add(server, &email, &[role]).await;
        groups::join(server, &id, Some((&group, admin))).await;
        browsers.push(server.signed_in(&email).await);
    }
    (group, browsers.try_into().ok().unwrap())
}

async fn letters(server: &Server) -> Vec<String> {
    tasks::tell_groups(&server.app).await.unwrap();
    sqlx::query_scalar(
        "select recipient from letters where kind = 'group-nearly-spent' order by recipient",
    )
    .fetch_all(server.store().readers())
    .await
    .unwrap()
}

#[tokio::test]
async fn charges_are_listed_and_summed_to_the_cent() {
    both_stores(async |server| {
        let (group, [admin, member]) = ready(server, 100_000).await;
        let mut write = server.store().write().await.unwrap();
        for (reference, at, minor) in [
            ("a", "2025-06-13T21:59:00Z", 1_000),
            ("b", "2025-06-13T22:01:00Z", 2_001),
            ("c", "2025-06-14T10:00:00Z", 333),
            ("d", "2025-05-31T21:59:59Z", 50),
        ] {
            claim(&mut write, &group, (reference, at), minor).await;
        }
        settle(&mut write, "a", 1_007).await;
        settle(&mut write, "b", 1_999).await;
        write.commit().await.unwrap();
        let path = path::group_charges(&group.id);
        let charges: ChargePage = admin.get(&format!("{path}?limit=3")).await.json();
        let rows = charges.charges.iter();
        let rows = rows.map(|one| (&one.reference[..], one.open, one.amount));
        let cents = |minor| Decimal::new(minor, 2);
        let expected = [
            ("c", true, cents(333)),
            ("b", false, cents(1_999)),
            ("a", false, cents(1_007)),
        ];
        assert_eq!(rows.collect::<Vec<_>>(), expected);
        assert_eq!(
            (charges.total, charges.charges[0].who.as_deref()),
            (4, Some("member"))
        );
        let mine: ChargePage = member.get(&path).await.json();
        assert!(mine.charges.iter().all(|one| one.mine && one.who.is_none()));
        let page: GroupPage = member.get(&path::group(&group.id)).await.json();
        assert_eq!(page.budget.spent, cents(3_006));
        assert_eq!(page.budget.held, cents(333));
        assert_eq!(page.budget.left, Some(cents(100_000 - 3_339)));
        // Fourteen of thirty days have passed.
        assert_eq!(page.budget.forecast, cents(3_006 * 30 / 14));
        let path = path::fleet_usage(&group.id);
        assert_eq!(member.get(&path).await.status, 403);
        let usage: Usage = admin.get(&path).await.json();
        assert_eq!(
            (usage.spent, usage.held, usage.charges),
            (cents(3_006), cents(333), 3)
        );
        let days = usage.by_day.iter();
        let days = days.map(|one| (one.day.to_string(), one.spent, one.held));
        let none = cents(0);
        let expected = [
            ("2025-06-13".to_owned(), cents(1_007), none),
            ("2025-06-14".to_owned(), cents(1_999), cents(333)),
        ];
        assert_eq!(days.collect::<Vec<_>>(), expected);
        let who = &usage.by_member[0];
        assert_eq!(
            (who.name.as_deref(), who.spent),
            (Some("member"), cents(3_006))
        );
        assert_eq!((usage.by_token.len(), &usage.by_token[0].name), (1, &None));
        let may: Usage = admin.get(&format!("{path}?month=2025-05")).await.json();
        assert_eq!((may.charges, may.held), (1, cents(50)));
        assert_eq!(admin.get(&format!("{path}?month=2025-5")).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn what_is_settled_while_somebody_reads_is_not_taken_for_booked_elsewhere() {
    both_stores(async |server| {
        let (group, [admin, _]) = ready(server, 100_000).await;
        let settling = async {
            for number in 0..100 {
                let reference = format!("charge-{number}");
                let mut write = server.store().write().await.unwrap();
                claim(&mut write, &group, (&reference, "2025-06-14T10:00:00Z"), 10).await;
                settle(&mut write, &reference, 10).await;
                write.commit().await.unwrap();
            }
        };
        let path = path::fleet_usage(&group.id);
        let reading = async {
            loop {
                let usage: Usage = admin.get(&path).await.json();
                assert_eq!(usage.booked_elsewhere, None);
                if usage.charges == 100 {
                    break;
                }
            }
        };
        futures_util::join!(settling, reading);
    })
    .await;
}

#[tokio::test]
async fn everybody_is_told_once_a_month_that_little_is_left() {
    both_stores(async |server| {
        let (group, _) = ready(server, 10_000).await;
        let mut write = server.store().write().await.unwrap();
        claim(&mut write, &group, ("a", "2025-06-14T10:00:00Z"), 7_999).await;
        write.commit().await.unwrap();
        assert!(letters(server).await.is_empty());
        let mut write = server.store().write().await.unwrap();
        claim(&mut write, &group, ("b", "2025-06-14T10:00:00Z"), 1).await;
        write.commit().await.unwrap();
        let both = ["admin@example.com", "member@example.com"];
        assert_eq!(letters(server).await, both);
        // It goes down and up again.
        let mut write = server.store().write().await.unwrap();
        settle(&mut write, "a", 100).await;
        claim(&mut write, &group, ("c", "2025-06-15T10:00:00Z"), 9_000).await;
        write.commit().await.unwrap();
        assert_eq!(letters(server).await, both);
    })
    .await;
}

#[tokio::test]
async fn people_are_told_of_the_month_that_it_is_and_of_no_other() {
    both_stores(async |server| {
        let (group, _) = ready(server, 10_000).await;
        let mut write = server.store().write().await.unwrap();
        claim(&mut write, &group, ("june", "2025-06-28T10:00:00Z"), 7_000).await;
        claim(&mut write, &group, ("july", "2025-07-05T10:00:00Z"), 8_100).await;
        write.commit().await.unwrap();
        // The group's month turns at its midnight, two hours before that of UTC.
        for (at, told) in [
            ("2025-06-29T12:00:00Z", 0),
            ("2025-06-30T21:59:59Z", 0),
            ("2025-06-30T22:00:00Z", 2),
        ] {
            ground::wait_until(server, at);
            assert_eq!(letters(server).await.len(), told, "{at}");
        }
        let bodies: Vec<String> =
            sqlx::query_scalar("select body from letters where kind = 'group-nearly-spent'")
                .fetch_all(server.store().readers())
                .await
                .unwrap();
        assert!(
            bodies.iter().all(|body| body.contains("EUR 19.00 is left")),
            "{bodies:?}"
        );
        // What is over, nobody can spend less of.
        let mut write = server.store().write().await.unwrap();
        settle(&mut write, "june", 9_000).await;
        write.commit().await.unwrap();
        assert_eq!(letters(server).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn two_thousand_members_and_twenty_thousand_charges_are_shown_in_parts() {
    both_stores(async |server| {
        let (group, [admin, _]) = ready(server, 10_000_000).await;
        large_group::fill(server, &group).await;
        let members = path::group_members(&group.id);
        let page: MemberPage = admin
            .get(&format!("{members}?limit=100&offset=1950"))
            .await
            .json();
        assert_eq!((page.total, page.members.len()), (2_002, 52));
        let found: MemberPage = admin.get(&format!("{members}?q=many+1999")).await.json();
        assert_eq!(found.total, 1);
        let mut write = server.store().write().await.unwrap();
        sqlx::query("update people set name = 'Özgür Ünal' where id = 'usr_many7'")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        for text in ["özgür", "ÖZGÜR ÜNAL", "ünal", "zgür ü"] {
            let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let found: MemberPage = admin.get(&format!("{members}?q={query}")).await.json();
            assert_eq!(found.total, 1, "{text}");
        }
        let charges = path::group_charges(&group.id);
        let page: ChargePage = admin.get(&format!("{charges}?offset=19950")).await.json();
        assert_eq!((page.total, page.charges.len()), (20_000, 50));
        let usage: Usage = admin.get(&path::fleet_usage(&group.id)).await.json();
        assert_eq!((usage.charges, usage.by_member.len()), (20_000, 2_000));
    })
    .await;
}
