//! How often Petit Monde is asked: never more than it allows, by all servers together.

use std::time::Duration;

use portal_api::{
    path,
    petit_monde::{LIMIT_EXCEEDED, search::Coordinates, usage::Usage},
    portal::groups::GroupPage,
    query::search::SearchQuery,
};
use portal_server::{
    embedded::{people::Role, quota::Quota},
    provider::{
        Failure, Unfiled,
        meter::{Meter, Purpose, Said},
    },
    tasks,
    upstream::client::Limits,
};

use crate::{
    Allowance, KEY, LIMITS, book, elsewhere, elsewhere_within, groups, later, people, request,
    served, served_with, stand_in::Quirk, support::Server,
};

const PATIENT: Duration = Duration::from_secs(3_600);

fn quota(server: &Server, a_minute: i64, a_month: i64) -> Quota {
    let allowance = Allowance { a_minute, a_month };
    let (store, clock) = (server.store().clone(), server.clock().clone());
    Quota::new(store, clock, "petit_monde", allowance)
}

/// How many calls are left for a purpose, taken one after the other.
async fn takes(quota: &Quota, purpose: Purpose) -> usize {
    let mut taken = 0;
    while quota.take(purpose, PATIENT).await.is_ok() {
        taken += 1;
    }
    taken
}

#[tokio::test]
async fn two_servers_together_stay_under_a_minutes_calls() {
    served(async |server, _, _| {
        let (one, two) = (quota(server, 100, 10_000), quota(server, 100, 10_000));
        let asking = (0..120).map(|number| {
            let quota = if number % 2 == 0 {
                one.clone()
            } else {
                two.clone()
            };
            tokio::spawn(async move { quota.take(Purpose::Person, PATIENT).await.is_ok() })
        });
        let asking: Vec<_> = asking.collect();
        let mut taken = 0;
        for asked in asking {
            taken += usize::from(asked.await.unwrap());
        }
        // The rest is for what is open.
        assert_eq!(taken, 80);
        assert_eq!(takes(&two, Purpose::Following).await, 20);
        assert_eq!(takes(&one, Purpose::Person).await, 0);
        server.clock().advance(60);
        assert_eq!(
            takes(&one, Purpose::Following).await,
            0,
            "some may still be on their way"
        );
        server.clock().advance(5);
        assert_eq!(
            takes(&one, Purpose::Following).await,
            80,
            "the rest is for people"
        );
        assert_eq!(takes(&two, Purpose::Person).await, 20);
    })
    .await;
}

#[tokio::test]
async fn a_table_leaves_a_part_of_each_minute_to_people_who_wait() {
    served(async |server, _, _| {
        let quota = quota(server, 100, 10_000);
        assert_eq!(takes(&quota, Purpose::Table).await, 60);
        assert_eq!(takes(&quota, Purpose::Person).await, 20);
        assert_eq!(takes(&quota, Purpose::Table).await, 0);
        server.clock().advance(65);
        let reset = server.clock().now().plus_seconds(30);
        let said = |left| Said {
            left: Some((left, reset)),
            shut_until: None,
        };
        quota.heed(said(40)).await.unwrap();
        assert_eq!(takes(&quota, Purpose::Table).await, 0, "told by the system");
        assert_eq!(takes(&quota, Purpose::Person).await, 20);
    })
    .await;
}

#[tokio::test]
async fn a_month_has_an_end_and_the_next_one_a_beginning() {
    served(async |server, _, _| {
        let quota = quota(server, 1_000, 50);
        assert_eq!(takes(&quota, Purpose::Person).await, 45);
        assert_eq!(takes(&quota, Purpose::Following).await, 5);
        let none = quota.take(Purpose::Person, PATIENT).await;
        let Err(Failure::Limited { retry_after }) = none else {
            panic!("{none:?}");
        };
        let left = quota.usage().await.unwrap().quota.unwrap();
        assert_eq!((left.used, left.remaining), (Some(50), 0));
        assert_eq!(left.reset_at, Some("2025-07-01T00:00:00Z".parse().unwrap()));
        server.clock().advance(i64::try_from(retry_after).unwrap());
        assert_eq!(takes(&quota, Purpose::Following).await, 45);
        assert_eq!(takes(&quota, Purpose::Person).await, 5);
        // The system's own count of the next month is no reason to think of this one's.
        server.clock().advance(31 * 24 * 3_600);
        quota.correct(1).await.unwrap();
        assert_eq!(takes(&quota, Purpose::Following).await, 45);
        assert_eq!(takes(&quota, Purpose::Person).await, 4);
    })
    .await;
}

#[tokio::test]
async fn what_is_made_is_spaced_by_all_servers_together() {
    served(async |server, _, _| {
        let (one, two) = (quota(server, 100, 10_000), quota(server, 100, 10_000));
        let mut waits = Vec::new();
        for quota in [&one, &two, &one] {
            waits.push(
                quota
                    .take(Purpose::Making, PATIENT)
                    .await
                    .unwrap()
                    .as_millis(),
            );
        }
        assert_eq!(waits, [0, 600, 1_200]);
        let person = one.take(Purpose::Person, PATIENT).await.unwrap();
        assert_eq!(person.as_millis(), 0, "who only reads doesn't wait");
        let short = two.take(Purpose::Making, Duration::from_secs(1)).await;
        assert!(
            matches!(short, Err(Failure::Limited { retry_after: 2 })),
            "{short:?}"
        );
        server.clock().advance(2);
        let wait = two.take(Purpose::Making, PATIENT).await.unwrap();
        assert_eq!(wait.as_millis(), 0);
    })
    .await;
}

