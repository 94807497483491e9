//! What flowed in the course of a session, as a picture and as a table.

use leptos::prelude::*;
use portal_api::{portal::Reading, time::Instant};

use crate::{
    format,
    i18n::words,
    ui::curve::{Curve, Point},
};

/// The power in the course of a session; nothing if the charge point didn't tell.
#[component]
pub fn PowerCurve(
    /// What the meter showed.
    readings: Vec<Reading>,
    /// When the session began.
    started: Instant,
    /// The place's time zone.
    zone: Option<String>,
) -> impl IntoView {
    let points: Vec<Point> = readings
        .iter()
        .filter_map(|reading| point(reading, started))
        .collect();
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return ().into_any();
    };
    if points.len() < 2 {
        return ().into_any();
    }
    let clock = |at| format::clock(at, zone.as_deref());
    let most = readings.iter().filter_map(|reading| reading.power_kw);
    let most = most.max_by_key(|power| power.units_at(3));
    let most = most.map(format::power).unwrap_or_default();
    let rows = readings
        .iter()
        .map(|reading| {
            view! {
                <tr>
                    <th scope="row">{clock(reading.at)}</th>
                    <td>{reading.power_kw.map(format::power)}</td>
                    <td>{format::energy(reading.energy_kwh)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="curve">
            <h2 class="card-title" id="curve">{words::curve_title()}</h2>
            <Curve
                points
                label=words::curve_label(&clock(first.at), &most, &clock(last.at))
                top=most
                from=clock(first.at)
                to=clock(last.at)
            />
            <details class="curve-table">
                <summary>{words::curve_table()}</summary>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{words::curve_time()}</th>
                            <th scope="col">{words::curve_power()}</th>
                            <th scope="col">{words::curve_energy()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
    .into_any()
}

fn point(reading: &Reading, started: Instant) -> Option<Point> {
    Some(Point {
        x: (reading.at.millis() - started.millis()) / 1_000,
        y: reading.power_kw?.units_at(3)?,
    })
}
