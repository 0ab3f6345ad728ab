//! `dualstack check`: all mistakes in scenario files.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use dualstack_scenario::shown;

use crate::corpus;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct CheckArguments {
    /// Scenario files or folders; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

pub(super) fn check(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let scenarios = corpus::read(&arguments.paths)?.scenarios;
    let cases: usize = scenarios.iter().map(|scenario| scenario.cases.len()).sum();
    super::print(shown!(
        "{} scenarios with {} cases, nothing wrong\n",
        scenarios.len(),
        cases
    ))?;
    Ok(ExitCode::SUCCESS)
}
