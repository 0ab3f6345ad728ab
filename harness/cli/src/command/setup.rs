//! `dualstack setup`: installs what the platforms need.

use std::process::ExitCode;

use clap::Args;

use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct SetupArguments {
    /// container, gvisor, gvisor-docker, vm or wine; default: all of them
    #[arg(value_name = "PLATFORM")]
    platforms: Vec<String>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Fetch the kernels of virtual machines again
    #[arg(long)]
    update: bool,
}

pub(super) fn setup(arguments: &SetupArguments) -> Result<ExitCode, Failure> {
    let mut script = dualstack_lab::setup()?;
    script.args(arguments.dry_run.then_some("--dry-run"));
    script.args(arguments.update.then_some("--update"));
    let status = script
        .args(&arguments.platforms)
        .status()
        .map_err(|error| Failure::Harness(format!("failed to start the setup script: {error}")))?;
    match status.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        Some(2) => Err(Failure::usage("the platforms that can be set up are above")),
        _ => Err(Failure::Harness(format!("setup ended with {status}"))),
    }
}
