//! What is told of a group: what is left to spend, and all that its page shows.

use chrono_tz::Tz;
use portal_api::{
    petit_monde::group as wire,
    portal::groups::{Budget, GroupPage},
    time::{Day, Instant, Month},
};
use sqlx::AnyConnection;

use super::{Group, limits};

/// What a group may spend in the month of `now`, and what of it is gone.
pub async fn budget(
    reader: &mut AnyConnection,
    group: &Group,
    now: Instant,
) -> Result<Budget, sqlx::Error> {
    let today = limits::local_day(now, group.time_zone)?;
    let month = today.month();
    let balance = limits::month(reader, &group.id, month).await?;
    let left = group.monthly_limit.map(|limit| balance.left(limit).max(0));
    Ok(Budget {
        currency: group.currency,
        month,
        ends_at: end_of(month, group.time_zone).unwrap_or(now),
        monthly_limit: group.monthly_limit.map(|minor| group.major(minor)),
        per_session_limit: group.per_session_limit.map(|minor| group.major(minor)),
        spent: group.major(balance.spent),
        held: group.major(balance.held),
        left: left.map(|minor| group.major(minor)),
        forecast: group.major(forecast(balance, today)),
        as_of: Some(now),
    })
}

/// The first moment after a month.
fn end_of(month: Month, zone: Tz) -> Option<Instant> {
    let Day(last) = month.last_day()?;
    limits::first_moment(Day(last.succ_opt()?), zone)
}

/// What a month comes to that goes on as its days did so far, today counted whole; no
/// less than is spent and booked.
fn forecast(balance: limits::Balance, today: Day) -> i64 {
    let days = |day: Option<Day>| i64::from(day.map_or(1, |day| day.number() % 100)).max(1);
    let (passed, all) = (days(Some(today)), days(today.month().last_day()));
    let going_on = i128::from(balance.spent) * i128::from(all) / i128::from(passed);
    let going_on = i64::try_from(going_on).unwrap_or(i64::MAX);
    going_on.max(balance.spent.saturating_add(balance.held))
}

/// A group as Petit Monde tells it.
pub async fn as_documented(
    reader: &mut AnyConnection,
    group: &Group,
    now: Instant,
) -> Result<wire::Group, sqlx::Error> {
    let month = limits::local_day(now, group.time_zone)?.month();
    let balance = limits::month(&mut *reader, &group.id, month).await?;
    let (tokens, blocked) = tokens(reader, &group.id).await?;
    Ok(wire::Group {
        id: group.id.clone(),
        name: group.name.clone(),
        monthly_limit: group.monthly_limit.map(|minor| group.major(minor)),
        per_session_limit: group.per_session_limit.map(|minor| group.major(minor)),
        currency: Some(group.currency),
        spent_this_month: Some(group.major(balance.spent)),
        token_count: tokens + blocked,
        created_at: Some(group.created),
    })
}

/// What the page shows above its lists, to somebody in the group.
pub async fn page(
    reader: &mut AnyConnection,
    group: &Group,
    admin: bool,
    now: Instant,
) -> Result<GroupPage, sqlx::Error> {
    let organisation: String = sqlx::query_scalar("select name from organisations where id = $1")
        .bind(&group.organisation_id)
        .fetch_one(&mut *reader)
        .await?;
    let admins: Vec<String> = sqlx::query_scalar(
        "select p.name from group_members m join people p on p.id = m.person_id
            where m.group_id = $1 and m.admin = 1 order by p.name, p.id limit 20",
    )
    .bind(&group.id)
    .fetch_all(&mut *reader)
    .await?;
    let members: i64 = sqlx::query_scalar("select count(*) from group_members where group_id = $1")
        .bind(&group.id)
        .fetch_one(&mut *reader)
        .await?;
    let (tokens, blocked_tokens) = tokens(&mut *reader, &group.id).await?;
    Ok(GroupPage {
        id: group.id.clone(),
        name: group.name.clone(),
        organisation,
        time_zone: group.time_zone.name().to_owned(),
        admin,
        budget: budget(reader, group, now).await?,
        admins,
        members: u64::try_from(members).unwrap_or(0),
        tokens,
        blocked_tokens,
        elsewhere: None,
        tokens_elsewhere: false,
    })
}

/// How many tokens work, and how many don't any more.
async fn tokens(reader: &mut AnyConnection, group_id: &str) -> Result<(u64, u64), sqlx::Error> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select status, count(*) from group_tokens where group_id = $1 group by status",
    )
    .bind(group_id)
    .fetch_all(reader)
    .await?;
    let of = |status: &str| {
        let row = rows.iter().find(|(word, _)| word == status);
        row.map_or(0, |(_, count)| u64::try_from(*count).unwrap_or(0))
    };
    Ok((of("ACTIVE"), of("BLOCKED")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_ends_at_its_places_midnight() {
        let zone = chrono_tz::Europe::Berlin;
        for (month, end) in [
            (202_503, "2025-03-31T22:00:00Z"),
            (202_506, "2025-06-30T22:00:00Z"),
            (202_510, "2025-10-31T23:00:00Z"),
            (202_512, "2025-12-31T23:00:00Z"),
        ] {
            let month = Month::from_number(month).unwrap();
            assert_eq!(end_of(month, zone), Some(at(end)));
        }
    }

    #[test]
    fn a_forecast_goes_on_as_before_and_is_no_less_than_what_is_booked() {
        let balance = |spent, held| limits::Balance { spent, held };
        let day: Day = "2025-06-15".parse().unwrap();
        assert_eq!(forecast(balance(10_000, 0), day), 20_000);
        assert_eq!(forecast(balance(10_000, 15_000), day), 25_000);
        assert_eq!(forecast(balance(0, 0), day), 0);
    }
}
