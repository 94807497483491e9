//! Brings a store up to date, step by step, all steps or none.

use portal_api::time::Instant;
use sqlx::AnyConnection;

use super::store::{Kind, OpenError, Store, Write};

/// One step. Its text may never change once released.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// A step with one text for both databases.
macro_rules! step {
    ($number:literal, $name:literal) => {
        Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/", $name, ".sql")),
        }
    };
}

/// All steps, in order.
const STEPS: [Step; 20] = [
    step!(1, "0001_people"),
    step!(2, "0002_sessions"),
    step!(3, "0003_disputes"),
    step!(4, "0004_receipts"),
    Step {
        number: 5,
        name: "0005_charging",
        sqlite: include_str!("../../migrations/0005_charging.sql"),
        postgres: concat!(
            include_str!("../../migrations/0005_charging.sql"),
            include_str!("../../migrations/0005_charging.postgres.sql")
        ),
    },
    Step {
        number: 6,
        name: "0006_receipts",
        sqlite: concat!(
            include_str!("../../migrations/0006_receipts.sqlite.sql"),
            include_str!("../../migrations/0006_receipts.sql")
        ),
        postgres: concat!(
            include_str!("../../migrations/0006_receipts.postgres.sql"),
            include_str!("../../migrations/0006_receipts.sql")
        ),
    },
    step!(7, "0007_bookings"),
    step!(8, "0008_groups"),
    Step {
        number: 9,
        name: "0009_bookings",
        sqlite: concat!(
            include_str!("../../migrations/0009_bookings.sql"),
            include_str!("../../migrations/0009_bookings.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("../../migrations/0009_bookings.sql"),
            include_str!("../../migrations/0009_bookings.postgres.sql")
        ),
    },
    step!(10, "0010_petit_monde"),
    step!(11, "0011_ahead"),
    step!(12, "0012_heard"),
    step!(13, "0013_calls"),
    Step {
        number: 14,
        name: "0014_told",
        sqlite: concat!(
            include_str!("../../migrations/0014_told.sql"),
            include_str!("../../migrations/0014_told.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("../../migrations/0014_told.sql"),
            include_str!("../../migrations/0014_told.postgres.sql")
        ),
    },
    step!(15, "0015_groups_told"),
    step!(16, "0016_stops"),
    step!(17, "0017_bookings"),
    step!(18, "0018_following"),
    step!(19, "0019_months_told"),
    step!(20, "0020_connected"),
];

/// Takes the steps that the store has not taken yet.
pub(super) async fn run(store: &Store, now: Instant) -> Result<(), OpenError> {
    let mut write = store.write().await?;
    begin(store.kind(), &mut write).await?;
    let taken = taken(&mut write).await?;
    refuse_newer(taken)?;
    for step in STEPS.iter().filter(|step| step.number > taken) {
        let text = match store.kind() {
            Kind::Sqlite => step.sqlite,
            Kind::Postgres => step.postgres,
        };
        sqlx::raw_sql(text).execute(&mut *write).await?;
        sqlx::query("insert into migrations (number, name, taken_at) values ($1, $2, $3)")
            .bind(step.number)
            .bind(step.name)
            .bind(now.millis())
            .execute(&mut *write)
            .await?;
    }
    write.commit().await?;
    Ok(())
}

/// Makes the list of steps. Copies of the program that start at the same time
/// wait for each other: SQLite by its one writer, PostgreSQL by a lock.
async fn begin(kind: Kind, write: &mut Write) -> Result<(), OpenError> {
    if kind == Kind::Postgres {
        let lock = "do $$ begin perform pg_advisory_xact_lock(4215301); end $$";
        sqlx::raw_sql(lock).execute(&mut **write).await?;
    }
    let list = "create table if not exists migrations
        (number bigint primary key, name text not null, taken_at bigint not null)";
    sqlx::raw_sql(list).execute(&mut **write).await?;
    Ok(())
}

/// The newest step that was taken, 0 if none.
pub(super) async fn taken(connection: &mut AnyConnection) -> Result<i64, OpenError> {
    sqlx::query_scalar("select coalesce(max(number), 0) from migrations")
        .fetch_one(connection)
        .await
        .map_err(OpenError::from)
}

/// Refuses a store that a newer program has changed.
pub(super) fn refuse_newer(taken: i64) -> Result<(), OpenError> {
    let known = STEPS.last().map_or(0, |step| step.number);
    if taken > known {
        return Err(OpenError::Unfit(format!(
            "the store was written by a newer version of this program (step {taken}, this one \
             knows {known}); it was left untouched, start the newer version"
        )));
    }
    Ok(())
}
