//! The same work on many things, on all cores.

use std::{sync::Mutex, thread};

use crate::failure::{Failure, Result};

/// Does `work` on each of `items`, as many at a time as there are cores. After
/// a failure nothing new is begun.
pub fn each<T: Send>(items: Vec<T>, work: impl Fn(T) -> Result<()> + Sync) -> Result<()> {
    let waiting = Mutex::new(items.into_iter());
    let next = || waiting.lock().ok()?.next();
    let all = || -> Result<()> {
        while let Some(item) = next() {
            if let Err(failure) = work(item) {
                while next().is_some() {}
                return Err(failure);
            }
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(all)).collect();
        running.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(Failure::new("a part of the work broke off")))
        })
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn each_thing_is_worked_on_once() {
        let sum = AtomicU32::new(0);
        each((1..=100).collect(), |number| {
            sum.fetch_add(number, Ordering::Relaxed);
            Ok(())
        })
        .unwrap();
        assert_eq!(sum.into_inner(), 5050);
    }

    #[test]
    fn a_failure_is_handed_on() {
        let outcome = each(vec![1, 2, 3], |number| match number {
            2 => Err(Failure::new("two")),
            _ => Ok(()),
        });
        assert_eq!(outcome.unwrap_err().to_string(), "two");
    }
}
