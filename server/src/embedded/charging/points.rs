//! What charge points sign in with, whether they are connected, and what their
//! connectors are doing.

use portal_api::{
    portal::{
        charge_points::ConnectorState,
        events::{CONNECTOR, ConnectorNews},
    },
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Charging, News, Work, holds};
use crate::{
    embedded::Write,
    ids::{self, NoRandomness},
    ocpp::{Protocol, message::State},
};

/// After so many seconds of silence a copy of the server counts as dead.
const DEAD: i64 = 30;

/// Whether a charge point may connect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignedIn {
    /// It may.
    Yes,
    /// Its key is wrong, or it has none.
    WrongKey,
    /// There is none of that name.
    Unknown,
}

/// Sets what a charge point signs in with.
pub async fn set_key(write: &mut Write, id: &str, key: &str) -> Result<(), SetKeyError> {
    let salt = ids::new_token()?;
    sqlx::query("update charge_points set key_salt = $2, key_hash = $3 where id = $1")
        .bind(id)
        .bind(&salt)
        .bind(ids::hash(&[&salt, key].concat()))
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// Why a key was not set.
#[derive(Debug, thiserror::Error)]
pub enum SetKeyError {
    /// No salt.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// Whether a charge point's key is right. Keys are long and random, so that one round
/// of hashing keeps them and a thousand can come back at once.
pub async fn sign_in(
    reader: &mut AnyConnection,
    id: &str,
    key: &str,
) -> Result<SignedIn, sqlx::Error> {
    let row: Option<(Option<String>, Option<String>)> =
        sqlx::query_as("select key_salt, key_hash from charge_points where id = $1")
            .bind(id)
            .fetch_optional(reader)
            .await?;
    Ok(match row {
        None => SignedIn::Unknown,
        Some((Some(salt), Some(hash))) if ids::hash(&[&salt, key].concat()) == hash => {
            SignedIn::Yes
        }
        Some(_) => SignedIn::WrongKey,
    })
}

/// Whether a charge point takes holds, as far as is known.
pub async fn takes_holds(reader: &mut AnyConnection, id: &str) -> Result<bool, sqlx::Error> {
    let takes: i64 = sqlx::query_scalar("select takes_holds from charge_points where id = $1")
        .bind(id)
        .fetch_one(reader)
        .await?;
    Ok(takes == 1)
}

/// Says whether a charge point takes holds.
pub async fn set_takes_holds(write: &mut Write, id: &str, takes: bool) -> Result<(), sqlx::Error> {
    sqlx::query("update charge_points set takes_holds = $2 where id = $1")
        .bind(id)
        .bind(i64::from(takes))
        .execute(&mut **write)
        .await
        .map(drop)
}

impl Charging {
    /// A charge point has connected to this copy of the server; gives the number of
    /// the connection.
    pub(super) async fn connected(&self, id: &str, protocol: Protocol) -> Result<i64, sqlx::Error> {
        let mut work = self.begin().await?;
        let connection = sqlx::query_scalar(
            "update charge_points set server_id = $2, connection = connection + 1, protocol = $3,
                connected_at = $4 where id = $1 returning connection",
        )
        .bind(id)
        .bind(&*self.server_id)
        .bind(protocol.as_str())
        .bind(work.now.millis())
        .fetch_one(&mut *work.write)
        .await?;
        tell_all(&mut work, id).await?;
        work.commit().await?;
        Ok(connection)
    }

    /// A connection has ended, unless a newer one took its place.
    pub(super) async fn disconnected(&self, id: &str, connection: i64) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        let done = sqlx::query(
            "update charge_points set server_id = null where id = $1 and connection = $2",
        )
        .bind(id)
        .bind(connection)
        .execute(&mut *work.write)
        .await?;
        if done.rows_affected() > 0 {
            tell_all(&mut work, id).await?;
        }
        work.commit().await
    }

    /// Says that this copy of the server lives, and buries the dead ones: their charge
    /// points are connected nowhere.
    pub async fn live(&self) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        let now = work.now;
        sqlx::query(
            "insert into servers (id, seen_at) values ($1, $2)
                on conflict (id) do update set seen_at = excluded.seen_at",
        )
        .bind(&*self.server_id)
        .bind(now.millis())
        .execute(&mut *work.write)
        .await?;
        bury(&mut work, now.plus_seconds(-DEAD)).await?;
        work.commit().await
    }
}

