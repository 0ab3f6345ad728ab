//! Every case of the corpus as a test of its own, made when the tests are run,
//! so that a new file is a new test; and for each scenario a test that holds
//! its answers against the approved ones.
//!
//! With `DUALSTACK_DEMAND=1` a case fails whose requirements cannot be had on
//! this machine. Otherwise it passes and says so.

mod approval;
mod program;

use std::process::ExitCode;
use std::sync::Arc;

use dualstack::command::{host_of, run_cases};
use dualstack::{Failure, corpus};
use dualstack_report::{Results, Verdict, matrix};
use dualstack_scenario::Scenario;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match corpus::read(&[approval::root().join("scenarios")]) {
        Ok(scenarios) => scenarios.into_iter().flat_map(trials).collect(),
        Err(failure) => {
            vec![Trial::test("the scenario files are sound", move || {
                Err(said(&failure))
            })]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn said(failure: &Failure) -> Failed {
    match failure {
        Failure::Scenarios(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            lines.join("\n").into()
        }
        other => other.to_string().into(),
    }
}

fn trials(scenario: Scenario) -> Vec<Trial> {
    let scenario = Arc::new(scenario);
    let cases = scenario.cases.iter().map(|case| {
        let mut alone = Scenario::clone(&scenario);
        alone.cases = vec![case.clone()];
        Trial::test(&case.id, move || holds(&alone))
    });
    let mut trials: Vec<Trial> = cases.collect();
    let name = format!("approved answers: {}", scenario.id);
    trials.push(Trial::test(name, move || is_approved(&scenario)));
    trials
}

fn run(scenario: &Scenario) -> Results {
    let host = host_of(program::program());
    run_cases(&[&host], std::slice::from_ref(scenario), &|_, _| {})
}

/// The case answers as it is expected to on this machine.
fn holds(scenario: &Scenario) -> Result<(), Failed> {
    let results = run(scenario);
    let cell = &results.cells[0];
    let why = cell.why.as_deref().unwrap_or_default();
    match cell.verdict {
        Verdict::AsExpected | Verdict::KnownDifference | Verdict::Observed => Ok(()),
        Verdict::Unsupported if cell.trace.is_empty() && approval::demanded() => {
            Err(format!("it cannot be had here, and is demanded: {why}").into())
        }
        Verdict::Unsupported => {
            println!("unsupported here: {why}");
            cell.probes.iter().for_each(|probe| println!("  {probe}"));
            Ok(())
        }
        Verdict::Differs | Verdict::Error => Err(matrix::differences(&results).into()),
    }
}

/// The answers to the scenario are those that have been approved.
fn is_approved(scenario: &Scenario) -> Result<(), Failed> {
    let results = run(scenario);
    approval::hold(&results, &results.scenarios[0], &results.columns[0].id)?;
    Ok(())
}
