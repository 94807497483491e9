//! What a group's people are written: that most of a month is gone, and that a card is
//! lost.

use chrono_tz::Tz;
use portal_api::{
    language::Language, money::Money, petit_monde::group::NEARLY_PERCENT, time::Instant,
};

use super::{Group, Unmade, limits};
use crate::{
    embedded::{Store, Write, letters},
    ids,
    mail::{
        Letter,
        words::{self, Addressee, TokenLost},
    },
};

/// More than any clock is ahead of UTC or behind.
const CLOCKS_DIFFER: i64 = 24 * 60 * 60;

/// Writes to the people of every group that has little left of the month that it is by the
/// group's clock, once for each month.
pub async fn tell_of_limits(store: &Store, portal: &str, now: Instant) -> Result<(), Unmade> {
    let month = |at, zone| limits::local_day(at, zone).map(|day| i64::from(day.month().number()));
    let nearly: Vec<(String, i64, String)> = sqlx::query_as(
        "select m.group_id, m.month, g.time_zone from group_months m
            join groups g on g.id = m.group_id
            where m.told = 0 and m.month between $1 and $2 and g.monthly_limit > 0
                and (m.spent + m.held) * 100 >= g.monthly_limit * $3",
    )
    .bind(month(now.plus_seconds(-CLOCKS_DIFFER), Tz::UTC)?)
    .bind(month(now.plus_seconds(CLOCKS_DIFFER), Tz::UTC)?)
    .bind(NEARLY_PERCENT)
    .fetch_all(store.readers())
    .await?;
    for (group_id, of_month, zone) in &nearly {
        if *of_month != month(now, zone.parse().unwrap_or(Tz::UTC))? {
            continue;
        }
        let mut write = store.write().await?;
        if is_to_be_told(&mut write, group_id, *of_month).await? {
            nearly_spent(&mut write, (group_id, *of_month), portal, now).await?;
        }
        write.commit().await?;
    }
    Ok(())
}

/// Of those who would tell, one does.
async fn is_to_be_told(write: &mut Write, group_id: &str, month: i64) -> Result<bool, sqlx::Error> {
    let told = sqlx::query(
        "update group_months set told = 1 where group_id = $1 and month = $2 and told = 0",
    )
    .bind(group_id)
    .bind(month)
    .execute(&mut **write)
    .await?;
    Ok(told.rows_affected() == 1)
}

async fn nearly_spent(
    write: &mut Write,
    (group_id, month): (&str, i64),
    portal: &str,
    now: Instant,
) -> Result<(), Unmade> {
    let Some(group) = super::find(write, group_id).await? else {
        return Ok(());
    };
    let (limit, gone): (Option<i64>, i64) = sqlx::query_as(
        "select g.monthly_limit, m.spent + m.held from group_months m
            join groups g on g.id = m.group_id where m.group_id = $1 and m.month = $2",
    )
    .bind(group_id)
    .bind(month)
    .fetch_one(&mut **write)
    .await?;
    let limit = limit.unwrap_or(0);
    let money = |minor| Money::new(minor, group.currency);
    let left = money(limit.saturating_sub(gone).max(0));
    send(write, &group, false, portal, now, |to| {
        words::group_nearly_spent(to, &group.name, left, money(limit))
    })
    .await?;
    tracing::info!(event = "group_nearly_spent");
    Ok(())
}

/// Writes to whoever looks after a group that somebody reported a token as lost.
pub async fn token_lost(
    write: &mut Write,
    group: &Group,
    lost: TokenLost<'_>,
    portal: &str,
    now: Instant,
) -> Result<(), Unmade> {
    send(write, group, true, portal, now, |to| {
        words::group_token_lost(to, &group.name, lost)
    })
    .await
}

/// Puts a letter for each member, or each who looks after the group, into the box.
async fn send(
    write: &mut Write,
    group: &Group,
    admins_only: bool,
    portal: &str,
    now: Instant,
    letter: impl Fn(&Addressee<'_>) -> Letter,
) -> Result<(), Unmade> {
    let people: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "select p.email, p.name, p.language from group_members m
            join people p on p.id = m.person_id
            where m.group_id = $1 and m.admin >= $2 order by p.id",
    )
    .bind(&group.id)
    .bind(i64::from(admins_only))
    .fetch_all(&mut **write)
    .await?;
    let link = format!("{portal}/groups/{}", group.id);
    for (email, name, language) in &people {
        let language = language.as_deref().and_then(Language::of_tag);
        let to = Addressee {
            language: language.unwrap_or_default(),
            email,
            name,
            link: &link,
        };
        letters::add(write, &ids::new_id("let")?, &letter(&to), now).await?;
    }
    Ok(())
}
