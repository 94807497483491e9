//! What a meter shows, on a session.

use portal_api::time::Instant;

use crate::{
    embedded::{sessions::Record, tariffs::price::Reading},
    ocpp::message::Sample,
};

/// Adds what the meter showed. A meter that ran backwards takes nothing back.
pub fn read(record: &mut Record, start_wh: i64, samples: &[Sample]) {
    for sample in samples {
        let energy_wh = sample.meter_wh.saturating_sub(start_wh);
        let known = record.readings.iter().any(|before| before.at == sample.at);
        if energy_wh < 0 || known || sample.at < record.started {
            continue;
        }
        record.energy_wh = record.energy_wh.max(energy_wh);
        record.readings.push(Reading {
            at: sample.at,
            energy_wh,
            power_w: sample.power_w,
        });
    }
    record.readings.sort_by_key(|reading| reading.at);
}

/// A car has what it wanted and stays, or charges again.
pub fn note_idle(record: &mut Record, idle: bool, at: Instant) {
    record.charged_until = match (idle, record.charged_until) {
        (true, None) => Some(at),
        (true, since) => since,
        (false, _) => None,
    };
}
