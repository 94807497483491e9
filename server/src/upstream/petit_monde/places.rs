//! What searches told of places lately: whoever books one has just found it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use portal_api::petit_monde::search::Location;

/// So many are remembered.
const MOST: usize = 1_000;

/// Places by their id.
#[derive(Debug, Default)]
pub struct Places(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    by_id: HashMap<String, Location>,
    /// As they came, the oldest first.
    order: VecDeque<String>,
}

impl Places {
    /// Remembers places as they were told now.
    pub fn note(&self, places: &[Location]) {
        let mut known = self.known();
        for place in places {
            let id = &place.location_id;
            if known.by_id.insert(id.clone(), place.clone()).is_none() {
                known.order.push_back(id.clone());
            }
            if known.order.len() > MOST
                && let Some(oldest) = known.order.pop_front()
            {
                known.by_id.remove(&oldest);
            }
        }
    }

    /// One of them.
    pub fn of(&self, id: &str) -> Option<Location> {
        self.known().by_id.get(id).cloned()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // It is whole between any two statements above.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room_for_the_newest() {
        let place = |id: usize| -> Location {
            serde_json::from_str(&format!(r#"{{ "location_id": "L{id}" }}"#)).unwrap()
        };
        let places = Places::default();
        let all: Vec<_> = (0..=MOST).map(place).collect();
        places.note(&all);
        assert_eq!(places.of("L0"), None);
        assert!(places.of("L1").is_some() && places.of(&format!("L{MOST}")).is_some());
    }
}
