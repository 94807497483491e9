//! All about one session of a driver.

use portal_api::{
    decimal::Decimal,
    dynamo::{Session, cost::CostBreakdown},
    portal::{Reading, Receipt, SessionDetail},
    time::Instant,
};
use sqlx::{AnyConnection, Row};

use super::{list, payment_of_word, readings, running};
use crate::embedded::{
    Store,
    bills::{self, Bill},
    sites, tariffs,
};

/// How many of a tag's last characters are shown.
const TAG_SHOWN: usize = 4;

/// All about a session as of `now`, or `None` if it is not the driver's.
pub async fn detail(
    store: &Store,
    driver_id: &str,
    id: &str,
    now: Instant,
) -> Result<Option<SessionDetail>, sqlx::Error> {
    let mut reader = store.readers().acquire().await?;
    let Some(mut detail) = facts(&mut reader, driver_id, id, now).await? else {
        return Ok(None);
    };
    let readings = readings::of_session(&mut reader, id).await?;
    detail.readings = readings.into_iter().map(reading).collect();
    detail.overlaps = overlaps(&mut reader, &detail.session, driver_id, now).await?;
    let bills = bills::of_session(&mut reader, id).await?;
    detail.receipts = bills.into_iter().map(receipt).collect();
    Ok(Some(detail))
}

/// Where a session was, with what, and how it is paid; `None` if it is not the
/// driver's.
pub(in crate::embedded) async fn facts(
    reader: &mut AnyConnection,
    driver_id: &str,
    id: &str,
    now: Instant,
) -> Result<Option<SessionDetail>, sqlx::Error> {
    match list::one(reader, driver_id, id, now).await? {
        Some(session) => circumstances(reader, session).await.map(Some),
        None => Ok(None),
    }
}

/// What a session cost, so far if it is under way; `None` if it is not the driver's.
pub async fn cost(
    store: &Store,
    driver_id: &str,
    id: &str,
    now: Instant,
) -> Result<Option<CostBreakdown>, sqlx::Error> {
    let mut reader = store.readers().acquire().await?;
    let ended: Option<Option<i64>> =
        sqlx::query_scalar("select ended_at from sessions where id = $1 and driver_id = $2")
            .bind(id)
            .bind(driver_id)
            .fetch_optional(&mut *reader)
            .await?;
    match ended {
        None => Ok(None),
        Some(Some(_)) => {
            let bills = bills::of_session(&mut reader, id).await?;
            Ok(bills.into_iter().last().map(|bill| bill.cost))
        }
        Some(None) => running::cost(&mut reader, id, now).await,
    }
}

/// Where it was, with what, and how it is paid.
async fn circumstances(
    reader: &mut AnyConnection,
    session: Session,
) -> Result<SessionDetail, sqlx::Error> {
    let row = sqlx::query(
        "select i.address, i.city, o.name, c.evse_id, c.kind, c.power_w, s.id_tag,
            s.charged_until, s.payment
            from sessions s join sites i on i.id = s.site_id
                join operators o on o.id = i.operator_id
                join connectors c on c.charge_point_id = s.charge_point_id
                    and c.connector = s.connector
            where s.id = $1",
    )
    .bind(&session.session_id)
    .fetch_one(reader)
    .await?;
    let tag: Option<String> = row.try_get(6)?;
    let charged_until: Option<i64> = row.try_get(7)?;
    Ok(SessionDetail {
        session,
        address: Some(sites::full_address(row.try_get(0)?, row.try_get(1)?)),
        operator: Some(row.try_get(2)?),
        evse_id: Some(row.try_get(3)?),
        current: Some(sites::current_of_word(row.try_get(4)?)),
        power_kw: Some(Decimal::new(row.try_get(5)?, 3)),
        id_tag: tag.as_deref().map(masked),
        charged_until: charged_until.map(Instant::from_millis),
        readings: Vec::new(),
        overlaps: Vec::new(),
        receipts: Vec::new(),
        payment: Some(payment_of_word(row.try_get(8)?)),
        dispute_id: None,
    })
}

/// A tag but for its last characters: whoever knows it all can charge with it.
pub fn masked(tag: &str) -> String {
    let hidden = tag.chars().count().saturating_sub(TAG_SHOWN);
    let shown: String = tag.chars().skip(hidden.max(1)).collect();
    ["····", &shown].concat()
}

fn reading(reading: tariffs::price::Reading) -> Reading {
    Reading {
        at: reading.at,
        energy_kwh: Decimal::new(reading.energy_wh, 3),
        power_kw: reading.power_w.map(|watts| Decimal::new(watts, 3)),
    }
}

/// The driver's other sessions with the same tag at the same time. No session that
/// still counts began longer ago than a week before.
async fn overlaps(
    reader: &mut AnyConnection,
    session: &Session,
    driver_id: &str,
    now: Instant,
) -> Result<Vec<String>, sqlx::Error> {
    const WEEK: i64 = 7 * 24 * 3_600;
    let ended = session.ended_at.unwrap_or(now);
    sqlx::query_scalar(
        "select other.id from sessions other join sessions this on this.id = $1
            where other.driver_id = $2 and other.id_tag = this.id_tag and other.id <> this.id
                and other.started_at > $3 and other.started_at < $4
                and (other.ended_at is null or other.ended_at > this.started_at)
            order by other.started_at",
    )
    .bind(&session.session_id)
    .bind(driver_id)
    .bind(session.started_at.plus_seconds(-WEEK).millis())
    .bind(ended.millis())
    .fetch_all(reader)
    .await
}

fn receipt(bill: Bill) -> Receipt {
    Receipt {
        number: bill.number,
        issued_at: bill.issued,
        corrects: bill.corrects,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_tag_only_the_end_is_shown_and_never_all() {
        for (tag, shown) in [
            ("04A1B2C3D4E580", "····E580"),
            ("ABCD", "····BCD"),
            ("A", "····"),
            ("", "····"),
            ("größe7ü", "····ße7ü"),
        ] {
            assert_eq!(masked(tag), shown, "{tag}");
        }
    }
}
