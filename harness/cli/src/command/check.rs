//! `dualstack check`: all mistakes in scenario files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use dualstack_report::form::junit::{Outcome, Test};
use dualstack_report::text::count;
use dualstack_scenario::{Problem, Scenario, shown};
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
        let (scenarios, problems) = match read {
            Ok(corpus) => (corpus.scenarios, Vec::new()),
            Err(Failure::Scenarios(problems)) => (Vec::new(), problems),
            Err(other) => return Err(other),
        };
        let code = match problems.is_empty() {
            true => exit::AS_EXPECTED,
            false => exit::BAD_INPUT,
        };
        let values = problems.iter().map(value).collect();
        let tests = || {
            let wrong = problems.iter().map(wrong);
            wrong.chain(scenarios.iter().map(right)).collect()
        };
        arguments.output.print(values, "scenario files", tests)?;
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

/// A mistake as a test that has failed.
fn wrong(problem: &Problem) -> Test {
    let path = problem.path().unwrap_or(Path::new("-")).display();
    let (line, column) = problem.position().unwrap_or((1, 1));
    let fix = problem.help().map(|fix| format!(" ({fix})"));
    let message = problem.message();
    Test {
        class: path.to_string(),
        name: format!("{path}:{line}:{column}"),
        outcome: Outcome::Failed(format!("{message}{}", fix.unwrap_or_default())),
    }
}

/// A scenario without a mistake.
fn right(scenario: &Scenario) -> Test {
    Test {
        class: scenario.id.clone(),
        name: scenario.id.clone(),
        outcome: Outcome::Passed,
    }
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
