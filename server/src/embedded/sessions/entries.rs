//! What a table says of sessions beyond the list.

use std::collections::HashMap;

use portal_api::{dynamo::Session, query::SessionQuery, time::Instant};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{list, payment_of_word};
use crate::{
    embedded::{Store, bills::of_json},
    provider::{Entry, More},
};

/// Some of a driver's sessions as of `now`, as a table has them.
pub async fn entries(
    store: &Store,
    driver_id: &str,
    query: &SessionQuery,
    now: Instant,
) -> Result<Vec<Entry>, sqlx::Error> {
    let page = list::page(store, driver_id, query, now).await?;
    let days = page.sessions.iter().filter_map(|session| session.local_day);
    let days = days.map(|day| i64::from(day.number()));
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else {
        return Ok(Vec::new());
    };
    let mut reader = store.readers().acquire().await?;
    let mut more = of_days(&mut reader, driver_id, first, last).await?;
    let entry = |session: Session| Entry {
        more: more.remove(&session.session_id).unwrap_or_default(),
        session,
    };
    Ok(page.sessions.into_iter().map(entry).collect())
}

/// What is known of the ended sessions of some days, by their ids.
async fn of_days(
    reader: &mut AnyConnection,
    driver_id: &str,
    first: i64,
    last: i64,
) -> Result<HashMap<String, More>, sqlx::Error> {
    let rows = sqlx::query(
        "select s.id, o.name, c.evse_id, s.charged_until, s.payment, b.number, b.cost
            from sessions s join sites i on i.id = s.site_id
                join operators o on o.id = i.operator_id
                join connectors c on c.charge_point_id = s.charge_point_id
                    and c.connector = s.connector
                join bills b on b.session_id = s.id
            where s.driver_id = $1 and s.local_day between $2 and $3
            order by b.revision",
    )
    .bind(driver_id)
    .bind(first)
    .bind(last)
    .fetch_all(reader)
    .await?;
    // The newest bill of a session comes last and stays.
    let more = rows.iter().map(|row| Ok((row.try_get(0)?, more(row)?)));
    more.collect()
}

fn more(row: &AnyRow) -> Result<More, sqlx::Error> {
    let charged_until: Option<i64> = row.try_get(3)?;
    Ok(More {
        operator: Some(row.try_get(1)?),
        evse_id: Some(row.try_get(2)?),
        charged_until: charged_until.map(Instant::from_millis),
        payment: Some(payment_of_word(row.try_get(4)?)),
        receipt: Some(row.try_get(5)?),
        cost: Some(of_json(row.try_get(6)?)?),
    })
}
