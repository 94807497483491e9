//! A plug that can be booked, and on what terms.

use portal_api::{
    money::{Currency, Money},
    time::Instant,
};
use sqlx::{AnyConnection, FromRow};

use super::{estimate::estimate, reading::Stored};
use crate::embedded::{
    Write,
    sites::{self, BookingTerms, Site},
    tariffs::{self, Tariff},
};

/// A plug as it is now.
#[derive(Clone, Debug)]
pub struct Plug {
    /// Where it is.
    pub site: Site,
    /// On which charge point.
    pub charge_point_id: String,
    /// Which of its connectors.
    pub connector: i64,
    /// What charging there costs; `None`: nobody can charge there.
    pub tariff: Option<Tariff>,
    /// Whether its charge point takes holds.
    pub takes_holds: bool,
    /// What it reported last; `None` if it never did.
    pub state: Option<String>,
    /// What its operator says.
    pub terms: BookingTerms,
    power_w: i64,
}

#[derive(FromRow)]
struct Row {
    site_id: String,
    charge_point_id: String,
    connector: i64,
    tariff_id: Option<String>,
    power_w: i64,
    takes_holds: i64,
    state: String,
    state_at: Option<i64>,
    #[sqlx(flatten)]
    terms: BookingTerms,
}

impl Plug {
    /// Whether that is its number at its charge point, as text.
    pub fn is_number(&self, connector_id: &str) -> bool {
        connector_id == self.connector.to_string()
    }

    /// When a booking of it begins at the latest.
    pub const fn furthest(&self, now: Instant) -> Instant {
        now.plus_seconds(self.terms.booking_days_ahead * 24 * 60 * 60)
    }

    /// What charging there for that time is thought to cost.
    pub fn estimate(&self, window: (Instant, Instant)) -> Option<Money> {
        let zone = self.site.time_zone;
        estimate(self.tariff.as_ref()?, zone, self.power_w, window)
    }

    /// What a group sets aside for a booking that is thought to cost so much: not using it
    /// may cost more.
    pub fn set_aside(&self, estimate: Money) -> Money {
        let fee = self.terms.no_show_fee.max(self.terms.late_cancel_fee);
        Money::new(estimate.minor.max(fee), estimate.currency)
    }

    /// What amounts there are in.
    pub fn currency(&self) -> Option<Currency> {
        self.tariff.as_ref().map(|tariff| tariff.currency)
    }
}

/// The plug of that number in the world at a place, if there is one.
pub async fn find(
    reader: &mut AnyConnection,
    site_id: &str,
    evse_uid: &str,
) -> Result<Option<Plug>, sqlx::Error> {
    let row = sqlx::query_as(
        "select * from plugs_told where site_id = $1 and evse_id = $2
            order by charge_point_id, connector limit 1",
    )
    .bind(site_id)
    .bind(evse_uid)
    .fetch_optional(&mut *reader)
    .await?;
    plug(reader, row).await
}

/// A connector of a charge point.
pub async fn at(
    reader: &mut AnyConnection,
    (charge_point_id, connector): (&str, i64),
) -> Result<Option<Plug>, sqlx::Error> {
    let row =
        sqlx::query_as("select * from plugs_told where charge_point_id = $1 and connector = $2")
            .bind(charge_point_id)
            .bind(connector)
            .fetch_optional(&mut *reader)
            .await?;
    plug(reader, row).await
}

async fn plug(reader: &mut AnyConnection, row: Option<Row>) -> Result<Option<Plug>, sqlx::Error> {
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Plug {
        site: sites::load(reader, &row.site_id).await?,
        tariff: match &row.tariff_id {
            Some(id) => Some(tariffs::load(reader, id).await?),
            None => None,
        },
        charge_point_id: row.charge_point_id,
        connector: row.connector,
        takes_holds: row.takes_holds == 1,
        state: row.state_at.map(|_| row.state),
        terms: row.terms,
        power_w: row.power_w,
    }))
}

/// Nobody else books or holds it until this change is made.
pub async fn lock(
    write: &mut Write,
    (charge_point_id, connector): (&str, i64),
) -> Result<(), sqlx::Error> {
    sqlx::query("update connectors set state = state where charge_point_id = $1 and connector = $2")
        .bind(charge_point_id)
        .bind(connector)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// What asks whether somebody has a plug for some of a time.
struct Taken(&'static str);

const BOOKED: Taken = Taken(
    "select 1 from bookings where charge_point_id = $1 and connector = $2 and ends_at > $3
        and starts_at < $4
        and status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING') limit 1",
);

const HELD: Taken = Taken(
    "select 1 from reservations where charge_point_id = $1 and connector = $2
        and stage <> 'over' and booking_id is null
        and (expires_at > $3 or wanted_until > $3) and created_at < $4 limit 1",
);

impl Taken {
    async fn is_so(
        &self,
        reader: &mut AnyConnection,
        (charge_point_id, connector): (&str, i64),
        (start, end): (Instant, Instant),
    ) -> Result<bool, sqlx::Error> {
        let found: Option<i64> = sqlx::query_scalar(self.0)
            .bind(charge_point_id)
            .bind(connector)
            .bind(start.millis())
            .bind(end.millis())
            .fetch_optional(reader)
            .await?;
        Ok(found.is_some())
    }
}

/// Whether somebody has booked it for some of that time.
pub async fn is_booked(
    reader: &mut AnyConnection,
    place: (&str, i64),
    window: (Instant, Instant),
) -> Result<bool, sqlx::Error> {
    BOOKED.is_so(reader, place, window).await
}

/// Whether nobody has it for any of that time.
pub async fn is_free(
    reader: &mut AnyConnection,
    place: (&str, i64),
    window: (Instant, Instant),
) -> Result<bool, sqlx::Error> {
    let held = HELD.is_so(&mut *reader, place, window).await?;
    Ok(!held && !BOOKED.is_so(reader, place, window).await?)
}

/// Whether a booking's plug was held and broke, or the operator took it away.
pub(super) async fn is_lost(
    reader: &mut AnyConnection,
    booking: &Stored,
) -> Result<bool, sqlx::Error> {
    let lost: Option<i64> = sqlx::query_scalar(
        "select 1 from reservations where id = $1 and ended in ('out_of_order', 'by_operator')",
    )
    .bind(&booking.cpo_reservation_id)
    .fetch_optional(reader)
    .await?;
    Ok(lost.is_some())
}
