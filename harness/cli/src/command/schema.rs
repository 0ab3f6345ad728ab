//! `dualstack schema`: the JSON Schema of scenario files, or of results files.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use dualstack_scenario::shown::Shown;

use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct SchemaArguments {
    /// The kind of file
    #[arg(value_enum, default_value = "scenario")]
    of: Kind,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// A scenario
    Scenario,
    /// A results file
    Results,
}

pub(super) fn schema(arguments: &SchemaArguments) -> Result<ExitCode, Failure> {
    let schema = match arguments.of {
        Kind::Scenario => dualstack_scenario::schema::scenario(),
        Kind::Results => dualstack_report::schema::results(),
    };
    super::print(Shown::trusted(format!("{schema:#}\n")))?;
    Ok(ExitCode::SUCCESS)
}
