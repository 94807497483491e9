//! What the person at the terminal is told: each step, and how long it took.

use std::time::{Duration, Instant};

use crate::failure::Result;

/// Does `work`, saying what it is before and how long it took after.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("{what} …");
    let began = Instant::now();
    let outcome = work();
    let took = duration(began.elapsed());
    match &outcome {
        Ok(_) => println!("{what} … {took}"),
        Err(_) => println!("{what} … failed after {took}"),
    }
    outcome
}

/// A duration in the unit that suits it.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// A number of bytes, in kB of 1,000.
pub fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_the_unit_that_suits_them() {
        for (seconds, text) in [(0.25, "0.2 s"), (93.4, "93 s"), (185.0, "3 min 05 s")] {
            assert_eq!(duration(Duration::from_secs_f64(seconds)), text);
        }
    }
}
