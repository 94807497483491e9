//! Many sessions at once: their receipts in one archive, and a table of them.
//! Both are sent while they are read.
//!
//! - `walk`: all sessions that a filter lets through, page by page.
//! - `table`: how a session stands in a table. `archive`: receipts and table.

mod archive;
mod table;
mod walk;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, StatusCode},
    response::Response,
};
use bytes::Bytes;
use futures_util::{
    Stream, StreamExt, TryStreamExt,
    stream::{once, try_unfold},
};
use portal_api::{path, problem::Code, query::SessionFilter};

use self::{archive::Archive, walk::Walk};
use super::{
    Caller, Refusal, Who, attachment::attachment, dynamo::Parameters, language::language,
    routes::Routes, turns::Turn,
};
use crate::{App, documents::zip::TooLarge, provider::Failure};

/// How many sessions an export has.
const COUNT: HeaderName = HeaderName::from_static("x-receipts");

/// How many seconds until an export may be asked for while there is another.
const ONE_AT_A_TIME: u64 = 5;

/// Why an export breaks off in the middle.
#[derive(Debug, thiserror::Error)]
enum BreaksOff {
    #[error(transparent)]
    System(#[from] Failure),
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// The addresses of exports.
pub fn add(routes: Routes) -> Routes {
    routes.get(path::SESSIONS_CSV, Who::Drivers, sessions).get(
        path::RECEIPTS_ZIP,
        Who::Drivers,
        receipts,
    )
}

/// The sessions as a table.
async fn sessions(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let turn = turn(&app, &caller)?;
    let walk = walk(app, caller, query.as_deref())?;
    let count = walk.count().await?;
    let head = once(async { Ok(table::head()) });
    let rows = try_unfold(walk, async |mut walk: Walk| {
        Ok::<_, BreaksOff>(walk.next().await?.map(|page| (page, walk)))
    });
    let rows = rows.map_ok(|page| page.iter().map(table::row).collect::<String>());
    let body = head.chain(rows).map_ok(Bytes::from);
    let kind = "text/csv; charset=utf-8; header=present";
    Ok(sent(turn, body, count, kind, table::NAME))
}

/// The receipts of the sessions and a table of them, in one file.
async fn receipts(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let turn = turn(&app, &caller)?;
    let language = language(&caller, &headers);
    let walk = walk(app, caller, query.as_deref())?;
    let count = walk.count().await?;
    let body = try_unfold(
        Archive::new(walk, language),
        async |mut archive: Archive| {
            Ok::<_, BreaksOff>(archive.next().await?.map(|bytes| (bytes, archive)))
        },
    );
    Ok(sent(turn, body, count, "application/zip", "receipts.zip"))
}

/// One export at a time for each person.
pub(super) fn turn(app: &App, caller: &Caller) -> Result<Turn, Refusal> {
    let turn = app.exports.take(&caller.person.id);
    turn.ok_or_else(|| {
        let says = "one export at a time";
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::Busy, says).retry_after(ONE_AT_A_TIME)
    })
}

fn walk(app: App, caller: Caller, query: Option<&str>) -> Result<Walk, Refusal> {
    let filter = SessionFilter::read(Parameters::of(query).pairs())?;
    Ok(Walk::new(app, caller, filter))
}

/// Notes why a table or an archive has an end too soon. What a system says may be about
/// somebody, and stands in no log.
pub(super) fn broke_off(failure: &Failure) {
    match failure {
        Failure::Store(error) => tracing::warn!(event = "export_broke_off", %error),
        failure => tracing::warn!(event = "export_broke_off", kind = failure.kind()),
    }
}

/// Sends what is made meanwhile; the turn ends with it, or when nobody wants it
/// any more.
fn sent(
    turn: Turn,
    body: impl Stream<Item = Result<Bytes, BreaksOff>> + Send + 'static,
    count: u64,
    kind: &str,
    name: &str,
) -> Response {
    let body = body.inspect_err(|error| match error {
        BreaksOff::System(failure) => broke_off(failure),
        BreaksOff::TooLarge(error) => tracing::warn!(event = "export_broke_off", %error),
    });
    let body = body.inspect(move |_| {
        let _ = &turn;
    });
    let mut response = attachment(kind, name, Body::from_stream(body));
    response.headers_mut().insert(COUNT, count.into());
    response
}
