//! Groups whose bookings a real Petit Monde takes. What they may spend and have spent is
//! its business: here stands what it says of that, and what was booked through the portal.
//! Who is in a group and which token is lost it doesn't know: that stays ours.

use portal_api::{
    money::{Currency, Money},
    petit_monde::group::{Group as Told, Token, TokenKind},
    time::{Day, Instant, Month},
};
use sqlx::AnyConnection;

use super::{
    Group,
    limits::{self, Claim, local_day, note, open_month},
    tokens::{self, Record},
};
use crate::embedded::{Store, Write};

/// What Petit Monde says of a group is believed for so many seconds.
const FRESH: i64 = 60;

/// Between two looks at a group that nobody looks at lie so many seconds at least.
const OFTEN: i64 = 60 * 60;

/// All such looks together take one in so many of a month's calls.
const PART_OF_MONTH: i64 = 5;

/// The seconds of the longest month.
const MONTH: i64 = 31 * 24 * 60 * 60;

/// Petit Monde's clock is so many seconds ahead of ours or behind at most.
const CLOCKS_DIFFER: i64 = 60;

/// The most characters that a charge point takes.
const UID_LONGEST: usize = 20;

/// Notes what a booking is thought to cost, as often as that changes, whatever the group
/// may spend: Petit Monde has agreed.
pub async fn set_aside(
    write: &mut Write,
    group: &Group,
    claim: &Claim<'_>,
) -> Result<(), sqlx::Error> {
    if claim.amount.currency != group.currency {
        return Ok(());
    }
    let day = local_day(claim.at, group.time_zone)?;
    open_month(write, &group.id, day.month()).await?;
    let nothing = Claim {
        amount: Money::new(0, group.currency),
        ..*claim
    };
    note(write, group, &nothing, day).await?;
    limits::hold(write, claim.reference, |_| claim.amount.minor).await
}

/// Ends the claim of a booking that was `over` then with what it came to. Petit Monde, which
/// has that in its sum or soon will, is asked for it soon; of a month that is over nobody
/// asks any more.
pub async fn settle(
    write: &mut Write,
    reference: &str,
    spent: Option<Money>,
    over: Instant,
) -> Result<(), sqlx::Error> {
    limits::end(write, reference, spent, Some(over)).await?;
    let group: Option<String> =
        sqlx::query_scalar("select group_id from group_claims where reference = $1")
            .bind(reference)
            .fetch_optional(&mut **write)
            .await?;
    match group {
        Some(group) => ask_soon(write, &group).await,
        None => Ok(()),
    }
}

