//! How many tests there were, and how they went.

use std::{
    fmt,
    io::{BufRead, BufReader},
    iter::Sum,
    ops::Add,
    process::{Command, Stdio},
};

use crate::failure::{Result, While};

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Count {
    /// They did what they say.
    pub passed: u64,
    /// They did not.
    pub failed: u64,
    /// They were not run.
    pub skipped: u64,
}

impl Count {
    /// One that passed.
    pub const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        skipped: 0,
    };

    /// One that failed.
    pub const FAILED: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };

    /// One that was not run.
    pub const SKIPPED: Self = Self {
        passed: 0,
        failed: 0,
        skipped: 1,
    };

    /// Whether there was no test at all.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(out, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

/// A check that either holds or doesn't.
pub fn check(command: &mut Command) -> Count {
    match crate::process::run(command) {
        Ok(()) => Count::PASSED,
        Err(failure) => {
            println!("{failure}");
            Count::FAILED
        }
    }
}

/// Runs tests as cargo does, shows what they say, and counts them by the lines
/// that close each of its programs.
pub fn cargo_tests(command: &mut Command) -> Result<Count> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .when("starting cargo")?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.when("reading what the tests say")?;
            println!("{line}");
            count = count + closing_line(&line).unwrap_or_default();
        }
    }
    let status = child.wait()?;
    if !status.success() && count.failed == 0 {
        println!("the tests broke off ({status})");
        count = count + Count::FAILED;
    }
    Ok(count)
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …`
fn closing_line(line: &str) -> Option<Count> {
    let (_, figures) = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?;
    let mut count = Count::default();
    for figure in figures.split(';') {
        let mut words = figure.split_whitespace();
        let (Some(number), Some(word)) = (words.next(), words.next()) else {
            continue;
        };
        match (number.parse(), word) {
            (Ok(number), "passed") => count.passed = number,
            (Ok(number), "failed") => count.failed = number,
            (Ok(number), "ignored") => count.skipped = number,
            _ => {}
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted_and_other_lines_are_not() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        let count = Count {
            passed: 12,
            failed: 2,
            skipped: 1,
        };
        assert_eq!(closing_line(line), Some(count));
        assert_eq!(closing_line("test a::b ... ok"), None);
    }

    #[test]
    fn the_total_is_said_in_one_line() {
        let total: Count = [Count::PASSED, Count::FAILED, Count::PASSED, Count::SKIPPED]
            .into_iter()
            .sum();
        assert_eq!(total.to_string(), "2 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn a_program_that_breaks_off_counts_as_failed() {
        let mut broken = Command::new("sh");
        broken.args([
            "-c",
            "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; exit 3",
        ]);
        let count = Count {
            passed: 2,
            failed: 1,
            skipped: 0,
        };
        assert_eq!(cargo_tests(&mut broken).unwrap(), count);
    }
}
