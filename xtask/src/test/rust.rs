//! What cargo itself can check and test.

use super::{
    count::{self, Count},
    packages,
    postgres::{self, Cluster},
    python,
};
use crate::{failure::Result, places::Places, process, say, tools};

/// Whether every file is formatted.
pub fn format(places: &Places) -> Result<Count> {
    Ok(count::check(
        process::cargo(&places.root).args(["fmt", "--all", "--check"]),
    ))
}

/// Whether the compiler, clippy and rustdoc have nothing to say, for each
/// thing the portal is compiled to.
pub fn clippy(places: &Places) -> Result<Count> {
    tools::ensure_target()?;
    let portal = ["--package", "portal", "--target", tools::WASM_TARGET];
    let runs: [(&str, Vec<&str>); 3] = [
        ("all of it", vec!["--workspace", "--all-targets"]),
        (
            "the portal in the browser",
            [&portal[..], &["--all-targets"]].concat(),
        ),
        (
            "the portal split by tab",
            [&portal[..], &["--features", "split"]].concat(),
        ),
    ];
    let mut total = Count::default();
    for (what, arguments) in runs {
        total = total
            + say::step(&format!("clippy: {what}"), || {
                let mut cargo = process::cargo(&places.root);
                cargo
                    .args(["clippy", "--quiet"])
                    .args(arguments)
                    .args(["--", "-D", "warnings"]);
                Ok(count::check(&mut cargo))
            })?;
    }
    let documentation = say::step("clippy: the documentation", || {
        let mut cargo = process::cargo(&places.root);
        cargo
            .args([
                "doc",
                "--quiet",
                "--workspace",
                "--no-deps",
                "--document-private-items",
            ])
            .env("RUSTDOCFLAGS", "-D warnings");
        Ok(count::check(&mut cargo))
    })?;
    Ok(total + documentation)
}

/// The tests of everything but the server.
pub fn unit(places: &Places) -> Result<Count> {
    let mut cargo = process::cargo(&places.root);
    cargo.args([
        "test",
        "--quiet",
        "--workspace",
        "--exclude",
        "portal-server",
        "--no-fail-fast",
    ]);
    count::cargo_tests(&mut cargo)
}

/// What reads the server's documents back, and the packages they are in.
const READERS: [(&str, &str); 3] = [
    ("pdftotext", "poppler-utils"),
    ("qpdf", "qpdf"),
    ("python3", "python3"),
];

/// The server's tests, each on SQLite and on PostgreSQL.
pub fn server(places: &Places) -> Result<Count> {
    for (program, package) in READERS {
        if process::find(program).is_none() {
            packages::install(package);
        }
    }
    let mut cargo = process::cargo(&places.root);
    cargo.args([
        "test",
        "--quiet",
        "--package",
        "portal-server",
        "--no-fail-fast",
    ]);
    let mut skipped = Count::default();
    match python::packages(places) {
        Ok(folder) => {
            cargo.env("PORTAL_TEST_OCPP", folder);
        }
        Err(failure) => {
            packages::say_untested(&format!("charge points in Python: {failure}"));
            skipped = Count::SKIPPED;
        }
    }
    let Some(programs) = postgres::programs() else {
        packages::say_untested("the server on PostgreSQL: initdb and postgres are not installed");
        return Ok(count::cargo_tests(&mut cargo)? + skipped + Count::SKIPPED);
    };
    let cluster = say::step("server: starting a PostgreSQL of its own", || {
        Cluster::start(&programs)
    })?;
    cargo.env("PORTAL_TEST_PG", cluster.address());
    Ok(count::cargo_tests(&mut cargo)? + skipped)
}