async fn ask_soon(write: &mut Write, group_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update groups set ask_at = 0 where id = $1")
        .bind(group_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Whether it is time to ask Petit Monde about a group that somebody looks at; of those who
/// want to know at once, one asks.
pub async fn take_stale(store: &Store, group_id: &str, now: Instant) -> Result<bool, sqlx::Error> {
    let latest = now.plus_seconds(-FRESH).millis();
    let asked: Option<i64> = sqlx::query_scalar("select asked_at from groups where id = $1")
        .bind(group_id)
        .fetch_optional(store.readers())
        .await?;
    if asked.is_none_or(|asked| asked > latest) {
        return Ok(false);
    }
    let mut write = store.write().await?;
    let stale = sqlx::query("update groups set asked_at = $2 where id = $1 and asked_at <= $3")
        .bind(group_id)
        .bind(now.millis())
        .bind(latest)
        .execute(&mut *write)
        .await?;
    write.commit().await?;
    Ok(stale.rows_affected() == 1)
}

/// The group that waits longest to be asked about though nobody looks, of those that have a
/// limit or may have one. All of them together take a part of a month's calls at most, and
/// one more each time a booking is over.
pub async fn take_due(
    store: &Store,
    a_month: i64,
    now: Instant,
) -> Result<Option<String>, sqlx::Error> {
    let due: Option<(String, i64)> = sqlx::query_as(
        "select id, ask_at from groups where ask_at <= $1 and asked_at <= $2
            and (told_at is null or monthly_limit is not null) order by ask_at, id limit 1",
    )
    .bind(now.millis())
    .bind(now.plus_seconds(-FRESH).millis())
    .fetch_optional(store.readers())
    .await?;
    let Some((id, ask_at)) = due else {
        return Ok(None);
    };
    let followed: i64 = sqlx::query_scalar(
        "select count(*) from groups where told_at is null or monthly_limit is not null",
    )
    .fetch_one(store.readers())
    .await?;
    let mut write = store.write().await?;
    let taken =
        sqlx::query("update groups set asked_at = $3, ask_at = $4 where id = $1 and ask_at = $2")
            .bind(&id)
            .bind(ask_at)
            .bind(now.millis())
            .bind(now.plus_seconds(pause(followed, a_month)).millis())
            .execute(&mut *write)
            .await?;
    write.commit().await?;
    Ok((taken.rows_affected() == 1).then_some(id))
}

/// How many seconds lie between two looks at one of so many groups.
fn pause(groups: i64, a_month: i64) -> i64 {
    let calls = (a_month / PART_OF_MONTH).max(1);
    (MONTH / calls).saturating_mul(groups).max(OFTEN)
}

/// When Petit Monde last said what a group may spend and has spent.
pub async fn told_at(
    reader: &mut AnyConnection,
    group_id: &str,
) -> Result<Option<Instant>, sqlx::Error> {
    let told: Option<i64> = sqlx::query_scalar("select told_at from groups where id = $1")
        .bind(group_id)
        .fetch_one(reader)
        .await?;
    Ok(told.map(Instant::from_millis))
}

/// Remembers what Petit Monde says of a group: what it may spend, and has spent this month.
/// Where that may be another month by its clock, it is asked again.
pub async fn heed(
    write: &mut Write,
    group: &Group,
    told: &Told,
    (asked, heard): (Instant, Instant),
) -> Result<(), sqlx::Error> {
    let Some(told) = Amounts::of(told, group.currency) else {
        tracing::warn!(event = "group_amounts_unreadable");
        return Ok(());
    };
    let month_at = |at| local_day(at, group.time_zone).map(Day::month);
    let month = month_at(heard.plus_seconds(CLOCKS_DIFFER))?;
    if month_at(asked.plus_seconds(-CLOCKS_DIFFER))? != month {
        return ask_soon(write, &group.id).await;
    }
    open_month(write, &group.id, month).await?;
    let spent = match told.spent {
        Some(spent) => spent,
        None => known(write, group, month).await?,
    };
    sqlx::query(
        "update group_months set spent = $3, spent_told_at = $4
            where group_id = $1 and month = $2",
    )
    .bind(&group.id)
    .bind(i64::from(month.number()))
    .bind(spent)
    .bind(told.spent.map(|_| asked.millis()))
    .execute(&mut **write)
    .await?;
    // Last, as where a booking ends: whoever changes both waits for the month first.
    sqlx::query(
        "update groups set monthly_limit = $2, per_session_limit = $3, told_at = $4 where id = $1",
    )
    .bind(&group.id)
    .bind(told.monthly_limit)
    .bind(told.per_session_limit)
    .bind(asked.millis())
    .execute(&mut **write)
    .await
    .map(drop)
}

/// What Petit Monde says of a group in the currency's smallest unit, as far as it does.
struct Amounts {
    spent: Option<i64>,
    monthly_limit: Option<i64>,
    per_session_limit: Option<i64>,
}

impl Amounts {
    /// `None` if they are in another currency, or one of them is no amount: what was told
    /// before is nearer to the truth than "nothing" and "no limit".
    fn of(told: &Told, currency: Currency) -> Option<Self> {
        if told.currency.is_some_and(|other| other != currency) {
            return None;
        }
        let minor = |amount: Option<_>| match amount {
            Some(amount) => {
                let minor = Money::nearest(amount, currency)?.minor;
                (minor >= 0).then_some(Some(minor))
            }
            None => Some(None),
        };
        Some(Self {
            spent: minor(told.spent_this_month)?,
            monthly_limit: minor(told.monthly_limit)?,
            per_session_limit: minor(told.per_session_limit)?,
        })
    }
}

/// What the bookings that we know of came to in a month: where nothing is told it is all
/// that anybody knows.
async fn known(write: &mut Write, group: &Group, month: Month) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select cast(coalesce(sum(spent), 0) as bigint) from group_claims
            where group_id = $1 and local_day / 100 = $2 and open = 0",
    )
    .bind(&group.id)
    .bind(i64::from(month.number()))
    .fetch_one(&mut **write)
    .await
}

/// Writes down a token that Petit Monde has made, unless it stands there already.
pub async fn put_token(
    write: &mut Write,
    group: &Group,
    token: Token,
    now: Instant,
) -> Result<(), sqlx::Error> {
    if token.uid.is_empty() || token.uid.len() > UID_LONGEST {
        tracing::warn!(event = "token_too_long");
        return Ok(());
    }
    let ours = Token {
        kind: match token.kind {
            TokenKind::Virtual => TokenKind::Virtual,
            _ => TokenKind::Rfid,
        },
        id: match token.id.strip_prefix("tok_") {
            Some(_) => token.id,
            None => ["tok_", &token.id].concat(),
        },
        uid: token.uid.to_uppercase(),
        label: Some(token.label.unwrap_or_else(|| token.uid.clone())),
        ..token
    };
    if tokens::find(write, &group.id, &ours.id).await?.is_some() {
        return Ok(());
    }
    let record = Record {
        token: ours,
        vehicle: None,
        blocked: None,
        reason: None,
        replaced_by: None,
    };
    tokens::put(write, group, &record, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_groups_together_take_a_fifth_of_the_months_calls() {
        assert_eq!(pause(1, 10_000), OFTEN);
        for groups in [10, 100, 5_000] {
            let looks = groups * MONTH / pause(groups, 10_000);
            assert!((1_900..=2_010).contains(&looks), "{groups}: {looks}");
        }
        assert!(pause(1, 0) >= MONTH);
    }
}
