//! One export at a time for each person.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// Who is being sent an export; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<HashSet<String>>>);

/// Somebody's turn; dropped, it is over.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    person_id: String,
}

impl Turns {
    /// A person's turn, unless it is theirs already.
    pub fn take(&self, person_id: &str) -> Option<Turn> {
        self.with(|taken| taken.insert(person_id.to_owned()))
            .then(|| Turn {
                turns: self.clone(),
                person_id: person_id.to_owned(),
            })
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashSet<String>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.with(|taken| taken.remove(&self.person_id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_over_when_it_is_dropped() {
        let turns = Turns::default();
        let turn = turns.take("usr_1");
        assert!(turn.is_some() && turns.take("usr_1").is_none());
        assert!(turns.take("usr_2").is_some());
        drop(turn);
        assert!(turns.take("usr_1").is_some());
    }
}
