//! A group of two thousand that has charged twenty thousand times this month. No demo is
//! so busy: the server's tests fill a store and ask for it.

use super::{
    Setting,
    figure::{Budget, Figure},
};
use crate::{
    failure::{Failure, Result},
    process, say,
};

/// How the server's line about a part of the page begins.
const FIGURE: &str = "figure: ";

/// The parts of a group's page as they are named there, and what each may take at most.
const PARTS: [(&str, &str, Budget); 4] = [
    ("page", "a large group's page", Budget::AtMost(50.0)),
    ("members", "its members", Budget::AtMost(50.0)),
    ("charges", "its charges", Budget::AtMost(50.0)),
    ("usage", "its month by member, card and day", Budget::Any),
];

/// Fills a store and asks for all that a group's page shows.
pub fn measure(setting: &Setting) -> Result<Vec<Figure>> {
    let said = say::step("bench: a large group is shown", || {
        let mut cargo = process::cargo(&setting.places.root);
        cargo.args(["test", "--quiet", "--release", "--package", "portal-server"]);
        cargo.args(["--test", "groups_figures", "--", "--nocapture"]);
        process::output(&mut cargo)
    })?;
    let mut figures = Vec::new();
    for (part, name, budget) in PARTS {
        let (median, p99) = waits(&said, part)
            .ok_or_else(|| Failure::new(format!("nothing was said of {name}:\n{said}")))?;
        figures.extend([
            Figure::timed(format!("{name}, median ms"), median, Budget::Any),
            Figure::timed(format!("{name}, p99 ms"), p99, budget),
        ]);
    }
    Ok(figures)
}

/// The median and the longest of a hundred, in milliseconds.
fn waits(said: &str, part: &str) -> Option<(f64, f64)> {
    let mut figures = said.lines().filter_map(|line| line.strip_prefix(FIGURE));
    let mut words = figures
        .find_map(|figure| figure.strip_prefix(part))?
        .split_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_by_its_name() {
        let said = "running 1 test\nfigure: page 1.500 4.250\n\nfigure: usage 20 31\n.\n";
        assert_eq!(waits(said, "page"), Some((1.5, 4.25)));
        assert_eq!(waits(said, "usage"), Some((20.0, 31.0)));
        assert_eq!(waits(said, "members"), None);
    }
}
