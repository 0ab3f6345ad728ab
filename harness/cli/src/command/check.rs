//! `dualstack check`: all mistakes in scenario files.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use dualstack_report::text::count;
use dualstack_scenario::{Problem, shown};
use miette::Diagnostic;
use serde_json::{Value, json};

use super::machine::Output;
use crate::corpus;
use crate::failure::{Failure, exit};

#[derive(Clone, Debug, Args)]
pub(super) struct CheckArguments {
    /// Scenario files or folders; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
}

pub(super) fn check(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let read = corpus::read(&arguments.paths);
    if !arguments.output.is_text() {
        let problems = match read {
            Ok(_) => Vec::new(),
            Err(Failure::Scenarios(problems)) => problems,
            Err(other) => return Err(other),
        };
        let code = match problems.is_empty() {
            true => exit::AS_EXPECTED,
            false => exit::BAD_INPUT,
        };
        arguments
            .output
            .print(problems.iter().map(value).collect())?;
        return Ok(code.into());
    }
    let scenarios = read?.scenarios;
    let cases: usize = scenarios.iter().map(|scenario| scenario.cases.len()).sum();
    super::print(shown!(
        "{} with {}, nothing wrong\n",
        count(scenarios.len(), "scenario"),
        count(cases, "case")
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// A mistake for programs; lines and columns count from 1.
fn value(problem: &Problem) -> Value {
    let (line, column) = problem.position().unwrap_or((1, 1));
    json!({
        "path": problem.path(),
        "line": line,
        "column": column,
        "message": problem.message(),
        "fix": problem.help().map(|fix| fix.to_string()),
    })
}
