//! `dualstack check`: all mistakes in scenario files.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::corpus;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct CheckArguments {
    /// Scenario files or folders
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

pub(super) fn check(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let scenarios = corpus::read(&arguments.paths)?;
    let cases: usize = scenarios.iter().map(|scenario| scenario.cases.len()).sum();
    super::print(&format!(
        "{} scenarios with {cases} cases, nothing wrong\n",
        scenarios.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}
