//! Who charged what on a group's account in a month.

use portal_api::{
    petit_monde::group::{DayShare, Share, Usage},
    time::{Day, Month},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::Group;

/// The sums of some claims, after what they are summed by.
macro_rules! sums {
    ($by:literal, $from:literal, $order:literal) => {
        concat!(
            "select ",
            $by,
            ", count(*), cast(sum(c.spent) as bigint),
                cast(sum(case when c.open = 1 then c.held else 0 end) as bigint)
                from group_claims c ",
            $from,
            " where c.group_id = $1 and c.local_day between $2 and $3
                group by ",
            $by,
            " order by ",
            $order
        )
    };
}

const BY_MEMBER: &str = sums!(
    "p.id, p.name",
    "left join people p on p.id = c.person_id",
    "4 desc, 5 desc, 1"
);

const BY_TOKEN: &str = sums!(
    "t.id, t.label",
    "left join sessions s on s.id = c.session_id left join group_tokens t on t.uid = s.id_tag",
    "4 desc, 5 desc, 1"
);

const BY_DAY: &str = sums!("c.local_day", "", "1");

/// What is told of a month, and what of it is claimed here: of one moment, or a charge that
/// is settled meanwhile stands in one of them only.
const TOTALS: &str = "select coalesce(m.spent, 0), coalesce(m.held, 0),
        cast(coalesce((select sum(c.spent) from group_claims c
            where c.group_id = $1 and c.local_day between $2 and $3), 0) as bigint)
    from (select 1) one left join group_months m on m.group_id = $1 and m.month = $2 / 100";

/// Who charged what in a month.
pub async fn usage(
    reader: &mut AnyConnection,
    group: &Group,
    month: Month,
) -> Result<Usage, sqlx::Error> {
    let by_member = rows(&mut *reader, BY_MEMBER, group, month).await?;
    let by_token = rows(&mut *reader, BY_TOKEN, group, month).await?;
    let by_day = rows(&mut *reader, BY_DAY, group, month).await?;
    let totals = rows(reader, TOTALS, group, month).await?;
    let totals = totals.first().ok_or(sqlx::Error::RowNotFound)?;
    let (spent, ours): (i64, i64) = (totals.try_get(0)?, totals.try_get(2)?);
    let elsewhere = Some(spent - ours).filter(|minor| *minor > 0);
    let by_day = by_day.iter().map(|row| day(row, group));
    let by_day: Vec<DayShare> = by_day.collect::<Result<_, sqlx::Error>>()?;
    Ok(Usage {
        group_id: group.id.clone(),
        month,
        currency: group.currency,
        spent: group.major(spent),
        booked_elsewhere: elsewhere.map(|minor| group.major(minor)),
        held: group.major(totals.try_get(1)?),
        charges: by_day.iter().map(|day| day.charges).sum(),
        by_member: shares(&by_member, group)?,
        by_token: shares(&by_token, group)?,
        by_day,
    })
}

async fn rows(
    reader: &mut AnyConnection,
    sums: &'static str,
    group: &Group,
    month: Month,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let first = i64::from(month.number()) * 100;
    sqlx::query(sums)
        .bind(&group.id)
        .bind(first)
        .bind(first + 99)
        .fetch_all(reader)
        .await
}

fn shares(rows: &[AnyRow], group: &Group) -> Result<Vec<Share>, sqlx::Error> {
    rows.iter().map(|row| share(row, group)).collect()
}

fn share(row: &AnyRow, group: &Group) -> Result<Share, sqlx::Error> {
    Ok(Share {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        charges: u64::try_from(row.try_get::<i64, _>(2)?).unwrap_or(0),
        spent: group.major(row.try_get(3)?),
        held: group.major(row.try_get(4)?),
    })
}

fn day(row: &AnyRow, group: &Group) -> Result<DayShare, sqlx::Error> {
    let number = i32::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0);
    let day = Day::from_number(number)
        .ok_or_else(|| sqlx::Error::Decode("no day of the calendar".into()))?;
    Ok(DayShare {
        day,
        charges: u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0),
        spent: group.major(row.try_get(2)?),
        held: group.major(row.try_get(3)?),
    })
}
