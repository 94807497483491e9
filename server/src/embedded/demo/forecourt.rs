//! Who stands at which plug: no two cars at the same one.

use std::collections::{BTreeMap, HashMap};

use portal_api::time::Instant;

use super::places::{PLACES, Place, Plugs, Row};

/// A plug somebody can drive up to.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The charge point's id.
    pub charge_point_id: String,
    /// Which of its connectors, from 1.
    pub connector: u32,
    /// What it delivers.
    pub plugs: Plugs,
    /// What charging there costs.
    pub tariff: &'static str,
    /// When it is taken: from (milliseconds) until when.
    taken: BTreeMap<i64, i64>,
}

/// Every plug of every place.
#[derive(Clone, Debug)]
pub struct Forecourt(HashMap<&'static str, Vec<Spot>>);

impl Forecourt {
    /// All plugs, none of them taken.
    pub fn new() -> Self {
        let spots = |place: &Place| place.rows.iter().flat_map(spots_of).collect();
        Self(
            PLACES
                .iter()
                .map(|place| (place.key, spots(place)))
                .collect(),
        )
    }

    /// The `turn`th plug of that kind at a place that is free all that time,
    /// counted round.
    pub fn free(
        &mut self,
        place: &str,
        direct: bool,
        from: Instant,
        to: Instant,
        turn: usize,
    ) -> Option<&mut Spot> {
        let spots = self.0.get_mut(place)?;
        let free: Vec<_> = spots
            .iter_mut()
            .filter(|spot| spot.plugs.direct == direct && spot.is_free(from, to))
            .collect();
        let count = free.len().max(1);
        free.into_iter().nth(turn % count)
    }
}

impl Spot {
    /// Takes it for that time.
    pub fn take(&mut self, from: Instant, to: Instant) {
        self.taken.insert(from.millis(), to.millis());
    }

    fn is_free(&self, from: Instant, to: Instant) -> bool {
        let last_before = self.taken.range(..to.millis()).next_back();
        last_before.is_none_or(|(_, until)| *until <= from.millis())
    }
}

/// The ids of a row's charge points.
pub fn charge_points(row: &Row) -> impl Iterator<Item = String> {
    let prefix = row.prefix;
    (1..=row.count).map(move |number| format!("{prefix}-{number:02}"))
}

fn spots_of(row: &Row) -> Vec<Spot> {
    let mut spots = Vec::new();
    for charge_point_id in charge_points(row) {
        for (connector, plugs) in (1..).zip(row.connectors) {
            spots.push(Spot {
                charge_point_id: charge_point_id.clone(),
                connector,
                plugs: *plugs,
                tariff: row.tariff,
                taken: BTreeMap::new(),
            });
        }
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_millis(second * 1_000)
    }

    #[test]
    fn a_taken_plug_is_free_again_afterwards() {
        let mut forecourt = Forecourt::new();
        let mut found = 0;
        while let Some(spot) = forecourt.free("home", false, at(100), at(200), 0) {
            spot.take(at(100), at(200));
            found += 1;
        }
        assert_eq!(found, 4);
        assert!(forecourt.free("home", false, at(150), at(250), 0).is_none());
        assert!(forecourt.free("home", false, at(0), at(101), 0).is_none());
        assert!(forecourt.free("home", false, at(200), at(300), 0).is_some());
        assert!(forecourt.free("home", false, at(0), at(100), 0).is_some());
    }

    #[test]
    fn only_plugs_of_the_kind_that_is_asked_for_are_found() {
        let mut forecourt = Forecourt::new();
        let spot = forecourt.free("market", true, at(0), at(1), 5).unwrap();
        assert!(spot.plugs.direct);
        assert!(forecourt.free("home", true, at(0), at(1), 0).is_none());
    }
}
