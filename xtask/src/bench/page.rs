//! How the portal is for somebody with a phone: Lighthouse, and a browser with
//! a quarter of its speed.

use std::process::Command;

use serde_json::Value;

use super::{
    Server, Setting,
    figure::{Budget, Figure},
};
use crate::{
    failure::{Failure, Result, While},
    process, say,
};

/// The script that drives the browser.
const SCRIPT: &str = "xtask/bench/page.mjs";

/// Runs the script against a server of its own and reads its figures.
pub fn measure(setting: &Setting) -> Result<Vec<Figure>> {
    let Some(chromium) = crate::test::chromium() else {
        return Err(Failure::new("chromium is not installed"));
    };
    let server = Server::start(setting)?;
    let printed = say::step("bench: the pages in Chromium", || {
        process::output(
            Command::new("node")
                .current_dir(&setting.places.root)
                .args([SCRIPT, &server.url()])
                .env("CHROMIUM", &chromium),
        )
    })?;
    let last = printed.lines().last().unwrap_or_default();
    let figures: Vec<Value> = serde_json::from_str(last).when("reading the script's figures")?;
    figures.iter().map(read).collect()
}

/// A figure as the script prints it.
fn read(figure: &Value) -> Result<Figure> {
    let (Some(name), Some(value)) = (figure["name"].as_str(), figure["value"].as_f64()) else {
        return Err(Failure::new(format!("this is no figure: {figure}")));
    };
    let budget = match (figure["most"].as_f64(), figure["least"].as_f64()) {
        (Some(most), _) => Budget::AtMost(most),
        (None, Some(least)) => Budget::AtLeast(least),
        (None, None) => Budget::Any,
    };
    let exact = figure["exact"].as_bool().unwrap_or(false);
    Ok(Figure {
        name: name.to_owned(),
        value,
        budget,
        exact,
    })
}
