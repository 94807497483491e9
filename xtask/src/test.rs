//! `cargo xtask test`: every check and every test, then one closing line.

mod browser;
mod count;
mod e2e;
mod packages;
mod postgres;
mod python;
mod rust;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{
    args::Args,
    failure::{Failure, Result},
    places::Places,
    say,
};

use count::Count;

pub use browser::chromium;

/// One kind of check.
struct Step {
    /// What `--only` calls it.
    name: &'static str,
    run: fn(&Places) -> Result<Count>,
}

const STEPS: [Step; 6] = [
    Step {
        name: "fmt",
        run: rust::format,
    },
    Step {
        name: "clippy",
        run: rust::clippy,
    },
    Step {
        name: "unit",
        run: rust::unit,
    },
    Step {
        name: "server",
        run: rust::server,
    },
    Step {
        name: "browser",
        run: browser::run,
    },
    Step {
        name: "e2e",
        run: e2e::run,
    },
];

/// Runs the steps one after another, also after one has failed.
pub fn run(mut args: Args) -> Result<ExitCode> {
    let chosen = chosen(args.value("--only")?)?;
    args.finish()?;
    let places = Places::find()?;
    let outcomes: Vec<_> = chosen.iter().map(|step| outcome(step, &places)).collect();
    println!();
    for (step, (count, took)) in chosen.iter().zip(&outcomes) {
        println!("{:8} {count}, {}", step.name, say::duration(*took));
    }
    let total: Count = outcomes.into_iter().map(|(count, _)| count).sum();
    println!("{total}");
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What a step comes to. One that breaks off, or finds nothing to test, has
/// failed.
fn outcome(step: &Step, places: &Places) -> (Count, Duration) {
    println!("\n== {} ==", step.name);
    let began = Instant::now();
    let count = match (step.run)(places) {
        Ok(count) if count.is_empty() => {
            println!("{}: nothing was tested", step.name);
            Count::FAILED
        }
        Ok(count) => count,
        Err(failure) => {
            println!("{}: {failure}", step.name);
            Count::FAILED
        }
    };
    (count, began.elapsed())
}

/// The steps that `--only` names, in the usual order; else all.
fn chosen(only: Option<String>) -> Result<Vec<&'static Step>> {
    let Some(only) = only else {
        return Ok(STEPS.iter().collect());
    };
    let names: Vec<&str> = only.split(',').map(str::trim).collect();
    let known = |name: &&str| STEPS.iter().any(|step| step.name == *name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!(
            "--only can't be \"{unknown}\"; there are {}",
            all.join(", ")
        )));
    }
    Ok(STEPS
        .iter()
        .filter(|step| names.contains(&step.name))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_named_is_run_in_the_usual_order() {
        let names = |only: &str| -> Vec<_> {
            let steps = chosen(Some(only.to_owned())).unwrap();
            steps.iter().map(|step| step.name).collect()
        };
        assert_eq!(names("e2e, fmt"), ["fmt", "e2e"]);
        assert!(chosen(Some("fmt,lint".to_owned())).is_err());
        assert_eq!(chosen(None).unwrap().len(), STEPS.len());
    }
}
