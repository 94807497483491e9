//! The charges on a group's account, one by one: what was claimed, and what came of it.

use portal_api::{
    decimal::Decimal,
    portal::groups::{ChargePage, GroupCharge},
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Group, stops::at_limit};

/// Who wants to know.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Somebody in the group.
    pub person_id: &'a str,
    /// Whether they look after it: only then they are told who else it was.
    pub admin: bool,
}

/// Some of a group's charges, the newest first, and how many there are.
pub async fn page(
    reader: &mut AnyConnection,
    group: &Group,
    whom: Reader<'_>,
    (limit, offset): (u32, u64),
) -> Result<ChargePage, sqlx::Error> {
    // The page is chosen first: what is joined to it is a handful.
    let rows = sqlx::query(concat!(
        "select c.reference, c.at, c.open, c.held, c.spent, c.person_id, p.name, t.label,
            t.vehicle, i.name, i.time_zone, s.ended_at, s.energy_wh,
            case when ",
        at_limit!(),
        " then 1 else 0 end
            from (select reference, at, open, held, spent, person_id, session_id, stop_tries
                from group_claims where group_id = $1
                order by at desc, reference desc limit $2 offset $3) c
            left join people p on p.id = c.person_id
            left join sessions s on s.id = c.session_id
            left join bookings b on b.id = c.reference
            left join sites i on i.id = coalesce(s.site_id, b.site_id)
            left join group_tokens t on t.uid = s.id_tag
            order by c.at desc, c.reference desc",
    ))
    .bind(&group.id)
    .bind(i64::from(limit))
    .bind(i64::try_from(offset).unwrap_or(i64::MAX))
    .fetch_all(&mut *reader)
    .await?;
    let total: i64 = sqlx::query_scalar("select count(*) from group_claims where group_id = $1")
        .bind(&group.id)
        .fetch_one(reader)
        .await?;
    let charges = rows.iter().map(|row| charge(row, group, whom));
    Ok(ChargePage {
        charges: charges.collect::<Result<_, _>>()?,
        total: u64::try_from(total).unwrap_or(0),
    })
}

fn charge(row: &AnyRow, group: &Group, whom: Reader<'_>) -> Result<GroupCharge, sqlx::Error> {
    let open = row.try_get::<i64, _>(2)? == 1;
    let amount: i64 = row.try_get(if open { 3 } else { 4 })?;
    let person_id: Option<String> = row.try_get(5)?;
    let who: Option<String> = row.try_get(6)?;
    let energy_wh: Option<i64> = row.try_get(12)?;
    Ok(GroupCharge {
        reference: row.try_get(0)?,
        at: Instant::from_millis(row.try_get(1)?),
        open,
        amount: group.major(amount),
        currency: group.currency,
        mine: person_id.as_deref() == Some(whom.person_id),
        who: who.filter(|_| whom.admin),
        token_label: row.try_get(7)?,
        vehicle: row.try_get(8)?,
        place: row.try_get(9)?,
        time_zone: row.try_get(10)?,
        ended_at: row.try_get::<Option<i64>, _>(11)?.map(Instant::from_millis),
        ended_at_limit: row.try_get::<i64, _>(13)? == 1,
        energy_kwh: energy_wh.map(|energy| Decimal::new(energy, 3)),
    })
}
