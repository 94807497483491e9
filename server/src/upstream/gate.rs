//! When a system is better not asked: it said so itself, or it fails again and
//! again.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// So many of the last calls are remembered.
const REMEMBERED: usize = 20;

/// With so many failures among them the gate shuts.
const TOO_MANY: usize = REMEMBERED / 2;

/// For how long it stays shut before one call tries whether things are better.
const REST: Duration = Duration::from_secs(10);

/// Lets calls through, or says how long to wait.
#[derive(Debug, Default)]
pub struct Gate(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Whether each of the last calls failed.
    failed: VecDeque<bool>,
    /// Shut until then; whoever comes next is the one to try.
    shut_until: Option<Instant>,
    /// The system asked to be left alone until then.
    asked_until: Option<Instant>,
}

impl Gate {
    /// Whether a call may be made at `now`, or how long it is until one may.
    pub fn admit(&self, now: Instant) -> Result<(), Duration> {
        let mut state = self.state();
        let left =
            |until: Option<Instant>| until.and_then(|until| until.checked_duration_since(now));
        if let Some(wait) = left(state.asked_until).filter(|wait| !wait.is_zero()) {
            return Err(wait);
        }
        let Some(until) = state.shut_until else {
            return Ok(());
        };
        if until > now {
            return Err(until - now);
        }
        // Everybody else waits for the outcome, or as long again if the one who
        // tries goes away without one.
        state.shut_until = Some(now + REST);
        Ok(())
    }

    /// Takes note of how a call went.
    pub fn note(&self, failed: bool, now: Instant) {
        let mut state = self.state();
        if state.shut_until.is_some() {
            if failed {
                state.shut_until = Some(now + REST);
            } else {
                *state = State::default();
            }
            return;
        }
        if state.failed.len() == REMEMBERED {
            state.failed.pop_front();
        }
        state.failed.push_back(failed);
        let failures = state.failed.iter().filter(|failed| **failed).count();
        if state.failed.len() == REMEMBERED && failures >= TOO_MANY {
            state.shut_until = Some(now + REST);
            tracing::warn!(event = "upstream_shut", failures);
        }
    }

    /// The system asks to be left alone.
    pub fn leave_alone(&self, until: Instant) {
        let mut state = self.state();
        state.asked_until = state.asked_until.max(Some(until));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole between any two statements above.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shut_gate(now: Instant) -> Gate {
        let gate = Gate::default();
        for number in 0..REMEMBERED {
            gate.note(number % 2 == 0, now);
        }
        gate
    }

    #[test]
    fn half_of_the_last_twenty_calls_failing_shuts_it() {
        let now = Instant::now();
        let gate = Gate::default();
        for _ in 0..REMEMBERED - 1 {
            gate.note(true, now);
            assert_eq!(gate.admit(now), Ok(()));
        }
        gate.note(true, now);
        assert_eq!(gate.admit(now), Err(REST));
    }

    #[test]
    fn fewer_failures_leave_it_open() {
        let now = Instant::now();
        let gate = Gate::default();
        for number in 0..100 {
            gate.note(number % 3 == 0, now);
        }
        assert_eq!(gate.admit(now), Ok(()));
    }

    #[test]
    fn after_a_rest_one_call_tries_and_the_others_wait_for_it() {
        let now = Instant::now();
        let gate = shut_gate(now);
        let later = now + REST;
        assert_eq!(gate.admit(later), Ok(()));
        assert_eq!(gate.admit(later), Err(REST));
        gate.note(true, later);
        assert_eq!(gate.admit(later), Err(REST));
        assert_eq!(gate.admit(later + REST), Ok(()));
        gate.note(false, later + REST);
        assert_eq!(gate.admit(later + REST), Ok(()));
        assert_eq!(gate.admit(later + REST), Ok(()));
    }

    #[test]
    fn it_waits_as_long_as_the_system_asks() {
        let now = Instant::now();
        let gate = Gate::default();
        let second = Duration::from_secs(1);
        gate.leave_alone(now + 7 * second);
        gate.leave_alone(now + 3 * second);
        assert_eq!(gate.admit(now + 2 * second), Err(5 * second));
        assert_eq!(gate.admit(now + 7 * second), Ok(()));
    }
}
