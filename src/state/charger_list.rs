//! The list of charge points as it was when one left it, so that coming back finds
//! the same rows in the same place.

use std::{cell::RefCell, collections::BTreeMap};

use portal_api::{
    portal::charge_points::{ChargePoint, Position},
    query::charge_points::ChargePointFilter,
};

/// Some charge points, and how many there are in all.
pub type Part = (Vec<ChargePoint>, u64);

/// The list one left.
#[derive(Clone)]
pub struct Left {
    /// Which charge points.
    pub filter: ChargePointFilter,
    /// From where it was counted what is near.
    pub here: Option<Position>,
    /// The parts that were opened, by how many stand before each.
    pub parts: BTreeMap<u64, Part>,
    /// How far down one was.
    pub scroll: f64,
}

thread_local! {
    static LEFT: RefCell<Option<Left>> = const { RefCell::new(None) };
}

/// Remembers the list one leaves.
pub fn leave(list: Left) {
    LEFT.set(Some(list));
}

/// The list of that filter as one left it, if it was the last one.
pub fn left(filter: &ChargePointFilter, here: Option<Position>) -> Option<Left> {
    LEFT.with_borrow(|left| {
        let same = |left: &&Left| left.filter == *filter && left.here == here;
        left.as_ref().filter(same).cloned()
    })
}

/// The filter of the list one left.
pub fn filter() -> ChargePointFilter {
    LEFT.with_borrow(|left| left.as_ref().map(|left| left.filter.clone()))
        .unwrap_or_default()
}
