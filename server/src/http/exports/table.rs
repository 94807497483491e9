//! How a session stands in a table.

use chrono_tz::Tz;
use portal_api::{decimal::Decimal, dynamo::cost::CostBreakdown, portal::Payment, time::Instant};

use crate::{
    documents::{
        charges::tax,
        csv::{self, Cell},
    },
    provider::Entry,
};

/// What the table is called.
pub const NAME: &str = "sessions.csv";

const COLUMNS: [&str; 19] = [
    "session_id",
    "receipt_number",
    "started_at",
    "ended_at",
    "place",
    "operator",
    "charge_point",
    "connector",
    "evse_id",
    "energy_kwh",
    "charging_minutes",
    "standing_minutes",
    "net",
    "tax",
    "tax_rate_percent",
    "total",
    "currency",
    "status",
    "payment",
];

/// The names of its columns.
pub fn head() -> String {
    csv::row(&COLUMNS.map(Cell::Text))
}

/// A session's row.
pub fn row(entry: &Entry) -> String {
    let Entry { session, more } = entry;
    let zone = zone(entry);
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let ended = session.ended_at.unwrap_or(session.started_at);
    let charged_until = more.charged_until.unwrap_or(ended);
    let [receipt, place] = [&more.receipt, &session.site_name].map(text);
    let [operator, evse_id] = [&more.operator, &more.evse_id].map(text);
    let (started_at, ended_at) = (local(session.started_at, zone), local(ended, zone));
    let Sums { net, tax, rate } = more.cost.as_ref().map(Sums::of).unwrap_or_default();
    let cells: [Cell<'_>; COLUMNS.len()] = [
        Cell::Text(&session.session_id),
        Cell::Text(&receipt),
        Cell::Text(&started_at),
        Cell::Text(&ended_at),
        Cell::Text(&place),
        Cell::Text(&operator),
        Cell::Text(&session.charge_point_id),
        number(
            session
                .connector_id
                .map(|connector| Decimal::new(connector.into(), 0)),
        ),
        Cell::Text(&evse_id),
        number(session.energy_kwh),
        number(Some(minutes(session.started_at, charged_until))),
        number(Some(minutes(charged_until, ended))),
        number(net),
        number(tax),
        number(rate),
        number(session.total_cost),
        Cell::Text(
            session
                .currency
                .as_ref()
                .map_or("", |currency| currency.code()),
        ),
        Cell::Text(session.status.as_str()),
        Cell::Text(more.payment.map_or("", payment)),
    ];
    csv::row(&cells)
}

/// Of the place; of nowhere it is UTC.
pub fn zone(entry: &Entry) -> Tz {
    let name = entry.session.time_zone.as_deref();
    name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

#[derive(Default)]
struct Sums {
    net: Option<Decimal>,
    tax: Option<Decimal>,
    rate: Option<Decimal>,
}

impl Sums {
    fn of(cost: &CostBreakdown) -> Self {
        match tax(cost) {
            Some(tax) => Self {
                net: Some(tax.net.major()),
                tax: Some(tax.tax.major()),
                rate: Some(tax.rate),
            },
            None => Self::default(),
        }
    }
}

/// With the offset of the place.
fn local(at: Instant, zone: Tz) -> String {
    let local = at.utc().map(|at| at.with_timezone(&zone));
    local.map_or_else(String::new, |local| {
        local.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    })
}

/// Whole minutes between two times.
fn minutes(from: Instant, to: Instant) -> Decimal {
    Decimal::new((to.millis() - from.millis()).max(0) / 60_000, 0)
}

fn number(number: Option<Decimal>) -> Cell<'static> {
    number.map_or(Cell::Empty, Cell::Number)
}

/// Its word, as on the wire.
const fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::Card => "card",
        Payment::Invoice => "invoice",
        Payment::Organisation => "organisation",
        Payment::Unknown => "",
    }
}
