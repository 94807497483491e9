//! All bookings of the groups that somebody looks after as a table, sent while it is
//! read. `elsewhere`: those at a real Petit Monde.

mod elsewhere;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    response::Response,
};
use bytes::Bytes;
use chrono::Datelike;
use futures_util::{
    Stream, StreamExt, TryStreamExt,
    stream::{once, try_unfold},
};
use portal_api::{
    petit_monde::booking::Booking,
    time::{Day, Instant},
};

use crate::{
    App,
    documents::csv::{self, Cell},
    embedded::groups::{
        USUAL_ZONE, limits,
        report::{self, Walk},
    },
    http::{Caller, Refusal, attachment::attachment, dynamo::Parameters, exports, turns::Turn},
    provider::{Failure, meter::Purpose},
};

/// What the table is called.
const NAME: &str = "bookings.csv";

const KIND: &str = "text/csv; charset=utf-8; header=present";

/// Nobody booked anything in an earlier year: looking there would cost calls.
const FIRST_YEAR: i32 = 2000;

const COLUMNS: [&str; 13] = [
    "booking_id",
    "external_id",
    "fleet_group_id",
    "customer_id",
    "status",
    "location_id",
    "location_city",
    "evse_uid",
    "reservation_start",
    "reservation_end",
    "client_price",
    "client_price_currency",
    "created_at",
];

/// The bookings that were made in some days, the first and the last one included.
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut reader = app.store.readers().acquire().await?;
    let groups = report::looked_after(&mut reader, &caller.person.id).await?;
    drop(reader);
    if groups.is_empty() {
        return Err(Refusal::forbidden());
    }
    let (from, before) = period(query.as_deref())?;
    let turn = exports::turn(&app, &caller)?;
    if let Some(elsewhere) = &app.elsewhere {
        let system = elsewhere.system.clone();
        let mut there = elsewhere::Walk::new(system, groups, (from, before), app.clock.now());
        // What fails at once is still said as such.
        let first = there.next(Purpose::Person).await?.unwrap_or_default();
        let rest = try_unfold(there, async |mut walk: elsewhere::Walk| {
            let page = walk.next(Purpose::Table).await?;
            Ok::<_, Failure>(page.map(|page| (page, walk)))
        });
        return Ok(sent(once(async { Ok(first) }).chain(rest), turn));
    }
    let walk = Walk::new(app.store.clone(), groups, from, before);
    let pages = try_unfold(walk, async |mut walk: Walk| {
        Ok::<_, Failure>(walk.next().await?.map(|page| (page, walk)))
    });
    Ok(sent(pages, turn))
}

/// The table, page after page.
fn sent(
    pages: impl Stream<Item = Result<Vec<Booking>, Failure>> + Send + 'static,
    turn: Turn,
) -> Response {
    let rows = pages.map_ok(|page| page.iter().map(row).collect::<String>());
    let head = once(async { Ok(csv::row(&COLUMNS.map(Cell::Text))) });
    let body = head.chain(rows).map_ok(Bytes::from);
    let body = body.inspect_err(exports::broke_off);
    // The turn ends with it, or when nobody wants it any more.
    let body = body.inspect(move |_| {
        let _ = &turn;
    });
    attachment(KIND, NAME, Body::from_stream(body))
}

/// From the first moment of a day until the last of another.
fn period(query: Option<&str>) -> Result<(Instant, Instant), Refusal> {
    let parameters = Parameters::of(query);
    let day = |wanted: &'static str| {
        let mut values = parameters.pairs().filter(|(name, _)| *name == wanted);
        let day: Option<Day> = values.next().and_then(|(_, value)| value.parse().ok());
        day.ok_or_else(|| Refusal::invalid_field(wanted, "a date such as 2025-03-02"))
    };
    let (first, last) = (day("period_start")?, day("period_end")?);
    if first.0.year() < FIRST_YEAR {
        let says = "a date, 2000-01-01 at the earliest";
        return Err(Refusal::invalid_field("period_start", says));
    }
    let from = limits::first_moment(first, USUAL_ZONE);
    let before = last.0.succ_opt().map(Day);
    let before = before.and_then(|day| limits::first_moment(day, USUAL_ZONE));
    let period = from.zip(before).filter(|(from, before)| from < before);
    period.ok_or_else(|| Refusal::invalid_field("period_end", "a date, not before period_start"))
}

fn row(booking: &Booking) -> String {
    let time = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let texts = [
        booking.id.clone(),
        text(&booking.external_id),
        text(&booking.fleet_group_id),
        text(&booking.customer_id),
        booking.status.as_str().to_owned(),
        text(&booking.location_id),
        text(&booking.location_city),
        text(&booking.evse_uid),
        time(booking.reservation_start),
        time(booking.reservation_end),
    ];
    let mut cells: Vec<Cell<'_>> = texts.iter().map(|text| Cell::Text(text)).collect();
    let currency = booking.client_price_currency;
    let currency = currency.map(|currency| currency.code().to_owned());
    let (currency, created) = (text(&currency), time(booking.created_at));
    cells.extend([
        booking.client_price.map_or(Cell::Empty, Cell::Number),
        Cell::Text(&currency),
        Cell::Text(&created),
    ]);
    csv::row(&cells)
}
