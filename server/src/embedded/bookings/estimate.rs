//! What a booking would cost, before anybody knows how much will be charged.

use chrono_tz::Tz;
use portal_api::{money::Money, time::Instant};

use crate::embedded::{
    Write,
    sites::{self, Site},
    tariffs::{
        Tariff,
        price::{Course, Reductions},
    },
};

/// What a car takes that charges for long.
const USUAL_WH: i64 = 40_000;

const HOUR_SECONDS: i64 = 3_600;

/// By then a car has it at the slowest of plugs.
const LONGEST_SECONDS: i64 = 24 * HOUR_SECONDS;

/// What charging usually costs that begins now at a connector; nothing if there is no
/// price.
pub async fn usual(
    write: &mut Write,
    (charge_point_id, connector): (&str, i64),
    (site, tariff): (&Site, &Tariff),
    start: Instant,
) -> Result<Money, sqlx::Error> {
    let fitted = sites::connector(write, charge_point_id, connector).await?;
    let end = start.plus_seconds(LONGEST_SECONDS);
    let usual =
        fitted.and_then(|fitted| estimate(tariff, site.time_zone, fitted.power_w, (start, end)));
    Ok(usual.unwrap_or(Money::new(0, tariff.currency)))
}

/// The price of charging from then to then at a plug's full power, until a car has
/// what it usually takes. Whoever stays on longer pays for that.
pub(super) fn estimate(
    tariff: &Tariff,
    zone: Tz,
    power_w: i64,
    (start, end): (Instant, Instant),
) -> Option<Money> {
    let seconds = (end.millis() - start.millis()) / 1_000;
    let energy_wh = (power_w.checked_mul(seconds)? / HOUR_SECONDS).min(USUAL_WH);
    let charging = energy_wh * HOUR_SECONDS / power_w.max(1);
    let charged_until = start.plus_seconds(charging).min(end);
    let course = Course {
        started: start,
        charged_until,
        until: charged_until,
        energy_wh,
        readings: &[],
        zone,
    };
    let price = tariff.price("", &course, &Reductions::default()).ok()?;
    Money::from_major(price.total_cost?, price.currency)
}
