//! `dualstack setup`: installs what platforms need.

use std::process::ExitCode;

use clap::Args;

use super::lab;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct SetupArguments {
    /// container, gvisor, gvisor-docker, vm or wine; default: all of them
    #[arg(value_name = "PLATFORM")]
    platforms: Vec<String>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Download the kernels of virtual machines again
    #[arg(long)]
    update: bool,
}

pub(super) fn setup(arguments: &SetupArguments) -> Result<ExitCode, Failure> {
    let mut script = dualstack_lab::setup()?;
    script.args(arguments.dry_run.then_some("--dry-run"));
    script.args(arguments.update.then_some("--update"));
    script.args(&arguments.platforms);
    let status = dualstack_lab::attend(script);
    lab::stop_if_interrupted()?;
    let status = status
        .map_err(|error| Failure::Harness(format!("failed to run the setup script: {error}")))?;
    match status.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        Some(2) => Err(Failure::usage(
            "see above for the platforms that can be set up",
        )),
        _ => Err(Failure::Harness(format!("setup ended with {status}"))),
    }
}
