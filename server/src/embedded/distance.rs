//! How far it is, on the earth.

/// How many digits of a degree are kept: places stand in the store in millionths.
pub const DEGREES: u32 = 6;

/// Latitude and longitude in millionths of a degree.
pub type Spot = (i64, i64);

/// The radius of the earth in metres.
const EARTH: f64 = 6_371_000.0;

/// Half the way around, in millionths of a degree.
const HALF: i64 = 180_000_000;

/// How far it is as the crow flies, in metres.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "half the earth's circumference fits, and metres are exact enough"
)]
pub fn distance(from: Spot, to: Spot) -> u32 {
    let radians = |millionths: i64| (millionths as f64 / 1e6).to_radians();
    let (from_latitude, to_latitude) = (radians(from.0), radians(to.0));
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let across = half(to_latitude - from_latitude)
        + from_latitude.cos() * to_latitude.cos() * half(radians(to.1 - from.1));
    (2.0 * EARTH * across.sqrt().min(1.0).asin()).round() as u32
}

/// Between which latitudes and which longitudes all stand that are as near as that; a
/// little more, and all longitudes where it reaches a pole or the date line.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "degrees fit, and a little more is taken anyway"
)]
pub fn around((latitude, longitude): Spot, metres: u32) -> (Spot, Spot) {
    let degrees = (f64::from(metres) / EARTH).to_degrees() * 1.001;
    let up = (degrees * 1e6).ceil() as i64;
    let latitudes = (latitude - up, latitude + up);
    let furthest = latitudes.0.abs().max(latitudes.1.abs()) as f64 / 1e6;
    let whole = (latitudes, (-HALF, HALF));
    if furthest >= 90.0 {
        return whole;
    }
    let aside = (degrees * 1e6 / furthest.to_radians().cos()).ceil() as i64;
    let longitudes = (longitude - aside, longitude + aside);
    if longitudes.0 < -HALF || longitudes.1 > HALF {
        return whole;
    }
    (latitudes, longitudes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_right_to_a_thousandth() {
        let freiburg = (47_999_008, 7_842_104);
        let kassel = (51_312_711, 9_479_746);
        assert_eq!(distance(freiburg, freiburg), 0);
        let metres = distance(freiburg, kassel);
        assert!((386_000..=388_500).contains(&metres), "{metres}");
        // Across the date line.
        assert!(distance((0, 179_999_000), (0, -179_999_000)) < 250);
    }

    #[test]
    fn whatever_is_near_enough_stands_in_between() {
        for from in [
            (48_000_000, 7_800_000),
            (-33_000_000, -70_000_000),
            (0, 0),
            (69_000_000, 18_000_000),
        ] {
            let (latitudes, longitudes) = around(from, 50_000);
            for step in 0..360_u32 {
                // As far as it may be, in every direction.
                let (sin, cos) = f64::from(step).to_radians().sin_cos();
                let angle = 49_990.0 / EARTH;
                let latitude = f64::from(i32::try_from(from.0).unwrap()) / 1e6;
                let up = (angle * cos).to_degrees();
                let aside = (angle * sin).to_degrees() / (latitude + up).to_radians().cos();
                #[allow(clippy::cast_possible_truncation, reason = "degrees fit")]
                let spot = (from.0 + (up * 1e6) as i64, from.1 + (aside * 1e6) as i64);
                if distance(from, spot) <= 50_000 {
                    assert!(
                        (latitudes.0..=latitudes.1).contains(&spot.0),
                        "{from:?} {step}"
                    );
                    assert!(
                        (longitudes.0..=longitudes.1).contains(&spot.1),
                        "{from:?} {step}"
                    );
                }
            }
        }
    }

    #[test]
    fn at_a_pole_and_at_the_date_line_every_longitude_may_be_near() {
        assert_eq!(around((89_900_000, 0), 50_000).1, (-HALF, HALF));
        assert_eq!(around((0, 179_900_000), 50_000).1, (-HALF, HALF));
    }
}