async fn bury(work: &mut Work, silent_since: Instant) -> Result<(), sqlx::Error> {
    sqlx::query("delete from servers where seen_at < $1")
        .bind(silent_since.millis())
        .execute(&mut *work.write)
        .await?;
    let orphans: Vec<String> = sqlx::query_scalar(
        "update charge_points set server_id = null
            where server_id is not null and server_id not in (select id from servers)
            returning id",
    )
    .fetch_all(&mut *work.write)
    .await?;
    for id in orphans {
        tell_all(work, &id).await?;
    }
    Ok(())
}

/// Takes in what a connector is doing; what is older than what is known changes nothing.
pub(super) async fn status(
    work: &mut Work,
    charge_point_id: &str,
    connector: i64,
    state: State,
    at: Option<Instant>,
) -> Result<(), sqlx::Error> {
    // A clock that runs ahead must not make all that follows too old.
    let at = at.unwrap_or(work.now).min(work.now);
    let before: Option<String> = sqlx::query_scalar(
        "select state from connectors where charge_point_id = $1 and connector = $2
            and (state_at is null or state_at <= $3)",
    )
    .bind(charge_point_id)
    .bind(connector)
    .bind(at.millis())
    .fetch_optional(&mut *work.write)
    .await?;
    let Some(before) = before else {
        return Ok(());
    };
    sqlx::query(
        "update connectors set state = $3, state_at = $4
            where charge_point_id = $1 and connector = $2",
    )
    .bind(charge_point_id)
    .bind(connector)
    .bind(state.as_str())
    .bind(at.millis())
    .execute(&mut *work.write)
    .await?;
    let was_reserved = before == State::Reserved.as_str();
    holds::follow(work, (charge_point_id, connector), state, was_reserved).await?;
    tell(work, charge_point_id, connector).await
}

/// Tells what a connector is doing now.
pub(super) async fn tell(
    work: &mut Work,
    charge_point_id: &str,
    connector: i64,
) -> Result<(), sqlx::Error> {
    let row = sqlx::query(
        "select connector, state, state_at from connectors_shown
            where charge_point_id = $1 and connector = $2",
    )
    .bind(charge_point_id)
    .bind(connector)
    .fetch_one(&mut *work.write)
    .await?;
    let news = news(&row, charge_point_id)?;
    work.news.extend(News::of_all(CONNECTOR, &news));
    Ok(())
}

/// Tells what all connectors of a charge point are doing now.
async fn tell_all(work: &mut Work, charge_point_id: &str) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(
        "select connector, state, state_at from connectors_shown where charge_point_id = $1
            order by connector",
    )
    .bind(charge_point_id)
    .fetch_all(&mut *work.write)
    .await?;
    for row in &rows {
        let news = news(row, charge_point_id)?;
        work.news.extend(News::of_all(CONNECTOR, &news));
    }
    Ok(())
}

fn news(row: &AnyRow, charge_point_id: &str) -> Result<ConnectorNews, sqlx::Error> {
    Ok(ConnectorNews {
        charge_point_id: charge_point_id.to_owned(),
        connector_id: u32::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
        state: ConnectorState::of_word(row.try_get(1)?),
        since: row.try_get::<Option<i64>, _>(2)?.map(Instant::from_millis),
    })
}

/// What a connector of a charge point is doing, as it is shown; `None` if there is none.
pub(super) async fn shown(
    reader: &mut AnyConnection,
    charge_point_id: &str,
    connector: i64,
) -> Result<Option<ConnectorState>, sqlx::Error> {
    let state: Option<String> = sqlx::query_scalar(
        "select state from connectors_shown where charge_point_id = $1 and connector = $2",
    )
    .bind(charge_point_id)
    .bind(connector)
    .fetch_optional(reader)
    .await?;
    Ok(state.map(|state| ConnectorState::of_word(&state)))
}
