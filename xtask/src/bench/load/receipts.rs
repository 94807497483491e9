//! How soon a receipt is there, how many a second, and how much memory a
//! thousand of them take.

use std::time::{Duration, Instant};

use portal_api::{dynamo::SessionPage, path};

use super::{
    CONNECTIONS, Server,
    client::{Connection, stream},
    load,
};
use crate::{
    bench::figure::{Budget, Figure},
    failure::{Failure, Result, While},
    say,
};

/// How many receipts come in one file.
const MANY: usize = 1_000;

/// How much is read before one looks at the memory again, in bytes.
const LOOK: usize = 1 << 20;

/// Asks for one receipt at a time, for many at the same time, and for a thousand
/// in one file.
pub fn measure(server: &Server, cookie: &str) -> Result<Vec<Figure>> {
    let newest = session(server, cookie, "status=completed&limit=1")?;
    let path = path::receipt(newest.0);
    let one = say::step("bench: a receipt", || {
        load(server.address, &path, cookie, 1)
    })?;
    let several = say::step("bench: receipts", || {
        load(server.address, &path, cookie, CONNECTIONS)
    })?;
    let (growth, took) = say::step("bench: a thousand receipts", || thousand(server, cookie))?;
    Ok(vec![
        Figure::timed("a receipt, median ms", one.median, Budget::AtMost(60.0)),
        Figure::timed("receipts/s", several.per_second, Budget::AtLeast(20.0)),
        Figure::timed("1,000 receipts, s", took.as_secs_f64(), Budget::Any),
        Figure::timed(
            "1,000 receipts, memory grows by MB",
            growth,
            Budget::AtMost(64.0),
        ),
    ])
}

/// By how many MB the memory grows meanwhile, and how long it takes.
fn thousand(server: &Server, cookie: &str) -> Result<(f64, Duration)> {
    let oldest = format!("limit=1&offset={}", MANY - 1);
    let (_, day) = session(server, cookie, &oldest)?;
    let path = format!("{}?from={day}", path::RECEIPTS_ZIP);
    let (before, _) = server.memory()?;
    let (began, mut most, mut unseen) = (Instant::now(), before, 0);
    stream(server.address, &path, cookie, |piece| {
        unseen += piece.len();
        if unseen > LOOK {
            unseen = 0;
            most = server.memory()?.0.max(most);
        }
        Ok(())
    })?;
    Ok((most - before, began.elapsed()))
}

/// The first session of a query: its id and its day.
fn session(server: &Server, cookie: &str, query: &str) -> Result<(String, String)> {
    let mut connection = Connection::open(server.address)?;
    connection.get(&format!("{}?{query}", path::SESSIONS), cookie)?;
    let page: SessionPage =
        serde_json::from_slice(connection.body()).when("reading the list of sessions")?;
    let session = page.sessions.into_iter().next();
    let found = session.and_then(|session| Some((session.session_id, session.local_day?)));
    let (id, day) = found.ok_or_else(|| Failure::new("the demo data has no such session"))?;
    Ok((id, day.to_string()))
}
