//! The portal's pieces, tested in a browser.

use std::{env, fs, path::PathBuf};

use serde_json::json;

use super::{
    count::{self, Count},
    packages,
};
use crate::{
    failure::{Result, While},
    places::Places,
    process, tools,
};

/// What Chromium is told, so that it asks nobody on the net for anything.
const QUIET: [&str; 7] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Chromium, if it is here or can be installed.
pub fn chromium() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    packages::program("CHROMIUM", &names, "chromium")
}

/// Compiles the portal's tests for the browser and runs them there.
pub fn run(places: &Places) -> Result<Count> {
    let driver = packages::program("CHROMEDRIVER", &["chromedriver"], "chromium-driver");
    let (Some(chromium), Some(driver)) = (chromium(), driver) else {
        packages::say_untested(
            "the portal in a browser: chromium and chromedriver are not installed",
        );
        return Ok(Count::SKIPPED);
    };
    tools::ensure_target()?;
    let runner = tools::WASM_BINDGEN_TEST_RUNNER.ensure(places)?;
    let mut arguments = QUIET.to_vec();
    if process::is_root() {
        arguments.push("--no-sandbox");
    }
    let settings = env::temp_dir().join(format!("portal-webdriver-{}.json", std::process::id()));
    let wishes = json!({ "goog:chromeOptions": { "binary": chromium, "args": arguments } });
    fs::write(&settings, wishes.to_string()).when("writing what the browser is told")?;
    let mut cargo = process::cargo(&places.root);
    cargo
        .args([
            "test",
            "--package",
            "portal",
            "--target",
            tools::WASM_TARGET,
        ])
        .args(["--lib", "--tests", "--no-fail-fast"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &settings)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    let count = count::cargo_tests(&mut cargo);
    fs::remove_file(&settings)?;
    count
}