#[tokio::test]
async fn whoever_waited_for_their_turn_has_as_long_for_the_answer_and_kept_nobody_else_waiting() {
    served(async |server, stand_in, _| {
        let limits = Limits {
            at_once: 1,
            ..LIMITS
        };
        let there = elsewhere_within(limits, server, stand_in, KEY, Allowance::default());
        // Its turn comes in 7.2 seconds: of its own eight, too few would be left.
        for _ in 0..12 {
            there.quota.take(Purpose::Making, PATIENT).await.unwrap();
        }
        stand_in.refuses(|_, _| Some((400, LIMIT_EXCEEDED)));
        stand_in.always(Some(Quirk::Takes(Duration::from_millis(1_200))));
        let wanted = request(server);
        let ulm = Coordinates {
            lat: "48.4".parse().unwrap(),
            lng: "9.98".parse().unwrap(),
        };
        let near = SearchQuery::near(ulm);
        let (booked, found) = tokio::join!(
            there.system.book(&wanted, "key-of-patient"),
            there.system.search(&near)
        );
        assert!(
            matches!(booked, Err(Unfiled::Refused(Failure::Refused { .. }))),
            "{booked:?}"
        );
        assert!(found.is_ok(), "{found:?}");
        let asked = stand_in.asked();
        assert!(
            asked[0].starts_with("GET /api/v1/client/search"),
            "{asked:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_it_says_is_left_counts() {
    served(async |server, stand_in, driver| {
        let search = format!("{}?lat=48.4&lng=9.98", path::SEARCH);
        let reset = ("x-ratelimit-reset", "2025-06-14T15:01:00Z");
        stand_in.head(&[("x-ratelimit-remaining", "20"), reset]);
        assert_eq!(driver.get(&search).await.status, 200);
        // Somebody else uses the same key: the rest is for what is open.
        assert_eq!(driver.get(&search).await.status, 503);
        let quota = quota(server, 100, 10_000);
        let left = quota.usage().await.unwrap().rate_limit.unwrap();
        assert_eq!(left.remaining, 20);
        assert_eq!(left.reset_at, Some("2025-06-14T15:01:00Z".parse().unwrap()));
        assert_eq!(takes(&quota, Purpose::Following).await, 20);
        server.clock().advance(60);
        assert_eq!(driver.get(&search).await.status, 200);
        stand_in.head(&[
            ("x-ratelimit-remaining", "lots"),
            ("x-ratelimit-reset", "soon"),
        ]);
        server.clock().advance(60);
        assert_eq!(driver.get(&search).await.status, 200);
        assert_eq!(driver.get(&search).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn people_who_search_never_keep_an_open_booking_from_being_followed() {
    let few = Allowance {
        a_minute: 10,
        a_month: 10_000,
    };
    served_with(few, async |server, stand_in, driver| {
        let asked = book(driver, "key-of-busy", &request(server)).await;
        let search = format!("{}?lat=48.4&lng=9.98", path::SEARCH);
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(driver.get(&search).await.status);
        }
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 7);
        stand_in.say("status", "CONFIRMED");
        let told = later(server, driver, 5, &asked.id).await;
        assert_eq!(told.status.as_str(), "CONFIRMED");
        assert!(stand_in.calls() <= 10);
    })
    .await;
}

#[tokio::test]
async fn its_own_count_of_the_month_is_believed_and_shown_to_who_looks_after_a_group() {
    served(async |server, stand_in, driver| {
        stand_in.has_counted(2_210);
        tasks::bookings::follow(&server.app).await.unwrap();
        tasks::bookings::follow(&server.app).await.unwrap();
        assert_eq!(stand_in.calls(), 1, "not at every look");
        groups::organisation(server).await;
        let group = groups::make(server, "lager_sued", (None, None)).await;
        groups::join(server, "usr_driver", Some((&group, true))).await;
        let page: GroupPage = driver.get(&path::group("group_lager_sued")).await.json();
        let usage = page.elsewhere.unwrap();
        let (minute, month) = (usage.rate_limit.unwrap(), usage.quota.unwrap());
        assert_eq!((month.limit, month.used), (10_000, Some(2_211)));
        assert_eq!((minute.limit, minute.remaining), (100, 98));
        people::add(server, "member@example.com", &[Role::GroupMember]).await;
        groups::join(server, "usr_member", Some((&group, false))).await;
        let member = server.signed_in("member@example.com").await;
        let page: GroupPage = member.get(&path::group("group_lager_sued")).await.json();
        assert_eq!(page.elsewhere, None, "who only drives needn't know");
        // What each may ask us is another matter.
        let own: Usage = driver.get(path::USAGE).await.json();
        assert_eq!(own.quota.unwrap().used, Some(1));
        assert_eq!(
            stand_in.calls(),
            2,
            "one for the group: looking costs nothing"
        );
        let mut second = server.app.clone();
        second.elsewhere = Some(elsewhere(server, stand_in, KEY, Allowance::default()));
        tasks::bookings::follow(&second).await.unwrap();
        assert_eq!(stand_in.calls(), 2, "nor does another server ask");
    })
    .await;
}
