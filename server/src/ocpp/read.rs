//! Reading what charge points send, tolerantly: what is missing or strange is `None`.

use portal_api::{decimal::Decimal, time::Instant};
use serde_json::Value;

use super::message::Sample;

pub(super) fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    at(value, path).as_str()
}

pub(super) fn number(value: &Value, path: &[&str]) -> Option<i64> {
    at(value, path).as_i64()
}

pub(super) fn time(value: &Value, path: &[&str]) -> Option<Instant> {
    text(value, path)?.parse().ok()
}

pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, name| &value[*name])
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What a list of meter values shows: those that tell the whole energy.
pub(super) fn samples(meter_values: &Value) -> Vec<Sample> {
    list(meter_values).iter().filter_map(sample).collect()
}

fn sample(meter_value: &Value) -> Option<Sample> {
    let values = list(&meter_value["sampledValue"]);
    let of = |wanted: &str| {
        values.iter().find_map(|value| {
            // Without a word it is the energy.
            let measurand = text(value, &["measurand"]).unwrap_or(ENERGY);
            let whole = value["phase"].is_null();
            (measurand == wanted && whole).then(|| thousandths(value))?
        })
    };
    Some(Sample {
        at: time(meter_value, &["timestamp"])?,
        meter_wh: of(ENERGY)?.div_euclid(1_000),
        power_w: of(POWER).map(|power| power.div_euclid(1_000).max(0)),
    })
}

const ENERGY: &str = "Energy.Active.Import.Register";
const POWER: &str = "Power.Active.Import";

/// A sampled value in thousandths of its base unit: 1.6 writes it as text and its
/// unit as a word, 2.0.1 as a number and its unit with a power of ten.
fn thousandths(value: &Value) -> Option<i64> {
    let written = match &value["value"] {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => number.to_string().parse().ok()?,
        _ => return None,
    };
    let unit = text(value, &["unit"]).or_else(|| text(value, &["unitOfMeasure", "unit"]));
    let kilo = unit.is_some_and(|unit| unit.starts_with('k'));
    let tens = number(value, &["unitOfMeasure", "multiplier"]).unwrap_or(0);
    let scale = tens + if kilo { 3 } else { 0 };
    let factor = 10_i64.checked_pow(u32::try_from(scale.clamp(0, 9)).ok()?)?;
    let exact: Decimal = written;
    // Meters tell more digits than count here.
    exact.product_at(Decimal::new(factor, 0), 3)
}

/// The text, but for what no tag can have in it.
pub(super) fn tag(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=255).contains(&text.len()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn energy_and_power_are_read_in_whatever_unit_they_come() {
        let old = json!([{ "timestamp": "2025-06-14T15:00:00Z", "sampledValue": [
            { "value": "1234.5678", "unit": "kWh" },
            { "value": "11000", "measurand": "Power.Active.Import", "unit": "W" },
            { "value": "16", "measurand": "Current.Import", "phase": "L1" },
        ] }]);
        let new = json!([{ "timestamp": "2025-06-14T15:00:00Z", "sampledValue": [
            { "value": 1234.5678, "unitOfMeasure": { "unit": "Wh", "multiplier": 3 } },
            { "value": 11, "measurand": "Power.Active.Import",
                "unitOfMeasure": { "unit": "kW" } },
        ] }]);
        let read = Sample {
            at: "2025-06-14T15:00:00Z".parse().unwrap(),
            meter_wh: 1_234_567,
            power_w: Some(11_000),
        };
        assert_eq!(samples(&old), [read]);
        assert_eq!(samples(&new), [read]);
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for strange in [
            json!(null),
            json!([{}]),
            json!([{ "timestamp": "soon", "sampledValue": [{ "value": "1" }] }]),
            json!([{ "timestamp": "2025-06-14T15:00:00Z", "sampledValue": [{ "value": "NaN" }] }]),
            json!([{ "timestamp": "2025-06-14T15:00:00Z",
                "sampledValue": [{ "value": "1", "phase": "L1" }] }]),
        ] {
            assert_eq!(samples(&strange), [], "{strange}");
        }
    }
}
