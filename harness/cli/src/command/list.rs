//! `dualstack list`: the cases with their questions.

use std::process::ExitCode;

use clap::Args;

use super::select::Selection;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    selection: Selection,
}

pub(super) fn list(arguments: &ListArguments) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    for scenario in arguments.selection.scenarios()? {
        text.push_str(&format!("{}\n    {}\n", scenario.id, scenario.ask));
        if !scenario.tags.is_empty() {
            text.push_str(&format!("    tags: {}\n", scenario.tags.join(", ")));
        }
        let rows = scenario.cases.iter().filter(|case| !case.row.is_empty());
        rows.for_each(|case| text.push_str(&format!("  {}\n", case.id)));
    }
    super::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
