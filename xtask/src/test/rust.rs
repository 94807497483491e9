//! What cargo itself can check and test.

use std::process::Command;

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

/// What not every machine lets a test do.
struct Liberty {
    /// Tells the tests that they may.
    variable: &'static str,
    /// What does it, and Debian's package for that.
    program: (&'static str, &'static str),
    /// Shows whether it may be done.
    trial: &'static [&'static str],
    /// What is not tested where it may not.
    untested: &'static str,
}

const LIBERTIES: [Liberty; 2] = [
    Liberty {
        variable: "PORTAL_TEST_SMALL_DISK",
        program: ("unshare", "util-linux"),
        trial: &[
            "--user",
            "--map-root-user",
            "--mount",
            "mount",
            "-t",
            "tmpfs",
            "portal",
            "/tmp",
        ],
        untested: "a full disk: no process may mount a small one of its own here",
    },
    Liberty {
        variable: "PORTAL_TEST_STRACE",
        program: ("strace", "strace"),
        trial: &["-D", "-f", "-o", "/dev/null", "true"],
        untested: "whether the disk is waited for: strace may not watch a program here",
    },
];

/// Tells the server's tests what they may do; counts what they leave out.
fn grant_liberties(cargo: &mut Command) -> Count {
    let mut skipped = Count::default();
    for liberty in LIBERTIES {
        let (program, package) = liberty.program;
        if process::find(program).is_none() {
            packages::install(package);
        }
        if process::run_quietly(Command::new(program).args(liberty.trial)).is_ok() {
            cargo.env(liberty.variable, "1");
        } else {
            packages::say_untested(liberty.untested);
            skipped = skipped + Count::SKIPPED;
        }
    }
    skipped
}

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
    let mut skipped = grant_liberties(&mut cargo);
    match python::packages(places) {
        Ok(folder) => {
            cargo.env("PORTAL_TEST_OCPP", folder);
        }
        Err(failure) => {
            packages::say_untested(&format!("charge points in Python: {failure}"));
            skipped = skipped + Count::SKIPPED;
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
