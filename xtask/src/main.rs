//! The project's own commands. `cargo xtask` lists them.

mod args;
mod bench;
mod bundle;
mod failure;
mod fingerprint;
mod node;
mod parallel;
mod places;
mod process;
mod say;
mod serve;
mod simulate;
mod test;
mod tools;

use std::process::ExitCode;

use crate::{
    args::Args,
    failure::{Failure, Result},
};

const HELP: &str = "\
The project's own commands:

  cargo xtask serve    builds the portal and its server, and runs them
      --port N             8080 unless given; 0 takes a free one
      --host ADDRESS       127.0.0.1 unless given
      --data DIR           where the store and the letters are; data/ unless given
      --no-demo            leaves an empty store empty
      --demo-size SIZE     small or large: how much demo data an empty store gets
      --dev                an unoptimised build, made again on every change
      --no-simulator       leaves the demo's charge points unconnected

  cargo xtask simulate   brings simulated charge points up at a server
      --demo               those of the demo data, as `serve` does by itself
      --count N            so many of our own; --help lists the faults they can have

  cargo xtask test     runs every check and every test
      --only A,B           only these of fmt, clippy, unit, server, browser, e2e

  cargo xtask bench    measures the portal and its server against their budgets
      --only A,B           only these of bytes, page, load, charging, search, groups

  cargo xtask bundle   the bundle's last step, which trunk calls by itself
";

fn main() -> ExitCode {
    let mut args = Args::new(std::env::args().skip(1));
    let outcome = match args.command().as_deref() {
        Some("serve") => serve::run(args),
        Some("simulate") => simulate::run(args),
        Some("test") => test::run(args),
        Some("bench") => bench::run(args),
        Some("bundle") => bundle::run(args),
        None | Some("help") => help(),
        Some(other) => Err(Failure::new(format!(
            "there is no command \"{other}\"; `cargo xtask` lists what there is"
        ))),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> Result<ExitCode> {
    print!("{HELP}");
    Ok(ExitCode::SUCCESS)
}
