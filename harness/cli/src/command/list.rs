//! `dualstack list`: the cases with their questions.

use std::process::ExitCode;

use clap::Args;
use dualstack_scenario::shown;
use dualstack_scenario::shown::Shown;

use super::select::Selection;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    selection: Selection,
}

pub(super) fn list(arguments: &ListArguments) -> Result<ExitCode, Failure> {
    let mut text = Shown::default();
    for scenario in arguments.selection.corpus()?.scenarios {
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
