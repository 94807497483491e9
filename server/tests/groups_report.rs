//! Everything a group booked, as a table for whoever looks after it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{path, petit_monde::booking::BookingRequest, portal::groups::ChargePage};
use portal_server::embedded::people::Role;
use support::{
    Browser, Server,
    bookings::{self, book, for_group, request},
    both_stores, charge_point, groups, people,
};

const JUNE: &str = "?period_start=2025-06-01&period_end=2025-06-30";

/// The lines of a table, but for its head, with all that is in the first cells.
async fn lines(browser: &Browser, query: &str) -> Vec<String> {
    let answer = browser.get(&format!("{}{query}", path::FLEET_REPORT)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let kind = answer.header("content-type").unwrap();
    assert!(kind.starts_with("text/csv"), "{kind}");
    let mut lines = answer.text.split("\r\n").map(str::to_owned);
    let head = "booking_id,external_id,fleet_group_id,customer_id,status,location_id,\
        location_city,evse_uid,reservation_start,reservation_end,client_price,\
        client_price_currency,created_at";
    assert_eq!(lines.next().as_deref(), Some(head));
    lines.filter(|line| !line.is_empty()).collect()
}

/// Somebody who looks after the group, and a member who booked twice.
async fn ready(server: &Server) -> [Browser; 2] {
    charge_point::lay(server).await;
    let group = bookings::group(server, "night", (None, None)).await;
    let admin = people::add(server, "admin@example.com", &[Role::Manager]).await;
    groups::join(server, &admin, Some((&group, true))).await;
    let member = server.signed_in("member@example.com").await;
    for (connector, external_id) in [(1, "=1+1"), (2, "lager-drv17-20250614")] {
        let asked = BookingRequest {
            external_id: Some(external_id.into()),
            ..for_group(request(server, connector, 60, 60), &group.id)
        };
        book(&member, &asked).await;
    }
    [server.signed_in("admin@example.com").await, member]
}

#[tokio::test]
async fn whoever_looks_after_a_group_gets_all_its_bookings_and_nobody_else_any() {
    both_stores(async |server| {
        let [admin, member] = ready(server).await;
        let rows = lines(&admin, JUNE).await;
        assert_eq!(rows.len(), 2);
        // What somebody typed is never a formula.
        assert!(
            rows.iter().any(|row| row.contains(",'=1+1,group_night,")),
            "{rows:?}"
        );
        for row in &rows {
            assert!(row.contains(",site_BGO,Kai 7,"), "{row}");
            assert!(
                row.contains(",2025-06-14T16:00:00Z,2025-06-14T17:00:00Z,"),
                "{row}"
            );
            assert!(row.ends_with(",NOK,2025-06-14T15:00:00Z"), "{row}");
        }
        let may = "?period_start=2025-05-01&period_end=2025-06-13";
        assert!(lines(&admin, may).await.is_empty());
        assert_eq!(
            lines(&admin, "?period_start=2025-06-14&period_end=2025-06-14")
                .await
                .len(),
            2
        );
        let refused = member.get(&format!("{}{JUNE}", path::FLEET_REPORT)).await;
        assert_eq!(refused.status, 403);
        for wrong in [
            "",
            "?period_start=2025-06-01",
            "?period_start=2025-06-02&period_end=2025-06-01",
            "?period_start=1999-12-31&period_end=2025-06-01",
            "?period_start=2025-06-01T00:00:00Z&period_end=2025-06-30",
        ] {
            let answer = admin.get(&format!("{}{wrong}", path::FLEET_REPORT)).await;
            assert_eq!(answer.status, 400, "{wrong}");
            assert!(answer.value()["error"].is_string());
        }
        // The group's page names the place before anybody has charged there.
        let charges: ChargePage = admin.get(&path::group_charges("group_night")).await.json();
        assert_eq!(charges.total, 2);
        assert!(
            charges
                .charges
                .iter()
                .all(|one| one.open && one.place.is_some())
        );
        assert_eq!(charges.charges[0].who.as_deref(), Some("member"));
    })
    .await;
}

#[tokio::test]
async fn a_table_has_every_row_once_however_many_there_are() {
    both_stores(async |server| {
        let [admin, _] = ready(server).await;
        let mut write = server.store().write().await.unwrap();
        // As many at the same moment as would fit on several pages.
        sqlx::query(
            "insert into bookings (id, booker_id, payer_id, site_id, charge_point_id, connector,
                evse_uid, starts_at, ends_at, strategy, group_id, tag, status, status_at,
                currency, estimate_minor, price_minor, created_at, updated_at)
                with recursive n (i) as (select 1 union all select i + 1 from n where i < 1234)
                select '00000000-0000-4000-8000-0000' || cast(10000000 + n.i as text), b.booker_id,
                b.payer_id, b.site_id, b.charge_point_id, b.connector, b.evse_uid, b.starts_at,
                b.ends_at, b.strategy, b.group_id, b.tag, 'CANCELLED', b.status_at, b.currency,
                b.estimate_minor, 0, b.created_at + n.i / 700, b.updated_at
                from bookings b, n where b.external_id = '=1+1'",
        )
        .execute(&mut *write)
        .await
        .unwrap();
        write.commit().await.unwrap();
        let mut rows = lines(&admin, JUNE).await;
        assert_eq!(rows.len(), 1_236);
        rows.sort();
        rows.dedup();
        assert_eq!(rows.len(), 1_236);
    })
    .await;
}
