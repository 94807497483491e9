//! What Petit Monde says of groups: how old that is, who waits for it, and who learns of it
//! though nobody looks.

use std::{sync::Arc, time::Duration};

use portal_api::{
    path,
    petit_monde::group::{Groups, Usage},
    portal::{
        bookings::BookingOptions,
        groups::{GroupPage, MyGroups},
    },
    time::Instant,
};
use portal_server::{
    Elsewhere, tasks,
    upstream::{client::Limits, petit_monde::PetitMonde},
};
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    Allowance, Browser, KEY, LIMITS, PetitMondeUpstream, Secret, Server, StandIn, elsewhere,
    fleet::{ID, booked, told, with_group},
    groups, later,
    stand_in::Quirk,
    support::groups::euros,
};

async fn as_of(driver: &Browser) -> Option<Instant> {
    let page: GroupPage = driver.get(&path::group(ID)).await.json();
    page.budget.as_of
}

/// How often Petit Monde was asked about groups.
fn asked(stand_in: &StandIn) -> usize {
    let calls = stand_in.asked();
    calls
        .iter()
        .filter(|call| call.contains("/fleet/groups/"))
        .count()
}

#[tokio::test]
async fn figures_are_as_old_as_when_petit_monde_last_told_them() {
    with_group(async |server, stand_in, driver| {
        let broken = Quirk::Says(500, Vec::new(), json!({}));
        stand_in.always(Some(broken.clone()));
        assert_eq!(as_of(driver).await, None, "never told");
        stand_in.always(None);
        server.clock().advance(61);
        let first = Some(server.clock().now());
        assert_eq!(as_of(driver).await, first);
        stand_in.always(Some(broken));
        server.clock().advance(3_600);
        assert_eq!(as_of(driver).await, first);
        let mine: MyGroups = driver.get(path::GROUPS).await.json();
        assert_eq!(mine.groups[0].budget.as_of, first);
        stand_in.always(None);
        server.clock().advance(61);
        assert_eq!(as_of(driver).await, Some(server.clock().now()));
    })
    .await;
}

