//! What a driver does, from the sign-in to the list, in Chromium against the
//! real server.

use std::{env, fs, path::Path, process::Command};

use serde_json::Value;

use super::{browser, count::Count, packages};
use crate::{
    bundle::{self, Kind},
    failure::{Result, While},
    places::Places,
    process::{self, Profile},
    serve::build_server,
    simulate,
};

/// Makes the bundle, the server and the simulator, then hands over to Playwright.
pub fn run(places: &Places) -> Result<Count> {
    let Some(chromium) = browser::chromium() else {
        packages::say_untested("the portal as a whole: chromium is not installed");
        return Ok(Count::SKIPPED);
    };
    let folder = bundle::ensure(places, Kind::Optimised)?;
    let server = build_server(places, Profile::Dev)?;
    let simulator = simulate::build(places, Profile::Dev)?;
    let report = env::temp_dir().join(format!("portal-e2e-{}.json", std::process::id()));
    let mut playwright = Command::new(places.npm_tool("playwright"));
    playwright
        .current_dir(&places.root)
        .args(["test", "--config", "tests/e2e/playwright.config.ts"])
        .env("CHROMIUM", chromium)
        .env("PORTAL_BUNDLE", folder)
        .env("PORTAL_SERVER", server)
        .env("PORTAL_SIMULATOR", simulator)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    let ended = process::run(&mut playwright);
    let count = read(&report)?;
    fs::remove_file(&report)?;
    match ended {
        Err(failure) if count.failed == 0 => Err(failure),
        _ => Ok(count),
    }
}

/// What Playwright's report says. A test that passed only when tried again has
/// failed.
fn read(report: &Path) -> Result<Count> {
    let text = fs::read_to_string(report).when("reading Playwright's report")?;
    let report: Value = serde_json::from_str(&text)?;
    let figure = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
    let broken = report["errors"].as_array().map_or(0, Vec::len) as u64;
    Ok(Count {
        passed: figure("expected"),
        failed: figure("unexpected") + figure("flaky") + broken,
        skipped: figure("skipped"),
    })
}
