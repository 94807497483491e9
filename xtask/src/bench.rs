//! `cargo xtask bench`: what the portal and its server weigh and how fast they
//! are, against their budgets.

mod bytes;
mod charging;
mod client;
mod figure;
mod groups;
mod load;
mod page;
mod search;
mod server;

use std::process::ExitCode;

use crate::{
    args::Args,
    bundle::{self, Kind},
    failure::{Failure, Result},
    places::Places,
};

use figure::Figure;
use server::Server;

/// One kind of measurement.
struct Part {
    /// What `--only` calls it.
    name: &'static str,
    run: fn(&Setting) -> Result<Vec<Figure>>,
}

const PARTS: [Part; 6] = [
    Part {
        name: "bytes",
        run: bytes::measure,
    },
    Part {
        name: "page",
        run: page::measure,
    },
    Part {
        name: "load",
        run: load::measure,
    },
    Part {
        name: "charging",
        run: charging::measure,
    },
    Part {
        name: "search",
        run: search::measure,
    },
    Part {
        name: "groups",
        run: groups::measure,
    },
];

/// What is measured.
struct Setting {
    places: Places,
    /// The optimised bundle.
    bundle: std::path::PathBuf,
}

/// Measures and prints. Fails only on figures that don't depend on the clock;
/// a time says more about the machine than a test may.
pub fn run(mut args: Args) -> Result<ExitCode> {
    let only: Option<String> = args.value("--only")?;
    args.finish()?;
    let parts = chosen(only.as_deref())?;
    let places = Places::find()?;
    let setting = Setting {
        bundle: bundle::ensure(&places, Kind::Optimised)?,
        places,
    };
    let mut figures = Vec::new();
    for part in parts {
        figures.extend((part.run)(&setting)?);
    }
    figure::print(&figures);
    let broken = figures.iter().any(Figure::breaks);
    Ok(if broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The parts that `--only` names; else all.
fn chosen(only: Option<&str>) -> Result<Vec<&'static Part>> {
    let Some(only) = only else {
        return Ok(PARTS.iter().collect());
    };
    only.split(',')
        .map(|name| {
            PARTS.iter().find(|part| part.name == name).ok_or_else(|| {
                Failure::new(format!(
                    "--only can't be \"{name}\"; there are bytes, page, load, charging, search, groups"
                ))
            })
        })
        .collect()
}
