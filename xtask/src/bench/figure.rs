//! A measured figure and its budget.

/// What a figure may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
    /// Anything: it stands there to compare others with.
    Any,
}

/// Something that was measured.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What, with its unit.
    pub name: String,
    /// How much.
    pub value: f64,
    /// What it may be.
    pub budget: Budget,
    /// Whether it comes out the same on every machine.
    pub exact: bool,
}

impl Figure {
    /// A figure that comes out the same on every machine.
    pub fn exact(name: impl Into<String>, value: f64, budget: Budget) -> Self {
        Self {
            name: name.into(),
            value,
            budget,
            exact: true,
        }
    }

    /// A figure that a slower machine makes worse.
    pub fn timed(name: impl Into<String>, value: f64, budget: Budget) -> Self {
        Self {
            name: name.into(),
            value,
            budget,
            exact: false,
        }
    }

    /// Whether it is what it may be.
    pub fn is_kept(&self) -> bool {
        match self.budget {
            Budget::AtMost(most) => self.value <= most,
            Budget::AtLeast(least) => self.value >= least,
            Budget::Any => true,
        }
    }

    /// Whether it fails the benchmark.
    pub fn breaks(&self) -> bool {
        self.exact && !self.is_kept()
    }

    fn verdict(&self) -> &'static str {
        match (self.is_kept(), self.budget) {
            (_, Budget::Any) => "",
            (true, _) => "kept",
            (false, _) if self.exact => "BROKEN",
            (false, _) => "missed here",
        }
    }
}

/// Prints a line for each: figure, value, budget, ratio, verdict.
pub fn print(figures: &[Figure]) {
    println!(
        "\n{:58} {:>10} {:>10} {:>7}",
        "figure", "value", "budget", "ratio"
    );
    for figure in figures {
        let (sign, budget) = match figure.budget {
            Budget::AtMost(budget) => ("<=", budget),
            Budget::AtLeast(budget) => (">=", budget),
            Budget::Any => {
                println!("{:58} {:>10}", figure.name, number(figure.value));
                continue;
            }
        };
        let ratio = match (figure.value, budget) {
            (_, 0.0) => String::new(),
            (value, budget) => format!("{:.2}", value / budget),
        };
        println!(
            "{:58} {:>10} {:>10} {ratio:>7}  {}",
            figure.name,
            number(figure.value),
            format!("{sign} {}", number(budget)),
            figure.verdict()
        );
    }
}

/// With as many digits as help.
fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else if value.abs() < 10.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_does_not_depend_on_the_machine_breaks_the_benchmark() {
        assert!(Figure::exact("kB", 181.0, Budget::AtMost(180.0)).breaks());
        assert!(!Figure::exact("kB", 180.0, Budget::AtMost(180.0)).breaks());
        assert!(!Figure::timed("req/s", 1.0, Budget::AtLeast(1000.0)).breaks());
        assert!(Figure::exact("score", 99.0, Budget::AtLeast(100.0)).breaks());
    }
}
