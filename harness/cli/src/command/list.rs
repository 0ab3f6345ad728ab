//! `dualstack list`: the cases with their questions.

use std::process::ExitCode;

use clap::Args;
use dualstack_report::form::junit::{Outcome, Test};
use dualstack_scenario::shown::Shown;
use dualstack_scenario::{Scenario, shown};
use serde_json::{Value, json};

use super::machine::Output;
use super::select::Selection;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: Output,
}

pub(super) fn list(arguments: &ListArguments) -> Result<ExitCode, Failure> {
    let scenarios = arguments.selection.corpus()?.scenarios;
    if !arguments.output.is_text() {
        let values = scenarios.iter().flat_map(values).collect();
        let tests = || scenarios.iter().flat_map(tests).collect();
        arguments.output.print(values, "cases", tests)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = Shown::default();
    for scenario in scenarios {
        text.push(&shown!("{}\n    {}\n", scenario.id, scenario.ask));
        if !scenario.tags.is_empty() {
            text.push(&shown!("    tags: {}\n", scenario.tags.join(", ")));
        }
        let rows = scenario.cases.iter().filter(|case| !case.row.is_empty());
        text.extend(rows.map(|case| shown!("  {}\n", case.id)));
    }
    super::print(text)?;
    Ok(ExitCode::SUCCESS)
}

/// The cases of a scenario for programs.
fn values(scenario: &Scenario) -> impl Iterator<Item = Value> {
    scenario.cases.iter().map(|case| {
        json!({
            "id": case.id,
            "scenario": scenario.id,
            "row": case.row,
            "title": scenario.title,
            "ask": scenario.ask,
            "tags": scenario.tags,
        })
    })
}

/// The cases of a scenario as tests, none of which has been run.
fn tests(scenario: &Scenario) -> impl Iterator<Item = Test> {
    scenario.cases.iter().map(|case| Test {
        class: scenario.id.clone(),
        name: case.id.clone(),
        outcome: Outcome::Skipped("listed, not run".to_owned()),
    })
}
