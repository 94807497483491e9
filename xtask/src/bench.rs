//! `cargo xtask bench`: what the portal and its server weigh and how fast they
//! are, against their budgets.

use std::process::ExitCode;

use crate::{args::Args, failure::Result};

/// Measures and prints.
pub fn run(args: Args) -> Result<ExitCode> {
    args.finish()?;
    Ok(ExitCode::SUCCESS)
}
