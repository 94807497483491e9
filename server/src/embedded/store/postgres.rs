//! Opening PostgreSQL.

use std::time::Duration;

use sqlx::{
    AnyPool, ConnectOptions,
    any::{AnyConnectOptions, AnyPoolOptions},
};

use super::{Kind, OpenError, Pools};
use crate::config::Secret;

const CONNECTIONS: u32 = 16;

pub(super) async fn open(address: &Secret) -> Result<Pools, OpenError> {
    let options: AnyConnectOptions = address.expose().parse()?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options.disable_statement_logging())
        .await?;
    check_durable(&pool).await?;
    Ok(Pools {
        kind: Kind::Postgres,
        readers: pool.clone(),
        writer: pool,
    })
}

/// Refuses a server that forgets acknowledged changes when it crashes.
async fn check_durable(pool: &AnyPool) -> Result<(), OpenError> {
    let (fsync, commit, pages): (String, String, String) = sqlx::query_as(
        "select current_setting('fsync'), current_setting('synchronous_commit'),
            current_setting('full_page_writes')",
    )
    .fetch_one(pool)
    .await?;
    for (name, value) in [
        ("fsync", fsync),
        ("synchronous_commit", commit),
        ("full_page_writes", pages),
    ] {
        if value == "off" {
            return Err(OpenError::unfit(format!(
                "PostgreSQL runs with {name} = off and would lose acknowledged changes in a \
                 crash; turn it on"
            )));
        }
    }
    Ok(())
}
