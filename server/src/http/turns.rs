//! So many at a time for each person.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Who has turns; clones are the same.
#[derive(Clone, Debug)]
pub struct Turns {
    taken: Arc<Mutex<HashMap<String, usize>>>,
    most: usize,
}

/// Somebody's turn; dropped, it is over.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    person_id: String,
}

impl Turns {
    /// So many at a time.
    pub fn of(most: usize) -> Self {
        Self {
            taken: Arc::default(),
            most,
        }
    }

    /// A person's turn, unless they have all of theirs already.
    pub fn take(&self, person_id: &str) -> Option<Turn> {
        self.with(|taken| {
            let count = taken.entry(person_id.to_owned()).or_default();
            let free = *count < self.most;
            *count += usize::from(free);
            free
        })
        .then(|| Turn {
            turns: self.clone(),
            person_id: person_id.to_owned(),
        })
    }

    fn give_back(&self, person_id: &str) {
        self.with(|taken| {
            if let Some(count) = taken.get_mut(person_id) {
                *count -= 1;
                if *count == 0 {
                    taken.remove(person_id);
                }
            }
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<String, usize>) -> T) -> T {
        change(&mut self.taken.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.give_back(&self.person_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_over_when_it_is_dropped() {
        let turns = Turns::of(2);
        let first = turns.take("usr_1");
        let second = turns.take("usr_1");
        assert!(first.is_some() && second.is_some() && turns.take("usr_1").is_none());
        assert!(turns.take("usr_2").is_some());
        drop(first);
        assert!(turns.take("usr_1").is_some());
    }
}
