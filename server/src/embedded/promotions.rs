//! Promotional codes: what they take off, and how often they may be used.

use portal_api::{
    money::{Currency, Money},
    time::Instant,
};
use sqlx::Row;

use super::{
    Write,
    tariffs::price::{Off, Promotion},
};

/// A code to be added.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewPromotion {
    /// 4 to 20 capital letters and digits.
    pub code: String,
    /// What it takes off.
    pub off: Off,
    /// How often in all; `None` without end.
    pub max_uses: Option<i64>,
    /// How often by one person; `None` without end.
    pub max_uses_per_person: Option<i64>,
    /// Until when it holds.
    pub expires: Option<Instant>,
}

/// Adds a code.
pub async fn add(write: &mut Write, new: &NewPromotion) -> Result<(), sqlx::Error> {
    let (percent, amount) = match new.off {
        Off::Percent(rate) => (Some(rate), None),
        Off::Amount(amount) => (None, Some(amount)),
    };
    sqlx::query(
        "insert into promotional_codes (code, percent, amount_minor, currency, max_uses,
            max_uses_per_person, expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&new.code)
    .bind(percent)
    .bind(amount.map(|amount| amount.minor))
    .bind(amount.map(|amount| amount.currency.code().to_owned()))
    .bind(new.max_uses)
    .bind(new.max_uses_per_person)
    .bind(new.expires.map(Instant::millis))
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Uses a code once for somebody; `None` if it doesn't hold at `at` or was used
/// as often as it may be.
pub async fn redeem(
    write: &mut Write,
    code: &str,
    person_id: &str,
    at: Instant,
) -> Result<Option<Promotion>, sqlx::Error> {
    // Holds the code's row, so that two who are the last are told apart.
    let row = sqlx::query(
        "update promotional_codes set uses = uses + 1
            where code = $1 and (max_uses is null or uses < max_uses)
                and (expires_at is null or expires_at > $2)
                and (max_uses_per_person is null or max_uses_per_person > coalesce((select u.uses
                    from promotion_uses u where u.code = $1 and u.person_id = $3), 0))
            returning percent, amount_minor, currency",
    )
    .bind(code)
    .bind(at.millis())
    .bind(person_id)
    .fetch_optional(&mut **write)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    sqlx::query(
        "insert into promotion_uses (code, person_id, uses) values ($1, $2, 1)
            on conflict (code, person_id) do update set uses = promotion_uses.uses + 1",
    )
    .bind(code)
    .bind(person_id)
    .execute(&mut **write)
    .await?;
    let percent: Option<i64> = row.try_get(0)?;
    let amount: Option<i64> = row.try_get(1)?;
    let currency: Option<String> = row.try_get(2)?;
    let amount = amount
        .zip(currency.as_deref().and_then(Currency::new))
        .map(|(minor, currency)| Off::Amount(Money::new(minor, currency)));
    let off = percent.map(Off::Percent).or(amount);
    Ok(off.map(|off| Promotion {
        code: code.to_owned(),
        off,
    }))
}