#[tokio::test]
async fn what_floats_have_left_of_an_amount_counts_to_the_nearest_cent() {
    with_group(async |server, stand_in, driver| {
        let text = told("2204.179999999999").to_string();
        let text = text.replace("60.0", "59.9999999999999");
        stand_in.add_group(serde_json::from_str(&text).unwrap());
        let page: GroupPage = driver.get(&path::group(ID)).await.json();
        let budget = page.budget;
        assert_eq!(budget.spent, euros(220_418).major());
        assert_eq!(budget.left, Some(euros(29_582).major()));
        assert_eq!(budget.per_session_limit, Some(euros(6_000).major()));
        assert_eq!(nearly_spent_letters(server).await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_amount_that_cannot_be_read_leaves_the_figures_as_old_as_they_are() {
    with_group(async |server, stand_in, driver| {
        let first: GroupPage = driver.get(&path::group(ID)).await.json();
        for (field, amount) in [
            ("spent_this_month", json!(99_999_999_999_999_999_i64)),
            ("monthly_limit", json!(99_999_999_999_999_999_i64)),
            ("per_session_limit", json!(-1)),
        ] {
            let mut group = told("10.00");
            group[field] = amount;
            stand_in.add_group(group);
            server.clock().advance(61);
            let page: GroupPage = driver.get(&path::group(ID)).await.json();
            assert_eq!(page.budget, first.budget, "{field}");
        }
    })
    .await;
}

/// The same server with more patience than anybody who looks.
async fn patient(server: &Server, stand_in: &StandIn) -> (Server, Browser) {
    let upstream = PetitMondeUpstream {
        url: stand_in.url.parse().unwrap(),
        key: Secret::new(KEY),
        allowance: Allowance::default(),
    };
    let quota = elsewhere(server, stand_in, KEY, Allowance::default()).quota;
    let limits = Limits {
        answer: Duration::from_secs(600),
        budget: Duration::from_secs(600),
        ..LIMITS
    };
    let clock = server.clock().clone();
    let system = PetitMonde::new(&upstream, clock, limits, Arc::new(quota.clone())).unwrap();
    let mut app = server.app.clone();
    app.elsewhere = Some(Elsewhere {
        system: Arc::new(system),
        quota,
    });
    let front = Server::of(app).await;
    let driver = front.signed_in("driver@example.com").await;
    (front, driver)
}

#[tokio::test]
async fn who_looks_at_many_groups_waits_for_none_that_is_slow() {
    with_group(async |server, stand_in, _| {
        for id in ["day", "night", "weekend"] {
            let group = groups::make(server, id, (None, None)).await;
            groups::join(server, "usr_driver", Some((&group, false))).await;
        }
        let (_front, driver) = patient(server, stand_in).await;
        let until = Arc::new(Notify::new());
        stand_in.always(Some(Quirk::Waits(until.clone())));
        // Long before Petit Monde would have been given up.
        let all = tokio::time::timeout(Duration::from_secs(60), driver.get(path::GROUPS));
        let mine: MyGroups = all.await.unwrap().json();
        assert_eq!(mine.groups.len(), 4);
        assert!(mine.groups.iter().all(|group| group.budget.as_of.is_none()));
        assert_eq!(asked(stand_in), 4, "all at once");
        // What it says in the end is known all the same.
        stand_in.always(None);
        until.notify_waiters();
        let known = async {
            while as_of(&driver).await.is_none() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), known)
            .await
            .unwrap();
        assert_eq!(asked(stand_in), 4);
    })
    .await;
}

#[tokio::test]
async fn groups_are_told_as_documented_with_what_petit_monde_says() {
    with_group(async |server, stand_in, driver| {
        let other = groups::make(server, "other", (None, None)).await;
        groups::join(server, "usr_other", Some((&other, false))).await;
        let all: Groups = driver.get(path::FLEET_GROUPS).await.json();
        let [group] = &all.groups[..] else {
            panic!("{all:?}");
        };
        let amount = |text: &str| Some(text.parse().unwrap());
        assert_eq!(group.id, ID);
        assert_eq!(group.monthly_limit, amount("2500"));
        assert_eq!(group.per_session_limit, amount("60"));
        assert_eq!(group.spent_this_month, amount("1810.4"));
        assert_eq!(asked(stand_in), 1, "nobody else's");
        // Of one that it doesn't know we tell what we know.
        let colleague = server.signed_in("other@example.com").await;
        let all: Groups = colleague.get(path::FLEET_GROUPS).await.json();
        let ids = all.groups.iter().map(|group| &group.id[..]);
        assert_eq!(ids.collect::<Vec<_>>(), [ID, "group_other"]);
        assert_eq!(all.groups[1].monthly_limit, None);
    })
    .await;
}

pub async fn nearly_spent_letters(server: &Server) -> usize {
    tasks::groups::follow(&server.app).await.unwrap();
    tasks::tell_groups(&server.app).await.unwrap();
    let kinds = crate::support::disputes::letters(server).await;
    kinds
        .iter()
        .filter(|(kind, ..)| kind == "group-nearly-spent")
        .count()
}

#[tokio::test]
async fn people_learn_that_most_is_spent_though_nobody_looks() {
    with_group(async |server, stand_in, _| {
        assert_eq!(nearly_spent_letters(server).await, 0);
        assert_eq!(nearly_spent_letters(server).await, 0);
        assert_eq!(asked(stand_in), 1, "not again and again");
        stand_in.add_group(told("2000.00"));
        server.clock().advance(59 * 60);
        assert_eq!(nearly_spent_letters(server).await, 0);
        assert_eq!(asked(stand_in), 1);
        server.clock().advance(60);
        assert_eq!(nearly_spent_letters(server).await, 2, "both members");
        server.clock().advance(3_600);
        assert_eq!(nearly_spent_letters(server).await, 2, "once");
        assert_eq!(asked(stand_in), 3);
        // Without a limit there is nothing to tell anybody.
        let mut free = told("2000.00");
        free["monthly_limit"] = json!(null);
        stand_in.add_group(free);
        for calls in [4, 4] {
            server.clock().advance(3_600);
            assert_eq!(nearly_spent_letters(server).await, 2);
            assert_eq!(asked(stand_in), calls);
        }
    })
    .await;
}

#[tokio::test]
async fn a_group_is_asked_about_soon_after_one_of_its_bookings_is_over() {
    with_group(async |server, stand_in, driver| {
        let id = booked(server, driver).await;
        stand_in.say("client_price", json!(260.00));
        stand_in.say("client_price_currency", "EUR");
        stand_in.say("status", "CONFIRMED");
        later(server, driver, 5, &id).await;
        server.clock().advance(4 * 3_600);
        assert_eq!(
            nearly_spent_letters(server).await,
            2,
            "counting what is booked"
        );
        let calls = asked(stand_in);
        stand_in.say("status", "COMPLETED");
        stand_in.add_group(told("2070.40"));
        later(server, driver, 61, &id).await;
        nearly_spent_letters(server).await;
        assert_eq!(asked(stand_in), calls + 1);
        nearly_spent_letters(server).await;
        assert_eq!(asked(stand_in), calls + 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_booked_elsewhere_is_told_beside_what_was_booked_here() {
    with_group(async |server, stand_in, driver| {
        let usage = async || driver.get(&path::fleet_usage(ID)).await.json::<Usage>();
        let nothing = usage().await;
        assert_eq!(
            (nothing.charges, nothing.spent),
            (0, euros(181_040).major())
        );
        assert_eq!(nothing.booked_elsewhere, Some(euros(181_040).major()));
        let id = booked(server, driver).await;
        stand_in.say("client_price", json!(14.30));
        stand_in.say("client_price_currency", "EUR");
        stand_in.say("status", "COMPLETED");
        later(server, driver, 5, &id).await;
        let with_ours = usage().await;
        assert_eq!(with_ours.by_member[0].spent, euros(1_430).major());
        assert_eq!(with_ours.booked_elsewhere, Some(euros(179_610).major()));
        // It has counted less than we have.
        stand_in.add_group(told("10.00"));
        server.clock().advance(61);
        assert_eq!(usage().await.booked_elsewhere, None);
    })
    .await;
}

#[tokio::test]
async fn a_group_with_nothing_left_is_not_suggested_until_something_is() {
    with_group(async |server, stand_in, driver| {
        let start = server.clock().now().plus_seconds(3_600);
        let query = format!(
            "{}?location_id=L&evse_uid=E&start={start}&end={}",
            path::BOOKING_OPTIONS,
            start.plus_seconds(3_600)
        );
        for (spent, fits) in [("2500.00", false), ("2499.99", true)] {
            stand_in.add_group(told(spent));
            let options: BookingOptions = driver.get(&query).await.json();
            let choices = options.choices.iter();
            let mut groups = choices.filter(|choice| choice.group_id.as_deref() == Some(ID));
            assert_eq!(groups.next().unwrap().fits, fits, "{spent}");
            assert_eq!(options.choices[0].group_id.is_some(), fits, "suggested");
            server.clock().advance(61);
        }
    })
    .await;
}
